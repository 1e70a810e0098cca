/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MEM_ALLOC_H
#define OPAE_MEM_ALLOC_H

/**
 * @file
 * Allocator of address ranges. It keeps books about addresses and never touches what lies there.
 *
 * A struct mem_alloc lies where the caller wants it, on the stack too, and stays there: on a copy
 * all calls but mem_alloc_init() and mem_alloc_destroy() fail, and so they do on a struct that
 * neither of these two has made. Its members may be read, never written.
 *
 * A range may end at the last address, 2^64 - 1. Only all 2^64 addresses together are too many for
 * one struct: their number does not fit a size.
 *
 * A call that returns a value returns 0 or a positive errno; it has changed nothing then, and
 * nothing is printed. Each call takes a time logarithmic in the number of ranges, but for those of
 * whole lists: mem_alloc_destroy() and mem_alloc_apply_constraint(). Memory for ranges is kept for
 * others until mem_alloc_destroy().
 *
 * Threads: calls on one struct are serialised by the caller. Different structs are independent.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A range of size bytes, not 0. */
struct mem_link {
	uint64_t address;
	uint64_t size;
	struct mem_link *prev;
	struct mem_link *next;
};

/**
 * Two circular lists, each with the member as its head, whose own address and size mean nothing to
 * programs. Free ranges are in order of address, neighbours merged; allocated ones in order of
 * allocation. A link is valid until the next call that changes the struct.
 */
struct mem_alloc {
	struct mem_link free;
	struct mem_link allocated;
};

/** Make an empty one, whatever was there. NULL is a no-op. */
void mem_alloc_init(struct mem_alloc *m);

/**
 * Free the links on both lists; the struct is empty then, and can be used again. A struct that is
 * filled with zeros, or whose lists were made by hand of links from malloc(), becomes a proper one
 * as well. So does a copy, of which nothing is freed. NULL is a no-op.
 */
void mem_alloc_destroy(struct mem_alloc *m);

/**
 * Add a range that can be allocated. It is merged with the free ranges that it touches.
 *
 * @param size  bytes
 * @retval 0 success
 * @retval EINVAL m is NULL or was not made by mem_alloc_init(), size is 0, the range goes beyond
 *         the last address, or with it the struct would have all 2^64 addresses
 * @retval EEXIST some of the range was added before, whether free or allocated now
 * @retval ENOMEM no memory
 */
int mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size);

/**
 * Allocate a range, at the lowest address at which it fits. The address is a multiple of the
 * largest power of two that divides size: of size itself where that is a power of two, of the page
 * where it is a number of pages, whatever the ranges that were added begin with. (Where size is no
 * power of two, free ranges that are large enough but have no such address are passed over one by
 * one.)
 *
 * @param[out] address  untouched on failure
 * @param size          bytes
 * @retval 0 success; mem_alloc_put() gives the range back
 * @retval EINVAL m or address is NULL, m was not made by mem_alloc_init(), or size is 0
 * @retval ENOSPC no free range has room
 * @retval ENOMEM no memory
 */
int mem_alloc_get(struct mem_alloc *m, uint64_t *address, uint64_t size);

/**
 * Free an allocated range.
 *
 * @param address  as mem_alloc_get() gave it
 * @retval 0 success
 * @retval EINVAL m is NULL or was not made by mem_alloc_init()
 * @retval ENOENT no range was allocated at that address, or it is free again
 */
int mem_alloc_put(struct mem_alloc *m, uint64_t address);

/**
 * Take away from the free ranges of one struct what is not in the free ranges of another. What is
 * taken away is as if it had never been added. Allocated ranges stay, in both; one that lies
 * outside is free again when it is put.
 *
 * @param m         the one that changes
 * @param m_constr  the other; may be m, which then stays as it is
 * @retval 0 success
 * @retval EINVAL one is NULL or was not made by mem_alloc_init()
 * @retval ENOMEM no memory
 */
int mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr);

#ifdef __cplusplus
}
#endif

#endif
