/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_EDU_H
#define TEST_EDU_H

/** @file What test_edu.c has in other files. */

#include "harness.h"

/** What a device can reach, and where that lies. */
extern const struct test_case edu_protection_cases[];
extern const struct test_case edu_address_cases[];

/** A device that another process opens too. */
void edu_open_in_two_processes(void);

#endif
