/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_op.h>

#include <errno.h>
#include <stddef.h>

#include "dev_slot.h"

/* Bursts of a device that does not take ops, or has none: they look at nothing. */
static uint16_t
burst_none(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	(void)qp;
	(void)ops;
	(void)n;
	return 0;
}

static struct accel_qp *no_qps[ACCEL_MAX_QPS];

struct accel_fp accel_fps[ACCEL_MAX_DEVS] = {
	[0 ... ACCEL_MAX_DEVS - 1] = {
		.qps = no_qps,
		.enqueue = burst_none,
		.dequeue = burst_none,
	},
};

void
fp_set(struct accel_dev_internal *slot)
{
	struct accel_fp *fp = &accel_fps[slot->data.dev_id];
	enum accel_dev_state state = slot->data.state;
	bool started = state == ACCEL_DEV_STARTED;
	bool drains = started || state == ACCEL_DEV_STOPPED;

	/* A driver's burst must never be there before its queue pairs are, nor after. */
	if (drains)
		__atomic_store_n(&fp->qps, slot->qps, __ATOMIC_RELEASE);
	__atomic_store_n(&fp->enqueue, started ? slot->dev.enqueue : burst_none, __ATOMIC_RELEASE);
	__atomic_store_n(&fp->dequeue, drains ? slot->dev.dequeue : burst_none, __ATOMIC_RELEASE);
	if (!drains)
		__atomic_store_n(&fp->qps, no_qps, __ATOMIC_RELEASE);
	fp->nb_qps = slot->data.nb_qps;
}

/* Declared in the header for applications with ACCELDEV_DEBUG only. */
int accel_debug_burst(uint16_t dev_id, uint16_t qp_id, struct accel_op **ops, uint16_t n);

int
accel_debug_burst(uint16_t dev_id, uint16_t qp_id, struct accel_op **ops, uint16_t n)
{
	if (dev_id < ACCEL_MAX_DEVS && qp_id < accel_fps[dev_id].nb_qps && (ops != NULL || n == 0))
		return 0;
	ACCEL_LOG(ERR, device, "burst on device %u, queue pair %u, ops %p: no such device or queue "
			"pair, or no ops", dev_id, qp_id, (void *)ops);
	return -EINVAL;
}
