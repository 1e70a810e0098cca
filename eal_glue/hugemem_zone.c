/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "hugemem_zone.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_memzone.h>

#include "va_window.h"

/* What EAL can have at all; to find out for itself it makes a list of the pages, of gigabytes. */
#define ZONE_MAX ((size_t)RTE_MAX_MEM_MB << 20)

static const struct rte_memzone *
reserve(size_t len, int socket, unsigned int flags)
{
	static unsigned int serial;
	char name[RTE_MEMZONE_NAMESIZE];

	snprintf(name, sizeof(name), "acceldev_%u",
			__atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED));
	return rte_memzone_reserve_aligned(name, len, socket, flags, VA_WINDOW_ALIGN);
}

/*
 * EAL maps hugepages shared: a child process that writes one writes what a device reads. Pages
 * larger than the alignment hold other memory too, of which the kernel cannot part ours.
 */
static bool
hide_from_children(const struct rte_memzone *mz)
{
	return madvise(mz->addr, mz->len, MADV_DONTFORK) == 0;
}

int
hugemem_zone_get(size_t len, struct hugemem_zone *zone)
{
	unsigned int contig = RTE_MEMZONE_IOVA_CONTIG;
	const struct rte_memzone *mz;

	if (rte_eal_has_hugepages() == 0)
		return -ENOTSUP;
	if (len > ZONE_MAX)
		return -ENOMEM;
	len = (len + VA_WINDOW_ALIGN - 1) / VA_WINDOW_ALIGN * VA_WINDOW_ALIGN;
	mz = reserve(len, zone->socket, contig);
	if (mz == NULL && zone->socket != SOCKET_ID_ANY)
		mz = reserve(len, SOCKET_ID_ANY, contig);
	if (mz == NULL) {
		contig = 0;
		mz = reserve(len, zone->socket, contig);
	}
	if (mz == NULL)
		return -rte_errno;
	zone->va = mz->addr;
	zone->len = len;
	zone->page_sz = mz->hugepage_sz;
	zone->socket = mz->socket_id;
	zone->contiguous = contig != 0;
	zone->own_pages = hide_from_children(mz);
	zone->mz = mz;
	return 0;
}

void
hugemem_zone_put(const struct rte_memzone *mz)
{
	/*
	 * EAL may keep the pages and give them to others. Where hiding failed, this does nothing.
	 */
	madvise(mz->addr, mz->len, MADV_DOFORK);
	rte_memzone_free(mz);
}
