/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef RANGE_SET_H
#define RANGE_SET_H

/**
 * @file
 * A set of numbers as sorted ranges that neither overlap nor touch. Threads: the caller's lock.
 */

#include <stddef.h>

struct range {
	size_t first;
	size_t end; /* one past the last */
};

/** Zeroed is empty. */
struct range_set {
	struct range *ranges;
	size_t n;
	size_t room;
};

/** Free what a set has; it is empty then. */
void range_set_fini(struct range_set *set);

/** Make room, so that one call of the others cannot fail: 0 or -ENOMEM. */
int range_set_reserve(struct range_set *set);

/** Add a range that is not empty: 0, or -ENOMEM and the set is as before. */
int range_set_add(struct range_set *set, size_t first, size_t end);

/** Take a range out, as far as it is in: 0, or -ENOMEM and the set is as before. */
int range_set_remove(struct range_set *set, size_t first, size_t end);

/** The first part of the set that lies within [first, end); empty when there is none. */
struct range range_set_next(const struct range_set *set, size_t first, size_t end);

#endif
