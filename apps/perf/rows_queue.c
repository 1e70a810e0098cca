/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Copies through a queue pair, and pools.
 *
 * Both sides of a copy row walk the same buffers in the same order, in bursts of the same length
 * that the compiler knows. The bare side takes address and length from a list, as anything must
 * that copies on order. Of 64 byte copies the hot set, 32 buffers and their ops or list, stays in
 * L1; 64 KiB copies stay in L2. Ops are built once: what is timed is enqueue and dequeue; only the
 * row copy64-build times that too. Before a row counts, each side has to copy random bytes right.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_memcpy.h>
#include <rte_mempool.h>

#include <acceldev/acceldev.h>

#include "device.h"
#include "row.h"
#include "skeleton.h"

#define BURST 32

struct copy_set {
	uint16_t dev_id;
	unsigned int nb; /* copies, a multiple of the burst */
	struct accel_buf *buf;
	struct accel_op *ops[BURST];
	struct accel_op *back[BURST];
	struct copy_job jobs[BURST];
	struct accel_op op[BURST];
};

static inline void
build_op(struct copy_set *set, unsigned int i)
{
	struct accel_op *op = &set->op[i];
	uint64_t offset = (uint64_t)((const char *)set->jobs[i].src - (const char *)set->buf->va);

	op->type = ACCEL_OP_COPY;
	op->flags = 0;
	op->src_space = ACCEL_SPACE_HOST;
	op->dst_space = ACCEL_SPACE_HOST;
	op->src = set->buf->iova + offset;
	op->dst = set->buf->iova + set->buf->len / 2 + offset;
	op->len = set->jobs[i].len;
}

static __rte_always_inline uint64_t
run_ops(struct copy_set *set, uint64_t *n, uint16_t burst, unsigned int nb)
{
	uint64_t rounds = (*n + nb - 1) / nb;
	uint64_t start = rte_rdtsc();

	*n = rounds * nb;
	for (; rounds > 0; rounds--) {
		for (unsigned int i = 0; i < nb; i += burst) {
			if (accel_enqueue_burst(set->dev_id, 0, &set->ops[i], burst) != burst)
				return 0;
			if (accel_dequeue_burst(set->dev_id, 0, set->back, burst) != burst)
				return 0;
		}
	}
	return rte_rdtsc() - start;
}

/* As run_ops(), with ops that are built anew each time, member by member as applications do. */
static uint64_t
ops_built(void *arg, uint64_t *n)
{
	struct copy_set *set = arg;
	uint64_t rounds = (*n + BURST - 1) / BURST;
	uint64_t start = rte_rdtsc();

	*n = rounds * BURST;
	for (; rounds > 0; rounds--) {
		for (unsigned int i = 0; i < BURST; i++)
			build_op(set, i);
		if (accel_enqueue_burst(set->dev_id, 0, set->ops, BURST) != BURST)
			return 0;
		if (accel_dequeue_burst(set->dev_id, 0, set->back, BURST) != BURST)
			return 0;
	}
	return rte_rdtsc() - start;
}

static __rte_always_inline uint64_t
run_bare(const struct copy_set *set, uint64_t *n, uint16_t burst, unsigned int nb)
{
	uint64_t rounds = (*n + nb - 1) / nb;
	uint64_t start = rte_rdtsc();

	*n = rounds * nb;
	for (; rounds > 0; rounds--) {
		for (unsigned int i = 0; i < nb; i += burst) {
			for (unsigned int j = i; j < i + burst; j++)
				rte_memcpy(set->jobs[j].dst, set->jobs[j].src, set->jobs[j].len);
			rte_compiler_barrier();
		}
	}
	return rte_rdtsc() - start;
}

static uint64_t
ops_burst32(void *arg, uint64_t *n)
{
	return run_ops(arg, n, BURST, BURST);
}

static uint64_t
ops_burst1(void *arg, uint64_t *n)
{
	return run_ops(arg, n, 1, BURST);
}

static uint64_t
ops_single(void *arg, uint64_t *n)
{
	return run_ops(arg, n, 1, 1);
}

static uint64_t
bare_burst32(void *arg, uint64_t *n)
{
	return run_bare(arg, n, BURST, BURST);
}

static uint64_t
bare_burst1(void *arg, uint64_t *n)
{
	return run_bare(arg, n, 1, BURST);
}

static uint64_t
bare_single(void *arg, uint64_t *n)
{
	return run_bare(arg, n, 1, 1);
}

static void
copy_set_fill(struct copy_set *set, size_t len)
{
	size_t half = set->buf->len / 2;

	for (unsigned int i = 0; i < set->nb; i++) {
		set->jobs[i] = (struct copy_job){
			.dst = (char *)set->buf->va + half + i * len,
			.src = (char *)set->buf->va + i * len,
			.len = len,
		};
		set->op[i] = (struct accel_op){ .reserved0 = 0 };
		build_op(set, i);
		set->ops[i] = &set->op[i];
	}
}

/* One line more than the copies, so that source and destination do not alias modulo 4 KiB. */
static int
copy_set_open(struct copy_set **out, size_t len, unsigned int nb)
{
	struct copy_set *set = aligned_alloc(64, RTE_ALIGN(sizeof(*set), 64));
	int dev_id, ret;

	if (set == NULL)
		return -ENOMEM;
	dev_id = device_open("soft:0");
	if (dev_id < 0) {
		free(set);
		return dev_id;
	}
	set->dev_id = (uint16_t)dev_id;
	set->nb = nb;
	ret = accel_buf_alloc(set->dev_id, 2 * (len * nb + 64), 0, ACCEL_BUF_ZERO, &set->buf);
	if (ret != 0) {
		device_close(dev_id);
		free(set);
		return ret;
	}
	copy_set_fill(set, len);
	*out = set;
	return 0;
}

static void
copy_set_close(struct copy_set *set)
{
	accel_buf_free(set->buf);
	device_close(set->dev_id);
	free(set);
}

/* Whether a side really copies. */
static bool
copies(const struct copy_set *set, const struct bench_side *side)
{
	static uint64_t seed = 1;
	size_t half = set->buf->len / 2;
	uint64_t *src = set->buf->va, n = set->nb;
	char *dst = (char *)set->buf->va + half;

	for (size_t i = 0; i < half / sizeof(*src); i++)
		src[i] = bench_rand(&seed);
	memset(dst, 0, half);
	if (side->run(side->arg, &n) == 0)
		return false;
	return memcmp(src, dst, set->nb * set->jobs[0].len) == 0;
}

static int
measure_copies(const struct copy_set *set, const struct bench_conf *conf,
		const struct bench_side side[2], struct result *res)
{
	for (int s = 0; s < 2; s++) {
		if (copies(set, &side[s]))
			continue;
		row_reason(res, "%s did not copy right", s == BENCH_OURS ? "ours" : res->rival);
		return -EIO;
	}
	return row_measure(conf, side, res);
}

static int
run_copy64(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	bool one = row->arg.burst == 1;
	uint64_t (*ours)(void *, uint64_t *) = one ? ops_burst1 : ops_burst32;
	struct bench_side side[2];
	struct copy_set *set;
	int ret;

	ret = copy_set_open(&set, row->arg.len, BURST);
	if (ret != 0)
		return ret;
	side[BENCH_OURS] = (struct bench_side){ row->arg.build ? ops_built : ours, set };
	side[BENCH_RIVAL] = (struct bench_side){ one ? bare_burst1 : bare_burst32, set };
	ret = measure_copies(set, conf, side, res);
	copy_set_close(set);
	return ret;
}

static int
run_skeleton(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct skeleton skel = { .burst = BURST };
	struct bench_side side[2];
	const char *why = "";
	struct copy_set *set;
	int ret;

	ret = copy_set_open(&set, row->arg.len, BURST);
	if (ret != 0)
		return ret;
	skel.jobs = set->jobs;
	if (skeleton_open(&skel, &why) != 0) {
		row_reason(res, "%s", why);
		ret = ROW_NA;
	} else {
		side[BENCH_OURS] = (struct bench_side){ ops_burst32, set };
		side[BENCH_RIVAL] = (struct bench_side){ skeleton_run, &skel };
		ret = measure_copies(set, conf, side, res);
		skeleton_close(&skel);
	}
	copy_set_close(set);
	return ret;
}

static int
run_copy_large(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct bench_side side[2];
	struct copy_set *set;
	int ret;

	ret = copy_set_open(&set, row->arg.len, 1);
	if (ret != 0)
		return ret;
	side[BENCH_OURS] = (struct bench_side){ ops_single, set };
	side[BENCH_RIVAL] = (struct bench_side){ bare_single, set };
	ret = measure_copies(set, conf, side, res);
	for (int s = 0; ret == 0 && s < 2; s++)
		res->value[s] = (double)row->arg.len / res->value[s];
	copy_set_close(set);
	return ret;
}

#define POOL_BUFS  4096
#define POOL_CACHE 256

static uint64_t
pool_burst(void *arg, uint64_t *n)
{
	uint64_t bursts = (*n + BURST - 1) / BURST;
	uint64_t start = rte_rdtsc();
	_Alignas(RTE_CACHE_LINE_SIZE) struct accel_buf *bufs[BURST];

	*n = bursts * BURST;
	for (; bursts > 0; bursts--) {
		if (accel_pool_get_bulk(arg, bufs, BURST) != 0)
			return 0;
		rte_compiler_barrier();
		accel_pool_put_bulk(arg, bufs, BURST);
	}
	return rte_rdtsc() - start;
}

static uint64_t
mempool_burst(void *arg, uint64_t *n)
{
	uint64_t bursts = (*n + BURST - 1) / BURST;
	uint64_t start = rte_rdtsc();
	_Alignas(RTE_CACHE_LINE_SIZE) void *objs[BURST];

	*n = bursts * BURST;
	for (; bursts > 0; bursts--) {
		if (rte_mempool_get_bulk(arg, objs, BURST) != 0)
			return 0;
		rte_compiler_barrier();
		rte_mempool_put_bulk(arg, objs, BURST);
	}
	return rte_rdtsc() - start;
}

static int
measure_pool(uint16_t dev_id, const struct bench_conf *conf, struct result *res)
{
	struct accel_pool_conf pool_conf = {
		.size = sizeof(pool_conf), .nb_bufs = POOL_BUFS, .cache_size = POOL_CACHE,
		.buf_len = 2048,
	};
	struct rte_mempool *mp;
	struct accel_pool *pool;
	int ret;

	ret = accel_pool_create("perf_ours", dev_id, &pool_conf, &pool);
	if (ret != 0)
		return ret;
	mp = rte_mempool_create("perf_rival", POOL_BUFS, sizeof(struct accel_buf), POOL_CACHE, 0,
			NULL, NULL, NULL, NULL, (int)rte_socket_id(), 0);
	if (mp == NULL)
		ret = -ENOMEM;
	else
		ret = row_measure(conf, (struct bench_side[]){
				{ pool_burst, pool }, { mempool_burst, mp } }, res);
	rte_mempool_free(mp);
	accel_pool_destroy(pool);
	return ret;
}

static int
run_pool(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	int dev_id = device_open("soft:0");
	int ret;

	(void)row;
	if (dev_id < 0)
		return dev_id;
	ret = measure_pool((uint16_t)dev_id, conf, res);
	device_close(dev_id);
	return ret;
}

const struct row rows_queue[] = {
	{
		.name = "copy64-burst32", .unit = "ns", .rival = "rte_memcpy",
		.text = "soft device, 64 byte copies, enqueue and dequeue in bursts of 32",
		.run = run_copy64, .arg = { .len = 64, .burst = BURST }, .goal = { .max_over = 4 },
	},
	{
		.name = "copy64-burst1", .unit = "ns", .rival = "rte_memcpy",
		.text = "the same one by one",
		.run = run_copy64, .arg = { .len = 64, .burst = 1 }, .goal = { .max_over = 10 },
	},
	{
		.name = "copy64-build", .unit = "ns", .rival = "rte_memcpy",
		.text = "as copy64-burst32, and each op is built before its burst",
		.run = run_copy64, .arg = { .len = 64, .burst = BURST, .build = true },
	},
	{
		.name = "copy64-skeleton", .unit = "ns", .rival = "dma_skeleton",
		.text = "as copy64-burst32, beside DPDK's software dmadev and its own thread",
		.run = run_skeleton, .arg = { .len = 64 },
	},
	{
		.name = "copy64k", .unit = "GB/s", .rival = "rte_memcpy",
		.text = "soft device, 64 KiB copies one by one",
		.run = run_copy_large, .arg = { .len = 65536 }, .goal = { .min_ratio = 0.97 },
	},
	{
		.name = "pool-burst32", .unit = "ns", .rival = "rte_mempool",
		.text = "pool get and put of 32 buffers, per buffer",
		.run = run_pool, .goal = { .max_ratio = 1.1 },
	},
	{ .name = NULL },
};
