/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * EAL's memory and devices when a step fails: an IOMMU that refuses, no memory for the books, and
 * limits that are reached. What was begun is undone, and one line tells why.
 */
#include <stdlib.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include <acceldev/acceldev.h>
#include <eal_glue/eal_heap.h>
#include <eal_glue/eal_map.h>

#include "fail_alloc.h"
#include "iospace_case.h"

#define PAGE  4096u
#define SPEC  "sim:edu,dma_mask=64,dma_bits=64"
#define SPEC2 "sim:edu.2,dma_mask=64,dma_bits=64"

static struct eal_map map_of;

static void
open_map(void)
{
	if (map_of.name[0] == 0)
		eal_map_init(&map_of);
	open_all(IOSPACE_PLACE_VA);
}

static void
shut_map(void)
{
	eal_map_end(&map_of);
	shut();
}

static int
begin(void)
{
	return eal_map_begin(&map_of, ios, "test");
}

static uint64_t
eal_bytes(void)
{
	struct iospace_stats stats;

	iospace_stats_get(ios, &stats);
	return stats.eal_bytes;
}

static void *
must_malloc(size_t len)
{
	void *va = rte_malloc(NULL, len, PAGE);

	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	return va;
}

/* Nothing is mapped, and nobody follows EAL. */
static void
expect_none(void)
{
	uint32_t maps = fake.nb_entries;
	void *va;

	CU_ASSERT_EQUAL(eal_bytes(), 0);
	va = must_malloc(MIB(4));
	CU_ASSERT_EQUAL(fake.nb_entries, maps);
	CU_ASSERT_EQUAL(eal_map_missed(&map_of), 0);
	rte_free(va);
}

/* Some memory that EAL may free, so that there is more than one entry where the heap grows. */
static void *
spread(void)
{
	return eal_has_hugepages() ? must_malloc(MIB(10)) : NULL;
}

static void
map_fails(void)
{
	static const int errors[] = { -ENOMEM, -ENOSPC, -EFAULT, -EINVAL };
	void *va = spread();
	unsigned int nth, i, n;

	open_map();
	CU_ASSERT_EQUAL(begin(), 0);
	n = fake.nb_entries;
	CU_ASSERT(n >= (va != NULL ? 6 : 1));
	shut_map();
	for (nth = 1; nth <= n; nth++) {
		for (i = 0; i < RTE_DIM(errors); i++) {
			open_map();
			fake.fail_map = (struct fake_fault){ nth, errors[i] };
			expect_refused(begin(), errors[i]);
			CU_ASSERT_EQUAL(fake.nb_entries, 0);
			expect_none();
			CU_ASSERT_EQUAL(begin(), 0);
			CU_ASSERT_EQUAL(fake.nb_entries, n);
			CU_ASSERT_EQUAL(log_lines(), 0);
			shut_map();
		}
	}
	rte_free(va);
}

/* The backend says beforehand that its limit would be passed, and is not asked to map. */
static uint64_t checked;

static int
refuse_room(void *ctx, uint64_t len)
{
	(void)ctx;
	checked = len;
	return -ENOMEM;
}

static const char *
explain_room(void *ctx, int err, uint64_t len)
{
	(void)ctx;
	(void)len;
	return err == -ENOMEM ? "the limit is low" : NULL;
}

static void
open_limited(const struct iospace_ops *ops)
{
	const struct iospace_conf conf = {
		.name = "test", .ops = ops, .ctx = &fake, .window = { 0, UINT64_MAX },
	};

	open_map();
	iospace_destroy(ios);
	fake_fini(&fake);
	fake_init(&fake);
	CU_ASSERT_EQUAL_FATAL(iospace_create(&conf, &ios), 0);
}

static void
limit_on_locked_memory(void)
{
	struct iospace_ops ops = fake_ops;
	uint64_t all;

	open_map();
	CU_ASSERT_EQUAL(begin(), 0);
	all = eal_bytes();
	shut_map();
	ops.check = refuse_room;
	ops.explain = explain_room;
	open_limited(&ops);
	expect_refused(begin(), -ENOMEM);
	CU_ASSERT(log_has("the limit is low"));
	CU_ASSERT_EQUAL(checked, all);
	CU_ASSERT_EQUAL(fake.maps, 0);
	expect_none();
	shut_map();
}

static void
something_else_there(void)
{
	void *page = must_malloc(PAGE);
	uint64_t at = (uintptr_t)page & ~(uint64_t)(PAGE - 1);

	open_map();
	CU_ASSERT_EQUAL(map_fixed(VA, PAGE, at), 0);
	expect_refused(begin(), -EADDRINUSE);
	CU_ASSERT(log_has("something else is mapped"));
	CU_ASSERT_EQUAL(fake.nb_entries, 1);
	expect_none();
	CU_ASSERT_EQUAL(iospace_unmap(ios, at, PAGE), 0);
	CU_ASSERT_EQUAL(begin(), 0);
	shut_map();
	rte_free(page);
}

static void
window_too_small(void)
{
	void *page = must_malloc(PAGE);
	uint64_t at = (uintptr_t)page & ~(uint64_t)(PAGE - 1);

	open_map();
	shut_map();
	open_window(at + PAGE, UINT64_MAX, IOSPACE_PLACE_VA); /* begins too late */
	expect_refused(begin(), -ERANGE);
	CU_ASSERT(log_has("--base-virtaddr"));
	expect_none();
	shut_map();
	open_window(0, at - 1, IOSPACE_PLACE_VA); /* ends too early */
	expect_refused(begin(), -ERANGE);
	CU_ASSERT(log_has("--base-virtaddr"));
	expect_none();
	shut_map();
	/* What there is would fit, but not all that it may grow to. */
	open_window(0, at + GIB(1) - 1, IOSPACE_PLACE_VA);
	if (eal_has_hugepages()) {
		expect_refused(begin(), -ERANGE);
		CU_ASSERT(log_has("--base-virtaddr"));
	} else {
		CU_ASSERT_EQUAL(begin(), 0);
	}
	shut_map();
	rte_free(page);
}

/*
 * While it is mapped
 */

/* Growth that fails half-way leaves nothing of it, and what comes next is mapped again. */
static void
growth_fails(void)
{
	unsigned int nth, before;
	uint64_t missed;
	void *va;

	if (!eal_has_hugepages()) {
		test_skip("EAL's heap does not grow without hugepages");
		return;
	}
	open_map();
	CU_ASSERT_EQUAL(begin(), 0);
	before = fake.nb_entries;
	for (nth = 1; nth <= 5; nth++) {
		fake.fail_map = (struct fake_fault){ nth, -ENOMEM };
		va = must_malloc(MIB(10));
		CU_ASSERT_EQUAL(log_lines(), 1);
		CU_ASSERT(log_has("EAL's memory"));
		CU_ASSERT_EQUAL(fake.nb_entries, before);
		missed = eal_map_missed(&map_of);
		CU_ASSERT(missed >= MIB(10) && missed <= MIB(12));
		expect_no_iova((uintptr_t)va + MIB(2), MIB(2));
		rte_free(va);
		CU_ASSERT_EQUAL(eal_map_missed(&map_of), 0);
		CU_ASSERT_EQUAL(log_lines(), 0);
		va = must_malloc(MIB(10));
		expect_iova((uintptr_t)va, MIB(10), (uintptr_t)va);
		rte_free(va);
		CU_ASSERT_EQUAL(fake.nb_entries, before);
	}
	shut_map();
}

static void
growth_meets_another(void)
{
	unsigned int before;
	uint64_t at;
	void *va;

	if (!eal_has_hugepages()) {
		test_skip("EAL's heap does not grow without hugepages");
		return;
	}
	va = must_malloc(MIB(10)); /* the next of this size comes to lie there too */
	at = ((uintptr_t)va + MIB(4)) & ~(MIB(2) - 1);
	rte_free(va);
	open_map();
	CU_ASSERT_EQUAL(map_fixed(VA, MIB(2), at), 0);
	CU_ASSERT_EQUAL(begin(), 0);
	before = fake.nb_entries;
	va = must_malloc(MIB(10));
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT(log_has("something else is mapped"));
	CU_ASSERT_EQUAL(fake.nb_entries, before);
	CU_ASSERT(eal_map_missed(&map_of) >= MIB(10));
	rte_free(va);
	CU_ASSERT_EQUAL(fake.nb_entries, before);
	shut_map();
}

/* Memory that the device keeps is not mapped a second time. */
static void
unmap_fails(void)
{
	void *va;

	if (!eal_has_hugepages()) {
		test_skip("EAL's heap does not shrink without hugepages");
		return;
	}
	open_map();
	CU_ASSERT_EQUAL(begin(), 0);
	va = must_malloc(MIB(10));
	fake.fail_unmap = (struct fake_fault){ 2, -EIO };
	rte_free(va);
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT_EQUAL(fake.nb_lost, 1);
	va = must_malloc(MIB(10)); /* its IOVA is given up: this cannot be reached */
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT(eal_map_missed(&map_of) >= MIB(10));
	rte_free(va);
	eal_map_end(&map_of);
	log_release();
	iospace_destroy(ios);
	fake_fini(&fake);
}

/*
 * No memory for the books
 */

static int
open_dev(const char *spec)
{
	int dev = accel_dev_probe(spec);

	CU_ASSERT_FATAL(dev >= 0);
	return dev;
}

static struct accel_dev_info
info_of(uint16_t dev)
{
	struct accel_dev_info info = { 0 };

	CU_ASSERT_EQUAL(accel_dev_info_get(dev, &info), 0);
	return info;
}

/* Let each allocation of a call fail in turn, until none is left that can. */
static void
fail_each(const char *spec, int (*call)(uint16_t dev))
{
	unsigned int nth;
	bool failed = true;
	uint16_t dev;
	int ret;

	log_catch();
	for (nth = 1; failed; nth++) {
		dev = open_dev(spec);
		fail_alloc_arm(nth, false);
		ret = call(dev);
		failed = fail_alloc_disarm();
		if (ret < 0) {
			CU_ASSERT(failed);
			CU_ASSERT_EQUAL(ret, -ENOMEM);
			CU_ASSERT_EQUAL(log_lines(), 1);
			CU_ASSERT_EQUAL(info_of(dev).maps, 0);
			CU_ASSERT_EQUAL(info_of(dev).mapped_bytes, 0);
			CU_ASSERT_EQUAL(info_of(dev).eal_bytes, 0);
			CU_ASSERT(call(dev) >= 0);
		}
		CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	}
	CU_ASSERT(nth > 3);
	log_release();
}

static int
make_heap(uint16_t dev)
{
	return accel_dev_heap_create(dev, MIB(4));
}

static void
no_memory_to_map(void)
{
	void *va = spread();

	fail_each(SPEC, accel_dev_map_eal);
	rte_free(va);
}

static void
no_memory_for_a_heap(void)
{
	fail_each(SPEC, make_heap);
	fail_each(SPEC2 ",iova=alloc", make_heap);
}

static void
no_memory_to_grow(void)
{
	unsigned int nth;
	bool failed = true;
	uint16_t dev;
	void *va;

	if (!eal_has_hugepages()) {
		test_skip("EAL's heap does not grow without hugepages");
		return;
	}
	dev = open_dev(SPEC);
	CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
	log_catch();
	for (nth = 1; failed; nth++) {
		struct accel_dev_info before = info_of(dev);

		fail_alloc_arm(nth, false);
		va = must_malloc(MIB(6));
		failed = fail_alloc_disarm();
		CU_ASSERT_EQUAL(info_of(dev).eal_missed != 0, log_lines() == 1);
		rte_free(va);
		CU_ASSERT_EQUAL(info_of(dev).eal_missed, 0);
		CU_ASSERT_EQUAL(info_of(dev).maps, before.maps);
	}
	CU_ASSERT(nth > 3);
	log_release();
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

static const struct test_case begin_cases[] = {
	{ "a map fails", map_fails },
	{ "limit on locked memory", limit_on_locked_memory },
	{ "something else there", something_else_there },
	{ "window too small", window_too_small },
	{ 0 },
};

static const struct test_case while_cases[] = {
	{ "growth fails", growth_fails },
	{ "growth meets another", growth_meets_another },
	{ "an unmap fails", unmap_fails },
	{ 0 },
};

static const struct test_case memory_cases[] = {
	{ "to map", no_memory_to_map },
	{ "for a heap", no_memory_for_a_heap },
	{ "to grow", no_memory_to_grow },
	{ 0 },
};

const struct test_suite eal_suites[] = {
	{ "EAL's memory, begin", NULL, NULL, begin_cases },
	{ "EAL's memory, mapped", NULL, NULL, while_cases },
	{ "EAL's memory, no memory", NULL, NULL, memory_cases },
	{ 0 },
};
