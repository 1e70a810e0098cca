/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef COPIER_H
#define COPIER_H

/**
 * @file
 * A driver of a device with one bank, which copies; for tests of what the library asks of such a
 * device. It can have other limits, fail at an op that a test chooses, and notes what it was given.
 * Control calls by any thread, one device at a time.
 */

#include <acceldev/accel_driver.h>

#define COPIER_SPEC "soft:copier,driver=copier"
#define COPIER_BASE (UINT64_C(3) << 32) /* device address of the bank */

struct copier {
	/* Knobs, read at the next probe. */
	struct accel_dev_info limits; /**< what info_get tells */
	uint64_t bank_size;
	bool no_abort;      /**< there is no accel_dev_ops::qp_abort */
	bool mapped;        /**< the host reaches the bank */
	uint64_t map_shift; /**< by so many bytes behind a multiple of 2 MiB */

	/* Knobs, read all the time. The number of an op counts from 1; 0 is none. */
	unsigned int fail_at;     /**< this op ends with fail_status */
	enum accel_status fail_status;
	unsigned int hang_at;     /**< this op and those behind it never end */
	unsigned int at;          /**< with this op, called is called */
	void (*called)(struct accel_dev *dev);
	int setup_error;          /**< of qp_setup for the last queue pair */
	bool lazy;                /**< does not move bytes */

	/* What it saw; all atomic. */
	unsigned int nb_ops;
	uint64_t longest;
	unsigned int strange;     /**< ops that no copy to or from the bank would need */
	uint16_t nb_qps;          /**< at the last configure */
	uint16_t last_qp;         /**< set up last */
	uint16_t last_depth;
	unsigned int live_qps;
	unsigned char *bank;      /**< its memory */
};

extern struct copier copier;

/** Set the knobs as for an ordinary device and register the driver. */
void copier_begin(void);

/** Unregister it, and assert that it holds nothing and saw nothing strange. */
void copier_end(void);

#endif
