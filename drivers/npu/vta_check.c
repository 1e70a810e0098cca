/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_check.h"

#define MAX_SHIFT 31

static const struct {
	unsigned int log_bytes;
	uint32_t depth;
} mems[VTA_MEMS] = {
	[VTA_MEM_UOP] = { VTA_LOG_UOP_BYTES, VTA_UOP_DEPTH },
	[VTA_MEM_WGT] = { VTA_LOG_WGT_BYTES, VTA_WGT_DEPTH },
	[VTA_MEM_INP] = { VTA_LOG_INP_BYTES, VTA_INP_DEPTH },
	[VTA_MEM_ACC] = { VTA_LOG_ACC_BYTES, VTA_ACC_DEPTH },
	[VTA_MEM_OUT] = { VTA_LOG_OUT_BYTES, VTA_ACC_DEPTH },
};

unsigned int
vta_log_bytes(enum vta_mem mem)
{
	return mems[mem].log_bytes;
}

enum vta_queue
vta_queue_of(const struct vta_insn *insn)
{
	uint32_t mem = VTA_MEM_TYPE(insn);

	if (VTA_OPCODE(insn) == VTA_STORE)
		return VTA_QUEUE_STORE;
	if (VTA_OPCODE(insn) == VTA_LOAD && (mem == VTA_MEM_INP || mem == VTA_MEM_WGT))
		return VTA_QUEUE_LOAD;
	return VTA_QUEUE_COMPUTE;
}

/*
 * LOAD and STORE
 */

static bool
has_padding(const struct vta_insn *insn)
{
	return VTA_Y_PAD_0(insn) != 0 || VTA_Y_PAD_1(insn) != 0 || VTA_X_PAD_0(insn) != 0 ||
			VTA_X_PAD_1(insn) != 0;
}

static bool
takes_padding(uint32_t mem)
{
	return mem == VTA_MEM_INP || mem == VTA_MEM_ACC;
}

static enum npu_error
check_rectangle(const struct vta_insn *insn)
{
	uint32_t mem = VTA_MEM_TYPE(insn);
	uint64_t x = VTA_X_PAD_0(insn) + VTA_X_SIZE(insn) + VTA_X_PAD_1(insn);
	uint64_t y = VTA_Y_PAD_0(insn) + VTA_Y_SIZE(insn) + VTA_Y_PAD_1(insn);

	if (has_padding(insn) && (!takes_padding(mem) || VTA_Y_SIZE(insn) == 0))
		return NPU_ERROR_FLAG;
	if (mem == VTA_MEM_UOP && VTA_Y_SIZE(insn) != 1)
		return NPU_ERROR_FLAG;
	if (VTA_Y_SIZE(insn) != 0 && VTA_SRAM_BASE(insn) + x * y > mems[mem].depth)
		return NPU_ERROR_SRAM;
	return NPU_ERROR_NONE;
}

static enum npu_error
check_memory(const struct vta_insn *insn)
{
	bool is_store = VTA_OPCODE(insn) == VTA_STORE;
	uint32_t mem = VTA_MEM_TYPE(insn);

	/* TVM's runtime writes a STORE that moves nothing with the type of UOP. */
	if (mem >= VTA_MEMS || (VTA_X_SIZE(insn) != 0 && is_store != (mem == VTA_MEM_OUT)))
		return NPU_ERROR_OPCODE;
	if (!is_store && mem == VTA_MEM_OUT)
		return NPU_ERROR_OPCODE;
	if (VTA_MEM_PAD(insn) != 0)
		return NPU_ERROR_FLAG;
	return VTA_X_SIZE(insn) == 0 ? NPU_ERROR_NONE : check_rectangle(insn);
}

/*
 * GEMM, ALU and FINISH
 */

static enum npu_error
check_loop(const struct vta_insn *insn)
{
	if (VTA_LOOP_PAD(insn) != 0)
		return NPU_ERROR_FLAG;
	return VTA_UOP_END(insn) > VTA_UOP_DEPTH ? NPU_ERROR_SRAM : NPU_ERROR_NONE;
}

static enum npu_error
check_alu(const struct vta_insn *insn)
{
	if (VTA_ALU_OPCODE(insn) > VTA_ALU_SHR)
		return NPU_ERROR_OPCODE;
	if (VTA_RESET(insn) != 0)
		return NPU_ERROR_FLAG;
	if (VTA_ALU_OPCODE(insn) == VTA_ALU_SHR && VTA_USE_IMM(insn) != 0 &&
			(VTA_IMM(insn) < 0 || VTA_IMM(insn) > MAX_SHIFT))
		return NPU_ERROR_FLAG;
	return check_loop(insn);
}

static enum npu_error
check_finish(const struct vta_insn *insn)
{
	return VTA_FINISH_PAD(insn) != 0 || insn->hi != 0 ? NPU_ERROR_FLAG : NPU_ERROR_NONE;
}

/* Tokens from and to a queue that is not there. */
static bool
flags_are_good(const struct vta_insn *insn)
{
	switch (vta_queue_of(insn)) {
	case VTA_QUEUE_LOAD:
		return VTA_POP_PREV(insn) == 0 && VTA_PUSH_PREV(insn) == 0;
	case VTA_QUEUE_STORE:
		return VTA_POP_NEXT(insn) == 0 && VTA_PUSH_NEXT(insn) == 0;
	default:
		return true;
	}
}

enum npu_error
vta_check(const struct vta_insn *insn)
{
	enum npu_error error;

	switch (VTA_OPCODE(insn)) {
	case VTA_LOAD:
	case VTA_STORE:
		error = check_memory(insn);
		break;
	case VTA_GEMM:
		error = check_loop(insn);
		break;
	case VTA_ALU:
		error = check_alu(insn);
		break;
	case VTA_FINISH:
		error = check_finish(insn);
		break;
	default:
		error = NPU_ERROR_OPCODE;
	}
	if (error != NPU_ERROR_OPCODE && !flags_are_good(insn))
		return NPU_ERROR_FLAG;
	return error;
}
