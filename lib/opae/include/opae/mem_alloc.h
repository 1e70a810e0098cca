/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MEM_ALLOC_H
#define OPAE_MEM_ALLOC_H

/**
 * @file
 * Allocator of address ranges. A struct mem_alloc lies where the caller wants it; its members
 * may be read, never written: both lists are circular, with the member as their head. Free ranges
 * are sorted and merged; allocated ones are in the order of allocation.
 *
 * Threads: calls on one struct are serialised by the caller.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A range. */
struct mem_link {
	uint64_t address;
	uint64_t size;
	struct mem_link *prev;
	struct mem_link *next;
};

struct mem_alloc {
	struct mem_link free;
	struct mem_link allocated;
};

/** Make an empty one. NULL is a no-op. */
void mem_alloc_init(struct mem_alloc *m);

/** Free what it has; it is empty then, and can be used again. NULL is a no-op. */
void mem_alloc_destroy(struct mem_alloc *m);

/**
 * Add a range that can be allocated.
 *
 * @return 0; not 0 when m is NULL, size is 0, the range wraps or meets one that it has, or there is
 *         no memory; nothing has changed then
 */
int mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size);

/**
 * Allocate a range, at the lowest address at which it fits; a multiple of size where that is a
 * power of two.
 *
 * @param[out] address  untouched on failure
 * @return 0; not 0 when m or address is NULL, size is 0, no range is free, or there is no memory
 */
int mem_alloc_get(struct mem_alloc *m, uint64_t *address, uint64_t size);

/** Free what was allocated at an address: 0; not 0 when that is nothing, or m is NULL. */
int mem_alloc_put(struct mem_alloc *m, uint64_t address);

/**
 * Take away from the free ranges of one what is not in the free ranges of another.
 *
 * @return 0; not 0 when one is NULL, or there is no memory
 */
int mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr);

#ifdef __cplusplus
}
#endif

#endif
