/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_CASE_H
#define IOSPACE_CASE_H

/**
 * @file
 * What the tests of iospace share: an iospace over a backend that behaves as VFIO, and what is
 * expected of it.
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <eal_glue/iospace_flat.h>
#include <eal_glue/iova_pool.h>

#include "eal_main.h"
#include "fake_iommu.h"
#include "log_lines.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
#define TOP    (UINT64_C(1) << 48)
#define RW     (IOSPACE_READ | IOSPACE_WRITE)

/* Some virtual address as mmap() gives them; nothing lies there. */
#define VA UINT64_C(0x7f1200000000)

static struct fake_iommu fake;
static struct iospace *ios;
static struct test_usage usage;

static inline void
open_window(uint64_t first, uint64_t last, enum iospace_placement placement)
{
	usage = test_usage_get();
	fake_init(&fake);
	ios = fake_open(&fake, first, last, placement);
	log_catch();
}

static inline void
open_all(enum iospace_placement placement)
{
	open_window(0, UINT64_MAX, placement);
}

static inline void
shut(void)
{
	log_release();
	fake_expect_same(&fake, ios);
	iospace_destroy(ios);
	fake_fini(&fake);
	TEST_ASSERT_NO_LEAK(usage);
}

static inline void *
ptr(uint64_t va)
{
	return (void *)(uintptr_t)va;
}

static inline int
map_in(struct iospace *space, uint64_t va, uint64_t len, uint64_t align, uint64_t *iova)
{
	const struct iospace_request req = {
		.va = ptr(va), .len = len, .access = RW, .align = align,
	};

	return iospace_map(space, &req, iova);
}

static inline int
map(uint64_t va, uint64_t len, uint64_t *iova)
{
	return map_in(ios, va, len, 0, iova);
}

static inline int
map_fixed_access(uint64_t va, uint64_t len, uint64_t iova, unsigned int access)
{
	const struct iospace_request req = {
		.va = ptr(va), .len = len, .access = access, .flags = IOSPACE_FIXED,
	};
	uint64_t at = iova;
	int ret = iospace_map(ios, &req, &at);

	CU_ASSERT_EQUAL(at, iova);
	return ret;
}

static inline int
map_fixed(uint64_t va, uint64_t len, uint64_t iova)
{
	return map_fixed_access(va, len, iova, RW);
}

/* Map, and give back where. */
static inline uint64_t
must_map(uint64_t va, uint64_t len)
{
	uint64_t iova = 0;

	CU_ASSERT_EQUAL(map(va, len, &iova), 0);
	CU_ASSERT_NOT_EQUAL(iova, 0);
	return iova;
}

static inline void
expect_iova(uint64_t va, uint64_t len, uint64_t want)
{
	uint64_t iova = 0;

	CU_ASSERT_EQUAL(iospace_va2iova(ios, ptr(va), len, &iova), 0);
	CU_ASSERT_EQUAL(iova, want);
}

static inline void
expect_no_iova(uint64_t va, uint64_t len)
{
	uint64_t iova = 0x5a5a;

	CU_ASSERT_EQUAL(iospace_va2iova(ios, ptr(va), len, &iova), -EFAULT);
	CU_ASSERT_EQUAL(iova, 0x5a5a);
}

static inline void
expect_va(uint64_t iova, uint64_t len, unsigned int access, uint64_t want)
{
	void *va = NULL;

	CU_ASSERT_EQUAL(iospace_iova2va(ios, iova, len, access, &va), 0);
	CU_ASSERT_EQUAL((uintptr_t)va, want);
}

static inline void
expect_no_va(uint64_t iova, uint64_t len, unsigned int access, int err)
{
	void *va = &fake;

	CU_ASSERT_EQUAL(iospace_iova2va(ios, iova, len, access, &va), err);
	CU_ASSERT_PTR_EQUAL(va, &fake);
}

/* An entry is found from both sides, in whole and at its last byte. */
static inline void
expect_reachable(uint64_t va, uint64_t len, uint64_t iova)
{
	expect_iova(va, len, iova);
	expect_iova(va + len - 1, 1, iova + len - 1);
	expect_va(iova, len, RW, va);
	expect_va(iova + len - 1, 1, RW, va + len - 1);
}

static inline void
expect_unreachable(uint64_t va, uint64_t len, uint64_t iova)
{
	expect_no_iova(va, 1);
	expect_no_iova(va + len - 1, 1);
	expect_no_va(iova, 1, 0, -EFAULT);
	expect_no_va(iova + len - 1, 1, 0, -EFAULT);
}

/* One that fails explains itself in one line, and changes nothing. */
static inline void
expect_refused(int got, int want)
{
	CU_ASSERT_EQUAL(got, want);
	CU_ASSERT_EQUAL(log_lines(), 1);
	fake_expect_same(&fake, ios);
}

#endif
