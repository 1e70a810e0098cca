/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The buffer of an address: at the edges of each kind, of memory that is several buffers', without
 * memory for the books, and beside threads that allocate, free and close.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>
#include <lib/acceldev/buf_index.h>
#include <lib/acceldev/va_table.h>

#include "eal_main.h"
#include "fail_alloc.h"
#include "soft_dev.h"

#define PAGE      4096u
#define MIB(n)    ((size_t)(n) << 20)
#define N_DEVS    4
#define N_THREADS 4

static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
		ACCEL_BUF_EXPORTABLE };

static uint16_t devs[N_DEVS];
static char memory[16 * PAGE] __attribute__((aligned(PAGE)));

static struct accel_buf *
find(const void *va)
{
	struct accel_buf_at at;

	return accel_buf_from_va(va, &at) == 0 ? at.buf : NULL;
}

/* What the books have of a page, of buffers that live or do not. */
static unsigned int
nb_entries(const void *va)
{
	const struct va_layer *layer;
	unsigned int n = 0;
	uint64_t value;

	for (layer = va_table_first(); layer != NULL; layer = va_table_next(layer))
		n += va_table_get(layer, va, &value);
	return n;
}

static char *
byte_of(const struct accel_buf *buf, size_t off)
{
	return (char *)buf->va + off;
}

static void
open_all(void)
{
	char spec[16];
	unsigned int i;

	for (i = 0; i < N_DEVS; i++) {
		snprintf(spec, sizeof(spec), "soft:%u", i);
		devs[i] = soft_open(spec);
	}
}

static void
close_all(void)
{
	unsigned int i;

	for (i = 0; i < N_DEVS; i++)
		soft_close(devs[i]);
}

static struct accel_buf *
must_alloc(uint16_t dev, size_t len, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, len, 0, flags, &buf), 0);
	return buf;
}

static struct accel_buf *
must_import(uint16_t dev, void *va, size_t len)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, len, 0, NULL, NULL, &buf), 0);
	return buf;
}

static void
must_free(struct accel_buf *buf)
{
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
}

/*
 * One thread
 */

static void
expect_whole(struct accel_buf *buf)
{
	CU_ASSERT_PTR_EQUAL(find(buf->va), buf);
	CU_ASSERT_PTR_EQUAL(find(byte_of(buf, buf->len / 2)), buf);
	CU_ASSERT_PTR_EQUAL(find(byte_of(buf, buf->len - 1)), buf);
	CU_ASSERT_PTR_NOT_EQUAL(find(byte_of(buf, buf->len)), buf);
	CU_ASSERT_PTR_NOT_EQUAL(find(byte_of(buf, 0) - 1), buf);
}

static void
edges(void)
{
	static const size_t lens[] = { 1, 64, 100, 4095, 4096, 4097, 70000, MIB(5) + 1 };
	struct accel_buf *bufs[RTE_DIM(lens)];
	unsigned int k, i;

	open_all();
	for (k = 0; k < RTE_DIM(kinds); k++) {
		for (i = 0; i < RTE_DIM(lens); i++)
			bufs[i] = must_alloc(devs[0], lens[i], kinds[k]);
		for (i = 0; i < RTE_DIM(lens); i++)
			expect_whole(bufs[i]);
		for (i = 0; i < RTE_DIM(lens); i++) {
			char *va = bufs[i]->va;

			must_free(bufs[i]);
			CU_ASSERT_PTR_NULL(find(va));
			CU_ASSERT_PTR_NULL(find(va + lens[i] - 1));
		}
	}
	close_all();
}

static void
nothing_there(void)
{
	struct accel_buf *buf;
	int local;

	open_all();
	buf = must_alloc(devs[0], 100, 0);
	CU_ASSERT_PTR_NULL(find(NULL));
	CU_ASSERT_PTR_NULL(find(&local));
	CU_ASSERT_PTR_NULL(find(memory));
	CU_ASSERT_PTR_NULL(find(buf));
	CU_ASSERT_PTR_NULL(find((void *)UINTPTR_MAX));
	CU_ASSERT_PTR_NULL(find(byte_of(buf, 100)));
	CU_ASSERT_PTR_NULL(find(byte_of(buf, MIB(1))));
	must_free(buf);
	close_all();
	CU_ASSERT_PTR_NULL(find(memory));
}

#define N_BUFS 400

/* Sizes are many, so that the cache of sizes is of little use and memory is cut and given back. */
static void
many(void)
{
	static struct accel_buf *bufs[N_BUFS];
	uint64_t state = 1234;
	unsigned int i, n, wrong = 0;

	open_all();
	for (n = 0; n < 20000; n++) {
		i = soft_random(&state) % N_BUFS;
		if (bufs[i] != NULL) {
			char *va = bufs[i]->va;

			wrong += find(va + soft_random(&state) % bufs[i]->len) != bufs[i];
			must_free(bufs[i]);
			wrong += find(va) != NULL;
			bufs[i] = NULL;
		} else {
			bufs[i] = must_alloc(devs[n % N_DEVS],
					1 + soft_random(&state) % (n % 8 == 0 ? 100000 : 1000),
					kinds[n % 64 < 2 ? 1 + n % 64 : 0]);
		}
		i = soft_random(&state) % N_BUFS;
		if (bufs[i] != NULL)
			wrong += find(byte_of(bufs[i], bufs[i]->len - 1)) != bufs[i] ||
					find(byte_of(bufs[i], bufs[i]->len)) == bufs[i];
	}
	for (i = 0; i < N_BUFS; i++) {
		if (bufs[i] != NULL)
			must_free(bufs[i]);
		bufs[i] = NULL;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	close_all();
}

static void
after_close(void)
{
	char *vas[RTE_DIM(kinds)];
	unsigned int round, k;

	for (round = 0; round < 3; round++) {
		open_all();
		for (k = 0; k < RTE_DIM(kinds); k++) {
			struct accel_buf *buf = must_alloc(devs[1], 8192, kinds[k]);

			vas[k] = buf->va;
			CU_ASSERT_PTR_EQUAL(find(vas[k] + 8191), buf);
			must_free(buf);
		}
		close_all();
		for (k = 0; k < RTE_DIM(kinds); k++) {
			CU_ASSERT_PTR_NULL(find(vas[k]));
			CU_ASSERT_EQUAL(nb_entries(vas[k]), 0);
		}
	}
}

/*
 * Memory of several buffers
 */

#define N_IMPORTS 3

static bool
covers(const struct accel_buf *buf, const char *va)
{
	return buf != NULL && va >= byte_of(buf, 0) && va < byte_of(buf, buf->len);
}

/* What is found has the byte; nothing is found when none of them has it. */
static void
expect_one_of(struct accel_buf *const *bufs, unsigned int n, const char *va)
{
	const struct accel_buf *found = find(va);
	bool any = false, is = false;
	unsigned int i;

	for (i = 0; i < n; i++) {
		any |= covers(bufs[i], va);
		is |= covers(bufs[i], va) && found == bufs[i];
	}
	CU_ASSERT_EQUAL(found != NULL, any);
	CU_ASSERT_EQUAL(is, any);
}

static void
expect_pages(struct accel_buf *const *bufs, unsigned int n)
{
	size_t at;

	for (at = 0; at < sizeof(memory); at += PAGE / 2)
		expect_one_of(bufs, n, memory + at);
}

static void
imports_of_one_memory(void)
{
	static const unsigned int order[][N_IMPORTS] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
			{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct accel_buf *bufs[N_IMPORTS];
	unsigned int i, k;

	open_all();
	for (i = 0; i < RTE_DIM(order); i++) {
		bufs[0] = must_import(devs[0], memory + PAGE, 4 * PAGE);
		bufs[1] = must_import(devs[1], memory + 3 * PAGE, 6 * PAGE);
		bufs[2] = must_import(devs[2], memory, 12 * PAGE);
		expect_pages(bufs, N_IMPORTS);
		for (k = 0; k < N_IMPORTS; k++) {
			must_free(bufs[order[i][k]]);
			bufs[order[i][k]] = NULL;
			expect_pages(bufs, N_IMPORTS);
		}
		CU_ASSERT_EQUAL(nb_entries(memory + 4 * PAGE), 0);
	}
	close_all();
}

static void
refused_import(void)
{
	struct accel_buf *buf, *other;

	open_all();
	buf = must_import(devs[0], memory, 2 * PAGE);
	SOFT_ASSERT_FAILS(accel_buf_import(devs[0], memory + PAGE, 2 * PAGE, 0, NULL, NULL, &other),
			-EEXIST);
	CU_ASSERT_EQUAL(nb_entries(memory + PAGE), 1);
	CU_ASSERT_EQUAL(nb_entries(memory + 2 * PAGE), 0);
	expect_whole(buf);
	must_free(buf);
	CU_ASSERT_EQUAL(nb_entries(memory), 0);
	close_all();
}

/* Pages of a buffer, and those after it in its arena, are another device's import. */
static void
import_of_a_buffer(uint32_t flags)
{
	struct accel_buf *bufs[2];
	char *va;

	bufs[0] = must_alloc(devs[0], 2 * PAGE + 100, flags);
	va = (char *)RTE_ALIGN_CEIL((uintptr_t)bufs[0]->va, PAGE);
	bufs[1] = must_import(devs[1], va + PAGE, 2 * PAGE);
	expect_one_of(bufs, 2, bufs[0]->va);
	expect_one_of(bufs, 2, va + PAGE);
	expect_one_of(bufs, 2, byte_of(bufs[0], 2 * PAGE + 100));
	expect_one_of(bufs, 2, va + 3 * PAGE - 1);
	expect_one_of(bufs, 2, va + 3 * PAGE);
	must_free(bufs[0]);
	bufs[0] = NULL;
	expect_one_of(bufs, 2, va);
	expect_one_of(bufs, 2, va + PAGE);
	expect_one_of(bufs, 2, va + 3 * PAGE - 1);
	must_free(bufs[1]);
	bufs[1] = NULL;
	expect_one_of(bufs, 2, va + PAGE);
}

static void
imports_of_buffers(void)
{
	unsigned int k;

	open_all();
	/* An exportable buffer has no page behind its last, and is gone when it is freed. */
	for (k = 0; k < 3; k++)
		import_of_a_buffer(kinds[k]);
	close_all();
}

static void
import_of_an_exportable_buffer(void)
{
	struct accel_buf *bufs[2];

	open_all();
	bufs[0] = must_alloc(devs[0], 100, ACCEL_BUF_EXPORTABLE);
	bufs[1] = must_import(devs[1], bufs[0]->va, PAGE);
	expect_one_of(bufs, 2, byte_of(bufs[0], 99));
	expect_one_of(bufs, 2, byte_of(bufs[0], 100));
	CU_ASSERT_PTR_NULL(find(byte_of(bufs[0], PAGE)));
	must_free(bufs[1]);
	bufs[1] = NULL;
	expect_one_of(bufs, 2, byte_of(bufs[0], 99));
	expect_one_of(bufs, 2, byte_of(bufs[0], 100));
	must_free(bufs[0]);
	close_all();
}

/*
 * No memory for the books
 */

#define N_FAILS 1000 /* a sanitizer leaves few addresses, and finding some takes many tries */
#define N_NEW   32
#define GIB     ((size_t)1 << 30)

/* Addresses that the books do not know yet, a page of each GiB. */
static char *new_memory;

static int
make(unsigned int kind, unsigned int nth, struct accel_buf **buf)
{
	if (kind == RTE_DIM(kinds))
		return accel_buf_import(devs[0], new_memory + nth % N_NEW * GIB, PAGE, 0, NULL,
				NULL, buf);
	return accel_buf_alloc(devs[0], 100, 0, kinds[kind], buf);
}

static void
no_memory(void)
{
	unsigned int kind, nth, lines, refused = 0;
	struct accel_buf *buf, *neighbour;
	int ret;

	new_memory = mmap(NULL, N_NEW * GIB, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CU_ASSERT_PTR_NOT_EQUAL_FATAL(new_memory, MAP_FAILED);
	for (nth = 0; nth < N_NEW; nth++)
		CU_ASSERT_EQUAL_FATAL(mprotect(new_memory + nth * GIB, PAGE,
				PROT_READ | PROT_WRITE), 0);
	for (kind = 0; kind <= RTE_DIM(kinds); kind++) {
		for (nth = 1, ret = -ENOMEM; ret != 0 && nth < N_FAILS; nth++) {
			open_all();
			neighbour = must_import(devs[0], memory + PAGE, PAGE);
			soft_log_begin();
			fail_alloc_arm(nth, true);
			ret = make(kind, nth, &buf);
			fail_alloc_disarm();
			lines = soft_log_end();
			CU_ASSERT(ret == -ENOMEM || ret == 0);
			CU_ASSERT(ret == 0 || lines == 1);
			refused += ret != 0;
			if (ret != 0)
				CU_ASSERT_EQUAL(make(kind, nth, &buf), 0);
			expect_whole(buf);
			must_free(buf);
			expect_whole(neighbour);
			must_free(neighbour);
			close_all();
		}
		CU_ASSERT_EQUAL(ret, 0);
	}
	CU_ASSERT(refused >= 10);
	munmap(new_memory, N_NEW * GIB);
}

#define N_SMALL 40000

/* Some of them need more than they themselves are. What is refused leaves no gap in the arena. */
static void
no_memory_for_small_ones(void)
{
	static struct accel_buf *bufs[N_SMALL];
	unsigned int i, refused = 0, wrong = 0;
	int ret;

	open_all();
	bufs[0] = must_alloc(devs[0], 64, 0);
	for (i = 1; i < N_SMALL; i++) {
		soft_log_begin();
		fail_alloc_arm(1, true);
		ret = accel_buf_alloc(devs[0], 64, 0, 0, &bufs[i]);
		fail_alloc_disarm();
		wrong += (soft_log_end() != 0) != (ret != 0) || (ret != 0 && ret != -ENOMEM);
		refused += ret != 0;
		if (ret != 0)
			bufs[i] = must_alloc(devs[0], 64, 0);
		wrong += byte_of(bufs[i], 0) != byte_of(bufs[i - 1], 64);
	}
	for (i = 0; i < N_SMALL; i++) {
		wrong += find(bufs[i]->va) != bufs[i];
		must_free(bufs[i]);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(refused > 0);
	close_all();
}

/*
 * Several threads
 */

struct worker {
	pthread_t thread;
	uint64_t random;
	unsigned int wrong;
};

#define N_HINTS 256

static char *hints[N_HINTS]; /* atomic: addresses that are buffers' or were */
static bool finished;

static void
expect(struct worker *w, bool ok)
{
	w->wrong += !ok;
}

static bool
finds(struct worker *w, struct accel_buf *buf)
{
	return find(byte_of(buf, soft_random(&w->random) % buf->len)) == buf &&
			find(byte_of(buf, buf->len - 1)) == buf;
}

static void
look_at_hints(struct worker *w, unsigned int n)
{
	while (n-- > 0) {
		char *va = __atomic_load_n(&hints[soft_random(&w->random) % N_HINTS],
				__ATOMIC_RELAXED);

		if (va != NULL)
			find(va + soft_random(&w->random) % 9000);
	}
}

/* Buffers of its own are found while others' come and go around them. */
static void *
alloc_and_find(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *bufs[16] = { NULL };
	unsigned int i, n;

	for (n = 0; n < 6000; n++) {
		uint64_t r = soft_random(&w->random);
		struct accel_buf **buf = &bufs[r % 16];

		if (*buf != NULL) {
			expect(w, finds(w, *buf));
			expect(w, accel_buf_free(*buf) == 0);
			*buf = NULL;
		} else if (accel_buf_alloc(devs[r / 16 % 2], 1 + (r >> 20) %
				(r / 32 % 32 == 0 ? 100000 : 2000), 0,
				r / 1024 % 16 < 4 ? kinds[r / 1024 % 16] : 0, buf) == 0) {
			expect(w, finds(w, *buf));
			__atomic_store_n(&hints[r / 16384 % N_HINTS], (*buf)->va, __ATOMIC_RELAXED);
		} else {
			expect(w, false);
		}
		look_at_hints(w, 4);
	}
	for (i = 0; i < 16; i++)
		expect(w, bufs[i] == NULL || (finds(w, bufs[i]) && accel_buf_free(bufs[i]) == 0));
	return NULL;
}

/* Arenas come and go, and all that was found in them is gone. */
static void *
open_and_close(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *buf;
	int dev, i;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		dev = accel_dev_probe("soft:9,mem=memfd");
		expect(w, dev >= 0);
		if (dev < 0)
			break;
		for (i = 0; i < 100; i++) {
			expect(w, accel_buf_alloc((uint16_t)dev,
					1 + soft_random(&w->random) % 9000, 0, 0, &buf) == 0);
			expect(w, finds(w, buf));
			__atomic_store_n(&hints[i], buf->va, __ATOMIC_RELAXED);
			expect(w, accel_buf_free(buf) == 0);
		}
		expect(w, accel_dev_close((uint16_t)dev) == 0);
	}
	return NULL;
}

/* Imports of a memory of which one is always there. */
static void *
import_around(void *arg)
{
	struct worker *w = arg;
	struct accel_buf *fixed = NULL, *buf;

	expect(w, accel_buf_import(devs[2], memory, sizeof(memory), 0, NULL, NULL, &fixed) == 0);
	while (fixed != NULL && !__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		uint64_t page = soft_random(&w->random) % 8;

		expect(w, accel_buf_import(devs[3], memory + page * PAGE, 8 * PAGE, 0, NULL, NULL,
				&buf) == 0);
		expect(w, accel_buf_free(fixed) == 0);
		expect(w, finds(w, buf));
		expect(w, accel_buf_import(devs[2], memory, sizeof(memory), 0, NULL, NULL,
				&fixed) == 0);
		expect(w, accel_buf_free(buf) == 0);
		expect(w, finds(w, fixed));
	}
	expect(w, accel_buf_free(fixed) == 0);
	return NULL;
}

static void *
look_at_memory(void *arg)
{
	struct worker *w = arg;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED)) {
		find(memory + soft_random(&w->random) % sizeof(memory));
		look_at_hints(w, 16);
	}
	return NULL;
}

static void
start(struct worker *w, unsigned int id, void *(*fn)(void *))
{
	memset(w, 0, sizeof(*w));
	w->random = 1000 + id;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
}

static void
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	CU_ASSERT_EQUAL(w->wrong, 0);
}

static void
threads_of_all_kinds(void)
{
	struct worker workers[N_THREADS], others[3];
	unsigned int i;

	open_all();
	finished = false;
	start(&others[0], 100, open_and_close);
	start(&others[1], 101, import_around);
	start(&others[2], 102, look_at_memory);
	for (i = 0; i < N_THREADS; i++)
		start(&workers[i], i, alloc_and_find);
	for (i = 0; i < N_THREADS; i++)
		join(&workers[i]);
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	for (i = 0; i < RTE_DIM(others); i++)
		join(&others[i]);
	close_all();
}

/* A reader finds a buffer in memory that is imported, while other imports of it come and go. */
static void *
always_find(void *arg)
{
	struct worker *w = arg;

	while (!__atomic_load_n(&finished, __ATOMIC_RELAXED))
		expect(w, find(memory + soft_random(&w->random) % (8 * PAGE)) != NULL);
	return NULL;
}

static void
the_other_import_is_found(void)
{
	struct accel_buf *fixed, *buf;
	struct worker readers[2];
	unsigned int i;

	open_all();
	finished = false;
	buf = must_import(devs[0], memory, 4 * PAGE);
	fixed = must_import(devs[1], memory, 8 * PAGE);
	for (i = 0; i < RTE_DIM(readers); i++)
		start(&readers[i], i, always_find);
	for (i = 0; i < 3000; i++) {
		must_free(buf);
		buf = must_import(devs[i % 2 * 2], memory + i % 3 * PAGE, (1 + i % 5) * PAGE);
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELAXED);
	for (i = 0; i < RTE_DIM(readers); i++)
		join(&readers[i]);
	must_free(buf);
	must_free(fixed);
	close_all();
}

static const struct test_case cases[] = {
	{ "edges", edges },
	{ "nothing there", nothing_there },
	{ "many", many },
	{ "after close", after_close },
	{ "imports of one memory", imports_of_one_memory },
	{ "refused import", refused_import },
	{ "imports of buffers", imports_of_buffers },
	{ "import of an exportable buffer", import_of_an_exportable_buffer },
	{ "no memory", no_memory },
	{ "no memory for small ones", no_memory_for_small_ones },
	{ "threads of all kinds", threads_of_all_kinds },
	{ "the other import is found", the_other_import_is_found },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "from va", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
