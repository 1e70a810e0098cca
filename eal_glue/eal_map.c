/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "eal_map.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_eal_memconfig.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include "glue_log.h"

#define CALLBACK "acceldev"
#define ACCESS   (IOSPACE_READ | IOSPACE_WRITE)

/*
 * Gaps: what of a range is not reachable at IOVA = VA
 */

typedef int (*gap_fn)(struct eal_map *map, uint64_t va, uint64_t len, void *arg);

static bool
is_same_memory(const struct iospace_entry *e)
{
	return (uintptr_t)e->va == e->iova && (e->access & ACCESS) == ACCESS;
}

/* Returns what fn returned, or -EADDRINUSE, not logged, where something else is mapped. */
static int
each_gap(struct eal_map *map, uint64_t va, uint64_t len, gap_fn fn, void *arg)
{
	uint64_t end = va + len;
	struct iospace_entry e;
	int ret = 0;

	while (ret == 0 && va < end) {
		uint64_t gap_end = end, next = end;

		if (iospace_next(map->ios, va, &e) == 0 && e.iova < end) {
			if (!is_same_memory(&e))
				return -EADDRINUSE;
			gap_end = e.iova > va ? e.iova : va;
			next = e.iova + e.len;
		}
		if (gap_end > va)
			ret = fn(map, va, gap_end - va, arg);
		va = next;
	}
	return ret;
}

struct need {
	uint64_t maps;
	uint64_t bytes;
};

static int
count_gap(struct eal_map *map, uint64_t va, uint64_t len, void *arg)
{
	struct need *need = arg;

	(void)map;
	(void)va;
	need->maps++;
	need->bytes += len;
	return 0;
}

static int
map_gap(struct eal_map *map, uint64_t va, uint64_t len, void *arg)
{
	const struct iospace_request req = {
		.va = (void *)(uintptr_t)va,
		.len = len,
		.access = ACCESS,
		.flags = IOSPACE_FIXED | IOSPACE_EAL,
	};
	uint64_t iova = va;

	(void)arg;
	return iospace_map(map->ios, &req, &iova);
}

/* Unmap our entries that lie inside a range. What fails is logged, and is the device's for good. */
static void
unmap_range(struct eal_map *map, uint64_t va, uint64_t len)
{
	uint64_t end = va + len;
	struct iospace_entry e;

	while (va < end && iospace_next(map->ios, va, &e) == 0 && e.iova < end) {
		if ((e.flags & IOSPACE_EAL) != 0 && e.iova >= va && e.iova + e.len <= end)
			(void)iospace_unmap(map->ios, e.iova, e.len);
		va = e.iova + e.len;
	}
}

static int
log_occupied(const struct eal_map *map, uint64_t va, uint64_t len)
{
	ACCEL_LOG(ERR, iospace, "%s: cannot map EAL's memory at 0x%" PRIx64 ", %" PRIu64
			" bytes: something else is mapped at this IOVA, or it is there "
			"read-only: free that buffer, or probe the device without iova=alloc",
			map->name, va, len);
	return -EADDRINUSE;
}

/*
 * Walks over EAL's memory
 */

/* A run is what is mapped in one entry if nothing of it is reachable yet. */
struct walk {
	struct eal_map *map;
	uint64_t from, to;  /* of the memory that counts */
	uint64_t first, end; /* the run that is collected; none when they are equal */
	bool stays;         /* EAL never frees this run */
	gap_fn fn;
	void *arg;
	int ret;
};

static void
end_run(struct walk *w)
{
	uint64_t first = w->first > w->from ? w->first : w->from;
	uint64_t end = w->end < w->to ? w->end : w->to;

	if (first < end)
		w->ret = each_gap(w->map, first, end - first, w->fn, w->arg);
	if (w->ret == -EADDRINUSE)
		log_occupied(w->map, first, end - first);
	w->first = w->end;
}

static int
walk_segment(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	struct walk *w = arg;
	bool stays = w->map->static_heap || (ms->flags & RTE_MEMSEG_FLAG_DO_NOT_FREE) != 0;

	if (msl->external != 0)
		return 0;
	if (!stays || !w->stays || ms->addr_64 != w->end) {
		end_run(w);
		w->first = ms->addr_64;
	}
	w->end = ms->addr_64 + ms->len;
	w->stays = stays;
	return w->ret != 0 ? -1 : 0;
}

/* EAL's memory lock is held. */
static int
walk_range(struct eal_map *map, uint64_t va, uint64_t len, gap_fn fn, void *arg)
{
	struct walk w = { .map = map, .from = va, .to = va + len, .fn = fn, .arg = arg };

	rte_memseg_walk_thread_unsafe(walk_segment, &w);
	if (w.ret == 0)
		end_run(&w);
	return w.ret;
}

/*
 * All of EAL's heap
 */

static int
span_list(const struct rte_memseg_list *msl, void *arg)
{
	struct addrspace_range *span = arg;

	if (msl->external != 0)
		return 0;
	if (msl->addr_64 < span->first)
		span->first = msl->addr_64;
	if (msl->addr_64 + (msl->len - 1) > span->last)
		span->last = msl->addr_64 + (msl->len - 1);
	return 0;
}

static int
span_segment(const struct rte_memseg_list *msl, const struct rte_memseg *ms, void *arg)
{
	const struct rte_memseg_list part = {
		.addr_64 = ms->addr_64, .len = ms->len, .external = msl->external,
	};

	return span_list(&part, arg);
}

/* A heap that grows may come to lie wherever EAL has reserved addresses. */
static int
check_span(const struct eal_map *map)
{
	struct addrspace_range span = { UINT64_MAX, 0 };
	struct iospace_stats stats;

	if (map->static_heap)
		rte_memseg_walk_thread_unsafe(span_segment, &span);
	else
		rte_memseg_list_walk_thread_unsafe(span_list, &span);
	iospace_stats_get(map->ios, &stats);
	if (span.first >= stats.usable.first && span.last <= stats.usable.last)
		return 0;
	ACCEL_LOG(ERR, iospace, "%s: EAL's memory has the addresses 0x%" PRIx64 "-0x%" PRIx64
			" and usable are 0x%" PRIx64 "-0x%" PRIx64 ": move it with EAL's "
			"--base-virtaddr, or use accel_dev_heap_create()", map->name,
			span.first, span.last, stats.usable.first, stats.usable.last);
	return -ERANGE;
}

/* EAL's memory lock is held. */
static int
map_all(struct eal_map *map)
{
	struct need need = { 0 };
	int ret = check_span(map);

	if (ret == 0)
		ret = walk_range(map, 0, UINT64_MAX, count_gap, &need);
	if (ret == 0)
		ret = iospace_check_room(map->ios, need.maps, need.bytes);
	if (ret != 0)
		return ret;
	ret = walk_range(map, 0, UINT64_MAX, map_gap, NULL);
	if (ret != 0)
		unmap_range(map, 0, UINT64_MAX);
	return ret;
}

/*
 * Memory events: EAL's memory lock is held, and nothing may be allocated from EAL
 */

static int
each_page(struct eal_map *map, uint64_t va, uint64_t len, uint64_t page_sz, gap_fn fn, void *arg)
{
	uint64_t off;
	int ret = 0;

	for (off = 0; off < len && ret == 0; off += page_sz)
		ret = each_gap(map, va + off, page_sz, fn, arg);
	return ret;
}

static void
count_missed(struct eal_map *map, uint64_t bytes)
{
	__atomic_add_fetch(&map->missed, bytes, __ATOMIC_RELAXED);
}

static void
on_alloc(struct eal_map *map, uint64_t va, uint64_t len, uint64_t page_sz)
{
	struct need need = { 0 };
	int ret = each_page(map, va, len, page_sz, count_gap, &need);

	if (ret == -EADDRINUSE)
		log_occupied(map, va, len);
	else
		ret = iospace_check_room(map->ios, need.maps, need.bytes);
	if (ret == 0) {
		ret = each_page(map, va, len, page_sz, map_gap, NULL);
		if (ret != 0)
			unmap_range(map, va, len);
	}
	if (ret != 0)
		count_missed(map, len);
}

static void
on_free(struct eal_map *map, uint64_t va, uint64_t len, uint64_t page_sz)
{
	struct need need = { 0 };
	uint64_t missed = eal_map_missed(map);

	if (missed != 0) {
		(void)each_page(map, va, len, page_sz, count_gap, &need);
		count_missed(map, -(need.bytes < missed ? need.bytes : missed));
	}
	unmap_range(map, va, len);
}

static void
on_event(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	const struct rte_memseg_list *msl = rte_mem_virt2memseg_list(addr);
	struct eal_map *map = arg;

	if (!__atomic_load_n(&map->live, __ATOMIC_ACQUIRE) || msl == NULL || msl->external != 0)
		return;
	if (event == RTE_MEM_EVENT_ALLOC)
		on_alloc(map, (uintptr_t)addr, len, msl->page_sz);
	else
		on_free(map, (uintptr_t)addr, len, msl->page_sz);
}

static int
watch(struct eal_map *map)
{
	int ret = 0;

	map->static_heap = false;
	if (rte_mem_event_callback_register(CALLBACK, on_event, map) == 0)
		return 0;
	if (rte_errno == ENOTSUP) {
		map->static_heap = true;
		return 0;
	}
	ret = rte_errno == ENOMEM ? -ENOMEM : -EIO;
	ACCEL_LOG(ERR, iospace, "%s: EAL does not tell of its memory: %s: free some memory, and "
			"try again", map->name, rte_strerror(rte_errno));
	return ret;
}

static void
unwatch(struct eal_map *map)
{
	__atomic_store_n(&map->live, false, __ATOMIC_RELEASE);
	if (!map->static_heap)
		rte_mem_event_callback_unregister(CALLBACK, map);
}

/*
 * Entry points
 */

void
eal_map_init(struct eal_map *map)
{
	pthread_mutex_init(&map->lock, NULL);
}

static int
begin(struct eal_map *map)
{
	int ret = watch(map);

	if (ret != 0)
		return ret;
	/* Events come with this lock held for writing: none is missed, and none comes twice. */
	rte_mcfg_mem_read_lock();
	ret = map_all(map);
	__atomic_store_n(&map->live, ret == 0, __ATOMIC_RELEASE);
	rte_mcfg_mem_read_unlock();
	if (ret != 0)
		unwatch(map);
	__atomic_store_n(&map->on, ret == 0, __ATOMIC_RELEASE);
	return ret == -EEXIST ? -EADDRINUSE : ret;
}

int
eal_map_begin(struct eal_map *map, struct iospace *ios, const char *name)
{
	int ret = 0;

	pthread_mutex_lock(&map->lock);
	if (!map->on) {
		map->ios = ios;
		snprintf(map->name, sizeof(map->name), "%s", name);
		ret = begin(map);
	}
	pthread_mutex_unlock(&map->lock);
	return ret;
}

void
eal_map_end(struct eal_map *map)
{
	if (!map->on)
		return;
	unwatch(map);
	map->on = false;
	map->missed = 0;
}

uint64_t
eal_map_missed(const struct eal_map *map)
{
	return __atomic_load_n(&map->missed, __ATOMIC_RELAXED);
}

/*
 * The map and other entries
 */

/* Whether all of a range is mapped by entries of ours. */
static bool
is_ours(struct eal_map *map, uint64_t va, uint64_t len)
{
	uint64_t end = va + len;
	struct iospace_entry e;

	while (va < end && iospace_next(map->ios, va, &e) == 0 && e.iova <= va &&
			(e.flags & IOSPACE_EAL) != 0)
		va = e.iova + e.len;
	return va >= end;
}

int
eal_map_or_use(struct eal_map *map, struct iospace *ios, const struct iospace_request *req,
		uint64_t *iova, bool *used)
{
	int ret = 0;

	/* Locked, so that eal_map_begin() finds the memory mapped, or has mapped it. */
	pthread_mutex_lock(&map->lock);
	*used = map->on && req->access == ACCESS && is_ours(map, (uintptr_t)req->va, req->len);
	if (*used)
		*iova = (uintptr_t)req->va;
	else
		ret = iospace_map(ios, req, iova);
	pthread_mutex_unlock(&map->lock);
	return ret;
}

void
eal_map_refill(struct eal_map *map, const void *va, uint64_t len)
{
	const struct rte_memseg_list *msl;
	struct need need = { 0 };

	if (!__atomic_load_n(&map->on, __ATOMIC_ACQUIRE))
		return;
	msl = rte_mem_virt2memseg_list(va);
	if (msl == NULL || msl->external != 0)
		return;
	pthread_mutex_lock(&map->lock);
	rte_mcfg_mem_read_lock();
	if (walk_range(map, (uintptr_t)va, len, count_gap, &need) != 0 ||
			walk_range(map, (uintptr_t)va, len, map_gap, NULL) != 0)
		count_missed(map, need.bytes);
	rte_mcfg_mem_read_unlock();
	pthread_mutex_unlock(&map->lock);
}
