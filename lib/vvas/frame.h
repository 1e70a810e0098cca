/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_FRAME_H
#define VVAS_FRAME_H

#include <vvas_core/vvas_video_priv.h>

#include "context.h"
#include "storage.h"
#include "view.h"

/** What VvasVideoFrame is. */
struct frame {
	VvasVideoFramePriv pub;
	struct live live;
	struct context *ctx; /* held */
	/* CMA: the first has all planes. NON_CMA: one for each. Nothing: the caller's data. */
	struct storage storage[VVAS_VIDEO_MAX_PLANES];
	struct view view;
};

/** Find a frame, and hold it; NULL when it is none, which is logged. */
struct frame *frame_get(const VvasVideoFrame *frame);

/** Let go of it. */
void frame_put(struct frame *frame);

#endif
