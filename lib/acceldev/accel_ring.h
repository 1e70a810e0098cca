/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_RING_H
#define ACCEL_RING_H

/**
 * @file
 * Driver SDK: a queue pair for devices that finish ops in the order they were given. It keeps the
 * ops in a ring, the counters, and the contract of accel_op.h; the driver only works on the op that
 * is next and finishes it. A driver's own queue pair begins with struct accel_ring. The ring tells
 * which ops are late; to give them up is the driver's duty, which knows when its device is done.
 *
 * Threads: as the bursts; accel_ring_setup(), _release(), _start() and _stop() are control calls.
 */

#include <rte_cycles.h>

#include <acceldev/accel_driver.h>

#ifdef __cplusplus
extern "C" {
#endif

struct accel_ring {
	struct accel_qp qp;
	struct accel_dev *dev;
	struct accel_op **ops;
	uint64_t *enqueued;       /**< TSC, of each op; with a deadline configured */
	uint64_t deadline_cycles; /**< of the TSC, from enqueue; 0: no deadline is configured */
	uint32_t mask;
	uint32_t head; /**< next to dequeue */
	uint32_t next; /**< next to finish */
	uint32_t tail; /**< next to enqueue */
};

/**
 * Make a queue pair, for accel_dev_ops::qp_setup.
 *
 * @param size  of the driver's queue pair, which begins with struct accel_ring and is zeroed
 * @retval 0 success
 * @retval -ENOMEM no EAL memory
 */
int accel_ring_setup(struct accel_dev *dev, const struct accel_qp_conf *conf, size_t size,
		struct accel_qp **qp);

/** accel_dev_ops::qp_setup of a driver whose queue pair is no more than struct accel_ring. */
int accel_ring_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp);

/** accel_dev_ops::qp_release. */
void accel_ring_release(struct accel_dev *dev, struct accel_qp *qp);

/** accel_dev_ops::start: empties the rings of all queue pairs, for the deadline as configured. */
int accel_ring_start(struct accel_dev *dev);

/** accel_dev_ops::stop: finishes what is left in all rings as aborted. The device is idle. */
int accel_ring_stop(struct accel_dev *dev);

/** accel_dev_ops::qp_abort. */
void accel_ring_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status);

/** Take ops: how many had room. To be called first in the enqueue burst. */
static inline uint16_t
accel_ring_enqueue(struct accel_ring *ring, struct accel_op **ops, uint16_t n)
{
	uint32_t room = ring->mask + 1 - (ring->tail - ring->head);
	uint16_t i, taken = n < room ? n : (uint16_t)room;
	uint64_t now = ring->deadline_cycles != 0 ? rte_rdtsc() : 0;

	for (i = 0; i < taken; i++) {
		if (ring->deadline_cycles != 0)
			ring->enqueued[ring->tail & ring->mask] = now;
		ring->ops[ring->tail++ & ring->mask] = ops[i];
	}
	accel_qp_count(&ring->qp.stats.enqueued, taken);
	accel_qp_count(&ring->qp.stats.rejected, n - taken);
	return taken;
}

/** The op to work on; NULL when there is none. */
static inline struct accel_op *
accel_ring_next(const struct accel_ring *ring)
{
	return ring->next != ring->tail ? ring->ops[ring->next & ring->mask] : NULL;
}

/**
 * Whether so many cycles of the TSC have passed since it was read. The counter of another CPU, to
 * which the thread has moved, may be a little behind: none has passed then.
 *
 * @param since   as rte_rdtsc() gave it
 * @param cycles  less than 2^63
 */
static inline bool
accel_tsc_passed(uint64_t since, uint64_t cycles)
{
	return (int64_t)(rte_rdtsc() - since) >= (int64_t)cycles;
}

/** Whether there is a deadline, and the op to work on, which there is, has missed it. */
static inline bool
accel_ring_is_late(const struct accel_ring *ring)
{
	return ring->deadline_cycles != 0 && accel_tsc_passed(
			ring->enqueued[ring->next & ring->mask], ring->deadline_cycles);
}

/** Finish the op to work on. */
static inline void
accel_ring_finish(struct accel_ring *ring, enum accel_status status)
{
	ring->ops[ring->next++ & ring->mask]->status = (uint8_t)status;
}

/** accel_ring_enqueue() as accel_dev::enqueue of a driver that begins its work when it dequeues. */
uint16_t accel_ring_take(struct accel_qp *qp, struct accel_op **ops, uint16_t n);

/** Give finished ops back: how many. Fits accel_dev::dequeue where nothing is to be done first. */
uint16_t accel_ring_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);

#ifdef __cplusplus
}
#endif

#endif
