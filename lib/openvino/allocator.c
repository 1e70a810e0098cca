/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/openvino.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <acceldev/accel_bank.h>

#include "mem_table.h"

/* Begins and sizes are multiples of it, see openvino.h. */
#define LINE ((size_t)64)

struct acceldev_ov_allocator {
	struct accel_ctx *ctx; /* NULL: ordinary memory */
	int bank;              /* less than 0: of the host */
	bool pointers;
	unsigned int refs;
};

static int
get_device(const char *spec, int bank, struct accel_ctx **ctx)
{
	struct accel_bank_info info;
	int ret = accel_ctx_get(spec, ctx);

	if (ret != 0 || bank < 0)
		return ret;
	ret = bank <= UINT16_MAX ?
			accel_bank_info_get(accel_ctx_dev_id(*ctx), (uint16_t)bank, &info) : -EINVAL;
	if (ret != 0)
		accel_ctx_put(*ctx);
	return ret;
}

int
acceldev_ov_create(const char *spec, int bank, unsigned int flags,
		struct acceldev_ov_allocator **allocator)
{
	struct acceldev_ov_allocator *a;
	int ret = 0;

	if (allocator == NULL || bank < ACCELDEV_OV_HOST || (spec == NULL && bank >= 0) ||
			(flags & ~ACCELDEV_OV_POINTERS) != 0)
		return -EINVAL;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return -ENOMEM;
	if (spec != NULL)
		ret = get_device(spec, bank, &a->ctx);
	if (ret != 0) {
		free(a);
		return ret;
	}
	a->bank = bank;
	a->pointers = (flags & ACCELDEV_OV_POINTERS) != 0;
	a->refs = 1;
	*allocator = a;
	return 0;
}

void
acceldev_ov_hold(struct acceldev_ov_allocator *allocator)
{
	if (allocator != NULL)
		__atomic_add_fetch(&allocator->refs, 1, __ATOMIC_RELAXED);
}

void
acceldev_ov_put(struct acceldev_ov_allocator *allocator)
{
	if (allocator == NULL || __atomic_sub_fetch(&allocator->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	accel_ctx_put(allocator->ctx);
	free(allocator);
}

bool
acceldev_ov_equal(const struct acceldev_ov_allocator *a, const struct acceldev_ov_allocator *b)
{
	return a->ctx == b->ctx && a->bank == b->bank;
}

static struct mem *
get_memory(const struct acceldev_ov_allocator *a, size_t size, size_t align)
{
	if (a->ctx == NULL)
		return mem_plain(size, align);
	return mem_device(a->ctx, a->bank, size, align);
}

void *
acceldev_ov_alloc(struct acceldev_ov_allocator *allocator, size_t size, size_t align)
{
	struct mem *mem;
	void *handle;

	if (allocator == NULL || (align & (align - 1)) != 0 || size > SIZE_MAX - LINE)
		return NULL;
	size = size != 0 ? (size + LINE - 1) & ~(LINE - 1) : LINE;
	mem = get_memory(allocator, size, align < LINE ? LINE : align);
	if (mem == NULL)
		return NULL;
	handle = mem_table_add(mem, allocator->pointers);
	if (handle == NULL)
		mem_put(mem);
	return handle;
}
