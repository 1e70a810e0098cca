/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HEALTH_H
#define HEALTH_H

/**
 * @file
 * What becomes of a device that reports an error or is removed:
 *
 *     ready --> error --> removing --> gone
 *       ^---------'  reset
 *
 * Threads: health_begin(), health_begin_reset(), health_end_reset(), health_let_work() and
 * health_recover() with the device's lock, the others any, without it or with it.
 */

#include <acceldev/accel_event.h>

#include "dev_slot.h"

/** Begin a probe, with a device that is ready. */
void health_begin(struct accel_dev_internal *slot);

static inline enum accel_dev_health
health_get(const struct accel_dev_internal *slot)
{
	return __atomic_load_n(&slot->health, __ATOMIC_ACQUIRE);
}

/** The device reported an error. Whether that changed anything. */
bool health_fail(struct accel_dev_internal *slot);

/** The kernel wants the device back: keep it from memory. Whether that changed anything. */
bool health_remove(struct accel_dev_internal *slot);

/** Give it back. Whether that changed anything. */
bool health_release(struct accel_dev_internal *slot);

/**
 * Switch bus mastering for the driver: 0 or negative errno, not logged. On only while the device is
 * ready, or between the next two.
 */
int health_set_master(struct accel_dev_internal *slot, bool on);

/** A reset begins, with bus mastering off; and has ended: one that failed leaves an error. */
void health_begin_reset(struct accel_dev_internal *slot);
void health_end_reset(struct accel_dev_internal *slot, bool worked);

/** Let a device that was probed reach memory, unless it failed: 0 or negative errno, logged. */
int health_let_work(struct accel_dev_internal *slot);

/** A reset made it ready again: let it reach memory. 0 or negative errno, logged. */
int health_recover(struct accel_dev_internal *slot);

/**
 * The next time that the device turned to an error or became ready again, which the application was
 * not told of, in order; false when there is none. The control thread only.
 */
bool health_next_turn(struct accel_dev_internal *slot, uint32_t *serial, enum accel_event *event);

/** Nobody wants to be told of those until now. */
void health_forget_turns(struct accel_dev_internal *slot);

/** 0, or -ENODEV, logged, when the device was removed. */
int health_refuse_removed(const struct accel_dev_internal *slot, const char *what);

#endif
