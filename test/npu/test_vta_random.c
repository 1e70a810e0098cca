/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vta_case.h"

/* Random programs: good ones beside the reference, layers beside plain loops, and random bits. */

#define PROGRAMS 200
#define LENGTH   60

static void
in_order(void)
{
	struct vta_case *c = case_open();
	uint32_t n;

	for (n = 0; n < PROGRAMS; n++) {
		ref_seed(n);
		case_begin(c);
		case_add_uops(c);
		while (c->n < LENGTH)
			case_add_random(c);
		case_add_finish(c, 0);
		case_run(c, NPU_ERROR_NONE, 0);
		CU_ASSERT_FATAL(case_is_same(c));
	}
	case_close(c);
}

/*
 * In another order: tokens chain the instructions as they were made, queues are then mixed
 */

static uint32_t
queue_of(const struct ref_insn *i)
{
	if (i->op == OP_STORE)
		return 2;
	return i->op == OP_LOAD && (i->mem == MEM_INP || i->mem == MEM_WGT) ? 0 : 1;
}

/* Copy a program, with a token from each instruction to the next if that is of another queue. */
static void
chain(const struct vta_case *from, struct vta_case *to)
{
	uint32_t i, queue, before = 1;

	for (i = 0; i < from->n; i++) {
		struct ref_insn insn = from->program[i];

		queue = queue_of(&insn);
		if (queue + before == 2 && queue != before) {
			/* Load and store are no neighbours. */
			to->program[to->n - 1].tokens |= before == 0 ? PUSH_NEXT : PUSH_PREV;
			case_add(to, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_UOP,
				.tokens = before == 0 ? POP_PREV : POP_NEXT });
			before = 1;
		}
		if (queue != before && to->n > 0) {
			to->program[to->n - 1].tokens |= queue > before ? PUSH_NEXT : PUSH_PREV;
			insn.tokens |= queue > before ? POP_PREV : POP_NEXT;
		}
		case_add(to, insn);
		before = queue;
	}
}

/* Mix the queues, each in its order, FINISH last. */
static void
mix(struct vta_case *c)
{
	static struct ref_insn old[PROGRAM_MAX];
	uint32_t at[3] = { 0, 0, 0 }, n = c->n - 1, q;

	memcpy(old, c->program, sizeof(old));
	c->n = 0;
	while (c->n < n) {
		q = ref_random(3);
		while (at[q] < n && queue_of(&old[at[q]]) != q)
			at[q]++;
		if (at[q] < n)
			case_add(c, old[at[q]++]);
	}
	case_add(c, old[n]);
}

static void
mixed(void)
{
	struct vta_case *made = case_open(), *c = case_open();
	uint32_t n;

	memcpy(c->dram, made->dram, DRAM_SIZE);
	for (n = 0; n < PROGRAMS; n++) {
		ref_seed(1000 + n);
		case_begin(made);
		case_add_uops(made);
		while (made->n < LENGTH)
			case_add_random(made);
		case_add_finish(made, 0);
		case_begin(c);
		chain(made, c);
		mix(c);
		case_run(c, NPU_ERROR_NONE, 0);
		memcpy(&made->core.sram->uop, c->core.sram->uop, sizeof(made->ref.uop));
		memcpy(&made->core.sram->wgt, c->core.sram->wgt, sizeof(made->ref.wgt));
		memcpy(&made->core.sram->inp, c->core.sram->inp, sizeof(made->ref.inp));
		memcpy(&made->core.sram->acc, c->core.sram->acc, sizeof(made->ref.acc));
		memcpy(made->dram, c->dram, DRAM_SIZE);
		CU_ASSERT_FATAL(case_is_same(made));
	}
	case_close(made);
	case_close(c);
}

/*
 * Layers by plain loops
 */

struct layer {
	uint32_t m, k, n; /* rows, and blocks of 16 */
	int32_t shift, low, high;
};

#define A_AT    0x40000
#define BIAS_AT 0x60000
#define W_AT    0x70000
#define UOP_AT  0x100

static int32_t
layer_value(const unsigned char *dram, const struct layer *l, uint32_t row, uint32_t col)
{
	const int8_t *a = (const int8_t *)dram + A_AT, *w = (const int8_t *)dram + W_AT;
	uint32_t k, sum;
	int32_t value;

	memcpy(&value, dram + BIAS_AT + 4 * col, sizeof(value));
	sum = (uint32_t)value;
	for (k = 0; k < l->k * 16; k++)
		sum += (uint32_t)(a[row * l->k * 16 + k] *
				w[((col / 16 * l->k + k / 16) * 16 + col % 16) * 16 + k % 16]);
	value = (int32_t)sum >> l->shift;
	value = value < l->low ? l->low : value;
	return value > l->high ? l->high : value;
}

static void
add_alu(struct vta_case *c, const struct layer *l, uint32_t alu, int32_t imm, uint32_t tokens)
{
	case_add(c, (struct ref_insn){ .op = OP_ALU, .bgn = l->k, .end = l->k + 1, .out = l->m,
		.in = l->n, .dst_out = l->n, .dst_in = 1, .alu = alu, .use_imm = 1, .imm = imm,
		.tokens = tokens });
}

static void
add_layer(struct vta_case *c, const struct layer *l)
{
	uint32_t k, uop;

	for (k = 0; k <= l->k; k++) {
		uop = k < l->k ? ref_uop(0, k, k) : 0;
		memcpy(c->dram + UOP_AT + 4 * k, &uop, 4);
	}
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_UOP, .dram = UOP_AT / 4, .y = 1,
		.x = l->k + 1 });
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_ACC, .dram = BIAS_AT / 64,
		.y = l->m, .x = l->n });
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_INP, .dram = A_AT / 16,
		.y = l->m, .x = l->k, .stride = l->k });
	case_add(c, (struct ref_insn){ .op = OP_LOAD, .mem = MEM_WGT, .dram = W_AT / 256,
		.y = 1, .x = l->k * l->n, .tokens = PUSH_NEXT });
	case_add(c, (struct ref_insn){ .op = OP_GEMM, .end = l->k, .out = l->m, .in = l->n,
		.dst_out = l->n, .dst_in = 1, .src_out = l->k, .wgt_in = l->k,
		.tokens = POP_PREV });
	add_alu(c, l, ALU_SHR, l->shift, 0);
	add_alu(c, l, ALU_MAX, l->low, 0);
	add_alu(c, l, ALU_MIN, l->high, PUSH_NEXT);
	case_add(c, (struct ref_insn){ .op = OP_STORE, .mem = MEM_OUT, .dram = DRAM_OUT / 16,
		.y = l->m, .x = l->n, .stride = l->n, .tokens = POP_PREV | PUSH_PREV });
	case_add_finish(c, POP_NEXT);
}

static void
layers(void)
{
	struct vta_case *c = case_open();
	uint32_t i, row, col, wrong;
	struct layer l;

	for (i = 0; i < 40; i++) {
		ref_seed(2000 + i);
		l.m = 1 + ref_random(40);
		l.k = 1 + ref_random(20);
		l.n = 1 + ref_random(30);
		l.shift = (int32_t)ref_random(32);
		l.low = (int32_t)ref_random(400) - 200;
		l.high = (int32_t)ref_random(400) - 200;
		case_begin(c);
		add_layer(c, &l);
		case_run(c, NPU_ERROR_NONE, 0);
		wrong = 0;
		for (row = 0; row < l.m; row++)
			for (col = 0; col < l.n * 16; col++)
				wrong += c->dram[DRAM_OUT + row * l.n * 16 + col] !=
						(unsigned char)layer_value(c->dram, &l, row, col);
		CU_ASSERT_EQUAL(wrong, 0);
	}
	case_close(c);
}

/*
 * Random bits: any end will do that comes in bounded work
 */

static uint64_t
random_bits(void)
{
	return (uint64_t)ref_random(1u << 22) << 42 ^ (uint64_t)ref_random(1u << 22) << 21 ^
			ref_random(1u << 22);
}

/* Of a random instruction, some bits that are refused when set are 0. */
static void
add_random_bits(struct vta_case *c, uint32_t kind)
{
	uint64_t *bits;

	case_add(c, (struct ref_insn){ .op = OP_FINISH });
	bits = c->bits[c->n - 1];
	bits[0] = random_bits();
	bits[1] = random_bits();
	if (kind == 0)
		return;
	bits[0] &= ~UINT64_C(7) & ~(UINT64_C(0x3f) << 58);
	bits[0] |= ref_random(3) == 0 ? 4 : ref_random(3);
	if (kind == 1)
		return;
	bits[0] &= ~UINT64_C(0x78);
	/* Short loops, in low memories. */
	bits[0] &= ~(UINT64_C(0x3f0003f00000000));
	bits[1] &= UINT64_C(0x00000fff00ff00ff);
}

static void
bits(void)
{
	uint32_t n, ends[NPU_ERROR_FETCH + 1] = { 0 }, unfinished = 0;
	struct vta_case *c = case_open();

	c->mirror = true;
	for (n = 0; n < 3000; n++) {
		ref_seed(3000 + n);
		case_begin(c);
		while (c->n < 1 + n % 30)
			add_random_bits(c, n % 3);
		case_add_finish(c, 0);
		if (case_run_steps(c, 20))
			ends[c->core.error]++;
		else
			unfinished++;
		if (n % 100 == 0)
			vta_core_reset(&c->core);
	}
	/* The generator reaches them. */
	CU_ASSERT(ends[NPU_ERROR_OPCODE] > 100);
	CU_ASSERT(ends[NPU_ERROR_FLAG] > 100);
	CU_ASSERT(ends[NPU_ERROR_SRAM] > 100);
	CU_ASSERT_EQUAL(ends[NPU_ERROR_FETCH], 0);
	CU_ASSERT(unfinished < 1000);
	case_close(c);
}

/* A program of hours: each step is short, and a reset ends it. */
static void
endless(void)
{
	struct vta_case *c = case_open();

	case_begin(c);
	case_add_uops(c);
	case_add(c, (struct ref_insn){ .op = OP_GEMM, .end = 4096, .out = 16383, .in = 16383 });
	case_add_finish(c, 0);
	CU_ASSERT_FALSE(case_run_steps(c, 100));
	CU_ASSERT(c->core.acc_writes > 0);
	CU_ASSERT(c->core.acc_writes <= 100 * 8192);
	vta_core_reset(&c->core);
	CU_ASSERT_FALSE(vta_core_step(&c->core));
	CU_ASSERT_EQUAL(c->core.acc_writes, 0);

	case_begin(c);
	case_add_finish(c, 0);
	case_run(c, NPU_ERROR_NONE, 0);
	case_close(c);
}

const struct test_case vta_random_cases[] = {
	{ "in order", in_order },
	{ "mixed queues", mixed },
	{ "layers", layers },
	{ "random bits", bits },
	{ "endless", endless },
	{ NULL, NULL },
};
