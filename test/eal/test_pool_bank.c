/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Pools of buffers, and the memory of banks.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_mempool.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define PAGE     4096u
#define NB_BUFS  200u
#define BUF_LEN  100u
#define NAME_25  "abcdefghijklmnopqrstuvwxy"

static uint16_t dev;
static struct soft_usage before;

/* The first pool makes an arena and EAL's books, which stay. */
static void
begin(const char *spec)
{
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 1, .buf_len = 1 };
	struct accel_pool *pool;

	dev = soft_open(spec);
	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL(accel_pool_create("first", dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	before = soft_usage_get(dev);
}

static void
end(void)
{
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

static struct accel_pool_conf
usual_conf(void)
{
	return (struct accel_pool_conf){ .size = sizeof(struct accel_pool_conf), .nb_bufs = NB_BUFS,
		.cache_size = 32, .buf_len = BUF_LEN };
}

static struct accel_pool *
make_pool(const struct accel_pool_conf *conf)
{
	struct accel_pool *pool = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_pool_create("pool", dev, conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_pool_avail(pool), conf->nb_bufs);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 1);
	return pool;
}

static void
expect_no_pool(const char *name, const struct accel_pool_conf *conf, int err)
{
	struct accel_pool *pool = (struct accel_pool *)&pool;

	SOFT_ASSERT_FAILS(accel_pool_create(name, dev, conf, &pool), err);
	CU_ASSERT_PTR_EQUAL(pool, &pool);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
}

/*
 * Making pools
 */

static void
expect_bad_conf(struct accel_pool_conf conf)
{
	expect_no_pool("bad", &conf, -EINVAL);
}

static void
bad_confs(void)
{
	static const size_t aligns[] = { 1, 3, 63, 65, 4u << 20, SIZE_MAX, SIZE_MAX / 2 + 1 };
	static const size_t lens[] = { 0, SIZE_MAX, SIZE_MAX / 8, SIZE_MAX / NB_BUFS,
			SIZE_MAX / NB_BUFS - 63, PTRDIFF_MAX, SIZE_MAX - 62 };
	static const uint32_t numbers[] = { UINT32_MAX, UINT32_MAX - 1, (1u << 31) + 1, 1u << 31,
			(1u << 31) - 1, (1u << 30) + 1, 1u << 30, (1u << 30) - 1 };
	struct accel_pool_conf conf;
	unsigned int i;

	begin("soft:0");
	for (i = 1; i < RTE_DIM(aligns); i++) {
		conf = usual_conf();
		conf.align = aligns[i];
		expect_bad_conf(conf);
	}
	for (i = 0; i < RTE_DIM(lens); i++) {
		conf = usual_conf();
		conf.buf_len = lens[i];
		expect_bad_conf(conf);
		conf.align = 2u << 20;
		expect_bad_conf(conf);
	}
	for (i = 0; i < 32; i++) {
		conf = usual_conf();
		conf.flags = 1u << i;
		if (conf.flags != ACCEL_BUF_ZERO && conf.flags != ACCEL_BUF_READ_ONLY &&
				conf.flags != ACCEL_BUF_ISOLATED)
			expect_bad_conf(conf);
	}
	conf = usual_conf();
	conf.nb_bufs = 0;
	conf.cache_size = 0;
	expect_bad_conf(conf);
	for (i = 0; i < RTE_DIM(numbers); i++) {
		conf.nb_bufs = numbers[i];
		expect_bad_conf(conf);
	}
	conf = usual_conf();
	conf.size = 0;
	expect_bad_conf(conf);
	conf.size = sizeof(conf) - 1;
	expect_bad_conf(conf);
	conf.size = SIZE_MAX;
	expect_bad_conf(conf);
	expect_no_pool("bad", NULL, -EINVAL);
	conf = usual_conf();
	SOFT_ASSERT_FAILS(accel_pool_create("bad", dev, &conf, NULL), -EINVAL);
	end();
}

static void
expect_cache(uint32_t nb_bufs, uint32_t cache_size, int want)
{
	struct accel_pool_conf conf = usual_conf();

	conf.nb_bufs = nb_bufs;
	conf.cache_size = cache_size;
	if (want == 0)
		CU_ASSERT_EQUAL(accel_pool_destroy(make_pool(&conf)), 0)
	else
		expect_no_pool("cache", &conf, want);
}

static void
cache_limits(void)
{
	begin("soft:0");
	expect_cache(1, 0, 0);
	expect_cache(1, 1, -EINVAL);
	expect_cache(3, 2, 0);
	expect_cache(3, 3, -EINVAL);
	expect_cache(100, 66, 0);
	expect_cache(100, 67, -EINVAL);
	expect_cache(768, RTE_MEMPOOL_CACHE_MAX_SIZE, 0);
	expect_cache(767, RTE_MEMPOOL_CACHE_MAX_SIZE, -EINVAL);
	expect_cache(4096, RTE_MEMPOOL_CACHE_MAX_SIZE, 0);
	expect_cache(4096, RTE_MEMPOOL_CACHE_MAX_SIZE + 1, -EINVAL);
	expect_cache(4096, UINT32_MAX, -EINVAL);
	end();
}

static void
names(void)
{
	struct accel_pool_conf conf = usual_conf();
	struct rte_mempool *mp;
	struct accel_pool *pool, *other;

	begin("soft:0");
	expect_no_pool(NULL, &conf, -EINVAL);
	expect_no_pool("", &conf, -EINVAL);
	expect_no_pool(NAME_25 "z", &conf, -EINVAL);
	expect_no_pool(NAME_25 NAME_25 NAME_25 NAME_25 NAME_25 NAME_25, &conf, -EINVAL);
	mp = rte_mempool_create_empty("taken", 8, 64, 0, 0, -1, 0);
	CU_ASSERT_FATAL(mp != NULL);
	expect_no_pool("taken", &conf, -EEXIST);
	rte_mempool_free(mp);
	CU_ASSERT_EQUAL(accel_pool_create("taken", dev, &conf, &other), 0);
	CU_ASSERT_EQUAL(accel_pool_create(NAME_25, dev, &conf, &pool), 0);
	CU_ASSERT_STRING_EQUAL(accel_pool_mempool(pool)->name, NAME_25);
	SOFT_ASSERT_FAILS(accel_pool_create(NAME_25, dev, &conf, &pool), -EEXIST);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 2);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	CU_ASSERT_EQUAL(accel_pool_create(NAME_25, dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	CU_ASSERT_EQUAL(accel_pool_destroy(other), 0);
	CU_ASSERT_EQUAL(accel_pool_destroy(NULL), 0);
	CU_ASSERT_EQUAL(accel_pool_avail(NULL), 0);
	end();
}

/* The buffers have room, the mempool has none: all is given back. */
static void
no_memory_for_the_mempool(void)
{
	struct accel_pool_conf conf = usual_conf();
	struct accel_pool *pool = NULL;
	int ret;

	begin("soft:0,mem=memfd");
	conf.buf_len = 1;
	for (conf.nb_bufs = 200000000; conf.nb_bufs < 1u << 30; conf.nb_bufs *= 2) {
		soft_log_begin();
		ret = accel_pool_create("large", dev, &conf, &pool);
		CU_ASSERT(soft_log_end() > 0);
		CU_ASSERT_EQUAL(ret, -ENOMEM);
		CU_ASSERT_PTR_NULL(pool);
		CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
		CU_ASSERT_PTR_NULL(rte_mempool_lookup("large"));
	}
	conf = usual_conf();
	CU_ASSERT_EQUAL(accel_pool_create("large", dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	soft_close(dev);
}

/*
 * Using pools
 */

static int
compare_bufs(const void *a, const void *b)
{
	const struct accel_buf *const *x = a, *const *y = b;

	return (*x)->va < (*y)->va ? -1 : (*x)->va > (*y)->va;
}

static void
expect_good_bufs(struct accel_buf **bufs, const struct accel_pool_conf *conf)
{
	size_t align = RTE_MAX(conf->align, (size_t)ACCEL_BUF_MIN_ALIGN);
	unsigned int i;
	uint64_t iova;

	qsort(bufs, conf->nb_bufs, sizeof(*bufs), compare_bufs);
	for (i = 0; i < conf->nb_bufs; i++) {
		const struct accel_buf *buf = bufs[i];

		CU_ASSERT_EQUAL(buf->len, conf->buf_len);
		CU_ASSERT_EQUAL(buf->flags, conf->flags);
		CU_ASSERT_EQUAL(buf->dev_id, dev);
		CU_ASSERT_EQUAL((uintptr_t)buf->va % align, 0);
		CU_ASSERT_EQUAL(buf->iova % align, 0);
		CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, buf->va, buf->len, &iova), 0);
		CU_ASSERT_EQUAL(iova, buf->iova);
		CU_ASSERT(i == 0 || (uintptr_t)bufs[i - 1]->va + RTE_ALIGN(conf->buf_len, 64) <=
				(uintptr_t)buf->va);
	}
}

static void
use_pool(struct accel_pool_conf conf)
{
	struct accel_buf **bufs = calloc(conf.nb_bufs, sizeof(*bufs)), *more = NULL;
	struct accel_pool *pool = make_pool(&conf);
	unsigned int i;

	for (i = 0; i < conf.nb_bufs; i++)
		CU_ASSERT_EQUAL_FATAL(accel_pool_get(pool, &bufs[i]), 0);
	CU_ASSERT_EQUAL(accel_pool_get(pool, &more), -ENOENT);
	CU_ASSERT_PTR_NULL(more);
	CU_ASSERT_EQUAL(accel_pool_avail(pool), 0);
	expect_good_bufs(bufs, &conf);
	for (i = 0; i < conf.nb_bufs; i++) {
		if ((conf.flags & ACCEL_BUF_ZERO) != 0)
			CU_ASSERT_EQUAL(*(unsigned char *)bufs[i]->va, 0);
		memset(bufs[i]->va, (int)i, conf.buf_len);
	}
	for (i = 0; i < conf.nb_bufs; i++) {
		CU_ASSERT_EQUAL(((unsigned char *)bufs[i]->va)[0], (unsigned char)i);
		CU_ASSERT_EQUAL(((unsigned char *)bufs[i]->va)[conf.buf_len - 1], (unsigned char)i);
		SOFT_ASSERT_FAILS(accel_pool_destroy(pool), -EBUSY);
		accel_pool_put(pool, bufs[i]);
	}
	CU_ASSERT_EQUAL(accel_pool_avail(pool), conf.nb_bufs);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	free(bufs);
}

static void
buffers_of_pools(void)
{
	static const uint32_t flags[] = { 0, ACCEL_BUF_ZERO, ACCEL_BUF_READ_ONLY,
			ACCEL_BUF_ISOLATED,
			ACCEL_BUF_ISOLATED | ACCEL_BUF_READ_ONLY | ACCEL_BUF_ZERO };
	static const size_t aligns[] = { 0, 1, 64, 256, PAGE, 64 << 10 };
	static const size_t lens[] = { 1, 63, 64, 65, 1500, 9000 };
	struct accel_pool_conf conf;
	unsigned int i, j;

	begin("soft:0");
	for (i = 0; i < RTE_DIM(flags); i++) {
		for (j = 0; j < RTE_DIM(lens); j++) {
			conf = usual_conf();
			conf.flags = flags[i];
			conf.buf_len = lens[j];
			conf.align = aligns[j];
			conf.nb_bufs = 150;
			conf.cache_size = j * 20;
			use_pool(conf);
		}
	}
	soft_close(dev);
}

static void
bulk_is_all_or_nothing(void)
{
	struct accel_pool_conf conf = usual_conf();
	struct accel_buf *bufs[NB_BUFS + 1] = { NULL };
	struct accel_pool *pool;

	begin("soft:0");
	pool = make_pool(&conf);
	CU_ASSERT_EQUAL(accel_pool_get_bulk(pool, bufs, NB_BUFS + 1), -ENOENT);
	CU_ASSERT_EQUAL(accel_pool_avail(pool), NB_BUFS);
	CU_ASSERT_EQUAL(accel_pool_get_bulk(pool, bufs, NB_BUFS - 1), 0);
	CU_ASSERT_EQUAL(accel_pool_get_bulk(pool, &bufs[NB_BUFS - 1], 2), -ENOENT);
	CU_ASSERT_EQUAL(accel_pool_avail(pool), 1);
	CU_ASSERT_EQUAL(accel_pool_get_bulk(pool, &bufs[NB_BUFS - 1], 1), 0);
	expect_good_bufs(bufs, &conf);
	SOFT_ASSERT_FAILS(accel_buf_free(bufs[0]), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(bufs[0]), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 1);
	accel_pool_put_bulk(pool, bufs, NB_BUFS);
	SOFT_ASSERT_FAILS(accel_buf_free(bufs[0]), -EINVAL);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	end();
}

/* A plain thread has no cache. The first byte of a buffer says whether somebody has it. */
static void *
take_and_give(void *arg)
{
	struct accel_pool *pool = arg;
	struct accel_buf *bufs[50];
	uintptr_t wrong = 0;
	int i, j;

	for (i = 0; i < 1000; i++) {
		if (accel_pool_get_bulk(pool, bufs, 50) != 0) {
			wrong++;
			continue;
		}
		for (j = 0; j < 50; j++)
			wrong += __atomic_exchange_n((char *)bufs[j]->va, 1, __ATOMIC_ACQ_REL) != 0;
		for (j = 0; j < 50; j++)
			wrong += __atomic_exchange_n((char *)bufs[j]->va, 0, __ATOMIC_ACQ_REL) != 1;
		accel_pool_put_bulk(pool, bufs, 50);
	}
	return (void *)wrong;
}

static void
pool_in_other_threads(void)
{
	struct accel_pool_conf conf = usual_conf();
	struct accel_pool *pool;
	struct accel_buf *buf;
	pthread_t threads[2];
	void *wrong = NULL;
	int i;

	begin("soft:0");
	conf.flags = ACCEL_BUF_ZERO;
	pool = make_pool(&conf);
	/* This thread is an lcore: its cache is filled and keeps some. */
	CU_ASSERT_EQUAL(accel_pool_get(pool, &buf), 0);
	accel_pool_put(pool, buf);
	for (i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, take_and_give, pool), 0);
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &wrong);
		CU_ASSERT_PTR_NULL(wrong);
	}
	CU_ASSERT_EQUAL(accel_pool_avail(pool), NB_BUFS);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	end();
}

static void
access_of_the_device(void)
{
	struct accel_op op = { .type = ACCEL_OP_FILL, .pattern = ~UINT64_C(0) }, *list[] = { &op };
	struct accel_pool_conf conf = usual_conf();
	struct accel_pool *pool;
	struct accel_buf *buf;
	uint64_t iova;
	int i;

	begin("soft:0");
	for (i = 0; i < 3; i++) {
		conf.flags = i == 1 ? ACCEL_BUF_READ_ONLY : i == 2 ? ACCEL_BUF_ISOLATED : 0;
		pool = make_pool(&conf);
		CU_ASSERT_EQUAL(accel_pool_get(pool, &buf), 0);
		op.dst = buf->iova;
		op.len = buf->len;
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 1), 1);
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 1), 1);
		CU_ASSERT_EQUAL(op.status, i == 1 ? ACCEL_STATUS_PERMISSION : ACCEL_STATUS_SUCCESS);
		/* Only the buffers are reachable, not their descriptors. */
		CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, buf, sizeof(*buf), &iova), -ENOENT);
		accel_pool_put(pool, buf);
		CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 1), 1);
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 1), 1);
		if (i == 2)
			CU_ASSERT_EQUAL(op.status, ACCEL_STATUS_BAD_ADDRESS);
	}
	soft_close(dev);
}

/*
 * Banks
 */

#define BANK_LEN 65536u

static struct accel_bank_info
bank_info(uint16_t bank)
{
	struct accel_bank_info info = { 0 };

	CU_ASSERT_EQUAL_FATAL(accel_bank_info_get(dev, bank, &info), 0);
	return info;
}

static void
expect_empty(uint16_t bank)
{
	struct accel_bank_info info = bank_info(bank);

	CU_ASSERT_EQUAL(info.base, 0);
	CU_ASSERT_EQUAL(info.len, BANK_LEN);
	CU_ASSERT_EQUAL(info.free_bytes, BANK_LEN);
	CU_ASSERT_EQUAL(info.largest_free, BANK_LEN);
}

static void
expect_no_bank_memory(uint16_t bank, uint64_t len, uint64_t align, int err)
{
	uint64_t addr = 77;

	SOFT_ASSERT_FAILS(accel_bank_alloc(dev, bank, len, align, &addr), err);
	CU_ASSERT_EQUAL(addr, 77);
}

static void
bank_bad_arguments(void)
{
	dev = soft_open("soft:0,banks=2,bank_size=64K");
	expect_no_bank_memory(0, 0, 0, -EINVAL);
	expect_no_bank_memory(0, 64, 3, -EINVAL);
	expect_no_bank_memory(0, 64, UINT64_MAX, -EINVAL);
	expect_no_bank_memory(2, 64, 0, -EINVAL);
	expect_no_bank_memory(UINT16_MAX, 64, 0, -EINVAL);
	expect_no_bank_memory(0, BANK_LEN + 1, 0, -ENOSPC);
	expect_no_bank_memory(0, UINT64_MAX, 0, -ENOSPC);
	expect_no_bank_memory(0, UINT64_MAX, UINT64_C(1) << 63, -ENOSPC);
	SOFT_ASSERT_FAILS(accel_bank_info_get(dev, 2, &(struct accel_bank_info){ 0 }), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 2, 0), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, 0), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, BANK_LEN), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, UINT64_MAX), -EINVAL);
	expect_empty(0);
	expect_empty(1);
	soft_close(dev);
	dev = soft_open("soft:0");
	expect_no_bank_memory(0, 64, 0, -EINVAL);
	soft_close(dev);
}

static void
bank_is_used_up(void)
{
	uint64_t addrs[BANK_LEN / 64], addr;
	unsigned int i;

	dev = soft_open("soft:0,banks=2,bank_size=64K");
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 1, BANK_LEN, 0, &addr), 0);
	expect_no_bank_memory(1, 1, 0, -ENOSPC);
	CU_ASSERT_EQUAL(bank_info(1).free_bytes, 0);
	CU_ASSERT_EQUAL(bank_info(1).largest_free, 0);
	expect_empty(0);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 1, addr), 0);
	for (i = 0; i < RTE_DIM(addrs); i++) {
		CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 64, 0, &addrs[i]), 0);
		CU_ASSERT_EQUAL(addrs[i] % 64, 0);
	}
	expect_no_bank_memory(0, 1, 1, -ENOSPC);
	for (i = 0; i < RTE_DIM(addrs); i += 2)
		CU_ASSERT_EQUAL(accel_bank_free(dev, 0, addrs[i]), 0);
	CU_ASSERT_EQUAL(bank_info(0).free_bytes, BANK_LEN / 2);
	CU_ASSERT_EQUAL(bank_info(0).largest_free, 64);
	expect_no_bank_memory(0, 65, 1, -ENOSPC);
	for (i = 0; i < RTE_DIM(addrs); i += 2)
		SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, addrs[i]), -EINVAL);
	for (i = 1; i < RTE_DIM(addrs); i += 2)
		CU_ASSERT_EQUAL(accel_bank_free(dev, 0, addrs[i]), 0);
	expect_empty(0);
	soft_close(dev);
}

static void
bank_wrong_frees(void)
{
	uint64_t a, b, off;

	dev = soft_open("soft:0,banks=2,bank_size=64K");
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 64, 64, &a), 0);
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 200, 4096, &b), 0);
	CU_ASSERT_EQUAL(b % 4096, 0);
	for (off = 1; off < 200; off++)
		SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, b + off), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 1, b), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, a), 0);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, a), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, b), 0);
	expect_empty(0);
	soft_close(dev);
}

static void
bank_alignments(void)
{
	uint64_t align, addr, first;

	dev = soft_open("soft:0,banks=1,bank_size=64K");
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 1, 0, &first), 0);
	for (align = 1; align != 0; align *= 2) {
		if (align >= BANK_LEN) { /* address 0 alone is such a multiple, and it is taken */
			expect_no_bank_memory(0, 1, align, -ENOSPC);
			continue;
		}
		CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 10, align, &addr), 0);
		CU_ASSERT_EQUAL(addr % align, 0);
		CU_ASSERT(addr + 10 <= BANK_LEN);
		CU_ASSERT_EQUAL(accel_bank_free(dev, 0, addr), 0);
	}
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, first), 0);
	soft_close(dev);
}

/* Random ranges against a model with one byte for each of the bank's. */
static void
bank_ranges_do_not_overlap(void)
{
	static unsigned char used[BANK_LEN];
	struct { uint64_t addr, len; } live[100] = { { 0, 0 } };
	uint64_t state = 99, free_bytes = BANK_LEN, len;
	unsigned int i, slot;
	int ret;

	dev = soft_open("soft:0,banks=256,bank_size=64K");
	memset(used, 0, sizeof(used));
	for (i = 0; i < 20000; i++) {
		slot = soft_random(&state) % RTE_DIM(live);
		if (live[slot].len != 0) {
			CU_ASSERT_EQUAL(accel_bank_free(dev, 255, live[slot].addr), 0);
			memset(used + live[slot].addr, 0, live[slot].len);
			free_bytes += live[slot].len;
			live[slot].len = 0;
			continue;
		}
		len = 1 + soft_random(&state) % 1500;
		soft_log_begin();
		ret = accel_bank_alloc(dev, 255, len, UINT64_C(1) << soft_random(&state) % 10,
				&live[slot].addr);
		soft_log_end();
		CU_ASSERT(ret == 0 || (ret == -ENOSPC && bank_info(255).largest_free < len + 512));
		if (ret != 0)
			continue;
		live[slot].len = len;
		free_bytes -= len;
		CU_ASSERT_FATAL(live[slot].addr + len <= BANK_LEN);
		CU_ASSERT_PTR_NULL(memchr(used + live[slot].addr, 1, len));
		memset(used + live[slot].addr, 1, len);
		CU_ASSERT_EQUAL(bank_info(255).free_bytes, free_bytes);
	}
	for (slot = 0; slot < RTE_DIM(live); slot++) {
		if (live[slot].len != 0)
			CU_ASSERT_EQUAL(accel_bank_free(dev, 255, live[slot].addr), 0);
	}
	expect_empty(255);
	expect_empty(0);
	soft_close(dev);
}

static const struct test_case pool_cases[] = {
	{ "bad confs", bad_confs },
	{ "cache limits", cache_limits },
	{ "names", names },
	{ "no memory for the mempool", no_memory_for_the_mempool },
	{ "buffers of pools", buffers_of_pools },
	{ "bulk is all or nothing", bulk_is_all_or_nothing },
	{ "other threads", pool_in_other_threads },
	{ "access of the device", access_of_the_device },
	{ NULL, NULL },
};

static const struct test_case bank_cases[] = {
	{ "bad arguments", bank_bad_arguments },
	{ "used up", bank_is_used_up },
	{ "wrong frees", bank_wrong_frees },
	{ "alignments", bank_alignments },
	{ "ranges do not overlap", bank_ranges_do_not_overlap },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "pool", NULL, NULL, pool_cases },
	{ "bank", NULL, NULL, bank_cases },
	{ NULL, NULL, NULL, NULL },
};
