/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_ENUM_H
#define OPAE_ENUM_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Find accelerators. A token matches when one of the filters does; a filter does when all
 * properties that are set in it do.
 *
 * The accelerators are those that the environment variable ACCELDEV_DEVICES names, specs separated
 * by blanks or semicolons; without it all PCI functions with a device feature list that are bound
 * to vfio-pci. One that another process has open is left out, since its feature list cannot be
 * read.
 *
 * @param filters,num_filters  NULL and 0 for all
 * @param[out] tokens  room for max_tokens; each is ended by fpgaDestroyToken()
 * @param[out] num_matches  all there are, also beyond max_tokens; 0 on failure
 * @retval FPGA_OK success, also when none matches
 * @retval FPGA_INVALID_PARAM num_matches is NULL, tokens is NULL while max_tokens is not 0, filters
 *         and num_filters do not go together, or a filter is not valid
 * @retval FPGA_NO_MEMORY no memory
 * @retval FPGA_EXCEPTION devices are named, and EAL does not come up; the log tells why
 */
fpga_result fpgaEnumerate(const fpga_properties *filters, uint32_t num_filters, fpga_token *tokens,
		uint32_t max_tokens, uint32_t *num_matches);

/** Another token for the same accelerator: FPGA_OK, FPGA_INVALID_PARAM or FPGA_NO_MEMORY. */
fpga_result fpgaCloneToken(fpga_token src, fpga_token *dst);

/** End a token and set it to NULL: FPGA_OK, or FPGA_INVALID_PARAM when it is none. */
fpga_result fpgaDestroyToken(fpga_token *token);

#ifdef __cplusplus
}
#endif

#endif
