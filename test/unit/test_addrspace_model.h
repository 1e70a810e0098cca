/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_ADDRSPACE_MODEL_H
#define TEST_ADDRSPACE_MODEL_H

/**
 * @file
 * A simple model of an address space and random operations that compare it with the real one.
 *
 * It has a few thousand units, each absent, free, the first of a live range, or inside one. What a
 * unit is worth in bytes and where the first one lies is up to the test. Each model_*() operation
 * picks its arguments at random, asks the space, and tells whether the answer was right.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "addrspace/addrspace.h"

#define MAX UINT64_MAX
#define ANYWHERE { 0, UINT64_MAX }

/** Free ranges that best fit certainly looks at. */
#define MODEL_TRIES 32

static uint64_t rnd_state;

static uint64_t
rnd(uint64_t below)
{
	rnd_state = rnd_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (rnd_state >> 33) % below;
}

enum unit { ABSENT, FREE, HEAD, BODY };

#define MAX_UNITS 4096

static struct {
	unsigned int n;
	uint64_t base, scale;
	enum unit unit[MAX_UNITS];
	bool was_live;
	unsigned int highest_live, lowest; /* units */
} model;

static uint64_t
addr_of(unsigned int unit)
{
	return model.base + unit * model.scale;
}

static uint64_t
end_of(unsigned int unit)
{
	return addr_of(unit) + (model.scale - 1);
}

/* First unit from u on that does not belong to the range that u is in. */
static unsigned int
model_end(unsigned int u)
{
	enum unit of = model.unit[u];

	do
		u++;
	while (u < model.n && model.unit[u] == (of == HEAD ? BODY : of));
	return u;
}

static void
model_set(unsigned int from, unsigned int to, bool live)
{
	unsigned int u;

	for (u = from; u < to; u++)
		model.unit[u] = !live ? FREE : u == from ? HEAD : BODY;
	if (!live)
		return;
	if (!model.was_live || to - 1 > model.highest_live)
		model.highest_live = to - 1;
	model.was_live = true;
}

/* A request in units, and what the model would do. */
struct ask {
	unsigned int size, align, low, high; /* the window is [low, high) */
	bool lowest;
	int place;               /* chosen unit, or -1 */
	unsigned int candidates; /* free ranges that are large enough, placed well or not */
};

static int
model_fit(const struct ask *ask, unsigned int from, unsigned int to)
{
	unsigned int u = from > ask->low ? from : ask->low;

	while (addr_of(u) % (ask->align * model.scale) != 0)
		u++;
	to = to < ask->high ? to : ask->high;
	return u + ask->size <= to ? (int)u : -1;
}

static void
model_choose(struct ask *ask)
{
	unsigned int u, end, best = MAX_UNITS + 1;
	int at;

	ask->place = -1;
	ask->candidates = 0;
	for (u = 0; u < model.n; u = end) {
		end = model_end(u);
		if (model.unit[u] != FREE || end - u < ask->size)
			continue;
		ask->candidates++;
		at = model_fit(ask, u, end);
		if (at < 0 || end - u >= best || (ask->lowest && ask->place >= 0))
			continue;
		ask->place = at;
		best = end - u;
	}
}

/* A place that fits, though it need not be the best. */
static bool
model_allows(const struct ask *ask, unsigned int at)
{
	unsigned int u;

	for (u = at; u < at + ask->size; u++) {
		if (u >= model.n || model.unit[u] != FREE)
			return false;
	}
	return at >= ask->low && at + ask->size <= ask->high &&
			addr_of(at) % (ask->align * model.scale) == 0;
}

static bool
model_alloc(struct addrspace *space)
{
	struct ask ask = { .size = 1 + rnd(rnd(8) == 0 ? model.n / 4 : 12), .high = model.n };
	struct addrspace_request req = { .window = ANYWHERE };
	uint64_t at = 12345;
	unsigned int u;

	ask.align = rnd(2) ? 1 : 1u << rnd(6);
	ask.lowest = rnd(2);
	if (rnd(2)) {
		ask.low = rnd(model.n);
		ask.high = ask.low + 1 + rnd(model.n - ask.low);
		req.window = (struct addrspace_range){ addr_of(ask.low), end_of(ask.high - 1) };
	}
	req.size = ask.size * model.scale;
	req.align = ask.align * model.scale;
	req.flags = ask.lowest ? ADDRSPACE_LOWEST : 0;
	model_choose(&ask);
	if (addrspace_alloc(space, &req, &at) != 0)
		return ask.place < 0 && at == 12345;
	u = (at - model.base) / model.scale;
	if (ask.place < 0 || addr_of(u) != at || !model_allows(&ask, u))
		return false;
	if ((ask.lowest || ask.candidates <= MODEL_TRIES) && u != (unsigned int)ask.place)
		return false;
	model_set(u, u + ask.size, true);
	return true;
}

static bool
model_free(struct addrspace *space)
{
	unsigned int u = rnd(model.n), end, tries;
	uint64_t off, size = 0;
	int rc, want;

	for (tries = rnd(20); tries > 0 && model.unit[u] != HEAD; tries--)
		u = rnd(model.n);
	off = rnd(8) == 0 ? rnd(model.scale < 1000 ? model.scale : 1000) : 0;
	want = model.unit[u] == ABSENT ? -ERANGE : model.unit[u] == FREE ? -ENOENT :
			model.unit[u] == BODY || off > 0 ? -EFAULT : 0;
	rc = addrspace_free(space, addr_of(u) + off, &size);
	if (rc != want || want != 0)
		return rc == want;
	end = model_end(u);
	model_set(u, end, false);
	return size == (end - u) * model.scale;
}

static bool
model_reserve(struct addrspace *space)
{
	unsigned int from = rnd(model.n), to = from + 1 + rnd(10), u;
	int want = 0;

	to = to < model.n ? to : model.n;
	for (u = to; u-- > from;) {
		if (model.unit[u] != FREE)
			want = model.unit[u] == ABSENT ? -ERANGE : -EEXIST;
	}
	if (want == 0)
		model_set(from, to, true);
	return addrspace_reserve(space, addr_of(from), end_of(to - 1)) == want;
}

static bool
model_add(struct addrspace *space)
{
	unsigned int from = rnd(model.n), to = from + 1 + rnd(model.n / 16), u;
	int want = 0;

	to = to < model.n ? to : model.n;
	for (u = from; u < to; u++)
		want = model.unit[u] == ABSENT ? want : -EEXIST;
	if (want == 0) {
		model_set(from, to, false);
		model.lowest = from < model.lowest ? from : model.lowest;
	}
	return addrspace_add(space, addr_of(from), end_of(to - 1)) == want;
}

static uint64_t
model_bytes(uint64_t units)
{
	unsigned __int128 n = (unsigned __int128)units * model.scale;

	return n > MAX ? MAX : n;
}

/* Compare the whole iteration and the statistics. */
static bool
model_equal(const struct addrspace *space)
{
	struct { uint64_t free, live, largest, n_free, n_live; } sum = { 0 };
	struct addrspace_range range = { 0 };
	enum addrspace_state state;
	struct addrspace_stats st;
	unsigned int u, end;
	uint64_t at = 0;
	bool live;

	for (u = 0; u < model.n; u = end) {
		end = model_end(u);
		if (model.unit[u] == ABSENT)
			continue;
		live = model.unit[u] == HEAD;
		if (addrspace_next(space, at, &range, &state) != 0 || range.first != addr_of(u) ||
				range.last != end_of(end - 1) || live != (state == ADDRSPACE_LIVE))
			return false;
		*(live ? &sum.live : &sum.free) += end - u;
		*(live ? &sum.n_live : &sum.n_free) += 1;
		if (!live && end - u > sum.largest)
			sum.largest = end - u;
		at = range.last + 1;
	}
	if (at != 0 && addrspace_next(space, at, &range, &state) != -ENOENT)
		return false;
	addrspace_stats_get(space, &st);
	return st.free_bytes == model_bytes(sum.free) && st.live_bytes == model_bytes(sum.live) &&
			st.largest_free == model_bytes(sum.largest) &&
			st.free_ranges == sum.n_free && st.live_ranges == sum.n_live &&
			st.high_water == (!model.was_live ? 0 :
			model_bytes(model.highest_live - model.lowest + 1));
}

static bool
model_step(struct addrspace *space, unsigned int frees)
{
	unsigned int what = rnd(100);

	if (what == 0)
		return model_add(space);
	if (what < 10)
		return model_reserve(space);
	return what < 10 + frees ? model_free(space) : model_alloc(space);
}

#endif
