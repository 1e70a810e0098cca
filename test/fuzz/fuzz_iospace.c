/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>

#include <eal_glue/iospace.h>
#include <eal_glue/iova_pool.h>

#include "iospace_model.h"

/*
 * Two I/O spaces, each beside a plain model, on a backend that keeps an array and fails when told
 * to. No address is ever followed, so they are invented.
 */

#define PAGE      UINT64_C(4096)
#define HUGE_PAGE (UINT64_C(2) << 20)
#define KEY_LAST  ((UINT64_C(1) << 48) - 1)

struct backend {
	struct iospace_info info;
	struct addrspace_range ranges[4];
	struct { uint64_t iova, len; unsigned int access; } map[MODEL_ENTRIES];
	unsigned int nb_maps;
	int map_error;    /* for the next map; 0: none */
	int unmap_error;  /* for the next unmap; 1: it takes away too little */
	bool asked;       /* the backend was called since this was false */
	bool closed;
};

struct space {
	struct backend backend;
	struct model model;
	struct addrspace_range window;
	enum iospace_placement placement;
	struct iospace *ios;
};

/*
 * Backend
 */

static int
backend_info(void *ctx, struct iospace_info *info)
{
	struct backend *b = ctx;

	*info = b->info;
	info->ranges = malloc(sizeof(b->ranges));
	FUZZ_CHECK(info->ranges != NULL);
	memcpy(info->ranges, b->ranges, sizeof(b->ranges));
	return 0;
}

static int
backend_map(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access)
{
	struct backend *b = ctx;
	unsigned int i;
	int ret = b->map_error;

	(void)va;
	b->asked = true;
	b->map_error = 0;
	for (i = 0; i < b->nb_maps; i++)
		FUZZ_CHECK(iova + len <= b->map[i].iova || b->map[i].iova + b->map[i].len <= iova);
	if (ret != 0)
		return ret;
	FUZZ_CHECK(b->nb_maps < MODEL_ENTRIES);
	b->map[b->nb_maps].iova = iova;
	b->map[b->nb_maps].len = len;
	b->map[b->nb_maps++].access = access;
	return 0;
}

static int
backend_unmap(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped)
{
	struct backend *b = ctx;
	unsigned int i;
	int ret = b->unmap_error;

	b->asked = true;
	b->unmap_error = 0;
	*unmapped = 0;
	for (i = 0; i < b->nb_maps && b->map[i].iova != iova; i++)
		;
	FUZZ_CHECK(i < b->nb_maps && b->map[i].len == len);
	if (ret < 0)
		return ret;
	*unmapped = ret == 0 ? len : len - PAGE;
	if (ret == 0)
		b->map[i] = b->map[--b->nb_maps];
	return 0;
}

static void
backend_close(void *ctx)
{
	struct backend *b = ctx;

	FUZZ_CHECK(!b->closed);
	b->closed = true;
}

static const struct iospace_ops backend_ops = {
	.name = "fuzz",
	.info = backend_info,
	.map = backend_map,
	.unmap = backend_unmap,
	.close = backend_close,
};

/*
 * Creation
 */

static const struct { struct addrspace_range range[2], window; } shapes[] = {
	{ { { 0, 0xfffff }, { 0x180000, 0x1fffff } }, { 0, UINT64_MAX } },
	{ { { 0, 0xfedfffff }, { 0xfef00000, UINT32_MAX } }, { 0, (1 << 28) - 1 } },
	{ { { 0, 0xfedfffff }, { 0xfef00000, (UINT64_C(1) << 39) - 1 } }, { 0, UINT64_MAX } },
	{ { { 0, 0xfedfffff }, { 0xfef00000, UINT64_MAX } }, { 0, UINT64_MAX } },
	{ { { 0xffff0000, 0x1000fffff }, { 0x100200800, 0x10023ffff } }, { 0x1800, UINT64_MAX } },
	{ { { 0x1234, 0x87fff }, { 0x90000, 0x3fffff } }, { 0x800, 0x2ffff7 } },
};

static void
shape(struct space *s, struct fuzz_in *in)
{
	unsigned int i = fuzz_below(in, sizeof(shapes) / sizeof(shapes[0]));
	uint8_t how = fuzz_u8(in);

	s->window = shapes[i].window;
	memcpy(s->backend.ranges, shapes[i].range, sizeof(shapes[i].range));
	s->backend.info.nb_ranges = 2;
	s->backend.info.page_sizes = (how & 1) != 0 ? PAGE | HUGE_PAGE :
			(how & 2) != 0 ? 16384 : 512;
	s->backend.info.max_maps = (how & 4) != 0 ? 1 + (how >> 4) : MODEL_ENTRIES - 8;
	s->backend.info.identity = (how & 8) != 0 && (how & 0x30) == 0;
	s->placement = (how & 64) != 0 ? IOSPACE_PLACE_ALLOC : IOSPACE_PLACE_VA;
}

static void
model_begin(struct space *s)
{
	const struct addrspace_range keys = { 0, KEY_LAST };
	struct model *m = &s->model;

	m->granule = (s->backend.info.page_sizes & 16384) != 0 ? 16384 : PAGE;
	m->max_maps = s->backend.info.max_maps;
	m->usable[0] = (struct addrspace_range){ m->granule, KEY_LAST };
	m->nb_usable = 1;
	model_restrict(m, &keys, 1);
	model_restrict(m, &s->window, 1);
	model_restrict(m, s->backend.ranges, s->backend.info.nb_ranges);
}

static void
begin(struct space *s, struct fuzz_in *in)
{
	struct iospace_conf conf = { .name = "fuzz", .ops = &backend_ops, .ctx = &s->backend };

	memset(s, 0, sizeof(*s));
	shape(s, in);
	model_begin(s);
	conf.window = s->window;
	conf.placement = s->placement;
	FUZZ_CHECK(iospace_create(&conf, &s->ios) == 0);
	FUZZ_CHECK(iospace_granule(s->ios) == s->model.granule);
}

/*
 * Maps
 */

static uint64_t
any_len(struct fuzz_in *in)
{
	uint8_t how = fuzz_u8(in);

	return (how & 0xc0) == 0 ? (how & 3) * HUGE_PAGE + (how >> 2 & 15) * PAGE :
			(how & 0x1f) * PAGE * ((how & 0x20) != 0 ? 4 : 1);
}

static uint64_t
any_address(struct fuzz_in *in)
{
	static const uint64_t bases[] = { 0, 0x1f0000, 0xfee00000 - 16 * PAGE, 0xffff0000,
			0x100000000, 0x1f00000000, 0x7f0000000000,
			(UINT64_C(1) << 48) - 64 * PAGE };
	uint64_t base = bases[fuzz_below(in, sizeof(bases) / sizeof(bases[0]))];
	uint8_t pages = fuzz_u8(in);

	/* Now and then one that is not aligned, or at the end of what there is. */
	return pages == 255 ? base + 17 : pages == 254 ? UINT64_MAX - (PAGE - 1) :
			base + (pages & 0x7f) * PAGE + (pages >> 7) * HUGE_PAGE;
}

/* As a rule one near an entry, so that there are aliases and lookups that find something. */
static uint64_t
some_va(const struct space *s, struct fuzz_in *in)
{
	uint8_t which = fuzz_u8(in);

	if (s->model.nb_entries == 0 || which >= 96)
		return any_address(in);
	return s->model.entry[which % s->model.nb_entries].va + (fuzz_u8(in) & 3) * PAGE;
}

static bool
request_is_good(const struct model *m, const struct iospace_request *req, uint64_t iova)
{
	uint64_t va = (uintptr_t)req->va, mask = m->granule - 1;

	if ((req->flags & IOSPACE_FIXED) != 0 && ((iova & mask) != 0 ||
			iova > UINT64_MAX - (req->len - 1)))
		return false;
	return ((va | req->len) & mask) == 0 && req->len != 0 && va <= KEY_LAST &&
			req->len - 1 <= KEY_LAST - va && req->access - 1 < 3;
}

static bool
shares_pool(const struct space *a, const struct space *b, uint64_t iova, uint64_t len)
{
	unsigned int i;

	(void)a;
	for (i = 0; i < b->model.nb_entries; i++) {
		const struct model_entry *e = &b->model.entry[i];

		if (e->pooled && iova < e->iova + e->len && e->iova < iova + len)
			return true;
	}
	return false;
}

/* Whether IOVAs are chosen that are unique in the process. */
static bool
uses_pool(const struct space *s)
{
	struct iospace_stats stats;

	iospace_stats_get(s->ios, &stats);
	return stats.usable.last >= IOVA_POOL_FIRST;
}

/* The place where it must go, if there is one: 0, or what is wrong with that. */
static int
check_wanted(const struct space *s, const struct iospace_request *req, uint64_t want)
{
	if (s->backend.info.identity && want != (uintptr_t)req->va)
		return -ERANGE;
	if (model_usable(&s->model, want, req->len) && !model_occupied(&s->model, want, req->len))
		return 0;
	return -EEXIST; /* or -ERANGE: what was withdrawn counts as occupied */
}

static bool
is_placed(const struct space *s, const struct space *other, const struct iospace_request *req,
		uint64_t iova, bool pooled)
{
	uint64_t align = req->align > s->model.granule ? req->align : s->model.granule;

	return model_usable(&s->model, iova, req->len) && iova % align == 0 &&
			!model_occupied(&s->model, iova, req->len) && (!pooled ||
			(iova >= IOVA_POOL_FIRST && !shares_pool(s, other, iova, req->len)));
}

/* What a map that did not come to the backend must have given. */
static void
check_refused(const struct space *s, const struct space *other, const struct iospace_request *req,
		uint64_t want, bool must, int ret)
{
	const struct model *m = &s->model;
	uint64_t align = req->align > m->granule ? req->align : m->granule;

	if (m->nb_entries >= m->max_maps) {
		FUZZ_CHECK(ret == -ENOSPC);
	} else if (must) {
		FUZZ_CHECK(check_wanted(s, req, want) != 0 && (ret == -EEXIST || ret == -ERANGE));
	} else {
		FUZZ_CHECK(ret == -ENOSPC);
		FUZZ_CHECK(s->placement != IOSPACE_PLACE_VA || check_wanted(s, req, want) != 0);
		/* What the other space chose is not there for this one. */
		if (!uses_pool(s))
			FUZZ_CHECK(!model_has_place(m, req->len, align, 0));
		else if (other->model.nb_entries == 0)
			FUZZ_CHECK(!model_has_place(m, req->len, align, IOVA_POOL_FIRST));
	}
}

static void
check_mapped(struct space *s, const struct space *other, const struct iospace_request *req,
		uint64_t want, bool must, uint64_t iova)
{
	struct model_entry e = { (uintptr_t)req->va, iova, req->len, req->access, false, false };
	bool fits = check_wanted(s, req, want) == 0;

	FUZZ_CHECK(s->model.nb_entries < s->model.max_maps);
	if (must || (fits && s->placement == IOSPACE_PLACE_VA)) {
		FUZZ_CHECK(fits && iova == want);
	} else {
		e.pooled = uses_pool(s);
		FUZZ_CHECK(is_placed(s, other, req, iova, e.pooled));
	}
	model_add(&s->model, &e);
}

static void
try_map(struct space *s, const struct space *other, struct fuzz_in *in)
{
	static const int errors[] = { -EEXIST, -ENOSPC, -ENOMEM, -EFAULT, -EINVAL };
	struct iospace_request req = { .va = (void *)(uintptr_t)some_va(s, in) };
	uint8_t how = fuzz_u8(in);
	uint64_t iova, before, want;
	bool must;
	int ret;

	req.len = any_len(in);
	req.access = how & 3;
	req.flags = (how & 0x0c) == 0 ? IOSPACE_FIXED : 0;
	req.align = (how & 0x30) == 0 ? PAGE << (how >> 6) * 4 : 0;
	iova = before = (how & 0x0c) == 0 ? any_address(in) : 4711;
	want = (req.flags & IOSPACE_FIXED) != 0 ? iova : (uintptr_t)req.va;
	must = (req.flags & IOSPACE_FIXED) != 0 || s->backend.info.identity;
	if (s->model.nb_entries == MODEL_ENTRIES)
		return;
	s->backend.map_error = how >= 0xf8 ? errors[how % 5] : 0;
	s->backend.asked = false;
	ret = iospace_map(s->ios, &req, &iova);
	FUZZ_CHECK(ret == 0 || iova == before);
	if (!request_is_good(&s->model, &req, before)) {
		FUZZ_CHECK(ret == -EINVAL && !s->backend.asked);
	} else if (ret != 0 && s->backend.asked) {
		FUZZ_CHECK(how >= 0xf8 && ret == errors[how % 5]);
	} else if (ret != 0) {
		check_refused(s, other, &req, want, must, ret);
	} else {
		check_mapped(s, other, &req, want, must, iova);
	}
	s->backend.map_error = 0;
}

static void
try_unmap(struct space *s, struct fuzz_in *in)
{
	uint8_t which = fuzz_u8(in), how = fuzz_u8(in);
	const uint64_t *generation = iospace_generation(s->ios);
	uint64_t was = *generation, iova, len;
	struct model_entry *e;
	int ret;

	if (s->model.nb_entries == 0)
		return;
	e = &s->model.entry[which % s->model.nb_entries];
	iova = e->iova + ((how & 15) == 1 ? PAGE : 0);
	len = e->len + ((how & 15) == 2 ? PAGE : 0) - ((how & 15) == 3 ? PAGE : 0);
	e = model_find(&s->model, iova);
	/* What is lost in the pool is lost for the process, and would differ from run to run. */
	if (e != NULL && !e->pooled)
		s->backend.unmap_error = (how & 0xf0) == 0 ? -EIO : (how & 0xf0) == 16 ? 1 : 0;
	s->backend.asked = false;
	ret = iospace_unmap(s->ios, iova, len);
	if (e == NULL || e->len != len) {
		FUZZ_CHECK(ret == (e == NULL ? -ENOENT : -EINVAL) && !s->backend.asked);
		s->backend.unmap_error = 0;
		return;
	}
	FUZZ_CHECK(s->backend.asked && *generation != was);
	FUZZ_CHECK(ret == 0 || (ret == -EIO && (how & 0xf0) <= 16));
	model_remove(&s->model, e, ret != 0);
}

/*
 * Narrowing
 */

/* A window, and ranges that may have become fewer as well. */
static void
try_narrow(struct space *s, struct fuzz_in *in)
{
	struct addrspace_range window = {
		any_address(in) & 0xfffff, UINT64_MAX >> fuzz_below(in, 40)
	};
	struct model m = s->model;
	bool fits = true;
	unsigned int i, j;

	if ((fuzz_u8(in) & 3) != 0)
		window.first = 0;
	else if ((fuzz_u8(in) & 3) == 0)
		s->backend.info.nb_ranges = 1;
	m.nb_usable = s->model.nb_usable;
	for (i = 0; i < m.nb_entries; i++) {
		const struct model_entry *e = &m.entry[i];
		uint64_t last = e->iova + (e->len - 1);
		bool in_one = false;

		for (j = 0; j < s->backend.info.nb_ranges; j++)
			in_one |= e->iova >= s->backend.ranges[j].first &&
					last <= s->backend.ranges[j].last;
		if (!e->lost && (!in_one || e->iova < window.first || last > window.last))
			fits = false;
	}
	FUZZ_CHECK(iospace_narrow(s->ios, &window) == (fits ? 0 : -EBUSY));
	if (!fits)
		return;
	model_restrict(&s->model, &window, 1);
	model_restrict(&s->model, s->backend.ranges, s->backend.info.nb_ranges);
	s->model.narrowed = true;
}

/*
 * Lookups
 */

static uint64_t
lookup_len(struct fuzz_in *in)
{
	uint8_t how = fuzz_u8(in);

	return 1 + (how < 192 ? how : any_len(in));
}

static void
check_va2iova(const struct space *s, struct fuzz_in *in)
{
	uint64_t va = some_va(s, in) + fuzz_u8(in), len = lookup_len(in);
	uint64_t got = 4711, want = 0, at, iova;
	bool found;

	if (va > UINT64_MAX - len)
		return;
	found = model_va2iova(&s->model, va, &want);
	for (at = va; found && at <= va + (len - 1); at = (at | (PAGE - 1)) + 1)
		found = model_va2iova(&s->model, at, &iova) && iova - at == want - va;
	if (found)
		FUZZ_CHECK(iospace_va2iova(s->ios, (void *)(uintptr_t)va, len, &got) == 0 &&
				got == want);
	else
		FUZZ_CHECK(iospace_va2iova(s->ios, (void *)(uintptr_t)va, len, &got) == -EFAULT &&
				got == 4711);
}

/* An IOVA that is in an entry, as a rule. */
static uint64_t
some_iova(const struct space *s, struct fuzz_in *in)
{
	uint8_t which = fuzz_u8(in);

	if (s->model.nb_entries == 0 || which >= 240)
		return any_address(in);
	return s->model.entry[which % s->model.nb_entries].iova + fuzz_u16(in);
}

static void
check_iova2va(const struct space *s, struct fuzz_in *in)
{
	uint64_t iova = some_iova(s, in), len = lookup_len(in), at, delta = 0;
	unsigned int access = fuzz_u8(in) & 3;
	const struct model_entry *e;
	int ret, want = 0;
	void *va = NULL;

	if (iova > UINT64_MAX - len)
		return;
	for (at = iova; want == 0 && at <= iova + (len - 1); at = (at | (PAGE - 1)) + 1) {
		e = model_holder(&s->model, at);
		if (at == iova && e != NULL)
			delta = e->va - e->iova;
		if (e == NULL || e->va - e->iova != delta)
			want = -EFAULT;
		else if ((e->access & access) != access)
			want = -EACCES;
	}
	ret = iospace_iova2va(s->ios, iova, len, access, &va);
	FUZZ_CHECK(ret == want);
	FUZZ_CHECK(ret != 0 ? va == NULL : (uintptr_t)va == iova + delta);
}

static void
check_run(const struct space *s, struct fuzz_in *in)
{
	uint64_t iova = some_iova(s, in), at;
	const struct model_entry *e = model_holder(&s->model, iova), *here;
	struct iomap_run run;
	int ret = iospace_iova_run(s->ios, iova, &run);

	FUZZ_CHECK(ret == (e != NULL ? 0 : -EFAULT));
	if (ret != 0)
		return;
	FUZZ_CHECK(run.first <= iova && iova - run.first < run.len);
	FUZZ_CHECK(run.delta == e->va - e->iova && run.access == e->access);
	for (at = run.first; at - run.first < run.len; at += PAGE) {
		here = model_holder(&s->model, at);
		FUZZ_CHECK(here != NULL && here->va - here->iova == run.delta &&
				here->access == run.access);
	}
}

/* The first entry that ends at or above an IOVA. */
static void
check_next(const struct space *s, struct fuzz_in *in)
{
	const struct model *m = &s->model;
	const struct model_entry *want = NULL, *e;
	uint8_t how = fuzz_u8(in);
	uint64_t iova = some_iova(s, in);
	struct iospace_entry got;

	if (m->nb_entries > 0 && how < 128) /* one's last byte, or the next */
		iova = m->entry[how % m->nb_entries].iova + m->entry[how % m->nb_entries].len -
				(how >> 6);
	for (e = m->entry; e < m->entry + m->nb_entries; e++) {
		if (!e->lost && e->iova + (e->len - 1) >= iova &&
				(want == NULL || e->iova < want->iova))
			want = e;
	}
	FUZZ_CHECK(iospace_next(s->ios, iova, &got) == (want != NULL ? 0 : -ENOENT));
	FUZZ_CHECK(want == NULL || got.iova == want->iova);
}

/* The whole iteration, the backend's table and the statistics. */
static void
check_all(struct space *s)
{
	struct model *m = &s->model;
	uint64_t iova = 0, bytes = 0;
	struct iospace_stats stats;
	struct iospace_entry e;
	unsigned int n = 0;

	while (iospace_next(s->ios, iova, &e) == 0) {
		const struct model_entry *want = model_find(m, e.iova);

		FUZZ_CHECK(e.iova >= iova && want != NULL && want->len == e.len &&
				want->va == (uintptr_t)e.va && want->access == e.access);
		iova = e.iova + e.len;
		bytes += e.len;
		n++;
	}
	iospace_stats_get(s->ios, &stats);
	FUZZ_CHECK(n == m->nb_live && s->backend.nb_maps == m->nb_entries);
	FUZZ_CHECK(stats.maps == n && stats.bytes == bytes);
	FUZZ_CHECK(stats.maps_left == m->max_maps - m->nb_entries);
}

static void
step(struct space *s, const struct space *other, struct fuzz_in *in)
{
	unsigned int what = fuzz_below(in, 64);

	if (what < 26)
		try_map(s, other, in);
	else if (what < 40)
		try_unmap(s, in);
	else if (what < 48)
		check_va2iova(s, in);
	else if (what < 56)
		check_iova2va(s, in);
	else if (what < 59)
		check_run(s, in);
	else if (what < 61)
		check_next(s, in);
	else if (what < 62)
		try_narrow(s, in);
	else
		check_all(s);
}

static void
end(struct space *s)
{
	unsigned int lost = s->model.nb_entries - s->model.nb_live;

	check_all(s);
	iospace_destroy(s->ios);
	FUZZ_CHECK(s->backend.closed && s->backend.nb_maps == lost);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_drop_logs();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct space spaces[2];
	struct fuzz_in in = { data, size };
	unsigned int which;

	begin(&spaces[0], &in);
	begin(&spaces[1], &in);
	while (in.left > 0) {
		which = fuzz_u8(&in) & 1;
		step(&spaces[which], &spaces[!which], &in);
	}
	end(&spaces[0]);
	end(&spaces[1]);
	return 0;
}
