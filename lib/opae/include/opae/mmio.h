/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MMIO_H
#define OPAE_MMIO_H

/**
 * @file
 * Registers. Space 0 is the accelerator's, from its feature header on. Offsets are multiples of the
 * width. Threads: any.
 */

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Map the registers.
 *
 * @param[out] mmio_ptr  where; NULL where only the calls below are used. Registers of a device
 *                       model cannot be mapped.
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, or no such space
 * @retval FPGA_NOT_SUPPORTED mmio_ptr is given, and they cannot be mapped
 * @retval FPGA_EXCEPTION the kernel refused
 */
fpga_result fpgaMapMMIO(fpga_handle handle, uint32_t mmio_num, uint64_t **mmio_ptr);

/** End that: FPGA_OK, or FPGA_INVALID_PARAM when it is not mapped. */
fpga_result fpgaUnmapMMIO(fpga_handle handle, uint32_t mmio_num);

/**
 * Read or write a register.
 *
 * @retval FPGA_OK success; an accelerator that is gone reads all ones
 * @retval FPGA_INVALID_PARAM not a handle, no such space, offset not aligned or outside, or value
 *         is NULL
 * @retval FPGA_EXCEPTION the access failed
 */
fpga_result fpgaWriteMMIO64(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint64_t value);
fpga_result fpgaReadMMIO64(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint64_t *value);
fpga_result fpgaWriteMMIO32(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint32_t value);
fpga_result fpgaReadMMIO32(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint32_t *value);

/** Write 64 bytes at once: as above, or FPGA_NOT_SUPPORTED where the CPU or the bus cannot. */
fpga_result fpgaWriteMMIO512(fpga_handle handle, uint32_t mmio_num, uint64_t offset,
		const void *value);

#ifdef __cplusplus
}
#endif

#endif
