/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <stdlib.h>
#include <string.h>

#include "vta_case.h"

/* Programs that a core refuses, and those that it cannot end. */

/* From and to good places in DRAM. */
#define LOAD_OF(m, rows, cols, ...)                                                                \
	{ .op = OP_LOAD, .mem = (m), .dram = DRAM_DATA / 256, .y = (rows), .x = (cols),            \
		__VA_ARGS__ }
#define STORE_OF(m, rows, cols, ...)                                                               \
	{ .op = OP_STORE, .mem = (m), .dram = DRAM_OUT / 16, .y = (rows), .x = (cols),             \
		__VA_ARGS__ }
#define GEMM_OF(uops, nb_out, nb_in, ...)                                                          \
	{ .op = OP_GEMM, .end = (uops), .out = (nb_out), .in = (nb_in), __VA_ARGS__ }
#define ALU_OF(uops, nb_out, nb_in, ...)                                                           \
	{ .op = OP_ALU, .end = (uops), .out = (nb_out), .in = (nb_in), __VA_ARGS__ }

struct bad {
	struct ref_insn insn;
	uint64_t lo, hi;     /* bits besides */
	enum npu_error error;
};

/* Each is refused before anything runs. */
static const struct bad bads[] = {
	{ { .op = 5 }, 0, 0, NPU_ERROR_OPCODE },
	{ { .op = 6 }, 0, 0, NPU_ERROR_OPCODE },
	{ { .op = 7 }, 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(MEM_OUT, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(5, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(6, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(7, 1, 0), 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(MEM_OUT, 1, 0), 0, 0, NPU_ERROR_OPCODE },
	{ STORE_OF(MEM_ACC, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ STORE_OF(MEM_UOP, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ STORE_OF(5, 1, 1), 0, 0, NPU_ERROR_OPCODE },
	{ STORE_OF(7, 1, 0), 0, 0, NPU_ERROR_OPCODE },
	{ ALU_OF(1, 1, 1, .alu = ALU_MUL), 0, 0, NPU_ERROR_OPCODE },
	{ ALU_OF(1, 1, 1, .alu = 5), 0, 0, NPU_ERROR_OPCODE },
	{ ALU_OF(1, 1, 1, .alu = 7), 0, 0, NPU_ERROR_OPCODE },

	/* Queues that are not there, also without data. */
	{ LOAD_OF(MEM_INP, 1, 1, .tokens = POP_PREV), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_INP, 1, 1, .tokens = PUSH_PREV), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_WGT, 1, 1, .tokens = POP_PREV), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_WGT, 1, 0, .tokens = PUSH_PREV), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .tokens = POP_NEXT), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .tokens = PUSH_NEXT), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 0, .tokens = PUSH_NEXT), 0, 0, NPU_ERROR_FLAG },
	/* Bits without a name. */
	{ LOAD_OF(MEM_INP, 1, 1), UINT64_C(1) << 58, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_ACC, 1, 1), UINT64_C(1) << 63, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_UOP, 1, 0), UINT64_C(1) << 60, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1), UINT64_C(1) << 58, 0, NPU_ERROR_FLAG },
	{ GEMM_OF(1, 1, 1), UINT64_C(1) << 63, 0, NPU_ERROR_FLAG },
	{ ALU_OF(1, 1, 1), UINT64_C(1) << 63, 0, NPU_ERROR_FLAG },
	{ { .op = OP_FINISH }, UINT64_C(1) << 7, 0, NPU_ERROR_FLAG },
	{ { .op = OP_FINISH }, UINT64_C(1) << 63, 0, NPU_ERROR_FLAG },
	{ { .op = OP_FINISH }, 0, 1, NPU_ERROR_FLAG },
	{ { .op = OP_FINISH }, 0, UINT64_C(1) << 63, NPU_ERROR_FLAG },
	/* Padding where it has none, and of nothing. */
	{ LOAD_OF(MEM_WGT, 1, 1, .x_pad_0 = 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_WGT, 1, 1, .y_pad_1 = 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_UOP, 1, 1, .x_pad_1 = 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_UOP, 1, 1, .y_pad_0 = 1), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .x_pad_0 = 1), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .x_pad_1 = 1), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .y_pad_0 = 1), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_OUT, 1, 1, .y_pad_1 = 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_INP, 0, 1, .y_pad_0 = 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_ACC, 0, 1, .x_pad_1 = 1), 0, 0, NPU_ERROR_FLAG },
	/* Rows of micro-ops. */
	{ LOAD_OF(MEM_UOP, 2, 1), 0, 0, NPU_ERROR_FLAG },
	{ LOAD_OF(MEM_UOP, 0, 1), 0, 0, NPU_ERROR_FLAG },
	/* ALU. */
	{ ALU_OF(1, 1, 1, .reset = 1), 0, 0, NPU_ERROR_FLAG },
	{ ALU_OF(1, 1, 1, .alu = ALU_SHR, .use_imm = 1, .imm = -1), 0, 0, NPU_ERROR_FLAG },
	{ ALU_OF(1, 1, 1, .alu = ALU_SHR, .use_imm = 1, .imm = -32768), 0, 0, NPU_ERROR_FLAG },
	{ ALU_OF(1, 1, 1, .alu = ALU_SHR, .use_imm = 1, .imm = 32), 0, 0, NPU_ERROR_FLAG },

	/* Memories. */
	{ LOAD_OF(MEM_UOP, 1, 1, .sram = 8192), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_UOP, 1, 3, .sram = 8190), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_WGT, 1, 1, .sram = 1024), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_WGT, 1, 1025), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_WGT, 205, 5), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_INP, 1, 1, .sram = 2048), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_INP, 65535, 65535, .sram = 65535), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_INP, 1, 1, .sram = 2047, .x_pad_0 = 1), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_INP, 1, 1, .sram = 2047, .y_pad_1 = 1), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_ACC, 1, 1, .sram = 2048), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_ACC, 1, 1, .sram = 2047, .x_pad_1 = 1), 0, 0, NPU_ERROR_SRAM },
	{ LOAD_OF(MEM_ACC, 1, 1, .sram = 2047, .y_pad_0 = 1), 0, 0, NPU_ERROR_SRAM },
	{ STORE_OF(MEM_OUT, 1, 1, .sram = 2048), 0, 0, NPU_ERROR_SRAM },
	{ STORE_OF(MEM_OUT, 32, 64, .sram = 1), 0, 0, NPU_ERROR_SRAM },
	{ GEMM_OF(8193, 1, 1, .bgn = 8191), 0, 0, NPU_ERROR_SRAM },
	{ GEMM_OF(16383, 0, 1), 0, 0, NPU_ERROR_SRAM },
	{ ALU_OF(8193, 1, 1, .bgn = 8191), 0, 0, NPU_ERROR_SRAM },
	/* Which of two. */
	{ ALU_OF(8193, 1, 1, .alu = ALU_MUL, .reset = 1), 0, 0, NPU_ERROR_OPCODE },
	{ LOAD_OF(MEM_INP, 1, 1, .sram = 2048, .tokens = POP_PREV), 0, 0, NPU_ERROR_FLAG },
	{ STORE_OF(MEM_ACC, 1, 1, .tokens = POP_NEXT), 0, 0, NPU_ERROR_OPCODE },
};

#define NB_BADS (sizeof(bads) / sizeof(bads[0]))

static void
add_good(struct vta_case *c)
{
	case_add(c, (struct ref_insn)LOAD_OF(MEM_INP, 1, 1));
}

static void
add_bits(struct vta_case *c, const struct bad *bad)
{
	case_add(c, bad->insn);
	c->bits[c->n - 1][0] |= bad->lo;
	c->bits[c->n - 1][1] |= bad->hi;
}

/* At several places, the last one among them, and nothing before it runs. */
static void
refused_instructions(void)
{
	static const uint32_t places[] = { 0, 1, 1023, 1024, 2000 };
	struct vta_case *c = case_open();
	uint32_t i, n, place;

	for (i = 0; i < NB_BADS; i++) {
		place = places[i % 5];
		case_begin(c);
		for (n = 0; n < place; n++)
			add_good(c);
		add_bits(c, &bads[i]);
		if (i % 2 == 0)
			case_add_finish(c, 0);
		case_run(c, bads[i].error, place);
		CU_ASSERT(case_is_same(c));
		CU_ASSERT_EQUAL(c->core.cycles, 0);
	}
	case_close(c);
}

/* What is next to what is refused is taken. */
static void
limits(void)
{
	static const struct ref_insn insns[] = {
		LOAD_OF(MEM_UOP, 1, 1, .sram = 8191),
		LOAD_OF(MEM_WGT, 1, 1, .sram = 1023),
		LOAD_OF(MEM_INP, 1, 1, .sram = 2047),
		LOAD_OF(MEM_ACC, 1, 1, .sram = 2047),
		LOAD_OF(MEM_WGT, 256, 4),
		LOAD_OF(MEM_INP, 1, 1, .sram = 2044, .x_pad_0 = 1, .y_pad_1 = 1),
		LOAD_OF(MEM_ACC, 1, 1, .sram = 2044, .x_pad_1 = 1, .y_pad_0 = 1),
		{ .op = OP_LOAD, .mem = MEM_UOP, .dram = DRAM_UOPS, .y = 1, .x = 8192 },
		GEMM_OF(8192, 1, 1, .bgn = 8191),
		ALU_OF(8192, 1, 1, .bgn = 8191),
		ALU_OF(1, 1, 1, .alu = ALU_SHR, .use_imm = 1, .imm = 0),
		ALU_OF(1, 1, 1, .alu = ALU_SHR, .use_imm = 1, .imm = 31),
		/* What nobody looks at. */
		ALU_OF(0, 1, 1, .alu = ALU_SHR, .imm = -1),
	};
	struct vta_case *c = case_open();
	uint32_t i;

	case_begin(c);
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++)
		case_add(c, insns[i]);
	case_add_finish(c, 0);
	case_run_both(c);
	case_close(c);
}

/*
 * What shows when it runs
 */

/* A micro-op of this value, put into memory at 0. */
static void
add_uop(struct vta_case *c, uint32_t uop)
{
	memcpy(c->dram, &uop, sizeof(uop));
	memcpy(c->ref.dram, &uop, sizeof(uop));
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_UOP, .y = 1, .x = 1 });
}

struct index {
	uint32_t uop;
	struct ref_insn insn;
	enum npu_error error;
};

static void
bad_indices(void)
{
	static const struct index indices[] = {
		{ 2047, GEMM_OF(1, 1, 1), NPU_ERROR_NONE },
		{ 2047, GEMM_OF(1, 1, 2, .dst_in = 1), NPU_ERROR_SRAM },
		{ 2047, GEMM_OF(1, 2, 1, .dst_out = 1), NPU_ERROR_SRAM },
		{ 2045, GEMM_OF(1, 3, 3, .dst_in = 1), NPU_ERROR_NONE },
		{ 2045, GEMM_OF(1, 1, 4, .dst_in = 1), NPU_ERROR_SRAM },
		{ 2045, GEMM_OF(1, 3, 3, .dst_in = 1, .reset = 1), NPU_ERROR_NONE },
		{ 2045, GEMM_OF(1, 3, 3, .dst_in = 1, .dst_out = 1, .reset = 1), NPU_ERROR_SRAM },
		{ 2047 << 11, GEMM_OF(1, 3, 3), NPU_ERROR_NONE },
		{ 2047 << 11, GEMM_OF(1, 1, 2, .src_in = 1), NPU_ERROR_SRAM },
		{ 2047 << 11, GEMM_OF(1, 2, 1, .src_out = 1), NPU_ERROR_SRAM },
		{ 2047 << 11, GEMM_OF(1, 3, 3, .src_out = 2047, .src_in = 2047, .wgt_in = 1023,
				.reset = 1), NPU_ERROR_NONE },
		{ 1023u << 22, GEMM_OF(1, 3, 3), NPU_ERROR_NONE },
		{ 1023u << 22, GEMM_OF(1, 1, 2, .wgt_in = 1), NPU_ERROR_SRAM },
		{ 1023u << 22, GEMM_OF(1, 2, 1, .wgt_out = 1), NPU_ERROR_SRAM },
		{ 1023u << 22, ALU_OF(1, 3, 3), NPU_ERROR_NONE },
		{ 2047, ALU_OF(1, 1, 2, .dst_in = 1), NPU_ERROR_SRAM },
		{ 2047 << 11, ALU_OF(1, 1, 2, .src_in = 1), NPU_ERROR_SRAM },
		{ 2047 << 11, ALU_OF(1, 1, 2, .src_in = 1, .use_imm = 1), NPU_ERROR_NONE },
		{ 2047, GEMM_OF(1, 16383, 0, .dst_out = 2047), NPU_ERROR_NONE },
		{ 0, GEMM_OF(1, 16383, 16383, .dst_out = 2047, .dst_in = 2047, .src_out = 2047,
				.src_in = 2047, .wgt_out = 1023, .wgt_in = 1023), NPU_ERROR_SRAM },
	};
	struct vta_case *c = case_open();
	uint32_t i;

	for (i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
		case_begin(c);
		add_uop(c, indices[i].uop);
		case_add(c, indices[i].insn);
		case_add_finish(c, 0);
		case_run(c, indices[i].error, indices[i].error != NPU_ERROR_NONE ? 1 : 0);
		/* All are checked before the first is used. */
		if (indices[i].error != NPU_ERROR_NONE)
			c->n = 1;
		case_run_ref(c);
		CU_ASSERT(case_is_same(c));
	}
	case_close(c);
}

static void
bad_shifts(void)
{
	static const int32_t values[] = { -1, 32, INT32_MIN, INT32_MAX, 31 };
	struct vta_case *c = case_open();
	uint32_t i, lane;

	for (i = 0; i < 5; i++) {
		for (lane = 0; lane < 16; lane++) {
			memset(c->dram + 0x100, 0, 64);
			memcpy(c->dram + 0x100 + 4 * lane, &values[i], 4);
			memcpy(c->ref.dram + 0x100, c->dram + 0x100, 64);
			case_begin(c);
			add_uop(c, ref_uop(1, 0, 0));
			case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_ACC, .dram = 4,
				.y = 1, .x = 1 });
			case_add(c, (struct ref_insn)ALU_OF(1, 1, 1, .alu = ALU_SHR));
			case_add_finish(c, 0);
			case_run(c, i < 4 ? NPU_ERROR_FLAG : NPU_ERROR_NONE, i < 4 ? 2 : 0);
			CU_ASSERT_EQUAL(c->core.cycles, i < 4 ? 133u : 135u);
		}
	}
	case_close(c);
}

/* Only what GEMM and ALU wrote is there for STORE. */
static void
stores_of_loaded(void)
{
	struct ref_insn store = STORE_OF(MEM_OUT, 1, 2, .sram = 4);
	struct ref_insn load = LOAD_OF(MEM_ACC, 1, 100, .sram = 0);
	struct ref_insn alu = ALU_OF(1, 1, 10, .dst_in = 1, .use_imm = 1);
	struct vta_case *c = case_open();

	case_begin(c);
	case_add(c, store);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_SRAM, 0);

	case_begin(c);
	add_uop(c, 0);
	case_add(c, load);
	case_add(c, alu);
	case_add(c, store);
	load.sram = 5;
	load.x = 1;
	case_add(c, load);
	case_add(c, store);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_SRAM, 5);
	CU_ASSERT_EQUAL(c->writes, 1);

	/* Padding loads zeros, a reset computes them. */
	case_begin(c);
	case_add(c, alu);
	load = (struct ref_insn)LOAD_OF(MEM_ACC, 1, 1, .sram = 2, .x_pad_1 = 2);
	case_add(c, load);
	case_add(c, store);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_SRAM, 2);
	case_begin(c);
	case_add(c, (struct ref_insn)GEMM_OF(1, 1, 10, .dst_in = 1, .reset = 1));
	case_add(c, store);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(c->dram[DRAM_OUT], 0);
	case_close(c);
}

/* Each access to DRAM of a program fails in its turn. */
static void
dram_faults(void)
{
	static const uint32_t insn_of[] = { 0, 1, 1, 1, 2, 2, 3, 3, 5, 5, 5 };
	struct vta_case *c = case_open();
	uint32_t n;

	for (n = 0; n <= 11; n++) {
		case_begin(c);
		add_uop(c, 0);
		case_add(c, (struct ref_insn)LOAD_OF(MEM_INP, 3, 1));
		case_add(c, (struct ref_insn)LOAD_OF(MEM_WGT, 1, 17)); /* 2 pages */
		case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_ACC, .y = 1, .x = 2,
			.dram = 0x31000 / 64 - 1 });
		case_add(c, (struct ref_insn)ALU_OF(1, 1, 64, .dst_in = 1, .use_imm = 1));
		case_add(c, (struct ref_insn)STORE_OF(MEM_OUT, 3, 1, .sram = 1, .stride = 2));
		case_add_finish(c, 0);
		c->fail_at = n == 0 ? 0 : n + 1; /* 1 reads the instructions */
		case_run(c, n == 0 ? NPU_ERROR_NONE : NPU_ERROR_DRAM,
				n == 0 ? 0 : insn_of[n - 1]);
		CU_ASSERT_EQUAL(c->reads + c->writes, n == 0 ? 12 : n + 1);
	}
	case_close(c);
}

static void
bad_fetches(void)
{
	struct vta_case *c = case_open();
	uint32_t n;

	case_begin(c);
	case_run(c, NPU_ERROR_FETCH, 0);
	CU_ASSERT_EQUAL(c->reads, 0);
	c->n = NPU_MAX_INSNS + 1;
	case_run(c, NPU_ERROR_FETCH, 0);
	c->n = UINT32_MAX;
	case_run(c, NPU_ERROR_FETCH, 0);
	CU_ASSERT_EQUAL(c->reads, 0);

	case_begin(c);
	case_add_finish(c, 0);
	for (n = 1; n < 16; n++) {
		c->insns_iova = (UINT64_C(0x77) << 32) + n;
		case_run(c, NPU_ERROR_FETCH, 0);
	}
	c->insns_iova = UINT64_MAX - 15; /* it would end at 2^64 */
	case_run(c, NPU_ERROR_FETCH, 0);
	CU_ASSERT_EQUAL(c->reads, 0);
	c->insns_iova = UINT64_C(0x99) << 32;
	case_run(c, NPU_ERROR_FETCH, 0);
	CU_ASSERT_EQUAL(c->reads, 1);

	/* The second and later pages of a program; an error before comes first. */
	c->insns_iova = (UINT64_C(0x77) << 32) + 0x100;
	case_begin(c);
	for (n = 0; n < 1000; n++)
		add_good(c);
	case_add_finish(c, 0);
	for (n = 2; n < 5; n++) {
		c->fail_at = n;
		case_run(c, NPU_ERROR_FETCH, 256 * (n - 1) - 16);
	}
	c->bits[100][0] |= 7;
	case_run(c, NPU_ERROR_OPCODE, 100);
	case_close(c);
}

/*
 * Deadlocks
 */

static void
expect_deadlock(struct vta_case *c, uint32_t insn)
{
	case_run(c, NPU_ERROR_DEADLOCK, insn);
	CU_ASSERT(c->steps < 3);
	case_begin(c);
}

static void
add_token(struct vta_case *c, struct ref_insn insn, uint32_t tokens)
{
	insn.tokens = tokens;
	case_add(c, insn);
}

static const struct ref_insn load_queue = { .op = OP_LOAD, .mem = MEM_INP };
static const struct ref_insn compute_queue = { .op = OP_LOAD, .mem = MEM_UOP };
static const struct ref_insn store_queue = { .op = OP_STORE, .mem = MEM_OUT };

/* No FINISH; one before the end; two. */
static void
bad_ends(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	case_add(c, load_queue);
	case_add(c, store_queue);
	expect_deadlock(c, 1);
	case_add(c, load_queue);
	case_add_finish(c, 0);
	case_add(c, store_queue);
	expect_deadlock(c, 1);
	case_add_finish(c, 0);
	case_add_finish(c, 0);
	expect_deadlock(c, 0);
	case_close(c);
}

/* On each way; by the other neighbour; and one that is there once. */
static void
missing_tokens(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	case_add(c, load_queue);
	add_token(c, load_queue, POP_NEXT);
	case_add_finish(c, 0);
	expect_deadlock(c, 1);
	add_token(c, store_queue, POP_PREV);
	case_add_finish(c, 0);
	expect_deadlock(c, 0);
	case_add(c, load_queue);
	case_add_finish(c, POP_PREV);
	expect_deadlock(c, 1);
	case_add_finish(c, POP_NEXT);
	expect_deadlock(c, 0);

	add_token(c, compute_queue, PUSH_PREV);
	add_token(c, store_queue, POP_PREV);
	case_add_finish(c, 0);
	expect_deadlock(c, 1);
	add_token(c, load_queue, PUSH_NEXT);
	add_token(c, compute_queue, POP_PREV);
	add_token(c, compute_queue, POP_PREV);
	case_add_finish(c, 0);
	expect_deadlock(c, 2);
	case_close(c);
}

static void
both_tokens(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	add_token(c, load_queue, PUSH_NEXT);
	add_token(c, compute_queue, POP_PREV | POP_NEXT);
	case_add_finish(c, 0);
	expect_deadlock(c, 1);
	add_token(c, store_queue, PUSH_PREV);
	add_token(c, compute_queue, POP_PREV | POP_NEXT);
	case_add_finish(c, 0);
	expect_deadlock(c, 1);
	add_token(c, store_queue, PUSH_PREV);
	add_token(c, load_queue, PUSH_NEXT);
	add_token(c, compute_queue, POP_PREV | POP_NEXT);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);

	/* Each waits for the other. */
	case_begin(c);
	add_token(c, load_queue, POP_NEXT | PUSH_NEXT);
	add_token(c, compute_queue, POP_PREV | PUSH_PREV);
	case_add_finish(c, 0);
	expect_deadlock(c, 0);

	/* FINISH runs, but a store stays. */
	case_add(c, load_queue);
	add_token(c, store_queue, POP_PREV);
	case_add_finish(c, 0);
	expect_deadlock(c, 1);
	case_close(c);
}

const struct test_case vta_error_cases[] = {
	{ "refused instructions", refused_instructions },
	{ "limits", limits },
	{ "indices", bad_indices },
	{ "shifts by lanes", bad_shifts },
	{ "stores of what was loaded", stores_of_loaded },
	{ "faults", dram_faults },
	{ "fetches", bad_fetches },
	{ "bad ends", bad_ends },
	{ "missing tokens", missing_tokens },
	{ "both tokens", both_tokens },
	{ NULL, NULL },
};
