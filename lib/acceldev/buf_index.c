/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "buf_index.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "buf_table.h"
#include "start_map.h"
#include "va_table.h"

/* Values in the table of addresses: the address of a start_map, or the number of a buffer. */
#define VALUE_BUF   (UINT64_C(1) << 63)
#define VALUE_SHIFT 12

struct buf_block {
	const void *va;
	size_t len;
	struct start_map *starts;
};

static uint64_t
value_of_block(const struct buf_block *block)
{
	return (uintptr_t)block->starts;
}

static uint64_t
value_of_buf(const struct accel_buf *buf)
{
	return VALUE_BUF | (uint64_t)buf_table_number(buf) << VALUE_SHIFT;
}

struct buf_block *
buf_block_create(const void *va, size_t len, size_t unit)
{
	struct buf_block *block = calloc(1, sizeof(*block));

	if (block == NULL)
		return NULL;
	block->va = va;
	block->len = len;
	block->starts = start_map_create(va, len, unit);
	if (block->starts == NULL)
		goto fail;
	if (va_table_add(va, len, value_of_block(block)) == 0)
		return block;
	start_map_destroy(block->starts);
fail:
	free(block);
	return NULL;
}

void
buf_block_destroy(struct buf_block *block)
{
	if (block == NULL)
		return;
	va_table_remove(block->va, block->len, value_of_block(block));
	start_map_destroy(block->starts);
	free(block);
}

int
buf_block_set(struct buf_block *block, const struct accel_buf *buf)
{
	return start_map_set(block->starts, buf->va, buf_table_number(buf));
}

void
buf_block_clear(struct buf_block *block, const struct accel_buf *buf)
{
	start_map_clear(block->starts, buf->va);
}

int
buf_index_add(const struct accel_buf *buf)
{
	return va_table_add(buf->va, buf->capacity, value_of_buf(buf));
}

void
buf_index_remove(const struct accel_buf *buf)
{
	va_table_remove(buf->va, buf->capacity, value_of_buf(buf));
}

/*
 * The descriptor may be another buffer's by now. What is read twice, around the length, belongs to
 * one buffer.
 */
static bool
has(const struct accel_buf *buf, const void *va)
{
	uintptr_t start = (uintptr_t)buf_va_get(buf);
	size_t len;

	if (buf_state_get(buf) != BUF_LIVE)
		return false;
	len = buf_len_get(buf);
	return (uintptr_t)va - start < len && buf_state_get(buf) == BUF_LIVE &&
			(uintptr_t)buf_va_get(buf) == start;
}

static struct accel_buf *
candidate(uint64_t value, const void *va)
{
	uint32_t number;

	if ((value & VALUE_BUF) != 0)
		number = (uint32_t)((value & ~VALUE_BUF) >> VALUE_SHIFT);
	else if (!start_map_find((const struct start_map *)(uintptr_t)value, va, &number))
		return NULL;
	return buf_table_at(number);
}

struct accel_buf *
buf_index_find(const void *va)
{
	const struct va_layer *layer;
	struct accel_buf *buf;
	uint64_t value;

	for (layer = va_table_first(); layer != NULL; layer = va_table_next(layer)) {
		if (!va_table_get(layer, va, &value))
			continue;
		buf = candidate(value, va);
		if (buf != NULL && has(buf, va))
			return buf;
	}
	return NULL;
}
