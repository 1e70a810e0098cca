/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "test_addrspace_inside.h"
#include "test_addrspace_model.h"

/* Helpers. */

static struct addrspace *
make(uint64_t first, uint64_t last)
{
	struct addrspace *space = NULL;

	CU_ASSERT_EQUAL_FATAL(addrspace_create(&space), 0);
	CU_ASSERT_EQUAL_FATAL(addrspace_add(space, first, last), 0);
	return space;
}

static int
alloc(struct addrspace *space, uint64_t size, uint64_t align, unsigned int flags, uint64_t *first)
{
	struct addrspace_request req = { size, align, ANYWHERE, flags };

	return addrspace_alloc(space, &req, first);
}

static int
alloc_in(struct addrspace *space, uint64_t size, uint64_t low, uint64_t high, uint64_t *first)
{
	struct addrspace_request req = { size, 1, { low, high }, 0 };

	return addrspace_alloc(space, &req, first);
}

static uint64_t
hash(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(0x100000001b3) + (v >> 29);
}

/* Everything a caller can see of a space, in one number. */
static uint64_t
fingerprint(const struct addrspace *space)
{
	struct addrspace_range range = { 0 };
	enum addrspace_state state;
	struct addrspace_stats st;
	uint64_t h = 14695981039346656037ULL, at = 0;

	CU_ASSERT_EQUAL(addrspace_stats_get(space, &st), 0);
	h = hash(hash(hash(h, st.free_bytes), st.live_bytes), st.largest_free);
	h = hash(hash(hash(h, st.high_water), st.free_ranges), st.live_ranges);
	while (addrspace_next(space, at, &range, &state) == 0) {
		h = hash(hash(hash(h, range.first), range.last), state);
		if (range.last == MAX)
			break;
		at = range.last + 1;
	}
	return h;
}

/* A call that must fail with rc and change nothing. */
#define REFUSED(space, call, rc)                                                                   \
	do {                                                                                       \
		uint64_t before_ = fingerprint(space);                                             \
		CU_ASSERT_EQUAL(call, rc);                                                         \
		CU_ASSERT_EQUAL(fingerprint(space), before_);                                      \
	} while (0)

#define STATS(space, free_b, live_b, largest, high, n_free, n_live)                                \
	do {                                                                                       \
		struct addrspace_stats st_;                                                        \
		CU_ASSERT_EQUAL(addrspace_stats_get(space, &st_), 0);                              \
		CU_ASSERT_EQUAL(st_.free_bytes, free_b);                                           \
		CU_ASSERT_EQUAL(st_.live_bytes, live_b);                                           \
		CU_ASSERT_EQUAL(st_.largest_free, largest);                                        \
		CU_ASSERT_EQUAL(st_.high_water, high);                                             \
		CU_ASSERT_EQUAL(st_.free_ranges, n_free);                                          \
		CU_ASSERT_EQUAL(st_.live_ranges, n_live);                                          \
	} while (0)

static void
finish(struct addrspace *space)
{
	CU_ASSERT(sound(space));
	addrspace_destroy(space);
	CU_ASSERT_EQUAL(mem_blocks, 0);
	CU_ASSERT_EQUAL(mem_bytes, 0);
}

/* Single calls. */

static void
test_create(void)
{
	struct addrspace *space = NULL;

	CU_ASSERT_EQUAL(addrspace_create(NULL), -EINVAL);
	addrspace_destroy(NULL);
	CU_ASSERT_EQUAL_FATAL(addrspace_create(&space), 0);
	STATS(space, 0, 0, 0, 0, 0, 0);
	finish(space);
}

static void
test_empty(void)
{
	struct addrspace *space = NULL;
	struct addrspace_range range;
	enum addrspace_state state;
	uint64_t at = 77;

	CU_ASSERT_EQUAL_FATAL(addrspace_create(&space), 0);
	CU_ASSERT_EQUAL(alloc(space, 1, 1, 0, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc(space, 1, 1, ADDRSPACE_LOWEST, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc(space, MAX, 4096, 0, &at), -ENOSPC);
	CU_ASSERT_EQUAL(at, 77);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 0, 0), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_free(space, 0, NULL), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_free(space, MAX, NULL), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_find(space, 0, &range, &state), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_next(space, 0, &range, &state), -ENOENT);
	CU_ASSERT_EQUAL(addrspace_next(space, MAX, &range, &state), -ENOENT);
	finish(space);
}

static void
test_null(void)
{
	struct addrspace *space = make(0, 99);
	struct addrspace_request req = { 1, 1, ANYWHERE, 0 };
	struct addrspace_range range;
	enum addrspace_state state;
	struct addrspace_stats stats;
	uint64_t at;

	CU_ASSERT_EQUAL(addrspace_add(NULL, 0, 1), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_alloc(NULL, &req, &at), -EINVAL);
	REFUSED(space, addrspace_alloc(space, NULL, &at), -EINVAL);
	REFUSED(space, addrspace_alloc(space, &req, NULL), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_reserve(NULL, 0, 1), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_free(NULL, 0, NULL), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_find(NULL, 0, &range, &state), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_find(space, 0, NULL, NULL), 0);
	CU_ASSERT_EQUAL(addrspace_next(NULL, 0, &range, &state), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_next(space, 0, NULL, &state), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_next(space, 0, &range, NULL), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_stats_get(NULL, &stats), -EINVAL);
	CU_ASSERT_EQUAL(addrspace_stats_get(space, NULL), -EINVAL);
	finish(space);
}

static void
test_add(void)
{
	struct addrspace *space = make(100, 199);
	uint64_t at;

	REFUSED(space, addrspace_add(space, 5, 4), -EINVAL);
	REFUSED(space, addrspace_add(space, MAX, 0), -EINVAL);
	REFUSED(space, addrspace_add(space, 100, 199), -EEXIST);
	REFUSED(space, addrspace_add(space, 0, 100), -EEXIST);
	REFUSED(space, addrspace_add(space, 199, 300), -EEXIST);
	REFUSED(space, addrspace_add(space, 150, 150), -EEXIST);
	REFUSED(space, addrspace_add(space, 0, MAX), -EEXIST);
	CU_ASSERT_EQUAL(alloc(space, 100, 1, 0, &at), 0);
	REFUSED(space, addrspace_add(space, 120, 130), -EEXIST);
	CU_ASSERT_EQUAL(addrspace_free(space, 100, NULL), 0);

	/* Adjacent below, above, then the hole between two. */
	CU_ASSERT_EQUAL(addrspace_add(space, 90, 99), 0);
	CU_ASSERT_EQUAL(addrspace_add(space, 200, 209), 0);
	CU_ASSERT_EQUAL(addrspace_add(space, 220, 229), 0);
	STATS(space, 130, 0, 120, 110, 2, 0);
	REFUSED(space, addrspace_add(space, 205, 215), -EEXIST);
	REFUSED(space, addrspace_add(space, 215, 220), -EEXIST);
	CU_ASSERT_EQUAL(addrspace_add(space, 210, 219), 0);
	STATS(space, 140, 0, 140, 110, 1, 0);
	finish(space);
}

static void
test_whole_space(void)
{
	struct addrspace *space = make(0, MAX);
	uint64_t at = 1, size = 0;

	STATS(space, MAX, 0, MAX, 0, 1, 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 0, MAX), 0);
	STATS(space, 0, MAX, 0, MAX, 0, 1);
	REFUSED(space, alloc(space, 1, 1, 0, &at), -ENOSPC);
	REFUSED(space, addrspace_reserve(space, 0, MAX), -EEXIST);
	REFUSED(space, addrspace_add(space, MAX, MAX), -EEXIST);
	REFUSED(space, addrspace_free(space, MAX, NULL), -EFAULT);
	CU_ASSERT_EQUAL(addrspace_free(space, 0, &size), 0);
	CU_ASSERT_EQUAL(size, MAX);
	STATS(space, MAX, 0, MAX, MAX, 1, 0);

	CU_ASSERT_EQUAL(alloc(space, MAX, 1, 0, &at), 0);
	CU_ASSERT_EQUAL(at, 0);
	STATS(space, 1, MAX, 1, MAX, 1, 1);
	CU_ASSERT_EQUAL(alloc(space, 1, 1, ADDRSPACE_LOWEST, &at), 0);
	CU_ASSERT_EQUAL(at, MAX);
	STATS(space, 0, MAX, 0, MAX, 0, 2);
	CU_ASSERT_EQUAL(addrspace_free(space, MAX, &size), 0);
	CU_ASSERT_EQUAL(size, 1);
	CU_ASSERT_EQUAL(addrspace_free(space, 0, &size), 0);
	CU_ASSERT_EQUAL(size, MAX);
	STATS(space, MAX, 0, MAX, MAX, 1, 0);
	finish(space);
}

static void
test_last_byte(void)
{
	struct addrspace *space = make(MAX, MAX);
	uint64_t at = 0;

	REFUSED(space, alloc(space, 2, 1, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, 1, 2, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, 1, UINT64_C(1) << 63, ADDRSPACE_LOWEST, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc(space, 1, 1, 0, &at), 0);
	CU_ASSERT_EQUAL(at, MAX);
	CU_ASSERT_EQUAL(addrspace_add(space, 0, 0), 0);
	STATS(space, 1, 1, 1, MAX, 1, 1);
	/* The last address and the first are no neighbours. */
	CU_ASSERT_EQUAL(addrspace_free(space, MAX, NULL), 0);
	STATS(space, 2, 0, 1, MAX, 2, 0);
	CU_ASSERT_EQUAL(addrspace_add(space, 1, MAX - 1), 0);
	STATS(space, MAX, 0, MAX, MAX, 1, 0);
	finish(space);
}

static void
test_alloc_arguments(void)
{
	struct addrspace *space = make(0, 0xffff);
	struct addrspace_request req = { 16, 1, { 10, 9 }, 0 };
	uint64_t at = 77;

	REFUSED(space, alloc(space, 0, 1, 0, &at), -EINVAL);
	REFUSED(space, alloc(space, 16, 3, 0, &at), -EINVAL);
	REFUSED(space, alloc(space, 16, MAX, 0, &at), -EINVAL);
	REFUSED(space, alloc(space, 16, 1, 2, &at), -EINVAL);
	REFUSED(space, alloc(space, 16, 1, 0x80000001u, &at), -EINVAL);
	REFUSED(space, addrspace_alloc(space, &req, &at), -EINVAL);
	REFUSED(space, alloc(space, 0x10001, 1, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, MAX, 1, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, MAX, UINT64_C(1) << 63, ADDRSPACE_LOWEST, &at), -ENOSPC);
	CU_ASSERT_EQUAL(at, 77);
	CU_ASSERT_EQUAL(alloc(space, 16, 0, 0, &at), 0);
	CU_ASSERT_EQUAL(at, 0);
	CU_ASSERT_EQUAL(alloc(space, 16, UINT64_C(1) << 15, 0, &at), 0);
	CU_ASSERT_EQUAL(at, 0x8000);
	REFUSED(space, alloc(space, 16, UINT64_C(1) << 15, 0, &at), -ENOSPC);
	finish(space);
}

static void
test_window(void)
{
	struct addrspace *space = make(0, 999);
	uint64_t at = 0;

	REFUSED(space, alloc_in(space, 11, 50, 59, &at), -ENOSPC);
	REFUSED(space, alloc_in(space, 1, 1000, MAX, &at), -ENOSPC);
	REFUSED(space, alloc_in(space, 2, 999, MAX, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc_in(space, 10, 50, 59, &at), 0);
	CU_ASSERT_EQUAL(at, 50);
	REFUSED(space, alloc_in(space, 1, 50, 59, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc_in(space, 1, 50, 60, &at), 0);
	CU_ASSERT_EQUAL(at, 60);
	CU_ASSERT_EQUAL(alloc_in(space, 1, 49, 60, &at), 0);
	CU_ASSERT_EQUAL(at, 49);
	CU_ASSERT_EQUAL(alloc_in(space, 1, 999, MAX, &at), 0);
	CU_ASSERT_EQUAL(at, 999);
	CU_ASSERT_EQUAL(alloc_in(space, 1, 0, 0, &at), 0);
	CU_ASSERT_EQUAL(at, 0);
	STATS(space, 986, 14, 938, 1000, 2, 5);
	finish(space);
}

static void
test_window_at_the_top(void)
{
	struct addrspace *space = make(MAX - 0xfff, MAX);
	struct addrspace_request req = { 0x800, 0x800, { MAX - 0x7ff, MAX }, 0 };
	uint64_t at = 0;

	CU_ASSERT_EQUAL(addrspace_alloc(space, &req, &at), 0);
	CU_ASSERT_EQUAL(at, MAX - 0x7ff);
	REFUSED(space, addrspace_alloc(space, &req, &at), -ENOSPC);
	req.window.first--;
	REFUSED(space, addrspace_alloc(space, &req, &at), -ENOSPC);
	req.window = (struct addrspace_range){ MAX, MAX };
	REFUSED(space, addrspace_alloc(space, &req, &at), -ENOSPC);
	finish(space);
}

/* Live ranges leave holes of 30, 10, 20, 10 bytes, and 1000 at the end. */
static struct addrspace *
make_holes(void)
{
	struct addrspace *space = make(0, 1999);

	CU_ASSERT_EQUAL(addrspace_reserve(space, 30, 99), 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 110, 199), 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 220, 299), 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 310, 999), 0);
	return space;
}

static void
test_best_fit(void)
{
	static const uint64_t size[] = { 10, 9, 1, 15, 5, 25, 31 };
	static const uint64_t want[] = { 100, 300, 309, 200, 215, 0, 1000 };
	struct addrspace *space = make_holes();
	uint64_t at;
	size_t i;

	for (i = 0; i < 7; i++) {
		CU_ASSERT_EQUAL(alloc(space, size[i], 1, 0, &at), 0);
		CU_ASSERT_EQUAL(at, want[i]);
	}
	finish(space);
}

static void
test_lowest(void)
{
	static const uint64_t size[] = { 10, 9, 1, 15, 5, 25, 31 };
	static const uint64_t want[] = { 0, 10, 19, 200, 20, 1000, 1025 };
	struct addrspace *space = make_holes();
	uint64_t at;
	size_t i;

	for (i = 0; i < 7; i++) {
		CU_ASSERT_EQUAL(alloc(space, size[i], 1, ADDRSPACE_LOWEST, &at), 0);
		CU_ASSERT_EQUAL(at, want[i]);
	}
	finish(space);
}

/* Many ranges are large enough but ill placed, the last alone is not: it is found all the same. */
static void
test_only_one_fits(void)
{
	struct addrspace *space = make(0x7d0002, 0x7d01ff);
	uint64_t at, i;

	for (i = 1; i < 1000; i++)
		CU_ASSERT_EQUAL(addrspace_add(space, i * 0x1000 + 1, i * 0x1000 + 0x1fe), 0);
	REFUSED(space, alloc(space, 0x1ff, 1, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, 0x100, 0x200, 0, &at), -ENOSPC);
	CU_ASSERT_EQUAL(alloc(space, 0x100, 0x100, 0, &at), 0);
	CU_ASSERT_EQUAL(at, 0x7d0100);
	CU_ASSERT_EQUAL(addrspace_free(space, at, NULL), 0);
	CU_ASSERT_EQUAL(alloc(space, 0x100, 0x100, ADDRSPACE_LOWEST, &at), 0);
	CU_ASSERT_EQUAL(at, 0x7d0100);
	REFUSED(space, alloc(space, 0x100, 0x100, 0, &at), -ENOSPC);
	REFUSED(space, alloc(space, 0x100, 0x100, ADDRSPACE_LOWEST, &at), -ENOSPC);
	/* The window alone may be against the smallest, too. */
	CU_ASSERT_EQUAL(alloc_in(space, 0x1fe, 0x3e7000, MAX, &at), 0);
	CU_ASSERT_EQUAL(at, 0x3e7001);
	finish(space);
}

/* The bounds by which searches skip, against trying every address. */
static void
test_fit_bounds(void)
{
	uint64_t first, last, p, size, pow2, natural, align;
	struct fit fit;

	for (first = 0; first < 70; first++) {
		for (last = first; last < 140; last++) {
			natural = align = 0;
			for (p = first; p <= last; p++) {
				pow2 = p == 0 ? UINT64_C(1) << 40 : p & -p;
				size = last - p + 1 < pow2 ? last - p + 1 : pow2;
				natural = size > natural ? size : natural;
				align = pow2 > align ? pow2 : align;
			}
			fit = fit_of(first, last);
			CU_ASSERT_EQUAL(fit.bytes, last - first + 1);
			CU_ASSERT_EQUAL(fit.natural, natural - 1);
			CU_ASSERT(first == 0 ? fit.align == MAX : fit.align == align - 1);
		}
	}
}

static void
test_reserve(void)
{
	struct addrspace *space = make(100, 199);

	REFUSED(space, addrspace_reserve(space, 150, 149), -EINVAL);
	REFUSED(space, addrspace_reserve(space, 99, 150), -ERANGE);
	REFUSED(space, addrspace_reserve(space, 150, 200), -ERANGE);
	REFUSED(space, addrspace_reserve(space, 0, MAX), -ERANGE);
	REFUSED(space, addrspace_reserve(space, MAX, MAX), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 140, 159), 0);
	STATS(space, 80, 20, 40, 60, 2, 1);
	REFUSED(space, addrspace_reserve(space, 140, 159), -EEXIST);
	REFUSED(space, addrspace_reserve(space, 139, 140), -EEXIST);
	REFUSED(space, addrspace_reserve(space, 159, 160), -EEXIST);
	REFUSED(space, addrspace_reserve(space, 100, 199), -EEXIST);
	/* The lowest offending address decides. */
	REFUSED(space, addrspace_reserve(space, 100, 200), -EEXIST);
	REFUSED(space, addrspace_reserve(space, 99, 140), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 100, 139), 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 160, 199), 0);
	STATS(space, 0, 100, 0, 100, 0, 3);
	finish(space);
}

static void
test_free_errors(void)
{
	struct addrspace *space = make(100, 199);
	uint64_t at, size = 5;

	CU_ASSERT_EQUAL(alloc(space, 10, 1, 0, &at), 0);
	REFUSED(space, addrspace_free(space, 99, &size), -ERANGE);
	REFUSED(space, addrspace_free(space, 200, &size), -ERANGE);
	REFUSED(space, addrspace_free(space, 0, &size), -ERANGE);
	REFUSED(space, addrspace_free(space, MAX, &size), -ERANGE);
	REFUSED(space, addrspace_free(space, 101, &size), -EFAULT);
	REFUSED(space, addrspace_free(space, 109, &size), -EFAULT);
	REFUSED(space, addrspace_free(space, 110, &size), -ENOENT);
	CU_ASSERT_EQUAL(size, 5);
	CU_ASSERT_EQUAL(addrspace_free(space, 100, &size), 0);
	CU_ASSERT_EQUAL(size, 10);
	REFUSED(space, addrspace_free(space, 100, &size), -ENOENT);
	STATS(space, 100, 0, 100, 10, 1, 0);
	finish(space);
}

/* Free four neighbours in each of the 24 orders. */
static void
test_coalesce(void)
{
	struct addrspace *space = make(0, 39);
	unsigned int code, i, a[4];

	for (code = 0; code < 256; code++) {
		for (i = 0; i < 4; i++)
			a[i] = code >> 2 * i & 3;
		if ((1u << a[0] | 1u << a[1] | 1u << a[2] | 1u << a[3]) != 15)
			continue;
		for (i = 0; i < 4; i++)
			CU_ASSERT_EQUAL(addrspace_reserve(space, i * 10, i * 10 + 9), 0);
		for (i = 0; i < 4; i++)
			CU_ASSERT_EQUAL(addrspace_free(space, a[i] * 10, NULL), 0);
		STATS(space, 40, 0, 40, 40, 1, 0);
	}
	finish(space);
}

static void
test_iterate(void)
{
	struct addrspace *space = make(100, 199);
	struct addrspace_range r;
	enum addrspace_state s;

	CU_ASSERT_EQUAL(addrspace_add(space, MAX - 9, MAX), 0);
	CU_ASSERT_EQUAL(addrspace_reserve(space, 120, 129), 0);
	CU_ASSERT(addrspace_next(space, 0, &r, &s) == 0 && r.first == 100 && r.last == 119);
	CU_ASSERT_EQUAL(s, ADDRSPACE_FREE);
	CU_ASSERT(addrspace_next(space, 119, &r, &s) == 0 && r.first == 100);
	CU_ASSERT(addrspace_next(space, 120, &r, &s) == 0 && r.first == 120 && r.last == 129);
	CU_ASSERT_EQUAL(s, ADDRSPACE_LIVE);
	CU_ASSERT(addrspace_next(space, 130, &r, &s) == 0 && r.first == 130 && r.last == 199);
	CU_ASSERT(addrspace_next(space, 200, &r, &s) == 0 && r.first == MAX - 9 && r.last == MAX);
	CU_ASSERT(addrspace_next(space, MAX, &r, &s) == 0 && r.first == MAX - 9);
	CU_ASSERT(addrspace_find(space, 125, &r, &s) == 0 && r.first == 120 && r.last == 129);
	CU_ASSERT_EQUAL(s, ADDRSPACE_LIVE);
	r.first = 1;
	CU_ASSERT_EQUAL(addrspace_find(space, 200, &r, &s), -ERANGE);
	CU_ASSERT_EQUAL(addrspace_find(space, 99, &r, &s), -ERANGE);
	CU_ASSERT_EQUAL(r.first, 1);
	finish(space);
}

static void
test_high_water(void)
{
	struct addrspace *space = make(1000, 1999);
	uint64_t at;

	CU_ASSERT_EQUAL(alloc(space, 100, 1, 0, &at), 0);
	STATS(space, 900, 100, 900, 100, 1, 1);
	CU_ASSERT_EQUAL(alloc(space, 100, 1, 0, &at), 0);
	CU_ASSERT_EQUAL(addrspace_free(space, at, NULL), 0);
	STATS(space, 900, 100, 900, 200, 1, 1);
	CU_ASSERT_EQUAL(addrspace_add(space, 500, 599), 0);
	STATS(space, 1000, 100, 900, 700, 2, 1);
	finish(space);
}

/* Phases of mostly allocations and mostly frees make the trees grow and shrink. */
static void
run_model(unsigned int n, uint64_t base, uint64_t scale, unsigned int ops)
{
	struct addrspace *space = NULL;
	unsigned int i, wrong = 0;

	memset(&model, 0, sizeof(model));
	model.n = model.lowest = n;
	model.base = base;
	model.scale = scale;
	rnd_state = n + ops;
	CU_ASSERT_EQUAL_FATAL(addrspace_create(&space), 0);
	for (i = 0; i < ops && wrong == 0; i++) {
		wrong += !model_step(space, i / (4 * n) % 3 * 25 + 20);
		if (i % 64 == 0)
			wrong += !model_equal(space) || !sound(space);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(model_equal(space));
	finish(space);
}

static void
test_model_small(void)
{
	run_model(256, 0, 1, 200000);
}

static void
test_model_top(void)
{
	run_model(300, 0 - UINT64_C(300) * 4096, 4096, 100000);
}

/* The units make up all of the 2^64 bytes. */
static void
test_model_whole(void)
{
	run_model(4096, 0, UINT64_C(1) << 52, 60000);
}

/* Refused memory. */

static bool
random_op(struct addrspace *space, uint64_t *live, unsigned int *n, bool *changed)
{
	struct addrspace_request req = { 1 + rnd(9), 1u << rnd(3), ANYWHERE, rnd(2) };
	unsigned int what = rnd(8), i = *n > 0 ? rnd(*n) : 0;
	uint64_t at = rnd(1 << 14);
	int rc;

	if (what < 3 && *n > 0) {
		rc = addrspace_free(space, live[i], NULL);
		if (rc == 0)
			live[i] = live[--*n];
	} else if (what == 3) {
		rc = addrspace_reserve(space, at, at);
		if (rc == 0)
			live[(*n)++] = at;
	} else if (what == 4) {
		at = (1 << 14) + rnd(1 << 14) * 2;
		rc = addrspace_add(space, at, at);
	} else {
		rc = addrspace_alloc(space, &req, &at);
		if (rc == 0)
			live[(*n)++] = at;
	}
	*changed = rc == 0;
	return rc != -ENOMEM;
}

/* Each operation is tried with its first, second, ... allocation refused, until none is left. */
static void
test_no_memory(void)
{
	static uint64_t live[20000];
	struct addrspace *space = make(0, (1 << 14) - 1);
	unsigned int i, k, n = 0, n_refused = 0;
	uint64_t before, state;
	bool changed, done;

	rnd_state = 5;
	for (i = 0; i < 20000; i++) {
		for (k = 1, done = false; !done; k++) {
			state = rnd_state;
			before = i % 16 == 0 || k > 1 ? fingerprint(space) : 0;
			mem_until_failure = k;
			done = random_op(space, live, &n, &changed);
			mem_until_failure = 0;
			if (done)
				break;
			n_refused++;
			rnd_state = state;
			if (before != 0)
				CU_ASSERT_EQUAL(fingerprint(space), before);
		}
		if (i % 64 == 0)
			CU_ASSERT(sound(space));
	}
	CU_ASSERT(n_refused > 100);
	finish(space);
}

static void
test_no_memory_to_create(void)
{
	struct addrspace *space = NULL;
	unsigned int k;

	for (k = 1; k <= 3; k++) {
		mem_until_failure = k;
		CU_ASSERT_EQUAL(addrspace_create(&space), -ENOMEM);
		mem_until_failure = 0;
		CU_ASSERT_PTR_NULL(space);
		CU_ASSERT_EQUAL(mem_blocks, 0);
	}
}

/* What the books cost, and what best fit achieves. */

static uint64_t
random_size(void)
{
	return (1 + rnd(512)) * 4096;
}

static void
fill(struct addrspace *space, uint64_t *live, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL(alloc(space, random_size(), 1, 0, &live[i]), 0);
}

static void
replace(struct addrspace *space, uint64_t *live, unsigned int n, unsigned int times)
{
	unsigned int i, j;

	for (i = 0; i < times; i++) {
		j = rnd(n);
		CU_ASSERT_EQUAL(addrspace_free(space, live[j], NULL), 0);
		CU_ASSERT_EQUAL(alloc(space, random_size(), 1, 0, &live[j]), 0);
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median over 8 seeds of live bytes / high water mark after 5 n random replacements. */
static double
utilisation(unsigned int n)
{
	uint64_t *live = calloc(n, sizeof(*live));
	struct addrspace_stats st;
	struct addrspace *space;
	unsigned int seed;
	double u[8];

	for (seed = 0; seed < 8; seed++) {
		rnd_state = seed;
		space = make(0, MAX);
		fill(space, live, n);
		replace(space, live, n, 5 * n);
		addrspace_stats_get(space, &st);
		u[seed] = (double)st.live_bytes / st.high_water;
		finish(space);
	}
	free(live);
	qsort(u, 8, sizeof(u[0]), compare);
	printf("[%u live: %.3f] ", n, (u[3] + u[4]) / 2);
	return (u[3] + u[4]) / 2;
}

static void
test_utilisation(void)
{
	CU_ASSERT(utilisation(1000) >= 0.90);
	CU_ASSERT(utilisation(10000) >= 0.95);
}

static void
test_memory(void)
{
	enum { N = 100000 };
	uint64_t *live = calloc(N, sizeof(*live));
	struct addrspace *space = make(0, MAX);
	size_t empty = mem_bytes, full;
	unsigned int i, j;

	rnd_state = 3;
	fill(space, live, N);
	replace(space, live, N, N);
	full = mem_bytes;
	printf("[%zu bytes empty, %zu per live range] ", empty, full / N);
	CU_ASSERT(full < 64 * (size_t)N);
	for (i = N; i-- > 0;) {
		j = rnd(i + 1);
		CU_ASSERT_EQUAL(addrspace_free(space, live[j], NULL), 0);
		live[j] = live[i];
		if (i == N / 10)
			CU_ASSERT(mem_bytes < full / 4);
	}
	CU_ASSERT(mem_bytes < empty + 65536);
	CU_ASSERT(sound(space));
	free(live);
	finish(space);
}

static const struct test_case cases[] = {
	{ "create", test_create },
	{ "empty", test_empty },
	{ "null", test_null },
	{ "add", test_add },
	{ "whole space", test_whole_space },
	{ "last byte", test_last_byte },
	{ "alloc arguments", test_alloc_arguments },
	{ "window", test_window },
	{ "window at the top", test_window_at_the_top },
	{ "best fit", test_best_fit },
	{ "lowest", test_lowest },
	{ "only one fits", test_only_one_fits },
	{ "fit bounds", test_fit_bounds },
	{ "reserve", test_reserve },
	{ "free errors", test_free_errors },
	{ "coalesce", test_coalesce },
	{ "iterate", test_iterate },
	{ "high water", test_high_water },
	{ "model, small", test_model_small },
	{ "model, top of the space", test_model_top },
	{ "model, the whole space", test_model_whole },
	{ "no memory", test_no_memory },
	{ "no memory to create", test_no_memory_to_create },
	{ "utilisation", test_utilisation },
	{ "memory", test_memory },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "addrspace", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
