/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_EVENT_H
#define OPAE_EVENT_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Make an event handle: FPGA_OK, FPGA_INVALID_PARAM for NULL, or FPGA_NO_MEMORY. */
fpga_result fpgaCreateEventHandle(fpga_event_handle *event_handle);

/** End it, and its registration if it has one: FPGA_OK, or FPGA_INVALID_PARAM. */
fpga_result fpgaDestroyEventHandle(fpga_event_handle *event_handle);

/**
 * The eventfd of an event handle, to poll.
 *
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM eh is none or was never registered, or fd is NULL
 */
fpga_result fpgaGetOSObjectFromEventHandle(const fpga_event_handle eh, int *fd);

/**
 * Have an event signalled. A vector has one event handle: a later one takes it from the earlier,
 * and when either is unregistered the vector signals none. Events outlive fpgaReset().
 *
 * @param flags  the MSI-X vector
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM handle or event_handle is none, or it is registered already
 * @retval FPGA_NOT_SUPPORTED FPGA_EVENT_ERROR or FPGA_EVENT_POWER_THERMAL, or the accelerator has
 *         no interrupts
 * @retval FPGA_EXCEPTION no such event, no such vector, or the kernel refused
 */
fpga_result fpgaRegisterEvent(fpga_handle handle, fpga_event_type event_type,
		fpga_event_handle event_handle, uint32_t flags);

/** End that: FPGA_OK, or FPGA_INVALID_PARAM when it is not registered so. */
fpga_result fpgaUnregisterEvent(fpga_handle handle, fpga_event_type event_type,
		fpga_event_handle event_handle);

#ifdef __cplusplus
}
#endif

#endif
