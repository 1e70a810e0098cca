/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The model's core of VTA without a device: what each instruction does, beside vta_ref.h.
 */
#include <stdlib.h>
#include <string.h>

#include <drivers/npu/vta_exec.h>

#include "golden.h"
#include "vta_case.h"

/* The known program, written as fields. */
static const struct ref_insn golden_insns[GOLDEN_INSNS] = {
	{ .op = OP_LOAD, .mem = MEM_UOP, .y = 1, .x = 17, .stride = 17 },
	{ .op = OP_LOAD, .mem = MEM_ACC, .y = 16, .x = 16, .stride = 0 },
	{ .op = OP_LOAD, .mem = MEM_INP, .y = 1, .x = 256, .stride = 256 },
	{ .op = OP_LOAD, .mem = MEM_WGT, .y = 1, .x = 256, .stride = 256, .tokens = PUSH_NEXT },
	{ .op = OP_GEMM, .tokens = POP_PREV, .bgn = 0, .end = 16, .out = 16, .in = 16,
		.dst_out = 16, .dst_in = 1, .src_out = 16, .wgt_in = 16 },
	{ .op = OP_ALU, .bgn = 16, .end = 17, .out = 16, .in = 16, .dst_out = 16, .dst_in = 1,
		.src_out = 16, .src_in = 1, .alu = ALU_SHR, .use_imm = 1, .imm = 8 },
	{ .op = OP_ALU, .bgn = 16, .end = 17, .out = 16, .in = 16, .dst_out = 16, .dst_in = 1,
		.src_out = 16, .src_in = 1, .alu = ALU_MAX, .use_imm = 1, .imm = 0 },
	{ .op = OP_ALU, .bgn = 16, .end = 17, .out = 16, .in = 16, .dst_out = 16, .dst_in = 1,
		.src_out = 16, .src_in = 1, .alu = ALU_MIN, .use_imm = 1, .imm = 127,
		.tokens = PUSH_NEXT },
	{ .op = OP_STORE, .mem = MEM_OUT, .y = 1, .x = 256, .stride = 256,
		.tokens = POP_PREV | PUSH_PREV },
	{ .op = OP_FINISH, .tokens = POP_NEXT },
};

static void
encodings(void)
{
	uint64_t bits[2];
	uint32_t i;

	for (i = 0; i < GOLDEN_INSNS; i++) {
		ref_encode(&golden_insns[i], bits);
		CU_ASSERT_EQUAL(bits[0], golden_bits[i][0]);
		CU_ASSERT_EQUAL(bits[1], golden_bits[i][1]);
	}
}

static void
known_program(void)
{
	static const struct golden_places places = { .uop = 0x1000, .acc = 0x2000, .inp = 0x4000,
		.wgt = 0x10000, .out = DRAM_OUT };
	struct golden *g = malloc(sizeof(*g));
	struct vta_case *c = case_open();

	golden_make(g);
	memcpy(c->dram + places.uop, g->uops, sizeof(g->uops));
	memcpy(c->dram + places.acc, g->bias, sizeof(g->bias));
	memcpy(c->dram + places.inp, g->a, sizeof(g->a));
	memcpy(c->dram + places.wgt, g->tiles, sizeof(g->tiles));
	golden_place(&places, c->bits);
	c->n = GOLDEN_INSNS;
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(memcmp(c->dram + places.out, g->out, sizeof(g->out)), 0);
	CU_ASSERT_EQUAL(c->core.cycles, GOLDEN_CYCLES);
	CU_ASSERT_EQUAL(c->core.acc_writes, GOLDEN_WRITES);
	case_close(c);
	free(g);
}

/*
 * LOAD and STORE
 */

static void
add_load(struct vta_case *c, uint32_t mem, uint32_t sram, uint32_t from, uint32_t y, uint32_t x,
		uint32_t stride)
{
	static const uint32_t sizes[] = { 4, 256, 16, 64 };

	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = mem, .sram = sram,
		.dram = from / sizes[mem], .y = y, .x = x, .stride = stride });
}

static void
run_alone(struct vta_case *c)
{
	case_add_finish(c, 0);
	case_run_both(c);
	case_begin(c);
}

static void
loads(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	add_load(c, MEM_UOP, 0, DRAM_DATA, 1, 1, 0);
	add_load(c, MEM_UOP, 8191, DRAM_DATA, 1, 1, 0);
	run_alone(c);
	add_load(c, MEM_UOP, 0, DRAM_DATA + 4, 1, 8192, 77);
	run_alone(c);
	add_load(c, MEM_INP, 0, DRAM_DATA + 16, 1, 2048, 0);
	add_load(c, MEM_WGT, 0, DRAM_DATA + 256, 1, 1024, 0);
	add_load(c, MEM_ACC, 0, DRAM_DATA + 64, 1, 2048, 0);
	run_alone(c);
	/* By rows: apart, next to each other, overlapping, and always the same. */
	add_load(c, MEM_INP, 3, DRAM_DATA, 7, 5, 9);
	add_load(c, MEM_INP, 100, DRAM_DATA, 7, 5, 5);
	add_load(c, MEM_INP, 200, DRAM_DATA, 7, 5, 2);
	add_load(c, MEM_INP, 300, DRAM_DATA, 7, 5, 0);
	add_load(c, MEM_WGT, 1024 - 42, DRAM_DATA, 6, 7, 11);
	add_load(c, MEM_ACC, 0, DRAM_DATA, 128, 16, 0);
	run_alone(c);
	add_load(c, MEM_INP, 0, DRAM_DATA, 2048, 1, 3);
	run_alone(c);
	case_close(c);
}

static void
add_padded(struct vta_case *c, uint32_t mem, uint32_t y0, uint32_t y1, uint32_t x0, uint32_t x1)
{
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = mem, .sram = 40, .dram = 0x1234,
		.y = 3, .x = 4, .stride = 6, .y_pad_0 = y0, .y_pad_1 = y1, .x_pad_0 = x0,
		.x_pad_1 = x1 });
}

static void
padding(void)
{
	struct vta_case *c = case_open();
	uint32_t mem;

	for (mem = MEM_INP; mem <= MEM_ACC; mem++) {
		case_begin(c);
		add_load(c, mem, 0, DRAM_DATA, 1, 2048, 0);
		add_padded(c, mem, 1, 0, 0, 0);
		run_alone(c);
		add_load(c, mem, 0, DRAM_DATA, 1, 2048, 0);
		add_padded(c, mem, 0, 2, 0, 0);
		run_alone(c);
		add_load(c, mem, 0, DRAM_DATA, 1, 2048, 0);
		add_padded(c, mem, 0, 0, 3, 0);
		run_alone(c);
		add_load(c, mem, 0, DRAM_DATA, 1, 2048, 0);
		add_padded(c, mem, 0, 0, 0, 4);
		run_alone(c);
		add_load(c, mem, 0, DRAM_DATA, 1, 2048, 0);
		add_padded(c, mem, 15, 14, 13, 12);
		run_alone(c);
	}
	case_close(c);
}

/* 32 bits of which 8 are stored, and what is next to them stays. */
static void
stores(void)
{
	struct ref_insn alu = { .op = OP_ALU, .bgn = 0, .end = 1, .out = 2, .in = 1024,
		.dst_out = 1024, .dst_in = 1, .alu = ALU_ADD, .use_imm = 1, .imm = 300 };
	struct ref_insn store = { .op = OP_STORE, .mem = MEM_OUT, .dram = DRAM_OUT / 16,
		.y = 1, .x = 2048 };
	struct vta_case *c = case_open();

	memset(c->dram, 0, 4);
	memset(c->ref.dram, 0, 4);
	case_begin(c);
	add_load(c, MEM_UOP, 0, 0, 1, 1, 0);
	add_load(c, MEM_ACC, 0, DRAM_DATA, 1, 2048, 0);
	case_add(c, alu);
	case_add(c, store);
	run_alone(c);
	store = (struct ref_insn){ .op = OP_STORE, .mem = MEM_OUT, .sram = 17, .y = 5, .x = 7,
		.stride = 9, .dram = DRAM_OUT / 16 + 3 };
	case_add(c, store);
	store.stride = 7;
	store.dram += 100;
	case_add(c, store);
	store.stride = 3;
	store.dram += 100;
	case_add(c, store);
	store.stride = 0;
	store.dram += 100;
	case_add(c, store);
	run_alone(c);
	case_close(c);
}

static void
no_moves(void)
{
	/* All fields of what moves nothing but its type and unused bits. */
	struct ref_insn i = { .op = OP_LOAD, .mem = MEM_INP, .sram = 65535, .dram = UINT32_MAX,
		.y = 65535, .x = 0, .stride = 65535, .y_pad_0 = 15, .y_pad_1 = 15, .x_pad_0 = 15,
		.x_pad_1 = 15 };
	struct vta_case *c = case_open();

	case_begin(c);
	for (i.mem = MEM_UOP; i.mem <= MEM_ACC; i.mem++)
		case_add(c, i);
	i.op = OP_STORE;
	for (i.mem = MEM_UOP; i.mem <= MEM_OUT; i.mem++)
		case_add(c, i);
	i = (struct ref_insn){ .op = OP_LOAD, .mem = MEM_ACC, .sram = 65535, .dram = UINT32_MAX,
		.x = 65535, .y = 0, .stride = 65535 };
	case_add(c, i);
	i.op = OP_STORE;
	i.mem = MEM_OUT;
	case_add(c, i);
	case_add_finish(c, 0);
	case_run_both(c);
	CU_ASSERT_EQUAL(c->reads, 1);
	CU_ASSERT_EQUAL(c->writes, 0);
	CU_ASSERT_EQUAL(c->core.cycles, 6);
	CU_ASSERT_EQUAL(c->core.acc_writes, 0);
	case_close(c);
}

/* base | (units << log2), of which 32 bits. */
static void
addresses(void)
{
	struct vta_case *c = case_open();
	struct ref_insn i = { .op = OP_LOAD, .mem = MEM_ACC, .y = 3, .x = 2, .stride = 4 };

	/* Bits of the base and of the offset are joined, not added. */
	c->job.base[MEM_ACC] |= 0x30100;
	i.dram = 0x30040 / 64;
	case_begin(c);
	case_add(c, i);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[0], c->dram + 0x30140, 128), 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[2], c->dram + 0x30140, 128), 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[4], c->dram + 0x30340, 128), 0);

	/* Upper bits of dram_base are lost, and so is what a sum has more than 32 bits. */
	c->mirror = true;
	c->job.base[MEM_ACC] &= ~(uint64_t)UINT32_MAX;
	i = (struct ref_insn){ .op = OP_LOAD, .mem = MEM_ACC, .dram = 0xa4000000u | 0x30040 / 64,
		.y = 1, .x = 2 };
	case_begin(c);
	case_add(c, i);
	i.sram = 100;
	i.dram = UINT32_MAX - 1;
	i.y = 2;
	i.stride = 0x30080 / 64;
	case_add(c, i);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[0], c->dram + 0x30040, 128), 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[100], c->dram + DRAM_SIZE - 128, 128), 0);
	CU_ASSERT_EQUAL(memcmp(c->core.sram->acc[102], c->dram + 0x30000, 128), 0);

	/* A row ends in the window, though memory is behind it. */
	i = (struct ref_insn){ .op = OP_LOAD, .mem = MEM_INP, .dram = (1u << 28) - 1, .y = 1 };
	for (i.x = 1; i.x < 3; i.x++) {
		case_begin(c);
		case_add(c, i);
		case_add_finish(c, 0);
		case_run(c, i.x == 1 ? NPU_ERROR_NONE : NPU_ERROR_DRAM, 0);
	}
	case_close(c);
}

/*
 * GEMM and ALU
 */

static void
products(void)
{
	int8_t inp[16] __attribute__((aligned(16))), wgt[16][16] __attribute__((aligned(16)));
	int32_t acc[16] __attribute__((aligned(16))), plain[16], want[16];
	uint32_t n, i, k;

	for (n = 0; n < 3000; n++) {
		/* All the same at the ends of the range, or random. */
		for (i = 0; i < 16; i++) {
			inp[i] = (int8_t)(n < 4 ? (n & 1) * 255 - 128 : ref_random(256) - 128);
			acc[i] = (int32_t)(ref_random(2) << 31 | ref_random(0x7fffffff));
			want[i] = acc[i];
			for (k = 0; k < 16; k++)
				wgt[i][k] = (int8_t)(n < 4 ? (n >> 1) * 255 - 128 :
						ref_random(256) - 128);
		}
		for (i = 0; i < 16; i++)
			for (k = 0; k < 16; k++)
				want[i] = (int32_t)((uint32_t)want[i] +
						(uint32_t)(inp[k] * wgt[i][k]));
		memcpy(plain, acc, sizeof(plain));
		vta_mac(acc, inp, (const int8_t (*)[16])wgt);
		vta_mac_plain(plain, inp, (const int8_t (*)[16])wgt);
		CU_ASSERT_EQUAL(memcmp(acc, want, sizeof(want)), 0);
		CU_ASSERT_EQUAL(memcmp(plain, want, sizeof(want)), 0);
	}
}

/* Each factor and each part of a micro-op by itself. */
static void
loops(void)
{
	uint32_t n, *factors[6];
	struct ref_insn i = { .op = OP_GEMM, .bgn = 4, .end = 9, .out = 3, .in = 4 };
	struct vta_case *c = case_open();

	factors[0] = &i.dst_out;
	factors[1] = &i.dst_in;
	factors[2] = &i.src_out;
	factors[3] = &i.src_in;
	factors[4] = &i.wgt_out;
	factors[5] = &i.wgt_in;
	for (n = 0; n < 6; n++) {
		case_begin(c);
		add_load(c, MEM_UOP, 0, DRAM_UOPS, 1, 100, 0);
		add_load(c, MEM_ACC, 0, DRAM_DATA, 1, 2048, 0);
		add_load(c, MEM_INP, 0, DRAM_DATA, 1, 2048, 0);
		add_load(c, MEM_WGT, 0, DRAM_DATA, 1, 1024, 0);
		*factors[n] = 150 + n;
		case_add(c, i);
		i.reset = 1;
		i.out = 1;
		i.in = 2;
		case_add(c, i);
		i.reset = 0;
		i.out = 3;
		i.in = 4;
		run_alone(c);
		CU_ASSERT_EQUAL(c->core.acc_writes, 3 * 4 * 5 + 2 * 5);
		*factors[n] = 0;
	}
	/* Nothing to do. */
	i.out = 0;
	case_add(c, i);
	i.out = 3;
	i.in = 0;
	case_add(c, i);
	i.in = 4;
	i.end = i.bgn;
	case_add(c, i);
	i.end = i.bgn - 1;
	case_add(c, i);
	run_alone(c);
	CU_ASSERT_EQUAL(c->core.acc_writes, 0);
	CU_ASSERT_EQUAL(c->core.cycles, 5);
	case_close(c);
}

static void
alu_operations(void)
{
	static const int32_t imms[] = { 0, 1, -1, 31, 127, -128, 32767, -32768 };
	struct ref_insn i = { .op = OP_ALU, .bgn = 0, .end = 64, .out = 1, .in = 1 };
	struct vta_case *c = case_open();
	uint32_t n;

	for (i.alu = ALU_MIN; i.alu <= ALU_SHR; i.alu++) {
		for (n = 0; n < 9; n++) {
			case_begin(c);
			add_load(c, MEM_UOP, 0, i.alu == ALU_SHR ? DRAM_SHIFTS : DRAM_UOPS, 1, 64,
					0);
			add_load(c, MEM_ACC, 0, DRAM_DATA, 1, 2048, 0);
			add_load(c, MEM_ACC, 1900, DRAM_SMALL, 1, 16, 0);
			i.use_imm = n < 8;
			i.imm = imms[n % 8];
			if (i.alu != ALU_SHR || !i.use_imm || (i.imm >= 0 && i.imm <= 31))
				case_add(c, i);
			run_alone(c);
		}
	}
	case_close(c);
}

/*
 * Queues
 */

/* The same program with its queues in other orders: tokens lead to the same. */
static void
orders(void)
{
	static const unsigned char order[][GOLDEN_INSNS] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		{ 8, 0, 1, 4, 5, 6, 7, 2, 3, 9 },
		{ 8, 2, 3, 0, 1, 4, 5, 6, 7, 9 },
		{ 0, 1, 4, 5, 8, 6, 7, 2, 3, 9 },
	};
	static const struct golden_places places = { .uop = 0x1000, .acc = 0x2000, .inp = 0x4000,
		.wgt = 0x10000, .out = DRAM_OUT };
	struct golden *g = malloc(sizeof(*g));
	uint64_t bits[GOLDEN_INSNS][2];
	struct vta_case *c = case_open();
	uint32_t i, n;

	golden_make(g);
	golden_place(&places, bits);
	memcpy(c->dram + places.uop, g->uops, sizeof(g->uops));
	memcpy(c->dram + places.acc, g->bias, sizeof(g->bias));
	memcpy(c->dram + places.inp, g->a, sizeof(g->a));
	memcpy(c->dram + places.wgt, g->tiles, sizeof(g->tiles));
	for (n = 0; n < sizeof(order) / sizeof(order[0]); n++) {
		for (i = 0; i < GOLDEN_INSNS; i++)
			memcpy(c->bits[i], bits[order[n][i]], sizeof(bits[0]));
		c->n = GOLDEN_INSNS;
		memset(c->dram + places.out, 0x55, sizeof(g->out));
		case_run(c, NPU_ERROR_NONE, 0);
		CU_ASSERT_EQUAL(memcmp(c->dram + places.out, g->out, sizeof(g->out)), 0);
		CU_ASSERT_EQUAL(c->core.cycles, GOLDEN_CYCLES);
	}
	case_close(c);
	free(g);
}

static void
add_sync(struct vta_case *c, uint32_t op, uint32_t mem, uint32_t tokens)
{
	case_add(c, (struct ref_insn){ .op = op, .mem = mem, .tokens = tokens });
}

/* Cycles: when tokens come, not the order in which the model runs. */
static void
cycles(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	add_load(c, MEM_INP, 0, DRAM_DATA, 2, 10, 0); /* 64 + 20 */
	add_load(c, MEM_WGT, 0, DRAM_DATA, 1, 1, 0);  /* 64 + 16, at 84 */
	add_load(c, MEM_UOP, 0, DRAM_DATA, 1, 5, 0);  /* 64 + 2, beside it */
	case_add_finish(c, 0);                        /* 1 */
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(c->core.cycles, 164);

	/* Compute waits for the first of the loads, not for the second. */
	case_begin(c);
	add_load(c, MEM_INP, 0, DRAM_DATA, 1, 10, 0);
	c->program[0].tokens = PUSH_NEXT;
	ref_encode(&c->program[0], c->bits[0]);
	add_load(c, MEM_INP, 0, DRAM_DATA, 1, 1000, 0);
	add_sync(c, OP_LOAD, MEM_UOP, POP_PREV | PUSH_NEXT); /* 74 to 75 */
	add_sync(c, OP_STORE, MEM_OUT, POP_PREV | PUSH_PREV); /* 75 to 76 */
	case_add_finish(c, POP_NEXT);
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(c->core.queues[VTA_QUEUE_LOAD].cycle, 74 + 64 + 1000);
	CU_ASSERT_EQUAL(c->core.queues[VTA_QUEUE_COMPUTE].cycle, 77);
	CU_ASSERT_EQUAL(c->core.queues[VTA_QUEUE_STORE].cycle, 76);
	CU_ASSERT_EQUAL(c->core.cycles, 1138);

	/* A token that was there before. */
	case_begin(c);
	add_sync(c, OP_LOAD, MEM_INP, PUSH_NEXT);
	add_load(c, MEM_UOP, 0, DRAM_DATA, 1, 4, 0); /* 64 + 1 */
	add_sync(c, OP_LOAD, MEM_UOP, POP_PREV);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);
	CU_ASSERT_EQUAL(c->core.cycles, 67);
	case_close(c);
}

/* All four ways of tokens, each as many as there are instructions. */
static void
many_tokens(void)
{
	struct vta_case *c = case_open();
	uint32_t i;

	case_begin(c);
	for (i = 0; i < 500; i++)
		add_sync(c, OP_LOAD, MEM_WGT, PUSH_NEXT);
	for (i = 0; i < 500; i++)
		add_sync(c, OP_LOAD, MEM_ACC, POP_PREV | PUSH_PREV | PUSH_NEXT);
	for (i = 0; i < 500; i++)
		add_sync(c, OP_STORE, MEM_UOP, POP_PREV | PUSH_PREV);
	for (i = 0; i < 500; i++)
		add_sync(c, OP_LOAD, MEM_INP, POP_NEXT);
	for (i = 0; i < 499; i++)
		add_sync(c, OP_LOAD, MEM_UOP, POP_NEXT);
	case_add_finish(c, POP_NEXT | PUSH_NEXT | PUSH_PREV);
	case_run(c, NPU_ERROR_NONE, 0);

	/* What was left is gone. */
	case_begin(c);
	add_sync(c, OP_STORE, MEM_OUT, POP_PREV);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_DEADLOCK, 0);
	case_close(c);
}

/* What a program leaves in the core, another one finds; a reset clears it. */
static void
memories_stay(void)
{
	struct vta_case *c = case_open();
	static const struct vta_sram zeros;

	case_begin(c);
	add_load(c, MEM_UOP, 0, DRAM_UOPS, 1, 100, 0);
	add_load(c, MEM_INP, 0, DRAM_DATA, 1, 2048, 0);
	run_alone(c);
	add_load(c, MEM_WGT, 0, DRAM_DATA, 1, 1024, 0);
	run_alone(c);
	case_add(c, (struct ref_insn){ .op = OP_GEMM, .bgn = 0, .end = 100, .out = 1, .in = 1 });
	run_alone(c);
	CU_ASSERT(c->core.sram->computed[c->ref.uop[99] & 2047]);
	vta_core_reset(&c->core);
	CU_ASSERT_EQUAL(memcmp(c->core.sram, &zeros, sizeof(zeros)), 0);
	case_close(c);
}

static const struct test_case cases[] = {
	{ "encodings", encodings },
	{ "a known program", known_program },
	{ "loads", loads },
	{ "padding", padding },
	{ "stores", stores },
	{ "what moves nothing", no_moves },
	{ "addresses", addresses },
	{ "products", products },
	{ "loops", loops },
	{ "ALU operations", alu_operations },
	{ "orders", orders },
	{ "cycles", cycles },
	{ "many tokens", many_tokens },
	{ "memories stay", memories_stay },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	static const struct test_suite suites[] = {
		{ "VTA", NULL, NULL, cases },
		{ "VTA, errors", NULL, NULL, vta_error_cases },
		{ "VTA, random programs", NULL, NULL, vta_random_cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
