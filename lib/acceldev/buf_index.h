/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BUF_INDEX_H
#define BUF_INDEX_H

/**
 * @file
 * From any address of the process to the buffer that it lies in.
 *
 * Threads: any. The finder takes no lock, and finds a buffer that is entered and live before it
 * begins and until it ends, whatever happens to others. Setting and clearing in one block is
 * serialised by the caller. The locks below are leaves.
 */

#include <stddef.h>

#include <acceldev/accel_buf.h>

/** A run of addresses that buffers are cut from. */
struct buf_block;

/**
 * Enter a block. It may overlap others, and single buffers.
 *
 * @param va    first byte; a multiple of 4096
 * @param len   bytes, not 0
 * @param unit  power of two, at most 2 GiB; buffers begin at multiples of it from va
 * @return NULL when there is no memory; not logged
 */
struct buf_block *buf_block_create(const void *va, size_t len, size_t unit);

/** Remove a block, and all buffers in it; before its memory is given back. NULL is a no-op. */
void buf_block_destroy(struct buf_block *block);

/** Enter a buffer, which begins at buf->va, where none began: 0 or -ENOMEM, not logged. */
int buf_block_set(struct buf_block *block, const struct accel_buf *buf);

/** Remove a buffer that was entered. */
void buf_block_clear(struct buf_block *block, const struct accel_buf *buf);

/**
 * Enter a buffer that has buf->capacity bytes of pages to itself, so far as it knows: others may
 * have been made of the same memory.
 *
 * @return 0 or -ENOMEM; not logged
 */
int buf_index_add(const struct accel_buf *buf);

/** Remove it; before its memory or its descriptor is given back. */
void buf_index_remove(const struct accel_buf *buf);

/**
 * A live buffer whose bytes va is one of, or NULL. When the buffer is freed and allocated anew
 * meanwhile the answer is of either of its lives; it is always a descriptor of the table.
 */
struct accel_buf *buf_index_find(const void *va);

#endif
