/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fail_malloc.h"

#include <stddef.h>

static unsigned int left;
static bool failed;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);

void
fail_malloc_arm(unsigned int nth)
{
	left = nth;
	failed = false;
}

unsigned int
fail_malloc_pause(void)
{
	unsigned int nth = left;

	left = 0;
	return nth;
}

bool
fail_malloc_disarm(void)
{
	left = 0;
	return failed;
}

static bool
strikes(void)
{
	if (left == 0 || --left != 0)
		return false;
	failed = true;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return strikes() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return strikes() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return strikes() ? NULL : __real_realloc(old, size);
}

void *
__wrap_aligned_alloc(size_t align, size_t size)
{
	return strikes() ? NULL : __real_aligned_alloc(align, size);
}
