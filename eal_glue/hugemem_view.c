/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "hugemem_view.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static uint64_t
page_size(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) == 0 && fs.f_type == HUGETLBFS_MAGIC && fs.f_bsize > 0)
		return (uint64_t)fs.f_bsize;
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A dma-buf tells its size by seeking to its end, which moves nothing there. */
int
hugemem_fd_size(int fd, uint64_t *size)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st) != 0)
		return -errno;
	if (S_ISREG(st.st_mode)) {
		*size = (uint64_t)st.st_size;
		return 0;
	}
	end = S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode) ? -1 : lseek(fd, 0, SEEK_END);
	if (end < 0)
		return -EINVAL;
	*size = (uint64_t)end;
	return 0;
}

int
hugemem_view_open(int fd, uint64_t offset, size_t len, bool write, struct hugemem_view *view)
{
	uint64_t bytes, page, first, end;
	void *map;
	int ret = hugemem_fd_size(fd, &bytes);

	if (ret != 0)
		return ret;
	if (len == 0 || offset > bytes || len > bytes - offset)
		return -ERANGE;
	page = page_size(fd);
	first = offset / page * page;
	end = (offset + len + page - 1) / page * page;
	map = mmap(NULL, end - first, PROT_READ | (write ? PROT_WRITE : 0), MAP_SHARED, fd,
			(off_t)first);
	/* What cannot be mapped is no memory; -ENODEV would tell of a device. */
	if (map == MAP_FAILED)
		return errno == ENODEV ? -EINVAL : -errno;
	*view = (struct hugemem_view){
		.va = (char *)map + (offset - first), .len = len, .map = map, .map_len = end - first,
	};
	return 0;
}

void
hugemem_view_close(const struct hugemem_view *view)
{
	munmap(view->map, view->map_len);
}
