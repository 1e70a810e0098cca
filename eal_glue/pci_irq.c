/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pci_irq.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

/*
 * Many kernels cannot add MSI-X vectors to a set that is enabled (NORESIZE). So the first call
 * enables all vectors, most of them without an eventfd, and later ones change single vectors in
 * place. Where the machine has too few interrupts for that, a set is enabled as far as asked for;
 * to grow, it must be disabled for a moment, and then every eventfd is signalled once, since an
 * interrupt may have been lost: a handler that finds nothing to do is no harm.
 */

/* What MSI-X has at most; more is not believed. */
#define VECTORS_MAX 2048

int
pci_irq_info(int dev_fd, enum bus_irq irq, struct bus_irq_info *out)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = irq };

	if (ioctl(dev_fd, VFIO_DEVICE_GET_IRQ_INFO, &info) != 0)
		return -errno;
	if (info.count > VECTORS_MAX)
		return -EPROTO;
	out->count = (info.flags & VFIO_IRQ_INFO_EVENTFD) != 0 ? info.count : 0;
	out->flags = 0;
	if ((info.flags & VFIO_IRQ_INFO_NORESIZE) != 0)
		out->flags |= BUS_IRQ_NORESIZE;
	if ((info.flags & VFIO_IRQ_INFO_AUTOMASKED) != 0)
		out->flags |= BUS_IRQ_AUTOMASK;
	return 0;
}

static int
send(int dev_fd, enum bus_irq irq, unsigned int start, unsigned int n, const int *fds)
{
	size_t size = sizeof(struct vfio_irq_set) + n * sizeof(*fds);
	struct vfio_irq_set *set = calloc(1, size);
	int ret;

	if (set == NULL)
		return -ENOMEM;
	set->argsz = (uint32_t)size;
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
			(n > 0 ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	set->index = irq;
	set->start = start;
	set->count = n;
	if (n > 0)
		memcpy(set->data, fds, n * sizeof(*fds));
	ret = ioctl(dev_fd, VFIO_DEVICE_SET_IRQS, set);
	free(set);
	/* Too few vectors are told as a positive number. */
	return ret == 0 ? 0 : ret > 0 ? -ENOSPC : -errno;
}

void
pci_irq_signal(const struct pci_irq_set *set)
{
	unsigned int i;

	for (i = 0; i < set->enabled; i++) {
		if (set->fds[i] >= 0)
			eventfd_write(set->fds[i], 1);
	}
}

/* Enable vectors 0 to n - 1 where fewer, or none, are enabled now. */
static int
enable(struct pci_irq_set *set, int dev_fd, enum bus_irq irq, unsigned int n, const int *fds)
{
	bool grows = set->enabled != 0;
	int ret;

	if (grows)
		send(dev_fd, irq, 0, 0, NULL);
	ret = send(dev_fd, irq, 0, n, fds);
	if (ret == 0)
		set->enabled = n;
	else if (grows && send(dev_fd, irq, 0, set->enabled, set->fds) != 0)
		set->enabled = 0;
	if (grows)
		pci_irq_signal(set);
	return ret;
}

static int
disable(struct pci_irq_set *set, int dev_fd, enum bus_irq irq)
{
	int ret = set->enabled != 0 ? send(dev_fd, irq, 0, 0, NULL) : 0;

	if (ret == 0)
		pci_irq_free(set);
	return ret;
}

/*
 * Change vectors that are enabled. A descriptor that is refused has cost others theirs: undo that.
 */
static int
change(struct pci_irq_set *set, int dev_fd, enum bus_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	int ret = send(dev_fd, irq, start, n, fds);

	if (ret != 0)
		send(dev_fd, irq, start, n, set->fds + start);
	return ret;
}

static int
apply(struct pci_irq_set *set, int dev_fd, enum bus_irq irq, unsigned int count,
		unsigned int start, unsigned int n, const int *wanted)
{
	int ret;

	if (start + n <= set->enabled)
		return change(set, dev_fd, irq, start, n, wanted + start);
	ret = enable(set, dev_fd, irq, count, wanted);
	if (ret != 0 && start + n < count)
		ret = enable(set, dev_fd, irq, start + n, wanted);
	return ret;
}

static bool
all_unset(const int *fds, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n && fds[i] < 0; i++)
		;
	return i == n;
}

int
pci_irq_set(struct pci_irq_set *set, int dev_fd, enum bus_irq irq, unsigned int start,
		unsigned int n, const int *fds)
{
	struct bus_irq_info info;
	unsigned int i;
	int *wanted;
	int ret;

	ret = pci_irq_info(dev_fd, irq, &info);
	if (ret != 0)
		return ret;
	if (start > info.count || n > info.count - start)
		return -EINVAL;
	if (n == 0)
		return start == 0 ? disable(set, dev_fd, irq) : -EINVAL;
	wanted = calloc(info.count, sizeof(*wanted));
	if (wanted == NULL)
		return -ENOMEM;
	for (i = 0; i < info.count; i++)
		wanted[i] = i < set->enabled ? set->fds[i] : -1;
	memcpy(wanted + start, fds, n * sizeof(*fds));
	/* A vector that is enabled without an eventfd may send its message to address 0. */
	if (all_unset(wanted, info.count)) {
		free(wanted);
		return disable(set, dev_fd, irq);
	}
	ret = apply(set, dev_fd, irq, info.count, start, n, wanted);
	if (ret != 0) {
		free(wanted);
		return ret;
	}
	free(set->fds);
	set->fds = wanted;
	return 0;
}

void
pci_irq_free(struct pci_irq_set *set)
{
	free(set->fds);
	set->fds = NULL;
	set->enabled = 0;
}
