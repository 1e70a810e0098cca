/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "handle_table.h"

#include <sys/mman.h>

/* Bytes that become memory at once. */
#define STEP ((size_t)256 << 10)

static int
reserve(struct handle_table *table)
{
	void *va;

	if (table->base != NULL)
		return 0;
	va = mmap(NULL, table->max * table->size + STEP, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (va == MAP_FAILED)
		return -1;
	__atomic_store_n(&table->base, va, __ATOMIC_RELEASE);
	return 0;
}

/* Make the next object memory. */
static int
extend(struct handle_table *table)
{
	if (table->nb_used == table->max || reserve(table) != 0)
		return -1;
	if ((table->nb_used + 1) * table->size <= table->usable)
		return 0;
	if (mprotect(table->base + table->usable, STEP, PROT_READ | PROT_WRITE) != 0)
		return -1;
	table->usable += STEP;
	return 0;
}

void *
handle_get(struct handle_table *table)
{
	void *object;

	pthread_mutex_lock(&table->lock);
	object = table->free_list;
	if (object != NULL) {
		table->free_list = *(void **)object;
	} else if (extend(table) == 0) {
		object = table->base + table->nb_used * table->size;
		__atomic_store_n(&table->nb_used, table->nb_used + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&table->lock);
	return object;
}

bool
handle_is_full(const struct handle_table *table)
{
	return __atomic_load_n(&table->nb_used, __ATOMIC_ACQUIRE) == table->max;
}

void
handle_put(struct handle_table *table, void *object)
{
	pthread_mutex_lock(&table->lock);
	*(void **)object = table->free_list;
	table->free_list = object;
	pthread_mutex_unlock(&table->lock);
}

bool
handle_has(const struct handle_table *table, const void *object)
{
	uintptr_t base = (uintptr_t)__atomic_load_n(&table->base, __ATOMIC_ACQUIRE);
	uintptr_t off = (uintptr_t)object - base;

	return base != 0 && (uintptr_t)object >= base && off % table->size == 0 &&
			off / table->size < __atomic_load_n(&table->nb_used, __ATOMIC_ACQUIRE);
}
