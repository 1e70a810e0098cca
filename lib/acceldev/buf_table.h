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

/**
 * In accel_buf::flags: not a buffer of the application's, so accel_buf_from_va() does not find it.
 */
#define BUF_HIDDEN (1u << 31)

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
 * The device of a buffer. Who frees a buffer that others may free meanwhile, and allocate again,
 * reads it before it has the lock of that device's heap; nothing else of the descriptor may be read
 * then.
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

/*
 * What whoever looks for the buffer of an address reads at any time, also when the descriptor is
 * another buffer's already. A buffer is given its extent while it is not BUF_LIVE.
 */
static inline void *
buf_va_get(const struct accel_buf *buf)
{
	return __atomic_load_n(&buf->va, __ATOMIC_ACQUIRE);
}

static inline void
buf_va_set(struct accel_buf *buf, void *va)
{
	__atomic_store_n(&buf->va, va, __ATOMIC_RELEASE);
}

static inline uint64_t
buf_iova_get(const struct accel_buf *buf)
{
	return __atomic_load_n(&buf->iova, __ATOMIC_RELAXED);
}

static inline void
buf_iova_set(struct accel_buf *buf, uint64_t iova)
{
	__atomic_store_n(&buf->iova, iova, __ATOMIC_RELAXED);
}

static inline uint32_t
buf_flags_get(const struct accel_buf *buf)
{
	return __atomic_load_n(&buf->flags, __ATOMIC_RELAXED);
}

static inline void
buf_flags_set(struct accel_buf *buf, uint32_t flags)
{
	__atomic_store_n(&buf->flags, flags, __ATOMIC_RELAXED);
}

static inline size_t
buf_len_get(const struct accel_buf *buf)
{
	return __atomic_load_n(&buf->len, __ATOMIC_ACQUIRE);
}

static inline void
buf_len_set(struct accel_buf *buf, size_t len)
{
	__atomic_store_n(&buf->len, len, __ATOMIC_RELEASE);
}

/** Take a descriptor; NULL when there is no memory or BUF_TABLE_MAX are in use. */
struct accel_buf *buf_table_get(void);

/** Give a descriptor back; it becomes BUF_FREE. */
void buf_table_put(struct accel_buf *buf);

/** Whether a pointer is a descriptor that was in use at some time. */
bool buf_table_has(const struct accel_buf *buf);

/** The number of a descriptor that was in use at some time, and the descriptor of a number. */
uint32_t buf_table_number(const struct accel_buf *buf);
struct accel_buf *buf_table_at(uint32_t number);

#endif
