/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_EVENTS_H
#define TEST_EVENTS_H

/** @file What test_events.c has in other files. */

#include "harness.h"

extern const struct test_case callback_cases[];
extern const struct test_case thread_cases[];
extern const struct test_case driver_cases[];

#endif
