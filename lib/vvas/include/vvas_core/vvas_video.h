/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_VIDEO_H
#define VVAS_VIDEO_H

/**
 * @file
 * Video frames: memories with planes.
 *
 * A CMA frame is one range of a bank with its planes one behind the other; the planes of a NON_CMA
 * frame are memories of their own. Data go between the device and the host's view as with memories
 * (vvas_memory.h), but a map for READ transfers what is due and nothing else: what the host has
 * written is sent, and the device's data are fetched when somebody has said that there are any,
 * with vvas_video_frame_set_sync_flag().
 *
 * Threads: any, also on one frame.
 */

#include <vvas_core/vvas_common.h>
#include <vvas_core/vvas_context.h>

#define VVAS_VIDEO_MAX_PLANES 4

typedef enum {
	VVAS_CODEC_UNKNOWN = -1,
	VVAS_CODEC_H264 = 0,
	VVAS_CODEC_H265 = 1
} VvasCodecType;

/** Formats, as GStreamer lays them out. */
typedef enum {
	VVAS_VIDEO_FORMAT_UNKNOWN = 0,
	VVAS_VIDEO_FORMAT_Y_UV8_420 = 1, /**< NV12 */
	VVAS_VIDEO_FORMAT_RGBx = 2,
	VVAS_VIDEO_FORMAT_r210 = 3,
	VVAS_VIDEO_FORMAT_Y410 = 4,
	VVAS_VIDEO_FORMAT_BGRx = 5,
	VVAS_VIDEO_FORMAT_BGRA = 6,
	VVAS_VIDEO_FORMAT_RGBA = 7,
	VVAS_VIDEO_FORMAT_YUY2 = 8,
	VVAS_VIDEO_FORMAT_NV16 = 9,
	VVAS_VIDEO_FORMAT_RGB = 10,
	VVAS_VIDEO_FORMAT_v308 = 11,
	VVAS_VIDEO_FORMAT_BGR = 12,
	VVAS_VIDEO_FORMAT_I422_10LE = 13,
	VVAS_VIDEO_FORMAT_NV12_10LE32 = 14,
	VVAS_VIDEO_FORMAT_GRAY8 = 15,
	VVAS_VIDEO_FORMAT_GRAY10_LE32 = 16,
	VVAS_VIDEO_FORMAT_I420 = 17
} VvasVideoFormat;

typedef struct {
	uint32_t padding_right; /**< pixels; allocating adds what stride_align needs */
	uint32_t padding_left;
	uint32_t padding_top;
	uint32_t padding_bottom;
	uint32_t stride_align[VVAS_VIDEO_MAX_PLANES]; /**< bits that the stride must not have */
} VvasVideoAlignment;

typedef struct {
	int32_t width;
	int32_t height;
	VvasVideoFormat fmt;
	uint32_t n_planes; /**< told by vvas_video_frame_get_videoinfo(), else not looked at */
	size_t stride[VVAS_VIDEO_MAX_PLANES];    /**< as n_planes; bytes */
	size_t elevation[VVAS_VIDEO_MAX_PLANES]; /**< as n_planes; lines */
	VvasVideoAlignment alignment;
} VvasVideoInfo;

typedef struct {
	uint8_t *data;
	size_t size;   /**< bytes */
	size_t offset; /**< in the frame */
	int32_t stride;
	int32_t elevation;
} VvasVideoPlaneInfo;

typedef struct {
	uint8_t nplanes;
	size_t size; /**< of all planes */
	int32_t width;
	int32_t height;
	VvasVideoFormat fmt;
	VvasVideoAlignment alignment;
	VvasVideoPlaneInfo planes[VVAS_VIDEO_MAX_PLANES];
} VvasVideoFrameMapInfo;

typedef void VvasVideoFrame;

/** Called once when a frame of the caller's data is freed, by the thread that frees it. */
typedef void (*VvasVideoFrameDataFreeCB)(void *data[VVAS_VIDEO_MAX_PLANES], void *user_data);

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocate a frame; its content is undefined.
 *
 * @param alloc_type,alloc_flags,mbank_idx  as vvas_memory_alloc()
 * @param[in,out] vinfo  width, height, fmt and alignment say what; alignment.padding_right is
 *                       raised until the strides are aligned
 * @param[out] ret  the result; may be NULL
 * @retval NULL failure, logged; VVAS_RET_INVALID_ARGS: not a context, no such type or format, vinfo
 *         is NULL, a width or height of 0 or less, or more than INT32_MAX lines or bytes to a line.
 *         Others as vvas_memory_alloc(). vinfo is untouched then.
 */
VvasVideoFrame *vvas_video_frame_alloc(VvasContext *vvas_ctx, VvasAllocationType alloc_type,
		VvasAllocationFlags alloc_flags, uint8_t mbank_idx, VvasVideoInfo *vinfo,
		VvasReturnType *ret);

/**
 * Make the caller's planes a NON_CMA frame. Strides and elevations are those that
 * vvas_video_frame_alloc() makes of the same width, height and padding without alignment.
 *
 * @param data     a pointer for each plane of the format, which stays the caller's until free_cb
 * @param free_cb  called by vvas_video_frame_free(); may be NULL
 * @param[out] ret  the result; may be NULL
 * @retval NULL failure as vvas_video_frame_alloc(), or VVAS_RET_INVALID_ARGS: data is NULL or has a
 *         NULL. free_cb is not called.
 */
VvasVideoFrame *vvas_video_frame_alloc_from_data(VvasContext *vvas_ctx, VvasVideoInfo *vinfo,
		void *data[VVAS_VIDEO_MAX_PLANES], VvasVideoFrameDataFreeCB free_cb,
		void *user_data, VvasReturnType *ret);

/**
 * Map a frame. When both transfers are due neither is made, which is logged.
 *
 * @param map_flags  VvasDataMapFlags
 * @param[out] info  untouched on failure; planes that the format does not have are all 0
 * @retval VVAS_RET_SUCCESS, VVAS_RET_INVALID_ARGS, VVAS_RET_ERROR as vvas_memory_map()
 */
VvasReturnType vvas_video_frame_map(VvasVideoFrame *vvas_vframe, VvasDataMapFlags map_flags,
		VvasVideoFrameMapInfo *info);

/**
 * End a map. Without one nothing happens.
 *
 * @param info  not looked at
 * @retval VVAS_RET_INVALID_ARGS not a frame, or info is NULL
 * @retval VVAS_RET_SUCCESS, VVAS_RET_ERROR as vvas_memory_unmap()
 */
VvasReturnType vvas_video_frame_unmap(VvasVideoFrame *vvas_vframe, VvasVideoFrameMapInfo *info);

/** Free a frame, mapped or not, also after its context was destroyed. What is none is logged. */
void vvas_video_frame_free(VvasVideoFrame *vvas_vframe);

/** Note metadata with a frame, all 0 at first, or read them. NULL and what is none is logged. */
void vvas_video_frame_set_metadata(VvasVideoFrame *vvas_vframe, VvasMetadata *meta_data);
void vvas_video_frame_get_metadata(VvasVideoFrame *vvas_vframe, VvasMetadata *meta_data);

/** Tell what a frame is; of the planes that it has. NULL and what is none is logged. */
void vvas_video_frame_get_videoinfo(VvasVideoFrame *vvas_vframe, VvasVideoInfo *vinfo);

#ifdef __cplusplus
}
#endif

#endif
