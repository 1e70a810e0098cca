/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "frame.h"

#include "words.h"

/* Looking at frames, and into them. */

static void
tell_map(const VvasVideoFramePriv *pub, VvasVideoFrameMapInfo *info)
{
	unsigned int i;

	*info = (VvasVideoFrameMapInfo){ .nplanes = pub->num_planes, .size = pub->size,
		.width = (int32_t)pub->width, .height = (int32_t)pub->height, .fmt = pub->fmt,
		.alignment = pub->alignment };
	for (i = 0; i < pub->num_planes; i++) {
		const VvasVideoPlane *plane = &pub->planes[i];

		info->planes[i] = (VvasVideoPlaneInfo){ .data = plane->data, .size = plane->size,
			.offset = plane->offset, .stride = (int32_t)plane->stride,
			.elevation = (int32_t)plane->elevation };
	}
}

VvasReturnType
vvas_video_frame_map(VvasVideoFrame *vvas_vframe, VvasDataMapFlags map_flags,
		VvasVideoFrameMapInfo *info)
{
	struct frame *frame = frame_get(vvas_vframe);
	VvasReturnType ret = VVAS_RET_INVALID_ARGS;

	if (frame == NULL)
		return ret;
	if (info != NULL)
		ret = view_map_due(&frame->view, map_flags);
	else
		TELL_NULL("info");
	if (ret == VVAS_RET_SUCCESS)
		tell_map(&frame->pub, info);
	frame_put(frame);
	return ret;
}

VvasReturnType
vvas_video_frame_unmap(VvasVideoFrame *vvas_vframe, VvasVideoFrameMapInfo *info)
{
	struct frame *frame = frame_get(vvas_vframe);
	VvasReturnType ret = VVAS_RET_INVALID_ARGS;

	if (frame == NULL)
		return ret;
	if (info != NULL)
		ret = view_unmap(&frame->view);
	else
		TELL_NULL("info");
	frame_put(frame);
	return ret;
}

void
vvas_video_frame_set_metadata(VvasVideoFrame *vvas_vframe, VvasMetadata *meta_data)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	if (meta_data != NULL)
		view_copy_metadata(&frame->view, &frame->pub.meta_data, meta_data);
	else
		TELL_NULL("meta_data");
	frame_put(frame);
}

void
vvas_video_frame_get_metadata(VvasVideoFrame *vvas_vframe, VvasMetadata *meta_data)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	if (meta_data != NULL)
		view_copy_metadata(&frame->view, meta_data, &frame->pub.meta_data);
	else
		TELL_NULL("meta_data");
	frame_put(frame);
}

static void
tell_info(const VvasVideoFramePriv *pub, VvasVideoInfo *info)
{
	unsigned int i;

	info->width = (int32_t)pub->width;
	info->height = (int32_t)pub->height;
	info->fmt = pub->fmt;
	info->n_planes = pub->num_planes;
	info->alignment = pub->alignment;
	for (i = 0; i < pub->num_planes; i++) {
		info->stride[i] = pub->planes[i].stride;
		info->elevation[i] = pub->planes[i].elevation;
	}
}

void
vvas_video_frame_get_videoinfo(VvasVideoFrame *vvas_vframe, VvasVideoInfo *vinfo)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	if (vinfo != NULL)
		tell_info(&frame->pub, vinfo);
	else
		TELL_NULL("vinfo");
	frame_put(frame);
}
