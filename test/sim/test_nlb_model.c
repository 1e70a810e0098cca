/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "test_afu_models.h"

#include <string.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "edu_dev.h"

/* The model of NLB, and what it does with data. */

#define STATUS 0x40 /* in the status memory */

static struct bench *
begin(void)
{
	struct bench *b = bench_open("nlb");

	bench_set(b, R_DSM, DSM);
	return b;
}

static void
prepare(struct bench *b, uint64_t src, uint64_t dst, uint32_t lines, uint32_t cfg)
{
	bench_set32(b, R_CTL, 0);
	bench_set32(b, R_CTL, 1);
	bench_set(b, R_SRC, src / LINE);
	bench_set(b, R_DST, dst / LINE);
	bench_set32(b, R_LINES, lines);
	bench_set32(b, R_CFG, cfg);
}

static void
start(struct bench *b, uint64_t src, uint64_t dst, uint32_t lines, uint32_t cfg)
{
	prepare(b, src, dst, lines, cfg);
	bench_set32(b, R_CTL, 3);
}

/* All 64 bytes of the status line. */
static void
expect_status(struct bench *b, unsigned int number, uint32_t error, uint32_t reads, uint32_t writes,
		uint64_t iova)
{
	CU_ASSERT_EQUAL(bench_field(b, STATUS, 4), number << 1 | 1);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 4, 4), error);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 8, 8), writes + 3);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 16, 4), reads);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 20, 4), writes);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 24, 4), 1);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 28, 4), 2);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 32, 8), iova);
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 40, 8) | bench_field(b, STATUS + 48, 8) |
			bench_field(b, STATUS + 56, 8), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), (uint64_t)reads << 32 | writes);
	CU_ASSERT_EQUAL(bench_get(b, R_STATUS1), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR), error);
}

/* The accesses of hello_fpga, then a second run as fpgadiag does it. */
static void
as_hello_fpga(void)
{
	struct bench *b = bench_open("nlb");

	CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
	bench_set(b, 0x110, DSM);
	bench_set32(b, 0x138, 0);
	bench_set32(b, 0x138, 1);
	bench_set(b, 0x120, SRC >> 6);
	bench_set(b, 0x128, DST >> 6);
	bench_set32(b, 0x130, 16384);
	bench_set32(b, 0x140, 0x42000);
	bench_set32(b, 0x138, 3);
	CU_ASSERT(bench_wait(b, STATUS));
	bench_set32(b, 0x138, 7);
	CU_ASSERT_EQUAL(bench_get(b, 0x168), 0);
	memcpy(b->want_dst, b->src, 1 << 20);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	expect_status(b, 0, 0, 16384, 16384, 0);

	bench_take_status(b, STATUS);
	memset(b->dst, 0, DATA_SIZE);
	memset(b->want_dst, 0, DATA_SIZE);
	bench_spend(b);
	CU_ASSERT_EQUAL(bench_field(b, STATUS, 4), 0);
	bench_set32(b, 0x138, 0);
	CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), 0);
	bench_set32(b, 0x138, 1);
	bench_set32(b, 0x130, 100);
	bench_set32(b, 0x138, 3);
	CU_ASSERT(bench_wait(b, STATUS));
	memcpy(b->want_dst, b->src, 100 * LINE);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	expect_status(b, 1, 0, 100, 100, 0);
	bench_close(b);
}

static void
counts_and_places(void)
{
	static const uint32_t counts[] = { 0, 1, 2, 3, 12, 63, 64, 65, 128, 1000, 1024, 16380 };
	static const uint32_t places[] = { 0, 1, 63, 64, 100 };
	struct bench *b = begin();
	unsigned int i, j, multi, number = 0;
	bool good;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (j = 0; j < 15; j++) {
			uint32_t from = places[j % 5] * LINE, to = places[(j + i) % 5] * LINE;

			multi = (unsigned int[]){ 0, 1, 3 }[j / 5];
			good = counts[i] % (multi + 1) == 0;
			bench_take_status(b, STATUS);
			start(b, SRC + from, DST + to, counts[i], multi << 5);
			CU_ASSERT(bench_wait(b, STATUS));
			if (good)
				memcpy(b->want_dst + to, b->src + from, counts[i] * LINE);
			CU_ASSERT(bench_memory_is_good(b, STATUS));
			expect_status(b, number++, good ? 0 : 0x800, good ? counts[i] : 0,
					good ? counts[i] : 0, 0);
		}
	}
	bench_close(b);
}

static void
refused_settings(void)
{
	struct bench *b = begin();
	unsigned int mode, number = 0;

	for (mode = 1; mode < 8; mode++) {
		bench_take_status(b, STATUS);
		start(b, SRC, DST, 4, mode << 2);
		CU_ASSERT(bench_wait(b, STATUS));
		CU_ASSERT(bench_memory_is_good(b, STATUS));
		CU_ASSERT_EQUAL(bench_field(b, STATUS + 8, 8), 3);
		expect_status(b, number++, 0x800, 0, 0, 0);
	}
	bench_take_status(b, STATUS);
	start(b, SRC, DST, 6, 2 << 5);
	CU_ASSERT(bench_wait(b, STATUS));
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	expect_status(b, number, 0x800, 0, 0, 0);

	/* What else there is in CFG, and the stride, changes nothing. */
	bench_take_status(b, STATUS);
	bench_set32(b, 0x178, 5);
	start(b, SRC, DST, 6, 0xcfff7701 & ~UINT32_C(0x62));
	CU_ASSERT(bench_wait(b, STATUS));
	memcpy(b->want_dst, b->src, 6 * LINE);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	expect_status(b, number + 1, 0, 6, 6, 0);
	bench_close(b);
}

static void
until_stopped(void)
{
	struct bench *b = begin();
	uint64_t reads, writes;

	start(b, SRC, DST, 100, 2);
	CU_ASSERT(bench_wait_lines(b, 100, 100));
	CU_ASSERT(bench_wait_lines(b, 1000, 1000));
	CU_ASSERT_EQUAL(bench_field(b, STATUS, 4), 0);
	bench_set32(b, R_CTL, 7);
	CU_ASSERT(bench_wait(b, STATUS));
	memcpy(b->want_dst, b->src, 100 * LINE);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	reads = bench_field(b, STATUS + 16, 4);
	writes = bench_field(b, STATUS + 20, 4);
	CU_ASSERT_EQUAL(reads, writes);
	CU_ASSERT(writes > 1000);
	expect_status(b, 0, 0, (uint32_t)reads, (uint32_t)writes, 0);

	/* Nothing to repeat. */
	bench_take_status(b, STATUS);
	start(b, SRC, DST, 0, 2);
	CU_ASSERT(bench_wait(b, STATUS));
	expect_status(b, 1, 0, 0, 0, 0);

	/* A finite one is cut short as well: by a stop at once, after its first request. */
	bench_take_status(b, STATUS);
	prepare(b, SRC, DST + PAGE * 4, 16384, 3 << 5);
	bench_set32(b, R_CTL, 7);
	CU_ASSERT(bench_wait(b, STATUS));
	memcpy(b->want_dst + PAGE * 4, b->src, 4 * LINE);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	expect_status(b, 2, 0, 4, 4, 0);
	bench_close(b);
}

/* A fault at each of some lines, on either side. */
static void
faults(void)
{
	static const uint32_t lines[] = { 0, 1, 64, 100, 639 };
	struct devmodel_fault last;
	struct bench *b;
	unsigned int i, side;
	uint64_t iova;

	for (i = 0; i < 5; i++) {
		for (side = 0; side < 3; side++) {
			uint32_t n = lines[i];

			b = begin();
			/* Line n is the first one of the page that is not there. */
			iova = (side == 0 ? SRC : DST) + 16 * PAGE;
			if (side == 0)
				bench_remap(b, SRC, 0, 16 * PAGE, IOSPACE_READ);
			else if (side == 1)
				bench_remap(b, DST, 0, 16 * PAGE, IOSPACE_WRITE);
			else
				bench_remap(b, DST, 16 * PAGE, DATA_SIZE, IOSPACE_READ);
			if (side == 2)
				iova -= n * LINE;
			start(b, SRC + 16 * PAGE - n * LINE, DST + 16 * PAGE - n * LINE, 700, 0);
			CU_ASSERT(bench_wait(b, STATUS));
			if (side == 2)
				n = 0;
			memcpy(b->want_dst + 16 * PAGE - n * LINE, b->src + 16 * PAGE - n * LINE,
					n * LINE);
			CU_ASSERT(bench_memory_is_good(b, STATUS));
			expect_status(b, 0, side == 0 ? 0x100 : 0x200, side == 0 ? n : n + 1, n,
					iova);
			CU_ASSERT_EQUAL(devmodel_faults("nlb", &last), 1);
			CU_ASSERT_EQUAL(last.iova, iova);
			CU_ASSERT_EQUAL(last.write, side != 0);
			bench_close(b);
		}
	}
}

static void
high_addresses(void)
{
	struct bench *b = begin();

	/* Lines have 42 bits, the status memory is aligned. */
	bench_set(b, R_DSM, DSM + 0x3f);
	prepare(b, 0, 0, 1, 0);
	bench_set(b, R_SRC, SRC / LINE | UINT64_C(1) << 42);
	bench_set(b, R_DST, DST / LINE | UINT64_C(1) << 63);
	bench_set32(b, R_CTL, 3);
	CU_ASSERT(bench_wait(b, STATUS));
	memcpy(b->want_dst, b->src, LINE);
	CU_ASSERT(bench_memory_is_good(b, STATUS));
	CU_ASSERT_EQUAL(bench_field(b, STATUS + 4, 4), 0);
	bench_close(b);
}

static void
interrupts(void)
{
	int fds[4] = { edu_eventfd(), edu_eventfd(), edu_eventfd(), edu_eventfd() };
	struct bench *b = begin();
	unsigned int i;

	CU_ASSERT_EQUAL(b->d->ops->irq_set(b->d, BUS_IRQ_MSIX, 0, 4, fds), 0);
	start(b, SRC, DST, 10, 1u << 28);
	CU_ASSERT(bench_wait(b, STATUS));
	CU_ASSERT_FALSE(edu_signalled(fds[0], 10));
	bench_take_status(b, STATUS);
	start(b, SRC, DST, 10, 1u << 29);
	CU_ASSERT(bench_wait(b, STATUS));
	CU_ASSERT(edu_signalled(fds[0], 1000));
	bench_take_status(b, STATUS);
	start(b, SRC + DATA_SIZE, DST, 10, 1u << 28);
	CU_ASSERT(bench_wait(b, STATUS));
	CU_ASSERT(edu_signalled(fds[0], 1000));
	expect_status(b, 2, 0x100, 0, 0, SRC + DATA_SIZE);
	start(b, SRC + DATA_SIZE, DST, 10, 0);
	CU_ASSERT(bench_wait_bits(b, R_ERROR, 0x100));
	CU_ASSERT_FALSE(edu_signalled(fds[0], 10));
	/* Nothing of it is left. */
	bench_take_status(b, STATUS);
	start(b, SRC, DST, 10, 1u << 28);
	CU_ASSERT(bench_wait(b, STATUS));
	expect_status(b, 4, 0, 10, 10, 0);
	for (i = 0; i < 4; i++) {
		CU_ASSERT_FALSE(edu_signalled(fds[i], 0));
		close(fds[i]);
	}
	bench_close(b);
}

const struct test_case nlb_cases[] = {
	{ "as hello_fpga", as_hello_fpga },
	{ "counts and places", counts_and_places },
	{ "settings that are refused", refused_settings },
	{ "until stopped", until_stopped },
	{ "faults", faults },
	{ "high addresses", high_addresses },
	{ "interrupts", interrupts },
	{ NULL, NULL },
};
