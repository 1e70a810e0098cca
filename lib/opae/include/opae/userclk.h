/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_USERCLK_H
#define OPAE_USERCLK_H

/**
 * @file
 * Clocks of the accelerator: not supported.
 */

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

fpga_result fpgaSetUserClock(fpga_handle handle, uint64_t high_clk, uint64_t low_clk, int flags);
fpga_result fpgaGetUserClock(fpga_handle handle, uint64_t *high_clk, uint64_t *low_clk, int flags);

#ifdef __cplusplus
}
#endif

#endif
