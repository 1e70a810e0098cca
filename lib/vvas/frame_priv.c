/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "frame.h"

#include "words.h"

/* What other modules of VVAS call; see vvas_video_priv.h. */

void
vvas_video_frame_sync_data(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags sync_flag)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	view_sync_due(&frame->view, sync_flag);
	frame_put(frame);
}

void
vvas_video_frame_set_sync_flag(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags flag)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	view_set(&frame->view, flag);
	frame_put(frame);
}

void
vvas_video_frame_unset_sync_flag(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags flag)
{
	struct frame *frame = frame_get(vvas_vframe);

	if (frame == NULL)
		return;
	view_unset(&frame->view, flag);
	frame_put(frame);
}

uint64_t
vvas_video_frame_get_frame_paddr(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	uint64_t addr;

	if (frame == NULL)
		return UINT64_MAX;
	addr = view_address(&frame->view);
	frame_put(frame);
	return addr;
}

static bool
has_plane(const struct frame *frame, uint8_t plane_idx)
{
	if (plane_idx < frame->pub.num_planes)
		return true;
	TELL(frame->pub.log_level, "there is no plane %u: the frame has %u", plane_idx,
			frame->pub.num_planes);
	return false;
}

uint64_t
vvas_video_frame_get_plane_paddr(VvasVideoFrame *vvas_vframe, uint8_t plane_idx)
{
	struct frame *frame = frame_get(vvas_vframe);
	uint64_t addr = UINT64_MAX;

	if (frame == NULL)
		return addr;
	if (has_plane(frame, plane_idx))
		addr = view_address(&frame->view);
	if (addr != UINT64_MAX)
		addr += frame->pub.planes[plane_idx].offset;
	frame_put(frame);
	return addr;
}

void *
vvas_video_frame_get_bo(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	void *bo;

	if (frame == NULL)
		return NULL;
	bo = frame->view.cma;
	frame_put(frame);
	return bo;
}

void *
vvas_video_frame_get_plane_bo(VvasVideoFrame *vvas_vframe, uint8_t plane_idx)
{
	struct frame *frame = frame_get(vvas_vframe);
	void *bo;

	if (frame == NULL)
		return NULL;
	bo = has_plane(frame, plane_idx) ? frame->view.cma : NULL;
	frame_put(frame);
	return bo;
}

int32_t
vvas_video_frame_get_device_index(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	int32_t index;

	if (frame == NULL)
		return -1;
	index = frame->ctx->pub.dev_idx;
	frame_put(frame);
	return index;
}

int32_t
vvas_video_frame_get_bank_index(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	int32_t index;

	if (frame == NULL)
		return -1;
	index = frame->pub.mbank_idx;
	frame_put(frame);
	return index;
}

size_t
vvas_video_frame_get_size(VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	size_t size;

	if (frame == NULL)
		return SIZE_MAX;
	size = frame->pub.size;
	frame_put(frame);
	return size;
}

VvasAllocationType
vvas_video_frame_get_allocation_type(const VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	VvasAllocationType type;

	if (frame == NULL)
		return VVAS_ALLOC_TYPE_UNKNOWN;
	type = frame->pub.mem_info.alloc_type;
	frame_put(frame);
	return type;
}

VvasAllocationFlags
vvas_video_frame_get_allocation_flag(const VvasVideoFrame *vvas_vframe)
{
	struct frame *frame = frame_get(vvas_vframe);
	VvasAllocationFlags flags;

	if (frame == NULL)
		return VVAS_ALLOC_FLAG_UNKNOWN;
	flags = frame->pub.mem_info.alloc_flags;
	frame_put(frame);
	return flags;
}
