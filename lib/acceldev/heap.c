/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "heap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <eal_glue/glue_log.h>

#include "bank_buf.h"
#include "buf_index.h"
#include "buf_table.h"
#include "share.h"

RTE_LOG_REGISTER(accel_logtype_buffer, acceldev.buffer, NOTICE);

void
heap_init(struct heap *heap)
{
	pthread_mutex_init(&heap->lock, NULL);
	pthread_cond_init(&heap->grown, NULL);
	eal_map_init(&heap->eal_map);
}

static void
class_init(struct heap_class *cls, uint32_t flags, unsigned int access, size_t unit)
{
	memset(cls, 0, sizeof(*cls));
	cls->flags = flags;
	cls->access = access;
	cls->unit = unit;
}

void
heap_open(struct heap *heap, const struct heap_conf *conf)
{
	size_t page = iospace_granule(conf->ios);

	pthread_mutex_lock(&heap->lock);
	class_init(&heap->classes[HEAP_ORDINARY], 0, IOSPACE_READ | IOSPACE_WRITE,
			ACCEL_BUF_MIN_ALIGN);
	class_init(&heap->classes[HEAP_READ_ONLY], ACCEL_BUF_READ_ONLY, IOSPACE_READ, page);
	class_init(&heap->classes[HEAP_ISOLATED], ACCEL_BUF_ISOLATED, 0, page);
	heap->socket = conf->socket;
	snprintf(heap->name, sizeof(heap->name), "%s", conf->name);
	heap->backing = conf->backing;
	heap->ios = conf->ios;
	pthread_mutex_unlock(&heap->lock);
}

void
heap_attach(struct heap *heap, uint16_t dev_id)
{
	pthread_mutex_lock(&heap->lock);
	heap->users[dev_id] = (struct heap_user){ .attached = true };
	pthread_mutex_unlock(&heap->lock);
}

int
heap_detach(struct heap *heap, uint16_t dev_id)
{
	struct heap_user *user = &heap->users[dev_id];
	int ret = -EBUSY;

	pthread_mutex_lock(&heap->lock);
	if (user->live == 0 && user->busy == 0) {
		user->attached = false;
		ret = 0;
	}
	pthread_mutex_unlock(&heap->lock);
	return ret;
}

void
heap_reattach(struct heap *heap, uint16_t dev_id)
{
	pthread_mutex_lock(&heap->lock);
	heap->users[dev_id].attached = true;
	pthread_mutex_unlock(&heap->lock);
}

int
heap_no_memory(const struct heap *heap)
{
	ACCEL_LOG(ERR, buffer, "%s: no memory for the books (see ulimit -v), or %u buffers are live in this "
			"process: free some", heap->name, BUF_TABLE_MAX);
	return -ENOMEM;
}

int
heap_enter(struct heap *heap, uint16_t dev_id)
{
	int ret = -ENODEV;

	pthread_mutex_lock(&heap->lock);
	if (heap->users[dev_id].attached) {
		heap->users[dev_id].busy++;
		ret = 0;
	}
	pthread_mutex_unlock(&heap->lock);
	return ret;
}

void
heap_leave(struct heap *heap, uint16_t dev_id)
{
	pthread_mutex_lock(&heap->lock);
	heap->users[dev_id].busy--;
	pthread_mutex_unlock(&heap->lock);
}

void
heap_backing(const struct heap *heap, bool by_page, struct hugemem_request *req)
{
	req->need_fd = by_page;
	req->backing = heap->backing;
	if (by_page && req->backing == HUGEMEM_MEMZONE)
		req->backing = HUGEMEM_ANY;
}

/*
 * The cache of sizes. A buffer in it keeps its descriptor, so taking it again is a few stores.
 */

static struct heap_cache *
cache_of(struct heap_class *cls, size_t capacity)
{
	uint64_t hash = (capacity / ACCEL_BUF_MIN_ALIGN) * UINT64_C(0x9e3779b97f4a7c15);

	return &cls->cache[hash >> 58];
}

static struct accel_buf *
cache_get(struct heap_class *cls, size_t capacity, size_t align)
{
	struct heap_cache *cache = cache_of(cls, capacity);
	struct accel_buf *buf = cache->head;

	if (buf == NULL || cache->capacity != capacity ||
			(((uintptr_t)buf->va | buf->iova) & (align - 1)) != 0)
		return NULL;
	cache->head = buf->link;
	cache->n--;
	return buf;
}

static void
give_back(struct heap_class *cls, struct accel_buf *buf)
{
	const struct arena *arena = buf->origin;

	buf_block_clear(arena->block, buf);
	if (addrspace_free(cls->space, (uintptr_t)buf->va, NULL) != 0)
		ACCEL_LOG(ERR, buffer, "no memory for the books: %zu bytes at %p are lost until the "
				"device is closed", buf->capacity, buf->va);
	buf_table_put(buf);
}

static void
cache_flush(struct heap_class *cls, struct heap_cache *cache)
{
	struct accel_buf *buf;

	while ((buf = cache->head) != NULL) {
		cache->head = buf->link;
		give_back(cls, buf);
	}
	cache->n = 0;
}

static void
cache_put(struct heap_class *cls, struct accel_buf *buf)
{
	struct heap_cache *cache = cache_of(cls, buf->capacity);

	if (cache->capacity != buf->capacity) {
		cache_flush(cls, cache);
		cache->capacity = buf->capacity;
	}
	if (cache->n == HEAP_CACHE_DEPTH) {
		give_back(cls, buf);
		return;
	}
	buf_state_set(buf, BUF_CACHED);
	buf->link = cache->head;
	cache->head = buf;
	cache->n++;
}

static void
flush_class(struct heap_class *cls)
{
	unsigned int i;

	for (i = 0; i < HEAP_CACHE_SLOTS; i++)
		cache_flush(cls, &cls->cache[i]);
}

/*
 * Cutting from arenas
 */

static struct arena *
arena_of(const struct heap_class *cls, uint64_t va)
{
	struct arena *arena;

	for (arena = cls->arenas; arena != NULL; arena = arena->next) {
		if (va - (uintptr_t)arena->mem.va < arena->mem.len)
			return arena;
	}
	return NULL;
}

/* From the free ranges of the arenas: 0, -ENOSPC when they have none, -ENOMEM. */
static int
cut(struct heap_class *cls, size_t capacity, size_t align, struct accel_buf **buf_out)
{
	const struct addrspace_request req = {
		.size = capacity,
		.align = align,
		.window = { 0, UINT64_MAX },
	};
	struct accel_buf *buf;
	struct arena *arena;
	uint64_t va;
	int ret;

	if (cls->space == NULL)
		return -ENOSPC;
	buf = buf_table_get();
	if (buf == NULL)
		return -ENOMEM;
	ret = addrspace_alloc(cls->space, &req, &va);
	if (ret != 0) {
		buf_table_put(buf);
		return ret;
	}
	arena = arena_of(cls, va);
	buf_va_set(buf, (void *)(uintptr_t)va);
	buf_iova_set(buf, arena->iova + (va - (uintptr_t)arena->mem.va));
	buf->capacity = capacity;
	buf->origin = arena;
	if (buf_block_set(arena->block, buf) != 0) {
		addrspace_free(cls->space, va, NULL);
		buf_table_put(buf);
		return -ENOMEM;
	}
	*buf_out = buf;
	return 0;
}

/*
 * The lock is held, and dropped meanwhile. Of several threads that find no memory one makes an
 * arena; what the others want may be in it.
 */
static int
grow_or_wait(struct heap *heap, uint16_t dev_id, struct heap_class *cls, size_t *len, size_t next_len)
{
	int ret = 0;

	heap->users[dev_id].busy++;
	if (cls->growing) {
		pthread_cond_wait(&heap->grown, &heap->lock);
	} else {
		cls->growing = true;
		pthread_mutex_unlock(&heap->lock);
		ret = arena_grow(cls, heap, *len);
		pthread_mutex_lock(&heap->lock);
		cls->growing = false;
		pthread_cond_broadcast(&heap->grown);
		*len = next_len;
	}
	heap->users[dev_id].busy--;
	return ret;
}

/* The lock is held; it is dropped while an arena is added. */
static int
take(struct heap *heap, uint16_t dev_id, struct heap_class *cls, size_t len, size_t align,
		struct accel_buf **buf)
{
	size_t capacity = (len + cls->unit - 1) & ~(cls->unit - 1);
	size_t grow = capacity;
	int ret;

	if (align < cls->unit)
		align = cls->unit;
	for (;;) {
		*buf = cache_get(cls, capacity, align);
		if (*buf != NULL)
			return 0;
		ret = cut(cls, capacity, align, buf);
		if (ret == -ENOSPC) {
			flush_class(cls);
			ret = cut(cls, capacity, align, buf);
		}
		if (ret != -ENOSPC)
			return ret == -ENOMEM ? heap_no_memory(heap) : ret;
		/* Where the arena lies, the alignment may leave too little of it. */
		ret = grow_or_wait(heap, dev_id, cls, &grow, capacity + align);
		if (ret != 0)
			return ret;
	}
}

static void
hand_out(struct heap *heap, uint16_t dev_id, struct accel_buf *buf, size_t len, uint32_t flags)
{
	buf_len_set(buf, len);
	buf_flags_set(buf, flags);
	buf->link = NULL;
	__atomic_store_n(&buf->shares, NULL, __ATOMIC_RELAXED);
	buf_dev_set(buf, dev_id);
	buf_state_set(buf, BUF_LIVE);
	heap->users[dev_id].live++;
}

static struct heap_class *
class_for(struct heap *heap, uint32_t flags)
{
	if ((flags & ACCEL_BUF_ISOLATED) != 0)
		return &heap->classes[HEAP_ISOLATED];
	if ((flags & ACCEL_BUF_READ_ONLY) != 0)
		return &heap->classes[HEAP_READ_ONLY];
	return &heap->classes[HEAP_ORDINARY];
}

/*
 * Ordinary and read-only buffers, whose arenas are mapped, and isolated ones, which are mapped here
 */

static int
alloc_mapped(struct heap *heap, uint16_t dev_id, struct heap_class *cls, size_t len, size_t align,
		uint32_t flags, struct accel_buf **buf)
{
	int ret = -ENODEV;

	pthread_mutex_lock(&heap->lock);
	if (heap->users[dev_id].attached)
		ret = take(heap, dev_id, cls, len, align, buf);
	if (ret == 0)
		hand_out(heap, dev_id, *buf, len, flags);
	pthread_mutex_unlock(&heap->lock);
	return ret;
}

/* The lock is held. */
static void
drop(struct heap *heap, struct accel_buf *buf)
{
	struct arena *arena = buf->origin;

	heap->users[buf->dev_id].live--;
	if (arena->cls->access != 0)
		cache_put(arena->cls, buf);
	else
		give_back(arena->cls, buf);
}

static int
alloc_isolated(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf)
{
	struct heap_class *cls = &heap->classes[HEAP_ISOLATED];
	struct iospace_request req = { .access = IOSPACE_READ, .align = align };
	uint64_t iova;
	int ret;

	ret = alloc_mapped(heap, dev_id, cls, len, align, flags, buf);
	if (ret != 0)
		return ret;
	req.va = (*buf)->va;
	req.len = (*buf)->capacity;
	if ((flags & ACCEL_BUF_READ_ONLY) == 0)
		req.access |= IOSPACE_WRITE;
	ret = iospace_map(heap->ios, &req, &iova);
	if (ret != 0) {
		pthread_mutex_lock(&heap->lock);
		drop(heap, *buf);
		pthread_mutex_unlock(&heap->lock);
		return ret;
	}
	buf_iova_set(*buf, iova);
	return 0;
}

/*
 * Buffers without an arena
 */

static int
alloc_unattached(struct heap *heap, uint16_t dev_id, struct accel_buf **buf)
{
	int ret = heap_enter(heap, dev_id);

	if (ret != 0)
		return ret;
	*buf = buf_table_get();
	if (*buf == NULL) {
		heap_leave(heap, dev_id);
		heap_no_memory(heap);
		return -ENOMEM;
	}
	return 0;
}

static void
finish_unattached(struct heap *heap, uint16_t dev_id, struct accel_buf *buf, size_t len, int ret)
{
	pthread_mutex_lock(&heap->lock);
	heap->users[dev_id].busy--;
	if (ret == 0)
		hand_out(heap, dev_id, buf, len, buf->flags);
	pthread_mutex_unlock(&heap->lock);
	if (ret != 0)
		buf_table_put(buf);
}

static int
alloc_own(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf)
{
	int ret = alloc_unattached(heap, dev_id, buf);

	if (ret != 0)
		return ret;
	ret = heap_own_alloc(heap, len, align, flags, *buf);
	finish_unattached(heap, dev_id, *buf, len, ret);
	return ret;
}

int
heap_import(struct heap *heap, uint16_t dev_id, void *va, size_t len, uint32_t flags,
		accel_buf_release_t release, void *arg, struct accel_buf **buf_out)
{
	struct accel_buf *buf;
	int ret = alloc_unattached(heap, dev_id, &buf);

	if (ret != 0)
		return ret;
	buf_va_set(buf, va);
	buf->capacity = len;
	buf_flags_set(buf, flags);
	ret = heap_import_map(heap, buf, release, arg);
	finish_unattached(heap, dev_id, buf, len, ret);
	if (ret == 0)
		*buf_out = buf;
	return ret;
}

int
heap_adopt(struct heap *heap, uint16_t dev_id, const struct heap_view *view,
		struct accel_buf **buf_out)
{
	struct accel_buf *buf;
	int ret = alloc_unattached(heap, dev_id, &buf);

	if (ret != 0)
		return ret;
	buf_va_set(buf, view->va);
	buf_iova_set(buf, ACCEL_IOVA_NONE);
	buf->capacity = view->capacity;
	buf_flags_set(buf, view->flags);
	buf->origin = view->origin;
	finish_unattached(heap, dev_id, buf, view->len, 0);
	*buf_out = buf;
	return 0;
}

/*
 * Entry points
 */

int
heap_alloc(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf_out)
{
	struct accel_buf *buf;
	int ret;

	if ((flags & ACCEL_BUF_EXPORTABLE) != 0)
		ret = alloc_own(heap, dev_id, len, align, flags, &buf);
	else if ((flags & ACCEL_BUF_ISOLATED) != 0)
		ret = alloc_isolated(heap, dev_id, len, align, flags, &buf);
	else
		ret = alloc_mapped(heap, dev_id, class_for(heap, flags), len, align, flags, &buf);
	if (ret != 0)
		return ret;
	if ((flags & ACCEL_BUF_ZERO) != 0)
		memset(buf->va, 0, len);
	*buf_out = buf;
	return 0;
}

/*
 * Freeing
 */

void
heap_count(struct heap *heap, uint16_t dev_id, int n)
{
	pthread_mutex_lock(&heap->lock);
	heap->users[dev_id].live += (unsigned int)n;
	pthread_mutex_unlock(&heap->lock);
}

bool
heap_maps_alone(const struct accel_buf *buf)
{
	const struct heap_origin *origin = buf->origin;

	return origin->kind != ORIGIN_ARENA || (buf->flags & ACCEL_BUF_ISOLATED) != 0;
}

/* What a buffer had besides its memory. -EIO: the device may still reach the memory. */
static int
end_by_kind(struct heap *heap, struct accel_buf *buf)
{
	const struct heap_origin *origin = buf->origin;

	if (bank_buf_is(buf->flags)) {
		bank_buf_end(buf);
		return 0;
	}
	if (shares_end(buf) != 0) {
		if (origin->kind != ORIGIN_ARENA)
			buf_index_remove(buf);
		return -EIO;
	}
	switch (origin->kind) {
	case ORIGIN_IMPORT:
		return heap_import_unmap(buf);
	case ORIGIN_OWN:
		return heap_own_free(buf);
	default:
		return iospace_unmap(heap->ios, buf->iova, buf->capacity) == 0 ? 0 : -EIO;
	}
}

static int
free_apart(struct heap *heap, struct accel_buf *buf)
{
	const struct heap_origin *origin = buf->origin;
	bool cut_from_arena = origin->kind == ORIGIN_ARENA;
	int ret = end_by_kind(heap, buf);

	pthread_mutex_lock(&heap->lock);
	if (cut_from_arena && ret == 0) {
		drop(heap, buf);
	} else {
		/* Addresses that the device still reaches stay taken until the arena goes. */
		heap->users[buf->dev_id].live--;
		buf_table_put(buf);
	}
	pthread_mutex_unlock(&heap->lock);
	return ret;
}

int
heap_free(struct heap *heap, uint16_t dev_id, struct accel_buf *buf, struct accel_ctx **ctx)
{
	bool has_more;

	pthread_mutex_lock(&heap->lock);
	/* Of several threads that free a buffer at once, one gets past this. */
	if (buf_state_get(buf) != BUF_LIVE || buf_dev_get(buf) != dev_id) {
		pthread_mutex_unlock(&heap->lock);
		return -EINVAL;
	}
	if (ctx != NULL)
		*ctx = buf->link;
	has_more = heap_maps_alone(buf) || bank_buf_is(buf->flags);
	if (has_more)
		buf_state_set(buf, BUF_DYING);
	else
		drop(heap, buf);
	pthread_mutex_unlock(&heap->lock);
	return has_more ? free_apart(heap, buf) : 0;
}

int
heap_reserve(struct heap *heap, uint16_t dev_id, size_t bytes, uint32_t flags)
{
	int ret = heap_enter(heap, dev_id);

	if (ret != 0)
		return ret;
	ret = arena_grow(class_for(heap, flags), heap, bytes);
	heap_leave(heap, dev_id);
	return ret;
}

unsigned int
heap_live(struct heap *heap, uint16_t dev_id)
{
	unsigned int live;

	pthread_mutex_lock(&heap->lock);
	live = heap->users[dev_id].live;
	pthread_mutex_unlock(&heap->lock);
	return live;
}

void
heap_close(struct heap *heap)
{
	unsigned int i;

	pthread_mutex_lock(&heap->lock);
	for (i = 0; i < HEAP_CLASSES; i++)
		flush_class(&heap->classes[i]);
	pthread_mutex_unlock(&heap->lock);
	/* No device is attached, so nobody else has it and EAL may be called. */
	for (i = 0; i < HEAP_CLASSES; i++)
		arena_free_all(&heap->classes[i], heap);
	eal_map_end(&heap->eal_map);
}

static void
fill_info(const struct arena *arena, struct accel_arena_info *info)
{
	const struct hugemem *mem = &arena->mem;

	memset(info, 0, sizeof(*info));
	info->va = mem->va;
	info->len = mem->len;
	info->page_sz = mem->page_sz;
	info->socket = mem->socket;
	info->backing = mem->backing == HUGEMEM_MEMZONE ? ACCEL_BACKING_MEMZONE :
			mem->backing == HUGEMEM_HUGETLB ? ACCEL_BACKING_HUGETLB :
			ACCEL_BACKING_MEMFD;
	info->contiguous = mem->contiguous;
	info->flags = arena->cls->flags;
	snprintf(info->shortfall, sizeof(info->shortfall), "%s", mem->shortfall);
}

int
heap_arena_info(struct heap *heap, unsigned int n, struct accel_arena_info *info)
{
	const struct arena *arena = NULL;
	unsigned int i;

	pthread_mutex_lock(&heap->lock);
	for (i = 0; i < HEAP_CLASSES && arena == NULL; i++) {
		arena = heap->classes[i].arenas;
		while (arena != NULL && n > 0) {
			arena = arena->next;
			n--;
		}
	}
	if (arena != NULL)
		fill_info(arena, info);
	pthread_mutex_unlock(&heap->lock);
	return arena != NULL ? 0 : -ENOENT;
}
