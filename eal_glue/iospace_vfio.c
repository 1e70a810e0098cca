/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iospace_vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "glue_log.h"
#include "iospace.h"
#include "vfio_info.h"

/* What the kernel allows when it does not say (before 5.10): vfio_iommu_type1.dma_entry_limit. */
#define DEFAULT_MAPS 65535

struct container {
	int fd;
	char name[64];   /* of the device that it was made for */
	char words[256]; /* of explain, under the iospace's lock */
};

/*
 * Information
 */

static const unsigned char *
find_cap(const struct vfio_iommu_type1_info *info, uint16_t id, size_t size, size_t *left)
{
	uint32_t off = (info->flags & VFIO_IOMMU_INFO_CAPS) != 0 ? info->cap_offset : 0;

	return vfio_info_cap(info, sizeof(*info), off, id, size, left);
}

/* A kernel before 5.4 does not tell ranges: then the map calls have the last word. */
static int
take_any_range(struct iospace_info *out)
{
	out->ranges = malloc(sizeof(*out->ranges));
	if (out->ranges == NULL)
		return -ENOMEM;
	out->ranges[0] = (struct addrspace_range){ 0, UINT64_MAX };
	out->nb_ranges = 1;
	return 0;
}

static int
take_ranges(const struct vfio_iommu_type1_info *info, struct iospace_info *out)
{
	struct vfio_iommu_type1_info_cap_iova_range cap;
	struct vfio_iova_range range;
	const unsigned char *at;
	unsigned int i;
	size_t left;

	at = find_cap(info, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, sizeof(cap), &left);
	if (at == NULL)
		return take_any_range(out);
	memcpy(&cap, at, sizeof(cap));
	if (cap.nr_iovas > (left - sizeof(cap)) / sizeof(range))
		return -EPROTO;
	out->ranges = calloc(cap.nr_iovas + 1u, sizeof(*out->ranges));
	if (out->ranges == NULL)
		return -ENOMEM;
	for (i = 0; i < cap.nr_iovas; i++) {
		memcpy(&range, at + sizeof(cap) + i * sizeof(range), sizeof(range));
		out->ranges[i] = (struct addrspace_range){ range.start, range.end };
	}
	out->nb_ranges = cap.nr_iovas;
	return 0;
}

static uint32_t
maps_left(const struct vfio_iommu_type1_info *info)
{
	struct vfio_iommu_type1_info_dma_avail avail = { .avail = DEFAULT_MAPS };
	const unsigned char *at;

	at = find_cap(info, VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, sizeof(avail), NULL);
	if (at != NULL)
		memcpy(&avail, at, sizeof(avail));
	return avail.avail;
}

static int
ask_info(const struct container *c, struct iospace_info *out)
{
	const struct vfio_iommu_type1_info head = { 0 };
	struct vfio_iommu_type1_info *info;
	void *got;
	int ret;

	ret = vfio_info_get(c->fd, VFIO_IOMMU_GET_INFO, &head, sizeof(head), &got);
	if (ret != 0)
		return ret;
	info = got;
	out->max_maps = maps_left(info);
	out->page_sizes = (info->flags & VFIO_IOMMU_INFO_PGSIZES) != 0 ? info->iova_pgsizes :
			(uint64_t)sysconf(_SC_PAGESIZE);
	out->identity = false;
	ret = out->page_sizes != 0 ? take_ranges(info, out) : -EPROTO;
	free(info);
	return ret;
}

static int
container_info(void *ctx, struct iospace_info *out)
{
	const struct container *c = ctx;
	int ret = ask_info(c, out);

	if (ret != 0 && ret != -ENOMEM)
		ACCEL_LOG(ERR, iospace, "%s: the kernel does not describe its IOMMU: %s: see dmesg", c->name,
				strerror(-ret));
	return ret;
}

/*
 * Maps
 */

/*
 * When the kernel has taken the last function out, it ends the container's IOMMU and all maps with
 * it, and answers every question about it with EINVAL.
 */
static bool
has_ended(const struct container *c)
{
	struct vfio_iommu_type1_info info = { .argsz = sizeof(info) };

	return ioctl(c->fd, VFIO_IOMMU_GET_INFO, &info) != 0 && errno == EINVAL;
}

static int
container_map(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access)
{
	struct container *c = ctx;
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.vaddr = (uintptr_t)va,
		.iova = iova,
		.size = len,
	};
	int ret;

	if ((access & IOSPACE_READ) != 0)
		map.flags |= VFIO_DMA_MAP_FLAG_READ;
	if ((access & IOSPACE_WRITE) != 0)
		map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
	if (ioctl(c->fd, VFIO_IOMMU_MAP_DMA, &map) == 0)
		return 0;
	ret = -errno;
	return ret == -EINVAL && has_ended(c) ? -ENODEV : ret;
}

static int
container_unmap(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped)
{
	struct container *c = ctx;
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = len,
	};
	int ret = 0;

	if (ioctl(c->fd, VFIO_IOMMU_UNMAP_DMA, &unmap) != 0)
		ret = -errno;
	if (ret == -EINVAL && has_ended(c)) {
		ret = 0;
		unmap.size = len;
	}
	*unmapped = ret == 0 ? unmap.size : 0;
	return ret;
}

/* A number of /proc/self/status; 0 when it is not there. */
static uint64_t
read_status(const char *key, int base)
{
	FILE *f = fopen("/proc/self/status", "re");
	size_t len = strlen(key);
	uint64_t value = 0;
	char line[128];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, key, len) == 0)
			value = strtoull(line + len, NULL, base);
	}
	if (f != NULL)
		fclose(f);
	return value;
}

static uint64_t
locked_kib(void)
{
	return read_status("VmLck:", 10);
}

static bool
memlock_limit(uint64_t *kib)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	*kib = (uint64_t)limit.rlim_cur >> 10;
	return true;
}

static int
container_check(void *ctx, uint64_t len)
{
	uint64_t limit;

	(void)ctx;
	/* The limit is not for a process that may lock what it likes. */
	if (!memlock_limit(&limit) || (read_status("CapEff:", 16) >> CAP_IPC_LOCK & 1) != 0)
		return 0;
	return locked_kib() + (len >> 10) > limit ? -ENOMEM : 0;
}

static const char *
explain_memlock(struct container *c, uint64_t len)
{
	uint64_t limit;

	if (!memlock_limit(&limit))
		return "the kernel has no memory to pin it";
	snprintf(c->words, sizeof(c->words), "the limit on locked memory is %" PRIu64 " KiB, %" PRIu64
			" KiB are locked and %" PRIu64 " KiB more are needed: raise it with ulimit -l, "
			"or LimitMEMLOCK= of the service", limit, locked_kib(), len >> 10);
	return c->words;
}

static const char *
container_explain(void *ctx, int err, uint64_t len)
{
	switch (err) {
	case -EEXIST:
		return "the kernel has a mapping there that is not in our table: who else uses this "
				"container?";
	case -ENOSPC:
		return "the kernel's map entries are used up: map larger blocks, or raise "
				"vfio_iommu_type1.dma_entry_limit";
	case -ENOMEM:
		return explain_memlock(ctx, len);
	case -EFAULT:
		return "the memory cannot be pinned: it is not mapped, or not with this access";
	case -ENODEV:
		return "the device was removed: close it, and probe it when it is back";
	case -EINVAL:
		return "the kernel finds the range unaligned or outside what the IOMMU offers";
	default:
		return NULL;
	}
}

static void
container_close(void *ctx)
{
	struct container *c = ctx;

	close(c->fd);
	free(c);
}

static const struct iospace_ops container_ops = {
	.name = "vfio",
	.info = container_info,
	.map = container_map,
	.unmap = container_unmap,
	.check = container_check,
	.explain = container_explain,
	.close = container_close,
};

/*
 * Groups in containers
 */

static int
open_container(const char *name)
{
	int fd = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	int err = errno;

	if (fd < 0) {
		ACCEL_LOG(ERR, iospace, "%s: cannot open /dev/vfio/vfio: %s; modprobe vfio-pci, and give "
				"this user the node", name, strerror(err));
		return err == ENOENT ? -ENODEV : -err;
	}
	if (ioctl(fd, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
			ioctl(fd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1) {
		ACCEL_LOG(ERR, iospace, "%s: this kernel's VFIO has no IOMMU of type1v2: modprobe "
				"vfio_iommu_type1", name);
		close(fd);
		return -ENODEV;
	}
	return fd;
}

static int
join(int fd, int group_fd, const char *name, bool first)
{
	if (ioctl(group_fd, VFIO_GROUP_SET_CONTAINER, &fd) == 0) {
		if (!first || ioctl(fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0)
			return 0;
		ACCEL_LOG(ERR, iospace, "%s: the IOMMU cannot isolate it: %s; see that interrupt "
				"remapping is on", name, strerror(errno));
	} else {
		ACCEL_LOG(ERR, iospace, "%s: its IOMMU group cannot join the I/O space: %s", name,
				strerror(errno));
	}
	return -EINVAL;
}

static int
make(int group_fd, const struct bus_attach_conf *conf, struct iospace **ios)
{
	struct iospace_conf ic = {
		.name = conf->name,
		.ops = &container_ops,
		.window = conf->window,
		.window_bits = conf->window_bits,
		.window_number = conf->window_number,
		.placement = conf->alloc_iovas ? IOSPACE_PLACE_ALLOC : IOSPACE_PLACE_VA,
	};
	struct container *c = calloc(1, sizeof(*c));
	int ret;

	if (c == NULL)
		return -ENOMEM;
	ret = open_container(conf->name);
	if (ret < 0) {
		free(c);
		return ret;
	}
	c->fd = ret;
	snprintf(c->name, sizeof(c->name), "%s", conf->name);
	ic.ctx = c;
	ret = join(c->fd, group_fd, conf->name, true);
	if (ret == 0)
		ret = iospace_create(&ic, ios);
	if (ret != 0) {
		ioctl(group_fd, VFIO_GROUP_UNSET_CONTAINER);
		container_close(c);
	}
	return ret;
}

static int
join_shared(int group_fd, const struct bus_attach_conf *conf, struct iospace **ios)
{
	void *ctx;
	int ret;

	if (iospace_backend(conf->shared, &ctx) != &container_ops) {
		ACCEL_LOG(ERR, iospace, "%s: the I/O space that it is to join is of another bus: use "
				"another iospace=NAME", conf->name);
		return -EINVAL;
	}
	ret = join(((struct container *)ctx)->fd, group_fd, conf->name, false);
	if (ret != 0)
		return ret;
	ret = iospace_narrow(conf->shared, &conf->window);
	if (ret != 0)
		ioctl(group_fd, VFIO_GROUP_UNSET_CONTAINER);
	else
		*ios = conf->shared;
	return ret;
}

int
iospace_vfio_attach(int group_fd, const struct bus_attach_conf *conf, struct iospace **ios)
{
	return conf->shared != NULL ? join_shared(group_fd, conf, ios) : make(group_fd, conf, ios);
}
