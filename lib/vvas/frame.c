/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "frame.h"

#include <stdlib.h>

#include "planes.h"
#include "words.h"

struct frame *
frame_get(const VvasVideoFrame *frame)
{
	struct frame *found = live_get(frame, LIVE_FRAME);

	if (found == NULL)
		TELL_REFUSED(frame, "video frame");
	return found;
}

void
frame_put(struct frame *frame)
{
	live_put(&frame->live);
}

static void
call_back(const VvasVideoFramePriv *pub)
{
	void *data[VVAS_VIDEO_MAX_PLANES] = { NULL };
	unsigned int i;

	for (i = 0; i < pub->num_planes; i++)
		data[i] = pub->planes[i].data;
	if (pub->free_cb != NULL)
		pub->free_cb(data, pub->user_data);
}

static void
free_planes(const struct frame *frame)
{
	unsigned int i;

	for (i = 0; i < VVAS_VIDEO_MAX_PLANES; i++)
		storage_free(&frame->storage[i]);
}

static void
free_frame(void *self)
{
	struct frame *frame = self;

	if (frame->pub.own_alloc)
		free_planes(frame);
	else
		call_back(&frame->pub);
	view_fini(&frame->view);
	context_put(frame->ctx);
	free(frame);
}

/* A frame that holds its context, with planes laid out that have no bytes yet. */
static VvasReturnType
new_frame(VvasContext *vvas_ctx, VvasVideoInfo *info, struct frame **out,
		bool (*lay_out)(VvasVideoFramePriv *frame, VvasVideoInfo *info))
{
	struct context *ctx = context_get(vvas_ctx);
	VvasReturnType ret = VVAS_RET_INVALID_ARGS;
	struct frame *frame;

	if (ctx == NULL) {
		TELL_REFUSED(vvas_ctx, "context");
		return ret;
	}
	frame = calloc(1, sizeof(*frame));
	if (frame == NULL) {
		TELL(ctx->pub.log_level, "no memory for a frame's description");
		ret = VVAS_RET_ALLOC_ERROR;
	} else if (!lay_out(&frame->pub, info)) {
		TELL(ctx->pub.log_level, "there is no frame of %d x %d in format %d", info->width,
				info->height, (int)info->fmt);
	} else {
		frame->ctx = ctx;
		*out = frame;
		return VVAS_RET_SUCCESS;
	}
	free(frame);
	context_put(ctx);
	return ret;
}

/* The frame is complete: let programs have it. */
static VvasVideoFrame *
enter(struct frame *frame, const VvasVideoInfo *info)
{
	bool cma = frame->pub.mem_info.alloc_type == VVAS_ALLOC_TYPE_CMA;

	frame->pub.ctx = &frame->ctx->pub;
	frame->pub.log_level = frame->ctx->pub.log_level;
	frame->pub.width = (uint32_t)info->width;
	frame->pub.height = (uint32_t)info->height;
	frame->pub.fmt = info->fmt;
	frame->pub.alignment = info->alignment;
	view_init(&frame->view, cma ? frame->storage[0].buf : NULL, &frame->pub.mem_info);
	live_add(&frame->live, LIVE_FRAME, frame, free_frame);
	return frame;
}

static VvasReturnType
alloc_cma(struct frame *frame)
{
	VvasVideoPlane *planes = frame->pub.planes;
	struct storage *all = &frame->storage[0];
	VvasReturnType ret = storage_alloc(all, frame->ctx, &frame->pub.mem_info, frame->pub.size);
	unsigned int i;

	for (i = 0; ret == VVAS_RET_SUCCESS && i < frame->pub.num_planes; i++) {
		planes[i].data = all->data + planes[i].offset;
		planes[i].boh = all->buf;
	}
	frame->pub.boh = all->buf;
	return ret;
}

static VvasReturnType
alloc_non_cma(struct frame *frame)
{
	VvasVideoPlane *planes = frame->pub.planes;
	VvasReturnType ret = VVAS_RET_SUCCESS;
	unsigned int i;

	for (i = 0; ret == VVAS_RET_SUCCESS && i < frame->pub.num_planes; i++) {
		ret = storage_alloc(&frame->storage[i], frame->ctx, &frame->pub.mem_info,
				planes[i].size);
		planes[i].data = frame->storage[i].data;
	}
	return ret;
}

static VvasReturnType
alloc_planes(struct frame *frame)
{
	bool cma = frame->pub.mem_info.alloc_type == VVAS_ALLOC_TYPE_CMA;
	VvasReturnType ret = cma ? alloc_cma(frame) : alloc_non_cma(frame);

	frame->pub.own_alloc = 1;
	if (ret != VVAS_RET_SUCCESS) {
		free_planes(frame);
		context_put(frame->ctx);
		free(frame);
	}
	return ret;
}

static VvasReturnType
alloc(VvasContext *vvas_ctx, const VvasAllocationInfo *how, VvasVideoInfo *info, struct frame **out)
{
	struct frame *frame;
	VvasReturnType ret;

	if (!ALLOC_TYPE_IS_VALID(how->alloc_type)) {
		TELL(DEFAULT_VVAS_LOG_LEVEL, "there is no memory of type %d", (int)how->alloc_type);
		return VVAS_RET_INVALID_ARGS;
	}
	ret = new_frame(vvas_ctx, info, &frame, planes_lay_out_aligned);
	if (ret != VVAS_RET_SUCCESS)
		return ret;
	frame->pub.mem_info = *how;
	frame->pub.mbank_idx = how->mbank_idx;
	ret = alloc_planes(frame);
	if (ret == VVAS_RET_SUCCESS)
		*out = frame;
	return ret;
}

VvasVideoFrame *
vvas_video_frame_alloc(VvasContext *vvas_ctx, VvasAllocationType alloc_type,
		VvasAllocationFlags alloc_flags, uint8_t mbank_idx, VvasVideoInfo *vinfo,
		VvasReturnType *ret)
{
	VvasAllocationInfo how = { .mbank_idx = mbank_idx, .alloc_type = alloc_type,
		.alloc_flags = alloc_flags };
	VvasReturnType result = VVAS_RET_INVALID_ARGS;
	struct frame *frame = NULL;
	VvasVideoInfo info;

	if (vinfo != NULL) {
		info = *vinfo;
		result = alloc(vvas_ctx, &how, &info, &frame);
	} else {
		TELL_NULL("vinfo");
	}
	if (ret != NULL)
		*ret = result;
	if (frame == NULL)
		return NULL;
	vinfo->alignment.padding_right = info.alignment.padding_right;
	return enter(frame, &info);
}

static bool
lay_out_as_is(VvasVideoFramePriv *frame, VvasVideoInfo *info)
{
	return planes_lay_out(frame, info);
}

/* Put the caller's planes into a frame; returns whether all are there. */
static bool
take_planes(VvasVideoFramePriv *pub, void *const *data)
{
	unsigned int i;

	for (i = 0; i < pub->num_planes; i++) {
		if (data[i] == NULL)
			return false;
		pub->planes[i].data = data[i];
	}
	return true;
}

static VvasReturnType
wrap(VvasContext *vvas_ctx, VvasVideoInfo *info, void *const *data, struct frame **out)
{
	struct frame *frame;
	VvasReturnType ret;

	if (info == NULL || data == NULL) {
		TELL_NULL("vinfo or data");
		return VVAS_RET_INVALID_ARGS;
	}
	ret = new_frame(vvas_ctx, info, &frame, lay_out_as_is);
	if (ret != VVAS_RET_SUCCESS)
		return ret;
	if (!take_planes(&frame->pub, data)) {
		TELL(frame->ctx->pub.log_level, "format %d has %u planes, and one of them is NULL",
				(int)info->fmt, frame->pub.num_planes);
		context_put(frame->ctx);
		free(frame);
		return VVAS_RET_INVALID_ARGS;
	}
	*out = frame;
	return ret;
}

VvasVideoFrame *
vvas_video_frame_alloc_from_data(VvasContext *vvas_ctx, VvasVideoInfo *vinfo,
		void *data[VVAS_VIDEO_MAX_PLANES], VvasVideoFrameDataFreeCB free_cb,
		void *user_data, VvasReturnType *ret)
{
	struct frame *frame = NULL;
	VvasReturnType result = wrap(vvas_ctx, vinfo, data, &frame);

	if (ret != NULL)
		*ret = result;
	if (frame == NULL)
		return NULL;
	frame->pub.mem_info = (VvasAllocationInfo){ .mbank_idx = UINT8_MAX,
		.alloc_type = VVAS_ALLOC_TYPE_NON_CMA, .alloc_flags = VVAS_ALLOC_FLAG_UNKNOWN };
	frame->pub.mbank_idx = -1;
	frame->pub.free_cb = free_cb;
	frame->pub.user_data = user_data;
	return enter(frame, vinfo);
}

void
vvas_video_frame_free(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = live_remove(vvas_vframe, LIVE_FRAME);

	if (frame != NULL)
		frame_put(frame);
	else
		TELL_REFUSED(vvas_vframe, "video frame");
}
