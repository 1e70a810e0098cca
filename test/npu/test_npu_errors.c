/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <string.h>

#include <devmodel/devmodel.h>

#include "npu_bench.h"

/* Each error, as a driver sees it; what else leads to them is in test_vta_errors.c. */

/* A good program runs after whatever there was, and leaves nothing of it. */
static void
expect_recovered(struct bench *b)
{
	bench_put_golden(b, 0);
	bench_run(b, 0, E_NONE, 0);
	CU_ASSERT(bench_golden_is_good(b, 0));
}

static void
bad_programs(void)
{
	static const struct {
		struct ref_insn insns[3];
		uint32_t n, error, insn;
	} bads[] = {
		{ { { .op = OP_LOAD }, { .op = 7 }, { .op = OP_FINISH } }, 3, E_OPCODE, 1 },
		{ { { .op = OP_LOAD, .mem = MEM_INP, .x = 2049, .y = 1 }, { .op = OP_FINISH } }, 2,
				E_SRAM, 0 },
		{ { { .op = OP_LOAD }, { .op = OP_LOAD },
				{ .op = OP_LOAD, .mem = MEM_INP, .tokens = POP_PREV } }, 3,
				E_FLAG, 2 },
		{ { { .op = OP_FINISH, .tokens = POP_NEXT } }, 1, E_DEADLOCK, 0 },
		{ { { .op = OP_LOAD } }, 1, E_DEADLOCK, 0 },
		{ { { .op = OP_LOAD, .mem = MEM_ACC, .x = 1, .y = 1 }, { .op = OP_FINISH } }, 2,
				E_DRAM, 0 },
		{ { { .op = OP_FINISH } }, 0, E_FETCH, 0 },
		{ { { .op = OP_FINISH } }, (1u << 20) + 1, E_FETCH, 0 },
	};
	struct bench *b = bench_open("npu", 1);
	uint32_t i;

	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		bench_put(b, 0, bads[i].insns, bads[i].n < 4 ? bads[i].n : 1);
		bench_set(b, R_CORE(0) + R_COUNT, bads[i].n);
		bench_set(b, R_IRQ_CAUSE, 1);
		bench_run(b, 0, bads[i].error, bads[i].insn);
		CU_ASSERT_EQUAL(bench_get(b, R_IRQ_CAUSE), 1);
		expect_recovered(b);
	}
	CU_ASSERT_EQUAL(devmodel_faults("npu", NULL), 1);
	bench_close(b);
}

/* One fault each, and the error of the instruction that has it. */
static void
expect_fault(struct bench *b, uint64_t iova, bool write, uint32_t error, uint32_t insn)
{
	int64_t before = devmodel_faults("npu", NULL);
	struct devmodel_fault last = { 0 };

	bench_run(b, 0, error, insn);
	CU_ASSERT_EQUAL(devmodel_faults("npu", &last), before + 1);
	CU_ASSERT_EQUAL(last.iova, iova);
	CU_ASSERT_EQUAL(last.write, write);
	bench_remap(b, 0, MEM_SIZE, IOSPACE_READ | IOSPACE_WRITE);
	expect_recovered(b);
}

static void
unmapped_memory(void)
{
	static const struct {
		uint32_t at, insn;
	} places[] = { { AT_UOP, 0 }, { AT_BIAS, 1 }, { AT_A, 2 }, { AT_W, 3 },
		{ AT_W + 0x3000, 3 }, { AT_OUT, 8 } };
	struct bench *b = bench_open("npu", 1);
	uint32_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bench_put_golden(b, 0);
		bench_remap(b, places[i].at, 0x1000, 0);
		expect_fault(b, MEM_IOVA + places[i].at, places[i].at == AT_OUT, E_DRAM,
				places[i].insn);
	}
	/* Of the wrong kind. */
	bench_put_golden(b, 0);
	bench_remap(b, AT_OUT, 0x1000, IOSPACE_READ);
	expect_fault(b, MEM_IOVA + AT_OUT, true, E_DRAM, 8);
	bench_put_golden(b, 0);
	bench_remap(b, AT_A, 0x1000, IOSPACE_WRITE);
	expect_fault(b, MEM_IOVA + AT_A, false, E_DRAM, 2);
	/* And of the right one. */
	bench_put_golden(b, 0);
	bench_remap(b, AT_OUT, 0x1000, IOSPACE_WRITE);
	bench_run(b, 0, E_NONE, 0);
	CU_ASSERT(bench_golden_is_good(b, 0));
	bench_close(b);
}

static void
unmapped_instructions(void)
{
	struct bench *b = bench_open("npu", 1);
	uint32_t i;

	bench_put_golden(b, 0);
	bench_remap(b, 0, 0x1000, 0);
	expect_fault(b, MEM_IOVA, false, E_FETCH, 0);

	/* A program that goes on where nothing is; all that is there is good. */
	bench_put_golden(b, 0);
	for (i = 0; i < 20; i++)
		memcpy(b->mem + MEM_SIZE - 320 + 16 * i, b->mem + 16, 16);
	bench_set(b, R_CORE(0) + R_INSN, MEM_AT + MEM_SIZE - 320);
	bench_set(b, R_CORE(0) + R_COUNT, 1u << 20);
	expect_fault(b, MEM_IOVA + MEM_SIZE, false, E_FETCH, 20);

	/* Addresses at the end of 64 bits. */
	bench_put_golden(b, 0);
	bench_set(b, R_CORE(0) + R_INSN, 0xffffffe0);
	bench_set(b, R_CORE(0) + R_INSN + 4, UINT32_MAX);
	bench_run(b, 0, E_FETCH, 0);
	expect_recovered(b);
	bench_close(b);
}

static void
bus_mastering_off(void)
{
	struct bench *b = bench_open("npu", 1);

	CU_ASSERT_EQUAL(bus_set_master(b->d, false), 0);
	bench_put_golden(b, 0);
	bench_run(b, 0, E_FETCH, 0);
	CU_ASSERT_EQUAL(devmodel_faults("npu", NULL), 1);
	CU_ASSERT_FALSE(bench_golden_is_good(b, 0));
	CU_ASSERT_EQUAL(bus_set_master(b->d, true), 0);
	expect_recovered(b);
	bench_close(b);
}

/* Memory that goes while a program runs. */
static void
unmapped_while_running(void)
{
	struct ref_insn insns[] = {
		{ .op = OP_GEMM, .end = 4096, .out = 40, .in = 10 },
		{ .op = OP_LOAD, .mem = MEM_ACC, .dram = (MEM_AT + AT_A) / 64, .y = 1, .x = 1 },
		{ .op = OP_FINISH },
	};
	struct bench *b = bench_open("npu", 1);

	bench_put(b, 0, insns, 3);
	bench_launch(b, 0);
	(void)bench_get(b, R_ID); /* by access: it has begun */
	bench_remap(b, AT_A, 0x1000, 0);
	CU_ASSERT(bench_wait(b, 0));
	CU_ASSERT(bench_get(b, R_ERROR(0)) == E_DRAM || bench_get(b, R_ERROR(0)) == E_FETCH);
	bench_remap(b, 0, MEM_SIZE, IOSPACE_READ | IOSPACE_WRITE);
	expect_recovered(b);
	bench_close(b);
}

const struct test_case npu_error_cases[] = {
	{ "bad programs", bad_programs },
	{ "unmapped memory", unmapped_memory },
	{ "unmapped instructions", unmapped_instructions },
	{ "bus mastering off", bus_mastering_off },
	{ "unmapped while running", unmapped_while_running },
	{ NULL, NULL },
};
