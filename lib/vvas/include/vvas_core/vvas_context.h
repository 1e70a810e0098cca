/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_CONTEXT_H
#define VVAS_CONTEXT_H

/**
 * @file
 * Contexts: a device that memories are allocated from, or none.
 *
 * The fields are for reading, but for log_level, which a program may change. A context is known by
 * its address: one that a program has made up or has destroyed is refused.
 *
 * Threads: any.
 */

#include <vvas_core/vvas_common.h>
#include <vvas_core/vvas_device.h>
#include <vvas_core/vvas_log.h>

typedef struct {
	int32_t dev_idx;             /**< as it was given */
	char *xclbin_loc;            /**< a copy of what was given, or NULL */
	vvasDeviceHandle dev_handle; /**< opaque; NULL without a device */
	uuid_t uuid;                 /**< the same for equal xclbins; zero without a device */
	VvasLogLevel log_level;
} VvasContext;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make a context. With dev_idx from 0 on and an xclbin it has a device: the one that xclbin_loc
 * names when it is the spec of a device, as "soft:0,banks=2"; when it is an existing file, number
 * dev_idx of the devices that the environment variable ACCELDEV_DEVICES names, else of the PCI
 * functions bound to vfio-pci. The device is opened with the first context of it, and closed when
 * the last context and the last memory of it are gone. Else the context has no device: a software
 * context.
 *
 * What is in the file is not loaded into the device; its first 64 KiB make the uuid.
 *
 * @param dev_idx     -1 for a software context
 * @param xclbin_loc  may be NULL, for a software context
 * @param[out] vret   the result; may be NULL
 * @retval NULL failure, logged; VVAS_RET_ERROR: no such file, no such device, or it cannot be
 *         opened; VVAS_RET_ALLOC_ERROR: no memory
 */
VvasContext *vvas_context_create(int32_t dev_idx, char *xclbin_loc, VvasLogLevel log_level,
		VvasReturnType *vret);

/**
 * End a context. Memories and frames of it stay as they are, and may be freed later by any thread.
 *
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_INVALID_ARGS not a context
 */
VvasReturnType vvas_context_destroy(VvasContext *vvas_ctx);

#ifdef __cplusplus
}
#endif

#endif
