/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Addresses: translation, and the range allocator.
 *
 * va2iova walks 8192 addresses drawn at random, too many for the branch predictor to learn; lookups
 * do not depend on each other, on either side. The regions are pages more than 2 MiB apart, so that
 * no two can become one map or share the last level of a page table.
 *
 * addrspace-get and -put replace 32 random ranges per step: 32 frees under one clock, then 32
 * allocations under another, which is few enough to leave 100 live ranges about 100 and enough for
 * the clock (some 10 ns) to vanish. Victims and sizes are drawn outside the clock. Spaces are half
 * full at any number of live ranges.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <rte_cycles.h>
#include <rte_malloc.h>

#include <acceldev/acceldev.h>
#include <addrspace/addrspace.h>

#include "device.h"
#include "row.h"

#define MAPS    1000
#define LOOKUPS 8192
#define SPREAD  (2u << 20)

struct lookup_set {
	int dev_id;
	unsigned int nb;
	char *area;
	size_t area_len;
	struct accel_buf *bufs[MAPS];
	void *blocks[MAPS];
	const void *addr[LOOKUPS];
};

static uint64_t
lookup_ours(void *arg, uint64_t *n)
{
	const struct lookup_set *set = arg;
	uint64_t start = rte_rdtsc();
	uint64_t iova = 0, sum = 0;

	for (uint64_t i = 0; i < *n; i++) {
		if (accel_dev_virt2iova((uint16_t)set->dev_id, set->addr[i % LOOKUPS], 8,
				&iova) != 0)
			return 0;
		sum += iova;
	}
	bench_sink(sum);
	return rte_rdtsc() - start;
}

static uint64_t
lookup_rte(void *arg, uint64_t *n)
{
	const struct lookup_set *set = arg;
	uint64_t start = rte_rdtsc();
	uint64_t sum = 0;

	for (uint64_t i = 0; i < *n; i++)
		sum += rte_malloc_virt2iova(set->addr[i % LOOKUPS]);
	bench_sink(sum);
	return rte_rdtsc() - start;
}

static void
lookup_close(struct lookup_set *set)
{
	for (unsigned int i = 0; i < set->nb; i++) {
		accel_buf_free(set->bufs[i]);
		rte_free(set->blocks[i]);
	}
	if (set->dev_id >= 0)
		device_close(set->dev_id);
	if (set->area != NULL)
		munmap(set->area, set->area_len);
	free(set);
}

static size_t
page_size(int dev_id)
{
	struct accel_dev_info info;

	if (accel_dev_info_get((uint16_t)dev_id, &info) != 0 || info.page_sizes == 0)
		return 4096;
	return info.page_sizes & -info.page_sizes;
}

static int
lookup_import(struct lookup_set *set)
{
	size_t page = page_size(set->dev_id), stride = SPREAD + 2 * page;
	int ret = 0;

	set->area_len = stride * MAPS;
	set->area = mmap(NULL, set->area_len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (set->area == MAP_FAILED) {
		set->area = NULL;
		return -ENOMEM;
	}
	for (unsigned int i = 0; ret == 0 && i < set->nb; i++)
		ret = accel_buf_import((uint16_t)set->dev_id, set->area + stride * i, page, 0,
				NULL, NULL, &set->bufs[i]);
	return ret;
}

/* Random addresses in the imports; what comes back must be right. */
static int
lookup_draw(struct lookup_set *set)
{
	uint64_t seed = 7, iova, at;
	const struct accel_buf *buf;

	for (unsigned int i = 0; i < LOOKUPS; i++) {
		buf = set->bufs[bench_rand(&seed) % set->nb];
		at = bench_rand(&seed) % (buf->len / 8) * 8;
		set->addr[i] = (char *)buf->va + at;
		if (accel_dev_virt2iova((uint16_t)set->dev_id, set->addr[i], 8, &iova) != 0)
			return -EIO;
		if (iova != buf->iova + at)
			return -EIO;
	}
	return 0;
}

static int
lookup_open(struct lookup_set **out, const char *spec, unsigned int nb)
{
	struct lookup_set *set = calloc(1, sizeof(*set));
	int ret;

	if (set == NULL)
		return -ENOMEM;
	set->nb = nb;
	set->dev_id = ret = device_open(spec);
	if (ret >= 0)
		ret = lookup_import(set);
	if (ret == 0)
		ret = lookup_draw(set);
	if (ret == 0)
		*out = set;
	else
		lookup_close(set);
	return ret;
}

/* The rival knows starts of its own blocks only. */
static int
lookup_open_rte(struct lookup_set **out)
{
	struct lookup_set *set = calloc(1, sizeof(*set));
	uint64_t seed = 7;

	if (set == NULL)
		return -ENOMEM;
	set->dev_id = -1;
	set->nb = MAPS;
	for (unsigned int i = 0; i < MAPS; i++) {
		set->blocks[i] = rte_malloc(NULL, 4096, 0);
		if (set->blocks[i] == NULL) {
			lookup_close(set);
			return -ENOMEM;
		}
	}
	for (unsigned int i = 0; i < LOOKUPS; i++)
		set->addr[i] = set->blocks[bench_rand(&seed) % MAPS];
	*out = set;
	return 0;
}

static int
run_va2iova(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct lookup_set *ours, *rival;
	int ret;

	(void)row;
	ret = lookup_open(&ours, "soft:0", MAPS);
	if (ret != 0)
		return ret;
	ret = lookup_open_rte(&rival);
	if (ret == 0) {
		ret = row_measure(conf, (struct bench_side[]){
				{ lookup_ours, ours }, { lookup_rte, rival } }, res);
		lookup_close(rival);
	}
	lookup_close(ours);
	return ret;
}

static int
run_va2iova_scale(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct lookup_set *many, *one;
	int ret;

	(void)row;
	ret = lookup_open(&many, "soft:0", MAPS);
	if (ret != 0)
		return ret;
	ret = lookup_open(&one, "soft:1", 1);
	if (ret == 0) {
		ret = row_measure(conf, (struct bench_side[]){
				{ lookup_ours, many }, { lookup_ours, one } }, res);
		lookup_close(one);
	}
	lookup_close(many);
	return ret;
}

#define STEP      32
#define PAGE      4096u
#define MAX_PAGES 512u

struct churn {
	struct addrspace *space;
	size_t nb_live;
	bool put;       /* whose time counts */
	uint64_t rng;
	struct addrspace_request req[STEP];
	uint64_t live[];
};

static void
draw_request(struct churn *c, struct addrspace_request *req)
{
	*req = (struct addrspace_request){
		.size = (bench_rand(&c->rng) % MAX_PAGES + 1) * PAGE,
		.align = PAGE, .window = { 0, UINT64_MAX },
	};
}

/* Draw the victims, without drawing one twice, to the end of the live ranges. */
static uint64_t *
draw_step(struct churn *c)
{
	for (unsigned int i = 0; i < STEP; i++) {
		size_t last = c->nb_live - 1 - i, pick = bench_rand(&c->rng) % (last + 1);
		uint64_t first = c->live[pick];

		c->live[pick] = c->live[last];
		c->live[last] = first;
		draw_request(c, &c->req[i]);
	}
	return &c->live[c->nb_live - STEP];
}

static uint64_t
time_put(const struct churn *c, const uint64_t *victim)
{
	uint64_t start = rte_rdtsc();
	int ret = 0;

	for (unsigned int i = 0; i < STEP; i++)
		ret |= addrspace_free(c->space, victim[i], NULL);
	return ret == 0 ? rte_rdtsc() - start : 0;
}

static uint64_t
time_get(const struct churn *c, uint64_t *victim)
{
	uint64_t start = rte_rdtsc();
	int ret = 0;

	for (unsigned int i = 0; i < STEP; i++)
		ret |= addrspace_alloc(c->space, &c->req[i], &victim[i]);
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
	int ret;

	ret = addrspace_add(c->space, 1ull << 32,
			(1ull << 32) + c->nb_live * (MAX_PAGES + 1) * PAGE - 1);
	for (size_t i = 0; ret == 0 && i < c->nb_live; i++) {
		draw_request(c, &c->req[0]);
		ret = addrspace_alloc(c->space, &c->req[0], &c->live[i]);
	}
	/* Until fragmentation is steady. */
	if (ret == 0 && churn_run(c, &n) == 0)
		ret = -EIO;
	return ret;
}

static void
churn_close(struct churn *c)
{
	addrspace_destroy(c->space);
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
	ret = addrspace_create(&c->space);
	if (ret == 0)
		ret = churn_fill(c);
	if (ret == 0)
		*out = c;
	else
		churn_close(c);
	return ret;
}

static int
run_addrspace(const struct row *row, const struct bench_conf *conf, struct result *res)
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

const struct row rows_addr[] = {
	{
		.name = "va2iova", .unit = "ns", .rival = "rte_malloc_virt2iova",
		.text = "IOVA of a random address among 1000 maps",
		.run = run_va2iova, .goal = { .max_ours = 8 },
	},
	{
		.name = "va2iova-scale", .unit = "ns", .rival = "itself, 1 map",
		.text = "the same beside a device with one map",
		.run = run_va2iova_scale, .goal = { .max_ratio = 1.5 },
	},
	{
		.name = "addrspace-get", .unit = "ns", .rival = "itself, 1e2 live",
		.text = "range allocator: allocation at 100000 live ranges, random replacement",
		.run = run_addrspace, .arg = { .live = 100000 },
		.goal = { .max_ratio = 3, .max_ours = 300 },
	},
	{
		.name = "addrspace-put", .unit = "ns", .rival = "itself, 1e2 live",
		.text = "range allocator: free at 100000 live ranges, random replacement",
		.run = run_addrspace, .arg = { .live = 100000, .put = true },
		.goal = { .max_ratio = 3, .max_ours = 300 },
	},
	{ .name = NULL },
};
