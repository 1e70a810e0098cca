/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu.h"

#include <string.h>

#include <rte_cycles.h>
#include <rte_io.h>

/*
 * Copies and fills, by the processor
 */

/* How many bytes from an address lie in one piece of memory of the host: 0 when none. */
static uint64_t
reach(const struct npu_dev *npu, uint64_t iova, uint64_t len, unsigned int access, void **va)
{
	static const uint64_t page = 4096;

	if (accel_dma_translate(npu->dev, iova, len, access, va) == 0)
		return len;
	len = page - iova % page < len ? page - iova % page : len;
	return accel_dma_translate(npu->dev, iova, len, access, va) == 0 ? len : 0;
}

/* All of it first: an op that is refused has changed nothing. */
static enum accel_status
check(const struct npu_dev *npu, uint64_t iova, uint64_t len, unsigned int access)
{
	uint64_t done, piece;
	void *va;

	for (done = 0; done < len; done += piece) {
		piece = reach(npu, iova + done, len - done, access, &va);
		if (piece == 0)
			return accel_dma_status(accel_dma_translate(npu->dev, iova + done, 1,
					access, &va));
	}
	return ACCEL_STATUS_SUCCESS;
}

/* Overlapping memory that is not in one piece is copied as pieces are. */
static enum accel_status
copy(const struct npu_dev *npu, const struct accel_op *op)
{
	enum accel_status status = check(npu, op->src, op->len, ACCEL_DMA_READ);
	uint64_t done, len, piece;
	void *src, *dst;

	if (status == ACCEL_STATUS_SUCCESS)
		status = check(npu, op->dst, op->len, ACCEL_DMA_WRITE);
	for (done = 0; done < op->len && status == ACCEL_STATUS_SUCCESS; done += len) {
		piece = reach(npu, op->src + done, op->len - done, ACCEL_DMA_READ, &src);
		len = piece == 0 ? 0 : reach(npu, op->dst + done, piece, ACCEL_DMA_WRITE, &dst);
		if (len == 0) /* it went meanwhile */
			return ACCEL_STATUS_BAD_ADDRESS;
		memmove(dst, src, len);
	}
	return status;
}

static enum accel_status
fill(const struct npu_dev *npu, const struct accel_op *op)
{
	enum accel_status status = check(npu, op->dst, op->len, ACCEL_DMA_WRITE);
	unsigned char bytes[sizeof(op->pattern)];
	uint64_t done, len, i;
	void *dst;

	memcpy(bytes, &op->pattern, sizeof(bytes));
	for (done = 0; done < op->len && status == ACCEL_STATUS_SUCCESS; done += len) {
		len = reach(npu, op->dst + done, op->len - done, ACCEL_DMA_WRITE, &dst);
		if (len == 0)
			return ACCEL_STATUS_BAD_ADDRESS;
		for (i = 0; i < len; i++)
			((unsigned char *)dst)[i] = bytes[(done + i) % sizeof(bytes)];
	}
	return status;
}

static enum accel_status
move(const struct npu_dev *npu, const struct accel_op *op)
{
	if (op->ext != NULL || op->dst_space != ACCEL_SPACE_HOST ||
			(op->type == ACCEL_OP_COPY && op->src_space != ACCEL_SPACE_HOST))
		return op->ext != NULL ? ACCEL_STATUS_INVALID : ACCEL_STATUS_BAD_ADDRESS;
	if (op->len == 0 || op->len > UINT32_MAX)
		return ACCEL_STATUS_LENGTH;
	return op->type == ACCEL_OP_COPY ? copy(npu, op) : fill(npu, op);
}

/*
 * Runs
 */

static uint64_t
core_reg(const struct npu_qp *qp, unsigned int reg)
{
	return NPU_CORE(qp->core) + reg;
}

static void
launch(struct npu_qp *qp, const struct accel_op *op)
{
	const struct accel_instance *instance = op->ext;
	const struct npu_run *run = instance->priv;
	const struct accel_region *bar = &qp->npu->bar;

	accel_mmio_write32(bar, core_reg(qp, VTA_INSN_COUNT), run->nb_insns);
	accel_mmio_write32(bar, core_reg(qp, VTA_INSN_LO), (uint32_t)run->insns);
	accel_mmio_write32(bar, core_reg(qp, VTA_INSN_HI), (uint32_t)(run->insns >> 32));
	rte_io_wmb(); /* what the host has written before the op */
	accel_mmio_write32(bar, core_reg(qp, VTA_CONTROL), VTA_CONTROL_LAUNCH);
	qp->running = true;
	qp->launched = rte_rdtsc();
}

/* Whether the op that runs is to be given up. Nobody who has set no deadline counts its waiting. */
static bool
is_late(const struct npu_qp *qp)
{
	return accel_ring_is_late(&qp->ring) ||
			accel_tsc_passed(qp->launched, qp->npu->deadline_cycles);
}

static const char *
error_words(uint32_t error)
{
	switch (error) {
	case NPU_ERROR_OPCODE:
		return "an opcode, memory or operation that is none";
	case NPU_ERROR_SRAM:
		return "outside a memory of the core, or a store of what was not computed";
	case NPU_ERROR_DRAM:
		return "no memory behind an address, or not for this access";
	case NPU_ERROR_FLAG:
		return "a flag, field or shift that cores do not agree on";
	case NPU_ERROR_DEADLOCK:
		return "no queue can go on, or FINISH is not the last instruction";
	case NPU_ERROR_FETCH:
		return "instructions that cannot be read";
	default:
		return "unknown to this driver";
	}
}

static enum accel_status
result(const struct npu_qp *qp, uint32_t error)
{
	const struct npu_dev *npu = qp->npu;

	if (error == NPU_ERROR_NONE)
		return ACCEL_STATUS_SUCCESS;
	ACCEL_DEV_LOG(ERR, npu->dev, "core %u: instruction %u ended the program with error %u: %s",
			qp->core, accel_mmio_read32(&npu->bar, NPU_ERROR_INSN(qp->core)), error,
			error_words(error));
	return error == NPU_ERROR_DRAM || error == NPU_ERROR_FETCH ? ACCEL_STATUS_BAD_ADDRESS :
			ACCEL_STATUS_DEVICE_ERROR;
}

static void
finish_run(struct npu_qp *qp, const struct accel_op *op, enum accel_status status, uint64_t cycles)
{
	accel_run_end(op->ext, status, cycles);
	accel_ring_finish(&qp->ring, status);
	qp->running = false;
}

/* False when the device has gone: its registers read all ones before its health says so. */
static bool
end_run(struct npu_qp *qp, const struct accel_op *op)
{
	struct npu_dev *npu = qp->npu;
	uint32_t cycles = accel_mmio_read32(&npu->bar, core_reg(qp, VTA_CYCLES));
	uint32_t error = accel_mmio_read32(&npu->bar, NPU_ERROR(qp->core));

	if (error == UINT32_MAX)
		return false;
	rte_io_rmb();
	__atomic_add_fetch(&npu->runs, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&npu->cycles, cycles, __ATOMIC_RELAXED);
	accel_mmio_write32(&npu->bar, NPU_IRQ_CAUSE, 1u << qp->core);
	finish_run(qp, op, result(qp, error), cycles);
	return true;
}

/* A core whose program did not end, or is not wanted any more. */
static void
break_off(struct npu_qp *qp, const struct accel_op *op, enum accel_status status)
{
	struct npu_dev *npu = qp->npu;

	__atomic_add_fetch(&npu->resets, 1, __ATOMIC_RELAXED);
	if (npu_core_reset(npu, qp->core) != 0)
		accel_dev_report_error(npu->dev);
	npu_core_begin(npu, qp->core);
	finish_run(qp, op, status, 0);
}

static bool
is_ready(const struct npu_qp *qp)
{
	return accel_dev_health_get(qp->npu->dev) == ACCEL_DEV_READY;
}

/* True when the program has ended, well or not. */
static bool
watch_run(struct npu_qp *qp, const struct accel_op *op)
{
	uint32_t control = accel_mmio_read32(&qp->npu->bar, core_reg(qp, VTA_CONTROL));

	if (!is_ready(qp)) /* what was read then means nothing */
		return false;
	if ((control & VTA_CONTROL_FINISH) != 0 && end_run(qp, op))
		return true;
	if (accel_run_cancelled(op->ext))
		break_off(qp, op, ACCEL_STATUS_ABORTED);
	else if (is_late(qp))
		break_off(qp, op, ACCEL_STATUS_DEADLINE);
	else
		return false;
	return true;
}

/* Do an op whose turn it is, or as much as comes before a launch. */
static enum accel_status
turn(struct npu_qp *qp, const struct accel_op *op)
{
	if (op->type == ACCEL_OP_RUN && accel_run_cancelled(op->ext))
		return ACCEL_STATUS_ABORTED;
	if (accel_ring_is_late(&qp->ring))
		return ACCEL_STATUS_DEADLINE;
	return op->type == ACCEL_OP_RUN ? ACCEL_STATUS_SUCCESS : move(qp->npu, op);
}

/* Begin an op: true when it was finished at once. */
static bool
begin(struct npu_qp *qp, struct accel_op *op)
{
	enum accel_status status = (enum accel_status)op->status;

	if (status != ACCEL_STATUS_SUCCESS) {
		accel_ring_finish(&qp->ring, status);
		return true;
	}
	status = turn(qp, op);
	if (op->type != ACCEL_OP_RUN) {
		accel_ring_finish(&qp->ring, status);
		return true;
	}
	if (status != ACCEL_STATUS_SUCCESS) {
		finish_run(qp, op, status, 0);
		return true;
	}
	launch(qp, op);
	return false;
}

/* Go on without waiting: true when an op was finished. */
static bool
work(struct npu_qp *qp)
{
	struct accel_op *op = accel_ring_next(&qp->ring);

	if (op == NULL)
		return false;
	if (qp->running)
		return watch_run(qp, op);
	return is_ready(qp) && begin(qp, op);
}

/*
 * Bursts
 */

/* The instance of a run is in flight from here on. A fence asks for nothing: ops run one by one. */
static enum accel_status
admit(const struct npu_qp *qp, const struct accel_op *op)
{
	if ((op->flags & ~ACCEL_OP_FENCE) != 0 || op->reserved0 != 0)
		return ACCEL_STATUS_INVALID;
	if (op->type != ACCEL_OP_RUN)
		return op->type == ACCEL_OP_COPY || op->type == ACCEL_OP_FILL ? ACCEL_STATUS_SUCCESS :
				ACCEL_STATUS_INVALID;
	if (op->len != 0)
		return ACCEL_STATUS_LENGTH;
	if ((op->src | op->dst | op->src_space | op->dst_space | op->reserved[0] |
			op->reserved[1]) != 0)
		return ACCEL_STATUS_INVALID;
	return accel_run_begin(qp->npu->dev, op) != NULL ? ACCEL_STATUS_SUCCESS : ACCEL_STATUS_INVALID;
}

uint16_t
npu_enqueue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct npu_qp *qp = (struct npu_qp *)common;
	uint16_t i, taken = accel_ring_enqueue(&qp->ring, ops, n);

	for (i = 0; i < taken; i++)
		ops[i]->status = (uint8_t)admit(qp, ops[i]);
	/* Up to a run, whose interrupt may be awaited. */
	while (!qp->running && work(qp))
		;
	return taken;
}

uint16_t
npu_dequeue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	while (work((struct npu_qp *)common))
		;
	return accel_ring_dequeue(common, ops, n);
}

void
npu_abort(struct accel_dev *dev, struct accel_qp *common, enum accel_status status)
{
	struct npu_qp *qp = (struct npu_qp *)common;
	struct accel_op *op;

	(void)dev;
	while ((op = accel_ring_next(&qp->ring)) != NULL) {
		if (op->type == ACCEL_OP_RUN && op->status == ACCEL_STATUS_SUCCESS)
			finish_run(qp, op, status, 0);
		else
			accel_ring_finish(&qp->ring, status);
	}
}
