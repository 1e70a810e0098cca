/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "dfl.h"

#include <errno.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_io.h>

#include "he_lb_regs.h"
#include "nlb_regs.h"

#define LINE     64
#define REGS_LEN 0x188 /* of both engines */
#define LOOK_US  20
/* NLB takes 64 times as much; so a start ends in good time, and a stop comes in between. */
#define NLB_MOST (UINT64_C(1) << 20)

_Static_assert((int)NLB_STATUS1 == (int)HE_STATUS1, "a register that both engines have");

/*
 * NLB
 */

static void
nlb_start(const struct accel_region *bar, uint64_t regs, uint64_t dsm, uint64_t src, uint64_t dst,
		uint64_t len)
{
	accel_mmio_write64(bar, regs + NLB_DSM_BASE, dsm);
	accel_mmio_write32(bar, regs + NLB_CTL, 0);
	accel_mmio_write32(bar, regs + NLB_CTL, NLB_CTL_RUN);
	accel_mmio_write64(bar, regs + NLB_SRC_ADDR, src / NLB_LINE);
	accel_mmio_write64(bar, regs + NLB_DST_ADDR, dst / NLB_LINE);
	accel_mmio_write32(bar, regs + NLB_NUM_LINES, (uint32_t)(len / NLB_LINE));
	accel_mmio_write32(bar, regs + NLB_CFG, NLB_MODE_LPBK1);
	accel_mmio_write32(bar, regs + NLB_CTL, NLB_CTL_RUN | NLB_CTL_START);
}

static void
nlb_stop(const struct accel_region *bar, uint64_t regs)
{
	accel_mmio_write32(bar, regs + NLB_CTL, 0);
	(void)accel_mmio_read32(bar, regs + NLB_CTL); /* it is in reset once this has come back */
}

/*
 * HE-LB
 */

/* On a wider bus its addresses and lines are others. */
static bool
he_lb_check(const struct accel_region *bar, uint64_t regs)
{
	uint64_t info = accel_mmio_read64(bar, regs + HE_INFO0);

	return HE_INFO_VERSION(info) < 3 || HE_INFO_BUS_BYTES(info) == HE_LINE;
}

static void
he_lb_start(const struct accel_region *bar, uint64_t regs, uint64_t dsm, uint64_t src, uint64_t dst,
		uint64_t len)
{
	accel_mmio_write32(bar, regs + HE_CTL, 0);
	accel_mmio_write32(bar, regs + HE_CTL, HE_CTL_RUN);
	accel_mmio_write64(bar, regs + HE_SRC_ADDR, src / HE_LINE);
	accel_mmio_write64(bar, regs + HE_DST_ADDR, dst / HE_LINE);
	accel_mmio_write32(bar, regs + HE_DSM_BASEL, (uint32_t)(dsm / HE_LINE));
	accel_mmio_write32(bar, regs + HE_DSM_BASEH, (uint32_t)(dsm / HE_LINE >> 32));
	accel_mmio_write64(bar, regs + HE_NUM_LINES, len / HE_LINE - 1);
	accel_mmio_write64(bar, regs + HE_CFG, HE_MODE_LPBK);
	accel_mmio_write32(bar, regs + HE_CTL, HE_CTL_RUN | HE_CTL_START);
}

static void
he_lb_stop(const struct accel_region *bar, uint64_t regs)
{
	accel_mmio_write32(bar, regs + HE_CTL, 0);
	(void)accel_mmio_read32(bar, regs + HE_CTL);
}

static const struct dfl_engine engines[] = {
	{ "nlb", NLB_GUID_H, NLB_GUID_L, NLB_MOST, NLB_DSM_STATUS, NULL, nlb_start, nlb_stop },
	{ "he-lb", HE_LB_GUID_H, HE_LB_GUID_L, HE_MAX_LINES * HE_LINE, 0, he_lb_check, he_lb_start,
		he_lb_stop },
};

static uint64_t
big_endian(const uint8_t *from)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | from[i];
	return value;
}

const struct dfl_engine *
dfl_engine_find(const struct accel_region *bar, const struct accel_afu_info *afu)
{
	uint64_t h = big_endian(afu->guid), l = big_endian(afu->guid + 8);
	size_t i;

	for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		const struct dfl_engine *engine = &engines[i];

		if (engine->guid_h == h && engine->guid_l == l && afu->size >= REGS_LEN &&
				(engine->check == NULL || engine->check(bar, afu->offset)))
			return engine;
	}
	return NULL;
}

void
dfl_engine_stop(struct dfl_dev *dfl)
{
	dfl->engine->stop(&dfl->bar, dfl->regs);
}

/*
 * Ops
 */

/* The engine does not tell that an address was wrong, it may stop for good: look before. */
static enum accel_status
check_address(const struct dfl_dev *dfl, uint16_t space, uint64_t addr, uint64_t len,
		unsigned int access)
{
	void *va;
	int ret;

	if (space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_BAD_ADDRESS;
	ret = accel_dma_translate(dfl->dev, addr, len, access, &va);
	return ret == 0 ? ACCEL_STATUS_SUCCESS : accel_dma_status(ret);
}

static enum accel_status
check_op(const struct dfl_dev *dfl, const struct accel_op *op)
{
	enum accel_status status;

	/* A fence asks for nothing: ops run one after the other. */
	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL ||
			((op->src | op->dst) & (LINE - 1)) != 0)
		return ACCEL_STATUS_INVALID;
	if (op->len == 0 || op->len % LINE != 0 || op->len > DFL_MAX_OP_LEN)
		return ACCEL_STATUS_LENGTH;
	status = check_address(dfl, op->src_space, op->src, op->len, ACCEL_DMA_READ);
	if (status == ACCEL_STATUS_SUCCESS)
		status = check_address(dfl, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE);
	return status;
}

static uint32_t *
status_line(const struct dfl_dev *dfl)
{
	return (uint32_t *)((char *)dfl->dsm->va + dfl->engine->status);
}

static uint64_t
distance(const struct accel_op *op)
{
	return op->dst > op->src ? op->dst - op->src : op->src - op->dst;
}

/*
 * The engine reads ahead of what it writes: where both overlap, no start has more
 * than their distance.
 */
static uint64_t
chunk_len(const struct dfl_dev *dfl, const struct dfl_qp *qp, const struct accel_op *op)
{
	uint64_t len = op->len - qp->at, apart = distance(op);

	if (len > dfl->engine->chunk)
		len = dfl->engine->chunk;
	return apart != 0 && apart < len ? apart : len;
}

/* Offset of the next chunk: from the end on where the other way would overwrite the source. */
static uint64_t
chunk_at(const struct dfl_qp *qp, const struct accel_op *op, uint64_t len)
{
	bool backwards = op->dst > op->src && op->dst - op->src < op->len;

	return backwards ? op->len - qp->at - len : qp->at;
}

static void
go_on(struct dfl_dev *dfl, struct dfl_qp *qp, const struct accel_op *op)
{
	uint64_t len = chunk_len(dfl, qp, op), at = chunk_at(qp, op, len);

	memset(status_line(dfl), 0, LINE);
	rte_io_wmb();
	accel_qp_count(&dfl->transfers, 1);
	qp->started = rte_rdtsc();
	dfl->engine->start(&dfl->bar, dfl->regs, dfl->dsm->iova, op->src + at, op->dst + at, len);
}

static void
finish(struct dfl_qp *qp, enum accel_status status)
{
	accel_ring_finish(&qp->ring, status);
	qp->running = false;
	qp->at = 0;
}

static bool
begin(struct dfl_dev *dfl, struct dfl_qp *qp, const struct accel_op *op)
{
	enum accel_status status = check_op(dfl, op);

	if (status == ACCEL_STATUS_SUCCESS && accel_ring_is_late(&qp->ring))
		status = ACCEL_STATUS_DEADLINE;
	if (status != ACCEL_STATUS_SUCCESS) {
		finish(qp, status);
		return true;
	}
	qp->running = true;
	go_on(dfl, qp, op);
	return false;
}

static bool
is_ready(const struct dfl_dev *dfl)
{
	return accel_dev_health_get(dfl->dev) == ACCEL_DEV_READY;
}

/*
 * Completion comes from memory. Where nobody looks at a register, though, a device model with
 * async=access does no work.
 */
static void
look_at_register(struct dfl_dev *dfl, struct dfl_qp *qp)
{
	uint64_t now = rte_rdtsc();

	if (now < qp->next_look)
		return;
	(void)accel_mmio_read64(&dfl->bar, dfl->regs + NLB_STATUS1);
	qp->next_look = now + LOOK_US * rte_get_tsc_hz() / 1000000;
}

/* The engine has not written its status. */
static bool
check_deadline(struct dfl_dev *dfl, struct dfl_qp *qp)
{
	look_at_register(dfl, qp);
	if (!accel_tsc_passed(qp->started, dfl->deadline_cycles) || !is_ready(dfl))
		return false;
	ACCEL_DEV_LOG(ERR, dfl->dev, "does not finish a copy");
	accel_dev_report_error(dfl->dev);
	dfl_engine_stop(dfl);
	finish(qp, ACCEL_STATUS_DEADLINE);
	return true;
}

/* The engine has done a chunk: true when that was the end of the op. */
static bool
advance(struct dfl_dev *dfl, struct dfl_qp *qp, const struct accel_op *op)
{
	qp->at += chunk_len(dfl, qp, op);
	if (qp->at == op->len) {
		finish(qp, ACCEL_STATUS_SUCCESS);
		return true;
	}
	/* Perhaps nobody looked: the engine is not to blame. */
	if (accel_ring_is_late(&qp->ring)) {
		finish(qp, ACCEL_STATUS_DEADLINE);
		return true;
	}
	go_on(dfl, qp, op);
	return false;
}

/* Let the engine do what it can without waiting: true when an op was finished. */
static bool
work(struct dfl_dev *dfl, struct dfl_qp *qp)
{
	const struct accel_op *op = accel_ring_next(&qp->ring);
	const uint32_t *line;

	if (op == NULL)
		return false;
	if (!qp->running)
		return is_ready(dfl) && begin(dfl, qp, op);
	line = status_line(dfl);
	if ((__atomic_load_n(&line[0], __ATOMIC_ACQUIRE) & 1) == 0)
		return check_deadline(dfl, qp);
	if (!is_ready(dfl)) /* it is aborted next */
		return false;
	if (line[1] != 0) {
		finish(qp, ACCEL_STATUS_DEVICE_ERROR);
		return true;
	}
	return advance(dfl, qp, op);
}

/*
 * Bursts
 */

uint16_t
dfl_enqueue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct dfl_qp *qp = (struct dfl_qp *)common;
	uint16_t taken = accel_ring_enqueue(&qp->ring, ops, n);

	work(qp->ring.dev->priv, qp);
	return taken;
}

uint16_t
dfl_dequeue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct dfl_qp *qp = (struct dfl_qp *)common;

	while (work(qp->ring.dev->priv, qp))
		;
	return accel_ring_dequeue(common, ops, n);
}

void
dfl_abort(struct accel_dev *dev, struct accel_qp *common, enum accel_status status)
{
	struct dfl_qp *qp = (struct dfl_qp *)common;

	(void)dev;
	while (accel_ring_next(&qp->ring) != NULL)
		finish(qp, status);
}
