/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "va_window.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#include <addrspace/addrspace.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* Above EAL's default base (0x11_8000_0000 and its reservations), below 2^38. */
#define WINDOW_FIRST UINT64_C(0x2000000000)
#define WINDOW_LAST  UINT64_C(0x3fffffffff)

/*
 * How far the search goes on from a place that somebody else occupies: each time twice as far, up
 * to this. EAL's reservations may take the first gigabytes, and with many nodes all.
 */
#define MAX_STEP (UINT64_C(1) << 30)

/* Stays inaccessible behind a block outside the window, which keeps blocks apart there. */
#define GUARD ((size_t)64 << 10)

static pthread_mutex_t window_lock = PTHREAD_MUTEX_INITIALIZER;
static struct addrspace *window;

static int
make_window(void)
{
	int ret;

	if (window != NULL)
		return 0;
	ret = addrspace_create(&window);
	if (ret != 0)
		return ret;
	ret = addrspace_add(window, WINDOW_FIRST, WINDOW_LAST);
	if (ret != 0) {
		addrspace_destroy(window);
		window = NULL;
	}
	return ret;
}

static int
window_get(uint64_t from, size_t len, size_t align, uint64_t *first)
{
	/* One alignment unit stays free behind each block, which keeps blocks apart. */
	struct addrspace_request req = {
		.size = len + VA_WINDOW_ALIGN,
		.align = align,
		.window = { from, WINDOW_LAST },
		.flags = ADDRSPACE_LOWEST,
	};
	int ret;

	pthread_mutex_lock(&window_lock);
	ret = make_window();
	if (ret == 0)
		ret = addrspace_alloc(window, &req, first);
	pthread_mutex_unlock(&window_lock);
	return ret;
}

static void
window_put(uint64_t first)
{
	pthread_mutex_lock(&window_lock);
	addrspace_free(window, first, NULL);
	pthread_mutex_unlock(&window_lock);
}

static void *
map_at(uint64_t addr, int fd, size_t len)
{
	void *want = (void *)(uintptr_t)addr;
	void *got = mmap(want, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);

	if (got != MAP_FAILED && got != want) {
		/* A kernel before 4.17 takes the flag for a hint. */
		munmap(got, len);
		errno = EEXIST;
		return MAP_FAILED;
	}
	return got;
}

/* Where the kernel likes, but aligned, and with a guard behind. */
static int
map_anywhere(int fd, size_t len, size_t align, void **va)
{
	size_t size = len + align + GUARD, head;
	char *all = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int ret;

	if (all == MAP_FAILED)
		return -errno;
	head = -(uintptr_t)all & (align - 1);
	if (mmap(all + head, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
			MAP_FAILED) {
		ret = -errno;
		munmap(all, size);
		return ret;
	}
	if (head > 0)
		munmap(all, head);
	munmap(all + head + len + GUARD, align - head);
	*va = all + head;
	return 0;
}

static int
map_in_window(int fd, size_t len, size_t align, void **va)
{
	uint64_t from = WINDOW_FIRST, step = VA_WINDOW_ALIGN, first;
	int ret = -EEXIST;

	while (ret == -EEXIST && from <= WINDOW_LAST &&
			window_get(from, len, align, &first) == 0) {
		void *got = map_at(first, fd, len);

		if (got != MAP_FAILED) {
			*va = got;
			return 0;
		}
		ret = -errno;
		window_put(first);
		from = first + step;
		step = step < MAX_STEP ? 2 * step : step;
	}
	return ret;
}

int
va_window_map(int fd, size_t len, size_t page_sz, void **va)
{
	size_t align = page_sz > VA_WINDOW_ALIGN ? page_sz : VA_WINDOW_ALIGN;
	int ret = map_in_window(fd, len, align, va);

	return ret == -EEXIST ? map_anywhere(fd, len, align, va) : ret;
}

void
va_window_unmap(void *va, size_t len)
{
	uint64_t addr = (uintptr_t)va;

	if (addr >= WINDOW_FIRST && addr <= WINDOW_LAST) {
		munmap(va, len);
		window_put(addr);
	} else {
		munmap(va, len + GUARD);
	}
}
