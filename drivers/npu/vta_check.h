/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_CHECK_H
#define VTA_CHECK_H

/**
 * @file
 * What an instruction says by itself: its queue, the memory it moves, and whether it is
 * within what all implementations of VTA agree on. Used by the device model before it runs a
 * program, and by whoever wants to know of a program without running it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "npu_regs.h"
#include "vta_isa.h"

/** Queues: each takes its instructions in order. Neighbours exchange tokens. */
enum vta_queue {
	VTA_QUEUE_LOAD,    /* LOAD of INP and WGT; next is compute */
	VTA_QUEUE_COMPUTE, /* LOAD of UOP and ACC, GEMM, ALU, FINISH */
	VTA_QUEUE_STORE,   /* STORE; previous is compute */
	VTA_QUEUES
};

/**
 * Check an instruction.
 *
 * @retval NPU_ERROR_NONE it may be run; what depends on micro-ops, on data and on other
 * instructions
 *         is not known yet
 * @retval NPU_ERROR_OPCODE opcode, memory type or ALU operation is none
 * @retval NPU_ERROR_FLAG a flag or field is set that implementations do not agree on
 * @retval NPU_ERROR_SRAM it leaves a memory of the core
 */
enum npu_error vta_check(const struct vta_insn *insn);

/** Queue of an instruction that vta_check() found good. */
enum vta_queue vta_queue_of(const struct vta_insn *insn);

/** log2 of the bytes of an element in DRAM. */
unsigned int vta_log_bytes(enum vta_mem mem);

/** Whether a LOAD or STORE moves nothing, and is there for its tokens alone. */
static inline bool
vta_is_sync(const struct vta_insn *insn)
{
	return VTA_X_SIZE(insn) == 0 || VTA_Y_SIZE(insn) == 0;
}

/** Offset from the memory's base of row y of a LOAD or STORE: bits 31:0 of a byte address. */
static inline uint32_t
vta_row_offset(const struct vta_insn *insn, uint32_t y)
{
	uint64_t unit = (uint64_t)VTA_DRAM_BASE(insn) + (uint64_t)y * VTA_X_STRIDE(insn);

	return (uint32_t)(unit << vta_log_bytes((enum vta_mem)VTA_MEM_TYPE(insn)));
}

/** Bytes of a row of a LOAD or STORE in DRAM. */
static inline uint32_t
vta_row_bytes(const struct vta_insn *insn)
{
	return VTA_X_SIZE(insn) << vta_log_bytes((enum vta_mem)VTA_MEM_TYPE(insn));
}

#endif
