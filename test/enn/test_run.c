/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Runs: blocking, begun and waited for, failing, and what may be called meanwhile.
 */
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <acceldev/acceldev.h>

#include "enn_case.h"

static EnnModelId model;
static EnnBufferPtr *set;

static void
begin(void)
{
	case_begin_warm();
	model = case_open(1, 1);
	set = case_allocate(model, 0);
}

static void
end(void)
{
	ASSERT_OK(EnnCloseModel(model));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	case_end();
}

/* What another thread does. */
struct caller {
	pthread_t thread;
	EnnReturn (*fn)(const EnnModelId id);
	EnnModelId id;
	EnnReturn result;
	int done;
};

static void *
call(void *arg)
{
	struct caller *caller = arg;

	caller->result = caller->fn(caller->id);
	fake_set(&caller->done, 1);
	return NULL;
}

/* Begin a call that is to wait for something. */
static void
call_begin(struct caller *caller, EnnReturn (*fn)(const EnnModelId id), EnnModelId id)
{
	*caller = (struct caller){ .fn = fn, .id = id };
	CU_ASSERT_EQUAL_FATAL(pthread_create(&caller->thread, NULL, call, caller), 0);
	case_moment();
	CU_ASSERT(!fake_get(&caller->done));
}

static EnnReturn
call_end(struct caller *caller)
{
	CU_ASSERT_EQUAL(pthread_join(caller->thread, NULL), 0);
	return caller->result;
}

static EnnReturn
deinitialize(const EnnModelId id)
{
	(void)id;
	return EnnDeinitialize();
}

/*
 * Order
 */

static void
execute_waits(void)
{
	struct caller caller;

	begin();
	memset(set[0]->va, 3, 100);
	fake_set(&fake.hold, 1);
	call_begin(&caller, EnnExecuteModel, model);
	fake_set(&fake.hold, 0);
	ASSERT_OK(call_end(&caller));
	CU_ASSERT(case_is_filled(set[1]->va, 100, 4));
	end();
}

static void
async_does_not_wait(void)
{
	struct caller caller;

	begin();
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelAsync(model));
	call_begin(&caller, EnnExecuteModelWait, model);
	fake_set(&fake.hold, 0);
	ASSERT_OK(call_end(&caller));
	CU_ASSERT(case_is_filled(set[1]->va, 100, 1));
	end();
}

/* Also when nobody waits, and then the wait is short. */
static void
async_goes_on_alone(void)
{
	unsigned int before;

	begin();
	before = fake_runs();
	ASSERT_OK(EnnExecuteModelAsync(model));
	while (fake_runs() == before)
		case_moment();
	ASSERT_OK(EnnExecuteModelWait(model));
	end();
}

/* Also when one has waited for another run meanwhile, and has gone. */
static void
async_is_not_left_behind(void)
{
	struct caller caller;
	unsigned int before;
	int i;

	begin();
	case_allocate(model, 1);
	before = fake_runs();
	fake_set(&fake.hold, 1);
	call_begin(&caller, EnnExecuteModel, model);
	ASSERT_OK(EnnExecuteModelWithSessionIdAsync(model, 1));
	case_moment();
	fake_set(&fake.allow, 1);
	ASSERT_OK(call_end(&caller));
	CU_ASSERT_EQUAL(fake_runs(), before + 1);
	fake_set(&fake.hold, 0);
	for (i = 0; i < 100 && fake_runs() == before + 1; i++)
		case_moment();
	CU_ASSERT_EQUAL(fake_runs(), before + 2);
	ASSERT_OK(EnnExecuteModelWithSessionIdWait(model, 1));
	end();
}

static void
wait_without_a_run(void)
{
	begin();
	ASSERT_GIVES(EnnExecuteModelWait(model), ENN_RET_INVAL);
	ASSERT_OK(EnnExecuteModel(model));
	ASSERT_GIVES(EnnExecuteModelWait(model), ENN_RET_INVAL);
	ASSERT_OK(EnnExecuteModelAsync(model));
	ASSERT_OK(EnnExecuteModelWait(model));
	ASSERT_GIVES(EnnExecuteModelWait(model), ENN_RET_INVAL);
	end();
}

static void
every_async_is_waited_for(void)
{
	unsigned int before;

	begin();
	before = fake_runs();
	ASSERT_OK(EnnExecuteModelAsync(model));
	while (fake_runs() == before)
		case_moment();
	case_moment();
	ASSERT_GIVES(EnnExecuteModelAsync(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_OK(EnnExecuteModelWait(model));
	ASSERT_OK(EnnExecuteModel(model));
	end();
}

static void
many_sessions_at_once(void)
{
	EnnBufferPtr *sets[16] = { NULL };
	int i;

	begin();
	fake_set(&fake.hold, 1);
	for (i = 1; i < 16; i++) {
		sets[i] = case_allocate(model, i);
		memset(sets[i][0]->va, i, 100);
		ASSERT_OK(EnnExecuteModelWithSessionIdAsync(model, i));
	}
	fake_set(&fake.hold, 0);
	for (i = 15; i > 0; i--) {
		ASSERT_OK(EnnExecuteModelWithSessionIdWait(model, i));
		CU_ASSERT(case_is_filled(sets[i][1]->va, 100, i + 1));
	}
	end();
}

/* More than the queue pair has room for. */
static void
more_than_fit(void)
{
	enum { MODELS = 10 };
	EnnModelId models[MODELS];
	int i, j;

	begin();
	fake_set(&fake.hold, 1);
	for (i = 0; i < MODELS; i++) {
		models[i] = case_open(1, 1);
		for (j = 0; j < 16; j++) {
			case_allocate(models[i], j);
			ASSERT_OK(EnnExecuteModelWithSessionIdAsync(models[i], j));
		}
	}
	fake_set(&fake.hold, 0);
	for (i = 0; i < MODELS; i++) {
		for (j = 0; j < 16; j++)
			ASSERT_OK(EnnExecuteModelWithSessionIdWait(models[i], j));
	}
	end();
}

/*
 * Signals that the library's thread blocks, as /proc tells them; "" when there is no such thread.
 */
static void
blocked_signals(char *mask, size_t size)
{
	glob_t tasks;
	char path[300], line[128], name[16];
	FILE *f;
	size_t i;

	mask[0] = 0;
	CU_ASSERT_EQUAL(glob("/proc/self/task/*", 0, NULL, &tasks), 0);
	for (i = 0; i < tasks.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/status", tasks.gl_pathv[i]);
		f = fopen(path, "re");
		name[0] = 0;
		while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
			sscanf(line, "Name: %15s", name);
			if (strcmp(name, "enn-runs") == 0 && strncmp(line, "SigBlk:", 7) == 0)
				snprintf(mask, size, "%.30s", line + 8);
		}
		if (f != NULL)
			fclose(f);
	}
	globfree(&tasks);
}

/* But for SIGKILL and SIGSTOP, and the two that libc keeps for itself. */
static void
no_signals_for_the_thread(void)
{
	char mask[32];

	begin();
	blocked_signals(mask, sizeof(mask));
	CU_ASSERT_EQUAL(strtoull(mask, NULL, 16) | UINT64_C(0x180040100), UINT64_MAX);
	end();
	blocked_signals(mask, sizeof(mask));
	CU_ASSERT_STRING_EQUAL(mask, "");
}

/*
 * Failures
 */

static void
run_fails(int status, EnnReturn result)
{
	fake_set(&fake.status, status);
	ASSERT_GIVES(EnnExecuteModel(model), result);
	ASSERT_OK(EnnExecuteModelAsync(model));
	case_moment();
	CU_ASSERT_EQUAL(EnnExecuteModelWait(model), result);
	fake_set(&fake.status, ACCEL_STATUS_SUCCESS);
	ASSERT_OK(EnnExecuteModel(model));
}

static void
failed_runs(void)
{
	begin();
	run_fails(ACCEL_STATUS_DEADLINE, ENN_RET_FAILED_TIMEOUT_HW_RECOVERED);
	run_fails(ACCEL_STATUS_ABORTED, ENN_RET_CANCELED);
	run_fails(ACCEL_STATUS_DEVICE_ERROR, ENN_RET_FAILED);
	run_fails(ACCEL_STATUS_BAD_ADDRESS, ENN_RET_FAILED);
	end();
}

/* Somebody else has stopped the device. */
static void
stopped_device(void)
{
	uint16_t dev_id;

	begin();
	dev_id = (uint16_t)accel_dev_by_name(FAKE_NAME);
	CU_ASSERT_EQUAL(accel_dev_stop(dev_id), 0);
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(accel_dev_start(dev_id), 0);
	ASSERT_OK(EnnExecuteModel(model));
	end();
}

/*
 * Meanwhile
 */

static void
busy(void)
{
	EnnBufferPtr *none = GARBAGE;
	NumberOfBuffersInfo count;

	begin();
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelAsync(model));
	ASSERT_GIVES(EnnExecuteModelAsync(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_GIVES(EnnBufferCommit(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_GIVES(EnnBufferUncommit(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_GIVES(EnnUnsetBuffers(model), ENN_RET_FAILED_RESOURCE_BUSY);
	ASSERT_GIVES(EnnAllocateAllBuffers(model, &none, &count), ENN_RET_FAILED_RESOURCE_BUSY);
	CU_ASSERT_PTR_NULL(none);
	fake_set(&fake.hold, 0);
	ASSERT_OK(EnnExecuteModelWait(model));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	end();
}

/* The memory lasts until the run has ended. */
static void
release_meanwhile(void)
{
	struct case_usage before;

	begin();
	before = case_usage();
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelAsync(model));
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	CU_ASSERT_EQUAL(case_usage().bufs, before.bufs);
	fake_set(&fake.hold, 0);
	ASSERT_OK(EnnExecuteModelWait(model));
	CU_ASSERT_EQUAL(case_usage().bufs, before.bufs - 2);
	ASSERT_GIVES(EnnExecuteModel(model), ENN_RET_INVAL);
	set = case_allocate(model, 0);
	ASSERT_OK(EnnExecuteModel(model));
	end();
}

static void
close_waits(void)
{
	EnnModelId other;
	struct caller caller;

	begin();
	other = case_open(1, 1);
	case_allocate(other, 9);
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelWithSessionIdAsync(other, 9));
	call_begin(&caller, EnnCloseModel, other);
	ASSERT_GIVES(EnnCloseModel(other), ENN_RET_INVAL);
	ASSERT_GIVES(EnnExecuteModelWithSessionIdWait(other, 9), ENN_RET_INVAL);
	fake_set(&fake.hold, 0);
	ASSERT_OK(call_end(&caller));
	end();
}

static void
close_while_somebody_waits(void)
{
	struct caller waiting, closing;
	EnnModelId other;

	begin();
	other = case_open(1, 1);
	case_allocate(other, 0);
	fake_set(&fake.hold, 1);
	call_begin(&waiting, EnnExecuteModel, other);
	call_begin(&closing, EnnCloseModel, other);
	fake_set(&fake.hold, 0);
	ASSERT_OK(call_end(&waiting));
	ASSERT_OK(call_end(&closing));
	end();
}

static void
end_waits(void)
{
	struct caller waiting, ending;
	EnnModelId none;

	begin();
	fake_set(&fake.hold, 1);
	call_begin(&waiting, EnnExecuteModel, model);
	call_begin(&ending, deinitialize, 0);
	ASSERT_GIVES(EnnOpenModel("x", &none), ENN_RET_FAILED);
	fake_set(&fake.hold, 0);
	ASSERT_OK(call_end(&waiting));
	ASSERT_OK(call_end(&ending));
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	case_begin(FAKE_SPEC);
	case_end();
}

static EnnReturn
open_another(const EnnModelId id)
{
	struct fake_image image = fake_image(1, 1, 100);
	EnnModelId other;

	(void)id;
	return EnnOpenModelFromMemory((const char *)&image, sizeof(image), &other);
}

/* A call under way has what it needs until it returns. */
static void
end_waits_for_calls(void)
{
	struct caller opening, ending;

	begin();
	fake_set(&fake.hold_load, 1);
	call_begin(&opening, open_another, 0);
	call_begin(&ending, deinitialize, 0);
	fake_set(&fake.hold_load, 0);
	ASSERT_OK(call_end(&opening));
	ASSERT_OK(call_end(&ending));
	CU_ASSERT_EQUAL(fake.programs, 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
two_wait_for_one(void)
{
	struct caller a, b;

	begin();
	fake_set(&fake.hold, 1);
	ASSERT_OK(EnnExecuteModelAsync(model));
	call_begin(&a, EnnExecuteModelWait, model);
	call_begin(&b, EnnExecuteModelWait, model);
	fake_set(&fake.status, ACCEL_STATUS_DEADLINE);
	fake_set(&fake.hold, 0);
	CU_ASSERT_EQUAL(call_end(&a), ENN_RET_FAILED_TIMEOUT_HW_RECOVERED);
	CU_ASSERT_EQUAL(call_end(&b), ENN_RET_FAILED_TIMEOUT_HW_RECOVERED);
	ASSERT_GIVES(EnnExecuteModelWait(model), ENN_RET_INVAL);
	end();
}

static const struct test_case cases[] = {
	{ "execute waits", execute_waits },
	{ "async does not", async_does_not_wait },
	{ "async goes on when nobody waits", async_goes_on_alone },
	{ "async is not left behind", async_is_not_left_behind },
	{ "nothing to wait for", wait_without_a_run },
	{ "every async is waited for", every_async_is_waited_for },
	{ "many sessions at once", many_sessions_at_once },
	{ "more than the queue pair has room for", more_than_fit },
	{ "the thread takes no signals", no_signals_for_the_thread },
	{ "failed runs", failed_runs },
	{ "a device that was stopped", stopped_device },
	{ "a session that runs is busy", busy },
	{ "buffers released while they are used", release_meanwhile },
	{ "close waits for runs", close_waits },
	{ "close waits for who waits", close_while_somebody_waits },
	{ "the last end waits", end_waits },
	{ "the last end waits for calls", end_waits_for_calls },
	{ "two wait for one run", two_wait_for_one },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "runs", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
