/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HUGEMEM_VIEW_H
#define HUGEMEM_VIEW_H

/**
 * @file
 * Views of memory that somebody else has a file descriptor of: a memfd, a hugetlbfs file, a
 * dma-buf, or an ordinary file. Threads: any.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hugemem_view {
	void *va;   /**< the byte that was asked for */
	size_t len; /**< as it was asked for */
	void *map;  /**< what is mapped: all the pages that these bytes lie in */
	size_t map_len;
};

/**
 * Bytes of what a descriptor names.
 *
 * @retval 0 success
 * @retval -EBADF not an open descriptor
 * @retval -EINVAL it names no memory
 */
int hugemem_fd_size(int fd, uint64_t *size);

/**
 * Map a part, shared, whose pages may be hugepages.
 *
 * @param write      for writing too
 * @param[out] view  untouched on failure
 * @retval 0 success
 * @retval -EINVAL it cannot be mapped
 * @retval -EPERM the file is sealed against it
 * @retval -ERANGE not all of it lies in what there is, or len is 0
 * @return other negative errno of hugemem_fd_size() and mmap(); not logged
 */
int hugemem_view_open(int fd, uint64_t offset, size_t len, bool write, struct hugemem_view *view);

void hugemem_view_close(const struct hugemem_view *view);

#endif
