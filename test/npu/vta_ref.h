/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_REF_H
#define VTA_REF_H

/**
 * @file
 * VTA a second time, for tests: instructions as fields, their bits by number, and a machine that
 * executes them one after the other with plain loops. It checks nothing and knows no tokens.
 */

#include <stdbool.h>
#include <stdint.h>

enum { OP_LOAD, OP_STORE, OP_GEMM, OP_FINISH, OP_ALU };
enum { MEM_UOP, MEM_WGT, MEM_INP, MEM_ACC, MEM_OUT };
enum { ALU_MIN, ALU_MAX, ALU_ADD, ALU_SHR, ALU_MUL };

/* Tokens: bits 3 to 6. */
#define POP_PREV  0x08u
#define POP_NEXT  0x10u
#define PUSH_PREV 0x20u
#define PUSH_NEXT 0x40u

/** An instruction. Fields of the other kinds are 0. */
struct ref_insn {
	uint32_t op;
	uint32_t tokens;
	/* LOAD and STORE */
	uint32_t mem, sram, dram, y, x, stride;
	uint32_t y_pad_0, y_pad_1, x_pad_0, x_pad_1;
	/* GEMM and ALU */
	uint32_t reset, bgn, end, out, in;
	uint32_t dst_out, dst_in, src_out, src_in, wgt_out, wgt_in;
	uint32_t alu, use_imm;
	int32_t imm;
};

/** The 128 bits of an instruction, low half first. */
void ref_encode(const struct ref_insn *insn, uint64_t bits[2]);

/** A micro-op. */
static inline uint32_t
ref_uop(uint32_t dst, uint32_t src, uint32_t wgt)
{
	return dst | src << 11 | wgt << 22;
}

/** Memories of a core, and all of the memory outside. */
struct ref {
	uint32_t uop[8192];
	int8_t wgt[1024][16][16];
	int8_t inp[2048][16];
	int32_t acc[2048][16];
	unsigned char *dram;
};

/** Execute an instruction that is good; dram_base 0 is the first byte of the memory outside. */
void ref_execute(struct ref *ref, const struct ref_insn *insn);

/** Pseudo-random numbers below n, the same in each run. */
uint32_t ref_random(uint32_t n);
void ref_seed(uint64_t seed);

#endif
