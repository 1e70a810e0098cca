/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "btree.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A node with fewer entries is evened out with a neighbour, or merged if that leaves room. */
#define MIN_FILL_OF(cap) ((cap) * 3 / 8)
#define MERGE_MAX_OF(cap) ((cap) * 7 / 8)
#define MIN_FILL MIN_FILL_OF(BTREE_CAP)

#define STRIDE 8 /* of the first look into a node */

static_assert(BTREE_CAP < 64, "marks is one word, with a bit to spare for shifting");
static_assert(MIN_FILL_OF(BTREE_CAP) > 2 && MERGE_MAX_OF(BTREE_CAP) >= 2 * MIN_FILL_OF(BTREE_CAP) &&
		MIN_FILL_OF(BTREE_DATA_CAP) > 2 &&
		MERGE_MAX_OF(BTREE_DATA_CAP) >= 2 * MIN_FILL_OF(BTREE_DATA_CAP),
		"no node runs empty by one removal");
static_assert(BTREE_CAP % STRIDE == 0 && BTREE_DATA_CAP % STRIDE == 0, "searches look at strides");
static_assert(offsetof(struct btree_leaf, first) == offsetof(struct btree_node, pair),
		"a leaf with data begins as a node");

/* What a node has beside its pairs: nothing, data, or children and their bounds. */
enum kind { LEAF, DATA_LEAF, INNER };

static struct btree_inner *
inner(struct btree_node *node)
{
	return (struct btree_inner *)node;
}

static struct btree_leaf *
data_leaf(struct btree_node *node)
{
	return (struct btree_leaf *)node;
}

static enum kind
kind_of(const struct btree *tree, unsigned int level)
{
	if (level > 0)
		return INNER;
	return tree->pool->data ? DATA_LEAF : LEAF;
}

static unsigned int
cap_of(enum kind kind)
{
	return kind == DATA_LEAF ? BTREE_DATA_CAP : BTREE_CAP;
}

/* Pool. */

static void
pool_put(struct btree_pool *pool, unsigned int kind, void *node)
{
	*(void **)node = pool->spare[kind];
	pool->spare[kind] = node;
	pool->n_spare[kind]++;
}

static void *
pool_get(struct btree_pool *pool, unsigned int kind)
{
	void *node = pool->spare[kind];

	pool->spare[kind] = *(void **)node;
	pool->n_spare[kind]--;
	return node;
}

int
btree_pool_fill(struct btree_pool *pool, const unsigned int need[2])
{
	const size_t size[2] = {
		pool->data ? sizeof(struct btree_leaf) : sizeof(struct btree_node),
		sizeof(struct btree_inner),
	};
	unsigned int kind;
	void *node;

	for (kind = 0; kind < 2; kind++) {
		while (pool->n_spare[kind] > need[kind])
			free(pool_get(pool, kind));
		while (pool->n_spare[kind] < need[kind]) {
			node = malloc(size[kind]);
			if (node == NULL)
				return -ENOMEM;
			pool_put(pool, kind, node);
		}
	}
	return 0;
}

void
btree_need(const struct btree *tree, unsigned int n, unsigned int need[2])
{
	if (tree->height == 1 && tree->root->n + n <= cap_of(kind_of(tree, 0)))
		return;
	/* Each insertion may split one node of every level, and then put a root on top. */
	need[0] += n;
	need[1] += n * tree->height;
}

/* Nodes. */

/* Searching compares a fixed number of pairs: those behind the last must not count. */
static void
pad(struct btree_node *node, unsigned int n, enum kind kind)
{
	unsigned int i;

	for (i = node->n; kind == DATA_LEAF && i < node->n + n; i++)
		data_leaf(node)->first[i] = UINT64_MAX;
	for (; i < node->n + n; i++)
		node->pair[i] = (struct btree_pair){ UINT64_MAX, UINT64_MAX };
}

static struct btree_node *
node_new(struct btree *tree, unsigned int level)
{
	struct btree_node *node = pool_get(tree->pool, level > 0);

	node->n = 0;
	node->marks = 0;
	pad(node, cap_of(kind_of(tree, level)), kind_of(tree, level));
	return node;
}

static uint64_t
low_bits(unsigned int n)
{
	return (UINT64_C(1) << n) - 1;
}

/* Bounds. */

/* Of a leaf, in a tree with data the range as it would be there. */
static inline struct btree_pair
pair_of(const struct btree *tree, const struct btree_node *node, unsigned int i)
{
	const struct btree_leaf *leaf = (const struct btree_leaf *)node;

	if (!tree->pool->data)
		return node->pair[i];
	return (struct btree_pair){ leaf->first[i],
			i + 1 < node->n ? leaf->first[i + 1] - 1 : leaf->last };
}

static inline struct fit
pair_fit(const struct btree *tree, const struct btree_node *leaf, unsigned int i)
{
	struct btree_pair range = pair_of(tree, leaf, i);

	return leaf->marks >> i & 1 ? FIT_NONE : fit_of(range.key, range.val);
}

static struct fit
leaf_fit(const struct btree *tree, const struct btree_node *leaf)
{
	uint64_t free = ~leaf->marks & low_bits(leaf->n);
	struct fit fit = FIT_NONE;

	for (; free != 0; free &= free - 1)
		fit = fit_join(fit, pair_fit(tree, leaf, __builtin_ctzll(free)));
	return fit;
}

static struct fit
inner_fit(const struct btree_inner *in)
{
	struct fit fit = FIT_NONE;
	unsigned int i;

	for (i = 0; i < in->node.n; i++)
		fit = fit_join(fit, in->fit[i]);
	return fit;
}

/* Take the bounds of child i, which sits at the given level. */
static void
take_fit(struct btree *tree, struct btree_inner *in, unsigned int i, unsigned int level)
{
	if (tree->ranges)
		in->fit[i] = level == 0 ? leaf_fit(tree, in->child[i]) : inner_fit(inner(in->child[i]));
}

/*
 * Below the node of the path at a level, something with the bounds old became new: pass it on
 * upwards as far as it matters. Only where old was the largest the others must be looked at.
 */
static void
update_fits(struct btree *tree, const struct btree_pos *pos, unsigned int level, struct fit old,
		struct fit new)
{
	struct btree_inner *in;
	struct fit *fit;
	struct fit was;

	for (; tree->ranges && level + 1 < tree->height; level++) {
		in = inner(pos->node[level + 1]);
		fit = &in->fit[pos->idx[level + 1]];
		was = *fit;
		if (fit_was_largest(&was, &old, &new))
			take_fit(tree, in, pos->idx[level + 1], level);
		else
			*fit = fit_join(was, new);
		if (fit_equal(fit, &was))
			return;
		old = was;
		new = *fit;
	}
}

/* Search. */

/* (128-bit arithmetic compares without a branch.) */
static bool
up_to(const struct btree_pair *pair, uint64_t key, uint64_t val)
{
	typedef unsigned __int128 u128;

	return ((u128)pair->key << 64 | pair->val) <= ((u128)key << 64 | val);
}

/*
 * How many entries are up to (key, val). Every eighth is looked at, then the eight where the place
 * must be. The count of steps is fixed, so there is no branch to guess wrong.
 */
static unsigned int
rank_pairs(const struct btree_node *node, uint64_t key, uint64_t val)
{
	unsigned int i, from = 0, r;

	for (i = STRIDE - 1; i < BTREE_CAP - 1; i += STRIDE)
		from += up_to(&node->pair[i], key, val);
	from *= STRIDE;
	for (r = from, i = 0; i < STRIDE; i++)
		r += up_to(&node->pair[from + i], key, val);
	return r < node->n ? r : node->n;
}

/* The same for ranges: no two have one key. The keys lie so many words apart. */
static inline __attribute__((always_inline)) unsigned int
rank_keys(const uint64_t *keys, unsigned int step, unsigned int n, unsigned int cap, uint64_t key)
{
	unsigned int i, from = 0, r;

	for (i = STRIDE - 1; i < cap - 1; i += STRIDE)
		from += keys[i * step] <= key;
	from *= STRIDE;
	keys += from * step;
	for (r = from, i = 0; i < STRIDE; i++)
		r += keys[i * step] <= key;
	return r < n ? r : n;
}

static unsigned int
rank(const struct btree *tree, const struct btree_node *node, unsigned int level, uint64_t key,
		uint64_t val)
{
	if (!tree->ranges)
		return rank_pairs(node, key, val);
	if (kind_of(tree, level) == DATA_LEAF)
		return rank_keys(((const struct btree_leaf *)node)->first, 1, node->n,
				BTREE_DATA_CAP, key);
	return rank_keys(&node->pair[0].key, 2, node->n, BTREE_CAP, key);
}

/*
 * Fetch a leaf at once: only leaves are so many that they have left the caches. (A call of a
 * function that only prefetches has no effect in the eyes of gcc 12, which drops it.)
 */
static inline __attribute__((always_inline)) void
prefetch(const struct btree *tree, const struct btree_node *leaf)
{
	size_t i, len = tree->pool->data ? sizeof(struct btree_leaf) : sizeof(struct btree_node);

	for (i = 0; i < len; i += 64)
		__builtin_prefetch((const char *)leaf + i);
}

bool
btree_seek(const struct btree *tree, uint64_t key, uint64_t val, struct btree_pos *pos)
{
	struct btree_node *node = tree->root;
	unsigned int level = tree->height - 1;
	int i;

	for (;; level--) {
		i = (int)rank(tree, node, level, key, val) - 1;
		pos->node[level] = node;
		pos->idx[level] = i;
		if (level == 0)
			return i >= 0;
		if (i < 0)
			pos->idx[level] = i = 0;
		node = inner(node)->child[i];
		if (level == 1)
			prefetch(tree, node);
	}
}

/* First entry from i on that may cover the need; n if none. */
static unsigned int
node_seek_fit(const struct btree *tree, struct btree_node *node, unsigned int level, unsigned int i,
		const struct fit *need)
{
	struct btree_pair range;
	uint64_t unmarked;

	for (; level > 0 && i < node->n; i++) {
		if (fit_covers(&inner(node)->fit[i], need))
			return i;
	}
	unmarked = ~node->marks & low_bits(node->n) & ~low_bits(i);
	for (; level == 0 && unmarked != 0; unmarked &= unmarked - 1) {
		i = __builtin_ctzll(unmarked);
		range = pair_of(tree, node, i);
		if (range.val - range.key >= need->bytes - 1)
			return i;
	}
	return node->n;
}

/* Search on from the entry of the path at a level, itself included. */
static bool
search_fit(const struct btree *tree, const struct fit *need, struct btree_pos *pos,
		unsigned int level)
{
	unsigned int i;

	while (level < tree->height) {
		i = node_seek_fit(tree, pos->node[level], level, pos->idx[level], need);
		pos->idx[level] = i;
		if (i == pos->node[level]->n) {
			if (++level < tree->height)
				pos->idx[level]++;
		} else if (level == 0) {
			return true;
		} else {
			level--;
			pos->node[level] = inner(pos->node[level + 1])->child[i];
			pos->idx[level] = 0;
			if (level == 0)
				prefetch(tree, pos->node[0]);
		}
	}
	return false;
}

bool
btree_seek_fit(const struct btree *tree, const struct fit *need, uint64_t key,
		struct btree_pos *pos)
{
	struct btree_node *node = tree->root;
	unsigned int i, level = tree->height - 1;

	for (;; level--) {
		i = rank(tree, node, level, key, UINT64_MAX);
		i -= i > 0;
		pos->node[level] = node;
		pos->idx[level] = i;
		/* Where the branch has nothing for the need, there is no use in going down it. */
		if (level == 0 || !fit_covers(&inner(node)->fit[i], need))
			return search_fit(tree, need, pos, level);
		node = inner(node)->child[i];
		if (level == 1)
			prefetch(tree, node);
	}
}

bool
btree_next_fit(const struct btree *tree, const struct fit *need, struct btree_pos *pos)
{
	pos->idx[0]++;
	return search_fit(tree, need, pos, 0);
}

/*
 * gcc 12 at -O1, -O2 and -Os (ipa-modref) takes it that the two functions below leave the leaf of a
 * path alone, and callers in this file or, with LTO, elsewhere go on with the old one. This tells it
 * otherwise.
 */
static inline void
pos_has_changed(void)
{
	__asm__ volatile("" : : : "memory");
}

bool
btree_next(const struct btree *tree, struct btree_pos *pos)
{
	unsigned int level = 0;

	while (++pos->idx[level] == (int)pos->node[level]->n) {
		if (++level == tree->height)
			return false;
	}
	for (; level > 0; level--) {
		pos->node[level - 1] = inner(pos->node[level])->child[pos->idx[level]];
		pos->idx[level - 1] = 0;
	}
	pos_has_changed();
	return true;
}

bool
btree_prev(const struct btree *tree, struct btree_pos *pos)
{
	unsigned int level = 0;

	while (--pos->idx[level] < 0) {
		if (++level == tree->height)
			return false;
	}
	for (; level > 0; level--) {
		pos->node[level - 1] = inner(pos->node[level])->child[pos->idx[level]];
		pos->idx[level - 1] = pos->node[level - 1]->n - 1;
	}
	pos_has_changed();
	return true;
}

/* Entries. */

static void
copy_data(struct btree_leaf *dst, unsigned int i, const struct btree_leaf *src, unsigned int j,
		unsigned int n)
{
	memmove(&dst->first[i], &src->first[j], n * sizeof(src->first[0]));
	memmove(&dst->data[i], &src->data[j], n * sizeof(src->data[0]));
}

static void
copy(struct btree_node *dst, unsigned int i, const struct btree_node *src, unsigned int j,
		unsigned int n, enum kind kind)
{
	const struct btree_inner *from = (const struct btree_inner *)src;

	if (kind == DATA_LEAF) {
		copy_data(data_leaf(dst), i, (const struct btree_leaf *)src, j, n);
		return;
	}
	memmove(&dst->pair[i], &src->pair[j], n * sizeof(src->pair[0]));
	if (kind != INNER)
		return;
	memmove(&inner(dst)->child[i], &from->child[j], n * sizeof(from->child[0]));
	memmove(&inner(dst)->fit[i], &from->fit[j], n * sizeof(from->fit[0]));
}

/* Make room for n entries at i. */
static void
open_gap(struct btree_node *node, unsigned int i, unsigned int n, enum kind kind)
{
	copy(node, i + n, node, i, node->n - i, kind);
	node->marks = (node->marks & low_bits(i)) | (node->marks & ~low_bits(i)) << n;
	node->n += n;
}

/* Drop n entries at i. */
static void
close_gap(struct btree_node *node, unsigned int i, unsigned int n, enum kind kind)
{
	copy(node, i, node, i + n, node->n - i - n, kind);
	node->marks = (node->marks & low_bits(i)) | (node->marks >> n & ~low_bits(i));
	node->n -= n;
	pad(node, n, kind);
}

/* Move n entries between neighbours of one level. */
static void
move(struct btree_node *dst, unsigned int i, struct btree_node *src, unsigned int j, unsigned int n,
		enum kind kind)
{
	open_gap(dst, i, n, kind);
	copy(dst, i, src, j, n, kind);
	dst->marks |= (src->marks >> j & low_bits(n)) << i;
	close_gap(src, j, n, kind);
}

/* The first pair below a node. */
static struct btree_pair
first_pair(const struct btree *tree, const struct btree_node *node, unsigned int level)
{
	return level == 0 ? pair_of(tree, node, 0) : node->pair[0];
}

/* The first pair below pos changed: tell the inner nodes that have it. */
static void
update_pairs(struct btree *tree, const struct btree_pos *pos)
{
	unsigned int level;

	for (level = 1; level < tree->height; level++) {
		pos->node[level]->pair[pos->idx[level]] = first_pair(tree, pos->node[0], 0);
		if (pos->idx[level] > 0)
			return;
	}
}

/* Insertion. */

static void
grow(struct btree *tree, struct btree_pos *pos)
{
	struct btree_inner *root = inner(node_new(tree, tree->height));

	root->node.n = 1;
	root->node.pair[0] = first_pair(tree, tree->root, tree->height - 1);
	root->child[0] = tree->root;
	root->fit[0] = FIT_NONE;
	pos->node[tree->height] = tree->root = &root->node;
	pos->idx[tree->height] = 0;
	tree->height++;
}

/* Pairs have moved between two leaves with data, which end at last. */
static void
part_ends(struct btree_leaf *left, struct btree_leaf *right, uint64_t last)
{
	left->last = right->first[0] - 1;
	right->last = last;
}

/* Halve a node of the path at a level; the path follows its entry to where that went. */
static void
split(struct btree *tree, struct btree_pos *pos, unsigned int level)
{
	struct btree_node *node = pos->node[level], *right = node_new(tree, level);
	struct btree_inner *parent;
	enum kind kind = kind_of(tree, level);
	unsigned int at, half = node->n / 2;

	if (level + 1 == tree->height)
		grow(tree, pos);
	else if (pos->node[level + 1]->n == BTREE_CAP)
		split(tree, pos, level + 1);
	parent = inner(pos->node[level + 1]);
	at = pos->idx[level + 1] + 1;

	move(right, 0, node, half, node->n - half, kind);
	if (kind == DATA_LEAF)
		part_ends(data_leaf(node), data_leaf(right), data_leaf(node)->last);
	open_gap(&parent->node, at, 1, INNER);
	parent->node.pair[at] = first_pair(tree, right, level);
	parent->child[at] = right;
	take_fit(tree, parent, at - 1, level);
	take_fit(tree, parent, at, level);

	if (pos->idx[level] >= (int)node->n) {
		pos->node[level] = right;
		pos->idx[level] -= node->n;
		pos->idx[level + 1]++;
	}
}

void
btree_insert(struct btree *tree, struct btree_pos *pos, uint64_t key, uint64_t val, bool mark)
{
	struct btree_node *leaf;
	unsigned int i;

	if (btree_splits(tree, pos, 1))
		split(tree, pos, 0);
	leaf = pos->node[0];
	i = ++pos->idx[0];
	open_gap(leaf, i, 1, kind_of(tree, 0));
	leaf->pair[i] = (struct btree_pair){ key, val };
	leaf->marks |= (uint64_t)mark << i;
	if (i == 0)
		update_pairs(tree, pos);
	update_fits(tree, pos, 0, FIT_NONE, pair_fit(tree, leaf, i));
}

void
btree_cut(struct btree *tree, struct btree_pos *pos, uint64_t first, uint64_t last, void *data,
		void *above)
{
	bool has_below = btree_first(pos) != first, has_above = btree_last(pos) != last;
	bool mark = btree_marked(pos);
	struct fit old = pair_fit(tree, pos->node[0], pos->idx[0]), new = FIT_NONE;
	struct btree_node *node;
	struct btree_leaf *leaf;
	unsigned int i;

	if (btree_splits(tree, pos, has_below + has_above))
		split(tree, pos, 0);
	node = pos->node[0];
	leaf = data_leaf(node);
	open_gap(node, pos->idx[0] + 1, has_below + has_above, DATA_LEAF);
	i = pos->idx[0] += has_below;
	leaf->first[i] = first;
	leaf->data[i] = data;
	node->marks |= UINT64_C(1) << i;
	if (has_above) {
		leaf->first[i + 1] = last + 1;
		leaf->data[i + 1] = above;
		node->marks |= (uint64_t)mark << (i + 1);
		new = pair_fit(tree, node, i + 1);
	}
	if (has_below)
		new = fit_join(new, pair_fit(tree, node, i - 1));
	update_fits(tree, pos, 0, old, new);
}

void
btree_set(struct btree *tree, const struct btree_pos *pos, uint64_t val, bool mark)
{
	struct btree_node *leaf = pos->node[0];
	unsigned int i = pos->idx[0];
	struct fit old = pair_fit(tree, leaf, i);

	if (!tree->pool->data)
		leaf->pair[i].val = val;
	leaf->marks = (leaf->marks & ~(UINT64_C(1) << i)) | (uint64_t)mark << i;
	update_fits(tree, pos, 0, old, pair_fit(tree, leaf, i));
}

/* Removal. */

static bool
is_thin(const struct btree *tree, const struct btree_node *node, unsigned int level)
{
	return node->n < MIN_FILL_OF(cap_of(kind_of(tree, level)));
}

/* Merge children i and i + 1 or even them out; true if that took one from the parent. */
static bool
balance(struct btree *tree, struct btree_inner *parent, unsigned int i, unsigned int level)
{
	struct btree_node *left = parent->child[i], *right = parent->child[i + 1];
	unsigned int sum = left->n + right->n, half = sum / 2;
	enum kind kind = kind_of(tree, level);

	if (sum <= MERGE_MAX_OF(cap_of(kind))) {
		move(left, left->n, right, 0, right->n, kind);
		if (kind == DATA_LEAF)
			data_leaf(left)->last = data_leaf(right)->last;
		close_gap(&parent->node, i + 1, 1, INNER);
		free(right);
		take_fit(tree, parent, i, level);
		return true;
	}
	if (left->n < half)
		move(left, left->n, right, 0, half - left->n, kind);
	else
		move(right, 0, left, half, left->n - half, kind);
	if (kind == DATA_LEAF)
		part_ends(data_leaf(left), data_leaf(right), data_leaf(right)->last);
	parent->node.pair[i + 1] = first_pair(tree, right, level);
	take_fit(tree, parent, i, level);
	take_fit(tree, parent, i + 1, level);
	return false;
}

static void
shrink(struct btree *tree)
{
	struct btree_node *root = tree->root;

	if (tree->height == 1 || root->n > 1)
		return;
	tree->root = inner(root)->child[0];
	tree->height--;
	free(root);
}

/*
 * Pairs have left the leaf of the path, which may be too empty now. Of the bounds below it, old
 * became new.
 */
static void
settle(struct btree *tree, struct btree_pos *pos, struct fit old, struct fit new)
{
	unsigned int i, level = 0;
	bool merged = true;

	while (merged && level + 1 < tree->height && is_thin(tree, pos->node[level], level)) {
		i = pos->idx[level + 1];
		merged = balance(tree, inner(pos->node[level + 1]), i - (i > 0), level);
		level++;
	}
	update_fits(tree, pos, level, old, new);
	shrink(tree);
}

/* Give the addresses of the first range of a leaf with data to the leaf below. */
static void
give_down(struct btree *tree, const struct btree_pos *pos)
{
	struct btree_pos lower = *pos;
	struct fit old;

	if (!btree_prev(tree, &lower))
		return;
	old = pair_fit(tree, lower.node[0], lower.idx[0]);
	data_leaf(lower.node[0])->last = btree_last(pos);
	update_fits(tree, &lower, 0, old, pair_fit(tree, lower.node[0], lower.idx[0]));
}

void
btree_erase(struct btree *tree, struct btree_pos *pos)
{
	struct btree_node *leaf = pos->node[0];
	unsigned int i = pos->idx[0];
	struct fit old = pair_fit(tree, leaf, i), new = FIT_NONE;

	if (tree->pool->data && i == 0)
		give_down(tree, pos);
	close_gap(leaf, i, 1, kind_of(tree, 0));
	if (tree->pool->data && i > 0)
		new = pair_fit(tree, leaf, i - 1);
	if (i == 0)
		update_pairs(tree, pos);
	settle(tree, pos, old, new);
}

/* The same within a leaf. What they had in bounds the new range has, so that none is given up. */
static void
merge_in_leaf(struct btree *tree, struct btree_pos *pos, unsigned int n, uint64_t last)
{
	struct btree_node *leaf = pos->node[0];
	unsigned int i = pos->idx[0];

	if (!tree->pool->data)
		leaf->pair[i].val = last;
	leaf->marks &= ~(UINT64_C(1) << i);
	if (n > 0)
		close_gap(leaf, i + 1, n, kind_of(tree, 0));
	settle(tree, pos, FIT_NONE, pair_fit(tree, leaf, i));
}

void
btree_merge(struct btree *tree, struct btree_pos *pos, unsigned int n, uint64_t last)
{
	const struct btree_node *leaf = pos->node[0];
	unsigned int behind = leaf->n - 1 - pos->idx[0], here = n < behind ? n : behind;
	uint64_t next = pair_of(tree, leaf, pos->idx[0] + here).val + 1;

	merge_in_leaf(tree, pos, here, last);
	for (; here < n; here++) {
		btree_seek(tree, next, UINT64_MAX, pos);
		next = pair_of(tree, pos->node[0], pos->idx[0]).val + 1;
		btree_erase(tree, pos);
	}
}

/* Whole trees. */

void
btree_init(struct btree *tree, struct btree_pool *pool, bool ranges)
{
	*tree = (struct btree){ .pool = pool, .height = 1, .ranges = ranges };
	tree->root = node_new(tree, 0);
	if (!pool->data)
		return;
	tree->root->n = tree->root->marks = 1;
	data_leaf(tree->root)->first[0] = 0;
	data_leaf(tree->root)->data[0] = NULL;
	data_leaf(tree->root)->last = UINT64_MAX;
}

static void
free_below(struct btree_node *node, unsigned int level)
{
	unsigned int i;

	for (i = 0; level > 0 && i < node->n; i++)
		free_below(inner(node)->child[i], level - 1);
	free(node);
}

void
btree_fini(struct btree *tree)
{
	free_below(tree->root, tree->height - 1);
}
