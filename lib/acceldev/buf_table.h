/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BUF_TABLE_H
#define BUF_TABLE_H

/**
 * @file
 * The buffer descriptors of the process. They lie in one reserved range of addresses, so whether a
 * pointer is one of them is known without following it. Threads: any.
 */

#include <stdbool.h>

#include <acceldev/accel_buf.h>

/** Descriptors of the process, at most. */
#define BUF_TABLE_MAX (1u << 22)

/** State of a descriptor, in accel_buf::state. */
enum buf_state {
	BUF_FREE,   /* in the table, nobody's */
	BUF_LIVE,   /* a user's */
	BUF_CACHED, /* kept with its memory for the next user */
	BUF_DYING,  /* being freed */
	BUF_POOLED, /* a pool's, not in the table */
};

static inline enum buf_state
buf_state_get(const struct accel_buf *buf)
{
	return (enum buf_state)__atomic_load_n(&buf->state, __ATOMIC_ACQUIRE);
}

static inline void
buf_state_set(struct accel_buf *buf, enum buf_state state)
{
	__atomic_store_n(&buf->state, (uint16_t)state, __ATOMIC_RELEASE);
}

/*
 * The device of a buffer. Who frees a buffer that others may free meanwhile, and allocate again, reads
 * it before it has the lock of that device's heap; nothing else of the descriptor may be read then.
 */
static inline uint16_t
buf_dev_get(const struct accel_buf *buf)
{
	return __atomic_load_n(&buf->dev_id, __ATOMIC_RELAXED);
}

static inline void
buf_dev_set(struct accel_buf *buf, uint16_t dev_id)
{
	__atomic_store_n(&buf->dev_id, dev_id, __ATOMIC_RELAXED);
}

/** Take a descriptor; NULL when there is no memory or BUF_TABLE_MAX are in use. */
struct accel_buf *buf_table_get(void);

/** Give a descriptor back; it becomes BUF_FREE. */
void buf_table_put(struct accel_buf *buf);

/** Whether a pointer is a descriptor that was in use at some time. */
bool buf_table_has(const struct accel_buf *buf);

#endif
