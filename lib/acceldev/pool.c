/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_pool.h>

#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_ring.h>

#include "buf_table.h"
#include "dev_slot.h"

/* rte_mempool puts "MP_" before a name and a memzone suffix behind it. */
#define NAME_MAX_LEN 25

#define POOL_FLAGS (ACCEL_BUF_READ_ONLY | ACCEL_BUF_ISOLATED | ACCEL_BUF_ZERO)

/* How the memory of a pool is cut; in the private data of its mempool. */
struct layout {
	struct accel_buf *memory;
	size_t stride;
	size_t len;
};

static void
init_buf(struct rte_mempool *mp, void *arg, void *obj, unsigned int i)
{
	const struct layout *layout = arg;
	const struct accel_buf *memory = layout->memory;
	struct accel_buf *buf = obj;

	*buf = (struct accel_buf){
		.va = (char *)memory->va + i * layout->stride,
		.iova = memory->iova + i * layout->stride,
		.len = layout->len,
		.flags = memory->flags & ~BUF_HIDDEN,
		.dev_id = memory->dev_id,
		.state = BUF_POOLED,
		.capacity = layout->stride,
		.origin = mp,
	};
}

static int
check_conf(const char *name, const struct accel_pool_conf *in, struct accel_pool_conf *conf,
		struct accel_pool **pool)
{
	if (name == NULL || *name == 0 || strnlen(name, NAME_MAX_LEN + 1) > NAME_MAX_LEN ||
			in == NULL || pool == NULL || conf_copy(conf, sizeof(*conf), in) != 0) {
		ACCEL_LOG(ERR, buffer, "pool \"%.32s\": the name must have 1 to %u characters, conf.size "
				"be sizeof(conf), and no pointer be NULL", name != NULL ? name : "",
				NAME_MAX_LEN);
		return -EINVAL;
	}
	/*
	 * The limits of rte_mempool on its cache, and of the ring in it, which it does not check.
	 */
	if (conf->nb_bufs == 0 || conf->nb_bufs >= RTE_RING_SZ_MASK / 2 || conf->buf_len == 0 || (conf->align & (conf->align - 1)) != 0 ||
			conf->cache_size > RTE_MEMPOOL_CACHE_MAX_SIZE ||
			conf->cache_size * UINT64_C(3) > conf->nb_bufs * UINT64_C(2) ||
			conf->buf_len > SIZE_MAX / 8 / conf->nb_bufs - conf->align ||
			(conf->flags & ~POOL_FLAGS) != 0) {
		ACCEL_LOG(ERR, buffer, "pool \"%s\": %u buffers of %zu bytes, cache %u, alignment %zu, flags "
				"0x%x: a number is out of range; the cache may have two thirds of the "
				"buffers, up to %u", name, conf->nb_bufs, conf->buf_len, conf->cache_size,
				conf->align, conf->flags, RTE_MEMPOOL_CACHE_MAX_SIZE);
		return -EINVAL;
	}
	if (conf->align < ACCEL_BUF_MIN_ALIGN)
		conf->align = ACCEL_BUF_MIN_ALIGN;
	return 0;
}

static int
create_mempool(const char *name, const struct accel_pool_conf *conf, struct layout *layout,
		int socket, struct accel_pool **pool)
{
	struct rte_mempool *mp;

	mp = rte_mempool_create(name, conf->nb_bufs, sizeof(struct accel_buf), conf->cache_size,
			sizeof(*layout), NULL, NULL, init_buf, layout, socket,
			RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	if (mp == NULL) {
		ACCEL_LOG(ERR, buffer, "pool \"%s\": rte_mempool_create() failed: %s; use another name, "
				"fewer buffers, or give EAL more memory (-m)", name,
				rte_strerror(rte_errno));
		return -rte_errno;
	}
	*(struct layout *)rte_mempool_get_priv(mp) = *layout;
	*pool = (struct accel_pool *)mp;
	return 0;
}

int
accel_pool_create(const char *name, uint16_t dev_id, const struct accel_pool_conf *conf_in,
		struct accel_pool **pool)
{
	struct accel_pool_conf conf;
	struct layout layout;
	int ret = check_conf(name, conf_in, &conf, pool);

	if (ret != 0)
		return ret;
	layout.len = conf.buf_len;
	layout.stride = (conf.buf_len + conf.align - 1) / conf.align * conf.align;
	ret = accel_buf_alloc(dev_id, layout.stride * conf.nb_bufs, conf.align, conf.flags,
			&layout.memory);
	if (ret != 0)
		return ret;
	buf_flags_set(layout.memory, layout.memory->flags | BUF_HIDDEN);
	ret = create_mempool(name, &conf, &layout, accel_dev_socket_id(dev_id), pool);
	if (ret != 0)
		accel_buf_free(layout.memory);
	return ret;
}

int
accel_pool_destroy(struct accel_pool *pool)
{
	struct rte_mempool *mp = accel_pool_mempool(pool);
	const struct layout *layout;
	struct accel_buf *memory;
	unsigned int out;

	if (pool == NULL)
		return 0;
	out = rte_mempool_in_use_count(mp);
	if (out != 0) {
		ACCEL_LOG(ERR, buffer, "pool \"%s\": %u buffers were not given back: put them first",
				mp->name, out);
		return -EBUSY;
	}
	layout = rte_mempool_get_priv(mp);
	memory = layout->memory;
	rte_mempool_free(mp);
	return accel_buf_free(memory);
}

unsigned int
accel_pool_avail(const struct accel_pool *pool)
{
	return pool != NULL ? rte_mempool_avail_count(accel_pool_mempool(pool)) : 0;
}
