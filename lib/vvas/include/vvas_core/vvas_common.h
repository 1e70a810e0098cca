/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_COMMON_H
#define VVAS_COMMON_H

/**
 * @file
 * Types that the VVAS core API's memories and video frames share.
 */

#include <stddef.h>
#include <stdint.h>

/** Results: below 0 a failure, above 0 success of some kind. */
typedef enum {
	VVAS_RET_ALLOC_ERROR = -3,
	VVAS_RET_INVALID_ARGS = -2,
	VVAS_RET_ERROR = -1,
	VVAS_RET_SUCCESS = 0,
	VVAS_RET_EOS = 1,
	VVAS_RET_SEND_AGAIN = 2,
	VVAS_RET_NEED_MOREDATA = 3,
	VVAS_RET_CAPS_CHANGED = 4
} VvasReturnType;

#define VVAS_IS_ERROR(ret) ((ret) < 0)

/** Which way data go between the host's view of a memory and the device; bits. */
typedef enum {
	VVAS_DATA_SYNC_NONE = 0,
	VVAS_DATA_SYNC_FROM_DEVICE = 1,
	VVAS_DATA_SYNC_TO_DEVICE = 2
} VvasDataSyncFlags;

/** What a memory is mapped for; bits. */
typedef enum {
	VVAS_DATA_MAP_NONE = 0,
	VVAS_DATA_MAP_READ = 1,
	VVAS_DATA_MAP_WRITE = 2
} VvasDataMapFlags;

/** Where a memory lies: the device reaches CMA memory, NON_CMA is the host's. */
typedef enum {
	VVAS_ALLOC_TYPE_UNKNOWN = 0,
	VVAS_ALLOC_TYPE_CMA = 1,
	VVAS_ALLOC_TYPE_NON_CMA = 2
} VvasAllocationType;

#define ALLOC_TYPE_IS_VALID(alloc_type)                                                            \
	((alloc_type) == VVAS_ALLOC_TYPE_CMA || (alloc_type) == VVAS_ALLOC_TYPE_NON_CMA)

/** Taken as they are, and without a meaning here. */
typedef enum {
	VVAS_ALLOC_FLAG_UNKNOWN = -1,
	VVAS_ALLOC_FLAG_NONE = 0
} VvasAllocationFlags;

/** How a memory was allocated, and what is to be done with it. */
typedef struct {
	uint8_t mbank_idx;
	VvasAllocationType alloc_type;
	VvasAllocationFlags alloc_flags;
	VvasDataMapFlags map_flags;   /**< always NONE */
	VvasDataSyncFlags sync_flags; /**< transfers that are due */
} VvasAllocationInfo;

/** What a program notes with a memory or a frame. */
typedef struct {
	uint64_t pts;
	uint64_t dts;
	uint64_t duration;
} VvasMetadata;

/** The log level of who sets none. */
#define DEFAULT_VVAS_LOG_LEVEL LOG_LEVEL_WARNING

#endif
