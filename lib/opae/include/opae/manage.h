/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MANAGE_H
#define OPAE_MANAGE_H

/**
 * @file
 * Management of the card: not supported.
 */

#include <stddef.h>

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

fpga_result fpgaAssignPortToInterface(fpga_handle fpga, uint32_t interface_num, uint32_t slot_num,
		int flags);
fpga_result fpgaAssignToInterface(fpga_handle fpga, fpga_token accelerator, uint32_t host_interface,
		int flags);
fpga_result fpgaReleaseFromInterface(fpga_handle fpga, fpga_token accelerator);
fpga_result fpgaReconfigureSlot(fpga_handle fpga, uint32_t slot, const uint8_t *bitstream,
		size_t bitstream_len, int flags);

#ifdef __cplusplus
}
#endif

#endif
