/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_op.h>

#include <errno.h>
#include <stddef.h>

#include "health.h"

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

/*
 * Of a device that has failed or was removed: what is in flight ends here, on the thread of the
 * queue pair, because no other may touch it.
 */
static uint16_t
dequeue_failed(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_dev *dev = qp->dev;
	enum accel_status status = accel_dev_health_get(dev) >= ACCEL_DEV_REMOVING ?
			ACCEL_STATUS_REMOVED : ACCEL_STATUS_DEVICE_ERROR;
	uint16_t i, done;

	if (!__atomic_load_n(&dev->internal->quiet, __ATOMIC_ACQUIRE))
		return 0; /* at once it is */
	if (dev->ops->qp_abort != NULL)
		dev->ops->qp_abort(dev, qp, status);
	done = dev->dequeue(qp, ops, n);
	for (i = 0; i < done; i++) {
		if (ops[i]->status == ACCEL_STATUS_ABORTED) /* by a stop since */
			ops[i]->status = (uint8_t)status;
	}
	return done;
}

/* The device's health_lock is held. */
static void
write_fp(struct accel_dev_internal *slot)
{
	struct accel_fp *fp = &accel_fps[slot->data.dev_id];
	bool ready = slot->health == ACCEL_DEV_READY;
	bool started = slot->fp_state == ACCEL_DEV_STARTED && !slot->fp_lent;
	bool drains = started || (slot->fp_state == ACCEL_DEV_STOPPED && !slot->fp_lent);
	accel_burst_t dequeue = ready ? slot->dev.dequeue : dequeue_failed;

	/* A driver's burst must never be there before its queue pairs are, nor after. */
	if (drains)
		__atomic_store_n(&fp->qps, slot->qps, __ATOMIC_RELEASE);
	__atomic_store_n(&fp->enqueue, started && ready ? slot->dev.enqueue : burst_none,
			__ATOMIC_RELEASE);
	__atomic_store_n(&fp->dequeue, drains ? dequeue : burst_none, __ATOMIC_RELEASE);
	if (!drains)
		__atomic_store_n(&fp->qps, no_qps, __ATOMIC_RELEASE);
}

uint16_t
fp_enqueue(struct accel_dev_internal *slot, uint16_t qp_id, struct accel_op **ops, uint16_t n)
{
	if (slot->data.state != ACCEL_DEV_STARTED || health_get(slot) != ACCEL_DEV_READY)
		return 0;
	return slot->dev.enqueue(slot->qps[qp_id], ops, n);
}

uint16_t
fp_dequeue(struct accel_dev_internal *slot, uint16_t qp_id, struct accel_op **ops, uint16_t n)
{
	struct accel_qp *qp = slot->qps[qp_id];

	return health_get(slot) == ACCEL_DEV_READY ? slot->dev.dequeue(qp, ops, n) :
			dequeue_failed(qp, ops, n);
}

void
fp_set(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&slot->health_lock);
	slot->fp_state = slot->data.state;
	slot->fp_lent = slot->lends_service;
	write_fp(slot);
	pthread_mutex_unlock(&slot->health_lock);
	accel_fps[slot->data.dev_id].nb_qps = slot->data.nb_qps;
}

void
fp_set_health(struct accel_dev_internal *slot)
{
	write_fp(slot);
}

void
fp_set_quiet(struct accel_dev_internal *slot, bool quiet)
{
	__atomic_store_n(&slot->quiet, quiet, __ATOMIC_RELEASE);
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
