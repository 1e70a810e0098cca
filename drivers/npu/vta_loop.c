/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_exec.h"

#include <string.h>

/* GEMM and ALU: for each pass of two loops, all micro-ops. */

struct loop {
	const struct vta_insn *insn;
	const uint32_t *uops, *end;
	uint32_t nb_out, nb_in;
	uint32_t dst_out, dst_in, src_out, src_in, wgt_out, wgt_in;
	enum npu_error (*pass)(struct vta_sram *sram, const struct loop *loop, uint32_t dst,
			uint32_t src, uint32_t wgt);
};

/*
 * Passes: indices are those that the loops add to a micro-op's
 */

static enum npu_error
pass_gemm(struct vta_sram *sram, const struct loop *loop, uint32_t dst, uint32_t src, uint32_t wgt)
{
	const uint32_t *uop;

	for (uop = loop->uops; uop < loop->end; uop++) {
		uint32_t d = dst + VTA_UOP_DST(*uop);

		vta_mac(sram->acc[d], sram->inp[src + VTA_UOP_SRC(*uop)],
				sram->wgt[wgt + VTA_UOP_WGT(*uop)]);
		sram->computed[d] = true;
	}
	return NPU_ERROR_NONE;
}

static enum npu_error
pass_reset(struct vta_sram *sram, const struct loop *loop, uint32_t dst, uint32_t src, uint32_t wgt)
{
	const uint32_t *uop;

	(void)src;
	(void)wgt;
	for (uop = loop->uops; uop < loop->end; uop++) {
		uint32_t d = dst + VTA_UOP_DST(*uop);

		memset(sram->acc[d], 0, sizeof(sram->acc[d]));
		sram->computed[d] = true;
	}
	return NPU_ERROR_NONE;
}

static bool
are_shifts(const int32_t b[VTA_BLOCK])
{
	uint32_t lane, all = 0;

	for (lane = 0; lane < VTA_BLOCK; lane++)
		all |= (uint32_t)b[lane];
	return all < 32;
}

static enum npu_error
compute(uint32_t op, int32_t a[VTA_BLOCK], const int32_t b[VTA_BLOCK])
{
	uint32_t i;

	switch (op) {
	case VTA_ALU_MIN:
		for (i = 0; i < VTA_BLOCK; i++)
			a[i] = a[i] < b[i] ? a[i] : b[i];
		break;
	case VTA_ALU_MAX:
		for (i = 0; i < VTA_BLOCK; i++)
			a[i] = a[i] > b[i] ? a[i] : b[i];
		break;
	case VTA_ALU_ADD:
		for (i = 0; i < VTA_BLOCK; i++)
			a[i] = (int32_t)((uint32_t)a[i] + (uint32_t)b[i]);
		break;
	default:
		if (!are_shifts(b))
			return NPU_ERROR_FLAG;
		for (i = 0; i < VTA_BLOCK; i++)
			a[i] >>= b[i];
	}
	return NPU_ERROR_NONE;
}

static enum npu_error
pass_alu(struct vta_sram *sram, const struct loop *loop, uint32_t dst, uint32_t src, uint32_t wgt)
{
	uint32_t op = VTA_ALU_OPCODE(loop->insn), lane;
	bool use_imm = VTA_USE_IMM(loop->insn) != 0;
	enum npu_error error = NPU_ERROR_NONE;
	int32_t operand[VTA_BLOCK];
	const uint32_t *uop;

	(void)wgt;
	for (lane = 0; lane < VTA_BLOCK; lane++)
		operand[lane] = VTA_IMM(loop->insn);
	for (uop = loop->uops; uop < loop->end && error == NPU_ERROR_NONE; uop++) {
		uint32_t d = dst + VTA_UOP_DST(*uop);

		if (!use_imm)
			memcpy(operand, sram->acc[src + VTA_UOP_SRC(*uop)], sizeof(operand));
		error = compute(op, sram->acc[d], operand);
		sram->computed[d] = true;
	}
	return error;
}

/*
 * Loops
 */

static void
decode(const struct vta_core *core, const struct vta_insn *insn, struct loop *loop)
{
	bool is_gemm = VTA_OPCODE(insn) == VTA_GEMM;

	loop->insn = insn;
	loop->uops = core->sram->uop + VTA_UOP_BGN(insn);
	loop->end = core->sram->uop + VTA_UOP_END(insn);
	loop->nb_out = VTA_ITER_OUT(insn);
	loop->nb_in = VTA_ITER_IN(insn);
	loop->dst_out = VTA_DST_FACTOR_OUT(insn);
	loop->dst_in = VTA_DST_FACTOR_IN(insn);
	loop->src_out = VTA_SRC_FACTOR_OUT(insn);
	loop->src_in = VTA_SRC_FACTOR_IN(insn);
	loop->wgt_out = is_gemm ? VTA_WGT_FACTOR_OUT(insn) : 0;
	loop->wgt_in = is_gemm ? VTA_WGT_FACTOR_IN(insn) : 0;
	loop->pass = !is_gemm ? pass_alu : VTA_RESET(insn) != 0 ? pass_reset : pass_gemm;
}

/* Indices only grow, so those of the last pass tell of all. */
static bool
indices_are_good(const struct loop *loop)
{
	uint32_t out = loop->nb_out - 1, in = loop->nb_in - 1;
	uint32_t dst = out * loop->dst_out + in * loop->dst_in;
	uint32_t src = out * loop->src_out + in * loop->src_in;
	uint32_t wgt = out * loop->wgt_out + in * loop->wgt_in;
	bool is_gemm = loop->pass == pass_gemm;
	bool has_src = is_gemm || (loop->pass == pass_alu && VTA_USE_IMM(loop->insn) == 0);
	const uint32_t *uop;

	for (uop = loop->uops; uop < loop->end; uop++) {
		if (dst + VTA_UOP_DST(*uop) >= VTA_ACC_DEPTH ||
				(has_src && src + VTA_UOP_SRC(*uop) >= VTA_INP_DEPTH) ||
				(is_gemm && wgt + VTA_UOP_WGT(*uop) >= VTA_WGT_DEPTH))
			return false;
	}
	return true;
}

static void
advance(struct vta_core *core, const struct loop *loop)
{
	if (++core->loop.in < loop->nb_in)
		return;
	core->loop.in = 0;
	core->loop.on = ++core->loop.out < loop->nb_out;
}

static enum npu_error
begin(struct vta_core *core, const struct loop *loop, int32_t *units)
{
	if (loop->nb_out == 0 || loop->nb_in == 0 || loop->uops >= loop->end)
		return NPU_ERROR_NONE;
	*units -= (int32_t)(loop->end - loop->uops) / 4;
	if (!indices_are_good(loop))
		return NPU_ERROR_SRAM;
	core->loop.on = true;
	core->loop.out = 0;
	core->loop.in = 0;
	return NPU_ERROR_NONE;
}

enum npu_error
vta_exec_loop(struct vta_core *core, const struct vta_insn *insn, int32_t *units)
{
	enum npu_error error = NPU_ERROR_NONE;
	struct loop loop;

	decode(core, insn, &loop);
	if (!core->loop.on)
		error = begin(core, &loop, units);
	while (core->loop.on && *units > 0 && error == NPU_ERROR_NONE) {
		uint32_t out = core->loop.out, in = core->loop.in;

		error = loop.pass(core->sram, &loop, out * loop.dst_out + in * loop.dst_in,
				out * loop.src_out + in * loop.src_in,
				out * loop.wgt_out + in * loop.wgt_in);
		*units -= (int32_t)(loop.end - loop.uops);
		if (error == NPU_ERROR_NONE) {
			core->acc_writes += (uint32_t)(loop.end - loop.uops);
			advance(core, &loop);
		}
	}
	return error;
}
