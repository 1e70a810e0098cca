/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The driver SDK: registry, probing, spec keys, banks, translation.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "mock_driver.h"

static int
empty_probe(struct accel_dev *dev)
{
	(void)dev;
	return -ENODEV;
}

static void
empty_remove(struct accel_dev *dev)
{
	(void)dev;
}

static struct accel_driver
good_driver(const char *name)
{
	struct accel_driver d = {
		.abi = ACCEL_DRIVER_ABI,
		.name = name,
		.bus = "soft",
		.probe = empty_probe,
		.remove = empty_remove,
	};

	return d;
}

static void
register_refuses_bad_drivers(void)
{
	static const char *const bad_names[] = {
		"", " ", "a b", "a,b", "a=b", "a:b", "a/b", "a.b", "a\n", "\xc3\xa4", NULL,
	};
	struct accel_driver d;
	int i;

	CU_ASSERT_EQUAL(accel_driver_register(NULL), -EINVAL);
	for (i = 0; i == 0 || bad_names[i - 1] != NULL; i++) {
		d = good_driver(bad_names[i]);
		CU_ASSERT_EQUAL(accel_driver_register(&d), -EINVAL);
	}
	d = good_driver("no-probe");
	d.probe = NULL;
	CU_ASSERT_EQUAL(accel_driver_register(&d), -EINVAL);
	CU_ASSERT_EQUAL(accel_driver_unregister(&d), -ENOENT);
	CU_ASSERT(accel_driver_unregister(NULL) < 0);
}

static void
register_refuses_another_abi(void)
{
	static const uint32_t abis[] = { 0, ACCEL_DRIVER_ABI + 1, UINT32_MAX };
	struct accel_driver d = good_driver("another-abi");
	unsigned int i;

	for (i = 0; i < RTE_DIM(abis); i++) {
		d.abi = abis[i];
		CU_ASSERT_EQUAL(accel_driver_register(&d), -EPROTO);
		CU_ASSERT_EQUAL(accel_driver_unregister(&d), -ENOENT);
	}
}

static void
names_are_unique(void)
{
	struct accel_driver a = good_driver("Twin-1_x"), b = good_driver("Twin-1_x");

	CU_ASSERT_EQUAL(accel_driver_register(&a), 0);
	CU_ASSERT_EQUAL(accel_driver_register(&a), -EEXIST);
	CU_ASSERT_EQUAL(accel_driver_register(&b), -EEXIST);
	CU_ASSERT_EQUAL(accel_driver_unregister(&b), -ENOENT);
	CU_ASSERT_EQUAL(accel_driver_unregister(&a), 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&a), -ENOENT);
	CU_ASSERT_EQUAL(accel_driver_register(&b), 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&b), 0);
}

/* Take drivers out of the registry at its end, in its middle and at its begin. */
static void
unregister_in_any_order(void)
{
	struct accel_driver d[3] = { good_driver("d0"), good_driver("d1"), good_driver("d2") };
	unsigned int first, i;

	for (first = 0; first < 3; first++) {
		for (i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(accel_driver_register(&d[i]), 0);
		for (i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(accel_driver_unregister(&d[(first + i) % 3]), 0);
		for (i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(accel_driver_unregister(&d[i]), -ENOENT);
	}
}

static void
expect_no_device(const char *spec, int err)
{
	uint16_t before = accel_dev_count();

	CU_ASSERT_EQUAL(accel_dev_probe(spec), err);
	CU_ASSERT_EQUAL(accel_dev_count(), before);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:mock"), -ENODEV);
}

static void
unknown_driver_and_bus(void)
{
	expect_no_device("soft:mock,driver=nosuch", -ENOENT);
	expect_no_device(MOCK_SPEC, -ENOENT); /* not registered in this test */
	expect_no_device("nosuch:0", -ENODEV);
	expect_no_device("nosuch:0,driver=soft", -ENODEV);
}

static void
driver_of_another_bus_is_not_taken(void)
{
	struct accel_driver d = good_driver("elsewhere");

	d.bus = "nosuch";
	CU_ASSERT_EQUAL(accel_driver_register(&d), 0);
	CU_ASSERT(accel_dev_probe("soft:mock,driver=elsewhere") < 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&d), 0);
}

static void
spec_names_the_driver(void)
{
	struct accel_dev_info info;
	int dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL(accel_dev_info_get(dev, &info), 0);
	CU_ASSERT_STRING_EQUAL(info.name, "soft:mock");
	CU_ASSERT_STRING_EQUAL(info.driver, "mock");
	CU_ASSERT_EQUAL(info.state, ACCEL_DEV_PROBED);
	CU_ASSERT_EQUAL(info.max_qps, MOCK_MAX_QPS);
	CU_ASSERT_EQUAL(info.min_depth, MOCK_MIN_DEPTH);
	CU_ASSERT_EQUAL(info.max_depth, MOCK_MAX_DEPTH);
	CU_ASSERT_EQUAL(info.max_op_len, 1 << 20);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:mock"), dev);
	CU_ASSERT_EQUAL(accel_dev_probe(MOCK_SPEC), -EEXIST);
	CU_ASSERT_EQUAL(mock.calls[MOCK_PROBE], 1);
	CU_ASSERT_EQUAL(mock.calls[MOCK_INFO_GET], 1);
	CU_ASSERT_EQUAL(accel_driver_unregister(&mock_driver), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_EQUAL(mock.calls[MOCK_REMOVE], 1);
	mock_end();
}

static uint64_t seen_number;
static int seen_ret;
static char seen_text[32];

static void
read_keys(struct accel_dev *dev)
{
	const char *text = accel_dev_arg(dev, "text");

	snprintf(seen_text, sizeof(seen_text), "%s", text != NULL ? text : "(none)");
	seen_number = 7;
	seen_ret = accel_dev_arg_u64(dev, "number", 5, 1ull << 40, &seen_number);
	CU_ASSERT_PTR_NULL(accel_dev_arg(dev, "nosuch"));
	CU_ASSERT_STRING_EQUAL(dev->name, "soft:mock");
	CU_ASSERT_PTR_EQUAL(dev->driver, &mock_driver);
}

static void
open_and_close(const char *spec)
{
	int dev = accel_dev_probe(spec);

	CU_ASSERT(dev >= 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

static void
driver_reads_its_keys(void)
{
	static const struct {
		const char *value;
		int ret;
		uint64_t number;
	} rows[] = {
		{ "5", 0, 5 },
		{ "0x10", 0, 16 },
		{ "3K", 0, 3 << 10 },
		{ "3M", 0, 3 << 20 },
		{ "3G", 0, 3ull << 30 },
		{ "1T", 0, 1ull << 40 },
		{ "4", -EINVAL, 7 },
		{ "2T", -EINVAL, 7 },
		{ "-6", -EINVAL, 7 },
		{ "x", -EINVAL, 7 },
		{ "6x", -EINVAL, 7 },
		{ "6KK", -EINVAL, 7 },
		{ "6 ", -EINVAL, 7 },
		{ "K", -EINVAL, 7 },
		{ "0x", -EINVAL, 7 },
		{ "18446744073709551622", -EINVAL, 7 }, /* 2^64 + 6 */
		{ "18014398509481990K", -EINVAL, 7 },   /* 2^64 + 6 K */
		{ "99999999999999999999999", -EINVAL, 7 },
	};
	char spec[96];
	unsigned int i;

	mock_begin();
	mock.in_probe = read_keys;
	for (i = 0; i < RTE_DIM(rows); i++) {
		snprintf(spec, sizeof(spec), MOCK_SPEC ",text=abc,number=%s", rows[i].value);
		open_and_close(spec);
		CU_ASSERT_STRING_EQUAL(seen_text, "abc");
		CU_ASSERT_EQUAL(seen_ret, rows[i].ret);
		CU_ASSERT_EQUAL(seen_number, rows[i].number);
	}
	open_and_close(MOCK_SPEC);
	CU_ASSERT_STRING_EQUAL(seen_text, "(none)");
	CU_ASSERT_EQUAL(seen_ret, 0);
	CU_ASSERT_EQUAL(seen_number, 7);
	mock_end();
}

static void
keys_the_driver_does_not_know(void)
{
	const char *const *keys = mock_driver.keys;

	mock_begin();
	expect_no_device(MOCK_SPEC ",nosuch=1", -EINVAL);
	expect_no_device(MOCK_SPEC ",banks=1", -EINVAL); /* soft's, not this driver's */
	expect_no_device(MOCK_SPEC ",number=1,number=2", -EINVAL);
	expect_no_device(MOCK_SPEC ",driver=mock", -EINVAL);
	CU_ASSERT_EQUAL(mock.calls[MOCK_PROBE], 0);
	mock_driver.keys = NULL;
	expect_no_device(MOCK_SPEC ",number=1", -EINVAL);
	open_and_close(MOCK_SPEC);
	mock_driver.keys = keys;
	open_and_close(MOCK_SPEC ",number=1");
	mock_end();
}

static void
probe_that_fails(void)
{
	struct test_usage before;

	mock_begin();
	open_and_close(MOCK_SPEC); /* what stays for the process is there from now on */
	before = test_usage_get();
	mock.fail = MOCK_PROBE;
	mock.banks = 3;
	for (mock.error = -1; mock.error > -40; mock.error--)
		expect_no_device(MOCK_SPEC, mock.error);
	CU_ASSERT_EQUAL(mock.calls[MOCK_REMOVE], 1); /* only of the one that worked */
	TEST_ASSERT_NO_LEAK(before);
	mock.fail = MOCK_NONE;
	open_and_close(MOCK_SPEC);
	TEST_ASSERT_NO_LEAK(before);
	mock_end();
}

static void
members_left_out(void)
{
	static const enum mock_call must[] = {
		MOCK_INFO_GET, MOCK_QP_SETUP, MOCK_QP_RELEASE, MOCK_START, MOCK_STOP,
		MOCK_ENQUEUE, MOCK_DEQUEUE,
	};
	unsigned int i;

	mock_begin();
	for (i = 0; i < RTE_DIM(must); i++) {
		mock.leave_out = must[i];
		expect_no_device(MOCK_SPEC, -EPROTO);
		CU_ASSERT_EQUAL(mock.calls[MOCK_REMOVE], i + 1);
	}
	mock.leave_out = MOCK_NONE;
	mock.no_ops = true;
	expect_no_device(MOCK_SPEC, -EPROTO);
	mock.no_ops = false;
	mock.leave_out = MOCK_RESET;
	open_and_close(MOCK_SPEC);
	mock.leave_out = MOCK_CONFIGURE;
	open_and_close(MOCK_SPEC);
	mock_end();
}

static void
add_bad_banks(struct accel_dev *dev)
{
	CU_ASSERT_EQUAL(accel_dev_add_bank(dev, 0, 0), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_add_bank(dev, UINT64_MAX, 2), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_add_bank(dev, 2, UINT64_MAX), -EINVAL);
}

static void
banks_of_a_driver(void)
{
	struct accel_bank_info bank;
	struct accel_dev_info info;
	uint64_t addr;
	uint16_t dev;

	mock_begin();
	mock.in_probe = add_bad_banks;
	mock.banks = 2;
	dev = mock_open();
	CU_ASSERT_EQUAL(accel_dev_info_get(dev, &info), 0);
	CU_ASSERT_EQUAL(info.nb_banks, 2);
	CU_ASSERT_EQUAL(accel_bank_info_get(dev, 1, &bank), 0);
	CU_ASSERT_EQUAL(bank.base, 1 << 30);
	CU_ASSERT_EQUAL(bank.len, 1 << 20);
	CU_ASSERT_EQUAL(accel_bank_info_get(dev, 2, &bank), -EINVAL);
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 1, 4096, 0, &addr), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(mock.calls[MOCK_REMOVE], 0);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 1, addr), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
most_banks(void)
{
	struct accel_dev_info info;
	uint16_t dev;

	mock_begin();
	mock.banks = ACCEL_MAX_BANKS;
	dev = mock_open();
	CU_ASSERT_EQUAL(accel_dev_info_get(dev, &info), 0);
	CU_ASSERT_EQUAL(info.nb_banks, ACCEL_MAX_BANKS);
	CU_ASSERT_EQUAL(accel_dev_add_bank(mock.dev, 1ull << 60, 1), -ENOSPC);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
translate_as_an_iommu(void)
{
	struct accel_buf *rw, *ro;
	void *va = NULL;
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 8192, 0, ACCEL_BUF_ISOLATED, &rw), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, ACCEL_BUF_READ_ONLY, &ro), 0);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, rw->iova + 100, 8092,
			ACCEL_DMA_READ | ACCEL_DMA_WRITE, &va), 0);
	CU_ASSERT_PTR_EQUAL(va, (char *)rw->va + 100);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, ro->iova, 4096, ACCEL_DMA_READ, &va), 0);
	CU_ASSERT_PTR_EQUAL(va, ro->va);
	va = NULL;
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, ro->iova, 4096, ACCEL_DMA_WRITE, &va),
			-EACCES);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, ro->iova, 4096,
			ACCEL_DMA_READ | ACCEL_DMA_WRITE, &va), -EACCES);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, 0, 1, ACCEL_DMA_READ, &va), -EFAULT);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, UINT64_MAX, 2, ACCEL_DMA_READ, &va), -EFAULT);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, rw->iova, UINT64_MAX, ACCEL_DMA_READ, &va),
			-EFAULT);
	CU_ASSERT_EQUAL(accel_dma_translate(mock.dev, rw->iova, 1ull << 40, ACCEL_DMA_READ, &va),
			-EFAULT);
	CU_ASSERT_PTR_NULL(va);
	CU_ASSERT_EQUAL(accel_buf_free(ro), 0);
	CU_ASSERT_EQUAL(accel_buf_free(rw), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

/* What a device remembers of a buffer must be gone when an isolated buffer is. */
static void
tlb_forgets_what_was_freed(void)
{
	struct accel_dma_tlb tlb;
	struct accel_buf *buf;
	void *va = NULL;
	uint64_t iova;
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, ACCEL_BUF_ISOLATED, &buf), 0);
	iova = buf->iova;
	accel_dma_tlb_init(&tlb, mock.dev);
	accel_dma_tlb_sync(&tlb);
	CU_ASSERT_EQUAL(accel_dma_va(mock.dev, &tlb.src, iova + 64, 64, ACCEL_DMA_READ, &va), 0);
	CU_ASSERT_PTR_EQUAL(va, (char *)buf->va + 64);
	CU_ASSERT(tlb.src.len >= 4096);
	CU_ASSERT_EQUAL(accel_dma_va(mock.dev, &tlb.src, iova, 4096, ACCEL_DMA_READ, &va), 0);
	CU_ASSERT_PTR_EQUAL(va, buf->va);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	accel_dma_tlb_sync(&tlb);
	CU_ASSERT_EQUAL(tlb.src.len, 0);
	CU_ASSERT_EQUAL(accel_dma_va(mock.dev, &tlb.src, iova, 64, ACCEL_DMA_READ, &va), -EFAULT);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static const struct test_case registry_cases[] = {
	{ "register refuses bad drivers", register_refuses_bad_drivers },
	{ "register refuses another ABI", register_refuses_another_abi },
	{ "names are unique", names_are_unique },
	{ "unregister in any order", unregister_in_any_order },
	{ NULL, NULL },
};

static const struct test_case probe_cases[] = {
	{ "unknown driver and bus", unknown_driver_and_bus },
	{ "driver of another bus is not taken", driver_of_another_bus_is_not_taken },
	{ "spec names the driver", spec_names_the_driver },
	{ "driver reads its keys", driver_reads_its_keys },
	{ "keys the driver does not know", keys_the_driver_does_not_know },
	{ "probe that fails", probe_that_fails },
	{ "members left out", members_left_out },
	{ NULL, NULL },
};

static const struct test_case service_cases[] = {
	{ "banks of a driver", banks_of_a_driver },
	{ "as many banks as there can be", most_banks },
	{ "translate as an IOMMU", translate_as_an_iommu },
	{ "TLB forgets what was freed", tlb_forgets_what_was_freed },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "registry", NULL, NULL, registry_cases },
	{ "probe", NULL, NULL, probe_cases },
	{ "services", NULL, NULL, service_cases },
	{ NULL, NULL, NULL, NULL },
};
