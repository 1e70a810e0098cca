/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "xstats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


/*
 * Names
 */

static const char *const counter_names[] = {
	"enqueued", "dequeued", "errors", "bytes", "rejected",
};

static const char *const state_names[] = {
	"maps", "maps_left", "mapped_bytes", "live_bufs", "arenas", "arena_bytes", "eal_bytes",
	"eal_missed",
};

#define COUNTERS (sizeof(counter_names) / sizeof(counter_names[0]))
#define STATES   (sizeof(state_names) / sizeof(state_names[0]))

_Static_assert(ACCEL_XSTATS_DRIVER_MAX + STATES + (ACCEL_MAX_QPS + 1) * COUNTERS < UINT16_MAX,
		"numbers of statistics are small");

static bool
wanted(const struct xstats_part *part, unsigned int id)
{
	return id >= part->first && id - part->first < part->n;
}

static void
put_name(const struct xstats_part *part, unsigned int id, const char *prefix, const char *name)
{
	if (part->names != NULL && wanted(part, id))
		snprintf(part->names[id - part->first].name, ACCEL_XSTAT_NAME_LEN, "%s%s", prefix, name);
}

static void
put_value(const struct xstats_part *part, unsigned int id, uint64_t value)
{
	if (part->xstats != NULL && wanted(part, id))
		part->xstats[id - part->first] = (struct accel_xstat){ .id = id, .value = value };
}

/*
 * Groups: each takes ids from one on, and tells the first behind its own
 */

static unsigned int
read_counters(const struct xstats_part *part, unsigned int id, const char *prefix,
		const struct accel_qp_stats *stats)
{
	const uint64_t values[COUNTERS] = {
		stats->enqueued, stats->dequeued, stats->errors, stats->bytes, stats->rejected,
	};
	unsigned int i;

	for (i = 0; i < COUNTERS; i++, id++) {
		put_name(part, id, prefix, counter_names[i]);
		put_value(part, id, values[i]);
	}
	return id;
}

static void
get_qp(struct accel_dev_internal *slot, unsigned int qp_id, struct accel_qp_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	if (slot->qps[qp_id] != NULL)
		qp_stats_read(slot, (uint16_t)qp_id, stats);
}

void
xstats_sum(struct accel_dev_internal *slot, struct accel_qp_stats *sum)
{
	struct accel_qp_stats stats;
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < slot->data.nb_qps; i++) {
		get_qp(slot, i, &stats);
		sum->enqueued += stats.enqueued;
		sum->dequeued += stats.dequeued;
		sum->errors += stats.errors;
		sum->bytes += stats.bytes;
		sum->rejected += stats.rejected;
	}
}

void
xstats_arenas(struct accel_dev_internal *slot, uint64_t *arenas, uint64_t *bytes)
{
	struct heap *heap = &slot->space->heap;
	const struct arena *arena;
	unsigned int i;

	*arenas = 0;
	*bytes = 0;
	pthread_mutex_lock(&heap->lock);
	for (i = 0; i < HEAP_CLASSES; i++) {
		for (arena = heap->classes[i].arenas; arena != NULL; arena = arena->next)
			(*arenas)++;
		*bytes += heap->classes[i].bytes;
	}
	pthread_mutex_unlock(&heap->lock);
}

/* In the order of state_names. */
static void
get_states(struct accel_dev_internal *slot, uint64_t values[STATES])
{
	struct accel_dev_info info;

	dev_info_fill(slot, &info);
	*values++ = info.maps;
	*values++ = info.maps_left;
	*values++ = info.mapped_bytes;
	*values++ = info.live_bufs;
	xstats_arenas(slot, &values[0], &values[1]);
	values += 2;
	*values++ = info.eal_bytes;
	*values++ = info.eal_missed;
}

static unsigned int
read_states(const struct xstats_part *part, unsigned int id, struct accel_dev_internal *slot)
{
	uint64_t values[STATES];
	unsigned int i;

	get_states(slot, values);
	for (i = 0; i < STATES; i++, id++) {
		put_name(part, id, "", state_names[i]);
		put_value(part, id, values[i]);
	}
	return id;
}

static unsigned int
read_driver(const struct xstats_part *part, unsigned int id, struct accel_dev_internal *slot)
{
	struct accel_xstat_name names[ACCEL_XSTATS_DRIVER_MAX];
	uint64_t values[ACCEL_XSTATS_DRIVER_MAX] = { 0 };
	int n, i;

	if (slot->dev.ops->xstats == NULL)
		return id;
	memset(names, 0, sizeof(names));
	n = slot->dev.ops->xstats(&slot->dev, part->names != NULL ? names : NULL,
			part->xstats != NULL ? values : NULL, ACCEL_XSTATS_DRIVER_MAX);
	if (n > ACCEL_XSTATS_DRIVER_MAX)
		n = ACCEL_XSTATS_DRIVER_MAX;
	for (i = 0; i < n; i++, id++) {
		names[i].name[ACCEL_XSTAT_NAME_LEN - 1] = 0;
		if (part->names != NULL && wanted(part, id))
			part->names[id - part->first] = names[i];
		put_value(part, id, values[i]);
	}
	return id;
}

static unsigned int
read_qps(const struct xstats_part *part, unsigned int id, struct accel_dev_internal *slot)
{
	struct accel_qp_stats stats;
	char prefix[16];
	unsigned int i;

	for (i = 0; i < slot->data.nb_qps; i++) {
		get_qp(slot, i, &stats);
		snprintf(prefix, sizeof(prefix), "qp%u_", i);
		id = read_counters(part, id, prefix, &stats);
	}
	return id;
}

unsigned int
xstats_read(struct accel_dev_internal *slot, const struct xstats_part *part)
{
	struct accel_qp_stats sum;
	unsigned int id;

	xstats_sum(slot, &sum);
	id = read_counters(part, 0, "", &sum);
	id = read_states(part, id, slot);
	id = read_driver(part, id, slot);
	return read_qps(part, id, slot);
}

/*
 * The calls of accel_xstats.h
 */

static int
read_locked(uint16_t dev_id, const struct xstats_part *part)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	unsigned int total;

	if (slot == NULL)
		return -ENODEV;
	total = xstats_read(slot, part);
	dev_unlock(slot);
	return (int)total;
}

int
accel_xstats_get_names(uint16_t dev_id, struct accel_xstat_name *names, unsigned int n)
{
	const struct xstats_part part = { .n = n, .names = names };

	if (names == NULL && n != 0) {
		ACCEL_LOG(ERR, device, "device %u: names is NULL: pass an array, or n = 0", dev_id);
		return -EINVAL;
	}
	return read_locked(dev_id, &part);
}

int
accel_xstats_get(uint16_t dev_id, struct accel_xstat *xstats, unsigned int n)
{
	const struct xstats_part part = { .n = n, .xstats = xstats };

	if (xstats == NULL && n != 0) {
		ACCEL_LOG(ERR, device, "device %u: xstats is NULL: pass an array, or n = 0", dev_id);
		return -EINVAL;
	}
	return read_locked(dev_id, &part);
}

/* All names of a device in an array from malloc(), as many as there are at one moment. */
static int
copy_names(uint16_t dev_id, struct accel_xstat_name **names_out)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	struct xstats_part part = { 0 };

	if (slot == NULL)
		return -ENODEV;
	part.n = xstats_read(slot, &part);
	part.names = calloc(part.n, sizeof(*part.names));
	if (part.names != NULL)
		xstats_read(slot, &part);
	dev_unlock(slot);
	*names_out = part.names;
	if (part.names != NULL)
		return (int)part.n;
	ACCEL_LOG(ERR, device, "device %u: no memory for the names of statistics", dev_id);
	return -ENOMEM;
}

int
accel_xstats_get_id(uint16_t dev_id, const char *name, uint64_t *id)
{
	struct accel_xstat_name *names;
	int i, n;

	if (name == NULL || id == NULL) {
		ACCEL_LOG(ERR, device, "device %u: name or id is NULL", dev_id);
		return -EINVAL;
	}
	n = copy_names(dev_id, &names);
	if (n < 0)
		return n;
	for (i = 0; i < n && strcmp(names[i].name, name) != 0; i++)
		;
	free(names);
	if (i == n)
		return -ENOENT;
	*id = (uint64_t)i;
	return 0;
}

int
accel_xstats_reset(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	unsigned int i;

	if (slot == NULL)
		return -ENODEV;
	for (i = 0; i < slot->data.nb_qps; i++) {
		if (slot->qps[i] != NULL)
			qp_stats_restart(slot, (uint16_t)i);
	}
	dev_unlock(slot);
	return 0;
}
