/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_UOPS_H
#define NPU_UOPS_H

/**
 * @file
 * What is known of a core's micro-ops while a program is looked at: how far those of a range may
 * reach. Ranges are within VTA_UOP_DEPTH.
 */

#include <stdint.h>

/** The largest of each field. */
struct npu_uop_max {
	uint16_t dst, src, wgt;
};

struct npu_uops;

/** Micro-ops of which nothing is known; NULL without memory. */
struct npu_uops *npu_uops_create(void);
void npu_uops_free(struct npu_uops *uops);

/** Set n of them from first on; words NULL: nothing is known of them. Takes time by n. */
void npu_uops_set(struct npu_uops *uops, uint32_t first, uint32_t n, const void *words);

/** Of first to end - 1, at least one. Takes time by the logarithm of their number. */
struct npu_uop_max npu_uops_max(const struct npu_uops *uops, uint32_t first, uint32_t end);

#endif
