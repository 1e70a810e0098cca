/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ADDRSPACE_BTREE_H
#define ADDRSPACE_BTREE_H

/**
 * @file
 * B+tree of (key, val) pairs in ascending order, each pair with a mark.
 *
 * Wide nodes, because at 1e5 pairs a search costs what its cache misses cost. A tree of ranges also
 * keeps, beside every child, the bounds (fit.h) of the unmarked pairs below, read as ranges from
 * key to val; btree_seek_fit() searches by them.
 *
 * Nothing here allocates but btree_pool_fill(): insertion takes nodes from the pool, so whoever has
 * filled it can no longer fail half way.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fit.h"

#define BTREE_CAP 56        /**< pairs or children of a node */
#define BTREE_DATA_CAP 24   /**< pairs of a leaf with data */
#define BTREE_MAX_HEIGHT 12 /**< enough for 2^49 pairs at the least filling */

struct btree_pair {
	uint64_t key;
	uint64_t val;
};

struct btree_node {
	uint64_t marks; /**< bit i: the mark of pair i; leaves only */
	uint32_t n;
	/**
	 * Of an inner node, the first pair below each child, though in a tree of ranges the val may
	 * be an old one. Behind the last: the largest pair.
	 */
	struct btree_pair pair[BTREE_CAP];
};

/**
 * A leaf with data: a pointer beside each pair, which means nothing to the tree. It begins as a
 * node does, with room for fewer pairs, as data makes each larger.
 */
struct btree_leaf {
	uint64_t marks;
	uint32_t n;
	struct btree_pair pair[BTREE_DATA_CAP];
	void *data[BTREE_DATA_CAP];
};

struct btree_inner {
	struct btree_node node;
	struct btree_node *child[BTREE_CAP];
	struct fit fit[BTREE_CAP]; /**< of the pairs below each child; trees of ranges only */
};

/** Nodes at hand, leaves and inner ones, each kind chained through its first word. */
struct btree_pool {
	void *spare[2];
	unsigned int n_spare[2];
	bool data; /**< leaves have data; set before anything is taken from it */
};

struct btree {
	struct btree_pool *pool;
	struct btree_node *root;
	unsigned int height; /**< levels; leaves are level 0, the root is the last */
	bool ranges;         /**< the pairs are ranges, bounds are kept */
};

/** A place in a tree: the path to a pair. Invalid after any change not made through it. */
struct btree_pos {
	struct btree_node *node[BTREE_MAX_HEIGHT];
	int16_t idx[BTREE_MAX_HEIGHT]; /**< -1 in the leaf: before the first pair of the tree */
};

static inline uint64_t
btree_key(const struct btree_pos *pos)
{
	return pos->node[0]->pair[pos->idx[0]].key;
}

static inline uint64_t
btree_val(const struct btree_pos *pos)
{
	return pos->node[0]->pair[pos->idx[0]].val;
}

static inline bool
btree_marked(const struct btree_pos *pos)
{
	return pos->node[0]->marks >> pos->idx[0] & 1;
}

/** What belongs to the pair at pos, in a tree whose leaves have data. */
static inline void **
btree_data(const struct btree_pos *pos)
{
	return &((struct btree_leaf *)pos->node[0])->data[pos->idx[0]];
}

/** Whether inserting behind pos takes nodes from the pool. */
static inline bool
btree_splits(const struct btree *tree, const struct btree_pos *pos, unsigned n)
{
	return pos->node[0]->n + n > (tree->pool->data ? BTREE_DATA_CAP : BTREE_CAP);
}

/** Make an empty tree, whose one leaf comes from the pool. */
void btree_init(struct btree *tree, struct btree_pool *pool, bool ranges);

/** Free all nodes. */
void btree_fini(struct btree *tree);

/** Add to need[] the nodes that n insertions may take at worst, leaves and inner ones. */
void btree_need(const struct btree *tree, unsigned int n, unsigned int need[2]);

/**
 * Fill the pool to need[], and drop what is more.
 *
 * @retval 0 success
 * @retval -ENOMEM no memory; what was there is still there
 */
int btree_pool_fill(struct btree_pool *pool, const unsigned int need[2]);

/**
 * Go to the last pair up to (key, val); among ranges val must be UINT64_MAX. False: there is none,
 * pos is before the first pair.
 */
bool btree_seek(const struct btree *tree, uint64_t key, uint64_t val, struct btree_pos *pos);

/**
 * Go to the first unmarked range that may cover the need, starting with the last range whose key is
 * up to the given one. False: there is none, pos is no longer of use.
 */
bool btree_seek_fit(const struct btree *tree, const struct fit *need, uint64_t key,
		struct btree_pos *pos);

/** Go from pos to the next such range. */
bool btree_next_fit(const struct btree *tree, const struct fit *need, struct btree_pos *pos);

/** Go to the next or previous pair. False: there is none, pos is no longer of use. */
bool btree_next(const struct btree *tree, struct btree_pos *pos);
bool btree_prev(const struct btree *tree, struct btree_pos *pos);

/** Insert behind pos, where the pair must belong; pos is then at the new pair, without data. */
void btree_insert(struct btree *tree, struct btree_pos *pos, uint64_t key, uint64_t val, bool mark);

/** Change the end and the mark of a range; keys alone tell ranges apart, so the order stays. */
void btree_set(struct btree *tree, const struct btree_pos *pos, uint64_t val, bool mark);

/** Remove the pair at pos, which is invalid then. */
void btree_erase(struct btree *tree, struct btree_pos *pos);

/**
 * Make the range at pos and the n behind it, at most 2, which all touch, one unmarked range, up to
 * last. It has the data of the first; pos is invalid then.
 */
void btree_merge(struct btree *tree, struct btree_pos *pos, unsigned int n, uint64_t last);

#endif
