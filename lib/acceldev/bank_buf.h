/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BANK_BUF_H
#define BANK_BUF_H

/**
 * @file
 * Buffers in banks: what accel_buf::shares of a buffer with ACCEL_BUF_BANK() points to.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "heap.h"
#include "range_set.h"

/** The bits of ACCEL_BUF_BANK(). */
#define BANK_BUF_FLAGS (UINT32_C(0x1ff) << 16)

struct bank_buf {
	struct heap_origin origin; /* of a view that is the bank itself */
	pthread_mutex_t lock;      /* of the next one, during transfers too: before a device's */
	struct range_set dirty;    /* bytes that the host has written and the bank lacks */
	uint64_t addr;             /* device address; atomic, as the next one: see bank_buf_place() */
	uint16_t bank;
	bool entered;              /* where buffers are found by their address; see bank_enter() */
};

static inline bool
bank_buf_is(uint32_t flags)
{
	return (flags & BANK_BUF_FLAGS) != 0;
}

/** The part of a buffer that is in a bank; NULL for others. */
static inline struct bank_buf *
bank_buf_of(const struct accel_buf *buf)
{
	return bank_buf_is(buf->flags) ? buf->shares : NULL;
}

/** accel_buf_alloc() with ACCEL_BUF_BANK() and checked arguments. */
int bank_buf_alloc(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf);

/**
 * The device address of a buffer and the number of its bank. The buffer may be freed at this
 * moment, and its descriptor be another's: then it is what one of them has, or false.
 */
bool bank_buf_place(const struct accel_buf *buf, uint64_t *addr, uint16_t *bank);

/** Give the bank's memory of a dying buffer back. */
void bank_buf_end(struct accel_buf *buf);

#endif
