/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iospace when something fails: the backend, memory, the number of entries; and in quantity.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <eal_glue/iova_pool.h>

#include "eal_main.h"
#include "fail_alloc.h"
#include "fake_iommu.h"
#include "log_lines.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
#define TOP    (UINT64_C(1) << 48)
#define RW     (IOSPACE_READ | IOSPACE_WRITE)
#define VA     UINT64_C(0x7f1200000000)

/* Where a pooled range is given up for good: the end of what the pool prefers last. */
#define GIVEN_UP (TOP - MIB(16))

static struct fake_iommu fake;
static struct iospace *ios;
static struct test_usage usage;

static void
open_window(uint64_t first, uint64_t last, enum iospace_placement placement)
{
	ios = fake_open(&fake, first, last, placement);
	log_catch();
}

static void
open_all(enum iospace_placement placement)
{
	usage = test_usage_get();
	fake_init(&fake);
	open_window(0, UINT64_MAX, placement);
}

static void
shut(void)
{
	log_release();
	fake_expect_same(&fake, ios);
	iospace_destroy(ios);
	fake_fini(&fake);
	TEST_ASSERT_NO_LEAK(usage);
}

static int
map_as(uint64_t va, uint64_t len, unsigned int flags, uint64_t *iova)
{
	const struct iospace_request req = {
		.va = (void *)(uintptr_t)va, .len = len, .access = RW, .flags = flags,
	};

	return iospace_map(ios, &req, iova);
}

static int
map(uint64_t va, uint64_t len, uint64_t *iova)
{
	return map_as(va, len, 0, iova);
}

static int
map_fixed(uint64_t va, uint64_t len, uint64_t iova)
{
	return map_as(va, len, IOSPACE_FIXED, &iova);
}

static bool
reachable(uint64_t va, uint64_t iova, uint64_t len)
{
	uint64_t got_iova = 0;
	void *got_va = NULL;

	return iospace_va2iova(ios, (void *)(uintptr_t)va, len, &got_iova) == 0 &&
			got_iova == iova && iospace_iova2va(ios, iova, len, RW, &got_va) == 0 &&
			(uintptr_t)got_va == va;
}

static bool
any_reachable(uint64_t va, uint64_t iova, uint64_t len)
{
	uint64_t off, got_iova;
	void *got_va;

	for (off = 0; off < len; off += KIB(4)) {
		if (iospace_va2iova(ios, (void *)(uintptr_t)(va + off), 1, &got_iova) == 0 ||
				iospace_iova2va(ios, iova + off, 1, 0, &got_va) == 0)
			return true;
	}
	return false;
}

/* Whoever takes what the pool offers. */
static int
take(void *arg, uint64_t iova, uint64_t size, uint64_t *next)
{
	(void)arg;
	(void)iova;
	(void)size;
	(void)next;
	return 0;
}

/* Nobody holds an IOVA of the pool: each of its zones can be had in whole. */
static void
expect_pool_empty(void)
{
	static const struct addrspace_range zones[] = {
		{ GIB(4), GIB(64) - 1 }, { GIB(64), TOP / 2 - 1 }, { TOP / 2, GIVEN_UP - 1 },
	};
	const struct iova_pool_taker taker = { take, NULL };
	uint64_t iova = 0;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t size = zones[i].last - zones[i].first + 1;

		CU_ASSERT_EQUAL(iova_pool_get(size, 4096, &zones[i], &taker, &iova), 0);
		CU_ASSERT_EQUAL(iova, zones[i].first);
		if (iova == zones[i].first)
			iova_pool_put(iova);
		iova = 0;
	}
}

/*
 * The backend refuses
 */

static const int errnos[] = {
	-EEXIST, -ENOSPC, -ENOMEM, -EFAULT, -EINVAL, -EPERM, -EIO, -ENODEV, -EAGAIN, -EINTR,
};
#define N_ERRNOS (sizeof(errnos) / sizeof(errnos[0]))

/* Each errno comes back, one line says it, and the same map then works at the same place. */
static void
each_errno(enum iospace_placement placement, uint64_t last, unsigned int flags)
{
	uint64_t iova, want, first = MIB(8);
	unsigned int i;

	usage = test_usage_get();
	fake_init(&fake);
	open_window(0, last, placement);
	CU_ASSERT_EQUAL_FATAL(map_as(VA, MIB(4), flags, &first), 0);
	CU_ASSERT_EQUAL(iospace_unmap(ios, first, MIB(4)), 0);
	for (i = 0; i < N_ERRNOS; i++) {
		fake.fail_map = (struct fake_fault){ 1, errnos[i] };
		iova = want = (flags & IOSPACE_FIXED) != 0 ? first : 0x1234;
		CU_ASSERT_EQUAL(map_as(VA, MIB(4), flags, &iova), errnos[i]);
		CU_ASSERT_EQUAL(iova, want);
		CU_ASSERT_EQUAL(log_lines(), 1);
		CU_ASSERT(log_has(strerror(-errnos[i])));
		CU_ASSERT_FALSE(any_reachable(VA, first, MIB(4)));
		fake_expect_same(&fake, ios);
		CU_ASSERT_EQUAL(map_as(VA, MIB(4), flags, &iova), 0);
		CU_ASSERT_EQUAL(iova, first);
		CU_ASSERT(reachable(VA, first, MIB(4)));
		CU_ASSERT_EQUAL(iospace_unmap(ios, first, MIB(4)), 0);
	}
	shut();
	expect_pool_empty();
}

static void
map_fails(void)
{
	each_errno(IOSPACE_PLACE_VA, UINT64_MAX, 0);
	each_errno(IOSPACE_PLACE_ALLOC, UINT64_MAX, 0);
	each_errno(IOSPACE_PLACE_ALLOC, MIB(256) - 1, 0);
	each_errno(IOSPACE_PLACE_VA, MIB(256) - 1, 0);
	each_errno(IOSPACE_PLACE_VA, UINT64_MAX, IOSPACE_FIXED);
}

/* One that fails does not touch what is mapped, not even aliases of the same memory. */
static void
map_fails_beside_others(void)
{
	uint64_t iova = 0;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map(VA, MIB(4), &iova), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(4), KIB(4), GIB(4)), 0);
	fake.fail_map = (struct fake_fault){ 1, -ENOMEM };
	CU_ASSERT_EQUAL(map(VA + MIB(1), MIB(6), &iova), -ENOMEM);
	CU_ASSERT(reachable(VA, VA, MIB(4)));
	CU_ASSERT(reachable(VA + MIB(4), GIB(4), KIB(4)));
	CU_ASSERT_FALSE(any_reachable(VA + MIB(4) + KIB(4), GIB(9), KIB(4)));
	shut();
	expect_pool_empty();
}

static void
info_fails(void)
{
	const struct iospace_conf conf = {
		.name = "test", .ops = &fake_ops, .ctx = &fake, .window = { 0, UINT64_MAX },
	};
	struct iospace *none = NULL;
	unsigned int i;

	for (i = 0; i < N_ERRNOS; i++) {
		usage = test_usage_get();
		fake_init(&fake);
		fake.fail_info = (struct fake_fault){ 1, errnos[i] };
		CU_ASSERT_EQUAL(iospace_create(&conf, &none), errnos[i]);
		CU_ASSERT_PTR_NULL(none);
		CU_ASSERT_EQUAL(fake.closes, 0);
		CU_ASSERT_EQUAL(fake.infos, 1);
		TEST_ASSERT_NO_LEAK(usage);
	}
}

/*
 * Entries
 */

static void
budget(void)
{
	struct iospace_stats stats;
	uint64_t iova = 0x1234, n;

	usage = test_usage_get();
	fake_init(&fake);
	fake.max_maps = 3;
	open_window(0, UINT64_MAX, IOSPACE_PLACE_ALLOC);
	for (n = 0; n < 3; n++)
		CU_ASSERT_EQUAL(map(VA + n * MIB(1), MIB(1), &iova), 0);
	CU_ASSERT_EQUAL(fake.maps, 3);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.maps, 3);
	CU_ASSERT_EQUAL(stats.maps_left, 0);
	CU_ASSERT_EQUAL(stats.bytes, MIB(3));
	CU_ASSERT_EQUAL(map(VA + MIB(3), MIB(1), &iova), -ENOSPC);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(3), MIB(1), GIB(9)), -ENOSPC);
	CU_ASSERT_EQUAL(log_lines(), 2);
	CU_ASSERT(log_has("entries"));
	CU_ASSERT_EQUAL(fake.maps, 3);
	CU_ASSERT_FALSE(any_reachable(VA + MIB(3), GIB(9), KIB(4)));
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, MIB(1)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(3), MIB(1), GIB(9)), 0);
	CU_ASSERT_EQUAL(map(VA, MIB(1), &iova), -ENOSPC);
	shut();
	expect_pool_empty();
}

static void
budget_of_none(void)
{
	uint64_t iova;

	usage = test_usage_get();
	fake_init(&fake);
	fake.max_maps = 0;
	open_window(0, UINT64_MAX, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), -ENOSPC);
	CU_ASSERT_EQUAL(fake.maps, 0);
	shut();
}

static void
no_budget(void)
{
	uint64_t iova;

	usage = test_usage_get();
	fake_init(&fake);
	fake.max_maps = IOSPACE_NO_LIMIT;
	open_window(0, UINT64_MAX, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), 0);
	shut();
}

/* All entries of a VFIO container, twice, and the one more; then everything is free again. */
static void
all_entries(void)
{
	unsigned int round, wrong = 0;
	uint64_t iova, n;

	open_all(IOSPACE_PLACE_ALLOC);
	for (round = 0; round < 2; round++) {
		for (n = 0; n < 65535; n++)
			wrong += map(VA + n * KIB(8), KIB(4), &iova) != 0;
		CU_ASSERT_EQUAL(wrong, 0);
		fake_expect_same(&fake, ios);
		CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), -ENOSPC);
		CU_ASSERT_EQUAL(log_lines(), 1);
		/* From the top, where the fake finds it cheap. */
		for (n = 65535; n-- > 0;) {
			wrong += iospace_va2iova(ios, (void *)(uintptr_t)(VA + n * KIB(8)), KIB(4),
					&iova) != 0 || iospace_unmap(ios, iova, KIB(4)) != 0;
		}
		CU_ASSERT_EQUAL(wrong, 0);
		CU_ASSERT_EQUAL(fake.nb_entries, 0);
		expect_pool_empty();
	}
	CU_ASSERT_EQUAL(fake.maps, 2 * 65535);
	shut();
}

/* The same maps again and again cost nothing that lasts. */
static void
cycles(void)
{
	uint64_t iova, first = 0, i, n;
	unsigned int wrong = 0;
	size_t before = 0;

	open_all(IOSPACE_PLACE_ALLOC);
	for (i = 0; i < 10000; i++) {
		for (n = 0; n < 3; n++)
			wrong += map(VA + n * MIB(4), n == 1 ? MIB(4) : KIB(12), &iova) != 0;
		for (n = 0; n < 3; n++) {
			wrong += iospace_va2iova(ios, (void *)(uintptr_t)(VA + n * MIB(4)), 1,
					&iova) != 0;
			if (i == 0 && n == 0)
				first = iova;
			wrong += n == 0 && iova != first;
			wrong += iospace_unmap(ios, iova, n == 1 ? MIB(4) : KIB(12)) != 0;
		}
		if (i == 10)
			before = mallinfo2().uordblks;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(mallinfo2().uordblks, before);
	expect_pool_empty();
	shut();
}

/*
 * Unmapping
 */

static void
expect_not_unmapped(uint64_t iova, uint64_t len, int err)
{
	uint64_t generation = *iospace_generation(ios);
	unsigned int calls = fake.unmaps;

	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, len), err);
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT_EQUAL(fake.unmaps, calls);
	CU_ASSERT_EQUAL(*iospace_generation(ios), generation);
	fake_expect_same(&fake, ios);
}

static void
unmap_of_something_else(void)
{
	open_all(IOSPACE_PLACE_VA);
	expect_not_unmapped(GIB(4), MIB(2), -ENOENT);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(2), MIB(2), GIB(4) + MIB(2)), 0);
	expect_not_unmapped(GIB(4), MIB(1), -EINVAL);
	expect_not_unmapped(GIB(4), MIB(4), -EINVAL);
	expect_not_unmapped(GIB(4), 0, -EINVAL);
	expect_not_unmapped(GIB(4), UINT64_MAX, -EINVAL);
	expect_not_unmapped(GIB(4) + MIB(1), MIB(1), -ENOENT);
	expect_not_unmapped(GIB(4) + 1, MIB(2), -ENOENT);
	expect_not_unmapped(GIB(4) - KIB(4), MIB(2), -ENOENT);
	expect_not_unmapped(VA, MIB(2), -ENOENT);
	expect_not_unmapped(0, MIB(2), -ENOENT);
	expect_not_unmapped(UINT64_MAX, MIB(2), -ENOENT);
	CU_ASSERT(reachable(VA, GIB(4), MIB(4)));
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(4), MIB(2)), 0);
	expect_not_unmapped(GIB(4), MIB(2), -ENOENT);
	shut();
}

/* The device may still reach the memory: nobody looks it up, and nothing is put there again. */
static void
unmap_fails(int err, uint64_t told)
{
	uint64_t n, iova = 0;

	usage = test_usage_get();
	fake_init(&fake);
	fake.max_maps = 16;
	open_window(0, MIB(4) - 1, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(1), MIB(1)), 0);
	fake.fail_unmap = (struct fake_fault){ 1, err };
	fake.tell_unmapped = told;
	CU_ASSERT_EQUAL(iospace_unmap(ios, MIB(1), MIB(1)), -EIO);
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT(log_has("close the device"));
	CU_ASSERT_FALSE(any_reachable(VA, MIB(1), MIB(1)));
	fake_expect_same(&fake, ios);
	CU_ASSERT_EQUAL(iospace_unmap(ios, MIB(1), MIB(1)), -ENOENT);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), MIB(1)), -EEXIST);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), MIB(2) - KIB(4)), -EEXIST);
	for (n = 0; n < 2; n++) {
		CU_ASSERT_EQUAL(map(VA, n == 0 ? MIB(1) : MIB(1) - KIB(4), &iova), 0);
		CU_ASSERT(iova + MIB(1) <= MIB(1) + KIB(4) || iova >= MIB(2));
	}
	CU_ASSERT_EQUAL(map(VA, MIB(1), &iova), 0);
	CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), -ENOSPC);
	/* It still uses an entry: it counts, so that the backend is not asked for one too many. */
	shut();
}

static void
quarantine(void)
{
	unsigned int i;

	for (i = 0; i < N_ERRNOS; i++)
		unmap_fails(errnos[i], 0);
	unmap_fails(0, 0);
	unmap_fails(0, MIB(1) - KIB(4));
	unmap_fails(0, MIB(1) + KIB(4));
	unmap_fails(0, UINT64_MAX);
}

static void
quarantine_uses_an_entry(void)
{
	uint64_t iova;

	usage = test_usage_get();
	fake_init(&fake);
	fake.max_maps = 2;
	open_window(0, UINT64_MAX, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), 0);
	fake.fail_unmap = (struct fake_fault){ 1, -EIO };
	CU_ASSERT_EQUAL(iospace_unmap(ios, VA, KIB(4)), -EIO);
	CU_ASSERT_EQUAL(map(VA + KIB(4), KIB(4), &iova), 0);
	CU_ASSERT_EQUAL(map(VA + KIB(8), KIB(4), &iova), -ENOSPC);
	CU_ASSERT_EQUAL(fake.maps, 2);
	shut();
}

/* Other iospaces do not get it either, not even after this one is gone. */
static void
quarantine_of_the_pool(void)
{
	uint64_t iova = 0, other = 0;

	usage = test_usage_get();
	fake_init(&fake);
	open_window(GIVEN_UP, UINT64_MAX, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map(VA, MIB(1), &iova), 0);
	fake.fail_unmap = (struct fake_fault){ 1, -EIO };
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, MIB(1)), -EIO);
	CU_ASSERT_EQUAL(map(VA, MIB(1), &other), 0);
	CU_ASSERT_NOT_EQUAL(other, iova);
	shut();
	fake_init(&fake);
	open_window(iova, iova + MIB(1) - 1, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map(VA, KIB(4), &other), -ENOSPC);
	shut();
	expect_pool_empty();
}

static void
quarantine_of_an_alias(void)
{
	uint64_t iova = 0;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), GIB(5)), 0);
	fake.fail_unmap = (struct fake_fault){ 1, -EIO };
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(4), MIB(2)), -EIO);
	CU_ASSERT(reachable(VA, GIB(5), MIB(2)));
	CU_ASSERT_EQUAL(map(VA, MIB(2), &iova), 0);
	CU_ASSERT_EQUAL(iova, VA);
	CU_ASSERT(reachable(VA, GIB(5), MIB(2)));
	shut();
}

static void
destroy_unmaps_all(void)
{
	uint64_t iova, n;

	open_all(IOSPACE_PLACE_VA);
	for (n = 0; n < 100; n++) {
		CU_ASSERT_EQUAL(map(n % 2 ? VA : VA + n * MIB(3), MIB(3), &iova), 0);
		CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), MIB(1) + n * KIB(4)), 0);
	}
	CU_ASSERT_EQUAL(fake.nb_entries, 200);
	shut();
	CU_ASSERT_EQUAL(fake.unmaps, 200);
	expect_pool_empty();
	iospace_destroy(NULL);
}

static void
destroy_though_unmap_fails(void)
{
	uint64_t n;

	open_all(IOSPACE_PLACE_VA);
	for (n = 0; n < 10; n++)
		CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), MIB(1) + n * KIB(4)), 0);
	fake_expect_same(&fake, ios);
	fake.fail_unmap = (struct fake_fault){ 3, -EIO };
	iospace_destroy(ios);
	CU_ASSERT_EQUAL(log_lines(), 1);
	log_release();
	CU_ASSERT_EQUAL(fake.unmaps, 10);
	CU_ASSERT_EQUAL(fake.nb_lost, 1);
	fake_fini(&fake);
	TEST_ASSERT_NO_LEAK(usage);
}

/*
 * Memory
 */

/* Each allocation of a creation fails once. */
static void
no_memory_to_create(void)
{
	const struct iospace_conf conf = {
		.name = "test", .ops = &fake_ops, .ctx = &fake, .window = { 0, UINT64_MAX },
	};
	unsigned int nth = 0;
	bool failed;
	int ret;

	usage = test_usage_get();
	fake_init(&fake);
	do {
		ios = NULL;
		fail_alloc_arm(++nth, false);
		ret = iospace_create(&conf, &ios);
		failed = fail_alloc_disarm();
		CU_ASSERT_EQUAL(ret, failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(fake.closes, 0);
	} while (failed && nth < 100);
	CU_ASSERT(nth > 5);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ios);
	iospace_destroy(ios);
	fake_fini(&fake);
	TEST_ASSERT_NO_LEAK(usage);
}

/* The same map until each allocation of it failed once; how often it failed. */
static unsigned int
map_without_memory(uint64_t va, uint64_t len, unsigned int flags, bool all)
{
	uint64_t iova = 0, at;
	unsigned int nth = 0;
	bool failed;
	int ret;

	do {
		at = (flags & IOSPACE_FIXED) != 0 ? GIB(7) : 0x1234;
		iova = at;
		fail_alloc_arm(++nth, all);
		ret = map_as(va, len, flags, &iova);
		failed = fail_alloc_disarm();
		CU_ASSERT_EQUAL(ret, failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(log_lines(), failed ? 1 : 0);
		if (failed) {
			CU_ASSERT_EQUAL(iova, at);
			CU_ASSERT_FALSE(any_reachable(va, GIB(4), len));
			fake_expect_same(&fake, ios);
		}
	} while (failed && nth < 100);
	CU_ASSERT(reachable(va, iova, len));
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, len), 0);
	return nth - 1;
}

static void
no_memory_to_map(void)
{
	static const uint64_t lens[] = { KIB(4), MIB(5), GIB(2) + KIB(4) };
	unsigned int flags, i, failures = 0;
	uint64_t last;

	for (i = 0; i < 12; i++) {
		flags = i % 2 ? IOSPACE_FIXED : 0;
		last = i % 4 < 2 ? UINT64_MAX : GIB(24) - 1;
		usage = test_usage_get();
		fake_init(&fake);
		open_window(0, last, i % 4 < 2 ? IOSPACE_PLACE_ALLOC : IOSPACE_PLACE_VA);
		failures += map_without_memory(VA + KIB(4), lens[i % 3], flags, i >= 6);
		CU_ASSERT_EQUAL(iospace_next(ios, 0, &(struct iospace_entry){ 0 }), -ENOENT);
		shut();
		expect_pool_empty();
	}
	CU_ASSERT(failures > 12);
}

/* A failed map takes no IOVA with it, however many there are: the window is full to the page. */
static void
no_memory_and_no_loss(void)
{
	uint64_t iova, n;
	unsigned int i;

	usage = test_usage_get();
	fake_init(&fake);
	open_window(0, MIB(4) - 1, IOSPACE_PLACE_ALLOC);
	for (n = 0; n < 1023; n++) {
		for (i = 1; i < 4; i++) {
			fail_alloc_arm(i, true);
			if (map(VA + n * KIB(4), KIB(4), &iova) == 0)
				iospace_unmap(ios, iova, KIB(4));
			fail_alloc_disarm();
		}
		CU_ASSERT_EQUAL(map(VA + n * KIB(4), KIB(4), &iova), 0);
	}
	log_lines();
	CU_ASSERT_EQUAL(map(VA, KIB(4), &iova), -ENOSPC);
	shut();
}

/* Memory runs out while entries go: they go all the same, and so does what they occupied. */
static void
no_memory_to_unmap(void)
{
	uint64_t iova[1023], n;
	unsigned int i, wrong = 0;

	usage = test_usage_get();
	fake_init(&fake);
	open_window(0, MIB(4) - 1, IOSPACE_PLACE_ALLOC);
	for (n = 0; n < 1023; n++)
		wrong += map(VA + n * KIB(4), KIB(4), &iova[n]) != 0;
	/* Every other one first, so that the books fall to pieces. */
	for (i = 0; i < 2; i++) {
		fail_alloc_arm(1, true);
		for (n = i; n < 1023; n += 2)
			wrong += iospace_unmap(ios, iova[n], KIB(4)) != 0;
		fail_alloc_disarm();
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(fake.nb_entries, 0);
	CU_ASSERT_EQUAL(map(VA, MIB(4) - KIB(4), &iova[0]), 0);
	shut();
}

/* How much is free below 16 MiB, as maps of a page find it. */
static unsigned int
count_free(void)
{
	unsigned int n = 0;
	uint64_t at;

	for (at = KIB(4); at < MIB(16); at += KIB(4)) {
		if (map_fixed(VA, KIB(4), at) != 0)
			continue;
		n++;
		CU_ASSERT_EQUAL(iospace_unmap(ios, at, KIB(4)), 0);
	}
	log_lines();
	return n;
}

/* All stays usable until there is memory for all that is withdrawn. */
static void
no_memory_to_narrow(void)
{
	const struct addrspace_range window = { MIB(4), MIB(12) - 1 };
	struct iospace_stats stats;
	unsigned int nth = 0, nb_free;
	bool failed;
	uint64_t n;
	int ret;

	usage = test_usage_get();
	fake_init(&fake);
	open_window(0, MIB(16) - 1, IOSPACE_PLACE_ALLOC);
	for (n = 0; n < 100; n++) /* in pieces */
		CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), MIB(4) + n * KIB(64)), 0);
	nb_free = count_free();
	CU_ASSERT_EQUAL(nb_free, 4095 - 100);
	do {
		fail_alloc_arm(++nth, false);
		ret = iospace_narrow(ios, &window);
		failed = fail_alloc_disarm();
		CU_ASSERT_EQUAL(ret, failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(log_lines(), failed ? 1 : 0);
		if (failed) {
			CU_ASSERT(log_has("no memory to withdraw"));
			CU_ASSERT_EQUAL(count_free(), nb_free);
			iospace_stats_get(ios, &stats);
			CU_ASSERT_EQUAL(stats.usable.last, MIB(16) - 1);
		}
	} while (failed && nth < 100);
	CU_ASSERT(nth > 5);
	CU_ASSERT_EQUAL(count_free(), 2048 - 100);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.last, MIB(12) - 1);
	shut();
}

static const struct test_case backend_cases[] = {
	{ "map fails", map_fails },
	{ "map fails beside others", map_fails_beside_others },
	{ "info fails", info_fails },
	{ "unmap of something else", unmap_of_something_else },
	{ "quarantine", quarantine },
	{ "quarantine uses an entry", quarantine_uses_an_entry },
	{ "quarantine of the pool", quarantine_of_the_pool },
	{ "quarantine of an alias", quarantine_of_an_alias },
	{ "destroy unmaps all", destroy_unmaps_all },
	{ "destroy though unmap fails", destroy_though_unmap_fails },
	{ NULL, NULL },
};

static const struct test_case limit_cases[] = {
	{ "budget", budget },
	{ "budget of none", budget_of_none },
	{ "no budget", no_budget },
	{ "all entries", all_entries },
	{ "cycles", cycles },
	{ NULL, NULL },
};

static const struct test_case memory_cases[] = {
	{ "none to create", no_memory_to_create },
	{ "none to map", no_memory_to_map },
	{ "none and no loss", no_memory_and_no_loss },
	{ "none to unmap", no_memory_to_unmap },
	{ "none to narrow", no_memory_to_narrow },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "iospace, backend", NULL, NULL, backend_cases },
	{ "iospace, limits", NULL, NULL, limit_cases },
	{ "iospace, memory", NULL, NULL, memory_cases },
	{ NULL, NULL, NULL, NULL },
};
