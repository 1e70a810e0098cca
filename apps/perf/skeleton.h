/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_SKELETON_H
#define PERF_SKELETON_H

/**
 * @file
 * The rival dma_skeleton: DPDK's software dmadev. It copies on a thread of its own, so that its
 * figure holds a hand-off between two cores.
 */

#include <stddef.h>
#include <stdint.h>

/** One copy, as a bare loop and the skeleton take it. */
struct copy_job {
	void *dst;
	const void *src;
	size_t len;
};

struct skeleton {
	int16_t id;
	const struct copy_job *jobs;
	unsigned int burst; /**< jobs of a burst */
};

/**
 * Create and start dma_skeleton0.
 *
 * @param[out] why  what was wrong, a constant string
 * @return 0, or negative errno
 */
int skeleton_open(struct skeleton *skel, const char **why);

void skeleton_close(struct skeleton *skel);

/** For struct bench_side, with a struct skeleton. */
uint64_t skeleton_run(void *arg, uint64_t *n);

#endif
