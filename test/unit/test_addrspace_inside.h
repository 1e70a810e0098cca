/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_ADDRSPACE_INSIDE_H
#define TEST_ADDRSPACE_INSIDE_H

/**
 * @file
 * The sources under test themselves, so that their memory can be counted and refused, and their
 * nodes be checked.
 */

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static void *counted_malloc(size_t size);
static void *counted_calloc(size_t n, size_t size);
static void counted_free(void *p);

#define malloc counted_malloc
#define calloc counted_calloc
#define free counted_free
#include "addrspace/btree.c"
#include "addrspace/addrspace.c"
#undef malloc
#undef calloc
#undef free

/* Memory. */

static size_t mem_blocks, mem_bytes;
static unsigned int mem_until_failure; /* 0: never */

static void *
count_block(void *p)
{
	if (p != NULL) {
		mem_blocks++;
		mem_bytes += malloc_usable_size(p);
	}
	return p;
}

static bool
refuse(void)
{
	return mem_until_failure > 0 && --mem_until_failure == 0;
}

static void *
counted_malloc(size_t size)
{
	return refuse() ? NULL : count_block(malloc(size));
}

static void *
counted_calloc(size_t n, size_t size)
{
	return refuse() ? NULL : count_block(calloc(n, size));
}

static void
counted_free(void *p)
{
	if (p == NULL)
		return;
	mem_blocks--;
	mem_bytes -= malloc_usable_size(p);
	free(p);
}

/* Nodes: order, filling, the copies of pairs and bounds in inner nodes, the padding. */
static bool
node_sound(const struct btree *tree, struct btree_node *node, unsigned int level)
{
	struct btree_inner *in = inner(node);
	struct fit fit;
	unsigned int i;
	bool ok = node->n <= BTREE_CAP;

	if (node != tree->root)
		ok = ok && node->n >= MIN_FILL;
	for (i = 1; i < node->n; i++)
		ok = ok && up_to(&node->pair[i - 1], node->pair[i].key, node->pair[i].val);
	for (i = node->n; i < BTREE_CAP; i++)
		ok = ok && node->pair[i].key == UINT64_MAX && node->pair[i].val == UINT64_MAX;
	for (i = 0; ok && level > 0 && i < node->n; i++) {
		ok = node_sound(tree, in->child[i], level - 1) &&
				in->child[i]->pair[0].key == node->pair[i].key;
		if (!tree->ranges) {
			ok = ok && in->child[i]->pair[0].val == node->pair[i].val;
			continue;
		}
		fit = level == 1 ? leaf_fit(tree, in->child[i]) : inner_fit(inner(in->child[i]));
		ok = ok && fit_equal(&in->fit[i], &fit);
	}
	return ok;
}

static bool
sound(const struct addrspace *space)
{
	const struct btree *ranges = &space->ranges, *sizes = &space->sizes;

	return node_sound(ranges, ranges->root, ranges->height - 1) &&
			node_sound(sizes, sizes->root, sizes->height - 1);
}

#endif
