/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */

/**
 * @file
 * The model of the NPU, "sim:npu". Key: cores=N, 1 to 16 (default 1).
 *
 * It has what VTA's simulator, HLS and Chisel have in common. What they do differently ends the
 * program:
 * - NPU_ERROR_OPCODE: MUL, LOAD of 8-bit data to ACC.
 * - NPU_ERROR_FLAG: a shift by less than 0 or more than 31, immediate or of a lane; padding of
 *   UOP, WGT and OUT, or of no rows; rows of UOP other than one; tokens from and to a queue that
 *   is not there; reset of an ALU instruction; bits without a name.
 * - NPU_ERROR_SRAM: a STORE of a vector that neither GEMM nor ALU wrote since it was loaded or
 *   the core reset. STORE reads a memory of its own in HLS and Chisel, to which only those two
 *   write.
 *
 * Two differences are let pass, since programs meet them easily: a STORE of what GEMM only reset
 * gives zeros, but something else in HLS; and Chisel forgets tokens of one way beyond 255.
 *
 * What the instruction set leaves open:
 * - The whole program is read and each instruction checked before the first one runs, so of a
 *   program with such an error nothing has run. The queues between fetch and the units have no
 *   end.
 * - One instruction runs at a time: of those at the heads of the queues that have their tokens,
 *   the one that comes first in the program. So a program that lacks tokens runs as it is
 *   written.
 * - There may be as many tokens as there are instructions. Those that are left at the end are
 *   gone at the next launch; memories of the core keep what they hold.
 * - FINISH is the last instruction and there is no other one. A program is done when all queues
 *   are empty. NPU_ERROR_DEADLOCK tells of the instruction that is at the head of a queue and
 *   comes first.
 * - Loops with a count of 0, and micro-ops whose end is not behind their beginning, do nothing.
 *   So does a LOAD or STORE with x_size 0, whatever its other fields say, and one with y_size 0.
 * - Indices are checked for what is accessed: those of a source are not, with an immediate or a
 *   reset. GEMM and ALU check all of them before they begin.
 * - Sums in dram_base wrap as the shifted ones do, at 2^32 bytes; a row that goes on past that
 *   end of the window is NPU_ERROR_DRAM. So is a row that is not mapped; rows before it are
 *   there, and of itself some whole pages may be.
 * - Rows of a STORE to one place are written in order.
 * - A write to CONTROL while a program runs is ignored; else it takes bits 1:0.
 *
 * Cycles: a queue takes its next instruction when the one before is done and its tokens are
 * there. GEMM and ALU take a cycle for each micro-op that they run, at least one; LOAD and STORE
 * 64 and one more for 16 bytes of DRAM; what moves nothing, and FINISH, one. Fetching takes
 * none, and the queues do not wait for each other at the memory. CYCLES has the last queue's
 * end, or where the queues were at an error.
 *
 * Several cores take turns, in steps.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <devmodel/devmodel.h>

#include "npu_regs.h"
#include "vta_core.h"

#define CORE_STRIDE (NPU_CORE(1) - NPU_CORE(0))

struct npu_core {
	struct vta_core vta;
	uint32_t regs[VTA_REGS_END / 4];
	bool running;
};

struct npu {
	struct devmodel *host;
	uint32_t nb_cores;
	uint32_t irq_enable;
	uint32_t irq_cause;
	uint32_t turn;
	struct npu_core cores[];
};

/*
 * Programs
 */

static uint64_t
address(const struct npu_core *core, uint32_t lo)
{
	return core->regs[lo / 4] | (uint64_t)core->regs[lo / 4 + 1] << 32;
}

static void
launch(struct npu *npu, struct npu_core *core)
{
	const struct vta_job job = {
		.insns = address(core, VTA_INSN_LO),
		.count = core->regs[VTA_INSN_COUNT / 4],
		.base = {
			[VTA_MEM_UOP] = address(core, VTA_UOP_LO),
			[VTA_MEM_INP] = address(core, VTA_INP_LO),
			[VTA_MEM_WGT] = address(core, VTA_WGT_LO),
			[VTA_MEM_ACC] = address(core, VTA_ACC_LO),
			[VTA_MEM_OUT] = address(core, VTA_OUT_LO),
		},
	};

	vta_core_launch(&core->vta, &job);
	core->running = true;
	devmodel_kick(npu->host);
}

static void
finish(struct npu *npu, uint32_t n)
{
	struct npu_core *core = &npu->cores[n];

	core->running = false;
	core->regs[VTA_CONTROL / 4] = VTA_CONTROL_FINISH;
	core->regs[VTA_CYCLES / 4] = (uint32_t)core->vta.cycles;
	core->regs[VTA_ACC_WRITES / 4] = core->vta.acc_writes;
	npu->irq_cause |= 1u << n;
	if ((npu->irq_enable & 1u << n) != 0)
		devmodel_irq(npu->host, n);
}

static bool
is_running(const struct npu *npu)
{
	uint32_t n;

	for (n = 0; n < npu->nb_cores; n++) {
		if (npu->cores[n].running)
			return true;
	}
	return false;
}

static bool
npu_step(void *priv)
{
	struct npu *npu = priv;
	uint32_t i, n;

	for (i = 0; i < npu->nb_cores; i++) {
		n = npu->turn++ % npu->nb_cores;
		if (!npu->cores[n].running)
			continue;
		if (!vta_core_step(&npu->cores[n].vta))
			finish(npu, n);
		break;
	}
	return is_running(npu);
}

static void
reset_core(struct npu *npu, uint32_t n)
{
	struct npu_core *core = &npu->cores[n];

	vta_core_reset(&core->vta);
	memset(core->regs, 0, sizeof(core->regs));
	core->running = false;
	npu->irq_cause &= ~(1u << n);
}

/*
 * Registers
 */

/* The register of a core; NULL when there is none. */
static uint32_t *
core_reg(struct npu *npu, uint64_t off, struct npu_core **core)
{
	uint64_t n = (off - NPU_CORE(0)) / CORE_STRIDE, reg = (off - NPU_CORE(0)) % CORE_STRIDE;

	if (off < NPU_CORE(0) || n >= npu->nb_cores || reg >= VTA_REGS_END)
		return NULL;
	*core = &npu->cores[n];
	return &npu->cores[n].regs[reg / 4];
}

static uint32_t
read_errors(const struct npu *npu, uint64_t off)
{
	uint64_t n = (off - NPU_ERROR(0)) / 4 % NPU_MAX_CORES;

	if (off < NPU_ERROR(0) || off >= NPU_ERROR_INSN(NPU_MAX_CORES) || n >= npu->nb_cores ||
			npu->cores[n].running)
		return 0;
	return off < NPU_ERROR_INSN(0) ? npu->cores[n].vta.error : npu->cores[n].vta.error_insn;
}

static uint32_t
read_shell(const struct npu *npu, uint64_t off)
{
	switch (off) {
	case NPU_ID:
		return NPU_ID_VALUE;
	case NPU_VERSION:
		return NPU_VERSION_VALUE;
	case NPU_CORES:
		return npu->nb_cores;
	case NPU_ISA:
		return VTA_HW_VERSION;
	case NPU_WIDTHS:
		return VTA_LOG_INP_WIDTH | VTA_LOG_WGT_WIDTH << 4 | VTA_LOG_ACC_WIDTH << 8 |
				VTA_LOG_BATCH << 12 | VTA_LOG_BLOCK << 16;
	case NPU_BUFFERS:
		return VTA_LOG_UOP_BUF | VTA_LOG_INP_BUF << 8 | VTA_LOG_WGT_BUF << 16 |
				VTA_LOG_ACC_BUF << 24;
	case NPU_IRQ_ENABLE:
		return npu->irq_enable;
	case NPU_IRQ_CAUSE:
		return npu->irq_cause;
	default:
		return read_errors(npu, off);
	}
}

static int
npu_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	struct npu_core *core;
	const uint32_t *reg = core_reg(priv, off, &core);
	uint32_t value = reg != NULL ? *reg : read_shell(priv, off);

	(void)bar;
	if (len != sizeof(value))
		return -EINVAL;
	memcpy(data, &value, sizeof(value));
	return 0;
}

static void
write_control(struct npu *npu, struct npu_core *core, uint32_t value)
{
	if (core->running)
		return;
	core->regs[VTA_CONTROL / 4] = value & (VTA_CONTROL_LAUNCH | VTA_CONTROL_FINISH);
	if ((value & VTA_CONTROL_LAUNCH) == 0)
		return;
	core->regs[VTA_CONTROL / 4] = VTA_CONTROL_LAUNCH;
	launch(npu, core);
}

static void
enable_irqs(struct npu *npu, uint32_t value)
{
	uint32_t n, pending = value & ~npu->irq_enable & npu->irq_cause;

	npu->irq_enable = value & ((1u << npu->nb_cores) - 1);
	for (n = 0; n < npu->nb_cores; n++) {
		if ((pending & 1u << n) != 0)
			devmodel_irq(npu->host, n);
	}
}

static void
reset_cores(struct npu *npu, uint32_t bits)
{
	uint32_t n;

	for (n = 0; n < npu->nb_cores; n++) {
		if ((bits & 1u << n) != 0)
			reset_core(npu, n);
	}
}

static void
write_shell(struct npu *npu, uint64_t off, uint32_t value)
{
	switch (off) {
	case NPU_IRQ_ENABLE:
		enable_irqs(npu, value);
		break;
	case NPU_IRQ_CAUSE:
		npu->irq_cause &= ~value;
		break;
	case NPU_RESET:
		reset_cores(npu, value);
		break;
	default:
		break;
	}
}

static int
npu_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct npu *npu = priv;
	struct npu_core *core;
	uint32_t *reg = core_reg(npu, off, &core), value;

	(void)bar;
	if (len != sizeof(value))
		return -EINVAL;
	memcpy(&value, data, sizeof(value));
	if (reg == NULL)
		write_shell(npu, off, value);
	else if (reg == &core->regs[VTA_CONTROL / 4])
		write_control(npu, core, value);
	else
		*reg = value;
	return 0;
}

/*
 * Life
 */

static void
npu_reset(void *priv)
{
	struct npu *npu = priv;

	reset_cores(npu, UINT32_MAX);
	npu->irq_enable = 0;
	npu->turn = 0;
}

static void
npu_destroy(void *priv)
{
	struct npu *npu = priv;
	uint32_t n;

	for (n = 0; n < npu->nb_cores; n++)
		vta_core_fini(&npu->cores[n].vta);
	free(npu);
}

static int
dma_read(void *ctx, uint64_t addr, void *data, uint32_t len)
{
	return devmodel_dma_read(ctx, addr, data, len);
}

static int
dma_write(void *ctx, uint64_t addr, const void *data, uint32_t len)
{
	return devmodel_dma_write(ctx, addr, data, len);
}

static int
npu_create(struct devmodel *host, void **priv)
{
	const struct vta_dma dma = { .read = dma_read, .write = dma_write, .ctx = host };
	unsigned int nb_cores = 1;
	struct npu *npu;

	if (devmodel_arg_number(host, "cores", 1, NPU_MAX_CORES, &nb_cores) != 0)
		return -EINVAL;
	npu = calloc(1, sizeof(*npu) + nb_cores * sizeof(npu->cores[0]));
	if (npu == NULL)
		return -ENOMEM;
	npu->host = host;
	for (; npu->nb_cores < nb_cores; npu->nb_cores++) {
		if (vta_core_init(&npu->cores[npu->nb_cores].vta, &dma) != 0) {
			npu_destroy(npu);
			return -ENOMEM;
		}
	}
	*priv = npu;
	return 0;
}

static const char *const npu_keys[] = { "cores", NULL };

static struct devmodel_type npu_model = {
	.abi = DEVMODEL_ABI,
	.name = "npu",
	.id = { .vendor = NPU_VENDOR, .device = NPU_DEVICE, .class_code = 0x120000 },
	.bar_size = { NPU_BAR_SIZE },
	.nb_msix = NPU_MAX_CORES,
	.has_reset = true,
	.keys = npu_keys,
	.create = npu_create,
	.destroy = npu_destroy,
	.read = npu_read,
	.write = npu_write,
	.step = npu_step,
	.reset = npu_reset,
};

DEVMODEL_REGISTER(npu_model)
