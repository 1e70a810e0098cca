/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem_books.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <addrspace/addrspace.h>
#include <addrspace/btree.h>

#include "mem_table.h"

struct mem_books {
	struct addrspace *added; /* what was added, never allocated from: tells what overlaps */
	struct mem_table table;  /* all links by address */
	struct btree room;       /* the free ranges, in order, to find one by size */
	struct btree_pool pool;
};

/* A range first to last that is cut out of a free link. */
struct cut {
	uint64_t first;
	uint64_t last;
	struct mem_link *link;
	struct mem_link *mine;  /* becomes that of the range */
	struct mem_link *above; /* what is left above it; may be the old link */
};

/* A link that becomes free, and where. */
struct gap {
	struct mem_link *link;
	struct mem_link *before; /* in the free list; NULL: it does not matter */
	struct mem_link *high;   /* the free range that it touches; NULL: none */
	bool low;                /* it touches the one before */
	uint64_t last;           /* of the free range that it will be part of */
};

/*
 * Links
 */

struct mem_link *
mem_link_new(uint64_t address, uint64_t size)
{
	struct mem_node *node = malloc(sizeof(*node));

	if (node == NULL)
		return NULL;
	node->link = (struct mem_link){ address, size, &node->link, &node->link };
	return &node->link;
}

void
mem_link_insert(struct mem_link *link, struct mem_link *after)
{
	link->prev = after;
	link->next = after->next;
	after->next->prev = link;
	after->next = link;
}

void
mem_link_remove(struct mem_link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

/*
 * Creation
 */

/* No operation inserts more than one free range. */
static int
prepare(struct mem_books *books)
{
	unsigned int need[2] = { 0 };

	if (books->room.height == BTREE_MAX_HEIGHT)
		return ENOMEM;
	btree_need(&books->room, 1, need);
	return btree_pool_fill(&books->pool, need) == 0 ? 0 : ENOMEM;
}

static int
init(struct mem_books *books)
{
	static const unsigned int root[2] = { 1, 0 };

	if (addrspace_create(&books->added) != 0 || mem_table_init(&books->table) != 0 ||
			btree_pool_fill(&books->pool, root) != 0)
		return ENOMEM;
	btree_init(&books->room, &books->pool, true);
	return 0;
}

void
mem_books_destroy(struct mem_books *books)
{
	static const unsigned int none[2] = { 0 };

	if (books == NULL)
		return;
	if (books->room.root != NULL)
		btree_fini(&books->room);
	btree_pool_fill(&books->pool, none);
	mem_table_fini(&books->table);
	addrspace_destroy(books->added);
	free(books);
}

/* All 2^64 addresses would be one range some time, whose size has no number. */
static int
add_addresses(struct mem_books *books, uint64_t first, uint64_t last)
{
	struct addrspace_stats stats;

	addrspace_stats_get(books->added, &stats);
	if (stats.free_bytes + (last - first) == UINT64_MAX &&
			addrspace_find(books->added, first, NULL, NULL) == -ERANGE)
		return EINVAL;
	return -addrspace_add(books->added, first, last);
}

static int
enter(struct mem_books *books, struct mem_link *link, bool is_free)
{
	uint64_t last = mem_link_last(link);
	struct btree_pos pos;
	int ret = prepare(books);

	if (ret == 0)
		ret = add_addresses(books, link->address, last);
	if (ret != 0)
		return ret;
	mem_table_insert(&books->table, link);
	if (is_free) {
		btree_seek(&books->room, link->address, UINT64_MAX, &pos);
		btree_insert(&books->room, &pos, link->address, last, false);
	}
	return 0;
}

struct mem_books *
mem_books_of(struct mem_link *free_list, struct mem_link *allocated)
{
	struct mem_books *books = calloc(1, sizeof(*books));
	struct mem_link *link;
	int ret;

	if (books == NULL)
		return NULL;
	ret = init(books);
	for (link = free_list->next; ret == 0 && link != free_list; link = link->next)
		ret = enter(books, link, true);
	for (link = allocated->next; ret == 0 && link != allocated; link = link->next)
		ret = enter(books, link, false);
	if (ret == 0)
		return books;
	mem_books_destroy(books);
	return NULL;
}

/*
 * Making a range free
 *
 * At many ranges the time goes into waiting for memory, as links lie anywhere. So they are fetched
 * as soon as they are known, and the tree is changed before the lists.
 */

/* Fetch the links of the free ranges beside a place. */
static void
fetch_beside(const struct mem_books *books, const struct btree_pos *room)
{
	const struct btree_node *leaf = room->node[0];
	int i = room->idx[0];
	bool low = i >= 0, high = i + 1 < (int)leaf->n;

	if (low)
		mem_table_prefetch(&books->table, leaf->pair[i].key);
	if (high)
		mem_table_prefetch(&books->table, leaf->pair[i + 1].key);
	if (low)
		mem_table_prefetch_link(&books->table, leaf->pair[i].key);
	if (high)
		mem_table_prefetch_link(&books->table, leaf->pair[i + 1].key);
}

/* What a link touches; room is its place among the free ranges. */
static struct gap
look_around(const struct mem_books *books, struct mem_alloc *m, struct mem_link *link,
		const struct btree_pos *room)
{
	struct gap gap = { .link = link, .last = mem_link_last(link) };
	struct btree_pos next = *room;
	bool is_lowest = room->idx[0] < 0;

	gap.low = !is_lowest && btree_val(room) + 1 == link->address;
	if (btree_next(&books->room, &next) && btree_key(&next) == gap.last + 1) {
		gap.high = mem_table_find(&books->table, btree_key(&next));
		gap.last = btree_val(&next);
	}
	if (gap.low || gap.high == NULL)
		gap.before = is_lowest ? &m->free :
				mem_table_find(&books->table, btree_key(room));
	return gap;
}

/* The lowest of the free ranges grows over the others. */
static void
note_free(struct mem_books *books, const struct gap *gap, struct btree_pos *room)
{
	if (gap->low)
		btree_set(&books->room, room, gap->last, false);
	else
		btree_insert(&books->room, room, gap->link->address, gap->last, false);
	if (gap->high != NULL) {
		btree_next(&books->room, room);
		btree_erase(&books->room, room, 1);
	}
}

/* Grow a link over another, which goes. */
static void
absorb(struct mem_books *books, struct mem_link *link, struct mem_link *other)
{
	link->size += other->size;
	mem_table_remove(&books->table, other);
	mem_link_remove(other);
	free(other);
}

/* One of the links stays: that which leaves the fewest others to be changed. */
static void
join(struct mem_books *books, const struct gap *gap)
{
	struct mem_link *link = gap->link, *high = gap->high;
	uint64_t first = link->address;

	if (gap->low) {
		absorb(books, gap->before, link);
		if (high != NULL)
			absorb(books, gap->before, high);
	} else if (high != NULL) {
		absorb(books, high, link);
		mem_table_remove(&books->table, high);
		high->address = first;
		mem_table_insert(&books->table, high);
	} else {
		mem_link_remove(link);
		mem_link_insert(link, gap->before);
	}
}

/* Make free a link that is in the table. */
static void
release(struct mem_books *books, struct mem_alloc *m, struct mem_link *link,
		struct btree_pos *room)
{
	struct gap gap;

	__builtin_prefetch(link->prev, 1);
	__builtin_prefetch(link->next, 1);
	gap = look_around(books, m, link, room);
	note_free(books, &gap, room);
	join(books, &gap);
}

int
mem_books_put(struct mem_books *books, struct mem_alloc *m, uint64_t address)
{
	struct mem_link *link;
	struct btree_pos room;

	mem_table_prefetch_link(&books->table, address);
	if (btree_seek(&books->room, address, UINT64_MAX, &room) && btree_key(&room) == address)
		return ENOENT;
	fetch_beside(books, &room);
	link = mem_table_find(&books->table, address);
	if (link == NULL)
		return ENOENT;
	if (prepare(books) != 0)
		return ENOMEM;
	release(books, m, link, &room);
	return 0;
}

int
mem_books_add(struct mem_books *books, struct mem_alloc *m, uint64_t address, uint64_t size)
{
	struct mem_link *link = mem_link_new(address, size);
	struct btree_pos room;
	int ret = ENOMEM;

	if (link != NULL)
		ret = prepare(books);
	if (ret == 0)
		ret = add_addresses(books, address, mem_link_last(link));
	if (ret != 0) {
		free(link);
		return ret;
	}
	mem_table_insert(&books->table, link);
	btree_seek(&books->room, address, UINT64_MAX, &room);
	release(books, m, link, &room);
	return 0;
}

/*
 * Allocation
 */

/* The lowest place. A free range that is large enough may have none that is aligned. */
static bool
choose(const struct mem_books *books, uint64_t size, struct btree_pos *room, uint64_t *first)
{
	uint64_t mask = (size & -size) - 1;
	struct fit need = fit_need(size - 1, mask);
	bool more = btree_seek_fit(&books->room, &need, 0, room);

	for (; more; more = btree_next_fit(&books->room, &need, room)) {
		/* That is in it: it has size bytes, of which mask is less. */
		*first = (btree_key(room) + mask) & ~mask;
		if (btree_val(room) - *first >= size - 1)
			return true;
	}
	return false;
}

/* Find links for what will be there. The old one stays the lower of what is left, if any is. */
static int
provide(struct cut *cut, uint64_t old_first, uint64_t old_last)
{
	bool below = cut->first > old_first, above = cut->last < old_last;

	cut->mine = below || above ? mem_link_new(cut->first, cut->last - cut->first + 1) :
			cut->link;
	if (cut->mine == NULL)
		return ENOMEM;
	cut->above = above ? cut->link : NULL;
	if (!below || !above)
		return 0;
	cut->above = mem_link_new(cut->last + 1, old_last - cut->last);
	if (cut->above != NULL)
		return 0;
	free(cut->mine);
	return ENOMEM;
}

/* Cut the range out of the tree of free ranges, where the old one shrinks or goes. */
static void
cut_room(struct mem_books *books, struct btree_pos *room, uint64_t first, uint64_t last)
{
	uint64_t old_last = btree_val(room);

	if (last < old_last) {
		btree_insert(&books->room, room, last + 1, old_last, false);
		btree_prev(&books->room, room);
	}
	if (first > btree_key(room))
		btree_set(&books->room, room, first - 1, false);
	else
		btree_erase(&books->room, room, 1);
}

/* The old link is all, the upper or the lower part of what is left, or the range itself. */
static void
cut_link(struct mem_books *books, struct mem_alloc *m, const struct cut *cut)
{
	struct mem_link *link = cut->link;

	if (cut->mine == link) {
		mem_link_remove(link);
	} else if (cut->above == link) {
		mem_table_remove(&books->table, link);
		link->size = mem_link_last(link) - cut->last;
		link->address = cut->last + 1;
		mem_table_insert(&books->table, link);
	} else {
		link->size = cut->first - link->address;
	}
	if (cut->above != NULL && cut->above != link) {
		mem_link_insert(cut->above, link);
		mem_table_insert(&books->table, cut->above);
	}
	if (cut->mine != link)
		mem_table_insert(&books->table, cut->mine);
	mem_link_insert(cut->mine, m->allocated.prev);
}

int
mem_books_get(struct mem_books *books, struct mem_alloc *m, uint64_t *address, uint64_t size)
{
	struct btree_pos room;
	struct cut cut;

	if (!choose(books, size, &room, &cut.first))
		return ENOSPC;
	cut.last = cut.first + (size - 1);
	mem_table_prefetch(&books->table, cut.last + 1);
	cut.link = mem_table_find(&books->table, btree_key(&room));
	if (prepare(books) != 0 || provide(&cut, btree_key(&room), btree_val(&room)) != 0)
		return ENOMEM;
	cut_room(books, &room, cut.first, cut.last);
	cut_link(books, m, &cut);
	*address = cut.first;
	return 0;
}
