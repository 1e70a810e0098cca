/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "heap.h"

#include <errno.h>
#include <stdlib.h>

#include "buf_index.h"
#include "buf_table.h"

/*
 * Buffers with an entry of their own in the I/O space: imports, and exportable buffers, which have
 * memory of their own too.
 */

struct import {
	struct heap_origin origin;
	accel_buf_release_t release;
	void *arg;
};

struct own {
	struct heap_origin origin;
	struct hugemem mem;
};

static int
map_buf(struct heap *heap, struct accel_buf *buf, size_t align)
{
	const struct iospace_request req = {
		.va = buf->va,
		.len = buf->capacity,
		.access = IOSPACE_READ |
				((buf->flags & ACCEL_BUF_READ_ONLY) != 0 ? 0 : IOSPACE_WRITE),
		.align = align,
	};
	uint64_t iova;
	int ret;

	if (buf_index_add(buf) != 0)
		return heap_no_memory(heap);
	ret = iospace_map(heap->ios, &req, &iova);
	if (ret == 0)
		buf_iova_set(buf, iova);
	else
		buf_index_remove(buf);
	return ret;
}

static int
unmap_buf(struct heap *heap, struct accel_buf *buf)
{
	buf_index_remove(buf);
	return iospace_unmap(heap->ios, buf->iova, buf->capacity);
}

int
heap_own_alloc(struct heap *heap, size_t len, size_t align, uint32_t flags, struct accel_buf *buf)
{
	struct hugemem_request req = { .len = len, .socket = heap->socket };
	struct own *own = calloc(1, sizeof(*own));
	int ret;

	if (own == NULL)
		return heap_no_memory(heap);
	heap_backing(heap, true, &req);
	ret = hugemem_alloc(&req, &own->mem);
	if (ret != 0)
		goto fail;
	own->origin.kind = ORIGIN_OWN;
	own->origin.heap = heap;
	buf_va_set(buf, own->mem.va);
	buf->capacity = own->mem.len;
	buf_flags_set(buf, flags);
	buf->origin = own;
	ret = map_buf(heap, buf, align);
	if (ret == 0)
		return 0;
	hugemem_free(&own->mem);
fail:
	free(own);
	return ret;
}

int
heap_own_free(struct accel_buf *buf)
{
	struct own *own = buf->origin;
	int ret = unmap_buf(own->origin.heap, buf);

	if (ret == 0)
		hugemem_free(&own->mem);
	free(own);
	return ret == 0 ? 0 : -EIO;
}

int
heap_import_map(struct heap *heap, struct accel_buf *buf, accel_buf_release_t release, void *arg)
{
	struct import *import = calloc(1, sizeof(*import));
	int ret;

	if (import == NULL)
		return heap_no_memory(heap);
	import->origin.kind = ORIGIN_IMPORT;
	import->origin.heap = heap;
	import->release = release;
	import->arg = arg;
	ret = map_buf(heap, buf, 0);
	if (ret != 0) {
		free(import);
		return ret;
	}
	buf->origin = import;
	return 0;
}

int
heap_import_unmap(struct accel_buf *buf)
{
	struct import *import = buf->origin;
	struct heap *heap = import->origin.heap;
	int ret = unmap_buf(heap, buf);

	if (ret == 0)
		eal_map_refill(&heap->eal_map, buf->va, buf->capacity);
	/* Without the unmap the device may still write the memory: it must not be released. */
	if (ret == 0 && import->release != NULL)
		import->release(buf->va, buf->len, import->arg);
	free(import);
	return ret == 0 ? 0 : -EIO;
}

int
heap_export_fd(const struct accel_buf *buf)
{
	const struct own *own = buf->origin;

	return own->origin.kind == ORIGIN_OWN ? own->mem.fd : -ENOTSUP;
}
