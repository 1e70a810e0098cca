/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>

#include <addrspace/addrspace.h>

/*
 * Range allocator against an array: a few hundred units, each absent, free, the first of a live
 * range or inside one. The input chooses what a unit is worth in bytes and where the first lies.
 */

#define UNITS 300
#define ANYWHERE { 0, UINT64_MAX }
/* Free ranges that best fit certainly looks at. */
#define TRIES 32

enum unit { ABSENT, FREE, HEAD, BODY };

static enum unit unit[UNITS];
static uint64_t base, scale;

static uint64_t
addr_of(unsigned int u)
{
	return base + u * scale;
}

/* First unit from u on that is not of the same range. */
static unsigned int
end_of(unsigned int u)
{
	enum unit goes_on = unit[u] == HEAD ? BODY : unit[u];

	do
		u++;
	while (u < UNITS && unit[u] == goes_on);
	return u;
}

static void
mark(unsigned int from, unsigned int to, bool live)
{
	unsigned int u;

	for (u = from; u < to; u++)
		unit[u] = !live ? FREE : u == from ? HEAD : BODY;
}

struct ask {
	unsigned int size, align, low, high; /* in units; the window is [low, high) */
	bool lowest;
};

/* The lowest place in [from, to), or UNITS. */
static unsigned int
fit(const struct ask *ask, unsigned int from, unsigned int to)
{
	unsigned int u = from > ask->low ? from : ask->low;

	to = to < ask->high ? to : ask->high;
	while (u < to && addr_of(u) % (ask->align * scale) != 0)
		u++;
	return u + ask->size <= to ? u : UNITS;
}

/* What an allocation must give; with *any, whichever place fits will do. UNITS: none. */
static unsigned int
choose(const struct ask *ask, bool *any)
{
	unsigned int u, end, at, place = UNITS, best = UNITS + 1, candidates = 0;

	for (u = 0; u < UNITS; u = end) {
		end = end_of(u);
		if (unit[u] != FREE || end - u < ask->size)
			continue;
		candidates++;
		at = fit(ask, u, end);
		if (at == UNITS || end - u >= best || (ask->lowest && place != UNITS))
			continue;
		place = at;
		best = end - u;
	}
	*any = !ask->lowest && candidates > TRIES;
	return place;
}

static bool
is_free(const struct ask *ask, unsigned int at)
{
	unsigned int u;

	for (u = at; u < at + ask->size; u++) {
		if (u >= UNITS || unit[u] != FREE)
			return false;
	}
	return fit(ask, at, at + ask->size) == at;
}

static void
try_alloc(struct addrspace *space, struct fuzz_in *in)
{
	struct ask ask = { .size = 1 + fuzz_below(in, 24), .high = UNITS };
	struct addrspace_request req = { .window = ANYWHERE };
	uint8_t how = fuzz_u8(in);
	uint64_t first = 12345;
	unsigned int place, u;
	bool any;

	ask.align = (how & 1) != 0 ? 1u << (how >> 5) : 1;
	ask.lowest = (how & 2) != 0;
	if ((how & 4) != 0) {
		ask.low = fuzz_below(in, UNITS);
		ask.high = ask.low + 1 + fuzz_below(in, UNITS - ask.low);
		req.window = (struct addrspace_range){ addr_of(ask.low), addr_of(ask.high) - 1 };
	}
	req.size = ask.size * scale;
	req.align = ask.align * scale;
	req.flags = ask.lowest ? ADDRSPACE_LOWEST : 0;
	place = choose(&ask, &any);
	if (place == UNITS) {
		FUZZ_CHECK(addrspace_alloc(space, &req, &first) == -ENOSPC);
		FUZZ_CHECK(first == 12345);
		return;
	}
	FUZZ_CHECK(addrspace_alloc(space, &req, &first) == 0);
	u = (unsigned int)((first - base) / scale);
	FUZZ_CHECK(addr_of(u) == first && is_free(&ask, u));
	FUZZ_CHECK(any || u == place);
	mark(u, u + ask.size, true);
}

static void
try_free(struct addrspace *space, struct fuzz_in *in)
{
	unsigned int u = fuzz_below(in, UNITS), end;
	uint64_t off = (fuzz_u8(in) & 15) == 0 ? fuzz_u8(in) % scale : 0, size = 12345;
	int want = unit[u] == ABSENT ? -ERANGE : unit[u] == FREE ? -ENOENT :
			unit[u] == BODY || off > 0 ? -EFAULT : 0;

	FUZZ_CHECK(addrspace_free(space, addr_of(u) + off, &size) == want);
	if (want != 0)
		return;
	end = end_of(u);
	mark(u, end, false);
	FUZZ_CHECK(size == (end - u) * scale);
}

static void
try_range(struct addrspace *space, struct fuzz_in *in, bool add)
{
	unsigned int from = fuzz_below(in, UNITS), to = from + 1 + fuzz_below(in, add ? 64 : 12), u;
	int want = 0, ret;

	to = to < UNITS ? to : UNITS;
	for (u = to; u-- > from;) {
		if (add && unit[u] != ABSENT)
			want = -EEXIST;
		else if (!add && unit[u] != FREE)
			want = unit[u] == ABSENT ? -ERANGE : -EEXIST;
	}
	ret = add ? addrspace_add(space, addr_of(from), addr_of(to) - 1) :
			addrspace_reserve(space, addr_of(from), addr_of(to) - 1);
	FUZZ_CHECK(ret == want);
	if (want == 0)
		mark(from, to, !add);
}

/* What is refused whatever the space holds. */
static void
try_nonsense(struct addrspace *space, struct fuzz_in *in)
{
	struct addrspace_request req = { .size = fuzz_u8(in), .window = ANYWHERE };
	uint64_t first = fuzz_u64(in), at;

	FUZZ_CHECK(addrspace_add(space, first | 1, (first | 1) - 1) == -EINVAL);
	FUZZ_CHECK(addrspace_reserve(space, first | 1, (first | 1) - 1) == -EINVAL);
	req.align = first;
	if (req.size == 0 || (first & (first - 1)) != 0)
		FUZZ_CHECK(addrspace_alloc(space, &req, &at) == -EINVAL);
}

static void
check_find(const struct addrspace *space, struct fuzz_in *in)
{
	unsigned int u = fuzz_below(in, UNITS), first = u;
	struct addrspace_range range;
	enum addrspace_state state;

	if (unit[u] == ABSENT) {
		FUZZ_CHECK(addrspace_find(space, addr_of(u), &range, &state) == -ERANGE);
		return;
	}
	while (unit[first] == BODY || (unit[u] == FREE && first > 0 && unit[first - 1] == FREE))
		first--;
	FUZZ_CHECK(addrspace_find(space, addr_of(u), &range, &state) == 0);
	FUZZ_CHECK(range.first == addr_of(first) && range.last == addr_of(end_of(first)) - 1);
	FUZZ_CHECK((state == ADDRSPACE_FREE) == (unit[u] == FREE));
}

/* The whole iteration, and the statistics. */
static void
check_all(const struct addrspace *space)
{
	uint64_t at = 0, nb_free = 0, nb_live = 0, free_units = 0;
	struct addrspace_range range = { 0, 0 };
	struct addrspace_stats stats;
	enum addrspace_state state;
	unsigned int u, end;

	for (u = 0; u < UNITS; u = end) {
		end = end_of(u);
		if (unit[u] == ABSENT)
			continue;
		FUZZ_CHECK(addrspace_next(space, at, &range, &state) == 0);
		FUZZ_CHECK(range.first == addr_of(u) && range.last == addr_of(end) - 1);
		FUZZ_CHECK((state == ADDRSPACE_FREE) == (unit[u] == FREE));
		nb_free += unit[u] == FREE;
		nb_live += unit[u] == HEAD;
		free_units += unit[u] == FREE ? end - u : 0;
		at = range.last + 1;
	}
	FUZZ_CHECK(nb_free + nb_live == 0 || at == 0 ||
			addrspace_next(space, at, &range, &state) == -ENOENT);
	FUZZ_CHECK(addrspace_stats_get(space, &stats) == 0);
	FUZZ_CHECK(stats.free_ranges == nb_free && stats.live_ranges == nb_live);
	FUZZ_CHECK(stats.free_bytes == free_units * scale);
}

static void
step(struct addrspace *space, struct fuzz_in *in)
{
	unsigned int what = fuzz_below(in, 32);

	if (what < 14)
		try_alloc(space, in);
	else if (what < 24)
		try_free(space, in);
	else if (what < 27)
		try_range(space, in, false);
	else if (what < 29)
		try_range(space, in, true);
	else if (what < 30)
		try_nonsense(space, in);
	else
		check_find(space, in);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	uint8_t where = fuzz_u8(&in);
	struct addrspace *space;

	scale = UINT64_C(1) << (where & 31);
	/* At the bottom, somewhere, or so that the last unit ends with the address space. */
	base = (where & 0x60) == 0 ? 0 : (where & 0x60) == 0x20 ? 5 * scale : -(UNITS * scale);
	mark(0, UNITS, false);
	if ((where & 0x80) != 0)
		memset(unit, 0, sizeof(unit));
	FUZZ_CHECK(addrspace_create(&space) == 0);
	if (unit[0] == FREE)
		FUZZ_CHECK(addrspace_add(space, base, addr_of(UNITS) - 1) == 0);
	while (in.left > 0)
		step(space, &in);
	check_all(space);
	addrspace_destroy(space);
	return 0;
}
