/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "afu_bench.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "edu_dev.h"
#include "harness.h"

#define WAIT_S 10

const char *bench_async = "thread";

static const char *
get_arg(const void *ctx, const char *key)
{
	return strcmp(key, "async") == 0 ? ctx : NULL;
}

static void
map_at(struct bench *b, void *va, size_t len, uint64_t iova, unsigned int access)
{
	struct iospace_request req = { .va = va, .len = len, .access = access,
		.flags = IOSPACE_FIXED };

	CU_ASSERT_EQUAL_FATAL(iospace_map(b->ios, &req, &iova), 0);
}

/* Filled once: a pattern takes long under a sanitizer. */
static const unsigned char *
pattern(unsigned int seed)
{
	static unsigned char patterns[2][DATA_SIZE];
	static bool filled[2];

	if (!filled[seed - 1])
		edu_fill(patterns[seed - 1], DATA_SIZE, seed);
	filled[seed - 1] = true;
	return patterns[seed - 1];
}

/* With the pattern 1 or 2, or 0. */
static unsigned char *
new_memory(size_t len, unsigned int seed)
{
	unsigned char *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	if (seed != 0)
		memcpy(va, pattern(seed), len);
	return va;
}

struct bench *
bench_open(const char *name)
{
	const struct bus_args args = { .get = get_arg, .ctx = bench_async };
	struct bus_attach_conf conf = { .name = name, .window = { 0, UINT64_MAX } };
	struct bench *b = calloc(1, sizeof(*b));

	CU_ASSERT_FATAL(b != NULL);
	b->name = name;
	CU_ASSERT_EQUAL_FATAL(bus_find("sim")->open(name, &args, &b->d), 0);
	CU_ASSERT_EQUAL_FATAL(b->d->ops->attach(b->d, &conf, &b->ios), 0);
	CU_ASSERT_EQUAL(bus_set_master(b->d, true), 0);
	b->src = new_memory(DATA_SIZE, 1);
	b->want_src = new_memory(DATA_SIZE, 1);
	b->dst = new_memory(DATA_SIZE, 2);
	b->want_dst = new_memory(DATA_SIZE, 2);
	b->dsm = new_memory(DSM_SIZE, 0);
	b->want_dsm = new_memory(DSM_SIZE, 0);
	map_at(b, b->src, DATA_SIZE, SRC, IOSPACE_READ | IOSPACE_WRITE);
	map_at(b, b->dst, DATA_SIZE, DST, IOSPACE_READ | IOSPACE_WRITE);
	map_at(b, b->dsm, DSM_SIZE, DSM, IOSPACE_WRITE);
	return b;
}

void
bench_close(struct bench *b)
{
	CU_ASSERT_EQUAL(b->d->ops->detach(b->d), 0);
	iospace_destroy(b->ios);
	b->d->ops->close(b->d);
	munmap(b->src, DATA_SIZE);
	munmap(b->want_src, DATA_SIZE);
	munmap(b->dst, DATA_SIZE);
	munmap(b->want_dst, DATA_SIZE);
	munmap(b->dsm, DSM_SIZE);
	munmap(b->want_dsm, DSM_SIZE);
	free(b);
}

void
bench_remap(struct bench *b, uint64_t iova, size_t from, size_t to, unsigned int access)
{
	struct iospace_entry entry;

	while (iospace_next(b->ios, iova, &entry) == 0 && entry.iova < iova + DATA_SIZE)
		CU_ASSERT_EQUAL_FATAL(iospace_unmap(b->ios, entry.iova, entry.len), 0);
	map_at(b, (iova == SRC ? b->src : b->dst) + from, to - from, iova + from, access);
}

/*
 * Registers
 */

uint64_t
bench_get(struct bench *b, uint64_t off)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, off, &value, 8), 0);
	return value;
}

uint32_t
bench_get32(struct bench *b, uint64_t off)
{
	uint32_t value = 0;

	CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, off, &value, 4), 0);
	return value;
}

void
bench_set(struct bench *b, uint64_t off, uint64_t value)
{
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, off, &value, 8), 0);
}

void
bench_set32(struct bench *b, uint64_t off, uint32_t value)
{
	CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, off, &value, 4), 0);
}

/*
 * Memory
 */

uint64_t
bench_field(struct bench *b, unsigned int off, unsigned int len)
{
	uint64_t value = 0;

	memcpy(&value, b->dsm + off, len);
	return value;
}

/* As a program polls: what the device writes meanwhile is no race that ThreadSanitizer may tell. */
static __attribute__((no_sanitize("thread"))) bool
is_done(const unsigned char *line)
{
	return (*(const volatile unsigned char *)line & 1) != 0;
}

/* Whether to go on waiting: 10 s at most from the first call with 0. */
static bool
have_time(time_t *until)
{
	struct timespec now;

	sched_yield();
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (*until == 0)
		*until = now.tv_sec + WAIT_S;
	return now.tv_sec < *until;
}

bool
bench_wait(struct bench *b, unsigned int at)
{
	time_t until = 0;

	while (!is_done(b->dsm + at) && have_time(&until))
		(void)bench_get(b, R_STATUS1);
	/* Behind this access the line is whole. */
	(void)bench_get(b, R_STATUS1);
	return is_done(b->dsm + at);
}

bool
bench_wait_bits(struct bench *b, uint64_t off, uint64_t bits)
{
	time_t until = 0;

	while ((bench_get(b, off) & bits) == 0) {
		if (!have_time(&until))
			return false;
	}
	return true;
}

bool
bench_wait_lines(struct bench *b, uint32_t reads, uint32_t writes)
{
	uint64_t before = bench_get(b, R_STATUS0), now = before;
	time_t until = 0;

	while ((now >> 32) - (before >> 32) < reads ||
			(uint32_t)now - (uint32_t)before < writes) {
		if (!have_time(&until))
			return false;
		now = bench_get(b, R_STATUS0);
	}
	return true;
}

void
bench_spend(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < 500; i++)
		(void)bench_get(b, R_STATUS1);
	if (strcmp(bench_async, "thread") == 0)
		usleep(2000);
	(void)bench_get(b, R_STATUS1);
}

bool
bench_memory_is_good(struct bench *b, unsigned int at)
{
	memcpy(b->want_dsm + at, b->dsm + at, LINE);
	return memcmp(b->src, b->want_src, DATA_SIZE) == 0 &&
			memcmp(b->dst, b->want_dst, DATA_SIZE) == 0 &&
			memcmp(b->dsm, b->want_dsm, DSM_SIZE) == 0;
}

void
bench_take_status(struct bench *b, unsigned int at)
{
	memset(b->dsm + at, 0, LINE);
	memset(b->want_dsm + at, 0, LINE);
}
