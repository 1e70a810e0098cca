/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_common.h>

#include <acceldev/accel_event.h>
#include <acceldev/acceldev.h>

#define SIZE_LEN 32

static const char *const states[] = {
	[ACCEL_DEV_PROBED] = "probed",
	[ACCEL_DEV_CONFIGURED] = "configured",
	[ACCEL_DEV_STARTED] = "started",
	[ACCEL_DEV_STOPPED] = "stopped",
};

static const char *const backings[] = {
	[ACCEL_BACKING_MEMZONE] = "EAL memzone",
	[ACCEL_BACKING_HUGETLB] = "hugetlbfs",
	[ACCEL_BACKING_MEMFD] = "memfd of ordinary pages",
};

static const char *const op_names[] = {
	[ACCEL_OP_COPY] = "copy",
	[ACCEL_OP_FILL] = "fill",
	[ACCEL_OP_RUN] = "run",
};

static const char *const irq_names[] = {
	[ACCEL_IRQ_INTX] = "INTx",
	[ACCEL_IRQ_MSI] = "MSI",
	[ACCEL_IRQ_MSIX] = "MSI-X",
};

/* In the largest binary unit that leaves no rest. */
static const char *
size_text(uint64_t bytes, char *text)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	unsigned int i = 0;

	while (bytes != 0 && bytes % 1024 == 0 && i < 4) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, SIZE_LEN, "%" PRIu64 " %s", bytes, units[i]);
	return text;
}

static void
print_capabilities(const struct accel_dev_info *info)
{
	char text[SIZE_LEN];
	unsigned int i;

	printf("  queue pairs: %u of %u, depth %u to %u\n", info->nb_qps, info->max_qps,
		info->min_depth, info->max_depth);
	printf("  operations:");
	for (i = ACCEL_OP_COPY; i < RTE_DIM(op_names); i++) {
		if (info->op_types & ACCEL_OP_BIT(i))
			printf(" %s", op_names[i]);
	}
	printf(", up to %s\n", info->max_op_len == UINT64_MAX ? "any length" :
		size_text(info->max_op_len, text));
}

static void
print_page_sizes(uint64_t mask)
{
	uint64_t lowest = mask & -mask;
	char text[SIZE_LEN];
	unsigned int bit;

	printf("  page sizes:");
	if (mask == -lowest) {
		printf(" %s and up\n", size_text(lowest, text));
		return;
	}
	for (bit = 0; bit < 64; bit++) {
		if (mask & (UINT64_C(1) << bit))
			printf(" %s", size_text(UINT64_C(1) << bit, text));
	}
	printf("\n");
}

static void
print_io_space(const struct accel_dev_info *info)
{
	char text[SIZE_LEN];

	printf("  IOVA: %s; window 0x%" PRIx64 " to 0x%" PRIx64 "\n",
		info->iova_mode == ACCEL_IOVA_VA ? "virtual addresses where they fit" : "allocated",
		info->iova_first, info->iova_last);
	print_page_sizes(info->page_sizes);
	printf("  maps: %u used, ", info->maps);
	if (info->maps_left == UINT32_MAX)
		printf("no limit known");
	else
		printf("%u left", info->maps_left);
	printf(", %s reachable\n", size_text(info->mapped_bytes, text));
	printf("  live buffers: %u\n", info->live_bufs);
}

/* A device without registers has no line about them. */
static void
print_regions(uint16_t dev_id)
{
	char text[SIZE_LEN];
	unsigned int i;
	uint64_t size;

	for (i = 0; i <= ACCEL_REGION_CONFIG; i++) {
		if (accel_reg_size(dev_id, i, &size) < 0 || size == 0)
			continue;
		printf("  region %u: %s, %s\n", i, i < ACCEL_REGION_ROM ? "BAR" :
			i == ACCEL_REGION_ROM ? "ROM" : "config space", size_text(size, text));
	}
}

static void
print_interrupts(uint16_t dev_id)
{
	const char *separator = "  interrupts: ";
	unsigned int i;
	int n;

	for (i = 0; i < RTE_DIM(irq_names); i++) {
		n = accel_irq_count(dev_id, i);
		if (n <= 0)
			continue;
		printf("%s%d %s", separator, n, irq_names[i]);
		separator = ", ";
	}
	if (separator[0] == ',')
		printf("\n");
}

static void
print_banks(uint16_t dev_id, uint16_t nb_banks)
{
	char len[SIZE_LEN], left[SIZE_LEN], largest[SIZE_LEN];
	struct accel_bank_info bank;
	uint16_t i;

	for (i = 0; i < nb_banks && accel_bank_info_get(dev_id, i, &bank) == 0; i++)
		printf("  bank %u: 0x%" PRIx64 ", %s, %s free, largest %s\n", i, bank.base,
			size_text(bank.len, len), size_text(bank.free_bytes, left),
			size_text(bank.largest_free, largest));
}

static void
print_arenas(uint16_t dev_id)
{
	char len[SIZE_LEN], page[SIZE_LEN];
	struct accel_arena_info arena;
	unsigned int i;

	for (i = 0; accel_arena_info_get(dev_id, i, &arena) == 0; i++) {
		printf("  arena %u: %p, %s, %s pages, %s, socket %d%s%s\n", i, arena.va,
			size_text(arena.len, len), size_text(arena.page_sz, page),
			backings[arena.backing], arena.socket,
			arena.contiguous ? ", contiguous" : "",
			arena.flags & ACCEL_BUF_READ_ONLY ? ", read-only" : "");
		if (arena.shortfall[0] != '\0')
			printf("    less than asked for: %s\n", arena.shortfall);
	}
	if (i == 0)
		printf("  arenas: none yet\n");
}

void
show_device(uint16_t dev_id)
{
	struct accel_dev_info info;

	if (accel_dev_info_get(dev_id, &info) < 0)
		return;
	printf("Device %u: %s, driver %s, %s, %s, socket %d\n", dev_id, info.name, info.driver,
		states[info.state], accel_health_str(info.health), info.socket);
	print_capabilities(&info);
	print_regions(dev_id);
	print_interrupts(dev_id);
	print_io_space(&info);
	print_banks(dev_id, info.nb_banks);
	print_arenas(dev_id);
}

void
show_maps(uint16_t dev_id)
{
	struct accel_map map;
	char text[SIZE_LEN];
	uint64_t iova = 0;

	printf("Device %u reaches:\n", dev_id);
	while (accel_dev_map_next(dev_id, iova, &map) == 0) {
		printf("  IOVA 0x%" PRIx64 " -> %p, %s, %s%s\n", map.iova, map.va,
			size_text(map.len, text), map.readable ? "r" : "-",
			map.writable ? "w" : "-");
		iova = map.iova + map.len;
		if (iova == 0)
			break;
	}
}

void
show_xstats(uint16_t dev_id)
{
	int i, n = accel_xstats_get_names(dev_id, NULL, 0);
	struct accel_xstat_name *names = calloc(n > 0 ? n : 1, sizeof(*names));
	struct accel_xstat *xstats = calloc(n > 0 ? n : 1, sizeof(*xstats));

	printf("Device %u counts:\n", dev_id);
	if (names != NULL && xstats != NULL && n > 0 &&
			accel_xstats_get_names(dev_id, names, (unsigned int)n) == n &&
			accel_xstats_get(dev_id, xstats, (unsigned int)n) == n) {
		for (i = 0; i < n; i++)
			printf("  %s: %" PRIu64 "\n", names[i].name, xstats[i].value);
	}
	free(names);
	free(xstats);
}
