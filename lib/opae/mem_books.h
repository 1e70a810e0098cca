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

/** A link alone, as a list of its own. NULL: no memory. */
struct mem_link *mem_link_new(uint64_t address, uint64_t size);

/** Put a link that is in no list at the end of one. */
void mem_link_insert(struct mem_link *link, struct mem_link *before);

/** The books of two lists that keep the rules of mem_alloc.h. NULL: no memory. */
struct mem_books *mem_books_of(const struct mem_link *free_list, const struct mem_link *allocated);

/** NULL is a no-op; links stay. */
void mem_books_destroy(struct mem_books *books);

/** As mem_alloc_add_free(), _get() and _put(); pointers and size are valid. */
int mem_books_add(struct mem_books *books, struct mem_alloc *m, uint64_t address, uint64_t size);
int mem_books_get(struct mem_books *books, struct mem_alloc *m, uint64_t *address, uint64_t size);
int mem_books_put(struct mem_books *books, struct mem_alloc *m, uint64_t address);

#endif
