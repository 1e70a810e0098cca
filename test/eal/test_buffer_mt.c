/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers, lookups, banks, pools and control calls from several threads at once.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sched.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define N_THREADS 4
#define PAGE      4096u

/* CUnit is not for several threads: each counts what was wrong. */
struct worker {
	pthread_t thread;
	unsigned int id;
	uint64_t random;
	unsigned int wrong;
	unsigned int won;
};

static uint16_t devs[2];
static bool finished;

static void
expect(struct worker *w, bool ok)
{
	w->wrong += !ok;
}

static void
start(struct worker *w, unsigned int id, void *(*fn)(void *))
{
	memset(w, 0, sizeof(*w));
	w->id = id;
	w->random = 1000 + id;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
}

static unsigned int
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->wrong, 0);
	return w->won;
}

static unsigned int
run(void *(*fn)(void *))
{
	struct worker workers[N_THREADS];
	unsigned int i, won = 0;

	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, fn);
	for (i = 0; i < N_THREADS; i++)
		won += join(&workers[i]);
	return won;
}

static void
open_both(void)
{
	devs[0] = soft_open("soft:0");
	devs[1] = soft_open("soft:1");
}

static void
close_both(void)
{
	CU_ASSERT_EQUAL(soft_info(devs[0]).live_bufs, 0);
	CU_ASSERT_EQUAL(soft_info(devs[1]).live_bufs, 0);
	soft_close(devs[0]);
	soft_close(devs[1]);
}

/*
 * Buffers that pass from thread to thread
 */

#define N_SLOTS 64

static struct accel_buf *slots[N_SLOTS];

static void
stamp(struct accel_buf *buf, uint64_t value)
{
	memset(buf->va, (int)value, buf->len);
}

static bool
stamped(const struct accel_buf *buf)
{
	const unsigned char *at = buf->va;

	return memcmp(at, at + 1, buf->len - 1) == 0;
}

static void
give_up(struct worker *w, struct accel_buf *buf)
{
	uint64_t iova;

	if (buf == NULL)
		return;
	expect(w, stamped(buf));
	expect(w, accel_dev_virt2iova(buf->dev_id, buf->va, buf->len, &iova) == 0 &&
			iova == buf->iova);
	expect(w, accel_buf_free(buf) == 0);
}

static void *
alloc_and_swap(void *arg)
{
	static const uint32_t kinds[] = { 0, 0, 0, 0, 0, ACCEL_BUF_ZERO, ACCEL_BUF_READ_ONLY,
			ACCEL_BUF_ISOLATED };
	struct worker *w = arg;
	struct accel_buf *buf;
	int i;

	for (i = 0; i < 5000; i++) {
		uint64_t r = soft_random(&w->random);
		size_t len = 1 + (r >> 8) % (r % 16 == 0 ? 65536 : 1024);

		buf = NULL;
		expect(w, accel_buf_alloc(devs[r % 2], len, 0, kinds[r / 2 % RTE_DIM(kinds)],
				&buf) == 0);
		if (buf == NULL)
			break;
		stamp(buf, w->id + 1);
		buf = __atomic_exchange_n(&slots[soft_random(&w->random) % N_SLOTS], buf,
				__ATOMIC_ACQ_REL);
		give_up(w, buf);
	}
	return NULL;
}

static void
buffers_pass_between_threads(void)
{
	struct worker w = { 0 };
	unsigned int i;

	open_both();
	run(alloc_and_swap);
	for (i = 0; i < N_SLOTS; i++) {
		give_up(&w, slots[i]);
		slots[i] = NULL;
	}
	CU_ASSERT_EQUAL(w.wrong, 0);
	close_both();
}

/*
 * One buffer, which all threads free at once
 */

#define N_FREES 2000

static struct accel_buf *target;
static unsigned int go, arrived;

/* Spinning, so that all are off at once; a sleeper would come too late. */
static void
wait_for(unsigned int *counter, unsigned int value)
{
	unsigned int spins = 0;

	while (__atomic_load_n(counter, __ATOMIC_ACQUIRE) != value) {
		if (++spins % 1024 == 0)
			sched_yield();
	}
}

static void *
free_target(void *arg)
{
	struct worker *w = arg;
	unsigned int i;
	int ret;

	for (i = 0; i < N_FREES; i++) {
		wait_for(&go, i + 1);
		ret = accel_buf_free(__atomic_load_n(&target, __ATOMIC_RELAXED));
		expect(w, ret == 0 || ret == -EINVAL);
		w->won += ret == 0;
		__atomic_fetch_add(&arrived, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void
count_release(void *va, size_t len, void *arg)
{
	(void)va;
	(void)len;
	__atomic_fetch_add((unsigned int *)arg, 1, __ATOMIC_RELAXED);
}

static int
make_target(int i, unsigned int *releases, struct accel_buf **buf)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	static char page[PAGE] __attribute__((aligned(PAGE)));

	if (i % 8 >= 4)
		return accel_buf_import(devs[i / 8 % 2], page, PAGE, 0, count_release, releases,
				buf);
	return accel_buf_alloc(devs[i / 8 % 2], 100, 0, kinds[i % 8], buf);
}

static void
one_thread_frees(void)
{
	struct worker workers[N_THREADS];
	unsigned int i, releases = 0, won = 0;
	struct accel_buf *buf = NULL;

	open_both();
	go = 0;
	soft_log_begin();
	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, free_target);
	for (i = 0; i < N_FREES; i++) {
		CU_ASSERT_EQUAL(make_target((int)i, &releases, &buf), 0);
		__atomic_store_n(&target, buf, __ATOMIC_RELAXED);
		__atomic_store_n(&arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&go, i + 1, __ATOMIC_RELEASE);
		wait_for(&arrived, N_THREADS);
	}
	for (i = 0; i < N_THREADS; i++)
		won += join(&workers[i]);
	CU_ASSERT_EQUAL(soft_log_end(), N_FREES * (N_THREADS - 1));
	CU_ASSERT_EQUAL(won, N_FREES);
	CU_ASSERT_EQUAL(releases, N_FREES / 2);
	close_both();
}

/*
 * Lookups while mappings come and go
 */

static char moving[16 * PAGE] __attribute__((aligned(PAGE)));
static struct accel_buf *fixed;

static void *
look_up(void *arg)
{
	struct worker *w = arg;
	struct accel_dev_info info;
	struct accel_map map;
	uint64_t iova;
	int ret;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		uint64_t off = soft_random(&w->random) % sizeof(moving);

		ret = accel_dev_virt2iova(devs[0], moving + off, sizeof(moving) - off, &iova);
		expect(w, ret == -ENOENT || (ret == 0 && iova == (uintptr_t)moving + off));
		ret = accel_dev_virt2iova(devs[0], fixed->va, fixed->len, &iova);
		expect(w, ret == 0 && iova == fixed->iova);
		expect(w, accel_dev_virt2iova(devs[1], moving, 1, &iova) == -ENOENT);
		if (off % 64 != 0)
			continue;
		for (map.iova = map.len = 0;
				accel_dev_map_next(devs[0], map.iova + map.len, &map) == 0;)
			expect(w, map.len != 0 && map.iova == (uintptr_t)map.va);
		expect(w, accel_dev_info_get(devs[0], &info) == 0 && info.live_bufs >= 1 &&
				info.maps >= 1);
	}
	return NULL;
}

static void *
import_and_free(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf, *iso;
	int i;

	for (i = 0; i < 2000; i++) {
		uint64_t page = soft_random(&w->random) % 16;

		buf = NULL;
		if (accel_buf_import(devs[0], moving + (i % 3 == 0 ? page * PAGE : 0),
				i % 3 == 0 ? PAGE : sizeof(moving), 0, NULL, NULL, &buf) != 0)
			w->wrong++;
		if (accel_buf_alloc(devs[0], PAGE * (1 + page), 0, ACCEL_BUF_ISOLATED, &iso) == 0)
			expect(w, accel_buf_free(iso) == 0);
		expect(w, accel_buf_free(buf) == 0);
	}
	return NULL;
}

static void
lookups_beside_changes(void)
{
	struct worker readers[N_THREADS], writer;
	unsigned int i;

	open_both();
	finished = false;
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(devs[0], 70000, 0, 0, &fixed), 0);
	for (i = 0; i < N_THREADS - 1; i++)
		start(&readers[i], i, look_up);
	start(&writer, N_THREADS, import_and_free);
	join(&writer);
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	for (i = 0; i < N_THREADS - 1; i++)
		join(&readers[i]);
	CU_ASSERT_EQUAL(accel_buf_free(fixed), 0);
	close_both();
}

/*
 * Control calls
 */

static void
use_device(struct worker *w, uint16_t dev)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 2 };
	struct accel_qp_stats stats;
	struct accel_buf *buf;
	uint64_t addr;

	expect(w, accel_dev_configure(dev, &conf) == 0);
	expect(w, accel_qp_setup(dev, 0, NULL) == 0);
	expect(w, accel_qp_setup(dev, 1, NULL) == 0);
	expect(w, accel_dev_start(dev) == 0);
	expect(w, accel_buf_alloc(dev, 5000, 0, ACCEL_BUF_ZERO, &buf) == 0);
	expect(w, accel_bank_alloc(dev, 0, 5000, 0, &addr) == 0);
	expect(w, accel_qp_stats_get(dev, 1, &stats) == 0 && stats.enqueued == 0);
	expect(w, accel_buf_free(buf) == 0);
	expect(w, accel_dev_stop(dev) == 0);
	expect(w, accel_bank_free(dev, 0, addr) == 0);
	expect(w, accel_dev_reset(dev) == 0);
}

static void *
live_a_life(void *arg)
{
	struct worker *w = arg;
	char spec[64];
	int i, dev;

	snprintf(spec, sizeof(spec), "soft:w%u,banks=2,bank_size=64K,mem=memfd", w->id);
	for (i = 0; i < 30; i++) {
		dev = accel_dev_probe(spec);
		expect(w, dev >= 0);
		if (dev < 0)
			break;
		use_device(w, (uint16_t)dev);
		*strchr(spec, ',') = 0;
		expect(w, accel_dev_by_name(spec) == dev);
		spec[strlen(spec)] = ',';
		expect(w, accel_dev_count() >= 1 && accel_dev_count() <= N_THREADS);
		expect(w, accel_dev_close((uint16_t)dev) == 0);
	}
	return NULL;
}

static void
devices_side_by_side(void)
{
	struct test_usage before = test_usage_get();

	run(live_a_life);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	TEST_ASSERT_NO_LEAK(before);
}

/* All do anything to one device; each call works or says that another was there first. */
static void *
interfere(void *arg)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct worker *w = arg;
	struct accel_qp_stats stats;
	int i, ret;

	for (i = 0; i < 1000; i++) {
		switch (soft_random(&w->random) % 6) {
		case 0:
			ret = accel_dev_configure(devs[0], &conf);
			expect(w, ret == 0 || ret == -EBUSY);
			break;
		case 1:
			ret = accel_qp_setup(devs[0], 0, NULL);
			expect(w, ret == 0 || ret == -EBUSY || ret == -EPERM);
			break;
		case 2:
			ret = accel_dev_start(devs[0]);
			expect(w, ret == 0 || ret == -EPERM || ret == -EALREADY);
			break;
		case 3:
			ret = accel_dev_stop(devs[0]);
			expect(w, ret == 0 || ret == -EALREADY);
			break;
		case 4:
			ret = accel_dev_reset(devs[0]);
			expect(w, ret == 0 || ret == -EBUSY);
			break;
		default:
			ret = accel_qp_stats_get(devs[0], 0, &stats);
			expect(w, ret == 0 || ret == -EPERM);
		}
	}
	return NULL;
}

static void
one_device_many_callers(void)
{
	struct test_usage before = test_usage_get();

	devs[0] = soft_open("soft:0");
	soft_log_begin();
	run(interfere);
	soft_log_end();
	soft_close(devs[0]);
	TEST_ASSERT_NO_LEAK(before);
}

/* Buffers of a device that comes and goes. */
static bool any_won; /* atomic */

static void *
alloc_from_what_is_there(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf;
	uint64_t addr;
	int ret;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		ret = accel_buf_alloc(devs[0], 1 + soft_random(&w->random) % 9000, 0,
				soft_random(&w->random) % 4 == 0 ? ACCEL_BUF_ISOLATED : 0, &buf);
		expect(w, ret == 0 || ret == -ENODEV);
		if (ret == 0) {
			memset(buf->va, 1, buf->len);
			expect(w, accel_buf_free(buf) == 0);
			w->won++;
			__atomic_store_n(&any_won, true, __ATOMIC_RELAXED);
		}
		ret = accel_bank_alloc(devs[0], 0, 64, 0, &addr);
		expect(w, ret == 0 || ret == -ENODEV);
		if (ret == 0)
			expect(w, accel_bank_free(devs[0], 0, addr) == 0);
		sched_yield();
	}
	return NULL;
}

static void
close_beside_allocations(void)
{
	struct test_usage before = test_usage_get();
	struct worker workers[N_THREADS];
	unsigned int i, closed = 0, won = 0;
	int ret;

	finished = false;
	any_won = false;
	devs[0] = soft_open("soft:0,banks=1,mem=memfd");
	soft_log_begin();
	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, alloc_from_what_is_there);
	for (i = 0; i < 3000 && closed < 40; i++) {
		ret = accel_dev_close(devs[0]);
		CU_ASSERT(ret == 0 || ret == -EBUSY);
		if (ret == 0) {
			closed++;
			CU_ASSERT_EQUAL(accel_dev_probe("soft:0,banks=1,mem=memfd"), devs[0]);
		}
		sched_yield();
	}
	/* On a busy machine the others may not have run while it was open. */
	for (i = 0; i < 10000 && !__atomic_load_n(&any_won, __ATOMIC_RELAXED); i++)
		usleep(1000);
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	for (i = 0; i < N_THREADS; i++)
		won += join(&workers[i]);
	soft_log_end();
	CU_ASSERT(won > 0);
	CU_ASSERT_EQUAL(soft_info(devs[0]).live_bufs, 0);
	soft_close(devs[0]);
	TEST_ASSERT_NO_LEAK(before);
}

/*
 * Pools
 */

static void *
make_and_use_pool(void *arg)
{
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 64,
			.buf_len = 300 };
	struct worker *w = arg;
	struct accel_buf *bufs[64];
	struct accel_pool *pool;
	char name[32];
	int i, ret;

	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "pool%u", w->id);
		ret = accel_pool_create(name, devs[i % 2], &conf, &pool);
		expect(w, ret == 0);
		if (ret != 0)
			break;
		expect(w, accel_pool_get_bulk(pool, bufs, 64) == 0);
		memset(bufs[i]->va, i, bufs[i]->len);
		accel_pool_put_bulk(pool, bufs, 64);
		expect(w, accel_pool_destroy(pool) == 0);
	}
	return NULL;
}

static void
pools_side_by_side(void)
{
	open_both();
	run(make_and_use_pool);
	close_both();
}

static const struct test_case cases[] = {
	{ "buffers pass between threads", buffers_pass_between_threads },
	{ "one thread frees", one_thread_frees },
	{ "lookups beside changes", lookups_beside_changes },
	{ "devices side by side", devices_side_by_side },
	{ "one device, many callers", one_device_many_callers },
	{ "close beside allocations", close_beside_allocations },
	{ "pools side by side", pools_side_by_side },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "buffer, several threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
