/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_PROGRAM_H
#define TEST_PROGRAM_H

/** @file Tests of programs, of files of their own. */

#include "program_case.h"

extern const struct test_case run_cases[];
extern const struct test_case end_cases[];
extern const struct test_case limit_cases[];

/** Tear-down of the suite of limit_cases. */
int limits_free(void);

#endif
