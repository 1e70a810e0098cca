/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glue_log.h"
#include "iospace.h"
#include "iospace_flat.h"

/* The bus "soft": devices without registers, which are software in this process. */

static int
soft_attach(struct bus_dev *dev, const struct bus_attach_conf *conf, struct iospace **ios)
{
	(void)dev;
	if (conf->shared == NULL)
		return iospace_flat_create(conf->name, ios);
	if (!iospace_is_identity(conf->shared)) {
		ACCEL_LOG(ERR, iospace, "%s: the I/O space that it is to join is of another bus: use "
				"another iospace=NAME", conf->name);
		return -EINVAL;
	}
	*ios = conf->shared;
	return 0;
}

static int
soft_info(struct bus_dev *dev, struct bus_info *info)
{
	(void)dev;
	memset(info, 0, sizeof(*info));
	return 0;
}

static int
soft_region_info(struct bus_dev *dev, unsigned int region, struct bus_region_info *info)
{
	(void)dev;
	(void)region;
	memset(info, 0, sizeof(*info));
	return 0;
}

static int
soft_irq_info(struct bus_dev *dev, enum bus_irq irq, struct bus_irq_info *info)
{
	(void)dev;
	(void)irq;
	memset(info, 0, sizeof(*info));
	return 0;
}

static void
soft_close(struct bus_dev *dev)
{
	free(dev);
}

static const struct bus_ops soft_ops = {
	.attach = soft_attach,
	.info = soft_info,
	.region_info = soft_region_info,
	.irq_info = soft_irq_info,
	.close = soft_close,
};

static int
soft_open(const char *address, const struct bus_args *args, struct bus_dev **dev_out)
{
	struct bus_dev *dev = calloc(1, sizeof(*dev));

	(void)args;
	if (dev == NULL)
		return -ENOMEM;
	dev->ops = &soft_ops;
	dev->socket = -1;
	snprintf(dev->name, sizeof(dev->name), "%s", address);
	*dev_out = dev;
	return 0;
}

static struct bus soft_bus = { .name = "soft", .open = soft_open };

static void __attribute__((constructor))
register_soft(void)
{
	bus_register(&soft_bus);
}
