/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Ops and bursts on the soft device, against a model of all memory in plain arrays.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define BANK_LEN  100013 /* odd, so that nothing can count on alignment */
#define PAGE      4096
#define MAX_OPS   64
#define N_RANDOM  250000
#define N_QPS     3
#define TIMEOUT_S 60

/*
 * The world: areas that ops name, each with a model
 */

enum { HOST_A, HOST_B, IMPORTED, CONSTANT, BANK_0, BANK_1, N_AREAS };

struct area {
	uint16_t space;
	uint64_t addr;
	uint64_t len;
	unsigned char *host; /* NULL for a bank */
	unsigned char *model;
};

static struct {
	uint16_t dev;
	struct area areas[N_AREAS];
	struct accel_buf *bufs[BANK_0];
	struct accel_buf *scratch;
	void *import;
	uint64_t random;
	struct test_usage before;
} w;

static uint64_t
below(uint64_t n)
{
	return soft_random(&w.random) % n;
}

/* Hand an op in and take it back: the status. Nothing but the status may change. */
static uint8_t
run(struct accel_op op)
{
	struct accel_op got = op, *list[] = { &got };
	time_t end = time(NULL) + TIMEOUT_S;

	got.status = 0x5a;
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(w.dev, 0, list, 1), 1);
	list[0] = NULL;
	while (accel_dequeue_burst(w.dev, 0, list, 1) == 0)
		CU_ASSERT_FATAL(time(NULL) < end);
	CU_ASSERT_PTR_EQUAL(list[0], &got);
	op.status = got.status;
	CU_ASSERT_EQUAL(memcmp(&op, &got, sizeof(op)), 0);
	return got.status;
}

static void
bank_to_scratch(const struct area *a)
{
	const struct accel_op op = { .type = ACCEL_OP_COPY, .src_space = a->space, .src = a->addr,
			.dst = w.scratch->iova, .len = a->len };

	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_SUCCESS);
}

/* All memory is as the model says. */
static void
check_world(void)
{
	int i;

	for (i = 0; i < N_AREAS; i++) {
		const struct area *a = &w.areas[i];
		const void *mem = a->host;

		if (mem == NULL) {
			bank_to_scratch(a);
			mem = w.scratch->va;
		}
		CU_ASSERT_EQUAL(memcmp(mem, a->model, a->len), 0);
	}
}

static void
set_area(int i, uint16_t space, uint64_t addr, void *host, uint64_t len)
{
	struct area *a = &w.areas[i];
	uint64_t j;

	*a = (struct area){ .space = space, .addr = addr, .len = len, .host = host };
	a->model = malloc(len);
	CU_ASSERT_FATAL(a->model != NULL);
	for (j = 0; j < len; j++)
		a->model[j] = (unsigned char)soft_random(&w.random);
	memcpy(host != NULL ? host : w.scratch->va, a->model, len);
	if (host == NULL) {
		const struct accel_op op = { .type = ACCEL_OP_COPY, .src = w.scratch->iova,
				.dst_space = space, .dst = addr, .len = len };

		CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_SUCCESS);
	}
}

static void
make_bufs(void)
{
	static const size_t lens[] = { 70001, 2 * 65536, 16 * PAGE, 65537 };
	int i;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(w.dev, BANK_LEN, 0, 0, &w.scratch), 0);
	w.import = aligned_alloc(PAGE, lens[IMPORTED]);
	CU_ASSERT_FATAL(w.import != NULL);
	for (i = 0; i < BANK_0; i++) {
		if (i == IMPORTED)
			CU_ASSERT_EQUAL_FATAL(accel_buf_import(w.dev, w.import, lens[i], 0, NULL,
					NULL, &w.bufs[i]), 0)
		else
			CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(w.dev, lens[i], 0, i == CONSTANT ?
					ACCEL_BUF_READ_ONLY : 0, &w.bufs[i]), 0);
		set_area(i, ACCEL_SPACE_HOST, w.bufs[i]->iova, w.bufs[i]->va, lens[i]);
	}
}

static void
open_world(const char *spec, uint16_t nb_qps, uint16_t depth)
{
	w.before = test_usage_get();
	w.random = 0x123456789abcdef;
	w.dev = soft_open(spec);
	soft_run(w.dev, nb_qps, depth, 0);
	make_bufs();
	set_area(BANK_0, ACCEL_SPACE_BANK(0), 0, NULL, BANK_LEN);
	set_area(BANK_1, ACCEL_SPACE_BANK(1), 0, NULL, BANK_LEN);
}

static void
close_world(void)
{
	int i;

	for (i = 0; i < N_AREAS; i++)
		free(w.areas[i].model);
	for (i = 0; i < BANK_0; i++)
		CU_ASSERT_EQUAL(accel_buf_free(w.bufs[i]), 0);
	CU_ASSERT_EQUAL(accel_buf_free(w.scratch), 0);
	CU_ASSERT_EQUAL(soft_info(w.dev).live_bufs, 0);
	free(w.import);
	soft_close(w.dev);
	TEST_ASSERT_NO_LEAK(w.before);
}

#define WORLD "soft:0,banks=2,bank_size=100013"

/* Bytes of the model that an address names. */
static unsigned char *
model_at(uint16_t space, uint64_t addr)
{
	int i;

	for (i = 0; i < N_AREAS; i++) {
		if (w.areas[i].space == space && addr - w.areas[i].addr < w.areas[i].len)
			return &w.areas[i].model[addr - w.areas[i].addr];
	}
	CU_FAIL_FATAL("address of no area");
	return NULL;
}

static void
apply(const struct accel_op *op)
{
	unsigned char *dst = model_at(op->dst_space, op->dst);
	uint64_t i;

	if (op->type == ACCEL_OP_COPY) {
		memmove(dst, model_at(op->src_space, op->src), op->len);
		return;
	}
	for (i = 0; i < op->len; i++)
		dst[i] = ((const unsigned char *)&op->pattern)[i % sizeof(op->pattern)];
}

static void
run_good(struct accel_op op)
{
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_SUCCESS);
	apply(&op);
}

static struct accel_op
copy_of(int src, uint64_t src_off, int dst, uint64_t dst_off, uint64_t len)
{
	return (struct accel_op){ .type = ACCEL_OP_COPY, .src_space = w.areas[src].space,
		.src = w.areas[src].addr + src_off, .dst_space = w.areas[dst].space,
		.dst = w.areas[dst].addr + dst_off, .len = len, .user_data = ~UINT64_C(0) };
}

static struct accel_op
fill_of(int dst, uint64_t off, uint64_t len, uint64_t pattern)
{
	return (struct accel_op){ .type = ACCEL_OP_FILL, .pattern = pattern, .len = len,
		.dst_space = w.areas[dst].space, .dst = w.areas[dst].addr + off };
}

/*
 * What ops do
 */

static void
copies_between_all_spaces(void)
{
	static const uint64_t lens[] = { 1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 255,
			256, 257, 511, 4095, 4096, 4097, 32768, 60000 };
	int src, dst;
	unsigned int i;

	open_world(WORLD, 1, 0);
	for (src = 0; src < N_AREAS; src++) {
		for (dst = 0; dst < N_AREAS; dst++) {
			for (i = 0; dst != CONSTANT && i < RTE_DIM(lens); i++)
				run_good(copy_of(src, below(5000), dst, below(5000), lens[i]));
			check_world();
		}
	}
	close_world();
}

static void
copies_at_the_ends(void)
{
	int src, dst;

	open_world(WORLD, 1, 0);
	for (src = 0; src < N_AREAS; src++) {
		for (dst = 0; dst < N_AREAS; dst++) {
			uint64_t s = w.areas[src].len, d = w.areas[dst].len, min = RTE_MIN(s, d);

			if (dst == CONSTANT)
				continue;
			run_good(copy_of(src, s - 1, dst, d - 1, 1));
			run_good(copy_of(src, 0, dst, d - 65, 65));
			run_good(copy_of(src, 0, dst, d - min, min));
			run_good(copy_of(src, s - min, dst, 0, min));
		}
	}
	check_world();
	close_world();
}

static void
fills_of_odd_length(void)
{
	uint64_t len;
	int dst;

	open_world(WORLD, 1, 0);
	for (dst = 0; dst < N_AREAS; dst++) {
		if (dst == CONSTANT)
			continue;
		for (len = 1; len < 40; len++)
			run_good(fill_of(dst, len * 100 + len % 9, len, soft_random(&w.random)));
		run_good(fill_of(dst, 10001, 50003, UINT64_C(0x0102030405060708)));
		check_world();
	}
	close_world();
}

static void
overlap_is_memmove(void)
{
	static const int64_t distances[] = { 0, 1, -1, 7, -7, 8, -8, 15, -15, 16, 31, -31, 32, -32,
			63, -63, 64, -64, 65, 255, -255, 256, 257, 1000, -1000, 4096, -4096 };
	static const uint64_t lens[] = { 1, 2, 8, 16, 17, 31, 32, 33, 64, 65, 128, 255, 256, 257,
			1000, 4097, 20000 };
	static const int areas[] = { HOST_A, BANK_1, IMPORTED };
	unsigned int a, d, l;

	open_world(WORLD, 1, 0);
	for (a = 0; a < RTE_DIM(areas); a++) {
		for (d = 0; d < RTE_DIM(distances); d++) {
			for (l = 0; l < RTE_DIM(lens); l++)
				run_good(copy_of(areas[a], 20000, areas[a], 20000 + distances[d],
						lens[l]));
			check_world();
		}
	}
	close_world();
}

static void
fence_is_accepted(void)
{
	struct accel_op op;

	open_world(WORLD, 1, 0);
	op = copy_of(HOST_A, 0, HOST_B, 0, 100);
	op.flags = ACCEL_OP_FENCE;
	run_good(op);
	op = fill_of(BANK_0, 3, 100, 7);
	op.flags = ACCEL_OP_FENCE;
	run_good(op);
	op = copy_of(BANK_0, 0, HOST_B, 0, 100);
	op.flags = ACCEL_OP_FENCE;
	run_good(op);
	check_world();
	close_world();
}

/*
 * Statuses. Each refused op leaves all memory as it was.
 */

/* The first byte behind the contiguous mappings that an IOVA lies in. */
static uint64_t
end_of_mapping(uint64_t iova)
{
	struct accel_map map;
	uint64_t end = iova;

	while (accel_dev_map_next(w.dev, end, &map) == 0 && map.iova <= end)
		end = map.iova + map.len;
	CU_ASSERT(end > iova);
	return end;
}

static void
expect_bad_src(uint16_t space, uint64_t addr, uint64_t len)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src_space = space, .src = addr, .len = len,
			.dst_space = ACCEL_SPACE_BANK(0) };

	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
	op.dst_space = ACCEL_SPACE_HOST;
	op.dst = w.bufs[HOST_A]->iova;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
}

static void
expect_bad_dst(uint16_t space, uint64_t addr, uint64_t len)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src = w.bufs[HOST_A]->iova, .len = len,
			.dst_space = space, .dst = addr };

	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
	op.type = ACCEL_OP_FILL;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
	op.src_space = ACCEL_SPACE_BANK(1);
	op.src = 0;
	op.type = ACCEL_OP_COPY;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
}

static void
expect_bad_range(uint16_t space, uint64_t addr, uint64_t len)
{
	expect_bad_src(space, addr, len);
	expect_bad_dst(space, addr, len);
}

static void
bad_addresses(void)
{
	void (*expect)(uint16_t space, uint64_t addr, uint64_t len);
	static int not_ours;
	uint64_t end;
	int i;

	open_world(WORLD, 1, 0);
	expect_bad_range(ACCEL_SPACE_HOST, 0, 1);
	expect_bad_range(ACCEL_SPACE_HOST, 1, 64);
	expect_bad_range(ACCEL_SPACE_HOST, UINT64_MAX, 1);
	expect_bad_range(ACCEL_SPACE_HOST, UINT64_MAX, 2);
	expect_bad_range(ACCEL_SPACE_HOST, UINT64_MAX - 63, 64);
	expect_bad_range(ACCEL_SPACE_HOST, UINT64_C(1) << 48, 8);
	expect_bad_range(ACCEL_SPACE_HOST, UINT64_C(1) << 63, UINT64_C(1) << 63);
	expect_bad_range(ACCEL_SPACE_HOST, (uintptr_t)&not_ours, sizeof(not_ours));
	expect_bad_range(ACCEL_SPACE_HOST, (uintptr_t)w.areas[0].model, 64);
	for (i = 0; i < BANK_0; i++) {
		/* What is partly read-only may be refused for either reason as a destination. */
		expect = i == CONSTANT ? expect_bad_src : expect_bad_range;
		end = end_of_mapping(w.bufs[i]->iova);
		expect(ACCEL_SPACE_HOST, end, 1);
		expect(ACCEL_SPACE_HOST, end - 1, 2);
		expect(ACCEL_SPACE_HOST, w.bufs[i]->iova, end - w.bufs[i]->iova + 1);
		expect(ACCEL_SPACE_HOST, w.bufs[i]->iova, UINT64_MAX);
		expect(ACCEL_SPACE_HOST, w.bufs[i]->iova, -w.bufs[i]->iova);
		expect(ACCEL_SPACE_HOST, w.bufs[i]->iova, 1 - w.bufs[i]->iova);
	}
	check_world();
	close_world();
}

static void
bad_bank_ranges(void)
{
	unsigned int bank;

	open_world(WORLD, 1, 0);
	for (bank = 0; bank < 2; bank++) {
		expect_bad_range(ACCEL_SPACE_BANK(bank), BANK_LEN, 1);
		expect_bad_range(ACCEL_SPACE_BANK(bank), BANK_LEN - 1, 2);
		expect_bad_range(ACCEL_SPACE_BANK(bank), 0, BANK_LEN + 1);
		expect_bad_range(ACCEL_SPACE_BANK(bank), 0, UINT64_MAX);
		expect_bad_range(ACCEL_SPACE_BANK(bank), 1, UINT64_MAX);
		expect_bad_range(ACCEL_SPACE_BANK(bank), UINT64_MAX, 1);
		expect_bad_range(ACCEL_SPACE_BANK(bank), UINT64_MAX, 2);
		expect_bad_range(ACCEL_SPACE_BANK(bank), UINT64_MAX - 8, BANK_LEN);
	}
	expect_bad_range(ACCEL_SPACE_BANK(2), 0, 1);
	expect_bad_range(ACCEL_SPACE_BANK(255), 0, 1);
	expect_bad_range(ACCEL_SPACE_BANK(256), 0, 1);
	expect_bad_range(ACCEL_SPACE_BANK(UINT16_MAX - 1), 0, 1);
	check_world();
	close_world();
}

static void
read_only_is_not_written(void)
{
	struct accel_op op;
	int i;

	open_world(WORLD, 1, 0);
	/* After a good copy from it, what was remembered of the source must not serve a write. */
	for (i = 0; i < 3; i++) {
		run_good(copy_of(CONSTANT, 0, HOST_A, 0, 4096));
		CU_ASSERT_EQUAL(run(copy_of(HOST_A, 0, CONSTANT, 0, 96)), ACCEL_STATUS_PERMISSION);
		CU_ASSERT_EQUAL(run(copy_of(BANK_0, 0, CONSTANT, 5, 1)), ACCEL_STATUS_PERMISSION);
		CU_ASSERT_EQUAL(run(copy_of(CONSTANT, 0, CONSTANT, 0, 1)), ACCEL_STATUS_PERMISSION);
		CU_ASSERT_EQUAL(run(fill_of(CONSTANT, 65536, 1, 0)), ACCEL_STATUS_PERMISSION);
	}
	op = copy_of(HOST_A, 0, CONSTANT, 0, 4096);
	op.flags = ACCEL_OP_FENCE;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_PERMISSION);
	check_world();
	close_world();
}

static void
malformed_ops(void)
{
	struct accel_op op, copy, fill;
	int i;

	open_world(WORLD, 1, 0);
	copy = copy_of(HOST_A, 0, HOST_B, 0, 64);
	fill = fill_of(HOST_B, 0, 64, 1);
	for (i = 0; i < 256; i++) {
		op = copy;
		op.type = (uint8_t)i;
		if (i != ACCEL_OP_COPY && i != ACCEL_OP_FILL)
			CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_INVALID);
		op = i % 2 == 0 ? copy : fill;
		op.flags = (uint8_t)i;
		if ((i & ~ACCEL_OP_FENCE) != 0)
			CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_INVALID);
	}
	op = copy;
	op.ext = &op;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_INVALID);
	op = fill;
	op.ext = &op;
	CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_INVALID);
	copy.len = 0;
	fill.len = 0;
	CU_ASSERT_EQUAL(run(copy), ACCEL_STATUS_LENGTH);
	CU_ASSERT_EQUAL(run(fill), ACCEL_STATUS_LENGTH);
	copy.flags = ACCEL_OP_FENCE;
	CU_ASSERT_EQUAL(run(copy), ACCEL_STATUS_LENGTH);
	CU_ASSERT_EQUAL(run(copy_of(BANK_0, 0, BANK_1, 0, 0)), ACCEL_STATUS_LENGTH);
	check_world();
	close_world();
}

/* What the device remembers of translations must go with the mapping. */
static void
access_ends_with_the_buffer(void)
{
	struct accel_buf *buf;
	struct accel_op op, back;
	uint64_t before;
	int i;

	open_world(WORLD, 1, 0);
	for (i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL(accel_buf_alloc(w.dev, 5000, 0, ACCEL_BUF_ISOLATED, &buf), 0);
		op = copy_of(HOST_A, 0, HOST_A, 0, 5000);
		op.dst = buf->iova;
		back = op;
		back.dst = op.src;
		back.src = op.dst;
		/* The translation that was used last is the one that is remembered. */
		CU_ASSERT_EQUAL(run(i % 2 == 0 ? op : back), ACCEL_STATUS_SUCCESS);
		CU_ASSERT_EQUAL(run(i % 2 == 0 ? back : op), ACCEL_STATUS_SUCCESS);
		before = soft_info(w.dev).mapped_bytes;
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		CU_ASSERT_EQUAL(soft_info(w.dev).mapped_bytes, before - 8192);
		CU_ASSERT_EQUAL(run(i % 2 == 0 ? back : op), ACCEL_STATUS_BAD_ADDRESS);
		CU_ASSERT_EQUAL(run(op), ACCEL_STATUS_BAD_ADDRESS);
		CU_ASSERT_EQUAL(run(back), ACCEL_STATUS_BAD_ADDRESS);
	}
	check_world();
	close_world();
}

/*
 * A long random run: good and bad ops of all kinds, in flight together on several queue pairs, each
 * of which has a part of every area for itself. Where order matters an op has a fence.
 */

struct pending {
	struct accel_op op;
	uint8_t want;
};

static struct {
	struct pending ring[N_QPS][MAX_OPS];
	unsigned int head[N_QPS], tail[N_QPS];
	uint64_t bytes[N_QPS], errors[N_QPS], rejected[N_QPS];
} flight;

static uint64_t
random_len(uint64_t max)
{
	switch (below(8)) {
	case 0:
		return 1 + below(RTE_MIN(max, 9u));
	case 1:
		return 1 + below(max);
	default:
		return 1 + below(RTE_MIN(max, 600u));
	}
}

static uint64_t
random_place(int area, unsigned int qp, uint64_t len)
{
	uint64_t part = w.areas[area].len / N_QPS;

	return qp * part + below(part - len + 1);
}

/* Spoil a good op: the status that it will have. */
static uint8_t
spoil(struct accel_op *op)
{
	switch (below(9)) {
	case 0:
		op->len = 0;
		return ACCEL_STATUS_LENGTH;
	case 1:
		op->type = (uint8_t)(3 + below(253));
		return ACCEL_STATUS_INVALID;
	case 2:
		op->flags |= (uint8_t)(2u << below(7));
		return ACCEL_STATUS_INVALID;
	case 3:
		op->ext = op;
		return ACCEL_STATUS_INVALID;
	case 4:
		op->dst_space = ACCEL_SPACE_BANK(2 + below(1000));
		return ACCEL_STATUS_BAD_ADDRESS;
	case 5:
		op->dst_space = ACCEL_SPACE_BANK(below(2));
		op->dst = BANK_LEN - op->len + 1 + below(10);
		return ACCEL_STATUS_BAD_ADDRESS;
	case 6:
		op->dst_space = ACCEL_SPACE_HOST;
		op->dst = below(1 << 20);
		return ACCEL_STATUS_BAD_ADDRESS;
	case 7:
		op->dst_space = ACCEL_SPACE_HOST;
		op->dst = w.bufs[CONSTANT]->iova + below(65537 - op->len);
		return ACCEL_STATUS_PERMISSION;
	default:
		op->len = UINT64_MAX - below(1000);
		return ACCEL_STATUS_BAD_ADDRESS;
	}
}

static void
random_op(struct pending *p, unsigned int qp)
{
	static const int writable[] = { HOST_A, HOST_B, IMPORTED, BANK_0, BANK_1, HOST_A };
	int src = (int)below(N_AREAS), dst = writable[below(RTE_DIM(writable))];
	uint64_t part = RTE_MIN(w.areas[src].len, w.areas[dst].len) / N_QPS;
	uint64_t len = random_len(part);

	if (below(4) == 0)
		p->op = fill_of(dst, random_place(dst, qp, len), len, soft_random(&w.random));
	else
		p->op = copy_of(src, random_place(src, qp, len), dst, random_place(dst, qp, len),
				len);
	p->op.user_data = soft_random(&w.random);
	p->want = ACCEL_STATUS_SUCCESS;
	if (below(8) == 0)
		p->want = spoil(&p->op);
	if (flight.head[qp] != flight.tail[qp] || below(2) == 0)
		p->op.flags |= ACCEL_OP_FENCE;
}

static void
enqueue_random(unsigned int qp)
{
	struct accel_op *list[MAX_OPS / 2];
	unsigned int room = 32 - (flight.tail[qp] - flight.head[qp]);
	unsigned int i, n = (unsigned int)below(RTE_DIM(list)) + 1, taken;
	struct pending made[RTE_DIM(list)];

	for (i = 0; i < n; i++) {
		struct pending *p = &flight.ring[qp][(flight.tail[qp] + i) % MAX_OPS];

		random_op(p, qp);
		if (i > 0)
			p->op.flags |= ACCEL_OP_FENCE;
		made[i] = *p;
		list[i] = &p->op;
	}
	taken = accel_enqueue_burst(w.dev, (uint16_t)qp, list, (uint16_t)n);
	CU_ASSERT_EQUAL_FATAL(taken, RTE_MIN(n, room));
	for (i = 0; i < taken; i++) {
		if (made[i].want == ACCEL_STATUS_SUCCESS)
			apply(&made[i].op);
	}
	flight.tail[qp] += taken;
	flight.rejected[qp] += n - taken;
}

static unsigned int
dequeue_random(unsigned int qp)
{
	struct accel_op *list[MAX_OPS];
	uint16_t i, n = accel_dequeue_burst(w.dev, (uint16_t)qp, list, (uint16_t)below(MAX_OPS));

	for (i = 0; i < n; i++) {
		struct pending *p = &flight.ring[qp][flight.head[qp]++ % MAX_OPS];

		CU_ASSERT_PTR_EQUAL(list[i], &p->op);
		CU_ASSERT_EQUAL(list[i]->status, p->want);
		if (p->want == ACCEL_STATUS_SUCCESS)
			flight.bytes[qp] += p->op.len;
		else
			flight.errors[qp]++;
	}
	return n;
}

static void
drain_random(void)
{
	unsigned int qp;

	for (qp = 0; qp < N_QPS; qp++) {
		while (flight.head[qp] != flight.tail[qp])
			dequeue_random(qp);
	}
}

static void
random_workload(void)
{
	struct accel_qp_stats stats;
	unsigned int done = 0, qp, checked = 0;

	open_world(WORLD, N_QPS + 1, 32);
	memset(&flight, 0, sizeof(flight));
	w.random = 20260729;
	while (done < N_RANDOM) {
		qp = (unsigned int)below(N_QPS);
		if (below(2) == 0)
			enqueue_random(qp);
		else
			done += dequeue_random(qp);
		if (done / 10000 > checked) {
			checked = done / 10000;
			drain_random();
			/* Not the banks: looking at them would disturb the counters. */
			CU_ASSERT_EQUAL(memcmp(w.areas[HOST_A].host, w.areas[HOST_A].model,
					w.areas[HOST_A].len), 0);
		}
	}
	drain_random();
	for (qp = 0; qp < N_QPS; qp++) {
		CU_ASSERT_EQUAL(accel_qp_stats_get(w.dev, (uint16_t)qp, &stats), 0);
		if (qp == 0) { /* it initialised the two banks */
			stats.enqueued -= 2;
			stats.dequeued -= 2;
			stats.bytes -= 2 * BANK_LEN;
		}
		CU_ASSERT_EQUAL(stats.enqueued, flight.tail[qp]);
		CU_ASSERT_EQUAL(stats.dequeued, flight.tail[qp]);
		CU_ASSERT_EQUAL(stats.bytes, flight.bytes[qp]);
		CU_ASSERT_EQUAL(stats.errors, flight.errors[qp]);
		CU_ASSERT_EQUAL(stats.rejected, flight.rejected[qp]);
	}
	check_world();
	close_world();
}

static const struct test_case cases[] = {
	{ "copies between all spaces", copies_between_all_spaces },
	{ "copies at the ends", copies_at_the_ends },
	{ "fills of odd length", fills_of_odd_length },
	{ "overlap is memmove", overlap_is_memmove },
	{ "fence is accepted", fence_is_accepted },
	{ "bad addresses", bad_addresses },
	{ "bad bank ranges", bad_bank_ranges },
	{ "read-only is not written", read_only_is_not_written },
	{ "malformed ops", malformed_ops },
	{ "access ends with the buffer", access_ends_with_the_buffer },
	{ "random workload", random_workload },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "op", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
