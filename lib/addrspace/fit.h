/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ADDRSPACE_FIT_H
#define ADDRSPACE_FIT_H

/**
 * @file
 * Which aligned requests a free range, or a set of free ranges, has room for.
 *
 * Alignments, and sizes but for the first bound, are written less one, so that 2^64 has a number.
 */

#include <stdbool.h>
#include <stdint.h>

/**
 * Three bounds. Those of a set are the largest of its members', so a set that does not cover a need
 * has no member that does, and is skipped unseen. Each bound is exact for one kind of request:
 * bytes for align 1, natural for align = size rounded up to a power of two, align for size 1.
 */
struct fit {
	uint64_t bytes;   /**< size; 2^64 counts as 2^64 - 1, the largest that is asked for */
	uint64_t natural; /**< largest size that fits when aligned to its power of two, less one */
	uint64_t align;   /**< largest alignment of any address in it, less one */
};

/** The empty set: covers nothing. */
#define FIT_NONE ((struct fit){ 0 })

static inline uint64_t
fit_larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/** What every range covers. */
#define FIT_ANY ((struct fit){ .bytes = 1 })

/** A size, from itself less one. */
static inline uint64_t
fit_bytes(uint64_t less_one)
{
	return less_one + (less_one != UINT64_MAX);
}

/** Largest power of two up to n, less one; 0 for n of 0 and 1. */
static inline uint64_t
fit_pow2_below(uint64_t n)
{
	return (UINT64_C(1) << (63 - __builtin_clzll(n | 1))) - 1;
}

/** The bounds of one range. */
static inline struct fit
fit_of(uint64_t first, uint64_t last)
{
	struct fit fit = { .bytes = fit_bytes(last - first) };
	uint64_t best = 0;

	/*
	 * The best aligned address ends in zeros from the top bit in which first - 1 and last
	 * differ. What lies above it is aligned as a whole; what lies below, up to a power of two.
	 */
	fit.align = first == 0 ? UINT64_MAX : fit_pow2_below((first - 1) ^ last);
	if (first != 0)
		best = last & ~fit.align;
	fit.natural = fit_larger(last - best, fit_pow2_below(best - first));
	return fit;
}

/** What a range must cover to have a chance of holding size + 1 bytes aligned to align + 1. */
static inline struct fit
fit_need(uint64_t size, uint64_t align)
{
	return (struct fit){
		.bytes = fit_bytes(size),
		.natural = size < align ? size : align,
		.align = align,
	};
}

static inline struct fit
fit_join(struct fit a, struct fit b)
{
	return (struct fit){
		.bytes = fit_larger(a.bytes, b.bytes),
		.natural = fit_larger(a.natural, b.natural),
		.align = fit_larger(a.align, b.align),
	};
}

static inline bool
fit_covers(const struct fit *fit, const struct fit *need)
{
	return (fit->bytes >= need->bytes) & (fit->natural >= need->natural) &
			(fit->align >= need->align);
}

/** Whether the set may lose one of its bounds all when its member old becomes new. */
static inline bool
fit_was_largest(const struct fit *all, const struct fit *old, const struct fit *new)
{
	return ((old->bytes == all->bytes) & (new->bytes < old->bytes)) |
			((old->natural == all->natural) & (new->natural < old->natural)) |
			((old->align == all->align) & (new->align < old->align));
}

static inline bool
fit_equal(const struct fit *a, const struct fit *b)
{
	return ((a->bytes ^ b->bytes) | (a->natural ^ b->natural) | (a->align ^ b->align)) == 0;
}

#endif
