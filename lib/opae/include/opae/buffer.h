/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_BUFFER_H
#define OPAE_BUFFER_H

/**
 * @file
 * Buffers that the program and an accelerator share. A wsid names one; it is never 0, belongs
 * to the handle that it was made with, and is never used again after its release.
 *
 * Threads: any, also for one handle.
 */

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make a buffer, or make the caller's memory one.
 *
 * Without FPGA_BUF_PREALLOCATED len is rounded up to the page and memory with content zero is
 * allocated, at one range of I/O addresses, in hugepages as far as there are any; *buf_addr is only
 * written. With it the pages at *buf_addr are shared, exactly those, and stay the caller's: len
 * must be a multiple of the page and *buf_addr page aligned. Each call has a range of I/O addresses
 * of its own, also for memory that is shared already.
 *
 * Whether FPGA_BUF_PREALLOCATED is known is asked with it, len 0 and buf_addr NULL: FPGA_OK, and
 * nothing happens.
 *
 * @param len    bytes
 * @param[in,out] buf_addr  as said; untouched on failure
 * @param[out] wsid  names the buffer; untouched on failure
 * @param flags  enum fpga_buffer_flags
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, wsid or buf_addr is NULL, len is 0, too large to round
 *         up, or not a multiple of the page with FPGA_BUF_PREALLOCATED, *buf_addr is NULL, not
 *         aligned or not mapped with it, or an unknown flag is set
 * @retval FPGA_NO_MEMORY no memory or I/O address left, or the limit on locked memory is reached
 * @retval FPGA_EXCEPTION the kernel refused
 */
fpga_result fpgaPrepareBuffer(fpga_handle handle, uint64_t len, void **buf_addr, uint64_t *wsid,
		int flags);

/**
 * End a buffer: the accelerator does not reach it when this returns. Memory of the caller stays.
 *
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, or no buffer of it
 * @retval FPGA_EXCEPTION the kernel failed to take the accelerator's access away; the memory is not
 *         given to anybody else
 */
fpga_result fpgaReleaseBuffer(fpga_handle handle, uint64_t wsid);

/**
 * Where the accelerator sees a buffer.
 *
 * @param[out] ioaddr  of its first byte; untouched on failure
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM not a handle, or ioaddr is NULL
 * @retval FPGA_NOT_FOUND no buffer of the handle
 */
fpga_result fpgaGetIOAddress(fpga_handle handle, uint64_t wsid, uint64_t *ioaddr);

/**
 * Bind the address space of the process.
 *
 * @retval FPGA_NOT_SUPPORTED always, for a handle
 * @retval FPGA_INVALID_PARAM not a handle
 */
fpga_result fpgaBindSVA(fpga_handle handle, uint32_t *pasid);

#ifdef __cplusplus
}
#endif

#endif
