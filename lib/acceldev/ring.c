/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_ring.h>

#include <errno.h>

#include <rte_malloc.h>

#include "dev_slot.h"

int
accel_ring_setup(struct accel_dev *dev, const struct accel_qp_conf *conf, size_t size,
		struct accel_qp **qp)
{
	size_t bytes = RTE_ALIGN_CEIL(size, RTE_CACHE_LINE_SIZE);
	struct accel_ring *ring;

	ring = rte_zmalloc_socket("accel_ring",
			bytes + conf->depth * (sizeof(*ring->ops) + sizeof(*ring->enqueued)),
			RTE_CACHE_LINE_SIZE, conf->socket);
	if (ring == NULL)
		return -ENOMEM;
	ring->dev = dev;
	ring->ops = (struct accel_op **)((char *)ring + bytes);
	ring->enqueued = (uint64_t *)(ring->ops + conf->depth);
	ring->mask = conf->depth - 1u;
	*qp = &ring->qp;
	return 0;
}

int
accel_ring_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	(void)qp_id;
	return accel_ring_setup(dev, conf, sizeof(struct accel_ring), qp);
}

void
accel_ring_release(struct accel_dev *dev, struct accel_qp *qp)
{
	(void)dev;
	rte_free(qp);
}

int
accel_ring_start(struct accel_dev *dev)
{
	struct accel_dev_internal *slot = dev->internal;
	uint64_t cycles = accel_dev_deadline_us(dev) * rte_get_tsc_hz() / 1000000;
	unsigned int i;

	for (i = 0; i < dev_all_qps(slot); i++) {
		struct accel_ring *ring = (struct accel_ring *)slot->qps[i];

		ring->deadline_cycles = cycles;
		ring->head = 0;
		ring->next = 0;
		ring->tail = 0;
	}
	return 0;
}

int
accel_ring_stop(struct accel_dev *dev)
{
	struct accel_dev_internal *slot = dev->internal;
	unsigned int i;

	for (i = 0; i < dev_all_qps(slot); i++) {
		struct accel_ring *ring = (struct accel_ring *)slot->qps[i];

		while (accel_ring_next(ring) != NULL)
			accel_ring_finish(ring, ACCEL_STATUS_ABORTED);
	}
	return 0;
}

void
accel_ring_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status)
{
	struct accel_ring *ring = (struct accel_ring *)qp;

	(void)dev;
	while (accel_ring_next(ring) != NULL)
		accel_ring_finish(ring, status);
}

uint16_t
accel_ring_take(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	return accel_ring_enqueue((struct accel_ring *)qp, ops, n);
}

uint16_t
accel_ring_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;
	uint64_t errors = 0, bytes = 0;
	uint16_t done = 0;

	while (done < n && ring->head != ring->next) {
		struct accel_op *op = ring->ops[ring->head++ & ring->mask];

		if (op->status == ACCEL_STATUS_SUCCESS)
			bytes += op->len;
		else
			errors++;
		ops[done++] = op;
	}
	accel_qp_count(&qp->stats.dequeued, done);
	accel_qp_count(&qp->stats.bytes, bytes);
	accel_qp_count(&qp->stats.errors, errors);
	return done;
}
