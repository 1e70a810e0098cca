/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "test_afu_models.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "edu_dev.h"

/* The models of HE-LB and HE-MEM, and what they do with data. */

enum mode { LPBK, READ, WRITE, TRPUT };

#define MODE(m)     ((uint64_t)(m) << 2)
#define REQ_LEN(l)  ((uint64_t)((l) & 3) << 5 | (uint64_t)((l) >> 2) << 30)
#define CONT        0x2
#define ATOMIC      0x80
#define ATOMIC_8    0x100
#define FUNCTION(f) ((uint64_t)(f) << 9)
#define IRQ_ERROR   (UINT64_C(1) << 28)
#define IRQ_DONE    (UINT64_C(1) << 29)

/* What a test does to memory, written without regard to how the model does it. */
struct result {
	uint64_t reads, writes, ticks;
};

static void
model_request(struct bench *b, struct result *r, enum mode mode, uint32_t line, uint32_t beat,
		size_t src, size_t dst)
{
	uint32_t pattern[16] = { beat, 0xfeedf00d, 0xfeedf00d, 0xfeedf00d, 0xfeedf00d };

	if (mode == LPBK)
		memcpy(b->want_dst + dst + line * LINE, b->want_src + src + line * LINE, LINE);
	else if (mode != READ)
		memcpy(b->want_dst + dst + line * LINE, pattern, LINE);
	r->reads += mode != WRITE;
	r->writes += mode != READ;
	r->ticks += mode == TRPUT ? 2 : 1;
}

static struct result
expected(struct bench *b, enum mode mode, unsigned int req_len, uint32_t num, size_t src,
		size_t dst)
{
	uint32_t size = 1u << req_len, requests, i, beat;
	struct result r = { .ticks = 1 };

	if (mode == TRPUT)
		num >>= 1;
	requests = (num >> req_len) + 1;
	for (i = 0; i < requests; i++) {
		for (beat = 0; beat < size; beat++)
			model_request(b, &r, mode, (i * size) % 1024 + beat, beat, src, dst);
	}
	return r;
}

static struct bench *
begin(const char *name)
{
	struct bench *b = bench_open(name);

	bench_set32(b, 0x110, (uint32_t)(DSM / LINE));
	bench_set32(b, 0x114, (uint32_t)(DSM / LINE >> 32));
	return b;
}

static void
prepare(struct bench *b, uint64_t src, uint64_t dst, uint32_t num, uint64_t cfg)
{
	bench_take_status(b, 0);
	bench_set32(b, R_CTL, 0);
	bench_set32(b, R_CTL, 1);
	bench_set(b, R_SRC, src / LINE);
	bench_set(b, R_DST, dst / LINE);
	bench_set(b, R_LINES, num);
	bench_set(b, R_CFG, cfg);
}

static void
start(struct bench *b, uint64_t src, uint64_t dst, uint32_t num, uint64_t cfg)
{
	prepare(b, src, dst, num, cfg);
	bench_set32(b, R_CTL, 3);
}

/* All 64 bytes of the status line, and the registers. */
static void
expect_status(struct bench *b, unsigned int number, uint32_t error, const struct result *r)
{
	CU_ASSERT(bench_memory_is_good(b, 0));
	CU_ASSERT_EQUAL(bench_field(b, 0, 2), number << 1 | 1);
	CU_ASSERT_EQUAL(bench_field(b, 2, 2), 0);
	CU_ASSERT_EQUAL(bench_field(b, 4, 4), error);
	CU_ASSERT_EQUAL(bench_field(b, 8, 5), r->ticks);
	CU_ASSERT_EQUAL(bench_field(b, 13, 3), 0); /* reads and writes, 39:32 */
	CU_ASSERT_EQUAL(bench_field(b, 16, 4), r->reads);
	CU_ASSERT_EQUAL(bench_field(b, 20, 4), r->writes);
	CU_ASSERT_EQUAL(bench_field(b, 24, 8) | bench_field(b, 32, 8) | bench_field(b, 40, 8) |
			bench_field(b, 48, 8) | bench_field(b, 56, 8), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), r->reads << 32 | (r->writes + 1));
	CU_ASSERT_EQUAL(bench_get(b, R_STATUS1), 0);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR), error);
}

/* The accesses of host_exerciser, with an interrupt, twice. */
static void
as_host_exerciser(void)
{
	int fds[8], none = 0;
	struct bench *b = bench_open("he-lb");
	struct result r;
	unsigned int i, round;

	for (i = 0; i < 8; i++)
		fds[i] = edu_eventfd();
	CU_ASSERT_EQUAL(b->d->ops->irq_set(b->d, BUS_IRQ_MSIX, 0, 8, fds), 0);
	for (round = 0; round < 2; round++) {
		bench_set32(b, 0x138, 0);
		bench_set32(b, 0x138, 1);
		bench_set(b, 0x120, SRC >> 6);
		bench_set(b, 0x128, DST >> 6);
		bench_set32(b, 0x110, (uint32_t)(DSM >> 6));
		bench_set32(b, 0x114, (uint32_t)(DSM >> 38));
		bench_set(b, 0x130, 1023);
		bench_take_status(b, 0);
		bench_set(b, 0x140, IRQ_DONE);
		bench_set32(b, 0x150, (5 + round) << 16 | 3);
		bench_set32(b, 0x138, 3);
		if (strcmp(bench_async, "access") == 0)
			bench_spend(b);
		CU_ASSERT(edu_signalled(fds[5 + round], 10000));
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS1), 0);
		CU_ASSERT_EQUAL(bench_field(b, 0, 1) & 1, 1); /* was there first */
		r = expected(b, LPBK, 0, 1023, 0, 0);
		expect_status(b, round + 1, 0, &r);
		CU_ASSERT_EQUAL(bench_get(b, 0x158), 0);
		bench_set32(b, 0x138, 0);
		bench_set32(b, 0x138, 1);
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), 0);
	}
	for (i = 0; i < 8; i++) {
		none += edu_signalled(fds[i], 0);
		close(fds[i]);
	}
	CU_ASSERT_EQUAL(none, 0);
	bench_close(b);
}

static void
all_modes(void)
{
	static const uint32_t nums[] = { 0, 1, 2, 3, 15, 16, 17, 63, 64, 100, 1022, 1023, 1024,
		1500, 3000 };
	struct bench *b = begin("he-lb");
	unsigned int mode, req_len, i, number = 1;
	struct result r;

	for (mode = LPBK; mode <= TRPUT; mode++) {
		for (req_len = 0; req_len <= 4; req_len++) {
			for (i = 0; i < sizeof(nums) / sizeof(nums[0]); i++) {
				/* Places by which pages are crossed anywhere. */
				size_t src = (i * 7 + req_len) * LINE, dst = (i * 5) * LINE;

				start(b, SRC + src, DST + dst, nums[i],
						MODE(mode) | REQ_LEN(req_len));
				CU_ASSERT(bench_wait(b, 0));
				r = expected(b, (enum mode)mode, req_len, nums[i], src, dst);
				expect_status(b, number++, 0, &r);
			}
		}
	}
	bench_close(b);
}

/* The third bit of the mode: 4 does nothing, others as without it. */
static void
odd_settings(void)
{
	struct bench *b = begin("he-lb");
	unsigned int mode, number = 1, len;
	struct result r;

	for (mode = 4; mode < 8; mode++) {
		start(b, SRC, DST, 99, MODE(mode) | 1); /* with delay */
		CU_ASSERT(bench_wait(b, 0));
		r = (struct result){ .ticks = 1 };
		if (mode > 4)
			r = expected(b, (enum mode)(mode - 4), 0, 99, 0, 0);
		expect_status(b, number++, 0, &r);
	}
	for (len = 5; len < 16; len++) {
		start(b, SRC, DST, 99, REQ_LEN(len));
		CU_ASSERT(bench_wait(b, 0));
		r = (struct result){ .ticks = 1 };
		expect_status(b, number++, 0x800, &r);
	}
	bench_close(b);
}

/*
 * Atomics
 */

static uint64_t
atomic_result(unsigned int function, uint64_t old, uint64_t i, size_t len)
{
	uint64_t ones = len == 8 ? UINT64_MAX : UINT32_MAX;

	if (function == 0)
		return (old + i) & ones;
	if (function == 1)
		return i;
	return old == i ? ~i & ones : old;
}

static struct result
expected_atomics(struct bench *b, unsigned int function, size_t len, uint32_t num)
{
	struct result r = { .ticks = 1 };
	uint64_t i, old, value;
	size_t at;

	for (i = 0; i <= num; i++) {
		at = (i % 1024) * LINE;
		old = 0;
		memcpy(&old, b->want_src + at, len);
		value = atomic_result(function, old, i % 1024, len);
		memcpy(b->want_src + at, &value, len);
		memcpy(b->want_dst + at, &old, len);
		r.reads++;
		r.writes += 2;
		r.ticks++;
	}
	return r;
}

static void
atomics(void)
{
	static const uint32_t nums[] = { 0, 5, 64, 1023, 1030 };
	struct bench *b = begin("he-lb");
	unsigned int function, wide, i, line, number = 1;
	struct result r;

	for (function = 0; function < 3; function++) {
		for (wide = 0; wide < 2; wide++) {
			for (i = 0; i < 5; i++) {
				/* A third is what CAS compares with; others have carries. */
				for (line = 0; line < 1024; line++) {
					uint64_t v = line % 3 == 0 ? line : ~UINT64_C(0) - line / 2;

					memcpy(b->src + line * LINE, &v, 8);
					memcpy(b->want_src + line * LINE, &v, 8);
				}
				start(b, SRC, DST, nums[i], ATOMIC | (wide ? ATOMIC_8 : 0) |
						FUNCTION(function));
				CU_ASSERT(bench_wait(b, 0));
				r = expected_atomics(b, function, wide ? 8 : 4, nums[i]);
				expect_status(b, number++, 0, &r);
			}
		}
	}
	bench_close(b);
}

/* With other modes: reads alone, or next to them. */
static void
atomics_and_reads(void)
{
	struct bench *b = begin("he-lb");
	struct result r, both;

	start(b, SRC, DST, 200, ATOMIC | MODE(READ) | REQ_LEN(2));
	CU_ASSERT(bench_wait(b, 0));
	r = expected(b, READ, 2, 200, 0, 0);
	expect_status(b, 1, 0, &r);
	start(b, SRC, DST, 200, ATOMIC | MODE(TRPUT));
	CU_ASSERT(bench_wait(b, 0));
	r = expected(b, READ, 0, 200, 0, 0);
	both = expected_atomics(b, 0, 4, 200);
	both.reads += r.reads;
	both.ticks += r.ticks - 1;
	expect_status(b, 2, 0, &both);
	start(b, SRC, DST, 200, ATOMIC | MODE(WRITE) | REQ_LEN(1));
	CU_ASSERT(bench_wait(b, 0));
	r = expected_atomics(b, 0, 4, 100);
	expect_status(b, 3, 0, &r);
	bench_close(b);
}

/*
 * Continuous
 */

static void
run_and_stop(struct bench *b, uint32_t num, uint64_t cfg, uint32_t reads, uint32_t writes)
{
	start(b, SRC, DST, num, cfg | CONT);
	CU_ASSERT(bench_wait_lines(b, reads, writes));
	CU_ASSERT_EQUAL(bench_field(b, 0, 8), 0);
	bench_set32(b, R_CTL, 5);
	CU_ASSERT(bench_wait(b, 0));
}

static void
until_stopped(void)
{
	struct bench *b = begin("he-lb");
	unsigned int mode, req_len, number = 1;
	struct result r;

	for (mode = LPBK; mode <= TRPUT; mode++) {
		for (req_len = 0; req_len <= 4; req_len += 2) {
			run_and_stop(b, 200, MODE(mode) | REQ_LEN(req_len),
					mode != WRITE ? 1000 : 0, mode != READ ? 1000 : 0);
			expected(b, (enum mode)mode, req_len, 200, 0, 0);
			r.reads = bench_field(b, 16, 4);
			r.writes = bench_field(b, 20, 4);
			r.ticks = 1 + (mode == LPBK ? r.reads : r.reads + r.writes);
			CU_ASSERT(mode != WRITE || r.reads == 0);
			CU_ASSERT(mode != READ || r.writes == 0);
			CU_ASSERT(mode != LPBK || r.reads == r.writes);
			/* Whole requests. */
			CU_ASSERT_EQUAL((r.reads | r.writes) & ((1u << req_len) - 1), 0);
			expect_status(b, number++, 0, &r);
		}
	}
	/* A stop from the beginning leaves one request to each direction. */
	prepare(b, SRC, DST, 200, MODE(TRPUT) | REQ_LEN(3) | CONT);
	bench_set32(b, R_CTL, 7);
	CU_ASSERT(bench_wait(b, 0));
	r = expected(b, TRPUT, 3, 8, 0, 0);
	CU_ASSERT_EQUAL(r.reads, 8);
	expect_status(b, number, 0, &r);
	bench_close(b);
}

/* They change the source only. */
static void
atomics_until_stopped(void)
{
	struct bench *b = begin("he-lb");

	run_and_stop(b, 50, ATOMIC | FUNCTION(1), 100, 100);
	memcpy(b->want_src, b->src, 51 * LINE); /* all lines, by the next */
	CU_ASSERT_EQUAL(b->src[50 * LINE], 50);
	CU_ASSERT_EQUAL(b->src[50 * LINE + 1], 0);
	CU_ASSERT(bench_memory_is_good(b, 0));
	CU_ASSERT_EQUAL(bench_field(b, 16, 4), bench_field(b, 20, 4));
	bench_close(b);
}

/* Without CTL 0 between them, counts go on. */
static void
started_again(void)
{
	struct bench *b = begin("he-lb");
	struct result r, more;

	start(b, SRC, DST, 99, 0);
	CU_ASSERT(bench_wait(b, 0));
	r = expected(b, LPBK, 0, 99, 0, 0);
	expect_status(b, 1, 0, &r);
	bench_take_status(b, 0);
	bench_set32(b, R_CTL, 1);
	bench_set(b, R_CFG, MODE(WRITE));
	bench_set32(b, R_CTL, 3);
	CU_ASSERT(bench_wait(b, 0));
	more = expected(b, WRITE, 0, 99, 0, 0);
	r.writes += more.writes + 1;
	r.ticks += more.ticks;
	expect_status(b, 2, 0, &r);

	/* A second edge while it runs is none. */
	start(b, SRC, DST, 1023, CONT);
	bench_set32(b, R_CTL, 1);
	bench_set(b, R_CFG, MODE(READ)); /* open, but what runs has its own */
	bench_set32(b, R_CTL, 3);
	CU_ASSERT(bench_wait_lines(b, 2000, 2000));
	bench_set32(b, R_CTL, 5);
	CU_ASSERT(bench_wait(b, 0));
	CU_ASSERT_EQUAL(bench_field(b, 16, 4), bench_field(b, 20, 4));
	CU_ASSERT_EQUAL(bench_field(b, 0, 2), 3 << 1 | 1);
	bench_close(b);
}

/*
 * Faults and interrupts
 */

static void
expect_fault(struct bench *b, uint32_t error, uint64_t reads, uint64_t writes, uint64_t iova)
{
	struct devmodel_fault last = { 0 };

	CU_ASSERT(bench_wait(b, 0));
	CU_ASSERT(bench_memory_is_good(b, 0));
	CU_ASSERT_EQUAL(bench_field(b, 4, 4), error);
	CU_ASSERT_EQUAL(bench_field(b, 16, 4), reads);
	CU_ASSERT_EQUAL(bench_field(b, 20, 4), writes);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR), error);
	CU_ASSERT_EQUAL(devmodel_faults(b->name, &last), 1);
	CU_ASSERT_EQUAL(last.iova, iova);
	CU_ASSERT_EQUAL(last.write, error == 0x200);
	bench_close(b);
}

/* Line 100 is in the page that is not there. */
static void
faults(void)
{
	const size_t at = 16 * PAGE - 100 * LINE;
	unsigned int req_len;
	struct bench *b;

	for (req_len = 0; req_len <= 4; req_len++) {
		b = begin("he-lb");
		bench_remap(b, SRC, 0, 16 * PAGE, IOSPACE_READ);
		start(b, SRC + at, DST + 33 * LINE, 500, REQ_LEN(req_len));
		memcpy(b->want_dst + 33 * LINE, b->src + at, 100 * LINE);
		expect_fault(b, 0x100, 100, 100, SRC + 16 * PAGE);

		b = begin("he-lb");
		bench_remap(b, DST, 0, 16 * PAGE, IOSPACE_WRITE);
		start(b, SRC + 33 * LINE, DST + at, 500, REQ_LEN(req_len));
		memcpy(b->want_dst + at, b->src + 33 * LINE, 100 * LINE);
		expect_fault(b, 0x200, 101, 100, DST + 16 * PAGE);

		b = begin("he-lb");
		bench_remap(b, DST, 0, PAGE, IOSPACE_READ);
		start(b, SRC, DST, 500, REQ_LEN(req_len) | MODE(WRITE));
		expect_fault(b, 0x200, 0, 0, DST);

		b = begin("he-lb");
		bench_remap(b, SRC, 0, 16 * PAGE, IOSPACE_WRITE);
		start(b, SRC, DST, 500, REQ_LEN(req_len) | MODE(READ));
		expect_fault(b, 0x100, 0, 0, SRC);
	}
}

/* The second pass reads all 201 lines: 128 of them are there. */
static void
fault_of_a_second_pass(void)
{
	struct bench *b = begin("he-lb");

	bench_remap(b, SRC, 0, 2 * PAGE, IOSPACE_READ);
	start(b, SRC, DST, 200, MODE(TRPUT) | CONT);
	CU_ASSERT(bench_wait(b, 0));
	CU_ASSERT_EQUAL(bench_field(b, 4, 4), 0x100);
	CU_ASSERT_EQUAL(bench_field(b, 16, 4), 101 + 128);
	expected(b, TRPUT, 0, 200, 0, 0);
	CU_ASSERT(bench_memory_is_good(b, 0));
	bench_close(b);
}

static void
faults_of_atomics(void)
{
	struct bench *b = begin("he-lb");

	bench_remap(b, SRC, 0, PAGE, IOSPACE_READ);
	start(b, SRC, DST, 99, ATOMIC);
	expect_fault(b, 0x200, 0, 0, SRC);
	b = begin("he-lb");
	bench_remap(b, SRC, 0, PAGE, IOSPACE_READ | IOSPACE_WRITE);
	start(b, SRC, DST, 99, ATOMIC);
	expected_atomics(b, 0, 4, 63);
	expect_fault(b, 0x100, 64, 128, SRC + PAGE);
	b = begin("he-lb");
	bench_remap(b, DST, 0, PAGE, IOSPACE_WRITE);
	start(b, SRC, DST, 99, ATOMIC | FUNCTION(1));
	expected_atomics(b, 1, 4, 63);
	memcpy(b->want_src + 64 * LINE, &(uint32_t){ 64 }, 4);
	expect_fault(b, 0x200, 65, 129, DST + PAGE);
}

static void
interrupt_of(struct bench *b, uint32_t vector, uint64_t src, uint64_t cfg)
{
	prepare(b, src, DST, 9, cfg);
	bench_set32(b, R_IRQ, vector << 16);
	bench_set32(b, R_CTL, 3);
	CU_ASSERT(bench_wait(b, 0));
}

static unsigned int
signalled(const int fds[8])
{
	unsigned int i, mask = 0;

	for (i = 0; i < 8; i++)
		mask |= (unsigned int)edu_signalled(fds[i], 0) << i;
	return mask;
}

static void
interrupts(void)
{
	struct bench *b = begin("he-lb");
	unsigned int i;
	int fds[8];

	for (i = 0; i < 8; i++)
		fds[i] = edu_eventfd();
	CU_ASSERT_EQUAL(b->d->ops->irq_set(b->d, BUS_IRQ_MSIX, 0, 8, fds), 0);
	for (i = 0; i < 10; i++) {
		interrupt_of(b, i, SRC, IRQ_DONE);
		CU_ASSERT_EQUAL(signalled(fds), i < 8 ? 1u << i : 0);
		interrupt_of(b, i, SRC, IRQ_ERROR);
		CU_ASSERT_EQUAL(signalled(fds), 0);
		interrupt_of(b, i, SRC + DATA_SIZE, IRQ_ERROR);
		CU_ASSERT_EQUAL(signalled(fds), i < 8 ? 1u << i : 0);
		interrupt_of(b, i, SRC + DATA_SIZE, 0);
		CU_ASSERT_EQUAL(signalled(fds), 0);
	}
	for (i = 0; i < 8; i++)
		close(fds[i]);
	bench_close(b);
}

/*
 * HE-MEM
 */

static void
local_memory(void)
{
	struct bench *b = begin("he-mem");
	unsigned int mode, lines;
	struct result r;

	start(b, SRC, DST, 500, REQ_LEN(2));
	CU_ASSERT(bench_wait(b, 0));
	r = expected(b, LPBK, 2, 500, 0, 0);
	expect_status(b, 1, 0, &r);
	for (mode = READ; mode <= TRPUT; mode++) {
		start(b, 0, 0, 500, REQ_LEN(2) | MODE(mode)); /* no memory of the host */
		CU_ASSERT(bench_wait(b, 0));
		CU_ASSERT(bench_memory_is_good(b, 0));
		lines = mode == TRPUT ? 252 : 504;
		CU_ASSERT_EQUAL(bench_field(b, 16, 4), mode == WRITE ? 0 : lines);
		CU_ASSERT_EQUAL(bench_field(b, 20, 4), mode == READ ? 0 : lines);
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0),
				bench_field(b, 16, 4) << 32 | bench_field(b, 20, 4));
	}
	CU_ASSERT_EQUAL(devmodel_faults("he-mem", NULL), 0);
	bench_close(b);
}

const struct test_case he_cases[] = {
	{ "as host_exerciser", as_host_exerciser },
	{ "all modes", all_modes },
	{ "odd settings", odd_settings },
	{ "atomics", atomics },
	{ "atomics and reads", atomics_and_reads },
	{ "until stopped", until_stopped },
	{ "atomics until stopped", atomics_until_stopped },
	{ "started again", started_again },
	{ "faults", faults },
	{ "fault of a second pass", fault_of_a_second_pass },
	{ "faults of atomics", faults_of_atomics },
	{ "interrupts", interrupts },
	{ "local memory", local_memory },
	{ NULL, NULL },
};
