/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

struct mem *
mem_plain(size_t size, size_t align)
{
	size_t room = sizeof(struct mem) + align - 1;
	struct mem *mem;

	if (size > SIZE_MAX - room)
		return NULL;
	mem = malloc(size + room);
	if (mem == NULL)
		return NULL;
	*mem = (struct mem){ .refs = 1 };
	mem->va = (void *)(((uintptr_t)mem + room) & ~(uintptr_t)(align - 1));
	return mem;
}

/* What is known of a buffer lies apart from it, where no device writes. */
static struct mem *
make_head(bool in_bank)
{
	struct mem *mem = calloc(1, in_bank ? sizeof(struct bank_mem) : sizeof(*mem));

	if (mem == NULL)
		return NULL;
	mem->refs = 1;
	mem->in_bank = in_bank;
	if (in_bank)
		pthread_mutex_init(&((struct bank_mem *)mem)->lock, NULL);
	return mem;
}

static void
free_head(struct mem *mem)
{
	if (mem->in_bank)
		pthread_mutex_destroy(&((struct bank_mem *)mem)->lock);
	free(mem);
}

struct mem *
mem_device(struct accel_ctx *ctx, int bank, size_t size, size_t align)
{
	struct mem *mem = make_head(bank >= 0);

	if (mem == NULL)
		return NULL;
	if (accel_ctx_buf_alloc(ctx, size, align, bank >= 0 ? ACCEL_BUF_BANK(bank) : 0,
			&mem->buf) != 0) {
		free_head(mem);
		return NULL;
	}
	mem->va = mem->buf->va;
	return mem;
}

void
mem_put(struct mem *mem)
{
	if (mem == NULL || __atomic_sub_fetch(&mem->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	accel_buf_free(mem->buf);
	free_head(mem);
}
