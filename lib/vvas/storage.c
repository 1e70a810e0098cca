/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "storage.h"

#include <stdlib.h>

#include <acceldev/accel_buf.h>
#include <acceldev/accel_dev.h>

#include "words.h"

#define PAGE 4096

static VvasReturnType
alloc_malloc(struct storage *storage, const struct context *ctx, size_t size)
{
	void *data = malloc(size);

	if (data == NULL) {
		TELL(ctx->pub.log_level, "no memory for %zu bytes", size);
		return VVAS_RET_ALLOC_ERROR;
	}
	*storage = (struct storage){ .data = data };
	return VVAS_RET_SUCCESS;
}

static VvasReturnType
alloc_buf(struct storage *storage, const struct context *ctx, size_t size, size_t align,
		uint32_t flags)
{
	struct accel_buf *buf;

	if (accel_ctx_buf_alloc(ctx->accel, size, align, flags, &buf) != 0)
		return VVAS_RET_ALLOC_ERROR;
	*storage = (struct storage){ .buf = buf, .data = buf->va };
	return VVAS_RET_SUCCESS;
}

static VvasReturnType
alloc_in_bank(struct storage *storage, const struct context *ctx, uint8_t bank, size_t size)
{
	struct accel_dev_info info;

	if (ctx->accel == NULL) {
		TELL(ctx->pub.log_level, "a software context has no CMA memory: give "
				"vvas_context_create() an xclbin, or the spec of a device");
		return VVAS_RET_ERROR;
	}
	if (accel_dev_info_get(accel_ctx_dev_id(ctx->accel), &info) != 0)
		return VVAS_RET_ALLOC_ERROR;
	if (info.nb_banks == 0 && bank == 0)
		return alloc_buf(storage, ctx, size, PAGE, 0);
	if (bank >= info.nb_banks) {
		TELL(ctx->pub.log_level, "there is no bank %u: the device has %u", bank,
				info.nb_banks);
		return VVAS_RET_ALLOC_ERROR;
	}
	return alloc_buf(storage, ctx, size, PAGE, ACCEL_BUF_BANK(bank));
}

VvasReturnType
storage_alloc(struct storage *storage, const struct context *ctx, const VvasAllocationInfo *info,
		size_t size)
{
	if (info->alloc_type == VVAS_ALLOC_TYPE_CMA)
		return alloc_in_bank(storage, ctx, info->mbank_idx, size);
	if (ctx->accel == NULL)
		return alloc_malloc(storage, ctx, size);
	return alloc_buf(storage, ctx, size, 0, 0);
}

void
storage_free(const struct storage *storage)
{
	if (storage->buf != NULL)
		accel_buf_free(storage->buf);
	else
		free(storage->data);
}
