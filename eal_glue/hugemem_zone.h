/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HUGEMEM_ZONE_H
#define HUGEMEM_ZONE_H

/**
 * @file
 * EAL memzones, for hugemem alone. Threads: any.
 */

#include <stdbool.h>
#include <stddef.h>

struct rte_memzone;

struct hugemem_zone {
	void *va;
	size_t len;
	size_t page_sz;
	int socket;                   /**< in: wanted node or SOCKET_ID_ANY; out: node it lies on */
	bool contiguous;              /**< physically */
	bool own_pages;               /**< so that a child process does not inherit them */
	const struct rte_memzone *mz;
};

/** In hugepages: 0, -ENOTSUP when EAL has none, or another negative errno. */
int hugemem_zone_get(size_t len, struct hugemem_zone *zone);

/** Give one back to EAL. */
void hugemem_zone_put(const struct rte_memzone *mz);

#endif
