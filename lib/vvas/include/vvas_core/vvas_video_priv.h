/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_VIDEO_PRIV_H
#define VVAS_VIDEO_PRIV_H

/**
 * @file
 * For modules beside the VVAS core: what a frame looks like, and transfers by hand.
 *
 * A VvasVideoFrame is a VvasVideoFramePriv that this library has made. The fields are for reading;
 * one that a program fills itself is no frame, vvas_video_frame_alloc_from_data() makes one.
 *
 * Threads: any.
 */

#include <vvas_core/vvas_video.h>

#define VVAS_ROUND_UP_2(num) (((num) + 1) & ~1)
#define VVAS_ROUND_UP_4(num) (((num) + 3) & ~3)

typedef struct {
	vvasBOHandle boh; /**< CMA: that of the frame, in which the plane begins at offset */
	uint8_t *data;
	uint64_t size;
	uint64_t offset;
	size_t stride;
	size_t elevation;
} VvasVideoPlane;

typedef struct {
	VvasAllocationInfo mem_info;
	VvasContext *ctx; /**< stays readable as long as the frame lives */
	VvasLogLevel log_level;
	vvasBOHandle boh; /**< CMA: the struct accel_buf of accel_buf.h; else NULL */
	int32_t mbank_idx;
	size_t size;
	uint8_t num_planes;
	uint32_t width;
	uint32_t height;
	VvasVideoFormat fmt;
	VvasVideoAlignment alignment;
	VvasVideoPlane planes[VVAS_VIDEO_MAX_PLANES];
	VvasMetadata meta_data;
	VvasVideoFrameDataFreeCB free_cb;
	void *user_data;
	uint8_t own_alloc;
} VvasVideoFramePriv;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Transfer a CMA frame if that is due: TO_DEVICE sends the host's view, and the end of maps that
 * are open now sends nothing any more; FROM_DEVICE fetches. Other frames, both flags at once, and
 * failures are logged.
 */
void vvas_video_frame_sync_data(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags sync_flag);

/** Say that a transfer is due: FROM_DEVICE by who has had the device write to the frame. */
void vvas_video_frame_set_sync_flag(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags flag);

/** Say that a transfer is not due. TO_DEVICE: the end of maps that are open now sends nothing. */
void vvas_video_frame_unset_sync_flag(VvasVideoFrame *vvas_vframe, VvasDataSyncFlags flag);

/**
 * Where the device sees a frame, or one of its planes; as vvas_memory_get_paddr().
 *
 * @retval UINT64_MAX not CMA, not a frame, or no such plane
 */
uint64_t vvas_video_frame_get_frame_paddr(VvasVideoFrame *vvas_vframe);
uint64_t vvas_video_frame_get_plane_paddr(VvasVideoFrame *vvas_vframe, uint8_t plane_idx);

/** The buffer of a CMA frame, see VvasVideoFramePriv; NULL when it is none, or no such plane. */
void *vvas_video_frame_get_bo(VvasVideoFrame *vvas_vframe);
void *vvas_video_frame_get_plane_bo(VvasVideoFrame *vvas_vframe, uint8_t plane_idx);

/** dev_idx of the context; -1 when it is no frame. */
int32_t vvas_video_frame_get_device_index(VvasVideoFrame *vvas_vframe);

/** The bank that was asked for; -1 for the caller's data and what is no frame. */
int32_t vvas_video_frame_get_bank_index(VvasVideoFrame *vvas_vframe);

/** Bytes of all planes; SIZE_MAX when it is no frame. */
size_t vvas_video_frame_get_size(VvasVideoFrame *vvas_vframe);

/** How a frame was allocated; UNKNOWN when it is none. */
VvasAllocationType vvas_video_frame_get_allocation_type(const VvasVideoFrame *vvas_vframe);
VvasAllocationFlags vvas_video_frame_get_allocation_flag(const VvasVideoFrame *vvas_vframe);

#ifdef __cplusplus
}
#endif

#endif
