/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_VIEW_H
#define VVAS_VIEW_H

/**
 * @file
 * The host's view of a memory or a frame: who maps it, and what is to be transferred when.
 *
 * Nobody sees what the host writes to a view, so all of it counts as written from a map for WRITE
 * on until no map is open. An unmap does not tell which of several maps it ends, so each of them
 * sends the view. A transfer that the program makes itself, or says that it is not due, ends this:
 * such a program knows what it has written.
 *
 * Threads: any.
 */

#include <pthread.h>
#include <stdbool.h>

#include <acceldev/accel_buf.h>
#include <vvas_core/vvas_common.h>

struct view {
	pthread_mutex_t lock;    /* also of the metadata */
	struct accel_buf *cma;   /* NULL: there is nothing to transfer */
	VvasAllocationInfo *info;
	unsigned int maps;       /* that are open */
	bool written;            /* by a map for WRITE */
};

void view_init(struct view *view, struct accel_buf *cma, VvasAllocationInfo *info);
void view_fini(struct view *view);

/**
 * Begin a map of everything, or of what is due.
 *
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_ERROR a transfer failed, logged; there is no map
 */
VvasReturnType view_map(struct view *view, VvasDataMapFlags flags);
VvasReturnType view_map_due(struct view *view, VvasDataMapFlags flags);

/** End a map; VVAS_RET_ERROR when a transfer failed, which stays due. */
VvasReturnType view_unmap(struct view *view);

/** Transfer everything, or what is due; what makes no sense, and failures, are logged. */
void view_sync(struct view *view, VvasDataSyncFlags flag);
void view_sync_due(struct view *view, VvasDataSyncFlags flag);

/** Say what is due, and what is not. */
void view_set(struct view *view, VvasDataSyncFlags flag);
void view_unset(struct view *view, VvasDataSyncFlags flag);

/** Where the device sees the first byte; UINT64_MAX when it sees none. */
uint64_t view_address(const struct view *view);

/** Copy metadata, one set at a time. */
void view_copy_metadata(struct view *view, VvasMetadata *to, const VvasMetadata *from);

#endif
