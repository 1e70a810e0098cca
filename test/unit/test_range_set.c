/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Sets of ranges beside a model that has one flag for each number. The program makes realloc()
 * fail.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "lib/acceldev/range_set.h"

#define N 256u /* numbers of the model */

void *__real_realloc(void *mem, size_t size);
void *__wrap_realloc(void *mem, size_t size);

static bool no_memory;
static struct range_set set;
static bool model[N];

void *
__wrap_realloc(void *mem, size_t size)
{
	return no_memory ? NULL : __real_realloc(mem, size);
}

static void
begin(void)
{
	memset(&set, 0, sizeof(set));
	memset(model, 0, sizeof(model));
	no_memory = false;
}

static void
end(void)
{
	range_set_fini(&set);
	CU_ASSERT_PTR_NULL(set.ranges);
	CU_ASSERT_EQUAL(set.n, 0);
	CU_ASSERT_EQUAL(set.room, 0);
}

/* Sorted, and neither empty nor touching; the numbers are those of the model. */
static void
expect_model(void)
{
	bool has[N] = { false };
	size_t i, last = 0;

	CU_ASSERT_FATAL(set.n <= set.room);
	for (i = 0; i < set.n; i++) {
		struct range range = set.ranges[i];

		CU_ASSERT_FATAL(range.first < range.end && range.end <= N);
		CU_ASSERT(i == 0 || range.first > last);
		last = range.end;
		memset(&has[range.first], true, range.end - range.first);
	}
	CU_ASSERT_EQUAL(memcmp(has, model, sizeof(has)), 0);
}

/* The next part as the model has it. */
static struct range
model_next(size_t first, size_t last)
{
	struct range part = { last, last };
	size_t i = first;

	while (i < last && !model[i])
		i++;
	if (i == last)
		return part;
	part.first = i;
	while (i < last && model[i])
		i++;
	part.end = i;
	return part;
}

static void
expect_next(size_t first, size_t last)
{
	struct range is = range_set_next(&set, first, last), should = model_next(first, last);

	CU_ASSERT_EQUAL(is.first, should.first);
	CU_ASSERT_EQUAL(is.end, should.end);
}

static void
add(size_t first, size_t last)
{
	CU_ASSERT_EQUAL(range_set_add(&set, first, last), 0);
	memset(&model[first], true, last - first);
	expect_model();
}

static void
take(size_t first, size_t last)
{
	CU_ASSERT_EQUAL(range_set_remove(&set, first, last), 0);
	memset(&model[first], false, last - first);
	expect_model();
}

static uint64_t
next_random(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/*
 * Tests
 */

static void
empty_sets(void)
{
	begin();
	expect_next(0, N);
	expect_next(5, 6);
	take(0, N);
	CU_ASSERT_EQUAL(set.n, 0);
	end();
	range_set_fini(&set); /* again */
}

static void
ranges_that_touch_become_one(void)
{
	begin();
	add(10, 20);
	add(20, 30);
	CU_ASSERT_EQUAL(set.n, 1);
	add(5, 10);
	CU_ASSERT_EQUAL(set.n, 1);
	add(31, 40);
	CU_ASSERT_EQUAL(set.n, 2);
	add(30, 31);
	CU_ASSERT_EQUAL(set.n, 1);
	add(5, 40);
	add(6, 39);
	CU_ASSERT_EQUAL(set.n, 1);
	add(0, N);
	CU_ASSERT_EQUAL(set.n, 1);
	end();
}

static void
ranges_are_split_and_cut(void)
{
	begin();
	add(10, 30);
	take(15, 20);
	CU_ASSERT_EQUAL(set.n, 2);
	take(15, 20);
	take(0, 10);
	take(30, N);
	CU_ASSERT_EQUAL(set.n, 2);
	take(10, 11);
	take(14, 15);
	take(20, 21);
	take(29, 30);
	CU_ASSERT_EQUAL(set.n, 2);
	add(50, 60);
	take(12, 55);
	CU_ASSERT_EQUAL(set.n, 2);
	take(0, N);
	CU_ASSERT_EQUAL(set.n, 0);
	end();
}

static void
parts_are_cut_to_what_is_asked(void)
{
	size_t first, last;

	begin();
	add(10, 20);
	add(22, 30);
	add(200, N);
	for (first = 0; first < 40; first++) {
		for (last = first + 1; last <= 40; last++)
			expect_next(first, last);
	}
	expect_next(30, 200);
	expect_next(30, 201);
	expect_next(255, N);
	end();
}

static void
numbers_at_the_end(void)
{
	struct range part;

	begin();
	CU_ASSERT_EQUAL(range_set_add(&set, SIZE_MAX - 2, SIZE_MAX), 0);
	CU_ASSERT_EQUAL(range_set_add(&set, 0, 1), 0);
	part = range_set_next(&set, 1, SIZE_MAX);
	CU_ASSERT(part.first == SIZE_MAX - 2 && part.end == SIZE_MAX);
	CU_ASSERT_EQUAL(range_set_remove(&set, 1, SIZE_MAX - 1), 0);
	part = range_set_next(&set, 1, SIZE_MAX);
	CU_ASSERT(part.first == SIZE_MAX - 1 && part.end == SIZE_MAX);
	CU_ASSERT_EQUAL(range_set_add(&set, 0, SIZE_MAX), 0);
	CU_ASSERT_EQUAL(set.n, 1);
	end();
}

static void
as_the_model(void)
{
	unsigned int step, most;
	size_t first, last;

	for (most = 1; most <= N; most *= 4) {
		begin();
		for (step = 0; step < 20000; step++) {
			first = next_random() % N;
			last = first + 1 + next_random() % most;
			if (last > N)
				last = N;
			if (next_random() % 2 == 0)
				add(first, last);
			else
				take(first, last);
			first = next_random() % N;
			expect_next(first, first + 1 + next_random() % (N - first));
		}
		CU_ASSERT(most > 1 || set.room >= N / 4);
		end();
	}
}

/*
 * Memory
 */

/* Every other number, so that the next range needs room. */
static void
fill_room(void)
{
	size_t i;

	for (i = 0; i == 0 || set.n < set.room; i++)
		add(4 * i, 4 * i + 2);
}

static void
failures_change_nothing(void)
{
	begin();
	no_memory = true;
	CU_ASSERT_EQUAL(range_set_reserve(&set), -ENOMEM);
	CU_ASSERT_EQUAL(range_set_add(&set, 1, 2), -ENOMEM);
	CU_ASSERT_EQUAL(range_set_remove(&set, 1, 2), -ENOMEM);
	expect_model();
	no_memory = false;
	fill_room();
	no_memory = true;
	CU_ASSERT_EQUAL(range_set_reserve(&set), -ENOMEM);
	CU_ASSERT_EQUAL(range_set_add(&set, 100, 101), -ENOMEM);
	CU_ASSERT_EQUAL(range_set_remove(&set, 0, 1), -ENOMEM);
	expect_model();
	expect_next(0, N);
	no_memory = false;
	add(100, 101);
	end();
}

/* After a reserve one call works without memory, whatever it does. */
static void
reserved_room_suffices(void)
{
	unsigned int round;

	for (round = 0; round < 3; round++) {
		begin();
		fill_room();
		CU_ASSERT_EQUAL(range_set_reserve(&set), 0);
		expect_model();
		no_memory = true;
		CU_ASSERT_EQUAL(range_set_reserve(&set), 0);
		if (round == 0)
			add(N - 1, N);
		else if (round == 1)
			take(0, N);
		else
			take(4, 5);
		no_memory = false;
		end();
	}
	/* One range becomes two, in the last place there is. */
	begin();
	add(0, 1);
	add(2, 3);
	add(4, 9);
	CU_ASSERT_EQUAL(range_set_reserve(&set), 0);
	no_memory = true;
	take(5, 6);
	end();
	no_memory = false;
}

/* As a sync asks: part by part while they are taken out. */
static void
parts_while_they_are_taken_out(void)
{
	unsigned int round, n;

	for (round = 0; round < 200; round++) {
		size_t at = next_random() % N, last = at + 1 + next_random() % (N - at);
		struct range part;

		begin();
		for (n = 0; n < 20; n++) {
			size_t first = next_random() % (N - 8);

			add(first, first + 1 + next_random() % 8);
		}
		for (part = range_set_next(&set, at, last); part.first < part.end;
				part = range_set_next(&set, part.end, last))
			take(part.first, part.end);
		part = range_set_next(&set, at, last);
		CU_ASSERT(part.first == part.end);
		end();
	}
}

static const struct test_case cases[] = {
	{ "empty sets", empty_sets },
	{ "ranges that touch become one", ranges_that_touch_become_one },
	{ "ranges are split and cut", ranges_are_split_and_cut },
	{ "parts are cut to what is asked", parts_are_cut_to_what_is_asked },
	{ "numbers at the end", numbers_at_the_end },
	{ "as the model", as_the_model },
	{ "failures change nothing", failures_change_nothing },
	{ "reserved room suffices", reserved_room_suffices },
	{ "parts while they are taken out", parts_while_they_are_taken_out },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "range set", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
