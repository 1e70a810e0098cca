/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_STORAGE_H
#define VVAS_STORAGE_H

#include "context.h"

/** The bytes of a memory, or of a plane. */
struct storage {
	struct accel_buf *buf; /* NULL: of malloc(), when data is not NULL */
	uint8_t *data;
};

/**
 * Allocate bytes: with CMA in a bank of the context's device, else in memory of the host.
 *
 * @param info  alloc_type and mbank_idx count
 * @param[out] storage  untouched on failure
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_ERROR CMA without a device
 * @retval VVAS_RET_ALLOC_ERROR no memory, or no such bank; logged as the above
 */
VvasReturnType storage_alloc(struct storage *storage, const struct context *ctx,
		const VvasAllocationInfo *info, size_t size);

void storage_free(const struct storage *storage);

#endif
