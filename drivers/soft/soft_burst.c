/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "soft.h"

#include <rte_branch_prediction.h>
#include <rte_cycles.h>

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
			ops[i]->status = soft_exec(qp, ops[i]);
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
		op->status = qp->late ? ACCEL_STATUS_DEADLINE : soft_exec(qp, op);
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
