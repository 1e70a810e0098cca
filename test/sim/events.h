/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EVENTS_H
#define EVENTS_H

/**
 * @file
 * What tests of errors and removal need: events for models, a callback that remembers, and what the
 * process held before.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <acceldev/acceldev.h>
#include <devmodel/devmodel.h>

#include "soft_dev.h"

/**
 * Set-up and tear-down of a suite whose tests use the next two. What the library logs about an
 * error is logged before a callback is told, not before the health changes.
 */
int events_setup(void);
int events_teardown(void);

/** Have something happen to the model that a spec names; asserted. */
void events_inject(const char *spec, enum devmodel_event event);

/**
 * Wait until a device has this health, or a worse one, and an error that was injected last was
 * told; asserts that this comes in 10 s.
 */
void events_wait_health(uint16_t dev, enum accel_dev_health health);

#define EVENTS_KEPT 256

/** What a callback was told. */
struct events_log {
	unsigned int n; /* atomic */
	struct {
		uint16_t dev_id;
		enum accel_event event;
		pthread_t thread;
	} kept[EVENTS_KEPT];
};

/** A callback for accel_event_register(); arg is a struct events_log. */
void events_record(uint16_t dev_id, enum accel_event event, void *arg);

/** Wait until a log has n entries; asserts that it has no more 20 ms later. */
void events_wait(const struct events_log *log, unsigned int n);

/** Assert that an entry is this one, and came on another thread. */
void events_check(const struct events_log *log, unsigned int i, uint16_t dev_id,
		enum accel_event event);

/** Descriptors, mappings and threads of the process. */
struct events_usage {
	struct test_usage process;
	unsigned int threads;
};

struct events_usage events_usage_get(void);

/** Assert that the process holds no more than before; threads may take a moment to end. */
void events_assert_no_leak(const struct events_usage *before);

/** Milliseconds of a clock that goes on. */
uint64_t events_ms(void);

/** Assert that a call returns 0, and in less than two seconds. */
#define EVENTS_ASSERT_PROMPT(call)                                                                 \
	do {                                                                                       \
		uint64_t begin_ = events_ms();                                                     \
		CU_ASSERT_EQUAL((call), 0);                                                        \
		CU_ASSERT(events_ms() - begin_ < 2000);                                            \
	} while (0)

#endif
