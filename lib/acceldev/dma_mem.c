/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_driver.h>

#include <errno.h>

#include "bank_buf.h"
#include "buf_table.h"
#include "dev_slot.h"

/*
 * Memory that a driver has for its device. It comes from the heap of the device's I/O space, as
 * buffers do, but is not counted among those that keep the device open.
 */

int
accel_dev_dma_alloc(struct accel_dev *dev, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf_out)
{
	struct accel_dev_internal *slot = dev->internal;
	struct heap *heap = &slot->space->heap;
	struct accel_buf *buf;
	int ret = buf_check_alloc(len, &align, &flags, buf_out);

	if (ret == 0 && bank_buf_is(flags)) {
		ACCEL_LOG(ERR, buffer, "%s: its driver asks for a buffer in a bank: allocate bank memory instead",
				dev->name);
		ret = -EINVAL;
	}
	if (ret == 0)
		ret = heap_alloc(heap, dev->dev_id, len, align, flags, &buf);
	if (ret == -ENODEV)
		ACCEL_LOG(ERR, buffer, "%s: its driver asks for memory while it is being closed: free "
				"only", dev->name);
	if (ret != 0) {
		/* The call that needs the memory has nothing to add. */
		__atomic_store_n(&slot->explained, true, __ATOMIC_RELAXED);
		return ret;
	}
	buf_flags_set(buf, flags | BUF_HIDDEN);
	heap_count(heap, dev->dev_id, -1);
	buf->link = slot->dma_mem;
	slot->dma_mem = buf;
	*buf_out = buf;
	return 0;
}

static bool
unlink_buf(struct accel_dev_internal *slot, const struct accel_buf *buf)
{
	struct accel_buf *at = slot->dma_mem;

	if (at == buf) {
		slot->dma_mem = buf->link;
		return true;
	}
	while (at != NULL && at->link != buf)
		at = at->link;
	if (at != NULL)
		at->link = buf->link;
	return at != NULL;
}

void
accel_dev_dma_free(struct accel_dev *dev, struct accel_buf *buf)
{
	struct accel_dev_internal *slot = dev->internal;
	struct heap *heap = &slot->space->heap;

	if (buf == NULL)
		return;
	if (!unlink_buf(slot, buf)) {
		ACCEL_LOG(ERR, buffer, "%s: its driver frees %p, which it does not have: mend the driver",
				dev->name, (void *)buf);
		return;
	}
	heap_count(heap, dev->dev_id, 1);
	heap_free(heap, dev->dev_id, buf, NULL);
}

void
dma_mem_drop(struct accel_dev_internal *slot)
{
	unsigned int n = 0;

	for (; slot->dma_mem != NULL; n++)
		accel_dev_dma_free(&slot->dev, slot->dma_mem);
	if (n != 0)
		ACCEL_LOG(WARNING, buffer, "%s: driver %s left %u blocks of memory behind, which are freed "
				"now: mend the driver", slot->data.name, slot->data.driver, n);
}
