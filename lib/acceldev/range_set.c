/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "range_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
range_set_fini(struct range_set *set)
{
	free(set->ranges);
	*set = (struct range_set){ .ranges = NULL };
}

int
range_set_reserve(struct range_set *set)
{
	size_t room = set->room != 0 ? 2 * set->room : 4;
	struct range *ranges;

	if (set->n < set->room)
		return 0;
	ranges = realloc(set->ranges, room * sizeof(*ranges));
	if (ranges == NULL)
		return -ENOMEM;
	set->ranges = ranges;
	set->room = room;
	return 0;
}

/* The first range that ends at or after a number: those before it lie below and do not touch it. */
static size_t
find(const struct range_set *set, size_t number)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (set->ranges[mid].end < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Put nb_new ranges in the place of those from first up to, not including, last. */
static void
replace(struct range_set *set, size_t first, size_t last, const struct range *new, size_t nb_new)
{
	memmove(&set->ranges[first + nb_new], &set->ranges[last],
			(set->n - last) * sizeof(*set->ranges));
	memcpy(&set->ranges[first], new, nb_new * sizeof(*new));
	set->n += nb_new - (last - first);
}

int
range_set_add(struct range_set *set, size_t first, size_t end)
{
	struct range all = { first, end };
	size_t from, to;

	if (range_set_reserve(set) != 0)
		return -ENOMEM;
	from = find(set, first);
	for (to = from; to < set->n && set->ranges[to].first <= end; to++) {
		if (set->ranges[to].first < all.first)
			all.first = set->ranges[to].first;
		if (set->ranges[to].end > all.end)
			all.end = set->ranges[to].end;
	}
	replace(set, from, to, &all, 1);
	return 0;
}

int
range_set_remove(struct range_set *set, size_t first, size_t end)
{
	struct range rest[2];
	size_t from, to, n = 0;

	if (range_set_reserve(set) != 0)
		return -ENOMEM;
	from = find(set, first);
	for (to = from; to < set->n && set->ranges[to].first < end; to++) {
		if (set->ranges[to].first < first)
			rest[n++] = (struct range){ set->ranges[to].first, first };
		if (set->ranges[to].end > end)
			rest[n++] = (struct range){ end, set->ranges[to].end };
	}
	replace(set, from, to, rest, n);
	return 0;
}

struct range
range_set_next(const struct range_set *set, size_t first, size_t end)
{
	size_t at = find(set, first);
	struct range part;

	if (at < set->n && set->ranges[at].end == first)
		at++; /* it ends just before */
	if (at == set->n || set->ranges[at].first >= end)
		return (struct range){ end, end };
	part = set->ranges[at];
	if (part.first < first)
		part.first = first;
	if (part.end > end)
		part.end = end;
	return part;
}
