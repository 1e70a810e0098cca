/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "golden.h"

#include <string.h>

#include "vta_ref.h"

const uint64_t golden_bits[GOLDEN_INSNS][2] = {
	{ 0x0000000000000000, 0x0000001100110001 }, /* LOAD UOP, 17 */
	{ 0x0000000000000180, 0x0000000000100010 }, /* LOAD ACC, 16 times the same 16 */
	{ 0x0000000000000100, 0x0000010001000001 }, /* LOAD INP, 256 */
	{ 0x00000000000000c0, 0x0000010001000001 }, /* LOAD WGT, 256; push_next */
	{ 0x002000800200000a, 0x0400000004000810 }, /* GEMM; pop_prev */
	{ 0x0020008002201004, 0x0008b00204000810 }, /* SHR 8 */
	{ 0x0020008002201004, 0x0000900204000810 }, /* MAX 0 */
	{ 0x0020008002201044, 0x007f800204000810 }, /* MIN 127; push_next */
	{ 0x0000000000000229, 0x0000010001000001 }, /* STORE, 256; pop_prev, push_prev */
	{ 0x0000000000000013, 0x0000000000000000 }, /* FINISH; pop_next */
};

void
golden_place(const struct golden_places *places, uint64_t bits[GOLDEN_INSNS][2])
{
	memcpy(bits, golden_bits, sizeof(golden_bits));
	bits[0][0] |= (uint64_t)(places->uop / 4) << 26;
	bits[1][0] |= (uint64_t)(places->acc / 64) << 26;
	bits[2][0] |= (uint64_t)(places->inp / 16) << 26;
	bits[3][0] |= (uint64_t)(places->wgt / 256) << 26;
	bits[8][0] |= (uint64_t)(places->out / 16) << 26;
}

static int32_t
product(const struct golden *g, uint32_t row, uint32_t col)
{
	int32_t sum = g->bias[col];
	uint32_t k;

	for (k = 0; k < GOLDEN_N; k++)
		sum += g->a[row][k] * g->w[k][col];
	return sum;
}

static int8_t
clip(int32_t value)
{
	return (int8_t)(value < 0 ? 0 : value > 127 ? 127 : value);
}

static void
fill(int8_t *bytes, uint32_t n)
{
	while (n-- > 0)
		*bytes++ = (int8_t)((int32_t)ref_random(256) - 128);
}

void
golden_compute(struct golden *g)
{
	uint32_t i, k;

	for (i = 0; i < GOLDEN_ROWS; i++)
		for (k = 0; k < GOLDEN_N; k++)
			g->out[i][k] = clip(product(g, i, k) >> 8);
}

void
golden_make(struct golden *g)
{
	uint32_t i, k;

	for (i = 0; i < GOLDEN_UOPS; i++)
		g->uops[i] = i < 16 ? ref_uop(0, i, i) : 0;
	for (i = 0; i < GOLDEN_N; i++)
		g->bias[i] = (int32_t)ref_random(60000) - 30000;
	fill(&g->a[0][0], sizeof(g->a));
	fill(&g->w[0][0], sizeof(g->w));
	for (i = 0; i < GOLDEN_N; i++)
		for (k = 0; k < GOLDEN_N; k++)
			g->tiles[i / 16][k / 16][i % 16][k % 16] = g->w[k][i];
	golden_compute(g);
}
