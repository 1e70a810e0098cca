/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ID_TABLE_H
#define ID_TABLE_H

/**
 * @file
 * Opaque ids for objects of a front-end. An id is a number that is looked up, never a pointer that
 * is followed: one that was made up, belongs to another table or to an object that is gone finds
 * nothing. Ids are never 0, and none comes twice before 2^24 others had its place.
 *
 * Threads: any.
 */

#include <pthread.h>
#include <stdint.h>

struct id_slot;

struct id_table {
	pthread_mutex_t lock;
	struct id_slot *slots;
	uint32_t nb_slots;
	uint32_t first_free;
	uint16_t salt; /* tells ids of this table from those of others */
};

#define ID_TABLE_INITIALIZER(salt_) { .lock = PTHREAD_MUTEX_INITIALIZER, .salt = (salt_) }

/** Make an empty table; its salt is taken from a counter of the process. */
void id_table_init(struct id_table *table);

/** Free a table; its objects are the caller's. */
void id_table_fini(struct id_table *table);

/** Enter an object and a number beside it: its id, or 0 when there is no memory. */
uint64_t id_table_add(struct id_table *table, void *object, uint64_t number);

/** The number that was entered with an object: 0, or -ENOENT when the id is none. */
int id_table_number(struct id_table *table, uint64_t id, uint64_t *number);

/**
 * Find an object.
 *
 * @param hold  called with it before anybody else can remove it; may be NULL
 * @return the object; NULL when the id is none
 */
void *id_table_find(struct id_table *table, uint64_t id, void (*hold)(void *object));

/** Take an object out: it, or NULL when the id is none. Of several threads one gets it. */
void *id_table_remove(struct id_table *table, uint64_t id);

/** Take any object out; NULL when there is none. */
void *id_table_remove_any(struct id_table *table);

#endif
