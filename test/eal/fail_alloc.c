/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fail_alloc.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <hugetlbfs.h>

static _Thread_local unsigned int left;
static _Thread_local bool fail_all, failed;

bool fail_memfd, fail_hugetlbfs, fail_hugepagesize, fail_dontfork;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void *__real_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off);
int __real_memfd_create(const char *name, unsigned int flags);
int __wrap_memfd_create(const char *name, unsigned int flags);
const char *__real_hugetlbfs_find_path_for_size(long page_size);
const char *__wrap_hugetlbfs_find_path_for_size(long page_size);
long __real_gethugepagesize(void);
long __wrap_gethugepagesize(void);
int __real_madvise(void *va, size_t len, int advice);
int __wrap_madvise(void *va, size_t len, int advice);

void
fail_alloc_arm(unsigned int nth, bool all)
{
	left = nth;
	fail_all = all;
	failed = false;
}

bool
fail_alloc_disarm(void)
{
	bool did = failed;

	left = 0;
	failed = false;
	return did;
}

bool
fail_alloc_strikes(void)
{
	if (left == 0 || --left != 0)
		return false;
	failed = true;
	if (fail_all)
		left = 1;
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fail_alloc_strikes() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fail_alloc_strikes() ? NULL : __real_calloc(n, size);
}

void *
__wrap_aligned_alloc(size_t align, size_t size)
{
	return fail_alloc_strikes() ? NULL : __real_aligned_alloc(align, size);
}

void *
__wrap_mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return fail_alloc_strikes() ? MAP_FAILED : __real_mmap64(addr, len, prot, flags, fd, off);
}

int
__wrap_memfd_create(const char *name, unsigned int flags)
{
	if (!fail_memfd)
		return __real_memfd_create(name, flags);
	errno = EPERM;
	return -1;
}

const char *
__wrap_hugetlbfs_find_path_for_size(long page_size)
{
	return fail_hugetlbfs ? NULL : __real_hugetlbfs_find_path_for_size(page_size);
}

long
__wrap_gethugepagesize(void)
{
	return fail_hugepagesize ? -1 : __real_gethugepagesize();
}

int
__wrap_madvise(void *va, size_t len, int advice)
{
	if (!fail_dontfork || advice != MADV_DONTFORK)
		return __real_madvise(va, len, advice);
	errno = EINVAL;
	return -1;
}
