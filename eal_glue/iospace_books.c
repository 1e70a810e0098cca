/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iospace_books.h"

#include <errno.h>
#include <stdlib.h>

bool
iospace_is_usable(uint64_t first, uint64_t last, const struct iospace_info *info,
		const struct addrspace_range *window)
{
	unsigned int i;

	for (i = 0; i < info->nb_ranges; i++) {
		if (first >= info->ranges[i].first && last <= info->ranges[i].last &&
				first >= window->first && last <= window->last)
			return true;
	}
	return false;
}

/* Reserve what is free between first and last. */
static int
withdraw(struct addrspace *books, uint64_t first, uint64_t last)
{
	struct addrspace_range r;
	enum addrspace_state state;
	int ret = 0;

	while (ret == 0 && first <= last && addrspace_next(books, first, &r, &state) == 0 &&
			r.first <= last) {
		uint64_t from = r.first > first ? r.first : first;
		uint64_t to = r.last < last ? r.last : last;

		if (state == ADDRSPACE_FREE)
			ret = addrspace_reserve(books, from, to);
		if (to == UINT64_MAX)
			break;
		first = to + 1;
	}
	return ret;
}

static int
compare_ranges(const void *a, const void *b)
{
	const struct addrspace_range *ra = a, *rb = b;

	return ra->first < rb->first ? -1 : ra->first > rb->first;
}

static int
withdraw_outside(struct addrspace *books, struct iospace_info *info,
		const struct addrspace_range *window)
{
	uint64_t next = window->first;
	unsigned int i;
	int ret = 0;

	qsort(info->ranges, info->nb_ranges, sizeof(*info->ranges), compare_ranges);
	if (window->first > 0)
		ret = withdraw(books, 0, window->first - 1);
	if (ret == 0 && window->last < UINT64_MAX)
		ret = withdraw(books, window->last + 1, UINT64_MAX);
	for (i = 0; i < info->nb_ranges && ret == 0; i++) {
		if (info->ranges[i].first > next)
			ret = withdraw(books, next, info->ranges[i].first - 1);
		if (info->ranges[i].last == UINT64_MAX)
			return ret;
		next = info->ranges[i].last + 1;
	}
	return ret == 0 ? withdraw(books, next, UINT64_MAX) : ret;
}

static int
copy(const struct addrspace *from, struct addrspace *to)
{
	struct addrspace_range r = { .last = UINT64_MAX }; /* before the first address */
	enum addrspace_state state;
	int ret = 0;

	while (ret == 0 && addrspace_next(from, r.last + 1, &r, &state) == 0) {
		ret = addrspace_add(to, r.first, r.last);
		if (ret == 0 && state == ADDRSPACE_LIVE)
			ret = addrspace_reserve(to, r.first, r.last);
		if (r.last == UINT64_MAX)
			break;
	}
	return ret;
}

/* Books need memory also to take back what was reserved: so it is done in a copy of them. */
int
iospace_books_narrow(struct addrspace **books, struct iospace_info *info,
		const struct addrspace_range *window)
{
	struct addrspace *narrow;
	int ret = addrspace_create(&narrow);

	if (ret != 0)
		return ret;
	ret = copy(*books, narrow);
	if (ret == 0)
		ret = withdraw_outside(narrow, info, window);
	if (ret != 0) {
		addrspace_destroy(narrow);
		return ret;
	}
	addrspace_destroy(*books);
	*books = narrow;
	return 0;
}
