/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "set.h"

#include <errno.h>
#include <stdlib.h>

#include "life.h"
#include "words.h"

static int
compare(const struct enn_set *a, const struct enn_set *b)
{
	uintptr_t x = (uintptr_t)a->array, y = (uintptr_t)b->array;

	return (x > y) - (x < y);
}

RB_HEAD(sets, enn_set);
RB_GENERATE_INTERNAL(sets, enn_set, entry, compare, static __attribute__((unused)))

static struct sets all = RB_INITIALIZER(&all);
static struct enn_set_list kept = TAILQ_HEAD_INITIALIZER(kept); /* the oldest first */
static unsigned int nb_kept;

struct enn_set *
enn_set_alloc(unsigned int n)
{
	struct enn_set *set = calloc(1, sizeof(*set));

	if (set != NULL) {
		set->n = n;
		set->buffers = calloc(n + 1, sizeof(*set->buffers));
		set->array = calloc(n + 1, sizeof(*set->array));
		if (set->buffers != NULL && set->array != NULL)
			return set;
		enn_set_free(set);
	}
	TELL("no memory for an array of %u buffers", n);
	return NULL;
}

void
enn_set_free(struct enn_set *set)
{
	unsigned int i;

	for (i = 0; set->buffers != NULL && i < set->n; i++) {
		if (set->buffers[i] != NULL)
			enn_buffer_discard(set->buffers[i]);
	}
	free(set->buffers);
	free(set->array);
	free(set);
}

static void
move_to(struct enn_set *set, struct enn_set_list *list)
{
	if (set->list != NULL)
		TAILQ_REMOVE(set->list, set, node);
	if (set->list == &kept)
		nb_kept--;
	set->list = list;
	if (list != NULL)
		TAILQ_INSERT_TAIL(list, set, node);
	if (list == &kept)
		nb_kept++;
}

void
enn_set_add(struct enn_set *set, struct enn_set_list *list)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		set->buffers[i]->in_set = true;
		set->array[i] = &set->buffers[i]->pub;
		enn_buffer_add(set->buffers[i]);
	}
	RB_INSERT(sets, &all, set);
	move_to(set, list);
}

static void
end_memory(struct enn_set *set)
{
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		if (!set->buffers[i]->ended)
			enn_buffer_end_memory(set->buffers[i]);
	}
}

static void
end(struct enn_set *set)
{
	unsigned int i;

	end_memory(set);
	RB_REMOVE(sets, &all, set);
	move_to(set, NULL);
	for (i = 0; i < set->n; i++)
		enn_buffer_put(set->buffers[i]);
	set->n = 0;
	enn_set_free(set);
}

void
enn_set_end_model(struct enn_set_list *list)
{
	struct enn_set *set;

	while ((set = TAILQ_FIRST(list)) != NULL) {
		end_memory(set);
		move_to(set, &kept);
		if (nb_kept > ENN_SETS_KEPT)
			end(TAILQ_FIRST(&kept));
	}
}

void
enn_set_end_all(void)
{
	struct enn_set *set;

	while ((set = TAILQ_FIRST(&kept)) != NULL)
		end(set);
}

int
enn_set_release(EnnBufferPtr *array, int32_t n)
{
	struct enn_set *set, key = { .array = array };
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	set = RB_FIND(sets, &all, &key);
	if (set == NULL) {
		TELL("%p is no array of buffers: made up, or released already", (void *)array);
		return enn_end(-EINVAL);
	}
	if (n < 0 || (unsigned int)n != set->n) {
		TELL("array %p has %u buffers, not %d: release all", (void *)array, set->n, n);
		return enn_end(-EINVAL);
	}
	end(set);
	return enn_end(0);
}
