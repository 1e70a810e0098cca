/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#define DEFAULT_DEPTH 256

int
devices_add(struct device_list *list, const char *spec)
{
	struct device *dev = &list->devs[list->nb];
	int ret = accel_dev_probe(spec);

	if (ret < 0)
		return ret;
	dev->id = (uint16_t)ret;
	ret = accel_dev_info_get(dev->id, &dev->info);
	if (ret < 0)
		(void)accel_dev_close(dev->id);
	else
		list->nb++;
	return ret;
}

void
devices_remove(struct device_list *list, struct device *dev)
{
	struct device *end = &list->devs[list->nb--];

	memmove(dev, dev + 1, (size_t)(end - (dev + 1)) * sizeof(*dev));
}

int
devices_open(struct device_list *list, const struct testpmd_conf *conf)
{
	unsigned int i;
	int ret;

	list->nb = 0;
	for (i = 0; i < conf->nb_devices; i++) {
		ret = devices_add(list, conf->devices[i]);
		if (ret == 0)
			continue;
		testpmd_error("--device=%s: cannot be probed: %s", conf->devices[i],
			accel_strerror(ret));
		return ret == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	}
	return 0;
}

enum accel_dev_health
device_health(const struct device *dev)
{
	struct accel_dev_info info;

	return accel_dev_info_get(dev->id, &info) < 0 ? ACCEL_DEV_GONE : info.health;
}

const char *
device_trouble(enum accel_dev_health health)
{
	return health == ACCEL_DEV_ERROR ? "reported an error" : "was removed";
}

void
devices_close(struct device_list *list)
{
	unsigned int i;

	for (i = 0; i < list->nb; i++)
		(void)accel_dev_close(list->devs[i].id);
	list->nb = 0;
}

static int
check_mode(const struct device *dev, const struct testpmd_conf *conf)
{
	enum accel_op_type type = conf->mode == MODE_FILL ? ACCEL_OP_FILL :
		conf->mode == MODE_INFER ? ACCEL_OP_RUN : ACCEL_OP_COPY;

	if ((dev->info.op_types & ACCEL_OP_BIT(type)) == 0) {
		testpmd_error("--mode=%s: device %s has no such operation",
			mode_names[conf->mode], dev->info.name);
		return EXIT_USAGE;
	}
	if (mode_needs_bank(conf->mode) && dev->info.nb_banks == 0) {
		testpmd_error("--mode=%s: device %s has no banks; allowed are copy and fill",
			mode_names[conf->mode], dev->info.name);
		return EXIT_USAGE;
	}
	return 0;
}

static int
check_limits(const struct device *dev, const struct testpmd_conf *conf)
{
	const struct accel_dev_info *info = &dev->info;

	if (conf->queues > info->max_qps) {
		testpmd_error("--queues=%u: device %s allows 1 to %u", conf->queues, info->name,
			info->max_qps);
		return EXIT_USAGE;
	}
	if (conf->depth != 0 && (conf->depth < info->min_depth || conf->depth > info->max_depth)) {
		testpmd_error("--depth=%u: device %s allows powers of two from %u to %u",
			conf->depth, info->name, info->min_depth, info->max_depth);
		return EXIT_USAGE;
	}
	if (conf->mode != MODE_INFER && conf->size > info->max_op_len) {
		testpmd_error("--size=%llu: device %s allows 1 to %llu bytes",
			(unsigned long long)conf->size, info->name,
			(unsigned long long)info->max_op_len);
		return EXIT_USAGE;
	}
	return 0;
}

static uint16_t
choose_depth(const struct accel_dev_info *info, const struct testpmd_conf *conf)
{
	uint32_t depth = conf->depth;

	if (depth == 0)
		depth = RTE_MAX((uint32_t)DEFAULT_DEPTH, rte_align32pow2(conf->burst));
	depth = RTE_MIN(depth, info->max_depth);
	return (uint16_t)RTE_MAX(depth, info->min_depth);
}

static int
check_burst(struct device *dev, const struct testpmd_conf *conf)
{
	dev->depth = choose_depth(&dev->info, conf);
	if (conf->burst <= dev->depth)
		return 0;
	testpmd_error("--burst=%u: more than the %u ops that can be in flight on device %s; "
		"allowed are 1 to %u", conf->burst, dev->depth, dev->info.name, dev->depth);
	return EXIT_USAGE;
}

static int
check_ready(const struct device *dev)
{
	enum accel_dev_health health = device_health(dev);

	if (health == ACCEL_DEV_READY)
		return 0;
	testpmd_error("device %s %s; at the prompt, device %s %u helps", dev->info.name,
		device_trouble(health), health == ACCEL_DEV_ERROR ? "reset" : "detach", dev->id);
	return EXIT_FAILURE;
}

static int
check(struct device *dev, const struct testpmd_conf *conf)
{
	int ret = check_ready(dev);

	if (ret == 0)
		ret = check_mode(dev, conf);
	if (ret == 0)
		ret = check_limits(dev, conf);
	return ret != 0 ? ret : check_burst(dev, conf);
}

static int
configure(const struct device *dev, const struct testpmd_conf *conf)
{
	struct accel_dev_conf dev_conf = {
		.size = sizeof(dev_conf),
		.nb_qps = conf->queues,
		.deadline_us = (uint32_t)(conf->deadline * 1e6),
	};
	struct accel_qp_conf qp_conf = {
		.size = sizeof(qp_conf),
		.depth = dev->depth,
		.socket = -1,
	};
	uint16_t qp;
	int ret;

	ret = accel_dev_configure(dev->id, &dev_conf);
	for (qp = 0; ret == 0 && qp < conf->queues; qp++)
		ret = accel_qp_setup(dev->id, qp, &qp_conf);
	if (ret == 0)
		ret = accel_dev_start(dev->id);
	if (ret == 0)
		return 0;
	testpmd_error("device %s does not start with %u queue pairs of depth %u: %s",
		dev->info.name, conf->queues, dev->depth, accel_strerror(ret));
	return EXIT_FAILURE;
}

int
devices_check(struct device_list *list, const struct testpmd_conf *conf)
{
	unsigned int i;
	int ret = 0;

	if (list->nb == 0) {
		testpmd_error("there is no device; device attach adds one");
		return EXIT_FAILURE;
	}
	for (i = 0; ret == 0 && i < list->nb; i++)
		ret = check(&list->devs[i], conf);
	return ret;
}

int
devices_start(const struct device_list *list, const struct testpmd_conf *conf)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < list->nb; i++) {
		ret = configure(&list->devs[i], conf);
		if (ret != 0)
			break;
	}
	if (i == list->nb)
		return 0;
	while (i-- > 0)
		(void)accel_dev_stop(list->devs[i].id);
	return ret;
}

void
devices_stop(const struct device_list *list)
{
	unsigned int i;
	int ret;

	for (i = 0; i < list->nb; i++) {
		ret = accel_dev_stop(list->devs[i].id);
		if (ret < 0)
			testpmd_error("device %s does not stop cleanly: %s",
				list->devs[i].info.name, accel_strerror(ret));
	}
}
