/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iospace over a backend that behaves as VFIO: where memory is placed.
 */
#include "iospace_case.h"

/*
 * Placement
 */

static void
at_the_virtual_address(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(must_map(VA, MIB(4)), VA);
	CU_ASSERT_EQUAL(must_map(GIB(5), KIB(4)), GIB(5));
	CU_ASSERT_EQUAL(must_map(KIB(64), KIB(4)), KIB(64));
	CU_ASSERT_EQUAL(must_map(TOP - KIB(4), KIB(4)), TOP - KIB(4));
	expect_reachable(VA, MIB(4), VA);
	expect_reachable(TOP - KIB(4), KIB(4), TOP - KIB(4));
	fake_expect_same(&fake, ios);
	CU_ASSERT_EQUAL(iospace_unmap(ios, VA, MIB(4)), 0);
	expect_unreachable(VA, MIB(4), VA);
	CU_ASSERT_EQUAL(must_map(VA + MIB(2), MIB(4)), VA + MIB(2));
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

/* Where the virtual address does not do, another IOVA is chosen. */
static void
beside_the_virtual_address(void)
{
	static const uint64_t bad[] = {
		0,                        /* IOVA 0 */
		0xfee00000,               /* the MSI hole */
		0xfee00000 - 0x2000,      /* into it */
		0xfeeff000,               /* out of it */
		TOP - 0x3000,             /* occupied in part */
	};
	unsigned int i;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), TOP - KIB(4)), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t iova = must_map(bad[i], 0x3000);

		CU_ASSERT_NOT_EQUAL(iova, bad[i]);
		expect_reachable(bad[i], 0x3000, iova);
		CU_ASSERT_EQUAL(iospace_unmap(ios, iova, 0x3000), 0);
	}
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

static void
allocated(void)
{
	uint64_t a, b, c;

	open_all(IOSPACE_PLACE_ALLOC);
	a = must_map(VA, MIB(4));
	b = must_map(VA + MIB(4), KIB(4));
	c = must_map(KIB(64), KIB(4));
	CU_ASSERT_NOT_EQUAL(a, VA);
	CU_ASSERT_NOT_EQUAL(c, KIB(64));
	CU_ASSERT(a >= IOVA_POOL_FIRST && b >= IOVA_POOL_FIRST && c >= IOVA_POOL_FIRST);
	expect_reachable(VA, MIB(4), a);
	expect_reachable(VA + MIB(4), KIB(4), b);
	expect_reachable(KIB(64), KIB(4), c);
	fake_expect_same(&fake, ios);
	CU_ASSERT_EQUAL(iospace_unmap(ios, a, MIB(4)), 0);
	CU_ASSERT_EQUAL(must_map(VA, MIB(4)), a);
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

/* A device with few address bits: its iospace has IOVAs of its own. */
static void
window_of_28_bits(void)
{
	struct iospace_stats stats;
	uint64_t a, b;

	open_window(0, MIB(256) - 1, IOSPACE_PLACE_VA);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.first, KIB(4));
	CU_ASSERT_EQUAL(stats.usable.last, MIB(256) - 1);
	CU_ASSERT_EQUAL(stats.placement, IOSPACE_PLACE_VA);
	a = must_map(VA, MIB(100));
	b = must_map(VA + MIB(100), MIB(100));
	CU_ASSERT(a >= KIB(4) && a + MIB(100) <= MIB(256));
	CU_ASSERT(b >= KIB(4) && b + MIB(100) <= MIB(256));
	expect_reachable(VA, MIB(100), a);
	expect_refused(map(VA, MIB(100), &a), -ENOSPC);
	CU_ASSERT(log_has("IOVA"));
	CU_ASSERT_FALSE(log_has("entries"));
	expect_refused(map_fixed(VA, KIB(4), MIB(256)), -ERANGE);
	expect_refused(map_fixed(VA, KIB(8), MIB(256) - KIB(4)), -ERANGE);
	shut();
}

/* The narrow ones have nothing to do with each other, nor with the pool. */
static void
narrow_ones_are_apart(void)
{
	struct fake_iommu other_fake;
	struct iospace *other;
	uint64_t a, b = 0;

	open_window(0, MIB(256) - 1, IOSPACE_PLACE_ALLOC);
	fake_init(&other_fake);
	other = fake_open(&other_fake, 0, MIB(256) - 1, IOSPACE_PLACE_ALLOC);
	a = must_map(VA, MIB(200));
	CU_ASSERT_EQUAL(map_in(other, VA, MIB(200), 0, &b), 0);
	CU_ASSERT_EQUAL(a, b);
	iospace_destroy(other);
	fake_fini(&other_fake);
	shut();
}

static void
window_of_39_bits(void)
{
	uint64_t low = (UINT64_C(1) << 38) + GIB(3), iova;

	open_window(0, (UINT64_C(1) << 39) - 1, IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(must_map(low, MIB(2)), low);
	iova = must_map(VA, MIB(2));
	CU_ASSERT(iova >= IOVA_POOL_FIRST && iova + MIB(2) <= UINT64_C(1) << 39);
	expect_reachable(VA, MIB(2), iova);
	/* Half in, half out. */
	iova = must_map((UINT64_C(1) << 39) - MIB(1), MIB(2));
	CU_ASSERT(iova + MIB(2) <= UINT64_C(1) << 39);
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

static void
window_between(void)
{
	struct iospace_stats stats;
	uint64_t iova, n;

	open_window(GIB(4), GIB(8) - 1, IOSPACE_PLACE_VA);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.first, GIB(4));
	CU_ASSERT_EQUAL(stats.usable.last, GIB(8) - 1);
	for (n = 0; n < 4; n++) {
		iova = must_map(VA + n * GIB(1), GIB(1));
		CU_ASSERT(iova >= GIB(4) && iova <= GIB(7));
		expect_reachable(VA + n * GIB(1), GIB(1), iova);
	}
	expect_refused(map(VA, KIB(4), &iova), -ENOSPC);
	expect_refused(map_fixed(VA, KIB(4), KIB(4)), -ERANGE);
	CU_ASSERT_EQUAL(iospace_unmap(ios, GIB(6), GIB(1)), 0);
	CU_ASSERT_EQUAL(must_map(VA, KIB(4)), GIB(6));
	shut();
}

static void
window_without_ranges(void)
{
	static const struct addrspace_range windows[] = {
		{ 0, 0 },                       /* IOVA 0 alone */
		{ 0, 4095 },                    /* its page */
		{ 4096, 8190 },                 /* no whole page */
		{ 4097, 12287 - 1 },            /* none either */
		{ FAKE_HOLE_FIRST, FAKE_HOLE_LAST },
		{ TOP, UINT64_MAX },
		{ UINT64_MAX, UINT64_MAX },
		{ GIB(2), GIB(1) },
	};
	struct iospace *none = NULL;
	unsigned int i;

	fake_init(&fake);
	log_catch();
	for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		const struct iospace_conf conf = {
			.name = "test", .ops = &fake_ops, .ctx = &fake, .window = windows[i],
			.placement = IOSPACE_PLACE_VA,
		};

		CU_ASSERT_EQUAL(iospace_create(&conf, &none), -ERANGE);
		CU_ASSERT_EQUAL(log_lines(), 1);
		CU_ASSERT(log_has("window"));
	}
	CU_ASSERT_PTR_NULL(none);
	CU_ASSERT_EQUAL(fake.closes, 0);
	log_release();
}

/* Every page of the window but those of the hole and page 0 can be had, and no other. */
static void
fill(uint64_t first, uint64_t last, uint64_t want)
{
	uint64_t n = 0, iova;

	open_window(first, last, IOSPACE_PLACE_ALLOC);
	while (map(VA + n * KIB(4), KIB(4), &iova) == 0) {
		CU_ASSERT(iova >= first && iova >= KIB(4) && iova + KIB(4) - 1 <= last);
		CU_ASSERT(iova + KIB(4) <= FAKE_HOLE_FIRST || iova > FAKE_HOLE_LAST);
		n++;
	}
	CU_ASSERT_EQUAL(n, want);
	CU_ASSERT_EQUAL(log_lines(), 1);
	expect_refused(map(VA, KIB(4), &iova), -ENOSPC);
	shut();
}

static void
hole_is_never_given(void)
{
	fill(FAKE_HOLE_FIRST - MIB(1), FAKE_HOLE_LAST + MIB(1), 512);
	fill(FAKE_HOLE_FIRST - KIB(4), FAKE_HOLE_LAST, 1);
	fill(FAKE_HOLE_FIRST, FAKE_HOLE_LAST + KIB(8) - 1, 1);
	fill(0xfffff000, GIB(4) + KIB(16) - 1, 4);
}

static void
zero_is_never_given(void)
{
	fill(0, KIB(64) - 1, 15);
	fill(0, KIB(8) - 1, 1);
	fill(1, KIB(12) - 2, 1);

	open_all(IOSPACE_PLACE_VA);
	expect_refused(map_fixed(VA, KIB(4), 0), -ERANGE);
	CU_ASSERT_NOT_EQUAL(must_map(0, KIB(4)), 0);
	shut();
}

static void
fixed(void)
{
	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(1), KIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(1), GIB(9)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), TOP - KIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), FAKE_HOLE_FIRST - KIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), FAKE_HOLE_LAST + 1), 0);
	CU_ASSERT_EQUAL(log_lines(), 0);
	/* Occupied: the same, the head, the tail, the middle, all around. */
	expect_refused(map_fixed(VA, MIB(1), GIB(9)), -EEXIST);
	CU_ASSERT(log_has("mapped already"));
	expect_refused(map_fixed(VA, KIB(8), GIB(9) - KIB(4)), -EEXIST);
	expect_refused(map_fixed(VA, KIB(8), GIB(9) + MIB(1) - KIB(4)), -EEXIST);
	expect_refused(map_fixed(VA, KIB(4), GIB(9) + KIB(64)), -EEXIST);
	expect_refused(map_fixed(VA, MIB(3), GIB(9) - MIB(1)), -EEXIST);
	/* Neighbours are none of its business. */
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), GIB(9) - KIB(4)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), GIB(9) + MIB(1)), 0);
	shut();
}

static void
fixed_outside(void)
{
	open_all(IOSPACE_PLACE_VA);
	expect_refused(map_fixed(VA, KIB(4), FAKE_HOLE_FIRST), -ERANGE);
	expect_refused(map_fixed(VA, KIB(8), FAKE_HOLE_FIRST - KIB(4)), -ERANGE);
	expect_refused(map_fixed(VA, KIB(8), FAKE_HOLE_LAST + 1 - KIB(4)), -ERANGE);
	expect_refused(map_fixed(VA, MIB(4), FAKE_HOLE_FIRST - MIB(2)), -ERANGE);
	expect_refused(map_fixed(VA, KIB(4), TOP), -ERANGE);
	expect_refused(map_fixed(VA, KIB(8), TOP - KIB(4)), -ERANGE);
	expect_refused(map_fixed(VA, KIB(4), UINT64_MAX - KIB(4) + 1), -ERANGE);
	expect_refused(map_fixed(VA, KIB(8), UINT64_MAX - KIB(4) + 1), -EINVAL);
	expect_refused(map_fixed(VA, KIB(4), GIB(9) + 1), -EINVAL);
	expect_refused(map_fixed(VA, KIB(4), GIB(9) + 512), -EINVAL);
	CU_ASSERT_EQUAL(fake.maps, 0);
	shut();
}

static void
bad_requests(void)
{
	static const struct iospace_request bad[] = {
		{ (void *)(VA + 1), 4096, RW, 0, 0 },
		{ (void *)(VA + 2048), 4096, RW, 0, 0 },
		{ (void *)VA, 0, RW, 0, 0 },
		{ (void *)VA, 1, RW, 0, 0 },
		{ (void *)VA, 4095, RW, 0, 0 },
		{ (void *)VA, 4097, RW, 0, 0 },
		{ (void *)VA, 4096, 0, 0, 0 },
		{ (void *)VA, 4096, 4, 0, 0 },
		{ (void *)VA, 4096, RW | 8, 0, 0 },
		{ (void *)VA, 4096, RW, 4, 0 },
		{ (void *)VA, 4096, RW, IOSPACE_FIXED | 0x80000000u, 0 },
		{ (void *)VA, 4096, RW, 0, 3 },
		{ (void *)VA, 4096, RW, 0, 4097 },
		{ (void *)VA, 4096, RW, 0, UINT64_MAX },
		{ (void *)VA, UINT64_MAX - 4095, RW, 0, 0 },
		{ (void *)VA, UINT64_C(1) << 63, RW, 0, 0 },
		{ (void *)(UINTPTR_MAX - 4095), 4096, RW, 0, 0 },
		{ (void *)(UINTPTR_MAX - 4095), 8192, RW, 0, 0 },
	};
	uint64_t iova = GIB(4);
	unsigned int i;

	open_all(IOSPACE_PLACE_VA);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect_refused(iospace_map(ios, &bad[i], &iova), -EINVAL);
		CU_ASSERT_EQUAL(iova, GIB(4));
	}
	CU_ASSERT_EQUAL(fake.maps, 0);
	shut();
}

static void
alignment(void)
{
	uint64_t align, iova, va = VA;

	open_all(IOSPACE_PLACE_ALLOC);
	must_map(va, KIB(4));
	for (align = 1; align <= GIB(16); align <<= 1) {
		va += MIB(2);
		CU_ASSERT_EQUAL(map_in(ios, va, KIB(12), align, &iova), 0);
		CU_ASSERT_EQUAL(iova & (align - 1), 0);
		CU_ASSERT_EQUAL(iova & 4095, 0);
		expect_reachable(va, KIB(12), iova);
	}
	/* 2^47 is the one multiple of it; there is none of 2^48. */
	CU_ASSERT_EQUAL(map_in(ios, VA, KIB(4), TOP / 2, &iova), 0);
	CU_ASSERT_EQUAL(iova, TOP / 2);
	CU_ASSERT_EQUAL(log_lines(), 0);
	expect_refused(map_in(ios, VA, KIB(4), TOP / 2, &iova), -ENOSPC);
	expect_refused(map_in(ios, VA, KIB(4), TOP, &iova), -ENOSPC);
	expect_refused(map_in(ios, VA, KIB(4), UINT64_C(1) << 63, &iova), -ENOSPC);
	shut();
}

static void
alignment_in_28_bits(void)
{
	uint64_t iova, n;

	open_window(0, MIB(256) - 1, IOSPACE_PLACE_ALLOC);
	for (n = 0; n < 127; n++) {
		CU_ASSERT_EQUAL(map_in(ios, VA, KIB(4), MIB(2), &iova), 0);
		CU_ASSERT_EQUAL(iova & (MIB(2) - 1), 0);
	}
	expect_refused(map_in(ios, VA, KIB(4), MIB(2), &iova), -ENOSPC);
	must_map(VA, MIB(1));
	shut();
}

/* No IOVA is given to two iospaces, so that one can map the memory of the other at its IOVA. */
static void
unique_in_the_process(void)
{
	struct fake_iommu fake_b;
	struct iospace *b;
	uint64_t got[64], iova;
	unsigned int i, j, same = 0;

	open_window(GIB(4), GIB(8) - 1, IOSPACE_PLACE_ALLOC);
	fake_init(&fake_b);
	b = fake_open(&fake_b, 0, (UINT64_C(1) << 39) - 1, IOSPACE_PLACE_ALLOC);
	for (i = 0; i < 64; i++)
		CU_ASSERT_EQUAL(map_in(i % 2 ? b : ios, VA + i * MIB(1), MIB(1), 0, &got[i]), 0);
	for (i = 0; i < 64; i++) {
		for (j = 0; j < i; j++)
			same += got[i] < got[j] + MIB(1) && got[j] < got[i] + MIB(1);
	}
	CU_ASSERT_EQUAL(same, 0);
	for (i = 1; i < 64; i += 2)
		CU_ASSERT_EQUAL(map_fixed(VA + i * MIB(1), MIB(1), got[i]), 0);
	/* What one gave back, the other may take. */
	CU_ASSERT_EQUAL(iospace_unmap(ios, got[0], MIB(1)), 0);
	CU_ASSERT_EQUAL(map_in(b, VA, MIB(1), 0, &iova), 0);
	CU_ASSERT_EQUAL(iova, got[0]);
	fake_expect_same(&fake_b, b);
	iospace_destroy(b);
	fake_fini(&fake_b);
	shut();
}

/* The memory of an iospace that is gone is free for others. */
static void
window_between_is_shared(void)
{
	struct fake_iommu fake_b;
	struct iospace *b;
	uint64_t iova = 0;

	open_window(GIB(4), GIB(8) - 1, IOSPACE_PLACE_ALLOC);
	fake_init(&fake_b);
	b = fake_open(&fake_b, GIB(4), GIB(8) - 1, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map_in(b, VA, GIB(3), 0, &iova), 0);
	expect_refused(map(VA, GIB(2), &iova), -ENOSPC);
	must_map(VA, GIB(1));
	iospace_destroy(b);
	fake_fini(&fake_b);
	must_map(VA, GIB(2));
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

/* A choice that fails does not give back what another map holds. */
static void
failed_choice_frees_nothing(void)
{
	struct fake_iommu fake_b;
	struct iospace *b;
	uint64_t iova = 0, held;

	open_window(GIB(4), GIB(4) + MIB(1) - 1, IOSPACE_PLACE_ALLOC);
	held = iova = must_map(VA, MIB(1));
	expect_refused(map(VA, KIB(4), &iova), -ENOSPC);
	CU_ASSERT_EQUAL(iova, held);
	fake_init(&fake_b);
	b = fake_open(&fake_b, GIB(4), GIB(4) + MIB(2) - 1, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map_in(b, VA, KIB(4), 0, &iova), 0);
	CU_ASSERT_EQUAL(iova, held + MIB(1));
	iospace_destroy(b);
	fake_fini(&fake_b);
	shut();
}

/* Shared memory stays where it is after the iospace it came from gave the IOVA up. */
static void
shared_outlives_its_origin(void)
{
	struct fake_iommu fake_b;
	struct iospace *b;
	uint64_t at = 0, iova = 0;

	open_all(IOSPACE_PLACE_ALLOC);
	fake_init(&fake_b);
	b = fake_open(&fake_b, 0, UINT64_MAX, IOSPACE_PLACE_ALLOC);
	CU_ASSERT_EQUAL(map_in(b, VA, MIB(2), 0, &at), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), at), 0);
	CU_ASSERT_EQUAL(iospace_unmap(b, at, MIB(2)), 0);
	iova = must_map(VA + MIB(2), KIB(4));
	CU_ASSERT(iova < at || iova >= at + MIB(2));
	expect_reachable(VA, MIB(2), at);
	CU_ASSERT_EQUAL(iospace_unmap(ios, at, MIB(2)), 0);
	CU_ASSERT_EQUAL(log_lines(), 0);
	iospace_destroy(b);
	fake_fini(&fake_b);
	shut();
}

/* What is mapped at its virtual address or at a fixed one does not stop the choice of others. */
static void
choice_passes_what_is_mapped(void)
{
	uint64_t iova, n;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(must_map(IOVA_POOL_FIRST, GIB(2)), IOVA_POOL_FIRST);
	/* Gaps that are too small. */
	for (n = 0; n < 200; n++)
		CU_ASSERT_EQUAL(map_fixed(VA, KIB(4), GIB(6) + n * KIB(8)), 0);
	CU_ASSERT_EQUAL(map_fixed(VA, GIB(1), GIB(7)), 0);
	CU_ASSERT_EQUAL(map_in(ios, 0, KIB(4), 0, &iova), 0);
	CU_ASSERT_EQUAL(map_in(ios, 0, KIB(8), 0, &iova), 0);
	CU_ASSERT_EQUAL(map_in(ios, 0, MIB(2), MIB(2), &iova), 0);
	CU_ASSERT_EQUAL(map_in(ios, 0, GIB(2), 0, &iova), 0);
	CU_ASSERT_EQUAL(log_lines(), 0);
	shut();
}

/* The one place left is found wherever it is, and whatever is tried before it. */
static void
last_place_is_found(void)
{
	static const uint64_t at[] = { GIB(4), GIB(63), GIB(100), TOP / 2 + GIB(9), TOP - MIB(2) };
	static const uint64_t taken[] = { GIB(8), TOP / 2, GIB(70) };
	uint64_t iova;
	unsigned int i, j;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		usage = test_usage_get();
		fake_init(&fake);
		fake.nb_ranges = 4;
		fake.ranges[0] = (struct addrspace_range){ at[i], at[i] + MIB(2) - 1 };
		for (j = 0; j < 3; j++)
			fake.ranges[1 + j] = (struct addrspace_range){ taken[j],
					taken[j] + GIB(1) - 1 };
		ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_ALLOC);
		log_catch();
		for (j = 0; j < 3; j++)
			CU_ASSERT_EQUAL(map_fixed(0, GIB(1), taken[j]), 0);
		CU_ASSERT_EQUAL(map(VA, MIB(2), &iova), 0);
		CU_ASSERT_EQUAL(iova, at[i]);
		CU_ASSERT_EQUAL(log_lines(), 0);
		expect_refused(map(VA, KIB(4), &iova), -ENOSPC);
		shut();
	}
}

/* A backend with larger pages: the ranges shrink to whole ones. */
static void
granule_of_64_kib(void)
{
	struct iospace_stats stats;
	uint64_t iova, n;

	fake_init(&fake);
	usage = test_usage_get();
	fake.page_sizes = KIB(64) | MIB(512);
	fake.nb_ranges = 1;
	fake.ranges[0] = (struct addrspace_range){ 1, MIB(1) + KIB(63) };
	ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_VA);
	log_catch();
	CU_ASSERT_EQUAL(iospace_granule(ios), KIB(64));
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.first, KIB(64));
	CU_ASSERT_EQUAL(stats.usable.last, MIB(1) - 1);
	expect_refused(map(VA + KIB(4), KIB(64), &iova), -EINVAL);
	expect_refused(map(VA, KIB(4), &iova), -EINVAL);
	expect_refused(map_fixed(VA, KIB(64), KIB(68)), -EINVAL);
	for (n = 0; n < 15; n++)
		CU_ASSERT_EQUAL(must_map(VA + n * KIB(64), KIB(64)) & 0xffff, 0);
	expect_refused(map(VA, KIB(64), &iova), -ENOSPC);
	shut();
}

/* Pages smaller than the tables': maps are by 4 KiB. */
static void
granule_of_1_kib(void)
{
	uint64_t iova;

	fake_init(&fake);
	usage = test_usage_get();
	fake.page_sizes = KIB(1) | KIB(4);
	ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_VA);
	log_catch();
	CU_ASSERT_EQUAL(iospace_granule(ios), KIB(4));
	expect_refused(map(VA, KIB(1), &iova), -EINVAL);
	CU_ASSERT_EQUAL(must_map(VA, KIB(4)), VA);
	shut();
}

static void
identity(void)
{
	uint64_t iova = 0;

	fake_init(&fake);
	usage = test_usage_get();
	fake.identity = true;
	ios = fake_open(&fake, 0, UINT64_MAX, IOSPACE_PLACE_ALLOC);
	log_catch();
	CU_ASSERT_TRUE(iospace_is_identity(ios));
	CU_ASSERT_EQUAL(must_map(VA, MIB(2)), VA);
	expect_refused(map(VA, MIB(2), &iova), -EEXIST);
	expect_refused(map(VA + MIB(1), MIB(2), &iova), -EEXIST);
	expect_refused(map(0, KIB(4), &iova), -ERANGE);
	expect_refused(map(FAKE_HOLE_FIRST, KIB(4), &iova), -ERANGE);
	CU_ASSERT(log_has("0xfee00000"));
	/* IOVA is always the virtual address, whatever is asked for. */
	expect_refused(map_fixed(VA + MIB(2), KIB(4), GIB(4)), -ERANGE);
	CU_ASSERT_EQUAL(map_fixed(VA + MIB(2), KIB(4), VA + MIB(2)), 0);
	shut();
}

static void
flat(void)
{
	struct iospace_entry e;
	struct iospace_stats stats;
	uint64_t iova = 0;

	usage = test_usage_get();
	CU_ASSERT_EQUAL_FATAL(iospace_flat_create("flat", &ios), 0);
	CU_ASSERT_TRUE(iospace_is_identity(ios));
	CU_ASSERT_EQUAL(iospace_granule(ios), KIB(4));
	CU_ASSERT_EQUAL(map(VA, MIB(4), &iova), 0);
	CU_ASSERT_EQUAL(iova, VA);
	CU_ASSERT_EQUAL(map(FAKE_HOLE_FIRST, KIB(4), &iova), 0);
	CU_ASSERT_EQUAL(iova, FAKE_HOLE_FIRST);
	expect_reachable(VA, MIB(4), VA);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.maps, 2);
	CU_ASSERT_EQUAL(stats.maps_left, IOSPACE_NO_LIMIT);
	CU_ASSERT_EQUAL(iospace_next(ios, 0, &e), 0);
	CU_ASSERT_EQUAL(e.iova, FAKE_HOLE_FIRST);
	CU_ASSERT_EQUAL(iospace_unmap(ios, VA, MIB(4)), 0);
	expect_unreachable(VA, MIB(4), VA);
	iospace_destroy(ios);
	TEST_ASSERT_NO_LEAK(usage);
}

/*
 * A device joins
 */

static void
narrowed(void)
{
	const struct addrspace_range all = { 0, UINT64_MAX }, below = { GIB(4), GIB(5) - 1 };
	struct iospace_stats stats;
	uint64_t iova, n;

	open_all(IOSPACE_PLACE_VA);
	CU_ASSERT_EQUAL(iospace_narrow(ios, &all), 0);
	CU_ASSERT_EQUAL(must_map(VA, MIB(2)), VA);
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), GIB(4)), 0);
	expect_refused(iospace_narrow(ios, &below), -EBUSY);
	fake.fail_info = (struct fake_fault){ 1, -EIO };
	CU_ASSERT_EQUAL(iospace_narrow(ios, &below), -EIO);
	expect_reachable(VA, MIB(2), VA);
	CU_ASSERT_EQUAL(iospace_unmap(ios, VA, MIB(2)), 0);
	CU_ASSERT_EQUAL(iospace_narrow(ios, &below), 0);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.first, GIB(4));
	CU_ASSERT_EQUAL(stats.usable.last, GIB(5) - 1);
	for (n = 0; n < 511; n++) {
		iova = must_map(VA + n * MIB(2), MIB(2));
		CU_ASSERT(iova >= GIB(4) + MIB(2) && iova <= GIB(5) - MIB(2));
	}
	CU_ASSERT_EQUAL(log_lines(), 0);
	expect_refused(map(VA, KIB(4), &iova), -ENOSPC);
	shut();
}

/* The backend's ranges shrink, as when a device with fewer address bits comes into a container. */
static void
narrowed_by_the_backend(void)
{
	const struct addrspace_range all = { 0, UINT64_MAX };
	uint64_t n;

	open_all(IOSPACE_PLACE_ALLOC);
	must_map(VA, MIB(2));
	fake.ranges[0] = (struct addrspace_range){ GIB(5), GIB(5) + MIB(4) - 1 };
	fake.ranges[1] = (struct addrspace_range){ MIB(1), GIB(4) + MIB(4) - 1 };
	CU_ASSERT_EQUAL(iospace_narrow(ios, &all), 0);
	for (n = 0; n < 3; n++)
		must_map(VA + MIB(2) + n * MIB(2), MIB(2));
	CU_ASSERT_EQUAL(log_lines(), 0);
	expect_refused(map(VA, KIB(4), &(uint64_t){ 0 }), -ENOSPC);
	shut();
}

static const struct test_case placement_cases[] = {
	{ "at the virtual address", at_the_virtual_address },
	{ "beside the virtual address", beside_the_virtual_address },
	{ "allocated", allocated },
	{ "window of 28 bits", window_of_28_bits },
	{ "narrow ones are apart", narrow_ones_are_apart },
	{ "window of 39 bits", window_of_39_bits },
	{ "window between 4 and 8 GiB", window_between },
	{ "window without ranges", window_without_ranges },
	{ "the hole is never given", hole_is_never_given },
	{ "zero is never given", zero_is_never_given },
	{ "fixed", fixed },
	{ "fixed outside", fixed_outside },
	{ "bad requests", bad_requests },
	{ "alignment", alignment },
	{ "alignment in 28 bits", alignment_in_28_bits },
	{ "unique in the process", unique_in_the_process },
	{ "window between is shared", window_between_is_shared },
	{ "a failed choice frees nothing", failed_choice_frees_nothing },
	{ "shared outlives its origin", shared_outlives_its_origin },
	{ "choice passes what is mapped", choice_passes_what_is_mapped },
	{ "last place is found", last_place_is_found },
	{ "granule of 64 KiB", granule_of_64_kib },
	{ "granule of 1 KiB", granule_of_1_kib },
	{ "identity", identity },
	{ "flat", flat },
	{ "narrowed", narrowed },
	{ "narrowed by the backend", narrowed_by_the_backend },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "iospace, placement", NULL, NULL, placement_cases },
	{ NULL, NULL, NULL, NULL },
};
