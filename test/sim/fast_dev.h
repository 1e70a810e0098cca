/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FAST_DEV_H
#define FAST_DEV_H

/**
 * @file
 * A copy engine as hardware has it, "sim:fast", and its driver: descriptors and completions are
 * rings in host memory from accel_dev_dma_alloc(), with one doorbell per burst. It has several
 * queue pairs and a reset. Both are built with the public SDKs alone.
 */

#include <acceldev/accel_driver.h>

#define FAST_MAX_QPS   4
#define FAST_MAX_DEPTH 256
#define FAST_MAX_LEN   4096

/** What the driver does wrong. */
struct fast_faults {
	unsigned int leak;     /**< blocks of memory that it never frees */
	int probe_error;       /**< what its probe returns, with memory left */
	bool free_foreign;     /**< it frees what it does not have, in probe */
	bool report_in_probe;  /**< it reports an error in probe */
	/** Called at the end of probe; may be NULL. */
	void (*in_probe)(struct accel_dev *dev);
};

extern struct fast_faults fast_faults;

/** The device that was probed last, which may be closed; atomic. */
extern struct accel_dev *fast_last;

/** Register model and driver, and the other way round; for suites. */
int fast_setup(void);
int fast_teardown(void);

#endif
