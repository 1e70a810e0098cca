/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "context.h"

#include <stdlib.h>

#include "device.h"
#include "words.h"

/*
 * A context is freed when its last memory is: programs that look into VvasMemoryPrivate follow its
 * pointer to the context.
 */

struct context *
context_get(const VvasContext *ctx)
{
	return live_get(ctx, LIVE_CONTEXT);
}

void
context_put(struct context *ctx)
{
	live_put(&ctx->live);
}

static void
free_context(void *self)
{
	struct context *ctx = self;

	accel_ctx_put(ctx->accel);
	free(ctx->pub.xclbin_loc);
	free(ctx);
}

static struct context *
new_context(int32_t dev_idx, const char *xclbin, VvasLogLevel log_level)
{
	struct context *ctx = calloc(1, sizeof(*ctx));
	char *copy = xclbin != NULL ? strdup(xclbin) : NULL;

	if (ctx == NULL || (copy == NULL && xclbin != NULL)) {
		TELL(log_level, "no memory for a context");
		free(copy);
		free(ctx);
		return NULL;
	}
	ctx->pub.dev_idx = dev_idx;
	ctx->pub.xclbin_loc = copy;
	ctx->pub.log_level = log_level;
	return ctx;
}

static VvasReturnType
open_device(struct context *ctx)
{
	VvasReturnType ret;

	if (ctx->pub.dev_idx < 0 || ctx->pub.xclbin_loc == NULL)
		return VVAS_RET_SUCCESS;
	ret = device_open(&ctx->pub, &ctx->accel);
	ctx->pub.dev_handle = ctx->accel;
	return ret;
}

VvasContext *
vvas_context_create(int32_t dev_idx, char *xclbin_loc, VvasLogLevel log_level, VvasReturnType *vret)
{
	struct context *ctx = new_context(dev_idx, xclbin_loc, log_level);
	VvasReturnType ret = ctx != NULL ? open_device(ctx) : VVAS_RET_ALLOC_ERROR;

	if (vret != NULL)
		*vret = ret;
	if (ctx == NULL)
		return NULL;
	if (ret != VVAS_RET_SUCCESS) {
		free_context(ctx);
		return NULL;
	}
	live_add(&ctx->live, LIVE_CONTEXT, ctx, free_context);
	return &ctx->pub;
}

VvasReturnType
vvas_context_destroy(VvasContext *vvas_ctx)
{
	struct context *ctx = live_remove(vvas_ctx, LIVE_CONTEXT);

	if (ctx == NULL) {
		TELL_REFUSED(vvas_ctx, "context");
		return VVAS_RET_INVALID_ARGS;
	}
	context_put(ctx);
	return VVAS_RET_SUCCESS;
}
