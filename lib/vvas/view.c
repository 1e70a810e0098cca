/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "view.h"

#include <acceldev/accel_sync.h>

#include "words.h"

#define TO   VVAS_DATA_SYNC_TO_DEVICE
#define FROM VVAS_DATA_SYNC_FROM_DEVICE

void
view_init(struct view *view, struct accel_buf *cma, VvasAllocationInfo *info)
{
	pthread_mutex_init(&view->lock, NULL);
	view->cma = cma;
	view->info = info;
}

void
view_fini(struct view *view)
{
	pthread_mutex_destroy(&view->lock);
}

static VvasReturnType
send(struct view *view)
{
	if (accel_buf_sync(view->cma, 0, 0, ACCEL_SYNC_TO_DEVICE) != 0)
		return VVAS_RET_ERROR;
	view->info->sync_flags &= ~TO;
	return VVAS_RET_SUCCESS;
}

static VvasReturnType
fetch(struct view *view)
{
	if (accel_buf_sync(view->cma, 0, 0, ACCEL_SYNC_FROM_DEVICE) != 0)
		return VVAS_RET_ERROR;
	view->info->sync_flags &= ~FROM;
	return VVAS_RET_SUCCESS;
}

/* Who has the view sent, or not, knows better than its maps what was written. */
static void
forget_maps(struct view *view)
{
	view->written = false;
	view->maps = 0;
}

/* After sending everything the view is what a fetch would make it. */
static VvasReturnType
prepare_read(struct view *view)
{
	return view->written || (view->info->sync_flags & TO) != 0 ? send(view) : fetch(view);
}

static VvasReturnType
prepare_read_due(struct view *view)
{
	switch (view->info->sync_flags & (TO | FROM)) {
	case TO:
		return send(view);
	case FROM:
		return fetch(view);
	case TO | FROM:
		TELL(DEFAULT_VVAS_LOG_LEVEL, "host and device have both written, so nothing is "
				"transferred: unset a sync flag");
	}
	return VVAS_RET_SUCCESS;
}

static VvasReturnType
map(struct view *view, VvasDataMapFlags flags, VvasReturnType (*prepare)(struct view *view))
{
	VvasReturnType ret = VVAS_RET_SUCCESS;

	if (view->cma == NULL)
		return ret;
	pthread_mutex_lock(&view->lock);
	if ((flags & VVAS_DATA_MAP_READ) != 0)
		ret = prepare(view);
	if (ret == VVAS_RET_SUCCESS) {
		view->maps++;
		if ((flags & VVAS_DATA_MAP_WRITE) != 0) {
			view->written = true;
			view->info->sync_flags |= TO;
		}
	}
	pthread_mutex_unlock(&view->lock);
	return ret;
}

VvasReturnType
view_map(struct view *view, VvasDataMapFlags flags)
{
	return map(view, flags, prepare_read);
}

VvasReturnType
view_map_due(struct view *view, VvasDataMapFlags flags)
{
	return map(view, flags, prepare_read_due);
}

/* What somebody says that the device has written is not overwritten. */
VvasReturnType
view_unmap(struct view *view)
{
	VvasReturnType ret = VVAS_RET_SUCCESS;

	if (view->cma == NULL)
		return ret;
	pthread_mutex_lock(&view->lock);
	if (view->maps > 0)
		view->maps--;
	if (view->written && (view->info->sync_flags & FROM) == 0)
		ret = send(view);
	if (ret != VVAS_RET_SUCCESS)
		view->info->sync_flags |= TO;
	else if (view->maps == 0)
		view->written = false;
	pthread_mutex_unlock(&view->lock);
	return ret;
}

static void
sync_one(struct view *view, VvasDataSyncFlags flag)
{
	if (flag == FROM)
		fetch(view);
	else if (send(view) == VVAS_RET_SUCCESS)
		forget_maps(view);
}

static bool
can_sync(const struct view *view, VvasDataSyncFlags flag)
{
	if (view->cma == NULL)
		TELL(DEFAULT_VVAS_LOG_LEVEL, "only CMA memory can be transferred");
	else if (flag != TO && flag != FROM)
		TELL(DEFAULT_VVAS_LOG_LEVEL, "sync flag %d is neither of TO_DEVICE and FROM_DEVICE",
				(int)flag);
	else
		return true;
	return false;
}

void
view_sync(struct view *view, VvasDataSyncFlags flag)
{
	if (!can_sync(view, flag))
		return;
	pthread_mutex_lock(&view->lock);
	sync_one(view, flag);
	pthread_mutex_unlock(&view->lock);
}

void
view_sync_due(struct view *view, VvasDataSyncFlags flag)
{
	if (!can_sync(view, flag))
		return;
	pthread_mutex_lock(&view->lock);
	if ((view->info->sync_flags & flag) != 0)
		sync_one(view, flag);
	pthread_mutex_unlock(&view->lock);
}

void
view_set(struct view *view, VvasDataSyncFlags flag)
{
	pthread_mutex_lock(&view->lock);
	view->info->sync_flags |= flag;
	pthread_mutex_unlock(&view->lock);
}

void
view_unset(struct view *view, VvasDataSyncFlags flag)
{
	pthread_mutex_lock(&view->lock);
	view->info->sync_flags &= ~flag;
	if ((flag & TO) != 0)
		forget_maps(view);
	pthread_mutex_unlock(&view->lock);
}

uint64_t
view_address(const struct view *view)
{
	struct accel_buf_at at;

	if (view->cma == NULL || accel_buf_locate(view->cma, 0, &at) != 0)
		return UINT64_MAX;
	return at.addr;
}

void
view_copy_metadata(struct view *view, VvasMetadata *to, const VvasMetadata *from)
{
	pthread_mutex_lock(&view->lock);
	*to = *from;
	pthread_mutex_unlock(&view->lock);
}
