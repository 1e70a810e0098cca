/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <rte_lcore.h>
#include <rte_memory.h>

#include "health.h"
#include "transfer.h"
#include "watch.h"
#include "eal_mem.h"

/* From a spec to a device with its driver, and back. */

/*
 * Keys that the library itself knows
 */

static const char *const common_keys[] = { "dma_bits", "driver", "iospace", "iova", "mem", "socket",
		NULL };

static int
parse_backing(const struct spec *spec, enum hugemem_backing *backing)
{
	const char *text = spec_arg(spec, "mem");
	enum hugemem_backing b;

	*backing = HUGEMEM_ANY;
	if (text == NULL)
		return 0;
	for (b = HUGEMEM_MEMZONE; b <= HUGEMEM_MEMFD; b++) {
		if (strcmp(text, hugemem_backing_str(b)) == 0) {
			*backing = b;
			return 0;
		}
	}
	ACCEL_LOG(ERR, device, "%s: mem=%s is not known: use memzone, hugetlb or memfd", spec->name,
			text);
	return -EINVAL;
}

static int
parse_socket(const struct spec *spec, int *socket)
{
	const char *text = spec_arg(spec, "socket");
	uint64_t n;

	if (text == NULL)
		return 0;
	if (spec_parse_u64(text, &n) == 0 && n < INT_MAX && dev_socket_exists((int)n)) {
		*socket = (int)n;
		return 0;
	}
	ACCEL_LOG(ERR, device, "%s: socket=%s is no NUMA node of this machine, which has %u",
			spec->name, text, rte_socket_count());
	return -EINVAL;
}

static int
parse_window(const struct spec *spec, const struct accel_driver *driver, struct space_conf *conf)
{
	const char *text = spec_arg(spec, "dma_bits");
	uint64_t bits = driver->dma_bits != 0 ? driver->dma_bits : 64;

	if (text != NULL && (spec_parse_u64(text, &bits) != 0 || bits < 20 || bits > 64)) {
		ACCEL_LOG(ERR, device, "%s: dma_bits=%s must be a number from 20 to 64", spec->name,
				text);
		return -EINVAL;
	}
	conf->attach.window.first = 0;
	conf->attach.window.last = UINT64_MAX >> (64 - bits);
	conf->window_bits = driver->dma_window_bits < bits ? driver->dma_window_bits : 0;
	return 0;
}

static int
parse_iova(const struct spec *spec, const struct accel_driver *driver, bool *alloc)
{
	const char *text = spec_arg(spec, "iova");

	/* Hardly any virtual address lies in one window. */
	*alloc = text != NULL ? strcmp(text, "alloc") == 0 : driver->dma_window_bits != 0;
	if (text == NULL || *alloc || strcmp(text, "va") == 0)
		return 0;
	ACCEL_LOG(ERR, device, "%s: iova=%s is not known: use va or alloc", spec->name, text);
	return -EINVAL;
}

static int
parse_share(const struct spec *spec, const char **share)
{
	*share = spec_arg(spec, "iospace");
	if (*share == NULL || strlen(*share) < sizeof(((struct space *)0)->name))
		return 0;
	ACCEL_LOG(ERR, device, "%s: iospace=%s is too long a name", spec->name, *share);
	return -EINVAL;
}

/*
 * Steps
 */

static const char *
get_arg(const void *ctx, const char *key)
{
	return spec_arg(ctx, key);
}

static int
open_bus(struct accel_dev_internal *slot, const struct bus *bus)
{
	const struct bus_args args = { .get = get_arg, .ctx = &slot->spec };

	return bus->open(slot->spec.name + strlen(slot->spec.bus) + 1, &args, &slot->bus);
}

/* A bus may know several ways to write an address; the device has one name. */
static int
take_name(struct accel_dev_internal *slot, const struct bus *bus)
{
	char name[ACCEL_NAME_MAX];

	snprintf(name, sizeof(name), "%s:%.*s", bus->name,
			(int)(sizeof(name) - strlen(bus->name) - 2), slot->bus->name);
	return slot_rename(slot, name);
}

static int
find_driver(struct accel_dev_internal *slot, const struct bus *bus)
{
	const struct spec *spec = &slot->spec;
	const char *name = spec_arg(spec, "driver");
	const struct bus_id *id = &slot->bus->id;

	slot->driver = driver_get(bus->name, id, name);
	if (slot->driver != NULL) {
		snprintf(slot->data.driver, sizeof(slot->data.driver), "%s", slot->driver->name);
		return 0;
	}
	if (name != NULL)
		ACCEL_LOG(ERR, device, "%s: no driver %s for bus %s is registered: check driver=, or load "
				"it with EAL's option -d", spec->name, name, bus->name);
	else
		ACCEL_LOG(ERR, device, "%s: no driver for PCI id %04x:%04x is registered: load one with "
				"EAL's option -d, or name one with driver=", spec->name, id->vendor,
				id->device);
	return -ENOENT;
}

static int
check_keys(const struct accel_dev_internal *slot, const struct bus *bus)
{
	const char *const *const lists[] = { common_keys, bus->keys, slot->bus->keys,
			slot->driver->keys };

	return spec_check_keys(&slot->spec, lists, sizeof(lists) / sizeof(lists[0]));
}

static int
join_space(struct accel_dev_internal *slot)
{
	struct space_conf conf = {
		.bus = slot->bus,
		.dev_id = slot->data.dev_id,
		.attach = { .name = slot->data.name },
		.socket = slot->bus->socket,
	};
	struct space *space;
	int ret;

	ret = parse_socket(&slot->spec, &conf.socket);
	if (ret == 0)
		ret = parse_backing(&slot->spec, &conf.backing);
	if (ret == 0)
		ret = parse_window(&slot->spec, slot->driver, &conf);
	if (ret == 0)
		ret = parse_iova(&slot->spec, slot->driver, &conf.attach.alloc_iovas);
	if (ret == 0)
		ret = parse_share(&slot->spec, &conf.share);
	if (ret == 0)
		ret = space_join(&conf, &space);
	if (ret != 0)
		return ret;
	slot->data.socket = conf.socket;
	slot->space = space;
	return 0;
}

/*
 * Buffers and look-ups find the space without the slot's lock, and only while the device is open.
 */
static void
publish_space(struct accel_dev_internal *slot, struct space *space)
{
	__atomic_store_n(&slot->ios, space != NULL ? space->ios : NULL, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->usable, space, __ATOMIC_RELEASE);
}

static void
leave_space(struct accel_dev_internal *slot)
{
	publish_space(slot, NULL);
	space_leave(slot->space, slot->bus);
	slot->space = NULL;
}

static bool
driver_is_complete(const struct accel_dev *dev)
{
	const struct accel_dev_ops *ops = dev->ops;

	return ops != NULL && ops->info_get != NULL && ops->qp_setup != NULL &&
			ops->qp_release != NULL && ops->start != NULL && ops->stop != NULL &&
			dev->enqueue != NULL && dev->dequeue != NULL;
}

static bool
is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static bool
limits_are_sane(const struct accel_dev_info *limits)
{
	if (limits->max_qps == 0 && limits->op_types == 0)
		return true; /* registers and buffers are all there is */
	return limits->max_qps > 0 && limits->max_qps <= ACCEL_MAX_QPS &&
			is_power_of_two(limits->min_depth) && is_power_of_two(limits->max_depth) &&
			limits->min_depth <= limits->max_depth && limits->op_types != 0 &&
			limits->max_op_len != 0;
}

static void
prepare_dev(struct accel_dev_internal *slot)
{
	struct accel_dev *dev = &slot->dev;

	dev->ops = NULL;
	dev->enqueue = NULL;
	dev->dequeue = NULL;
	dev->priv = NULL;
	dev->driver = slot->driver;
	dev->socket = slot->data.socket;
	dev->name = slot->data.name;
	dev->internal = slot;
	__atomic_store_n(&slot->explained, false, __ATOMIC_RELAXED);
	memset(&slot->limits, 0, sizeof(slot->limits));
	slot->has_service = false;
	slot->lends_service = false;
}

static void
detach_driver(struct accel_dev_internal *slot)
{
	if (slot->driver->remove != NULL)
		slot->driver->remove(&slot->dev);
}

static int
attach_driver(struct accel_dev_internal *slot)
{
	struct accel_dev *dev = &slot->dev;
	int ret;

	prepare_dev(slot);
	ret = slot->driver->probe(dev);
	if (ret != 0) {
		if (!__atomic_load_n(&slot->explained, __ATOMIC_RELAXED))
			ACCEL_LOG(ERR, device, "%s: driver %s refused it: %s", dev->name,
					slot->driver->name, accel_strerror(ret));
		return ret < 0 ? ret : -EIO;
	}
	if (driver_is_complete(dev)) {
		dev->ops->info_get(dev, &slot->limits);
		if (limits_are_sane(&slot->limits)) {
			service_begin(slot);
			return 0;
		}
	}
	ACCEL_LOG(ERR, device, "%s: driver %s did not set all ops, bursts and limits: mend the driver",
			dev->name, slot->driver->name);
	detach_driver(slot);
	return -EPROTO;
}

int
dev_set_master(struct accel_dev_internal *slot, bool on)
{
	int ret = 0;

	if (slot->bus->id.vendor != 0 && health_get(slot) != ACCEL_DEV_GONE)
		ret = bus_set_master(slot->bus, on);
	if (ret == -ENODEV && health_get(slot) >= ACCEL_DEV_REMOVING)
		return 0; /* it was given back at this moment */
	if (ret != 0)
		ACCEL_LOG(ERR, device, "%s: bus mastering cannot be switched %s: %s", slot->data.name,
				on ? "on" : "off", accel_strerror(ret));
	return ret;
}

/* The device touches no memory any more once bus mastering is off. */
static void
let_go(struct accel_dev_internal *slot)
{
	if (health_get(slot) != ACCEL_DEV_GONE)
		dev_set_master(slot, false);
	dma_mem_drop(slot);
	regions_drop(slot);
	banks_drop(slot);
	leave_space(slot);
}

/*
 * Probe
 */

static int
probe_in_space(struct accel_dev_internal *slot)
{
	int ret = attach_driver(slot);

	/* Not before: the driver must have quieted what an earlier owner left running. */
	if (ret == 0) {
		ret = health_let_work(slot);
		if (ret == 0)
			ret = watch_begin(slot);
		if (ret != 0)
			detach_driver(slot);
	}
	if (ret == 0)
		return 0;
	space_close_heap(slot->space, slot->data.dev_id);
	let_go(slot);
	return ret;
}

static int
probe_on_bus(struct accel_dev_internal *slot, const struct bus *bus)
{
	int ret = take_name(slot, bus);

	if (ret == 0)
		ret = find_driver(slot, bus);
	if (ret != 0)
		return ret;
	ret = check_keys(slot, bus);
	if (ret == 0)
		ret = join_space(slot);
	if (ret == 0)
		ret = probe_in_space(slot);
	if (ret != 0)
		driver_put(slot->driver);
	return ret;
}

static int
probe_locked(struct accel_dev_internal *slot, const struct bus *bus)
{
	int ret;

	slot->process = dev_process();
	slot->data.nb_qps = 0;
	slot->nb_afus = 0;
	slot->data.deadline_us = 0;
	slot->data.state = ACCEL_DEV_PROBED;
	health_begin(slot);
	ret = open_bus(slot, bus);
	if (ret != 0)
		return ret;
	ret = probe_on_bus(slot, bus);
	if (ret != 0)
		slot->bus->ops->close(slot->bus);
	return ret;
}

static int
check_bus(const struct spec *spec, const struct bus **bus)
{
	char names[128];

	*bus = bus_find(spec->bus);
	if (*bus == NULL) {
		bus_names(names, sizeof(names));
		ACCEL_LOG(ERR, device, "%s: bus \"%s\" is not known: known are %s", spec->name, spec->bus,
				names);
		return -ENODEV;
	}
	if (rte_lcore_count() == 0) {
		ACCEL_LOG(ERR, device, "%s: EAL is not initialised: call rte_eal_init() first",
				spec->name);
		return -ENODEV;
	}
	return 0;
}

static int
probe_spec(const struct spec *spec)
{
	struct accel_dev_internal *slot;
	const struct bus *bus;
	int ret = check_bus(spec, &bus);

	if (ret == 0)
		ret = slot_take(spec->name, &slot);
	if (ret != 0)
		return ret;
	pthread_mutex_lock(&slot->lock);
	slot->spec = *spec;
	ret = probe_locked(slot, bus);
	if (ret == 0) {
		fp_set(slot);
		publish_space(slot, slot->space);
		slot_open(slot);
		ret = slot->data.dev_id;
	} else {
		slot_drop(slot);
	}
	pthread_mutex_unlock(&slot->lock);
	return ret;
}

int
accel_dev_probe(const char *text)
{
	struct spec spec;
	int ret = spec_parse(text, &spec);

	if (ret != 0)
		return ret;
	ret = probe_spec(&spec);
	if (ret < 0)
		spec_free(&spec);
	return ret;
}

/*
 * Close
 */

static int
check_closable(struct accel_dev_internal *slot)
{
	const char *name = slot->data.name;
	unsigned int live;

	if (slot->data.state == ACCEL_DEV_STARTED) {
		ACCEL_LOG(ERR, device, "%s: cannot close while it is started: stop it first", name);
		return -EBUSY;
	}
	if (banks_busy(slot)) {
		ACCEL_LOG(ERR, device, "%s: cannot close while bank memory is allocated: free it first",
				name);
		return -EBUSY;
	}
	if (slot->nb_programs != 0) {
		ACCEL_LOG(ERR, device, "%s: cannot close while %u programs are loaded: unload them first",
				name, slot->nb_programs);
		return -EBUSY;
	}
	if (eal_mem_busy(slot))
		return -EBUSY;
	live = heap_live(&slot->space->heap, slot->data.dev_id);
	if (space_close_heap(slot->space, slot->data.dev_id) != 0) {
		if (live == 0)
			ACCEL_LOG(ERR, device, "%s: cannot close while other threads are in calls on its "
					"buffers: end them first", name);
		else
			ACCEL_LOG(ERR, device, "%s: cannot close while %u buffers are live: free them and "
					"destroy the pools first", name, live);
		return -EBUSY;
	}
	return eal_mem_close(slot);
}

/* Returns whether the control thread is to be put. */
static bool
close_locked(struct accel_dev_internal *slot)
{
	bool watched = watch_end(slot);

	slot->data.state = ACCEL_DEV_PROBED;
	fp_set(slot);
	dev_release_qps(slot);
	fp_set(slot);
	detach_driver(slot);
	let_go(slot);
	slot->bus->ops->close(slot->bus);
	driver_put(slot->driver);
	spec_free(&slot->spec);
	return watched;
}

/* Closes and unlocks. */
static int
close_slot(struct accel_dev_internal *slot)
{
	uint16_t dev_id = slot->data.dev_id;
	uint32_t serial = slot->serial;
	bool watched = false;
	int ret = check_closable(slot);

	if (ret == 0) {
		watched = close_locked(slot);
		slot_drop(slot);
	}
	dev_unlock(slot);
	/* Callbacks make calls on the device: whoever waits for them must not have its lock. */
	if (ret == 0)
		event_drop(dev_id, serial);
	if (watched)
		control_put(true);
	return ret;
}

int
accel_dev_close(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);

	return slot != NULL ? close_slot(slot) : -ENODEV;
}

int
dev_close_probed(uint16_t dev_id, uint32_t serial)
{
	struct accel_dev_internal *slot = dev_lock_quiet(dev_id);

	if (slot == NULL)
		return -ENODEV;
	if (slot->serial == serial)
		return close_slot(slot);
	dev_unlock(slot);
	return -ENODEV;
}
