/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "health.h"

#include <errno.h>

#include "watch.h"

/*
 * The health changes first, then bus mastering goes off: a driver that sees a transfer end and the
 * device ready after that knows that the transfer was whole. Ops come back only when both are done,
 * so that nobody writes to their memory any more. The device's health_lock is held.
 */
static bool
set_health(struct accel_dev_internal *slot, enum accel_dev_health from_last,
		enum accel_dev_health to)
{
	if (slot->health > from_last || slot->health == to)
		return false;
	__atomic_store_n(&slot->health, to, __ATOMIC_SEQ_CST);
	if (to <= ACCEL_DEV_ERROR)
		slot->turns++;
	fp_set_health(slot);
	return true;
}

void
health_begin(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&slot->health_lock);
	__atomic_add_fetch(&slot->serial, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->health, ACCEL_DEV_READY, __ATOMIC_RELEASE);
	slot->turns = 0;
	slot->told = 0;
	fp_set_quiet(slot, false);
	pthread_mutex_unlock(&slot->health_lock);
}

/* In one go: bus mastering must not go off after a reset has made the device ready again. */
static bool
stop_working(struct accel_dev_internal *slot, enum accel_dev_health from_last,
		enum accel_dev_health to)
{
	bool changes;

	pthread_mutex_lock(&slot->health_lock);
	changes = set_health(slot, from_last, to);
	if (changes) {
		dev_set_master(slot, false);
		fp_set_quiet(slot, true);
	}
	pthread_mutex_unlock(&slot->health_lock);
	return changes;
}

bool
health_fail(struct accel_dev_internal *slot)
{
	if (!stop_working(slot, ACCEL_DEV_READY, ACCEL_DEV_ERROR))
		return false;
	ACCEL_LOG(ERR, device, "%s: reported an error and takes no ops: stop and reset it, or close it "
			"and probe again", slot->data.name);
	watch_tell();
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
	bool changes;

	if (slot->bus->ops->release != NULL)
		slot->bus->ops->release(slot->bus);
	pthread_mutex_lock(&slot->health_lock);
	changes = set_health(slot, ACCEL_DEV_REMOVING, ACCEL_DEV_GONE);
	pthread_mutex_unlock(&slot->health_lock);
	return changes;
}

int
health_set_master(struct accel_dev_internal *slot, bool on)
{
	int ret = 0;

	pthread_mutex_lock(&slot->health_lock);
	if (on && slot->health >= ACCEL_DEV_REMOVING)
		ret = -ENODEV;
	else if (on && slot->health == ACCEL_DEV_ERROR && !slot->resetting)
		ret = -EIO;
	if (ret == 0)
		ret = bus_set_master(slot->bus, on);
	pthread_mutex_unlock(&slot->health_lock);
	return ret;
}

void
health_begin_reset(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&slot->health_lock);
	slot->resetting = true;
	dev_set_master(slot, false);
	pthread_mutex_unlock(&slot->health_lock);
}

/* The reason of a failure is logged by who met it. */
void
health_end_reset(struct accel_dev_internal *slot, bool worked)
{
	pthread_mutex_lock(&slot->health_lock);
	slot->resetting = false;
	if (!worked && slot->health == ACCEL_DEV_ERROR)
		dev_set_master(slot, false); /* the driver may have switched it on */
	pthread_mutex_unlock(&slot->health_lock);
	if (!worked && stop_working(slot, ACCEL_DEV_READY, ACCEL_DEV_ERROR))
		watch_tell();
}

int
health_let_work(struct accel_dev_internal *slot)
{
	int ret = 0;

	pthread_mutex_lock(&slot->health_lock);
	if (slot->health == ACCEL_DEV_READY)
		ret = dev_set_master(slot, true);
	pthread_mutex_unlock(&slot->health_lock);
	return ret;
}

int
health_recover(struct accel_dev_internal *slot)
{
	bool changes = false, removed;
	int ret = 0;

	pthread_mutex_lock(&slot->health_lock);
	removed = slot->health >= ACCEL_DEV_REMOVING;
	if (!removed)
		ret = dev_set_master(slot, true);
	if (!removed && ret == 0) {
		fp_set_quiet(slot, false);
		changes = set_health(slot, ACCEL_DEV_ERROR, ACCEL_DEV_READY);
	}
	pthread_mutex_unlock(&slot->health_lock);
	if (changes)
		watch_tell();
	return removed ? health_refuse_removed(slot, "reset") : ret;
}

bool
health_next_turn(struct accel_dev_internal *slot, uint32_t *serial, enum accel_event *event)
{
	bool more;

	pthread_mutex_lock(&slot->health_lock);
	more = slot->told != slot->turns;
	if (more)
		*event = ++slot->told % 2 != 0 ? ACCEL_EVENT_ERROR : ACCEL_EVENT_READY;
	*serial = slot->serial;
	pthread_mutex_unlock(&slot->health_lock);
	return more;
}

void
health_forget_turns(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&slot->health_lock);
	slot->told = slot->turns;
	pthread_mutex_unlock(&slot->health_lock);
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
