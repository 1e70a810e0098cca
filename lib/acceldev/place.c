/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_buf.h>

#include <errno.h>

#include <acceldev/accel_op.h>

#include "bank_buf.h"
#include "buf_index.h"
#include "buf_table.h"
#include "dev_slot.h"

/* Each but the first is due to a buffer that was freed during the one before. */
#define TRIES 100

/*
 * Where bytes of buffers are. The buffer may be freed meanwhile, and its descriptor become
 * another's.
 */

static bool
is_hidden(const struct accel_buf *buf)
{
	return (buf_flags_get(buf) & BUF_HIDDEN) != 0;
}

static bool
tell(struct accel_buf *buf, size_t offset, struct accel_buf_at *at)
{
	uint64_t iova = buf_iova_get(buf), addr = iova;
	uint32_t flags = buf_flags_get(buf);
	uint16_t bank = 0;

	if ((flags & BUF_HIDDEN) != 0 || (bank_buf_is(flags) && !bank_buf_place(buf, &addr, &bank)) ||
			offset >= buf_len_get(buf) || buf_state_get(buf) != BUF_LIVE)
		return false;
	at->buf = buf;
	at->offset = offset;
	at->iova = iova != ACCEL_IOVA_NONE ? iova + offset : ACCEL_IOVA_NONE;
	at->addr = addr + offset;
	at->space = bank_buf_is(flags) ? ACCEL_SPACE_BANK(bank) : ACCEL_SPACE_HOST;
	return true;
}

int
accel_buf_locate(const struct accel_buf *buf, size_t offset, struct accel_buf_at *at)
{
	struct accel_buf *mutable = (struct accel_buf *)(uintptr_t)buf;

	if (at != NULL && buf_table_has(buf) && buf_state_get(buf) == BUF_LIVE &&
			tell(mutable, offset, at))
		return 0;
	ACCEL_LOG(ERR, buffer, "byte %zu of %p: no live buffer, out of its range, or nowhere to tell where it "
			"is", offset, (const void *)buf);
	return -EINVAL;
}

int
accel_buf_from_va(const void *va, struct accel_buf_at *at)
{
	unsigned int tries;

	if (at == NULL) {
		ACCEL_LOG(ERR, buffer, "address %p: at is NULL, nowhere to tell where it is", va);
		return -EINVAL;
	}
	/* One that was just freed may have hidden another import of the same memory. */
	for (tries = 0; tries < TRIES; tries++) {
		struct accel_buf *buf = buf_index_find(va);

		if (buf == NULL || is_hidden(buf))
			break;
		if (tell(buf, (uintptr_t)va - (uintptr_t)buf_va_get(buf), at))
			return 0;
	}
	return -ENOENT;
}
