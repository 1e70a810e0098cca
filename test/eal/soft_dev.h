/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SOFT_DEV_H
#define SOFT_DEV_H

/**
 * @file
 * Soft devices for tests: opened in one call, with snapshots of what they hold.
 */

#include <stdbool.h>

#include <acceldev/acceldev.h>

#include "harness.h"

/** Probe a spec and assert that it works. */
uint16_t soft_open(const char *spec);

/** Configure, set queue pairs of one depth up (0: the default), and start. */
void soft_run(uint16_t dev, uint16_t nb_qps, uint16_t depth, uint32_t deadline_us);

/** accel_dev_info_get(), asserted. */
struct accel_dev_info soft_info(uint16_t dev);

/** Stop a device if it is started, close it, and assert that this works. */
void soft_close(uint16_t dev);

/** What a test must give back: of the process, and of one device. */
struct soft_usage {
	struct test_usage process;
	uint32_t live_bufs;
	uint32_t maps;
	uint64_t mapped_bytes;
};

struct soft_usage soft_usage_get(uint16_t dev);

/** Assert that a device and the process hold what they held at a snapshot. */
#define SOFT_ASSERT_NO_LEAK(dev, before)                                                           \
	do {                                                                                       \
		struct soft_usage is_ = soft_usage_get(dev);                                       \
		CU_ASSERT_EQUAL(is_.live_bufs, (before).live_bufs);                                \
		CU_ASSERT_EQUAL(is_.maps, (before).maps);                                          \
		CU_ASSERT_EQUAL(is_.mapped_bytes, (before).mapped_bytes);                          \
		CU_ASSERT_EQUAL(is_.process.fds, (before).process.fds);                            \
		CU_ASSERT_EQUAL(is_.process.maps, (before).process.maps);                          \
	} while (0)

/** Keep what is logged from now on away from the terminal. */
void soft_log_begin(void);

/** Log to the terminal again: lines that were logged meanwhile. */
unsigned int soft_log_end(void);

/** Assert that a call fails with an error, and has said why in one line. */
#define SOFT_ASSERT_FAILS(call, err)                                                               \
	do {                                                                                       \
		soft_log_begin();                                                                  \
		CU_ASSERT_EQUAL((call), (err));                                                    \
		CU_ASSERT_EQUAL(soft_log_end(), 1);                                                \
	} while (0)

/** Run a function in a child process: its result, 0 to 99, or 100 when it died. */
int soft_in_child(int (*fn)(void *arg), void *arg);

/** Pseudo-random numbers, the same in each run. The state must not be 0. */
static inline uint64_t
soft_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
