/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "heap.h"

#include <errno.h>
#include <stdlib.h>

#include <eal_glue/glue_log.h>
#include <eal_glue/va_window.h>

#include "buf_index.h"

/* An arena is half of what its class has, within these bounds, so that there are few. */
#define ARENA_MIN ((size_t)32 << 20)
#define ARENA_MAX ((size_t)1 << 30)

static size_t
choose_len(struct heap_class *cls, struct heap *heap, size_t need)
{
	size_t len;

	pthread_mutex_lock(&heap->lock);
	len = cls->bytes / 2;
	pthread_mutex_unlock(&heap->lock);
	if (len < ARENA_MIN)
		len = ARENA_MIN;
	if (len > ARENA_MAX)
		len = ARENA_MAX;
	return len > need ? len : need;
}

static bool
may_lock(const struct heap *heap, size_t len)
{
	void *ctx;
	const struct iospace_ops *ops = iospace_backend(heap->ios, &ctx);

	return ops->check == NULL || ops->check(ctx, len) == 0;
}

static int
get_memory(struct heap_class *cls, struct heap *heap, size_t need, struct hugemem *mem)
{
	struct hugemem_request req = {
		.len = choose_len(cls, heap, need),
		.min_len = need,
		.socket = heap->socket,
	};

	/*
	 * Under a low limit on locked memory, half of what it leaves, so that others get some too.
	 */
	while (cls->access != 0 && req.len > need && !may_lock(heap, 2 * req.len))
		req.len = req.len / 2 > need ? req.len / 2 : need;
	heap_backing(heap, cls->flags != 0, &req);
	return hugemem_alloc(&req, mem);
}

static int
map_arena(struct arena *arena, struct heap_class *cls, struct heap *heap)
{
	const struct iospace_request req = {
		.va = arena->mem.va,
		.len = arena->mem.len,
		.access = cls->access,
		.align = VA_WINDOW_ALIGN,
	};

	if (cls->access == 0)
		return 0;
	return eal_map_or_use(&heap->eal_map, heap->ios, &req, &arena->iova, &arena->by_eal);
}

static void
unmap_arena(struct arena *arena, struct heap_class *cls, struct heap *heap)
{
	bool own = cls->access != 0 && !arena->by_eal;

	buf_block_destroy(arena->block);
	if (own && iospace_unmap(heap->ios, arena->iova, arena->mem.len) != 0)
		return; /* the device may still write it: the memory is given up */
	hugemem_free(&arena->mem);
}

static int
publish_arena(struct arena *arena, struct heap_class *cls, struct heap *heap)
{
	uint64_t first = (uintptr_t)arena->mem.va;
	int ret = 0;

	arena->block = buf_block_create(arena->mem.va, arena->mem.len, cls->unit);
	if (arena->block == NULL)
		return -ENOMEM;
	pthread_mutex_lock(&heap->lock);
	if (cls->space == NULL)
		ret = addrspace_create(&cls->space);
	if (ret == 0)
		ret = addrspace_add(cls->space, first, first + arena->mem.len - 1);
	if (ret == 0) {
		arena->next = cls->arenas;
		cls->arenas = arena;
		cls->bytes += arena->mem.len;
	}
	pthread_mutex_unlock(&heap->lock);
	return ret;
}

int
arena_grow(struct heap_class *cls, struct heap *heap, size_t len)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	int ret;

	if (arena == NULL)
		return heap_no_memory(heap);
	arena->origin.kind = ORIGIN_ARENA;
	arena->origin.heap = heap;
	arena->cls = cls;
	ret = get_memory(cls, heap, len, &arena->mem);
	if (ret != 0)
		goto fail;
	ret = map_arena(arena, cls, heap);
	if (ret != 0)
		goto fail_memory;
	ret = publish_arena(arena, cls, heap);
	if (ret == 0) {
		ACCEL_LOG(INFO, buffer, "%s: arena of %zu bytes at %p, %s, pages of %zu bytes%s%s",
				heap->name, arena->mem.len, arena->mem.va,
				hugemem_backing_str(arena->mem.backing), arena->mem.page_sz,
				arena->mem.shortfall[0] != 0 ? ": " : "", arena->mem.shortfall);
		return 0;
	}
	unmap_arena(arena, cls, heap);
	free(arena);
	return ret == -ENOMEM ? heap_no_memory(heap) : ret;

fail_memory:
	hugemem_free(&arena->mem);
fail:
	free(arena);
	return ret;
}

void
arena_free_all(struct heap_class *cls, struct heap *heap)
{
	struct arena *arena;

	while ((arena = cls->arenas) != NULL) {
		cls->arenas = arena->next;
		unmap_arena(arena, cls, heap);
		free(arena);
	}
	addrspace_destroy(cls->space);
	cls->space = NULL;
	cls->bytes = 0;
}
