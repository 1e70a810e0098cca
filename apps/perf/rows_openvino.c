/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * The allocator for OpenVINO: alloc and free of the same memory, as blobs do it once each. The
 * rivals are what OpenVINO's own allocators are made of. Of the bandwidth rows each side writes and
 * reads the same amount of memory that it has touched before, with the same two loops.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include <acceldev/openvino.h>

#include "row.h"

#define SOFT  "soft:openvino"
#define TOUCH ((size_t)64 << 20)

struct ov {
	struct acceldev_ov_allocator *allocator;
	size_t len;
	unsigned char *touched; /* by the bandwidth rows */
};

static uint64_t
alloc_free(void *arg, uint64_t *n)
{
	const struct ov *ov = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++)
		if (!acceldev_ov_free(acceldev_ov_alloc(ov->allocator, ov->len, 0)))
			return 0;
	return rte_rdtsc() - start;
}

static uint64_t
lock_unlock(void *arg, uint64_t *n)
{
	const struct ov *ov = arg;
	void *handle = acceldev_ov_alloc(ov->allocator, ov->len, 0);
	uint64_t start = rte_rdtsc(), cycles;

	for (uint64_t i = 0; i < *n; i++) {
		if (acceldev_ov_lock(handle, ACCELDEV_OV_WRITE) == NULL)
			return 0;
		acceldev_ov_unlock(handle);
	}
	cycles = rte_rdtsc() - start;
	acceldev_ov_free(handle);
	return cycles;
}

static uint64_t
pair_malloc(void *arg, uint64_t *n)
{
	const struct ov *ov = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		void *p = malloc(ov->len);

		if (p == NULL)
			return 0;
		bench_sink((uintptr_t)p);
		free(p);
	}
	return rte_rdtsc() - start;
}

static uint64_t
pair_memalign(void *arg, uint64_t *n)
{
	const struct ov *ov = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		void *p;

		if (posix_memalign(&p, 64, ov->len) != 0)
			return 0;
		bench_sink((uintptr_t)p);
		free(p);
	}
	return rte_rdtsc() - start;
}

static uint64_t
touch(void *arg, uint64_t *n)
{
	const struct ov *ov = arg;
	uint64_t start = rte_rdtsc(), sum = 0;

	for (uint64_t i = 0; i < *n; i++) {
		memset(ov->touched, (int)i, TOUCH);
		for (size_t at = 0; at < TOUCH; at += sizeof(uint64_t))
			sum += *(const uint64_t *)(ov->touched + at);
		bench_sink(sum);
	}
	return rte_rdtsc() - start;
}

static int
run_pair(const struct row *row, const struct bench_conf *conf, struct result *res,
		const char *spec, uint64_t (*ours)(void *arg, uint64_t *n),
		uint64_t (*rival)(void *arg, uint64_t *n))
{
	struct ov ov = { .len = row->arg.len };
	int ret = acceldev_ov_create(spec, ACCELDEV_OV_HOST, 0, &ov.allocator);

	if (ret != 0)
		return ret;
	/* The first one gets an arena, which is as long as a batch is to be. */
	acceldev_ov_free(acceldev_ov_alloc(ov.allocator, ov.len, 0));
	ret = row_measure(conf, (struct bench_side[]){ { ours, &ov }, { rival, &ov } }, res);
	acceldev_ov_put(ov.allocator);
	return ret;
}

static int
run_malloc(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_pair(row, conf, res, SOFT, alloc_free, pair_malloc);
}

static int
run_memalign(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_pair(row, conf, res, SOFT, alloc_free, pair_memalign);
}

static int
run_ordinary(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_pair(row, conf, res, NULL, alloc_free, pair_memalign);
}

static int
run_lock(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_pair(row, conf, res, SOFT, lock_unlock, pair_malloc);
}

static int
measure_touch(const struct bench_conf *conf, struct ov side[2], struct result *res)
{
	int ret;

	if (side[BENCH_OURS].touched == NULL || side[BENCH_RIVAL].touched == NULL)
		return -ENOMEM;
	ret = row_measure(conf, (struct bench_side[]){ { touch, &side[BENCH_OURS] },
			{ touch, &side[BENCH_RIVAL] } }, res);
	for (int s = 0; ret == 0 && s < 2; s++)
		res->value[s] = 2.0 * TOUCH / res->value[s];
	return ret;
}

static int
run_touch(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	const char *spec = row->arg.live != 0 ? SOFT : NULL;
	struct ov side[2] = { { .len = TOUCH }, { .touched = malloc(TOUCH) } };
	int ret = acceldev_ov_create(spec, ACCELDEV_OV_HOST, 0, &side[BENCH_OURS].allocator);
	void *handle;

	if (ret == 0) {
		handle = acceldev_ov_alloc(side[BENCH_OURS].allocator, TOUCH, 0);
		side[BENCH_OURS].touched = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
		ret = measure_touch(conf, side, res);
		acceldev_ov_free(handle);
		acceldev_ov_put(side[BENCH_OURS].allocator);
	}
	free(side[BENCH_RIVAL].touched);
	return ret;
}

#define MEMALIGN "posix_memalign(64) + free"

const struct row rows_openvino[] = {
	{
		.name = "ov-64", .unit = "ns", .rival = "malloc + free",
		.text = "allocator for OpenVINO on soft: alloc + free, 64 B",
		.run = run_malloc, .arg = { .len = 64 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-4k", .unit = "ns", .rival = MEMALIGN, .text = "the same with 4 KiB",
		.run = run_memalign, .arg = { .len = 4096 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-1m", .unit = "ns", .rival = MEMALIGN, .text = "the same with 1 MiB",
		.run = run_memalign, .arg = { .len = 1u << 20 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-16m", .unit = "ns", .rival = MEMALIGN, .text = "the same with 16 MiB",
		.run = run_memalign, .arg = { .len = 16u << 20 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-16m-malloc", .unit = "ns", .rival = "malloc + free",
		.text = "the same, another rival",
		.run = run_malloc, .arg = { .len = 16u << 20 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-ordinary-4k", .unit = "ns", .rival = MEMALIGN,
		.text = "without a device, 4 KiB",
		.run = run_ordinary, .arg = { .len = 4096 }, .goal = { .max_ours = 200 },
	},
	{
		.name = "ov-lock", .unit = "ns", .rival = "malloc + free",
		.text = "lock + unlock, memory of the host",
		.run = run_lock, .arg = { .len = 4096 },
	},
	{
		.name = "ov-touch", .unit = "GB/s", .rival = "malloc",
		.text = "writing and reading 64 MiB of it, on soft",
		.run = run_touch, .arg = { .live = 1 }, .goal = { .min_ratio = 1 },
	},
	{
		.name = "ov-ordinary-touch", .unit = "GB/s", .rival = "malloc",
		.text = "the same without a device",
		.run = run_touch,
	},
	{ .name = NULL },
};
