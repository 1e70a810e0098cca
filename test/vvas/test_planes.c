/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Planes of frames, format by format, beside numbers that GStreamer gives for its formats.
 */
#include "vvas_case.h"

struct expected {
	VvasVideoFormat fmt;
	uint32_t n_planes;
	size_t stride[3];
	size_t elevation[3];
	size_t size;
};

/* 17 x 9: nothing divides it. */
static const struct expected odd[] = {
	{ VVAS_VIDEO_FORMAT_Y_UV8_420, 2, { 20, 20 }, { 10, 5 }, 300 },
	{ VVAS_VIDEO_FORMAT_RGBx, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_r210, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_Y410, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_BGRx, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_BGRA, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_RGBA, 1, { 68 }, { 9 }, 612 },
	{ VVAS_VIDEO_FORMAT_YUY2, 1, { 36 }, { 9 }, 324 },
	{ VVAS_VIDEO_FORMAT_NV16, 2, { 20, 20 }, { 9, 9 }, 360 },
	{ VVAS_VIDEO_FORMAT_RGB, 1, { 52 }, { 9 }, 468 },
	{ VVAS_VIDEO_FORMAT_v308, 1, { 52 }, { 9 }, 468 },
	{ VVAS_VIDEO_FORMAT_BGR, 1, { 52 }, { 9 }, 468 },
	{ VVAS_VIDEO_FORMAT_I422_10LE, 3, { 36, 20, 20 }, { 10, 10, 10 }, 760 },
	{ VVAS_VIDEO_FORMAT_NV12_10LE32, 2, { 24, 24 }, { 10, 5 }, 360 },
	{ VVAS_VIDEO_FORMAT_GRAY8, 1, { 20 }, { 9 }, 180 },
	{ VVAS_VIDEO_FORMAT_GRAY10_LE32, 1, { 24 }, { 10 }, 240 },
	{ VVAS_VIDEO_FORMAT_I420, 3, { 20, 12, 12 }, { 10, 5, 5 }, 320 },
};

/* 1920 x 1080. */
static const struct expected full[] = {
	{ VVAS_VIDEO_FORMAT_Y_UV8_420, 2, { 1920, 1920 }, { 1080, 540 }, 3110400 },
	{ VVAS_VIDEO_FORMAT_RGBA, 1, { 7680 }, { 1080 }, 8294400 },
	{ VVAS_VIDEO_FORMAT_YUY2, 1, { 3840 }, { 1080 }, 4147200 },
	{ VVAS_VIDEO_FORMAT_NV16, 2, { 1920, 1920 }, { 1080, 1080 }, 4147200 },
	{ VVAS_VIDEO_FORMAT_BGR, 1, { 5760 }, { 1080 }, 6220800 },
	{ VVAS_VIDEO_FORMAT_I422_10LE, 3, { 3840, 1920, 1920 }, { 1080, 1080, 1080 }, 8294400 },
	{ VVAS_VIDEO_FORMAT_NV12_10LE32, 2, { 2560, 2560 }, { 1080, 540 }, 4147200 },
	{ VVAS_VIDEO_FORMAT_GRAY10_LE32, 1, { 2560 }, { 1080 }, 2764800 },
	{ VVAS_VIDEO_FORMAT_I420, 3, { 1920, 960, 960 }, { 1080, 540, 540 }, 3110400 },
};

static VvasVideoFrame *
alloc(VvasContext *ctx, VvasVideoInfo *info)
{
	VvasReturnType ret = VVAS_RET_EOS;
	VvasVideoFrame *frame = vvas_video_frame_alloc(ctx, VVAS_ALLOC_TYPE_NON_CMA,
			VVAS_ALLOC_FLAG_NONE, 0, info, &ret);

	CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
	ASSERT_OK(ret);
	return frame;
}

static void
check(VvasContext *ctx, VvasVideoInfo *info, const struct expected *e)
{
	VvasVideoFrame *frame = alloc(ctx, info);
	VvasVideoFrameMapInfo map;
	size_t offset = 0;
	unsigned int i;

	ASSERT_OK(vvas_video_frame_map(frame, VVAS_DATA_MAP_READ, &map));
	CU_ASSERT(map.nplanes == e->n_planes && map.size == e->size);
	for (i = 0; i < e->n_planes; i++) {
		CU_ASSERT_EQUAL(map.planes[i].stride, (int32_t)e->stride[i]);
		CU_ASSERT_EQUAL(map.planes[i].elevation, (int32_t)e->elevation[i]);
		CU_ASSERT_EQUAL(map.planes[i].size, e->stride[i] * e->elevation[i]);
		CU_ASSERT_EQUAL(map.planes[i].offset, offset);
		offset += e->stride[i] * e->elevation[i];
	}
	CU_ASSERT_EQUAL(offset, e->size);
	vvas_video_frame_free(frame);
}

static void
check_all(int32_t width, int32_t height, const struct expected *e, size_t n)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info;

	while (n-- > 0) {
		info = (VvasVideoInfo){ .width = width, .height = height, .fmt = e->fmt };
		check(ctx, &info, e);
		CU_ASSERT_EQUAL(info.alignment.padding_right, 0);
		e++;
	}
	case_end(ctx);
}

static void
odd_sizes(void)
{
	check_all(17, 9, odd, sizeof(odd) / sizeof(odd[0]));
}

static void
full_sizes(void)
{
	check_all(1920, 1080, full, sizeof(full) / sizeof(full[0]));
}

static void
least_sizes(void)
{
	static const struct expected one[] = {
		{ VVAS_VIDEO_FORMAT_Y_UV8_420, 2, { 4, 4 }, { 2, 1 }, 12 },
		{ VVAS_VIDEO_FORMAT_GRAY8, 1, { 4 }, { 1 }, 4 },
		{ VVAS_VIDEO_FORMAT_NV12_10LE32, 2, { 4, 4 }, { 2, 1 }, 12 },
		{ VVAS_VIDEO_FORMAT_I420, 3, { 4, 4, 4 }, { 2, 1, 1 }, 16 },
	};

	check_all(1, 1, one, sizeof(one) / sizeof(one[0]));
}

static void
padding(void)
{
	static const struct expected nv12 = { VVAS_VIDEO_FORMAT_Y_UV8_420, 2, { 28, 28 },
		{ 16, 8 }, 672 };
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info = { .width = 17, .height = 9, .fmt = VVAS_VIDEO_FORMAT_Y_UV8_420,
		.alignment = { .padding_right = 3, .padding_left = 5, .padding_top = 2,
			.padding_bottom = 4 } };

	check(ctx, &info, &nv12);
	CU_ASSERT(info.alignment.padding_right == 3 && info.alignment.padding_left == 5);
	case_end(ctx);
}

/* The padding on the right grows, and is told, until the strides have none of these bits. */
static void
check_aligned(VvasVideoFormat fmt, uint32_t mask, size_t stride, uint32_t right)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info = { .width = 17, .height = 9, .fmt = fmt }, told;
	VvasVideoFrameMapInfo map;
	VvasVideoFrame *frame;

	info.alignment.padding_left = 1;
	info.alignment.stride_align[0] = mask;
	info.alignment.stride_align[1] = mask;
	frame = alloc(ctx, &info);
	CU_ASSERT_EQUAL(info.alignment.padding_right, right);
	vvas_video_frame_get_videoinfo(frame, &told);
	CU_ASSERT_EQUAL(told.stride[0], stride);
	CU_ASSERT_EQUAL(told.alignment.padding_right, right);
	CU_ASSERT_EQUAL(told.alignment.stride_align[0], mask);
	ASSERT_OK(vvas_video_frame_map(frame, VVAS_DATA_MAP_READ, &map));
	CU_ASSERT_EQUAL(map.alignment.padding_right, right);
	CU_ASSERT_EQUAL(map.alignment.padding_left, 1);
	vvas_video_frame_free(frame);
	case_end(ctx);
}

static void
alignment(void)
{
	check_aligned(VVAS_VIDEO_FORMAT_GRAY8, 0, 20, 0);
	check_aligned(VVAS_VIDEO_FORMAT_GRAY8, 3, 20, 0);
	check_aligned(VVAS_VIDEO_FORMAT_GRAY8, 15, 32, 14);   /* 18, 20, 24, 32 */
	check_aligned(VVAS_VIDEO_FORMAT_GRAY8, 255, 256, 238);
	check_aligned(VVAS_VIDEO_FORMAT_RGBA, 31, 96, 6);     /* 72, 80, 96 bytes */
	check_aligned(VVAS_VIDEO_FORMAT_Y_UV8_420, 63, 64, 46);
	check_aligned(VVAS_VIDEO_FORMAT_NV12_10LE32, 31, 32, 6);
}

/* An alignment that no stride has. */
static void
no_alignment(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info = { .width = 17, .height = 9, .fmt = VVAS_VIDEO_FORMAT_GRAY8 };
	VvasReturnType ret = VVAS_RET_EOS;

	info.alignment.stride_align[0] = UINT32_MAX;
	CU_ASSERT_PTR_NULL(vvas_video_frame_alloc(ctx, VVAS_ALLOC_TYPE_NON_CMA,
			VVAS_ALLOC_FLAG_NONE, 0, &info, &ret));
	ASSERT_BAD(ret);
	CU_ASSERT_EQUAL(info.alignment.padding_right, 0);
	case_end(ctx);
}

/* Bits of planes that a format has not are not looked at; nor are any for the caller's planes. */
static void
other_alignments(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasVideoInfo info = { .width = 17, .height = 9, .fmt = VVAS_VIDEO_FORMAT_GRAY8 };
	static uint8_t bytes[180];
	void *data[VVAS_VIDEO_MAX_PLANES] = { bytes };
	VvasVideoFrame *frame;
	VvasVideoInfo told;

	info.alignment.stride_align[1] = UINT32_MAX;
	vvas_video_frame_free(alloc(ctx, &info));
	info.alignment.stride_align[0] = UINT32_MAX;
	frame = vvas_video_frame_alloc_from_data(ctx, &info, data, NULL, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
	vvas_video_frame_get_videoinfo(frame, &told);
	CU_ASSERT_EQUAL(told.stride[0], 20);
	vvas_video_frame_free(frame);
	case_end(ctx);
}

static const struct test_case cases[] = {
	{ "17 x 9", odd_sizes },
	{ "1920 x 1080", full_sizes },
	{ "1 x 1", least_sizes },
	{ "padding", padding },
	{ "alignment", alignment },
	{ "no alignment", no_alignment },
	{ "alignments of nothing", other_alignments },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "planes", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
