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
 * Threads: health_fail(), health_remove() and health_release() any, without a device's lock; the
 * others with it.
 */

#include "dev_slot.h"

/** Begin with a device that is ready. */
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

/** A reset made it ready again. Whether that changed anything. */
bool health_recover(struct accel_dev_internal *slot);

/** 0, or -ENODEV, logged, when the device was removed. */
int health_refuse_removed(const struct accel_dev_internal *slot, const char *what);

#endif
