/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_GUEST_OPAE_H
#define TEST_GUEST_OPAE_H

/**
 * @file
 * The OPAE front-end on the guest's edu device. It has no AFU, so the front-end shows it as one
 * accelerator with its BAR 0, through which the tests drive its DMA engine.
 */

#include <stdbool.h>
#include <stdint.h>

#include <opae/fpga.h>

#include "harness.h"

/** Whether this is not the guest; the test is skipped then. */
bool opae_skip(void);

/** What ACCELDEV_DEVICES says for it. */
const char *opae_spec(void);

/** Open it; asserted. */
fpga_handle opae_open(void);

/** The device below; asserted. */
uint16_t opae_dev(void);

extern const struct test_case opae_buffer_cases[], opae_limit_cases[];

#endif
