/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_BUILD_H
#define VTA_BUILD_H

/**
 * @file
 * Making instructions: the other direction of vta_isa.h. Values must fit their fields; vta_check()
 * tells whether an instruction is sound.
 */

#include "vta_isa.h"

/** Tokens; any of them may be or-ed to lo. */
#define VTA_F_POP_PREV  (UINT64_C(1) << 3)
#define VTA_F_POP_NEXT  (UINT64_C(1) << 4)
#define VTA_F_PUSH_PREV (UINT64_C(1) << 5)
#define VTA_F_PUSH_NEXT (UINT64_C(1) << 6)

/** LOAD or STORE of y rows of x elements, a stride apart in DRAM; dram_base and padding are 0. */
static inline struct vta_insn
vta_move(enum vta_opcode opcode, enum vta_mem mem, uint32_t sram, uint32_t y, uint32_t x,
		uint32_t stride)
{
	return (struct vta_insn){
		.lo = (uint64_t)opcode | (uint64_t)mem << 7 | (uint64_t)sram << 10,
		.hi = (uint64_t)y | (uint64_t)x << 16 | (uint64_t)stride << 32,
	};
}

/** GEMM or ALU over micro-ops bgn to end - 1, out x in times; factors 0. */
static inline struct vta_insn
vta_loop(enum vta_opcode opcode, uint32_t bgn, uint32_t end, uint32_t out, uint32_t in)
{
	return (struct vta_insn){ .lo = (uint64_t)opcode | (uint64_t)bgn << 8 |
			(uint64_t)end << 21 | (uint64_t)out << 35 | (uint64_t)in << 49 };
}

/** Factors of the outer and the inner loop, of the result's index and the first operand's. */
static inline struct vta_insn
vta_factors(struct vta_insn insn, uint32_t dst_out, uint32_t dst_in, uint32_t src_out,
		uint32_t src_in)
{
	insn.hi |= (uint64_t)dst_out | (uint64_t)dst_in << 11 | (uint64_t)src_out << 22 |
			(uint64_t)src_in << 33;
	return insn;
}

/** Factors of a GEMM's weights. */
static inline struct vta_insn
vta_wgt_factors(struct vta_insn insn, uint32_t wgt_out, uint32_t wgt_in)
{
	insn.hi |= (uint64_t)wgt_out << 44 | (uint64_t)wgt_in << 54;
	return insn;
}

/** An ALU's operation with an immediate. */
static inline struct vta_insn
vta_imm(struct vta_insn insn, enum vta_alu operation, int16_t imm)
{
	insn.hi |= (uint64_t)operation << 44 | UINT64_C(1) << 47 | (uint64_t)(uint16_t)imm << 48;
	return insn;
}

static inline uint32_t
vta_uop(uint32_t dst, uint32_t src, uint32_t wgt)
{
	return dst | src << 11 | wgt << 22;
}

#endif
