/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Handles: which are taken, and that others do no harm. And how long memory lives.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <acceldev/acceldev.h>
#include <acceldev/accel_ctx.h>
#include <acceldev/openvino.h>

#include "ov_case.h"

static struct acceldev_ov_allocator *
make(const struct place *place)
{
	struct acceldev_ov_allocator *a = NULL;

	CU_ASSERT_EQUAL_FATAL(acceldev_ov_create(place->spec, place->bank, place->flags, &a), 0);
	return a;
}

static bool
is_refused(void *handle)
{
	acceldev_ov_unlock(handle);
	return acceldev_ov_lock(handle, ACCELDEV_OV_READ) == NULL &&
			acceldev_ov_lock(handle, ACCELDEV_OV_WRITE) == NULL &&
			(handle == NULL || !acceldev_ov_free(handle));
}

static void *
off_by(const void *handle, uint64_t by)
{
	return (void *)((uintptr_t)handle + by);
}

static void
made_up(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	char local[256] = "", *heap = malloc(256);
	char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *handle = acceldev_ov_alloc(a, 4096, 0);
	char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	unsigned int bit;

	memset(va, 7, 4096);
	CU_ASSERT(is_refused(NULL));
	CU_ASSERT(acceldev_ov_free(NULL));
	CU_ASSERT(is_refused(GARBAGE));
	CU_ASSERT(is_refused(off_by(NULL, 1)));
	CU_ASSERT(is_refused(off_by(NULL, UINT64_MAX)));
	CU_ASSERT(is_refused(local));
	CU_ASSERT(is_refused(off_by(local, 64 - (uintptr_t)local % 64)));
	CU_ASSERT(is_refused(heap));
	CU_ASSERT(is_refused(page));
	CU_ASSERT(is_refused(a));
	CU_ASSERT(is_refused(off_by(handle, 4)));
	CU_ASSERT(is_refused(off_by(handle, 64)));
	CU_ASSERT(is_refused(off_by(handle, 4096)));
	for (bit = 0; bit < 64; bit++)
		CU_ASSERT(is_refused((void *)((uintptr_t)handle ^ UINT64_C(1) << bit)));
	CU_ASSERT(place->flags != 0 || is_refused(va));
	CU_ASSERT(is_refused(va + 64));
	CU_ASSERT(case_is_filled(acceldev_ov_lock(handle, ACCELDEV_OV_READ), 4096, 7));
	CU_ASSERT(acceldev_ov_free(handle));
	munmap(page, 4096);
	free(heap);
	acceldev_ov_put(a);
}

static void
made_up_everywhere(void)
{
	case_each(made_up);
}

/* Memory of the same device that others have is not taken for ours. */
static void
of_others(void)
{
	static const struct place place = { "", "soft:0", ACCELDEV_OV_HOST, ACCELDEV_OV_POINTERS };
	struct acceldev_ov_allocator *a = make(&place);
	struct accel_buf *buf = NULL;
	int dev_id = accel_dev_by_name("soft:0");

	CU_ASSERT_FATAL(dev_id >= 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc((uint16_t)dev_id, 4096, 0, 0, &buf), 0);
	CU_ASSERT(is_refused(buf));
	CU_ASSERT(is_refused(buf->va));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	acceldev_ov_put(a);
}

static void
freed_twice(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle = acceldev_ov_alloc(a, 4096, 0);
	char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);

	CU_ASSERT(acceldev_ov_free(handle));
	CU_ASSERT(is_refused(handle));
	CU_ASSERT(is_refused(va));
	acceldev_ov_put(a);
	CU_ASSERT(is_refused(handle));
}

static void
freed_twice_everywhere(void)
{
	case_each(freed_twice);
}

/* A handle is none any more when others have its place, but for one that is an address. */
static void
stale(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	unsigned int i, same = 0;

	for (i = 0; i < 10000; i++) {
		void *old = acceldev_ov_alloc(a, 4096, 0), *handle, *old_va, *va;

		old_va = acceldev_ov_lock(old, ACCELDEV_OV_READ);
		CU_ASSERT(acceldev_ov_free(old));
		handle = acceldev_ov_alloc(a, 4096, 0);
		va = acceldev_ov_lock(handle, ACCELDEV_OV_READ);
		same += va == old_va;
		if (old_va != va || place->flags == 0)
			CU_ASSERT(is_refused(old));
		CU_ASSERT(acceldev_ov_free(handle));
		if (place->bank >= 0 && i > 100)
			break; /* each lock copies */
	}
#if !defined(__SANITIZE_ADDRESS__)
	CU_ASSERT(same > 0); /* else it has shown nothing */
#endif
	acceldev_ov_put(a);
}

static void
stale_everywhere(void)
{
	case_each(stale);
}

/* All allocators have their handles in common. */
static void
given_to_another(const struct place *place)
{
	static const struct place plain = { "", NULL, ACCELDEV_OV_HOST, 0 };
	struct acceldev_ov_allocator *a = make(place), *b = make(&plain);
	void *ours = acceldev_ov_alloc(a, 64, 0), *theirs = acceldev_ov_alloc(b, 64, 0);

	CU_ASSERT_PTR_NOT_EQUAL(ours, theirs);
	acceldev_ov_put(a);
	acceldev_ov_put(b);
	CU_ASSERT(acceldev_ov_free(theirs));
	CU_ASSERT(acceldev_ov_free(ours));
}

static void
given_everywhere(void)
{
	case_each(given_to_another);
}

/*
 * Freed last, elsewhere
 */

static void *
use_and_free(void *handle)
{
	char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	bool good = va != NULL;

	if (good) {
		memset(va, 3, 10000);
		acceldev_ov_unlock(handle);
		va = acceldev_ov_lock(handle, ACCELDEV_OV_READ);
		good = va != NULL && va[9999] == 3;
	}
	return acceldev_ov_free(handle) && good ? NULL : handle;
}

static void
outlives(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle = acceldev_ov_alloc(a, 10000, 0), *wrong = NULL;
	pthread_t thread;

	acceldev_ov_put(a);
	CU_ASSERT_EQUAL(accel_dev_count(), place->spec != NULL);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, use_and_free, handle), 0);
	CU_ASSERT_EQUAL(pthread_join(thread, &wrong), 0);
	CU_ASSERT_PTR_NULL(wrong);
}

static void
outlives_everywhere(void)
{
	case_each(outlives);
}

/* Many at once, freed in another order; none is found by the handle of another. */
#define MANY 20000

static void
many(const struct place *place)
{
	static void *handles[MANY];
	struct acceldev_ov_allocator *a = make(place);
	unsigned int i, n = place->bank >= 0 ? 500 : MANY, wrong = 0;

	for (i = 0; i < n; i++) {
		handles[i] = acceldev_ov_alloc(a, 64, 0);
		*(unsigned int *)acceldev_ov_lock(handles[i], ACCELDEV_OV_WRITE) = i;
		acceldev_ov_unlock(handles[i]);
	}
	for (i = 0; i < n; i++) {
		unsigned int at = (i * 7919u) % n;
		const unsigned int *va = acceldev_ov_lock(handles[at], ACCELDEV_OV_READ);

		wrong += va == NULL || *va != at;
	}
	for (i = 0; i < n; i++)
		wrong += !acceldev_ov_free(handles[(i * 7919u) % n]);
	for (i = 0; i < n; i++)
		wrong += acceldev_ov_free(handles[i]);
	CU_ASSERT_EQUAL(wrong, 0);
	acceldev_ov_put(a);
}

static void
many_everywhere(void)
{
	case_each(many);
}

static const struct test_case cases[] = {
	{ "handles that are none", made_up_everywhere },
	{ "memory of others", of_others },
	{ "freed twice", freed_twice_everywhere },
	{ "stale handles", stale_everywhere },
	{ "of another allocator", given_everywhere },
	{ "outlives its allocator", outlives_everywhere },
	{ "many", many_everywhere },
	{ NULL, NULL },
};

const struct test_suite ov_suites[] = {
	{ "handles", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
