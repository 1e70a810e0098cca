/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Every allocation of the front-end fails in turn: the call says so, and nothing is left behind.
 * The front-end's code is in this program.
 */
#include "vvas_case.h"

#include <malloc.h>
#include <stdlib.h>

#include <acceldev/acceldev.h>

#include "fail_malloc.h"

#define CMA     VVAS_ALLOC_TYPE_CMA
#define NON_CMA VVAS_ALLOC_TYPE_NON_CMA

/* The C library's own does not go through the malloc() that fails. */
char *__wrap_strdup(const char *text);

char *
__wrap_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

/* What is made, and ended again; each returns NULL on failure. */
struct maker {
	void *(*make)(VvasContext *ctx, VvasAllocationType type, VvasReturnType *ret);
	void (*end)(void *object);
};

static void *
make_memory(VvasContext *ctx, VvasAllocationType type, VvasReturnType *ret)
{
	return vvas_memory_alloc(ctx, type, VVAS_ALLOC_FLAG_NONE, 0, 4096, ret);
}

static void *
make_frame(VvasContext *ctx, VvasAllocationType type, VvasReturnType *ret)
{
	VvasVideoInfo info = { .width = 64, .height = 64, .fmt = VVAS_VIDEO_FORMAT_I420 };

	return vvas_video_frame_alloc(ctx, type, VVAS_ALLOC_FLAG_NONE, 0, &info, ret);
}

static struct case_freed freed;

static void *
wrap_memory(VvasContext *ctx, VvasAllocationType type, VvasReturnType *ret)
{
	static uint8_t data[16];

	(void)type;
	return vvas_memory_alloc_from_data(ctx, data, 16, case_free_data, &freed, ret);
}

static void *
wrap_frame(VvasContext *ctx, VvasAllocationType type, VvasReturnType *ret)
{
	VvasVideoInfo info = { .width = 4, .height = 4, .fmt = VVAS_VIDEO_FORMAT_GRAY8 };
	static uint8_t data[16];
	void *planes[VVAS_VIDEO_MAX_PLANES] = { data };

	(void)type;
	return vvas_video_frame_alloc_from_data(ctx, &info, planes, case_free_planes, &freed, ret);
}

static const struct maker memory = { make_memory, vvas_memory_free };
static const struct maker frame = { make_frame, vvas_video_frame_free };
static const struct maker wrapped_memory = { wrap_memory, vvas_memory_free };
static const struct maker wrapped_frame = { wrap_frame, vvas_video_frame_free };

/* With the nth allocation failing; returns whether there was one, and else what was made. */
static bool
fail_nth(VvasContext *ctx, VvasAllocationType type, const struct maker *maker, unsigned int n,
		void **object)
{
	VvasReturnType ret = VVAS_RET_EOS;

	fail_malloc_arm(n);
	*object = maker->make(ctx, type, &ret);
	if (!fail_malloc_disarm())
		return false;
	CU_ASSERT_PTR_NULL(*object);
	CU_ASSERT_EQUAL(ret, VVAS_RET_ALLOC_ERROR);
	CU_ASSERT_STRING_NOT_EQUAL(case_log(), "");
	return true;
}

/* Until no allocation is left that could fail; how many did. */
static unsigned int
fail_each(VvasContext *ctx, VvasAllocationType type, const struct maker *maker)
{
	void *object = NULL;
	unsigned int n, i;
	size_t before;

	for (n = 1; n < 20 && fail_nth(ctx, type, maker, n, &object); n++) {
		for (i = 0; i < 10; i++) /* the C library keeps some for itself */
			fail_nth(ctx, type, maker, n, &object);
		before = mallinfo2().uordblks;
		CU_ASSERT(fail_nth(ctx, type, maker, n, &object));
		CU_ASSERT_EQUAL(mallinfo2().uordblks, before);
	}
	CU_ASSERT_PTR_NOT_NULL(object);
	maker->end(object);
	return n - 1;
}

static void
software(void)
{
	VvasContext *ctx = case_context(SOFTWARE);

	case_log();
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &memory), 2);
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &frame), 4);
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &wrapped_memory), 1);
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &wrapped_frame), 1);
	CU_ASSERT_EQUAL(freed.calls, 2); /* of what did succeed */
	case_end(ctx);
}

/* The context is let go of: its device closes with it. */
static void
banks(VvasContext *ctx)
{
	case_log();
	CU_ASSERT_EQUAL(fail_each(ctx, CMA, &memory), 1);
	CU_ASSERT_EQUAL(fail_each(ctx, CMA, &frame), 1);
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &memory), 1);
	CU_ASSERT_EQUAL(fail_each(ctx, NON_CMA, &frame), 1);
}

static void
device(void)
{
	case_banks(banks);
}

/* With a spec, and with a file whose bytes are read. */
static unsigned int
fail_context(char *xclbin)
{
	VvasReturnType ret;
	VvasContext *ctx;
	unsigned int n;

	for (n = 1; n < 20; n++) {
		ret = VVAS_RET_EOS;
		fail_malloc_arm(n);
		ctx = vvas_context_create(0, xclbin, LOG_LEVEL_ERROR, &ret);
		if (!fail_malloc_disarm()) {
			ASSERT_OK(vvas_context_destroy(ctx));
			break;
		}
		CU_ASSERT_PTR_NULL(ctx);
		CU_ASSERT(ret == VVAS_RET_ALLOC_ERROR || ret == VVAS_RET_ERROR);
		CU_ASSERT_STRING_NOT_EQUAL(case_log(), "");
		CU_ASSERT(accel_dev_by_name("soft:a") < 0);
	}
	return n - 1;
}

static void
context(void)
{
	char spec[] = "soft:a", file[] = "/dev/null";

	case_log();
	CU_ASSERT_EQUAL(fail_context(spec), 2);
	setenv("ACCELDEV_DEVICES", "soft:a", 1);
	CU_ASSERT_EQUAL(fail_context(file), 3);
	setenv("ACCELDEV_DEVICES", "", 1);
}

static const struct test_case cases[] = {
	{ "on a software context", software },
	{ "on a device", device },
	{ "a context", context },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "no memory", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
