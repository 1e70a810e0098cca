/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HUGEMEM_H
#define HUGEMEM_H

/**
 * @file
 * Blocks of memory for DMA: an EAL memzone, a hugetlbfs file, a memfd of ordinary pages, or what
 * the application has already.
 *
 * Threads: any. No lock of this module is held across a call into EAL.
 */

#include <stdbool.h>
#include <stddef.h>

struct rte_memzone;

/** Where a block comes from. */
enum hugemem_backing {
	HUGEMEM_ANY,     /**< in a request: the best there is */
	HUGEMEM_MEMZONE, /**< EAL memzone in hugepages */
	HUGEMEM_HUGETLB, /**< hugetlbfs file without a name, through libhugetlbfs or a memfd */
	HUGEMEM_MEMFD,   /**< memfd of ordinary pages, filled in as it is touched */
};

struct hugemem_request {
	size_t len;                   /**< bytes, not 0; rounded up to pages */
	size_t min_len;               /**< less will do, down to this, before a lesser backing is
				       *   taken; 0: len */
	int socket;                   /**< NUMA node, or SOCKET_ID_ANY */
	enum hugemem_backing backing; /**< HUGEMEM_ANY, or that one and no other */
	bool need_fd;                 /**< must have a file descriptor: no memzone */
};

/** A block, and what it got. */
struct hugemem {
	void *va;
	size_t len;                   /**< bytes, a multiple of page_sz */
	size_t page_sz;               /**< bytes */
	int socket;                   /**< node it lies on; SOCKET_ID_ANY when unknown */
	enum hugemem_backing backing;
	bool contiguous;              /**< physically, as far as is known */
	int fd;                       /**< from offset 0; -1 when there is none */
	const struct rte_memzone *mz; /**< NULL unless a memzone */
	char shortfall[160];          /**< why it is less than asked for, or empty */
};

/**
 * Get a block. A child process does not inherit it, unless it is a memzone in pages larger than
 * 2 MiB, which then says so in shortfall. File-backed blocks are shared mappings, lie 2 MiB aligned
 * and, while there is room, below 2^38, so that a device behind a 39-bit IOMMU can be given
 * IOVA = VA. Hugepages are populated at once, so that their lack is an error here and no signal
 * later. Content is zero.
 *
 * @param[out] mem  untouched on failure
 * @retval 0 success
 * @retval -EINVAL len is 0 or too large to round up, or a memzone is asked for with need_fd
 * @retval -ENOMEM nothing of that kind is left, or none is offered here; logged
 * @retval -EMFILE, -ENFILE no file descriptor is left; logged
 */
int hugemem_alloc(const struct hugemem_request *req, struct hugemem *mem);

/** Give a block back. */
void hugemem_free(struct hugemem *mem);

/**
 * Check that memory of the application can be used for DMA, and populate it as a pin would.
 *
 * @param write  the device will write it
 * @retval 0 success
 * @retval -EFAULT some of it is not mapped, or lacks the permission
 */
int hugemem_check_user(void *va, size_t len, bool write);

/** Name of a backing, such as "memzone". */
const char *hugemem_backing_str(enum hugemem_backing backing);

#endif
