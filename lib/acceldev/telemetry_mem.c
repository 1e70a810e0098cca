/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "telemetry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "xstats.h"

/* The commands "maps" and "arenas". */

/*
 * Maps
 */

/* One more than a page: where the next one begins. */
struct map_page {
	unsigned int n;
	struct iospace_entry entries[TELE_PAGE_MAPS + 1];
};

static void
copy_maps(const struct accel_dev_internal *slot, uint64_t iova, struct map_page *page)
{
	struct iospace_entry *entry = page->entries;

	page->n = 0;
	while (page->n <= TELE_PAGE_MAPS && iospace_next(slot->ios, iova, entry) == 0) {
		page->n++;
		iova = entry->iova + entry->len;
		entry++;
		if (iova == 0)
			break;
	}
}

static void
fill_map(const void *ctx, unsigned int i, char *key, struct rte_tel_data *element)
{
	const struct iospace_entry *entry = &((const struct map_page *)ctx)->entries[i];
	bool reads = (entry->access & IOSPACE_READ) != 0;
	bool writes = (entry->access & IOSPACE_WRITE) != 0;

	snprintf(key, TELE_KEY, "0x%" PRIx64, entry->iova);
	tele_add_hex(element, "va", (uintptr_t)entry->va);
	rte_tel_data_add_dict_uint(element, "len", entry->len);
	rte_tel_data_add_dict_string(element, "access", reads && writes ? "rw" : reads ? "r" : "w");
}

int
tele_maps(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	struct accel_dev_internal *slot;
	struct map_page maps;
	struct tele_page page = { .name = "maps", .ctx = &maps, .fill = fill_map };
	uint64_t iova;
	int ret = tele_lock(params, &iova, &slot);

	(void)cmd;
	if (ret != 0)
		return ret;
	copy_maps(slot, iova, &maps);
	dev_unlock(slot);
	page.n = maps.n < TELE_PAGE_MAPS ? maps.n : TELE_PAGE_MAPS;
	rte_tel_data_start_dict(reply);
	ret = tele_add_page(reply, &page);
	if (ret >= 0 && (unsigned int)ret < maps.n)
		tele_add_hex(reply, "next", maps.entries[ret].iova);
	return ret < 0 ? ret : 0;
}

/*
 * Arenas
 */

struct arena_page {
	unsigned int first;
	unsigned int n; /* up to one more than a page */
	struct accel_arena_info arenas[TELE_PAGE_ARENAS + 1];
};

static const char *
backing_str(enum accel_backing backing)
{
	static const char *const names[] = {
		[ACCEL_BACKING_MEMZONE] = "memzone",
		[ACCEL_BACKING_HUGETLB] = "hugetlb",
		[ACCEL_BACKING_MEMFD] = "memfd",
	};

	return names[backing];
}

static void
fill_arena(const void *ctx, unsigned int i, char *key, struct rte_tel_data *element)
{
	const struct arena_page *page = ctx;
	const struct accel_arena_info *arena = &page->arenas[i];

	snprintf(key, TELE_KEY, "%u", page->first + i);
	tele_add_hex(element, "va", (uintptr_t)arena->va);
	rte_tel_data_add_dict_uint(element, "len", arena->len);
	rte_tel_data_add_dict_uint(element, "page_size", arena->page_sz);
	rte_tel_data_add_dict_int(element, "socket", arena->socket);
	rte_tel_data_add_dict_string(element, "backing", backing_str(arena->backing));
	rte_tel_data_add_dict_int(element, "contiguous", arena->contiguous != 0);
	rte_tel_data_add_dict_string(element, "buffers",
			(arena->flags & ACCEL_BUF_READ_ONLY) != 0 ? "read-only" :
			(arena->flags & ACCEL_BUF_ISOLATED) != 0 ? "isolated" : "ordinary");
	rte_tel_data_add_dict_string(element, "shortfall", arena->shortfall);
}

static int
reply_one(const char *params, struct rte_tel_data *reply)
{
	struct accel_dev_internal *slot;
	struct arena_page arenas = { 0 };
	struct tele_page page = { .name = "arenas", .ctx = &arenas, .fill = fill_arena };
	uint64_t first;
	int ret = tele_lock(params, &first, &slot);

	if (ret != 0)
		return ret;
	arenas.first = first < UINT32_MAX / 2 ? (unsigned int)first : UINT32_MAX / 2;
	while (arenas.n <= TELE_PAGE_ARENAS && heap_arena_info(&slot->space->heap,
			arenas.first + arenas.n, &arenas.arenas[arenas.n]) == 0)
		arenas.n++;
	dev_unlock(slot);
	page.n = arenas.n < TELE_PAGE_ARENAS ? arenas.n : TELE_PAGE_ARENAS;
	rte_tel_data_start_dict(reply);
	ret = tele_add_page(reply, &page);
	if (ret >= 0 && (unsigned int)ret < arenas.n)
		rte_tel_data_add_dict_uint(reply, "next", arenas.first + (unsigned int)ret);
	return ret < 0 ? ret : 0;
}

struct arena_sums {
	unsigned int n;
	struct {
		uint16_t dev_id;
		uint64_t arenas;
		uint64_t bytes;
	} devs[ACCEL_MAX_DEVS];
};

static void
fill_sum(const void *ctx, unsigned int i, char *key, struct rte_tel_data *element)
{
	const struct arena_sums *sums = ctx;

	snprintf(key, TELE_KEY, "%u", sums->devs[i].dev_id);
	rte_tel_data_add_dict_uint(element, "arenas", sums->devs[i].arenas);
	rte_tel_data_add_dict_uint(element, "arena_bytes", sums->devs[i].bytes);
}

static int
reply_all(struct rte_tel_data *reply)
{
	struct arena_sums sums = { 0 };
	struct tele_page page = { .name = "devices", .ctx = &sums, .fill = fill_sum };
	struct accel_dev_internal *slot;
	int dev, ret;

	for (dev = accel_dev_next(0); dev >= 0; dev = accel_dev_next((uint16_t)(dev + 1))) {
		slot = dev_lock_quiet((uint16_t)dev);
		if (slot == NULL)
			continue;
		sums.devs[sums.n].dev_id = (uint16_t)dev;
		xstats_arenas(slot, &sums.devs[sums.n].arenas, &sums.devs[sums.n].bytes);
		sums.n++;
		dev_unlock(slot);
	}
	page.n = sums.n;
	rte_tel_data_start_dict(reply);
	ret = tele_add_page(reply, &page);
	return ret < 0 ? ret : 0;
}

int
tele_arenas(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	(void)cmd;
	return params == NULL ? reply_all(reply) : reply_one(params, reply);
}
