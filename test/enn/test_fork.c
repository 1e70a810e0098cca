/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Children of fork().
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enn_case.h"

static EnnModelId model;
static EnnBufferPtr *set, own;
static int wrong;

/* In a child, where CUnit does not count. */
static void
expect_refusal(EnnReturn got)
{
	wrong += got != ENN_RET_FAILED;
	wrong += !log_is_line(log_text_end(), "child of fork()", (char *)0);
}

#define REFUSED(call)                                                                              \
	do {                                                                                       \
		log_text_begin();                                                                  \
		expect_refusal(call);                                                              \
	} while (0)

static void
call_all(void)
{
	struct fake_image image = fake_image(1, 1, 100);
	NumberOfBuffersInfo count;
	EnnBufferPtr *buffers, buffer;
	EnnModelId other;
	char text[256];
	uint32_t value;
	int32_t fd;

	REFUSED(EnnInitialize());
	REFUSED(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &other));
	REFUSED(EnnCreateBuffer(100, 0, &buffer));
	REFUSED(EnnCreateBufferFromFdWithOffset(0, 100, 0, &buffer));
	REFUSED(EnnGetFileDescriptorFromEnnBuffer(own, &fd));
	REFUSED(EnnAllocateAllBuffers(model, &buffers, &count));
	REFUSED(EnnGetBuffersInfo(model, &count));
	REFUSED(EnnSetBuffers(model, set, 2));
	REFUSED(EnnBufferCommit(model));
	REFUSED(EnnExecuteModel(model));
	REFUSED(EnnExecuteModelAsync(model));
	REFUSED(EnnExecuteModelWait(model));
	REFUSED(EnnBufferUncommit(model));
	REFUSED(EnnGenerateBufferSpace(model, 16));
	REFUSED(EnnSetPreferencePerfMode(1));
	REFUSED(EnnGetPreferencePerfMode(&value));
	REFUSED(EnnGetMetaInfo(ENN_META_VERSION_FRAMEWORK, model, text));
	REFUSED(EnnReleaseBuffer(own));
	REFUSED(EnnReleaseBuffers(set, 2));
	REFUSED(EnnCloseModel(model));
	REFUSED(EnnDeinitialize());
}

/* The exit status of a child. */
static int
in_child(void (*fn)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		alarm(20);
		fn();
		_exit(wrong);
	}
	CU_ASSERT_FATAL(child > 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
in_grandchild(void)
{
	wrong = in_child(call_all);
}

/* Before there is anything to share. */
static void
initialise_and_end(void)
{
	case_begin_warm();
	wrong = EnnDeinitialize() != ENN_RET_SUCCESS;
}

static void
children_of_who_has_none(void)
{
	CU_ASSERT_EQUAL(in_child(initialise_and_end), 0);
}

/* The parent's run is under way, and its other thread works. */
static void
children_are_refused(void)
{
	case_begin_warm();
	model = case_open(1, 1);
	set = case_allocate(model, 0);
	ASSERT_OK(EnnCreateBuffer(100, 0, &own));
	memset(set[0]->va, 3, 100);
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelAsync(model));
	CU_ASSERT_EQUAL(in_child(call_all), 0);
	CU_ASSERT_EQUAL(in_child(in_grandchild), 0);
	fake_set(&fake.hold, 0);
	ASSERT_OK(EnnExecuteModelWait(model));
	CU_ASSERT(case_is_filled(set[1]->va, 100, 4));
	ASSERT_OK(EnnExecuteModel(model));
	ASSERT_OK(EnnReleaseBuffer(own));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	ASSERT_OK(EnnCloseModel(model));
	case_end();
	CU_ASSERT_EQUAL(in_child(call_all), 0);
}

static const struct test_case cases[] = {
	{ "children of who has not begun", children_of_who_has_none },
	{ "children of who has", children_are_refused },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "fork", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
