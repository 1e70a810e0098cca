/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/accel_event.h>
#include <devmodel/devmodel.h>

#include "values.h"

/* The device of that number; NULL after saying what is wrong. */
static struct device *
find(struct session *ss, const char *command, const char *text)
{
	unsigned int i;
	uint16_t id;

	if (!value_u16(text, 0, ACCEL_MAX_DEVS - 1, &id)) {
		printf("%s: %s: a device is a number from 0 to %u\n", command, text,
			ACCEL_MAX_DEVS - 1);
		return NULL;
	}
	for (i = 0; i < ss->devices.nb; i++) {
		if (ss->devices.devs[i].id == id)
			return &ss->devices.devs[i];
	}
	printf("%s: there is no device %u\n", command, id);
	return NULL;
}

static bool
refuse_running(const struct session *ss, const char *command)
{
	if (ss->running)
		printf("%s: not while the workers run; stop first.\n", command);
	return ss->running;
}

void
command_reset(struct session *ss, const char *id)
{
	struct device *dev;
	int ret;

	if (refuse_running(ss, "device reset"))
		return;
	dev = find(ss, "device reset", id);
	if (dev == NULL)
		return;
	ret = accel_dev_reset(dev->id);
	if (ret < 0)
		printf("device reset: device %u (%s): %s\n", dev->id, dev->info.name,
			accel_strerror(ret));
	else
		printf("Device %u (%s) is %s.\n", dev->id, dev->info.name,
			accel_health_str(device_health(dev)));
}

void
command_detach(struct session *ss, const char *id)
{
	struct device *dev;
	int ret;

	if (refuse_running(ss, "device detach"))
		return;
	dev = find(ss, "device detach", id);
	if (dev == NULL)
		return;
	ret = accel_dev_close(dev->id);
	if (ret < 0) {
		printf("device detach: device %u (%s): %s\n", dev->id, dev->info.name,
			accel_strerror(ret));
		return;
	}
	printf("Device %u (%s) is closed.\n", dev->id, dev->info.name);
	session_forget_run(ss);
	devices_remove(&ss->devices, dev);
}

void
command_attach(struct session *ss, const char *spec)
{
	const struct device *dev;
	int ret;

	if (refuse_running(ss, "device attach"))
		return;
	ret = devices_add(&ss->devices, spec);
	if (ret < 0) {
		printf("device attach: %s: cannot be probed: %s\n", spec, accel_strerror(ret));
		return;
	}
	session_forget_run(ss);
	dev = &ss->devices.devs[ss->devices.nb - 1];
	printf("Device %u is %s.\n", dev->id, dev->info.name);
}

static const char *const events[] = {
	[DEVMODEL_ERROR] = "error",
	[DEVMODEL_REMOVE] = "remove",
	[DEVMODEL_UNPLUG] = "unplug",
};

void
command_inject(struct session *ss, const char *id, const char *word)
{
	const struct device *dev = find(ss, "sim inject", id);
	unsigned int event;
	int ret;

	if (dev == NULL)
		return;
	if (!value_name(word, events, RTE_DIM(events), &event)) {
		printf("sim inject: %s: what can happen is error, remove or unplug\n", word);
		return;
	}
	if (strncmp(dev->info.name, "sim:", 4) != 0) {
		printf("sim inject: device %u is %s: only a device of the bus sim has a model\n",
			dev->id, dev->info.name);
		return;
	}
	ret = devmodel_inject(dev->info.name + 4, event);
	if (ret < 0)
		printf("sim inject: device %u (%s): %s\n", dev->id, dev->info.name,
			accel_strerror(ret));
}
