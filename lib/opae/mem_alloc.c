/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/mem_alloc.h>

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "mem_books.h"

/* Programs have it inside their own structs. */
static_assert(sizeof(struct mem_link) == 32 && sizeof(struct mem_alloc) == 64,
		"layout of the OPAE C library");

#define SEAL UINT64_C(0x6d656d5f616c6c6f)

/*
 * The heads of the lists have no range, so their members tell whose struct this is: free.address is
 * its books, if there are any, allocated.address the struct's own address, and free.size a seal of
 * both. The seal breaks where a program fills in a struct by hand, or not at all; a copy, whose
 * links belong to another, has the seal of that one.
 */

static uint64_t
seal_of(const struct mem_alloc *m)
{
	return SEAL ^ m->free.address ^ m->allocated.address << 16;
}

static bool
is_sealed(const struct mem_alloc *m)
{
	return m->free.size == seal_of(m);
}

static bool
is_ours(const struct mem_alloc *m)
{
	return m != NULL && is_sealed(m) && m->allocated.address == (uintptr_t)m;
}

static struct mem_books *
books_of(const struct mem_alloc *m)
{
	return (struct mem_books *)(uintptr_t)m->free.address;
}

static void
set_books(struct mem_alloc *m, const struct mem_books *books)
{
	m->free.address = (uintptr_t)books;
	m->allocated.address = (uintptr_t)m;
	m->free.size = seal_of(m);
}

/*
 * Lists
 */

static void
make_empty(struct mem_link *head)
{
	head->prev = head->next = head;
}

/* Of a list made by hand. */
static void
free_links(struct mem_link *head)
{
	struct mem_link *link = head->next, *next;

	for (; link != head; link = next) {
		next = link->next;
		free(link);
	}
	make_empty(head);
}

/* The best that can be told of a list that may be made by hand: that it leads back. */
static bool
is_circle(const struct mem_link *head)
{
	return head->next != NULL && head->prev != NULL && head->next->prev == head &&
			head->prev->next == head;
}

/*
 * Public functions
 */

void
mem_alloc_init(struct mem_alloc *m)
{
	if (m == NULL)
		return;
	make_empty(&m->free);
	make_empty(&m->allocated);
	m->allocated.size = 0;
	set_books(m, NULL);
}

void
mem_alloc_destroy(struct mem_alloc *m)
{
	if (m == NULL)
		return;
	if (is_ours(m)) {
		mem_books_destroy(books_of(m));
	} else if (!is_sealed(m)) {
		if (is_circle(&m->free))
			free_links(&m->free);
		if (is_circle(&m->allocated))
			free_links(&m->allocated);
	}
	mem_alloc_init(m);
}

int
mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size)
{
	struct mem_books *books;
	int ret;

	if (!is_ours(m) || size == 0 || address > UINT64_MAX - (size - 1))
		return EINVAL;
	if (books_of(m) != NULL)
		return mem_books_add(books_of(m), m, address, size);
	books = mem_books_new();
	if (books == NULL)
		return ENOMEM;
	ret = mem_books_add(books, m, address, size);
	if (ret == 0)
		set_books(m, books);
	else
		mem_books_destroy(books);
	return ret;
}

int
mem_alloc_get(struct mem_alloc *m, uint64_t *address, uint64_t size)
{
	if (!is_ours(m) || address == NULL || size == 0)
		return EINVAL;
	return books_of(m) != NULL ? mem_books_get(books_of(m), m, address, size) : ENOSPC;
}

int
mem_alloc_put(struct mem_alloc *m, uint64_t address)
{
	if (!is_ours(m))
		return EINVAL;
	return books_of(m) != NULL ? mem_books_put(books_of(m), m, address) : ENOENT;
}

int
mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr)
{
	if (!is_ours(m) || !is_ours(m_constr))
		return EINVAL;
	return books_of(m) != NULL ? mem_books_constrain(books_of(m), m, &m_constr->free) : 0;
}
