/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * No memory for the books: each allocation of the library fails once. Its sources are in the
 * program.
 */
#include <errno.h>
#include <string.h>

#include <acceldev/accel_dev.h>
#include <acceldev/openvino.h>

#include "fail_malloc.h"
#include "ov_case.h"

#define MANY 20000

/* Returns whether everything worked. What did not has left nothing behind. */
static bool
try(const struct place *place)
{
	struct acceldev_ov_allocator *a = NULL;
	void *handle = NULL;
	int ret = acceldev_ov_create(place->spec, place->bank, place->flags, &a);

	CU_ASSERT(ret == 0 || ret == -ENOMEM);
	CU_ASSERT_EQUAL((a != NULL), (ret == 0));
	if (ret == 0)
		handle = acceldev_ov_alloc(a, 4096, 0);
	acceldev_ov_put(a);
	if (handle != NULL) {
		CU_ASSERT_PTR_NOT_NULL(acceldev_ov_lock(handle, ACCELDEV_OV_WRITE));
		acceldev_ov_unlock(handle);
		CU_ASSERT(acceldev_ov_free(handle));
	}
	return handle != NULL;
}

static void
each_fails_once(const struct place *place)
{
	struct acceldev_ov_allocator *keep = NULL;
	unsigned int nth, failures = 0;
	uint64_t left = 0;
	bool failed;

	CU_ASSERT_EQUAL_FATAL(acceldev_ov_create(place->spec, place->bank, place->flags, &keep), 0);
	if (place->bank >= 0)
		left = case_bank_free(place);
	for (nth = 1; nth < 20; nth++) {
		bool worked;

		fail_malloc_arm(nth);
		worked = try(place);
		failed = fail_malloc_disarm();
		CU_ASSERT_EQUAL(worked, !failed);
		failures += failed;
		if (place->bank >= 0)
			CU_ASSERT_EQUAL(case_bank_free(place), left);
	}
	CU_ASSERT(failures >= 2 && !failed);
	acceldev_ov_put(keep);
}

static void
each_fails_everywhere(void)
{
	case_each(each_fails_once);
}

/* A table that cannot grow has room all the same. */
static void
no_growth(void)
{
	static void *handles[MANY];
	struct acceldev_ov_allocator *a = NULL;
	unsigned int i, failures = 0, refusals = 0, wrong = 0;

	CU_ASSERT_EQUAL_FATAL(acceldev_ov_create(NULL, ACCELDEV_OV_HOST, 0, &a), 0);
	for (i = 0; i < MANY; i++) {
		fail_malloc_arm(2); /* the first one is for the memory itself */
		handles[i] = acceldev_ov_alloc(a, 64, 0);
		failures += fail_malloc_disarm();
		if (handles[i] == NULL) { /* in a part of the table that was never used */
			handles[i] = acceldev_ov_alloc(a, 64, 0);
			refusals++;
		}
		wrong += acceldev_ov_lock(handles[i], ACCELDEV_OV_WRITE) == NULL;
	}
	CU_ASSERT(failures > refusals + 1000);
	for (i = 0; i < MANY; i++)
		wrong += !acceldev_ov_free(handles[i]) || acceldev_ov_free(handles[i]);
	CU_ASSERT_EQUAL(wrong, 0);
	acceldev_ov_put(a);
}

static const struct test_case cases[] = {
	{ "each allocation fails once", each_fails_everywhere },
	{ "a table that does not grow", no_growth },
	{ NULL, NULL },
};

const struct test_suite ov_suites[] = {
	{ "no memory", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
