/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_HUGEPAGES_H
#define HOST_HUGEPAGES_H

/**
 * @file
 * Hugepages of the machine, mounts of hugetlbfs, and what control groups allow of them and of
 * memory. Threads: any.
 */

#include "host.h"

#define HOST_PAGE_SIZES 8
#define HOST_NODES 64

/** Numbers of pages of one size, of the machine or of a NUMA node. */
struct host_pages {
	uint64_t total, free, reserved, surplus;
};

/** Pages of one size. */
struct host_hugepages {
	uint64_t page_sz; /**< bytes */
	struct host_pages all;
	unsigned int nb_nodes;
	unsigned int node[HOST_NODES];
	struct host_pages on_node[HOST_NODES]; /**< reserved is not told per node */
};

/** Read the counts of each size into at most max elements; their number, 0 without hugetlbfs. */
unsigned int host_hugepages_get(const struct host *h, struct host_hugepages *pages,
		unsigned int max);

/** Size that is taken where none is asked for; 0 when the kernel has no hugepages. */
uint64_t host_hugepage_default(const struct host *h);

/** A mount of hugetlbfs. */
struct host_hugetlbfs {
	char path[256];
	uint64_t page_sz;  /**< bytes */
	char options[256]; /**< as the kernel shows them */
	int access;        /**< whether this user may make files there: 0 or negative errno */
};

/** List mounts into at most max elements; their number. */
unsigned int host_hugetlbfs_get(const struct host *h, struct host_hugetlbfs *mounts,
		unsigned int max);

/** Parse a size with an optional K, M, G or T: 0 or -EINVAL. */
int host_parse_size(const char *text, uint64_t *size);

/** Write a size: "2M", "1G", "64K", "123". */
void host_show_size(uint64_t size, char *text, size_t len);

/** The lowest limit of the control groups that this process is in. */
struct host_cgroup_limit {
	uint64_t max;    /**< bytes; UINT64_MAX: none */
	uint64_t used;   /**< bytes, in that group */
	char path[512];  /**< of the file that has the limit; empty without one */
};

/** Limit on hugepages of one size. */
void host_cgroup_hugetlb(const struct host *h, uint64_t page_sz, struct host_cgroup_limit *limit);

/** Limit on memory. */
void host_cgroup_memory(const struct host *h, struct host_cgroup_limit *limit);

#endif
