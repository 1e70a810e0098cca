/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <rte_memory.h>

#include <acceldev/acceldev.h>

#include "device.h"

static int
device_start(uint16_t dev_id)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_qp_conf qp = {
		.size = sizeof(qp), .depth = DEVICE_DEPTH, .socket = SOCKET_ID_ANY,
	};
	int ret;

	ret = accel_dev_configure(dev_id, &conf);
	if (ret == 0)
		ret = accel_qp_setup(dev_id, 0, &qp);
	if (ret == 0)
		ret = accel_dev_start(dev_id);
	return ret;
}

int
device_open(const char *spec)
{
	int dev_id = accel_dev_probe(spec);
	int ret;

	if (dev_id < 0)
		return dev_id;
	ret = device_start((uint16_t)dev_id);
	if (ret == 0)
		return dev_id;
	accel_dev_close((uint16_t)dev_id);
	return ret;
}

void
device_close(int dev_id)
{
	accel_dev_stop((uint16_t)dev_id);
	accel_dev_close((uint16_t)dev_id);
}
