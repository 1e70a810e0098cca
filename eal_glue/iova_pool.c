/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iova_pool.h"

#include <errno.h>
#include <pthread.h>

/*
 * In order of preference: below EAL's default base, where a process maps nothing by default; above
 * the user half of the address space, where only wide devices reach; the rest, where an IOVA may
 * equal a virtual address that another iospace uses as IOVA.
 */
static const struct addrspace_range zones[] = {
	{ IOVA_POOL_FIRST, (UINT64_C(64) << 30) - 1 },
	{ UINT64_C(1) << 47, (UINT64_C(1) << 48) - 1 },
	{ UINT64_C(64) << 30, (UINT64_C(1) << 47) - 1 },
};

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct addrspace *pool;
static uint64_t stuck; /* a range that was refused and still waits to be given back, or 0 */

static int
make_pool(void)
{
	int ret;

	if (pool != NULL)
		return 0;
	ret = addrspace_create(&pool);
	if (ret != 0)
		return ret;
	ret = addrspace_add(pool, IOVA_POOL_FIRST, (UINT64_C(1) << 48) - 1);
	if (ret != 0) {
		addrspace_destroy(pool);
		pool = NULL;
	}
	return ret;
}

/* The books need memory also to forget; until they have it nothing new is offered. */
static int
drop_stuck(void)
{
	if (stuck != 0 && addrspace_free(pool, stuck, NULL) != 0)
		return -ENOMEM;
	stuck = 0;
	return 0;
}

static int
get_in_zone(struct addrspace_request *req, const struct addrspace_range *zone,
		const struct addrspace_range *window, const struct iova_pool_taker *taker,
		uint64_t *iova)
{
	int ret;

	req->window.first = zone->first > window->first ? zone->first : window->first;
	req->window.last = zone->last < window->last ? zone->last : window->last;
	while (req->window.first <= req->window.last) {
		ret = addrspace_alloc(pool, req, iova);
		if (ret != 0)
			return ret;
		ret = taker->take(taker->arg, *iova, req->size, &req->window.first);
		if (ret == 0)
			return 0;
		stuck = *iova;
		if (ret != -EEXIST && ret != -ERANGE)
			return ret;
		ret = drop_stuck();
		if (ret != 0)
			return ret;
	}
	return -ENOSPC;
}

int
iova_pool_get(uint64_t size, uint64_t align, const struct addrspace_range *window,
		const struct iova_pool_taker *taker, uint64_t *iova)
{
	struct addrspace_request req = { .size = size, .align = align, .flags = ADDRSPACE_LOWEST };
	unsigned int i;
	int ret;

	pthread_mutex_lock(&pool_lock);
	ret = make_pool();
	if (ret == 0)
		ret = drop_stuck();
	if (ret == 0) {
		ret = -ENOSPC;
		for (i = 0; i < sizeof(zones) / sizeof(zones[0]) && ret == -ENOSPC; i++)
			ret = get_in_zone(&req, &zones[i], window, taker, iova);
	}
	pthread_mutex_unlock(&pool_lock);
	return ret;
}

int
iova_pool_put(uint64_t iova)
{
	int ret;

	pthread_mutex_lock(&pool_lock);
	ret = addrspace_free(pool, iova, NULL);
	pthread_mutex_unlock(&pool_lock);
	return ret;
}
