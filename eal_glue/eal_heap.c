/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "eal_heap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "glue_log.h"
#include "iospace.h"
#include "va_window.h"

/* RTE_HEAP_NAME_MAX_LEN, which is in no public header. */
#define HEAP_NAME_LEN 32

struct eal_heap {
	struct iospace *ios;
	struct hugemem mem;
	uint64_t iova;
	int socket;
	char name[HEAP_NAME_LEN]; /* EAL's */
};

/*
 * EAL's part
 */

static int
log_refused(const struct eal_heap_conf *conf, int err)
{
	if (err == ENOSPC) {
		ACCEL_LOG(ERR, hugemem, "%s: EAL has no heap left, or no list for its memory; it "
				"has %u and %u: destroy one", conf->name, RTE_MAX_HEAPS,
				RTE_MAX_MEMSEG_LISTS);
		return -EDQUOT;
	}
	ACCEL_LOG(ERR, hugemem, "%s: EAL does not take the memory for a heap: %s: free some "
			"memory, and try again", conf->name, rte_strerror(err));
	return err == ENOMEM ? -ENOMEM : -EIO;
}

static int
add_memory(struct eal_heap *heap)
{
	const struct hugemem *mem = &heap->mem;
	unsigned int i, n = mem->len / mem->page_sz;
	rte_iova_t *iovas = calloc(n, sizeof(*iovas));
	int ret;

	if (iovas == NULL)
		return ENOMEM;
	for (i = 0; i < n; i++)
		iovas[i] = heap->iova + i * mem->page_sz;
	ret = rte_malloc_heap_memory_add(heap->name, mem->va, mem->len, iovas, n, mem->page_sz);
	free(iovas);
	return ret == 0 ? 0 : rte_errno;
}

/* The processes of one EAL share its table of heaps. */
static void
choose_name(struct eal_heap *heap)
{
	static unsigned int serial;

	snprintf(heap->name, sizeof(heap->name), "acceldev_%d_%u", (int)getpid(),
			__atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED));
}

static int
register_heap(const struct eal_heap_conf *conf, struct eal_heap *heap)
{
	int err;

	choose_name(heap);
	if (rte_malloc_heap_create(heap->name) != 0)
		return log_refused(conf, rte_errno);
	err = add_memory(heap);
	if (err != 0) {
		rte_malloc_heap_destroy(heap->name);
		return log_refused(conf, err);
	}
	heap->socket = rte_malloc_heap_get_socket(heap->name);
	return 0;
}

/*
 * Ours
 */

static int
map_memory(struct eal_heap *heap)
{
	const struct iospace_request req = {
		.va = heap->mem.va,
		.len = heap->mem.len,
		.access = IOSPACE_READ | IOSPACE_WRITE,
		.align = VA_WINDOW_ALIGN,
	};

	return iospace_map(heap->ios, &req, &heap->iova);
}

static void
give_memory_back(struct eal_heap *heap)
{
	/* Without the unmap the device may still write it: the memory is given up. */
	if (iospace_unmap(heap->ios, heap->iova, heap->mem.len) == 0)
		hugemem_free(&heap->mem);
}

static int
build(const struct eal_heap_conf *conf, struct eal_heap *heap)
{
	int ret = hugemem_alloc(&conf->mem, &heap->mem);

	if (ret != 0)
		return ret;
	heap->ios = conf->ios;
	ret = map_memory(heap);
	if (ret != 0) {
		hugemem_free(&heap->mem);
		return ret;
	}
	ret = register_heap(conf, heap);
	if (ret != 0)
		give_memory_back(heap);
	return ret;
}

int
eal_heap_create(const struct eal_heap_conf *conf, struct eal_heap **heap_out)
{
	struct eal_heap *heap = calloc(1, sizeof(*heap));
	int ret;

	if (heap == NULL) {
		ACCEL_LOG(ERR, hugemem, "%s: no memory for the books of a heap: free some",
				conf->name);
		return -ENOMEM;
	}
	ret = build(conf, heap);
	if (ret != 0) {
		free(heap);
		return ret;
	}
	ACCEL_LOG(INFO, hugemem, "%s: EAL heap of %zu bytes on socket %d, %s, pages of %zu bytes",
			conf->name, heap->mem.len, heap->socket,
			hugemem_backing_str(heap->mem.backing), heap->mem.page_sz);
	*heap_out = heap;
	return 0;
}

int
eal_heap_socket(const struct eal_heap *heap)
{
	return heap->socket;
}

unsigned int
eal_heap_used(const struct eal_heap *heap)
{
	struct rte_malloc_socket_stats stats = { 0 };

	rte_malloc_get_socket_stats(heap->socket, &stats);
	return stats.alloc_count;
}

int
eal_heap_destroy(struct eal_heap *heap)
{
	if (rte_malloc_heap_memory_remove(heap->name, heap->mem.va, heap->mem.len) != 0)
		return -EBUSY;
	rte_malloc_heap_destroy(heap->name);
	give_memory_back(heap);
	free(heap);
	return 0;
}
