/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem_model.h"

#include <errno.h>
#include <string.h>

void
model_init(struct mem_model *model, unsigned int n, uint64_t base, uint64_t scale)
{
	*model = (struct mem_model){ .n = n, .base = base, .scale = scale };
}

static bool
is_all(const struct mem_model *model, unsigned int at, unsigned int len, enum mem_unit what)
{
	for (unsigned int u = at; u < at + len; u++)
		if (u >= model->n || model->unit[u] != what)
			return false;
	return true;
}

static void
set(struct mem_model *model, unsigned int at, unsigned int len, enum mem_unit what)
{
	for (unsigned int u = at; u < at + len; u++)
		model->unit[u] = what;
}

int
model_add(struct mem_model *model, unsigned int at, unsigned int len)
{
	if (!is_all(model, at, len, UNIT_ABSENT))
		return EEXIST;
	set(model, at, len, UNIT_FREE);
	return 0;
}

int
model_get(struct mem_model *model, unsigned int *at, unsigned int len)
{
	uint64_t align = (len & -len) * model->scale;

	for (unsigned int u = 0; u + len <= model->n; u++) {
		if (model_address(model, u) % align != 0 || !is_all(model, u, len, UNIT_FREE))
			continue;
		set(model, u, len, UNIT_ALLOCATED);
		model->allocated[model->nb_allocated++] = (struct mem_range){ u, len };
		*at = u;
		return 0;
	}
	return ENOSPC;
}

int
model_put(struct mem_model *model, unsigned int at)
{
	struct mem_range *range = model->allocated;
	unsigned int i;

	for (i = 0; i < model->nb_allocated; i++, range++) {
		if (range->at != at)
			continue;
		set(model, at, range->len, UNIT_FREE);
		model->nb_allocated--;
		memmove(range, range + 1, (model->nb_allocated - i) * sizeof(*range));
		return 0;
	}
	return ENOENT;
}

void
model_constrain(struct mem_model *model, const struct mem_model *by)
{
	for (unsigned int u = 0; u < model->n; u++)
		if (model->unit[u] == UNIT_FREE && by->unit[u] != UNIT_FREE)
			model->unit[u] = UNIT_ABSENT;
}

static bool
link_is(const struct mem_model *model, const struct mem_link *link, unsigned int at,
		unsigned int len)
{
	return link->address == model_address(model, at) && link->size == len * model->scale &&
			link->next->prev == link && link->prev->next == link;
}

static bool
free_agrees(const struct mem_model *model, const struct mem_link *head)
{
	const struct mem_link *link = head->next;
	unsigned int u = 0, end;

	for (; u < model->n; u = end) {
		for (end = u; end < model->n && model->unit[end] == model->unit[u];)
			end++;
		if (model->unit[u] != UNIT_FREE)
			continue;
		if (link == head || !link_is(model, link, u, end - u))
			return false;
		link = link->next;
	}
	return link == head;
}

bool
model_agrees(const struct mem_model *model, const struct mem_alloc *m)
{
	const struct mem_link *link = m->allocated.next;
	unsigned int i;

	for (i = 0; i < model->nb_allocated; i++, link = link->next) {
		if (link == &m->allocated || !link_is(model, link, model->allocated[i].at,
				model->allocated[i].len))
			return false;
	}
	return link == &m->allocated && free_agrees(model, &m->free);
}
