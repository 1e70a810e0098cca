/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_bench.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 20
#define PAGE   4096

#define RW (IOSPACE_READ | IOSPACE_WRITE)

const char *bench_async = "thread";

static const char *
get_arg(const void *ctx, const char *key)
{
	if (strcmp(key, "async") == 0)
		return bench_async;
	return strcmp(key, "cores") == 0 ? ctx : NULL;
}

static void
map_at(struct bench *b, unsigned char *va, uint32_t len, uint64_t iova, unsigned int access)
{
	struct iospace_request req = { .va = va, .len = len, .access = access,
		.flags = IOSPACE_FIXED };

	CU_ASSERT_EQUAL_FATAL(iospace_map(b->ios, &req, &iova), 0);
}

int
bench_try(const char *cores)
{
	const struct bus_args args = { .get = get_arg, .ctx = cores };
	struct bus_dev *d;
	int ret = bus_find("sim")->open("npu", &args, &d);

	if (ret == 0)
		d->ops->close(d);
	return ret;
}

static struct bench *
open_unmapped(const char *name, unsigned int cores)
{
	char text[16];
	const struct bus_args args = { .get = get_arg, .ctx = text };
	struct bus_attach_conf conf = { .name = name, .window = { 0, UINT64_MAX } };
	struct bench *b = calloc(1, sizeof(*b));

	CU_ASSERT_FATAL(b != NULL);
	snprintf(text, sizeof(text), "%u", cores);
	b->name = name;
	CU_ASSERT_EQUAL_FATAL(bus_find("sim")->open(name, &args, &b->d), 0);
	CU_ASSERT_EQUAL_FATAL(b->d->ops->attach(b->d, &conf, &b->ios), 0);
	CU_ASSERT_EQUAL(bus_set_master(b->d, true), 0);
	b->mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(b->mem != MAP_FAILED);
	golden_make(&b->golden);
	return b;
}

struct bench *
bench_open(const char *name, unsigned int cores)
{
	struct bench *b = open_unmapped(name, cores);

	map_at(b, b->mem, MEM_SIZE, MEM_IOVA, RW);
	return b;
}

struct bench *
bench_open_pages(const char *name, unsigned int cores)
{
	struct bench *b = open_unmapped(name, cores);
	uint32_t at;

	for (at = 0; at < CORE_SIZE; at += PAGE)
		map_at(b, b->mem + CORE_SIZE - PAGE - at, PAGE, MEM_IOVA + at, RW);
	return b;
}

void
bench_close(struct bench *b)
{
	CU_ASSERT_EQUAL(b->d->ops->detach(b->d), 0);
	iospace_destroy(b->ios);
	b->d->ops->close(b->d);
	munmap(b->mem, MEM_SIZE);
	free(b);
}

void
bench_remap(struct bench *b, uint32_t from, uint32_t len, unsigned int access)
{
	struct iospace_entry entry;

	while (iospace_next(b->ios, MEM_IOVA, &entry) == 0)
		CU_ASSERT_EQUAL_FATAL(iospace_unmap(b->ios, entry.iova, entry.len), 0);
	if (from != 0)
		map_at(b, b->mem, from, MEM_IOVA, RW);
	if (access != 0)
		map_at(b, b->mem + from, len, MEM_IOVA + from, access);
	from += len;
	if (from < MEM_SIZE)
		map_at(b, b->mem + from, MEM_SIZE - from, MEM_IOVA + from, RW);
}

void
bench_map(struct bench *b, uint32_t from, uint32_t len, uint32_t window, unsigned int access)
{
	map_at(b, b->mem + from, len, ((uint64_t)window << 32) + MEM_AT + from, access);
}

/*
 * Registers
 */

uint32_t
bench_get(struct bench *b, uint32_t off)
{
	uint32_t value = 0;

	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, off, &value, 4), 0);
	return value;
}

void
bench_set(struct bench *b, uint32_t off, uint32_t value)
{
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, off, &value, 4), 0);
}

static void
set_64(struct bench *b, uint32_t off, uint64_t value)
{
	bench_set(b, off, (uint32_t)value);
	bench_set(b, off + 4, (uint32_t)(value >> 32));
}

/*
 * Programs
 */

static void
set_places(struct bench *b, unsigned int core, unsigned int n)
{
	uint32_t reg;

	bench_set(b, R_CORE(core) + R_COUNT, n);
	set_64(b, R_CORE(core) + R_INSN, MEM_IOVA + core * CORE_SIZE + AT_INSN);
	for (reg = R_UOP; reg <= R_OUT; reg += 8)
		set_64(b, R_CORE(core) + reg, WINDOW);
}

void
bench_put(struct bench *b, unsigned int core, const struct ref_insn *insns, unsigned int n)
{
	uint64_t bits[2];
	unsigned int i;

	for (i = 0; i < n; i++) {
		ref_encode(&insns[i], bits);
		memcpy(bench_mem(b, core, AT_INSN + 16 * i), bits, sizeof(bits));
	}
	set_places(b, core, n);
}

static struct golden_places
places_of(unsigned int core)
{
	uint32_t base = MEM_AT + core * CORE_SIZE;

	return (struct golden_places){ .uop = base + AT_UOP, .acc = base + AT_BIAS,
		.inp = base + AT_A, .wgt = base + AT_W, .out = base + AT_OUT };
}

void
bench_put_golden(struct bench *b, unsigned int core)
{
	struct golden_places places = places_of(core);
	const struct golden *g = &b->golden;
	uint64_t bits[GOLDEN_INSNS][2];

	golden_place(&places, bits);
	memcpy(bench_mem(b, core, AT_INSN), bits, sizeof(bits));
	memcpy(bench_mem(b, core, AT_UOP), g->uops, sizeof(g->uops));
	memcpy(bench_mem(b, core, AT_BIAS), g->bias, sizeof(g->bias));
	memcpy(bench_mem(b, core, AT_A), g->a, sizeof(g->a));
	memcpy(bench_mem(b, core, AT_W), g->tiles, sizeof(g->tiles));
	memset(bench_mem(b, core, AT_OUT), 0xee, sizeof(g->out));
	set_places(b, core, GOLDEN_INSNS);
}

bool
bench_golden_is_good(struct bench *b, unsigned int core)
{
	return memcmp(bench_mem(b, core, AT_OUT), b->golden.out, sizeof(b->golden.out)) == 0 &&
			*bench_mem(b, core, AT_OUT + sizeof(b->golden.out)) == 0;
}

void
bench_launch(struct bench *b, unsigned int core)
{
	bench_set(b, R_CORE(core) + R_CONTROL, 1);
}

void
bench_run_endless(struct bench *b, unsigned int core)
{
	const struct ref_insn insns[] = {
		{ .op = OP_GEMM, .end = 4096, .out = 16383, .in = 16383 },
		{ .op = OP_FINISH },
	};
	unsigned int i;

	bench_put(b, core, insns, 2);
	bench_launch(b, core);
	for (i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(bench_get(b, R_CORE(core) + R_CONTROL), 1);
}

bool
bench_wait(struct bench *b, unsigned int core)
{
	struct timespec now;
	time_t until = 0;

	while (bench_get(b, R_CORE(core) + R_CONTROL) != 2) {
		sched_yield();
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (until == 0)
			until = now.tv_sec + WAIT_S;
		if (now.tv_sec >= until)
			return false;
	}
	return true;
}

void
bench_run(struct bench *b, unsigned int core, uint32_t error, uint32_t insn)
{
	bench_launch(b, core);
	CU_ASSERT_FATAL(bench_wait(b, core));
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR(core)), error);
	CU_ASSERT_EQUAL(bench_get(b, R_ERROR_INSN(core)), insn);
}

void
bench_spend(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < 50; i++)
		(void)bench_get(b, R_ID);
	if (strcmp(bench_async, "thread") == 0)
		usleep(2000);
}
