/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A thread for each queue pair runs instances of one program and cancels some, while others load,
 * look at, and unload programs.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "program_case.h"

#define QPS    4
#define EACH   3   /* instances of a thread */
#define ROUNDS 150

struct shared {
	uint16_t dev;
	struct accel_program *program;
	bool stop; /* atomic */
	struct case_run runs[QPS][EACH];
};

struct worker {
	struct shared *shared;
	uint16_t qp;
	pthread_t thread;
	unsigned int good, aborted, bad;
};

static struct shared all;

static void
count(struct worker *w, const struct case_run *run)
{
	if (run->op.status == ACCEL_STATUS_ABORTED)
		w->aborted++;
	else if (run->op.status == ACCEL_STATUS_SUCCESS && case_run_is_right(run))
		w->good++;
	else
		w->bad++;
}

static void
dequeue(struct worker *w, struct accel_op **ops, unsigned int n)
{
	unsigned int done = 0;

	while (done < n) {
		done += accel_dequeue_burst(w->shared->dev, w->qp, ops + done,
				(uint16_t)(n - done));
		sched_yield();
	}
}

static void *
run_all(void *arg)
{
	struct worker *w = arg;
	struct case_run *runs = w->shared->runs[w->qp];
	struct accel_op *ops[EACH];
	unsigned int round, i;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < EACH; i++) {
			ops[i] = case_run_op(&runs[i]);
			w->bad += accel_instance_bind(runs[i].instance, 1, runs[i].out->iova) != 0;
		}
		w->bad += accel_enqueue_burst(w->shared->dev, w->qp, ops, EACH) != EACH;
		if (round % 5 == 0)
			(void)accel_instance_cancel(runs[round % EACH].instance);
		dequeue(w, ops, EACH);
		for (i = 0; i < EACH; i++)
			count(w, &runs[i]);
	}
	return NULL;
}

/* Programs and instances come and go, at the same addresses. */
static void *
load_all(void *arg)
{
	struct worker *w = arg;
	struct accel_program *program;
	struct accel_instance *instance;
	struct accel_program_info info;

	do {
		w->bad += accel_program_load(w->shared->dev, case_image.bytes, case_image.len,
				&program) != 0;
		w->bad += accel_instance_create(program, &instance) != 0;
		w->bad += accel_program_tensor_find(program, image_out) != 1;
		w->bad += accel_instance_cancel(instance) != -ENOENT;
		w->bad += accel_instance_destroy(instance) != 0;
		w->bad += accel_program_info_get(program, &info) != 0;
		w->bad += accel_program_unload(program) != 0;
		/* It may be the other one's meanwhile. */
		(void)accel_program_info_get(program, &info);
		w->bad += accel_program_info_get(w->shared->program, &info) != 0;
		w->bad += info.nb_instances != QPS * EACH;
		w->good++;
	} while (!__atomic_load_n(&w->shared->stop, __ATOMIC_ACQUIRE));
	return NULL;
}

static void
on_threads(void)
{
	struct worker workers[QPS + 2] = { 0 };
	struct accel_program_info info;
	unsigned int i, good = 0, aborted = 0;

	all.dev = case_open("sim:npu,cores=4", QPS, 0);
	all.program = case_load(all.dev, &case_image);
	all.stop = false;
	for (i = 0; i < QPS * EACH; i++)
		case_run_make(&all.runs[i / EACH][i % EACH], all.program, all.dev);
	soft_log_begin(); /* stale handles */
	for (i = 0; i < QPS + 2; i++) {
		workers[i].shared = &all;
		workers[i].qp = (uint16_t)i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&workers[i].thread, NULL,
				i < QPS ? run_all : load_all, &workers[i]), 0);
	}
	for (i = 0; i < QPS + 2; i++) {
		if (i == QPS)
			__atomic_store_n(&all.stop, true, __ATOMIC_RELEASE);
		pthread_join(workers[i].thread, NULL);
		CU_ASSERT_EQUAL(workers[i].bad, 0);
		good += i < QPS ? workers[i].good : 0;
		aborted += workers[i].aborted;
		CU_ASSERT(workers[i].good > 0);
	}
	soft_log_end();
	CU_ASSERT_EQUAL(good + aborted, QPS * EACH * ROUNDS);
	CU_ASSERT_EQUAL(accel_program_info_get(all.program, &info), 0);
	CU_ASSERT_EQUAL(info.runs, good);
	CU_ASSERT_EQUAL(info.errors, aborted);
	for (i = 0; i < QPS * EACH; i++)
		case_run_free(&all.runs[i / EACH][i % EACH]);
	CU_ASSERT_EQUAL(accel_program_unload(all.program), 0);
	soft_close(all.dev);
}

/* Ops that name an instance which others bind, destroy and make: it runs, or is refused. */
static void *
name_any(void *arg)
{
	struct worker *w = arg;
	struct accel_op op = { .type = ACCEL_OP_RUN }, *ops[] = { &op };

	op.ext = w->shared->runs[0][0].instance;
	while (!__atomic_load_n(&w->shared->stop, __ATOMIC_ACQUIRE)) {
		(void)accel_instance_cancel(op.ext);
		w->bad += accel_enqueue_burst(w->shared->dev, w->qp, ops, 1) != 1;
		dequeue(w, ops, 1);
		if (op.status == ACCEL_STATUS_SUCCESS || op.status == ACCEL_STATUS_ABORTED)
			w->good++;
		else
			w->bad += op.status != ACCEL_STATUS_INVALID;
	}
	return NULL;
}

/* An op that names it may be looking at it just then. */
static void
bind_soon(unsigned int n, const struct accel_buf *buf)
{
	struct accel_instance *instance = all.runs[0][0].instance;
	int ret;

	while ((ret = accel_instance_bind(instance, n, buf->iova)) == -EBUSY)
		;
	CU_ASSERT_EQUAL(ret, 0);
}

static void
fought_for(void)
{
	struct worker workers[2] = { 0 };
	unsigned int i, ended = 0;
	int ret;

	all.dev = case_open("sim:npu,cores=2", 2, 0);
	all.program = case_load(all.dev, &case_image);
	all.stop = false;
	case_run_make(&all.runs[0][0], all.program, all.dev);
	soft_log_begin(); /* that it is in flight, or gone */
	for (i = 0; i < 2; i++) {
		workers[i].shared = &all;
		workers[i].qp = (uint16_t)i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&workers[i].thread, NULL, name_any,
				&workers[i]), 0);
	}
	for (i = 0; i < 2000; i++) {
		struct accel_instance *instance = all.runs[0][0].instance;

		usleep(i % 4 * 30);
		ret = accel_instance_bind(instance, 0, all.runs[0][0].in->iova);
		CU_ASSERT(ret == 0 || ret == -EBUSY);
		ret = accel_instance_destroy(instance);
		CU_ASSERT(ret == 0 || ret == -EBUSY);
		ended += ret == 0;
		if (ret != 0)
			continue;
		CU_ASSERT_EQUAL(accel_instance_create(all.program, &instance), 0);
		CU_ASSERT_PTR_EQUAL(instance, all.runs[0][0].instance);
		bind_soon(0, all.runs[0][0].in);
		bind_soon(1, all.runs[0][0].out);
	}
	__atomic_store_n(&all.stop, true, __ATOMIC_RELEASE);
	for (i = 0; i < 2; i++) {
		pthread_join(workers[i].thread, NULL);
		CU_ASSERT_EQUAL(workers[i].bad, 0);
	}
	soft_log_end();
	CU_ASSERT(ended > 0);
	CU_ASSERT(workers[0].good + workers[1].good > 0);
	CU_ASSERT(case_run_ok(all.dev, 0, &all.runs[0][0]));
	case_run_free(&all.runs[0][0]);
	CU_ASSERT_EQUAL(accel_program_unload(all.program), 0);
	soft_close(all.dev);
}

static const struct test_case cases[] = {
	{ "on_threads", on_threads },
	{ "fought_for", fought_for },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "program_mt", NULL, case_images_free, cases },
	{ NULL, NULL, NULL, NULL },
};
