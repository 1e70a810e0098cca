/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Buffers: alloc and free.
 *
 * A pair is timed: alloc, then free of the same buffer, which is the best case of any cache, on
 * both sides. buf-4k-churn frees random buffers of the live set instead, more at a time than a
 * cache holds, and allocates as many, so that all the books are at work. The live set consists of
 * 4 KiB buffers, whatever size is timed; where memory does not suffice for it they are made
 * smaller, never fewer. The rival's heap is kept from giving its page back to the kernel and taking
 * it again each time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_malloc.h>

#include <acceldev/acceldev.h>

#include "device.h"
#include "row.h"

#define SMALL 4096
#define LARGE (2u << 20)
#define HEAP_KEPT 64
#define CHURN 256

struct alloc_set {
	uint16_t dev_id;
	size_t len;         /* of what is timed */
	uint32_t flags;
	size_t live_len;
	size_t nb_live;
	struct accel_buf **live;
	uint64_t rng;
	void *kept[HEAP_KEPT];
};

static uint64_t
pair(void *arg, uint64_t *n)
{
	const struct alloc_set *set = arg;
	uint64_t start = rte_rdtsc();
	struct accel_buf *buf;

	for (uint64_t i = 0; i < *n; i++) {
		if (accel_buf_alloc(set->dev_id, set->len, 0, set->flags, &buf) != 0)
			return 0;
		if (accel_buf_free(buf) != 0)
			return 0;
	}
	return rte_rdtsc() - start;
}

static uint64_t
pair_memset(void *arg, uint64_t *n)
{
	const struct alloc_set *set = arg;
	uint64_t start = rte_rdtsc();
	struct accel_buf *buf;

	for (uint64_t i = 0; i < *n; i++) {
		if (accel_buf_alloc(set->dev_id, set->len, 0, 0, &buf) != 0)
			return 0;
		memset(buf->va, 0, set->len);
		if (accel_buf_free(buf) != 0)
			return 0;
	}
	return rte_rdtsc() - start;
}

static struct accel_buf **
draw_victim(struct alloc_set *set)
{
	struct accel_buf **slot;

	do
		slot = &set->live[bench_rand(&set->rng) % set->nb_live];
	while (*slot == NULL);
	return slot;
}

static int
replace_some(struct alloc_set *set)
{
	struct accel_buf **victim[CHURN];

	for (int i = 0; i < CHURN; i++) {
		victim[i] = draw_victim(set);
		if (accel_buf_free(*victim[i]) != 0)
			return -EIO;
		*victim[i] = NULL;
	}
	for (int i = 0; i < CHURN; i++)
		if (accel_buf_alloc(set->dev_id, set->live_len, 0, 0, victim[i]) != 0)
			return -EIO;
	return 0;
}

static uint64_t
churn(void *arg, uint64_t *n)
{
	uint64_t steps = (*n + CHURN - 1) / CHURN;
	uint64_t start = rte_rdtsc();

	*n = steps * CHURN;
	for (; steps > 0; steps--)
		if (replace_some(arg) != 0)
			return 0;
	return rte_rdtsc() - start;
}

static uint64_t
pair_rte_malloc(void *arg, uint64_t *n)
{
	uint64_t start = rte_rdtsc();
	void *p;

	(void)arg;
	for (uint64_t i = 0; i < *n; i++) {
		p = rte_malloc(NULL, SMALL, 0);
		if (p == NULL)
			return 0;
		rte_free(p);
	}
	return rte_rdtsc() - start;
}

/* mmap() flags come through arg. */
static uint64_t
pair_mmap(void *arg, uint64_t *n)
{
	const int *flags = arg;
	uint64_t start = rte_rdtsc();
	void *p;

	for (uint64_t i = 0; i < *n; i++) {
		p = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, *flags, -1, 0);
		if (p == MAP_FAILED)
			return 0;
		munmap(p, LARGE);
	}
	return rte_rdtsc() - start;
}

static void
live_drain(struct alloc_set *set)
{
	for (size_t i = 0; i < set->nb_live; i++) {
		accel_buf_free(set->live[i]);
		set->live[i] = NULL;
	}
}

static int
live_fill(struct alloc_set *set)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < set->nb_live; i++)
		ret = accel_buf_alloc(set->dev_id, set->live_len, 0, 0, &set->live[i]);
	return ret;
}

static int
live_try(struct alloc_set *set)
{
	struct accel_buf *buf;
	int ret;

	ret = live_fill(set);
	if (ret == 0)
		ret = accel_buf_alloc(set->dev_id, set->len, 0, set->flags, &buf);
	if (ret == 0)
		accel_buf_free(buf);
	else
		live_drain(set);
	return ret;
}

static int
live_make(struct alloc_set *set, struct result *res)
{
	int ret;

	set->live = calloc(set->nb_live + 1, sizeof(*set->live));
	if (set->live == NULL)
		return -ENOMEM;
	for (set->live_len = SMALL; ; set->live_len /= 2) {
		ret = live_try(set);
		if (ret == 0 || set->live_len <= ACCEL_BUF_MIN_ALIGN)
			break;
	}
	if (ret != 0)
		row_reason(res, "no memory for the live set: %s", accel_strerror(ret));
	else if (set->live_len != SMALL)
		row_reason(res, "memory sufficed for a live set of %zu byte buffers only",
			set->live_len);
	return ret != 0 ? ROW_NA : 0;
}

static int
alloc_set_open(struct alloc_set *set, const char *spec, const struct row_arg *arg,
		struct result *res)
{
	int dev_id = device_open(spec);
	int ret;

	if (dev_id < 0)
		return dev_id;
	*set = (struct alloc_set){
		.dev_id = (uint16_t)dev_id, .len = arg->len, .nb_live = arg->live,
		.flags = arg->zero ? ACCEL_BUF_ZERO : 0, .rng = 42,
	};
	ret = live_make(set, res);
	if (ret == 0)
		return 0;
	free(set->live);
	device_close(dev_id);
	return ret;
}

static void
alloc_set_close(struct alloc_set *set)
{
	live_drain(set);
	free(set->live);
	device_close(set->dev_id);
}

/* Leaves holes of the rival's size between live blocks. */
static int
heap_keep(struct alloc_set *set)
{
	for (int i = 0; i < HEAP_KEPT; i++) {
		set->kept[i] = rte_malloc(NULL, SMALL, 0);
		if (set->kept[i] == NULL)
			return -ENOMEM;
	}
	for (int i = 0; i < HEAP_KEPT; i += 2) {
		rte_free(set->kept[i]);
		set->kept[i] = NULL;
	}
	return 0;
}

static void
heap_release(struct alloc_set *set)
{
	for (int i = 0; i < HEAP_KEPT; i++)
		rte_free(set->kept[i]);
}

static int
run_pair(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct alloc_set set;
	int ret;

	ret = alloc_set_open(&set, "soft:0", &row->arg, res);
	if (ret != 0)
		return ret;
	ret = heap_keep(&set);
	if (ret == 0)
		ret = row_measure(conf, (struct bench_side[]){
				{ pair, &set }, { pair_rte_malloc, NULL } }, res);
	heap_release(&set);
	alloc_set_close(&set);
	return ret;
}

static int
run_churn(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	const struct row_arg few_arg = { .len = row->arg.len, .live = 1000 };
	struct alloc_set many, few;
	int ret;

	ret = alloc_set_open(&many, "soft:0", &row->arg, res);
	if (ret != 0)
		return ret;
	ret = alloc_set_open(&few, "soft:1", &few_arg, res);
	if (ret == 0) {
		ret = row_measure(conf, (struct bench_side[]){
				{ churn, &many }, { churn, &few } }, res);
		alloc_set_close(&few);
	}
	alloc_set_close(&many);
	return ret;
}

static bool
is_zero(const char *p, size_t len)
{
	return p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

/* Whether memory that was written before comes back as zeros. */
static int
check_zeroes(const struct alloc_set *set, struct result *res)
{
	struct accel_buf *buf;
	bool zero = false;
	int ret;

	for (int i = 0; i < 2; i++) {
		ret = accel_buf_alloc(set->dev_id, set->len, 0, set->flags, &buf);
		if (ret != 0)
			return ret;
		zero = is_zero(buf->va, set->len);
		memset(buf->va, 0xa5, set->len);
		accel_buf_free(buf);
	}
	if (!zero)
		row_reason(res, "ACCEL_BUF_ZERO did not fill with zeros");
	return zero ? 0 : -EIO;
}

static int
run_zero(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct alloc_set set;
	int ret;

	ret = alloc_set_open(&set, "soft:0", &row->arg, res);
	if (ret != 0)
		return ret;
	ret = check_zeroes(&set, res);
	if (ret == 0)
		ret = row_measure(conf, (struct bench_side[]){
				{ pair, &set }, { pair_memset, &set } }, res);
	alloc_set_close(&set);
	return ret;
}

static bool
hugepage_is_free(int flags)
{
	void *p = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (p == MAP_FAILED)
		return false;
	munmap(p, LARGE);
	return true;
}

static int
run_mmap(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
	struct alloc_set set;
	bool huge;
	int ret;

	ret = alloc_set_open(&set, "soft:0", &row->arg, res);
	if (ret != 0)
		return ret;
	huge = hugepage_is_free(flags | MAP_HUGETLB);
	if (huge)
		flags |= MAP_HUGETLB;
	ret = row_measure(conf, (struct bench_side[]){
			{ pair, &set }, { pair_mmap, &flags } }, res);
	alloc_set_close(&set);
	if (ret != 0 || huge)
		return ret;
	res->rival = "mmap 4k pages";
	row_reason(res, "no free hugepage for the rival; ordinary pages for information");
	return ROW_NA;
}

#define PAIR_ROW(name_, len_, live_, text_)                                                        \
	{                                                                                          \
		.name = name_, .unit = "ns", .rival = "rte_malloc 4k", .text = text_,              \
		.run = run_pair, .arg = { .len = len_, .live = live_ },                            \
		.goal = { .max_ratio = 0.5 },                                                      \
	}

const struct row rows_buffer[] = {
	PAIR_ROW("buf-4k-1e2", SMALL, 100, "alloc and free of 4 KiB with 100 buffers live"),
	PAIR_ROW("buf-4k-1e5", SMALL, 100000, "alloc and free of 4 KiB with 100000 buffers live"),
	PAIR_ROW("buf-2m-1e2", LARGE, 100, "alloc and free of 2 MiB with 100 buffers live"),
	PAIR_ROW("buf-2m-1e5", LARGE, 100000, "alloc and free of 2 MiB with 100000 buffers live"),
	{
		.name = "buf-4k-churn", .unit = "ns", .rival = "itself, 1e3 live",
		.text = "free and alloc of random ones of 100000 live 4 KiB buffers, 256 at a time",
		.run = run_churn, .arg = { .len = SMALL, .live = 100000 },
	},
	{
		.name = "buf-zero-4k", .unit = "ns", .rival = "without + memset",
		.text = "alloc and free of 4 KiB with ACCEL_BUF_ZERO",
		.run = run_zero, .arg = { .len = SMALL, .zero = true },
		.goal = { .max_ratio = 1.1 },
	},
	{
		.name = "buf-zero-2m", .unit = "ns", .rival = "without + memset",
		.text = "alloc and free of 2 MiB with ACCEL_BUF_ZERO",
		.run = run_zero, .arg = { .len = LARGE, .zero = true },
		.goal = { .max_ratio = 1.1 },
	},
	{
		.name = "buf-2m-zero-vs-mmap", .unit = "ns", .rival = "mmap hugetlb",
		.text = "alloc and free of 2 MiB zeroed; beside mmap and munmap of a hugepage",
		.run = run_mmap, .arg = { .len = LARGE, .zero = true }, .goal = { .faster = true },
	},
	{ .name = NULL },
};
