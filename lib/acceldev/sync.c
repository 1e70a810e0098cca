/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_sync.h>

#include <errno.h>

#include <rte_io.h>

#include "bank_buf.h"
#include "buf_table.h"
#include "dev_slot.h"
#include "transfer.h"

/* Check a range, and complete it: 0, or -EINVAL, logged. */
static int
check(const struct accel_buf *buf, size_t offset, size_t *len)
{
	if (!buf_table_has(buf) || buf_state_get(buf) != BUF_LIVE) {
		ACCEL_LOG(ERR, buffer, "%p is no live buffer: nothing to bring together with a bank",
				(const void *)buf);
		return -EINVAL;
	}
	if (offset < buf->len && *len == 0)
		*len = buf->len - offset;
	if (offset < buf->len && *len <= buf->len - offset)
		return 0;
	ACCEL_LOG(ERR, buffer, "buffer at %p of %zu bytes: has no range of %zu bytes at %zu", buf->va, buf->len,
			*len, offset);
	return -EINVAL;
}

static bool
is_beside(const struct accel_buf *buf)
{
	return bank_buf_is(buf->flags) && buf->iova != ACCEL_IOVA_NONE;
}

/* The record's lock is held. */
static int
copy(const struct accel_buf *buf, size_t first, size_t end, bool to_device)
{
	const struct bank_buf *record = buf->shares;
	struct transfer transfer = {
		.src = buf->iova + first,
		.src_space = ACCEL_SPACE_HOST,
		.dst = record->addr + first,
		.dst_space = ACCEL_SPACE_BANK(record->bank),
		.len = end - first,
	};

	if (!to_device) {
		transfer.src = record->addr + first;
		transfer.src_space = ACCEL_SPACE_BANK(record->bank);
		transfer.dst = buf->iova + first;
		transfer.dst_space = ACCEL_SPACE_HOST;
	}
	return transfer_run(buf->dev_id, &transfer);
}

static int
send_all(struct accel_buf *buf, size_t first, size_t end)
{
	struct bank_buf *record = buf->shares;
	int ret = range_set_reserve(&record->dirty); /* before bytes move */

	if (ret == 0)
		ret = copy(buf, first, end, true);
	if (ret == 0)
		range_set_remove(&record->dirty, first, end);
	return ret;
}

static int
send_dirty(struct accel_buf *buf, size_t first, size_t end)
{
	struct bank_buf *record = buf->shares;
	struct range part = range_set_next(&record->dirty, first, end);
	int ret = 0;

	for (; ret == 0 && part.first < part.end; part = range_set_next(&record->dirty, part.end, end))
		ret = send_all(buf, part.first, part.end);
	return ret;
}

static int
sync_beside(struct accel_buf *buf, size_t first, size_t end, enum accel_sync direction)
{
	int ret;

	if (direction == ACCEL_SYNC_TO_DEVICE)
		return send_all(buf, first, end);
	ret = send_dirty(buf, first, end);
	if (ret == 0 && direction == ACCEL_SYNC_FROM_DEVICE)
		ret = copy(buf, first, end, false);
	return ret;
}

static int
no_memory(const struct accel_buf *buf)
{
	ACCEL_LOG(ERR, buffer, "buffer at %p: no memory to note what the host has written: see ulimit -v",
			buf->va);
	return -ENOMEM;
}

int
accel_buf_sync(struct accel_buf *buf, size_t offset, size_t len, enum accel_sync direction)
{
	struct bank_buf *record;
	int ret = check(buf, offset, &len);

	if (ret != 0)
		return ret;
	if (direction < ACCEL_SYNC_TO_DEVICE || direction > ACCEL_SYNC_FLUSH) {
		ACCEL_LOG(ERR, buffer, "buffer at %p: there is no direction %d of accel_buf_sync()",
				buf->va, (int)direction);
		return -EINVAL;
	}
	rte_io_mb();
	if (!is_beside(buf))
		return 0;
	record = buf->shares;
	pthread_mutex_lock(&record->lock);
	ret = sync_beside(buf, offset, offset + len, direction);
	pthread_mutex_unlock(&record->lock);
	return ret == -ENOMEM ? no_memory(buf) : ret;
}

int
accel_buf_dirty(struct accel_buf *buf, size_t offset, size_t len)
{
	struct bank_buf *record;
	int ret = check(buf, offset, &len);

	if (ret != 0 || !is_beside(buf))
		return ret;
	record = buf->shares;
	pthread_mutex_lock(&record->lock);
	ret = range_set_add(&record->dirty, offset, offset + len);
	pthread_mutex_unlock(&record->lock);
	return ret == 0 ? 0 : no_memory(buf);
}
