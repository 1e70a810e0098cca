/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "link_store.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define FIRST_BYTES 65536     /* of the first block */
#define BLOCK_BYTES (2u << 20) /* of the others: a hugepage */

struct link_block {
	struct link_block *next;
	/* None lies in two cache lines. */
	struct mem_link links[] __attribute__((aligned(sizeof(struct mem_link))));
};

static bool
add_block(struct link_store *store)
{
	size_t len = store->blocks == NULL ? FIRST_BYTES : BLOCK_BYTES;
	struct link_block *block = aligned_alloc(len, len);

	if (block == NULL)
		return false;
	if (len == BLOCK_BYTES)
		(void)madvise(block, len, MADV_HUGEPAGE); /* it works without */
	block->next = store->blocks;
	store->blocks = block;
	store->block_left = (unsigned int)((len - sizeof(*block)) / sizeof(block->links[0]));
	return true;
}

static struct mem_link *
new_link(struct link_store *store)
{
	struct mem_link *link;

	if (store->nb_singles < LINK_STORE_SINGLES) {
		link = malloc(sizeof(*link));
		if (link != NULL)
			store->singles[store->nb_singles++] = link;
		return link;
	}
	if (store->block_left == 0 && !add_block(store))
		return NULL;
	return &store->blocks->links[--store->block_left];
}

struct mem_link *
link_store_get(struct link_store *store, uint64_t address, uint64_t size)
{
	struct mem_link *link = store->spare;

	if (link != NULL)
		store->spare = link->next;
	else
		link = new_link(store);
	if (link != NULL)
		*link = (struct mem_link){ address, size, link, link };
	return link;
}

void
link_store_put(struct link_store *store, struct mem_link *link)
{
	link->next = store->spare;
	store->spare = link;
}

void
link_store_put_list(struct link_store *store, struct mem_link *head)
{
	struct mem_link *link = head->next, *next;

	for (; link != head; link = next) {
		next = link->next;
		link_store_put(store, link);
	}
	head->prev = head->next = head;
}

void
link_store_fini(struct link_store *store)
{
	struct link_block *block, *next;

	for (block = store->blocks; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	while (store->nb_singles > 0)
		free(store->singles[--store->nb_singles]);
	store->blocks = NULL;
	store->spare = NULL;
	store->block_left = 0;
}
