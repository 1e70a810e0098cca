/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_DFL_H
#define TEST_DFL_H

/** @file What test_dfl.c has in another file: the engines of AFUs. */

#include "harness.h"

/** Copies and life of any engine, on the device that dfl_spec names. */
extern const char *dfl_spec;
extern const struct test_case dfl_copy_cases[];

/** What goes wrong in an engine, on a card of the test. */
extern const struct test_case dfl_fault_cases[];

/** A device that copies a chunk at a time, and does so unasked. */
extern const struct test_case dfl_late_cases[];

#endif
