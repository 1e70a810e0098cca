/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_MAP_H
#define EAL_MAP_H

/**
 * @file
 * EAL's heap in an I/O space, at IOVA = VA, as it grows and shrinks. Memory that EAL may free is
 * mapped page by page, since EAL frees parts of what it allocated in one go and maps are unmapped
 * whole; memory that it never frees is mapped in as few entries as there are runs of it. External
 * memory (rte_extmem_register(), external heaps) is left out.
 *
 * Locks: that of struct eal_map, then EAL's memory lock, then the iospace's. EAL's memory events
 * come with EAL's lock held and take only the iospace's.
 *
 * Threads: any, except that eal_map_end() is called when nobody else uses the map.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iospace.h"

struct eal_map {
	pthread_mutex_t lock;
	struct iospace *ios;
	char name[64];    /**< for logs */
	bool on;          /**< EAL's heap is mapped */
	bool static_heap; /**< it neither grows nor shrinks */
	bool live;        /**< memory events count */
	uint64_t missed;  /**< bytes of EAL's heap that could not be mapped */
};

/** Initialise a map that was zeroed; once in its life. */
void eal_map_init(struct eal_map *map);

/**
 * Map EAL's heap, and what it becomes. What is reachable at IOVA = VA already is skipped. Does
 * nothing when it is mapped. A failed call leaves nothing mapped and has logged one line.
 *
 * @param name  for logs; copied
 * @retval 0 success
 * @retval -ERANGE EAL's addresses are not usable
 * @retval -EADDRINUSE other memory is mapped at one of these IOVAs, or this memory with less access
 * @retval -ENOSPC too few map entries
 * @retval -ENOMEM no memory for the books, or the limit on locked memory
 * @return other negative errno from the backend
 */
int eal_map_begin(struct eal_map *map, struct iospace *ios, const char *name);

/** Follow EAL no longer. What is mapped goes with the iospace, which is destroyed next. */
void eal_map_end(struct eal_map *map);

/** Bytes of EAL's heap that could not be mapped when they came. */
uint64_t eal_map_missed(const struct eal_map *map);

/**
 * Map memory that may be EAL's: as iospace_map(), but where EAL's heap is mapped already that is
 * used, and *used tells that there is nothing to unmap.
 */
int eal_map_or_use(struct eal_map *map, struct iospace *ios, const struct iospace_request *req,
		uint64_t *iova, bool *used);

/** Map what an entry covered that was not the map's own and is gone. Not inside a memory event. */
void eal_map_refill(struct eal_map *map, const void *va, uint64_t len);

#endif
