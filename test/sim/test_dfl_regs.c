/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The driver of FPGA functions on cards of the test's own: regions, resets, devices that have
 * registers and no more.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <acceldev/accel_mmio.h>
#include <devmodel/devmodel.h>

#include "afu_card.h"
#include "edu_dev.h"
#include "log_text.h"
#include "test_dfl.h"

/*
 * Regions
 */

static void
regions(void)
{
	struct accel_region region;
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 1, 0x1122334455667788, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(accel_region_get(dev, 0, &region), 0);
	CU_ASSERT_EQUAL(region.size, 4096);
	CU_ASSERT_EQUAL(accel_mmio_read64(&region, 8), 0x1122334455667788);
	accel_mmio_write32(&region, 0x204, 0xabcd);
	CU_ASSERT_EQUAL(accel_mmio_read64(&region, 0x200), UINT64_C(0xabcd) << 32);
	accel_mmio_write64(&region, 4096, 1); /* outside: nothing */
	CU_ASSERT_EQUAL(accel_mmio_read32(&region, 4096), UINT32_MAX);
	LOG_ASSERT_FAILS(accel_region_get(dev, 0, NULL), -EINVAL, "sim:card");
	LOG_ASSERT_FAILS(accel_region_get(dev, 1, &region), -ENOENT, "sim:card", "region 1");
	LOG_ASSERT_FAILS(accel_region_get(dev, 9, &region), -EINVAL, "sim:card", "region 9");
	LOG_ASSERT_FAILS(accel_region_get(dev, UINT32_MAX, &region), -EINVAL, "sim:card");
	CU_ASSERT_EQUAL(region.size, 4096); /* untouched */
	CU_ASSERT_EQUAL(accel_region_get(dev, ACCEL_REGION_CONFIG, &region), 0);
	CU_ASSERT_EQUAL(accel_mmio_read32(&region, 0), (uint32_t)DEVICE << 16 | VENDOR);
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_region_get(dev, 0, &region), -ENODEV);
	card_eject();
	dev = soft_open("soft:0");
	SOFT_ASSERT_FAILS(accel_region_get(dev, 0, &region), -ENOTSUP);
	soft_close(dev);
}

static bool
wait_health(uint16_t dev, enum accel_dev_health health)
{
	unsigned int ms;

	for (ms = 0; ms < 5000 && soft_info(dev).health != health; ms++)
		usleep(1000);
	return ms < 5000;
}

static void
regions_of_what_is_gone(void)
{
	struct accel_region region, again;
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 1, 3, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(accel_region_get(dev, 0, &region), 0);
	soft_log_begin();
	CU_ASSERT_EQUAL(devmodel_inject("card", DEVMODEL_UNPLUG), 0);
	CU_ASSERT(wait_health(dev, ACCEL_DEV_GONE));
	CU_ASSERT_EQUAL(accel_mmio_read64(&region, 8), UINT64_MAX);
	accel_mmio_write64(&region, 8, 5);
	soft_log_end();
	SOFT_ASSERT_FAILS(accel_region_get(dev, 0, &again), -ENODEV);
	soft_close(dev);
	CU_ASSERT_EQUAL(card.bar[8], 3);
	card_eject();
}

/*
 * Devices without queue pairs
 */

static void
no_queue_pairs(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_op op = { .type = ACCEL_OP_COPY }, *ops = &op;
	struct accel_xstat xstats[64];
	struct accel_dev_info info;
	struct accel_buf *buf;
	uint64_t value = 0;
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 1, 0, EOL);
	dev = soft_open(CARD);
	info = soft_info(dev);
	CU_ASSERT_EQUAL(info.max_qps, 0);
	CU_ASSERT_EQUAL(info.op_types, 0);
	CU_ASSERT_EQUAL(info.max_op_len, 0);
	LOG_ASSERT_FAILS(accel_dev_configure(dev, &conf), -ENOTSUP, "sim:card", "no queue pairs");
	SOFT_ASSERT_FAILS(accel_qp_setup(dev, 0, NULL), -EPERM);
	SOFT_ASSERT_FAILS(accel_dev_start(dev), -EPERM);
	SOFT_ASSERT_FAILS(accel_dev_stop(dev), -EALREADY);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, &ops, 1), 0);
	CU_ASSERT(accel_xstats_get(dev, xstats, 64) > 0);

	buf = edu_buf(dev, 8192, ACCEL_BUF_ZERO);
	CU_ASSERT(edu_is_mapped(dev, buf->iova, buf->iova + 8191));
	CU_ASSERT_EQUAL(accel_reg_write(dev, 0, 0x100, 8, 99), 0);
	CU_ASSERT_EQUAL(accel_reg_read(dev, 0, 0x100, 8, &value), 0);
	CU_ASSERT_EQUAL(value, 99);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	card_eject();
}

/* An AFU with the GUID of an engine, but not with its registers. */
static void
no_engine(void)
{
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, NLB_H, NLB_L, 0x180);
	card_header(0x180, TYPE_FIU, 7, 0x100);
	card_afu(0x280, 1, NLB_L, 0x100);
	card_afu(0x380, NLB_H, 1, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(soft_info(dev).nb_afus, 3);
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 0);
	soft_close(dev);
	card_eject();
}

/* Lines of other lengths are told from version 3 of the interface on. */
static void
wide_he_lb(void)
{
	static const struct { uint64_t version, bus; unsigned int qps; } kinds[] = {
		{ 2, 2, 1 }, { 3, 1, 1 }, { 3, 0, 0 }, { 3, 2, 0 }, { 4, 3, 0 }, { 255, 1, 1 },
	};
	unsigned int i;
	uint16_t dev;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		card_insert(4096, VENDOR, DEVICE, false);
		card_afu(0, HE_H, HE_L, EOL);
		card_put(0x180, kinds[i].version << 16 | kinds[i].bus << 25);
		dev = soft_open(CARD);
		CU_ASSERT_EQUAL(soft_info(dev).max_qps, kinds[i].qps);
		soft_close(dev);
		card_eject();
	}
}

/*
 * Resets
 */

static void
insert_ports(void)
{
	card_insert(0x1000, VENDOR, DEVICE, false);
	card_port(0, 0x100, 0x800);
	card_port(0x100, EOL, 0);
	card_afu(0x800, 1, 0, EOL);
}

static void
reset_by_ports(void)
{
	uint16_t dev;

	insert_ports();
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(card.resets, 2);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(card.resets, 4);
	/* Out of reset again, and the other bits are as they were. */
	CU_ASSERT_EQUAL(card.bar[0x38], 0x4);
	CU_ASSERT_EQUAL(card.bar[0x138], 0x4);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);
	card_eject();
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
port_that_does_not_reset(void)
{
	double begin;
	uint16_t dev;

	insert_ports();
	dev = soft_open(CARD);
	__atomic_store_n(&card.no_ack, true, __ATOMIC_RELAXED);
	soft_log_begin();
	begin = seconds();
	CU_ASSERT_EQUAL(accel_dev_reset(dev), -EIO);
	CU_ASSERT(seconds() - begin < 5);
	soft_log_end();
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	LOG_ASSERT_FAILS(accel_dev_reset(dev), -EIO, "sim:card", "does not reset its port");
	__atomic_store_n(&card.no_ack, false, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);

	__atomic_store_n(&card.no_ack, true, __ATOMIC_RELAXED);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -EIO, "sim:card", "does not reset its port");
	card_eject();
}

static void
reset_by_the_bus(void)
{
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, true);
	card_afu(0, 1, 0, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);
	card_eject();
}

static void
no_reset(void)
{
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 1, 0, EOL);
	dev = soft_open(CARD);
	LOG_ASSERT_FAILS(accel_dev_reset(dev), -ENOTSUP, "sim:card", "reset");
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);
	card_eject();
}

const struct test_case dfl_register_cases[] = {
	{ "regions", regions },
	{ "regions of what is gone", regions_of_what_is_gone },
	{ "no queue pairs", no_queue_pairs },
	{ "no engine", no_engine },
	{ "HE-LB on other buses", wide_he_lb },
	{ "reset by the ports", reset_by_ports },
	{ "a port that does not reset", port_that_does_not_reset },
	{ "reset by the bus", reset_by_the_bus },
	{ "no reset", no_reset },
	{ NULL, NULL },
};
