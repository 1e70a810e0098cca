/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "object.h"

#include <stddef.h>
#include <unistd.h>

#include <frontend/id_table.h>

static struct id_table objects = ID_TABLE_INITIALIZER(0x0bae);

void *
object_add(struct object *object, enum object_kind kind,
		void (*free_object)(struct object *object))
{
	object->kind = kind;
	object->refs = 1;
	object->free = free_object;
	return (void *)(uintptr_t)id_table_add(&objects, object, kind);
}

static void
hold(void *object)
{
	__atomic_add_fetch(&((struct object *)object)->refs, 1, __ATOMIC_RELAXED);
}

void *
object_get(const void *id, enum object_kind kind)
{
	struct object *object = id_table_find(&objects, (uintptr_t)id, hold);

	if (object != NULL && object->kind != kind) {
		object_put(object);
		return NULL;
	}
	return object;
}

void
object_put(void *object)
{
	struct object *o = object;

	if (__atomic_sub_fetch(&o->refs, 1, __ATOMIC_ACQ_REL) == 0)
		o->free(o);
}

/* Who lets go must not touch the object after that, so nobody can be woken: look now and then. */
void
object_wait_alone(const void *object)
{
	const struct object *o = object;

	while (__atomic_load_n(&o->refs, __ATOMIC_ACQUIRE) != 1)
		usleep(50);
}

void *
object_remove(const void *id, enum object_kind kind)
{
	uint64_t is;

	if (id_table_number(&objects, (uintptr_t)id, &is) != 0 || is != kind)
		return NULL;
	return id_table_remove(&objects, (uintptr_t)id);
}
