/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_SYNC_H
#define ACCEL_SYNC_H

/**
 * @file
 * Buffers in banks (ACCEL_BUF_BANK(), accel_buf.h): bringing the host's view and the bank together.
 *
 * Nobody else sees what the host writes to a view, so the host says it: accel_buf_dirty() notes
 * which bytes it has written. They are in the bank after the next accel_buf_sync() of them, in
 * whatever direction, and never lost: before bytes are fetched, those among them that are noted are
 * sent.
 *
 * Bytes travel as copy ops on a queue pair of the library's own, which the device has besides those
 * of the application, so it must be started. Buffers whose view is the bank itself, and those in
 * host memory, need no copy: there the calls only order memory accesses, and work in every state.
 *
 * Threads: any. Calls on one buffer wait for each other, and so do transfers of one device. A
 * control call on a device may wait until 64 MiB have been transferred. The buffer must not be
 * freed meanwhile.
 */

#include <stddef.h>

#include <acceldev/accel_buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which way bytes go. */
enum accel_sync {
	ACCEL_SYNC_TO_DEVICE = 1,   /**< all bytes of the range, from the view to the bank */
	ACCEL_SYNC_FROM_DEVICE = 2, /**< those that are noted to the bank, then all to the view */
	ACCEL_SYNC_FLUSH = 3,       /**< those that are noted, from the view to the bank */
};

/**
 * Bring a range of a buffer's view and its bank together, and wait until it is done. On failure
 * bytes in the range may have been transferred; those that were noted stay noted, or are in the
 * bank.
 *
 * @param offset  first byte
 * @param len     bytes; 0 means to the end of the buffer
 * @retval 0 success
 * @retval -EINVAL not a live buffer, the range is not in it, or no such direction
 * @retval -EPERM the device is not started, or this is a child of the process that opened it
 * @retval -ENOTSUP the device has one queue pair only, which is the application's, or makes no
 *         copies
 * @retval -EIO the device failed, or refused the ops
 * @retval -ENODEV the device was removed
 * @retval -ECANCELED the device was stopped meanwhile
 * @retval -ETIMEDOUT not done within the device's deadline for ops; without one, within 30 s
 * @retval -ENOMEM no memory for the books
 */
int accel_buf_sync(struct accel_buf *buf, size_t offset, size_t len, enum accel_sync direction);

/**
 * Note that the host has written, or is about to write, a range of a buffer's view. Only bytes that
 * were noted are sent by ACCEL_SYNC_FLUSH: neighbours that the device has written stay as they are.
 *
 * @param offset  first byte
 * @param len     bytes; 0 means to the end of the buffer
 * @retval 0 success
 * @retval -EINVAL not a live buffer, or the range is not in it
 * @retval -ENOMEM no memory for the books; nothing is noted
 */
int accel_buf_dirty(struct accel_buf *buf, size_t offset, size_t len);

#ifdef __cplusplus
}
#endif

#endif
