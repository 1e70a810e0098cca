/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_BENCH_H
#define PERF_BENCH_H

/**
 * @file
 * Measuring two things side by side.
 *
 * Both sides run on the main lcore, to which EAL pins this thread. Each side first runs until a
 * batch takes batch_cycles, which warms caches, branch predictors and page tables up and makes a
 * batch long enough (200 us, quick 50 us) for the two rdtsc around it to vanish, yet shorter than a
 * time slice, so that most batches are not interrupted. Then batches alternate, ours, rival, ours,
 * rival, so that a change of clock or load hits both; a side's figure is the median of its batches.
 */

#include <stdint.h>

enum { BENCH_OURS, BENCH_RIVAL };

struct bench_conf {
	unsigned int rounds;   /**< batches of each side */
	uint64_t batch_cycles; /**< TSC cycles of a batch, at least */
	uint64_t max_cycles;   /**< after this long no further round is begun */
	uint64_t fixed_ops;    /**< not 0: run ours that often and measure nothing */
};

struct bench_side {
	/**
	 * Run n ops or a few more.
	 *
	 * @param[in,out] n  becomes the number of ops that were run
	 * @return TSC cycles they took; 0 when one of them failed
	 */
	uint64_t (*run)(void *arg, uint64_t *n);
	void *arg;
};

/**
 * Measure.
 *
 * @param[out] cycles  median TSC cycles per op of each side; untouched with fixed_ops
 * @retval 0 success
 * @retval -EIO an op failed
 * @retval -ENOMEM no memory
 */
int bench_pair(const struct bench_conf *conf, const struct bench_side side[2], double cycles[2]);

double bench_ns(double cycles);

/** Deterministic pseudo-random numbers; state is not 0. */
static inline uint64_t
bench_rand(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/** Keep the compiler from dropping what led to a value. */
static inline void
bench_sink(uint64_t value)
{
	__asm__ volatile("" : : "r"(value) : "memory");
}

#endif
