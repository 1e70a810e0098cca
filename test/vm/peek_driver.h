/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PEEK_DRIVER_H
#define PEEK_DRIVER_H

/**
 * @file
 * A driver for tests, of any PCI function that is opened with driver=peek: it maps BAR 0 and shows
 * it, and takes ops that it never ends by itself. For one device at a time.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <acceldev/accel_mmio.h>

/** BAR 0 of the device that is open. */
extern struct accel_region peek_bar;

/** PCI_COMMAND, as it was while the driver's probe ran. */
extern uint64_t peek_command;

/** A thread that reads a register again and again. */
struct peek_reader {
	pthread_t thread;
	uint64_t off;
	uint32_t expected;
	bool quit;          /* atomic, as the next */
	uint64_t reads;
	uint64_t ones;      /* that gave all ones */
	uint64_t odd;       /* that gave neither these nor what was expected */
};

/** Begin to read 32 bits at an offset: 0 or -errno. */
int peek_begin(struct peek_reader *reader, uint64_t off, uint32_t expected);

/** Wait until it has read some more times. */
void peek_more(const struct peek_reader *reader, uint64_t reads);

/** End it; before the device is closed. */
void peek_end(struct peek_reader *reader);

#endif
