/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iomap against an array of pages. ACCELDEV_TEST_SEED sets the seed of the random operations.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <eal_glue/iomap.h>

#include "harness.h"

#define KIB(n)  ((uint64_t)(n) << 10)
#define MIB(n)  ((uint64_t)(n) << 20)
#define GIB(n)  ((uint64_t)(n) << 30)
#define TOP     (UINT64_C(1) << IOMAP_KEY_BITS)
#define GRANULE MIB(2)
#define RW      (IOMAP_READ | IOMAP_WRITE)

#define N_OPS  100000
#define N_SETS 64

/*
 * Memory that runs out: the program is linked with --wrap
 */

static unsigned int fail_in;
static bool mmap_fails;

void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void *__real_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);

void *
__wrap_aligned_alloc(size_t align, size_t size)
{
	return fail_in != 0 && --fail_in == 0 ? NULL : __real_aligned_alloc(align, size);
}

void *
__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return mmap_fails ? MAP_FAILED : __real_mmap64(addr, len, prot, flags, fd, off);
}

/*
 * The model: for each page of an arena what an entry holds, 0 for none
 */

struct arena {
	uint64_t base;
	uint64_t pages;
	uint64_t *value; /* distance | access */
};

struct set {
	struct arena *arena;
	uint64_t page, n, delta;
};

static struct iomap map;
static struct arena arenas[] = {
	{ 0, 2048, NULL },
	{ GIB(1) - MIB(4), 2048, NULL },
	{ 0x2aaaaaa00000 - GIB(2), GIB(4) / 4096, NULL },
	{ TOP / 2 - MIB(6), 4096, NULL },
	{ TOP - MIB(8), 2048, NULL },
};
#define N_ARENAS (sizeof(arenas) / sizeof(arenas[0]))

static struct set sets[N_SETS];
static unsigned int nb_sets;
static unsigned int wrong; /* CUnit asserts are slow */
static uint64_t state;

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what) && wrong++ < 10)                                                       \
			CU_FAIL(#what);                                                            \
	} while (0)

static uint64_t
rnd(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static struct arena *
arena_rnd(void)
{
	return &arenas[rnd(N_ARENAS)];
}

/* As likely around 2 pages as around 2^20; on one of three it begins or ends with a granule. */
static void
range_rnd(const struct arena *a, uint64_t *page, uint64_t *n)
{
	uint64_t most = UINT64_C(1) << rnd(64 - __builtin_clzll(a->pages));

	*n = 1 + rnd(most);
	*page = rnd(a->pages - *n + 1);
	switch (rnd(3)) {
	case 0:
		*page &= ~UINT64_C(511);
		break;
	case 1:
		if (*n > 512 && ((*page + *n) & ~UINT64_C(511)) > *page)
			*n = ((*page + *n) & ~UINT64_C(511)) - *page;
		break;
	}
}

static uint64_t
delta_rnd(void)
{
	/* Few, so that neighbours have one distance at times; of both signs, and 0. */
	static const uint64_t some[] = {
		0, KIB(4), GIB(5), UINT64_MAX << 12, UINT64_MAX << 47, UINT64_C(1) << 63, MIB(2),
	};

	return some[rnd(sizeof(some) / sizeof(some[0]))];
}

static void
set_some(void)
{
	struct arena *a = arena_rnd();
	uint64_t page, n, i, delta = delta_rnd();
	unsigned int access = 1 + rnd(3);
	bool alias = false;

	range_rnd(a, &page, &n);
	CHECK(iomap_prepare(&map, a->base + page * 4096, n * 4096) == 0);
	for (i = page; i < page + n; i++) {
		if (a->value[i] != 0)
			alias = true;
		else
			a->value[i] = delta | access;
	}
	CHECK(iomap_set(&map, a->base + page * 4096, n * 4096, delta, access) == alias);
	sets[nb_sets++ % N_SETS] = (struct set){ a, page, n, delta };
}

static void
clear(struct arena *a, uint64_t page, uint64_t n, uint64_t delta)
{
	uint64_t i;

	for (i = page; i < page + n; i++) {
		if (a->value[i] != 0 && (a->value[i] & ~UINT64_C(4095)) == delta)
			a->value[i] = 0;
	}
	iomap_clear(&map, a->base + page * 4096, n * 4096, delta);
}

/* What was set, as it was set. */
static void
clear_a_set(void)
{
	const struct set *s = &sets[rnd(N_SETS)];

	if (s->arena != NULL)
		clear(s->arena, s->page, s->n, s->delta);
}

/* Anything; prepared, because entries are cleared whole. */
static void
clear_some(void)
{
	struct arena *a = arena_rnd();
	uint64_t page, n;

	range_rnd(a, &page, &n);
	CHECK(iomap_prepare(&map, a->base + page * 4096, n * 4096) == 0);
	clear(a, page, n, delta_rnd());
}

/* The results that are right: one error may hide behind another. */
static bool
lookup_right(const struct arena *a, uint64_t key, uint64_t len, unsigned int access, int ret,
		uint64_t delta)
{
	uint64_t i = (key - a->base) / 4096, last = (key - a->base + len - 1) / 4096;
	uint64_t want = i < a->pages ? a->value[i] & ~UINT64_C(4095) : 0;
	bool fault = false, denied = false;

	for (; i <= last && !fault; i++) {
		uint64_t value = i < a->pages ? a->value[i] : 0;

		if (value == 0 || (value & ~UINT64_C(4095)) != want)
			fault = true;
		else if ((value & access) != access)
			denied = true;
	}
	if (fault || denied)
		return (fault && ret == -EFAULT) || (denied && ret == -EACCES);
	return ret == 0 && delta == want;
}

static void
lookup_some(void)
{
	const struct arena *a = arena_rnd();
	uint64_t page, n, key, len, delta = 0x5a5a;
	unsigned int access = rnd(4);
	int ret;

	range_rnd(a, &page, &n);
	if (rnd(8) != 0 && n > 8)
		n = 1 + rnd(8);
	key = a->base + page * 4096 + rnd(4096);
	len = 1 + rnd(n * 4096);
	if (rnd(8) == 0) { /* to the last byte of a page, and over it */
		key = a->base + page * 4096;
		len = n * 4096 + rnd(2);
	}
	ret = iomap_lookup(&map, key, len, access, &delta);
	CHECK(lookup_right(a, key, len, access, ret, delta));
	CHECK(ret == 0 || delta == 0x5a5a);
}

/* Pages of one value from a page on, up to most, in a direction. */
static uint64_t
alike(const struct arena *a, uint64_t page, uint64_t most, int step)
{
	uint64_t n = 0, i = page + step;

	for (; n < most && i < a->pages && a->value[i] == a->value[page]; i += step)
		n++;
	return n;
}

/* A run is right, and ends early only when it is long. */
static void
check_run(const struct arena *a, uint64_t page, const struct iomap_run *run)
{
	uint64_t first = (run->first - a->base) / 4096, n = run->len / 4096;

	CHECK(run->first >= a->base && first <= page && page < first + n);
	CHECK(first + n <= a->pages && (run->first & 4095) == 0 && (run->len & 4095) == 0);
	CHECK((run->delta | run->access) == a->value[page]);
	CHECK(run->access != 0);
	if (wrong != 0)
		return;
	CHECK(alike(a, page, page - first, -1) == page - first);
	CHECK(alike(a, page, first + n - 1 - page, 1) == first + n - 1 - page);
	CHECK(page - first >= 32 || alike(a, page, 33, -1) == page - first);
	CHECK(first + n - 1 - page >= 32 || alike(a, page, 33, 1) == first + n - 1 - page);
}

static void
run_some(void)
{
	const struct arena *a = arena_rnd();
	uint64_t page = rnd(a->pages);
	struct iomap_run run;
	int ret = iomap_run(&map, a->base + page * 4096 + rnd(4096), &run);

	CHECK(ret == (a->value[page] != 0 ? 0 : -EFAULT));
	if (ret == 0)
		check_run(a, page, &run);
}

static void
outside(void)
{
	uint64_t delta = 0x5a5a;
	struct iomap_run run;

	CHECK(iomap_lookup(&map, GIB(7) + rnd(GIB(500)), 1, 0, &delta) == -EFAULT);
	CHECK(iomap_lookup(&map, TOP + rnd(UINT64_MAX - TOP), 1, 0, &delta) == -EFAULT);
	CHECK(iomap_lookup(&map, TOP - 1, 2, 0, &delta) == -EFAULT);
	CHECK(iomap_run(&map, TOP + rnd(UINT64_MAX - TOP), &run) == -EFAULT);
	CHECK(delta == 0x5a5a);
}

static void
check_all_pages(void)
{
	uint64_t i, j, delta;
	int ret;

	for (i = 0; i < N_ARENAS; i++) {
		for (j = 0; j < arenas[i].pages; j++) {
			ret = iomap_lookup(&map, arenas[i].base + j * 4096, 4096, 0, &delta);
			CHECK(ret == (arenas[i].value[j] != 0 ? 0 : -EFAULT));
			CHECK(ret != 0 || delta == (arenas[i].value[j] & ~UINT64_C(4095)));
		}
	}
}

static void
one_op(void)
{
	switch (rnd(16)) {
	case 0:
	case 1:
		set_some();
		break;
	case 2:
		clear_a_set();
		break;
	case 3:
		clear_some();
		break;
	case 4:
		outside();
		break;
	case 5:
	case 6:
	case 7:
		run_some();
		break;
	default:
		lookup_some();
	}
}

static void
begin(void)
{
	const char *env = getenv("ACCELDEV_TEST_SEED");
	unsigned int i;

	state = env != NULL ? strtoull(env, NULL, 0) : 20240229;
	printf("(seed %llu) ", (unsigned long long)state);
	state = (state + 1) * UINT64_C(0x9e3779b97f4a7c15);
	wrong = nb_sets = 0;
	memset(sets, 0, sizeof(sets));
	for (i = 0; i < N_ARENAS; i++) {
		arenas[i].value = calloc(arenas[i].pages, sizeof(*arenas[i].value));
		CU_ASSERT_PTR_NOT_NULL_FATAL(arenas[i].value);
	}
	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
}

static void
end(void)
{
	unsigned int i;

	iomap_fini(&map);
	for (i = 0; i < N_ARENAS; i++)
		free(arenas[i].value);
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
random_operations(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < N_OPS && wrong == 0; i++) {
		one_op();
		if (i % (N_OPS / 8) == 0)
			check_all_pages();
	}
	check_all_pages();
	end();
}

/* Tables that cannot be made change nothing that is looked up, however far the work got. */
static void
random_lack_of_memory(void)
{
	unsigned int i, failures = 0;

	begin();
	for (i = 0; i < 2000 && wrong == 0; i++) {
		struct arena *a = arena_rnd();
		uint64_t page, n;
		int ret;

		range_rnd(a, &page, &n);
		fail_in = 1 + rnd(3);
		ret = iomap_prepare(&map, a->base + page * 4096, n * 4096);
		CHECK(ret == 0 || ret == -ENOMEM);
		failures += ret != 0;
		fail_in = 0;
		one_op();
		if (i % 250 == 0)
			check_all_pages();
	}
	CU_ASSERT(failures > 20);
	check_all_pages();
	end();
}

/*
 * By hand
 */

static void
expect(uint64_t key, uint64_t len, unsigned int access, int ret, uint64_t want)
{
	uint64_t delta = 0x5a5a;

	CU_ASSERT_EQUAL(iomap_lookup(&map, key, len, access, &delta), ret);
	CU_ASSERT_EQUAL(delta, ret == 0 ? want : 0x5a5a);
}

static bool
set(uint64_t key, uint64_t len, uint64_t delta, unsigned int access)
{
	CU_ASSERT_EQUAL(iomap_prepare(&map, key, len), 0);
	return iomap_set(&map, key, len, delta, access);
}

static void
empty(void)
{
	struct iomap_run run;

	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	expect(0, 1, 0, -EFAULT, 0);
	expect(TOP - 1, 1, 0, -EFAULT, 0);
	expect(TOP, 1, 0, -EFAULT, 0);
	expect(UINT64_MAX, 1, 0, -EFAULT, 0);
	CU_ASSERT_EQUAL(iomap_run(&map, 0, &run), -EFAULT);
	iomap_fini(&map);
	iomap_fini(&map);
}

/* Pages of a granule that was one entry: the rest of it stays. */
static void
split(void)
{
	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	CU_ASSERT_FALSE(set(GRANULE, GRANULE, GIB(1), RW));
	expect(GRANULE, GRANULE, RW, 0, GIB(1));
	CU_ASSERT_TRUE(set(GRANULE + KIB(8), KIB(4), GIB(2), IOMAP_READ));
	expect(GRANULE, GRANULE, RW, 0, GIB(1));
	iomap_clear(&map, GRANULE + KIB(8), KIB(4), GIB(2));
	expect(GRANULE, GRANULE, RW, 0, GIB(1));
	iomap_clear(&map, GRANULE + KIB(8), KIB(4), GIB(1));
	expect(GRANULE, KIB(8), RW, 0, GIB(1));
	expect(GRANULE + KIB(8), 1, 0, -EFAULT, 0);
	expect(GRANULE + KIB(12), GRANULE - KIB(12), RW, 0, GIB(1));
	CU_ASSERT_FALSE(set(GRANULE + KIB(8), KIB(4), GIB(2), IOMAP_READ));
	expect(GRANULE, GRANULE, 0, -EFAULT, 0);
	expect(GRANULE + KIB(8), KIB(4), IOMAP_READ, 0, GIB(2));
	expect(GRANULE + KIB(8), KIB(4), IOMAP_WRITE, -EACCES, 0);
	/* One that covers all, below what is there. */
	CU_ASSERT_TRUE(set(0, 3 * GRANULE, GIB(3), RW));
	expect(0, GRANULE, RW, 0, GIB(3));
	expect(GRANULE, KIB(8), RW, 0, GIB(1));
	iomap_clear(&map, 0, 3 * GRANULE, GIB(3));
	expect(GRANULE, KIB(8), RW, 0, GIB(1));
	expect(0, 1, 0, -EFAULT, 0);
	expect(2 * GRANULE, 1, 0, -EFAULT, 0);
	iomap_fini(&map);
}

/* A distance of 0 is an entry like others, and access tells it from none. */
static void
distance_of_zero(void)
{
	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	CU_ASSERT_FALSE(set(0, GRANULE + KIB(4), 0, IOMAP_WRITE));
	CU_ASSERT_TRUE(set(0, KIB(4), 0, IOMAP_WRITE));
	expect(0, GRANULE + KIB(4), IOMAP_WRITE, 0, 0);
	expect(0, 1, IOMAP_READ, -EACCES, 0);
	iomap_clear(&map, 0, GRANULE, 0);
	expect(0, 1, 0, -EFAULT, 0);
	expect(GRANULE, KIB(4), 0, 0, 0);
	iomap_fini(&map);
}

static void
several_gib(void)
{
	struct iomap_run run;
	uint64_t base = TOP - GIB(9);

	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	CU_ASSERT_FALSE(set(base - KIB(4), GIB(9) + KIB(4), UINT64_MAX << 21, RW));
	expect(base - KIB(4), GIB(9) + KIB(4), RW, 0, UINT64_MAX << 21);
	expect(base - KIB(4) - 1, 2, RW, -EFAULT, 0);
	expect(base, GIB(9) + 1, RW, -EFAULT, 0);
	CU_ASSERT_EQUAL(iomap_run(&map, base + GIB(4), &run), 0);
	CU_ASSERT(run.first <= base + GIB(4) - MIB(100) && run.len >= MIB(200));
	CU_ASSERT_EQUAL(iomap_run(&map, TOP - 1, &run), 0);
	CU_ASSERT_EQUAL(run.first + run.len, TOP);
	CU_ASSERT_EQUAL(iomap_run(&map, base - 1, &run), 0);
	CU_ASSERT_EQUAL(run.first, base - KIB(4));
	iomap_clear(&map, base - KIB(4), GIB(9) + KIB(4), UINT64_MAX << 21);
	expect(base, 1, 0, -EFAULT, 0);
	expect(TOP - 1, 1, 0, -EFAULT, 0);
	iomap_fini(&map);
}

/* Runs end where the access changes, though the distance does not. */
static void
runs(void)
{
	struct iomap_run run;

	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	set(0, KIB(8), GIB(1), RW);
	set(KIB(8), KIB(4), GIB(1), IOMAP_READ);
	set(KIB(12), KIB(4), GIB(1), RW);
	CU_ASSERT_EQUAL(iomap_run(&map, 0, &run), 0);
	CU_ASSERT_EQUAL(run.first, 0);
	CU_ASSERT_EQUAL(run.len, KIB(8));
	CU_ASSERT_EQUAL(iomap_run(&map, KIB(8) + 1, &run), 0);
	CU_ASSERT_EQUAL(run.first, KIB(8));
	CU_ASSERT_EQUAL(run.len, KIB(4));
	CU_ASSERT_EQUAL(run.access, IOMAP_READ);
	/* From a granule of pages into one that is a single entry, and back. */
	set(GRANULE - KIB(4), GRANULE + KIB(8), GIB(1), RW);
	CU_ASSERT_EQUAL(iomap_run(&map, GRANULE - KIB(4), &run), 0);
	CU_ASSERT_EQUAL(run.first, GRANULE - KIB(4));
	CU_ASSERT_EQUAL(run.len, GRANULE + KIB(8));
	CU_ASSERT_EQUAL(iomap_run(&map, 2 * GRANULE, &run), 0);
	CU_ASSERT_EQUAL(run.first, GRANULE - KIB(4));
	CU_ASSERT_EQUAL(run.len, GRANULE + KIB(8));
	iomap_fini(&map);
}

static void
no_memory(void)
{
	struct test_usage before = test_usage_get();
	size_t heap = mallinfo2().uordblks;
	unsigned int nth;
	int ret;

	mmap_fails = true;
	CU_ASSERT_EQUAL(iomap_init(&map), -ENOMEM);
	mmap_fails = false;
	CU_ASSERT_EQUAL_FATAL(iomap_init(&map), 0);
	set(GRANULE, GRANULE, GIB(1), RW);
	/* Needs tables of pages at both ends and one of granules; what was made is used. */
	for (nth = 1, ret = -ENOMEM; ret != 0 && nth < 10; nth++) {
		fail_in = 1;
		ret = iomap_prepare(&map, GRANULE + KIB(4), GIB(1));
		CU_ASSERT_EQUAL(ret, fail_in == 0 ? -ENOMEM : 0);
		fail_in = 0;
		expect(GRANULE, GRANULE, RW, 0, GIB(1));
		expect(2 * GRANULE, 1, 0, -EFAULT, 0);
		expect(GIB(1) + GRANULE, 1, 0, -EFAULT, 0);
		if (ret != 0) {
			fail_in = 2;
			CU_ASSERT_EQUAL(iomap_prepare(&map, GRANULE + KIB(4), GIB(1)),
					fail_in == 0 ? -ENOMEM : 0);
			fail_in = 0;
		}
	}
	CU_ASSERT_EQUAL(ret, 0);
	CU_ASSERT_TRUE(iomap_set(&map, GRANULE + KIB(4), GIB(1), GIB(2), RW));
	expect(GRANULE, GRANULE, RW, 0, GIB(1));
	expect(2 * GRANULE, GIB(1) - GRANULE + KIB(4), RW, 0, GIB(2));
	iomap_fini(&map);
	CU_ASSERT_EQUAL(mallinfo2().uordblks, heap);
	TEST_ASSERT_NO_LEAK(before);
}

static const struct test_case cases[] = {
	{ "empty", empty },
	{ "split", split },
	{ "distance of zero", distance_of_zero },
	{ "several GiB", several_gib },
	{ "runs", runs },
	{ "no memory", no_memory },
	{ "random operations", random_operations },
	{ "random lack of memory", random_lack_of_memory },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "iomap", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
