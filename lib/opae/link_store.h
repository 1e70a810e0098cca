/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_LINK_STORE_H
#define OPAE_LINK_STORE_H

/**
 * @file
 * Memory of links. It is kept until the store ends, so that taking a link and giving it back is a
 * few loads and stores.
 *
 * The first ones come from malloc() one by one, and may be freed so by a program that then forgets
 * the struct, as tests of the OPAE SDK do. Many lie close together in large blocks: links are used
 * in no order, and each page and each line that they take costs a wait.
 */

#include <opae/mem_alloc.h>

#define LINK_STORE_SINGLES 64

struct link_block;

/** Filled with zeros it is empty. */
struct link_store {
	struct mem_link *spare; /**< chained by next */
	struct link_block *blocks;
	unsigned int block_left; /**< links of the first block that were never used */
	unsigned int nb_singles;
	struct mem_link *singles[LINK_STORE_SINGLES];
};

/** A link alone, as a list of its own. NULL: no memory. */
struct mem_link *link_store_get(struct link_store *store, uint64_t address, uint64_t size);

/** Give back a link that is in no list. */
void link_store_put(struct link_store *store, struct mem_link *link);

/** Give back all links of a list, which is empty then. */
void link_store_put_list(struct link_store *store, struct mem_link *head);

/** Free all links, also those that were not given back. */
void link_store_fini(struct link_store *store);

#endif
