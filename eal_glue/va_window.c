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

/* Places tried before the kernel chooses; each one that fails is occupied by somebody else. */
#define MAX_TRIES 16

static pthread_mutex_t window_lock = PTHREAD_MUTEX_INITIALIZER;
static struct addrspace *window;

static int
window_get(size_t len, size_t align, uint64_t *first)
{
	/* One alignment unit stays free behind each block, which keeps blocks apart. */
	struct addrspace_request req = {
		.size = len + VA_WINDOW_ALIGN,
		.align = align,
		.window = { WINDOW_FIRST, WINDOW_LAST },
	};
	int ret = 0;

	pthread_mutex_lock(&window_lock);
	if (window == NULL) {
		ret = addrspace_create(&window);
		if (ret == 0)
			ret = addrspace_add(window, WINDOW_FIRST, WINDOW_LAST);
	}
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

static int
map_anywhere(int fd, size_t len, void **va)
{
	void *got = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (got == MAP_FAILED)
		return -errno;
	*va = got;
	return 0;
}

int
va_window_map(int fd, size_t len, size_t page_sz, void **va)
{
	size_t align = page_sz > VA_WINDOW_ALIGN ? page_sz : VA_WINDOW_ALIGN;
	uint64_t taken[MAX_TRIES];
	unsigned int n = 0;
	int ret = -EEXIST;

	while (n < MAX_TRIES && ret == -EEXIST && window_get(len, align, &taken[n]) == 0) {
		void *got = map_at(taken[n], fd, len);

		if (got != MAP_FAILED) {
			*va = got;
			ret = 0;
			break;
		}
		ret = -errno;
		n++;
	}
	while (n > 0)
		window_put(taken[--n]);
	return ret == -EEXIST ? map_anywhere(fd, len, va) : ret;
}

void
va_window_unmap(void *va, size_t len)
{
	uint64_t addr = (uintptr_t)va;

	munmap(va, len);
	if (addr >= WINDOW_FIRST && addr <= WINDOW_LAST)
		window_put(addr);
}
