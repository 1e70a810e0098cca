/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HUGEMEM_FD_H
#define HUGEMEM_FD_H

/**
 * @file
 * Memory behind a file descriptor, for hugemem alone. Threads: any.
 */

#include <stddef.h>

struct hugemem_file {
	void *va;
	size_t len;
	size_t page_sz;
	int fd;     /**< close-on-exec */
	int socket; /**< in: wanted node or SOCKET_ID_ANY; out: node of the first page, if known */
};

/** Hugepages of the default size, populated: 0 or negative errno. */
int hugemem_file_huge(size_t len, struct hugemem_file *file);

/** Ordinary pages, filled in as they are touched: 0 or negative errno. */
int hugemem_file_plain(size_t len, struct hugemem_file *file);

#endif
