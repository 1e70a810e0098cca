/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * EAL's heap mapped for a device: what it reaches, when that is refused, and what is given back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include "eal_mem_case.h"

#define PAGE 4096u

static uint16_t
open_mapped(const char *spec)
{
	uint16_t dev = soft_open(spec);

	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	return dev;
}

static uint32_t
count_entries(uint16_t dev)
{
	struct accel_map map;
	uint64_t iova = 0;
	uint32_t n = 0;

	for (; accel_dev_map_next(dev, iova, &map) == 0; iova = map.iova + map.len)
		n++;
	CU_ASSERT_EQUAL(soft_info(dev).maps, n);
	return n;
}

static void *
must_malloc(size_t len)
{
	void *va = rte_malloc(NULL, len, PAGE);

	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	return va;
}

static void
fail_once(uint16_t dev, int err)
{
	struct accel_dev_info before = soft_info(dev), after;
	void *va;

	SOFT_ASSERT_FAILS(accel_dev_map_eal(dev), err);
	after = soft_info(dev);
	CU_ASSERT_EQUAL(after.maps, before.maps);
	CU_ASSERT_EQUAL(after.mapped_bytes, before.mapped_bytes);
	CU_ASSERT_EQUAL(after.eal_bytes, 0);
	/* Nor is anybody left who listens to EAL. */
	va = must_malloc(4 * MIB);
	after = soft_info(dev);
	CU_ASSERT_EQUAL(after.maps, before.maps);
	CU_ASSERT_EQUAL(after.eal_missed, 0);
	rte_free(va);
}

/*
 * Reach
 */

struct page_check {
	uint16_t dev;
	uint64_t bytes;
	unsigned int wrong;
};

static int
check_page(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	struct page_check *check = arg;

	if (msl->external == 0) {
		check->bytes += ms->len;
		check->wrong += !reaches(check->dev, ms->addr, ms->len);
	} else {
		check->wrong += touches(check->dev, ms->addr, ms->len);
	}
	return 0;
}

static void
expect_all_reached(uint16_t dev)
{
	struct page_check check = { .dev = dev };
	struct accel_dev_info info = soft_info(dev);

	rte_memseg_walk(check_page, &check);
	CU_ASSERT_EQUAL(check.wrong, 0);
	CU_ASSERT(check.bytes > 0);
	CU_ASSERT_EQUAL(info.eal_bytes, check.bytes);
	CU_ASSERT_EQUAL(info.eal_missed, 0);
}

static void
every_page(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(both_specs); i++) {
		uint16_t dev = open_mapped(both_specs[i]);

		expect_all_reached(dev);
		if (!eal_has_hugepages())
			CU_ASSERT_EQUAL(count_entries(dev), 1);
		soft_close(dev);
	}
}

static void
copy_mbufs(uint16_t dev, struct rte_mempool *mp)
{
	struct rte_mbuf *m[2];
	char *from, *to;

	CU_ASSERT_EQUAL_FATAL(rte_pktmbuf_alloc_bulk(mp, m, 2), 0);
	from = rte_pktmbuf_append(m[0], 1500);
	to = rte_pktmbuf_append(m[1], 1500);
	memset(from, 0x5a, 1500);
	memset(to, 0, 1500);
	if (is_edu(dev))
		CU_ASSERT_NOT_EQUAL(copy_host(dev, true, (uintptr_t)from, (uintptr_t)to, 1500), 0);
	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	CU_ASSERT_EQUAL(copy_host(dev, is_edu(dev), (uintptr_t)from, (uintptr_t)to, 1500), 0);
	CU_ASSERT_EQUAL(memcmp(from, to, 1500), 0);
	if (rte_eal_iova_mode() == RTE_IOVA_VA)
		CU_ASSERT_EQUAL(rte_pktmbuf_iova(m[0]), (uintptr_t)from);
	rte_pktmbuf_free_bulk(m, 2);
}

static void
ordinary_mbufs(void)
{
	struct rte_mempool *mp = make_pool("mbufs", 63, SOCKET_ID_ANY);
	unsigned int i;

	for (i = 0; i < RTE_DIM(both_specs); i++) {
		uint16_t dev = soft_open(both_specs[i]);

		soft_run(dev, 1, 0, 0);
		copy_mbufs(dev, mp);
		soft_close(dev);
	}
	rte_mempool_free(mp);
}

static bool
heap_grows(void)
{
	if (!eal_has_hugepages())
		test_skip("EAL's heap does not grow without hugepages");
	else if (eal_keeps_hugepages())
		test_skip("EAL's heap has room before it grows");
	else
		return true;
	return false;
}

/* Pages that EAL never frees share an entry; those it took later have one each. */
static void
kept_pages(void)
{
	uint16_t dev;
	void *va;

	if (!eal_keeps_hugepages()) {
		test_skip("this run is without pages that EAL keeps");
		return;
	}
	dev = open_mapped(EDU);
	CU_ASSERT_EQUAL(count_entries(dev), 1);
	expect_all_reached(dev);
	va = rte_malloc(NULL, 34 * MIB, PAGE);
	if (va != NULL) {
		CU_ASSERT(reaches(dev, va, 34 * MIB));
		CU_ASSERT(count_entries(dev) >= 1 + 17);
		expect_all_reached(dev);
	} else {
		test_skip("too few hugepages are free to grow");
	}
	rte_free(va);
	CU_ASSERT_EQUAL(count_entries(dev), 1);
	expect_all_reached(dev);
	soft_close(dev);
}

/* The heap grows by whole pages and gives them back; with that come and go the entries. */
static void
grow_and_shrink(void)
{
	struct soft_usage before;
	unsigned int i;
	uint16_t dev;
	void *va;

	if (!heap_grows())
		return;
	for (i = 0; i < RTE_DIM(both_specs); i++) {
		dev = open_mapped(both_specs[i]);
		before = soft_usage_get(dev);
		va = must_malloc(10 * MIB);
		CU_ASSERT(reaches(dev, va, 10 * MIB));
		CU_ASSERT(soft_info(dev).maps >= before.maps + 5);
		expect_all_reached(dev);
		rte_free(va);
		CU_ASSERT_FALSE(touches(dev, (char *)va + 2 * MIB, 6 * MIB));
		expect_all_reached(dev);
		SOFT_ASSERT_NO_LEAK(dev, before);
		soft_close(dev);
	}
}

/* EAL frees in other pieces than it allocated. */
static void
freed_in_parts(void)
{
	uint16_t dev = open_mapped(EDU);
	struct soft_usage before = soft_usage_get(dev);
	void *va[6];
	unsigned int i;

	for (i = 0; i < RTE_DIM(va); i++)
		va[i] = must_malloc(3 * MIB);
	for (i = 0; i < RTE_DIM(va); i += 2)
		rte_free(va[i]);
	for (i = 1; i < RTE_DIM(va); i += 2)
		CU_ASSERT(reaches(dev, va[i], 3 * MIB));
	expect_all_reached(dev);
	for (i = 1; i < RTE_DIM(va); i += 2)
		rte_free(va[i]);
	expect_all_reached(dev);
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

static void
nothing_stays_behind(void)
{
	struct test_usage before = test_usage_get();
	unsigned int i;
	void *va;

	for (i = 0; i < 2 * RTE_DIM(both_specs); i++)
		soft_close(open_mapped(both_specs[i % 2]));
	va = must_malloc(6 * MIB); /* nobody listens any more */
	rte_free(va);
	TEST_ASSERT_NO_LEAK(before);
}

/* External memory is not EAL's own. */
static void
external_memory(void)
{
	void *va = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint16_t dev, other = soft_open(EDU2);
	struct accel_buf *buf = NULL;
	int socket;
	void *obj;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(rte_extmem_register(va, 4 * MIB, NULL, 0, PAGE), 0);
	socket = accel_dev_heap_create(other, 4 * MIB);
	CU_ASSERT_FATAL(socket >= 0);
	dev = open_mapped(EDU);
	CU_ASSERT_FALSE(touches(dev, va, 4 * MIB));
	obj = rte_malloc_socket(NULL, PAGE, PAGE, socket);
	CU_ASSERT_PTR_NOT_NULL_FATAL(obj);
	CU_ASSERT_FALSE(touches(dev, obj, PAGE));
	expect_all_reached(dev);
	CU_ASSERT_EQUAL(accel_buf_import(dev, va, 4 * MIB, 0, NULL, NULL, &buf), 0);
	CU_ASSERT(reaches(dev, va, 4 * MIB));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	rte_free(obj);
	/* A heap that comes and goes while the map is there is no event of it. */
	CU_ASSERT_EQUAL(accel_dev_heap_destroy(other), 0);
	socket = accel_dev_heap_create(other, 2 * MIB);
	CU_ASSERT(socket >= 0);
	expect_all_reached(dev);
	soft_close(other);
	soft_close(dev);
	CU_ASSERT_EQUAL(rte_extmem_unregister(va, 4 * MIB), 0);
	munmap(va, 4 * MIB);
}

/*
 * Together with buffers
 */

/* An import that was there first stays, and when it goes its memory is the map's. */
static void
import_before(void)
{
	char *va = must_malloc(4 * PAGE);
	struct accel_buf *buf = NULL;
	uint32_t maps, huge = eal_has_hugepages();
	uint16_t dev = soft_open(EDU);

	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va + PAGE, PAGE, 0, NULL, NULL, &buf), 0);
	CU_ASSERT_EQUAL(buf->iova, (uintptr_t)buf->va);
	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	maps = count_entries(dev);
	CU_ASSERT(maps >= 3);
	CU_ASSERT(reaches(dev, va, 4 * PAGE));
	CU_ASSERT_EQUAL(soft_info(dev).eal_bytes, soft_info(dev).mapped_bytes - PAGE);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(count_entries(dev), maps);
	CU_ASSERT_EQUAL(soft_info(dev).eal_bytes, soft_info(dev).mapped_bytes);
	expect_all_reached(dev);
	rte_free(va);
	if (huge == 0)
		expect_all_reached(dev);
	soft_close(dev);
}

/* The same with another device's import that this one was given a share of. */
static void
share_before(void)
{
	char *va = must_malloc(4 * PAGE);
	struct accel_buf *buf = NULL;
	uint16_t a = soft_open(EDU), b = soft_open(EDU2);
	uint32_t maps;

	CU_ASSERT_EQUAL_FATAL(accel_buf_import(a, va + PAGE, PAGE, 0, NULL, NULL, &buf), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_share(buf, b), 0);
	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(b), 0);
	maps = count_entries(b);
	CU_ASSERT_EQUAL(accel_buf_unshare(buf, b), 0);
	CU_ASSERT_EQUAL(count_entries(b), maps);
	expect_all_reached(b);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_FALSE(touches(a, va, 4 * PAGE));
	soft_close(a);
	soft_close(b);
	rte_free(va);
}

static void
import_read_only(void)
{
	char *va = must_malloc(PAGE);
	struct accel_buf *buf = NULL;
	unsigned int i;

	for (i = 0; i < RTE_DIM(both_specs); i++) {
		uint16_t dev = soft_open(both_specs[i]);

		CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, PAGE, ACCEL_BUF_READ_ONLY, NULL,
				NULL, &buf), 0);
		fail_once(dev, -EADDRINUSE);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
		expect_all_reached(dev);
		soft_close(dev);
	}
	rte_free(va);
}

static void
arena_after(void)
{
	struct accel_dev_info info;
	struct accel_buf *buf;
	unsigned int i;

	if (!eal_has_hugepages()) {
		test_skip("without hugepages no arena comes from EAL's heap");
		return;
	}
	for (i = 0; i < RTE_DIM(both_specs); i++) {
		uint16_t dev = open_mapped(both_specs[i]);
		struct accel_arena_info arena;

		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, PAGE, 0, 0, &buf), 0);
		CU_ASSERT_EQUAL_FATAL(accel_arena_info_get(dev, 0, &arena), 0);
		if (arena.backing == ACCEL_BACKING_MEMZONE) {
			info = soft_info(dev);
			CU_ASSERT_EQUAL(buf->iova, (uintptr_t)buf->va);
			CU_ASSERT(reaches(dev, arena.va, arena.len));
			CU_ASSERT_EQUAL(info.eal_bytes, info.mapped_bytes);
			if (!eal_keeps_hugepages())
				CU_ASSERT_EQUAL(info.maps, info.eal_bytes / (2 * MIB));
		} else {
			test_skip("too few hugepages are free for an arena from EAL's heap");
		}
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		expect_all_reached(dev);
		soft_close(dev);
	}
}

static void
arena_before(void)
{
	uint16_t dev = soft_open(EDU);
	struct accel_arena_info arena;
	struct accel_buf *buf;
	uint64_t iova;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, PAGE, 0, 0, &buf), 0);
	CU_ASSERT_EQUAL_FATAL(accel_arena_info_get(dev, 0, &arena), 0);
	iova = buf->iova;
	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).mapped_bytes - soft_info(dev).eal_bytes, arena.len);
	CU_ASSERT(reaches(dev, arena.va, arena.len));
	CU_ASSERT_EQUAL(buf->iova, iova);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * Refusals
 */

static void
too_narrow(void)
{
	uint16_t dev = soft_open(EDU_NARROW);

	fail_once(dev, -ERANGE);
	soft_close(dev);
}

static void
twice_and_never(void)
{
	uint16_t dev = open_mapped("soft:0");
	struct soft_usage before = soft_usage_get(dev);

	SOFT_ASSERT_FAILS(accel_dev_map_eal(dev), -EALREADY);
	SOFT_ASSERT_NO_LEAK(dev, before);
	expect_all_reached(dev);
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_dev_map_eal(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_map_eal(ACCEL_MAX_DEVS), -ENODEV);
	soft_close(open_mapped("soft:0"));
}

/* Buffers with an entry each, until so many are left. */
static unsigned int
use_entries(uint16_t dev, uint32_t left, struct accel_buf **bufs)
{
	unsigned int n = 0;

	while (soft_info(dev).maps_left > left)
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_ISOLATED,
				&bufs[n++]), 0);
	return n;
}

static void
free_all(struct accel_buf **bufs, unsigned int n)
{
	while (n > 0)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[--n]), 0);
}

static void
no_entries(void)
{
	struct accel_buf *bufs[40];
	uint16_t dev = soft_open(EDU ",maps=40");
	unsigned int n = use_entries(dev, 0, bufs);

	fail_once(dev, -ENOSPC);
	free_all(bufs, n);
	CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
	expect_all_reached(dev);
	soft_close(dev);
}

/* Growth for which there are no entries stays out as a whole, is told, and forgotten at its end. */
static void
no_entries_later(void)
{
	struct accel_buf *bufs[60];
	struct accel_dev_info before, now;
	unsigned int n;
	uint16_t dev;
	void *va;

	if (!heap_grows())
		return;
	dev = open_mapped(EDU ",maps=60");
	n = use_entries(dev, 2, bufs);
	before = soft_info(dev);
	soft_log_begin();
	va = rte_malloc(NULL, 10 * MIB, PAGE);
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	now = soft_info(dev);
	CU_ASSERT_EQUAL(now.maps, before.maps);
	CU_ASSERT_EQUAL(now.eal_bytes, before.eal_bytes);
	CU_ASSERT(now.eal_missed >= 10 * MIB);
	CU_ASSERT_FALSE(touches(dev, (char *)va + 2 * MIB, 6 * MIB));
	rte_free(va);
	now = soft_info(dev);
	CU_ASSERT_EQUAL(now.eal_missed, 0);
	CU_ASSERT_EQUAL(now.maps, before.maps);
	free_all(bufs, n);
	va = must_malloc(10 * MIB);
	CU_ASSERT(reaches(dev, va, 10 * MIB));
	rte_free(va);
	soft_close(dev);
}

/*
 * Shared spaces
 */

static void
shared(const char *first, const char *second)
{
	uint16_t a = open_mapped(first), b = soft_open(second);
	uint32_t maps = soft_info(a).maps;
	void *va;

	CU_ASSERT_EQUAL(accel_dev_map_eal(b), 0);
	CU_ASSERT_EQUAL(soft_info(b).maps, maps);
	SOFT_ASSERT_FAILS(accel_dev_map_eal(b), -EALREADY);
	soft_close(a); /* the map is the space's */
	expect_all_reached(b);
	va = must_malloc(4 * MIB);
	CU_ASSERT(reaches(b, va, 4 * MIB));
	rte_free(va);
	expect_all_reached(b);
	soft_close(b);
}

static void
shared_space(void)
{
	shared("soft:0,iospace=s", "soft:1,iospace=s");
	shared(EDU ",iospace=s", EDU2 ",iospace=s");
}

static void
narrower_joins(void)
{
	uint16_t a = open_mapped(EDU ",iospace=s"), b;

	SOFT_ASSERT_FAILS(accel_dev_probe(EDU_NARROW ",iospace=s"), -EBUSY);
	expect_all_reached(a);
	b = soft_open("sim:edu.2,dma_mask=64,dma_bits=48,iospace=s");
	expect_all_reached(b);
	soft_close(a);
	soft_close(b);
}

/* After a narrow device joined, EAL's addresses are not usable for the wide one either. */
static void
narrow_joined(void)
{
	uint16_t b = soft_open(EDU_NARROW ",iospace=s"), a = soft_open(EDU ",iospace=s");

	fail_once(a, -ERANGE);
	fail_once(b, -ERANGE);
	soft_close(a);
	soft_close(b);
}

static const struct test_case reach_cases[] = {
	{ "every page", every_page },
	{ "ordinary mbufs", ordinary_mbufs },
	{ "grow and shrink", grow_and_shrink },
	{ "freed in parts", freed_in_parts },
	{ "kept pages", kept_pages },
	{ "nothing stays behind", nothing_stays_behind },
	{ "external memory", external_memory },
	{ 0 },
};

static const struct test_case buffer_cases[] = {
	{ "import before", import_before },
	{ "share before", share_before },
	{ "import read-only", import_read_only },
	{ "arena after", arena_after },
	{ "arena before", arena_before },
	{ 0 },
};

static const struct test_case refusal_cases[] = {
	{ "too narrow", too_narrow },
	{ "twice, and never", twice_and_never },
	{ "no entries", no_entries },
	{ "no entries later", no_entries_later },
	{ "shared space", shared_space },
	{ "a narrower device joins", narrower_joins },
	{ "a narrow device joined", narrow_joined },
	{ 0 },
};

const struct test_suite eal_suites[] = {
	{ "EAL's heap, reach", NULL, NULL, reach_cases },
	{ "EAL's heap, buffers", NULL, NULL, buffer_cases },
	{ "EAL's heap, refusals", NULL, NULL, refusal_cases },
	{ 0 },
};
