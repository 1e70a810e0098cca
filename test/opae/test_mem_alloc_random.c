/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Random calls beside a plain model; some of them without memory.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fail_malloc.h"
#include "harness.h"
#include "mem_model.h"
#include "test_mem_alloc.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STEPS 50000
#else
#define STEPS 400000
#endif

enum op { OP_ADD, OP_GET, OP_PUT, OP_CONSTRAIN, OP_DESTROY, NB_OPS };

static uint64_t rnd_state;
static struct mem_model model, before, limit;
static struct mem_alloc m;
static unsigned int done[NB_OPS], starved[NB_OPS];

static unsigned int
rnd(unsigned int below)
{
	rnd_state = rnd_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned int)(rnd_state >> 33) % below;
}

static struct mem_range
draw_range(unsigned int longest)
{
	struct mem_range r = { .at = rnd(model.n), .len = 1 + rnd(longest) };

	if (r.len > model.n - r.at)
		r.len = model.n - r.at;
	return r;
}

static int
step_add(int *want)
{
	struct mem_range r = draw_range(rnd(16) == 0 ? model.n / 2 : 8);

	*want = model_add(&model, r.at, r.len);
	return mem_alloc_add_free(&m, model_address(&model, r.at), r.len * model.scale);
}

static int
step_get(int *want)
{
	unsigned int at = 0, len = 1 + rnd(rnd(16) == 0 ? model.n / 4 : 9);
	uint64_t address = 77;
	int ret;

	*want = model_get(&model, &at, len);
	ret = mem_alloc_get(&m, &address, len * model.scale);
	CU_ASSERT_EQUAL(address, ret == 0 ? model_address(&model, at) : 77);
	return ret;
}

static int
step_put(int *want)
{
	unsigned int at = rnd(model.n);

	if (model.nb_allocated > 0 && rnd(8) != 0)
		at = model.allocated[rnd(model.nb_allocated)].at;
	*want = model_put(&model, at);
	return mem_alloc_put(&m, model_address(&model, at));
}

/* By something from which little is missing, some of it allocated. */
static int
step_constrain(int *want)
{
	struct mem_alloc by;
	unsigned int at = 0, i, failing = fail_malloc_pause();
	int ret;

	model_init(&limit, model.n, model.base, model.scale);
	mem_alloc_init(&by);
	for (i = 0; i + 3 < model.n; i += 64 + rnd(model.n / 8)) {
		struct mem_range r = { i, 1 + rnd(model.n / 2) };

		if (r.len > model.n - r.at)
			r.len = model.n - r.at;
		if (model_add(&limit, r.at, r.len) == 0)
			CU_ASSERT_EQUAL(mem_alloc_add_free(&by, model_address(&limit, r.at),
					r.len * limit.scale), 0);
	}
	if (model_get(&limit, &at, 2) == 0) {
		uint64_t address;

		CU_ASSERT_EQUAL(mem_alloc_get(&by, &address, 2 * limit.scale), 0);
	}
	*want = 0;
	model_constrain(&model, &limit);
	fail_malloc_arm(failing);
	ret = mem_alloc_apply_constraint(&m, &by);
	CU_ASSERT(model_agrees(&limit, &by));
	mem_alloc_destroy(&by);
	return ret;
}

static int
step_destroy(int *want)
{
	*want = 0;
	model_init(&model, model.n, model.base, model.scale);
	mem_alloc_destroy(&m);
	return 0;
}

static enum op
draw_op(unsigned int filling)
{
	unsigned int r = rnd(1000);

	if (r == 0)
		return rnd(20) == 0 ? OP_DESTROY : OP_CONSTRAIN;
	if (r < 60)
		return OP_ADD;
	return rnd(100) < filling ? OP_GET : OP_PUT;
}

static void
one_step(enum op op)
{
	static int (*const steps[])(int *want) = {
		step_add, step_get, step_put, step_constrain, step_destroy,
	};
	int want = 0, ret;
	bool failed;

	before = model;
	fail_malloc_arm(rnd(4) == 0 ? 1 + rnd(5) : 0);
	ret = steps[op](&want);
	failed = fail_malloc_disarm();
	if (failed && ret == ENOMEM) {
		model = before;
		starved[op]++;
	} else {
		CU_ASSERT_EQUAL(ret, want);
	}
	done[op]++;
}

/* It fills and drains in turns, so that trees grow and shrink. */
static void
run(unsigned int n, uint64_t base, uint64_t scale, unsigned int steps, unsigned int check_every)
{
	unsigned int i;
	bool agrees = true;

	memset(done, 0, sizeof(done));
	memset(starved, 0, sizeof(starved));
	rnd_state = 12345 + n;
	model_init(&model, n, base, scale);
	mem_alloc_init(&m);
	for (i = 0; i < steps && agrees; i++) {
		one_step(draw_op(i / (4 * n) % 2 == 0 ? 60 : 40));
		if (i % check_every == 0)
			agrees = model_agrees(&model, &m);
	}
	CU_ASSERT(agrees && model_agrees(&model, &m));
	if (!agrees)
		printf("    lists are wrong after step %u\n", i);
	mem_alloc_destroy(&m);
	/* A put needs no memory. */
	for (i = 0; i < OP_DESTROY; i++)
		CU_ASSERT((starved[i] > 0) == (i != OP_PUT) && done[i] > starved[i]);
}

static void
test_few_from_zero(void)
{
	run(96, 0, 4096, STEPS, 1);
}

static void
test_few_to_the_end(void)
{
	run(91, -UINT64_C(91), 1, STEPS, 1);
}

static void
test_many(void)
{
	run(MODEL_UNITS, UINT64_C(0x7000), 4096, STEPS / 2, 64);
}

/* Free ranges of one byte, far apart, are to be found too. */
static void
test_many_bytes(void)
{
	run(MODEL_UNITS, UINT64_C(0x7001), 1, STEPS / 2, 64);
}

const struct test_case mem_alloc_random_cases[] = {
	{ "random_few_from_zero", test_few_from_zero },
	{ "random_few_to_the_end", test_few_to_the_end },
	{ "random_many", test_many },
	{ "random_many_bytes", test_many_bytes },
	{ NULL, NULL },
};
