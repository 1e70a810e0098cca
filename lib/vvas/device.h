/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_DEVICE_IMPL_H
#define VVAS_DEVICE_IMPL_H

#include <acceldev/accel_ctx.h>
#include <vvas_core/vvas_context.h>

/**
 * Open the device that a context names with its dev_idx and xclbin_loc, and fill in the uuid.
 *
 * @param[out] accel  the caller's to put; untouched on failure
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_ERROR, VVAS_RET_ALLOC_ERROR logged
 */
VvasReturnType device_open(VvasContext *ctx, struct accel_ctx **accel);

#endif
