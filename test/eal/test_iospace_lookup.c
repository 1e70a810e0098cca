/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iospace over a backend that behaves as VFIO: what is looked up.
 */
#include "iospace_case.h"

/*
 * Lookups
 */

static void
across_ends(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(8), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + KIB(8), KIB(4), GIB(4) + KIB(8)), 0);  /* same distance */
	CU_ASSERT_EQUAL(map_fixed(VA + KIB(12), KIB(4), GIB(5)), 0);          /* another */
	expect_iova(VA + 100, KIB(12) - 100, GIB(4) + 100);
	expect_iova(VA + KIB(8) - 1, 2, GIB(4) + KIB(8) - 1);
	expect_iova(VA + KIB(12) - 1, 1, GIB(4) + KIB(12) - 1);
	expect_no_iova(VA + KIB(12) - 1, 2);
	expect_no_iova(VA, KIB(16));
	expect_iova(VA + KIB(12), KIB(4), GIB(5));
	expect_no_iova(VA + KIB(12), KIB(4) + 1);
	expect_no_iova(VA - 1, 2);
	expect_no_iova(VA - 1, 1);
	expect_no_iova(VA, UINT64_MAX - VA);
	expect_va(GIB(4), KIB(12), RW, VA);
	expect_no_va(GIB(4), KIB(12) + 1, RW, -EFAULT);
	expect_no_va(GIB(4) - 1, 1, RW, -EFAULT);
	expect_no_va(GIB(4) - 1, 2, RW, -EFAULT);
	expect_no_va(GIB(4), TOP, RW, -EFAULT);
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(4) + KIB(8), KIB(4)), 0);
	expect_no_iova(VA, KIB(8) + 1);
	expect_iova(VA, KIB(8), GIB(4));
	shut();
}

/* IOVAs that lie together, memory that does not. */
static void
adjacent_iovas(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(8), KIB(4), GIB(4) + KIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(8) + KIB(4), KIB(4), GIB(4) + KIB(8)), 0);
	expect_no_va(GIB(4) + KIB(4) - 1, 2, RW, -EFAULT);
	expect_va(GIB(4) + KIB(4), KIB(8), RW, VA + MIB(8));
	shut();
}

static void
ends_of_the_space(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(TOP - KIB(8), KIB(8), TOP - KIB(8)), 0);
	CU_ASSERT_EQUAL(map_fixed(0, KIB(4), KIB(4)), 0);
	expect_reachable(TOP - KIB(8), KIB(8), TOP - KIB(8));
	expect_no_iova(TOP - 1, 2);
	expect_no_iova(TOP, 1);
	expect_no_iova(UINT64_MAX, 1);
	expect_no_va(TOP - 1, 2, 0, -EFAULT);
	expect_no_va(UINT64_MAX - 4, 4, 0, -EFAULT);
	expect_no_va(0, 1, 0, -EFAULT);
	expect_no_va(KIB(4) - 1, 2, 0, -EFAULT);
	expect_reachable(0, KIB(4), KIB(4));
	shut();
}

static void
access_bits(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed_access(VA, KIB(4), GIB(4), IOSPACE_READ), 0);
	CU_ASSERT_EQUAL(map_fixed_access(VA + KIB(4), KIB(4), GIB(4) + KIB(4), RW), 0);
	CU_ASSERT_EQUAL(map_fixed_access(VA + KIB(8), KIB(4), GIB(4) + KIB(8), IOSPACE_WRITE), 0);
	expect_va(GIB(4), KIB(8), IOSPACE_READ, VA);
	expect_va(GIB(4) + KIB(4), KIB(8), IOSPACE_WRITE, VA + KIB(4));
	expect_va(GIB(4), KIB(12), 0, VA);
	expect_no_va(GIB(4), 1, IOSPACE_WRITE, -EACCES);
	expect_no_va(GIB(4), 1, RW, -EACCES);
	expect_no_va(GIB(4) + KIB(8), 1, IOSPACE_READ, -EACCES);
	expect_no_va(GIB(4) + KIB(8) - 1, 2, IOSPACE_READ, -EACCES);
	expect_no_va(GIB(4), KIB(12), IOSPACE_READ, -EACCES);
	expect_iova(VA, KIB(12), GIB(4));
	CU_ASSERT_EQUAL(fake.entries[0].access, IOSPACE_READ);
	CU_ASSERT_EQUAL(fake.entries[2].access, IOSPACE_WRITE);
	shut();
}

static void
aliases(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(16), GIB(5)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(16), GIB(4)), 0);
	expect_iova(VA, KIB(16), GIB(5));
	expect_va(GIB(4), KIB(16), RW, VA);
	expect_va(GIB(5), KIB(16), RW, VA);
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(5), KIB(16)), 0);
	expect_iova(VA, KIB(16), GIB(4));
	expect_no_va(GIB(5), 1, 0, -EFAULT);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(16), GIB(5)), 0);
	expect_iova(VA, KIB(16), GIB(4));
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(5), KIB(16)), 0);
	expect_iova(VA, KIB(16), GIB(4));
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(4), KIB(16)), 0);
	expect_unreachable(VA, KIB(16), GIB(4));
	shut();
}

/* Of three, the oldest left answers, wherever it lies. */
static void
three_aliases(void)
{
	static const uint64_t at[3] = { GIB(5), GIB(6), GIB(4) };
	static const unsigned int orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	unsigned int i, j, k;

	open_all(IOSPACE_PLACE_VA);
	for (i = 0; i < 6; i++) {
		bool gone[3] = { false };

		for (j = 0; j < 3; j++)
			CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), at[j]), 0);
		for (j = 0; j < 3; j++) {
			for (k = 0; gone[k]; k++)
				;
			expect_iova(VA, MIB(2), at[k]);
			CU_ASSERT_EQUAL(iospace_unmap(ios, at[orders[i][j]], MIB(2)), 0);
			gone[orders[i][j]] = true;
		}
		expect_no_iova(VA, 1);
	}
	shut();
}

static void
aliases_in_part(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(4), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(1), MIB(6), GIB(8)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(3), KIB(4), GIB(5)), 0);
	expect_iova(VA, MIB(4), GIB(4));
	expect_no_iova(VA, MIB(5));
	expect_iova(VA + MIB(4), MIB(3), GIB(8) + MIB(3));
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(4), MIB(4)), 0);
	expect_no_iova(VA, 1);
	expect_no_iova(VA + MIB(1) - 1, 1);
	expect_iova(VA + MIB(1), MIB(6), GIB(8));
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(8), MIB(6)), 0);
	expect_iova(VA + MIB(3), KIB(4), GIB(5));
	expect_no_iova(VA + MIB(3), KIB(4) + 1);
	expect_no_iova(VA + MIB(3) - 1, 1);
	expect_no_iova(VA + MIB(1), 1);
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(5), KIB(4)), 0);
	expect_no_iova(VA + MIB(3), 1);
	shut();
}

/* At the virtual address first, then once more: placement finds another place for it. */
static void
alias_by_placement(void)
{
	uint64_t second;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(must_map(VA, MIB(2)), VA);
	second = must_map(VA, MIB(2));
	CU_ASSERT_NOT_EQUAL(second, VA);
	expect_iova(VA, MIB(2), VA);
	expect_va(second, MIB(2), RW, VA);
	CU_ASSERT_EQUAL(iospace_unmap(ios, VA, MIB(2)), 0);
	expect_iova(VA, MIB(2), second);
	shut();
}

static void
runs(void)
{
	struct iomap_run run;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(8), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA + KIB(8), KIB(8), GIB(4) + KIB(8)), 0);
	CU_ASSERT_EQUAL(map_fixed_access(VA + KIB(16), KIB(4), GIB(4) + KIB(16), IOSPACE_READ), 0);
	CU_ASSERT_EQUAL(iospace_iova_run(ios, GIB(4) + KIB(9), &run), 0);
	CU_ASSERT_EQUAL(run.first, GIB(4));
	CU_ASSERT_EQUAL(run.len, KIB(16));
	CU_ASSERT_EQUAL(run.first + run.delta, VA);
	CU_ASSERT_EQUAL(run.access, RW);
	CU_ASSERT_EQUAL(iospace_iova_run(ios, GIB(4) + KIB(16), &run), 0);
	CU_ASSERT_EQUAL(run.len, KIB(4));
	CU_ASSERT_EQUAL(run.access, IOSPACE_READ);
	CU_ASSERT_EQUAL(iospace_iova_run(ios, GIB(4) + KIB(20), &run), -EFAULT);
	CU_ASSERT_EQUAL(iospace_iova_run(ios, GIB(4) - 1, &run), -EFAULT);
	CU_ASSERT_EQUAL(iospace_iova_run(ios, UINT64_MAX, &run), -EFAULT);
	shut();
}

static void
next(void)
{
	struct iospace_entry e;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(iospace_next(ios, 0, &e), -ENOENT);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(8), GIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), TOP - KIB(4)), 0);
	CU_ASSERT_EQUAL(iospace_next(ios, 0, &e), 0);
	CU_ASSERT_EQUAL(e.iova, GIB(4));
	CU_ASSERT_EQUAL(iospace_next(ios, GIB(4) + KIB(8) - 1, &e), 0);
	CU_ASSERT_EQUAL(e.iova, GIB(4));
	CU_ASSERT_EQUAL(e.len, KIB(8));
	CU_ASSERT_EQUAL(iospace_next(ios, GIB(4) + KIB(8), &e), 0);
	CU_ASSERT_EQUAL(e.iova, TOP - KIB(4));
	CU_ASSERT_EQUAL(iospace_next(ios, TOP - 1, &e), 0);
	CU_ASSERT_EQUAL(e.iova, TOP - KIB(4));
	CU_ASSERT_EQUAL(iospace_next(ios, TOP, &e), -ENOENT);
	CU_ASSERT_EQUAL(iospace_next(ios, UINT64_MAX, &e), -ENOENT);
	shut();
}

/* What the device and a lookup must no longer do when the backend is about to forget an entry. */
struct unmap_watch {
	uint64_t generation;
	unsigned int calls;
};

static void
watch_unmap(void *arg, uint64_t iova, uint64_t len)
{
	struct unmap_watch *w = arg;

	CU_ASSERT(__atomic_load_n(iospace_generation(ios), __ATOMIC_ACQUIRE) > w->generation);
	expect_no_va(iova, len, 0, -EFAULT);
	expect_no_iova(VA, len);
	w->generation = *iospace_generation(ios);
	w->calls++;
}

static void
generation(void)
{
	struct unmap_watch w = { 0 };
	uint64_t start, i;

	open_all(IOSPACE_PLACE_VA);
	start = w.generation = *iospace_generation(ios);
	fake.on_unmap = watch_unmap;
	fake.on_unmap_arg = &w;
	for (i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(must_map(VA, MIB(4)), VA);
		CU_ASSERT_EQUAL(*iospace_generation(ios), w.generation);
		CU_ASSERT_EQUAL(iospace_unmap(ios, VA, MIB(4)), 0);
	}
	CU_ASSERT_EQUAL(w.calls, 100);
	CU_ASSERT(w.generation >= start + 100);
	fake.on_unmap = NULL;
	shut();
}

/*
 * What DPDK 22.11's containers get wrong
 */

/* They tell success for other memory at a used IOVA, and the device goes on with the old one. */
static void
other_memory_at_a_used_iova(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), GIB(4)), 0);
	expect_refused(map_fixed(VA + MIB(2), MIB(2), GIB(4)), -EEXIST);
	CU_ASSERT_EQUAL(fake.maps, 1);
	expect_reachable(VA, MIB(2), GIB(4));
	expect_no_iova(VA + MIB(2), 1);
	/* Even when only the backend knows of it. */
	fake.fail_map = (struct fake_fault){ 1, -EEXIST };
	expect_refused(map_fixed(VA + MIB(2), MIB(2), GIB(5)), -EEXIST);
	expect_unreachable(VA + MIB(2), MIB(2), GIB(5));
	shut();
}

/* They replay the maps of a container that is gone into the next one. */
static void
next_one_starts_empty(void)
{
	struct iospace_entry e;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		open_all(IOSPACE_PLACE_VA);
		CU_ASSERT_EQUAL(fake.maps, 0);
		CU_ASSERT_EQUAL(iospace_next(ios, 0, &e), -ENOENT);
		expect_unreachable(VA, MIB(2), GIB(4));
		CU_ASSERT_EQUAL(map_fixed(VA + i * MIB(4), MIB(2), GIB(4)), 0);
		CU_ASSERT_EQUAL(fake.maps, 1);
		expect_va(GIB(4), MIB(2), RW, VA + i * MIB(4));
		shut();
		CU_ASSERT_EQUAL(fake.unmaps, 1);
	}
}

static const struct test_case lookup_cases[] = {
	{ "across ends", across_ends },
	{ "adjacent IOVAs", adjacent_iovas },
	{ "ends of the space", ends_of_the_space },
	{ "access", access_bits },
	{ "aliases", aliases },
	{ "three aliases", three_aliases },
	{ "aliases in part", aliases_in_part },
	{ "alias by placement", alias_by_placement },
	{ "runs", runs },
	{ "next", next },
	{ "generation", generation },
	{ "other memory at a used IOVA", other_memory_at_a_used_iova },
	{ "the next one starts empty", next_one_starts_empty },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "iospace, lookup", NULL, NULL, lookup_cases },
	{ NULL, NULL, NULL, NULL },
};
