/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Several threads at once, on the device of the tests and on the NPU. What they do is checked by
 * each for itself; CUnit's assertions are for one thread, so threads count what is wrong.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "enn_case.h"

#define THREADS 8

struct worker {
	pthread_t thread;
	unsigned int id;
	unsigned int rounds;
	unsigned int wrong;
	EnnModelId model;
};

static EnnModelId shared;

static void
run(unsigned int rounds, EnnModelId model, void *(*fn)(void *arg))
{
	struct worker w[THREADS];
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		w[i] = (struct worker){ .id = i, .rounds = rounds, .model = model };
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w[i].thread, NULL, fn, &w[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		CU_ASSERT_EQUAL(pthread_join(w[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(w[i].wrong, 0);
	}
}

static void
expect(struct worker *w, EnnReturn got)
{
	w->wrong += got != ENN_RET_SUCCESS;
}

/* Each has two sessions of one model: one waits, the other one does not. */
static void *
use_sessions(void *arg)
{
	struct worker *w = arg;
	int number = (int)(2 * w->id);
	EnnBufferPtr *a = NULL, *b = NULL;
	NumberOfBuffersInfo count;
	unsigned int i;

	for (i = 0; i < w->rounds && w->wrong == 0; i++) {
		expect(w, EnnAllocateAllBuffersWithSessionId(w->model, &a, &count, number, true));
		expect(w, EnnAllocateAllBuffersWithSessionId(w->model, &b, &count, number + 1,
				true));
		if (w->wrong != 0)
			break;
		memset(a[0]->va, (int)(w->id + i) % 100, 100);
		memset(b[0]->va, (int)(w->id + i) % 100 + 100, 100);
		expect(w, EnnExecuteModelWithSessionIdAsync(w->model, number + 1));
		expect(w, EnnExecuteModelWithSessionId(w->model, number));
		expect(w, EnnExecuteModelWithSessionIdWait(w->model, number + 1));
		w->wrong += !case_is_filled(a[1]->va, 100, (int)(w->id + i) % 100 + 1);
		w->wrong += !case_is_filled(b[1]->va, 100, (int)(w->id + i) % 100 + 101);
		expect(w, EnnReleaseBuffers(a, 2));
		expect(w, EnnReleaseBuffers(b, 2));
	}
	return NULL;
}

static void
sessions(void)
{
	case_begin_warm();
	run(300, case_open(1, 1), use_sessions);
	case_end();
}

/* Models and the whole context come and go. */
static void *
come_and_go(void *arg)
{
	struct fake_image image = fake_image(1, 1, 100);
	struct worker *w = arg;
	EnnBufferPtr *set = NULL, own;
	NumberOfBuffersInfo count;
	EnnModelId model;
	unsigned int i;

	for (i = 0; i < w->rounds && w->wrong == 0; i++) {
		expect(w, EnnInitialize());
		expect(w, EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model));
		expect(w, EnnAllocateAllBuffers(model, &set, &count));
		expect(w, EnnCreateBufferCache(100 + i, &own));
		expect(w, EnnExecuteModelAsync(model));
		if (i % 2 == 0)
			expect(w, EnnExecuteModelWait(model));
		if (i % 3 == 0)
			expect(w, EnnReleaseBuffers(set, 2));
		expect(w, EnnCloseModel(model));
		if (i % 3 == 1)
			expect(w, EnnReleaseBuffers(set, 2));
		if (i % 4 == 0)
			expect(w, EnnReleaseBuffer(own));
		expect(w, EnnDeinitialize());
	}
	return NULL;
}

static void
contexts(void)
{
	setenv("ACCELDEV_DEVICES", FAKE_SPEC, 1);
	run(60, 0, come_and_go);
	case_begin(FAKE_SPEC);
	run(60, 0, come_and_go);
	case_end();
}

/* Threads that take each other's things away: any result is right, but nothing breaks. */
static void *
disturb(void *arg)
{
	struct worker *w = arg;
	EnnBufferPtr *set = NULL;
	NumberOfBuffersInfo count;
	unsigned int i;
	int number;

	for (i = 0; i < w->rounds; i++) {
		number = (int)(i + w->id) % 3;
		switch ((i * 7 + w->id * 3) % 8) {
		case 0:
			if (EnnAllocateAllBuffersWithSessionId(shared, &set, &count, number,
					i % 2) ==
					ENN_RET_SUCCESS && i % 5 != 0)
				expect(w, EnnReleaseBuffers(set, 2));
			break;
		case 1:
			EnnBufferCommitWithSessionId(shared, number);
			break;
		case 2:
			EnnExecuteModelWithSessionIdAsync(shared, number);
			break;
		case 3:
			EnnExecuteModelWithSessionIdWait(shared, number);
			break;
		case 4:
			EnnUnsetBuffersWithSessionId(shared, number);
			break;
		case 5:
			EnnExecuteModelWithSessionId(shared, number);
			break;
		case 6:
			EnnBufferUncommitWithSessionId(shared, number);
			break;
		default:
			EnnGetBuffersInfo(shared, &count);
		}
	}
	return NULL;
}

static void
disturbed(void)
{
	case_begin_warm();
	log_text_begin();
	shared = case_open(1, 1);
	run(500, shared, disturb);
	log_text_end();
	case_end();
}

/* On the NPU, several models at once. */
static void *
classify(void *arg)
{
	static const unsigned char blank[64];
	struct worker *w = arg;
	int number = (int)w->id;
	EnnBufferPtr *set = NULL;
	signed char first[16];
	NumberOfBuffersInfo count;
	unsigned int i;

	expect(w, EnnAllocateAllBuffersWithSessionId(w->model, &set, &count, number, true));
	for (i = 0; i < w->rounds && w->wrong == 0; i++) {
		memcpy(set[0]->va, blank, sizeof(blank));
		memset(set[1]->va, 0x55, 16);
		expect(w, EnnExecuteModelWithSessionIdAsync(w->model, number));
		expect(w, EnnExecuteModelWithSessionIdWait(w->model, number));
		if (i == 0)
			memcpy(first, set[1]->va, sizeof(first));
		w->wrong += memcmp(first, set[1]->va, sizeof(first)) != 0;
	}
	return NULL;
}

static void
npu(void)
{
	const char *path = getenv("ACCELDEV_TEST_DIGITS_MODEL");
	EnnModelId model = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	case_begin("sim:npu");
	ASSERT_OK(EnnOpenModel(path, &model));
	run(50, model, classify);
	case_end();
}

static const struct test_case cases[] = {
	{ "sessions", sessions },
	{ "models and contexts", contexts },
	{ "threads that disturb each other", disturbed },
	{ "the NPU", npu },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
