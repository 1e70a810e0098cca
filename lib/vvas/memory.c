/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "memory.h"

#include <stdlib.h>

#include "words.h"

struct memory *
memory_get(const VvasMemory *mem)
{
	struct memory *found = live_get(mem, LIVE_MEMORY);

	if (found == NULL)
		TELL_REFUSED(mem, "memory");
	return found;
}

void
memory_put(struct memory *mem)
{
	live_put(&mem->live);
}

static void
free_memory(void *self)
{
	struct memory *mem = self;

	if (mem->pub.own_alloc)
		storage_free(&mem->storage);
	else if (mem->pub.free_cb != NULL)
		mem->pub.free_cb(mem->pub.data, mem->pub.user_data);
	view_fini(&mem->view);
	context_put(mem->ctx);
	free(mem);
}

/* A memory that holds its context, and has no bytes yet. */
static VvasReturnType
new_memory(VvasContext *vvas_ctx, struct memory **out)
{
	struct context *ctx = context_get(vvas_ctx);
	struct memory *mem;

	if (ctx == NULL) {
		TELL_REFUSED(vvas_ctx, "context");
		return VVAS_RET_INVALID_ARGS;
	}
	mem = calloc(1, sizeof(*mem));
	if (mem == NULL) {
		TELL(ctx->pub.log_level, "no memory for a memory's description");
		context_put(ctx);
		return VVAS_RET_ALLOC_ERROR;
	}
	mem->ctx = ctx;
	mem->pub.ctx = &ctx->pub;
	*out = mem;
	return VVAS_RET_SUCCESS;
}

/* The memory is complete: let programs have it. */
static VvasMemory *
enter(struct memory *mem)
{
	bool cma = mem->pub.mem_info.alloc_type == VVAS_ALLOC_TYPE_CMA;

	if (cma)
		mem->pub.boh = mem->storage.buf;
	view_init(&mem->view, cma ? mem->storage.buf : NULL, &mem->pub.mem_info);
	live_add(&mem->live, LIVE_MEMORY, mem, free_memory);
	return mem;
}

static VvasReturnType
alloc_bytes(struct memory *mem, size_t size)
{
	VvasReturnType ret = storage_alloc(&mem->storage, mem->ctx, &mem->pub.mem_info, size);

	if (ret != VVAS_RET_SUCCESS) {
		context_put(mem->ctx);
		free(mem);
		return ret;
	}
	mem->pub.data = mem->storage.data;
	mem->pub.size = size;
	mem->pub.own_alloc = 1;
	return ret;
}

static VvasReturnType
alloc(VvasContext *vvas_ctx, const VvasAllocationInfo *info, size_t size, struct memory **out)
{
	struct memory *mem;
	VvasReturnType ret;

	if (!ALLOC_TYPE_IS_VALID(info->alloc_type) || size == 0) {
		TELL(DEFAULT_VVAS_LOG_LEVEL, "cannot allocate %zu bytes of type %d", size,
				(int)info->alloc_type);
		return VVAS_RET_INVALID_ARGS;
	}
	ret = new_memory(vvas_ctx, &mem);
	if (ret != VVAS_RET_SUCCESS)
		return ret;
	mem->pub.mem_info = *info;
	mem->pub.mbank_idx = info->mbank_idx;
	ret = alloc_bytes(mem, size);
	if (ret == VVAS_RET_SUCCESS)
		*out = mem;
	return ret;
}

VvasMemory *
vvas_memory_alloc(VvasContext *vvas_ctx, VvasAllocationType mem_type, VvasAllocationFlags mem_flags,
		uint8_t mbank_idx, size_t size, VvasReturnType *ret)
{
	VvasAllocationInfo info = { .mbank_idx = mbank_idx, .alloc_type = mem_type,
		.alloc_flags = mem_flags };
	struct memory *mem = NULL;
	VvasReturnType result = alloc(vvas_ctx, &info, size, &mem);

	if (ret != NULL)
		*ret = result;
	return mem != NULL ? enter(mem) : NULL;
}

VvasMemory *
vvas_memory_alloc_from_data(VvasContext *vvas_ctx, uint8_t *data, size_t size,
		VvasMemoryDataFreeCB free_cb, void *user_data, VvasReturnType *ret)
{
	VvasReturnType result = VVAS_RET_INVALID_ARGS;
	struct memory *mem = NULL;

	if (data != NULL)
		result = new_memory(vvas_ctx, &mem);
	else
		TELL_NULL("data");
	if (ret != NULL)
		*ret = result;
	if (mem == NULL)
		return NULL;
	mem->pub.mem_info.alloc_type = VVAS_ALLOC_TYPE_NON_CMA;
	mem->pub.data = data;
	mem->pub.size = size;
	mem->pub.free_cb = free_cb;
	mem->pub.user_data = user_data;
	return enter(mem);
}

void
vvas_memory_free(VvasMemory *vvas_mem)
{
	struct memory *mem = live_remove(vvas_mem, LIVE_MEMORY);

	if (mem != NULL)
		memory_put(mem);
	else
		TELL_REFUSED(vvas_mem, "memory");
}

VvasReturnType
vvas_memory_map(VvasMemory *vvas_mem, VvasDataMapFlags map_flags, VvasMemoryMapInfo *info)
{
	struct memory *mem = memory_get(vvas_mem);
	VvasReturnType ret = VVAS_RET_INVALID_ARGS;

	if (mem == NULL)
		return ret;
	if (info != NULL)
		ret = view_map(&mem->view, map_flags);
	else
		TELL_NULL("info");
	if (ret == VVAS_RET_SUCCESS)
		*info = (VvasMemoryMapInfo){ .data = mem->pub.data, .size = mem->pub.size };
	memory_put(mem);
	return ret;
}

VvasReturnType
vvas_memory_unmap(VvasMemory *vvas_mem, VvasMemoryMapInfo *info)
{
	struct memory *mem = memory_get(vvas_mem);
	VvasReturnType ret;

	(void)info;
	if (mem == NULL)
		return VVAS_RET_INVALID_ARGS;
	ret = view_unmap(&mem->view);
	memory_put(mem);
	return ret;
}

void
vvas_memory_set_metadata(VvasMemory *vvas_mem, VvasMetadata *meta_data)
{
	struct memory *mem = memory_get(vvas_mem);

	if (mem == NULL)
		return;
	if (meta_data != NULL)
		view_copy_metadata(&mem->view, &mem->pub.meta_data, meta_data);
	else
		TELL_NULL("meta_data");
	memory_put(mem);
}

void
vvas_memory_get_metadata(VvasMemory *vvas_mem, VvasMetadata *meta_data)
{
	struct memory *mem = memory_get(vvas_mem);

	if (mem == NULL)
		return;
	if (meta_data != NULL)
		view_copy_metadata(&mem->view, meta_data, &mem->pub.meta_data);
	else
		TELL_NULL("meta_data");
	memory_put(mem);
}
