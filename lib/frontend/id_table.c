/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "id_table.h"

#include <errno.h>
#include <stdlib.h>

/* An id: generation (24 bits), salt (16 bits), place (24 bits). */
#define PLACE_BITS 24
#define SALT_BITS  16
#define PLACE_MASK ((1u << PLACE_BITS) - 1)
#define GEN_MASK   ((1u << 24) - 1)

struct id_slot {
	void *object;
	uint64_t number;
	uint32_t generation;
	uint32_t next_free; /* place plus 1, so that 0 is none */
};

void
id_table_init(struct id_table *table)
{
	static uint16_t salts = 0x100;

	*table = (struct id_table){ .salt = __atomic_add_fetch(&salts, 1, __ATOMIC_RELAXED) };
	pthread_mutex_init(&table->lock, NULL);
}

void
id_table_fini(struct id_table *table)
{
	free(table->slots);
	table->slots = NULL;
	table->nb_slots = 0;
	pthread_mutex_destroy(&table->lock);
}

static int
grow(struct id_table *table)
{
	uint32_t i, nb = table->nb_slots != 0 ? 2 * table->nb_slots : 16;
	struct id_slot *slots;

	if (nb > PLACE_MASK)
		return -1;
	slots = realloc(table->slots, nb * sizeof(*slots));
	if (slots == NULL)
		return -1;
	for (i = table->nb_slots; i < nb; i++)
		slots[i] = (struct id_slot){ .generation = 1, .next_free = i + 2 };
	slots[nb - 1].next_free = 0;
	table->first_free = table->nb_slots + 1;
	table->slots = slots;
	table->nb_slots = nb;
	return 0;
}

static uint64_t
id_of(const struct id_table *table, uint32_t place)
{
	return (uint64_t)table->slots[place].generation << (PLACE_BITS + SALT_BITS) |
			(uint64_t)table->salt << PLACE_BITS | place;
}

uint64_t
id_table_add(struct id_table *table, void *object, uint64_t number)
{
	uint64_t id = 0;
	uint32_t place;

	pthread_mutex_lock(&table->lock);
	if (table->first_free != 0 || grow(table) == 0) {
		place = table->first_free - 1;
		table->first_free = table->slots[place].next_free;
		table->slots[place].object = object;
		table->slots[place].number = number;
		id = id_of(table, place);
	}
	pthread_mutex_unlock(&table->lock);
	return id;
}

/* The lock is held. */
static struct id_slot *
find(struct id_table *table, uint64_t id)
{
	uint32_t place = (uint32_t)id & PLACE_MASK;

	if (place >= table->nb_slots || table->slots[place].object == NULL ||
			id_of(table, place) != id)
		return NULL;
	return &table->slots[place];
}

void *
id_table_find(struct id_table *table, uint64_t id, void (*hold)(void *object))
{
	const struct id_slot *slot;
	void *object = NULL;

	pthread_mutex_lock(&table->lock);
	slot = find(table, id);
	if (slot != NULL) {
		object = slot->object;
		if (hold != NULL)
			hold(object);
	}
	pthread_mutex_unlock(&table->lock);
	return object;
}

int
id_table_number(struct id_table *table, uint64_t id, uint64_t *number)
{
	const struct id_slot *slot;

	pthread_mutex_lock(&table->lock);
	slot = find(table, id);
	if (slot != NULL)
		*number = slot->number;
	pthread_mutex_unlock(&table->lock);
	return slot != NULL ? 0 : -ENOENT;
}

/* The lock is held. */
static void *
take_out(struct id_table *table, struct id_slot *slot)
{
	void *object = slot->object;

	slot->object = NULL;
	slot->generation = slot->generation == GEN_MASK ? 1 : slot->generation + 1;
	slot->next_free = table->first_free;
	table->first_free = (uint32_t)(slot - table->slots) + 1;
	return object;
}

void *
id_table_remove(struct id_table *table, uint64_t id)
{
	struct id_slot *slot;
	void *object = NULL;

	pthread_mutex_lock(&table->lock);
	slot = find(table, id);
	if (slot != NULL)
		object = take_out(table, slot);
	pthread_mutex_unlock(&table->lock);
	return object;
}

void *
id_table_remove_any(struct id_table *table)
{
	void *object = NULL;
	uint32_t i;

	pthread_mutex_lock(&table->lock);
	for (i = 0; i < table->nb_slots && object == NULL; i++) {
		if (table->slots[i].object != NULL)
			object = take_out(table, &table->slots[i]);
	}
	pthread_mutex_unlock(&table->lock);
	return object;
}
