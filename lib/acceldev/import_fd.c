/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_buf.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include <acceldev/accel_dev.h>

#include <eal_glue/glue_log.h>
#include <eal_glue/hugemem_view.h>

static const char *
words(int err)
{
	switch (-err) {
	case ERANGE:
		return "the file is too short for it";
	case EPERM:
		return "it is sealed against writing";
	default:
		return accel_strerror(err);
	}
}

static int
log_error(uint16_t dev_id, int fd, uint64_t offset, size_t len, int ret)
{
	ACCEL_LOG(ERR, buffer, "device %u: import of %zu bytes at %" PRIu64 " of descriptor %d: %s: "
			"name a part of a memfd, hugetlbfs file or dma-buf that is open for it", dev_id,
			len, offset, fd, words(ret));
	return ret;
}

/* Access is granted by the page: the device reaches the rest of the last one too. */
static size_t
whole_pages(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len + page - 1) / page * page;
}

static void
release(void *va, size_t len, void *arg)
{
	struct hugemem_view *view = arg;

	(void)va;
	(void)len;
	hugemem_view_close(view);
	free(view);
}

int
accel_buf_import_fd(uint16_t dev_id, int fd, uint64_t offset, size_t len, uint32_t flags,
		struct accel_buf **buf)
{
	struct hugemem_view *view = calloc(1, sizeof(*view));
	int ret;

	if (view == NULL)
		return log_error(dev_id, fd, offset, len, -ENOMEM);
	ret = hugemem_view_open(fd, offset, len, (flags & ACCEL_BUF_READ_ONLY) == 0, view);
	if (ret != 0) {
		free(view);
		return log_error(dev_id, fd, offset, len, ret);
	}
	ret = accel_buf_import(dev_id, view->va, whole_pages(len), flags, release, view, buf);
	if (ret != 0)
		release(NULL, 0, view);
	return ret;
}
