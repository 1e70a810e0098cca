/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "dfl.h"

#include <errno.h>
#include <inttypes.h>

#include "dfl_regs.h"

/* Headers of one list; more is not believed. */
#define MAX_HEADERS 1024
/* An old way to say that there is no next one. */
#define NO_NEXT     0xffff

/* Where an AFU is, and its features with it. */
struct place {
	uint64_t first;
	uint64_t end;
};

struct walk {
	struct dfl_dev *dfl;
	struct place afus[ACCEL_MAX_AFUS];
	unsigned int nb_afus;
};

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

/* Whether registers lie in the BAR. */
static bool
fits(const struct dfl_dev *dfl, uint64_t off, uint64_t len)
{
	return off % 8 == 0 && off < dfl->bar.size && len <= dfl->bar.size - off;
}

/* Feature types that begin something of their own; all others belong to the AFU before them. */
static bool
begins_unit(uint64_t dfh)
{
	return DFH_TYPE(dfh) == DFH_TYPE_AFU || DFH_TYPE(dfh) == DFH_TYPE_FIU;
}

/* What is read where no header is: nothing was built there, or nobody answers. */
static bool
is_no_header(uint64_t dfh)
{
	return DFH_TYPE(dfh) == 0 || DFH_TYPE(dfh) == 0xf;
}

/*
 * AFUs
 */

static struct place *
find_afu(struct walk *w, uint64_t off)
{
	unsigned int i;

	for (i = 0; i < w->nb_afus; i++) {
		if (w->afus[i].first == off)
			return &w->afus[i];
	}
	return NULL;
}

static int
note_afu(struct walk *w, uint64_t off, struct place **afu)
{
	*afu = find_afu(w, off); /* two lists may come to one AFU */
	if (*afu != NULL)
		return 0;
	if (!fits(w->dfl, off, DFH_LEN))
		return log_broken(w->dfl, off, "of an AFU reaches beyond the BAR");
	if (w->nb_afus == ACCEL_MAX_AFUS) {
		ACCEL_DEV_LOG(ERR, w->dfl->dev, "has more than %u AFUs: see the FPGA's design",
				ACCEL_MAX_AFUS);
		return -ENOSPC;
	}
	*afu = &w->afus[w->nb_afus++];
	**afu = (struct place){ off, w->dfl->bar.size };
	return 0;
}

static void
put_big_endian(uint8_t *to, uint64_t value)
{
	int i;

	for (i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> (56 - 8 * i));
}

/* It reaches as far as its list says, and no further than to an AFU of another list. */
static uint64_t
size_of(const struct walk *w, const struct place *afu)
{
	uint64_t end = afu->end;
	unsigned int i;

	for (i = 0; i < w->nb_afus; i++) {
		uint64_t other = w->afus[i].first;

		if (other > afu->first && other < end)
			end = other;
	}
	return end - afu->first;
}

static int
add_afu(const struct walk *w, const struct place *at)
{
	struct dfl_dev *dfl = w->dfl;
	struct accel_afu_info afu = { .region = DFL_BAR, .offset = at->first };
	int ret;

	afu.size = size_of(w, at);
	put_big_endian(afu.guid, read_reg(dfl, at->first + DFH_GUID_H));
	put_big_endian(afu.guid + 8, read_reg(dfl, at->first + DFH_GUID_L));
	ret = accel_dev_add_afu(dfl->dev, &afu);
	if (ret < 0)
		return ret;
	if (dfl->engine == NULL) {
		dfl->engine = dfl_engine_find(&dfl->bar, &afu);
		dfl->regs = at->first;
	}
	return 0;
}

static int
add_afus(const struct walk *w)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < w->nb_afus && ret == 0; i++)
		ret = add_afu(w, &w->afus[i]);
	return ret;
}

/*
 * Lists
 */

/* The next header of a list; off itself when this is the last. */
static int
next_header(const struct dfl_dev *dfl, uint64_t off, uint64_t dfh, uint64_t *next)
{
	*next = off;
	if (DFH_EOL(dfh) || DFH_NEXT(dfh) == 0 || DFH_NEXT(dfh) == NO_NEXT)
		return 0;
	*next = off + DFH_NEXT(dfh);
	if (*next % 8 != 0)
		return log_broken(dfl, off, "has a next one that is not aligned to 8 bytes");
	return fits(dfl, *next, 8) ? 0 : log_broken(dfl, off, "has a next one outside the BAR");
}

static bool
is_known_port(const struct dfl_dev *dfl, uint64_t off)
{
	unsigned int i;

	for (i = 0; i < dfl->nb_ports; i++) {
		if (dfl->ports[i] == off)
			return true;
	}
	return false;
}

static int walk_list(struct walk *w, uint64_t off, bool of_afu);

/* In version 0 a port tells where its AFU is, with a list of its own. */
static int
found_port(struct walk *w, uint64_t off, uint64_t dfh)
{
	struct dfl_dev *dfl = w->dfl;
	uint64_t afu;

	if (!fits(dfl, off, PORT_LEN))
		return log_broken(dfl, off, "of a port reaches beyond the BAR");
	if (dfl->nb_ports == DFL_MAX_PORTS)
		return log_broken(dfl, off, "is of one port too many");
	dfl->ports[dfl->nb_ports++] = off;
	if (DFH_VERSION(dfh) != 0)
		return 0;
	afu = off + DFH_NEXT_AFU_OFFSET(read_reg(dfl, off + DFH_NEXT_AFU));
	if (afu == off)
		return 0;
	if (!fits(dfl, afu, DFH_LEN) || DFH_TYPE(read_reg(dfl, afu)) != DFH_TYPE_AFU)
		return log_broken(dfl, off, "is of a port whose AFU is not where it says");
	return walk_list(w, afu, true);
}

/* Features that follow an AFU are its own; of types that are not known no more is asked. */
static int
found(struct walk *w, uint64_t off, uint64_t dfh, struct place **afu)
{
	if (is_no_header(dfh))
		return log_broken(w->dfl, off, "is none");
	if (!begins_unit(dfh))
		return 0;
	if (*afu != NULL)
		(*afu)->end = off;
	*afu = NULL;
	if (DFH_TYPE(dfh) == DFH_TYPE_AFU)
		return note_afu(w, off, afu);
	return DFH_ID(dfh) == DFL_FIU_PORT ? found_port(w, off, dfh) : 0;
}

/* The list of a port's AFU ends where a unit of the card begins: ports do not lie below ports. */
static int
walk_list(struct walk *w, uint64_t off, bool of_afu)
{
	struct place *afu = NULL;
	uint64_t next, dfh;
	int i, ret;

	for (i = 0; i < MAX_HEADERS; i++, off = next) {
		dfh = read_reg(w->dfl, off);
		if (DFH_TYPE(dfh) == DFH_TYPE_FIU && (of_afu || is_known_port(w->dfl, off))) {
			if (afu != NULL)
				afu->end = off;
			return 0;
		}
		ret = found(w, off, dfh, &afu);
		if (ret == 0)
			ret = next_header(w->dfl, off, dfh, &next);
		if (ret != 0 || next == off)
			return ret;
	}
	return log_broken(w->dfl, off, "is one of too many");
}

/* The FME of a card tells where its ports are; those of other BARs are not looked at. */
static int
walk_ports(struct walk *w)
{
	const struct dfl_dev *dfl = w->dfl;
	uint64_t n, ports = FME_CAP_PORTS(read_reg(dfl, FME_CAP));
	int ret = 0;

	for (n = 0; n < ports && n < FME_PORTS && ret == 0; n++) {
		uint64_t port = read_reg(dfl, FME_PORT(n)), off = FME_PORT_OFFSET(port), dfh;

		if (!FME_PORT_THERE(port) || FME_PORT_BAR(port) != DFL_BAR)
			continue;
		dfh = fits(dfl, off, PORT_LEN) ? read_reg(dfl, off) : 0;
		if (DFH_TYPE(dfh) != DFH_TYPE_FIU || DFH_ID(dfh) != DFL_FIU_PORT)
			return log_broken(dfl, 0, "has a port where none is");
		ret = walk_list(w, off, false);
	}
	return ret;
}

static int
check_first(const struct dfl_dev *dfl, uint64_t dfh)
{
	if (!is_no_header(dfh))
		return 0;
	if (dfh == UINT64_MAX)
		ACCEL_DEV_LOG(ERR, dfl->dev, "has no device feature list: BAR 0 reads all ones; "
				"see whether it is still there, or take another driver");
	else
		ACCEL_DEV_LOG(ERR, dfl->dev, "has no device feature list: BAR 0 begins with "
				"0x%016" PRIx64 ": take another driver", dfh);
	return -ENODEV;
}

int
dfl_walk(struct dfl_dev *dfl)
{
	struct walk w = { .dfl = dfl };
	uint64_t dfh = read_reg(dfl, DFH);
	int ret = check_first(dfl, dfh);

	if (ret == 0)
		ret = walk_list(&w, 0, false);
	if (ret == 0 && DFH_TYPE(dfh) == DFH_TYPE_FIU && DFH_ID(dfh) == DFL_FIU_FME &&
			fits(dfl, 0, FME_LEN))
		ret = walk_ports(&w);
	return ret == 0 ? add_afus(&w) : ret;
}
