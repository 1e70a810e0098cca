/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vfio_info.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Such information is a few hundred bytes; more is not believed. */
#define INFO_MAX 65536

/* argsz is the first member of all of them. */
static uint32_t
argsz_of(const void *info)
{
	uint32_t argsz;

	memcpy(&argsz, info, sizeof(argsz));
	return argsz;
}

static int
ask(int fd, unsigned long request, void *info, uint32_t argsz)
{
	memcpy(info, &argsz, sizeof(argsz));
	return ioctl(fd, request, info) == 0 ? 0 : -errno;
}

int
vfio_info_get(int fd, unsigned long request, const void *head, size_t size, void **info_out)
{
	uint32_t need = (uint32_t)size;
	void *info = NULL, *more;
	int ret = 0;

	/* The first answer tells how much there is; the second has it, unless it grew meanwhile. */
	do {
		more = realloc(info, need);
		if (more == NULL) {
			free(info);
			return -ENOMEM;
		}
		info = more;
		memset(info, 0, need);
		memcpy(info, head, size);
		ret = ask(fd, request, info, need);
		if (ret != 0 || argsz_of(info) <= need)
			break;
		need = argsz_of(info);
		ret = -EPROTO;
	} while (need <= INFO_MAX);
	if (ret == 0 && argsz_of(info) < size)
		memcpy(info, &need, sizeof(need)); /* it filled in less than it knows: all zero */
	if (ret != 0) {
		free(info);
		return ret;
	}
	*info_out = info;
	return 0;
}

const unsigned char *
vfio_info_cap(const void *info, size_t head_size, uint32_t cap_offset, uint16_t id, size_t size,
		size_t *left)
{
	uint32_t argsz = argsz_of(info);
	size_t least = head_size;
	uint32_t off = cap_offset;

	while (off >= least && argsz >= sizeof(struct vfio_info_cap_header) &&
			off <= argsz - sizeof(struct vfio_info_cap_header)) {
		struct vfio_info_cap_header cap;

		memcpy(&cap, (const char *)info + off, sizeof(cap));
		if (cap.id == id) {
			if (left != NULL)
				*left = argsz - off;
			return size <= argsz - off ? (const unsigned char *)info + off : NULL;
		}
		least = off + sizeof(cap);
		off = cap.next;
	}
	return NULL;
}
