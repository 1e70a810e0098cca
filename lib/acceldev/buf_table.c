/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "buf_table.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

/* Descriptors that become usable at once, 1 MiB. */
#define STEP (1u << 14)

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct accel_buf *table;
static struct accel_buf *free_list;
static uint32_t nb_usable;
static uint32_t nb_used; /* descriptors from here on were never handed out */

static int
reserve_table(void)
{
	void *va;

	if (table != NULL)
		return 0;
	va = mmap(NULL, BUF_TABLE_MAX * sizeof(*table), PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (va == MAP_FAILED)
		return -1;
	__atomic_store_n(&table, va, __ATOMIC_RELEASE);
	return 0;
}

static int
extend_table(void)
{
	if (nb_used < nb_usable)
		return 0;
	if (reserve_table() != 0 || nb_usable == BUF_TABLE_MAX)
		return -1;
	if (mprotect(table + nb_usable, STEP * sizeof(*table), PROT_READ | PROT_WRITE) != 0)
		return -1;
	nb_usable += STEP;
	return 0;
}

struct accel_buf *
buf_table_get(void)
{
	struct accel_buf *buf;

	pthread_mutex_lock(&table_lock);
	buf = free_list;
	if (buf != NULL) {
		free_list = buf->link;
	} else if (extend_table() == 0) {
		buf = &table[nb_used];
		__atomic_store_n(&nb_used, nb_used + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&table_lock);
	return buf;
}

void
buf_table_put(struct accel_buf *buf)
{
	buf_state_set(buf, BUF_FREE);
	pthread_mutex_lock(&table_lock);
	buf->link = free_list;
	free_list = buf;
	pthread_mutex_unlock(&table_lock);
}

bool
buf_table_has(const struct accel_buf *buf)
{
	uintptr_t base = (uintptr_t)__atomic_load_n(&table, __ATOMIC_ACQUIRE);
	uintptr_t off = (uintptr_t)buf - base;

	return base != 0 && (uintptr_t)buf >= base && off % sizeof(*buf) == 0 &&
			off / sizeof(*buf) < __atomic_load_n(&nb_used, __ATOMIC_ACQUIRE);
}

uint32_t
buf_table_number(const struct accel_buf *buf)
{
	return (uint32_t)(buf - __atomic_load_n(&table, __ATOMIC_ACQUIRE));
}

struct accel_buf *
buf_table_at(uint32_t number)
{
	return __atomic_load_n(&table, __ATOMIC_ACQUIRE) + number;
}
