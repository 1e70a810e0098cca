/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_PLANES_H
#define VVAS_PLANES_H

#include <stdbool.h>

#include <vvas_core/vvas_video_priv.h>

/**
 * Lay out the planes of a frame of some width, height, padding and format: num_planes, size, and of
 * each plane stride, elevation, offset and size.
 *
 * @return whether there is such a frame
 */
bool planes_lay_out(VvasVideoFramePriv *frame, const VvasVideoInfo *info);

/** The same, with the padding on the right raised until strides are aligned; returned in info. */
bool planes_lay_out_aligned(VvasVideoFramePriv *frame, VvasVideoInfo *info);

#endif
