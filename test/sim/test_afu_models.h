/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_AFU_MODELS_H
#define TEST_AFU_MODELS_H

/**
 * @file
 * Cases of test_afu_models.c that are in other files.
 */

#include "afu_bench.h"
#include "harness.h"

extern const struct test_case nlb_cases[];
extern const struct test_case he_cases[];

#endif
