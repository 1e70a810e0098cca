/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The driver of FPGA functions on cards of the test's own: feature lists and AFUs.
 */
#include <errno.h>
#include <string.h>

#include <acceldev/accel_afu.h>
#include <acceldev/accel_mmio.h>

#include "afu_card.h"
#include "eal_main.h"
#include "edu_dev.h"
#include "log_text.h"
#include "test_dfl.h"

/* An AFU as h:0, see card_afu(). */
static bool
afu_is(uint16_t dev, uint16_t n, uint64_t h, uint64_t off, uint64_t end)
{
	struct accel_afu_info afu;
	uint64_t guid_h = 0;
	int i;

	if (accel_afu_info_get(dev, n, &afu) != 0)
		return false;
	for (i = 0; i < 8; i++)
		guid_h = guid_h << 8 | afu.guid[i];
	return guid_h == h && afu.region == 0 && afu.offset == off && afu.size == end - off;
}

static unsigned int
nb_afus(uint16_t dev)
{
	return soft_info(dev).nb_afus;
}

/*
 * Lists that are good
 */

static void
single_afu(void)
{
	static const uint8_t guid[16] = { 0xd8, 0x42, 0x4d, 0xc4, 0xa4, 0xa3, 0xc4, 0x13,
		0xf8, 0x9e, 0x43, 0x36, 0x83, 0xf9, 0x04, 0x0b };
	struct accel_afu_info afu;
	uint16_t dev;

	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, NLB_H, NLB_L, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_STRING_EQUAL(soft_info(dev).driver, "dfl");
	CU_ASSERT_EQUAL(nb_afus(dev), 1);
	CU_ASSERT_EQUAL(accel_afu_info_get(dev, 0, &afu), 0);
	CU_ASSERT_EQUAL(memcmp(afu.guid, guid, 16), 0);
	CU_ASSERT_EQUAL(afu.region, 0);
	CU_ASSERT_EQUAL(afu.offset, 0);
	CU_ASSERT_EQUAL(afu.size, 4096);
	soft_close(dev);
	card_eject();
}

static void
refused_afu_info(void)
{
	struct accel_afu_info afu, before;
	uint16_t dev;

	memset(&afu, 0x5a, sizeof(afu));
	before = afu;
	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 7, 0, EOL);
	dev = soft_open(CARD);
	LOG_ASSERT_FAILS(accel_afu_info_get(dev, 0, NULL), -EINVAL, "sim:card");
	LOG_ASSERT_FAILS(accel_afu_info_get(dev, 1, &afu), -EINVAL, "sim:card", "1");
	LOG_ASSERT_FAILS(accel_afu_info_get(dev, UINT16_MAX, &afu), -EINVAL, "sim:card");
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_afu_info_get(dev, 0, &afu), -ENODEV);
	SOFT_ASSERT_FAILS(accel_afu_info_get(UINT16_MAX, 0, &afu), -ENODEV);
	CU_ASSERT_EQUAL(memcmp(&afu, &before, sizeof(afu)), 0);
	card_eject();
	dev = soft_open("soft:0");
	SOFT_ASSERT_FAILS(accel_afu_info_get(dev, 0, &afu), -EINVAL);
	soft_close(dev);
}

/* Private features, building blocks and what nobody knows belong to the AFU before them. */
static void
two_afus(void)
{
	uint16_t dev;

	card_insert(0x4000, VENDOR, DEVICE, false);
	card_afu(0, 1, 0, 0x100);
	card_header(0x100, TYPE_PRIVATE, 0x10, 0x100);
	card_header(0x200, TYPE_BLOCK, 0x11, 0x100);
	card_header(0x300, 7, 0x12, 0x1000 - 0x300);
	card_afu(0x1000, 2, 0, 0x2ff8);
	card_header(0x3ff8, TYPE_PRIVATE, 0x13, EOL); /* needs no more than its header */
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 2);
	CU_ASSERT(afu_is(dev, 0, 1, 0, 0x1000));
	CU_ASSERT(afu_is(dev, 1, 2, 0x1000, 0x4000));
	soft_close(dev);
	card_eject();
}

static void
version_1(void)
{
	uint16_t dev;

	card_insert(0x4000, VENDOR, DEVICE, false);
	card_header1(0, TYPE_AFU, 0, 0x1000);
	card_put(0x10, 1);
	card_header1(0x1000, TYPE_PRIVATE, 0x20, 0x800);
	card_put(0x1010, 77); /* its own GUID, of no AFU */
	card_header1(0x1800, TYPE_FIU, ID_PORT, 0x800);
	card_header1(0x2000, TYPE_AFU, 0, EOL);
	card_put(0x2010, 2);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 2);
	CU_ASSERT(afu_is(dev, 0, 1, 0, 0x1800));
	CU_ASSERT(afu_is(dev, 1, 2, 0x2000, 0x4000));
	CU_ASSERT_EQUAL(card.resets, 1);
	soft_close(dev);
	card_eject();
}

static void
port_with_afu(void)
{
	uint16_t dev;

	card_insert(0x80000, VENDOR, DEVICE, false);
	card_port(0, 0x1000, 0x40000);
	card_header(0x1000, TYPE_PRIVATE, 0x10, EOL);
	card_afu(0x40000, 1, 0, 0x1000);
	card_header(0x41000, TYPE_PRIVATE, 0x11, 0x1000);
	card_afu(0x42000, 2, 0, 0x1000);
	card_header(0x43000, TYPE_FIU, 5, 0x1000); /* its list ends here */
	card_afu(0x44000, 3, 0, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 2);
	CU_ASSERT(afu_is(dev, 0, 1, 0x40000, 0x42000));
	CU_ASSERT(afu_is(dev, 1, 2, 0x42000, 0x43000));
	soft_close(dev);
	card_eject();
}

static void
port_without_afu(void)
{
	uint16_t dev;

	card_insert(0x1000, VENDOR, DEVICE, false);
	card_port(0, EOL, UINT64_C(0xff) << 24); /* other bits than those of the distance */
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 0);
	soft_close(dev);
	card_eject();
}

/* The list of a port and that of its AFU come to the same AFU. */
static void
two_ways_to_an_afu(void)
{
	uint16_t dev;

	card_insert(0x4000, VENDOR, DEVICE, false);
	card_port(0, 0x1000, 0x1000);
	card_afu(0x1000, 1, 0, 0x1000);
	card_header(0x2000, TYPE_FIU, 9, 0x1000);
	card_afu(0x3000, 2, 0, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 2);
	CU_ASSERT(afu_is(dev, 0, 1, 0x1000, 0x2000));
	CU_ASSERT(afu_is(dev, 1, 2, 0x3000, 0x4000));
	soft_close(dev);
	card_eject();
}

#define PORT_AT(off, bar) (UINT64_C(1) << 60 | (uint64_t)(bar) << 32 | (off))

static void
insert_fme(unsigned int ports)
{
	card_insert(0x100000, VENDOR, DEVICE, false);
	card_header(0, TYPE_FIU, ID_FME, 0x1000);
	card_header(0x1000, TYPE_PRIVATE, 5, EOL);
	card_put(0x30, (uint64_t)ports << 17);
}

static void
fme_with_ports(void)
{
	uint16_t dev;

	insert_fme(4);
	card_put(0x38, PORT_AT(0x10000, 0));
	card_put(0x40, PORT_AT(0x20000, 0) & ~(UINT64_C(1) << 60)); /* is not there */
	card_put(0x48, PORT_AT(0x30000, 2));
	card_put(0x50, PORT_AT(0x40000, 0));
	card_port(0x10000, EOL, 0x40000);
	card_afu(0x50000, 1, 0, EOL);
	card_port(0x40000, EOL, 0x40000);
	card_afu(0x80000, 2, 0, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 2);
	CU_ASSERT(afu_is(dev, 0, 1, 0x50000, 0x80000));
	CU_ASSERT(afu_is(dev, 1, 2, 0x80000, 0x100000));
	CU_ASSERT_EQUAL(card.resets, 2);
	soft_close(dev);

	card_put(0x30, UINT64_C(3) << 17); /* the last one does not count */
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 1);
	soft_close(dev);
	card_eject();
}

/* The same port, twice named, and in the list of the FME too. */
static void
port_named_again(void)
{
	uint16_t dev;

	insert_fme(2);
	card_header(0x1000, TYPE_PRIVATE, 5, 0xf000);
	card_port(0x10000, EOL, 0x40000);
	card_afu(0x50000, 1, 0, EOL);
	card_put(0x38, PORT_AT(0x10000, 0));
	card_put(0x40, PORT_AT(0x10000, 0));
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 1);
	CU_ASSERT_EQUAL(card.resets, 1);
	soft_close(dev);
	card_eject();
}

/* What follows the last header is not looked at, whatever its header says of the next one. */
static void
ends_of_lists(void)
{
	static const uint64_t ends[] = { EOL | 0x123, EOL | 0x200000, 0, 0xffff };
	unsigned int i;
	uint16_t dev;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		card_insert(0x20000, VENDOR, DEVICE, false);
		card_afu(0, 1, 0, 0);
		card_put(0, (uint64_t)TYPE_AFU << 60 | (ends[i] & EOL) |
				(ends[i] & 0xffffff) << 16);
		dev = soft_open(CARD);
		CU_ASSERT(afu_is(dev, 0, 1, 0, 0x20000));
		soft_close(dev);
		card_eject();
	}
}

/* A chain of features with n headers. */
static void
insert_chain(unsigned int n, uint64_t type)
{
	unsigned int i;

	card_insert(0x10000, VENDOR, DEVICE, false);
	for (i = 0; i < n; i++)
		card_header((uint64_t)i * 24, type, i & 0xfff, i + 1 < n ? 24 : EOL);
}

static void
as_many_as_can_be(void)
{
	uint16_t dev;

	insert_chain(1024, TYPE_PRIVATE);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 0);
	soft_close(dev);
	card_eject();

	insert_chain(ACCEL_MAX_AFUS, TYPE_AFU);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), ACCEL_MAX_AFUS);
	CU_ASSERT(afu_is(dev, ACCEL_MAX_AFUS - 1, 0, 24 * (ACCEL_MAX_AFUS - 1), 0x10000));
	soft_close(dev);
	card_eject();
}

static void
large_bar(void)
{
	struct accel_region region;
	uint16_t dev;

	card_insert(16u << 20, VENDOR, DEVICE, false);
	card_afu(0, 1, 0, (16u << 20) - 8);
	card_header((16u << 20) - 8, TYPE_PRIVATE, 1, EOL);
	dev = soft_open(CARD);
	CU_ASSERT(afu_is(dev, 0, 1, 0, 16u << 20));
	CU_ASSERT_EQUAL(accel_region_get(dev, 0, &region), 0);
	CU_ASSERT_EQUAL(region.size, 16u << 20);
	CU_ASSERT_EQUAL(accel_mmio_read64(&region, (16u << 20) - 8) >> 60, TYPE_PRIVATE);
	CU_ASSERT_EQUAL(accel_mmio_read64(&region, 16u << 20), UINT64_MAX);
	soft_close(dev);
	card_eject();
}

static void
tiny_bar(void)
{
	uint16_t dev;

	card_insert(16, VENDOR, DEVICE, false);
	card_header(0, TYPE_PRIVATE, 1, 8);
	card_header(8, TYPE_PRIVATE, 1, EOL);
	dev = soft_open(CARD);
	CU_ASSERT_EQUAL(nb_afus(dev), 0);
	soft_close(dev);
	card_eject();
}

/*
 * Lists that are not
 */

static void
make_next_outside(void)
{
	card_afu(0, 1, 0, 0x1000);
}

static void
make_next_far_outside(void)
{
	card_afu(0, 1, 0, 0xfffff8);
}

static void
make_next_unaligned(void)
{
	card_afu(0, 1, 0, 0x104);
}

static void
make_cut_off(void)
{
	card_header(0, TYPE_PRIVATE, 1, 0xff0);
	card_header(0xff0, TYPE_AFU, 0, EOL);
}

static void
make_zeros(void)
{
}

static void
make_ones(void)
{
	memset(card.bar, 0xff, card.size);
}

static void
make_zeros_inside(void)
{
	card_afu(0, 1, 0, 0x100);
}

static void
make_ones_inside(void)
{
	card_afu(0, 1, 0, 0x100);
	card_put(0x100, UINT64_MAX);
}

static void
make_port_to_nowhere(void)
{
	card_port(0, EOL, 0x1000);
}

static void
make_port_to_no_afu(void)
{
	card_port(0, EOL, 0x100);
	card_header(0x100, TYPE_PRIVATE, 0, EOL);
}

static void
make_port_unaligned(void)
{
	card_port(0, EOL, 0x104);
	card_afu(0x104, 1, 0, EOL);
}

static void
make_port_cut_off(void)
{
	card_header(0, TYPE_PRIVATE, 1, 0xfc8);
	card_header(0xfc8, TYPE_FIU, ID_PORT, EOL);
}

static void
make_ports_too_many(void)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		card_port(i * 0x40, i < 4 ? 0x40 : EOL, 0);
}

static void
make_broken_afu_of_port(void)
{
	card_port(0, EOL, 0x100);
	card_afu(0x100, 1, 0, 0xf00);
}

static void
make_fme_to_nowhere(void)
{
	card_header(0, TYPE_FIU, ID_FME, EOL);
	card_put(0x30, UINT64_C(1) << 17);
	card_put(0x38, PORT_AT(0x10000, 0));
}

static void
make_fme_to_no_port(void)
{
	make_fme_to_nowhere();
	card_put(0x38, PORT_AT(0x100, 0));
	card_afu(0x100, 1, 0, EOL);
}

static void
make_fme_unaligned(void)
{
	make_fme_to_nowhere();
	card_put(0x38, PORT_AT(0x104, 0));
	card_port(0x104, EOL, 0);
}

static void
make_fme_to_itself(void)
{
	make_fme_to_nowhere();
	card_put(0x38, PORT_AT(0, 0));
}

static const struct bad_list {
	void (*make)(void);
	int err;
	const char *word;
} bad_lists[] = {
	{ make_next_outside, -EPROTO, "at 0x0 has a next one outside the BAR" },
	{ make_next_far_outside, -EPROTO, "at 0x0 has a next one outside the BAR" },
	{ make_next_unaligned, -EPROTO, "at 0x0 has a next one that is not aligned" },
	{ make_cut_off, -EPROTO, "at 0xff0 of an AFU reaches beyond the BAR" },
	{ make_zeros, -ENODEV, "BAR 0 begins with 0x0000000000000000: take another driver" },
	{ make_ones, -ENODEV, "BAR 0 reads all ones" },
	{ make_zeros_inside, -EPROTO, "at 0x100 is none" },
	{ make_ones_inside, -EPROTO, "at 0x100 is none" },
	{ make_port_to_nowhere, -EPROTO, "at 0x0 is of a port whose AFU is not where it says" },
	{ make_port_to_no_afu, -EPROTO, "at 0x0 is of a port whose AFU is not where it says" },
	{ make_port_unaligned, -EPROTO, "at 0x0 is of a port whose AFU is not where it says" },
	{ make_port_cut_off, -EPROTO, "at 0xfc8 of a port reaches beyond the BAR" },
	{ make_ports_too_many, -EPROTO, "at 0x100 is of one port too many" },
	{ make_broken_afu_of_port, -EPROTO, "at 0x100 has a next one outside the BAR" },
	{ make_fme_to_nowhere, -EPROTO, "at 0x0 has a port where none is" },
	{ make_fme_to_no_port, -EPROTO, "at 0x0 has a port where none is" },
	{ make_fme_unaligned, -EPROTO, "at 0x0 has a port where none is" },
	{ make_fme_to_itself, -EPROTO, "at 0x0 has a port where none is" },
};

static void
refused_lists(void)
{
	struct test_usage before;
	unsigned int i, round;

	single_afu();
	before = test_usage_get();
	for (i = 0; i < sizeof(bad_lists) / sizeof(bad_lists[0]); i++) {
		card_insert(0x1000, VENDOR, DEVICE, false);
		bad_lists[i].make();
		for (round = 0; round < 2; round++)
			LOG_ASSERT_FAILS(accel_dev_probe(CARD), bad_lists[i].err, "sim:card",
					bad_lists[i].word);
		card_eject();
	}
	TEST_ASSERT_NO_LEAK(before);
	single_afu();
}

static void
refused_numbers(void)
{
	insert_chain(1025, TYPE_PRIVATE);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -EPROTO, "too many");
	card_eject();
	insert_chain(2700, TYPE_PRIVATE);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -EPROTO, "too many");
	card_eject();
	insert_chain(ACCEL_MAX_AFUS + 1, TYPE_AFU);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -ENOSPC, "more than 64 AFUs");
	card_eject();
}

static void
refused_bars(void)
{
	card_insert(0, VENDOR, DEVICE, false);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -ENOENT, "no BAR 0");
	card_eject();
	card_insert(16, VENDOR, DEVICE, false);
	card_header(0, TYPE_AFU, 0, EOL);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -EPROTO, "reaches beyond the BAR");
	card_eject();
	card_insert(32, VENDOR, DEVICE, false);
	card_header(0, TYPE_FIU, ID_PORT, EOL);
	LOG_ASSERT_FAILS(accel_dev_probe(CARD), -EPROTO, "reaches beyond the BAR");
	card_eject();
	/* An FME whose ports nobody can tell. */
	card_insert(64, VENDOR, DEVICE, false);
	card_header(0, TYPE_FIU, ID_FME, EOL);
	soft_close(soft_open(CARD));
	card_eject();
}

/*
 * Drivers
 */

static void
binding(void)
{
	card_insert(4096, 0x8086, 0x09c4, false);
	card_afu(0, 1, 0, EOL);
	soft_close(soft_open("sim:card"));
	card_eject();
	card_insert(4096, VENDOR, DEVICE, false);
	card_afu(0, 1, 0, EOL);
	LOG_ASSERT_FAILS(accel_dev_probe("sim:card"), -ENOENT, "1af4:10f1", "driver=");
	soft_close(soft_open(CARD));
	card_eject();
	LOG_ASSERT_FAILS(accel_dev_probe("sim:edu,driver=dfl"), -ENODEV, "sim:edu",
			"another driver");
	SOFT_ASSERT_FAILS(accel_dev_probe("soft:0,driver=dfl"), -ENOENT);
	soft_close(soft_open("sim:edu"));
}

/*
 * Suites
 */

static const struct test_case list_cases[] = {
	{ "a single AFU", single_afu },
	{ "AFUs that are not there", refused_afu_info },
	{ "features, and a second AFU", two_afus },
	{ "headers of version 1", version_1 },
	{ "a port with its AFU", port_with_afu },
	{ "a port without one", port_without_afu },
	{ "two ways to one AFU", two_ways_to_an_afu },
	{ "an FME with ports", fme_with_ports },
	{ "a port that is named again", port_named_again },
	{ "ends of lists", ends_of_lists },
	{ "as many as can be", as_many_as_can_be },
	{ "a large BAR", large_bar },
	{ "a tiny BAR", tiny_bar },
	{ "lists that are refused", refused_lists },
	{ "too many of all", refused_numbers },
	{ "BARs that are refused", refused_bars },
	{ "devices that are bound", binding },
	{ NULL, NULL },
};

/*
 * Engines
 */

/* With a port, and the AFU where no other begins a BAR. */
static int
use_card(void)
{
	card_insert(0x10000, 0x8086, 0x09c4, false);
	card_port(0, EOL, 0x2000);
	card_afu(0x2000, NLB_H, NLB_L, EOL);
	card.engine = 0x2000;
	dfl_spec = "sim:card";
	return 0;
}

static int
remove_card(void)
{
	card_eject();
	return 0;
}

#define USE(name, spec)                                                                            \
	static int                                                                                 \
	name(void)                                                                                 \
	{                                                                                          \
		dfl_spec = (spec);                                                                 \
		return 0;                                                                          \
	}

USE(use_nlb, "sim:nlb")
USE(use_nlb_by_access, "sim:nlb,async=access")
USE(use_he_lb, "sim:he-lb")
USE(use_he_lb_by_access, "sim:he-lb,async=access,iova=alloc")

const struct test_suite eal_suites[] = {
	{ "feature lists", NULL, NULL, list_cases },
	{ "registers of AFUs", NULL, NULL, dfl_register_cases },
	{ "copies of a card", use_card, remove_card, dfl_copy_cases },
	{ "faults of a card", use_card, remove_card, dfl_fault_cases },
	{ "NLB", use_nlb, NULL, dfl_copy_cases },
	{ "NLB by access", use_nlb_by_access, NULL, dfl_copy_cases },
	{ "HE-LB", use_he_lb, NULL, dfl_copy_cases },
	{ "HE-LB by access", use_he_lb_by_access, NULL, dfl_copy_cases },
	{ "HE-LB, looked at late", use_he_lb, NULL, dfl_late_cases },
	{ NULL, NULL, NULL, NULL },
};
