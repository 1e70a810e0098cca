/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_OUTPUT_H
#define TESTPMD_OUTPUT_H

/**
 * @file
 * The standard descriptors: whether there is anybody to talk to.
 */

#include <stdbool.h>

#include "options.h"

/**
 * Check the descriptors before anything else is opened, which would take the number of a closed
 * one.
 *
 * @return 0, or an exit status after saying what is wrong
 */
int output_begin(const struct testpmd_conf *conf);

/** Whether nobody reads standard output any more, or it cannot be written: said once. */
bool output_lost(void);

/** Write what is left: 0, or an exit status after saying what is wrong, now or earlier. */
int output_end(void);

#endif
