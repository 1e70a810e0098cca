/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * No memory for the books: each allocation of the library fails once. Its sources are in the
 * program.
 */
#include <stdlib.h>
#include <string.h>

#include "enn_case.h"
#include "fail_malloc.h"

/* What a call gives when an allocation fails in it, or not. */
static EnnReturn
expected(bool failed)
{
	return failed ? ENN_RET_MEM_ERR : ENN_RET_SUCCESS;
}

/* Have a call's nth allocation fail; what it gave, and whether one failed. */
#define FAILING(nth, call, got, failed)                                                            \
	do {                                                                                       \
		fail_malloc_arm(nth);                                                              \
		got = (call);                                                                      \
		failed = fail_malloc_disarm();                                                     \
		CU_ASSERT_EQUAL(got, expected(failed));                                            \
	} while (0)

static void
open_fails(void)
{
	struct fake_image image = fake_image(1, 1, 100);
	unsigned int nth, failures = 0;
	struct case_usage before;
	EnnModelId model;
	EnnReturn got;
	bool failed = true;

	case_begin_warm();
	before = case_usage();
	for (nth = 1; failed; nth++) {
		model = 7;
		FAILING(nth, EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model),
				got, failed);
		failures += failed;
		CU_ASSERT_EQUAL(model == 0, got != ENN_RET_SUCCESS);
		if (got == ENN_RET_SUCCESS)
			ASSERT_OK(EnnCloseModel(model));
		case_no_leak(&before);
	}
	CU_ASSERT(failures >= 2);
	case_end();
}

static void
create_fails(void)
{
	unsigned int nth, failures = 0;
	struct case_usage before;
	EnnBufferPtr buffer;
	bool failed = true;
	EnnReturn got;

	case_begin_warm();
	before = case_usage();
	for (nth = 1; failed; nth++) {
		buffer = GARBAGE;
		FAILING(nth, EnnCreateBufferCache(100, &buffer), got, failed);
		failures += failed;
		CU_ASSERT_EQUAL(buffer == NULL, got != ENN_RET_SUCCESS);
		if (got == ENN_RET_SUCCESS)
			ASSERT_OK(EnnReleaseBuffer(buffer));
		case_no_leak(&before);
	}
	CU_ASSERT(failures >= 1);
	case_end();
}

static void
allocate_fails(void)
{
	unsigned int nth, failures = 0;
	struct case_usage before;
	NumberOfBuffersInfo info;
	EnnBufferPtr *set;
	EnnModelId model;
	bool failed = true;
	EnnReturn got;

	case_begin_warm();
	for (nth = 1; failed; nth++) {
		model = case_open(2, 2); /* whose session is not there yet */
		before = case_usage();
		set = GARBAGE;
		FAILING(nth, EnnAllocateAllBuffers(model, &set, &info), got, failed);
		failures += failed;
		CU_ASSERT_EQUAL(set == NULL, got != ENN_RET_SUCCESS);
		if (got == ENN_RET_SUCCESS) {
			ASSERT_OK(EnnExecuteModel(model));
			ASSERT_OK(EnnReleaseBuffers(set, 4));
		}
		CU_ASSERT_EQUAL(case_usage().bufs, before.bufs);
		ASSERT_OK(EnnCloseModel(model));
	}
	CU_ASSERT(failures >= 10); /* session, array, buffers */
	case_end();
}

static void
set_all_fails(void)
{
	EnnBufferPtr *set, twisted[2];
	unsigned int nth;
	EnnModelId model;
	bool failed = true;
	EnnReturn got;

	case_begin_warm();
	model = case_open(1, 1);
	set = case_allocate(model, 0);
	twisted[0] = set[1];
	twisted[1] = set[0];
	for (nth = 1; failed; nth++) {
		FAILING(nth, EnnSetBuffers(model, twisted, 2), got, failed);
		memset(set[0]->va, 40, 100);
		memset(set[1]->va, 50, 100);
		ASSERT_OK(EnnBufferCommit(model));
		ASSERT_OK(EnnExecuteModel(model));
		CU_ASSERT(case_is_filled(set[0]->va, 100, failed ? 40 : 51));
		CU_ASSERT(case_is_filled(set[1]->va, 100, failed ? 41 : 50));
	}
	CU_ASSERT(nth > 2);
	case_end();
}

static const struct test_case cases[] = {
	{ "open", open_fails },
	{ "create", create_fails },
	{ "allocate all", allocate_fails },
	{ "set all", set_all_fails },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "no memory", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
