/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "edu.h"

#include <errno.h>

#include <rte_cycles.h>

/*
 * The engine
 */

bool
edu_engine_busy(const struct edu_dev *edu)
{
	return (accel_mmio_read32(&edu->bar, EDU_DMA_CMD) & EDU_DMA_START) != 0;
}

static void
start_transfer(struct edu_dev *edu, uint64_t src, uint64_t dst, uint64_t len, uint32_t cmd)
{
	accel_mmio_write64(&edu->bar, EDU_DMA_SRC, src);
	accel_mmio_write64(&edu->bar, EDU_DMA_DST, dst);
	accel_mmio_write64(&edu->bar, EDU_DMA_COUNT, len);
	accel_mmio_write32(&edu->bar, EDU_DMA_CMD, cmd | EDU_DMA_START);
	accel_qp_count((cmd & EDU_DMA_TO_HOST) != 0 ? &edu->to_host : &edu->to_device, 1);
}

/*
 * Ops
 */

static bool
in_bank(uint64_t addr, uint64_t len)
{
	return addr >= EDU_BUF_BASE && addr < EDU_STATION && len <= EDU_STATION - addr;
}

/* Host memory is checked here too: this device does not tell that a transfer failed. */
static enum accel_status
check_side(const struct edu_dev *edu, uint16_t space, uint64_t addr, uint64_t len,
		unsigned int access)
{
	void *va;
	int ret;

	if (space == ACCEL_SPACE_BANK(0))
		return in_bank(addr, len) ? ACCEL_STATUS_SUCCESS : ACCEL_STATUS_BAD_ADDRESS;
	if (space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_BAD_ADDRESS;
	ret = accel_dma_translate(edu->dev, addr, len, access, &va);
	return ret == 0 ? ACCEL_STATUS_SUCCESS : accel_dma_status(ret);
}

static enum accel_status
check_op(const struct edu_dev *edu, const struct accel_op *op)
{
	enum accel_status status;

	/* A fence asks for nothing: ops run one after the other. */
	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL ||
			(op->src_space != ACCEL_SPACE_HOST && op->dst_space != ACCEL_SPACE_HOST))
		return ACCEL_STATUS_INVALID;
	if (op->len == 0 || op->len > EDU_MAX_OP_LEN)
		return ACCEL_STATUS_LENGTH;
	status = check_side(edu, op->src_space, op->src, op->len, ACCEL_DMA_READ);
	if (status == ACCEL_STATUS_SUCCESS)
		status = check_side(edu, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE);
	return status;
}

static uint64_t
chunk_len(const struct edu_qp *qp, const struct accel_op *op)
{
	uint64_t left = op->len - qp->at;

	return left < EDU_CHUNK ? left : EDU_CHUNK;
}

/* Begin the next transfer of the op that is worked on. */
static void
go_on(struct edu_qp *qp, const struct accel_op *op)
{
	uint64_t len = chunk_len(qp, op);
	uint64_t src = op->src + qp->at, dst = op->dst + qp->at;

	qp->started = rte_rdtsc();
	if (op->src_space != ACCEL_SPACE_HOST)
		qp->outward = true;
	if (qp->outward)
		start_transfer(qp->edu, op->src_space == ACCEL_SPACE_HOST ? EDU_STATION : src, dst, len,
				EDU_DMA_TO_HOST);
	else
		start_transfer(qp->edu, src, op->dst_space == ACCEL_SPACE_HOST ? EDU_STATION : dst, len,
				0);
}

/* A transfer has ended: true when that was the op's last. */
static bool
advance(struct edu_qp *qp, const struct accel_op *op)
{
	if (!qp->outward && op->dst_space == ACCEL_SPACE_HOST) {
		qp->outward = true; /* the other half of the way */
		return false;
	}
	qp->at += chunk_len(qp, op);
	qp->outward = false;
	return qp->at == op->len;
}

static void
finish(struct edu_qp *qp, enum accel_status status)
{
	accel_ring_finish(&qp->ring, status);
	qp->running = false;
	qp->outward = false;
	qp->at = 0;
}

static void
give_up(struct edu_qp *qp)
{
	ACCEL_DEV_LOG(ERR, qp->edu->dev, "has a transfer that does not end");
	accel_dev_report_error(qp->edu->dev);
	finish(qp, ACCEL_STATUS_DEADLINE);
}

/* Begin an op: true when it was finished at once. */
static bool
begin(struct edu_qp *qp, const struct accel_op *op)
{
	enum accel_status status = check_op(qp->edu, op);

	if (status == ACCEL_STATUS_SUCCESS && accel_ring_is_late(&qp->ring))
		status = ACCEL_STATUS_DEADLINE;
	if (status != ACCEL_STATUS_SUCCESS) {
		finish(qp, status);
		return true;
	}
	qp->running = true;
	go_on(qp, op);
	return false;
}

static bool
is_ready(const struct edu_qp *qp)
{
	return accel_dev_health_get(qp->edu->dev) == ACCEL_DEV_READY;
}

/* Let the engine do what it can without waiting: true when an op was finished. */
static bool
work(struct edu_qp *qp)
{
	const struct accel_op *op = accel_ring_next(&qp->ring);

	if (op == NULL)
		return false;
	if (!qp->running)
		return is_ready(qp) && begin(qp, op);
	if (edu_engine_busy(qp->edu)) {
		if (!accel_tsc_passed(qp->started, qp->edu->deadline_cycles) || !is_ready(qp))
			return false;
		give_up(qp);
		return true;
	}
	if (!is_ready(qp)) /* after the engine: what it did was whole only if this is true */
		return false;
	if (advance(qp, op)) {
		finish(qp, ACCEL_STATUS_SUCCESS);
		return true;
	}
	/* Perhaps nobody looked: the engine is not to blame. */
	if (accel_ring_is_late(&qp->ring)) {
		finish(qp, ACCEL_STATUS_DEADLINE);
		return true;
	}
	go_on(qp, op);
	return false;
}

/*
 * Bursts
 */

uint16_t
edu_enqueue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct edu_qp *qp = (struct edu_qp *)common;
	uint16_t taken = accel_ring_enqueue(&qp->ring, ops, n);

	work(qp);
	return taken;
}

uint16_t
edu_dequeue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	while (work((struct edu_qp *)common))
		;
	return accel_ring_dequeue(common, ops, n);
}

void
edu_abort(struct accel_dev *dev, struct accel_qp *common, enum accel_status status)
{
	struct edu_qp *qp = (struct edu_qp *)common;

	(void)dev;
	while (accel_ring_next(&qp->ring) != NULL)
		finish(qp, status);
}
