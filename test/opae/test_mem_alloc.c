/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "test_mem_alloc.h"

#include <errno.h>
#include <opae/mem_alloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fail_malloc.h"

#define MAX UINT64_MAX
#define UNTOUCHED UINT64_C(0xdecafbad)

static struct mem_alloc m;

/* Helpers. */

struct range {
	uint64_t address;
	uint64_t size;
};

static bool
list_is(const struct mem_link *head, const struct range *want, unsigned int n)
{
	const struct mem_link *link = head->next, *prev = head;
	unsigned int i;

	for (i = 0; i < n; i++, prev = link, link = link->next) {
		if (link == head || link->prev != prev || link->address != want[i].address ||
				link->size != want[i].size)
			return false;
	}
	return link == head && head->prev == prev;
}

#define LIST(head, ...)                                                                            \
	do {                                                                                       \
		const struct range want_[] = { __VA_ARGS__ };                                      \
		CU_ASSERT(list_is(head, want_, sizeof(want_) / sizeof(want_[0])));                 \
	} while (0)
#define EMPTY(head) CU_ASSERT((head)->next == (head) && (head)->prev == (head))

#define GETS(size, want)                                                                           \
	do {                                                                                       \
		uint64_t address_ = UNTOUCHED;                                                     \
		CU_ASSERT_EQUAL(mem_alloc_get(&m, &address_, size), 0);                            \
		CU_ASSERT_EQUAL(address_, want);                                                   \
	} while (0)
#define GETS_NONE(size, err)                                                                       \
	do {                                                                                       \
		uint64_t address_ = UNTOUCHED;                                                     \
		CU_ASSERT_EQUAL(mem_alloc_get(&m, &address_, size), err);                          \
		CU_ASSERT_EQUAL(address_, UNTOUCHED);                                              \
	} while (0)
#define ADDS(address, size) CU_ASSERT_EQUAL(mem_alloc_add_free(&m, address, size), 0)
#define PUTS(address) CU_ASSERT_EQUAL(mem_alloc_put(&m, address), 0)

/* What is on the stack is not what mem_alloc_init() wants to see. */
static void
start(void)
{
	memset(&m, 0xa5, sizeof(m));
	mem_alloc_init(&m);
}

static void
finish(void)
{
	mem_alloc_destroy(&m);
	EMPTY(&m.free);
	EMPTY(&m.allocated);
}

static struct mem_link *
link_by_hand(struct mem_link *head)
{
	struct mem_link *link = malloc(sizeof(*link));

	*link = (struct mem_link){ 4096, 4096, head, head };
	head->prev = head->next = link;
	return link;
}

/* Structs. */

static void
test_init(void)
{
	CU_ASSERT_EQUAL(sizeof(struct mem_alloc), 64);
	start();
	EMPTY(&m.free);
	EMPTY(&m.allocated);
	GETS_NONE(1, ENOSPC);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0), ENOENT);
	finish();
}

static void
test_reuse(void)
{
	start();
	ADDS(0x1000, 0x3000);
	GETS(0x1000, 0x1000);
	finish();
	GETS_NONE(1, ENOSPC);
	ADDS(0x1000, 0x1000);
	GETS(0x1000, 0x1000);
	mem_alloc_destroy(&m);
	finish();
}

static void
test_null(void)
{
	uint64_t address = UNTOUCHED;

	mem_alloc_init(NULL);
	mem_alloc_destroy(NULL);
	start();
	ADDS(0, 0x1000);
	CU_ASSERT_EQUAL(mem_alloc_add_free(NULL, 0x1000, 0x1000), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_get(NULL, &address, 0x1000), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_get(&m, NULL, 0x1000), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_put(NULL, 0), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(NULL, &m), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, NULL), EINVAL);
	CU_ASSERT_EQUAL(address, UNTOUCHED);
	LIST(&m.free, { 0, 0x1000 });
	EMPTY(&m.allocated);
	finish();
}

static void
refuses_all(struct mem_alloc *other)
{
	uint64_t address = UNTOUCHED;

	CU_ASSERT_EQUAL(mem_alloc_add_free(other, 0x100000, 0x1000), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_get(other, &address, 0x1000), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_put(other, 0), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(other, &m), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, other), EINVAL);
	CU_ASSERT_EQUAL(address, UNTOUCHED);
}

/* Its links lead to the other struct. */
static void
test_copy(void)
{
	struct mem_alloc copy;

	start();
	copy = m;
	refuses_all(&copy);
	ADDS(0, 0x3000);
	GETS(0x1000, 0);
	copy = m;
	refuses_all(&copy);
	mem_alloc_destroy(&copy);
	EMPTY(&copy.free);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&copy, 0, 0x1000), 0);
	mem_alloc_destroy(&copy);
	LIST(&m.free, { 0x1000, 0x2000 });
	LIST(&m.allocated, { 0, 0x1000 });
	copy = m;
	finish();
	mem_alloc_destroy(&copy);
}

static void
test_zeros(void)
{
	struct mem_alloc zeros = { 0 };

	start();
	ADDS(0, 0x1000);
	refuses_all(&zeros);
	mem_alloc_destroy(&zeros);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&zeros, 0, 0x1000), 0);
	mem_alloc_destroy(&zeros);
	finish();
}

/* The leak checker sees links that are not freed. */
static void
test_by_hand(void)
{
	struct mem_alloc hand;
	struct mem_link *link;

	start();
	memset(&hand, 0xa5, sizeof(hand));
	link_by_hand(&hand.free);
	link_by_hand(&hand.allocated);
	refuses_all(&hand);
	mem_alloc_destroy(&hand);
	EMPTY(&hand.free);
	EMPTY(&hand.allocated);

	memset(&hand, 0xa5, sizeof(hand));
	link = link_by_hand(&hand.free);
	link->prev = link;
	link_by_hand(&hand.allocated);
	hand.allocated.prev = NULL;
	free(hand.allocated.next);
	hand.allocated.next = NULL;
	mem_alloc_destroy(&hand);
	EMPTY(&hand.free);
	free(link);

	memset(&hand, 0, sizeof(hand));
	link = link_by_hand(&hand.free);
	link->next = link;
	mem_alloc_destroy(&hand);
	EMPTY(&hand.free);
	free(link);
	finish();
}

/* Adding. */

static void
test_add_order(void)
{
	start();
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 0, 0), EINVAL);
	EMPTY(&m.free);
	ADDS(0, 1024);
	LIST(&m.free, { 0, 1024 });
	finish();
	ADDS(4096, 1024);
	ADDS(0, 1024);
	ADDS(2048, 1024);
	LIST(&m.free, { 0, 1024 }, { 2048, 1024 }, { 4096, 1024 });
	finish();
}

static void
test_add_refused(void)
{
	static const struct range bad[] = {
		{ 0x1000, 0x1000 }, { 0x4000, 0x1000 }, { 0x3800, 0x1000 }, { 0x4fff, 1 },
		{ 0, MAX }, { 0x4400, 0x10 }, { 0x3000, 0x3000 }, { 0x7000, 0x2000 }, { 0x7fff, 2 },
		{ 0x8000, 0x1000 }, { 0x8800, 1 },
	};
	unsigned int i;

	start();
	ADDS(0x1000, 0x1000);
	ADDS(0x4000, 0x1000);
	ADDS(0x8000, 0x1000);
	GETS(0x1000, 0x1000);
	PUTS(0x1000);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0x1000), ENOENT);
	GETS(0x1000, 0x1000);
	GETS(0x1000, 0x4000);
	GETS(0x1000, 0x8000);
	PUTS(0x4000);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(mem_alloc_add_free(&m, bad[i].address, bad[i].size), EEXIST);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 0x2000, 0), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 0x4000, 0), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, MAX, 2), EINVAL);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 0x9000, MAX - 0x8ffe), EINVAL);
	LIST(&m.free, { 0x4000, 0x1000 });
	LIST(&m.allocated, { 0x1000, 0x1000 }, { 0x8000, 0x1000 });
	finish();
}

static void
add_in_order(const unsigned int *order, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ADDS(order[i] * 0x1000ul, 0x1000);
	LIST(&m.free, { 0, n * 0x1000ul });
	finish();
}

/* All orders of four ranges, each of which touches the next. */
static void
test_merge(void)
{
	unsigned int o[4];

	start();
	for (unsigned int i = 0; i < 256; i++) {
		for (unsigned int j = 0; j < 4; j++)
			o[j] = i >> 2 * j & 3;
		if ((1u << o[0] | 1u << o[1] | 1u << o[2] | 1u << o[3]) == 15)
			add_in_order(o, 4);
	}
}

static void
test_end_of_space(void)
{
	start();
	ADDS(-UINT64_C(0x1000), 0x1000);
	GETS_NONE(0x2000, ENOSPC);
	GETS_NONE(-UINT64_C(0x1000), ENOSPC);
	GETS(0x1000, -UINT64_C(0x1000));
	PUTS(-UINT64_C(0x1000));
	GETS(0x800, -UINT64_C(0x1000));
	GETS(0x800, -UINT64_C(0x800));
	PUTS(-UINT64_C(0x1000));
	PUTS(-UINT64_C(0x800));
	LIST(&m.free, { -UINT64_C(0x1000), 0x1000 });
	ADDS(0, 0x1000);
	LIST(&m.free, { 0, 0x1000 }, { -UINT64_C(0x1000), 0x1000 });
	/* All addresses have no size. */
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 0x1000, MAX - 0x1fff), EINVAL);
	ADDS(0x1000, MAX - 0x2000);
	LIST(&m.free, { 0, MAX - 0x1000 }, { -UINT64_C(0x1000), 0x1000 });
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, 1, 1), EEXIST);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&m, MAX - 0x1000, 1), EINVAL);
	GETS(UINT64_C(1) << 63, 0);
	finish();
	ADDS(0, MAX);
	LIST(&m.free, { 0, MAX });
	GETS(MAX, 0);
	finish();
}

/* Allocation. */

static void
test_get_lowest(void)
{
	start();
	ADDS(0, 1024);
	ADDS(2048, 1024);
	GETS(512, 0);
	LIST(&m.free, { 512, 512 }, { 2048, 1024 });
	GETS_NONE(2048, ENOSPC);
	GETS(1024, 2048);
	GETS(512, 512);
	EMPTY(&m.free);
	LIST(&m.allocated, { 0, 512 }, { 2048, 1024 }, { 512, 512 });
	finish();
}

static void
test_get_size(void)
{
	start();
	ADDS(0x10000, 0x10000);
	GETS_NONE(0, EINVAL);
	GETS_NONE(UINT64_C(0xfffffffffffff000), ENOSPC);
	GETS_NONE(MAX, ENOSPC);
	GETS_NONE(UINT64_C(1) << 63, ENOSPC);
	GETS_NONE(0x10001, ENOSPC);
	LIST(&m.free, { 0x10000, 0x10000 });
	GETS(0x10000, 0x10000);
	finish();
}

/* Front, back, both ends and all of a free range. */
static void
test_get_cuts(void)
{
	start();
	ADDS(0x1000, 0x7000);
	GETS(0x2000, 0x2000);
	LIST(&m.free, { 0x1000, 0x1000 }, { 0x4000, 0x4000 });
	GETS(0x4000, 0x4000);
	GETS(0x1000, 0x1000);
	EMPTY(&m.free);
	LIST(&m.allocated, { 0x2000, 0x2000 }, { 0x4000, 0x4000 }, { 0x1000, 0x1000 });
	PUTS(0x4000);
	PUTS(0x1000);
	LIST(&m.free, { 0x1000, 0x1000 }, { 0x4000, 0x4000 });
	PUTS(0x2000);
	LIST(&m.free, { 0x1000, 0x7000 });
	EMPTY(&m.allocated);
	finish();
	ADDS(0x1000, 0x3000);
	GETS(0x2000, 0x2000);
	LIST(&m.free, { 0x1000, 0x1000 });
	finish();
}

static void
test_alignment(void)
{
	start();
	ADDS(0x1000, 0x2000);
	GETS_NONE(0x2000, ENOSPC);
	GETS(0x1000, 0x1000);
	finish();
	/* No holes between ranges of three pages; six need an even one. */
	ADDS(0x1000, 0x20000);
	GETS(0x3000, 0x1000);
	GETS(0x3000, 0x4000);
	GETS(0x6000, 0x8000);
	GETS(0x1000, 0x7000);
	GETS(0x3000, 0xe000);
	GETS(0x2000, 0x12000);
	finish();
	ADDS(0x1001, 0x10000);
	GETS(0x3000, 0x2000);
	GETS(7, 0x1001);
	GETS(8, 0x1008);
	finish();
	ADDS(0x1000, UINT64_C(8) << 30);
	GETS(UINT64_C(3) << 30, UINT64_C(1) << 30);
	GETS(2u << 20, 2u << 20);
	finish();
}

static void
test_put_refused(void)
{
	start();
	ADDS(0, 0x4000);
	GETS(0x1000, 0);
	GETS(0x2000, 0x2000);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0x1000), ENOENT);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0x800), ENOENT);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0x3000), ENOENT);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0x8000), ENOENT);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, MAX), ENOENT);
	LIST(&m.free, { 0x1000, 0x1000 });
	LIST(&m.allocated, { 0, 0x1000 }, { 0x2000, 0x2000 });
	PUTS(0);
	CU_ASSERT_EQUAL(mem_alloc_put(&m, 0), ENOENT);
	LIST(&m.free, { 0, 0x2000 });
	finish();
}

static uint64_t
draw(uint64_t below)
{
	static uint64_t state = 4711;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % below;
}

static void
shuffle(uint64_t *v, unsigned int n)
{
	for (; n > 1; n--) {
		unsigned int pick = (unsigned int)draw(n);
		uint64_t last = v[n - 1];

		v[n - 1] = v[pick];
		v[pick] = last;
	}
}

static void
put_all_at_random(uint64_t *v, unsigned int n)
{
	shuffle(v, n);
	for (unsigned int i = 0; i < n; i++)
		PUTS(v[i]);
	EMPTY(&m.allocated);
	LIST(&m.free, { 0, 4096 }, { 8192, 4096 }, { 16384, 4096 }, { 24576, 4096 },
			{ 32768, 4096 });
}

/* Five regions give twenty ranges, and those the five regions. */
static void
test_regions(void)
{
	uint64_t v[64];
	unsigned int n, round;

	start();
	for (n = 5; n-- > 0;)
		ADDS(n * 8192ul, 4096);
	for (round = 0; round < 200; round++) {
		for (n = 0; n < 64 && mem_alloc_get(&m, &v[n], 1024) == 0; n++)
			CU_ASSERT_EQUAL(v[n], n / 4 * 8192ul + n % 4 * 1024ul);
		CU_ASSERT_EQUAL(n, 20);
		EMPTY(&m.free);
		put_all_at_random(v, n);
	}
	finish();
}

/* Constraints. */

static void
test_constraint(void)
{
	struct mem_alloc by;

	start();
	mem_alloc_init(&by);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, &by), 0);
	EMPTY(&m.free);
	ADDS(0, 0x10000);
	ADDS(0x20000, 0x10000);
	GETS(0x1000, 0);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, &m), 0);
	LIST(&m.free, { 0x1000, 0xf000 }, { 0x20000, 0x10000 });
	CU_ASSERT_EQUAL(mem_alloc_add_free(&by, 0x2000, 0x2000), 0);
	CU_ASSERT_EQUAL(mem_alloc_add_free(&by, 0x8000, 0x19000), 0);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, &by), 0);
	LIST(&m.free, { 0x2000, 0x2000 }, { 0x8000, 0x8000 }, { 0x20000, 0x1000 });
	LIST(&m.allocated, { 0, 0x1000 });
	LIST(&by.free, { 0x2000, 0x2000 }, { 0x8000, 0x19000 });
	/* What was taken away may be added again, and what is allocated put. */
	ADDS(0x1000, 0x1000);
	PUTS(0);
	LIST(&m.free, { 0, 0x4000 }, { 0x8000, 0x8000 }, { 0x20000, 0x1000 });
	GETS(0x8000, 0x8000);
	mem_alloc_destroy(&by);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, &by), 0);
	EMPTY(&m.free);
	LIST(&m.allocated, { 0x8000, 0x8000 });
	finish();
}

/* No memory: every allocation of every call fails once. */

static int
starve_add(void)
{
	return mem_alloc_add_free(&m, 0x2000, 0x1000);
}

static int
starve_get(void)
{
	uint64_t address = UNTOUCHED;
	int ret = mem_alloc_get(&m, &address, 0x4000);

	CU_ASSERT_EQUAL(address, ret == 0 ? 0x14000 : UNTOUCHED);
	return ret;
}

static int
starve_constraint(void)
{
	return mem_alloc_apply_constraint(&m, &m);
}

static unsigned int
starve(int (*call)(void), const struct range *free_list, unsigned int n)
{
	unsigned int nth = 0;
	bool failed;
	int ret;

	do {
		fail_malloc_arm(++nth);
		ret = call();
		failed = fail_malloc_disarm();
		CU_ASSERT_EQUAL(ret, failed ? ENOMEM : 0);
		if (failed)
			CU_ASSERT(list_is(&m.free, free_list, n));
	} while (failed && nth < 100);
	return nth - 1;
}

static void
test_no_memory(void)
{
	const struct range some[] = { { 0x2000, 0x1000 }, { 0x11000, 0x10000 } };
	const struct range cut[] = {
		{ 0x2000, 0x1000 }, { 0x11000, 0x3000 }, { 0x18000, 0x9000 },
	};

	start();
	/* Books and a tree besides the link. */
	CU_ASSERT_EQUAL(starve(starve_add, NULL, 0), 3);
	ADDS(0x11000, 0x10000);
	CU_ASSERT_EQUAL(starve(starve_get, some, 2), 2);
	LIST(&m.free, { 0x2000, 0x1000 }, { 0x11000, 0x3000 }, { 0x18000, 0x9000 });
	/* A tree and three links, one of which is there already when the third fails. */
	CU_ASSERT_EQUAL(starve(starve_constraint, cut, 3), 3);
	LIST(&m.free, { 0x2000, 0x1000 }, { 0x11000, 0x3000 }, { 0x18000, 0x9000 });
	finish();
}

#define MANY 6000

static size_t
length(const struct mem_link *head)
{
	const struct mem_link *link;
	size_t n = 0;

	for (link = head->next; link != head; link = link->next)
		n++;
	return n;
}

/* So many that links come from blocks, and each second call that needs memory fails. */
static void
test_many(void)
{
	static uint64_t address[MANY];
	unsigned int i, failures = 0;

	start();
	ADDS(0, UINT64_C(1) << 40);
	for (i = 0; i < MANY; i++) {
		fail_malloc_arm(1);
		if (mem_alloc_get(&m, &address[i], 0x1000) != 0) {
			failures++;
			CU_ASSERT_EQUAL(length(&m.allocated), i);
			CU_ASSERT_EQUAL(mem_alloc_get(&m, &address[i], 0x1000), 0);
		}
		fail_malloc_disarm();
		CU_ASSERT_EQUAL(address[i], i * UINT64_C(0x1000));
	}
	CU_ASSERT(failures > 64);
	for (i = 0; i < MANY; i += 2)
		CU_ASSERT_EQUAL(mem_alloc_put(&m, address[i]), 0);
	CU_ASSERT_EQUAL(length(&m.free), MANY / 2 + 1);
	CU_ASSERT_EQUAL(length(&m.allocated), MANY / 2);
	CU_ASSERT_EQUAL(mem_alloc_apply_constraint(&m, &m), 0);
	CU_ASSERT_EQUAL(length(&m.free), MANY / 2 + 1);
	for (i = 1; i < MANY; i += 2)
		CU_ASSERT_EQUAL(mem_alloc_put(&m, address[i]), 0);
	LIST(&m.free, { 0, UINT64_C(1) << 40 });
	EMPTY(&m.allocated);
	finish();
}

static const struct test_case cases[] = {
	{ "init", test_init },
	{ "reuse", test_reuse },
	{ "null", test_null },
	{ "copy", test_copy },
	{ "zeros", test_zeros },
	{ "by_hand", test_by_hand },
	{ "add_order", test_add_order },
	{ "add_refused", test_add_refused },
	{ "merge", test_merge },
	{ "end_of_space", test_end_of_space },
	{ "get_lowest", test_get_lowest },
	{ "get_size", test_get_size },
	{ "get_cuts", test_get_cuts },
	{ "alignment", test_alignment },
	{ "put_refused", test_put_refused },
	{ "regions", test_regions },
	{ "constraint", test_constraint },
	{ "no_memory", test_no_memory },
	{ "many", test_many },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct test_suite suites[] = {
		{ "mem_alloc", NULL, NULL, cases },
		{ "mem_alloc_random", NULL, NULL, mem_alloc_random_cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
