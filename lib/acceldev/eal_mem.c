/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "eal_mem.h"

#include <errno.h>

#include <acceldev/accel_eal.h>
#include <eal_glue/eal_heap.h>

/* EAL's memory for a device, and a device's memory for EAL. */

static struct heap_user *
user_of(struct accel_dev_internal *slot)
{
	return &slot->space->heap.users[slot->data.dev_id];
}

/*
 * EAL's heap, mapped
 */

static int
map_eal(struct accel_dev_internal *slot)
{
	struct heap_user *user = user_of(slot);
	struct heap *heap = &slot->space->heap;
	int ret;

	if (user->maps_eal) {
		ACCEL_LOG(ERR, device, "%s: EAL's memory is mapped already: once is enough, until "
				"it is closed", slot->data.name);
		return -EALREADY;
	}
	ret = eal_map_begin(&heap->eal_map, heap->ios, heap->name);
	user->maps_eal = ret == 0;
	return ret;
}

int
accel_dev_map_eal(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = map_eal(slot);
	dev_unlock(slot);
	return ret;
}

/*
 * A heap of the device's own
 */

static int
create_heap(struct accel_dev_internal *slot, size_t bytes)
{
	struct heap_user *user = user_of(slot);
	struct heap *heap = &slot->space->heap;
	struct eal_heap_conf conf = {
		.name = slot->data.name,
		.ios = heap->ios,
		.mem = { .len = bytes, .socket = slot->data.socket },
	};
	int ret;

	if (bytes == 0) {
		ACCEL_LOG(ERR, device, "%s: an EAL heap of 0 bytes: ask for more", slot->data.name);
		return -EINVAL;
	}
	if (user->eal_heap != NULL) {
		ACCEL_LOG(ERR, device, "%s: it has an EAL heap already, socket %d: use that, "
				"or destroy it first", slot->data.name,
				eal_heap_socket(user->eal_heap));
		return -EALREADY;
	}
	heap_backing(heap, true, &conf.mem);
	ret = eal_heap_create(&conf, &user->eal_heap);
	return ret == 0 ? eal_heap_socket(user->eal_heap) : ret;
}

int
accel_dev_heap_create(uint16_t dev_id, size_t bytes)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = create_heap(slot, bytes);
	dev_unlock(slot);
	return ret;
}

static int
log_busy(const struct accel_dev_internal *slot, const struct eal_heap *heap, const char *what)
{
	ACCEL_LOG(ERR, device, "%s: cannot %s while its EAL heap (socket %d) has %u allocations: "
			"free the mempools and memzones first", slot->data.name, what,
			eal_heap_socket(heap), eal_heap_used(heap));
	return -EBUSY;
}

static int
end_heap(struct accel_dev_internal *slot, const char *what)
{
	struct heap_user *user = user_of(slot);

	if (eal_heap_used(user->eal_heap) != 0 || eal_heap_destroy(user->eal_heap) != 0)
		return log_busy(slot, user->eal_heap, what);
	user->eal_heap = NULL;
	return 0;
}

static int
destroy_heap(struct accel_dev_internal *slot)
{
	if (user_of(slot)->eal_heap != NULL)
		return end_heap(slot, "destroy the heap");
	ACCEL_LOG(ERR, device, "%s: it has no EAL heap: nothing to destroy", slot->data.name);
	return -ENOENT;
}

int
accel_dev_heap_destroy(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = destroy_heap(slot);
	dev_unlock(slot);
	return ret;
}

/*
 * Close
 */

bool
eal_mem_busy(struct accel_dev_internal *slot)
{
	const struct eal_heap *heap = user_of(slot)->eal_heap;

	if (heap == NULL || eal_heap_used(heap) == 0)
		return false;
	log_busy(slot, heap, "close");
	return true;
}

int
eal_mem_close(struct accel_dev_internal *slot)
{
	int ret = user_of(slot)->eal_heap != NULL ? end_heap(slot, "close") : 0;

	if (ret != 0)
		heap_reattach(&slot->space->heap, slot->data.dev_id);
	return ret;
}
