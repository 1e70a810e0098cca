/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_VERSION_H
#define OPAE_VERSION_H

/**
 * @file
 * Version of the OPAE API that this library offers.
 */

#include <stddef.h>

#include <opae/types.h>

#define FPGA_VERSION_STR_MAX 10
#define FPGA_BUILD_STR_MAX   41

#ifdef __cplusplus
extern "C" {
#endif

/** FPGA_OK, or FPGA_INVALID_PARAM for NULL. */
fpga_result fpgaGetOPAECVersion(fpga_version *version);

/** As "2.14.0", cut off to len bytes with the final 0. FPGA_INVALID_PARAM for NULL or len 0. */
fpga_result fpgaGetOPAECVersionString(char *version_str, size_t len);

/** What was built, cut off in the same way. */
fpga_result fpgaGetOPAECBuildString(char *build_str, size_t len);

#ifdef __cplusplus
}
#endif

#endif
