/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/buffer.h>

#include <errno.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "handle.h"

/*
 * Every buffer has its own entry in the I/O space: releasing it takes the accelerator's access
 * away, and nothing else of its pages is shared.
 */

#define ALL_FLAGS (FPGA_BUF_PREALLOCATED | FPGA_BUF_QUIET | FPGA_BUF_READ_ONLY)

static fpga_result
result_of(int err, int flags)
{
	switch (err) {
	case 0:
		return FPGA_OK;
	case -ENOMEM:
	case -ENOSPC:
	case -EMFILE:
	case -ENFILE:
		return FPGA_NO_MEMORY;
	case -EINVAL: /* a length that nobody has memory for, or memory that is not the caller's */
		return (flags & FPGA_BUF_PREALLOCATED) != 0 ? FPGA_INVALID_PARAM : FPGA_NO_MEMORY;
	case -EFAULT:
		return FPGA_INVALID_PARAM;
	default:
		return FPGA_EXCEPTION;
	}
}

static int
get_memory(const struct handle *h, uint64_t len, void *va, int flags, struct accel_buf **buf)
{
	uint32_t read_only = (flags & FPGA_BUF_READ_ONLY) != 0 ? ACCEL_BUF_READ_ONLY : 0;

	if ((flags & FPGA_BUF_PREALLOCATED) != 0)
		return accel_buf_import(h->dev_id, va, len, read_only, NULL, NULL, buf);
	return accel_buf_alloc(h->dev_id, len, (size_t)sysconf(_SC_PAGESIZE),
			read_only | ACCEL_BUF_ISOLATED | ACCEL_BUF_ZERO, buf);
}

static fpga_result
prepare(struct handle *h, uint64_t len, void **buf_addr, uint64_t *wsid, int flags)
{
	bool was_quiet = accel_log_quiet((flags & FPGA_BUF_QUIET) != 0);
	struct accel_buf *buf;
	uint64_t id;
	int ret;

	ret = get_memory(h, len, *buf_addr, flags, &buf);
	accel_log_quiet(was_quiet);
	if (ret != 0)
		return result_of(ret, flags);
	id = id_table_add(&h->buffers, buf, buf->iova);
	if (id == 0) {
		accel_buf_free(buf);
		return FPGA_NO_MEMORY;
	}
	*buf_addr = buf->va;
	*wsid = id;
	return FPGA_OK;
}

/* Returns whether the arguments are good, with the length in whole pages. */
static bool
check(uint64_t *len, void *const *buf_addr, int flags)
{
	uint64_t mask = (uint64_t)sysconf(_SC_PAGESIZE) - 1;

	if (buf_addr == NULL || *len == 0 || (flags & ~ALL_FLAGS) != 0)
		return false;
	if ((flags & FPGA_BUF_PREALLOCATED) != 0)
		return *buf_addr != NULL && (((uintptr_t)*buf_addr | *len) & mask) == 0;
	if (*len > UINT64_MAX - mask)
		return false;
	*len = (*len + mask) & ~mask;
	return true;
}

fpga_result
fpgaPrepareBuffer(fpga_handle handle, uint64_t len, void **buf_addr, uint64_t *wsid, int flags)
{
	struct handle *h = wsid != NULL ? object_get(handle, OBJECT_HANDLE) : NULL;
	fpga_result ret = FPGA_INVALID_PARAM;

	if (h == NULL)
		return ret;
	if ((flags & FPGA_BUF_PREALLOCATED) != 0 && (flags & ~ALL_FLAGS) == 0 && buf_addr == NULL &&
			len == 0)
		ret = FPGA_OK; /* whether the flag is known was the question */
	else if (check(&len, buf_addr, flags))
		ret = prepare(h, len, buf_addr, wsid, flags);
	object_put(h);
	return ret;
}

fpga_result
fpgaReleaseBuffer(fpga_handle handle, uint64_t wsid)
{
	struct handle *h = object_get(handle, OBJECT_HANDLE);
	struct accel_buf *buf;
	int ret = -EINVAL;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	buf = id_table_remove(&h->buffers, wsid);
	if (buf != NULL)
		ret = accel_buf_free(buf);
	object_put(h);
	if (buf == NULL)
		return FPGA_INVALID_PARAM;
	return ret == 0 ? FPGA_OK : FPGA_EXCEPTION;
}

fpga_result
fpgaGetIOAddress(fpga_handle handle, uint64_t wsid, uint64_t *ioaddr)
{
	struct handle *h = ioaddr != NULL ? object_get(handle, OBJECT_HANDLE) : NULL;
	int ret;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	ret = id_table_number(&h->buffers, wsid, ioaddr);
	object_put(h);
	return ret == 0 ? FPGA_OK : FPGA_NOT_FOUND;
}

fpga_result
fpgaBindSVA(fpga_handle handle, uint32_t *pasid)
{
	struct handle *h = object_get(handle, OBJECT_HANDLE);

	(void)pasid;
	if (h == NULL)
		return FPGA_INVALID_PARAM;
	object_put(h);
	return FPGA_NOT_SUPPORTED;
}

void
buffers_release(struct handle *h)
{
	struct accel_buf *buf;

	while ((buf = id_table_remove_any(&h->buffers)) != NULL)
		accel_buf_free(buf);
}
