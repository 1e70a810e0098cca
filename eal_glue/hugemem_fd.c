/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "hugemem_fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <hugetlbfs.h>
#include <numa.h>
#include <numaif.h>
#include <rte_memory.h>

#include "va_window.h"

#ifndef MFD_HUGE_SHIFT
#define MFD_HUGE_SHIFT 26
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* libhugetlbfs does not say that its functions may run side by side. */
static pthread_mutex_t hugetlb_lock = PTHREAD_MUTEX_INITIALIZER;

static void
bind_to_node(void *va, size_t len, int node)
{
	struct bitmask *mask;

	if (node < 0 || numa_available() < 0 || numa_max_node() == 0 || node > numa_max_node())
		return;
	mask = numa_allocate_nodemask();
	numa_bitmask_setbit(mask, node);
	/* Preferred, not strict: a strict policy turns a lack of pages into SIGBUS. */
	mbind(va, len, MPOL_PREFERRED, mask->maskp, mask->size + 1, 0);
	numa_free_nodemask(mask);
}

static int
node_of(void *va)
{
	int node;

	if (numa_available() < 0 ||
			get_mempolicy(&node, NULL, 0, va, MPOL_F_NODE | MPOL_F_ADDR) != 0)
		return SOCKET_ID_ANY;
	return node;
}

static int
populate(void *va, size_t len)
{
	if (madvise(va, len, MADV_POPULATE_WRITE) == 0 || errno == EINVAL)
		return 0; /* EINVAL: Linux before 5.14; the pages are reserved all the same */
	return errno == EAGAIN ? -ENOMEM : -errno;
}

/* Takes over the descriptor: it is in the file on success and closed on failure. */
static int
map_file(int fd, size_t len, size_t page_sz, struct hugemem_file *file)
{
	void *va;
	int ret;

	if (len > SIZE_MAX - page_sz) {
		close(fd);
		return -ENOMEM;
	}
	len = (len + page_sz - 1) / page_sz * page_sz;
	ret = ftruncate(fd, len) == 0 ? va_window_map(fd, len, page_sz, &va) : -errno;
	if (ret != 0) {
		close(fd);
		return ret;
	}
	/* A child must not share pages that a device writes: copy-on-write would part them. */
	madvise(va, len, MADV_DONTFORK);
	bind_to_node(va, len, file->socket);
	file->va = va;
	file->len = len;
	file->page_sz = page_sz;
	file->fd = fd;
	return 0;
}

/* libhugetlbfs would make the file too, but without close-on-exec. */
static int
open_on_mount(size_t page_sz)
{
	char path[PATH_MAX];
	const char *mount;
	int fd, len;

	pthread_mutex_lock(&hugetlb_lock);
	mount = hugetlbfs_find_path_for_size(page_sz);
	pthread_mutex_unlock(&hugetlb_lock);
	if (mount == NULL)
		return -ENOENT;
	len = snprintf(path, sizeof(path), "%s/acceldev.XXXXXX", mount);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(path);
	return fd;
}

static int
open_huge(size_t page_sz)
{
	int fd = open_on_mount(page_sz);

	if (fd >= 0)
		return fd;
	/* No hugetlbfs mount, or none for this user: the kernel gives the same pages unnamed. */
	fd = memfd_create("acceldev", MFD_CLOEXEC | MFD_HUGETLB |
			(unsigned int)__builtin_ctzl(page_sz) << MFD_HUGE_SHIFT);
	return fd >= 0 ? fd : -errno;
}

int
hugemem_file_huge(size_t len, struct hugemem_file *file)
{
	long page_sz;
	int fd, ret;

	pthread_mutex_lock(&hugetlb_lock);
	page_sz = gethugepagesize();
	pthread_mutex_unlock(&hugetlb_lock);
	if (page_sz <= 0)
		return -ENOTSUP;
	fd = open_huge(page_sz);
	if (fd < 0)
		return fd;
	ret = map_file(fd, len, page_sz, file);
	if (ret != 0)
		return ret;
	ret = populate(file->va, file->len);
	if (ret != 0) {
		va_window_unmap(file->va, file->len);
		close(file->fd);
		return ret;
	}
	file->socket = node_of(file->va);
	return 0;
}

/* Memory that could be had without swapping others out, in bytes; UINT64_MAX when unknown. */
static uint64_t
available_bytes(void)
{
	unsigned long long kib, sum = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "re");

	if (f == NULL)
		return UINT64_MAX;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "MemAvailable: %llu", &kib) == 1 ||
				sscanf(line, "SwapFree: %llu", &kib) == 1)
			sum += kib;
	}
	fclose(f);
	return sum != 0 ? sum << 10 : UINT64_MAX;
}

int
hugemem_file_plain(size_t len, struct hugemem_file *file)
{
	int fd, ret;

	/* Pages come when they are touched: what can never come must be refused now. */
	if (len > available_bytes())
		return -ENOMEM;
	fd = memfd_create("acceldev", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = map_file(fd, len, sysconf(_SC_PAGESIZE), file);
	file->socket = SOCKET_ID_ANY; /* no page is there yet */
	return ret;
}
