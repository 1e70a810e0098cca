/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Mappings that are cut off from their device in place. The device is a file in memory. The program
 * is linked so that allocations, memory files and mappings fail where a test wants it.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <eal_glue/bar_maps.h>

#include "harness.h"

#define PAGE 4096
#define MIB  (1 << 20)
#define LEN  (8 * MIB) /* of the device */

static int device;
static struct bar_maps maps;
static struct test_usage before;

/* How many more of each work; -1: all. Then all fail, or one does. */
static int callocs = -1, mmaps = -1;
static bool once;

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);

static bool
fails(int *left)
{
	if (*left < 0)
		return false;
	if (*left > 0) {
		(*left)--;
		return false;
	}
	if (once)
		*left = -1;
	errno = ENOMEM;
	return true;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(&callocs) ? NULL : __real_calloc(n, size);
}

void *
__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return fails(&mmaps) ? MAP_FAILED : __real_mmap64(addr, len, prot, flags, fd, off);
}

static void
begin(void)
{
	before = test_usage_get();
	device = memfd_create("device", MFD_CLOEXEC);
	CU_ASSERT_FATAL(device >= 0 && ftruncate(device, LEN) == 0);
	memset(&maps, 0, sizeof(maps));
	maps.ones_fd = -1;
	CU_ASSERT_EQUAL_FATAL(bar_maps_init(&maps), 0);
}

static void
end(void)
{
	bar_maps_fini(&maps);
	bar_maps_fini(&maps); /* twice is no harm */
	close(device);
	TEST_ASSERT_NO_LEAK(before);
}

static volatile uint32_t *
add(off_t at, size_t len)
{
	void *va = NULL;

	CU_ASSERT_EQUAL_FATAL(bar_maps_add(&maps, device, at, len, &va), 0);
	return va;
}

static bool
all_are(const volatile uint32_t *words, size_t len, uint32_t value)
{
	size_t i;

	for (i = 0; i < len / 4 && words[i] == value; i++)
		;
	return i == len / 4;
}

static void
cut_and_restored(void)
{
	static const size_t lens[] = { PAGE, 2 * MIB - PAGE, 2 * MIB, 2 * MIB + PAGE, 5 * MIB };
	volatile uint32_t *bar;
	unsigned int i;

	begin();
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		bar = add(PAGE, lens[i]);
		CU_ASSERT(all_are(bar, lens[i], 0));
		bar[0] = 5;
		bar[lens[i] / 4 - 1] = 6;
		bar_maps_cut(&maps);
		CU_ASSERT(all_are(bar, lens[i], UINT32_MAX));
		bar[0] = 7;
		bar[lens[i] / 4 - 1] = 8;
		bar_maps_cut(&maps);
		CU_ASSERT(all_are(bar, lens[i], UINT32_MAX)); /* what was stored did not reach the ones */
		CU_ASSERT_EQUAL(bar_maps_restore(&maps, device), 0);
		CU_ASSERT_EQUAL(bar[0], 5);
		CU_ASSERT_EQUAL(bar[lens[i] / 4 - 1], 6);
		bar[0] = 0;
		bar[lens[i] / 4 - 1] = 0;
		bar_maps_remove(&maps, (void *)(uintptr_t)bar);
	}
	bar_maps_remove(&maps, &maps); /* one that there is not */
	end();
}

static void
many(void)
{
	volatile uint32_t *bars[500];
	unsigned int i;

	begin();
	for (i = 0; i < 500; i++) {
		bars[i] = add((off_t)i * 2 * PAGE, PAGE + i % 2 * PAGE);
		bars[i][0] = i;
	}
	for (i = 0; i < 500; i += 3)
		bar_maps_remove(&maps, (void *)(uintptr_t)bars[i]);
	bar_maps_cut(&maps);
	for (i = 0; i < 500; i++)
		CU_ASSERT(i % 3 == 0 || bars[i][0] == UINT32_MAX);
	CU_ASSERT_EQUAL(bar_maps_restore(&maps, device), 0);
	for (i = 0; i < 500; i++)
		CU_ASSERT(i % 3 == 0 || bars[i][0] == i);
	bar_maps_cut(&maps);
	end();
}

/* A device file that is gone behind its mappings raises SIGBUS; what is cut off does not. */
static void
no_signal(void)
{
	volatile uint32_t *bar;
	int status = 0;
	pid_t pid;

	begin();
	bar = add(0, 3 * MIB);
	bar_maps_cut(&maps);
	CU_ASSERT_EQUAL(ftruncate(device, 0), 0);
	CU_ASSERT(all_are(bar, 3 * MIB, UINT32_MAX));
	bar[5] = 1;
	/* Nor do children have it. */
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		_exit(mincore((void *)(uintptr_t)bar, PAGE, (unsigned char *)&status) == 0 ? 1 : 0);
	CU_ASSERT(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	end();
}

static void
descriptor_of_ones_is_sealed(void)
{
	uint32_t zero = 0;

	begin();
	CU_ASSERT(pwrite(maps.ones_fd, &zero, 4, 0) < 0);
	CU_ASSERT(ftruncate(maps.ones_fd, 0) < 0);
	CU_ASSERT(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, maps.ones_fd, 0) == MAP_FAILED);
	end();
}

/*
 * While others load and store
 */

static bool silent;
static unsigned int stop;

struct reader {
	volatile uint32_t *bar;
	unsigned int at;
	unsigned int bad, seen;
};

static void *
read_words(void *arg)
{
	struct reader *r = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		uint32_t value = r->bar[r->at];

		if (__atomic_load_n(&silent, __ATOMIC_ACQUIRE))
			value = UINT32_MAX;
		r->bad += value != 5 && value != UINT32_MAX;
		r->seen += value == 5;
		r->bar[r->at + 1] = value; /* where nobody looks */
	}
	return NULL;
}

static void
others_go_on(void)
{
	struct reader readers[3];
	pthread_t threads[3];
	volatile uint32_t *bar;
	unsigned int i;

	begin();
	bar = add(0, 5 * MIB);
	stop = 0;
	for (i = 0; i < 3; i++) {
		readers[i] = (struct reader){ .bar = bar, .at = i * (2 * MIB) / 4 };
		bar[readers[i].at] = 5;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, read_words, &readers[i]), 0);
	}
	for (i = 0; i < 3000; i++) {
		__atomic_store_n(&silent, true, __ATOMIC_SEQ_CST);
		bar_maps_cut(&maps);
		CU_ASSERT_EQUAL(bar_maps_restore(&maps, device), 0);
		__atomic_store_n(&silent, false, __ATOMIC_SEQ_CST);
		if (i % 64 == 0)
			usleep(1000);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		CU_ASSERT_EQUAL(readers[i].bad, 0);
		CU_ASSERT(readers[i].seen > 0);
	}
	end();
}

/*
 * Failures
 */

static void
failures(void)
{
	struct bar_maps none = { .ones_fd = -1 };
	struct rlimit limit, low;
	void *va = &none;
	int ret;

	begin();
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = (rlim_t)maps.ones_fd + 1;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &low), 0);
	CU_ASSERT_EQUAL(bar_maps_init(&none), -EMFILE);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CU_ASSERT_EQUAL(none.ones_fd, -1);

	callocs = 0;
	CU_ASSERT_EQUAL(bar_maps_add(&maps, device, 0, PAGE, &va), -ENOMEM);
	callocs = -1;
	mmaps = 0;
	CU_ASSERT_EQUAL(bar_maps_add(&maps, device, 0, PAGE, &va), -ENOMEM);
	mmaps = -1;
	CU_ASSERT_EQUAL(bar_maps_add(&maps, -1, 0, PAGE, &va), -EBADF);
	ret = bar_maps_add(&maps, device, 5, PAGE, &va);
	CU_ASSERT_EQUAL(ret, -EINVAL);
	CU_ASSERT_PTR_EQUAL(va, &none);
	CU_ASSERT_PTR_NULL(maps.list);
	end();
}

/* What cannot be put back stays cut off, the rest is there. */
static void
restore_fails(void)
{
	volatile uint32_t *a, *b;

	begin();
	a = add(0, PAGE);
	b = add(PAGE, PAGE);
	a[0] = b[0] = 5;
	bar_maps_cut(&maps);
	CU_ASSERT_EQUAL(bar_maps_restore(&maps, -1), -EBADF);
	CU_ASSERT_EQUAL(a[0], UINT32_MAX);
	CU_ASSERT_EQUAL(b[0], UINT32_MAX);
	CU_ASSERT_EQUAL(bar_maps_restore(&maps, device), 0);
	CU_ASSERT_EQUAL(a[0], 5);
	CU_ASSERT_EQUAL(b[0], 5);
	end();
}

/* More pieces than a process should have: the device is gone all the same, from end to end. */
static void
large(void)
{
	size_t len = (size_t)6 << 30;
	volatile uint32_t *bar;

	begin();
	CU_ASSERT_EQUAL_FATAL(ftruncate(device, (off_t)len), 0);
	bar = add(0, len);
	bar[0] = 5;
	bar[len / 4 - 1] = 6;
	bar_maps_cut(&maps);
	CU_ASSERT(bar[0] != 5 && bar[len / 4 - 1] != 6);
	bar[0] = 7;
	CU_ASSERT_EQUAL(bar_maps_restore(&maps, device), 0);
	CU_ASSERT_EQUAL(bar[0], 5);
	CU_ASSERT_EQUAL(bar[len / 4 - 1], 6);
	end();
}

/* A piece that cannot be mapped must not leave the device in its place. */
static void
cut_without_room(void)
{
	volatile uint32_t *bar;

	begin();
	bar = add(0, 4 * MIB);
	bar[0] = 5;
	bar[MIB - 1] = 6;
	once = true;
	mmaps = 1; /* of two pieces */
	bar_maps_cut(&maps);
	once = false;
	CU_ASSERT_EQUAL(mmaps, -1);
	CU_ASSERT(bar[0] != 5 && bar[MIB - 1] != 6);
	end();
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "cut and restored", cut_and_restored },
		{ "many", many },
		{ "no signal", no_signal },
		{ "descriptor of ones is sealed", descriptor_of_ones_is_sealed },
		{ "others go on", others_go_on },
		{ "failures", failures },
		{ "a restore fails", restore_fails },
		{ "large", large },
		{ "cut without room", cut_without_room },
		{ NULL, NULL },
	};
	static const struct test_suite suites[] = {
		{ "bar maps", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
