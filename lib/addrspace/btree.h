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
 * A tree with data is one of ranges that cover all addresses, each with a pointer beside it, which
 * means nothing to the tree. A range ends where the next one begins, so that no val is kept: at 1e5
 * ranges it is room in the cache that counts.
 *
 * Nothing here allocates but btree_pool_fill(): insertion takes nodes from the pool, so whoever has
 * filled it can no longer fail half way.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fit.h"

#define BTREE_CAP 56        /**< pairs or children of a node */
#define BTREE_DATA_CAP 48   /**< ranges of a leaf with data */
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

/** A leaf with data. */
struct btree_leaf {
	/** Marks and n, to be had as those of struct btree_node only: compilers tell types apart. */
	uint64_t head[2];
	uint64_t first[BTREE_DATA_CAP]; /**< behind the last range: the largest address */
	void *data[BTREE_DATA_CAP];
	uint64_t last; /**< address of the last range */
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
	bool data; /**< for trees with data; set before anything is taken from it */
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

/** In a tree without data, as btree_val(). */
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

/** The first address of the range at pos, in a tree with data, as btree_last(). */
static inline uint64_t
btree_first(const struct btree_pos *pos)
{
	return ((const struct btree_leaf *)pos->node[0])->first[pos->idx[0]];
}

static inline uint64_t
btree_last(const struct btree_pos *pos)
{
	const struct btree_leaf *leaf = (const struct btree_leaf *)pos->node[0];
	uint32_t next = (uint32_t)pos->idx[0] + 1;

	return next < pos->node[0]->n ? leaf->first[next] - 1 : leaf->last;
}

static inline bool
btree_marked(const struct btree_pos *pos)
{
	return pos->node[0]->marks >> pos->idx[0] & 1;
}

/** What belongs to the range at pos, in a tree with data. */
static inline void **
btree_data(const struct btree_pos *pos)
{
	return &((struct btree_leaf *)pos->node[0])->data[pos->idx[0]];
}

/** Whether inserting n pairs behind pos takes nodes from the pool. */
static inline bool
btree_splits(const struct btree *tree, const struct btree_pos *pos, unsigned n)
{
	return pos->node[0]->n + n > (tree->pool->data ? BTREE_DATA_CAP : BTREE_CAP);
}

/**
 * Make a tree, whose one leaf comes from the pool. It is empty, or, with data, has one range, which
 * is marked and has NULL as data.
 */
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

/**
 * Insert behind pos, where the pair must belong; pos is then at the new pair. In a tree without
 * data.
 */
void btree_insert(struct btree *tree, struct btree_pos *pos, uint64_t key, uint64_t val, bool mark);

/**
 * Cut a marked range out of the one at pos, up to all of it; pos is then at it. What is left keeps
 * the mark of the old one; it has the data of that below, and is given others above. In a tree with
 * data; it takes nodes as two insertions do.
 */
void btree_cut(struct btree *tree, struct btree_pos *pos, uint64_t first, uint64_t last, void *data,
		void *above);

/**
 * Change the end, in a tree without data, and the mark of a range. Keys alone tell ranges apart, so
 * the order stays.
 */
void btree_set(struct btree *tree, const struct btree_pos *pos, uint64_t val, bool mark);

/**
 * Remove the pair at pos, which is invalid then. In a tree with data, where it is not the first,
 * the range below takes its addresses.
 */
void btree_erase(struct btree *tree, struct btree_pos *pos);

/**
 * Make the range at pos and the n behind it, at most 2, which all touch, one unmarked range, which
 * ends at last. It has the data of the first; pos is invalid then.
 */
void btree_merge(struct btree *tree, struct btree_pos *pos, unsigned int n, uint64_t last);

#endif
