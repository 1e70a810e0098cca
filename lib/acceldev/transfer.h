/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TRANSFER_H
#define TRANSFER_H

/**
 * @file
 * Copies that the library makes itself, on a queue pair of its own: the service queue pair. A
 * device has one when it has banks that the host does not reach, and a queue pair to spare. Its
 * number is that behind the application's. A device with one queue pair has none to spare; a
 * context of it, where no application uses that one, lends it.
 */

#include "dev_slot.h"

/** What to copy, as in an op. */
struct transfer {
	uint64_t src;
	uint64_t dst;
	uint64_t len;
	uint16_t src_space;
	uint16_t dst_space;
};

/** After the limits of a device are known: keep one queue pair for the service, if it needs one. */
void service_begin(struct accel_dev_internal *slot);

/**
 * Let the only queue pair of a device that is configured with one be the service's, if it needs
 * one.
 */
void service_lend(uint16_t dev_id);

/** Before the start of a locked device: 0 or negative errno from the driver, logged. */
int service_setup(struct accel_dev_internal *slot);

/**
 * Copy, and wait until it is done. Takes the device's lock, for a part of the bytes at a time.
 *
 * @return 0 or negative errno as accel_buf_sync(), logged
 */
int transfer_run(uint16_t dev_id, const struct transfer *transfer);

#endif
