/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Several threads at once. What they do is checked by each for itself; CUnit's assertions are for
 * one thread, so threads count what is wrong.
 */
#include "vvas_case.h"

#include <pthread.h>
#include <stdlib.h>

#include <acceldev/acceldev.h>

#define THREADS 6
#define ROUNDS  300
#define SIZE    5000
#define CMA     VVAS_ALLOC_TYPE_CMA
#define NON_CMA VVAS_ALLOC_TYPE_NON_CMA
#define READ    VVAS_DATA_MAP_READ
#define WRITE   VVAS_DATA_MAP_WRITE

struct worker {
	pthread_t thread;
	unsigned int id;
	unsigned int wrong;
	VvasContext *ctx;
	VvasMemory *mem;
	VvasVideoFrame *frame;
	unsigned int ok; /* calls that succeeded, where not all can */
};

static unsigned int
run(struct worker *w, void *(*fn)(void *arg))
{
	unsigned int i, ok = 0;

	for (i = 0; i < THREADS; i++) {
		w[i].id = i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w[i].thread, NULL, fn, &w[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		CU_ASSERT_EQUAL(pthread_join(w[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(w[i].wrong, 0);
		ok += w[i].ok;
	}
	return ok;
}

/*
 * Each its own memories
 */

static bool
one_memory(VvasContext *ctx, VvasAllocationType type, uint8_t bank, int value)
{
	VvasMemory *mem = vvas_memory_alloc(ctx, type, VVAS_ALLOC_FLAG_NONE, bank, SIZE, NULL);
	VvasMetadata in = { (uint64_t)value, 2, 3 }, out;
	VvasMemoryMapInfo info;
	bool good;

	if (mem == NULL || vvas_memory_map(mem, WRITE, &info) != VVAS_RET_SUCCESS)
		return false;
	memset(info.data, value, SIZE);
	good = vvas_memory_unmap(mem, &info) == VVAS_RET_SUCCESS;
	memset(info.data, 0xee, SIZE); /* not said, so a fetch undoes it */
	good = vvas_memory_map(mem, READ, &info) == VVAS_RET_SUCCESS && good;
	good = case_is_filled(info.data, type == CMA ? value : 0xee, SIZE) && good;
	vvas_memory_set_metadata(mem, &in);
	vvas_memory_get_metadata(mem, &out);
	good = out.pts == in.pts && good;
	vvas_memory_free(mem);
	return good;
}

static void *
make_and_free(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		w->wrong += !one_memory(w->ctx, i % 3 != 0 ? CMA : NON_CMA, i % 2,
				(int)(i + w->id) % 0xee);
	return NULL;
}

static void
own_memories(void)
{
	struct worker w[THREADS] = { { 0 } };
	VvasContext *ctx = case_context(BANKS);
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		w[i].ctx = ctx;
	run(w, make_and_free);
	CU_ASSERT_EQUAL(case_bank_free(ctx, 0), BANK_SIZE);
	case_end(ctx);
}

/*
 * One memory and one frame for all. Nobody writes to the views: that would be the program's race.
 */

static void *
map_and_unmap(void *arg)
{
	VvasMetadata meta = { 0, 0, 0 };
	struct worker *w = arg;
	VvasVideoFrameMapInfo frame;
	VvasMemoryMapInfo info;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		VvasDataMapFlags flags = (VvasDataMapFlags)((i + w->id) % 4);

		w->wrong += vvas_memory_map(w->mem, flags, &info) != VVAS_RET_SUCCESS;
		w->wrong += vvas_video_frame_map(w->frame, flags, &frame) != VVAS_RET_SUCCESS;
		meta.pts = meta.dts = i + w->id;
		vvas_memory_set_metadata(w->mem, &meta);
		vvas_memory_get_metadata(w->mem, &meta);
		w->wrong += meta.pts != meta.dts;
		vvas_memory_set_sync_flag(w->mem, VVAS_DATA_SYNC_TO_DEVICE);
		vvas_video_frame_sync_data(w->frame, VVAS_DATA_SYNC_TO_DEVICE);
		w->wrong += vvas_memory_unmap(w->mem, &info) != VVAS_RET_SUCCESS;
		w->wrong += vvas_video_frame_unmap(w->frame, &frame) != VVAS_RET_SUCCESS;
	}
	return NULL;
}

static void
shared_memory(void)
{
	VvasVideoInfo info = { .width = 64, .height = 64, .fmt = VVAS_VIDEO_FORMAT_Y_UV8_420 };
	struct worker w[THREADS] = { { 0 } };
	VvasContext *ctx = case_context(BANKS);
	VvasMemory *mem = case_memory(ctx, CMA, 0, SIZE);
	VvasVideoFrame *frame;
	unsigned int i;

	frame = vvas_video_frame_alloc(ctx, CMA, VVAS_ALLOC_FLAG_NONE, 1, &info, NULL);
	for (i = 0; i < THREADS; i++) {
		w[i].mem = mem;
		w[i].frame = frame;
	}
	run(w, map_and_unmap);
	vvas_memory_free(mem);
	vvas_video_frame_free(frame);
	case_end(ctx);
}

/*
 * Many threads free one memory, while they map it: one of them does
 */

static unsigned int calls;

static void
count(void *data, void *arg)
{
	(void)data;
	(void)arg;
	__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
}

static void *
map_and_free(void *arg)
{
	struct worker *w = arg;
	VvasMemoryMapInfo info;

	if (w->id % 2 != 0)
		w->ok += vvas_memory_map(w->mem, WRITE, &info) == VVAS_RET_SUCCESS;
	vvas_memory_free(w->mem);
	w->wrong += vvas_memory_map(w->mem, WRITE, &info) != VVAS_RET_INVALID_ARGS;
	return NULL;
}

static void
freed_by_all(void)
{
	struct worker w[THREADS] = { { 0 } };
	VvasContext *ctx = case_context(BANKS);
	static uint8_t own[8];
	unsigned int i, round;
	VvasMemory *mem;

	for (round = 0; round < 50; round++) {
		__atomic_store_n(&calls, 0, __ATOMIC_RELAXED);
		mem = round % 2 != 0 ? case_memory(ctx, CMA, 0, SIZE) :
				vvas_memory_alloc_from_data(ctx, own, 8, count, NULL, NULL);
		for (i = 0; i < THREADS; i++)
			w[i].mem = mem;
		run(w, map_and_free);
		CU_ASSERT_EQUAL(__atomic_load_n(&calls, __ATOMIC_RELAXED), round % 2 == 0);
	}
	CU_ASSERT_EQUAL(case_bank_free(ctx, 0), BANK_SIZE);
	case_end(ctx);
}

/*
 * The context is destroyed first; memories are freed by other threads than those that made them
 */

static VvasMemory *shelf[THREADS][8];

static void *
use_and_free(void *arg)
{
	struct worker *w = arg;
	VvasMemoryMapInfo info;
	unsigned int i;

	if (w->id == 0)
		w->ok = vvas_context_destroy(w->ctx) == VVAS_RET_SUCCESS;
	for (i = 0; i < 8; i++) {
		w->wrong += vvas_memory_map(shelf[w->id][i], WRITE, &info) != VVAS_RET_SUCCESS;
		memset(info.data, 1, SIZE);
		w->wrong += vvas_memory_unmap(shelf[w->id][i], &info) != VVAS_RET_SUCCESS;
		vvas_memory_free(shelf[w->id][i]);
	}
	return NULL;
}

static void
context_goes_first(void)
{
	struct worker w[THREADS] = { { 0 } };
	unsigned int i, j, round;
	VvasContext *ctx;

	for (round = 0; round < 10; round++) {
		ctx = case_context(BANKS);
		for (i = 0; i < THREADS; i++) {
			w[i].ctx = ctx;
			for (j = 0; j < 8; j++)
				shelf[i][j] = case_memory(ctx, j % 2 != 0 ? CMA : NON_CMA,
						(uint8_t)(i % 2), SIZE);
		}
		w[0].ok = 0;
		CU_ASSERT_EQUAL(run(w, use_and_free), 1);
		CU_ASSERT(accel_dev_by_name("soft:vvas") < 0);
	}
}

/* Contexts of one device come and go: it opens and closes all the time. */
static void *
come_and_go(void *arg)
{
	char spec[] = "soft:vvas,banks=2,bank_size=8M";
	struct worker *w = arg;
	VvasReturnType ret;
	VvasContext *ctx;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		ctx = vvas_context_create(0, spec, LOG_LEVEL_ERROR, &ret);
		w->wrong += ctx == NULL || !one_memory(ctx, CMA, i % 2, (int)w->id);
		w->wrong += vvas_context_destroy(ctx) != VVAS_RET_SUCCESS;
	}
	return NULL;
}

static void
contexts(void)
{
	struct worker w[THREADS] = { { 0 } };

	run(w, come_and_go);
	CU_ASSERT(accel_dev_by_name("soft:vvas") < 0);
}

/*
 * The first messages of a process
 */

static void *
say(void *arg)
{
	struct worker *w = arg;

	LOG_ERROR(LOG_LEVEL_ERROR, "line of %u", w->id);
	return NULL;
}

int
vvas_child(void)
{
	struct worker w[THREADS];
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		w[i].id = i;
		if (pthread_create(&w[i].thread, NULL, say, &w[i]) != 0)
			return 1;
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(w[i].thread, NULL);
	return 0;
}

static void
first_messages(void)
{
	char text[4096], line[64];
	unsigned int i;

	CU_ASSERT_EQUAL(case_run("CONSOLE", text, sizeof(text)), 0);
	for (i = 0; i < THREADS; i++) {
		snprintf(line, sizeof(line), "say(): line of %u\n", i);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, line));
	}
}

static const struct test_case cases[] = {
	{ "each its own memories", own_memories },
	{ "one memory for all", shared_memory },
	{ "freed by all", freed_by_all },
	{ "the context goes first", context_goes_first },
	{ "contexts come and go", contexts },
	{ "first messages", first_messages },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
