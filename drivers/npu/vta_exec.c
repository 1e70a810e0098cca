/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_exec.h"

#include <string.h>

/* LOAD and STORE, and what instructions cost. */

#define WINDOW      (UINT64_C(1) << 32)
#define UNITS_ROW   8  /* of an access to memory */
#define UNIT_BYTES  64 /* that are moved in the time of one unit */
#define MEM_LATENCY 64 /* cycles until the first data comes */
#define MEM_WIDTH   16 /* bytes of a cycle */

/* A row of DRAM, which must not leave the window. */
static enum npu_error
move_row(const struct vta_core *core, const struct vta_insn *insn, uint32_t y, void *data,
		bool write)
{
	uint32_t offset = vta_row_offset(insn, y), len = vta_row_bytes(insn);
	uint64_t addr = core->job.base[VTA_MEM_TYPE(insn)] | offset;

	if (offset + (uint64_t)len > WINDOW ||
			vta_core_dma(core, &addr, data, len, write) != 0)
		return NPU_ERROR_DRAM;
	return NPU_ERROR_NONE;
}

static void
pay_for_rows(const struct vta_insn *insn, int32_t *units)
{
	uint32_t rows = VTA_Y_SIZE(insn);

	*units -= (int32_t)(rows * UNITS_ROW + rows * vta_row_bytes(insn) / UNIT_BYTES);
}

static unsigned char *
sram_of(struct vta_sram *sram, uint32_t mem)
{
	switch (mem) {
	case VTA_MEM_UOP:
		return (unsigned char *)sram->uop;
	case VTA_MEM_WGT:
		return (unsigned char *)sram->wgt;
	case VTA_MEM_INP:
		return (unsigned char *)sram->inp;
	default:
		return (unsigned char *)sram->acc;
	}
}

static enum npu_error
load(struct vta_core *core, const struct vta_insn *insn, int32_t *units)
{
	uint32_t mem = VTA_MEM_TYPE(insn), base = VTA_SRAM_BASE(insn), y;
	unsigned int log = vta_log_bytes((enum vta_mem)mem);
	uint32_t x_total = VTA_X_PAD_0(insn) + VTA_X_SIZE(insn) + VTA_X_PAD_1(insn);
	uint32_t total = x_total * (VTA_Y_PAD_0(insn) + VTA_Y_SIZE(insn) + VTA_Y_PAD_1(insn));
	unsigned char *at = sram_of(core->sram, mem) + ((size_t)base << log);
	enum npu_error error = NPU_ERROR_NONE;

	if (mem == VTA_MEM_ACC)
		memset(core->sram->computed + base, 0, total);
	if (total != VTA_X_SIZE(insn) * VTA_Y_SIZE(insn))
		memset(at, 0, (size_t)total << log);
	at += (size_t)(x_total * VTA_Y_PAD_0(insn) + VTA_X_PAD_0(insn)) << log;
	for (y = 0; y < VTA_Y_SIZE(insn) && error == NPU_ERROR_NONE; y++) {
		error = move_row(core, insn, y, at, false);
		at += (size_t)x_total << log;
	}
	pay_for_rows(insn, units);
	return error;
}

/* The low 8 bits of vectors that were computed. */
static bool
truncate_out(struct vta_sram *sram, uint32_t first, uint32_t n)
{
	uint32_t i, lane;

	for (i = first; i < first + n; i++) {
		if (!sram->computed[i])
			return false;
		for (lane = 0; lane < VTA_BLOCK; lane++)
			sram->out[i][lane] = (int8_t)sram->acc[i][lane];
	}
	return true;
}

static enum npu_error
store(struct vta_core *core, const struct vta_insn *insn, int32_t *units)
{
	uint32_t base = VTA_SRAM_BASE(insn), x = VTA_X_SIZE(insn), y;
	enum npu_error error = NPU_ERROR_NONE;

	if (!truncate_out(core->sram, base, x * VTA_Y_SIZE(insn)))
		return NPU_ERROR_SRAM;
	for (y = 0; y < VTA_Y_SIZE(insn) && error == NPU_ERROR_NONE; y++)
		error = move_row(core, insn, y, core->sram->out[base + y * x], true);
	pay_for_rows(insn, units);
	return error;
}

enum npu_error
vta_exec(struct vta_core *core, const struct vta_insn *insn, int32_t *units)
{
	(*units)--;
	switch (VTA_OPCODE(insn)) {
	case VTA_LOAD:
		return vta_is_sync(insn) ? NPU_ERROR_NONE : load(core, insn, units);
	case VTA_STORE:
		return vta_is_sync(insn) ? NPU_ERROR_NONE : store(core, insn, units);
	case VTA_GEMM:
	case VTA_ALU:
		return vta_exec_loop(core, insn, units);
	default:
		return NPU_ERROR_NONE;
	}
}

/*
 * Cycles
 */

static uint64_t
loop_cost(const struct vta_insn *insn)
{
	uint64_t uops = VTA_UOP_END(insn) > VTA_UOP_BGN(insn) ?
			VTA_UOP_END(insn) - VTA_UOP_BGN(insn) : 0;
	uint64_t n = uops * VTA_ITER_OUT(insn) * VTA_ITER_IN(insn);

	return n > 0 ? n : 1;
}

static uint64_t
memory_cost(const struct vta_insn *insn)
{
	uint64_t bytes = (uint64_t)VTA_Y_SIZE(insn) * vta_row_bytes(insn);

	return vta_is_sync(insn) ? 1 : MEM_LATENCY + (bytes + MEM_WIDTH - 1) / MEM_WIDTH;
}

uint64_t
vta_cost(const struct vta_insn *insn)
{
	switch (VTA_OPCODE(insn)) {
	case VTA_LOAD:
	case VTA_STORE:
		return memory_cost(insn);
	case VTA_GEMM:
	case VTA_ALU:
		return loop_cost(insn);
	default:
		return 1;
	}
}
