/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_lcore.h>
#include <rte_memory.h>

#include <eal_glue/iospace_flat.h>

#include "dev_slot.h"

RTE_LOG_REGISTER(accel_logtype_device, acceldev.device, NOTICE);

struct accel_dev_internal dev_slots[ACCEL_MAX_DEVS];

/* Order: a slot's lock, then this one. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;

static void __attribute__((constructor))
init_slots(void)
{
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		pthread_mutex_init(&dev_slots[i].lock, NULL);
		pthread_mutex_init(&dev_slots[i].bank_lock, NULL);
		heap_init(&dev_slots[i].heap);
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
dev_lock(uint16_t dev_id)
{
	struct accel_dev_internal *slot;

	if (dev_id < ACCEL_MAX_DEVS) {
		slot = &dev_slots[dev_id];
		pthread_mutex_lock(&slot->lock);
		if (slot->open)
			return slot;
		pthread_mutex_unlock(&slot->lock);
	}
	dev_log_none(dev_id);
	return NULL;
}

void
dev_unlock(struct accel_dev_internal *slot)
{
	pthread_mutex_unlock(&slot->lock);
}

struct heap *
dev_heap(uint16_t dev_id)
{
	if (dev_id < ACCEL_MAX_DEVS)
		return &dev_slots[dev_id].heap;
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
slot_take(const char *name, struct accel_dev_internal **slot_out)
{
	struct accel_dev_internal *slot;
	int ret = 0;

	pthread_mutex_lock(&registry_lock);
	slot = find_by_name(name);
	if (slot != NULL) {
		ret = -EEXIST;
		ACCEL_LOG(ERR, device, "%s is open already as device %u: use that one, or close it",
				name, slot->data.dev_id);
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

static void
slot_set_open(struct accel_dev_internal *slot, bool open)
{
	pthread_mutex_lock(&registry_lock);
	slot->open = open;
	pthread_mutex_unlock(&registry_lock);
}

static void
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

/*
 * Probe
 */

/* Keys that the library itself knows. */
static const char *const common_keys[] = { "driver", "mem", "socket", NULL };

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
	unsigned int i;

	*socket = SOCKET_ID_ANY;
	if (text == NULL)
		return 0;
	if (spec_parse_u64(text, &n) == 0) {
		for (i = 0; i < rte_socket_count(); i++) {
			if ((uint64_t)rte_socket_id_by_idx(i) == n) {
				*socket = (int)n;
				return 0;
			}
		}
	}
	ACCEL_LOG(ERR, device, "%s: socket=%s is no NUMA node of this machine, which has %u",
			spec->name, text, rte_socket_count());
	return -EINVAL;
}

static int
find_driver(struct accel_dev_internal *slot)
{
	const struct spec *spec = &slot->spec;
	const char *name = spec_arg(spec, "driver");

	slot->driver = driver_get(spec->bus, name);
	if (slot->driver == NULL) {
		ACCEL_LOG(ERR, device, "%s: no driver%s%s for bus %s is registered: check driver=, or "
				"load it with EAL's option -d", spec->name, name != NULL ? " " : "",
				name != NULL ? name : "", spec->bus);
		return -ENOENT;
	}
	snprintf(slot->data.driver, sizeof(slot->data.driver), "%s", slot->driver->name);
	return 0;
}

static int
make_space(struct accel_dev_internal *slot)
{
	struct heap_conf conf = {
		.dev_id = slot->data.dev_id,
		.name = slot->data.name,
	};
	int ret;

	ret = parse_socket(&slot->spec, &conf.socket);
	if (ret == 0)
		ret = parse_backing(&slot->spec, &conf.backing);
	if (ret == 0)
		ret = iospace_flat_create(slot->data.name, &conf.ios);
	if (ret != 0)
		return ret;
	/* accel_dev_virt2iova() reads it without a lock. */
	__atomic_store_n(&slot->ios, conf.ios, __ATOMIC_RELEASE);
	slot->data.socket = conf.socket;
	heap_open(&slot->heap, &conf);
	return 0;
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
	return limits->max_qps > 0 && limits->max_qps <= ACCEL_MAX_QPS &&
			is_power_of_two(limits->min_depth) && is_power_of_two(limits->max_depth) &&
			limits->min_depth <= limits->max_depth && limits->op_types != 0 &&
			limits->max_op_len != 0;
}

static void
detach_driver(struct accel_dev_internal *slot)
{
	if (slot->driver->remove != NULL)
		slot->driver->remove(&slot->dev);
}

static int
driver_attach(struct accel_dev_internal *slot)
{
	struct accel_dev *dev = &slot->dev;
	int ret;

	dev->ops = NULL;
	dev->enqueue = NULL;
	dev->dequeue = NULL;
	dev->priv = NULL;
	dev->driver = slot->driver;
	dev->socket = slot->data.socket;
	dev->name = slot->data.name;
	dev->internal = slot;
	ret = slot->driver->probe(dev);
	if (ret != 0) {
		ACCEL_LOG(ERR, device, "%s: driver %s refused it: %s", dev->name, slot->driver->name,
				accel_strerror(ret));
		return ret < 0 ? ret : -EIO;
	}
	memset(&slot->limits, 0, sizeof(slot->limits));
	if (driver_is_complete(dev)) {
		dev->ops->info_get(dev, &slot->limits);
		if (limits_are_sane(&slot->limits))
			return 0;
	}
	ACCEL_LOG(ERR, device, "%s: driver %s did not set all ops, bursts and limits: mend the driver",
			dev->name, slot->driver->name);
	detach_driver(slot);
	return -EPROTO;
}

static void
destroy_space(struct accel_dev_internal *slot)
{
	struct iospace *ios = slot->ios;

	__atomic_store_n(&slot->ios, NULL, __ATOMIC_RELEASE);
	iospace_destroy(ios);
}

static int
probe_locked(struct accel_dev_internal *slot)
{
	int ret;

	slot->data.nb_qps = 0;
	slot->data.deadline_us = 0;
	slot->data.state = ACCEL_DEV_PROBED;
	ret = find_driver(slot);
	if (ret != 0)
		return ret;
	ret = spec_check_keys(&slot->spec, common_keys, slot->driver->keys);
	if (ret != 0)
		goto fail_driver;
	ret = make_space(slot);
	if (ret != 0)
		goto fail_driver;
	ret = driver_attach(slot);
	if (ret != 0)
		goto fail_space;
	return 0;

fail_space:
	banks_drop(slot);
	if (heap_close(&slot->heap) == 0)
		destroy_space(slot);
fail_driver:
	driver_put(slot->driver);
	return ret;
}

static int
probe_spec(struct spec *spec)
{
	struct accel_dev_internal *slot;
	int ret;

	if (strcmp(spec->bus, "soft") != 0) {
		ACCEL_LOG(ERR, device, "%s: bus \"%s\" is not known: known is soft", spec->name,
				spec->bus);
		return -ENODEV;
	}
	if (rte_lcore_count() == 0) {
		ACCEL_LOG(ERR, device, "%s: EAL is not initialised: call rte_eal_init() first",
				spec->name);
		return -ENODEV;
	}
	ret = slot_take(spec->name, &slot);
	if (ret != 0)
		return ret;
	pthread_mutex_lock(&slot->lock);
	slot->spec = *spec;
	ret = probe_locked(slot);
	if (ret == 0) {
		fp_set(slot);
		slot_set_open(slot, true);
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
close_locked(struct accel_dev_internal *slot)
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
	live = heap_live(&slot->heap);
	if (heap_close(&slot->heap) != 0) {
		ACCEL_LOG(ERR, device, "%s: cannot close while %u buffers are live: free them and "
				"destroy the pools first", name, live);
		return -EBUSY;
	}
	slot->data.state = ACCEL_DEV_PROBED;
	fp_set(slot);
	dev_release_qps(slot);
	fp_set(slot);
	detach_driver(slot);
	banks_drop(slot);
	destroy_space(slot);
	driver_put(slot->driver);
	spec_free(&slot->spec);
	return 0;
}

int
accel_dev_close(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = close_locked(slot);
	if (ret == 0)
		slot_drop(slot);
	dev_unlock(slot);
	return ret;
}
