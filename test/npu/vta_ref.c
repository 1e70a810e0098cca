/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_ref.h"

#include <string.h>

static uint64_t random_state = 1;

void
ref_seed(uint64_t seed)
{
	random_state = seed * 2 + 1;
}

uint32_t
ref_random(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((random_state >> 33) % n);
}

/* A field at a bit of the 128. */
static void
put(uint64_t bits[2], unsigned int at, unsigned int width, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < width; i++) {
		if ((value >> i & 1) != 0)
			bits[(at + i) / 64] |= UINT64_C(1) << (at + i) % 64;
	}
}

static void
encode_memory(const struct ref_insn *i, uint64_t bits[2])
{
	put(bits, 7, 3, i->mem);
	put(bits, 10, 16, i->sram);
	put(bits, 26, 32, i->dram);
	put(bits, 64, 16, i->y);
	put(bits, 80, 16, i->x);
	put(bits, 96, 16, i->stride);
	put(bits, 112, 4, i->y_pad_0);
	put(bits, 116, 4, i->y_pad_1);
	put(bits, 120, 4, i->x_pad_0);
	put(bits, 124, 4, i->x_pad_1);
}

static void
encode_loop(const struct ref_insn *i, uint64_t bits[2])
{
	put(bits, 7, 1, i->reset);
	put(bits, 8, 13, i->bgn);
	put(bits, 21, 14, i->end);
	put(bits, 35, 14, i->out);
	put(bits, 49, 14, i->in);
	put(bits, 64, 11, i->dst_out);
	put(bits, 75, 11, i->dst_in);
	put(bits, 86, 11, i->src_out);
	put(bits, 97, 11, i->src_in);
	put(bits, 108, 10, i->wgt_out);
	put(bits, 118, 10, i->wgt_in);
	put(bits, 108, 3, i->alu);
	put(bits, 111, 1, i->use_imm);
	put(bits, 112, 16, (uint32_t)i->imm);
}

void
ref_encode(const struct ref_insn *insn, uint64_t bits[2])
{
	bits[0] = insn->op | insn->tokens;
	bits[1] = 0;
	if (insn->op == OP_LOAD || insn->op == OP_STORE)
		encode_memory(insn, bits);
	else if (insn->op != OP_FINISH)
		encode_loop(insn, bits);
}

/*
 * Execution
 */

/* One element, from DRAM or, without, zeros. */
static void
load_element(struct ref *ref, uint32_t mem, uint32_t at, const unsigned char *from)
{
	static const unsigned char zeros[256];
	static const uint32_t sizes[] = { 4, 256, 16, 64 };
	unsigned char *to[] = { (unsigned char *)ref->uop, (unsigned char *)ref->wgt,
		(unsigned char *)ref->inp, (unsigned char *)ref->acc };

	memcpy(to[mem] + at * sizes[mem], from != NULL ? from : zeros, sizes[mem]);
}

static void
load(struct ref *ref, const struct ref_insn *i)
{
	static const uint32_t sizes[] = { 4, 256, 16, 64 };
	int row, col, rows = (int)(i->y + i->y_pad_1), cols = (int)(i->x + i->x_pad_1);
	uint32_t at = i->sram;

	for (row = -(int)i->y_pad_0; row < rows; row++) {
		for (col = -(int)i->x_pad_0; col < cols; col++, at++) {
			bool inside = row >= 0 && row < (int)i->y && col >= 0 && col < (int)i->x;
			uint64_t from = i->dram + (uint64_t)(row * (int)i->stride + col);

			load_element(ref, i->mem, at,
					inside ? ref->dram + from * sizes[i->mem] : NULL);
		}
	}
}

static void
store(const struct ref *ref, const struct ref_insn *i)
{
	uint32_t row, col, lane, at = i->sram;

	for (row = 0; row < i->y; row++) {
		for (col = 0; col < i->x; col++, at++) {
			for (lane = 0; lane < 16; lane++)
				ref->dram[(i->dram + row * i->stride + col) * 16 + lane] =
						(unsigned char)((uint32_t)ref->acc[at][lane] & 255);
		}
	}
}

static void
gemm(struct ref *ref, uint32_t dst, uint32_t src, uint32_t wgt)
{
	uint32_t oc, ic;

	for (oc = 0; oc < 16; oc++) {
		uint32_t sum = (uint32_t)ref->acc[dst][oc];

		for (ic = 0; ic < 16; ic++)
			sum += (uint32_t)((int32_t)ref->inp[src][ic] * ref->wgt[wgt][oc][ic]);
		ref->acc[dst][oc] = (int32_t)sum;
	}
}

static int32_t
alu(uint32_t op, int32_t a, int32_t b)
{
	int64_t sum = (int64_t)a + b, floor = INT64_C(1) << (b & 31);

	if (op == ALU_MIN)
		return a < b ? a : b;
	if (op == ALU_MAX)
		return a > b ? a : b;
	if (op == ALU_ADD)
		return (int32_t)(uint32_t)(sum & 0xffffffff);
	/* Down to the next smaller number, not towards 0. */
	return (int32_t)((a - ((a % floor + floor) % floor)) / floor);
}

static void
execute_uop(struct ref *ref, const struct ref_insn *i, uint32_t uop, uint32_t out, uint32_t in)
{
	uint32_t dst = (uop & 2047) + out * i->dst_out + in * i->dst_in;
	uint32_t src = (uop >> 11 & 2047) + out * i->src_out + in * i->src_in;
	uint32_t lane;

	if (i->op == OP_GEMM && i->reset) {
		memset(ref->acc[dst], 0, 64);
	} else if (i->op == OP_GEMM) {
		gemm(ref, dst, src, (uop >> 22) + out * i->wgt_out + in * i->wgt_in);
	} else {
		for (lane = 0; lane < 16; lane++)
			ref->acc[dst][lane] = alu(i->alu, ref->acc[dst][lane],
					i->use_imm ? i->imm : ref->acc[src][lane]);
	}
}

void
ref_execute(struct ref *ref, const struct ref_insn *i)
{
	uint32_t out, in, u;

	if (i->op == OP_FINISH || ((i->op == OP_LOAD || i->op == OP_STORE) && i->x == 0))
		return;
	if (i->op == OP_LOAD) {
		load(ref, i);
	} else if (i->op == OP_STORE) {
		store(ref, i);
	} else {
		for (out = 0; out < i->out; out++)
			for (in = 0; in < i->in; in++)
				for (u = i->bgn; u < i->end; u++)
					execute_uop(ref, i, ref->uop[u], out, in);
	}
}
