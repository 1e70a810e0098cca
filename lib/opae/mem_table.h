/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_MEM_TABLE_H
#define OPAE_MEM_TABLE_H

/**
 * @file
 * Links by their address: a hash table that grows by one bucket at a time, so that no call has to
 * pay for all links.
 */

#include <opae/mem_alloc.h>
#include <stddef.h>

/** What a link of ours is the beginning of; as large as malloc() makes a link anyhow. */
struct mem_node {
	struct mem_link link;
	struct mem_node *chain; /**< next of the same bucket */
};

/** A chain of links, and the address of the first of them: few have more than that one. */
struct mem_bucket {
	uint64_t address;
	struct mem_node *node;
};

struct mem_table {
	struct mem_bucket *buckets;
	size_t nb_buckets;
	size_t room;  /**< for buckets */
	size_t half;  /**< power of two; buckets from here on took from those half below */
	size_t count; /**< of links */
};

static inline struct mem_bucket *
mem_table_bucket(const struct mem_table *table, uint64_t address)
{
	uint64_t hash = address * UINT64_C(0x9e3779b97f4a7c15) >> 24;
	size_t i = hash & (2 * table->half - 1);

	return &table->buckets[i < table->nb_buckets ? i : i - table->half];
}

/** Fetch where the link of an address is found. */
static inline void
mem_table_prefetch(const struct mem_table *table, uint64_t address)
{
	__builtin_prefetch(mem_table_bucket(table, address), 1);
}

/** Fetch the link of an address. */
static inline void
mem_table_prefetch_link(const struct mem_table *table, uint64_t address)
{
	__builtin_prefetch(mem_table_bucket(table, address)->node, 1);
}

/** The link that begins at an address, or NULL. */
static inline struct mem_link *
mem_table_find(const struct mem_table *table, uint64_t address)
{
	const struct mem_bucket *bucket = mem_table_bucket(table, address);
	struct mem_node *node = bucket->node;

	if (bucket->address != address && node != NULL) {
		do
			node = node->chain;
		while (node != NULL && node->link.address != address);
	}
	return (struct mem_link *)node;
}

/** 0 or ENOMEM. */
int mem_table_init(struct mem_table *table);

/** Links stay. */
void mem_table_fini(struct mem_table *table);

/** Links are the beginning of a node. Their address is not changed while they are in the table. */
void mem_table_insert(struct mem_table *table, struct mem_link *link);
void mem_table_remove(struct mem_table *table, struct mem_link *link);

#endif
