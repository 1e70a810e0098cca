/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_ACCESS_H
#define OPAE_ACCESS_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Open an accelerator.
 *
 * @param[out] handle  closed by fpgaClose(); untouched on failure
 * @param flags  enum fpga_open_flags
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM token or handle is NULL or not valid, or an unknown flag is set
 * @retval FPGA_BUSY it is open, here or in another process; also with FPGA_OPEN_SHARED, since a
 *         function has one owner under VFIO
 * @retval FPGA_NO_ACCESS no permission
 * @retval FPGA_NO_DRIVER it is not bound to vfio-pci, or not there any more
 * @retval FPGA_NO_MEMORY no memory
 * @retval FPGA_EXCEPTION anything else; the log tells
 */
fpga_result fpgaOpen(fpga_token token, fpga_handle *handle, int flags);

/**
 * Close an accelerator. Waits for the calls that other threads have under way on the handle, then
 * releases the buffers that are left. Any thread.
 *
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, or closed already
 */
fpga_result fpgaClose(fpga_handle handle);

/**
 * Reset an accelerator: its function, where it has a reset.
 *
 * @retval FPGA_OK success, also where there is no reset
 * @retval FPGA_INVALID_PARAM not a handle
 * @retval FPGA_EXCEPTION the reset failed
 */
fpga_result fpgaReset(fpga_handle handle);

/**
 * Handles of child accelerators: there are none.
 *
 * @param[out] num_children  0
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, num_children is NULL, or children is while max_children
 *         is not 0
 */
fpga_result fpgaGetChildren(fpga_handle handle, uint32_t max_children, fpga_handle *children,
		uint32_t *num_children);

#ifdef __cplusplus
}
#endif

#endif
