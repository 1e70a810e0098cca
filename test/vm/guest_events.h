/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef GUEST_EVENTS_H
#define GUEST_EVENTS_H

/**
 * @file
 * For test_guest_events: what the library tells of a device, work that is in flight meanwhile, and
 * the suites.
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/acceldev.h>

#include "harness.h"

#define PAGE 4096

/** What comes at once takes less, in milliseconds. The kernel asks every 10 s. */
#define PROMPT_MS 1000

/** Events, as a callback noted them. */
struct events {
	uint16_t dev;
	unsigned int n;           /**< atomic */
	enum accel_event list[8];
	uint64_t register0[8];    /**< accel_reg_read() of it in the callback; all ones: failed */
};

/** Note the events of a device. */
void events_begin(struct events *events, uint16_t dev);

/** Whether these come next, the n-th being the last, within some seconds; no others came. */
bool events_are(const struct events *events, unsigned int n, const enum accel_event *expected);

/** A removal, noted from begin to end, with the register still there at the begin. */
bool events_are_removal(const struct events *events, uint64_t register0);

#define MAX_FLYING 4

/** Ops in flight: copies from host memory to edu's, the first of which takes longer than a test. */
struct flying {
	uint16_t dev;
	uint16_t n;
	struct accel_buf *buf;
	struct accel_op ops[MAX_FLYING];
};

/** Have an edu device work on some. */
void flying_begin(struct flying *flying, uint16_t dev, uint16_t n);

/** Whether all come back in order with a status, and promptly. Frees their memory. */
bool flying_come_back(struct flying *flying, uint8_t status);

/** Whether an edu device can be opened and does what it is told. */
bool edu_works(const char *spec);

/** Skip the running test when this is not root: whether it was. */
bool skip_user(void);

extern const struct test_case removal_cases[];
extern const struct test_case quiet_cases[];
extern const struct test_case silence_cases[];
extern const struct test_case error_cases[];

#endif
