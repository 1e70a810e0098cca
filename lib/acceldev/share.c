/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_buf.h>

#include <errno.h>
#include <stdlib.h>

#include "bank_buf.h"
#include "buf_table.h"
#include "dev_slot.h"
#include "share.h"

/* Buffers that a second device reaches too, at the IOVA they have. */

struct buf_share {
	struct buf_share *next;
	uint16_t dev_id;
	struct heap *heap; /* of the second device */
};

static struct buf_share **
shares_of(struct accel_buf *buf)
{
	return (struct buf_share **)&buf->shares;
}

static struct buf_share **
find_share(struct accel_buf *buf, uint16_t dev_id)
{
	struct buf_share **at;

	for (at = shares_of(buf); *at != NULL && (*at)->dev_id != dev_id; at = &(*at)->next)
		;
	return at;
}

/* One sharing or unsharing at a time; buffers are shared rarely. */
static pthread_mutex_t share_lock = PTHREAD_MUTEX_INITIALIZER;

static int
map_for(struct heap *heap, const struct accel_buf *buf)
{
	const struct iospace_request req = {
		.va = buf->va,
		.len = buf->capacity,
		.access = IOSPACE_READ |
				((buf->flags & ACCEL_BUF_READ_ONLY) != 0 ? 0 : IOSPACE_WRITE),
		.flags = IOSPACE_FIXED,
	};
	uint64_t iova = buf->iova;
	int ret = iospace_map(heap->ios, &req, &iova);

	return ret == -EEXIST ? -EADDRINUSE : ret;
}

static int
log_already(const struct accel_buf *buf, uint16_t dev_id)
{
	ACCEL_LOG(ERR, buffer, "device %u reaches the buffer at %p already", dev_id, buf->va);
	return -EALREADY;
}

static int
add_share(struct accel_buf *buf, uint16_t dev_id, struct heap *heap)
{
	struct buf_share *share;
	int ret;

	if (*find_share(buf, dev_id) != NULL)
		return log_already(buf, dev_id);
	share = calloc(1, sizeof(*share));
	if (share == NULL)
		return heap_no_memory(heap);
	ret = map_for(heap, buf);
	if (ret != 0) {
		free(share);
		return ret;
	}
	share->dev_id = dev_id;
	share->heap = heap;
	share->next = buf->shares;
	buf->shares = share;
	heap_count(heap, dev_id, 1);
	return 0;
}

static int
remove_share(struct accel_buf *buf, struct buf_share **at)
{
	struct buf_share *share = *at;
	int ret = iospace_unmap(share->heap->ios, buf->iova, buf->capacity);

	if (ret == 0)
		eal_map_refill(&share->heap->eal_map, buf->va, buf->capacity);
	*at = share->next;
	heap_count(share->heap, share->dev_id, -1);
	free(share);
	return ret;
}

int
shares_end(struct accel_buf *buf)
{
	int ret = 0;

	pthread_mutex_lock(&share_lock);
	while (buf->shares != NULL) {
		int err = remove_share(buf, shares_of(buf));

		if (err != 0)
			ret = err;
	}
	pthread_mutex_unlock(&share_lock);
	return ret;
}

static int
check_shareable(const struct accel_buf *buf)
{
	if (!buf_table_has(buf) || buf_state_get(buf) != BUF_LIVE) {
		ACCEL_LOG(ERR, buffer, "%p is no live buffer: nothing to share", (const void *)buf);
		return -EINVAL;
	}
	if (bank_buf_is(buf->flags)) {
		ACCEL_LOG(ERR, buffer, "buffer at %p lies in a bank, which one device reaches: share a buffer "
				"in host memory", buf->va);
		return -ENOTSUP;
	}
	if (heap_maps_alone(buf))
		return 0;
	ACCEL_LOG(ERR, buffer, "buffer at %p shares its pages with others: allocate it with "
			"ACCEL_BUF_ISOLATED to share it between devices", buf->va);
	return -ENOTSUP;
}

int
accel_buf_share(struct accel_buf *buf, uint16_t dev_id)
{
	struct heap *heap;
	int ret = check_shareable(buf);

	if (ret != 0)
		return ret;
	heap = dev_heap(dev_id);
	if (heap == NULL)
		return -ENODEV;
	if (heap == dev_heap(buf->dev_id))
		return log_already(buf, dev_id); /* one I/O space: it is reachable as it is */
	ret = heap_enter(heap, dev_id);
	if (ret != 0)
		return dev_log_none(dev_id);
	pthread_mutex_lock(&share_lock);
	ret = add_share(buf, dev_id, heap);
	pthread_mutex_unlock(&share_lock);
	heap_leave(heap, dev_id);
	return ret;
}

int
accel_buf_unshare(struct accel_buf *buf, uint16_t dev_id)
{
	struct buf_share **at;
	int ret = check_shareable(buf);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&share_lock);
	at = find_share(buf, dev_id);
	ret = *at == NULL ? -ENOENT : remove_share(buf, at) != 0 ? -EIO : 0;
	pthread_mutex_unlock(&share_lock);
	if (ret == -ENOENT)
		ACCEL_LOG(ERR, buffer, "the buffer at %p is not shared with device %u", buf->va, dev_id);
	return ret;
}
