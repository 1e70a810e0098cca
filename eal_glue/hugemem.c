/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "hugemem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_memory.h>

#include "glue_log.h"
#include "hugemem_fd.h"
#include "hugemem_zone.h"
#include "va_window.h"

RTE_LOG_REGISTER(accel_logtype_hugemem, acceldev.hugemem, NOTICE);

static void __attribute__((format(printf, 2, 3)))
note_shortfall(struct hugemem *mem, const char *fmt, ...)
{
	size_t used = strlen(mem->shortfall);
	va_list ap;

	if (used != 0)
		used += snprintf(mem->shortfall + used, sizeof(mem->shortfall) - used, "; ");
	if (used >= sizeof(mem->shortfall))
		return;
	va_start(ap, fmt);
	vsnprintf(mem->shortfall + used, sizeof(mem->shortfall) - used, fmt, ap);
	va_end(ap);
}

/*
 * Memzones
 */

static int
alloc_memzone(const struct hugemem_request *req, size_t len, struct hugemem *mem)
{
	struct hugemem_zone zone = { .socket = req->socket };
	int ret = hugemem_zone_get(len, &zone);

	if (ret != 0)
		return ret;
	mem->va = zone.va;
	mem->len = zone.len;
	mem->page_sz = zone.page_sz;
	mem->socket = zone.socket;
	mem->backing = HUGEMEM_MEMZONE;
	mem->contiguous = zone.contiguous;
	mem->mz = zone.mz;
	if (!zone.contiguous)
		note_shortfall(mem, "not contiguous: memory is fragmented");
	if (!zone.own_pages)
		note_shortfall(mem, "child processes share it, as other memory lies in its pages "
				"of %zu MiB: mem=hugetlb has its own", zone.page_sz >> 20);
	return 0;
}

/*
 * Files
 */

static int
alloc_file(const struct hugemem_request *req, size_t len, struct hugemem *mem, bool huge)
{
	struct hugemem_file file = { .socket = req->socket };
	int ret;

	ret = huge ? hugemem_file_huge(len, &file) : hugemem_file_plain(len, &file);
	if (ret != 0)
		return ret;
	mem->va = file.va;
	mem->len = file.len;
	mem->page_sz = file.page_sz;
	mem->socket = file.socket;
	mem->backing = huge ? HUGEMEM_HUGETLB : HUGEMEM_MEMFD;
	mem->contiguous = file.len <= file.page_sz;
	mem->fd = file.fd;
	return 0;
}

static int
alloc_hugetlb(const struct hugemem_request *req, size_t len, struct hugemem *mem)
{
	return alloc_file(req, len, mem, true);
}

static int
alloc_memfd(const struct hugemem_request *req, size_t len, struct hugemem *mem)
{
	return alloc_file(req, len, mem, false);
}

/*
 * Policy
 */

struct source {
	enum hugemem_backing backing;
	int (*alloc)(const struct hugemem_request *req, size_t len, struct hugemem *mem);
};

static bool
is_descriptor_error(int err)
{
	return err == -EMFILE || err == -ENFILE;
}

/* A smaller block of this backing is better than a larger one of a lesser backing. */
static int
try_source(const struct source *src, const struct hugemem_request *req, struct hugemem *mem)
{
	size_t min_len = req->min_len != 0 ? req->min_len : req->len;
	size_t len = req->len;
	int ret, why = 0;

	for (;;) {
		ret = src->alloc(req, len, mem);
		if (ret == 0 || ret == -ENOTSUP || is_descriptor_error(ret) || len <= min_len)
			break;
		why = ret;
		len = len / 2 > min_len ? len / 2 : min_len;
	}
	if (ret == 0 && mem->len < req->len)
		note_shortfall(mem, "less than %zu bytes: %s", req->len, rte_strerror(-why));
	else if (ret == -ENOTSUP)
		note_shortfall(mem, "no %s: not offered here", hugemem_backing_str(src->backing));
	else if (ret != 0)
		note_shortfall(mem, "no %s: %s", hugemem_backing_str(src->backing), rte_strerror(-ret));
	return ret;
}

static bool
is_wanted(const struct source *src, const struct hugemem_request *req)
{
	if (req->need_fd && src->backing == HUGEMEM_MEMZONE)
		return false;
	return req->backing == HUGEMEM_ANY || req->backing == src->backing;
}

static int
try_sources(const struct hugemem_request *req, struct hugemem *mem)
{
	static const struct source by_preference[] = {
		{ HUGEMEM_MEMZONE, alloc_memzone },
		{ HUGEMEM_HUGETLB, alloc_hugetlb },
		{ HUGEMEM_MEMFD, alloc_memfd },
	};
	int ret = -ENOMEM;
	unsigned int i;

	for (i = 0; i < sizeof(by_preference) / sizeof(by_preference[0]); i++) {
		if (!is_wanted(&by_preference[i], req))
			continue;
		ret = try_source(&by_preference[i], req, mem);
		if (ret == 0 || is_descriptor_error(ret))
			return ret;
	}
	return ret == -ENOTSUP ? -ENOTSUP : -ENOMEM;
}

static const char *
remedy_for(int err)
{
	if (is_descriptor_error(err))
		return "close some descriptors, or raise RLIMIT_NOFILE";
	if (err == -ENOTSUP)
		return "leave mem= out, or start EAL with hugepages";
	return "free some, or reserve hugepages with sysctl vm.nr_hugepages and, where the mount of "
			"hugetlbfs has a limit, raise its size=";
}

int
hugemem_alloc(const struct hugemem_request *req, struct hugemem *mem)
{
	struct hugemem got = { .fd = -1, .socket = SOCKET_ID_ANY };
	int ret;

	if (req->len == 0 || req->len > SIZE_MAX / 4 ||
			(req->need_fd && req->backing == HUGEMEM_MEMZONE)) {
		ACCEL_LOG(ERR, hugemem, "memory of %zu bytes %s: not possible; ask for less", req->len,
				req->need_fd ? "with a descriptor" : "");
		return -EINVAL;
	}
	ret = try_sources(req, &got);
	if (ret != 0) {
		ACCEL_LOG(ERR, hugemem, "no block of %zu bytes of %s memory on node %d (%s): %s",
				req->min_len != 0 ? req->min_len : req->len,
				hugemem_backing_str(req->backing), req->socket, got.shortfall,
				remedy_for(ret));
		return ret == -ENOTSUP ? -ENOMEM : ret;
	}
	if (req->socket != SOCKET_ID_ANY && got.socket != SOCKET_ID_ANY &&
			got.socket != req->socket)
		note_shortfall(&got, "on node %d, not %d: that one has none left", got.socket,
				req->socket);
	*mem = got;
	return 0;
}

void
hugemem_free(struct hugemem *mem)
{
	if (mem->mz != NULL) {
		hugemem_zone_put(mem->mz);
	} else if (mem->va != NULL) {
		va_window_unmap(mem->va, mem->len);
		close(mem->fd);
	}
	mem->mz = NULL;
	mem->va = NULL;
	mem->fd = -1;
}

/*
 * Memory of the application
 */

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

/* Linux before 5.14 does not populate on request; then only holes are found. */
static int
check_mapped(void *va, size_t len)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned char resident[256];
	size_t off, step = sizeof(resident) * page;

	for (off = 0; off < len; off += step) {
		size_t n = len - off < step ? len - off : step;

		if (mincore((char *)va + off, n, resident) != 0)
			return -EFAULT;
	}
	return 0;
}

static bool
kernel_populates(void)
{
	static char page[2 * 65536] __attribute__((aligned(65536)));

	return madvise(page, sysconf(_SC_PAGESIZE), MADV_POPULATE_READ) == 0;
}

int
hugemem_check_user(void *va, size_t len, bool write)
{
	if (madvise(va, len, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ) == 0)
		return 0;
	if (errno == EINVAL && !kernel_populates())
		return check_mapped(va, len);
	return -EFAULT;
}

const char *
hugemem_backing_str(enum hugemem_backing backing)
{
	switch (backing) {
	case HUGEMEM_MEMZONE:
		return "memzone";
	case HUGEMEM_HUGETLB:
		return "hugetlb";
	case HUGEMEM_MEMFD:
		return "memfd";
	default:
		return "any";
	}
}
