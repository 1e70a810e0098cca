/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem_books.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <addrspace/btree.h>

#include "link_store.h"

/*
 * One tree of all ranges, the allocated ones marked, each with its link as data: what a call has to
 * know of a range and its neighbours is in one place. Addresses that were never added are marked
 * ranges without a link.
 *
 * At many ranges the time goes into waiting for memory, as links lie anywhere. So they are fetched
 * as soon as they are known, no decision depends on what is in them, and what has to be read from
 * them to be written elsewhere is read last: the next call need not wait for it.
 */
struct index {
	struct btree tree;
	uint64_t bytes; /* of all ranges */
};

struct mem_books {
	struct index ranges;
	struct btree_pool pool;
	struct link_store links;
};

/* A range first to last that is cut out of a free one. */
struct cut {
	uint64_t first;
	uint64_t last;
	struct mem_link *link;  /* of the free one */
	struct mem_link *mine;  /* becomes that of the range */
	struct mem_link *above; /* what is left above it; may be the old link */
};

/* What becomes of the links where a range becomes free. */
struct gap {
	struct mem_link *link;  /* of the range */
	struct mem_link *stays; /* of the free range that it will be part of; may be the same */
	struct mem_link *goes;  /* of another that it touches; NULL: none */
	struct mem_link *after; /* the next in the free list, where it touches none */
	uint64_t first;         /* of the free range */
	uint64_t last;
};

/*
 * Links
 */

void
mem_link_insert(struct mem_link *link, struct mem_link *before)
{
	link->prev = before->prev;
	link->next = before;
	link->prev->next = before->prev = link;
}

static void
detach(struct mem_link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

/*
 * Creation
 */

/* To cut the range at pos in up to three. */
static int
prepare(struct btree *tree, const struct btree_pos *pos)
{
	unsigned int need[2] = { 0 };

	if (!btree_splits(tree, pos, 2))
		return 0;
	if (tree->height == BTREE_MAX_HEIGHT)
		return ENOMEM;
	btree_need(tree, 2, need);
	return btree_pool_fill(tree->pool, need) == 0 ? 0 : ENOMEM;
}

static int
begin(struct index *index, struct btree_pool *pool)
{
	static const unsigned int root[2] = { 1, 0 };

	if (btree_pool_fill(pool, root) != 0)
		return ENOMEM;
	btree_init(&index->tree, pool, true);
	index->bytes = 0;
	return 0;
}

/* Enter a range as marked, whatever it is. All 2^64 addresses would have no size. */
static int
enter(struct index *index, struct mem_link *link, struct btree_pos *pos)
{
	int ret;

	btree_seek(&index->tree, link->address, UINT64_MAX, pos);
	if (*btree_data(pos) != NULL || btree_last(pos) < mem_link_last(link))
		return EEXIST;
	if (index->bytes + link->size == 0)
		return EINVAL;
	ret = prepare(&index->tree, pos);
	if (ret != 0)
		return ret;
	btree_cut(&index->tree, pos, link->address, mem_link_last(link), link, NULL);
	index->bytes += link->size;
	return 0;
}

static int
enter_list(struct index *index, const struct mem_link *list, bool is_free)
{
	struct mem_link *link;
	struct btree_pos pos;
	int ret = 0;

	for (link = list->next; ret == 0 && link != list; link = link->next) {
		ret = enter(index, link, &pos);
		if (ret == 0 && is_free)
			btree_set(&index->tree, &pos, mem_link_last(link), false);
	}
	return ret;
}

struct mem_books *
mem_books_new(void)
{
	struct mem_books *books = calloc(1, sizeof(*books));

	if (books == NULL)
		return NULL;
	books->pool.data = true;
	if (begin(&books->ranges, &books->pool) == 0)
		return books;
	free(books);
	return NULL;
}

void
mem_books_destroy(struct mem_books *books)
{
	static const unsigned int none[2] = { 0 };

	if (books == NULL)
		return;
	btree_fini(&books->ranges.tree);
	btree_pool_fill(&books->pool, none);
	link_store_fini(&books->links);
	free(books);
}

/*
 * Making a range free
 */

/* What the range at pos, which is marked, touches. */
static struct gap
look_around(const struct mem_books *books, struct mem_alloc *m, const struct btree_pos *pos)
{
	struct btree_pos low = *pos, high = *pos;
	struct gap gap = { *btree_data(pos), NULL, NULL, NULL, btree_first(pos), btree_last(pos) };

	__builtin_prefetch(gap.link, 1);
	if (btree_prev(&books->ranges.tree, &low) && !btree_marked(&low)) {
		gap.stays = *btree_data(&low);
		gap.first = btree_first(&low);
		__builtin_prefetch(gap.stays, 1);
	}
	if (btree_next(&books->ranges.tree, &high) && !btree_marked(&high)) {
		*(gap.stays == NULL ? &gap.stays : &gap.goes) = *btree_data(&high);
		gap.last = btree_last(&high);
		__builtin_prefetch(*btree_data(&high), 1);
	}
	if (gap.stays != NULL)
		return gap;
	gap.stays = gap.link;
	high = *pos;
	gap.after = btree_next_fit(&books->ranges.tree, &FIT_ANY, &high) ? *btree_data(&high) : &m->free;
	__builtin_prefetch(gap.after, 1);
	return gap;
}

static void
note_free(struct mem_books *books, const struct gap *gap, struct btree_pos *pos)
{
	unsigned int n = (gap->stays != gap->link) + (gap->goes != NULL);

	if (btree_first(pos) != gap->first)
		btree_prev(&books->ranges.tree, pos);
	*btree_data(pos) = gap->stays;
	btree_merge(&books->ranges.tree, pos, n, gap->last);
}

/* Put the link, which is in no list, into the free list, or grow those over it that it touches. */
static void
join(struct mem_books *books, const struct gap *gap)
{
	if (gap->stays == gap->link) {
		mem_link_insert(gap->link, gap->after);
		return;
	}
	gap->stays->address = gap->first;
	gap->stays->size = gap->last - gap->first + 1;
	link_store_put(&books->links, gap->link);
	if (gap->goes != NULL) {
		detach(gap->goes);
		link_store_put(&books->links, gap->goes);
	}
}

int
mem_books_put(struct mem_books *books, struct mem_alloc *m, uint64_t address)
{
	struct btree_pos pos;
	struct gap gap;

	btree_seek(&books->ranges.tree, address, UINT64_MAX, &pos);
	if (btree_first(&pos) != address || !btree_marked(&pos) || *btree_data(&pos) == NULL)
		return ENOENT;
	gap = look_around(books, m, &pos);
	note_free(books, &gap, &pos);
	detach(gap.link);
	join(books, &gap);
	return 0;
}

int
mem_books_add(struct mem_books *books, struct mem_alloc *m, uint64_t address, uint64_t size)
{
	struct mem_link *link = link_store_get(&books->links, address, size);
	struct btree_pos pos;
	struct gap gap;
	int ret;

	if (link == NULL)
		return ENOMEM;
	ret = enter(&books->ranges, link, &pos);
	if (ret != 0) {
		link_store_put(&books->links, link);
		return ret;
	}
	gap = look_around(books, m, &pos);
	note_free(books, &gap, &pos);
	join(books, &gap);
	return 0;
}

/*
 * Allocation
 */

/* The lowest place. A free range that is large enough may have none that is aligned. */
static bool
choose(const struct mem_books *books, uint64_t size, struct btree_pos *pos, uint64_t *first)
{
	uint64_t mask = (size & -size) - 1;
	struct fit need = fit_need(size - 1, mask);
	bool more = btree_seek_fit(&books->ranges.tree, &need, 0, pos);

	for (; more; more = btree_next_fit(&books->ranges.tree, &need, pos)) {
		/* That is in it: it has size bytes, of which mask is less. */
		*first = (btree_first(pos) + mask) & ~mask;
		if (btree_last(pos) - *first >= size - 1)
			return true;
	}
	return false;
}

/* Find links for what will be there. The old one stays the lower of what is left, if any is. */
static int
provide(struct mem_books *books, struct cut *cut, uint64_t old_first, uint64_t old_last)
{
	bool below = cut->first > old_first, above = cut->last < old_last;

	cut->mine = cut->link;
	if (below || above)
		cut->mine = link_store_get(&books->links, cut->first, cut->last - cut->first + 1);
	if (cut->mine == NULL)
		return ENOMEM;
	cut->above = above ? cut->link : NULL;
	if (!below || !above)
		return 0;
	cut->above = link_store_get(&books->links, cut->last + 1, old_last - cut->last);
	if (cut->above != NULL)
		return 0;
	link_store_put(&books->links, cut->mine);
	return ENOMEM;
}

/* The old link is all, the upper or the lower part of what is left, or the range itself. */
static void
cut_link(struct mem_link *link, const struct cut *cut)
{
	if (cut->mine == link) {
		detach(link);
	} else if (cut->above == link) {
		link->size = mem_link_last(link) - cut->last;
		link->address = cut->last + 1;
	} else {
		link->size = cut->first - link->address;
		if (cut->above != NULL)
			mem_link_insert(cut->above, link->next);
	}
}

int
mem_books_get(struct mem_books *books, struct mem_alloc *m, uint64_t *address, uint64_t size)
{
	struct btree_pos pos;
	struct cut cut;

	if (!choose(books, size, &pos, &cut.first))
		return ENOSPC;
	cut.last = cut.first + (size - 1);
	cut.link = *btree_data(&pos);
	__builtin_prefetch(cut.link, 1);
	if (prepare(&books->ranges.tree, &pos) != 0 ||
			provide(books, &cut, btree_first(&pos), btree_last(&pos)) != 0)
		return ENOMEM;
	btree_cut(&books->ranges.tree, &pos, cut.first, cut.last, cut.mine, cut.above);
	cut_link(cut.link, &cut);
	mem_link_insert(cut.mine, &m->allocated);
	*address = cut.first;
	return 0;
}

/*
 * Constraint
 */

/* Append what two lists have in common. */
static int
intersect(struct link_store *store, struct mem_link *common, const struct mem_link *a_list,
		const struct mem_link *b_list)
{
	const struct mem_link *a = a_list->next, *b = b_list->next;
	struct mem_link *link;

	while (a != a_list && b != b_list) {
		uint64_t a_last = mem_link_last(a), b_last = mem_link_last(b);
		uint64_t first = a->address > b->address ? a->address : b->address;
		uint64_t last = a_last < b_last ? a_last : b_last;

		if (first <= last) {
			link = link_store_get(store, first, last - first + 1);
			if (link == NULL)
				return ENOMEM;
			mem_link_insert(link, common);
		}
		if (a_last == last)
			a = a->next;
		else
			b = b->next;
	}
	return 0;
}

/* Links that a list has instead of those it had. */
static void
replace_links(struct link_store *store, struct mem_link *head, struct mem_link *by)
{
	link_store_put_list(store, head);
	if (by->next == by)
		return;
	head->next = by->next;
	head->prev = by->prev;
	head->next->prev = head->prev->next = head;
}

int
mem_books_constrain(struct mem_books *books, struct mem_alloc *m, const struct mem_link *by)
{
	struct mem_link common = { .prev = &common, .next = &common };
	struct index then;
	int ret = begin(&then, &books->pool);

	if (ret != 0)
		return ret;
	ret = intersect(&books->links, &common, &m->free, by);
	if (ret == 0)
		ret = enter_list(&then, &common, true);
	if (ret == 0)
		ret = enter_list(&then, &m->allocated, false);
	if (ret == 0) {
		replace_links(&books->links, &m->free, &common);
		btree_fini(&books->ranges.tree);
		books->ranges = then;
		return 0;
	}
	link_store_put_list(&books->links, &common);
	btree_fini(&then.tree);
	return ret;
}
