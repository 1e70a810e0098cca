/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef WATCH_H
#define WATCH_H

/**
 * @file
 * The control thread: waits for the ERR and REQ interrupts of all devices, changes their health,
 * and runs the application's callbacks. It takes no device's lock, because who has one may wait for
 * the control thread, in watch_end().
 */

#include <acceldev/accel_event.h>

#include "dev_slot.h"

/** Have the control thread run: 0 or negative errno, logged. Each is ended by control_put(). */
int control_get(void);

/**
 * No longer need it. When nobody does, wait for its end, or let it end by itself: who holds a
 * device's lock must not wait. The control thread never waits for itself.
 */
void control_put(bool wait);

/** Whether this is the control thread. */
bool control_is_self(void);

/** Watch a device whose bus tells of errors or removal: 0 or negative errno, logged. */
int watch_begin(struct accel_dev_internal *slot);

/**
 * End that; waits until the control thread does nothing to the device. Returns whether the caller
 * must control_put() when it has let go of the device's lock.
 */
bool watch_end(struct accel_dev_internal *slot);

/** Have the control thread tell the application of turns to an error and back. Any thread. */
void watch_tell(void);

/** Call the callbacks for an event. The control thread only. */
void event_deliver(uint16_t dev_id, uint32_t serial, enum accel_event event);

/** Drop the callbacks of a device that was closed; waits until they have returned. */
void event_drop(uint16_t dev_id, uint32_t serial);

#endif
