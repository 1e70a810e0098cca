/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOVA_POOL_H
#define IOVA_POOL_H

/**
 * @file
 * The IOVAs that all iospaces of the process choose from, so that no two choose the same and memory
 * can be shared at its IOVA. Threads: any.
 */

#include <stdint.h>

#include <addrspace/addrspace.h>

/** Lowest IOVA of the pool; what lies below is each iospace's own. */
#define IOVA_POOL_FIRST (UINT64_C(1) << 32)

/**
 * Choose a range within a window, as far as possible where no virtual address can lie.
 *
 * @retval 0 success
 * @retval -ENOSPC no such range
 * @retval -ENOMEM no memory for the books
 */
int iova_pool_get(uint64_t size, uint64_t align, const struct addrspace_range *window,
		uint64_t *iova);

/** Give a range back. */
void iova_pool_put(uint64_t iova);

#endif
