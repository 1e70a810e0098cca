/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "start_map.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#define WORD_SHIFT 6
#define WORD_BITS  (1u << WORD_SHIFT)
#define PAGE       4096u
#define PAGE_MASK  (uint64_t)(PAGE - 1)
#define MAX_LEVELS 10 /* of 6 bits */
#define MAX_ORDER  52
#define SLAB       ((size_t)64 << 10)

/* The numbers of the buffers that begin in a group, when they were more than one. */
struct leaf {
	uint32_t number[WORD_BITS];
	struct leaf *next; /* of those that nobody uses */
};

/* 64 units. With one buffer, which is the rule for those of a page and more, it needs no leaf. */
struct group {
	uint64_t bits; /* units where a buffer begins */
	uint64_t ref;  /* REF_ONE | number << 1, or the address of a leaf */
};
#define REF_ONE UINT64_C(1)

/*
 * At the head of its memory. Level 0 is the bits of the groups; a bit of level n + 1 says that a
 * word of level n is not 0, and the top is one word. All but place is for the memory's life.
 */
struct start_map {
	uint64_t place; /* atomic: first address, | log2 of the unit */
	struct group *groups;
	uint64_t *level[MAX_LEVELS]; /* from 1 */
	unsigned int nb_levels;
	unsigned int order; /* log2 of the number of groups */
	size_t bytes;
	struct start_map *next; /* of those that nobody uses */
};

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct start_map *unused_maps[MAX_ORDER + 1];
static struct leaf *unused_leaves;

static inline uint64_t
load(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void
store(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static void *
get_pages(size_t bytes)
{
	void *va = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return va != MAP_FAILED ? va : NULL;
}

/*
 * Leaves
 */

/* The lock is held. */
static int
more_leaves(void)
{
	struct leaf *leaf = get_pages(SLAB);
	size_t i;

	if (leaf == NULL)
		return -ENOMEM;
	for (i = 0; i < SLAB / sizeof(*leaf); i++) {
		leaf[i].next = unused_leaves;
		unused_leaves = &leaf[i];
	}
	return 0;
}

static struct leaf *
leaf_get(void)
{
	struct leaf *leaf = NULL;

	pthread_mutex_lock(&pool_lock);
	if (unused_leaves != NULL || more_leaves() == 0) {
		leaf = unused_leaves;
		unused_leaves = leaf->next;
	}
	pthread_mutex_unlock(&pool_lock);
	return leaf;
}

static void
leaf_put(struct leaf *leaf)
{
	pthread_mutex_lock(&pool_lock);
	leaf->next = unused_leaves;
	unused_leaves = leaf;
	pthread_mutex_unlock(&pool_lock);
}

static inline struct leaf *
leaf_of(uint64_t ref)
{
	return (struct leaf *)(uintptr_t)ref;
}

static inline void
leaf_store(struct leaf *leaf, unsigned int bit, uint32_t number)
{
	__atomic_store_n(&leaf->number[bit], number, __ATOMIC_RELEASE);
}

/*
 * Groups
 */

/* Note a number beside those that are there; the bit is not set yet. */
static int
note(struct group *group, unsigned int bit, uint32_t number)
{
	uint64_t bits = load(&group->bits), ref = load(&group->ref);
	struct leaf *leaf;

	if (bits == 0) {
		store(&group->ref, REF_ONE | (uint64_t)number << 1);
		return 0;
	}
	if ((ref & REF_ONE) == 0) {
		leaf_store(leaf_of(ref), bit, number);
		return 0;
	}
	leaf = leaf_get();
	if (leaf == NULL)
		return -ENOMEM;
	leaf_store(leaf, (unsigned int)__builtin_ctzll(bits), (uint32_t)(ref >> 1));
	leaf_store(leaf, bit, number);
	store(&group->ref, (uintptr_t)leaf);
	return 0;
}

/* Of a group that is empty now. */
static void
forget(struct group *group)
{
	uint64_t ref = load(&group->ref);

	store(&group->ref, 0);
	if (ref != 0 && (ref & REF_ONE) == 0)
		leaf_put(leaf_of(ref));
}

static bool
number_at(const struct group *group, unsigned int bit, uint32_t *number)
{
	uint64_t ref = load(&group->ref);

	if (ref == 0)
		return false;
	*number = (ref & REF_ONE) != 0 ? (uint32_t)(ref >> 1) :
			__atomic_load_n(&leaf_of(ref)->number[bit], __ATOMIC_ACQUIRE);
	return true;
}

/*
 * The tree
 */

static inline uint64_t *
word_at(const struct start_map *map, unsigned int level, uint64_t i)
{
	return level == 0 ? &map->groups[i].bits : &map->level[level][i];
}

/* False when the address is not in the map. */
static inline bool
unit_of(const struct start_map *map, const void *va, uint64_t *unit)
{
	uint64_t place = __atomic_load_n(&map->place, __ATOMIC_RELAXED);

	*unit = ((uintptr_t)va - (place & ~PAGE_MASK)) >> (place & PAGE_MASK);
	return *unit >> WORD_SHIFT >> map->order == 0;
}

static inline unsigned int
highest(uint64_t word)
{
	return 63 - (unsigned int)__builtin_clzll(word);
}

/* The highest bit at or below a unit. Stops where a writer took away what it was led to. */
static bool
find_bit(const struct start_map *map, uint64_t *unit)
{
	uint64_t at = *unit, word = 0;
	uint64_t mask = (UINT64_C(2) << (at & (WORD_BITS - 1))) - 1;
	unsigned int level;

	for (level = 0; level < map->nb_levels; level++) {
		at >>= WORD_SHIFT;
		word = load(word_at(map, level, at)) & mask;
		if (word != 0)
			break;
		mask = (UINT64_C(1) << (at & (WORD_BITS - 1))) - 1;
	}
	while (word != 0) {
		at = at << WORD_SHIFT | highest(word);
		if (level == 0) {
			*unit = at;
			return true;
		}
		word = load(word_at(map, --level, at));
	}
	return false;
}

bool
start_map_find(const struct start_map *map, const void *va, uint32_t *number)
{
	uint64_t unit;

	return unit_of(map, va, &unit) && find_bit(map, &unit) &&
			number_at(&map->groups[unit >> WORD_SHIFT], unit & (WORD_BITS - 1), number);
}

int
start_map_set(struct start_map *map, const void *va, uint32_t number)
{
	unsigned int level;
	uint64_t at, was;
	int ret;

	unit_of(map, va, &at);
	ret = note(&map->groups[at >> WORD_SHIFT], at & (WORD_BITS - 1), number);
	for (level = 0; ret == 0 && level < map->nb_levels; level++) {
		uint64_t *word = word_at(map, level, at >> WORD_SHIFT);

		was = load(word);
		store(word, was | UINT64_C(1) << (at & (WORD_BITS - 1)));
		if (was != 0)
			break;
		at >>= WORD_SHIFT;
	}
	return ret;
}

static void
clear_unit(struct start_map *map, uint64_t at)
{
	struct group *group = &map->groups[at >> WORD_SHIFT];
	unsigned int level;
	uint64_t left;

	for (level = 0; level < map->nb_levels; level++) {
		uint64_t *word = word_at(map, level, at >> WORD_SHIFT);

		left = load(word) & ~(UINT64_C(1) << (at & (WORD_BITS - 1)));
		store(word, left);
		if (left != 0)
			break;
		at >>= WORD_SHIFT;
	}
	if (level > 0)
		forget(group);
}

void
start_map_clear(struct start_map *map, const void *va)
{
	uint64_t unit;

	if (unit_of(map, va, &unit))
		clear_unit(map, unit);
}

/*
 * Maps
 */

static size_t
align_up(size_t n)
{
	return (n + PAGE - 1) & ~(size_t)(PAGE - 1);
}

/* Where the parts of a map lie behind its head: the levels, then the groups. */
static size_t
lay_out(struct start_map *map, unsigned int order)
{
	uintptr_t base = (uintptr_t)map;
	size_t at = align_up(sizeof(*map));
	unsigned int bits = order;

	map->groups = (struct group *)(base + at);
	at += sizeof(struct group) << order;
	map->nb_levels = 1;
	map->order = order;
	while (bits > 0) {
		bits = bits > WORD_SHIFT ? bits - WORD_SHIFT : 0;
		map->level[map->nb_levels++] = (uint64_t *)(base + at);
		at += sizeof(uint64_t) << bits;
	}
	return align_up(at);
}

static struct start_map *
new_map(unsigned int order)
{
	struct start_map sizes = { 0 }, *map;
	size_t bytes = lay_out(&sizes, order);

	map = get_pages(bytes);
	if (map == NULL)
		return NULL;
	map->bytes = lay_out(map, order);
	return map;
}

static struct start_map *
take_unused(unsigned int order)
{
	struct start_map *map;

	pthread_mutex_lock(&pool_lock);
	map = unused_maps[order];
	if (map != NULL)
		unused_maps[order] = map->next;
	pthread_mutex_unlock(&pool_lock);
	return map;
}

struct start_map *
start_map_create(const void *va, size_t len, size_t unit)
{
	unsigned int shift = (unsigned int)__builtin_ctzll(unit);
	uint64_t last_group = (len - 1) >> shift >> WORD_SHIFT;
	unsigned int order = last_group == 0 ? 0 : 1 + highest(last_group);
	struct start_map *map;

	if (order > MAX_ORDER)
		return NULL;
	map = take_unused(order);
	if (map == NULL)
		map = new_map(order);
	if (map != NULL)
		__atomic_store_n(&map->place, (uintptr_t)va | shift, __ATOMIC_RELAXED);
	return map;
}

void
start_map_destroy(struct start_map *map)
{
	size_t head = align_up(sizeof(*map));
	uint64_t unit;

	for (;;) {
		unit = (UINT64_C(1) << WORD_SHIFT << map->order) - 1;
		if (!find_bit(map, &unit))
			break;
		clear_unit(map, unit);
	}
	/* It is all zeros now, so this need not work. */
	madvise((char *)map + head, map->bytes - head, MADV_DONTNEED);
	pthread_mutex_lock(&pool_lock);
	map->next = unused_maps[map->order];
	unused_maps[map->order] = map;
	pthread_mutex_unlock(&pool_lock);
}
