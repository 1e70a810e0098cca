/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef GOLDEN_H
#define GOLDEN_H

/**
 * @file
 * A program whose bits are known: out = clip((A W + bias) >> 8, 0, 127) for A of 16 x 256 and W of
 * 256 x 256, and its data.
 */

#include <stdint.h>

#define GOLDEN_INSNS  10
#define GOLDEN_UOPS   17
#define GOLDEN_ROWS   16
#define GOLDEN_N      256
#define GOLDEN_CYCLES 9665 /* by the model's rules */
#define GOLDEN_WRITES (4096 + 3 * 256)

/** Bits 63:0 and 127:64, without places in DRAM. */
extern const uint64_t golden_bits[GOLDEN_INSNS][2];

struct golden {
	uint32_t uops[GOLDEN_UOPS];
	int32_t bias[GOLDEN_N];
	int8_t a[GOLDEN_ROWS][GOLDEN_N];
	int8_t w[GOLDEN_N][GOLDEN_N];              /* [k][n] */
	int8_t tiles[GOLDEN_N / 16][GOLDEN_N / 16][16][16]; /* of w, as VTA has them */
	int8_t out[GOLDEN_ROWS][GOLDEN_N];         /* what must come */
};

/** Random data, and the result. */
void golden_make(struct golden *g);

/** The result by plain loops. */
void golden_compute(struct golden *g);

/** Offsets in DRAM, in bytes. */
struct golden_places {
	uint32_t uop, acc, inp, wgt, out;
};

/** The program with places in DRAM. */
void golden_place(const struct golden_places *places, uint64_t bits[GOLDEN_INSNS][2]);

#endif
