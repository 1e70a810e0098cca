/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_ISA_H
#define VTA_ISA_H

/**
 * @file
 * The instruction set of VTA (Versatile Tensor Accelerator, apache/tvm-vta), hardware
 * version 0.0.2 in its default configuration: 8-bit inputs and weights, 32-bit accumulators,
 * batch 1, blocks of 16 x 16.
 *
 * An instruction has 128 bits, little endian: lo has bits 63:0, hi bits 127:64. Bits without a
 * name are 0.
 *
 * Implementations of VTA (its simulator, HLS and Chisel) differ. What all of them take, and take
 * alike, is what vta_check() lets pass; npu_model.c tells the rest.
 */

#include <stdint.h>

#define VTA_HW_VERSION 0x000002u /* 0.0.2 */

#define VTA_LOG_INP_WIDTH 3
#define VTA_LOG_WGT_WIDTH 3
#define VTA_LOG_ACC_WIDTH 5
#define VTA_LOG_BATCH     0
#define VTA_LOG_BLOCK     4
#define VTA_LOG_UOP_BUF   15
#define VTA_LOG_INP_BUF   15
#define VTA_LOG_WGT_BUF   18
#define VTA_LOG_ACC_BUF   17

#define VTA_BLOCK 16 /* lanes of a vector, and rows of a tile of weights */

/** Memories, as in memory_type. 5, 8-bit data for ACC, is the simulator's alone. */
enum vta_mem {
	VTA_MEM_UOP = 0,
	VTA_MEM_WGT = 1,
	VTA_MEM_INP = 2,
	VTA_MEM_ACC = 3,
	VTA_MEM_OUT = 4, /* the accumulators as STORE sees them */
	VTA_MEMS
};

/** log2 of the bytes of an element in DRAM: the unit of dram_base and x_stride. */
#define VTA_LOG_UOP_BYTES 2
#define VTA_LOG_WGT_BYTES 8
#define VTA_LOG_INP_BYTES 4
#define VTA_LOG_ACC_BYTES 6
#define VTA_LOG_OUT_BYTES 4

/** Elements of a memory. */
#define VTA_UOP_DEPTH 8192
#define VTA_WGT_DEPTH 1024
#define VTA_INP_DEPTH 2048
#define VTA_ACC_DEPTH 2048

enum vta_opcode {
	VTA_LOAD = 0,
	VTA_STORE = 1,
	VTA_GEMM = 2,
	VTA_FINISH = 3,
	VTA_ALU = 4,
};

/** ALU operations. 4, MUL, is the simulator's alone. */
enum vta_alu {
	VTA_ALU_MIN = 0,
	VTA_ALU_MAX = 1,
	VTA_ALU_ADD = 2,
	VTA_ALU_SHR = 3, /* arithmetic, by 0 to 31 */
};

struct vta_insn {
	uint64_t lo;
	uint64_t hi;
};

_Static_assert(sizeof(struct vta_insn) == 16, "as in memory");

/** Bits last:first of a word. */
#define VTA_BITS(word, last, first)                                                                \
	((uint32_t)((word) >> (first) & ((UINT64_C(1) << ((last) - (first) + 1)) - 1)))

#define VTA_OPCODE(i)    VTA_BITS((i)->lo, 2, 0)
#define VTA_POP_PREV(i)  VTA_BITS((i)->lo, 3, 3)
#define VTA_POP_NEXT(i)  VTA_BITS((i)->lo, 4, 4)
#define VTA_PUSH_PREV(i) VTA_BITS((i)->lo, 5, 5)
#define VTA_PUSH_NEXT(i) VTA_BITS((i)->lo, 6, 6)

/*
 * LOAD and STORE. With x_size 0 they move nothing, whatever other fields say, and are there for
 * their tokens.
 */
#define VTA_MEM_TYPE(i)  VTA_BITS((i)->lo, 9, 7)
#define VTA_SRAM_BASE(i) VTA_BITS((i)->lo, 25, 10)
#define VTA_DRAM_BASE(i) VTA_BITS((i)->lo, 57, 26)
#define VTA_MEM_PAD(i)   VTA_BITS((i)->lo, 63, 58) /* 0 */
#define VTA_Y_SIZE(i)    VTA_BITS((i)->hi, 15, 0)
#define VTA_X_SIZE(i)    VTA_BITS((i)->hi, 31, 16)
#define VTA_X_STRIDE(i)  VTA_BITS((i)->hi, 47, 32)
#define VTA_Y_PAD_0(i)   VTA_BITS((i)->hi, 51, 48)
#define VTA_Y_PAD_1(i)   VTA_BITS((i)->hi, 55, 52)
#define VTA_X_PAD_0(i)   VTA_BITS((i)->hi, 59, 56)
#define VTA_X_PAD_1(i)   VTA_BITS((i)->hi, 63, 60)

/* GEMM and ALU, with micro-ops UOP_BGN to UOP_END - 1 */
#define VTA_RESET(i)          VTA_BITS((i)->lo, 7, 7) /* GEMM */
#define VTA_UOP_BGN(i)        VTA_BITS((i)->lo, 20, 8)
#define VTA_UOP_END(i)        VTA_BITS((i)->lo, 34, 21)
#define VTA_ITER_OUT(i)       VTA_BITS((i)->lo, 48, 35)
#define VTA_ITER_IN(i)        VTA_BITS((i)->lo, 62, 49)
#define VTA_LOOP_PAD(i)       VTA_BITS((i)->lo, 63, 63) /* 0 */
#define VTA_DST_FACTOR_OUT(i) VTA_BITS((i)->hi, 10, 0)
#define VTA_DST_FACTOR_IN(i)  VTA_BITS((i)->hi, 21, 11)
#define VTA_SRC_FACTOR_OUT(i) VTA_BITS((i)->hi, 32, 22)
#define VTA_SRC_FACTOR_IN(i)  VTA_BITS((i)->hi, 43, 33)
#define VTA_WGT_FACTOR_OUT(i) VTA_BITS((i)->hi, 53, 44)
#define VTA_WGT_FACTOR_IN(i)  VTA_BITS((i)->hi, 63, 54)
#define VTA_ALU_OPCODE(i)     VTA_BITS((i)->hi, 46, 44)
#define VTA_USE_IMM(i)        VTA_BITS((i)->hi, 47, 47)
#define VTA_IMM(i)            ((int16_t)VTA_BITS((i)->hi, 63, 48))

/* FINISH: the last instruction of a program */
#define VTA_FINISH_PAD(i) ((i)->lo >> 7) /* 0, and hi */

/* A micro-op: indices of ACC, of INP (GEMM) or ACC (ALU), and of WGT */
#define VTA_UOP_DST(u) VTA_BITS((uint64_t)(u), 10, 0)
#define VTA_UOP_SRC(u) VTA_BITS((uint64_t)(u), 21, 11)
#define VTA_UOP_WGT(u) VTA_BITS((uint64_t)(u), 31, 22)

#endif
