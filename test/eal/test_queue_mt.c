/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Queue pairs, each in a thread of its own, while others read counters and change mappings.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define N_THREADS 4
#define BURST     16
#define LEN       512u
#define N_BURSTS  3000
#define TIMEOUT_S 60
#define PAGE      4096u

/* CUnit is not for several threads: each counts what was wrong. */
struct worker {
	pthread_t thread;
	uint16_t qp;
	struct accel_buf *src, *dst; /* BURST areas of LEN bytes each */
	struct accel_op ops[BURST];
	uint64_t random;
	unsigned int wrong;
};

static uint16_t dev;
static bool finished;
static struct worker workers[N_THREADS];

static void
start(struct worker *w, unsigned int i, void *(*fn)(void *))
{
	memset(w, 0, sizeof(*w));
	w->qp = (uint16_t)i;
	w->random = 77 + i;
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, BURST * LEN, 0, 0, &w->src), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, BURST * LEN, 0, 0, &w->dst), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
}

static void
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->wrong, 0);
	CU_ASSERT_EQUAL(accel_buf_free(w->src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(w->dst), 0);
}

static void
make_burst(struct worker *w, unsigned int round, struct accel_op **list)
{
	unsigned int i;

	for (i = 0; i < BURST; i++) {
		w->ops[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .user_data = round,
			.src = w->src->iova + i * LEN, .dst = w->dst->iova + i * LEN, .len = LEN };
		list[i] = &w->ops[i];
		((unsigned char *)w->src->va)[i * LEN + round % LEN] = (unsigned char)(round + i);
	}
	w->ops[BURST - 1].dst = w->random; /* nowhere */
}

static unsigned int
take_back(struct worker *w, unsigned int first)
{
	struct accel_op *list[BURST];
	unsigned int i, n = accel_dequeue_burst(dev, w->qp, list, BURST);

	for (i = 0; i < n; i++) {
		w->wrong += list[i] != &w->ops[first + i];
		w->wrong += list[i]->status != (first + i == BURST - 1 ? ACCEL_STATUS_BAD_ADDRESS :
				ACCEL_STATUS_SUCCESS);
	}
	return n;
}

static void
run_burst(struct worker *w, unsigned int round)
{
	time_t give_up = time(NULL) + TIMEOUT_S;
	struct accel_op *list[BURST];
	unsigned int taken = 0, back = 0;

	make_burst(w, round, list);
	while (back < BURST && time(NULL) < give_up) {
		taken += accel_enqueue_burst(dev, w->qp, &list[taken], (uint16_t)(BURST - taken));
		back += take_back(w, back);
	}
	w->wrong += back != BURST;
	w->wrong += memcmp(w->src->va, w->dst->va, (BURST - 1) * LEN) != 0;
}

static void *
run_queue(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	memset(w->src->va, 0, w->src->len);
	memset(w->dst->va, 0, w->dst->len);
	for (i = 0; i < N_BURSTS; i++)
		run_burst(w, i);
	return NULL;
}

/* Each counter grows; how they stand to each other at one instant is not promised. */
static void *
read_counters(void *arg)
{
	struct accel_qp_stats last[N_THREADS], now;
	struct worker *w = arg;
	struct accel_dev_info info;
	uint16_t i;

	memset(last, 0, sizeof(last));
	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		for (i = 0; i < N_THREADS; i++) {
			w->wrong += accel_qp_stats_get(dev, i, &now) != 0;
			w->wrong += now.enqueued < last[i].enqueued || now.bytes < last[i].bytes ||
					now.dequeued < last[i].dequeued ||
					now.errors < last[i].errors;
			w->wrong += now.enqueued > N_BURSTS * BURST;
			last[i] = now;
		}
		w->wrong += accel_dev_info_get(dev, &info) != 0 || info.state != ACCEL_DEV_STARTED;
	}
	return NULL;
}

static void
expect_counters(void)
{
	struct accel_qp_stats stats;
	uint16_t i;

	for (i = 0; i < N_THREADS; i++) {
		CU_ASSERT_EQUAL(accel_qp_stats_get(dev, i, &stats), 0);
		CU_ASSERT_EQUAL(stats.enqueued, N_BURSTS * BURST);
		CU_ASSERT_EQUAL(stats.dequeued, N_BURSTS * BURST);
		CU_ASSERT_EQUAL(stats.errors, N_BURSTS);
		CU_ASSERT_EQUAL(stats.bytes, (uint64_t)N_BURSTS * (BURST - 1) * LEN);
	}
}

/* All queue pairs beside one more thread that does something else. */
static void
run_beside(const char *spec, void *(*queue)(void *), void *(*other)(void *))
{
	struct test_usage before = test_usage_get();
	struct worker extra;
	unsigned int i;

	finished = false;
	dev = soft_open(spec);
	soft_run(dev, N_THREADS, 8, 0); /* less than a burst */
	start(&extra, N_THREADS, other);
	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, queue);
	for (i = 0; i < N_THREADS; i++)
		join(&workers[i]);
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	join(&extra);
	if (queue == run_queue && other != NULL)
		expect_counters();
	soft_close(dev);
	TEST_ASSERT_NO_LEAK(before);
}

static void
counters_are_read_meanwhile(void)
{
	run_beside("soft:0", run_queue, read_counters);
}

static void
with_latency(void)
{
	run_beside("soft:0,latency_us=1", run_queue, read_counters);
}

/* Makes every queue pair forget its translations, again and again. */
static void *
change_mappings(void *arg)
{
	static char pages[4 * PAGE] __attribute__((aligned(PAGE)));
	struct worker *w = arg;
	struct accel_buf *buf, *import, *many[8];
	unsigned int i;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		w->wrong += accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_ISOLATED, &buf) != 0;
		w->wrong += accel_buf_import(dev, pages, sizeof(pages), 0, NULL, NULL,
				&import) != 0;
		for (i = 0; i < RTE_DIM(many); i++)
			w->wrong += accel_buf_alloc(dev, 100 * i + 1, 0, 0, &many[i]) != 0;
		w->wrong += accel_buf_free(buf) != 0;
		for (i = 0; i < RTE_DIM(many); i++)
			w->wrong += accel_buf_free(many[i]) != 0;
		w->wrong += accel_buf_free(import) != 0;
	}
	return NULL;
}

static void
mappings_change_meanwhile(void)
{
	run_beside("soft:0", run_queue, change_mappings);
}

/* What a queue pair wrote through an isolated buffer stays; afterwards it cannot write there. */
static void *
use_own_isolated(void *arg)
{
	struct worker *w = arg;
	struct accel_op op = { .type = ACCEL_OP_FILL, .len = PAGE }, *list[1];
	struct accel_buf *buf;
	int i, j;

	for (i = 0; i < 500; i++) {
		if (accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_ISOLATED, &buf) != 0) {
			w->wrong++;
			break;
		}
		op.dst = buf->iova;
		for (j = 0; j < 2; j++) {
			op.pattern = w->qp * UINT64_C(0x0101010101010101) + (uint64_t)j;
			list[0] = &op;
			w->wrong += accel_enqueue_burst(dev, w->qp, list, 1) != 1;
			w->wrong += accel_dequeue_burst(dev, w->qp, list, 1) != 1;
			w->wrong += op.status != ACCEL_STATUS_SUCCESS;
			w->wrong += *(uint64_t *)buf->va != op.pattern;
		}
		w->wrong += accel_buf_free(buf) != 0;
	}
	return NULL;
}

static void
isolated_buffers_in_threads(void)
{
	run_beside("soft:0", use_own_isolated, read_counters);
}

/*
 * One queue pair, used by one thread at a time
 */

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *
take_turns(void *arg)
{
	struct worker *w = arg;
	uint16_t own = w->qp;
	unsigned int i;

	w->qp = 0;
	for (i = 0; i < 500; i++) {
		pthread_mutex_lock(&turn);
		run_burst(w, i);
		pthread_mutex_unlock(&turn);
	}
	w->qp = own;
	return NULL;
}

static void
one_queue_pair_in_turns(void)
{
	struct accel_qp_stats stats;
	unsigned int i;

	dev = soft_open("soft:0");
	soft_run(dev, 1, 32, 0);
	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, take_turns);
	for (i = 0; i < N_THREADS; i++)
		join(&workers[i]);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.dequeued, N_THREADS * 500 * BURST);
	CU_ASSERT_EQUAL(stats.rejected, 0);
	soft_close(dev);
}

/* Counters go back to zero while their queue pair counts on. */
static void *
reset_counters(void *arg)
{
	struct accel_qp_stats stats;
	struct worker *w = arg;
	uint16_t i;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		for (i = 0; i < N_THREADS; i++) {
			w->wrong += accel_qp_stats_reset(dev, i) != 0;
			w->wrong += accel_qp_stats_get(dev, i, &stats) != 0;
			w->wrong += stats.enqueued > N_BURSTS * BURST;
			w->wrong += stats.dequeued > N_BURSTS * BURST;
		}
	}
	return NULL;
}

static void *
run_queue_uncounted(void *arg)
{
	return run_queue(arg);
}

static void
counters_are_reset_meanwhile(void)
{
	run_beside("soft:0", run_queue_uncounted, reset_counters);
}

static const struct test_case cases[] = {
	{ "counters are read meanwhile", counters_are_read_meanwhile },
	{ "counters are reset meanwhile", counters_are_reset_meanwhile },
	{ "with latency", with_latency },
	{ "mappings change meanwhile", mappings_change_meanwhile },
	{ "isolated buffers in threads", isolated_buffers_in_threads },
	{ "one queue pair in turns", one_queue_pair_in_turns },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "queue, several threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
