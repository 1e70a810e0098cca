/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>

#include <drivers/dfl/dfl.h>
#include <lib/acceldev/dev_slot.h>

/*
 * Device feature lists as an FPGA may show them: the input is words of a BAR and whole headers,
 * each with its place. No read may leave the BAR, none may be wasted without end, and what is found
 * must be there. Linked with --wrap for the reads, since no part of the region is mapped.
 */

#define BAR_MIN   16
#define BAR_SIZES 15
/* Nine lists of 1024 headers, and what is read of units: their own registers. */
#define MAX_READS (9 * (1024 + 1) + 3 * ACCEL_MAX_AFUS + 64)

static unsigned char *bar;
static uint64_t bar_size;
static unsigned int nb_reads;

uint64_t __wrap_accel_mmio_bus_read(const struct accel_region *region, uint64_t off,
		unsigned int width);

static uint64_t
word(uint64_t off)
{
	uint64_t value;

	memcpy(&value, bar + off, sizeof(value));
	return value;
}

uint64_t
__wrap_accel_mmio_bus_read(const struct accel_region *region, uint64_t off, unsigned int width)
{
	(void)region;
	FUZZ_CHECK(width == 8 && off % 8 == 0 && off < bar_size && bar_size - off >= 8);
	FUZZ_CHECK(++nb_reads <= MAX_READS);
	return word(off);
}

/*
 * The BAR
 */

static void
put_header(struct fuzz_in *in, uint64_t off)
{
	uint8_t kind = fuzz_u8(in);
	uint64_t dfh = (uint64_t)(kind & 0xf) << 60 | (uint64_t)(kind >> 4 & 1) << 40 |
			(uint64_t)(kind >> 5 & 1) << 52 | (kind >> 6);

	dfh |= (uint64_t)fuzz_u16(in) << 19;
	memcpy(bar + off, &dfh, sizeof(dfh));
}

static void
make_bar(struct fuzz_in *in)
{
	bar_size = (uint64_t)BAR_MIN << fuzz_below(in, BAR_SIZES);
	bar = calloc(1, bar_size);
	FUZZ_CHECK(bar != NULL);
	while (in->left > 0) {
		bool is_header = (fuzz_u8(in) & 1) != 0;
		uint64_t off = (uint64_t)fuzz_u16(in) * 8 % bar_size, value;

		if (is_header) {
			put_header(in, off);
			continue;
		}
		value = fuzz_u64(in);
		memcpy(bar + off, &value, sizeof(value));
	}
}

/*
 * What was found
 */

static void
check_afus(const struct accel_dev_internal *slot)
{
	unsigned int i, j;

	for (i = 0; i < slot->nb_afus; i++) {
		const struct accel_afu_info *a = &slot->afus[i];

		FUZZ_CHECK(a->region == 0 && a->offset % 8 == 0 && a->offset < bar_size);
		FUZZ_CHECK(a->size >= 24 && a->size <= bar_size - a->offset);
		FUZZ_CHECK(word(a->offset) >> 60 == 1);
		for (j = 0; j < slot->nb_afus; j++)
			FUZZ_CHECK(i == j || slot->afus[j].offset < a->offset ||
					slot->afus[j].offset >= a->offset + a->size);
	}
}

static void
check_ports(const struct dfl_dev *dfl)
{
	unsigned int i, j;

	FUZZ_CHECK(dfl->nb_ports <= DFL_MAX_PORTS);
	for (i = 0; i < dfl->nb_ports; i++) {
		uint64_t at = dfl->ports[i];

		FUZZ_CHECK(at % 8 == 0 && at < bar_size && bar_size - at >= 0x40);
		FUZZ_CHECK(word(at) >> 60 == 4 && (word(at) & 0xfff) == 1);
		for (j = 0; j < i; j++)
			FUZZ_CHECK(dfl->ports[j] != at);
	}
}

/* AFUs of a list without ports, one header after the other; -1 when it is broken. */
static int
slow_count(void)
{
	uint64_t off = 0, dfh = word(0), next;
	unsigned int n = 0, headers = 0;

	for (;; dfh = word(off)) {
		if (++headers > 1024 || dfh >> 60 == 0 || dfh >> 60 == 15)
			return -1;
		if (dfh >> 60 == 1 && (bar_size - off < 24 || ++n > ACCEL_MAX_AFUS))
			return -1;
		next = dfh >> 16 & 0xffffff;
		if ((dfh >> 40 & 1) != 0 || next == 0 || next == 0xffff)
			return (int)n;
		off += next;
		if (next % 8 != 0 || off >= bar_size)
			return -1;
	}
}

static bool
has_units_of_a_card(void)
{
	uint64_t off;

	for (off = 0; off < bar_size; off += 8) {
		if (word(off) >> 60 == 4)
			return true;
	}
	return false;
}

static void
check_walk(struct dfl_dev *dfl, const struct accel_dev_internal *slot)
{
	int ret = dfl_walk(dfl);

	FUZZ_CHECK(ret == 0 || ret == -ENODEV || ret == -EPROTO || ret == -ENOSPC);
	check_ports(dfl);
	if (ret == 0)
		check_afus(slot);
	if (dfl->engine != NULL)
		FUZZ_CHECK(dfl->regs < bar_size && bar_size - dfl->regs >= 0x188);
	if (!has_units_of_a_card())
		FUZZ_CHECK(slow_count() == (ret == 0 ? (int)slot->nb_afus : -1));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_drop_logs();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct accel_dev_internal slot;
	struct fuzz_in in = { data, size };
	struct dfl_dev dfl = { .dev = &slot.dev };
	bool silent = false;

	make_bar(&in);
	slot.dev.name = "fuzz";
	slot.dev.internal = &slot;
	slot.nb_afus = 0;
	nb_reads = 0;
	dfl.bar = (struct accel_region){ .size = bar_size, .dev = &slot.dev, .silent = &silent };
	check_walk(&dfl, &slot);
	free(bar);
	return 0;
}
