/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MEM_BOOKS_H
#define OPAE_MEM_BOOKS_H

/**
 * @file
 * Index of the two lists of a struct mem_alloc: finds a link by address or by size, where a walk
 * along the lists would take too long. Lists and index are changed together, here.
 *
 * Errors are positive errno, and nothing has changed then. Calls are serialised by the caller.
 */

#include <opae/mem_alloc.h>

struct mem_books;

static inline uint64_t
mem_link_last(const struct mem_link *link)
{
	return link->address + (link->size - 1);
}

/** Put a link that is in no list at the end of one. */
void mem_link_insert(struct mem_link *link, struct mem_link *before);

/** Books of no link. NULL: no memory. */
struct mem_books *mem_books_new(void);

/** Free all links, too. NULL is a no-op. */
void mem_books_destroy(struct mem_books *books);

/**
 * Take away from the free list what is not in another, which may be the same: 0 or ENOMEM.
 *
 * @param m  of the books
 */
int mem_books_constrain(struct mem_books *books, struct mem_alloc *m, const struct mem_link *by);

/** As mem_alloc_add_free(), _get() and _put(); pointers and size are valid. */
int mem_books_add(struct mem_books *books, struct mem_alloc *m, uint64_t address, uint64_t size);
int mem_books_get(struct mem_books *books, struct mem_alloc *m, uint64_t *address, uint64_t size);
int mem_books_put(struct mem_books *books, struct mem_alloc *m, uint64_t address);

#endif
