/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_GUEST_BUS_H
#define TEST_GUEST_BUS_H

/** @file What test_guest_vfio.c has in another file. */

#include "harness.h"

/** The bus "pci" by itself: vectors, reset, groups. */
extern const struct test_case guest_bus_cases[];

#endif
