/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Devices: specs, probing, states, closing, and what a wrong dev_id gets.
 */
#define ACCELDEV_DEBUG /* bursts check their arguments in this file */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>
#include <rte_log.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

/*
 * Before EAL: a constructor runs ahead of main(), and the library's own ahead of it.
 */

static struct {
	int probe;
	int alloc;
	int next;
	uint16_t count;
	uint16_t burst;
} before_eal;

static void __attribute__((constructor))
call_before_eal(void)
{
	struct accel_buf *buf;
	struct accel_op op, *ops[] = { &op };
	FILE *nowhere = fopen("/dev/null", "w");

	rte_openlog_stream(nowhere);
	before_eal.probe = accel_dev_probe("soft:0");
	before_eal.alloc = accel_buf_alloc(0, 64, 0, 0, &buf);
	before_eal.next = accel_dev_next(0);
	before_eal.count = accel_dev_count();
	before_eal.burst = accel_enqueue_burst(0, 0, ops, 1);
	rte_openlog_stream(NULL);
	if (nowhere != NULL)
		fclose(nowhere);
}

static void
without_eal(void)
{
	CU_ASSERT_EQUAL(before_eal.probe, -ENODEV);
	CU_ASSERT_EQUAL(before_eal.alloc, -ENODEV);
	CU_ASSERT_EQUAL(before_eal.next, -ENODEV);
	CU_ASSERT_EQUAL(before_eal.count, 0);
	CU_ASSERT_EQUAL(before_eal.burst, 0);
}

/*
 * Specs
 */

static void
expect_refused(const char *spec, int err)
{
	struct test_usage before = test_usage_get();
	int ret;

	soft_log_begin();
	ret = accel_dev_probe(spec);
	CU_ASSERT(soft_log_end() > 0);
	if (ret != err) {
		fprintf(stderr, "    \"%s\": %d, not %d\n", spec != NULL ? spec : "NULL", ret, err);
		CU_FAIL("spec");
	}
	if (ret >= 0)
		CU_ASSERT_EQUAL(accel_dev_close(ret), 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	TEST_ASSERT_NO_LEAK(before);
}

static void
malformed_specs(void)
{
	static const char *const bad[] = {
		NULL, "", " ", ":", "soft", "soft:", ":0", ",", "soft,", ",soft:0", "soft,:0",
		"soft:,banks=1", "soft:0,", "soft:0,,", "soft:0,,banks=1", "soft:0,banks=1,",
		"soft:0,banks=1,,bank_size=1M", "soft:0,banks", "soft:0,banks=", "soft:0,=",
		"soft:0,=1", "soft:0,banks=1,banks=1", "soft:0,banks=1,bank_size=1M,banks=2",
		"soft:0,driver=soft,driver=soft", "soft:0,banks=,bank_size=1M",
		"soft:0,banks==1", "soft:0,banks=1=", "soft:0,banks=1=2", "soft:0,=banks=1",
		"soft:0,banks=1=,bank_size=1M", "soft:0,mem=memfd=hugetlb",
		" soft:0", "soft :0", "soft: 0", "soft:0 ", "soft:0 ,banks=1",
		"soft:[0]", "soft:[0", "soft:0]", "[soft]:0", "soft:0=1", "soft=0:1", "soft:\"0\"",
		"soft:'0'", "soft:0,banks=[1", "soft:0,banks=[1]", "soft:0,banks=[1,2]",
		"soft:0,banks=[1,bank_size=1M", "soft:0,banks=1]", "soft:0,[banks=1]",
		"soft:0,banks=\"1\"", "soft:0,no_key=1", "soft:0, banks=1", "soft:0,banks =1",
		"soft:0,Banks=1", "soft:0,banks=1,no_key=1",
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(bad); i++)
		expect_refused(bad[i], -EINVAL);
}

/* A byte that is not visible ASCII must appear nowhere in a name. */
static void
specs_with_control_characters(void)
{
	char spec[] = "soft:a?b", key[] = "soft:0,banks=1?";
	unsigned int c;

	for (c = 1; c < 256; c++) {
		if (c > ' ' && c < 0x7f)
			continue;
		spec[6] = (char)c;
		expect_refused(spec, -EINVAL);
		key[14] = (char)c;
		expect_refused(key, -EINVAL);
	}
}

static void
over_long_specs(void)
{
	static char spec[1 << 16];
	uint16_t dev;

	memset(spec, 'a', sizeof(spec) - 1);
	memcpy(spec, "soft:", 5);
	expect_refused(spec, -EINVAL);
	spec[ACCEL_NAME_MAX] = 0;
	expect_refused(spec, -EINVAL);
	spec[ACCEL_NAME_MAX - 1] = 0;
	dev = soft_open(spec);
	CU_ASSERT_STRING_EQUAL(soft_info(dev).name, spec);
	CU_ASSERT_EQUAL(accel_dev_by_name(spec), dev);
	soft_close(dev);

	memset(spec, 'b', sizeof(spec) - 1);
	spec[40] = ':';
	spec[50] = 0;
	expect_refused(spec, -EINVAL);
	memset(spec, '0', sizeof(spec) - 1);
	memcpy(spec, "soft:0,banks=", 13);
	expect_refused(spec, -EINVAL);
}

static void
too_many_keys(void)
{
	char spec[1024] = "soft:0";
	int i, len = 6;

	for (i = 0; i < 100; i++)
		len += snprintf(spec + len, sizeof(spec) - len, ",key%d=%d", i, i);
	expect_refused(spec, -EINVAL);
}

static void
unknown_bus_or_driver(void)
{
	expect_refused("nobus:0", -ENODEV);
	expect_refused("SOFT:0", -ENODEV);
	expect_refused("sof:0", -ENODEV);
	expect_refused("softy:0", -ENODEV);
	expect_refused("soft:0,driver=none", -ENOENT);
	expect_refused("soft:0,driver=sof", -ENOENT);
	expect_refused("soft:0,driver=SOFT", -ENOENT);
}

static void
bad_numbers(void)
{
	static const char *const keys[] = { "banks", "bank_size", "fail_every", "latency_us",
			"socket" };
	static const char *const bad[] = { "-1", "-0", "+1", "x", "1x", "0x", "0xg", "1e3", "1.0",
			"1KB", "1KK", "1MK", "1P", "K", "1 ", "18446744073709551616", "16777216T",
			"18014398509481984K", "99999999999999999999999", "0x10000000000000000",
			"18446744073709551615", "1_000", "1-", "0b1", "\xc2\xb2" };
	char spec[128];
	unsigned int i, j;

	for (i = 0; i < RTE_DIM(keys); i++) {
		for (j = 0; j < RTE_DIM(bad); j++) {
			/* The one that is no more than large: any period of failures will do. */
			if (strcmp(keys[i], "fail_every") == 0 &&
					strcmp(bad[j], "18446744073709551615") == 0)
				continue;
			snprintf(spec, sizeof(spec), "soft:0,%s=%s", keys[i], bad[j]);
			expect_refused(spec, -EINVAL);
		}
	}
	expect_refused("soft:0,banks=257", -EINVAL);
	expect_refused("soft:0,bank_size=0", -EINVAL);
	expect_refused("soft:0,bank_size=2T", -EINVAL);
	expect_refused("soft:0,fail_every=0", -EINVAL);
	expect_refused("soft:0,latency_us=60000001", -EINVAL);
	expect_refused("soft:0,socket=4294967296", -EINVAL);
	expect_refused("soft:0,socket=255", -EINVAL);
}

static void
good_numbers(void)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "1", 1 }, { "0x1", 1 }, { "0x10", 16 }, { "010", 10 }, { "64K", 65536 },
		{ "0xfK", 15 * 1024 }, { "3M", 3u << 20 }, { "1G", 1u << 30 },
		{ "256G", UINT64_C(1) << 38 }, { "274877906944", UINT64_C(1) << 38 },
	};
	struct accel_bank_info info;
	char spec[64];
	unsigned int i;
	uint16_t dev;

	for (i = 0; i < RTE_DIM(good); i++) {
		snprintf(spec, sizeof(spec), "soft:0,banks=1,bank_size=%s", good[i].text);
		dev = soft_open(spec);
		CU_ASSERT_EQUAL(accel_bank_info_get(dev, 0, &info), 0);
		CU_ASSERT_EQUAL(info.len, good[i].value);
		soft_close(dev);
	}
	/* More than a process can have: refused as a whole. */
	expect_refused("soft:0,banks=256,bank_size=1T", -ENOMEM);
}

static void
addresses_are_text(void)
{
	uint16_t a = soft_open("soft:0"), b = soft_open("soft:00"), c = soft_open("soft:a:b:c");

	CU_ASSERT_EQUAL(accel_dev_by_name("soft:0"), a);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:00"), b);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:a:b:c"), c);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft"), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:"), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:0,banks=1"), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_by_name(""), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_by_name(NULL), -EINVAL);
	soft_close(c);
	soft_close(b);
	soft_close(a);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:0"), -ENODEV);
}

/*
 * mem= and socket=
 */

static int
backing_of(const char *spec, uint32_t flags)
{
	struct accel_arena_info info = { .backing = 99 };
	struct accel_buf *buf;
	uint16_t dev = soft_open(spec);
	int ret;

	soft_log_begin();
	ret = accel_buf_alloc(dev, 4096, 0, flags, &buf);
	soft_log_end();
	if (ret == 0) {
		CU_ASSERT_EQUAL(accel_arena_info_get(dev, 0, &info), 0);
		/* Other programs may have the hugepages. */
		CU_ASSERT(info.shortfall[0] == 0 || strstr(info.shortfall, "less than") != NULL);
		memset(buf->va, 1, buf->len);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		ret = info.backing;
	} else {
		CU_ASSERT_EQUAL(accel_arena_info_get(dev, 0, &info), -ENOENT);
		CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	}
	soft_close(dev);
	return ret;
}

static void
mem_is_what_was_asked_for(void)
{
	int got;

	CU_ASSERT_EQUAL(backing_of("soft:0,mem=memfd", 0), ACCEL_BACKING_MEMFD);
	CU_ASSERT_EQUAL(backing_of("soft:0,mem=memfd", ACCEL_BUF_READ_ONLY), ACCEL_BACKING_MEMFD);
	got = backing_of("soft:0,mem=hugetlb", 0);
	CU_ASSERT(got == ACCEL_BACKING_HUGETLB || got == -ENOMEM);
	got = backing_of("soft:0,mem=memzone", 0);
	if (eal_has_hugepages())
		CU_ASSERT(got == ACCEL_BACKING_MEMZONE || got == -ENOMEM)
	else
		CU_ASSERT_EQUAL(got, -ENOMEM);
	expect_refused("soft:0,mem=any", -EINVAL);
	expect_refused("soft:0,mem=Memfd", -EINVAL);
	expect_refused("soft:0,mem=memf", -EINVAL);
	expect_refused("soft:0,mem=memfd2", -EINVAL);
}

static void
socket_is_kept(void)
{
	uint16_t dev = soft_open("soft:0,socket=0");

	CU_ASSERT_EQUAL(accel_dev_socket_id(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).socket, 0);
	soft_close(dev);
	CU_ASSERT_EQUAL(accel_dev_socket_id(dev), -1);
	dev = soft_open("soft:0");
	CU_ASSERT_EQUAL(accel_dev_socket_id(dev), -1);
	soft_close(dev);
}

/*
 * Slots
 */

static void
one_device_once(void)
{
	uint16_t dev = soft_open("soft:0"), other;

	SOFT_ASSERT_FAILS(accel_dev_probe("soft:0"), -EEXIST);
	SOFT_ASSERT_FAILS(accel_dev_probe("soft:0,banks=4"), -EEXIST);
	CU_ASSERT_EQUAL(soft_info(dev).nb_banks, 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	other = soft_open("soft:1");
	CU_ASSERT_NOT_EQUAL(other, dev);
	soft_close(dev);
	dev = soft_open("soft:0");
	CU_ASSERT_NOT_EQUAL(other, dev);
	soft_close(dev);
	soft_close(other);
}

static void
fill_slots(uint16_t *devs)
{
	char spec[32];
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		snprintf(spec, sizeof(spec), "soft:%u,banks=1", i);
		devs[i] = soft_open(spec);
		CU_ASSERT_EQUAL(accel_dev_count(), i + 1);
	}
}

static void
all_slots(void)
{
	struct test_usage before = test_usage_get();
	uint16_t devs[ACCEL_MAX_DEVS];
	unsigned int i, n = 0;
	int dev, round;

	for (round = 0; round < 2; round++) {
		fill_slots(devs);
		SOFT_ASSERT_FAILS(accel_dev_probe("soft:more"), -ENOSPC);
		SOFT_ASSERT_FAILS(accel_dev_probe("soft:3"), -EEXIST);
		for (dev = accel_dev_next(0); dev >= 0; dev = accel_dev_next(dev + 1))
			n++;
		CU_ASSERT_EQUAL(n, (unsigned int)ACCEL_MAX_DEVS * (round + 1));
		soft_close(devs[17]);
		CU_ASSERT_EQUAL(accel_dev_next(devs[17]), devs[17] + 1);
		CU_ASSERT_EQUAL(accel_dev_probe("soft:more"), devs[17]);
		SOFT_ASSERT_FAILS(accel_dev_probe("soft:17"), -ENOSPC);
		for (i = 0; i < ACCEL_MAX_DEVS; i++)
			soft_close(devs[i]);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
	}
	TEST_ASSERT_NO_LEAK(before);
}

static void
iteration_over_devices(void)
{
	uint16_t a = soft_open("soft:a"), b = soft_open("soft:b"), c = soft_open("soft:c");

	CU_ASSERT(a < b && b < c);
	CU_ASSERT_EQUAL(accel_dev_next(0), a);
	CU_ASSERT_EQUAL(accel_dev_next(b), b);
	soft_close(b);
	CU_ASSERT_EQUAL(accel_dev_next(a + 1), c);
	CU_ASSERT_EQUAL(accel_dev_next(c + 1), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_next(ACCEL_MAX_DEVS), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_next(UINT16_MAX), -ENODEV);
	soft_close(a);
	soft_close(c);
	CU_ASSERT_EQUAL(accel_dev_next(0), -ENODEV);
}

static void
open_and_close_many_times(void)
{
	struct accel_buf *buf;
	struct test_usage before;
	uint16_t dev;
	int i;

	for (i = 0; i < 30; i++) {
		if (i == 2)
			before = test_usage_get();
		dev = soft_open("soft:0,banks=3,bank_size=1M");
		soft_run(dev, 4, 0, 0);
		CU_ASSERT_EQUAL(accel_buf_alloc(dev, 1 << 20, 0, 0, &buf), 0);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		soft_close(dev);
	}
	TEST_ASSERT_NO_LEAK(before);
}

/* More than a process has addresses for, if it did not get back those of closed devices. */
static void
banks_are_given_back(void)
{
	int i;

	for (i = 0; i < 600; i++)
		soft_close(soft_open("soft:0,banks=1,bank_size=256G"));
}

/*
 * A dev_id that names no device
 */

static void
expect_no_info(uint16_t dev)
{
	struct accel_bank_info bank;
	struct accel_arena_info arena;
	struct accel_qp_stats stats;
	struct accel_dev_info info;
	struct accel_map map;
	uint64_t iova = 1;
	int here;

	SOFT_ASSERT_FAILS(accel_dev_info_get(dev, &info), -ENODEV);
	SOFT_ASSERT_FAILS(accel_arena_info_get(dev, 0, &arena), -ENODEV);
	SOFT_ASSERT_FAILS(accel_bank_info_get(dev, 0, &bank), -ENODEV);
	SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, 0, &stats), -ENODEV);
	SOFT_ASSERT_FAILS(accel_qp_stats_reset(dev, 0), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_map_next(dev, 0, &map), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, &here, sizeof(here), &iova), -ENODEV);
	CU_ASSERT_EQUAL(iova, 1);
	CU_ASSERT_EQUAL(accel_dev_socket_id(dev), -1);
}

static void
expect_no_device(uint16_t dev)
{
	static char page[4096] __attribute__((aligned(4096)));
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_pool_conf p = { .size = sizeof(p), .nb_bufs = 8, .buf_len = 8 };
	struct accel_pool *pool = NULL;
	struct accel_buf *buf = NULL;
	uint64_t addr = 1;

	SOFT_ASSERT_FAILS(accel_dev_configure(dev, &conf), -ENODEV);
	SOFT_ASSERT_FAILS(accel_qp_setup(dev, 0, NULL), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_start(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_stop(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 0, 0, &buf), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 0, ACCEL_BUF_ISOLATED, &buf), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 0, ACCEL_BUF_EXPORTABLE, &buf), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_import(dev, page, sizeof(page), 0, NULL, NULL, &buf), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 64, 0), -ENODEV);
	SOFT_ASSERT_FAILS(accel_pool_create("pool", dev, &p, &pool), -ENODEV);
	SOFT_ASSERT_FAILS(accel_bank_alloc(dev, 0, 64, 0, &addr), -ENODEV);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 0, 0), -ENODEV);
	CU_ASSERT_PTR_NULL(pool);
	CU_ASSERT_PTR_NULL(buf);
	CU_ASSERT_EQUAL(addr, 1);
	expect_no_info(dev);
}

static void
calls_without_a_device(void)
{
	uint16_t dev = soft_open("soft:0,banks=1");

	soft_run(dev, 1, 0, 0);
	soft_close(dev);
	expect_no_device(dev);
	expect_no_device(ACCEL_MAX_DEVS - 1);
	expect_no_device(ACCEL_MAX_DEVS);
	expect_no_device(UINT16_MAX);
}

static void
calls_with_null(void)
{
	uint16_t dev = soft_open("soft:0,banks=1");
	uint64_t iova;

	SOFT_ASSERT_FAILS(accel_dev_info_get(dev, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_configure(dev, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_map_next(dev, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_arena_info_get(dev, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_info_get(dev, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_bank_alloc(dev, 0, 1, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 1, 0, 0, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, &iova, 1, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, &iova, 0, &iova), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, &iova, SIZE_MAX, &iova), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, NULL, 1, &iova), -ENOENT);
	soft_close(dev);
}

/*
 * States
 */

static int
configure(uint16_t dev, uint16_t nb_qps)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = nb_qps };

	return accel_dev_configure(dev, &conf);
}

/* What works in a state, each as its own result; what should not work is tried only. */
static void
expect_calls(uint16_t dev, int start, int stop, int qp_setup, int stats)
{
	struct accel_qp_stats s;

	if (start != 0)
		SOFT_ASSERT_FAILS(accel_dev_start(dev), start);
	if (stop != 0)
		SOFT_ASSERT_FAILS(accel_dev_stop(dev), stop);
	if (qp_setup != 0)
		SOFT_ASSERT_FAILS(accel_qp_setup(dev, 0, NULL), qp_setup);
	if (stats != 0) {
		SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, 0, &s), stats);
		SOFT_ASSERT_FAILS(accel_qp_stats_reset(dev, 0), stats);
	} else {
		CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &s), 0);
	}
}

static void
calls_in_each_state(void)
{
	uint16_t dev = soft_open("soft:0");

	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_PROBED);
	expect_calls(dev, -EPERM, -EALREADY, -EPERM, -EPERM);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(configure(dev, 2), 0);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_CONFIGURED);
	expect_calls(dev, -EPERM, -EALREADY, 0, -EPERM);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	expect_calls(dev, -EPERM, -EALREADY, 0, 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 1, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STARTED);
	expect_calls(dev, -EALREADY, 0, -EBUSY, 0);
	SOFT_ASSERT_FAILS(configure(dev, 1), -EBUSY);
	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -EBUSY);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STARTED);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, 2);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STOPPED);
	expect_calls(dev, 0, -EALREADY, 0, 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 1, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(configure(dev, 1), 0);
	expect_calls(dev, -EPERM, -EALREADY, 0, -EPERM);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, 1);
	soft_close(dev);
}

static void
configuration_is_checked(void)
{
	struct {
		struct accel_dev_conf conf;
		uint64_t tail[2];
	} newer = { .conf = { .size = sizeof(newer), .nb_qps = 1 } };
	uint16_t dev = soft_open("soft:0"), max = soft_info(dev).max_qps;

	SOFT_ASSERT_FAILS(configure(dev, 0), -EINVAL);
	SOFT_ASSERT_FAILS(configure(dev, max + 1), -EINVAL);
	SOFT_ASSERT_FAILS(configure(dev, UINT16_MAX), -EINVAL);
	CU_ASSERT_EQUAL(configure(dev, max), 0);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, max);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &newer.conf), 0);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, 1);
	newer.tail[1] = 1;
	SOFT_ASSERT_FAILS(accel_dev_configure(dev, &newer.conf), -EINVAL);
	newer.conf.size = 0;
	SOFT_ASSERT_FAILS(accel_dev_configure(dev, &newer.conf), -EINVAL);
	newer.conf.size = sizeof(newer.conf) - 1;
	SOFT_ASSERT_FAILS(accel_dev_configure(dev, &newer.conf), -EINVAL);
	newer.conf.size = SIZE_MAX;
	SOFT_ASSERT_FAILS(accel_dev_configure(dev, &newer.conf), -EINVAL);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, 1);
	soft_close(dev);
}

static int
setup(uint16_t dev, uint16_t qp, uint16_t depth, int socket)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .depth = depth, .socket = socket };

	return accel_qp_setup(dev, qp, &conf);
}

static void
queue_pairs_are_checked(void)
{
	static const uint16_t bad[] = { 3, 5, 1023, 1025, 32767, 32769, 65535, 49152 };
	struct accel_qp_conf conf = { .size = sizeof(conf) - 1, .depth = 64 };
	uint16_t dev = soft_open("soft:0");
	struct accel_dev_info info = soft_info(dev);
	struct accel_qp_stats stats;
	unsigned int i;
	int ret;

	CU_ASSERT_EQUAL(configure(dev, 2), 0);
	for (i = 0; i < RTE_DIM(bad); i++)
		SOFT_ASSERT_FAILS(setup(dev, 0, bad[i], -1), -EINVAL);
	SOFT_ASSERT_FAILS(setup(dev, 2, 64, -1), -EINVAL);
	SOFT_ASSERT_FAILS(setup(dev, UINT16_MAX, 64, -1), -EINVAL);
	SOFT_ASSERT_FAILS(accel_qp_setup(dev, 0, &conf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, 0, &stats), -EPERM);
	SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, 2, &stats), -EINVAL);
	SOFT_ASSERT_FAILS(accel_qp_stats_get(dev, UINT16_MAX, &stats), -EINVAL);
	SOFT_ASSERT_FAILS(accel_qp_stats_reset(dev, ACCEL_MAX_QPS), -EINVAL);
	/* EAL without hugepages has one node for all. */
	soft_log_begin();
	ret = setup(dev, 0, 64, 12345);
	CU_ASSERT_EQUAL(soft_log_end(), ret == 0 ? 0 : 1);
	CU_ASSERT_EQUAL(setup(dev, 0, info.min_depth, 0), 0);
	CU_ASSERT_EQUAL(setup(dev, 1, info.max_depth, 0), 0);
	CU_ASSERT_EQUAL(setup(dev, 1, 0, -1), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	soft_close(dev);
}

static void
info_is_complete(void)
{
	uint16_t dev = soft_open("soft:info,banks=7,bank_size=1M");
	struct accel_dev_info info = soft_info(dev);

	CU_ASSERT_STRING_EQUAL(info.name, "soft:info");
	CU_ASSERT_STRING_EQUAL(info.driver, "soft");
	CU_ASSERT_EQUAL(info.nb_banks, 7);
	CU_ASSERT(info.max_qps >= 1 && info.max_qps <= ACCEL_MAX_QPS);
	CU_ASSERT(rte_is_power_of_2(info.min_depth) && rte_is_power_of_2(info.max_depth));
	CU_ASSERT_EQUAL(info.op_types, ACCEL_OP_BIT(ACCEL_OP_COPY) | ACCEL_OP_BIT(ACCEL_OP_FILL));
	CU_ASSERT_EQUAL(info.nb_qps, 0);
	CU_ASSERT_EQUAL(info.iova_mode, ACCEL_IOVA_VA);
	CU_ASSERT(info.iova_first > 0 && info.iova_last > info.iova_first);
	CU_ASSERT((info.page_sizes & 4096) != 0);
	CU_ASSERT_EQUAL(info.maps_left, UINT32_MAX);
	CU_ASSERT_EQUAL(info.maps, 0);
	CU_ASSERT_EQUAL(info.mapped_bytes, 0);
	CU_ASSERT_EQUAL(info.live_bufs, 0);
	CU_ASSERT(info.max_op_len > 0);
	soft_close(dev);
}

/*
 * Closing
 */

static void
close_needs_all_back(void)
{
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 8, .buf_len = 64 };
	uint16_t dev = soft_open("soft:0,banks=1");
	static char page[4096] __attribute__((aligned(4096)));
	struct accel_buf *buf, *isolated, *own, *import;
	struct accel_pool *pool;
	uint64_t addr;

	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 1, 0, 0, &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 1, 0, ACCEL_BUF_ISOLATED, &isolated), 0);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 1, 0, ACCEL_BUF_EXPORTABLE, &own), 0);
	CU_ASSERT_EQUAL(accel_buf_import(dev, page, sizeof(page), 0, NULL, NULL, &import), 0);
	CU_ASSERT_EQUAL(accel_pool_create("close", dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, 1, 0, &addr), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(isolated), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(own), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(import), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, addr), 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_free(buf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(own), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(own), -EINVAL);
}

/*
 * Bursts with wrong arguments, checked because of ACCELDEV_DEBUG
 */

static void
debug_checks(void)
{
	/* The compiler would warn of constants. */
	volatile uint16_t above = ACCEL_MAX_DEVS, last = UINT16_MAX;
	uint16_t dev = soft_open("soft:0"), n;
	struct accel_op op = { 0 }, *ops[] = { &op };

	soft_run(dev, 2, 1, 0);
	SOFT_ASSERT_FAILS(accel_enqueue_burst(above, 0, ops, 1), 0);
	SOFT_ASSERT_FAILS(accel_dequeue_burst(last, 0, ops, 1), 0);
	SOFT_ASSERT_FAILS(accel_enqueue_burst(dev, 2, ops, 1), 0);
	SOFT_ASSERT_FAILS(accel_dequeue_burst(dev, UINT16_MAX, ops, 1), 0);
	SOFT_ASSERT_FAILS(accel_enqueue_burst(dev, 0, NULL, 1), 0);
	soft_log_begin();
	n = accel_enqueue_burst(dev, 0, NULL, 0) + accel_dequeue_burst(dev, 1, NULL, 0);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 1, ops, 1), 1);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 1, ops, 1), 1);
	CU_ASSERT_EQUAL(soft_log_end(), 0);
	CU_ASSERT_EQUAL(op.status, ACCEL_STATUS_LENGTH);
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_enqueue_burst(dev, 0, ops, 1), 0);
	SOFT_ASSERT_FAILS(accel_dequeue_burst(dev, 0, ops, 1), 0);
}

static void
words(void)
{
	int err;

	for (err = 0; err < ACCEL_STATUS_MAX; err++)
		CU_ASSERT(strlen(accel_status_str(err)) > 0);
	CU_ASSERT_STRING_EQUAL(accel_status_str(ACCEL_STATUS_BAD_ADDRESS), "bad address");
	CU_ASSERT_STRING_EQUAL(accel_status_str(ACCEL_STATUS_MAX), "unknown status");
	CU_ASSERT_STRING_EQUAL(accel_status_str(UINT8_MAX), "unknown status");
	CU_ASSERT_STRING_EQUAL(accel_strerror(0), "success");
	CU_ASSERT_STRING_EQUAL(accel_strerror(-EBUSY), "in use");
	CU_ASSERT_STRING_EQUAL(accel_strerror(EBUSY), "unknown error");
	CU_ASSERT_STRING_EQUAL(accel_strerror(INT32_MIN), "unknown error");
	CU_ASSERT_STRING_EQUAL(accel_strerror(INT32_MAX), "unknown error");
}

static const struct test_case spec_cases[] = {
	{ "before EAL is initialised", without_eal },
	{ "malformed", malformed_specs },
	{ "control characters", specs_with_control_characters },
	{ "over-long", over_long_specs },
	{ "too many keys", too_many_keys },
	{ "unknown bus or driver", unknown_bus_or_driver },
	{ "bad numbers", bad_numbers },
	{ "good numbers", good_numbers },
	{ "addresses are text", addresses_are_text },
	{ "mem=", mem_is_what_was_asked_for },
	{ "socket=", socket_is_kept },
	{ NULL, NULL },
};

static const struct test_case device_cases[] = {
	{ "one device once", one_device_once },
	{ "all slots", all_slots },
	{ "iteration", iteration_over_devices },
	{ "open and close many times", open_and_close_many_times },
	{ "banks are given back", banks_are_given_back },
	{ "calls without a device", calls_without_a_device },
	{ "calls with NULL", calls_with_null },
	{ "calls in each state", calls_in_each_state },
	{ "configuration is checked", configuration_is_checked },
	{ "queue pairs are checked", queue_pairs_are_checked },
	{ "info is complete", info_is_complete },
	{ "close needs all back", close_needs_all_back },
	{ "debug checks of bursts", debug_checks },
	{ "words", words },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "spec", NULL, NULL, spec_cases },
	{ "device", NULL, NULL, device_cases },
	{ NULL, NULL, NULL, NULL },
};
