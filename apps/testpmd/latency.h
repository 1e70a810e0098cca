/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_LATENCY_H
#define TESTPMD_LATENCY_H

/**
 * @file
 * Histogram of times in bounded memory: 32 buckets for each power of two, so that a quantile is at
 * most 1/32 above the exact value. One thread writes it.
 */

#include <stdint.h>

#define LATENCY_SUB_BITS 5
#define LATENCY_BUCKETS ((64u - LATENCY_SUB_BITS + 1u) << LATENCY_SUB_BITS)

struct latency {
	uint64_t n;
	uint64_t max;
	uint64_t counts[LATENCY_BUCKETS];
};

/** The bucket of a time. */
static inline unsigned int
latency_bucket(uint64_t time)
{
	unsigned int shift;

	if (time < UINT64_C(1) << LATENCY_SUB_BITS)
		return (unsigned int)time;
	shift = 63u - LATENCY_SUB_BITS - (unsigned int)__builtin_clzll(time);
	/* The leading bit of the shifted time makes up for the first buckets, which are exact. */
	return (shift << LATENCY_SUB_BITS) + (unsigned int)(time >> shift);
}

/** Count a time. */
static inline void
latency_add(struct latency *latency, uint64_t time)
{
	latency->n++;
	latency->max = time > latency->max ? time : latency->max;
	latency->counts[latency_bucket(time)]++;
}

/** Count all that was counted in another one. */
void latency_merge(struct latency *to, const struct latency *from);

/** The time that so many of 1000 did not exceed; 0 when nothing was counted. */
uint64_t latency_quantile(const struct latency *latency, unsigned int per_mille);

#endif
