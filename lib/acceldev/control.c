/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>

#include <errno.h>
#include <string.h>

#include <rte_lcore.h>
#include <rte_memory.h>

#include "health.h"
#include "transfer.h"

/* From configure() to stop(): the states of a probed device. */

/* No struct of ours will be larger; a size beyond is garbage. */
#define CONF_SIZE_MAX 4096

int
conf_copy(void *dst, size_t dst_size, const void *src)
{
	const unsigned char *bytes = src;
	size_t size, i;

	/* All structs are of the first version: nobody has a smaller one. */
	memcpy(&size, src, sizeof(size));
	if (size < dst_size || size > CONF_SIZE_MAX)
		return -EINVAL;
	/* A newer caller may pass members that we lack, as long as they ask for nothing. */
	for (i = dst_size; i < size; i++) {
		if (bytes[i] != 0)
			return -EINVAL;
	}
	memcpy(dst, src, dst_size);
	return 0;
}

void
dev_release_qps(struct accel_dev_internal *slot)
{
	unsigned int i;

	for (i = 0; i < dev_all_qps(slot); i++) {
		if (slot->qps[i] != NULL)
			slot->dev.ops->qp_release(&slot->dev, slot->qps[i]);
		slot->qps[i] = NULL;
	}
	slot->data.nb_qps = 0;
}

static int
refuse_started(const struct accel_dev_internal *slot, const char *what)
{
	if (slot->data.state != ACCEL_DEV_STARTED)
		return 0;
	ACCEL_LOG(ERR, device, "%s: cannot %s while it is started: stop it first", slot->data.name,
			what);
	return -EBUSY;
}

static int
log_driver_error(const struct accel_dev_internal *slot, const char *what, int err)
{
	if (!__atomic_load_n(&slot->explained, __ATOMIC_RELAXED))
		ACCEL_LOG(ERR, device, "%s: driver %s failed to %s: %s", slot->data.name,
				slot->data.driver, what, accel_strerror(err));
	return err < 0 ? err : -EIO;
}

static int
configure_locked(struct accel_dev_internal *slot, const struct accel_dev_conf *conf)
{
	struct accel_dev_conf all = *conf;
	uint32_t old_deadline = slot->data.deadline_us;
	int ret = refuse_started(slot, "configure");

	if (ret == 0)
		ret = health_refuse_removed(slot, "configure");
	if (ret != 0)
		return ret;
	if (slot->limits.max_qps == 0) {
		ACCEL_LOG(ERR, device, "%s: has no queue pairs: use its registers", slot->data.name);
		return -ENOTSUP;
	}
	if (conf->nb_qps == 0 || conf->nb_qps > slot->limits.max_qps) {
		ACCEL_LOG(ERR, device, "%s: %u queue pairs asked for: it has 1 to %u", slot->data.name,
				conf->nb_qps, slot->limits.max_qps);
		return -EINVAL;
	}
	slot->data.deadline_us = conf->deadline_us;
	if (slot->has_service)
		all.nb_qps++;
	if (slot->dev.ops->configure != NULL)
		ret = slot->dev.ops->configure(&slot->dev, &all);
	if (ret != 0) {
		slot->data.deadline_us = old_deadline;
		return log_driver_error(slot, "configure", ret);
	}
	slot->data.state = ACCEL_DEV_CONFIGURED;
	fp_set(slot);
	dev_release_qps(slot);
	slot->data.nb_qps = conf->nb_qps;
	slot->lends_service = false;
	fp_set(slot);
	return 0;
}

int
accel_dev_configure(uint16_t dev_id, const struct accel_dev_conf *conf_in)
{
	struct accel_dev_conf conf;
	struct accel_dev_internal *slot;
	int ret;

	if (conf_in == NULL || conf_copy(&conf, sizeof(conf), conf_in) != 0) {
		ACCEL_LOG(ERR, device, "device %u: conf is NULL or its size is wrong: set conf.size to "
				"sizeof(conf)", dev_id);
		return -EINVAL;
	}
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = configure_locked(slot, &conf);
	dev_unlock(slot);
	return ret;
}

/*
 * Queue pairs
 */

bool
dev_socket_exists(int socket)
{
	unsigned int i;

	for (i = 0; i < rte_socket_count(); i++) {
		if (rte_socket_id_by_idx(i) == socket)
			return true;
	}
	return false;
}

/* The default depth when the driver leaves the choice to us. */
#define DEFAULT_DEPTH 1024

static uint16_t
default_depth(const struct accel_dev_info *limits)
{
	if (limits->max_depth < DEFAULT_DEPTH)
		return limits->max_depth;
	return limits->min_depth > DEFAULT_DEPTH ? limits->min_depth : DEFAULT_DEPTH;
}

static int
check_qp(struct accel_dev_internal *slot, uint16_t qp_id, struct accel_qp_conf *conf)
{
	const struct accel_dev_info *limits = &slot->limits;

	if (slot->data.state == ACCEL_DEV_PROBED) {
		ACCEL_LOG(ERR, device, "%s: cannot set up a queue pair: configure the device first",
				slot->data.name);
		return -EPERM;
	}
	if (refuse_started(slot, "set up a queue pair") != 0)
		return -EBUSY;
	if (health_refuse_removed(slot, "set up a queue pair") != 0)
		return -ENODEV;
	if (conf->depth == 0)
		conf->depth = default_depth(limits);
	if (qp_id >= slot->data.nb_qps || (conf->depth & (conf->depth - 1)) != 0 ||
			conf->depth < limits->min_depth || conf->depth > limits->max_depth) {
		ACCEL_LOG(ERR, device, "%s: queue pair %u of depth %u: it has %u queue pairs, of a power "
				"of two from %u to %u", slot->data.name, qp_id, conf->depth,
				slot->data.nb_qps, limits->min_depth, limits->max_depth);
		return -EINVAL;
	}
	if (conf->socket == SOCKET_ID_ANY) {
		conf->socket = slot->data.socket;
	} else if (!dev_socket_exists(conf->socket)) {
		ACCEL_LOG(ERR, device, "%s: queue pair %u on NUMA node %d: the machine has no such node; -1 "
				"is the device's", slot->data.name, qp_id, conf->socket);
		return -EINVAL;
	}
	return 0;
}

int
dev_setup_qp(struct accel_dev_internal *slot, uint16_t qp_id, const struct accel_qp_conf *conf)
{
	struct accel_qp *qp = NULL;
	int ret;

	ret = slot->dev.ops->qp_setup(&slot->dev, qp_id, conf, &qp);
	if (ret != 0 || qp == NULL)
		return log_driver_error(slot, "set up a queue pair", ret != 0 ? ret : -EPROTO);
	if (slot->qps[qp_id] != NULL)
		slot->dev.ops->qp_release(&slot->dev, slot->qps[qp_id]);
	qp->dev = &slot->dev;
	slot->qps[qp_id] = qp;
	memset(&slot->base[qp_id], 0, sizeof(slot->base[qp_id]));
	return 0;
}

int
accel_qp_setup(uint16_t dev_id, uint16_t qp_id, const struct accel_qp_conf *conf_in)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .socket = -1 };
	struct accel_dev_internal *slot;
	int ret;

	if (conf_in != NULL && conf_copy(&conf, sizeof(conf), conf_in) != 0) {
		ACCEL_LOG(ERR, device, "device %u: size of conf is wrong: set conf.size to sizeof(conf)",
				dev_id);
		return -EINVAL;
	}
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = check_qp(slot, qp_id, &conf);
	if (ret == 0)
		ret = dev_setup_qp(slot, qp_id, &conf);
	dev_unlock(slot);
	return ret;
}

/*
 * Start, stop, reset
 */

static int
check_startable(struct accel_dev_internal *slot)
{
	unsigned int i;

	if (slot->data.state == ACCEL_DEV_STARTED) {
		ACCEL_LOG(ERR, device, "%s: is started already", slot->data.name);
		return -EALREADY;
	}
	if (slot->data.state == ACCEL_DEV_PROBED) {
		ACCEL_LOG(ERR, device, "%s: cannot start: configure it first", slot->data.name);
		return -EPERM;
	}
	for (i = 0; i < slot->data.nb_qps; i++) {
		if (slot->qps[i] == NULL) {
			ACCEL_LOG(ERR, device, "%s: cannot start: set queue pair %u up first",
					slot->data.name, i);
			return -EPERM;
		}
	}
	if (health_get(slot) == ACCEL_DEV_ERROR) {
		ACCEL_LOG(ERR, device, "%s: cannot start: it reported an error; reset it first",
				slot->data.name);
		return -EIO;
	}
	return health_refuse_removed(slot, "start");
}

int
accel_dev_start(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = check_startable(slot);
	if (ret == 0)
		ret = service_setup(slot);
	if (ret == 0) {
		ret = slot->dev.ops->start(&slot->dev);
		if (ret != 0)
			ret = log_driver_error(slot, "start", ret);
		else
			slot->data.state = ACCEL_DEV_STARTED;
		fp_set(slot);
	}
	dev_unlock(slot);
	return ret;
}

int
accel_dev_stop(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret = 0;

	if (slot == NULL)
		return -ENODEV;
	if (slot->data.state != ACCEL_DEV_STARTED) {
		ACCEL_LOG(ERR, device, "%s: is not started", slot->data.name);
		ret = -EALREADY;
	} else {
		slot->data.state = ACCEL_DEV_STOPPED;
		fp_set(slot);
		ret = slot->dev.ops->stop(&slot->dev);
		if (ret != 0)
			ret = log_driver_error(slot, "stop", ret);
	}
	dev_unlock(slot);
	return ret;
}

static int
refuse_reset(const struct accel_dev_internal *slot)
{
	ACCEL_LOG(ERR, device, "%s: neither its bus nor driver %s has a reset: close and probe it instead",
			slot->data.name, slot->data.driver);
	return -ENOTSUP;
}

/* As in a probe, bus mastering stays off until the driver has quieted the device. */
static int
reset_device(struct accel_dev_internal *slot)
{
	const struct accel_dev_ops *ops = slot->dev.ops;
	struct bus_dev *bus = slot->bus;
	int ret = bus->ops->reset != NULL ? bus->ops->reset(bus) : -ENOTSUP;

	slot->was_reset = ret == 0;
	if (ret != 0 && ret != -ENOTSUP) {
		ACCEL_LOG(ERR, device, "%s: its bus failed to reset it: %s: close it and probe again",
				slot->data.name, accel_strerror(ret));
		return ret;
	}
	if (ops->reset != NULL)
		ret = ops->reset(&slot->dev);
	if (ret == -ENOTSUP && !slot->was_reset)
		return refuse_reset(slot);
	return ret != 0 ? log_driver_error(slot, "reset", ret) : health_recover(slot);
}

static int
reset_locked(struct accel_dev_internal *slot)
{
	int ret = refuse_started(slot, "reset");

	if (ret == 0)
		ret = health_refuse_removed(slot, "reset");
	if (ret != 0)
		return ret;
	health_begin_reset(slot);
	ret = reset_device(slot);
	health_end_reset(slot, ret == 0 || ret == -ENOTSUP);
	if (ret == -ENOTSUP)
		(void)health_let_work(slot); /* nothing has happened to it */
	return ret;
}

int
accel_dev_reset(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = reset_locked(slot);
	dev_unlock(slot);
	return ret;
}
