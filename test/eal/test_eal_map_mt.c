/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * EAL's heap mapped for devices at work while it grows and shrinks in other threads, and while
 * devices come and go.
 */
#include <pthread.h>
#include <stdlib.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include "eal_mem_case.h"

#define PAGE   4096u
#define ROUNDS 60
#define LEN    (4 * MIB + 5 * PAGE)

static bool stop;

/* CUnit is not for several threads: each counts what was wrong. */
struct worker {
	pthread_t thread;
	uint16_t dev;
	bool edu;
	struct rte_mempool *mp;
	unsigned int wrong, rounds;
};

static void
expect(struct worker *w, bool ok)
{
	w->wrong += !ok;
}

static void
start(struct worker *w, void *(*fn)(void *))
{
	CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
}

static void
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->wrong, 0);
	CU_ASSERT(w->rounds > 0);
}

static bool
stopped(void)
{
	return __atomic_load_n(&stop, __ATOMIC_ACQUIRE);
}

static void
set_stop(bool to)
{
	__atomic_store_n(&stop, to, __ATOMIC_RELEASE);
}

/* Every page is reachable from its allocation on; without hugepages the heap does not grow. */
static void *
grow_and_shrink(void *arg)
{
	struct worker *w = arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		char *va = rte_zmalloc_socket(NULL, LEN, PAGE, SOCKET_ID_ANY);

		expect(w, va != NULL && reaches(w->dev, va, LEN));
		rte_free(va);
		w->rounds++;
	}
	set_stop(true);
	return NULL;
}

/* The same without asking, for devices that come and go. */
static void *
churn(void *arg)
{
	struct worker *w = arg;

	while (!stopped()) {
		void *va = rte_zmalloc_socket(NULL, LEN, PAGE, SOCKET_ID_ANY);

		expect(w, va != NULL);
		rte_free(va);
		w->rounds++;
	}
	return NULL;
}

static void *
copy_mbufs(void *arg)
{
	struct worker *w = arg;
	struct rte_mbuf *m[2];
	char *from, *to;

	expect(w, rte_pktmbuf_alloc_bulk(w->mp, m, 2) == 0);
	from = rte_pktmbuf_append(m[0], 256);
	to = rte_pktmbuf_append(m[1], 256);
	do {
		memset(from, (int)w->rounds, 256);
		expect(w, copy_host(w->dev, w->edu, (uintptr_t)from, (uintptr_t)to, 256) == 0);
		expect(w, memcmp(from, to, 256) == 0);
		w->rounds++;
	} while (!stopped());
	rte_pktmbuf_free_bulk(m, 2);
	return NULL;
}

static void
ops_while_it_grows(void)
{
	struct rte_mempool *mp = make_pool("mbufs", 63, SOCKET_ID_ANY);
	unsigned int i;

	for (i = 0; i < RTE_DIM(both_specs); i++) {
		struct worker grow = { .dev = soft_open(both_specs[i]) }, run = { .mp = mp };
		struct soft_usage before;

		run.dev = grow.dev;
		run.edu = is_edu(run.dev);
		soft_run(run.dev, 1, 0, 0);
		CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(run.dev), 0);
		before = soft_usage_get(run.dev);
		set_stop(false);
		start(&run, copy_mbufs);
		start(&grow, grow_and_shrink);
		join(&grow);
		join(&run);
		CU_ASSERT_EQUAL(soft_info(run.dev).eal_missed, 0);
		CU_ASSERT_EQUAL(soft_usage_get(run.dev).mapped_bytes, before.mapped_bytes);
		CU_ASSERT_EQUAL(soft_usage_get(run.dev).maps, before.maps);
		soft_close(run.dev);
	}
	rte_mempool_free(mp);
}

static void
devices_come_and_go(void)
{
	struct worker w = { 0 };
	unsigned int i;

	set_stop(false);
	start(&w, churn);
	for (i = 0; i < ROUNDS; i++) {
		uint16_t dev = soft_open(both_specs[i % 2]);
		char *va = rte_zmalloc_socket(NULL, PAGE, PAGE, SOCKET_ID_ANY);

		CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
		CU_ASSERT(reaches(dev, va, PAGE));
		CU_ASSERT_EQUAL(soft_info(dev).eal_missed, 0);
		rte_free(va);
		soft_close(dev);
	}
	set_stop(true);
	join(&w);
}

/* Arenas of EAL's memory are found mapped by the map, or it finds them mapped. */
static void *
reserve(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf = NULL;

	expect(w, accel_buf_alloc(w->dev, PAGE, 0, 0, &buf) == 0);
	expect(w, buf != NULL && reaches(w->dev, buf->va, PAGE));
	expect(w, buf != NULL && accel_buf_free(buf) == 0);
	w->rounds++;
	return NULL;
}

static void
arenas_meanwhile(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		struct worker w = { .dev = soft_open(both_specs[i % 2]) };

		start(&w, reserve);
		CU_ASSERT_EQUAL(accel_dev_map_eal(w.dev), 0);
		join(&w);
		CU_ASSERT_EQUAL(soft_info(w.dev).eal_missed, 0);
		soft_close(w.dev);
	}
}

/* Of the devices of one space that ask at once, each gets the one map. */
static void *
map_shared(void *arg)
{
	struct worker *w = arg;

	expect(w, accel_dev_map_eal(w->dev) == 0);
	w->rounds++;
	return NULL;
}

static void
shared_at_once(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		struct worker a = { .dev = soft_open(EDU ",iospace=s") };
		struct worker b = { .dev = soft_open(EDU2 ",iospace=s") };

		start(&a, map_shared);
		start(&b, map_shared);
		join(&a);
		join(&b);
		CU_ASSERT_EQUAL(soft_info(a.dev).eal_bytes, soft_info(a.dev).mapped_bytes);
		soft_close(a.dev);
		soft_close(b.dev);
	}
}

/* Heaps of several devices, made and filled side by side. */
static void *
use_heaps(void *arg)
{
	struct worker *w = arg;
	int i;

	for (i = 0; i < ROUNDS / 4; i++) {
		int socket = accel_dev_heap_create(w->dev, 2 * MIB);
		void *va = socket >= 0 ? rte_zmalloc_socket(NULL, PAGE, PAGE, socket) : NULL;

		expect(w, va != NULL && reaches(w->dev, va, PAGE));
		rte_free(va);
		expect(w, accel_dev_heap_destroy(w->dev) == 0);
		w->rounds++;
	}
	return NULL;
}

static void
heaps_side_by_side(void)
{
	struct worker a = { .dev = soft_open(EDU) }, b = { .dev = soft_open(EDU2) };

	CU_ASSERT_EQUAL(accel_dev_map_eal(a.dev), 0);
	start(&a, use_heaps);
	start(&b, use_heaps);
	join(&a);
	join(&b);
	soft_close(a.dev);
	soft_close(b.dev);
}

static const struct test_case cases[] = {
	{ "ops while it grows", ops_while_it_grows },
	{ "devices come and go", devices_come_and_go },
	{ "arenas meanwhile", arenas_meanwhile },
	{ "shared, at once", shared_at_once },
	{ "heaps side by side", heaps_side_by_side },
	{ 0 },
};

const struct test_suite eal_suites[] = {
	{ "EAL's heap, threads", NULL, NULL, cases },
	{ 0 },
};
