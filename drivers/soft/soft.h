/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SOFT_H
#define SOFT_H

/**
 * @file
 * The soft device: executes ops on the CPU, in the thread that calls the bursts. It needs no
 * hardware, and reaches host memory only through the I/O space, so a wrong IOVA fails as it would
 * behind an IOMMU.
 *
 * Spec keys:
 *   banks=N       banks of device-local memory, 0 to 256 (default 0)
 *   bank_size=N   bytes of each (default 64M); device addresses begin at 0
 *   bank_view=V   how the host sees a bank: "copy" (default), through copies alone, or "mapped"
 *   fail_every=N  every N-th op of a queue pair fails with "device error", unexecuted
 *   latency_us=N  ops finish no earlier than N microseconds after they were enqueued
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/accel_driver.h>

struct soft_dev {
	uint64_t nb_banks;
	uint64_t bank_size;
	bool banks_mapped;        /* the host may use them as its memory */
	uint64_t fail_every;      /* 0: never */
	uint64_t latency_us;
	unsigned char **banks;    /* host memory that stands for them */
	struct soft_qp **qps;     /* by number, to end what is in flight */
};

/* Bytes touched per op come first. Written by the queue pair's thread alone. */
struct soft_qp {
	struct accel_qp common;
	struct accel_dma_tlb tlb;
	const struct accel_dev *dev;
	const struct soft_dev *soft;
	struct accel_op **ring;   /* in flight, in order */
	uint64_t *due;            /* TSC at which each is done; NULL without latency */
	uint32_t mask;
	uint32_t head;            /* next to dequeue */
	uint32_t tail;            /* next to enqueue */
	uint64_t nb_ops;          /* since start, for fail_every */
	uint64_t wait_cycles;     /* from enqueue until an op is done or given up */
	bool late;                /* the deadline is shorter than the latency */
	bool aborted;             /* stopped or reset: what is in flight comes back at once */
	uint16_t qp_id;
};

/* Bursts */
uint16_t soft_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
uint16_t soft_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);

#endif
