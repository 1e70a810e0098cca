/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem_table.h"

#include <stdint.h>
#include <stdlib.h>

/*
 * A handle that is no address: a bit that no address of a program has, and around the address a count,
 * its upper bits above and its lower ones in the bits that are 0 because of the alignment.
 */
#define OPAQUE     (UINT64_C(1) << 63)
#define ADDR_BITS  48
#define ALIGN_BITS 6
#define ALIGN_MASK ((UINT64_C(1) << ALIGN_BITS) - 1)
#define ADDR_MASK  (((UINT64_C(1) << ADDR_BITS) - 1) & ~ALIGN_MASK)

#define PART_BITS     5
#define NB_PARTS      (1u << PART_BITS)
#define FIRST_BUCKETS 64

struct part {
	pthread_mutex_t lock;
	struct mem **buckets;
	size_t nb_buckets; /* power of two, or 0 */
	size_t count;
	uint64_t added;
} __attribute__((aligned(64)));

static struct part parts[NB_PARTS] = {
	[0 ... NB_PARTS - 1] = { .lock = PTHREAD_MUTEX_INITIALIZER },
};

static uint64_t
hash_of(const void *handle)
{
	return ((uintptr_t)handle & ADDR_MASK) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct part *
lock_part(uint64_t hash)
{
	struct part *part = &parts[hash >> (64 - PART_BITS)];

	pthread_mutex_lock(&part->lock);
	return part;
}

static struct mem **
bucket_of(const struct part *part, uint64_t hash)
{
	return &part->buckets[hash >> 24 & (part->nb_buckets - 1)];
}

static void
move_all(const struct part *from, const struct part *to)
{
	struct mem *mem, *next, **bucket;
	size_t i;

	for (i = 0; i < from->nb_buckets; i++) {
		for (mem = from->buckets[i]; mem != NULL; mem = next) {
			next = mem->next;
			bucket = bucket_of(to, hash_of(mem->handle));
			mem->next = *bucket;
			*bucket = mem;
		}
	}
}

/* Returns whether there are buckets; too few of them only make it slower. */
static bool
make_room(struct part *part)
{
	struct part larger = *part;

	if (part->count < part->nb_buckets)
		return true;
	larger.nb_buckets = part->nb_buckets != 0 ? 2 * part->nb_buckets : FIRST_BUCKETS;
	larger.buckets = calloc(larger.nb_buckets, sizeof(larger.buckets[0]));
	if (larger.buckets == NULL)
		return part->nb_buckets != 0;
	move_all(part, &larger);
	free(part->buckets);
	part->buckets = larger.buckets;
	part->nb_buckets = larger.nb_buckets;
	return true;
}

static void *
make_handle(const struct mem *mem, uint64_t count)
{
	uint64_t va = (uintptr_t)mem->va;

	return (void *)(uintptr_t)(OPAQUE | count >> ALIGN_BITS << ADDR_BITS | va |
			(count & ALIGN_MASK));
}

void *
mem_table_add(struct mem *mem, bool pointer)
{
	uint64_t hash = hash_of(mem->va);
	struct part *part;
	void *handle = NULL;

	if (((uintptr_t)mem->va & ~ADDR_MASK) != 0)
		return NULL;
	part = lock_part(hash);
	if (make_room(part)) {
		handle = pointer ? mem->va : make_handle(mem, part->added++);
		mem->handle = handle;
		mem->next = *bucket_of(part, hash);
		*bucket_of(part, hash) = mem;
		part->count++;
	}
	pthread_mutex_unlock(&part->lock);
	return handle;
}

/* The part is locked. Returns what points to the memory, or to NULL. */
static struct mem **
find(const struct part *part, uint64_t hash, const void *handle)
{
	static struct mem *none;
	struct mem **at;

	if (part->nb_buckets == 0)
		return &none;
	for (at = bucket_of(part, hash); *at != NULL && (*at)->handle != handle;)
		at = &(*at)->next;
	return at;
}

struct mem *
mem_table_get(const void *handle)
{
	uint64_t hash = hash_of(handle);
	struct part *part = lock_part(hash);
	struct mem *mem = *find(part, hash, handle);

	if (mem != NULL)
		__atomic_add_fetch(&mem->refs, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&part->lock);
	return mem;
}

struct mem *
mem_table_remove(const void *handle)
{
	uint64_t hash = hash_of(handle);
	struct part *part = lock_part(hash);
	struct mem **at = find(part, hash, handle), *mem = *at;

	if (mem != NULL) {
		*at = mem->next;
		part->count--;
	}
	pthread_mutex_unlock(&part->lock);
	return mem;
}
