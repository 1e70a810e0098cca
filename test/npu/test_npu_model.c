/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The model of the NPU behind its registers. What its cores do with data is in test_vta.c.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "npu_bench.h"
#include "soft_dev.h"

static void
identity(void)
{
	struct bench *b = bench_open("npu", 3);
	struct bus_irq_info irq;
	struct bus_info info;
	uint32_t value;

	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, BUS_REGION_CONFIG, PCI_VENDOR_ID, &value, 4),
			0);
	CU_ASSERT_EQUAL(value, 0x7a011234);
	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, BUS_REGION_CONFIG, PCI_CLASS_REVISION, &value,
			4), 0);
	CU_ASSERT_EQUAL(value >> 8, 0x120000);
	CU_ASSERT_EQUAL(b->d->ops->irq_info(b->d, BUS_IRQ_MSIX, &irq), 0);
	CU_ASSERT_EQUAL(irq.count, 16);
	CU_ASSERT_EQUAL(b->d->ops->info(b->d, &info), 0);
	CU_ASSERT(info.has_reset);
	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, 0x1fffc, &value, 4), 0);
	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, 0x20000, &value, 4), -EINVAL);
	CU_ASSERT_EQUAL(bench_get(b, R_ID), 0x4155504e);
	CU_ASSERT_EQUAL(bench_get(b, R_VERSION), 1);
	CU_ASSERT_EQUAL(bench_get(b, R_CORES), 3);
	CU_ASSERT_EQUAL(bench_get(b, R_ISA), 0x000002);
	CU_ASSERT_EQUAL(bench_get(b, R_WIDTHS), 0x40533);
	CU_ASSERT_EQUAL(bench_get(b, R_BUFFERS), 0x11120f0f);
	bench_close(b);
}

static void
keys(void)
{
	CU_ASSERT_EQUAL(bench_try(NULL), 0);
	CU_ASSERT_EQUAL(bench_try("1"), 0);
	CU_ASSERT_EQUAL(bench_try("16"), 0);
	SOFT_ASSERT_FAILS(bench_try("0"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try("17"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try("-1"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try(""), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try("2x"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try("+2"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try(" 2"), -EINVAL);
	SOFT_ASSERT_FAILS(bench_try("18446744073709551617"), -EINVAL);
}

/*
 * Registers
 */

/* All that takes values: those of a core but CONTROL, and IRQ_ENABLE. */
static bool
is_kept(uint32_t off, unsigned int cores)
{
	return off >= R_CORE(0) && off < R_CORE(cores) && off % 0x1000 < 0x40;
}

static uint32_t
reset_value(uint32_t off, unsigned int cores)
{
	static const uint32_t ids[] = { 0x4155504e, 1, 0, 2, 0x40533, 0x11120f0f };

	if (off == R_CORES)
		return cores;
	return off < sizeof(ids) ? ids[off / 4] : 0;
}

static void
expect_reset_values(struct bench *b, unsigned int cores)
{
	uint32_t off;

	for (off = 0; off < 0x20000; off += 4) {
		if (off % 0x1000 < 0x100)
			CU_ASSERT_EQUAL(bench_get(b, off), reset_value(off, cores));
	}
}

static void
all_registers(void)
{
	struct bench *b = bench_open("npu", 3);
	uint32_t off, want;

	expect_reset_values(b, 3);
	for (off = 0; off < 0x20000; off += 4) {
		if (off % 0x1000 >= 0x100 || off == R_CORE(off / 0x1000 - 1) + R_CONTROL)
			continue;
		bench_set(b, off, 0x12340007 + off);
		want = is_kept(off, 3) ? 0x12340007 + off : reset_value(off, 3);
		if (off == R_IRQ_ENABLE)
			want = (0x12340007 + off) & 7;
		CU_ASSERT_EQUAL(bench_get(b, off), want);
	}
	/* None has changed another. */
	for (off = R_CORE(0) + 4; off < R_CORE(2) + 0x40; off += 4) {
		if (off % 0x1000 < 0x100 && off % 0x1000 != 0)
			CU_ASSERT_EQUAL(bench_get(b, off),
					is_kept(off, 3) ? 0x12340007 + off : 0);
	}
	bench_set(b, R_IRQ_ENABLE, UINT32_MAX);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_ENABLE), 7);

	/* A core by itself, and the function. */
	bench_set(b, R_RESET, 2);
	CU_ASSERT_EQUAL(bench_get(b, R_RESET), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(1) + R_WRITES), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(1) + R_INSN), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_WRITES), 0x12341043);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(2) + R_INSN), 0x12343013);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_ENABLE), 7);
	CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
	expect_reset_values(b, 3);
	bench_close(b);
}

static void
other_widths(void)
{
	struct bench *b = bench_open("npu", 1);
	uint64_t value = 0;

	bench_set(b, R_CORE(0) + R_COUNT, 0x11223344);
	bench_set(b, R_CORE(0) + R_INSN + 4, 0x55667788);
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, R_CORE(0) + R_COUNT, &value, 1), 0);
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, R_CORE(0) + R_COUNT, &value, 2), 0);
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, R_CORE(0) + R_INSN + 4, &value, 8), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_COUNT), 0x11223344);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_INSN + 4), 0x55667788);
	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, R_ID, &value, 1), 0);
	CU_ASSERT_EQUAL(value, 0xff);
	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, R_ID, &value, 8), 0);
	CU_ASSERT_EQUAL(value, UINT64_MAX);
	bench_close(b);
}

/*
 * Programs
 */

static void
run_golden(struct bench *b, unsigned int core)
{
	bench_put_golden(b, core);
	bench_run(b, core, E_NONE, 0);
	CU_ASSERT(bench_golden_is_good(b, core));
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(core) + R_CYCLES), GOLDEN_CYCLES);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(core) + R_WRITES), GOLDEN_WRITES);
}

static void
a_known_program(void)
{
	struct bench *b = bench_open("npu", 1);

	run_golden(b, 0);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 1);
	run_golden(b, 0);
	/* What it was given stays. */
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_COUNT), GOLDEN_INSNS);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_OUT + 4), 4);
	CU_ASSERT_EQUAL(devmodel_faults("npu", NULL), 0);
	/* The end can be cleared, and does not begin anything. */
	bench_set(b, R_CORE(0) + R_CONTROL, 2);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 2);
	bench_set(b, R_CORE(0) + R_CONTROL, 0xfffffffc);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 0);
	bench_spend(b);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 0);
	bench_close(b);
}

/* Neither data nor instructions lie in one piece. */
static void
page_by_page(void)
{
	struct bench *b = bench_open_pages("npu", 1);
	unsigned char swapped[CORE_SIZE];
	uint32_t at;

	bench_put_golden(b, 0);
	/* Instructions over the end of a page. */
	memmove(b->mem + 0x1000 - 0x50, b->mem + AT_INSN, GOLDEN_INSNS * 16);
	memcpy(b->mem + 0x1100, b->golden.uops, sizeof(b->golden.uops));
	bench_set(b, R_CORE(0) + R_INSN, MEM_AT + 0x1000 - 0x50);
	b->mem[0x1000 - 0x50 + 4] += 1; /* dram_base of the first one: 64 units on */
	for (at = 0; at < CORE_SIZE; at += 4096)
		memcpy(swapped + at, b->mem + CORE_SIZE - 4096 - at, 4096);
	memcpy(b->mem, swapped, CORE_SIZE);
	bench_run(b, 0, E_NONE, 0);
	for (at = 0; at < CORE_SIZE; at += 4096)
		memcpy(swapped + at, b->mem + CORE_SIZE - 4096 - at, 4096);
	memcpy(b->mem, swapped, CORE_SIZE);
	CU_ASSERT(bench_golden_is_good(b, 0));
	bench_close(b);
}

/* Each memory in a window of its own, which has nothing else. */
static void
bases(void)
{
	static const struct {
		uint32_t reg, at, len;
		unsigned int access;
	} areas[] = { { R_UOP, AT_UOP, 0x1000, IOSPACE_READ },
		{ R_ACC, AT_BIAS, 0x1000, IOSPACE_READ },
		{ R_INP, AT_A, 0x1000, IOSPACE_READ }, { R_WGT, AT_W, 0x10000, IOSPACE_READ },
		{ R_OUT, AT_OUT, 0x1000, IOSPACE_WRITE } };
	struct bench *b = bench_open("npu", 1);
	uint32_t i;

	bench_put_golden(b, 0);
	bench_remap(b, 0x1000, MEM_SIZE - 0x1000, 0);
	for (i = 0; i < 5; i++) {
		bench_map(b, areas[i].at, areas[i].len, 100 + i, areas[i].access);
		bench_set(b, R_CORE(0) + areas[i].reg + 4, 100 + i);
	}
	bench_run(b, 0, E_NONE, 0);
	CU_ASSERT(bench_golden_is_good(b, 0));
	bench_close(b);
}

/* Registers are taken at the launch, and another launch while a program runs is none. */
static void
locked_while_running(void)
{
	struct bench *b = bench_open("npu", 1);
	const struct ref_insn insns[] = {
		{ .op = OP_GEMM, .end = 4096, .out = 10, .in = 10 },
		{ .op = OP_FINISH },
	};
	uint32_t reg;

	bench_put(b, 0, insns, 2);
	bench_launch(b, 0);
	for (reg = R_COUNT; reg < R_WRITES; reg += 4)
		bench_set(b, R_CORE(0) + reg, 0x01010101);
	bench_launch(b, 0);
	bench_set(b, R_CORE(0) + R_CONTROL, 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 1);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	CU_ASSERT(bench_wait(b, 0));
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_WRITES), 4096 * 100);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CYCLES), 4096 * 100 + 1);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_OUT), 0x01010101);
	bench_spend(b);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 2);
	CU_ASSERT_EQUAL(devmodel_faults("npu", NULL), 0);
	bench_close(b);
}

/*
 * Interrupts
 */

static void
interrupts(void)
{
	struct bench *b = bench_open("npu", 3);
	int fds[16];
	unsigned int i;

	for (i = 0; i < 16; i++)
		fds[i] = edu_eventfd();
	CU_ASSERT_EQUAL(b->d->ops->irq_set(b->d, BUS_IRQ_MSIX, 0, 16, fds), 0);

	run_golden(b, 1);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 2);
	CU_ASSERT_FALSE(edu_signalled(fds[1], 10));
	/* One that is there already comes when it is enabled, once. */
	bench_set(b, R_IRQ_ENABLE, 1);
	CU_ASSERT_FALSE(edu_signalled(fds[1], 10));
	bench_set(b, R_IRQ_ENABLE, 3);
	CU_ASSERT(edu_signalled(fds[1], 1000));
	bench_set(b, R_IRQ_ENABLE, 3);
	CU_ASSERT_FALSE(edu_signalled(fds[1], 10));

	/* Again, whether the cause was cleared or not. */
	run_golden(b, 1);
	CU_ASSERT(edu_signalled(fds[1], 1000));
	bench_set(b, R_IRQ_CAUSE, 5);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 2);
	bench_set(b, R_IRQ_CAUSE, 2);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 0);
	run_golden(b, 1);
	CU_ASSERT(edu_signalled(fds[1], 1000));

	/* Errors too, and each core by itself. */
	bench_set(b, R_CORE(0) + R_COUNT, 0);
	bench_run(b, 0, E_FETCH, 0);
	CU_ASSERT(edu_signalled(fds[0], 1000));
	run_golden(b, 2);
	CU_ASSERT_FALSE(edu_signalled(fds[2], 10));
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 7);

	/* A reset takes back the cause, not the enable. */
	bench_set(b, R_RESET, 5);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 2);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_ENABLE), 3);
	bench_set(b, R_IRQ_ENABLE, 7);
	for (i = 0; i < 16; i++) {
		CU_ASSERT_FALSE(edu_signalled(fds[i], 0));
		close(fds[i]);
	}
	bench_close(b);
}

/*
 * Resets
 */

enum end { BY_CORE, BY_FUNCTION, BY_UNPLUG, BY_CLOSE, ENDS };

static void
end_it(struct bench *b, enum end how)
{
	if (how == BY_CORE)
		bench_set(b, R_RESET, 1);
	if (how == BY_FUNCTION)
		CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
	if (how == BY_UNPLUG) {
		CU_ASSERT_EQUAL(devmodel_inject("npu", DEVMODEL_UNPLUG), 0);
		CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), UINT32_MAX);
		return;
	}
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_COUNT), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 0);
	bench_spend(b);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 0);
	run_golden(b, 0);
}

static void
ended_from_outside(void)
{
	struct bench *b;
	int how;

	for (how = BY_CORE; how < ENDS; how++) {
		b = bench_open("npu", 1);
		bench_run_endless(b, 0);
		if (how != BY_CLOSE)
			end_it(b, (enum end)how);
		bench_close(b);
	}
}

/* The reset of a core does nothing to another one, which runs. */
static void
others_go_on(void)
{
	struct bench *b = bench_open("npu", 3);
	unsigned int i;

	bench_run_endless(b, 0);
	bench_run_endless(b, 2);
	for (i = 0; i < 5; i++) {
		bench_set(b, R_RESET, 2);
		CU_ASSERT_EQUAL(bench_get(b, R_CORE(1) + R_CONTROL), 0);
		run_golden(b, 1);
		CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 1);
		CU_ASSERT_EQUAL(bench_get(b, R_CORE(2) + R_CONTROL), 1);
	}
	bench_set(b, R_RESET, 4);
	bench_set(b, R_RESET, UINT32_MAX << 3);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(0) + R_CONTROL), 1);
	CU_ASSERT_EQUAL(bench_get(b, R_CORE(2) + R_CONTROL), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 2);
	bench_close(b);
}

/* A reset clears the memories of a core, and its error: what was computed is not there any more. */
static void
reset_clears(void)
{
	const struct ref_insn insns[] = {
		{ .op = OP_LOAD },
		{ .op = OP_STORE, .mem = MEM_OUT, .dram = (MEM_AT + AT_OUT) / 16, .y = 1, .x = 1 },
		{ .op = OP_FINISH },
	};
	struct bench *b = bench_open("npu", 1);

	run_golden(b, 0);
	bench_put(b, 0, insns, 3);
	bench_run(b, 0, E_NONE, 0);
	bench_set(b, R_RESET, 1);
	bench_put(b, 0, insns, 3);
	bench_run(b, 0, E_SRAM, 1);
	bench_set(b, R_RESET, 1);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR_INSN(0)), 0);
	/* Before a program ends there is no error of the one before. */
	bench_put(b, 0, insns, 3);
	bench_run(b, 0, E_SRAM, 1);
	bench_run_endless(b, 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR_INSN(0)), 0);
	bench_close(b);
}

/*
 * Several at once
 */

static void
all_cores_at_once(void)
{
	struct bench *b = bench_open("npu", CORES);
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < CORES; i++)
			bench_put_golden(b, i);
		/* Data of its own for each. */
		for (i = 0; i < CORES; i++)
			bench_mem(b, i, AT_A)[0] = (unsigned char)(i + round);
		for (i = 0; i < CORES; i++)
			bench_launch(b, CORES - 1 - i);
		for (i = 0; i < CORES; i++) {
			CU_ASSERT_FATAL(bench_wait(b, i));
			CU_ASSERT_EQUAL(bench_get(b, R_ERROR(i)), E_NONE);
			b->golden.a[0][0] = (int8_t)(i + round);
			golden_compute(&b->golden);
			CU_ASSERT(bench_golden_is_good(b, i));
		}
		CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 0xffff);
	}
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(0)), 0);
	bench_close(b);
}

static void
two_devices(void)
{
	struct bench *a = bench_open("npu", 1), *b = bench_open("npu.7", 2);

	bench_run_endless(a, 0);
	run_golden(b, 1);
	bench_set(a, R_RESET, 1);
	run_golden(a, 0);
	CU_ASSERT_EQUAL(bench_get(a, R_CORES), 1);
	CU_ASSERT_EQUAL(bench_get(b, R_CORES), 2);
	bench_close(b);
	run_golden(a, 0);
	bench_close(a);
}

static const struct test_case cases[] = {
	{ "identity", identity },
	{ "keys", keys },
	{ "all registers", all_registers },
	{ "other widths", other_widths },
	{ "a known program", a_known_program },
	{ "page by page", page_by_page },
	{ "bases", bases },
	{ "locked while running", locked_while_running },
	{ "interrupts", interrupts },
	{ "ended from outside", ended_from_outside },
	{ "others go on", others_go_on },
	{ "reset clears", reset_clears },
	{ "all cores at once", all_cores_at_once },
	{ "two devices", two_devices },
	{ NULL, NULL },
};

static int
by_thread(void)
{
	bench_async = "thread";
	return 0;
}

static int
by_access(void)
{
	bench_async = "access";
	return 0;
}

const struct test_suite eal_suites[] = {
	{ "NPU model", by_thread, NULL, cases },
	{ "NPU model, errors", by_thread, NULL, npu_error_cases },
	{ "NPU model by access", by_access, NULL, cases },
	{ "NPU model by access, errors", by_access, NULL, npu_error_cases },
	{ NULL, NULL, NULL, NULL },
};
