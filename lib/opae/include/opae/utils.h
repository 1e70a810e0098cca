/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_UTILS_H
#define OPAE_UTILS_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Text for a result, such as "invalid parameter"; "unknown error" for a number that is none. */
const char *fpgaErrStr(fpga_result e);

#ifdef __cplusplus
}
#endif

#endif
