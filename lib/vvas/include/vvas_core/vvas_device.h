/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_DEVICE_H
#define VVAS_DEVICE_H

/**
 * @file
 * What programs of the VVAS core API take from its layer over XRT, without XRT: opaque handles,
 * numbers, and the headers of libc and libuuid that come with it. The calls of that layer
 * (vvas_xrt_*) and the names of XRT itself are not here.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <uuid/uuid.h>

typedef void *vvasDeviceHandle;
typedef void *vvasBOHandle;
typedef void *vvasKernelHandle;
typedef void *vvasRunHandle;

typedef uint32_t vvas_bo_flags;

#define VVAS_BO_FLAGS_NONE         0u
#define VVAS_BO_FLAGS_CACHEABLE    (1u << 24)
#define VVAS_BO_FLAGS_KERNBUF      (1u << 25)
#define VVAS_BO_FLAGS_SGL          (1u << 26)
#define VVAS_BO_FLAGS_SVM          (1u << 27)
#define VVAS_BO_FLAGS_DEV_ONLY     (1u << 28)
#define VVAS_BO_FLAGS_HOST_ONLY    (1u << 29)
#define VVAS_BO_FLAGS_P2P          (1u << 30)
#define VVAS_BO_FLAGS_EXECBUF      (1u << 31)
#define VVAS_BO_FLAGS_MEMIDX_MASK  0xFFFFFFu

/** As XRT counts: not VvasDataSyncFlags. */
typedef enum {
	VVAS_BO_SYNC_BO_TO_DEVICE = 0,
	VVAS_BO_SYNC_BO_FROM_DEVICE = 1,
	VVAS_BO_SYNC_BO_GMIO_TO_AIE = 2,
	VVAS_BO_SYNC_BO_AIE_TO_GMIO = 3
} vvas_bo_sync_direction;

#endif
