/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_memory.h>

#include "health.h"

/* What can be asked about a device. */

static void
fill_space(struct accel_dev_internal *slot, struct accel_dev_info *info)
{
	struct iospace_stats stats;

	iospace_stats_get(slot->ios, &stats);
	info->iova_mode = stats.placement == IOSPACE_PLACE_VA ? ACCEL_IOVA_VA : ACCEL_IOVA_ALLOC;
	info->iova_first = stats.usable.first;
	info->iova_last = stats.usable.last;
	info->page_sizes = stats.page_sizes;
	info->maps = stats.maps;
	info->maps_left = stats.maps_left;
	info->mapped_bytes = stats.bytes;
	info->eal_bytes = stats.eal_bytes;
	info->eal_missed = eal_map_missed(&slot->space->heap.eal_map);
}

void
dev_info_fill(struct accel_dev_internal *slot, struct accel_dev_info *info)
{
	const struct bus_id *id = &slot->bus->id;

	*info = slot->limits;
	snprintf(info->name, sizeof(info->name), "%s", slot->data.name);
	snprintf(info->driver, sizeof(info->driver), "%s", slot->data.driver);
	info->state = slot->data.state;
	info->health = health_get(slot);
	info->socket = slot->data.socket;
	info->nb_qps = slot->data.nb_qps;
	if (slot->lends_service)
		info->max_qps = info->nb_qps = 0;
	info->nb_banks = slot->nb_banks;
	info->nb_afus = slot->nb_afus;
	info->pci_id = (struct accel_pci_id){ id->vendor, id->device, id->subsystem_vendor,
		id->subsystem_device };
	info->live_bufs = heap_live(&slot->space->heap, slot->data.dev_id);
	fill_space(slot, info);
}

int
accel_dev_info_get(uint16_t dev_id, struct accel_dev_info *info)
{
	struct accel_dev_internal *slot;

	if (info == NULL) {
		ACCEL_LOG(ERR, device, "device %u: info is NULL: pass a struct to fill in", dev_id);
		return -EINVAL;
	}
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	dev_info_fill(slot, info);
	dev_unlock(slot);
	return 0;
}

int
accel_dev_socket_id(uint16_t dev_id)
{
	int socket = SOCKET_ID_ANY;

	if (dev_id >= ACCEL_MAX_DEVS)
		return socket;
	pthread_mutex_lock(&dev_slots[dev_id].lock);
	if (dev_slots[dev_id].open)
		socket = dev_slots[dev_id].data.socket;
	pthread_mutex_unlock(&dev_slots[dev_id].lock);
	return socket;
}

/*
 * Counters
 */

static uint64_t
read_counter(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void
read_stats(const struct accel_qp *qp, struct accel_qp_stats *stats)
{
	stats->enqueued = read_counter(&qp->stats.enqueued);
	stats->dequeued = read_counter(&qp->stats.dequeued);
	stats->errors = read_counter(&qp->stats.errors);
	stats->bytes = read_counter(&qp->stats.bytes);
	stats->rejected = read_counter(&qp->stats.rejected);
	memset(stats->reserved, 0, sizeof(stats->reserved));
}

static void
subtract(struct accel_qp_stats *stats, const struct accel_qp_stats *base)
{
	stats->enqueued -= base->enqueued;
	stats->dequeued -= base->dequeued;
	stats->errors -= base->errors;
	stats->bytes -= base->bytes;
	stats->rejected -= base->rejected;
}

void
qp_stats_read(const struct accel_dev_internal *slot, uint16_t qp_id, struct accel_qp_stats *stats)
{
	read_stats(slot->qps[qp_id], stats);
	subtract(stats, &slot->base[qp_id]);
}

void
qp_stats_restart(struct accel_dev_internal *slot, uint16_t qp_id)
{
	/* The queue pair's thread goes on counting: what there is now is taken off later. */
	read_stats(slot->qps[qp_id], &slot->base[qp_id]);
}

/* The slot, locked, of a queue pair that is set up; else the error. */
static int
lock_qp(uint16_t dev_id, uint16_t qp_id, struct accel_dev_internal **slot_out)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret = 0;

	if (slot == NULL)
		return -ENODEV;
	if (qp_id >= ACCEL_MAX_QPS || (slot->data.nb_qps != 0 && qp_id >= slot->data.nb_qps))
		ret = -EINVAL;
	else if (slot->qps[qp_id] == NULL)
		ret = -EPERM;
	if (ret != 0) {
		ACCEL_LOG(ERR, device, "%s: queue pair %u is not set up; it has %u", slot->data.name,
				qp_id, slot->data.nb_qps);
		dev_unlock(slot);
		return ret;
	}
	*slot_out = slot;
	return 0;
}

int
accel_qp_stats_get(uint16_t dev_id, uint16_t qp_id, struct accel_qp_stats *stats)
{
	struct accel_dev_internal *slot;
	int ret;

	if (stats == NULL) {
		ACCEL_LOG(ERR, device, "device %u: stats is NULL: pass a struct to fill in", dev_id);
		return -EINVAL;
	}
	ret = lock_qp(dev_id, qp_id, &slot);
	if (ret != 0)
		return ret;
	qp_stats_read(slot, qp_id, stats);
	dev_unlock(slot);
	return 0;
}

int
accel_qp_stats_reset(uint16_t dev_id, uint16_t qp_id)
{
	struct accel_dev_internal *slot;
	int ret = lock_qp(dev_id, qp_id, &slot);

	if (ret != 0)
		return ret;
	qp_stats_restart(slot, qp_id);
	dev_unlock(slot);
	return 0;
}

/*
 * The I/O space
 */

int
accel_dev_map_next(uint16_t dev_id, uint64_t iova, struct accel_map *map)
{
	struct accel_dev_internal *slot;
	struct iospace_entry entry;
	int ret;

	if (map == NULL) {
		ACCEL_LOG(ERR, device, "device %u: map is NULL: pass a struct to fill in", dev_id);
		return -EINVAL;
	}
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = iospace_next(slot->ios, iova, &entry);
	dev_unlock(slot);
	if (ret != 0)
		return ret;
	memset(map, 0, sizeof(*map));
	map->va = entry.va;
	map->iova = entry.iova;
	map->len = entry.len;
	map->readable = (entry.access & IOSPACE_READ) != 0;
	map->writable = (entry.access & IOSPACE_WRITE) != 0;
	return 0;
}

int
accel_dev_virt2iova(uint16_t dev_id, const void *va, size_t len, uint64_t *iova)
{
	const struct iospace *ios;

	if (iova == NULL || len == 0 || (uintptr_t)va > UINTPTR_MAX - (len - 1))
		return -EINVAL;
	if (dev_id >= ACCEL_MAX_DEVS)
		return -ENODEV;
	ios = __atomic_load_n(&dev_slots[dev_id].ios, __ATOMIC_ACQUIRE);
	if (ios == NULL)
		return -ENODEV;
	return iospace_va2iova(ios, va, len, iova) == 0 ? 0 : -ENOENT;
}
