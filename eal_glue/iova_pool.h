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

/** What iova_pool_get() asks of its caller; the pool is locked meanwhile. */
struct iova_pool_taker {
	/**
	 * Take a range, or refuse it.
	 *
	 * @param[out] next  with -EEXIST and -ERANGE: where a range may begin, above iova
	 * @retval 0 taken
	 * @retval -EEXIST, -ERANGE not usable; the next is offered
	 * @return other negative errno: no more is offered
	 */
	int (*take)(void *arg, uint64_t iova, uint64_t size, uint64_t *next);
	void *arg;
};

/**
 * Choose a range within a window that the caller takes, as far as possible where no virtual address
 * can lie.
 *
 * @retval 0 success
 * @retval -ENOSPC no such range
 * @retval -ENOMEM no memory for the books
 * @return other negative errno from taker
 */
int iova_pool_get(uint64_t size, uint64_t align, const struct addrspace_range *window,
		const struct iova_pool_taker *taker, uint64_t *iova);

/** Give a range back: 0, or -ENOMEM when there is no memory for the books and it stays taken. */
int iova_pool_put(uint64_t iova);

#endif
