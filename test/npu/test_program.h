/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_PROGRAM_H
#define TEST_PROGRAM_H

/** @file Tests of programs that run, of a file of their own. */

#include "program_case.h"

extern const struct test_case run_cases[];
extern const struct test_case end_cases[];

#endif
