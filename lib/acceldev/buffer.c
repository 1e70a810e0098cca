/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_buf.h>
#include <acceldev/accel_ctx.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "bank_buf.h"
#include "buf_table.h"
#include "dev_slot.h"

#define ALL_FLAGS (ACCEL_BUF_ZERO | ACCEL_BUF_READ_ONLY | ACCEL_BUF_ISOLATED | ACCEL_BUF_EXPORTABLE)
#define MAX_BANK  ACCEL_BUF_BANK(ACCEL_MAX_BANKS - 1)
#define MAX_ALIGN ((size_t)2 << 20)
#define MAX_LEN   (SIZE_MAX / 4 - MAX_ALIGN) /* so that rounding up to pages does not wrap */

static bool
flags_fit(uint32_t flags)
{
	uint32_t bank = flags & BANK_BUF_FLAGS;

	if ((flags & ~(ALL_FLAGS | BANK_BUF_FLAGS)) != 0 || bank > MAX_BANK)
		return false;
	return bank == 0 || (flags & ~(bank | ACCEL_BUF_ZERO)) == 0;
}

int
buf_check_alloc(size_t len, size_t *align, uint32_t *flags, struct accel_buf **buf)
{
	if (len == 0 || len > MAX_LEN || *align > MAX_ALIGN || (*align & (*align - 1)) != 0 ||
			!flags_fit(*flags) || buf == NULL) {
		ACCEL_LOG(ERR, buffer, "buffer of %zu bytes, alignment %zu, flags 0x%x: length must be 1 "
				"to %zu, alignment a power of two up to %zu, flags of 0x%x or a bank with "
				"0x%x at most, buf not NULL", len, *align, *flags, MAX_LEN, MAX_ALIGN,
				ALL_FLAGS, ACCEL_BUF_ZERO);
		return -EINVAL;
	}
	if (*align < ACCEL_BUF_MIN_ALIGN)
		*align = ACCEL_BUF_MIN_ALIGN;
	if ((*flags & ACCEL_BUF_EXPORTABLE) != 0)
		*flags |= ACCEL_BUF_ISOLATED;
	return 0;
}

/* Errors that the layers below have not put into words. */
static int
log_error(uint16_t dev_id, int ret)
{
	if (ret == -ENODEV)
		dev_log_none(dev_id);
	return ret;
}

int
accel_buf_alloc(uint16_t dev_id, size_t len, size_t align, uint32_t flags, struct accel_buf **buf)
{
	struct heap *heap;
	int ret = buf_check_alloc(len, &align, &flags, buf);

	if (ret != 0)
		return ret;
	heap = dev_heap(dev_id);
	if (heap == NULL)
		return -ENODEV;
	if (bank_buf_is(flags))
		ret = bank_buf_alloc(heap, dev_id, len, align, flags, buf);
	else
		ret = heap_alloc(heap, dev_id, len, align, flags, buf);
	return log_error(dev_id, ret);
}

static int
check_import(const struct heap *heap, void *va, size_t len, uint32_t flags, struct accel_buf **buf)
{
	if (va == NULL || buf == NULL || len == 0 || len > MAX_LEN ||
			(uintptr_t)va > UINTPTR_MAX - (len - 1) ||
			(flags & ~ACCEL_BUF_READ_ONLY) != 0) {
		ACCEL_LOG(ERR, buffer, "import of %zu bytes at %p, flags 0x%x: address, length or flags "
				"are out of range; flags may be 0 or ACCEL_BUF_READ_ONLY", len, va, flags);
		return -EINVAL;
	}
	if (hugemem_check_user(va, len, (flags & ACCEL_BUF_READ_ONLY) == 0) != 0) {
		ACCEL_LOG(ERR, buffer, "%s: import of %zu bytes at %p: not mapped in this process, or "
				"without the permission; import read-only memory as ACCEL_BUF_READ_ONLY",
				heap->name, len, va);
		return -EFAULT;
	}
	return 0;
}

/* The kernel must not be asked about addresses that are not its pages. */
static int
check_pages(struct heap *heap, void *va, size_t len)
{
	uint64_t granule = iospace_granule(heap->ios);

	if ((((uintptr_t)va | len) & (granule - 1)) == 0)
		return 0;
	ACCEL_LOG(ERR, buffer, "%s: import of %zu bytes at %p: both must be multiples of %" PRIu64
			" bytes, since access is granted by the page", heap->name, len, va, granule);
	return -EINVAL;
}

int
accel_buf_import(uint16_t dev_id, void *va, size_t len, uint32_t flags, accel_buf_release_t release,
		void *arg, struct accel_buf **buf)
{
	struct heap *heap = dev_heap(dev_id);
	int ret;

	if (heap == NULL)
		return -ENODEV;
	ret = heap_enter(heap, dev_id);
	if (ret != 0)
		return log_error(dev_id, ret);
	ret = check_pages(heap, va, len);
	if (ret == 0)
		ret = check_import(heap, va, len, flags, buf);
	if (ret == 0)
		ret = heap_import(heap, dev_id, va, len, flags, release, arg, buf);
	heap_leave(heap, dev_id);
	return ret;
}

static int
free_live(struct accel_buf *buf)
{
	uint16_t dev_id = buf_dev_get(buf);
	struct heap *heap = dev_heap(dev_id);
	struct accel_ctx *ctx = NULL;
	int ret = heap != NULL ? heap_free(heap, dev_id, buf, &ctx) : -EINVAL;

	accel_ctx_put(ctx);
	return ret;
}

int
accel_buf_free(struct accel_buf *buf)
{
	int ret = -EINVAL;

	if (buf == NULL)
		return 0;
	if (buf_table_has(buf) && buf_state_get(buf) == BUF_LIVE)
		ret = free_live(buf);
	if (ret == -EINVAL)
		ACCEL_LOG(ERR, buffer, "%p is no live buffer: it was freed already, comes from a pool, or "
				"is foreign", (void *)buf);
	return ret;
}

int
accel_buf_export_fd(const struct accel_buf *buf)
{
	int fd;

	if (!buf_table_has(buf) || buf_state_get(buf) != BUF_LIVE) {
		ACCEL_LOG(ERR, buffer, "%p is no live buffer: nothing to export", (const void *)buf);
		return -EINVAL;
	}
	fd = heap_export_fd(buf);
	if (fd < 0) {
		ACCEL_LOG(ERR, buffer, "buffer at %p has no descriptor of its own: allocate it with "
				"ACCEL_BUF_EXPORTABLE", buf->va);
		return fd;
	}
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0) {
		ACCEL_LOG(ERR, buffer, "no descriptor is left to export the buffer at %p: raise "
				"RLIMIT_NOFILE", buf->va);
		return -EMFILE;
	}
	return fd;
}

int
accel_buf_reserve(uint16_t dev_id, size_t bytes, uint32_t flags)
{
	struct heap *heap = dev_heap(dev_id);

	if (heap == NULL)
		return -ENODEV;
	if (bytes == 0 || bytes > MAX_LEN || (flags & ~ACCEL_BUF_READ_ONLY) != 0) {
		ACCEL_LOG(ERR, buffer, "reserve of %zu bytes, flags 0x%x: bytes must be 1 to %zu, flags 0 "
				"or ACCEL_BUF_READ_ONLY", bytes, flags, MAX_LEN);
		return -EINVAL;
	}
	return log_error(dev_id, heap_reserve(heap, dev_id, bytes, flags));
}

int
accel_arena_info_get(uint16_t dev_id, unsigned int n, struct accel_arena_info *info)
{
	struct heap *heap = dev_heap(dev_id);
	int ret;

	if (heap == NULL)
		return -ENODEV;
	if (info == NULL) {
		ACCEL_LOG(ERR, buffer, "info is NULL: pass a struct to fill in");
		return -EINVAL;
	}
	ret = heap_enter(heap, dev_id);
	if (ret != 0)
		return log_error(dev_id, ret);
	ret = heap_arena_info(heap, n, info);
	heap_leave(heap, dev_id);
	return ret;
}
