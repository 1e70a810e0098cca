/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Sessions: which buffers a model runs with.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "enn_case.h"

static struct case_usage before;
static EnnModelId model;

static void
begin(unsigned int nb_inputs, unsigned int nb_outputs)
{
	case_begin_warm();
	before = case_usage();
	model = case_open(nb_inputs, nb_outputs);
}

static void
end(void)
{
	ASSERT_OK(EnnCloseModel(model));
	case_no_leak(&before);
	case_end();
}

static EnnBufferPtr
make(uint32_t size)
{
	EnnBufferPtr buffer = NULL;

	ASSERT_OK(EnnCreateBuffer(size, 0, &buffer));
	return buffer;
}

/* Whether session 0 reads in and writes out. */
static bool
runs_with(EnnBufferPtr in, EnnBufferPtr out)
{
	static uint8_t value;

	value += 10;
	memset(in->va, value, 100);
	memset(out->va, 0, 100);
	ASSERT_OK(EnnExecuteModel(model));
	return case_is_filled(out->va, 100, value + 1);
}

/*
 * All at once
 */

static void
all_in_order(void)
{
	NumberOfBuffersInfo count = { 7, 7 };
	EnnBufferPtr *set = NULL;
	int i;

	begin(2, 3);
	ASSERT_OK(EnnAllocateAllBuffers(model, &set, &count));
	CU_ASSERT(count.n_in_buf == 2 && count.n_out_buf == 3);
	memset(set[0]->va, 20, 100);
	for (i = 0; i < 5; i++) {
		CU_ASSERT(set[i]->size == 100 && set[i]->offset == 0);
		CU_ASSERT_EQUAL((uintptr_t)set[i]->va % PAGE, 0);
		CU_ASSERT(case_is_filled(set[i]->va, 100, i == 0 ? 20 : 0));
	}
	ASSERT_OK(EnnExecuteModel(model));
	CU_ASSERT(case_is_filled(set[1]->va, 100, 0));
	for (i = 0; i < 3; i++)
		CU_ASSERT(case_is_filled(set[2 + i]->va, 100, 21 + i));
	ASSERT_OK(EnnReleaseBuffers(set, 5));
	end();
}

static void
alignment_of_tensors(void)
{
	struct fake_image image = fake_image(1, 1, 100);
	EnnBufferPtr *set;
	EnnModelId wide = 0;

	begin(1, 1);
	image.align = 65536;
	ASSERT_OK(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &wide));
	set = case_allocate(wide, 0);
	CU_ASSERT_EQUAL((uintptr_t)set[0]->va % 65536, 0);
	CU_ASSERT_EQUAL((uintptr_t)set[1]->va % 65536, 0);
	ASSERT_OK(EnnCloseModel(wide));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	end();
}

static void
without_commit(void)
{
	NumberOfBuffersInfo count;
	EnnBufferPtr *set;

	begin(1, 1);
	ASSERT_OK(EnnAllocateAllBuffersWithSessionId(model, &set, &count, 0, false));
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(set[0], set[1]));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	end();
}

static void
sessions_are_apart(void)
{
	EnnBufferPtr *sets[16];
	int i;

	begin(1, 1);
	for (i = 0; i < 16; i++) {
		sets[i] = case_allocate(model, i);
		memset(sets[i][0]->va, 2 * i, 100);
	}
	for (i = 0; i < 16; i++)
		ASSERT_OK(EnnExecuteModelWithSessionId(model, i));
	for (i = 0; i < 16; i++) {
		CU_ASSERT(case_is_filled(sets[i][1]->va, 100, 2 * i + 1));
		ASSERT_OK(EnnReleaseBuffers(sets[i], 2));
	}
	end();
}

static void
sessions_are_there(void)
{
	begin(1, 1);
	ASSERT_OK(EnnGenerateBufferSpace(model, 1));
	ASSERT_OK(EnnGenerateBufferSpace(model, 16));
	ASSERT_GIVES(EnnGenerateBufferSpace(model, 0), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGenerateBufferSpace(model, 17), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGenerateBufferSpace(model + 1, 16), ENN_RET_INVAL);
	end();
}

static void
no_such_session(void)
{
	static const int numbers[] = { -1, 16, INT32_MAX, INT32_MIN };
	NumberOfBuffersInfo count;
	EnnBufferPtr *set, own;
	unsigned int i;

	begin(1, 1);
	own = make(100);
	for (i = 0; i < 4; i++) {
		set = GARBAGE;
		ASSERT_GIVES(EnnAllocateAllBuffersWithSessionId(model, &set, &count, numbers[i],
				true), ENN_RET_INVAL);
		CU_ASSERT_PTR_NULL(set);
		ASSERT_GIVES(EnnSetBufferByIndexWithSessionId(model, ENN_DIR_IN, 0, own,
				numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnSetBufferByLabelWithSessionId(model, "in0", own, numbers[i]),
				ENN_RET_INVAL);
		ASSERT_GIVES(EnnSetBuffersWithSessionId(model, &own, 1, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnUnsetBuffersWithSessionId(model, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnBufferCommitWithSessionId(model, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnBufferUncommitWithSessionId(model, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnExecuteModelWithSessionId(model, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnExecuteModelWithSessionIdAsync(model, numbers[i]), ENN_RET_INVAL);
		ASSERT_GIVES(EnnExecuteModelWithSessionIdWait(model, numbers[i]), ENN_RET_INVAL);
	}
	ASSERT_OK(EnnReleaseBuffer(own));
	end();
}

static void
no_such_model(void)
{
	NumberOfBuffersInfo count = { 7, 7 };
	EnnBufferPtr *set = GARBAGE, own;
	EnnModelId none;

	begin(1, 1);
	own = make(100);
	none = model + 1;
	ASSERT_GIVES(EnnAllocateAllBuffers(none, &set, &count), ENN_RET_INVAL);
	CU_ASSERT(set == NULL && count.n_in_buf == 0 && count.n_out_buf == 0);
	count.n_in_buf = 7;
	ASSERT_GIVES(EnnAllocateAllBuffers(model, NULL, &count), ENN_RET_INVAL);
	CU_ASSERT_EQUAL(count.n_in_buf, 0);
	set = GARBAGE;
	ASSERT_GIVES(EnnAllocateAllBuffers(model, &set, NULL), ENN_RET_INVAL);
	CU_ASSERT_PTR_NULL(set);
	ASSERT_GIVES(EnnSetBufferByIndex(none, ENN_DIR_IN, 0, own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByLabel(none, "in0", own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBuffers(none, &own, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnUnsetBuffers(none), ENN_RET_INVAL);
	ASSERT_GIVES(EnnBufferCommit(none), ENN_RET_INVAL);
	ASSERT_GIVES(EnnBufferUncommit(none), ENN_RET_INVAL);
	ASSERT_GIVES(EnnExecuteModel(none), ENN_RET_INVAL);
	ASSERT_GIVES(EnnExecuteModelAsync(none), ENN_RET_INVAL);
	ASSERT_GIVES(EnnExecuteModelWait(none), ENN_RET_INVAL);
	ASSERT_OK(EnnReleaseBuffer(own));
	end();
}

/* All is as before. */
static void
allocation_fails_half_way(void)
{
	NumberOfBuffersInfo count = { 7, 7 };
	EnnBufferPtr *set, *none = GARBAGE;
	struct case_usage now;

	begin(2, 2);
	fake.fail_create = ENOSPC;
	CU_ASSERT_EQUAL(EnnAllocateAllBuffersWithSessionId(model, &none, &count, 5, true),
			ENN_RET_MEM_ERR);
	CU_ASSERT(none == NULL && count.n_in_buf == 0 && count.n_out_buf == 0);
	ASSERT_GIVES(EnnBufferCommitWithSessionId(model, 5), ENN_RET_INVAL);
	set = case_allocate(model, 0);
	now = case_usage();
	fake.fail_bind = EFAULT;
	fake.fail_bind_nth = 4;
	none = GARBAGE;
	CU_ASSERT_EQUAL(EnnAllocateAllBuffers(model, &none, &count), ENN_RET_INVAL);
	CU_ASSERT(none == NULL && count.n_in_buf == 0);
	case_no_leak(&now);
	CU_ASSERT(runs_with(set[0], set[2]));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(set[0], set[2]));
	ASSERT_OK(EnnReleaseBuffers(set, 4));
	end();
}

/*
 * Releasing
 */

static void
release_then_close(void)
{
	struct case_usage without;
	EnnBufferPtr *set;

	begin(1, 1);
	ASSERT_OK(EnnReleaseBuffers(case_allocate(model, 0), 2));
	without = case_usage();
	set = case_allocate(model, 0);
	CU_ASSERT_EQUAL(case_usage().bufs, without.bufs + 2);
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	case_no_leak(&without);
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnBufferCommit(model), ENN_RET_INVAL);
	end();
}

static void
close_then_release(void)
{
	EnnBufferPtr *set;

	begin(1, 1);
	set = case_allocate(model, 7);
	ASSERT_OK(EnnCloseModel(model));
	case_no_leak(&before);
	CU_ASSERT_PTR_NULL(set[0]->va);
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	ASSERT_GIVES(EnnReleaseBuffers(set, 2), ENN_RET_INVAL);
	model = case_open(1, 1);
	end();
}

/*
 * As programs do it that never release: their memory is reclaimed, and late releases hit nobody
 * else.
 */
static void
close_alone(void)
{
	EnnBufferPtr *first = NULL, *set;
	int i;

	begin(1, 1);
	for (i = 0; i < 200; i++) {
		ASSERT_OK(EnnCloseModel(model));
		case_no_leak(&before);
		model = case_open(1, 1);
		set = case_allocate(model, 0);
		if (i == 190)
			first = set;
	}
	ASSERT_OK(EnnReleaseBuffers(first, 2));
	CU_ASSERT(runs_with(set[0], set[1]));
	end();
}

static void
set_is_released_as_one(void)
{
	EnnBufferPtr *set, swapped;

	begin(1, 1);
	set = case_allocate(model, 0);
	ASSERT_GIVES(EnnReleaseBuffer(set[0]), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(set, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(set, 3), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(set, -2), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(set + 1, 1), ENN_RET_INVAL);
	CU_ASSERT(runs_with(set[0], set[1]));
	swapped = set[0]; /* what is in the array is not trusted */
	set[0] = GARBAGE;
	set[1] = swapped;
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	ASSERT_GIVES(EnnReleaseBuffers(set, 2), ENN_RET_INVAL);
	end();
}

static void
buffers_outlive_models(void)
{
	EnnBufferPtr in, out;
	struct case_usage now;

	begin(1, 1);
	in = make(100);
	out = make(100);
	now = case_usage();
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, in));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, out));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnCloseModel(model));
	CU_ASSERT_EQUAL(case_usage().bufs, now.bufs);
	model = case_open(1, 1);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, in));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, out));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(in, out));
	ASSERT_OK(EnnReleaseBuffer(in));
	ASSERT_OK(EnnReleaseBuffer(out));
	end();
}

/* A session of one model may have buffers that were allocated for another one. */
static void
shared_with_another_model(void)
{
	EnnModelId other;
	EnnBufferPtr *set;

	begin(1, 1);
	other = case_open(1, 1);
	set = case_allocate(other, 0);
	ASSERT_OK(EnnSetBuffers(model, set, 2));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(set[0], set[1]));
	ASSERT_OK(EnnCloseModel(other));
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	end();
}

/*
 * Set and commit
 */

static void
by_label(void)
{
	EnnBufferPtr in, out;

	begin(1, 1);
	in = make(100);
	out = make(100);
	ASSERT_OK(EnnSetBufferByLabel(model, "in0", in));
	ASSERT_OK(EnnSetBufferByLabel(model, "out0", out));
	ASSERT_GIVES(EnnSetBufferByLabel(model, "in1", in), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByLabel(model, NULL, in), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByLabel(model, "in0", NULL), ENN_RET_INVAL);
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(in, out));
	ASSERT_OK(EnnReleaseBuffer(in));
	ASSERT_OK(EnnReleaseBuffer(out));
	end();
}

static void
bad_indexes(void)
{
	EnnBufferPtr own;

	begin(1, 1);
	own = make(100);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_IN, 1, own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_OUT, UINT32_MAX, own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_EXT, 0, own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByIndex(model, (enn_buf_dir_e)-1, 0, own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, GARBAGE), ENN_RET_INVAL);
	ASSERT_OK(EnnReleaseBuffer(own));
	end();
}

static void
too_small(void)
{
	EnnBufferPtr small, exact, large;

	begin(1, 1);
	small = make(99);
	exact = make(100);
	large = make(101);
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, small), ENN_RET_SIZE);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, large));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, exact));
	small->size = 1000;
	ASSERT_GIVES(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, small), ENN_RET_SIZE);
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(large, exact));
	ASSERT_OK(EnnReleaseBuffer(small));
	ASSERT_OK(EnnReleaseBuffer(exact));
	ASSERT_OK(EnnReleaseBuffer(large));
	end();
}

static void
all_or_none(void)
{
	EnnBufferPtr a, b, small, bufs[3];

	begin(1, 1);
	a = make(100);
	b = make(100);
	small = make(10);
	bufs[0] = a;
	bufs[1] = b;
	bufs[2] = small;
	ASSERT_GIVES(EnnSetBuffers(model, bufs, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBuffers(model, bufs, 3), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBuffers(model, bufs, -2), ENN_RET_INVAL);
	ASSERT_GIVES(EnnSetBuffers(model, NULL, 2), ENN_RET_INVAL);
	ASSERT_OK(EnnSetBuffers(model, bufs, 2));
	bufs[0] = b;
	bufs[1] = small;
	ASSERT_GIVES(EnnSetBuffers(model, bufs, 2), ENN_RET_SIZE);
	bufs[1] = GARBAGE;
	ASSERT_GIVES(EnnSetBuffers(model, bufs, 2), ENN_RET_INVAL);
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(a, b)); /* as before the failures */
	ASSERT_OK(EnnReleaseBuffer(a));
	ASSERT_OK(EnnReleaseBuffer(b));
	ASSERT_OK(EnnReleaseBuffer(small));
	end();
}

static void
commit_wants_all(void)
{
	EnnBufferPtr own;

	begin(1, 1);
	own = make(100);
	ASSERT_GIVES(EnnBufferCommit(model), ENN_RET_INVAL);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, own));
	ASSERT_GIVES(EnnBufferCommit(model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, own)); /* the same twice is allowed */
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	ASSERT_OK(EnnReleaseBuffer(own));
	end();
}

/* What is set counts from the next commit on. */
static void
set_and_commit(void)
{
	EnnBufferPtr a, b, c;

	begin(1, 1);
	a = make(100);
	b = make(100);
	c = make(100);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, a));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, b));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, c));
	CU_ASSERT(runs_with(a, b));
	CU_ASSERT(case_is_filled(c->va, 100, 0));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(a, c));
	ASSERT_OK(EnnReleaseBuffer(b)); /* which it has no more */
	CU_ASSERT(runs_with(a, c));
	ASSERT_OK(EnnReleaseBuffer(a));
	ASSERT_OK(EnnReleaseBuffer(c));
	end();
}

static void
commit_fails(void)
{
	EnnBufferPtr *first, *second;
	NumberOfBuffersInfo count;

	begin(1, 1);
	first = case_allocate(model, 0);
	ASSERT_OK(EnnAllocateAllBuffersWithSessionId(model, &second, &count, 0, false));
	fake.fail_bind = EINVAL;
	fake.fail_bind_nth = 2;
	CU_ASSERT_EQUAL(EnnBufferCommit(model), ENN_RET_INVAL);
	CU_ASSERT(runs_with(first[0], first[1]));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(second[0], second[1]));
	ASSERT_OK(EnnReleaseBuffers(first, 2));
	CU_ASSERT(runs_with(second[0], second[1]));
	ASSERT_OK(EnnReleaseBuffers(second, 2));
	end();
}

static void
uncommit(void)
{
	EnnBufferPtr *set;

	begin(1, 1);
	set = case_allocate(model, 0);
	ASSERT_OK(EnnBufferUncommit(model));
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_OK(EnnBufferUncommit(model));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(set[0], set[1]));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	end();
}

static void
unset(void)
{
	EnnBufferPtr *set;

	begin(1, 1);
	set = case_allocate(model, 0);
	ASSERT_OK(EnnUnsetBuffers(model));
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnBufferCommit(model), ENN_RET_INVAL);
	ASSERT_OK(EnnSetBuffers(model, set, 2));
	ASSERT_OK(EnnBufferCommit(model));
	CU_ASSERT(runs_with(set[0], set[1]));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	end();
}

static const struct test_case cases[] = {
	{ "all buffers, inputs then outputs", all_in_order },
	{ "all buffers, as tensors are aligned", alignment_of_tensors },
	{ "all buffers, without a commit", without_commit },
	{ "16 sessions, each for itself", sessions_are_apart },
	{ "sessions are there", sessions_are_there },
	{ "no such session", no_such_session },
	{ "no such model", no_such_model },
	{ "all buffers, failing half way", allocation_fails_half_way },
	{ "release, then close", release_then_close },
	{ "close, then release", close_then_release },
	{ "close without a release", close_alone },
	{ "an array is released as one", set_is_released_as_one },
	{ "buffers outlive models", buffers_outlive_models },
	{ "buffers of another model", shared_with_another_model },
	{ "set by label", by_label },
	{ "no such tensor", bad_indexes },
	{ "a buffer that is too small", too_small },
	{ "set all or none", all_or_none },
	{ "a commit wants all", commit_wants_all },
	{ "set counts from the commit on", set_and_commit },
	{ "a commit fails", commit_fails },
	{ "uncommit", uncommit },
	{ "unset", unset },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "sessions", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
