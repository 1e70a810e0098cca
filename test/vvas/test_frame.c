/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Video frames: allocating, wrapping, mapping, and what is transferred when.
 */
#include "vvas_case.h"

#include <acceldev/acceldev.h>

#include "log_text.h"

#define CMA     VVAS_ALLOC_TYPE_CMA
#define NON_CMA VVAS_ALLOC_TYPE_NON_CMA
#define FLAGS   VVAS_ALLOC_FLAG_NONE
#define READ    VVAS_DATA_MAP_READ
#define WRITE   VVAS_DATA_MAP_WRITE
#define BOTH    ((VvasDataMapFlags)(READ | WRITE))
#define FROM    VVAS_DATA_SYNC_FROM_DEVICE
#define TO      VVAS_DATA_SYNC_TO_DEVICE

/* 17 x 9 in NV12: planes of 200 and 100 bytes. */
#define SIZE 300
#define BO(frame) vvas_video_frame_get_bo(frame)

static const VvasVideoInfo nv12 = { .width = 17, .height = 9, .fmt = VVAS_VIDEO_FORMAT_Y_UV8_420,
	.n_planes = 2 };

static VvasVideoFrame *
alloc(VvasContext *ctx, VvasAllocationType type, uint8_t bank)
{
	VvasReturnType ret = (VvasReturnType)99;
	VvasVideoInfo info = nv12;
	VvasVideoFrame *frame = vvas_video_frame_alloc(ctx, type, FLAGS, bank, &info, &ret);

	CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
	ASSERT_OK(ret);
	return frame;
}

static VvasVideoFrameMapInfo
map(VvasVideoFrame *frame, VvasDataMapFlags flags)
{
	VvasVideoFrameMapInfo info;

	memset(&info, 0xee, sizeof(info));
	CU_ASSERT_EQUAL_FATAL(vvas_video_frame_map(frame, flags, &info), VVAS_RET_SUCCESS);
	return info;
}

static void
unmap(VvasVideoFrame *frame)
{
	VvasVideoFrameMapInfo info;

	ASSERT_OK(vvas_video_frame_unmap(frame, &info));
}

static VvasDataSyncFlags
due(const VvasVideoFrame *frame)
{
	return ((const VvasVideoFramePriv *)frame)->mem_info.sync_flags;
}

static void
fails(VvasContext *ctx, VvasAllocationType type, uint8_t bank, const VvasVideoInfo *what,
		VvasReturnType with)
{
	VvasReturnType ret = (VvasReturnType)99;
	VvasVideoInfo info = *what;

	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc(ctx, type, FLAGS, bank, &info, &ret));
	CU_ASSERT_EQUAL(ret, with);
	CU_ASSERT_EQUAL(memcmp(&info, what, sizeof(info)), 0);
	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc(ctx, type, FLAGS, bank, &info, NULL));
}

static void
fails_with(VvasContext *ctx, int32_t width, int32_t height, int fmt, uint32_t padding)
{
	VvasVideoInfo info = { .width = width, .height = height, .fmt = (VvasVideoFormat)fmt };

	info.alignment.padding_right = padding;
	fails(ctx, NON_CMA, 0, &info, VVAS_RET_INVALID_ARGS);
}

static void
invalid_at(VvasContext *ctx, enum place place)
{
	VvasReturnType ret = (VvasReturnType)99;

	fails(NULL, NON_CMA, 0, &nv12, VVAS_RET_INVALID_ARGS);
	fails(GARBAGE, NON_CMA, 0, &nv12, VVAS_RET_INVALID_ARGS);
	fails(ctx, VVAS_ALLOC_TYPE_UNKNOWN, 0, &nv12, VVAS_RET_INVALID_ARGS);
	fails(ctx, (VvasAllocationType)7, 0, &nv12, VVAS_RET_INVALID_ARGS);
	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc(ctx, NON_CMA, FLAGS, 0, NULL, &ret));
	ASSERT_BAD(ret);
	fails_with(ctx, 0, 9, 1, 0);
	fails_with(ctx, 17, 0, 1, 0);
	fails_with(ctx, -17, 9, 1, 0);
	fails_with(ctx, 17, INT32_MIN, 1, 0);
	fails_with(ctx, 17, 9, 0, 0);
	fails_with(ctx, 17, 9, 18, 0);
	fails_with(ctx, 17, 9, -1, 0);
	fails_with(ctx, INT32_MAX, 9, 1, 0); /* lines rounded up are longer than that */
	fails_with(ctx, INT32_MAX / 4 + 1, 9, VVAS_VIDEO_FORMAT_RGBA, 0);
	fails_with(ctx, 17, 9, 1, UINT32_MAX);
	fails_with(ctx, 17, INT32_MAX, 1, 0);
	if (place == SOFTWARE)
		fails(ctx, CMA, 0, &nv12, VVAS_RET_ERROR);
}

static void
invalid(void)
{
	case_each(invalid_at);
}

/* More than there is: planes that were allocated before are freed again. */
static void
too_large_at(VvasContext *ctx, enum place place)
{
	const VvasVideoInfo huge = { .width = 1 << 30, .height = 1 << 30,
		.fmt = VVAS_VIDEO_FORMAT_I420 };

	fails(ctx, NON_CMA, 0, &huge, VVAS_RET_ALLOC_ERROR);
	if (place == BANKS) {
		fails(ctx, CMA, 0, &huge, VVAS_RET_ALLOC_ERROR);
		fails(ctx, CMA, 2, &nv12, VVAS_RET_ALLOC_ERROR);
	}
	if (place == PLAIN)
		fails(ctx, CMA, 1, &nv12, VVAS_RET_ALLOC_ERROR);
}

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
too_large(void)
{
	case_each(too_large_at);
}

/* Planes as the map and the videoinfo tell them. */
static void
check_map(VvasVideoFrame *frame, const VvasVideoFrameMapInfo *info)
{
	VvasVideoInfo video;

	memset(&video, 0xee, sizeof(video));
	vvas_video_frame_get_videoinfo(frame, &video);
	CU_ASSERT(info->nplanes == 2 && info->size == SIZE);
	CU_ASSERT(info->width == 17 && info->height == 9);
	CU_ASSERT_EQUAL(info->fmt, VVAS_VIDEO_FORMAT_Y_UV8_420);
	CU_ASSERT(info->planes[0].stride == 20 && info->planes[0].elevation == 10);
	CU_ASSERT(info->planes[0].offset == 0 && info->planes[0].size == 200);
	CU_ASSERT(info->planes[1].stride == 20 && info->planes[1].elevation == 5);
	CU_ASSERT(info->planes[1].offset == 200 && info->planes[1].size == 100);
	CU_ASSERT(info->planes[2].data == NULL && info->planes[2].size == 0);
	CU_ASSERT(info->planes[3].data == NULL && info->planes[3].stride == 0);
	CU_ASSERT(video.width == 17 && video.height == 9 && video.n_planes == 2);
	CU_ASSERT_EQUAL(video.fmt, VVAS_VIDEO_FORMAT_Y_UV8_420);
	CU_ASSERT(video.stride[0] == 20 && video.stride[1] == 20);
	CU_ASSERT(video.elevation[0] == 10 && video.elevation[1] == 5);
	CU_ASSERT_EQUAL(vvas_video_frame_get_size(frame), SIZE);
}

/* The planes are memories of their own, which an application may write to the last byte. */
static void
non_cma_at(VvasContext *ctx, enum place place)
{
	VvasVideoFrame *frame = alloc(ctx, NON_CMA, 5);
	VvasVideoFrameMapInfo info = map(frame, BOTH), again;

	check_map(frame, &info);
	memset(info.planes[0].data, 1, 200);
	memset(info.planes[1].data, 2, 100);
	CU_ASSERT(case_is_filled(info.planes[0].data, 1, 200));
	unmap(frame);
	again = map(frame, READ);
	CU_ASSERT_PTR_EQUAL(again.planes[0].data, info.planes[0].data);
	CU_ASSERT(case_is_filled(again.planes[1].data, 2, 100));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	CU_ASSERT_PTR_NULL(BO(frame));
	CU_ASSERT_PTR_NULL(vvas_video_frame_get_plane_bo(frame, 0));
	CU_ASSERT_EQUAL(vvas_video_frame_get_frame_paddr(frame), UINT64_MAX);
	CU_ASSERT_EQUAL(vvas_video_frame_get_plane_paddr(frame, 1), UINT64_MAX);
	CU_ASSERT_EQUAL(vvas_video_frame_get_bank_index(frame), 5);
	CU_ASSERT_EQUAL(vvas_video_frame_get_device_index(frame), place == SOFTWARE ? -1 : 3);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_type(frame), NON_CMA);
	ASSERT_TELLS(vvas_video_frame_sync_data(frame, TO), "only CMA");
	vvas_video_frame_free(frame);
}

static void
non_cma(void)
{
	case_each(non_cma_at);
}

static void
cma_at(VvasContext *ctx, enum place place)
{
	uint8_t bank = place == BANKS ? 1 : 0;
	VvasVideoFrame *frame = alloc(ctx, CMA, bank);
	VvasVideoFrameMapInfo info = map(frame, WRITE);
	const VvasVideoFramePriv *priv = frame;
	struct accel_buf_at at = { 0 };

	check_map(frame, &info);
	CU_ASSERT(priv->boh == BO(frame) && priv->planes[1].boh == BO(frame));
	CU_ASSERT(priv->size == SIZE && priv->num_planes == 2 && priv->own_alloc == 1);
	CU_ASSERT_PTR_EQUAL(priv->planes[1].data, info.planes[1].data);
	CU_ASSERT_PTR_EQUAL(info.planes[1].data, info.planes[0].data + 200);
	CU_ASSERT_PTR_NOT_NULL_FATAL(BO(frame));
	CU_ASSERT_EQUAL(accel_buf_locate(BO(frame), 200, &at), 0);
	CU_ASSERT_EQUAL(at.space, place == BANKS ? ACCEL_SPACE_BANK(1) : ACCEL_SPACE_HOST);
	CU_ASSERT_EQUAL(vvas_video_frame_get_plane_paddr(frame, 1), at.addr);
	CU_ASSERT_EQUAL(vvas_video_frame_get_plane_paddr(frame, 0), at.addr - 200);
	CU_ASSERT_EQUAL(vvas_video_frame_get_frame_paddr(frame), at.addr - 200);
	CU_ASSERT_PTR_EQUAL(vvas_video_frame_get_plane_bo(frame, 1), BO(frame));
	ASSERT_TELLS(CU_ASSERT_EQUAL(vvas_video_frame_get_plane_paddr(frame, 2), UINT64_MAX),
			"no plane 2");
	CU_ASSERT_PTR_NULL(vvas_video_frame_get_plane_bo(frame, 255));
	CU_ASSERT_EQUAL(vvas_video_frame_get_bank_index(frame), bank);
	CU_ASSERT_EQUAL(vvas_video_frame_get_device_index(frame), 3);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_type(frame), CMA);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_flag(frame), FLAGS);
	vvas_video_frame_free(frame);
}

static void
cma(void)
{
	case_each_device(cma_at);
}

/*
 * Transfers
 */

/* A frame whose view has 1s, and the bank 2s; nothing is due. */
static VvasVideoFrame *
ones_and_twos(VvasContext *ctx, uint8_t **view)
{
	VvasVideoFrame *frame = alloc(ctx, CMA, 0);

	*view = map(frame, WRITE).planes[0].data;
	memset(*view, 1, SIZE);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 1, SIZE));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	case_device_fill(BO(frame), 0, 2, SIZE);
	return frame;
}

/* What is due, and nothing else. */
static void
read_what_is_due(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	map(frame, READ);
	CU_ASSERT(case_is_filled(view, 1, SIZE) && case_device_has(BO(frame), 0, 2, SIZE));
	vvas_video_frame_set_sync_flag(frame, FROM);
	map(frame, READ);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	memset(view, 3, SIZE);
	vvas_video_frame_set_sync_flag(frame, TO);
	map(frame, READ);
	CU_ASSERT(case_is_filled(view, 3, SIZE) && case_device_has(BO(frame), 0, 3, SIZE));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	vvas_video_frame_free(frame);
}

static void
write_notes(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	map(frame, WRITE);
	CU_ASSERT_EQUAL(due(frame), TO);
	CU_ASSERT(case_is_filled(view, 1, SIZE) && case_device_has(BO(frame), 0, 2, SIZE));
	memset(view, 3, SIZE);
	map(frame, READ); /* sends, and does not end the map for WRITE */
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	CU_ASSERT(case_device_has(BO(frame), 0, 3, SIZE));
	memset(view, 4, SIZE);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 4, SIZE));
	memset(view, 5, SIZE);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 5, SIZE));
	memset(view, 6, SIZE);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 5, SIZE));
	vvas_video_frame_free(frame);
}

static void
both_due(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	vvas_video_frame_set_sync_flag(frame, (VvasDataSyncFlags)(TO | FROM));
	ASSERT_TELLS(map(frame, READ), "both written");
	CU_ASSERT(case_is_filled(view, 1, SIZE) && case_device_has(BO(frame), 0, 2, SIZE));
	CU_ASSERT_EQUAL(due(frame), TO | FROM);
	vvas_video_frame_unset_sync_flag(frame, TO);
	CU_ASSERT_EQUAL(due(frame), FROM);
	map(frame, READ);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	vvas_video_frame_free(frame);
}

/* As a decoder does that writes while the frame is mapped for WRITE. */
static void
device_wrote_meanwhile(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	map(frame, WRITE);
	vvas_video_frame_set_sync_flag(frame, FROM);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 2, SIZE));
	vvas_video_frame_free(frame);
}

/* In place: the device's picture, with something drawn onto it by the host. */
static void
draw(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	vvas_video_frame_set_sync_flag(frame, FROM);
	map(frame, BOTH);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	memset(view + 200, 9, 100);
	unmap(frame);
	CU_ASSERT(case_device_has(BO(frame), 0, 2, 200));
	CU_ASSERT(case_device_has(BO(frame), 200, 9, 100));
	vvas_video_frame_free(frame);
}

static void
transfers(void)
{
	case_banks(read_what_is_due);
	case_banks(write_notes);
	case_banks(both_due);
	case_banks(device_wrote_meanwhile);
	case_banks(draw);
}

static void
sync_by_hand(VvasContext *ctx)
{
	uint8_t *view;
	VvasVideoFrame *frame = ones_and_twos(ctx, &view);

	vvas_video_frame_sync_data(frame, TO); /* neither is due */
	vvas_video_frame_sync_data(frame, FROM);
	CU_ASSERT(case_is_filled(view, 1, SIZE) && case_device_has(BO(frame), 0, 2, SIZE));
	map(frame, WRITE);
	memset(view, 3, SIZE);
	vvas_video_frame_sync_data(frame, FROM); /* not due */
	CU_ASSERT(case_is_filled(view, 3, SIZE));
	vvas_video_frame_sync_data(frame, TO);
	CU_ASSERT(case_device_has(BO(frame), 0, 3, SIZE));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	case_device_fill(BO(frame), 0, 4, SIZE);
	unmap(frame); /* was sent already, before the device wrote */
	CU_ASSERT(case_device_has(BO(frame), 0, 4, SIZE));
	vvas_video_frame_set_sync_flag(frame, FROM);
	vvas_video_frame_sync_data(frame, FROM);
	CU_ASSERT(case_is_filled(view, 4, SIZE));
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	ASSERT_TELLS(vvas_video_frame_sync_data(frame, (VvasDataSyncFlags)3), "sync flag 3");
	ASSERT_TELLS(vvas_video_frame_sync_data(frame, VVAS_DATA_SYNC_NONE), "sync flag 0");
	vvas_video_frame_free(frame);
}

static void
by_hand(void)
{
	case_banks(sync_by_hand);
}

static void
device_fails(void)
{
	VvasContext *ctx = case_context_of("soft:f,banks=1,bank_size=1M,fail_every=1");
	VvasVideoFrame *frame = alloc(ctx, CMA, 0);
	VvasVideoFrameMapInfo info = { .nplanes = 47 };

	map(frame, BOTH); /* nothing is due */
	log_text_begin();
	CU_ASSERT_EQUAL(vvas_video_frame_map(frame, READ, &info), VVAS_RET_ERROR);
	CU_ASSERT_EQUAL(vvas_video_frame_unmap(frame, &info), VVAS_RET_ERROR);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(info.nplanes, 47);
	CU_ASSERT_EQUAL(due(frame), TO);
	vvas_video_frame_free(frame);
	case_end(ctx);
}

/* Every second op fails: what an unmap could not send is due again. */
static void
unmap_fails(void)
{
	VvasContext *ctx = case_context_of("soft:f,banks=1,bank_size=1M,fail_every=2");
	VvasVideoFrame *frame = alloc(ctx, CMA, 0);
	uint8_t *view = map(frame, WRITE).planes[0].data;
	VvasVideoFrameMapInfo info;

	map(frame, READ); /* the first op sends */
	CU_ASSERT_EQUAL(due(frame), VVAS_DATA_SYNC_NONE);
	memset(view, 3, SIZE);
	log_text_begin();
	CU_ASSERT_EQUAL(vvas_video_frame_unmap(frame, &info), VVAS_RET_ERROR);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(due(frame), TO);
	map(frame, READ);
	CU_ASSERT(case_device_has(BO(frame), 0, 3, SIZE));
	vvas_video_frame_free(frame);
	case_end(ctx);
}

/*
 * The caller's planes
 */

static void
wrap_at(VvasContext *ctx, enum place place)
{
	static uint8_t luma[200], chroma[100];
	void *data[VVAS_VIDEO_MAX_PLANES] = { luma, chroma, GARBAGE, GARBAGE };
	VvasReturnType ret = (VvasReturnType)99;
	struct case_freed freed = { 0 };
	VvasVideoFrameMapInfo map_info;
	VvasVideoInfo info = nv12;
	VvasVideoFrame *frame;

	(void)place;
	frame = vvas_video_frame_alloc_from_data(ctx, &info, data, case_free_planes, &freed, &ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
	ASSERT_OK(ret);
	map_info = map(frame, BOTH);
	check_map(frame, &map_info);
	CU_ASSERT(map_info.planes[0].data == luma && map_info.planes[1].data == chroma);
	unmap(frame);
	CU_ASSERT_EQUAL(vvas_video_frame_get_bank_index(frame), -1);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_type(frame), NON_CMA);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_flag(frame), VVAS_ALLOC_FLAG_UNKNOWN);
	vvas_video_frame_free(frame);
	vvas_video_frame_free(frame);
	CU_ASSERT_EQUAL(freed.calls, 1);
	CU_ASSERT(freed.data[0] == luma && freed.data[1] == chroma);
	CU_ASSERT(freed.data[2] == NULL && freed.data[3] == NULL);
	frame = vvas_video_frame_alloc_from_data(ctx, &info, data, NULL, NULL, NULL);
	vvas_video_frame_free(frame);
}

static void
wrap(void)
{
	case_each(wrap_at);
}

static void
wrap_fails(VvasContext *ctx, VvasVideoInfo *info, void **data)
{
	VvasReturnType ret = (VvasReturnType)99;
	struct case_freed freed = { 0 };

	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc_from_data(ctx, info, data, case_free_planes,
			&freed, &ret));
	ASSERT_BAD(ret);
	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc_from_data(ctx, info, data, case_free_planes,
			&freed, NULL));
	CU_ASSERT_EQUAL(freed.calls, 0);
}

static void
wrap_refused(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info = nv12, none = nv12;
	static uint8_t bytes[200];
	void *good[4] = { bytes, bytes }, *bad[4] = { bytes, NULL, bytes };

	none.fmt = VVAS_VIDEO_FORMAT_UNKNOWN;
	wrap_fails(NULL, &info, good);
	wrap_fails(GARBAGE, &info, good);
	wrap_fails(ctx, NULL, good);
	wrap_fails(ctx, &info, NULL);
	wrap_fails(ctx, &none, good);
	wrap_fails(ctx, &info, bad);
	case_end(ctx);
}

/*
 * What is no frame
 */

static void
refused(VvasVideoFrame *frame)
{
	VvasVideoFrameMapInfo info = { .nplanes = 47 };
	VvasMetadata meta = { 1, 2, 3 };
	VvasVideoInfo video = nv12;

	ASSERT_TELLS(ASSERT_BAD(vvas_video_frame_map(frame, READ, &info)), "is no video frame");
	ASSERT_TELLS(ASSERT_BAD(vvas_video_frame_unmap(frame, &info)), "is no video frame");
	ASSERT_TELLS(vvas_video_frame_set_metadata(frame, &meta), "is no video frame");
	ASSERT_TELLS(vvas_video_frame_get_metadata(frame, &meta), "is no video frame");
	ASSERT_TELLS(vvas_video_frame_get_videoinfo(frame, &video), "is no video frame");
	CU_ASSERT(info.nplanes == 47 && meta.pts == 1 && video.width == 17);
	vvas_video_frame_sync_data(frame, TO);
	vvas_video_frame_set_sync_flag(frame, TO);
	vvas_video_frame_unset_sync_flag(frame, TO);
	CU_ASSERT_EQUAL(vvas_video_frame_get_frame_paddr(frame), UINT64_MAX);
	CU_ASSERT_EQUAL(vvas_video_frame_get_plane_paddr(frame, 0), UINT64_MAX);
	CU_ASSERT_PTR_NULL(BO(frame));
	CU_ASSERT_PTR_NULL(vvas_video_frame_get_plane_bo(frame, 0));
	CU_ASSERT_EQUAL(vvas_video_frame_get_device_index(frame), -1);
	CU_ASSERT_EQUAL(vvas_video_frame_get_bank_index(frame), -1);
	CU_ASSERT_EQUAL(vvas_video_frame_get_size(frame), SIZE_MAX);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_type(frame), VVAS_ALLOC_TYPE_UNKNOWN);
	CU_ASSERT_EQUAL(vvas_video_frame_get_allocation_flag(frame), VVAS_ALLOC_FLAG_UNKNOWN);
	ASSERT_TELLS(vvas_video_frame_free(frame), "is no video frame");
}

static void
hostile_at(VvasContext *ctx, enum place place)
{
	VvasVideoFrame *frame = alloc(ctx, place == SOFTWARE ? NON_CMA : CMA, 0);
	VvasVideoFramePriv own = *(VvasVideoFramePriv *)frame;
	VvasMemory *mem = case_memory(ctx, NON_CMA, 0, 64);

	refused(&own);
	refused(mem);
	ASSERT_TELLS(ASSERT_BAD(vvas_video_frame_map(frame, READ, NULL)), "info is NULL");
	ASSERT_TELLS(ASSERT_BAD(vvas_video_frame_unmap(frame, NULL)), "info is NULL");
	ASSERT_TELLS(vvas_video_frame_set_metadata(frame, NULL), "is NULL");
	ASSERT_TELLS(vvas_video_frame_get_metadata(frame, NULL), "is NULL");
	ASSERT_TELLS(vvas_video_frame_get_videoinfo(frame, NULL), "is NULL");
	map(frame, WRITE);
	ASSERT_SILENT(vvas_video_frame_free(frame)); /* mapped or not */
	refused(frame);
	vvas_memory_free(mem);
}

static void
hostile(void)
{
	case_each(hostile_at);
	refused(NULL);
	refused(GARBAGE);
}

static void
metadata_at(VvasContext *ctx, enum place place)
{
	VvasVideoFrame *frame = alloc(ctx, place == SOFTWARE ? NON_CMA : CMA, 0);
	VvasMetadata in = { 11, UINT64_MAX, 33 }, out = { 7, 7, 7 };

	vvas_video_frame_get_metadata(frame, &out);
	CU_ASSERT(out.pts == 0 && out.dts == 0 && out.duration == 0);
	vvas_video_frame_set_metadata(frame, &in);
	vvas_video_frame_get_metadata(frame, &out);
	CU_ASSERT(out.pts == 11 && out.dts == UINT64_MAX && out.duration == 33);
	vvas_video_frame_free(frame);
}

static void
metadata(void)
{
	case_each(metadata_at);
}

static void
free_after_context(void)
{
	VvasContext *ctx = case_context(BANKS);
	VvasVideoFrame *frame = alloc(ctx, CMA, 1), *other = alloc(ctx, NON_CMA, 0);

	ASSERT_OK(vvas_context_destroy(ctx));
	CU_ASSERT_EQUAL(((VvasVideoFramePriv *)frame)->ctx->dev_idx, 3);
	map(frame, WRITE);
	unmap(frame);
	vvas_video_frame_free(frame);
	CU_ASSERT(accel_dev_by_name("soft:vvas") >= 0);
	vvas_video_frame_free(other);
	CU_ASSERT(accel_dev_by_name("soft:vvas") < 0);
}

static const struct test_case cases[] = {
	{ "invalid arguments", invalid },
	{ "more than there is", too_large },
	{ "NON_CMA frame", non_cma },
	{ "CMA frame", cma },
	{ "transfers by maps", transfers },
	{ "transfers by hand", by_hand },
	{ "device fails", device_fails },
	{ "an unmap fails", unmap_fails },
	{ "the caller's planes", wrap },
	{ "the caller's planes, refused", wrap_refused },
	{ "freed, foreign and NULL", hostile },
	{ "metadata", metadata },
	{ "free after the context", free_after_context },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "frame", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
