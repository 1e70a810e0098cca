/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "health.h"

#include <errno.h>

#include "watch.h"

/*
 * The health changes first, then bus mastering goes off: a driver that sees a transfer end and the
 * device ready after that knows that the transfer was whole. Ops come back only when both are done, so
 * that nobody writes to their memory any more.
 */
static bool
set_health(struct accel_dev_internal *slot, enum accel_dev_health from_last,
		enum accel_dev_health to)
{
	bool changes;

	pthread_mutex_lock(&slot->health_lock);
	changes = slot->health <= from_last && slot->health != to;
	if (changes) {
		__atomic_store_n(&slot->health, to, __ATOMIC_SEQ_CST);
		fp_set_health(slot);
	}
	pthread_mutex_unlock(&slot->health_lock);
	return changes;
}

static void
set_quiet(struct accel_dev_internal *slot, bool quiet)
{
	__atomic_store_n(&slot->quiet, quiet, __ATOMIC_RELEASE);
}

void
health_begin(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&slot->health_lock);
	__atomic_store_n(&slot->health, ACCEL_DEV_READY, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&slot->health_lock);
	set_quiet(slot, false);
}

static bool
stop_working(struct accel_dev_internal *slot, enum accel_dev_health from_last,
		enum accel_dev_health to)
{
	if (!set_health(slot, from_last, to))
		return false;
	dev_set_master(slot, false);
	set_quiet(slot, true);
	return true;
}

bool
health_fail(struct accel_dev_internal *slot)
{
	if (!stop_working(slot, ACCEL_DEV_READY, ACCEL_DEV_ERROR))
		return false;
	ACCEL_LOG(ERR, device, "%s: reported an error and takes no ops: stop and reset it, or close it "
			"and probe again; dmesg tells what the kernel knows", slot->data.name);
	watch_tell(slot, ACCEL_EVENT_ERROR);
	return true;
}

bool
health_remove(struct accel_dev_internal *slot)
{
	if (!stop_working(slot, ACCEL_DEV_ERROR, ACCEL_DEV_REMOVING))
		return false;
	ACCEL_LOG(WARNING, device, "%s: the kernel wants it back: its ops come back as removed; stop and "
			"close it", slot->data.name);
	return true;
}

bool
health_release(struct accel_dev_internal *slot)
{
	if (slot->bus->ops->release != NULL)
		slot->bus->ops->release(slot->bus);
	return set_health(slot, ACCEL_DEV_REMOVING, ACCEL_DEV_GONE);
}

bool
health_recover(struct accel_dev_internal *slot)
{
	bool changes = set_health(slot, ACCEL_DEV_ERROR, ACCEL_DEV_READY);

	if (changes) {
		set_quiet(slot, false);
		watch_tell(slot, ACCEL_EVENT_READY);
	}
	return changes;
}

int
health_refuse_removed(const struct accel_dev_internal *slot, const char *what)
{
	if (health_get(slot) < ACCEL_DEV_REMOVING)
		return 0;
	ACCEL_LOG(ERR, device, "%s: cannot %s: the device was removed; close it, and probe it when it is "
			"back", slot->data.name, what);
	return -ENODEV;
}

/*
 * For drivers
 */

enum accel_dev_health
accel_dev_health_get(const struct accel_dev *dev)
{
	return health_get(dev->internal);
}

bool
accel_dev_was_reset(const struct accel_dev *dev)
{
	return dev->internal->was_reset;
}

void
accel_dev_report_error(struct accel_dev *dev)
{
	health_fail(dev->internal);
}
