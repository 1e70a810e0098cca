/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_POOL_H
#define ACCEL_POOL_H

/**
 * @file
 * Pools: buffers of one size, taken and given back in bulk, with a cache per lcore.
 *
 * Underneath is an rte_mempool of struct accel_buf. Only the memory of the buffers is reachable for
 * the device; the mempool's own headers are not. A buffer from a pool goes back to its pool,
 * accel_buf_free() refuses it.
 *
 * Threads: get and put from any thread, without a lock. A thread that is neither an lcore nor
 * registered with rte_thread_register() has no cache and pays for that.
 */

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_mempool.h>

#include <acceldev/accel_buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/** For accel_pool_create(). */
struct accel_pool_conf {
	size_t size;         /**< sizeof(struct accel_pool_conf) */
	uint32_t nb_bufs;    /**< number of buffers, not 0, less than 2^30 - 1 */
	uint32_t cache_size; /**< buffers cached per lcore, 0 to RTE_MEMPOOL_CACHE_MAX_SIZE and at
			      *   most two thirds of nb_bufs */
	size_t buf_len;      /**< bytes of each, not 0 */
	size_t align;        /**< as in accel_buf_alloc() */
	uint32_t flags;      /**< ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED and ACCEL_BUF_ZERO (once, at
			      *   creation) */
};

/** A pool: an rte_mempool whose objects are struct accel_buf. */
struct accel_pool;

/** The mempool of a pool, for functions of rte_mempool.h that take nothing away from it. */
static inline struct rte_mempool *
accel_pool_mempool(const struct accel_pool *pool)
{
	return (struct rte_mempool *)(uintptr_t)pool;
}

/**
 * Make a pool for a device.
 *
 * @param name  unique among the mempools of the process, up to 25 characters
 * @param[out] pool  the caller's; accel_pool_destroy() ends it; untouched on failure
 * @retval 0 success
 * @retval -EINVAL a pointer is NULL, conf's size is wrong, a number is out of range, or the name is
 *         too long
 * @retval -EEXIST a mempool of that name exists
 * @retval -ENODEV no such device
 * @retval -ENOMEM no memory for the buffers or the mempool
 * @retval -ENOSPC as accel_buf_alloc()
 */
int accel_pool_create(const char *name, uint16_t dev_id, const struct accel_pool_conf *conf,
		struct accel_pool **pool);

/**
 * End a pool. NULL is a no-op. No other thread may use it.
 *
 * @retval 0 success
 * @retval -EBUSY some of its buffers were not given back; the log says how many
 */
int accel_pool_destroy(struct accel_pool *pool);

/**
 * Take n buffers, or none.
 *
 * @retval 0 success
 * @retval -ENOENT fewer than n are there
 */
static inline int
accel_pool_get_bulk(struct accel_pool *pool, struct accel_buf **bufs, unsigned int n)
{
	/* Its error depends on what the mempool is made of. */
	return rte_mempool_get_bulk(accel_pool_mempool(pool), (void **)bufs, n) == 0 ? 0 : -ENOENT;
}

/** Give n buffers back, which must come from this pool. */
static inline void
accel_pool_put_bulk(struct accel_pool *pool, struct accel_buf **bufs, unsigned int n)
{
	rte_mempool_put_bulk(accel_pool_mempool(pool), (void *const *)bufs, n);
}

/** Take one buffer: 0, or -ENOENT when there is none. */
static inline int
accel_pool_get(struct accel_pool *pool, struct accel_buf **buf)
{
	return accel_pool_get_bulk(pool, buf, 1);
}

/** Give one buffer back. */
static inline void
accel_pool_put(struct accel_pool *pool, struct accel_buf *buf)
{
	accel_pool_put_bulk(pool, &buf, 1);
}

/** Buffers that can be taken now; slow, for tests and telemetry. */
unsigned int accel_pool_avail(const struct accel_pool *pool);

#ifdef __cplusplus
}
#endif

#endif
