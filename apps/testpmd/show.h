/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_SHOW_H
#define TESTPMD_SHOW_H

/**
 * @file
 * The prompt's "show" commands, other than statistics.
 */

#include <stdint.h>

/** Print what is known about a device, with its banks and arenas. */
void show_device(uint16_t dev_id);

/** Print what a device can reach. */
void show_maps(uint16_t dev_id);

/** Print a device's extended statistics. */
void show_xstats(uint16_t dev_id);

#endif
