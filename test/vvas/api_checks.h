/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef API_CHECKS_H
#define API_CHECKS_H

/**
 * @file
 * What a program can see of the VVAS core API at compile time: numbers, sizes, layouts and
 * prototypes, in C99 and C++11. It is right when it compiles.
 */

#include <vvas_core/vvas_memory.h>

/* Programs rely on what comes with it, so these checks include nothing else of libc. */
#include <vvas_core/vvas_memory_priv.h>
#include <vvas_core/vvas_video.h>
#include <vvas_core/vvas_video_priv.h>

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) extern char api_check[(condition) ? 1 : -1]
#endif

CHECK(VVAS_RET_ALLOC_ERROR == -3 && VVAS_RET_INVALID_ARGS == -2 && VVAS_RET_ERROR == -1);
CHECK(VVAS_RET_SUCCESS == 0 && VVAS_RET_EOS == 1 && VVAS_RET_SEND_AGAIN == 2);
CHECK(VVAS_RET_NEED_MOREDATA == 3 && VVAS_RET_CAPS_CHANGED == 4);
CHECK(VVAS_IS_ERROR(VVAS_RET_ERROR) && !VVAS_IS_ERROR(VVAS_RET_SUCCESS));
CHECK(!VVAS_IS_ERROR(VVAS_RET_EOS));
CHECK(VVAS_DATA_SYNC_NONE == 0 && VVAS_DATA_SYNC_FROM_DEVICE == 1 && VVAS_DATA_SYNC_TO_DEVICE == 2);
CHECK(VVAS_DATA_MAP_NONE == 0 && VVAS_DATA_MAP_READ == 1 && VVAS_DATA_MAP_WRITE == 2);
CHECK(VVAS_ALLOC_TYPE_UNKNOWN == 0 && VVAS_ALLOC_TYPE_CMA == 1 && VVAS_ALLOC_TYPE_NON_CMA == 2);
CHECK(ALLOC_TYPE_IS_VALID(1) && ALLOC_TYPE_IS_VALID(2));
CHECK(!ALLOC_TYPE_IS_VALID(0) && !ALLOC_TYPE_IS_VALID(3) && !ALLOC_TYPE_IS_VALID(-1));
CHECK(VVAS_ALLOC_FLAG_UNKNOWN == -1 && VVAS_ALLOC_FLAG_NONE == 0);
CHECK(LOG_LEVEL_ERROR == 0 && LOG_LEVEL_WARNING == 1 && LOG_LEVEL_INFO == 2);
CHECK(LOG_LEVEL_DEBUG == 3 && DEFAULT_VVAS_LOG_LEVEL == LOG_LEVEL_WARNING);
CHECK(VVAS_BO_SYNC_BO_TO_DEVICE == 0 && VVAS_BO_SYNC_BO_FROM_DEVICE == 1);
CHECK(VVAS_BO_SYNC_BO_GMIO_TO_AIE == 2 && VVAS_BO_SYNC_BO_AIE_TO_GMIO == 3);
CHECK(VVAS_BO_FLAGS_NONE == 0 && VVAS_BO_FLAGS_CACHEABLE == 0x01000000);
CHECK(VVAS_BO_FLAGS_KERNBUF == 0x02000000 && VVAS_BO_FLAGS_SGL == 0x04000000);
CHECK(VVAS_BO_FLAGS_SVM == 0x08000000 && VVAS_BO_FLAGS_DEV_ONLY == 0x10000000);
CHECK(VVAS_BO_FLAGS_HOST_ONLY == 0x20000000 && VVAS_BO_FLAGS_P2P == 0x40000000);
CHECK(VVAS_BO_FLAGS_EXECBUF == 0x80000000 && VVAS_BO_FLAGS_MEMIDX_MASK == 0xffffff);
CHECK(VVAS_VIDEO_FORMAT_UNKNOWN == 0 && VVAS_VIDEO_FORMAT_Y_UV8_420 == 1);
CHECK(VVAS_VIDEO_FORMAT_RGBx == 2 && VVAS_VIDEO_FORMAT_r210 == 3 && VVAS_VIDEO_FORMAT_Y410 == 4);
CHECK(VVAS_VIDEO_FORMAT_BGRx == 5 && VVAS_VIDEO_FORMAT_BGRA == 6 && VVAS_VIDEO_FORMAT_RGBA == 7);
CHECK(VVAS_VIDEO_FORMAT_YUY2 == 8 && VVAS_VIDEO_FORMAT_NV16 == 9 && VVAS_VIDEO_FORMAT_RGB == 10);
CHECK(VVAS_VIDEO_FORMAT_v308 == 11 && VVAS_VIDEO_FORMAT_BGR == 12);
CHECK(VVAS_VIDEO_FORMAT_I422_10LE == 13 && VVAS_VIDEO_FORMAT_NV12_10LE32 == 14);
CHECK(VVAS_VIDEO_FORMAT_GRAY8 == 15 && VVAS_VIDEO_FORMAT_GRAY10_LE32 == 16);
CHECK(VVAS_VIDEO_FORMAT_I420 == 17 && VVAS_VIDEO_MAX_PLANES == 4);
CHECK(VVAS_CODEC_UNKNOWN == -1 && VVAS_CODEC_H264 == 0 && VVAS_CODEC_H265 == 1);
CHECK(NOT_FOUND == -1 && TRUE && !FALSE);

CHECK(sizeof(VvasReturnType) == 4 && sizeof(VvasLogLevel) == 4 && sizeof(VvasVideoFormat) == 4);
CHECK(sizeof(VvasMemoryMapInfo) == 16 && offsetof(VvasMemoryMapInfo, size) == 8);
CHECK(sizeof(VvasMetadata) == 24 && offsetof(VvasMetadata, dts) == 8);
CHECK(offsetof(VvasMetadata, duration) == 16);
CHECK(sizeof(VvasAllocationInfo) == 20 && offsetof(VvasAllocationInfo, alloc_type) == 4);
CHECK(offsetof(VvasAllocationInfo, alloc_flags) == 8);
CHECK(offsetof(VvasAllocationInfo, map_flags) == 12);
CHECK(offsetof(VvasAllocationInfo, sync_flags) == 16);
CHECK(sizeof(VvasContext) == 48 && offsetof(VvasContext, xclbin_loc) == 8);
CHECK(offsetof(VvasContext, dev_handle) == 16 && offsetof(VvasContext, uuid) == 24);
CHECK(offsetof(VvasContext, log_level) == 40 && sizeof(vvasDeviceHandle) == sizeof(void *));
CHECK(sizeof(VvasMemoryPrivate) == 112 && offsetof(VvasMemoryPrivate, mem_info) == 0);
CHECK(offsetof(VvasMemoryPrivate, ctx) == 24 && offsetof(VvasMemoryPrivate, boh) == 32);
CHECK(offsetof(VvasMemoryPrivate, mbank_idx) == 40 && offsetof(VvasMemoryPrivate, data) == 48);
CHECK(offsetof(VvasMemoryPrivate, size) == 56 && offsetof(VvasMemoryPrivate, free_cb) == 64);
CHECK(offsetof(VvasMemoryPrivate, user_data) == 72 && offsetof(VvasMemoryPrivate, own_alloc) == 80);
CHECK(offsetof(VvasMemoryPrivate, meta_data) == 88);
CHECK(sizeof(VvasVideoAlignment) == 32 && offsetof(VvasVideoAlignment, padding_left) == 4);
CHECK(offsetof(VvasVideoAlignment, padding_top) == 8);
CHECK(offsetof(VvasVideoAlignment, padding_bottom) == 12);
CHECK(offsetof(VvasVideoAlignment, stride_align) == 16);
CHECK(sizeof(VvasVideoInfo) == 112 && offsetof(VvasVideoInfo, height) == 4);
CHECK(offsetof(VvasVideoInfo, fmt) == 8 && offsetof(VvasVideoInfo, n_planes) == 12);
CHECK(offsetof(VvasVideoInfo, stride) == 16 && offsetof(VvasVideoInfo, elevation) == 48);
CHECK(offsetof(VvasVideoInfo, alignment) == 80);
CHECK(sizeof(VvasVideoPlaneInfo) == 32 && offsetof(VvasVideoPlaneInfo, size) == 8);
CHECK(offsetof(VvasVideoPlaneInfo, offset) == 16 && offsetof(VvasVideoPlaneInfo, stride) == 24);
CHECK(offsetof(VvasVideoPlaneInfo, elevation) == 28);
CHECK(sizeof(VvasVideoFrameMapInfo) == 192 && offsetof(VvasVideoFrameMapInfo, size) == 8);
CHECK(offsetof(VvasVideoFrameMapInfo, width) == 16 && offsetof(VvasVideoFrameMapInfo, fmt) == 24);
CHECK(offsetof(VvasVideoFrameMapInfo, alignment) == 28);
CHECK(offsetof(VvasVideoFrameMapInfo, planes) == 64);

/* Every function, with its type. */
struct api_prototypes {
	VvasContext *(*context_create)(int32_t, char *, VvasLogLevel, VvasReturnType *);
	VvasReturnType (*context_destroy)(VvasContext *);
	VvasMemory *(*memory_alloc)(VvasContext *, VvasAllocationType, VvasAllocationFlags, uint8_t,
			size_t, VvasReturnType *);
	VvasMemory *(*memory_alloc_from_data)(VvasContext *, uint8_t *, size_t,
			VvasMemoryDataFreeCB, void *, VvasReturnType *);
	void (*memory_free)(VvasMemory *);
	VvasReturnType (*memory_map)(VvasMemory *, VvasDataMapFlags, VvasMemoryMapInfo *);
	VvasReturnType (*memory_unmap)(VvasMemory *, VvasMemoryMapInfo *);
	void (*memory_set_metadata)(VvasMemory *, VvasMetadata *);
	void (*memory_get_metadata)(VvasMemory *, VvasMetadata *);
	void (*memory_sync_data)(VvasMemory *, VvasDataSyncFlags);
	void (*memory_set_sync_flag)(VvasMemory *, VvasDataSyncFlags);
	void (*memory_unset_sync_flag)(VvasMemory *, VvasDataSyncFlags);
	uint64_t (*memory_get_paddr)(VvasMemory *);
	void *(*memory_get_bo)(VvasMemory *);
	int32_t (*memory_get_device_index)(VvasMemory *);
	int32_t (*memory_get_bank_index)(VvasMemory *);
	VvasVideoFrame *(*frame_alloc)(VvasContext *, VvasAllocationType, VvasAllocationFlags,
			uint8_t, VvasVideoInfo *, VvasReturnType *);
	VvasVideoFrame *(*frame_alloc_from_data)(VvasContext *, VvasVideoInfo *, void *[4],
			VvasVideoFrameDataFreeCB, void *, VvasReturnType *);
	VvasReturnType (*frame_map)(VvasVideoFrame *, VvasDataMapFlags, VvasVideoFrameMapInfo *);
	VvasReturnType (*frame_unmap)(VvasVideoFrame *, VvasVideoFrameMapInfo *);
	void (*frame_free)(VvasVideoFrame *);
	void (*frame_set_metadata)(VvasVideoFrame *, VvasMetadata *);
	void (*frame_get_metadata)(VvasVideoFrame *, VvasMetadata *);
	void (*frame_get_videoinfo)(VvasVideoFrame *, VvasVideoInfo *);
	void (*frame_sync_data)(VvasVideoFrame *, VvasDataSyncFlags);
	void (*frame_set_sync_flag)(VvasVideoFrame *, VvasDataSyncFlags);
	void (*frame_unset_sync_flag)(VvasVideoFrame *, VvasDataSyncFlags);
	uint64_t (*frame_get_frame_paddr)(VvasVideoFrame *);
	uint64_t (*frame_get_plane_paddr)(VvasVideoFrame *, uint8_t);
	void *(*frame_get_bo)(VvasVideoFrame *);
	void *(*frame_get_plane_bo)(VvasVideoFrame *, uint8_t);
	int32_t (*frame_get_device_index)(VvasVideoFrame *);
	int32_t (*frame_get_bank_index)(VvasVideoFrame *);
	size_t (*frame_get_size)(VvasVideoFrame *);
	VvasAllocationType (*frame_get_allocation_type)(const VvasVideoFrame *);
	VvasAllocationFlags (*frame_get_allocation_flag)(const VvasVideoFrame *);
	void (*log)(uint32_t, uint32_t, const char *, const char *, uint32_t, const char *, ...);
};

static const struct api_prototypes api_prototypes = {
	vvas_context_create, vvas_context_destroy,
	vvas_memory_alloc, vvas_memory_alloc_from_data, vvas_memory_free, vvas_memory_map,
	vvas_memory_unmap, vvas_memory_set_metadata, vvas_memory_get_metadata,
	vvas_memory_sync_data, vvas_memory_set_sync_flag, vvas_memory_unset_sync_flag,
	vvas_memory_get_paddr, vvas_memory_get_bo, vvas_memory_get_device_index,
	vvas_memory_get_bank_index,
	vvas_video_frame_alloc, vvas_video_frame_alloc_from_data, vvas_video_frame_map,
	vvas_video_frame_unmap, vvas_video_frame_free, vvas_video_frame_set_metadata,
	vvas_video_frame_get_metadata, vvas_video_frame_get_videoinfo, vvas_video_frame_sync_data,
	vvas_video_frame_set_sync_flag, vvas_video_frame_unset_sync_flag,
	vvas_video_frame_get_frame_paddr, vvas_video_frame_get_plane_paddr,
	vvas_video_frame_get_bo, vvas_video_frame_get_plane_bo, vvas_video_frame_get_device_index,
	vvas_video_frame_get_bank_index, vvas_video_frame_get_size,
	vvas_video_frame_get_allocation_type, vvas_video_frame_get_allocation_flag,
	vvas_log,
};

#endif
