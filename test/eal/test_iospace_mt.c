/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iospace from several threads: lookups without a lock beside maps and unmaps, one pool, and blocks
 * of memory.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <eal_glue/hugemem.h>
#include <rte_memory.h>

#include "eal_main.h"
#include "fake_iommu.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
#define RW     (IOSPACE_READ | IOSPACE_WRITE)

#define N_READERS  2
#define N_WRITERS  2
#define N_READS    60000
#define N_ROUNDS   4000
#define N_SPACES   12
#define N_SLOTS    24

/* Stable memory: whole granules, and pages between others that come and go. */
#define STABLE_VA   UINT64_C(0x7f1200000000)
#define STABLE_IOVA GIB(16)
#define STABLE_LEN  GIB(1)
#define GRANULE     MIB(2)

/* Slots of 12 KiB on a stride of 16 KiB from here on; in each stride the last page is stable. */
#define SLOT_VA     UINT64_C(0x7f2200000000)
#define SLOT_IOVA   GIB(20)
#define SLOT_LEN    KIB(12)
#define SLOT_STRIDE KIB(16)

/* Where parts of the stable memory are mapped once more. */
#define ALIAS_IOVA  GIB(24)

struct worker {
	pthread_t thread;
	unsigned int id;
	unsigned int seed;
	unsigned int wrong; /* CUnit is not for several threads */
	struct iospace *ios;
	struct fake_iommu fake;
};

static struct fake_iommu fake;
static struct iospace *ios;
static unsigned int writers_left, readers_left;
static pthread_barrier_t all_run;
static uint64_t hot; /* offset of the stable granule that is about to be mapped once more */
static struct worker workers[8];

static void
expect(struct worker *w, bool right)
{
	if (!right)
		w->wrong++;
}

static unsigned int
rnd(struct worker *w, unsigned int below)
{
	return (unsigned int)rand_r(&w->seed) % below;
}

static bool
working(void)
{
	return __atomic_load_n(&writers_left, __ATOMIC_ACQUIRE) != 0;
}

static int
map_at(struct iospace *space, uint64_t va, uint64_t len, uint64_t iova)
{
	const struct iospace_request req = {
		.va = (void *)(uintptr_t)va, .len = len, .access = RW, .flags = IOSPACE_FIXED,
	};

	return iospace_map(space, &req, &iova);
}

static void
start(unsigned int i, void *(*fn)(void *))
{
	workers[i].id = i;
	workers[i].seed = 1000 + i;
	workers[i].wrong = 0;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&workers[i].thread, NULL, fn, &workers[i]), 0);
}

static void
join(unsigned int i)
{
	pthread_join(workers[i].thread, NULL);
	CU_ASSERT_EQUAL(workers[i].wrong, 0);
}

/*
 * Readers and writers
 */

/* What does not change is always found, in whole and in part. */
static void
read_stable(struct worker *w)
{
	uint64_t slot = rnd(w, N_SLOTS) * SLOT_STRIDE + SLOT_LEN;
	uint64_t off = __atomic_load_n(&hot, __ATOMIC_RELAXED) + rnd(w, GRANULE);
	uint64_t len = 1 + rnd(w, KIB(16)), iova = 0;
	struct iomap_run run;
	void *va = NULL;

	expect(w, iospace_va2iova(ios, (void *)(uintptr_t)(STABLE_VA + off), len, &iova) == 0 &&
			iova == STABLE_IOVA + off);
	expect(w, iospace_iova2va(ios, STABLE_IOVA + off, len, RW, &va) == 0 &&
			(uintptr_t)va == STABLE_VA + off);
	expect(w, iospace_va2iova(ios, (void *)(uintptr_t)(SLOT_VA + slot), KIB(4), &iova) == 0 &&
			iova == SLOT_IOVA + slot);
	expect(w, iospace_iova2va(ios, SLOT_IOVA + slot, KIB(4), RW, &va) == 0 &&
			(uintptr_t)va == SLOT_VA + slot);
	expect(w, iospace_iova_run(ios, SLOT_IOVA + slot, &run) == 0 &&
			run.first <= SLOT_IOVA + slot && run.delta == SLOT_VA - SLOT_IOVA &&
			run.first + run.len >= SLOT_IOVA + slot + KIB(4));
}

/* What comes and goes is found right or not at all. */
static void
read_changing(struct worker *w)
{
	uint64_t off = rnd(w, N_SLOTS) * SLOT_STRIDE, len = 1 + rnd(w, SLOT_LEN), iova = 0x5a5a;
	void *va = &fake;
	int ret;

	ret = iospace_va2iova(ios, (void *)(uintptr_t)(SLOT_VA + off), len, &iova);
	expect(w, (ret == 0 && iova == SLOT_IOVA + off) || (ret == -EFAULT && iova == 0x5a5a));
	ret = iospace_iova2va(ios, SLOT_IOVA + off, len, RW, &va);
	expect(w, (ret == 0 && (uintptr_t)va == SLOT_VA + off) || (ret == -EFAULT && va == &fake));
}

/* Memory is there while its generation is: what was looked up under one that still holds. */
static void
read_table(struct worker *w)
{
	uint64_t before = __atomic_load_n(iospace_generation(ios), __ATOMIC_ACQUIRE);
	struct iospace_stats stats;
	struct iospace_entry e;

	expect(w, iospace_next(ios, STABLE_IOVA, &e) == 0 && e.iova == STABLE_IOVA &&
			e.len == STABLE_LEN);
	iospace_stats_get(ios, &stats);
	expect(w, stats.maps > N_SLOTS && stats.maps + stats.maps_left == 65535);
	expect(w, __atomic_load_n(iospace_generation(ios), __ATOMIC_ACQUIRE) >= before);
}

static void *
reader(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	pthread_barrier_wait(&all_run);
	for (i = 0; i < N_READS; i++) {
		read_stable(w);
		read_changing(w);
		if (i % 16 == 0)
			read_table(w);
	}
	__atomic_sub_fetch(&readers_left, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Each has its slots, and maps parts of the stable memory once more, while there are readers. */
static void *
writer(void *arg)
{
	struct worker *w = arg;
	uint64_t at = ALIAS_IOVA + w->id * GIB(1), alias;
	unsigned int i, slot;

	pthread_barrier_wait(&all_run);
	for (i = 0; __atomic_load_n(&readers_left, __ATOMIC_ACQUIRE) != 0; i++) {
		/* Each granule is split for its first alias, while it is being read. */
		alias = (i / 8 * N_WRITERS + w->id) % (STABLE_LEN / GRANULE - 1) * GRANULE;
		__atomic_store_n(&hot, alias, __ATOMIC_RELAXED);
		alias += rnd(w, 511) * KIB(4);
		slot = rnd(w, N_SLOTS / N_WRITERS) * N_WRITERS + w->id % N_WRITERS;
		expect(w, map_at(ios, SLOT_VA + slot * SLOT_STRIDE, SLOT_LEN,
				SLOT_IOVA + slot * SLOT_STRIDE) == 0);
		expect(w, map_at(ios, STABLE_VA + alias, KIB(8), at) == 0);
		if (i % 64 == 0)
			sched_yield();
		expect(w, iospace_unmap(ios, at, KIB(8)) == 0);
		expect(w, iospace_unmap(ios, SLOT_IOVA + slot * SLOT_STRIDE, SLOT_LEN) == 0);
	}
	return NULL;
}

static void
read_and_write(void)
{
	unsigned int i;

	fake_init(&fake);
	ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_at(ios, STABLE_VA, STABLE_LEN, STABLE_IOVA), 0);
	for (i = 0; i < N_SLOTS; i++)
		CU_ASSERT_EQUAL(map_at(ios, SLOT_VA + i * SLOT_STRIDE + SLOT_LEN, KIB(4),
				SLOT_IOVA + i * SLOT_STRIDE + SLOT_LEN), 0);
	readers_left = N_READERS;
	pthread_barrier_init(&all_run, NULL, N_WRITERS + N_READERS);
	for (i = 0; i < N_WRITERS + N_READERS; i++)
		start(i, i < N_WRITERS ? writer : reader);
	for (i = 0; i < N_WRITERS + N_READERS; i++)
		join(i);
	pthread_barrier_destroy(&all_run);
	fake_expect_same(&fake, ios);
	iospace_destroy(ios);
	fake_fini(&fake);
}

static void
lookups_beside_maps(void)
{
	struct test_usage usage = test_usage_get();
	unsigned int i;

	for (i = 0; i < N_SPACES; i++)
		read_and_write();
	TEST_ASSERT_NO_LEAK(usage);
}

/*
 * Aliases that take turns
 */

static void *
alias_reader(void *arg)
{
	struct worker *w = arg;
	uint64_t off, iova;
	int ret;

	while (working()) {
		off = rnd(w, MIB(4) - 64);
		iova = 0x5a5a;
		ret = iospace_va2iova(ios, (void *)(uintptr_t)(STABLE_VA + off), 64, &iova);
		if (ret != 0)
			expect(w, ret == -EFAULT && iova == 0x5a5a);
		else
			expect(w, iova == STABLE_IOVA + off || iova == ALIAS_IOVA + off);
	}
	return NULL;
}

/* At any time one of them is mapped, and now this, now that is the oldest. */
static void
aliases(void)
{
	unsigned int i, wrong = 0;
	uint64_t iova;

	fake_init(&fake);
	ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_at(ios, STABLE_VA, MIB(4), STABLE_IOVA), 0);
	writers_left = 1;
	for (i = 0; i < N_READERS; i++)
		start(i, alias_reader);
	for (i = 0; i < N_ROUNDS; i++) {
		uint64_t old = i % 2 ? ALIAS_IOVA : STABLE_IOVA;
		uint64_t young = i % 2 ? STABLE_IOVA : ALIAS_IOVA;

		wrong += map_at(ios, STABLE_VA, MIB(4), young) != 0;
		wrong += iospace_va2iova(ios, (void *)(uintptr_t)STABLE_VA, MIB(4), &iova) != 0 ||
				iova != old;
		wrong += iospace_unmap(ios, old, MIB(4)) != 0;
		wrong += iospace_va2iova(ios, (void *)(uintptr_t)STABLE_VA, MIB(4), &iova) != 0 ||
				iova != young;
	}
	__atomic_sub_fetch(&writers_left, 1, __ATOMIC_RELEASE);
	for (i = 0; i < N_READERS; i++)
		join(i);
	CU_ASSERT_EQUAL(wrong, 0);
	fake_expect_same(&fake, ios);
	iospace_destroy(ios);
	fake_fini(&fake);
}

/*
 * One pool for all
 */

#define POOL_FIRST GIB(40)
#define POOL_UNIT  KIB(64)
#define POOL_UNITS 512
#define N_HELD     32

static unsigned char owners[POOL_UNITS];

static void
take_unit(struct worker *w, uint64_t iova)
{
	uint64_t unit = (iova - POOL_FIRST) / POOL_UNIT;

	expect(w, unit < POOL_UNITS && (iova & (POOL_UNIT - 1)) == 0);
	if (unit < POOL_UNITS)
		expect(w, __atomic_exchange_n(&owners[unit], 1, __ATOMIC_ACQ_REL) == 0);
}

static void
give_unit(struct worker *w, uint64_t iova)
{
	uint64_t unit = (iova - POOL_FIRST) / POOL_UNIT;

	if (unit < POOL_UNITS)
		expect(w, __atomic_exchange_n(&owners[unit], 0, __ATOMIC_ACQ_REL) == 1);
	expect(w, iospace_unmap(w->ios, iova, POOL_UNIT) == 0);
}

static void
hold_some(struct worker *w)
{
	struct iospace_request req = {
		.va = (void *)(uintptr_t)STABLE_VA, .len = POOL_UNIT, .access = RW,
		.align = POOL_UNIT,
	};
	uint64_t held[N_HELD] = { 0 };
	unsigned int i, j;

	for (i = 0; i < 4 * N_HELD; i++) {
		j = rnd(w, N_HELD);
		if (held[j] != 0) {
			give_unit(w, held[j]);
			held[j] = 0;
		} else if (iospace_map(w->ios, &req, &held[j]) == 0) {
			take_unit(w, held[j]);
		} else {
			expect(w, false);
		}
	}
	for (i = 0; i < N_HELD; i++) {
		if (held[i] != 0)
			give_unit(w, held[i]);
	}
}

/* Each with an iospace of its own, again and again. */
static void *
own_iospace(void *arg)
{
	struct worker *w = arg;
	struct iospace_conf conf = {
		.name = "own", .ops = &fake_ops, .ctx = &w->fake, .placement = IOSPACE_PLACE_ALLOC,
		.window = { POOL_FIRST, POOL_FIRST + POOL_UNITS * POOL_UNIT - 1 },
	};
	unsigned int i;

	for (i = 0; i < 30; i++) {
		fake_init(&w->fake);
		if (iospace_create(&conf, &w->ios) != 0) {
			expect(w, false);
			break;
		}
		hold_some(w);
		iospace_destroy(w->ios);
		expect(w, w->fake.refused == 0 && w->fake.nb_entries == 0);
		free(w->fake.entries);
	}
	return NULL;
}

static void *
one_iospace(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	w->ios = ios;
	for (i = 0; i < 30; i++)
		hold_some(w);
	return NULL;
}

static void
unique(void)
{
	unsigned int i;

	fake_init(&fake);
	ios = fake_open(&fake, POOL_FIRST, POOL_FIRST + POOL_UNITS * POOL_UNIT - 1,
			IOSPACE_PLACE_ALLOC);
	for (i = 0; i < 4; i++)
		start(i, i < 2 ? own_iospace : one_iospace);
	for (i = 0; i < 4; i++)
		join(i);
	fake_expect_same(&fake, ios);
	CU_ASSERT_EQUAL(fake.nb_entries, 0);
	iospace_destroy(ios);
	fake_fini(&fake);
}

/*
 * Blocks
 */

static bool
filled(const struct hugemem *mem, unsigned char value)
{
	const unsigned char *p = mem->va;

	return p[0] == value && memcmp(p, p + 1, mem->len - 1) == 0;
}

static void *
use_blocks(void *arg)
{
	struct worker *w = arg;
	struct hugemem_request req = { .socket = SOCKET_ID_ANY, .backing = HUGEMEM_MEMFD };
	struct hugemem mem[4];
	unsigned int i, j;

	for (i = 0; i < 50; i++) {
		for (j = 0; j < 4; j++) {
			req.len = 1 + rnd(w, KIB(64));
			if (hugemem_alloc(&req, &mem[j]) != 0) {
				expect(w, false);
				return NULL;
			}
			expect(w, filled(&mem[j], 0));
			memset(mem[j].va, 1 + w->id, mem[j].len);
		}
		for (j = 0; j < 4; j++) {
			expect(w, filled(&mem[j], 1 + w->id));
			hugemem_free(&mem[j]);
		}
	}
	return NULL;
}

static void
blocks(void)
{
	struct test_usage usage = test_usage_get();
	unsigned int i;

	for (i = 0; i < 4; i++)
		start(i, use_blocks);
	for (i = 0; i < 4; i++)
		join(i);
	TEST_ASSERT_NO_LEAK(usage);
}

static const struct test_case cases[] = {
	{ "lookups beside maps", lookups_beside_maps },
	{ "aliases", aliases },
	{ "unique", unique },
	{ "blocks", blocks },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "iospace, several threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
