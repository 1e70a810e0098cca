/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "bank_buf.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "buf_table.h"
#include "dev_slot.h"
#include "handle_table.h"

/* They stay memory of this kind, for who looks at a buffer that is freed meanwhile. */
static struct handle_table records = HANDLE_TABLE_INITIALIZER(struct bank_buf, BUF_TABLE_MAX);

static uint16_t
bank_of(uint32_t flags)
{
	return (uint16_t)((flags >> 16) - 1);
}

static struct bank *
find_bank(uint16_t dev_id, uint16_t number)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];

	if (number < slot->nb_banks)
		return &slot->banks[number];
	ACCEL_LOG(ERR, buffer, "%s: has no bank %u for a buffer, it has %u", slot->data.name, number,
			slot->nb_banks);
	return NULL;
}

static struct bank_buf *
new_record(struct heap *heap, uint16_t number)
{
	struct bank_buf *record = handle_get(&records);

	if (record == NULL) {
		heap_no_memory(heap);
		return NULL;
	}
	record->origin.kind = ORIGIN_BANK;
	record->origin.heap = heap;
	record->entered = false;
	__atomic_store_n(&record->bank, number, __ATOMIC_RELAXED);
	pthread_mutex_init(&record->lock, NULL);
	return record;
}

static void
drop_record(struct bank_buf *record)
{
	range_set_fini(&record->dirty);
	pthread_mutex_destroy(&record->lock);
	handle_put(&records, record);
}

/* The host's view is the bank. */
static int
view_of_bank(struct heap *heap, uint16_t dev_id, const struct bank *bank, struct bank_buf *record,
		size_t len, size_t align, uint32_t flags, struct accel_buf **buf)
{
	const struct heap_view view = {
		.origin = &record->origin,
		.va = (char *)bank->va + (record->addr - bank->base),
		.len = len,
		.capacity = len,
		.flags = flags,
	};
	int ret;

	if (((uintptr_t)view.va & (align - 1)) != 0) {
		ACCEL_LOG(ERR, buffer, "%s: bank %u lies at no multiple of %zu bytes for the host: ask for "
				"less alignment", heap->name, record->bank, align);
		return -EINVAL;
	}
	ret = heap_adopt(heap, dev_id, &view, buf);
	if (ret == 0 && (flags & ACCEL_BUF_ZERO) != 0)
		memset(view.va, 0, len);
	return ret;
}

/* In a heap that is entered, so that the device stays. */
static int
alloc_in_bank(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct bank_buf *record, struct accel_buf **buf)
{
	struct bank *bank = find_bank(dev_id, record->bank);
	uint64_t addr;
	int ret;

	if (bank == NULL)
		return -EINVAL;
	ret = bank_take(dev_id, record->bank, len, align, &addr);
	if (ret != 0)
		return ret;
	__atomic_store_n(&record->addr, addr, __ATOMIC_RELAXED);
	if (bank->va != NULL)
		ret = view_of_bank(heap, dev_id, bank, record, len, align, flags, buf);
	else /* it is memory beside the bank */
		ret = heap_alloc(heap, dev_id, len, align, flags, buf);
	if (ret != 0) {
		bank_give(dev_id, record->bank, addr);
		return ret;
	}
	__atomic_store_n(&(*buf)->shares, record, __ATOMIC_RELEASE);
	if (bank->va != NULL) {
		record->entered = bank_enter(dev_id, record->bank, *buf) == 0;
		return record->entered ? 0 : heap_no_memory(heap);
	}
	if ((flags & ACCEL_BUF_ZERO) != 0 && range_set_add(&record->dirty, 0, len) != 0)
		return heap_no_memory(heap);
	return 0;
}

int
bank_buf_alloc(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf_out)
{
	struct accel_buf *buf = NULL;
	struct bank_buf *record;
	int ret = heap_enter(heap, dev_id);

	if (ret != 0)
		return ret;
	record = new_record(heap, bank_of(flags));
	ret = record != NULL ? alloc_in_bank(heap, dev_id, len, align, flags, record, &buf) : -ENOMEM;
	heap_leave(heap, dev_id);
	if (ret == 0)
		*buf_out = buf;
	else if (buf != NULL)
		heap_free(heap, dev_id, buf, NULL);
	else if (record != NULL)
		drop_record(record);
	return ret;
}

void
bank_buf_end(struct accel_buf *buf)
{
	struct bank_buf *record = buf->shares;

	if (record->entered)
		bank_leave(buf->dev_id, record->bank, buf);
	bank_give(buf->dev_id, record->bank, record->addr);
	__atomic_store_n(&buf->shares, NULL, __ATOMIC_RELAXED);
	drop_record(record);
}

bool
bank_buf_place(const struct accel_buf *buf, uint64_t *addr, uint16_t *bank)
{
	const struct bank_buf *record = __atomic_load_n(&buf->shares, __ATOMIC_ACQUIRE);

	if (!handle_has(&records, record))
		return false;
	*addr = __atomic_load_n(&record->addr, __ATOMIC_RELAXED);
	*bank = __atomic_load_n(&record->bank, __ATOMIC_RELAXED);
	return true;
}
