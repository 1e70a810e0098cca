/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "dfl.h"

#include <errno.h>
#include <inttypes.h>

#include "dfl_regs.h"

/* Headers on one way; more is not believed. */
#define MAX_HEADERS 1024

static uint64_t
read_reg(const struct dfl_dev *dfl, uint64_t off)
{
	return accel_mmio_read64(&dfl->bar, off);
}

static int
log_broken(const struct dfl_dev *dfl, uint64_t off, const char *what)
{
	ACCEL_DEV_LOG(ERR, dfl->dev, "has a feature list that is broken: the header at 0x%" PRIx64
			" %s: see the FPGA's design", off, what);
	return -EPROTO;
}

static void
put_big_endian(uint8_t *to, uint64_t value)
{
	int i;

	for (i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> (56 - 8 * i));
}

static bool
fits(const struct dfl_dev *dfl, uint64_t off)
{
	return off % 8 == 0 && off < dfl->bar.size && DFH_LEN <= dfl->bar.size - off;
}

/* An AFU reaches as far as no other one begins. */
static int
add_afu(struct dfl_dev *dfl, uint64_t off, uint64_t end)
{
	struct accel_afu_info afu = { .region = DFL_BAR, .offset = off, .size = end - off };
	const struct dfl_engine *engine;
	int ret;

	put_big_endian(afu.guid, read_reg(dfl, off + DFH_GUID_H));
	put_big_endian(afu.guid + 8, read_reg(dfl, off + DFH_GUID_L));
	ret = accel_dev_add_afu(dfl->dev, &afu);
	if (ret < 0)
		return ret;
	engine = dfl_engine_find(afu.guid);
	if (engine != NULL && dfl->engine == NULL) {
		dfl->engine = engine;
		dfl->regs = off;
	}
	return 0;
}

/* The next header of a list; off is that of this one on the last. */
static int
next_header(const struct dfl_dev *dfl, uint64_t off, uint64_t dfh, uint64_t *next)
{
	*next = off;
	if (DFH_EOL(dfh) || DFH_NEXT(dfh) == 0)
		return 0;
	*next = off + DFH_NEXT(dfh);
	return fits(dfl, *next) ? 0 : log_broken(dfl, off, "has a next one outside the BAR");
}

/* Where the features of an AFU end: at the next AFU or FIU, or with the BAR. */
static int
end_of_afu(const struct dfl_dev *dfl, uint64_t off, uint64_t *end)
{
	uint64_t next, dfh = read_reg(dfl, off);
	int i, ret = 0;

	for (i = 0; i < MAX_HEADERS; i++) {
		ret = next_header(dfl, off, dfh, &next);
		if (ret != 0 || next == off)
			break;
		off = next;
		dfh = read_reg(dfl, off);
		if (DFH_TYPE(dfh) != DFH_TYPE_PRIVATE) {
			*end = off;
			return 0;
		}
	}
	*end = dfl->bar.size;
	return ret;
}

static int
found_afu(struct dfl_dev *dfl, uint64_t off)
{
	uint64_t end;
	int ret;

	if (!fits(dfl, off) || DFH_TYPE(read_reg(dfl, off)) != DFH_TYPE_AFU)
		return log_broken(dfl, off, "is none of an AFU, though a port points to it");
	ret = end_of_afu(dfl, off, &end);
	return ret == 0 ? add_afu(dfl, off, end) : ret;
}

/* In version 0 a port tells where its AFU is. */
static int
found_port(struct dfl_dev *dfl, uint64_t off, uint64_t dfh)
{
	uint64_t afu;

	if (off > dfl->bar.size - (PORT_CONTROL + 8))
		return log_broken(dfl, off, "of a port reaches beyond the BAR");
	dfl->port = off;
	if (DFH_VERSION(dfh) != 0)
		return 0;
	afu = read_reg(dfl, off + DFH_NEXT_AFU) & 0xffffff;
	return afu != 0 ? found_afu(dfl, off + afu) : 0;
}

static int
found(struct dfl_dev *dfl, uint64_t off, uint64_t dfh)
{
	switch (DFH_TYPE(dfh)) {
	case DFH_TYPE_AFU:
		return found_afu(dfl, off);
	case DFH_TYPE_FIU:
		return DFH_ID(dfh) == DFL_FIU_PORT ? found_port(dfl, off, dfh) : 0;
	case DFH_TYPE_PRIVATE:
		return 0;
	default:
		return log_broken(dfl, off, "is of no known type");
	}
}

static int
walk_list(struct dfl_dev *dfl, uint64_t off)
{
	uint64_t next, dfh;
	int i, ret;

	for (i = 0; i < MAX_HEADERS; i++) {
		dfh = read_reg(dfl, off);
		ret = found(dfl, off, dfh);
		if (ret == 0)
			ret = next_header(dfl, off, dfh, &next);
		if (ret != 0 || next == off)
			return ret;
		off = next;
	}
	return log_broken(dfl, off, "is one of too many");
}

/* The FME of a card tells where its ports are; those of other BARs are not looked at. */
static int
walk_ports(struct dfl_dev *dfl)
{
	uint64_t n, ports = FME_CAP_PORTS(read_reg(dfl, FME_CAP));
	int ret = 0;

	for (n = 0; n < ports && n < 4 && ret == 0; n++) {
		uint64_t port = read_reg(dfl, FME_PORT(n));

		if (!FME_PORT_THERE(port) || FME_PORT_BAR(port) != DFL_BAR)
			continue;
		if (!fits(dfl, FME_PORT_OFFSET(port)) || FME_PORT_OFFSET(port) == 0)
			return log_broken(dfl, 0, "has a port outside the BAR");
		ret = walk_list(dfl, FME_PORT_OFFSET(port));
	}
	return ret;
}

int
dfl_walk(struct dfl_dev *dfl)
{
	uint64_t dfh;
	int ret;

	dfh = fits(dfl, 0) ? read_reg(dfl, DFH) : 0;
	if (DFH_TYPE(dfh) != DFH_TYPE_AFU && DFH_TYPE(dfh) != DFH_TYPE_FIU &&
			DFH_TYPE(dfh) != DFH_TYPE_PRIVATE) {
		ACCEL_DEV_LOG(ERR, dfl->dev, "has no device feature list: BAR 0 begins with 0x%016" PRIx64
				": take another driver", dfh);
		return -ENODEV;
	}
	ret = walk_list(dfl, 0);
	if (ret == 0 && DFH_TYPE(dfh) == DFH_TYPE_FIU && DFH_ID(dfh) == DFL_FIU_FME &&
			dfl->bar.size >= FME_PORT(4))
		ret = walk_ports(dfl);
	return ret;
}
