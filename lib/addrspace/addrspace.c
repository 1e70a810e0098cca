/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "addrspace.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "btree.h"

/* Free ranges that best fit tries where window or alignment may rule them out. */
#define MAX_TRIES 32

/*
 * Two trees: all ranges by address, live ones marked, so that the neighbours of a freed range sit
 * beside it; and the free ranges by (size, first), for best fit. Sizes are kept less one, so that
 * 2^64 has a number; the byte counts wrap to 0 there.
 */
struct addrspace {
	struct btree ranges;
	struct btree sizes;
	struct btree_pool pool;
	uint64_t lowest;       /* first address added */
	uint64_t highest_live; /* highest address that ever was live */
	uint64_t free_bytes;
	uint64_t live_bytes;
	size_t free_ranges;
	size_t live_ranges;
	bool was_live;
};

/* The free range that an allocation cuts: its place in both trees, and where the cut begins. */
struct choice {
	struct btree_pos range;
	struct btree_pos size;
	uint64_t first;
};

static struct addrspace_range
range_at(const struct btree_pos *pos)
{
	return (struct addrspace_range){ btree_key(pos), btree_val(pos) };
}

/* size less one -> size, saturated */
static uint64_t
bytes(uint64_t size)
{
	return size == UINT64_MAX ? UINT64_MAX : size + 1;
}

/* Spaces. */

/* At worst an operation inserts two ranges side by side, which splits one chain, and two sizes. */
static int
prepare(struct addrspace *space)
{
	unsigned int need[2] = { 0 };

	if (space->ranges.height == BTREE_MAX_HEIGHT || space->sizes.height == BTREE_MAX_HEIGHT)
		return -ENOMEM;
	btree_need(&space->ranges, 2, need);
	btree_need(&space->sizes, 2, need);
	return btree_pool_fill(&space->pool, need);
}

int
addrspace_create(struct addrspace **space)
{
	static const unsigned int roots[2] = { 2, 0 }, none[2] = { 0 };
	struct addrspace *s;

	if (space == NULL)
		return -EINVAL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return -ENOMEM;
	if (btree_pool_fill(&s->pool, roots) != 0) {
		btree_pool_fill(&s->pool, none);
		free(s);
		return -ENOMEM;
	}
	btree_init(&s->ranges, &s->pool, true);
	btree_init(&s->sizes, &s->pool, false);
	*space = s;
	return 0;
}

void
addrspace_destroy(struct addrspace *space)
{
	static const unsigned int none[2] = { 0 };

	if (space == NULL)
		return;
	btree_fini(&space->ranges);
	btree_fini(&space->sizes);
	btree_pool_fill(&space->pool, none);
	free(space);
}

/* Books of the free and the live ranges. */

static void
note_free(struct addrspace *space, uint64_t first, uint64_t last)
{
	struct btree_pos pos;

	btree_seek(&space->sizes, last - first, first, &pos);
	btree_insert(&space->sizes, &pos, last - first, first, false);
	space->free_bytes += last - first + 1;
	space->free_ranges++;
}

/* pos: in the tree of sizes */
static void
forget_free(struct addrspace *space, struct btree_pos *pos)
{
	space->free_bytes -= btree_key(pos) + 1;
	space->free_ranges--;
	btree_erase(&space->sizes, pos);
}

static void
note_live(struct addrspace *space, uint64_t first, uint64_t last)
{
	space->live_bytes += last - first + 1;
	space->live_ranges++;
	if (!space->was_live || last > space->highest_live)
		space->highest_live = last;
	space->was_live = true;
}

/* Make size + 1 bytes of the chosen range live. */
static void
cut(struct addrspace *space, struct choice *choice, uint64_t size)
{
	struct btree_pos *pos = &choice->range;
	struct addrspace_range whole = range_at(pos);
	uint64_t first = choice->first, last = first + size;

	forget_free(space, &choice->size);
	/* The old range shrinks last, so that its bounds are given up only once. */
	if (last < whole.last) {
		note_free(space, last + 1, whole.last);
		btree_insert(&space->ranges, pos, last + 1, whole.last, false);
		btree_prev(&space->ranges, pos);
	}
	if (first > whole.first) {
		note_free(space, whole.first, first - 1);
		btree_insert(&space->ranges, pos, first, last, true);
		btree_prev(&space->ranges, pos);
		btree_set(&space->ranges, pos, first - 1, false);
	} else {
		btree_set(&space->ranges, pos, last, true);
	}
	note_live(space, first, last);
}

/* Forget the free neighbour of a range that is to be joined with it. */
static void
absorb(struct addrspace *space, const struct btree_pos *neighbour)
{
	struct btree_pos size;

	btree_seek(&space->sizes, btree_val(neighbour) - btree_key(neighbour),
			btree_key(neighbour), &size);
	forget_free(space, &size);
}

/* Make the range at pos, which is marked but not counted as live, free and join its neighbours. */
static void
release(struct addrspace *space, struct btree_pos *pos)
{
	struct btree_pos below = *pos, above = *pos;
	struct addrspace_range range = range_at(pos), all = range;
	bool low = btree_prev(&space->ranges, &below) && !btree_marked(&below) &&
			btree_val(&below) + 1 == range.first;
	bool high = btree_next(&space->ranges, &above) && !btree_marked(&above) &&
			btree_key(&above) == range.last + 1;

	if (low) {
		all.first = btree_key(&below);
		absorb(space, &below);
	}
	if (high) {
		all.last = btree_val(&above);
		absorb(space, &above);
	}
	note_free(space, all.first, all.last);
	btree_merge(&space->ranges, low ? &below : pos, low + high, all.last);
}

/* Choice of the range to cut. */

static uint64_t
align_mask(const struct addrspace_request *req)
{
	return req->align == 0 ? 0 : req->align - 1;
}

/* The lowest place for a request in a range, if there is one. */
static bool
place(const struct addrspace_request *req, struct addrspace_range range, uint64_t *first)
{
	uint64_t mask = align_mask(req);
	uint64_t low = range.first > req->window.first ? range.first : req->window.first;
	uint64_t last = range.last < req->window.last ? range.last : req->window.last;

	if (low > UINT64_MAX - mask)
		return false;
	*first = (low + mask) & ~mask;
	return *first <= last && last - *first >= req->size - 1;
}

/* The lowest place in the window; every range that may have one is tried. */
static bool
choose_lowest(const struct addrspace *space, const struct addrspace_request *req,
		struct choice *choice)
{
	struct fit need = fit_need(req->size - 1, align_mask(req));
	struct btree_pos *pos = &choice->range;
	bool more = btree_seek_fit(&space->ranges, &need, req->window.first, pos);

	for (; more; more = btree_next_fit(&space->ranges, &need, pos)) {
		if (btree_key(pos) > req->window.last)
			return false;
		if (place(req, range_at(pos), &choice->first))
			return btree_seek(&space->sizes, btree_val(pos) - btree_key(pos),
					btree_key(pos), &choice->size);
	}
	return false;
}

/* The best of the free ranges of size + 1 bytes or more, of which only some are tried. */
static bool
choose_size(const struct addrspace *space, const struct addrspace_request *req, uint64_t size,
		struct choice *choice)
{
	struct btree_pos *pos = &choice->size;
	struct addrspace_range range;
	unsigned int tries;
	bool more = true;

	if (!btree_seek(&space->sizes, size, 0, pos) || btree_key(pos) < size)
		more = btree_next(&space->sizes, pos);
	for (tries = 0; more && tries < MAX_TRIES; tries++) {
		range.first = btree_val(pos);
		range.last = range.first + btree_key(pos);
		if (place(req, range, &choice->first))
			return btree_seek(&space->ranges, range.first, UINT64_MAX, &choice->range);
		more = btree_next(&space->sizes, pos);
	}
	return false;
}

/* A range that is larger by the alignment fits wherever it lies, but for the window. */
static bool
choose_best(const struct addrspace *space, const struct addrspace_request *req,
		struct choice *choice)
{
	uint64_t size = req->size - 1, slack = align_mask(req);

	return choose_size(space, req, size, choice) ||
			(slack > 0 && size <= UINT64_MAX - slack &&
			 choose_size(space, req, size + slack, choice)) ||
			choose_lowest(space, req, choice);
}

static bool
request_valid(const struct addrspace_request *req)
{
	return req->size > 0 && (req->align & (req->align - 1)) == 0 &&
			req->window.first <= req->window.last &&
			(req->flags & ~ADDRSPACE_LOWEST) == 0;
}

/* Operations. */

int
addrspace_add(struct addrspace *space, uint64_t first, uint64_t last)
{
	struct btree_pos pos;
	int rc;

	if (space == NULL || last < first)
		return -EINVAL;
	if (btree_seek(&space->ranges, last, UINT64_MAX, &pos) && btree_val(&pos) >= first)
		return -EEXIST;
	rc = prepare(space);
	if (rc != 0)
		return rc;
	if (space->free_ranges + space->live_ranges == 0 || first < space->lowest)
		space->lowest = first;
	btree_insert(&space->ranges, &pos, first, last, true);
	release(space, &pos);
	return 0;
}

int
addrspace_alloc(struct addrspace *space, const struct addrspace_request *req, uint64_t *first)
{
	struct choice choice;
	bool found;
	int rc;

	if (space == NULL || req == NULL || first == NULL || !request_valid(req))
		return -EINVAL;
	if (req->flags & ADDRSPACE_LOWEST)
		found = choose_lowest(space, req, &choice);
	else
		found = choose_best(space, req, &choice);
	if (!found)
		return -ENOSPC;
	rc = prepare(space);
	if (rc != 0)
		return rc;
	cut(space, &choice, req->size - 1);
	*first = choice.first;
	return 0;
}

int
addrspace_reserve(struct addrspace *space, uint64_t first, uint64_t last)
{
	struct choice choice = { .first = first };
	struct addrspace_range range;
	int rc;

	if (space == NULL || last < first)
		return -EINVAL;
	if (!btree_seek(&space->ranges, first, UINT64_MAX, &choice.range))
		return -ERANGE;
	range = range_at(&choice.range);
	if (range.last < first)
		return -ERANGE;
	if (btree_marked(&choice.range))
		return -EEXIST;
	/* Free neighbours are one range: what follows this one at once is live. */
	if (range.last < last)
		return btree_next(&space->ranges, &choice.range) &&
				btree_key(&choice.range) == range.last + 1 ? -EEXIST : -ERANGE;
	rc = prepare(space);
	if (rc != 0)
		return rc;
	btree_seek(&space->sizes, range.last - range.first, range.first, &choice.size);
	cut(space, &choice, last - first);
	return 0;
}

int
addrspace_free(struct addrspace *space, uint64_t first, uint64_t *size)
{
	struct addrspace_range range;
	struct btree_pos pos;
	int rc;

	if (space == NULL)
		return -EINVAL;
	if (!btree_seek(&space->ranges, first, UINT64_MAX, &pos) || btree_val(&pos) < first)
		return -ERANGE;
	range = range_at(&pos);
	if (!btree_marked(&pos))
		return -ENOENT;
	if (range.first != first)
		return -EFAULT;
	rc = prepare(space);
	if (rc != 0)
		return rc;
	space->live_bytes -= range.last - range.first + 1;
	space->live_ranges--;
	release(space, &pos);
	if (size != NULL)
		*size = bytes(range.last - range.first);
	return 0;
}

/* Queries. */

static void
tell(const struct btree_pos *pos, struct addrspace_range *range, enum addrspace_state *state)
{
	if (range != NULL)
		*range = range_at(pos);
	if (state != NULL)
		*state = btree_marked(pos) ? ADDRSPACE_LIVE : ADDRSPACE_FREE;
}

int
addrspace_find(const struct addrspace *space, uint64_t addr, struct addrspace_range *range,
		enum addrspace_state *state)
{
	struct btree_pos pos;

	if (space == NULL)
		return -EINVAL;
	if (!btree_seek(&space->ranges, addr, UINT64_MAX, &pos) || btree_val(&pos) < addr)
		return -ERANGE;
	tell(&pos, range, state);
	return 0;
}

int
addrspace_next(const struct addrspace *space, uint64_t addr, struct addrspace_range *range,
		enum addrspace_state *state)
{
	struct btree_pos pos;

	if (space == NULL || range == NULL || state == NULL)
		return -EINVAL;
	if ((!btree_seek(&space->ranges, addr, UINT64_MAX, &pos) || btree_val(&pos) < addr) &&
			!btree_next(&space->ranges, &pos))
		return -ENOENT;
	tell(&pos, range, state);
	return 0;
}

/* A count of bytes that wrapped to 0 though there are ranges is 2^64. */
static uint64_t
saturate(uint64_t sum, size_t ranges)
{
	return sum == 0 && ranges > 0 ? UINT64_MAX : sum;
}

int
addrspace_stats_get(const struct addrspace *space, struct addrspace_stats *stats)
{
	struct btree_pos pos;

	if (space == NULL || stats == NULL)
		return -EINVAL;
	*stats = (struct addrspace_stats){
		.free_bytes = saturate(space->free_bytes, space->free_ranges),
		.live_bytes = saturate(space->live_bytes, space->live_ranges),
		.free_ranges = space->free_ranges,
		.live_ranges = space->live_ranges,
	};
	if (btree_seek(&space->sizes, UINT64_MAX, UINT64_MAX, &pos))
		stats->largest_free = bytes(btree_key(&pos));
	if (space->was_live)
		stats->high_water = bytes(space->highest_live - space->lowest);
	return 0;
}
