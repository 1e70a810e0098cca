/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers in banks and contexts from several threads at once.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "bank_case.h"
#include "eal_main.h"

#define N_THREADS 8
#define LEN       (4 * BANK_KIB)
#define SPEC      "soft:0,banks=2"

/* CUnit is not for several threads: each counts what was wrong. */
struct worker {
	pthread_t thread;
	unsigned int id;
	uint64_t random;
	unsigned int wrong;
	unsigned int done;
};

static uint16_t dev;
static struct accel_buf *shared;
static bool finished; /* atomic */
static unsigned int missing; /* atomic; threads that have not begun */

static void
expect(struct worker *w, bool ok)
{
	w->wrong += !ok;
}

/* All at once. */
static void
wait_for_the_others(void)
{
	__atomic_sub_fetch(&missing, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&missing, __ATOMIC_RELAXED) != 0)
		sched_yield();
}

static void
begin(struct worker *w, unsigned int id, void *(*fn)(void *))
{
	memset(w, 0, sizeof(*w));
	w->id = id;
	w->random = 77 + id;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
}

static unsigned int
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->wrong, 0);
	return w->done;
}

static unsigned int
run(unsigned int n, void *(*fn)(void *))
{
	struct worker workers[N_THREADS];
	unsigned int i, done = 0;

	__atomic_store_n(&missing, n, __ATOMIC_RELAXED);
	for (i = 0; i < n; i++)
		begin(&workers[i], i, fn);
	for (i = 0; i < n; i++)
		done += join(&workers[i]);
	return done;
}

static void
open_soft(void)
{
	dev = soft_open(SPEC);
	soft_run(dev, 1, 0, 0);
	__atomic_store_n(&finished, false, __ATOMIC_RELAXED);
}

static void
close_soft(void)
{
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(bank_left(dev, 0), 64 * BANK_MIB);
	CU_ASSERT_EQUAL(bank_left(dev, 1), 64 * BANK_MIB);
	soft_close(dev);
}

/*
 * Buffers of their own
 */

/* Through the bank and back: the view is spoilt in between. */
static bool
round_trip(struct accel_buf *buf, unsigned char byte)
{
	bool ok;

	memset(buf->va, byte, buf->len);
	ok = accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE) == 0;
	memset(buf->va, ~byte, buf->len);
	ok &= accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE) == 0;
	return ok && bank_all(buf->va, buf->len, byte);
}

static void *
sync_own_buffers(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		uint32_t flags = ACCEL_BUF_BANK(i % 2) | (i % 3 == 0 ? ACCEL_BUF_ZERO : 0);
		size_t len = 1 + soft_random(&w->random) % LEN;

		if (accel_buf_alloc(dev, len, 0, flags, &buf) != 0) {
			expect(w, false);
			break;
		}
		expect(w, round_trip(buf, (unsigned char)(w->id * 16 + i)));
		expect(w, accel_buf_free(buf) == 0);
	}
	return NULL;
}

static void
buffers_of_their_own(void)
{
	open_soft();
	run(N_THREADS, sync_own_buffers);
	close_soft();
}

/*
 * One buffer
 */

#define PART (LEN / N_THREADS)

/* Each has a part of it, which odd lengths keep from aligned places. */
static void *
sync_own_part(void *arg)
{
	struct worker *w = arg;
	size_t first = w->id * PART, len = PART - w->id % 2;
	unsigned char *part = (unsigned char *)shared->va + first;
	unsigned int i;

	wait_for_the_others();
	for (i = 0; i < 300; i++) {
		unsigned char byte = (unsigned char)soft_random(&w->random);

		memset(part, byte, len);
		expect(w, accel_buf_dirty(shared, first, len) == 0);
		if (i % 2 == 0)
			expect(w, accel_buf_sync(shared, first, len, ACCEL_SYNC_FLUSH) == 0);
		expect(w, accel_buf_sync(shared, first, len, ACCEL_SYNC_FROM_DEVICE) == 0);
		expect(w, bank_all(part, len, byte));
		memset(part, ~byte, len);
		expect(w, accel_buf_sync(shared, first, len, ACCEL_SYNC_FROM_DEVICE) == 0);
		expect(w, bank_all(part, len, byte));
	}
	return NULL;
}

static void
one_buffer(void)
{
	open_soft();
	shared = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(1));
	run(N_THREADS, sync_own_part);
	CU_ASSERT_EQUAL(accel_buf_free(shared), 0);
	close_soft();
}

/* Every other byte, so that notes do not become one. */
static void *
note_bytes(void *arg)
{
	struct worker *w = arg;
	unsigned char *view = shared->va;
	size_t i;

	wait_for_the_others();
	for (i = w->id; i < LEN; i += N_THREADS) {
		if (i % 3 == 0)
			continue;
		view[i] = (unsigned char)(w->id + 1);
		expect(w, accel_buf_dirty(shared, i, 1) == 0);
	}
	return NULL;
}

static void
expect_noted_bytes(const unsigned char *bank)
{
	unsigned int wrong = 0;
	size_t i;

	for (i = 0; i < LEN; i++)
		wrong += bank[i] != (i % 3 == 0 ? 0xbb : i % N_THREADS + 1);
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
notes_from_many(void)
{
	struct accel_buf *host;

	open_soft();
	host = bank_alloc(dev, LEN, 0, 0);
	shared = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0));
	memset(shared->va, 0xaa, LEN);
	bank_fill(dev, 0, bank_at(shared).addr, LEN, 0xbb);
	run(N_THREADS, note_bytes);
	CU_ASSERT_EQUAL(accel_buf_sync(shared, 0, 0, ACCEL_SYNC_FLUSH), 0);
	bank_copy(dev, 0, bank_at(shared).addr, host, LEN, false);
	expect_noted_bytes(host->va);
	CU_ASSERT_EQUAL(accel_buf_free(shared), 0);
	CU_ASSERT_EQUAL(accel_buf_free(host), 0);
	close_soft();
}

/*
 * Beside control calls
 */

static bool
is_over(void)
{
	return __atomic_load_n(&finished, __ATOMIC_RELAXED);
}

/* Whatever is stopped meanwhile: what was noted is in the bank at last. */
static void *
sync_until_it_works(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf;
	unsigned char byte = 0;
	int ret;

	if (accel_buf_alloc(dev, LEN, 0, ACCEL_BUF_BANK(w->id % 2), &buf) != 0) {
		expect(w, false);
		return NULL;
	}
	while (!is_over()) {
		memset(buf->va, ++byte, LEN);
		expect(w, accel_buf_dirty(buf, 0, 0) == 0);
		do {
			ret = accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE);
			expect(w, ret == 0 || ret == -EPERM || ret == -ECANCELED);
			if (ret != 0)
				usleep(100);
		} while (ret != 0);
		expect(w, bank_all(buf->va, LEN, byte));
		w->done++;
	}
	expect(w, accel_buf_free(buf) == 0);
	return NULL;
}

static void
stops_and_starts(void)
{
	struct worker workers[4];
	unsigned int i, done = 0;

	open_soft();
	soft_log_begin();
	for (i = 0; i < RTE_DIM(workers); i++)
		begin(&workers[i], i, sync_until_it_works);
	for (i = 0; i < 200; i++) {
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		if (i % 5 == 0)
			CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
		if (i % 10 == 0)
			soft_run(dev, 1 + i % 3, 0, 0);
		else
			CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		usleep(200);
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	for (i = 0; i < RTE_DIM(workers); i++)
		done += join(&workers[i]);
	CU_ASSERT(done > 10);
	(void)soft_log_end();
	close_soft();
}

/* An application at work on its own queue pair does not notice. */
static void *
copy_with_ops(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *host;
	struct accel_op op, *back;

	if (accel_buf_alloc(dev, 64, 0, 0, &host) != 0) {
		expect(w, false);
		return NULL;
	}
	while (!is_over()) {
		op = (struct accel_op){ .type = ACCEL_OP_FILL, .len = 64, .dst = host->iova,
			.pattern = w->done };
		back = &op;
		expect(w, accel_enqueue_burst(dev, 0, &back, 1) == 1);
		back = NULL;
		while (accel_dequeue_burst(dev, 0, &back, 1) == 0)
			;
		expect(w, back == &op && op.status == ACCEL_STATUS_SUCCESS);
		w->done++;
	}
	expect(w, accel_buf_free(host) == 0);
	return NULL;
}

static void
beside_the_applications_ops(void)
{
	struct accel_qp_stats stats;
	struct worker app;
	unsigned int done;

	open_soft();
	begin(&app, 0, copy_with_ops);
	run(3, sync_own_buffers);
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	done = join(&app);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.enqueued, done);
	CU_ASSERT_EQUAL(stats.dequeued, done);
	CU_ASSERT_EQUAL(stats.bytes, 64u * done);
	close_soft();
}

/*
 * Contexts
 */

#define N_SLOTS 32

static struct accel_buf *slots[N_SLOTS]; /* atomic; buffers that any thread frees */

static void *
come_and_go(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf;
	struct accel_ctx *ctx;
	unsigned int i;

	for (i = 0; i < 150; i++) {
		ctx = NULL;
		if (accel_ctx_get(i % 7 == 0 ? "soft:1,banks=2" : SPEC, &ctx) != 0) {
			expect(w, false);
			continue;
		}
		buf = NULL;
		expect(w, accel_ctx_buf_alloc(ctx, 100, 0, i % 2 == 0 ? ACCEL_BUF_BANK(1) : 0,
				&buf) == 0);
		accel_ctx_hold(ctx);
		accel_ctx_put(ctx);
		if (i % 2 == 0 && buf != NULL)
			expect(w, round_trip(buf, (unsigned char)i));
		accel_ctx_put(ctx);
		buf = __atomic_exchange_n(&slots[soft_random(&w->random) % N_SLOTS], buf,
				__ATOMIC_ACQ_REL);
		expect(w, accel_buf_free(buf) == 0);
		if (i % 16 == 0)
			sched_yield();
	}
	return NULL;
}

/* Nobody keeps a buffer, so that the device comes and goes all the time. */
static void *
come_and_go_alone(void *arg)
{
	struct worker *w = arg;
	struct accel_ctx *ctx;
	struct accel_buf *buf;
	unsigned int i;

	wait_for_the_others();
	for (i = 0; i < 100; i++) {
		if (accel_ctx_get(SPEC, &ctx) != 0) {
			expect(w, false);
			continue;
		}
		expect(w, accel_ctx_buf_alloc(ctx, 10, 0, ACCEL_BUF_BANK(0), &buf) == 0);
		accel_ctx_put(ctx);
		expect(w, accel_buf_free(buf) == 0);
		usleep(soft_random(&w->random) % 300);
	}
	return NULL;
}

static void
contexts_come_and_go(void)
{
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		run(N_THREADS, come_and_go);
		for (i = 0; i < N_SLOTS; i++) {
			CU_ASSERT_EQUAL(accel_buf_free(slots[i]), 0);
			slots[i] = NULL;
		}
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
		run(N_THREADS, come_and_go_alone);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
	}
}

static unsigned int nb_freed; /* atomic */

static void *
free_shared(void *arg)
{
	int ret;

	wait_for_the_others();
	ret = accel_buf_free(shared);
	expect(arg, ret == 0 || ret == -EINVAL);
	if (ret == 0)
		__atomic_add_fetch(&nb_freed, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Of many that free a buffer, the last to keep its device, one does. */
static void
one_frees(void)
{
	struct accel_ctx *ctx = NULL;
	unsigned int i;

	for (i = 0; i < 30; i++) {
		nb_freed = 0;
		CU_ASSERT_EQUAL_FATAL(accel_ctx_get(SPEC, &ctx), 0);
		CU_ASSERT_EQUAL_FATAL(accel_ctx_buf_alloc(ctx, 10, 0, ACCEL_BUF_BANK(0), &shared),
				0);
		accel_ctx_put(ctx);
		soft_log_begin();
		run(4, free_shared);
		CU_ASSERT_EQUAL(soft_log_end(), 3);
		CU_ASSERT_EQUAL(nb_freed, 1);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
	}
}

static const struct test_case cases[] = {
	{ "buffers of their own", buffers_of_their_own },
	{ "one buffer", one_buffer },
	{ "notes from many", notes_from_many },
	{ "stops and starts", stops_and_starts },
	{ "beside the application's ops", beside_the_applications_ops },
	{ "contexts come and go", contexts_come_and_go },
	{ "one frees", one_frees },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "bank buffers, several threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
