/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_driver.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "dev_slot.h"

/* What a driver asks about its device. */

const char *
accel_dev_arg(const struct accel_dev *dev, const char *key)
{
	return spec_arg(&dev->internal->spec, key);
}

int
accel_dev_arg_u64(const struct accel_dev *dev, const char *key, uint64_t min, uint64_t max,
		uint64_t *value)
{
	const char *text = accel_dev_arg(dev, key);
	uint64_t n;

	if (text == NULL)
		return 0;
	if (spec_parse_u64(text, &n) != 0 || n < min || n > max) {
		ACCEL_DEV_LOG(ERR, dev, "%s=%s must be a number from %" PRIu64 " to %" PRIu64
				", with K, M, G or T if you like", key, text, min, max);
		return -EINVAL;
	}
	*value = n;
	return 0;
}

uint32_t
accel_dev_deadline_us(const struct accel_dev *dev)
{
	return dev->internal->data.deadline_us;
}

void
accel_dev_log(const struct accel_dev *dev, uint32_t level, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	__atomic_store_n(&dev->internal->explained, true, __ATOMIC_RELAXED);
	if (!glue_log_quiet)
		rte_log(level, accel_logtype_driver, "acceldev: %s: %s\n", dev->name, line);
}
