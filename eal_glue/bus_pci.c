/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bar_maps.h"
#include "glue_log.h"
#include "iospace.h"
#include "pci_answer.h"
#include "pci_function.h"
#include "pci_irq.h"
#include "vfio_group.h"
#include "vfio_info.h"

/* The bus "pci": functions that the kernel's vfio-pci gives to this process. */

struct pci_dev {
	struct bus_dev bus;
	struct pci_function fn;
	struct vfio_group *group;
	char *token;                     /* UUID of the PF's owner, or NULL */
	int fd;                          /* -1 before attach */
	struct vfio_device_info info;
	uint64_t offsets[BUS_REGIONS];   /* of the regions in the descriptor */
	uint64_t sizes[BUS_REGIONS];
	pthread_mutex_t lock;            /* of what follows: release may come at any time */
	bool released;
	struct bar_maps maps;
	struct pci_answer answer;
	struct pci_irq_set irqs[BUS_IRQS];
};

_Static_assert((int)BUS_REGION_CONFIG == (int)VFIO_PCI_CONFIG_REGION_INDEX &&
		(int)BUS_REGION_ROM == (int)VFIO_PCI_ROM_REGION_INDEX &&
		(int)BUS_REGION_VGA == (int)VFIO_PCI_VGA_REGION_INDEX, "regions as VFIO numbers them");
_Static_assert((int)BUS_IRQ_MSI == (int)VFIO_PCI_MSI_IRQ_INDEX &&
		(int)BUS_IRQ_MSIX == (int)VFIO_PCI_MSIX_IRQ_INDEX &&
		(int)BUS_IRQ_ERR == (int)VFIO_PCI_ERR_IRQ_INDEX &&
		(int)BUS_IRQ_REQ == (int)VFIO_PCI_REQ_IRQ_INDEX,
		"interrupts as VFIO numbers them");

static struct pci_dev *
pci(struct bus_dev *dev)
{
	return (struct pci_dev *)dev;
}

/*
 * Regions
 */

static int
read_region_info(int fd, unsigned int region, struct vfio_region_info **info)
{
	const struct vfio_region_info head = { .index = region };
	void *got;
	int ret = vfio_info_get(fd, VFIO_DEVICE_GET_REGION_INFO, &head, sizeof(head), &got);

	if (ret == 0)
		*info = got;
	return ret;
}

static int
compare_areas(const void *a, const void *b)
{
	const struct addrspace_range *ra = a, *rb = b;

	return ra->first < rb->first ? -1 : ra->first > rb->first;
}

/* The parts that can be mapped, where the kernel tells them apart. */
static int
take_areas(const struct vfio_region_info *info, struct bus_region_info *out)
{
	uint32_t off = (info->flags & VFIO_REGION_INFO_FLAG_CAPS) != 0 ? info->cap_offset : 0;
	struct vfio_region_info_cap_sparse_mmap cap;
	struct vfio_region_sparse_mmap_area area;
	const unsigned char *at;
	unsigned int i;
	size_t left;

	at = vfio_info_cap(info, sizeof(*info), off, VFIO_REGION_INFO_CAP_SPARSE_MMAP, sizeof(cap),
			&left);
	if (at == NULL)
		return 0;
	memcpy(&cap, at, sizeof(cap));
	if (cap.nr_areas > (left - sizeof(cap)) / sizeof(area))
		return -EPROTO;
	out->areas = calloc(cap.nr_areas + 1u, sizeof(*out->areas));
	if (out->areas == NULL)
		return -ENOMEM;
	for (i = 0; i < cap.nr_areas; i++) {
		memcpy(&area, at + sizeof(cap) + i * sizeof(area), sizeof(area));
		if (area.size == 0 || area.offset >= info->size ||
				area.size > info->size - area.offset)
			continue;
		out->areas[out->nb_areas].first = area.offset;
		out->areas[out->nb_areas++].last = area.offset + area.size - 1;
	}
	qsort(out->areas, out->nb_areas, sizeof(*out->areas), compare_areas);
	if (out->nb_areas == 0)
		out->flags &= ~BUS_REGION_MMAP;
	return 0;
}

static int
pci_region_info(struct bus_dev *dev, unsigned int region, struct bus_region_info *out)
{
	struct vfio_region_info *info;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = read_region_info(pci(dev)->fd, region, &info);
	if (ret != 0)
		return ret;
	out->size = info->size;
	if ((info->flags & VFIO_REGION_INFO_FLAG_READ) != 0)
		out->flags |= BUS_REGION_READ;
	if ((info->flags & VFIO_REGION_INFO_FLAG_WRITE) != 0)
		out->flags |= BUS_REGION_WRITE;
	if ((info->flags & VFIO_REGION_INFO_FLAG_MMAP) != 0)
		out->flags |= BUS_REGION_MMAP;
	ret = take_areas(info, out);
	free(info);
	return ret;
}

static int
check_range(const struct pci_dev *dev, unsigned int region, uint64_t off, size_t len)
{
	if (region >= BUS_REGIONS || off > dev->sizes[region] || len > dev->sizes[region] - off)
		return -EINVAL;
	return 0;
}

static bool
is_released(const struct pci_dev *p)
{
	return __atomic_load_n(&p->released, __ATOMIC_ACQUIRE);
}

static int
pci_region_read(struct bus_dev *dev, unsigned int region, uint64_t off, void *data, size_t len)
{
	struct pci_dev *p = pci(dev);
	int ret = check_range(p, region, off, len);
	ssize_t n;

	if (ret != 0)
		return ret;
	n = pread(p->fd, data, len, (off_t)(p->offsets[region] + off));
	if (is_released(p))
		return -ENODEV;
	return n == (ssize_t)len ? 0 : n < 0 ? -errno : -EIO;
}

static int
write_fd(struct pci_dev *p, unsigned int region, uint64_t off, const void *data, size_t len)
{
	ssize_t n = pwrite(p->fd, data, len, (off_t)(p->offsets[region] + off));

	if (is_released(p))
		return -ENODEV;
	return n == (ssize_t)len ? 0 : n < 0 ? -errno : -EIO;
}

static void
set_silent(struct pci_dev *p, bool silent)
{
	__atomic_store_n(&p->bus.silent, silent, __ATOMIC_SEQ_CST);
}

/* Put registers back in their place that answer after they did not; the lock is held. */
static int
answer_again(struct pci_dev *p)
{
	if (!bus_is_silent(&p->bus) || !pci_answer_now(&p->answer, &p->bus))
		return 0;
	if (bar_maps_restore(&p->maps, p->fd) != 0)
		return -EIO;
	set_silent(p, false);
	return 0;
}

/* A write that has the function answer no more must not turn loads and stores into signals. */
static int
write_config(struct pci_dev *p, uint64_t off, const void *data, size_t len)
{
	int ret;

	if (p->released)
		return -ENODEV;
	if (pci_answer_ends(&p->answer, off, data, len)) {
		set_silent(p, true);
		bar_maps_cut(&p->maps);
	}
	ret = write_fd(p, BUS_REGION_CONFIG, off, data, len);
	if (pci_answer_may_begin(&p->answer, off, len) && answer_again(p) != 0)
		return -EIO;
	return ret;
}

static int
pci_region_write(struct bus_dev *dev, unsigned int region, uint64_t off, const void *data,
		size_t len)
{
	struct pci_dev *p = pci(dev);
	int ret = check_range(p, region, off, len);

	if (ret != 0)
		return ret;
	if (region != BUS_REGION_CONFIG)
		return write_fd(p, region, off, data, len);
	pthread_mutex_lock(&p->lock);
	ret = write_config(p, off, data, len);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

static int
pci_region_map(struct bus_dev *dev, unsigned int region, uint64_t off, size_t len, void **va)
{
	struct pci_dev *p = pci(dev);
	int ret = check_range(p, region, off, len);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&p->lock);
	if (p->released)
		ret = -ENODEV;
	else
		ret = bar_maps_add(&p->maps, p->fd, (off_t)(p->offsets[region] + off), len, va);
	if (ret == 0 && bus_is_silent(dev))
		bar_maps_cut(&p->maps);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

static void
pci_region_unmap(struct bus_dev *dev, void *va)
{
	struct pci_dev *p = pci(dev);

	pthread_mutex_lock(&p->lock);
	bar_maps_remove(&p->maps, va);
	pthread_mutex_unlock(&p->lock);
}

/*
 * Attach and close
 */

static int
read_info(struct pci_dev *p)
{
	unsigned int i;

	p->info.argsz = sizeof(p->info);
	if (ioctl(p->fd, VFIO_DEVICE_GET_INFO, &p->info) != 0)
		return -errno;
	for (i = 0; i < BUS_REGIONS && i < p->info.num_regions; i++) {
		struct vfio_region_info *info;

		if (read_region_info(p->fd, i, &info) != 0)
			continue; /* VGA is refused where there is none */
		p->offsets[i] = info->offset;
		p->sizes[i] = info->size;
		free(info);
	}
	return 0;
}

static void
drop_fd(struct pci_dev *p)
{
	unsigned int i;

	for (i = 0; i < BUS_IRQS; i++)
		pci_irq_free(&p->irqs[i]);
	bar_maps_fini(&p->maps);
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->released = false;
	set_silent(p, false);
}

static int
take_fd(struct pci_dev *p)
{
	int fd = vfio_group_device(p->group, &p->fn, p->token);
	int ret;

	if (fd < 0)
		return fd;
	p->fd = fd;
	ret = read_info(p);
	if (ret != 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: the kernel does not describe it: %s", p->fn.address,
				strerror(-ret));
		return ret;
	}
	ret = bar_maps_init(&p->maps);
	if (ret != 0)
		ACCEL_LOG(ERR, bus, "pci:%s: no memory or descriptor for its removal: %s",
				p->fn.address, strerror(-ret));
	else
		pci_answer_init(&p->answer, &p->bus);
	return ret;
}

static int
pci_attach(struct bus_dev *dev, const struct bus_attach_conf *conf, struct iospace **ios)
{
	struct pci_dev *p = pci(dev);
	struct iospace *got;
	int ret;

	ret = vfio_group_attach(p->group, conf, &got);
	if (ret != 0)
		return ret;
	ret = take_fd(p);
	if (ret != 0) {
		drop_fd(p);
		vfio_group_detach(p->group);
		if (conf->shared == NULL)
			iospace_destroy(got);
		return ret;
	}
	*ios = got;
	return 0;
}

static int
pci_detach(struct bus_dev *dev)
{
	struct pci_dev *p = pci(dev);

	drop_fd(p);
	vfio_group_detach(p->group);
	return 0;
}

static int
pci_info(struct bus_dev *dev, struct bus_info *info)
{
	const struct pci_dev *p = pci(dev);

	info->nb_regions = p->info.num_regions;
	info->nb_irqs = p->info.num_irqs;
	info->has_reset = (p->info.flags & VFIO_DEVICE_FLAGS_RESET) != 0;
	return 0;
}

static int
pci_irq_info_get(struct bus_dev *dev, enum bus_irq irq, struct bus_irq_info *info)
{
	return pci_irq_info(pci(dev)->fd, irq, info);
}

static int
pci_irq_set_fds(struct bus_dev *dev, enum bus_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	struct pci_dev *p = pci(dev);
	int ret;

	pthread_mutex_lock(&p->lock);
	ret = p->released ? -ENODEV : pci_irq_set(&p->irqs[irq], p->fd, irq, start, n, fds);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

static int
pci_reset(struct bus_dev *dev)
{
	struct pci_dev *p = pci(dev);
	int ret = -ENOTSUP;

	if ((p->info.flags & VFIO_DEVICE_FLAGS_RESET) != 0)
		ret = ioctl(p->fd, VFIO_DEVICE_RESET) == 0 ? 0 : -errno;
	if (ret != 0 && vfio_group_hot_reset(p->group, p->fd) == 0)
		ret = 0;
	if (ret != 0)
		return ret;
	/* It may have left a power state in which it did not answer. */
	pthread_mutex_lock(&p->lock);
	ret = p->released ? -ENODEV : answer_again(p);
	pthread_mutex_unlock(&p->lock);
	return ret;
}

/*
 * The descriptor is replaced, not closed: other threads may be using it at this moment, and would
 * meet another file under its number.
 */
static void
pci_release(struct bus_dev *dev)
{
	struct pci_dev *p = pci(dev);
	unsigned int i;

	pthread_mutex_lock(&p->lock);
	__atomic_store_n(&p->released, true, __ATOMIC_RELEASE);
	set_silent(p, true);
	bar_maps_cut(&p->maps);
	dup3(p->maps.ones_fd, p->fd, O_CLOEXEC);
	for (i = 0; i < BUS_IRQS; i++)
		pci_irq_signal(&p->irqs[i]);
	pthread_mutex_unlock(&p->lock);
}

static void
free_dev(struct pci_dev *p)
{
	pthread_mutex_destroy(&p->lock);
	free(p->token);
	free(p);
}

static void
pci_close(struct bus_dev *dev)
{
	struct pci_dev *p = pci(dev);

	drop_fd(p);
	vfio_group_put(p->group);
	free_dev(p);
}

static const struct bus_ops pci_ops = {
	.attach = pci_attach,
	.info = pci_info,
	.region_info = pci_region_info,
	.region_read = pci_region_read,
	.region_write = pci_region_write,
	.region_map = pci_region_map,
	.region_unmap = pci_region_unmap,
	.irq_info = pci_irq_info_get,
	.irq_set = pci_irq_set_fds,
	.reset = pci_reset,
	.release = pci_release,
	.detach = pci_detach,
	.close = pci_close,
};

/*
 * Open
 */

static int
take_token(struct pci_dev *p, const struct bus_args *args)
{
	const char *token = args->get(args->ctx, "vf_token");

	if (token == NULL)
		return 0;
	if (strlen(token) != 36) {
		ACCEL_LOG(ERR, bus, "pci:%s: vf_token=%s is no UUID", p->fn.address, token);
		return -EINVAL;
	}
	p->token = strdup(token);
	return p->token != NULL ? 0 : -ENOMEM;
}

static int
pci_open(const char *address, const struct bus_args *args, struct bus_dev **dev)
{
	struct pci_dev *p = calloc(1, sizeof(*p));
	int ret;

	if (p == NULL)
		return -ENOMEM;
	p->fd = -1;
	p->maps.ones_fd = -1;
	pthread_mutex_init(&p->lock, NULL);
	p->bus.ops = &pci_ops;
	ret = pci_function_find(address, &p->fn);
	if (ret == 0)
		ret = pci_function_check(&p->fn);
	if (ret == 0)
		ret = take_token(p, args);
	if (ret == 0)
		ret = vfio_group_get(&p->fn, &p->group);
	if (ret != 0) {
		free_dev(p);
		return ret;
	}
	snprintf(p->bus.name, sizeof(p->bus.name), "%s", p->fn.address);
	p->bus.id = p->fn.id;
	p->bus.socket = p->fn.socket;
	*dev = &p->bus;
	return 0;
}

static const char *const pci_keys[] = { "vf_token", NULL };

static struct bus pci_bus = { .name = "pci", .keys = pci_keys, .open = pci_open };

static void __attribute__((constructor))
register_pci(void)
{
	bus_register(&pci_bus);
}
