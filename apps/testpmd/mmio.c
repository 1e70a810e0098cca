/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mmio.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include <acceldev/acceldev.h>

#include "values.h"

struct reg {
	uint16_t dev;
	uint16_t region;
	uint16_t width;
	uint64_t off;
};

static bool
parse_width(const char *text, uint16_t *width)
{
	return value_u16(text, 1, 8, width) && (*width & (*width - 1)) == 0;
}

static bool
parse(const struct mmio_words *words, struct reg *reg)
{
	if (!value_u16(words->dev, 0, ACCEL_MAX_DEVS - 1, &reg->dev))
		printf("mmio: %s: a device is a number from 0 to %u\n", words->dev,
			ACCEL_MAX_DEVS - 1);
	else if (!value_u16(words->region, 0, ACCEL_REGION_CONFIG, &reg->region))
		printf("mmio: %s: a region is a number from 0 to %u: 0 to 5 are BARs, %u is config "
			"space\n", words->region, ACCEL_REGION_CONFIG, ACCEL_REGION_CONFIG);
	else if (!value_number(words->offset, &reg->off))
		printf("mmio: %s: an offset is a number, as 128 or 0x80\n", words->offset);
	else if (!parse_width(words->width, &reg->width))
		printf("mmio: %s: a width is 1, 2, 4 or 8 bytes\n", words->width);
	else
		return true;
	return false;
}

/* The library checks the same, and logs what is wrong; here it is told to who typed it. */
static bool
check(const struct reg *reg)
{
	uint64_t size = 0;

	if (accel_dev_next(reg->dev) != reg->dev ||
			accel_reg_size(reg->dev, reg->region, &size) < 0)
		printf("mmio: there is no device %u\n", reg->dev);
	else if (size == 0)
		printf("mmio: device %u has no region %u; show device %u lists them\n", reg->dev,
			reg->region, reg->dev);
	else if (reg->off % reg->width != 0)
		printf("mmio: offset 0x%" PRIx64 " is no multiple of the width %u\n", reg->off,
			reg->width);
	else if (reg->off >= size || reg->width > size - reg->off)
		printf("mmio: %u bytes at offset 0x%" PRIx64 " lie outside region %u, which has 0x%"
			PRIx64 "\n", reg->width, reg->off, reg->region, size);
	else
		return true;
	return false;
}

static void
tell_failure(const struct reg *reg, int ret)
{
	printf("mmio: device %u region %u offset 0x%" PRIx64 ": %s\n", reg->dev, reg->region,
		reg->off, accel_strerror(ret));
}

void
mmio_read(const struct mmio_words *words)
{
	struct reg reg;
	uint64_t value;
	int ret;

	if (!parse(words, &reg) || !check(&reg))
		return;
	ret = accel_reg_read(reg.dev, reg.region, reg.off, reg.width, &value);
	if (ret < 0)
		tell_failure(&reg, ret);
	else
		printf("device %u region %u offset 0x%" PRIx64 ": 0x%0*" PRIx64 "\n", reg.dev,
			reg.region, reg.off, 2 * reg.width, value);
}

void
mmio_write(const struct mmio_words *words, const char *text)
{
	struct reg reg;
	uint64_t value;
	int ret;

	if (!parse(words, &reg) || !check(&reg))
		return;
	if (!value_number(text, &value) || value > UINT64_MAX >> (64 - 8 * reg.width)) {
		printf("mmio: %s: a value is a number of at most %u bits, as 18 or 0x12\n", text,
			8 * reg.width);
		return;
	}
	ret = accel_reg_write(reg.dev, reg.region, reg.off, reg.width, value);
	if (ret < 0)
		tell_failure(&reg, ret);
}
