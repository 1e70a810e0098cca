/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * start_map against an array of units, and beside threads that change it. ACCELDEV_TEST_SEED sets
 * the seed of the random operations.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <lib/acceldev/start_map.h>

#include "harness.h"

#define KIB(n) ((size_t)(n) << 10)
#define MIB(n) ((size_t)(n) << 20)
#define GIB(n) ((size_t)(n) << 30)
#define BASE   ((uintptr_t)0x7f1234567000)

/*
 * Memory that runs out: the program is linked with --wrap
 */

static unsigned int nb_mmaps, fail_in;

void *__real_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);

void *
__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	__atomic_fetch_add(&nb_mmaps, 1, __ATOMIC_RELAXED);
	if (fail_in != 0 && --fail_in == 0)
		return MAP_FAILED;
	return __real_mmap64(addr, len, prot, flags, fd, off);
}

/*
 * The model: for each unit the number of the buffer that begins there, and 1; 0 for none
 */

struct block {
	struct start_map *map;
	size_t units, unit;
	uint32_t *model;
};

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
address(const struct block *b, size_t at, size_t off)
{
	return (const void *)(BASE + at * b->unit + off);
}

static void
begin(struct block *b, size_t units, size_t unit)
{
	b->units = units;
	b->unit = unit;
	b->model = calloc(units, sizeof(*b->model));
	b->map = start_map_create((const void *)BASE, units * unit, unit);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->model);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->map);
	CU_ASSERT_EQUAL((uintptr_t)b->map % 4096, 0);
}

static void
end(struct block *b)
{
	start_map_destroy(b->map);
	free(b->model);
}

static void
toggle(struct block *b, size_t at)
{
	if (b->model[at] != 0) {
		start_map_clear(b->map, address(b, at, 0));
		b->model[at] = 0;
	} else {
		b->model[at] = (uint32_t)rnd(UINT32_MAX) + 1;
		CHECK(start_map_set(b->map, address(b, at, 0), b->model[at] - 1) == 0);
	}
}

static void
check_at(const struct block *b, size_t at)
{
	uint32_t number = 0;
	size_t before = at;
	bool found = start_map_find(b->map, address(b, at, rnd(b->unit)), &number);

	while (before > 0 && b->model[before] == 0)
		before--;
	CHECK(found == (b->model[before] != 0));
	CHECK(!found || number == b->model[before] - 1);
}

static void
check_all(const struct block *b)
{
	bool found = false, has = false;
	uint32_t number = 0, last = 0;
	size_t at;

	for (at = 0; at < b->units; at++) {
		if (b->model[at] != 0) {
			last = b->model[at] - 1;
			has = true;
		}
		found = start_map_find(b->map, address(b, at, b->unit - 1), &number);
		CHECK(found == has && (!found || number == last));
	}
}

/* As likely few starts in one word as few in all of the block; it is filled and emptied in turn. */
static void
play(struct block *b, unsigned int nb_ops)
{
	size_t around = 0, width = b->units;
	unsigned int i;

	for (i = 0; i < nb_ops; i++) {
		if (i % 64 == 0) {
			width = (size_t)1 << rnd(1 + 63 - __builtin_clzll(b->units));
			around = rnd(b->units - width + 1);
		}
		toggle(b, around + rnd(width));
		check_at(b, rnd(b->units));
		check_at(b, around + rnd(width));
	}
	check_all(b);
}

static const struct {
	size_t units, unit;
} shapes[] = {
	{ 1, 4096 }, { 2, 4096 }, { 63, 64 }, { 64, 64 }, { 65, 64 }, { 4095, 64 }, { 4096, 64 },
	{ 4097, 4096 }, { 5000, 1 }, { 64 * 4096, 64 }, { 64 * 4096 + 1, MIB(2) },
};
#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void
random_operations(void)
{
	const char *env = getenv("ACCELDEV_TEST_SEED");
	struct block b;
	unsigned int round, i;
	size_t at;

	state = env != NULL ? strtoull(env, NULL, 0) | 1 : 1;
	printf("(seed %llu) ", (unsigned long long)state);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < N_SHAPES; i++) {
			begin(&b, shapes[i].units, shapes[i].unit);
			check_at(&b, shapes[i].units - 1);
			play(&b, 10000);
			for (at = 0; round == 1 && at < b.units; at++) {
				if (b.model[at] != 0)
					toggle(&b, at);
			}
			check_all(&b);
			end(&b);
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/*
 * Single cases
 */

static void
outside(void)
{
	uint32_t number = 77;
	struct block b;

	begin(&b, 128, 64);
	CU_ASSERT_EQUAL(start_map_set(b.map, (const void *)BASE, 5), 0);
	CU_ASSERT_EQUAL(start_map_set(b.map, (const void *)(BASE + 64), 6), 0);
	CU_ASSERT_FALSE(start_map_find(b.map, (const void *)(BASE - 1), &number));
	CU_ASSERT_FALSE(start_map_find(b.map, (const void *)(BASE + KIB(8)), &number));
	CU_ASSERT_FALSE(start_map_find(b.map, NULL, &number));
	CU_ASSERT_FALSE(start_map_find(b.map, (const void *)UINTPTR_MAX, &number));
	CU_ASSERT_EQUAL(number, 77);
	CU_ASSERT_TRUE(start_map_find(b.map, (const void *)(BASE + 63), &number));
	CU_ASSERT_EQUAL(number, 5);
	CU_ASSERT_TRUE(start_map_find(b.map, (const void *)(BASE + KIB(8) - 1), &number));
	CU_ASSERT_EQUAL(number, 6);
	end(&b);
}

/* Of each word all but the first bit; the start that is found lies a word of each level before. */
static void
far_before(void)
{
	static const size_t units[] = { 63, 64 * 64 - 1, 64 * 4096 - 1, 64 * 4096 * 64 - 1 };
	uint32_t number = 0;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct start_map *map = start_map_create((const void *)BASE, GIB(1), 64);

		CU_ASSERT_PTR_NOT_NULL_FATAL(map);
		CU_ASSERT_FALSE(start_map_find(map, (const void *)(BASE + units[i] * 64), &number));
		CU_ASSERT_EQUAL(start_map_set(map, (const void *)BASE, i), 0);
		CU_ASSERT_TRUE(start_map_find(map, (const void *)(BASE + units[i] * 64), &number));
		CU_ASSERT_EQUAL(number, i);
		start_map_destroy(map);
	}
}

/* Maps of one size, whose memory is kept when they are destroyed at once. */
static void
all_memory_is_used_again(void)
{
	struct start_map *maps[8];
	unsigned int i, round, mmaps = 0;

	for (round = 0; round < 4; round++) {
		for (i = 0; i < 8; i++) {
			maps[i] = start_map_create((const void *)(BASE + MIB(i)), MIB(1), 64);
			CU_ASSERT_PTR_NOT_NULL_FATAL(maps[i]);
		}
		if (round == 0)
			mmaps = nb_mmaps;
		for (i = 0; i < 8; i++)
			start_map_destroy(maps[i]);
	}
	CU_ASSERT_EQUAL(nb_mmaps, mmaps);
}

/* What a destroyed map had is not in the next; its memory and its leaves are used again. */
static void
memory_is_used_again(void)
{
	struct start_map *first = NULL, *map;
	unsigned int i, mmaps = 0;
	uint32_t number;
	size_t at;

	for (i = 0; i < 100; i++) {
		map = start_map_create((const void *)(BASE + i * KIB(4)), MIB(32) - i,
				i % 2 ? 64 : 65536);
		CU_ASSERT_PTR_NOT_NULL_FATAL(map);
		CU_ASSERT_FALSE(start_map_find(map, (const void *)(BASE + MIB(16)), &number));
		for (at = 0; at < 500; at++)
			CU_ASSERT_EQUAL(start_map_set(map, (const void *)(BASE + i * KIB(4) +
					(i % 2 == 0 ? at * KIB(64) :
					at / 2 * KIB(8) + at % 2 * 64)), 1), 0);
		if (i == 0)
			first = map;
		if (i == 1)
			mmaps = nb_mmaps;
		CU_ASSERT(i < 2 || i % 2 != 0 || map == first);
		start_map_destroy(map);
	}
	CU_ASSERT_EQUAL(nb_mmaps, mmaps);
}

static void
no_memory(void)
{
	struct start_map *map;
	unsigned int refused = 0;
	uint32_t number;
	size_t at;

	fail_in = 1;
	CU_ASSERT_PTR_NULL(start_map_create((const void *)BASE, GIB(4), 64));
	CU_ASSERT_PTR_NULL(start_map_create((const void *)BASE, SIZE_MAX, 1));
	fail_in = 0;
	map = start_map_create((const void *)BASE, GIB(4), 64);
	CU_ASSERT_PTR_NOT_NULL_FATAL(map);
	fail_in = 1;
	/* The second in each group needs a leaf, and at some time there is none. */
	for (at = 0; at < GIB(4) && refused == 0; at += KIB(4)) {
		CU_ASSERT_EQUAL(start_map_set(map, (const void *)(BASE + at), 1), 0);
		if (start_map_set(map, (const void *)(BASE + at + 640), 2) != 0)
			refused++;
		CU_ASSERT_TRUE(start_map_find(map, (const void *)(BASE + at + 640), &number));
		CU_ASSERT_EQUAL(number, refused == 0 ? 2 : 1);
	}
	CU_ASSERT_EQUAL(refused, 1);
	CU_ASSERT_EQUAL(fail_in, 0);
	CU_ASSERT_EQUAL(start_map_set(map, (const void *)(BASE + at - KIB(4) + 640), 2), 0);
	start_map_destroy(map);
}

/*
 * A reader beside writers: it is right about what is there all the time
 */

#define N_FIXED 4

static struct start_map *shared; /* atomic */
#define N_BATCHES 20 /* of a thousand searches, at least, for each round */

static bool finished;
static unsigned int batches; /* atomic */
static size_t fixed[N_FIXED], fixed_end[N_FIXED];

static void *
read_fixed(void *arg)
{
	unsigned int *bad = arg;
	uint64_t r = 12345;
	uint32_t number;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		unsigned int i, k;

		for (k = 0; k < 1000; k++) {
			r = r * UINT64_C(6364136223846793005) + 1442695040888963407;
			i = r >> 62;
			number = 0;
			if (!start_map_find(shared, (const void *)(BASE + fixed[i] + (r >> 20) %
					(fixed_end[i] - fixed[i])), &number) || number != 1000 + i)
				(*bad)++;
			/* Anything may be found, or nothing. */
			start_map_find(shared, (const void *)(BASE + (r >> 20) % GIB(1)), &number);
		}
		__atomic_fetch_add(&batches, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Units next to the fixed buffers, in their words, and in words that share a word above. */
static size_t
place_near(unsigned int i)
{
	static const size_t steps[] = { 64, 64, KIB(4), KIB(256), MIB(16) };
	size_t step = steps[rnd(5)] * (1 + rnd(4));

	if (rnd(2) == 0)
		return fixed_end[i] + step - 64;
	return fixed[i] >= step ? fixed[i] - step : fixed_end[i];
}

static bool
is_free(size_t at)
{
	unsigned int i;

	for (i = 0; i < N_FIXED; i++) {
		if (at >= fixed[i] && at < fixed_end[i])
			return false;
	}
	return at < GIB(1);
}

static void
write_near(void)
{
	size_t at[16];
	unsigned int i, k, n;

	while (__atomic_load_n(&batches, __ATOMIC_RELAXED) < N_BATCHES) {
		for (n = 0; n < 16;) {
			at[n] = place_near((unsigned int)rnd(N_FIXED)) & ~(size_t)63;
			for (k = 0; k < n && at[k] != at[n]; k++)
				;
			if (k == n && is_free(at[n]))
				n++;
		}
		for (i = 0; i < n; i++)
			CHECK(start_map_set(shared, (const void *)(BASE + at[i]), i) == 0);
		for (i = 0; i < n; i++)
			start_map_clear(shared, (const void *)(BASE + at[i]));
	}
}

static void
reader_beside_writers(void)
{
	unsigned int i, bad = 0, round;
	pthread_t thread;

	state = 4711;
	wrong = 0;
	/* Within a word, over words of a group, of the level above, and of the one above that. */
	fixed[0] = 64 * 70, fixed_end[0] = fixed[0] + 64 * 3;
	fixed[1] = KIB(4) * 70 + 640, fixed_end[1] = fixed[1] + KIB(9);
	fixed[2] = MIB(16) + KIB(200), fixed_end[2] = fixed[2] + MIB(1);
	fixed[3] = MIB(100) + 64, fixed_end[3] = fixed[3] + MIB(400);
	shared = start_map_create((const void *)BASE, GIB(1), 64);
	CU_ASSERT_PTR_NOT_NULL_FATAL(shared);
	for (round = 0; round < 50; round++) {
		for (i = 0; i < N_FIXED; i++)
			CHECK(start_map_set(shared, (const void *)(BASE + fixed[i]),
					1000 + i) == 0);
		__atomic_store_n(&finished, false, __ATOMIC_RELEASE);
		__atomic_store_n(&batches, 0, __ATOMIC_RELAXED);
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, read_fixed, &bad), 0);
		write_near();
		__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		for (i = 0; i < N_FIXED; i++)
			start_map_clear(shared, (const void *)(BASE + fixed[i]));
	}
	start_map_destroy(shared);
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(wrong, 0);
}

/* Maps come and go under a reader who has one of them. */
static void *
read_stale(void *arg)
{
	const struct start_map *map = arg;
	uint64_t r = 99;
	uint32_t number;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		r = r * UINT64_C(6364136223846793005) + 1442695040888963407;
		start_map_find(map, (const void *)(BASE + (r >> 20) % MIB(128)), &number);
	}
	return NULL;
}

static void
reader_of_a_map_that_went(void)
{
	struct start_map *map = start_map_create((const void *)BASE, MIB(64), 64);
	pthread_t thread;
	unsigned int i;
	size_t at;

	CU_ASSERT_PTR_NOT_NULL_FATAL(map);
	finished = false;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, read_stale, map), 0);
	for (i = 0; i < 2000; i++) {
		struct start_map *next;

		start_map_destroy(map);
		next = start_map_create((const void *)(BASE + i % 16 * MIB(4)),
				MIB(64) << i % 2 * 3, 64 << i % 2 * 3);
		CU_ASSERT_PTR_EQUAL(next, map);
		for (at = 0; at < 64; at++)
			CHECK(start_map_set(next, (const void *)(BASE + i % 16 * MIB(4) +
					at * (KIB(5) / 512 * 512)), 1) == 0);
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	start_map_destroy(map);
	CU_ASSERT_EQUAL(wrong, 0);
}

static const struct test_case cases[] = {
	{ "outside", outside },
	{ "far before", far_before },
	{ "memory is used again", memory_is_used_again },
	{ "all memory is used again", all_memory_is_used_again },
	{ "no memory", no_memory },
	{ "random operations", random_operations },
	{ "reader beside writers", reader_beside_writers },
	{ "reader of a map that went", reader_of_a_map_that_went },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "start map", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
