/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_DEVICE_H
#define TESTPMD_DEVICE_H

/**
 * @file
 * The devices of the application: probed once, configured for each run.
 */

#include <stdint.h>

#include <acceldev/acceldev.h>

#include "options.h"

struct device {
	uint16_t id;
	uint16_t depth; /**< of its queue pairs, as configured for this run */
	struct accel_dev_info info;
};

struct device_list {
	struct device devs[ACCEL_MAX_DEVS];
	unsigned int nb;
};

/**
 * Probe all devices.
 *
 * @return 0, or an exit status after saying what is wrong; devices_close() in both cases
 */
int devices_open(struct device_list *list, const struct testpmd_conf *conf);

/** Probe a further device, the last of the list then: 0, or negative errno, logged. */
int devices_add(struct device_list *list, const char *spec);

/** Take a device off the list that was closed. */
void devices_remove(struct device_list *list, struct device *dev);

/** Whether a device can be worked with, as it is now. */
enum accel_dev_health device_health(const struct device *dev);

/** What to say of a device that is not ready: "reported an error". */
const char *device_trouble(enum accel_dev_health health);

/** Close all devices. */
void devices_close(struct device_list *list);

/**
 * Check that the devices can do what is asked for, and choose device::depth.
 *
 * @return 0, or an exit status after saying what is wrong
 */
int devices_check(struct device_list *list, const struct testpmd_conf *conf);

/**
 * Configure and start the devices.
 *
 * @return 0, or an exit status after saying what is wrong; no device is started then
 */
int devices_start(const struct device_list *list, const struct testpmd_conf *conf);

/** Stop all devices. */
void devices_stop(const struct device_list *list);

#endif
