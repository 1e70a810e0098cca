/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dev_slot.h"

RTE_LOG_REGISTER(accel_logtype_device, acceldev.device, NOTICE);

struct accel_dev_internal dev_slots[ACCEL_MAX_DEVS];

/* Order: a slot's lock, then this one. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned int process;

static void
note_child(void)
{
	process++;
}

unsigned int
dev_process(void)
{
	return process;
}

static void __attribute__((constructor))
init_slots(void)
{
	unsigned int i;

	pthread_atfork(NULL, NULL, note_child);

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		pthread_mutex_init(&dev_slots[i].lock, NULL);
		pthread_mutex_init(&dev_slots[i].bank_lock, NULL);
		pthread_mutex_init(&dev_slots[i].health_lock, NULL);
		dev_slots[i].dev.dev_id = (uint16_t)i;
		dev_slots[i].data.dev_id = (uint16_t)i;
	}
}

int
dev_log_none(uint16_t dev_id)
{
	ACCEL_LOG(ERR, device, "device %u is not open: probe it first", dev_id);
	return -ENODEV;
}

struct accel_dev_internal *
dev_lock_quiet(uint16_t dev_id)
{
	struct accel_dev_internal *slot;

	if (dev_id < ACCEL_MAX_DEVS) {
		slot = &dev_slots[dev_id];
		__atomic_add_fetch(&slot->waiting, 1, __ATOMIC_RELAXED);
		pthread_mutex_lock(&slot->lock);
		__atomic_sub_fetch(&slot->waiting, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(&slot->entries, 1, __ATOMIC_RELAXED);
		if (slot->open) {
			__atomic_store_n(&slot->explained, false, __ATOMIC_RELAXED);
			return slot;
		}
		pthread_mutex_unlock(&slot->lock);
	}
	return NULL;
}

struct accel_dev_internal *
dev_lock(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock_quiet(dev_id);

	if (slot == NULL)
		dev_log_none(dev_id);
	return slot;
}

void
dev_unlock(struct accel_dev_internal *slot)
{
	pthread_mutex_unlock(&slot->lock);
}

struct heap *
dev_heap(uint16_t dev_id)
{
	struct space *space = NULL;

	if (dev_id < ACCEL_MAX_DEVS)
		space = __atomic_load_n(&dev_slots[dev_id].usable, __ATOMIC_ACQUIRE);
	if (space != NULL)
		return &space->heap;
	dev_log_none(dev_id);
	return NULL;
}

/*
 * The registry
 */

static struct accel_dev_internal *
find_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		if (dev_slots[i].taken && strcmp(dev_slots[i].data.name, name) == 0)
			return &dev_slots[i];
	}
	return NULL;
}

static struct accel_dev_internal *
find_unused(void)
{
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		if (!dev_slots[i].taken)
			return &dev_slots[i];
	}
	return NULL;
}

static int
log_open_already(const struct accel_dev_internal *slot)
{
	ACCEL_LOG(ERR, device, "%s is open already as device %u: use that one, or close it",
			slot->data.name, slot->data.dev_id);
	return -EEXIST;
}

int
slot_take(const char *name, struct accel_dev_internal **slot_out)
{
	struct accel_dev_internal *slot;
	int ret = 0;

	pthread_mutex_lock(&registry_lock);
	slot = find_by_name(name);
	if (slot != NULL) {
		ret = log_open_already(slot);
	} else if ((slot = find_unused()) == NULL) {
		ret = -ENOSPC;
		ACCEL_LOG(ERR, device, "%s: all %u devices are in use: close one", name,
				ACCEL_MAX_DEVS);
	} else {
		slot->taken = true;
		snprintf(slot->data.name, sizeof(slot->data.name), "%s", name);
		*slot_out = slot;
	}
	pthread_mutex_unlock(&registry_lock);
	return ret;
}

int
slot_rename(struct accel_dev_internal *slot, const char *name)
{
	struct accel_dev_internal *other;
	int ret = 0;

	pthread_mutex_lock(&registry_lock);
	other = find_by_name(name);
	if (other != NULL && other != slot)
		ret = log_open_already(other);
	else
		snprintf(slot->data.name, sizeof(slot->data.name), "%s", name);
	pthread_mutex_unlock(&registry_lock);
	return ret;
}

void
slot_open(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&registry_lock);
	slot->open = true;
	pthread_mutex_unlock(&registry_lock);
}

void
slot_drop(struct accel_dev_internal *slot)
{
	pthread_mutex_lock(&registry_lock);
	slot->open = false;
	slot->taken = false;
	pthread_mutex_unlock(&registry_lock);
}

uint16_t
accel_dev_count(void)
{
	uint16_t i, n = 0;

	pthread_mutex_lock(&registry_lock);
	for (i = 0; i < ACCEL_MAX_DEVS; i++)
		n += dev_slots[i].open;
	pthread_mutex_unlock(&registry_lock);
	return n;
}

int
accel_dev_next(uint16_t dev_id)
{
	unsigned int i;

	pthread_mutex_lock(&registry_lock);
	for (i = dev_id; i < ACCEL_MAX_DEVS && !dev_slots[i].open; i++)
		;
	pthread_mutex_unlock(&registry_lock);
	return i < ACCEL_MAX_DEVS ? (int)i : -ENODEV;
}

int
accel_dev_by_name(const char *name)
{
	struct accel_dev_internal *slot;
	int ret = -ENODEV;

	if (name == NULL)
		return -EINVAL;
	pthread_mutex_lock(&registry_lock);
	slot = find_by_name(name);
	if (slot != NULL && slot->open)
		ret = slot->data.dev_id;
	pthread_mutex_unlock(&registry_lock);
	return ret;
}
