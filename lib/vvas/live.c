/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "live.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

static int
compare(const struct live *a, const struct live *b)
{
	uintptr_t x = (uintptr_t)a->self, y = (uintptr_t)b->self;

	return (x > y) - (x < y);
}

RB_HEAD(live_tree, live);
RB_GENERATE_INTERNAL(live_tree, live, entry, compare, static __attribute__((unused)))

static struct live_tree all = RB_INITIALIZER(&all);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void
live_add(struct live *live, enum live_kind kind, void *self, void (*free_self)(void *self))
{
	live->self = self;
	live->kind = kind;
	live->refs = 1;
	live->free = free_self;
	pthread_mutex_lock(&lock);
	RB_INSERT(live_tree, &all, live);
	pthread_mutex_unlock(&lock);
}

/* The lock is held. */
static struct live *
find(const void *address, enum live_kind kind)
{
	struct live key = { .self = (void *)(uintptr_t)address };
	struct live *live = RB_FIND(live_tree, &all, &key);

	return live != NULL && live->kind == kind ? live : NULL;
}

void *
live_get(const void *address, enum live_kind kind)
{
	struct live *live;

	pthread_mutex_lock(&lock);
	live = find(address, kind);
	if (live != NULL)
		live_hold(live);
	pthread_mutex_unlock(&lock);
	return live != NULL ? live->self : NULL;
}

void *
live_remove(const void *address, enum live_kind kind)
{
	struct live *live;

	pthread_mutex_lock(&lock);
	live = find(address, kind);
	if (live != NULL)
		RB_REMOVE(live_tree, &all, live);
	pthread_mutex_unlock(&lock);
	return live != NULL ? live->self : NULL;
}

void
live_hold(struct live *live)
{
	__atomic_add_fetch(&live->refs, 1, __ATOMIC_RELAXED);
}

void
live_put(struct live *live)
{
	if (__atomic_sub_fetch(&live->refs, 1, __ATOMIC_ACQ_REL) == 0)
		live->free(live->self);
}
