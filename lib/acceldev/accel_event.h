/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_EVENT_H
#define ACCEL_EVENT_H

/**
 * @file
 * Events: a device reports an error, the kernel wants it back, it is gone.
 *
 * What the library does by itself, at once and whatever the application is doing:
 *
 * - The device reports an error (PCIe AER, VFIO's ERR interrupt): bus mastering goes off, no op is
 *   taken any more, and what is in flight comes back with ACCEL_STATUS_DEVICE_ERROR. After
 *   accel_dev_stop(), accel_dev_reset() makes the device ready again, or accel_dev_close() ends it.
 * - The kernel wants the device back (hot unplug, unbind from vfio-pci: VFIO's REQ interrupt): bus
 *   mastering goes off, no op is taken any more, and what is in flight comes back with
 *   ACCEL_STATUS_REMOVED. When the callbacks have returned the device is given back, so that unbind
 *   does not wait for the application. From then on its registers read all ones and writes to
 *   them do nothing. Buffers stay until they are freed; stop, free and close the device, and probe
 *   it again when it is back.
 *
 * Callbacks run one at a time on the library's control thread, without any lock of the library
 * held, so they may call whatever the library has, accel_dev_close() included; none may wait for a
 * thread that waits for the control thread. The control thread runs while a device that can have
 * events is open, or a function is registered. It is one of EAL's control threads, no lcore.
 */

#include <stdint.h>

#include <acceldev/accel_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happened to a device. */
enum accel_event {
	ACCEL_EVENT_ERROR,    /**< health is ACCEL_DEV_ERROR */
	ACCEL_EVENT_REMOVING, /**< health is ACCEL_DEV_REMOVING; a last look at registers */
	ACCEL_EVENT_GONE,     /**< health is ACCEL_DEV_GONE */
	ACCEL_EVENT_READY,    /**< health is ACCEL_DEV_READY, after a reset */
};

/** In place of a dev_id: all devices, also later ones. */
#define ACCEL_DEV_ALL UINT16_MAX

/**
 * Called for an event.
 *
 * @param dev_id  its device, which another thread may have closed meanwhile
 * @param arg     as registered
 */
typedef void (*accel_event_cb_t)(uint16_t dev_id, enum accel_event event, void *arg);

/**
 * Have a function called for the events of a device. It ends with the device's close, or, for
 * ACCEL_DEV_ALL, never by itself. Any thread. An event that came before is not told again; ask for
 * accel_dev_info::health afterwards.
 *
 * @retval 0 success
 * @retval -EINVAL cb is NULL
 * @retval -ENODEV no such device, or EAL is not initialised
 * @retval -EEXIST the same function with the same arg is registered for it
 * @retval -ENOMEM no memory
 * @retval -EMFILE, -ENFILE, -EAGAIN no descriptor or no thread is left for the control thread
 */
int accel_event_register(uint16_t dev_id, accel_event_cb_t cb, void *arg);

/**
 * End that. When it returns the function does not run and will not be called; called from inside
 * that function, it returns at once.
 *
 * @retval 0 success
 * @retval -ENOENT not registered
 */
int accel_event_unregister(uint16_t dev_id, accel_event_cb_t cb, void *arg);

/** Text for an event, such as "removing"; a constant string, any thread. */
const char *accel_event_str(enum accel_event event);

/** Text for accel_dev_info::health, such as "ready"; a constant string, any thread. */
const char *accel_health_str(enum accel_dev_health health);

#ifdef __cplusplus
}
#endif

#endif
