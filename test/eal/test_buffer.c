/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers and arenas: what one gets, and that nothing else gets it too.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define PAGE      4096u
#define MIB       ((size_t)1 << 20)
#define MAX_ALIGN (2 * MIB)
#define ALL_FLAGS (ACCEL_BUF_ZERO | ACCEL_BUF_READ_ONLY | ACCEL_BUF_ISOLATED | ACCEL_BUF_EXPORTABLE)
#define BY_PAGE   (ACCEL_BUF_READ_ONLY | ACCEL_BUF_ISOLATED | ACCEL_BUF_EXPORTABLE)

static bool
is_filled(const void *mem, int byte, size_t len)
{
	const unsigned char *at = mem;

	return len == 0 || (at[0] == (unsigned char)byte && memcmp(at, at + 1, len - 1) == 0);
}

static void
expect_reachable(const struct accel_buf *buf)
{
	char *va = buf->va;
	size_t off, step = buf->len > 5 ? buf->len / 5 : 1;
	uint64_t iova;

	CU_ASSERT_EQUAL(accel_dev_virt2iova(buf->dev_id, va, buf->len, &iova), 0);
	CU_ASSERT_EQUAL(iova, buf->iova);
	for (off = 0; off < buf->len; off += step) {
		CU_ASSERT_EQUAL(accel_dev_virt2iova(buf->dev_id, va + off, buf->len - off,
				&iova), 0);
		CU_ASSERT_EQUAL(iova, buf->iova + off);
	}
	CU_ASSERT_EQUAL(accel_dev_virt2iova(buf->dev_id, va + buf->len - 1, 1, &iova), 0);
	CU_ASSERT_EQUAL(iova, buf->iova + buf->len - 1);
}

static void
expect_good(const struct accel_buf *buf, uint16_t dev, size_t len, size_t align, uint32_t flags)
{
	if ((flags & ACCEL_BUF_EXPORTABLE) != 0)
		flags |= ACCEL_BUF_ISOLATED;
	if (align < ACCEL_BUF_MIN_ALIGN)
		align = ACCEL_BUF_MIN_ALIGN;
	if ((flags & BY_PAGE) != 0 && align < PAGE)
		align = PAGE;
	CU_ASSERT_EQUAL(buf->len, len);
	CU_ASSERT_EQUAL(buf->flags, flags);
	CU_ASSERT_EQUAL(buf->dev_id, dev);
	CU_ASSERT_EQUAL(buf->iova, (uintptr_t)buf->va);
	CU_ASSERT_EQUAL((uintptr_t)buf->va & (align - 1), 0);
	expect_reachable(buf);
	if ((flags & ACCEL_BUF_ZERO) != 0)
		CU_ASSERT(is_filled(buf->va, 0, len));
	memset(buf->va, 0xa5, len);
}

static void
alloc_and_free(uint16_t dev, size_t len, size_t align, uint32_t flags)
{
	uint32_t live = soft_info(dev).live_bufs;
	struct accel_buf *buf;
	int ret;

	ret = accel_buf_alloc(dev, len, align, flags, &buf);
	CU_ASSERT_EQUAL(ret, 0);
	if (ret != 0)
		return;
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, live + 1);
	expect_good(buf, dev, len, align, flags);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, live);
}

static void
all_sizes_and_flags(void)
{
	static const size_t lens[] = { 1, 63, 64, 65, 127, PAGE - 1, PAGE, PAGE + 1, MIB - 1,
			2 * MIB, 2 * MIB + 1 };
	uint16_t dev = soft_open("soft:0");
	struct soft_usage before = { 0 };
	unsigned int i, round;
	uint32_t flags;

	for (round = 0; round < 3; round++) {
		for (flags = 0; flags <= ALL_FLAGS; flags++) {
			for (i = 0; i < RTE_DIM(lens); i++)
				alloc_and_free(dev, lens[i], 0, flags);
		}
		if (round == 0)
			before = soft_usage_get(dev);
	}
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

static void
all_alignments(void)
{
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *keep[22 * 16];
	unsigned int n = 0;
	uint32_t flags;
	size_t align;

	for (flags = 0; flags <= ALL_FLAGS; flags++) {
		for (align = 1; align <= MAX_ALIGN; align *= 2) {
			CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 100, align, flags, &keep[n]), 0);
			expect_good(keep[n++], dev, 100, align, flags);
		}
	}
	while (n > 0)
		CU_ASSERT_EQUAL(accel_buf_free(keep[--n]), 0);
	soft_close(dev);
}

/* A size that its cache holds at another alignment must not come from there. */
static void
alignment_of_reused_memory(void)
{
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *bufs[32];
	size_t align;
	int i;

	for (align = MAX_ALIGN; align >= 64; align /= 2) {
		for (i = 0; i < 32; i++)
			CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 192, 64, 0, &bufs[i]), 0);
		for (i = 0; i < 32; i++)
			CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
		for (i = 0; i < 4; i++)
			alloc_and_free(dev, 192, align, 0);
	}
	soft_close(dev);
}

static void
expect_no_alloc(uint16_t dev, size_t len, size_t align, uint32_t flags, int err)
{
	struct accel_buf *buf = (struct accel_buf *)&buf;

	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, len, align, flags, &buf), err);
	CU_ASSERT_PTR_EQUAL(buf, &buf);
}

static void
bad_arguments(void)
{
	static const size_t aligns[] = { 3, 5, 63, 65, 96, PAGE + 1, MAX_ALIGN - 1, MAX_ALIGN + 1,
			2 * MAX_ALIGN, SIZE_MAX, SIZE_MAX / 2 + 1 };
	static const size_t lens[] = { 0, SIZE_MAX, SIZE_MAX - 62, SIZE_MAX - PAGE, PTRDIFF_MAX,
			SIZE_MAX / 2 + 1, SIZE_MAX / 4 };
	uint16_t dev = soft_open("soft:0");
	struct soft_usage before = soft_usage_get(dev);
	unsigned int i;
	uint32_t flag;

	for (i = 0; i < RTE_DIM(aligns); i++)
		expect_no_alloc(dev, 64, aligns[i], 0, -EINVAL);
	for (i = 0; i < RTE_DIM(lens); i++) {
		expect_no_alloc(dev, lens[i], 0, 0, -EINVAL);
		expect_no_alloc(dev, lens[i], MAX_ALIGN, ACCEL_BUF_ISOLATED, -EINVAL);
		expect_no_alloc(dev, lens[i], 0, ACCEL_BUF_EXPORTABLE, -EINVAL);
	}
	for (flag = ALL_FLAGS + 1; flag != 0; flag <<= 1) {
		expect_no_alloc(dev, 64, 0, flag, -EINVAL);
		expect_no_alloc(dev, 64, 0, flag | ALL_FLAGS, -EINVAL);
	}
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 0, 0), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, SIZE_MAX, 0), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 64, ACCEL_BUF_ISOLATED), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 64, ACCEL_BUF_EXPORTABLE), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 64, 1u << 31), -EINVAL);
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

/* Lengths that do not wrap, of which no machine has so much. */
static void
more_than_there_is(void)
{
	static const size_t lens[] = { (size_t)1 << 47, (size_t)1 << 52, (size_t)1 << 61,
			SIZE_MAX / 4 - MAX_ALIGN };
	uint16_t dev = soft_open("soft:0");
	struct soft_usage before = soft_usage_get(dev);
	uint32_t flags;
	unsigned int i;

	for (i = 0; i < RTE_DIM(lens); i++) {
		for (flags = 0; flags <= ALL_FLAGS; flags++)
			expect_no_alloc(dev, lens[i], MAX_ALIGN, flags, -ENOMEM);
		SOFT_ASSERT_FAILS(accel_buf_reserve(dev, lens[i], 0), -ENOMEM);
		SOFT_ASSERT_NO_LEAK(dev, before);
	}
	alloc_and_free(dev, 64, 0, 0);
	soft_close(dev);
}

static void
zero_is_zero_after_reuse(void)
{
	static const size_t lens[] = { 1, 64, 100, 1000, PAGE, 3 * PAGE + 5, MIB };
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *bufs[8];
	unsigned int i, j, k;

	for (k = 0; k < RTE_DIM(kinds) * 2; k++) {
		for (i = 0; i < RTE_DIM(lens); i++) {
			for (j = 0; j < 8; j++) {
				CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, lens[i], 0,
						ACCEL_BUF_ZERO | kinds[k / 2], &bufs[j]), 0);
				CU_ASSERT(is_filled(bufs[j]->va, 0, lens[i]));
				memset(bufs[j]->va, 0xff, lens[i]);
			}
			for (j = 0; j < 8; j++)
				CU_ASSERT_EQUAL(accel_buf_free(bufs[j]), 0);
		}
	}
	soft_close(dev);
}

/*
 * No two buffers share a byte, nor what they are granted by: a cache line, or a page
 */

#define N_SLOTS  1500
#define N_STEPS  20000

struct live {
	struct accel_buf *buf;
	uintptr_t first, end; /* with what is granted along with it */
	unsigned char byte;
};

static struct live live[N_SLOTS];

static size_t
random_len(uint64_t *state)
{
	uint64_t r = soft_random(state);

	switch (r % 16) {
	case 0:
		return 1 + soft_random(state) % (256 * 1024);
	case 1:
		return 1 + soft_random(state) % 64;
	case 2:
		return PAGE * (1 + soft_random(state) % 4);
	default:
		return 1 + soft_random(state) % 3000;
	}
}

static void
expect_apart(const struct live *l)
{
	const struct live *other;

	for (other = live; other < live + N_SLOTS; other++) {
		if (other != l && other->buf != NULL && l->first < other->end &&
				other->first < l->end)
			CU_FAIL("buffers overlap");
	}
}

static void
random_alloc(uint16_t dev, struct live *l, uint64_t *state)
{
	static const uint32_t kinds[] = { 0, 0, 0, 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_ISOLATED | ACCEL_BUF_READ_ONLY };
	uint32_t flags = kinds[soft_random(state) % RTE_DIM(kinds)];
	size_t len = random_len(state), unit = flags != 0 ? PAGE : ACCEL_BUF_MIN_ALIGN;
	size_t align = soft_random(state) % 4 != 0 ? 0 : (size_t)1 << soft_random(state) % 17;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, len, align, flags, &l->buf), 0);
	l->first = (uintptr_t)l->buf->va;
	l->end = (l->first + len + unit - 1) / unit * unit;
	CU_ASSERT_EQUAL(l->first % unit, 0);
	CU_ASSERT_EQUAL(l->buf->iova, l->first);
	CU_ASSERT(align == 0 || l->first % align == 0);
	l->byte = (unsigned char)soft_random(state);
	memset(l->buf->va, l->byte, len);
	expect_apart(l);
}

static void
checked_free(struct live *l)
{
	CU_ASSERT(is_filled(l->buf->va, l->byte, l->buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(l->buf), 0);
	l->buf = NULL;
}

static void
buffers_do_not_overlap(void)
{
	uint64_t state = 42;
	uint16_t dev = soft_open("soft:0");
	unsigned int i, n = 0;

	for (i = 0; i < N_STEPS; i++) {
		struct live *l = &live[soft_random(&state) % N_SLOTS];

		if (l->buf == NULL) {
			random_alloc(dev, l, &state);
			n++;
		} else {
			checked_free(l);
			n--;
		}
	}
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, n);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	for (i = 0; i < N_SLOTS; i++) {
		if (live[i].buf != NULL)
			checked_free(&live[i]);
	}
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	soft_close(dev);
}

static unsigned int
nb_arenas(uint16_t dev)
{
	struct accel_arena_info info;
	unsigned int n = 0;

	while (accel_arena_info_get(dev, n, &info) == 0)
		n++;
	CU_ASSERT_EQUAL(accel_arena_info_get(dev, n, &info), -ENOENT);
	return n;
}

#define N_MANY 100000

static int
compare_bufs(const void *a, const void *b)
{
	const struct accel_buf *const *x = a, *const *y = b;

	return (*x)->va < (*y)->va ? -1 : (*x)->va > (*y)->va;
}

static void
expect_all_apart(struct accel_buf **bufs, unsigned int n)
{
	unsigned int i, bad = 0;

	qsort(bufs, n, sizeof(*bufs), compare_bufs);
	for (i = 1; i < n; i++)
		bad += (uintptr_t)bufs[i - 1]->va + RTE_ALIGN(bufs[i - 1]->len, 64) >
				(uintptr_t)bufs[i]->va;
	CU_ASSERT_EQUAL(bad, 0);
}

static void
many_live_buffers(void)
{
	struct accel_buf **bufs = calloc(N_MANY, sizeof(*bufs));
	uint16_t dev = soft_open("soft:0");
	unsigned int i, bad = 0, round;
	uint64_t state = 7, bytes = 0;

	CU_ASSERT_FATAL(bufs != NULL);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < N_MANY; i++)
			bad += accel_buf_alloc(dev, 1 + soft_random(&state) % 512, 0, 0,
					&bufs[i]) != 0;
		CU_ASSERT_EQUAL_FATAL(bad, 0);
		CU_ASSERT_EQUAL(soft_info(dev).live_bufs, N_MANY);
		CU_ASSERT(nb_arenas(dev) < 8);
		expect_all_apart(bufs, N_MANY);
		for (i = 0; i < N_MANY; i += 1000)
			expect_reachable(bufs[i]);
		/* Every second one, then the rest: the books are at their most fragmented. */
		for (i = 0; i < N_MANY; i++)
			bad += accel_buf_free(bufs[(i * 2 + (i >= N_MANY / 2)) % N_MANY]) != 0;
		CU_ASSERT_EQUAL(bad, 0);
		CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
		/* The second time, the same memory does. */
		if (round == 1)
			CU_ASSERT_EQUAL(soft_info(dev).mapped_bytes, bytes);
		bytes = soft_info(dev).mapped_bytes;
	}
	free(bufs);
	soft_close(dev);
}

/*
 * Freeing what is not to be freed
 */

static struct accel_buf *
moved(struct accel_buf *buf, ptrdiff_t bytes)
{
	return (struct accel_buf *)((uintptr_t)buf + bytes);
}

static void
wrong_frees(void)
{
	struct accel_buf local = { 0 }, *buf, *heap = calloc(1, sizeof(*heap));
	uint16_t dev = soft_open("soft:0");
	ptrdiff_t off;

	CU_ASSERT_EQUAL(accel_buf_free(NULL), 0);
	SOFT_ASSERT_FAILS(accel_buf_free(&local), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(heap), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free((struct accel_buf *)1), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free((struct accel_buf *)UINTPTR_MAX), -EINVAL);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, 0, &buf), 0);
	local = *buf; /* a copy is no buffer */
	SOFT_ASSERT_FAILS(accel_buf_free(&local), -EINVAL);
	for (off = 1; off < (ptrdiff_t)sizeof(*buf); off++)
		SOFT_ASSERT_FAILS(accel_buf_free(moved(buf, off)), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(moved(buf, (ptrdiff_t)sizeof(*buf) << 23)), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(moved(buf, -((ptrdiff_t)sizeof(*buf) << 23))), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(buf->va), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(&local), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(NULL), -EINVAL);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 1);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	free(heap);
	soft_close(dev);
}

static void
double_frees(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *bufs[100];
	unsigned int i, k;

	for (k = 0; k < RTE_DIM(kinds); k++) {
		for (i = 0; i < RTE_DIM(bufs); i++)
			CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 100, 0, kinds[k], &bufs[i]), 0);
		for (i = 0; i < RTE_DIM(bufs); i++) {
			CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
			SOFT_ASSERT_FAILS(accel_buf_free(bufs[i]), -EINVAL);
		}
		for (i = 0; i < RTE_DIM(bufs); i++)
			SOFT_ASSERT_FAILS(accel_buf_free(bufs[i]), -EINVAL);
		CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	}
	soft_close(dev);
	for (i = 0; i < RTE_DIM(bufs); i++)
		SOFT_ASSERT_FAILS(accel_buf_free(bufs[i]), -EINVAL);
}

static void
lookup_ends_with_the_buffer(void)
{
	uint16_t dev = soft_open("soft:0");
	struct soft_usage before;
	struct accel_buf *buf;
	uint64_t iova = 5;
	char *va;

	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 1, 0, ACCEL_BUF_ISOLATED, &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	before = soft_usage_get(dev);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 3 * PAGE - 1, 0, ACCEL_BUF_ISOLATED, &buf), 0);
	va = buf->va;
	expect_reachable(buf);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 3 * PAGE, &iova), 0);
	iova = 5;
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 3 * PAGE + 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va - 1, 2, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va - 1, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va + 3 * PAGE, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va + 2 * PAGE, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(iova, 5);
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

/*
 * Arenas
 */

static bool
in_arena(uint16_t dev, const struct accel_buf *buf, uint32_t flags)
{
	struct accel_arena_info info;
	unsigned int n;

	for (n = 0; accel_arena_info_get(dev, n, &info) == 0; n++) {
		uint64_t off = (uintptr_t)buf->va - (uintptr_t)info.va;

		if (off < info.len && buf->len <= info.len - off)
			return info.flags == flags;
	}
	return false;
}

static void
reserve_and_use(uint16_t dev, size_t bytes, size_t each, uint32_t flags)
{
	struct accel_buf **bufs = calloc(bytes / each, sizeof(*bufs));
	struct soft_usage before;
	unsigned int i, n;

	CU_ASSERT_FATAL(bufs != NULL);
	CU_ASSERT_EQUAL(accel_buf_reserve(dev, bytes, flags), 0);
	n = nb_arenas(dev);
	before = soft_usage_get(dev);
	for (i = 0; i < bytes / each; i++) {
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, each, 0, flags, &bufs[i]), 0);
		if (i % 64 == 0)
			CU_ASSERT(in_arena(dev, bufs[i], flags));
	}
	CU_ASSERT_EQUAL(nb_arenas(dev), n);
	CU_ASSERT_EQUAL(soft_info(dev).maps, before.maps);
	for (i = 0; i < bytes / each; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	SOFT_ASSERT_NO_LEAK(dev, before);
	free(bufs);
}

static void
reserved_memory_is_enough(void)
{
	uint16_t dev = soft_open("soft:0");

	reserve_and_use(dev, 16 * MIB, 4096, 0);
	reserve_and_use(dev, 32 * MIB, 65536, 0);
	reserve_and_use(dev, 48 * MIB, 48 * MIB, 0);
	reserve_and_use(dev, MIB, 64, 0);
	reserve_and_use(dev, 16 * MIB, 4096, ACCEL_BUF_READ_ONLY);
	soft_close(dev);
}

static void
arenas_are_as_mapped(void)
{
	uint16_t dev = soft_open("soft:0");
	struct accel_arena_info info;
	struct accel_map map;
	uint64_t bytes = 0, at = 0;
	unsigned int n, maps = 0;

	CU_ASSERT_EQUAL(nb_arenas(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_map_next(dev, 0, &map), -ENOENT);
	CU_ASSERT_EQUAL(accel_buf_reserve(dev, 1, 0), 0);
	CU_ASSERT_EQUAL(accel_buf_reserve(dev, 40 * MIB, 0), 0);
	CU_ASSERT_EQUAL(accel_buf_reserve(dev, 1, ACCEL_BUF_READ_ONLY), 0);
	CU_ASSERT_EQUAL(nb_arenas(dev), 3);
	for (n = 0; accel_arena_info_get(dev, n, &info) == 0; n++) {
		CU_ASSERT(info.len > 0 && info.len % info.page_sz == 0);
		CU_ASSERT_EQUAL((uintptr_t)info.va % info.page_sz, 0);
		CU_ASSERT_EQUAL(accel_dev_map_next(dev, (uintptr_t)info.va + 5, &map), 0);
		CU_ASSERT_PTR_EQUAL(map.va, info.va);
		CU_ASSERT_EQUAL(map.len, info.len);
		CU_ASSERT(map.readable && map.writable == (info.flags == 0));
		/* A lesser backing than the best has a reason. */
		CU_ASSERT(info.backing != ACCEL_BACKING_MEMFD || info.shortfall[0] != 0);
		bytes += info.len;
	}
	while (accel_dev_map_next(dev, at, &map) == 0) {
		CU_ASSERT(map.iova >= at);
		at = map.iova + map.len;
		maps++;
	}
	CU_ASSERT_EQUAL(maps, 3);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 3);
	CU_ASSERT_EQUAL(soft_info(dev).mapped_bytes, bytes);
	CU_ASSERT_EQUAL(accel_dev_map_next(dev, UINT64_MAX, &map), -ENOENT);
	CU_ASSERT_EQUAL(accel_arena_info_get(dev, UINT32_MAX, &info), -ENOENT);
	soft_close(dev);
}

static size_t
free_hugepage_bytes(void)
{
	unsigned long n = 0, size = 0, value;
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "HugePages_Free: %lu", &value) == 1)
			n = value;
		if (sscanf(line, "Hugepagesize: %lu kB", &value) == 1)
			size = value << 10;
	}
	if (f != NULL)
		fclose(f);
	return n * size;
}

/* More than there are hugepages: ordinary pages, and a text that says so; never with mem=. */
static void
lack_of_hugepages_is_told(void)
{
	size_t len = free_hugepage_bytes() + ((size_t)64 << 20);
	uint16_t dev = soft_open("soft:0");
	struct accel_arena_info info;
	struct accel_buf *buf;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, len, MAX_ALIGN, 0, &buf), 0);
	CU_ASSERT_EQUAL(accel_arena_info_get(dev, 0, &info), 0);
	CU_ASSERT_EQUAL(info.backing, ACCEL_BACKING_MEMFD);
	CU_ASSERT_EQUAL(info.page_sz, (size_t)sysconf(_SC_PAGESIZE));
	CU_ASSERT(strlen(info.shortfall) > 10);
	CU_ASSERT(strstr(info.shortfall, "hugetlb") != NULL);
	expect_reachable(buf);
	((char *)buf->va)[len - 1] = 1;
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	dev = soft_open("soft:0,mem=hugetlb");
	expect_no_alloc(dev, len, 0, 0, -ENOMEM);
	CU_ASSERT_EQUAL(nb_arenas(dev), 0);
	soft_close(dev);
	dev = soft_open("soft:0,mem=memzone");
	expect_no_alloc(dev, len, 0, 0, -ENOMEM);
	CU_ASSERT_EQUAL(nb_arenas(dev), 0);
	soft_close(dev);
}

/*
 * Where arenas and exportable buffers usually lie, somebody else is: the kernel chooses the
 * address, which need not be aligned.
 */
static void
large_and_aligned(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	void *place = (void *)0x2000000000;
	size_t place_len = (size_t)1 << 37, len = (size_t)64 << 20;
	uint16_t dev = soft_open("soft:0,mem=memfd");
	struct accel_buf *buf;
	unsigned int k;
	void *taken;
	int ret;

	taken = mmap(place, place_len, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	for (k = 0; k < RTE_DIM(kinds); k++) {
		ret = accel_buf_alloc(dev, len, MAX_ALIGN, kinds[k], &buf);
		CU_ASSERT_EQUAL(ret, 0);
		if (ret != 0)
			continue;
		CU_ASSERT_EQUAL((uintptr_t)buf->va % MAX_ALIGN, 0);
		CU_ASSERT_EQUAL(buf->len, len);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		CU_ASSERT(nb_arenas(dev) <= 6);
	}
	soft_close(dev);
	if (taken != MAP_FAILED)
		munmap(taken, place_len);
}

/*
 * A device that writes all it can reach
 */

static uint8_t
run_op(uint16_t dev, struct accel_op op)
{
	struct accel_op *list[] = { &op };

	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 1), 1);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 1), 1);
	return op.status;
}

static void
access_of_each_kind(void)
{
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *buf, *other;
	struct accel_op op = { .len = 3000 };
	uint32_t flags;
	bool fixed;

	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 3000, 0, 0, &other), 0);
	for (flags = 0; flags <= ALL_FLAGS; flags++) {
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 3000, 0, flags, &buf), 0);
		memset(buf->va, 0x31, 3000);
		fixed = (flags & ACCEL_BUF_READ_ONLY) != 0;
		op.type = ACCEL_OP_FILL;
		op.pattern = 0;
		op.dst = buf->iova;
		CU_ASSERT_EQUAL(run_op(dev, op), fixed ? ACCEL_STATUS_PERMISSION :
				ACCEL_STATUS_SUCCESS);
		op.type = ACCEL_OP_COPY;
		op.src = buf->iova;
		op.dst = other->iova;
		CU_ASSERT_EQUAL(run_op(dev, op), ACCEL_STATUS_SUCCESS);
		CU_ASSERT(is_filled(other->va, fixed ? 0x31 : 0, 3000));
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	CU_ASSERT_EQUAL(accel_buf_free(other), 0);
	soft_close(dev);
}

static void
fill_all_maps(uint16_t dev, int byte)
{
	struct accel_op op = { .type = ACCEL_OP_FILL };
	struct accel_map map;

	memset(&op.pattern, byte, sizeof(op.pattern));
	for (map.iova = map.len = 0; accel_dev_map_next(dev, map.iova + map.len, &map) == 0;) {
		op.dst = map.iova;
		op.len = map.len;
		CU_ASSERT_EQUAL(run_op(dev, op), map.writable ? ACCEL_STATUS_SUCCESS :
				ACCEL_STATUS_PERMISSION);
	}
}

static void
device_that_writes_everywhere(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_ISOLATED, ACCEL_BUF_READ_ONLY };
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *bufs[300], copy[300];
	unsigned int i, round;
	int byte;

	soft_run(dev, 1, 0, 0);
	for (round = 0; round < 4; round++) {
		for (i = 0; i < RTE_DIM(bufs); i++) {
			CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 1 + i * 40 % 5000, 0,
					kinds[i % 3] | ACCEL_BUF_ZERO, &bufs[i]), 0);
			CU_ASSERT(is_filled(bufs[i]->va, 0, bufs[i]->len));
			copy[i] = *bufs[i];
		}
		byte = round % 2 == 0 ? 0xff : 0x40;
		fill_all_maps(dev, byte);
		for (i = 0; i < RTE_DIM(bufs); i++) {
			CU_ASSERT_EQUAL(memcmp(bufs[i], &copy[i], sizeof(copy[i])), 0);
			CU_ASSERT(is_filled(bufs[i]->va, i % 3 == 2 ? 0 : byte, bufs[i]->len));
			CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
		}
		fill_all_maps(dev, 0xee);
	}
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	soft_close(dev);
}

static const struct test_case buffer_cases[] = {
	{ "all sizes and flags", all_sizes_and_flags },
	{ "all alignments", all_alignments },
	{ "alignment of reused memory", alignment_of_reused_memory },
	{ "bad arguments", bad_arguments },
	{ "more than there is", more_than_there_is },
	{ "zero is zero after reuse", zero_is_zero_after_reuse },
	{ "buffers do not overlap", buffers_do_not_overlap },
	{ "many live buffers", many_live_buffers },
	{ "wrong frees", wrong_frees },
	{ "double frees", double_frees },
	{ "lookup ends with the buffer", lookup_ends_with_the_buffer },
	{ "access of each kind", access_of_each_kind },
	{ "device that writes everywhere", device_that_writes_everywhere },
	{ NULL, NULL },
};

static const struct test_case arena_cases[] = {
	{ "reserved memory is enough", reserved_memory_is_enough },
	{ "arenas are as mapped", arenas_are_as_mapped },
	{ "lack of hugepages is told", lack_of_hugepages_is_told },
	{ "large and aligned", large_and_aligned },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "buffer", NULL, NULL, buffer_cases },
	{ "arena", NULL, NULL, arena_cases },
	{ NULL, NULL, NULL, NULL },
};
