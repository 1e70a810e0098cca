/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * The address allocator of the OPAE C API, at several numbers of live ranges.
 *
 * As addrspace-get and -put in rows_addr.c: 32 puts under one clock, then 32 gets under another, of
 * random ranges and sizes that are drawn outside the clock. The one region never runs short.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include <opae/mem_alloc.h>

#include "row.h"

#define STEP      32
#define PAGE      4096u
#define MAX_PAGES 512u

struct churn {
	struct mem_alloc m;
	size_t nb_live;
	bool put; /* whose time counts */
	uint64_t rng;
	uint64_t size[STEP];
	uint64_t live[];
};

static uint64_t
draw_size(struct churn *c)
{
	return (bench_rand(&c->rng) % MAX_PAGES + 1) * PAGE;
}

/* Draw the victims, without drawing one twice, to the end of the live ranges. */
static uint64_t *
draw_step(struct churn *c)
{
	for (unsigned int i = 0; i < STEP; i++) {
		size_t last = c->nb_live - 1 - i, pick = bench_rand(&c->rng) % (last + 1);
		uint64_t address = c->live[pick];

		c->live[pick] = c->live[last];
		c->live[last] = address;
		c->size[i] = draw_size(c);
	}
	return &c->live[c->nb_live - STEP];
}

static uint64_t
time_put(struct churn *c, const uint64_t *victim)
{
	uint64_t start = rte_rdtsc();
	int ret = 0;

	for (unsigned int i = 0; i < STEP; i++)
		ret |= mem_alloc_put(&c->m, victim[i]);
	return ret == 0 ? rte_rdtsc() - start : 0;
}

static uint64_t
time_get(struct churn *c, uint64_t *victim)
{
	uint64_t start = rte_rdtsc();
	int ret = 0;

	for (unsigned int i = 0; i < STEP; i++)
		ret |= mem_alloc_get(&c->m, &victim[i], c->size[i]);
	return ret == 0 ? rte_rdtsc() - start : 0;
}

static uint64_t
churn_run(void *arg, uint64_t *n)
{
	struct churn *c = arg;
	uint64_t steps = (*n + STEP - 1) / STEP, sum = 0;

	*n = steps * STEP;
	for (; steps > 0; steps--) {
		uint64_t *victim = draw_step(c);
		uint64_t put = time_put(c, victim);
		uint64_t get = put > 0 ? time_get(c, victim) : 0;

		if (get == 0)
			return 0;
		sum += c->put ? put : get;
	}
	return sum;
}

static int
churn_fill(struct churn *c)
{
	uint64_t n = 4 * c->nb_live;
	int ret = -mem_alloc_add_free(&c->m, 0, UINT64_C(1) << 47);

	for (size_t i = 0; ret == 0 && i < c->nb_live; i++)
		ret = -mem_alloc_get(&c->m, &c->live[i], draw_size(c));
	/* Until fragmentation is steady. */
	if (ret == 0 && churn_run(c, &n) == 0)
		ret = -EIO;
	return ret;
}

static void
churn_close(struct churn *c)
{
	mem_alloc_destroy(&c->m);
	free(c);
}

static int
churn_open(struct churn **out, size_t nb_live, bool put)
{
	struct churn *c = calloc(1, sizeof(*c) + nb_live * sizeof(c->live[0]));
	int ret;

	if (c == NULL)
		return -ENOMEM;
	c->nb_live = nb_live;
	c->put = put;
	c->rng = 99;
	mem_alloc_init(&c->m);
	ret = churn_fill(c);
	if (ret == 0)
		*out = c;
	else
		churn_close(c);
	return ret;
}

static int
run_mem_alloc(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct churn *many, *few;
	int ret;

	ret = churn_open(&many, row->arg.live, row->arg.put);
	if (ret != 0)
		return ret;
	ret = churn_open(&few, 100, row->arg.put);
	if (ret == 0) {
		ret = row_measure(conf, (struct bench_side[]){
				{ churn_run, many }, { churn_run, few } }, res);
		churn_close(few);
	}
	churn_close(many);
	return ret;
}

#define CHURN_ROW(call_, live_text_, live_, put_)                                                  \
	{                                                                                          \
		.name = "mem_alloc-" call_ "-" live_text_, .unit = "ns",                           \
		.rival = "itself, 1e2 live",                                                       \
		.text = "OPAE's range allocator: " call_ " at " live_text_                         \
			" live ranges, random replacement",                                        \
		.run = run_mem_alloc, .arg = { .live = live_, .put = put_ },                       \
		.goal = { .max_ratio = 3, .max_ours = 500 },                                       \
	}

const struct row rows_opae[] = {
	CHURN_ROW("get", "1e3", 1000, false),
	CHURN_ROW("get", "1e4", 10000, false),
	CHURN_ROW("get", "1e5", 100000, false),
	CHURN_ROW("put", "1e3", 1000, true),
	CHURN_ROW("put", "1e4", 10000, true),
	CHURN_ROW("put", "1e5", 100000, true),
	{ .name = NULL },
};
