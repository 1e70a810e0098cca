/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * va_table against a list of ranges, and beside threads that change it. ACCELDEV_TEST_SEED sets the
 * seed of the random operations.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <lib/acceldev/va_table.h>

#include "harness.h"

#define PAGE    4096u
#define MIB(n)  ((uint64_t)(n) << 20)
#define GIB(n)  ((uint64_t)(n) << 30)
#define BASE    UINT64_C(0x7ffe00000000)
#define TOP     (UINT64_C(1) << 48)
#define VALUE(n) (UINT64_C(1) << 63 | (uint64_t)(n) << 12)
#define N_RANGES 24

/*
 * Memory that runs out: the program is linked with --wrap
 */

static unsigned int fail_in, nb_mmaps;

static bool
strikes(void)
{
	return fail_in != 0 && --fail_in == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void *__real_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);

void *
__wrap_calloc(size_t n, size_t size)
{
	return strikes() ? NULL : __real_calloc(n, size);
}

void *
__wrap_aligned_alloc(size_t align, size_t size)
{
	return strikes() ? NULL : __real_aligned_alloc(align, size);
}

void *
__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	if (strikes())
		return MAP_FAILED;
	nb_mmaps++;
	return __real_mmap64(addr, len, prot, flags, fd, off);
}

/*
 * The model
 */

static struct {
	uint64_t va, len; /* len 0: not there */
} ranges[N_RANGES];

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

static const void *
ptr(uint64_t va)
{
	return (const void *)(uintptr_t)va;
}

static bool
touches(unsigned int i, uint64_t va)
{
	return ranges[i].len != 0 && va / PAGE >= ranges[i].va / PAGE &&
			va / PAGE <= (ranges[i].va + ranges[i].len - 1) / PAGE;
}

static unsigned int
nb_layers(void)
{
	const struct va_layer *layer;
	unsigned int n = 0;

	for (layer = va_table_first(); layer != NULL; layer = va_table_next(layer))
		n++;
	return n;
}

/* Each range that touches the page is met once, and nothing else is. */
static void
check_at(uint64_t va)
{
	const struct va_layer *layer;
	uint64_t value, seen = 0;
	unsigned int i;

	for (layer = va_table_first(); layer != NULL; layer = va_table_next(layer)) {
		if (!va_table_get(layer, ptr(va), &value))
			continue;
		i = (unsigned int)((value & ~(UINT64_C(1) << 63)) >> 12);
		CHECK(i < N_RANGES && value == VALUE(i) && (seen & UINT64_C(1) << i) == 0);
		seen |= UINT64_C(1) << i;
	}
	for (i = 0; i < N_RANGES; i++)
		CHECK(touches(i, va) == ((seen & UINT64_C(1) << i) != 0));
}

static void
add(unsigned int i, uint64_t va, uint64_t len)
{
	CHECK(va_table_add(ptr(va), len, VALUE(i)) == 0);
	ranges[i].va = va;
	ranges[i].len = len;
}

static void
drop(unsigned int i)
{
	va_table_remove(ptr(ranges[i].va), ranges[i].len, VALUE(i));
	ranges[i].len = 0;
}

/* Of some pages or of some MiB; at times it begins or ends where one that is there does. */
static void
add_some(unsigned int i)
{
	uint64_t len = rnd(2) != 0 ? 1 + rnd(40 * PAGE) : 1 + rnd(MIB(9));
	uint64_t va = BASE + rnd(MIB(12));
	unsigned int other = rnd(N_RANGES);

	if (rnd(3) == 0)
		va &= ~(MIB(2) - 1);
	else if (ranges[other].len != 0 && rnd(2) == 0)
		va = ranges[other].va;
	else if (ranges[other].len != 0)
		va = ranges[other].va + ranges[other].len;
	add(i, va, len);
}

static void
check_edges(unsigned int i)
{
	check_at(ranges[i].va);
	check_at(ranges[i].va - 1);
	check_at(ranges[i].va + ranges[i].len - 1);
	check_at(ranges[i].va + ranges[i].len);
}

static void
random_operations(void)
{
	const char *env = getenv("ACCELDEV_TEST_SEED");
	unsigned int i, k;

	state = env != NULL ? strtoull(env, NULL, 0) | 1 : 1;
	printf("(seed %llu) ", (unsigned long long)state);
	for (k = 0; k < 20000; k++) {
		i = rnd(k / 2000 % 2 != 0 ? N_RANGES : 3);
		if (ranges[i].len != 0)
			drop(i);
		else
			add_some(i);
		check_edges(i);
		check_edges(rnd(N_RANGES));
		check_at(BASE + rnd(MIB(24)));
	}
	for (i = 0; i < N_RANGES; i++) {
		if (ranges[i].len != 0)
			drop(i);
	}
	CU_ASSERT_EQUAL(nb_layers(), 1);
	check_at(BASE + rnd(MIB(24)));
	CU_ASSERT_EQUAL(wrong, 0);
}

/*
 * Single cases
 */

/* First, since it sees the table without any layer. */
static void
empty(void)
{
	CU_ASSERT_PTR_NULL(va_table_first());
	va_table_remove(ptr(BASE), PAGE, VALUE(0));
	check_at(BASE);
}

static void
one_range(void)
{
	add(0, BASE + 100, 2 * PAGE);
	check_edges(0);
	check_at(BASE);
	check_at(BASE + 3 * PAGE - 1);
	check_at(BASE + 3 * PAGE);
	check_at(0);
	check_at(UINT64_MAX);
	/* Another's value, or another range. */
	va_table_remove(ptr(BASE + 100), 2 * PAGE, VALUE(1));
	check_at(BASE);
	drop(0);
	check_at(BASE);
	CU_ASSERT_EQUAL(nb_layers(), 1);
	CU_ASSERT_EQUAL(wrong, 0);
}

/* No more layers than there are ranges at one place; the lowest is used again. */
static void
layers(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		add(i, BASE, MIB(4));
		CU_ASSERT_EQUAL(nb_layers(), i + 1);
	}
	add(10, BASE + MIB(4), PAGE);
	CU_ASSERT_EQUAL(nb_layers(), 10);
	check_at(BASE);
	drop(3);
	CU_ASSERT_EQUAL(nb_layers(), 10);
	add(3, BASE + PAGE, PAGE);
	CU_ASSERT_EQUAL(nb_layers(), 10);
	check_at(BASE + PAGE);
	for (i = 9; i >= 5; i--) {
		drop(i);
		CU_ASSERT_EQUAL(nb_layers(), i);
	}
	drop(2);
	drop(3);
	CU_ASSERT_EQUAL(nb_layers(), 5);
	drop(4);
	CU_ASSERT_EQUAL(nb_layers(), 2);
	drop(0);
	drop(10);
	check_at(BASE + MIB(1));
	drop(1);
	CU_ASSERT_EQUAL(nb_layers(), 1);
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
ends_of_the_space(void)
{
	uint64_t value;

	add(0, TOP - MIB(2), MIB(2));
	add(1, 0, PAGE);
	check_edges(0);
	check_at(0);
	drop(0);
	drop(1);
	CU_ASSERT_EQUAL(va_table_add(ptr(TOP - PAGE), 2 * PAGE, VALUE(2)), 0);
	CU_ASSERT_EQUAL(va_table_add(ptr(-(uint64_t)PAGE), PAGE, VALUE(3)), 0);
	CU_ASSERT_FALSE(va_table_get(va_table_first(), ptr(TOP - PAGE), &value));
	CU_ASSERT_FALSE(va_table_get(va_table_first(), ptr(TOP), &value));
	va_table_remove(ptr(TOP - PAGE), 2 * PAGE, VALUE(2));
	va_table_remove(ptr(-(uint64_t)PAGE), PAGE, VALUE(3));
	check_at(TOP - PAGE);
	CU_ASSERT_EQUAL(wrong, 0);
}

/* Where there were no tables yet, below another range of the same memory. */
static void
no_memory(void)
{
	unsigned int nth, refused = 0;
	uint64_t va;
	int ret;

	for (nth = 1; nth < 20; nth++) {
		va = GIB(100 + 2 * nth);
		add(0, va, GIB(1));
		add(1, va, GIB(1));
		add(2, va, GIB(1));
		fail_in = nth;
		ret = va_table_add(ptr(va + MIB(1)), GIB(1), VALUE(3));
		CU_ASSERT(ret == (fail_in == 0 ? -ENOMEM : 0));
		fail_in = 0;
		refused += ret != 0;
		if (ret != 0) {
			check_at(va + MIB(1));
			CU_ASSERT_EQUAL(nb_layers(), 3);
			add(3, va + MIB(1), GIB(1));
		} else {
			ranges[3].va = va + MIB(1);
			ranges[3].len = GIB(1);
		}
		check_edges(3);
		for (unsigned int i = 0; i < 4; i++)
			drop(i);
	}
	CU_ASSERT(refused >= 5);
	CU_ASSERT_EQUAL(nb_mmaps, 4); /* a layer that is not used is kept */
	CU_ASSERT(refused < 18);
	CU_ASSERT_EQUAL(wrong, 0);
}

/*
 * A reader beside writers: a range that is there all the time is met, at each of its pages
 */

#define N_WALKS 20000 /* at least, for each round */

static bool finished;
static unsigned int walks; /* atomic */

static void *
read_fixed(void *arg)
{
	unsigned int *bad = arg;
	const struct va_layer *layer;
	uint64_t r = 12345, value;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		unsigned int met = 0;

		r = r * UINT64_C(6364136223846793005) + 1442695040888963407;
		for (layer = va_table_first(); layer != NULL; layer = va_table_next(layer))
			met += va_table_get(layer, ptr(BASE + (r >> 20) % MIB(5)), &value) &&
					value == VALUE(0);
		*bad += met != 1;
		__atomic_fetch_add(&walks, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void
reader_beside_writers(void)
{
	unsigned int i, round, bad = 0;
	pthread_t thread;

	state = 4711;
	for (round = 0; round < 40; round++) {
		/* In another layer each time. */
		for (i = 1; i <= round % 4; i++)
			add(i, BASE + MIB(round % 5), PAGE);
		add(0, BASE, MIB(5));
		__atomic_store_n(&finished, false, __ATOMIC_RELEASE);
		__atomic_store_n(&walks, 0, __ATOMIC_RELAXED);
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, read_fixed, &bad), 0);
		while (__atomic_load_n(&walks, __ATOMIC_RELAXED) < N_WALKS) {
			i = 1 + rnd(6);
			if (ranges[i].len != 0)
				drop(i);
			else
				add(i, BASE + rnd(MIB(5)), 1 + rnd(MIB(1) << rnd(3)));
		}
		__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		for (i = 0; i < 7; i++) {
			if (ranges[i].len != 0)
				drop(i);
		}
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(wrong, 0);
}

static const struct test_case cases[] = {
	{ "empty", empty },
	{ "one range", one_range },
	{ "no memory", no_memory },
	{ "layers", layers },
	{ "ends of the space", ends_of_the_space },
	{ "random operations", random_operations },
	{ "reader beside writers", reader_beside_writers },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "va table", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
