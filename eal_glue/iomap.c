/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iomap.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FANOUT_SHIFT 9
#define FANOUT       (1u << FANOUT_SHIFT)
#define GRANULE_SHIFT (IOMAP_PAGE_SHIFT + FANOUT_SHIFT)    /* 2 MiB */
#define GRANULE       (UINT64_C(1) << GRANULE_SHIFT)
#define ROOT_SHIFT    (GRANULE_SHIFT + FANOUT_SHIFT)       /* 1 GiB */
#define ROOT_ENTRIES  (UINT64_C(1) << (IOMAP_KEY_BITS - ROOT_SHIFT))

/* How far iomap_run() looks in each direction, in entries. */
#define RUN_STEPS 64

/*
 * An entry is 0, or a distance with access bits, or the address of a table of pages with
 * ENTRY_TABLE. Distances are page aligned and tables by the cache line, so the low bits are free.
 */
#define ENTRY_ACCESS (uint64_t)(IOMAP_READ | IOMAP_WRITE)
#define ENTRY_TABLE  UINT64_C(4)
#define ENTRY_FLAGS  (ENTRY_ACCESS | ENTRY_TABLE)

struct iomap_table {
	uint64_t entry[FANOUT];
	struct iomap_table *next; /* of all tables, to free them */
};

static inline uint64_t
load(const uint64_t *entry)
{
	return __atomic_load_n(entry, __ATOMIC_ACQUIRE);
}

static inline void
store(uint64_t *entry, uint64_t value)
{
	__atomic_store_n(entry, value, __ATOMIC_RELEASE);
}

static inline struct iomap_table *
table_of(uint64_t entry)
{
	return (struct iomap_table *)(uintptr_t)(entry & ~ENTRY_FLAGS);
}

static inline unsigned int
granule_index(uint64_t key)
{
	return (key >> GRANULE_SHIFT) & (FANOUT - 1);
}

static inline unsigned int
page_index(uint64_t key)
{
	return (key >> IOMAP_PAGE_SHIFT) & (FANOUT - 1);
}

/* What a walk found: the entry's value and how many bytes it covers. */
struct walk {
	uint64_t value;
	uint64_t unit;
};

static inline struct walk
walk(const struct iomap *map, uint64_t key)
{
	struct iomap_table *const *slot;
	const struct iomap_table *granules;
	uint64_t value;

	if (key >> IOMAP_KEY_BITS != 0)
		return (struct walk){ 0, GRANULE };
	slot = &map->root[key >> ROOT_SHIFT];
	granules = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
	if (granules == NULL)
		return (struct walk){ 0, GRANULE };
	value = load(&granules->entry[granule_index(key)]);
	if ((value & ENTRY_TABLE) == 0)
		return (struct walk){ value, GRANULE };
	return (struct walk){ load(&table_of(value)->entry[page_index(key)]), IOMAP_PAGE };
}

/* The entry that a writer changes: the granule's when it has no table of pages. */
static uint64_t *
entry_for_write(struct iomap *map, uint64_t key, uint64_t *unit)
{
	uint64_t *entry = &map->root[key >> ROOT_SHIFT]->entry[granule_index(key)];

	*unit = GRANULE;
	if ((*entry & ENTRY_TABLE) != 0) {
		*unit = IOMAP_PAGE;
		entry = &table_of(*entry)->entry[page_index(key)];
	}
	return entry;
}

int
iomap_init(struct iomap *map)
{
	/* 2 MiB of zero pages, of which only what is touched becomes memory. */
	void *root = mmap(NULL, ROOT_ENTRIES * sizeof(*map->root), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (root == MAP_FAILED)
		return -ENOMEM;
	map->root = root;
	map->tables = NULL;
	return 0;
}

void
iomap_fini(struct iomap *map)
{
	struct iomap_table *table, *next;

	if (map->root == NULL)
		return;
	for (table = map->tables; table != NULL; table = next) {
		next = table->next;
		free(table);
	}
	munmap(map->root, ROOT_ENTRIES * sizeof(*map->root));
	map->root = NULL;
	map->tables = NULL;
}

/* A table whose entries are all one value: a distance holds for each part of its granule. */
static struct iomap_table *
new_table(struct iomap *map, uint64_t value)
{
	struct iomap_table *table = aligned_alloc(64, (sizeof(*table) + 63) / 64 * 64);
	unsigned int i;

	if (table == NULL)
		return NULL;
	for (i = 0; i < FANOUT; i++)
		table->entry[i] = value;
	table->next = map->tables;
	map->tables = table;
	return table;
}

static int
prepare_granules(struct iomap *map, uint64_t key)
{
	struct iomap_table **slot = &map->root[key >> ROOT_SHIFT];
	struct iomap_table *table;

	if (*slot != NULL)
		return 0;
	table = new_table(map, 0);
	if (table == NULL)
		return -ENOMEM;
	__atomic_store_n(slot, table, __ATOMIC_RELEASE);
	return 0;
}

static int
prepare_pages(struct iomap *map, uint64_t key)
{
	uint64_t *entry = &map->root[key >> ROOT_SHIFT]->entry[granule_index(key)];
	struct iomap_table *table;

	if ((*entry & ENTRY_TABLE) != 0)
		return 0;
	table = new_table(map, *entry);
	if (table == NULL)
		return -ENOMEM;
	store(entry, (uint64_t)(uintptr_t)table | ENTRY_TABLE);
	return 0;
}

int
iomap_prepare(struct iomap *map, uint64_t key, uint64_t len)
{
	uint64_t end = key + len;
	uint64_t at = key & ~(GRANULE - 1);
	int ret;

	for (; at < end; at += GRANULE) {
		ret = prepare_granules(map, at);
		if (ret == 0 && (at < key || end - at < GRANULE))
			ret = prepare_pages(map, at);
		if (ret != 0)
			return ret;
	}
	return 0;
}

bool
iomap_set(struct iomap *map, uint64_t key, uint64_t len, uint64_t delta, unsigned int access)
{
	uint64_t end = key + len;
	bool alias = false;
	uint64_t unit;

	for (; key < end; key += unit) {
		uint64_t *entry = entry_for_write(map, key, &unit);

		if (*entry == 0)
			store(entry, delta | access);
		else
			alias = true;
	}
	return alias;
}

void
iomap_clear(struct iomap *map, uint64_t key, uint64_t len, uint64_t delta)
{
	uint64_t end = key + len;
	uint64_t unit;

	for (; key < end; key += unit) {
		uint64_t *entry = entry_for_write(map, key, &unit);

		if (*entry != 0 && (*entry & ~ENTRY_FLAGS) == delta)
			store(entry, 0);
	}
}

int
iomap_lookup(const struct iomap *map, uint64_t key, uint64_t len, unsigned int access,
		uint64_t *delta)
{
	struct walk w = walk(map, key);
	uint64_t distance = w.value & ~ENTRY_FLAGS;
	uint64_t left = len;

	for (;;) {
		uint64_t covered = w.unit - (key & (w.unit - 1));

		if ((w.value & ENTRY_ACCESS) == 0 || (w.value & ~ENTRY_FLAGS) != distance)
			return -EFAULT;
		if ((w.value & access) != access)
			return -EACCES;
		if (left <= covered)
			break;
		left -= covered;
		key += covered;
		w = walk(map, key);
	}
	*delta = distance;
	return 0;
}

static bool
same_run(uint64_t a, uint64_t b)
{
	return (a & ENTRY_ACCESS) != 0 && a == b;
}

int
iomap_run(const struct iomap *map, uint64_t key, struct iomap_run *run)
{
	struct walk here = walk(map, key);
	struct walk w = here;
	uint64_t first = key & ~(here.unit - 1);
	uint64_t end = first + here.unit;
	unsigned int i;

	if ((here.value & ENTRY_ACCESS) == 0)
		return -EFAULT;
	for (i = 0; i < RUN_STEPS && first > 0; i++) {
		w = walk(map, first - 1);
		if (!same_run(w.value, here.value))
			break;
		first = (first - 1) & ~(w.unit - 1);
	}
	for (i = 0; i < RUN_STEPS; i++) {
		w = walk(map, end);
		if (!same_run(w.value, here.value))
			break;
		end += w.unit;
	}
	run->first = first;
	run->len = end - first;
	run->delta = here.value & ~ENTRY_FLAGS;
	run->access = here.value & ENTRY_ACCESS;
	return 0;
}
