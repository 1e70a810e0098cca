/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCELDEV_OPENVINO_H
#define ACCELDEV_OPENVINO_H

/**
 * @file
 * Memory for OpenVINO's tensors and blobs that a device reaches: what <acceldev/openvino.hpp> makes
 * allocators of.
 *
 * Memory is named by a handle. Handles are looked up, never followed: one that is made up, stale, or
 * points into memory is refused, and no call crashes on it. All allocators have their handles in common.
 * Each begins at a multiple of 64 bytes and has a multiple of 64 bytes, so that whoever takes it without
 * a copy accepts it.
 *
 * Memory lives until it is freed, also when its allocator and everything else is gone; what it needs of
 * the device stays open as long.
 *
 * Threads: any, for all calls. Memory may be freed by another thread than the one that allocated it,
 * but not while somebody uses what is in it.
 */

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An allocator. It is counted, and gone when nobody has it. */
struct acceldev_ov_allocator;

/** In place of a bank: memory of the host. */
#define ACCELDEV_OV_HOST (-1)

/**
 * Handles are the addresses of the memory, for programs that use them as such. They are checked all the
 * same, but one that was freed is valid again when the address is in use again. Other handles are no
 * addresses, and none comes twice before 2^21 others were at the same place.
 */
#define ACCELDEV_OV_POINTERS (1u << 0)

/** What acceldev_ov_lock() is for; the numbers of InferenceEngine::LockOp. */
#define ACCELDEV_OV_READ  0 /**< to read what the device has written */
#define ACCELDEV_OV_WRITE 1 /**< to write, or to read and write */

/**
 * Make an allocator.
 *
 * @param spec  NULL: ordinary memory, that no device reaches. Else a device, BUS:ADDRESS[,key=value...];
 *              it is opened unless it is open, and closed when neither an allocator nor memory needs
 *              it.
 * @param bank  ACCELDEV_OV_HOST, or the bank of the device where the memory lies, from 0. The host then
 *              has a view of it, and acceldev_ov_lock() and acceldev_ov_unlock() move the bytes.
 * @param flags  0 or ACCELDEV_OV_POINTERS
 * @param[out] allocator  the caller's, to put; untouched on failure
 * @retval 0 success
 * @retval -EINVAL allocator is NULL, an unknown flag is set, or there is no such bank
 * @retval -ENOMEM no memory
 * @return other negative errno when the device cannot be opened; the log tells why
 */
int acceldev_ov_create(const char *spec, int bank, unsigned int flags,
		struct acceldev_ov_allocator **allocator);

/** Count once more who has an allocator. NULL is a no-op. */
void acceldev_ov_hold(struct acceldev_ov_allocator *allocator);

/** Let go of an allocator; its memory stays. NULL is a no-op. */
void acceldev_ov_put(struct acceldev_ov_allocator *allocator);

/** Whether two allocators get memory from the same place. Neither is NULL. */
bool acceldev_ov_equal(const struct acceldev_ov_allocator *a,
		const struct acceldev_ov_allocator *b);

/**
 * Allocate memory. Its content is undefined.
 *
 * @param size   bytes; 0 gives memory too
 * @param align  power of two; 0 means 64, smaller values are raised to it. Up to 2 MiB for a device.
 * @return handle; NULL when there is no memory, allocator is NULL, or align is none
 */
void *acceldev_ov_alloc(struct acceldev_ov_allocator *allocator, size_t size, size_t align);

/**
 * Free memory. What a lock was open for is over.
 *
 * @param handle  NULL is a no-op
 * @return whether handle was NULL or that of memory
 */
bool acceldev_ov_free(void *handle);

/**
 * Get the address of memory, to read or write it. It is the same as long as the memory lives. There may
 * be any number of locks on one handle, from any thread; they keep nobody out.
 *
 * In memory of the host nothing happens. Of memory in a bank the host's view is brought up to date,
 * for writing too, because whoever writes some bytes wants to keep the others. What the host has written
 * in the view under a lock for writing is sent to the bank first, so that it is never lost.
 *
 * @param op  ACCELDEV_OV_READ or ACCELDEV_OV_WRITE; other numbers count as the latter
 * @return address; NULL when handle is that of no memory, or the bytes could not be moved, which is
 *         logged
 */
void *acceldev_ov_lock(void *handle, int op);

/**
 * Say that reading or writing is over. In memory of the host nothing happens. Of memory in a bank that was
 * locked for writing the view is sent to the bank. If that fails, it is logged, and done by the next call.
 *
 * Locks without an unlock, and unlocks without a lock, are allowed: the view is sent at the first
 * unlock after a lock for writing, and by further ones as long as fewer have come than locks. A device
 * may write the bank when the view was sent and nobody reads or writes it.
 *
 * @param handle  anything; what is no handle, such as an address from acceldev_ov_lock(), is ignored
 */
void acceldev_ov_unlock(void *handle);

#ifdef __cplusplus
}
#endif

#endif
