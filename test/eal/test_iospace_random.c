/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * iospace against a plain list of entries: random maps, unmaps and lookups, with failures.
 * ACCELDEV_TEST_SEED sets the seed.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eal_glue/iova_pool.h>

#include "eal_main.h"
#include "fail_alloc.h"
#include "fake_iommu.h"
#include "log_lines.h"

#define PAGE   UINT64_C(4096)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
#define TOP    (UINT64_C(1) << 48)

#define N_OPS     400000
#define MAX_LIVE  160
#define MAX_MAPS  128

/* Memory lies in here, so that much of it is mapped twice. */
#define ARENA       UINT64_C(0x7f12ffe00000)
#define ARENA_PAGES 6144

struct live {
	uint64_t va, iova, len;
	unsigned int access;
	bool lost; /* its unmap failed: only its IOVAs count */
};

static struct fake_iommu fake;
static struct iospace *ios;
static struct addrspace_range window;
static enum iospace_placement placement;

/* The model, oldest first. */
static struct live lives[MAX_LIVE];
static unsigned int nb_lives, nb_lost;

static unsigned int wrong;
static uint64_t state;

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what) && wrong++ < 10)                                                       \
			CU_FAIL(#what);                                                            \
	} while (0)

static uint64_t
rnd(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static uint64_t
len_rnd(void)
{
	static const uint64_t most[] = { 1, 4, 16, 600, 2048 };

	return (1 + rnd(most[rnd(5)])) * PAGE;
}

static uint64_t
va_rnd(uint64_t len)
{
	uint64_t page = rnd(ARENA_PAGES - len / PAGE + 1);

	return ARENA + (rnd(3) == 0 ? page & ~UINT64_C(511) : page) * PAGE;
}

/*
 * What the model says of a map
 */

static bool
overlaps_live(uint64_t iova, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < nb_lives; i++) {
		if (iova < lives[i].iova + lives[i].len && lives[i].iova < iova + len)
			return true;
	}
	return false;
}

static bool
usable(uint64_t iova, uint64_t len)
{
	uint64_t last = iova + (len - 1);
	unsigned int i;

	if (last < iova || iova < PAGE || iova < window.first || last > window.last)
		return false;
	for (i = 0; i < fake.nb_ranges; i++) {
		if (iova >= fake.ranges[i].first && last <= fake.ranges[i].last)
			return true;
	}
	return false;
}

/* Anywhere: at the pool's start, beside others, over the edges of what is usable. */
static uint64_t
fixed_rnd(uint64_t len)
{
	const uint64_t near[] = {
		window.first, window.last - len + 1, FAKE_HOLE_FIRST - len, FAKE_HOLE_LAST + 1,
		IOVA_POOL_FIRST, ARENA,
		nb_lives > 0 ? lives[rnd(nb_lives)].iova : 0,
		nb_lives > 0 ? lives[rnd(nb_lives)].iova - len : 0,
	};
	uint64_t at = near[rnd(sizeof(near) / sizeof(near[0]))];

	return (at + (rnd(2) ? 0 : rnd(2048) * PAGE)) & ~(PAGE - 1);
}

static void
check_placed(const struct iospace_request *req, uint64_t asked, uint64_t iova)
{
	uint64_t va = (uintptr_t)req->va;

	CHECK(usable(iova, req->len));
	CHECK(!overlaps_live(iova, req->len));
	CHECK((iova & (PAGE - 1)) == 0);
	if ((req->flags & IOSPACE_FIXED) != 0)
		CHECK(iova == asked);
	else if (placement == IOSPACE_PLACE_VA && usable(va, req->len) &&
			!overlaps_live(va, req->len))
		CHECK(iova == va);
	else
		CHECK(req->align == 0 || (iova & (req->align - 1)) == 0);
}

/* The errno that a map must give, or 0; -EAGAIN: more than one is right. */
static int
expected(const struct iospace_request *req, uint64_t asked)
{
	bool fixed = (req->flags & IOSPACE_FIXED) != 0;

	if (fixed && asked + (req->len - 1) < asked)
		return -EINVAL;
	if (nb_lives >= fake.max_maps)
		return -ENOSPC;
	if (fixed && overlaps_live(asked, req->len))
		return usable(asked, req->len) ? -EEXIST : -EAGAIN;
	if (fixed && !usable(asked, req->len))
		return -ERANGE;
	return 0;
}

static void
note_map(const struct iospace_request *req, uint64_t iova)
{
	lives[nb_lives++] = (struct live){ (uintptr_t)req->va, iova, req->len, req->access, false };
}

static void
map_some(void)
{
	static const int errnos[] = { -ENOMEM, -EFAULT, -EINVAL, -EEXIST, -ENOSPC };
	struct iospace_request req = {
		.len = len_rnd(), .access = 1 + rnd(3), .flags = rnd(3) == 0 ? IOSPACE_FIXED : 0,
		.align = rnd(4) == 0 ? PAGE << rnd(12) : 0,
	};
	uint64_t asked = fixed_rnd(req.len), iova = asked;
	unsigned int calls = fake.maps;
	bool fails, no_memory;
	int ret, want;

	req.va = (void *)(uintptr_t)va_rnd(req.len);
	want = expected(&req, asked);
	if (rnd(16) == 0)
		fail_alloc_arm(1 + rnd(4), rnd(2));
	else
		fake.fail_map = (struct fake_fault){ rnd(16) == 0, errnos[rnd(5)] };
	fails = fake.fail_map.nth != 0;
	ret = iospace_map(ios, &req, &iova);
	no_memory = fail_alloc_disarm();
	CHECK((log_lines() == 0) == (ret == 0));
	CHECK(ret == 0 || iova == asked);
	if (ret == 0)
		check_placed(&req, asked, iova);
	/* What fails besides does not hide that the request was wrong, but lack of memory may. */
	if (no_memory)
		CHECK(ret == -ENOMEM || (ret == want && want != 0));
	else if (want == -EAGAIN)
		CHECK(ret == -EEXIST || ret == -ERANGE);
	else
		CHECK(ret == (want == 0 && fails ? fake.fail_map.err : want));
	CHECK(fake.maps == calls + (want == 0 && !no_memory));
	fake.fail_map.nth = 0;
	if (ret == 0)
		note_map(&req, iova);
}

static void
forget(unsigned int i)
{
	nb_lives--;
	memmove(&lives[i], &lives[i + 1], (nb_lives - i) * sizeof(lives[0]));
}

static void
unmap_some(void)
{
	unsigned int i = rnd(nb_lives);
	struct live *l = &lives[i];
	bool fail = nb_lost < 8 && rnd(1024) == 0;
	uint64_t generation = *iospace_generation(ios);

	if (l->lost) {
		CHECK(iospace_unmap(ios, l->iova, l->len) == -ENOENT);
		CHECK(log_lines() == 1);
		return;
	}
	fake.fail_unmap = (struct fake_fault){ fail, rnd(2) ? -EIO : 0 };
	if (rnd(16) == 0)
		fail_alloc_arm(1, true);
	CHECK(iospace_unmap(ios, l->iova, l->len) == (fail ? -EIO : 0));
	fail_alloc_disarm();
	CHECK(log_lines() == fail);
	CHECK(*iospace_generation(ios) > generation);
	if (fail) {
		l->lost = true;
		nb_lost++;
	} else {
		forget(i);
	}
}

static void
unmap_wrongly(void)
{
	const struct live *l = &lives[rnd(nb_lives)];
	unsigned int calls = fake.unmaps;
	int ret;

	if (rnd(2) != 0) {
		ret = iospace_unmap(ios, l->iova, l->len + PAGE);
		CHECK(ret == (l->lost ? -ENOENT : -EINVAL));
	} else if (l->len > PAGE) {
		CHECK(iospace_unmap(ios, l->iova + PAGE, l->len - PAGE) == -ENOENT);
	}
	log_lines();
	CHECK(calls == fake.unmaps);
}

/*
 * Lookups
 */

static const struct live *
oldest_at_va(uint64_t va)
{
	unsigned int i;

	for (i = 0; i < nb_lives; i++) {
		if (!lives[i].lost && va - lives[i].va < lives[i].len)
			return &lives[i];
	}
	return NULL;
}

static const struct live *
at_iova(uint64_t iova)
{
	unsigned int i;

	for (i = 0; i < nb_lives; i++) {
		if (!lives[i].lost && iova - lives[i].iova < lives[i].len)
			return &lives[i];
	}
	return NULL;
}

static uint64_t
page_after(uint64_t addr)
{
	return (addr & ~(PAGE - 1)) + PAGE;
}

static void
look_up_va(void)
{
	uint64_t len = rnd(16) == 0 ? len_rnd() : 1 + rnd(3 * PAGE);
	uint64_t va = ARENA - PAGE + rnd((ARENA_PAGES + 1) * PAGE), at, iova = 0x5a5a, delta = 0;
	const struct live *l = oldest_at_va(va);
	bool right = l != NULL;
	int ret;

	if (right)
		delta = l->iova - l->va;
	for (at = page_after(va); right && at < va + len; at += PAGE) {
		l = oldest_at_va(at);
		right = l != NULL && l->iova - l->va == delta;
	}
	ret = iospace_va2iova(ios, (void *)(uintptr_t)va, len, &iova);
	CHECK(ret == (right ? 0 : -EFAULT));
	CHECK(iova == (right ? va + delta : 0x5a5a));
}

/* Whether a result is right; where an entry is missing and one lacks access, both errors are. */
static bool
right_va(uint64_t iova, uint64_t len, unsigned int access, int ret, uint64_t va)
{
	const struct live *l = at_iova(iova);
	uint64_t at = iova, delta = l != NULL ? l->va - l->iova : 0;
	bool denied = false;

	while (at < iova + len) {
		l = at_iova(at);
		if (l == NULL || l->va - l->iova != delta)
			return ret == -EFAULT || (denied && ret == -EACCES);
		denied = denied || (l->access & access) != access;
		at = page_after(at);
	}
	return denied ? ret == -EACCES : ret == 0 && va == iova + delta;
}

static void
look_up_iova(void)
{
	const struct live *l = &lives[rnd(nb_lives)];
	uint64_t len = rnd(16) == 0 ? len_rnd() : 1 + rnd(3 * PAGE);
	uint64_t iova = l->iova + rnd(l->len + PAGE) - rnd(2);
	unsigned int access = rnd(4);
	void *va = &fake;
	int ret = iospace_iova2va(ios, iova, len, access, &va);

	CHECK(right_va(iova, len, access, ret, (uintptr_t)va));
	CHECK(ret == 0 || va == &fake);
}

static void
look_up_run(void)
{
	const struct live *l = &lives[rnd(nb_lives)];
	uint64_t iova = l->iova + rnd(l->len);
	struct iomap_run run;
	int ret = iospace_iova_run(ios, iova, &run);

	CHECK(ret == (l->lost ? -EFAULT : 0));
	if (ret != 0)
		return;
	CHECK(run.first <= iova && iova - run.first < run.len);
	CHECK(run.delta == l->va - l->iova && run.access == l->access);
	CHECK(right_va(run.first, run.len, run.access, 0, run.first + run.delta));
}

static void
look_up_entry(void)
{
	uint64_t iova = rnd(2) ? fixed_rnd(PAGE) : fixed_rnd(PAGE) + rnd(PAGE);
	const struct live *best = NULL;
	struct iospace_entry e;
	unsigned int i;
	int ret = iospace_next(ios, iova, &e);

	for (i = 0; i < nb_lives; i++) {
		if (!lives[i].lost && lives[i].iova + (lives[i].len - 1) >= iova &&
				(best == NULL || lives[i].iova < best->iova))
			best = &lives[i];
	}
	CHECK(ret == (best != NULL ? 0 : -ENOENT));
	if (ret == 0 && best != NULL)
		CHECK(e.iova == best->iova && e.len == best->len && (uintptr_t)e.va == best->va &&
				e.access == best->access);
}

static void
one_op(void)
{
	/* Now rather full, now rather empty. */
	uint64_t what = rnd(state & (UINT64_C(1) << 40) ? 20 : 18);

	if (nb_lives == 0 || what >= 18 || what < 3)
		map_some();
	else if (what < 6)
		unmap_some();
	else if (what < 7)
		unmap_wrongly();
	else if (what < 12)
		look_up_va();
	else if (what < 16)
		look_up_iova();
	else if (what < 17)
		look_up_run();
	else
		look_up_entry();
}

static void
run(uint64_t first, uint64_t last, enum iospace_placement how)
{
	const char *env = getenv("ACCELDEV_TEST_SEED");
	struct test_usage before = test_usage_get();
	unsigned int i;

	state = env != NULL ? strtoull(env, NULL, 0) : 20240229;
	printf("(seed %llu) ", (unsigned long long)state);
	state = (state + 1) * UINT64_C(0x9e3779b97f4a7c15);
	nb_lives = nb_lost = wrong = 0;
	fake_init(&fake);
	fake.max_maps = MAX_MAPS;
	window = (struct addrspace_range){ first, last };
	placement = how;
	ios = fake_open(&fake, first, last, how);
	log_catch();
	for (i = 0; i < N_OPS / 4 && wrong == 0; i++) {
		one_op();
		if (i % 1000 == 0)
			fake_expect_same(&fake, ios);
	}
	fake_expect_same(&fake, ios);
	log_release();
	CU_ASSERT_EQUAL(wrong, 0);
	iospace_destroy(ios);
	fake_fini(&fake);
	TEST_ASSERT_NO_LEAK(before);
}

static void
at_the_virtual_address(void)
{
	run(0, TOP - 1, IOSPACE_PLACE_VA);
}

static void
allocated(void)
{
	run(0, TOP - 1, IOSPACE_PLACE_ALLOC);
}

static void
window_of_32_bits(void)
{
	run(0, GIB(4) - 1, IOSPACE_PLACE_VA);
}

static void
window_between(void)
{
	run(GIB(4), GIB(12) - 1, IOSPACE_PLACE_ALLOC);
}

static const struct test_case cases[] = {
	{ "at the virtual address", at_the_virtual_address },
	{ "allocated", allocated },
	{ "window of 32 bits", window_of_32_bits },
	{ "window between 4 and 12 GiB", window_between },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "iospace, random", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
