/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_buf.h>

#include <errno.h>

#include <acceldev/accel_op.h>

#include "bank_buf.h"
#include "buf_table.h"
#include "dev_slot.h"

/* Where bytes of buffers are. */

static void
tell(const struct accel_buf *buf, size_t offset, struct accel_buf_at *at)
{
	const struct bank_buf *record = bank_buf_of(buf);

	at->buf = (struct accel_buf *)(uintptr_t)buf;
	at->offset = offset;
	at->iova = buf->iova != ACCEL_IOVA_NONE ? buf->iova + offset : ACCEL_IOVA_NONE;
	at->addr = record != NULL ? record->addr + offset : at->iova;
	at->space = record != NULL ? ACCEL_SPACE_BANK(record->bank) : ACCEL_SPACE_HOST;
}

int
accel_buf_locate(const struct accel_buf *buf, size_t offset, struct accel_buf_at *at)
{
	if (at == NULL || !buf_table_has(buf) || buf_state_get(buf) != BUF_LIVE || offset >= buf->len) {
		ACCEL_LOG(ERR, buffer, "byte %zu of %p: no live buffer, out of its range, or nowhere to tell "
				"where it is", offset, (const void *)buf);
		return -EINVAL;
	}
	tell(buf, offset, at);
	return 0;
}
