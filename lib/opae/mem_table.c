/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem_table.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_BUCKETS 64

int
mem_table_init(struct mem_table *table)
{
	*table = (struct mem_table){
		.buckets = calloc(FIRST_BUCKETS, sizeof(table->buckets[0])),
		.nb_buckets = FIRST_BUCKETS, .room = FIRST_BUCKETS, .half = FIRST_BUCKETS,
	};
	return table->buckets != NULL ? 0 : ENOMEM;
}

void
mem_table_fini(struct mem_table *table)
{
	free(table->buckets);
}

static void
push(struct mem_table *table, struct mem_node *node)
{
	struct mem_bucket *bucket = mem_table_bucket(table, node->link.address);

	node->chain = bucket->node;
	*bucket = (struct mem_bucket){ node->link.address, node };
}

/* Split the next bucket in two. Without memory the table stays as it is, only slower. */
static void
grow(struct mem_table *table)
{
	struct mem_node *node, *next;
	struct mem_bucket *buckets;
	size_t from;

	if (table->nb_buckets == table->room) {
		buckets = realloc(table->buckets, 2 * table->room * sizeof(buckets[0]));
		if (buckets == NULL)
			return;
		table->buckets = buckets;
		table->room *= 2;
	}
	from = table->nb_buckets - table->half;
	node = table->buckets[from].node;
	table->buckets[from].node = table->buckets[table->nb_buckets++].node = NULL;
	for (; node != NULL; node = next) {
		next = node->chain;
		push(table, node);
	}
	if (table->nb_buckets == 2 * table->half)
		table->half *= 2;
}

void
mem_table_insert(struct mem_table *table, struct mem_link *link)
{
	push(table, (struct mem_node *)link);
	if (2 * ++table->count > table->nb_buckets)
		grow(table);
}

void
mem_table_remove(struct mem_table *table, struct mem_link *link)
{
	struct mem_node *node = (struct mem_node *)link, **at;
	struct mem_bucket *bucket = mem_table_bucket(table, link->address);

	for (at = &bucket->node; *at != node;)
		at = &(*at)->chain;
	*at = node->chain;
	if (at == &bucket->node && node->chain != NULL)
		bucket->address = node->chain->link.address;
	table->count--;
}
