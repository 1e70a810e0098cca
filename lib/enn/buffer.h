/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_BUFFER_H
#define ENN_BUFFER_H

/**
 * @file
 * Buffers. A program knows one by the address of its EnnBuffer, which is looked up: what it holds
 * is not read. The memory lasts until the buffer has ended and no session runs with it.
 *
 * All with the lock of life.h held, but where it says otherwise.
 */

#include <stdbool.h>

#include <bsd/sys/tree.h>

#include <acceldev/accel_buf.h>

#include "enn_api-type.h"

struct enn_buffer {
	EnnBuffer pub;
	RB_ENTRY(enn_buffer) entry;
	struct accel_buf *buf; /* NULL: the memory is gone */
	uint64_t iova;         /* of the first byte */
	uint32_t size;
	int fd;                /* of the memory; -1: not asked for yet, or there is none */
	bool in_set;           /* of EnnAllocateAllBuffers(), whose array it ends with */
	bool ended;
	unsigned int bound;    /* tensors of sessions that have it */
	unsigned int refs;     /* those, and who made it */
};

/**
 * Allocate memory, of zeros. Without the lock, and nobody knows it yet.
 *
 * @param align      power of two, of the address; raised to pages
 * @param own_pages  with a file descriptor, as long as there are any
 * @retval 0 success
 * @retval -EMSGSIZE size is 0, logged
 * @return other negative errno of accel_buf_alloc(), logged
 */
int enn_buffer_alloc(uint32_t size, uint64_t align, bool own_pages, struct enn_buffer **out);

/** The same of a part of what a descriptor names: errors as accel_buf_import_fd(). */
int enn_buffer_import(int fd, uint32_t size, uint32_t offset, struct enn_buffer **out);

/** Free a buffer that nobody knows. */
void enn_buffer_discard(struct enn_buffer *buffer);

/** Make a buffer known. */
void enn_buffer_add(struct enn_buffer *buffer);

/** The buffer that a program names; NULL, and logged, when it is none. */
struct enn_buffer *enn_buffer_find(const EnnBuffer *pub);

/**
 * End a buffer: sessions lose it. Its maker still has it, and lets go of it with
 * enn_buffer_put().
 */
void enn_buffer_end_memory(struct enn_buffer *buffer);
void enn_buffer_put(struct enn_buffer *buffer);

/** A tensor of a session has it, or has it no more. NULL is a no-op. */
void enn_buffer_bind(struct enn_buffer *buffer);
void enn_buffer_unbind(struct enn_buffer *buffer);

/** End all that are known. */
void enn_buffer_end_all(void);

/* Calls. */
int enn_buffer_create(uint32_t size, EnnBufferPtr *out);
/** With a flag: only 0 is supported. */
int enn_buffer_create_flagged(uint32_t size, uint32_t flag, EnnBufferPtr *out);
int enn_buffer_create_from_fd(uint32_t fd, uint32_t size, uint32_t offset, EnnBufferPtr *out);
int enn_buffer_release(EnnBufferPtr pub);
int enn_buffer_fd(EnnBufferPtr pub, int32_t *fd);

#endif
