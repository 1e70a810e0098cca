/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_CTX_H
#define ACCEL_CTX_H

/**
 * @file
 * Contexts: devices that live as long as somebody needs them. For programs, and front-ends, whose
 * parts share a device and know nothing of each other.
 *
 * There is one context for a device. It is counted: by whoever got it or holds it, and by each
 * buffer that was allocated from it. When the last of them is gone the device is stopped and
 * closed, on the thread that did it. So a buffer may be freed by any thread, after everybody else
 * has let go.
 *
 * Programs (accel_program.h) and other things of a device that are not counted must be gone by
 * then. With a program that is still loaded the device cannot be closed, which is logged: it stays
 * open, stopped, and whoever gets its context again may unload the program, and put the context.
 *
 * A device that a context has started has one queue pair, which is for whoever shares the context.
 * If its only queue pair is needed for accel_buf_sync(), that has it: the device is then as one
 * without.
 *
 * A device that the application has probed itself stays the application's: a context of it neither
 * configures nor starts nor closes it.
 *
 * Threads: any. In a child of fork() nothing is closed: the devices are the parent's.
 */

#include <stddef.h>
#include <stdint.h>

#include <acceldev/accel_buf.h>

#ifdef __cplusplus
extern "C" {
#endif

struct accel_ctx;

/**
 * Get the context of a device. If there is none, the device is probed; one that has queue pairs is
 * configured with one of them and started. EAL is initialised first when nobody has, see
 * accel_auto_init(). While another thread closes the device this waits until it is closed, and
 * closing waits for callbacks of the device's events: such a callback must not get a context of its
 * own device.
 *
 * @param spec  as accel_dev_probe(). Of a device that is open already only the name counts, the
 *              part before the first comma: as accel_dev_info::name has it, or as the context was
 *              got.
 * @param[out] ctx  the caller's to put; untouched on failure
 * @retval 0 success
 * @retval -EINVAL ctx or spec is NULL
 * @retval -ENOMEM no memory
 * @return other negative errno from accel_auto_init(), accel_dev_probe() and accel_dev_start(),
 *         logged
 */
int accel_ctx_get(const char *spec, struct accel_ctx **ctx);

/** Count once more who has a context. NULL is a no-op. */
void accel_ctx_hold(struct accel_ctx *ctx);

/** Let go of a context. NULL is a no-op. The caller uses it no longer. */
void accel_ctx_put(struct accel_ctx *ctx);

/** The device of a context: its id is valid as long as the caller has the context. */
uint16_t accel_ctx_dev_id(const struct accel_ctx *ctx);

/**
 * Allocate a buffer that has its context: as accel_buf_alloc(). accel_buf_free() lets go of it.
 *
 * @param len,align,flags,buf  as accel_buf_alloc()
 * @return 0 or negative errno as accel_buf_alloc()
 * @retval -EINVAL also when ctx is NULL
 */
int accel_ctx_buf_alloc(struct accel_ctx *ctx, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf);

#ifdef __cplusplus
}
#endif

#endif
