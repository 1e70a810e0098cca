/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef DFL_H
#define DFL_H

/**
 * @file
 * Driver of PCI functions whose BAR 0 begins with a device feature list: Intel's and Altera's FPGA
 * functions by their PCI ids, any other with driver=dfl. AFUs that it finds are told by
 * accel_afu_info_get(). The first one whose registers it knows, NLB (mode 0) or HE-LB, does copies
 * for the queue API: one queue pair, addresses and lengths in multiples of 64 bytes. A device
 * without such an AFU has registers and buffers, and no queue pairs.
 *
 * Probe and accel_dev_reset() reset the AFUs by their ports, where the list has some.
 *
 * Statistics: dfl_transfers, what the engine was told to do.
 */

#include <acceldev/accel_afu.h>
#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>

/** Ports of a card. */
#define DFL_MAX_PORTS  4
/** Bytes of an op. */
#define DFL_MAX_OP_LEN (UINT64_C(1) << 30)

/** How an AFU that copies is used. All addresses and lengths are multiples of 64. */
struct dfl_engine {
	const char *name;
	uint64_t guid_h, guid_l;
	uint64_t chunk;    /* bytes of one start, at most */
	uint64_t status;   /* offset of its status in the status memory */
	/** Whether this one can be used as the driver does; NULL: always. */
	bool (*check)(const struct accel_region *bar, uint64_t regs);
	/** Begin; regs is the offset of the AFU in the region. */
	void (*start)(const struct accel_region *bar, uint64_t regs, uint64_t dsm, uint64_t src,
			uint64_t dst, uint64_t len);
	void (*stop)(const struct accel_region *bar, uint64_t regs);
};

struct dfl_qp {
	struct accel_ring ring;
	uint64_t at;       /* bytes of the op to work on that are done, from the end it began at */
	uint64_t started;  /* TSC, of the last start */
	uint64_t next_look; /* TSC: at a register */
	bool running;
};

struct dfl_dev {
	struct accel_dev *dev;
	struct accel_region bar;
	const struct dfl_engine *engine; /* NULL when there is none */
	uint64_t regs;                   /* of its AFU */
	uint64_t ports[DFL_MAX_PORTS];   /* offsets of the ports that reset the AFUs */
	unsigned int nb_ports;
	struct accel_buf *dsm;           /* status memory of the engine */
	struct dfl_qp *qp;
	uint64_t deadline_cycles;        /* of each start */
	uint64_t transfers;
};

/**
 * Follow the feature list, and add the AFUs that are found.
 *
 * @retval 0 success
 * @retval -ENODEV the BAR does not begin with a feature header; logged
 * @retval -EPROTO the list leaves the BAR or is malformed; logged
 * @retval -ENOSPC it has more than ACCEL_MAX_AFUS; logged
 */
int dfl_walk(struct dfl_dev *dfl);

/** The engine that an AFU is; NULL when it is none. */
const struct dfl_engine *dfl_engine_find(const struct accel_region *bar,
		const struct accel_afu_info *afu);

/** Stop the engine, whose status memory is not written any more. */
void dfl_engine_stop(struct dfl_dev *dfl);

uint16_t dfl_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
uint16_t dfl_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n);
void dfl_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status);

#endif
