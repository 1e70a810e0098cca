/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_DFL_H
#define TEST_DFL_H

/** @file What test_dfl.c has in other files: registers, and the engines of AFUs. */

#include "harness.h"

/** A card that no driver has in its table. */
#define CARD   "sim:card,driver=dfl"
#define VENDOR 0x1af4
#define DEVICE 0x10f1

extern const struct test_case dfl_register_cases[];

/** Copies and life of any engine, on the device that dfl_spec names. */
extern const char *dfl_spec;
extern const struct test_case dfl_copy_cases[];

/** What goes wrong in an engine, on a card of the test. */
extern const struct test_case dfl_fault_cases[];

/** A device that copies a chunk at a time, and does so unasked. */
extern const struct test_case dfl_late_cases[];

#endif
