/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The API in C++11, on a device with banks.
 */
#include "api_checks.h"

#include <vector>

static bool
fill_and_check(VvasVideoFrame *frame)
{
	const VvasDataMapFlags both = static_cast<VvasDataMapFlags>(
			VVAS_DATA_MAP_READ | VVAS_DATA_MAP_WRITE);
	VvasVideoFrameMapInfo info;

	if (vvas_video_frame_map(frame, VVAS_DATA_MAP_WRITE, &info) != VVAS_RET_SUCCESS)
		return false;
	std::vector<uint8_t> line(static_cast<size_t>(info.planes[0].stride), 0x5a);
	memcpy(info.planes[1].data, line.data(), line.size());
	if (vvas_video_frame_unmap(frame, &info) != VVAS_RET_SUCCESS ||
			vvas_video_frame_map(frame, both, &info) != VVAS_RET_SUCCESS)
		return false;
	bool same = memcmp(info.planes[1].data, line.data(), line.size()) == 0;
	return vvas_video_frame_unmap(frame, &info) == VVAS_RET_SUCCESS && same;
}

int
main()
{
	char spec[] = "soft:cxx,banks=1,bank_size=1M";
	VvasReturnType ret = VVAS_RET_EOS;
	VvasVideoInfo video = {};
	VvasContext *ctx = vvas_context_create(0, spec, DEFAULT_VVAS_LOG_LEVEL, &ret);

	if (ctx == nullptr || VVAS_IS_ERROR(ret) || ctx->dev_handle == nullptr ||
			uuid_is_null(ctx->uuid))
		return 1;
	video.width = 64;
	video.height = 16;
	video.fmt = VVAS_VIDEO_FORMAT_Y_UV8_420;
	VvasVideoFrame *frame = vvas_video_frame_alloc(ctx, VVAS_ALLOC_TYPE_CMA,
			VVAS_ALLOC_FLAG_NONE, 0, &video, &ret);
	bool good = frame != nullptr && ret == VVAS_RET_SUCCESS && fill_and_check(frame);
	LOG_ERROR(ctx->log_level, "%s", good ? "good" : "bad");
	api_prototypes.frame_free(frame);
	return vvas_context_destroy(ctx) != VVAS_RET_SUCCESS || !good;
}
