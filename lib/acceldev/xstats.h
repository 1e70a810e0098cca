/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef XSTATS_H
#define XSTATS_H

/**
 * @file
 * Extended statistics of a locked device, a part at a time.
 */

#include <acceldev/accel_xstats.h>

#include "dev_slot.h"

/** Where to put statistics; either array may be NULL. */
struct xstats_part {
	unsigned int first; /* id of the first element */
	unsigned int n;     /* elements of the arrays */
	struct accel_xstat_name *names;
	struct accel_xstat *xstats;
};

/** Fill in what there is of a part: how many statistics the device has. */
unsigned int xstats_read(struct accel_dev_internal *slot, const struct xstats_part *part);

/** Number and bytes of the arenas that a device has buffers in. */
void xstats_arenas(struct accel_dev_internal *slot, uint64_t *arenas, uint64_t *bytes);

/** Sums of the counters of the queue pairs. */
void xstats_sum(struct accel_dev_internal *slot, struct accel_qp_stats *sum);

#endif
