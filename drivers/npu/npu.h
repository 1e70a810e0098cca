/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_H
#define NPU_H

/**
 * @file
 * Driver of the NPU: cores of VTA behind the shell of npu_regs.h. It runs programs (npu_image.h),
 * one core for each queue pair. Copies and fills, in order with the runs, are made by the host's
 * processor, since VTA has no instruction that moves bytes unchanged.
 *
 * A core tells the end of a program in a register, which dequeuing polls, and by MSI-X: vector n
 * belongs to queue pair n, and accel_irq_set() has it signal an eventfd. A program that does not
 * end by the deadline (from enqueue; 10 s from its launch when none is configured), or is
 * cancelled, ends with its core's reset in a dequeue, and raises no interrupt.
 *
 * All memory lies in one window of 4 GiB, see npu_regs.h.
 *
 * Statistics: npu_runs, npu_resets (cores that were reset since a program did not end, or was
 * cancelled), npu_cycles.
 */

#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>

#include "npu_regs.h"

struct npu_qp {
	struct accel_ring ring;
	struct npu_dev *npu;
	unsigned int core;
	bool running;        /* the core works on the next op */
	uint64_t launched;   /* TSC, of the program that runs */
};

struct npu_dev {
	struct accel_dev *dev;
	struct accel_region bar;
	unsigned int nb_cores;
	uint32_t window;     /* bits 63:32 of all addresses */
	uint64_t deadline_cycles; /* of each run */
	uint64_t runs, resets, cycles; /* atomic */
	struct npu_qp *qps[NPU_MAX_CORES]; /* those that were set up last */
};

/** What a core runs for an instance: accel_instance::priv begins with it. */
struct npu_run {
	uint64_t insns;      /* IOVA */
	uint32_t nb_insns;
};

/** End what a core does: 0, or -EIO when it goes on, logged. */
int npu_core_reset(struct npu_dev *npu, unsigned int core);

/** Set the registers of a core after its reset that stay the same from one program to the next. */
void npu_core_begin(struct npu_dev *npu, unsigned int core);

extern const struct accel_program_ops npu_program_ops;

uint16_t npu_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
uint16_t npu_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
void npu_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status);

#endif
