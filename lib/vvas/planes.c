/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "planes.h"

/* Bytes of a line of so many pixels; those that are not TEN are rounded up to 4. */
enum line {
	BYTES_1 = 1, /* to a pixel */
	BYTES_2 = 2,
	BYTES_3 = 3,
	BYTES_4 = 4,
	HALF,        /* 1 byte to two pixels */
	TEN,         /* 4 bytes to three pixels */
};

/* Lines of a plane of a frame of so many lines. */
enum rows {
	ALL,
	EVEN,   /* rounded up */
	HALVED, /* of these */
};

struct shape {
	unsigned int nb_planes;
	struct {
		enum line line;
		enum rows rows;
	} plane[VVAS_VIDEO_MAX_PLANES];
};

static const struct shape shapes[] = {
	[VVAS_VIDEO_FORMAT_Y_UV8_420] = { 2, { { BYTES_1, EVEN }, { BYTES_1, HALVED } } },
	[VVAS_VIDEO_FORMAT_RGBx] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_r210] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_Y410] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_BGRx] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_BGRA] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_RGBA] = { 1, { { BYTES_4, ALL } } },
	[VVAS_VIDEO_FORMAT_YUY2] = { 1, { { BYTES_2, ALL } } },
	[VVAS_VIDEO_FORMAT_NV16] = { 2, { { BYTES_1, ALL }, { BYTES_1, ALL } } },
	[VVAS_VIDEO_FORMAT_RGB] = { 1, { { BYTES_3, ALL } } },
	[VVAS_VIDEO_FORMAT_v308] = { 1, { { BYTES_3, ALL } } },
	[VVAS_VIDEO_FORMAT_BGR] = { 1, { { BYTES_3, ALL } } },
	[VVAS_VIDEO_FORMAT_I422_10LE] = { 3, { { BYTES_2, EVEN }, { BYTES_1, EVEN },
		{ BYTES_1, EVEN } } },
	[VVAS_VIDEO_FORMAT_NV12_10LE32] = { 2, { { TEN, EVEN }, { TEN, HALVED } } },
	[VVAS_VIDEO_FORMAT_GRAY8] = { 1, { { BYTES_1, ALL } } },
	[VVAS_VIDEO_FORMAT_GRAY10_LE32] = { 1, { { TEN, EVEN } } },
	[VVAS_VIDEO_FORMAT_I420] = { 3, { { BYTES_1, EVEN }, { HALF, HALVED }, { HALF, HALVED } } },
};

static uint64_t
stride_of(enum line line, uint64_t width)
{
	switch (line) {
	case TEN:
		return (width + 2) / 3 * 4;
	case HALF:
		return ((width + 1) / 2 + 3) / 4 * 4;
	default:
		return (width * line + 3) / 4 * 4;
	}
}

static uint64_t
elevation_of(enum rows rows, uint64_t height)
{
	switch (rows) {
	case EVEN:
		return (height + 1) / 2 * 2;
	case HALVED:
		return (height + 1) / 2;
	default:
		return height;
	}
}

static const struct shape *
find_shape(VvasVideoFormat fmt)
{
	unsigned int i = (unsigned int)fmt;

	if (i >= sizeof(shapes) / sizeof(shapes[0]) || shapes[i].nb_planes == 0)
		return NULL;
	return &shapes[i];
}

bool
planes_lay_out(VvasVideoFramePriv *frame, const VvasVideoInfo *info)
{
	uint64_t width = (uint64_t)info->width + info->alignment.padding_left +
			info->alignment.padding_right;
	uint64_t height = (uint64_t)info->height + info->alignment.padding_top +
			info->alignment.padding_bottom;
	const struct shape *shape = find_shape(info->fmt);
	unsigned int i;

	if (shape == NULL || info->width <= 0 || info->height <= 0)
		return false;
	frame->num_planes = (uint8_t)shape->nb_planes;
	frame->size = 0;
	for (i = 0; i < shape->nb_planes; i++) {
		VvasVideoPlane *plane = &frame->planes[i];

		plane->stride = stride_of(shape->plane[i].line, width);
		plane->elevation = elevation_of(shape->plane[i].rows, height);
		if (plane->stride > INT32_MAX || plane->elevation > INT32_MAX)
			return false;
		plane->offset = frame->size;
		plane->size = plane->stride * plane->elevation;
		frame->size += plane->size;
	}
	return true;
}

static bool
is_aligned(const VvasVideoFramePriv *frame, const uint32_t *stride_align)
{
	unsigned int i;

	for (i = 0; i < frame->num_planes; i++) {
		if ((frame->planes[i].stride & stride_align[i]) != 0)
			return false;
	}
	return true;
}

/* Wider by its lowest bit, a width has one zero more at its end; so this comes to an end. */
bool
planes_lay_out_aligned(VvasVideoFramePriv *frame, VvasVideoInfo *info)
{
	VvasVideoAlignment *align = &info->alignment;
	uint32_t width;

	while (planes_lay_out(frame, info)) {
		if (is_aligned(frame, align->stride_align))
			return true;
		width = (uint32_t)info->width + align->padding_left + align->padding_right;
		align->padding_right += width & -width;
	}
	return false;
}
