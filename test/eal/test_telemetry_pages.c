/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Telemetry: replies that do not fit into one, with the longest numbers there are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_common.h>

#include <acceldev/accel_ring.h>
#include <acceldev/acceldev.h>
#include <lib/acceldev/dev_slot.h>

#include "soft_dev.h"
#include "tele_client.h"

#define NEXT 32
#define PAGE 4096u

/*
 * A driver with as many queue pairs and statistics as there may be, and counters that are full
 */

static int
wide_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	int ret = accel_ring_qp_setup(dev, qp_id, conf, qp);

	if (ret == 0)
		memset(&(*qp)->stats, 0xff, offsetof(struct accel_qp_stats, reserved));
	return ret;
}

static void
wide_info_get(struct accel_dev *dev __rte_unused, struct accel_dev_info *info)
{
	info->max_qps = ACCEL_MAX_QPS;
	info->min_depth = 1;
	info->max_depth = 16;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = UINT64_MAX;
}

static int
wide_xstats(struct accel_dev *dev __rte_unused, struct accel_xstat_name *names, uint64_t *values,
		unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (names != NULL)
			snprintf(names[i].name, sizeof(names[i].name), "wide_%058u", i);
		if (values != NULL)
			values[i] = UINT64_MAX - i;
	}
	return ACCEL_XSTATS_DRIVER_MAX;
}

static const struct accel_dev_ops wide_ops = {
	.info_get = wide_info_get,
	.qp_setup = wide_qp_setup,
	.qp_release = accel_ring_release,
	.start = accel_ring_start,
	.stop = accel_ring_stop,
	.xstats = wide_xstats,
};

static uint16_t
wide_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	return accel_ring_enqueue((struct accel_ring *)qp, ops, n);
}

static int
wide_probe(struct accel_dev *dev)
{
	dev->ops = &wide_ops;
	dev->enqueue = wide_enqueue;
	dev->dequeue = accel_ring_dequeue;
	return 0;
}

static struct accel_driver wide_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "wide",
	.bus = "soft",
	.probe = wide_probe,
};

static uint16_t
wide_open(void)
{
	uint16_t dev;

	CU_ASSERT_EQUAL_FATAL(accel_driver_register(&wide_driver), 0);
	dev = soft_open("soft:wide,driver=wide");
	soft_run(dev, ACCEL_MAX_QPS, 1, 0);
	return dev;
}

static void
wide_close(uint16_t dev)
{
	soft_close(dev);
	CU_ASSERT_EQUAL(accel_driver_unregister(&wide_driver), 0);
}

/*
 * Counters
 */

static void
all_queue_pairs(void)
{
	struct json_object *reply;
	unsigned int pages = 0, seen = 0;
	uint16_t dev = wide_open();
	char next[NEXT] = "0";
	bool more;

	do {
		reply = tele_ask("/acceldev/stats,%u,%s", dev, next);
		json_object_object_foreach(tele_member(reply, "queue_pairs"), qp, stats) {
			CU_ASSERT_EQUAL(strtoul(qp, NULL, 10), seen);
			CU_ASSERT_EQUAL(tele_uint(stats, "enqueued"), UINT64_MAX);
			CU_ASSERT_EQUAL(tele_uint(stats, "bytes"), UINT64_MAX);
			CU_ASSERT_EQUAL(tele_uint(stats, "rejected"), UINT64_MAX);
			seen++;
		}
		more = tele_next(reply, next, sizeof(next));
		json_object_put(reply);
		pages++;
	} while (more && pages < 100);
	CU_ASSERT_EQUAL(seen, ACCEL_MAX_QPS);
	CU_ASSERT(pages > 1 && pages < 10);
	reply = tele_ask("/acceldev/stats,%u,0x100", dev);
	CU_ASSERT_EQUAL(json_object_object_length(tele_member(reply, "queue_pairs")), 0);
	json_object_put(reply);
	reply = tele_ask("/acceldev/stats,%u,0x10000", dev);
	CU_ASSERT(!tele_next(reply, next, sizeof(next)));
	json_object_put(reply);
	wide_close(dev);
}

#define MAX_XSTATS 2048

static void
all_xstats(void)
{
	static struct accel_xstat_name names[MAX_XSTATS];
	static struct accel_xstat xstats[MAX_XSTATS];
	uint16_t dev = wide_open();
	unsigned int pages = 0, seen = 0, n;
	struct json_object *reply;
	char next[NEXT] = "0";
	bool more;

	n = (unsigned int)accel_xstats_get_names(dev, names, MAX_XSTATS);
	CU_ASSERT_EQUAL_FATAL(n, 13 + ACCEL_XSTATS_DRIVER_MAX + 5 * ACCEL_MAX_QPS);
	CU_ASSERT_EQUAL(accel_xstats_get(dev, xstats, MAX_XSTATS), (int)n);
	do {
		reply = tele_ask("/acceldev/xstats,%u,%s", dev, next);
		json_object_object_foreach(tele_member(reply, "xstats"), name, value) {
			CU_ASSERT_FATAL(seen < n);
			CU_ASSERT_STRING_EQUAL(name, names[seen].name);
			CU_ASSERT_EQUAL(json_object_get_uint64(value), xstats[seen].value);
			seen++;
		}
		more = tele_next(reply, next, sizeof(next));
		json_object_put(reply);
		pages++;
	} while (more && pages < 100);
	CU_ASSERT_EQUAL(seen, n);
	CU_ASSERT(pages > 1 && pages < 20);
	reply = tele_ask("/acceldev/xstats,%u,0x100000000", dev);
	CU_ASSERT_EQUAL(json_object_object_length(tele_member(reply, "xstats")), 0);
	json_object_put(reply);
	wide_close(dev);
}

/*
 * Maps
 */

struct imports {
	unsigned int n;
	unsigned char *va;
	struct accel_buf **bufs;
};

/* Pages side by side, each an entry; some are read-only. */
static void
import_pages(uint16_t dev, unsigned int n, struct imports *imports)
{
	unsigned int i;

	imports->n = n;
	imports->bufs = calloc(n, sizeof(struct accel_buf *));
	imports->va = mmap(NULL, (size_t)n * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	CU_ASSERT_FATAL(imports->bufs != NULL && imports->va != MAP_FAILED);
	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, imports->va + (size_t)i * PAGE, PAGE,
				i % 3 == 0 ? ACCEL_BUF_READ_ONLY : 0, NULL, NULL,
				&imports->bufs[i]), 0);
}

static void
free_imports(struct imports *imports)
{
	unsigned int i;

	for (i = 0; i < imports->n; i++)
		CU_ASSERT_EQUAL(accel_buf_free(imports->bufs[i]), 0);
	munmap(imports->va, (size_t)imports->n * PAGE);
	free(imports->bufs);
}

static void
expect_map(uint16_t dev, uint64_t *iova, const char *key, struct json_object *entry)
{
	struct accel_map map = { 0 };
	char expected[NEXT];

	CU_ASSERT_EQUAL_FATAL(accel_dev_map_next(dev, *iova, &map), 0);
	snprintf(expected, sizeof(expected), "0x%" PRIx64, map.iova);
	CU_ASSERT_STRING_EQUAL(key, expected);
	CU_ASSERT_EQUAL(tele_hex(entry, "va"), (uintptr_t)map.va);
	CU_ASSERT_EQUAL(tele_uint(entry, "len"), map.len);
	CU_ASSERT_STRING_EQUAL(tele_text(entry, "access"), map.writable ? "rw" : "r");
	*iova = map.iova + map.len;
}

/* Walk all pages: how many entries they have, each as the call tells it. */
static unsigned int
walk_maps(uint16_t dev, const char *first)
{
	uint64_t iova = strtoull(first, NULL, 0);
	unsigned int pages = 0, seen = 0;
	struct json_object *reply;
	char next[NEXT];
	bool more;

	snprintf(next, sizeof(next), "%s", first);
	do {
		reply = tele_ask("/acceldev/maps,%u,%s", dev, next);
		json_object_object_foreach(tele_member(reply, "maps"), key, entry) {
			expect_map(dev, &iova, key, entry);
			seen++;
		}
		more = tele_next(reply, next, sizeof(next));
		json_object_put(reply);
		pages++;
	} while (more && pages <= seen + 1);
	return seen;
}

static void
walk_imports(const char *spec, unsigned int n)
{
	uint16_t dev = soft_open(spec);
	struct imports imports;
	struct accel_map map;
	char from[NEXT];

	CU_ASSERT_EQUAL(walk_maps(dev, "0"), 0);
	import_pages(dev, n, &imports);
	CU_ASSERT_EQUAL(walk_maps(dev, "0"), n);
	CU_ASSERT_EQUAL(walk_maps(dev, "0xffffffffffffffff"), 0);
	/* From the last byte of the first entry on, and from the first byte of the second. */
	CU_ASSERT_EQUAL_FATAL(accel_dev_map_next(dev, 0, &map), 0);
	snprintf(from, sizeof(from), "%" PRIu64, map.iova + map.len - 1);
	CU_ASSERT_EQUAL(walk_maps(dev, from), n);
	snprintf(from, sizeof(from), "0x%" PRIX64, map.iova + map.len);
	CU_ASSERT_EQUAL(walk_maps(dev, from), n - 1);
	free_imports(&imports);
	CU_ASSERT_EQUAL(walk_maps(dev, "0"), 0);
	soft_close(dev);
}

static void
maps(void)
{
	walk_imports("soft:0", 3000);
	walk_imports("sim:edu,dma_bits=64,iova=alloc", 3000);
}

/* Around the length of a page. */
static void
full_pages_of_maps(void)
{
	walk_imports("soft:0", 127);
	walk_imports("soft:0", 128);
	walk_imports("soft:0", 129);
	walk_imports("soft:0", 256);
}

static void
most_maps(void)
{
	uint16_t dev = soft_open("sim:edu,dma_bits=64");
	struct imports imports;

	import_pages(dev, 65535, &imports);
	CU_ASSERT_EQUAL(soft_info(dev).maps_left, 0);
	CU_ASSERT_EQUAL(walk_maps(dev, "0"), 65535);
	free_imports(&imports);
	soft_close(dev);
}

/*
 * Arenas
 */

static void
expect_arena(uint16_t dev, unsigned int n, struct json_object *is)
{
	static const char *const backings[] = { "memzone", "hugetlb", "memfd" };
	struct accel_arena_info arena = { 0 };

	CU_ASSERT_EQUAL_FATAL(accel_arena_info_get(dev, n, &arena), 0);
	CU_ASSERT_EQUAL(tele_hex(is, "va"), (uintptr_t)arena.va);
	CU_ASSERT_EQUAL(tele_uint(is, "len"), arena.len);
	CU_ASSERT_EQUAL(tele_uint(is, "page_size"), arena.page_sz);
	CU_ASSERT_EQUAL(json_object_get_int(tele_member(is, "socket")), arena.socket);
	CU_ASSERT_STRING_EQUAL(tele_text(is, "backing"), backings[arena.backing]);
	CU_ASSERT_EQUAL(tele_uint(is, "contiguous"), arena.contiguous != 0);
	CU_ASSERT_STRING_EQUAL(tele_text(is, "buffers"), arena.flags == 0 ? "ordinary" :
			arena.flags == ACCEL_BUF_READ_ONLY ? "read-only" : "isolated");
	CU_ASSERT_NSTRING_EQUAL(tele_text(is, "shortfall"), arena.shortfall, 127);
}

static unsigned int
walk_arenas(uint16_t dev)
{
	unsigned int pages = 0, seen = 0;
	struct json_object *reply;
	char next[NEXT] = "0";
	bool more;

	do {
		reply = tele_ask("/acceldev/arenas,%u,%s", dev, next);
		json_object_object_foreach(tele_member(reply, "arenas"), key, arena) {
			CU_ASSERT_EQUAL(strtoul(key, NULL, 10), seen);
			expect_arena(dev, seen++, arena);
		}
		more = tele_next(reply, next, sizeof(next));
		json_object_put(reply);
		pages++;
	} while (more && pages <= seen + 1);
	return seen;
}

static void
arenas(void)
{
	static const uint32_t flags[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED };
	uint16_t empty = soft_open("soft:0"), dev = soft_open("soft:1,mem=memfd");
	struct accel_buf *bufs[RTE_DIM(flags)];
	struct json_object *reply, *all, *sums;
	char key[8];
	unsigned int i;

	CU_ASSERT_EQUAL(walk_arenas(dev), 0);
	for (i = 0; i < RTE_DIM(flags); i++)
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, PAGE, 0, flags[i], &bufs[i]), 0);
	CU_ASSERT_EQUAL(walk_arenas(dev), RTE_DIM(flags));
	CU_ASSERT_EQUAL(walk_arenas(empty), 0);
	reply = tele_ask("/acceldev/arenas");
	all = tele_member(reply, "devices");
	CU_ASSERT_EQUAL(json_object_object_length(all), 2);
	snprintf(key, sizeof(key), "%u", dev);
	sums = tele_member(all, key);
	CU_ASSERT_EQUAL(tele_uint(sums, "arenas"), RTE_DIM(flags));
	CU_ASSERT_EQUAL(tele_uint(sums, "arena_bytes"), RTE_DIM(flags) * (32u << 20));
	json_object_put(reply);
	for (i = 0; i < RTE_DIM(flags); i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	soft_close(dev);
	soft_close(empty);
}

#define MANY 100

/* So many need more memory than a test should take: they are only listed. */
static void
many_arenas(void)
{
	static struct arena many[MANY];
	struct json_object *reply;
	uint16_t dev = soft_open("soft:0");
	struct heap_class *cls = &dev_slots[dev].space->heap.classes[HEAP_READ_ONLY];
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		many[i].next = i + 1 < MANY ? &many[i + 1] : NULL;
		many[i].cls = cls;
		many[i].mem.va = (void *)(UINTPTR_MAX - i);
		many[i].mem.len = SIZE_MAX - i;
		many[i].mem.page_sz = SIZE_MAX - i;
		many[i].mem.socket = INT32_MIN + (int)i;
		many[i].mem.backing = HUGEMEM_MEMZONE;
		memset(many[i].mem.shortfall, '"', sizeof(many[i].mem.shortfall) - 1);
	}
	cls->arenas = many;
	CU_ASSERT_EQUAL(walk_arenas(dev), MANY);
	reply = tele_ask("/acceldev/arenas,%u,0x100000000", dev);
	CU_ASSERT_EQUAL(json_object_object_length(tele_member(reply, "arenas")), 0);
	json_object_put(reply);
	cls->arenas = NULL;
	soft_close(dev);
}

static void
all_devices(void)
{
	uint16_t devs[ACCEL_MAX_DEVS];
	struct json_object *reply;
	char spec[32];
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		snprintf(spec, sizeof(spec), "soft:%u", i);
		devs[i] = soft_open(spec);
	}
	reply = tele_ask("/acceldev/list");
	CU_ASSERT_EQUAL(json_object_array_length(reply), ACCEL_MAX_DEVS);
	json_object_put(reply);
	reply = tele_ask("/acceldev/arenas");
	CU_ASSERT_EQUAL(json_object_object_length(tele_member(reply, "devices")), ACCEL_MAX_DEVS);
	json_object_put(reply);
	for (i = 0; i < ACCEL_MAX_DEVS; i++)
		soft_close(devs[i]);
}

const struct test_case tele_page_cases[] = {
	{ "all queue pairs", all_queue_pairs },
	{ "all extended statistics", all_xstats },
	{ "maps", maps },
	{ "full pages of maps", full_pages_of_maps },
	{ "as many maps as there can be", most_maps },
	{ "arenas", arenas },
	{ "many arenas", many_arenas },
	{ "all devices", all_devices },
	{ NULL, NULL },
};
