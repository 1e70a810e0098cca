/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Trees with data, beside an array of the same ranges. The source itself is in the program, so that
 * its nodes can be checked.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "addrspace/btree.c"
#include "harness.h"

#define MOST 6000 /* ranges: three levels */

struct range {
	uint64_t first;
	bool mark;
	void *data;
};

static struct range ranges[MOST + 2];
static unsigned int n;
static struct btree_pool pool;
static struct btree tree;
static uint64_t rng;

static uint64_t
draw(uint64_t below)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng % below;
}

static uint64_t
end_of(unsigned int i)
{
	return i + 1 < n ? ranges[i + 1].first - 1 : UINT64_MAX;
}

static void
begin(void)
{
	static const unsigned int root[2] = { 1, 0 };

	rng = 4711;
	memset(&pool, 0, sizeof(pool));
	pool.data = true;
	CU_ASSERT_EQUAL_FATAL(btree_pool_fill(&pool, root), 0);
	btree_init(&tree, &pool, true);
	ranges[0] = (struct range){ 0, true, NULL };
	n = 1;
}

static void
end(void)
{
	static const unsigned int none[2] = { 0 };

	btree_fini(&tree);
	CU_ASSERT_EQUAL(btree_pool_fill(&pool, none), 0);
}

/*
 * Nodes
 */

static bool
leaf_is_sound(struct btree_node *node, uint64_t last)
{
	const struct btree_leaf *leaf = data_leaf(node);
	bool ok = node->n <= BTREE_DATA_CAP && leaf->last == last &&
			(node->marks & ~low_bits(node->n)) == 0;
	unsigned int i;

	if (node != tree.root)
		ok = ok && node->n >= MIN_FILL_OF(BTREE_DATA_CAP);
	for (i = 1; i < node->n; i++)
		ok = ok && leaf->first[i - 1] < leaf->first[i];
	for (i = node->n; i < BTREE_DATA_CAP; i++)
		ok = ok && leaf->first[i] == UINT64_MAX;
	return ok;
}

/* A node below which the ranges end at last. */
static bool
is_sound(struct btree_node *node, unsigned int level, uint64_t last)
{
	struct btree_inner *in = inner(node);
	struct btree_node *child;
	bool ok = level > 0 ? node->n <= BTREE_CAP : leaf_is_sound(node, last);
	struct fit fit;
	unsigned int i;

	for (i = 0; ok && level > 0 && i < node->n; i++) {
		child = in->child[i];
		fit = level == 1 ? leaf_fit(&tree, child) : inner_fit(inner(child));
		ok = first_pair(&tree, child, level - 1).key == node->pair[i].key &&
				fit_equal(&in->fit[i], &fit) &&
				is_sound(child, level - 1, i + 1 < node->n ?
						node->pair[i + 1].key - 1 : last);
	}
	return ok;
}

/* All of the tree is as in the array. */
static bool
is_same(void)
{
	struct btree_pos pos;
	unsigned int i;
	bool more = true;

	btree_seek(&tree, 0, UINT64_MAX, &pos);
	for (i = 0; more && i < n; i++, more = btree_next(&tree, &pos)) {
		if (btree_first(&pos) != ranges[i].first || btree_last(&pos) != end_of(i) ||
				btree_marked(&pos) != ranges[i].mark ||
				*btree_data(&pos) != ranges[i].data)
			return false;
	}
	return i == n && !more;
}

/*
 * Operations, in both
 */

static void
fill_pool(struct btree_pos *pos)
{
	unsigned int need[2] = { 0 };

	if (!btree_splits(&tree, pos, 2))
		return;
	btree_need(&tree, 2, need);
	CU_ASSERT_EQUAL_FATAL(btree_pool_fill(&pool, need), 0);
}

/* Cut first to last out of range i; its mark is then as given. */
static void
cut(unsigned int i, uint64_t first, uint64_t last, bool mark)
{
	static char datas[2 * MOST];
	static unsigned int nb_datas;
	void *data = &datas[nb_datas++ % (2 * MOST)], *above = &datas[nb_datas++ % (2 * MOST)];
	bool has_below = first != ranges[i].first, has_above = last != end_of(i);
	unsigned int more = has_below + has_above;
	struct range old = ranges[i];
	struct btree_pos pos;

	CU_ASSERT(btree_seek(&tree, first, UINT64_MAX, &pos));
	fill_pool(&pos);
	btree_cut(&tree, &pos, first, last, data, above);
	CU_ASSERT(btree_first(&pos) == first && btree_last(&pos) == last && btree_marked(&pos));
	if (!mark)
		btree_set(&tree, &pos, 0, false);
	memmove(&ranges[i + 1 + more], &ranges[i + 1], (n - i - 1) * sizeof(ranges[0]));
	n += more;
	i += has_below;
	ranges[i] = (struct range){ first, mark, data };
	if (has_above)
		ranges[i + 1] = (struct range){ last + 1, old.mark, above };
}

/* Free range i, which is marked, and join it with its free neighbours, as users of the tree do. */
static void
merge(unsigned int i)
{
	bool low = i > 0 && !ranges[i - 1].mark, high = i + 1 < n && !ranges[i + 1].mark;
	unsigned int from = i - low, gone = low + high;
	uint64_t last = end_of(i + high);
	struct btree_pos pos;

	CU_ASSERT(btree_seek(&tree, ranges[from].first, UINT64_MAX, &pos));
	CU_ASSERT_EQUAL(btree_first(&pos), ranges[from].first);
	btree_merge(&tree, &pos, gone, last);
	ranges[from].mark = false;
	memmove(&ranges[from + 1], &ranges[from + 1 + gone], (n - from - 1 - gone) * sizeof(ranges[0]));
	n -= gone;
}

static void
cut_somewhere(unsigned int i)
{
	uint64_t first = ranges[i].first, last = end_of(i), len;

	/* Often at an end, or all. */
	if (draw(3) > 0 && last > first)
		first += draw(last - first);
	len = last - first;
	if (draw(3) > 0 && len > 0)
		last = first + draw(len < 1000000 ? len : 1000000);
	cut(i, first, last, draw(8) > 0);
}

static void
churn(unsigned int steps, unsigned int wanted)
{
	for (unsigned int step = 0; step < steps; step++) {
		unsigned int i = draw(n);

		if (ranges[i].mark && draw(2 * wanted) < n && ranges[i].data != NULL)
			merge(i);
		else if (n < MOST && draw(wanted) * 2 > n)
			cut_somewhere(i);
		if (step % 64 == 0)
			CU_ASSERT(is_sound(tree.root, tree.height - 1, UINT64_MAX) && is_same());
	}
}

static void
few(void)
{
	begin();
	CU_ASSERT(is_sound(tree.root, 0, UINT64_MAX) && is_same());
	churn(5000, 40);
	end();
}

static void
many(void)
{
	begin();
	churn(40000, MOST);
	CU_ASSERT(tree.height >= 3);
	while (n > 100) {
		unsigned int i = draw(n);

		if (!ranges[i].mark)
			cut(i, ranges[i].first, end_of(i), true);
		else
			merge(i);
		if (n % 64 == 0)
			CU_ASSERT(is_sound(tree.root, tree.height - 1, UINT64_MAX) && is_same());
	}
	CU_ASSERT(tree.height <= 2);
	end();
}

/* The first and the last addresses there are, and ranges of one. */
static void
ends(void)
{
	struct btree_pos pos;

	begin();
	cut(0, UINT64_MAX, UINT64_MAX, true);
	cut(0, 0, 0, false);
	cut(1, 1, 1, true);
	CU_ASSERT(is_sound(tree.root, 0, UINT64_MAX) && is_same());
	CU_ASSERT(btree_seek(&tree, UINT64_MAX, UINT64_MAX, &pos));
	CU_ASSERT(btree_first(&pos) == UINT64_MAX && btree_last(&pos) == UINT64_MAX);
	CU_ASSERT(!btree_next(&tree, &pos));
	merge(1);
	CU_ASSERT_EQUAL(n, 3);
	merge(2);
	merge(1);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT(is_sound(tree.root, 0, UINT64_MAX) && is_same());
	end();
}

static const struct test_case cases[] = {
	{ "few ranges", few }, { "many ranges", many }, { "ends", ends }, { NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "btree with data", NULL, NULL, cases }, { NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
