/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_GUEST_NVME_H
#define TEST_GUEST_NVME_H

/** @file What test_guest_nvme.c has in another file. */

#include "harness.h"

/** Ends of commands: deadline, stop, completions of all kinds. */
extern const struct test_case nvme_end_cases[];

/** Vectors, reset, close, wrong addresses. */
extern const struct test_case nvme_life_cases[];

#endif
