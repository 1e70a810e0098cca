/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The API in plain C99, with no other header than VVAS's own.
 */
#include "api_checks.h"

static int
use(VvasMemory *mem)
{
	static const uint8_t bytes[] = "bytes";
	VvasMemoryMapInfo info;
	VvasMetadata meta = { 1, 2, 3 };

	if (vvas_memory_map(mem, VVAS_DATA_MAP_WRITE, &info) != VVAS_RET_SUCCESS)
		return 1;
	memcpy(info.data, bytes, sizeof(bytes));
	vvas_memory_set_metadata(mem, &meta);
	memset(&meta, 0, sizeof(meta));
	vvas_memory_get_metadata(mem, &meta);
	return vvas_memory_unmap(mem, &info) != VVAS_RET_SUCCESS || meta.duration != 3 ||
			((VvasMemoryPrivate *)mem)->size != sizeof(bytes);
}

int
main(void)
{
	VvasReturnType ret = VVAS_RET_EOS;
	VvasContext *ctx = vvas_context_create(-1, NULL, LOG_LEVEL_INFO, &ret);
	VvasMemory *mem;
	int bad;

	if (VVAS_IS_ERROR(ret) || ctx->dev_handle != NULL || !uuid_is_null(ctx->uuid))
		return 1;
	mem = vvas_memory_alloc(ctx, VVAS_ALLOC_TYPE_NON_CMA, VVAS_ALLOC_FLAG_NONE, 0, 6, &ret);
	bad = use(mem);
	LOG_INFO(ctx->log_level, "%d", bad);
	LOG_MESSAGE(LOG_LEVEL_ERROR, ctx->log_level, "text");
	vvas_memory_free(mem);
	return bad || api_prototypes.context_destroy(ctx) != VVAS_RET_SUCCESS;
}
