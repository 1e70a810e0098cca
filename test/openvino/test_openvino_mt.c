/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Several threads at once. What they do is checked by each for itself; CUnit's assertions are for
 * one thread, so threads count what is wrong.
 */
#include <pthread.h>
#include <string.h>

#include <acceldev/openvino.h>

#include "ov_case.h"

#define THREADS 8
#define SIZE    4096

struct worker {
	pthread_t thread;
	unsigned int id;
	unsigned int rounds;
	unsigned int wrong;
	unsigned int done;
	const struct place *place;
	struct acceldev_ov_allocator *allocator;
	void *handle;
};

/* Memory that one thread allocates and another one frees. */
static struct {
	pthread_mutex_t lock;
	void *handles[64];
	unsigned int n;
} shelf = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct acceldev_ov_allocator *
make(const struct place *place)
{
	struct acceldev_ov_allocator *a = NULL;

	acceldev_ov_create(place->spec, place->bank, place->flags, &a);
	return a;
}

/* Let all do the same, with some rounds fewer where each lock copies. */
static void
run_with(const struct place *place, unsigned int rounds, struct acceldev_ov_allocator *a,
		void *handle, void *(*fn)(void *arg), struct worker *w)
{
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		w[i] = (struct worker){
			.id = i, .rounds = place->bank >= 0 ? rounds / 4 : rounds, .place = place,
			.allocator = a, .handle = handle,
		};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w[i].thread, NULL, fn, &w[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		CU_ASSERT_EQUAL(pthread_join(w[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(w[i].wrong, 0);
	}
}

static void
run(const struct place *place, unsigned int rounds, void *(*fn)(void *arg))
{
	struct worker w[THREADS];
	struct acceldev_ov_allocator *a = make(place);

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	run_with(place, rounds, a, NULL, fn, w);
	acceldev_ov_put(a);
}

/*
 * Memory of its own
 */

static bool
use(void *handle, unsigned int value)
{
	unsigned char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	bool good;

	if (va == NULL)
		return false;
	memset(va, (int)value, SIZE);
	acceldev_ov_unlock(va);
	acceldev_ov_unlock(handle);
	good = acceldev_ov_lock(handle, ACCELDEV_OV_READ) == va &&
			case_is_filled(va, SIZE, (unsigned char)value);
	acceldev_ov_unlock(handle);
	return good;
}

static void *
allocate_and_free(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->rounds; i++) {
		void *handle = acceldev_ov_alloc(w->allocator, SIZE, 0);

		w->wrong += !use(handle, i * THREADS + w->id);
		w->wrong += !acceldev_ov_free(handle);
	}
	return NULL;
}

static void
own_memory(const struct place *place)
{
	run(place, 400, allocate_and_free);
}

static void
own_memory_everywhere(void)
{
	case_each(own_memory);
}

/* The device comes and goes with each. */
static void *
create_and_put(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->rounds; i++) {
		struct acceldev_ov_allocator *a = make(w->place);
		void *handle = acceldev_ov_alloc(a, SIZE, 0);

		acceldev_ov_put(a);
		w->wrong += !use(handle, i);
		w->wrong += !acceldev_ov_free(handle);
	}
	return NULL;
}

static void
own_allocator(const struct place *place)
{
	struct worker w[THREADS];

	run_with(place, 20, NULL, NULL, create_and_put, w);
}

static void
own_allocator_everywhere(void)
{
	case_each(own_allocator);
}

/*
 * Allocated here, freed there
 */

static void *
change_on_shelf(void *handle)
{
	void *other = NULL;

	pthread_mutex_lock(&shelf.lock);
	if (handle != NULL && shelf.n < 64)
		shelf.handles[shelf.n++] = handle;
	else if (handle == NULL && shelf.n > 0)
		other = shelf.handles[--shelf.n];
	else
		other = handle;
	pthread_mutex_unlock(&shelf.lock);
	return other;
}

static void *
allocate_or_free(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->rounds; i++) {
		void *handle = w->id % 2 == 0 ? acceldev_ov_alloc(w->allocator, SIZE, 0) : NULL;

		w->wrong += w->id % 2 == 0 && handle == NULL;
		handle = change_on_shelf(handle);
		if (handle != NULL)
			w->wrong += !use(handle, i) || !acceldev_ov_free(handle);
	}
	return NULL;
}

static void
freed_elsewhere(const struct place *place)
{
	struct worker w[THREADS];
	struct acceldev_ov_allocator *a = make(place);

	run_with(place, 400, a, NULL, allocate_or_free, w);
	acceldev_ov_put(a);
	while (shelf.n > 0)
		CU_ASSERT(acceldev_ov_free(shelf.handles[--shelf.n]));
}

static void
freed_elsewhere_everywhere(void)
{
	case_each(freed_elsewhere);
}

/*
 * The same memory
 */

/* Each has bytes of its own, and all write at the same time. */
static void *
write_a_part(void *arg)
{
	struct worker *w = arg;
	unsigned int i;
	size_t part = SIZE / THREADS;

	for (i = 0; i < w->rounds; i++) {
		unsigned char *va = acceldev_ov_lock(w->handle, ACCELDEV_OV_WRITE);

		if (va == NULL) {
			w->wrong++;
			continue;
		}
		va += w->id * part;
		memset(va, (int)i, part);
		w->wrong += !case_is_filled(va, part, (unsigned char)i);
		if (w->place->bank < 0)
			acceldev_ov_unlock(w->handle);
	}
	return NULL;
}

/* In a bank they unlock when all are done. */
static void
written_by_all(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle = acceldev_ov_alloc(a, SIZE, 0);
	struct worker w[THREADS];
	unsigned char *va;

	acceldev_ov_put(a);
	acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	run_with(place, 400, NULL, handle, write_a_part, w);
	acceldev_ov_unlock(handle);
	va = acceldev_ov_lock(handle, ACCELDEV_OV_READ);
	CU_ASSERT(case_is_filled(va, SIZE, (int)w[0].rounds - 1));
	if (place->bank >= 0)
		CU_ASSERT_EQUAL(case_device_has(va, SIZE), (unsigned char)(w[0].rounds - 1));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
written_by_all_everywhere(void)
{
	case_each(written_by_all);
}

/* Locks and unlocks of all kinds: nothing waits, and nothing is lost that was there before. */
static void *
lock_and_unlock(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->rounds; i++) {
		w->wrong += acceldev_ov_lock(w->handle, (int)(i + w->id) % 2) == NULL;
		if (i % 3 != 0)
			acceldev_ov_unlock(w->handle);
		if (i % 5 == 0)
			acceldev_ov_unlock(w->handle);
	}
	return NULL;
}

static void
locked_by_all(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle = acceldev_ov_alloc(a, SIZE, 0);
	struct worker w[THREADS];

	acceldev_ov_put(a);
	CU_ASSERT(use(handle, 5));
	run_with(place, 400, NULL, handle, lock_and_unlock, w);
	CU_ASSERT(case_is_filled(acceldev_ov_lock(handle, ACCELDEV_OV_READ), SIZE, 5));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
locked_by_all_everywhere(void)
{
	case_each(locked_by_all);
}

/* Of several threads that free memory at once one does, and none that locks it then crashes. */
static void *
lock_and_free(void *arg)
{
	struct worker *w = arg;

	if (w->id % 2 == 0) {
		acceldev_ov_lock(w->handle, (int)w->id / 2 % 2);
		acceldev_ov_unlock(w->handle);
	}
	w->done = acceldev_ov_free(w->handle);
	return NULL;
}

static void
freed_by_all(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	struct worker w[THREADS];
	unsigned int round, i, winners;

	for (round = 0; round < 30; round++) {
		run_with(place, 4, NULL, acceldev_ov_alloc(a, SIZE, 0), lock_and_free, w);
		for (i = 0, winners = 0; i < THREADS; i++)
			winners += w[i].done;
		CU_ASSERT_EQUAL(winners, 1);
	}
	acceldev_ov_put(a);
}

static void
freed_by_all_everywhere(void)
{
	case_each(freed_by_all);
}

static const struct test_case cases[] = {
	{ "memory of its own", own_memory_everywhere },
	{ "an allocator of its own", own_allocator_everywhere },
	{ "allocated here, freed there", freed_elsewhere_everywhere },
	{ "written by all", written_by_all_everywhere },
	{ "locked by all", locked_by_all_everywhere },
	{ "freed by all", freed_by_all_everywhere },
	{ NULL, NULL },
};

const struct test_suite ov_suites[] = {
	{ "threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
