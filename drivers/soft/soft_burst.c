/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "soft.h"

#include <errno.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_cycles.h>
#include <rte_memcpy.h>

/*
 * Execution
 */

static int
bank_va(const struct soft_dev *soft, uint16_t space, uint64_t addr, uint64_t len, void **va)
{
	unsigned int bank = space - 1u;

	if (bank >= soft->nb_banks || addr >= soft->bank_size || len > soft->bank_size - addr)
		return -EFAULT;
	*va = soft->banks[bank] + addr;
	return 0;
}

static int
resolve(struct soft_qp *qp, struct accel_dma_entry *entry, uint16_t space, uint64_t addr,
		uint64_t len, unsigned int access, void **va)
{
	if (space == ACCEL_SPACE_HOST)
		return accel_dma_va(qp->dev, entry, addr, len, access, va);
	return bank_va(qp->soft, space, addr, len, va);
}

static inline void
copy(void *dst, const void *src, uint64_t len)
{
	uint64_t distance = (uintptr_t)dst - (uintptr_t)src;

	/* Closer than len in either direction, in one comparison. */
	if (unlikely(distance + (len - 1) < 2 * len - 1))
		memmove(dst, src, len);
	else
		rte_memcpy(dst, src, len);
}

static void
fill(unsigned char *dst, uint64_t pattern, uint64_t len)
{
	uint64_t i;

	for (i = 0; len - i >= sizeof(pattern); i += sizeof(pattern))
		memcpy(dst + i, &pattern, sizeof(pattern));
	memcpy(dst + i, &pattern, len - i);
}

static enum accel_status
exec_copy(struct soft_qp *qp, const struct accel_op *op)
{
	void *src, *dst;
	int ret;

	ret = resolve(qp, &qp->tlb.src, op->src_space, op->src, op->len, ACCEL_DMA_READ, &src);
	if (ret == 0)
		ret = resolve(qp, &qp->tlb.dst, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE,
				&dst);
	if (ret != 0)
		return accel_dma_status(ret);
	copy(dst, src, op->len);
	return ACCEL_STATUS_SUCCESS;
}

static enum accel_status
exec_fill(struct soft_qp *qp, const struct accel_op *op)
{
	void *dst;
	int ret = resolve(qp, &qp->tlb.dst, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE, &dst);

	if (ret != 0)
		return accel_dma_status(ret);
	fill(dst, op->pattern, op->len);
	return ACCEL_STATUS_SUCCESS;
}

static bool
must_fail(struct soft_qp *qp)
{
	return qp->soft->fail_every != 0 && ++qp->nb_ops % qp->soft->fail_every == 0;
}

/* Members that have no meaning yet: a caller that sets them expects what this device cannot do. */
static inline bool
has_more(const struct accel_op *op)
{
	return ((uintptr_t)op->ext | op->reserved[0] | op->reserved[1]) != 0;
}

static enum accel_status
exec_any(struct soft_qp *qp, const struct accel_op *op)
{
	if (must_fail(qp))
		return ACCEL_STATUS_DEVICE_ERROR;
	/* A fence asks for nothing: ops execute one after the other. */
	if ((op->flags & ~ACCEL_OP_FENCE) != 0 || op->reserved0 != 0 || has_more(op))
		return ACCEL_STATUS_INVALID;
	if (op->len == 0)
		return ACCEL_STATUS_LENGTH;
	switch (op->type) {
	case ACCEL_OP_COPY:
		return exec_copy(qp, op);
	case ACCEL_OP_FILL:
		return exec_fill(qp, op);
	default:
		return ACCEL_STATUS_INVALID;
	}
}

/* The members before the first address, as one word. */
static inline uint64_t
head_of(const struct accel_op *op)
{
	uint64_t head;

	memcpy(&head, op, sizeof(head));
	return head;
}

/* Most ops are plain copies in host memory: one comparison finds them. */
static inline bool
is_plain_copy(const struct soft_qp *qp, const struct accel_op *op)
{
	static const struct accel_op plain = { .type = ACCEL_OP_COPY };
	static const struct accel_op ignored = { .flags = ACCEL_OP_FENCE, .status = UINT8_MAX };

	return ((head_of(op) ^ head_of(&plain)) & ~head_of(&ignored)) == 0 && !has_more(op) &&
			op->len != 0 && qp->soft->fail_every == 0;
}

static inline enum accel_status
exec(struct soft_qp *qp, const struct accel_op *op)
{
	void *src, *dst;

	if (unlikely(!is_plain_copy(qp, op)))
		return exec_any(qp, op);
	if (unlikely(accel_dma_va(qp->dev, &qp->tlb.src, op->src, op->len, ACCEL_DMA_READ,
			&src) != 0 || accel_dma_va(qp->dev, &qp->tlb.dst, op->dst, op->len,
			ACCEL_DMA_WRITE, &dst) != 0))
		return exec_any(qp, op);
	copy(dst, src, op->len);
	return ACCEL_STATUS_SUCCESS;
}

/*
 * Bursts
 */

/*
 * Without latency an op executes when it is enqueued, and only its pointer waits for the dequeue.
 * With latency it executes when it is due, so that a stop in between finds it unfinished.
 */

static inline void
account(const struct accel_op *op, uint64_t *errors, uint64_t *bytes)
{
	if (likely(op->status == ACCEL_STATUS_SUCCESS))
		*bytes += op->len;
	else
		(*errors)++;
}

uint16_t
soft_enqueue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct soft_qp *qp = (struct soft_qp *)common;
	uint32_t room = qp->mask + 1 - (qp->tail - qp->head);
	uint16_t taken = n < room ? n : (uint16_t)room;
	uint64_t now = 0;
	uint16_t i;

	if (qp->due != NULL)
		now = rte_rdtsc();
	accel_dma_tlb_sync(&qp->tlb);
	for (i = 0; i < taken; i++) {
		uint32_t at = qp->tail++ & qp->mask;

		qp->ring[at] = ops[i];
		if (likely(qp->due == NULL))
			ops[i]->status = exec(qp, ops[i]);
		else
			qp->due[at] = now + qp->wait_cycles;
	}
	accel_qp_count(&common->stats.enqueued, taken);
	if (unlikely(taken < n))
		accel_qp_count(&common->stats.rejected, n - taken);
	return taken;
}

/* Finish the op at a place of the ring; false when it is not due yet. */
static bool
finish_late(struct soft_qp *qp, uint32_t at)
{
	struct accel_op *op = qp->ring[at];

	if (qp->aborted)
		op->status = ACCEL_STATUS_ABORTED;
	else if (rte_rdtsc() < qp->due[at])
		return false;
	else
		op->status = qp->late ? ACCEL_STATUS_DEADLINE : exec(qp, op);
	return true;
}

uint16_t
soft_dequeue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct soft_qp *qp = (struct soft_qp *)common;
	uint64_t errors = 0, bytes = 0;
	uint16_t done = 0;

	if (qp->due != NULL)
		accel_dma_tlb_sync(&qp->tlb);
	while (done < n && qp->head != qp->tail) {
		uint32_t at = qp->head & qp->mask;

		if (unlikely(qp->due != NULL) && !finish_late(qp, at))
			break;
		qp->head++;
		ops[done] = qp->ring[at];
		account(ops[done++], &errors, &bytes);
	}
	if (done != 0) {
		accel_qp_count(&common->stats.dequeued, done);
		accel_qp_count(&common->stats.bytes, bytes);
	}
	if (unlikely(errors != 0))
		accel_qp_count(&common->stats.errors, errors);
	return done;
}
