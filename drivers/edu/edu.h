/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EDU_H
#define EDU_H

/**
 * @file
 * Driver of QEMU's educational device: copies through its one DMA engine, which moves data between
 * host memory and 4 KiB of its own. The lower half of those is bank 0; the upper half is the way
 * station of copies from host to host, which take two transfers for each EDU_CHUNK bytes.
 *
 * Statistics: edu_transfers_to_device and edu_transfers_to_host, transfers that the engine was told
 * to make, also those that failed.
 *
 * The device can only tell the end of a transfer in a register, so dequeuing polls that. None can
 * be called off: one that runs when its op's deadline is over is waited for, and fails the device
 * when it alone takes a deadline's time (10 s when none is configured). An op that is late when its
 * turn comes is not begun.
 *
 * Spec keys: dma_bits=N of the library, when the device was made with a mask other than 28 bits.
 */

#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>

#include "edu_regs.h"

#define EDU_BANK_SIZE (EDU_BUF_SIZE / 2)

/*
 * Of the way station, which stays clear of the last bytes: QEMU 7.2 takes a transfer that ends with
 * the device's memory for one that leaves it, and ends itself.
 */
#define EDU_STATION (EDU_BUF_BASE + EDU_BANK_SIZE)
#define EDU_CHUNK   (EDU_BUF_SIZE - EDU_BANK_SIZE - 64)

/* Some seconds: two transfers of 100 ms for each chunk. */
#define EDU_MAX_OP_LEN (32 * EDU_CHUNK)

struct edu_qp {
	struct accel_ring ring;
	struct edu_dev *edu;
	uint64_t at;         /* bytes of the op to work on that are done */
	bool running;        /* the engine works on it */
	bool outward;        /* the chunk is in the way station, on its way to its destination */
	uint64_t started;    /* TSC, of the last transfer */
};

struct edu_dev {
	struct accel_dev *dev;
	struct accel_region bar;
	struct edu_qp *qp;   /* the one that was set up last; valid when the device can start */
	uint64_t deadline_cycles; /* of each transfer */
	uint64_t to_device, to_host; /* transfers started; counted by the queue pair's thread */
};

/** Whether a transfer runs. */
bool edu_engine_busy(const struct edu_dev *edu);

uint16_t edu_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
void edu_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status);
uint16_t edu_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);

#endif
