/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_IMAGE_H
#define TEST_IMAGE_H

/** @file Cases of the program test_image that are in files of their own. */

#include "harness.h"

extern const struct test_case image_rule_cases[];

#endif
