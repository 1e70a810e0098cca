/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_MEM_ALLOC_H
#define TEST_MEM_ALLOC_H

#include "harness.h"

extern const struct test_case mem_alloc_random_cases[];

#endif
