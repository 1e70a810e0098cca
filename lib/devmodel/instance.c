/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "instance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <eal_glue/glue_log.h>

#include "sim_iommu.h"
#include "work.h"

/*
 * Life
 */

const char *
devmodel_arg(const struct devmodel *host, const char *key)
{
	return host->args != NULL ? host->args->get(host->args->ctx, key) : NULL;
}

int
devmodel_arg_number(struct devmodel *host, const char *key, unsigned int min, unsigned int max,
		unsigned int *value)
{
	const char *text = devmodel_arg(host, key);
	unsigned long n;
	char *end;

	if (text == NULL)
		return 0;
	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != 0 || n < min || n > max) {
		ACCEL_LOG(ERR, model, "sim:%s: %s=%s must be a number from %u to %u", host->bus.name,
				key, text, min, max);
		host->explained = true;
		return -EINVAL;
	}
	*value = (unsigned int)n;
	return 0;
}

static void
free_instance(struct devmodel *host)
{
	unsigned int i;

	for (i = 0; i < BUS_IRQS; i++)
		free(host->fds[i]);
	work_fini(&host->work);
	pthread_mutex_destroy(&host->lock);
	free(host);
}

/* Keys of all models. */
static int
parse_args(struct devmodel *host)
{
	const char *async = devmodel_arg(host, "async");

	host->max_maps = 65535;
	host->iova_bits = 48;
	if (async != NULL && strcmp(async, "thread") != 0 && strcmp(async, "access") != 0) {
		ACCEL_LOG(ERR, model, "sim:%s: async=%s is not known: use thread or access",
				host->bus.name, async);
		host->explained = true;
		return -EINVAL;
	}
	host->work.by_access = async != NULL && strcmp(async, "access") == 0;
	if (devmodel_arg_number(host, "maps", 1, UINT32_MAX - 1, &host->max_maps) != 0)
		return -EINVAL;
	return devmodel_arg_number(host, "iova_bits", 20, 64, &host->iova_bits);
}

int
instance_create(struct devmodel_type *type, const char *name, const struct bus_args *args,
		struct devmodel **host_out)
{
	struct devmodel *host = calloc(1, sizeof(*host));
	int ret;

	if (host == NULL)
		return -ENOMEM;
	pthread_mutex_init(&host->lock, NULL);
	work_init(&host->work);
	host->type = type;
	snprintf(host->bus.name, sizeof(host->bus.name), "%s", name);
	sim_config_init(&host->config, type);
	host->args = args;
	ret = parse_args(host);
	if (ret == 0)
		ret = type->create(host, &host->priv);
	host->args = NULL;
	if (ret != 0) {
		if (!host->explained)
			ACCEL_LOG(ERR, model, "sim:%s: the model cannot be made: %s: check the values of "
					"its keys", name, strerror(-ret));
		free_instance(host);
		return ret < 0 ? ret : -EIO;
	}
	*host_out = host;
	return 0;
}

void
instance_destroy(struct devmodel *host)
{
	work_stop(host);
	host->type->destroy(host->priv);
	free_instance(host);
}

void
instance_set_space(struct devmodel *host, struct iospace *ios, struct sim_iommu *iommu)
{
	/* The model runs under the lock only, so once it is had no DMA is under way. */
	pthread_mutex_lock(&host->lock);
	host->ios = ios;
	host->iommu = iommu;
	pthread_mutex_unlock(&host->lock);
	if (ios != NULL)
		work_start(host);
}

int
instance_reset(struct devmodel *host)
{
	int ret = 0;

	if (!host->type->has_reset)
		return -ENOTSUP;
	pthread_mutex_lock(&host->lock);
	if (host->gone) {
		ret = -ENODEV;
	} else {
		host->work.wanted = false;
		host->type->reset(host->priv);
		/* Config space stays, as the kernel saves and restores it around a reset. */
	}
	pthread_mutex_unlock(&host->lock);
	return ret;
}

/*
 * Accesses to BARs
 */

/* The largest access that is aligned at off and no longer than len. */
static size_t
piece(uint64_t off, size_t len)
{
	size_t n = 8;

	while (n > len || (off & (n - 1)) != 0)
		n /= 2;
	return n;
}

static bool
in_bar(const struct devmodel *host, unsigned int bar, uint64_t off, size_t len)
{
	return bar < DEVMODEL_BARS && off <= host->type->bar_size[bar] &&
			len <= host->type->bar_size[bar] - off;
}

int
instance_read(struct devmodel *host, unsigned int bar, uint64_t off, void *data, size_t len)
{
	unsigned char *at = data;
	uint64_t start = work_clock();
	size_t n;

	if (!in_bar(host, bar, off, len))
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	for (; len > 0; off += n, at += n, len -= n) {
		n = piece(off, len);
		if (bus_is_silent(&host->bus) ||
				host->type->read(host->priv, bar, off, at, n) != 0)
			memset(at, 0xff, n); /* nobody answers on the bus */
	}
	work_after_read(host, start);
	pthread_mutex_unlock(&host->lock);
	return 0;
}

int
instance_write(struct devmodel *host, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	const unsigned char *at = data;
	size_t n;

	if (!in_bar(host, bar, off, len))
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	for (; len > 0; off += n, at += n, len -= n) {
		n = piece(off, len);
		if (!bus_is_silent(&host->bus))
			(void)host->type->write(host->priv, bar, off, at, n);
	}
	work_after_write(host);
	pthread_mutex_unlock(&host->lock);
	return 0;
}

/*
 * Config space
 */

static bool
in_config(uint64_t off, size_t len)
{
	return off <= SIM_CONFIG_SIZE && len <= SIM_CONFIG_SIZE - off;
}

int
instance_config_read(struct devmodel *host, uint64_t off, void *data, size_t len)
{
	if (!in_config(off, len))
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	if (host->gone)
		memset(data, 0xff, len);
	else
		sim_config_read(&host->config, off, data, len);
	pthread_mutex_unlock(&host->lock);
	return 0;
}

/* The lock is held. */
static void
set_silent(struct devmodel *host)
{
	bool silent = host->gone || !sim_config_memory(&host->config);

	__atomic_store_n(&host->bus.silent, silent, __ATOMIC_RELEASE);
}

int
instance_config_write(struct devmodel *host, uint64_t off, const void *data, size_t len)
{
	if (!in_config(off, len))
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	if (!host->gone)
		sim_config_write(&host->config, off, data, len);
	set_silent(host);
	pthread_mutex_unlock(&host->lock);
	return 0;
}

/*
 * DMA
 */

static int
fault(struct devmodel *host, uint64_t iova, size_t len, bool write, const char *why)
{
	host->nb_faults++;
	host->last_fault = (struct devmodel_fault){ .iova = iova, .len = len, .write = write };
	ACCEL_LOG(WARNING, model, "sim:%s: DMA fault: %s of %zu bytes at IOVA 0x%" PRIx64 ": %s",
			host->bus.name, write ? "write" : "read", len, iova, why);
	return -EFAULT;
}

static const char *
refuse_dma(const struct devmodel *host, uint64_t iova, size_t len)
{
	if (host->ios == NULL)
		return "it has no I/O space";
	if (host->gone)
		return "it is gone";
	if (!sim_config_bus_master(&host->config))
		return "bus mastering is off";
	if (len == 0 || iova > UINT64_MAX - (len - 1))
		return "the range is empty or wraps";
	return NULL;
}

/*
 * As on PCIe: who sees the first bytes of a write sees the rest of it, and all writes before. A
 * driver that polls its memory takes no lock.
 */
static void
write_memory(void *va, const void *data, size_t len)
{
	uint64_t first;

	if (len < sizeof(first) || (uintptr_t)va % sizeof(first) != 0) {
		memcpy(va, data, len);
		return;
	}
	memcpy(&first, data, sizeof(first));
	memcpy((char *)va + sizeof(first), (const char *)data + sizeof(first), len - sizeof(first));
	__atomic_store_n((uint64_t *)va, first, __ATOMIC_RELEASE);
}

static int
transfer(struct devmodel *host, uint64_t iova, void *data, size_t len, bool write)
{
	const char *why = refuse_dma(host, iova, len);
	void *va;
	int ret;

	if (why != NULL)
		return fault(host, iova, len, write, why);
	sim_iommu_begin_access(host->iommu);
	ret = iospace_iova2va(host->ios, iova, len, write ? IOSPACE_WRITE : IOSPACE_READ, &va);
	if (ret == 0 && write)
		write_memory(va, data, len);
	else if (ret == 0)
		memcpy(data, va, len);
	sim_iommu_end_access(host->iommu);
	if (ret != 0)
		return fault(host, iova, len, write, ret == -EACCES ? "no permission" : "not mapped");
	return 0;
}

int
devmodel_dma_read(struct devmodel *host, uint64_t iova, void *data, size_t len)
{
	return transfer(host, iova, data, len, false);
}

int
devmodel_dma_write(struct devmodel *host, uint64_t iova, const void *data, size_t len)
{
	return transfer(host, iova, (void *)(uintptr_t)data, len, true);
}

/*
 * Interrupts
 */

unsigned int
instance_vectors(const struct devmodel *host, enum bus_irq irq)
{
	switch (irq) {
	case BUS_IRQ_MSI:
		return host->type->nb_msi;
	case BUS_IRQ_MSIX:
		return host->type->nb_msix;
	case BUS_IRQ_ERR:
	case BUS_IRQ_REQ:
		return 1;
	default:
		return 0;
	}
}

static int *
new_fds(unsigned int n)
{
	int *fds = malloc(n * sizeof(*fds));
	unsigned int i;

	for (i = 0; fds != NULL && i < n; i++)
		fds[i] = -1;
	return fds;
}

/* As the kernel's VFIO: what is no eventfd is refused, and not written to later. */
static int
check_eventfd(int fd)
{
	static const char eventfd[] = "anon_inode:[eventfd]";
	char path[32], target[sizeof(eventfd)];
	ssize_t n;

	if (fd < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target));
	if (n < 0)
		return -EBADF;
	return n == sizeof(eventfd) - 1 && memcmp(target, eventfd, (size_t)n) == 0 ? 0 : -EINVAL;
}

/* The lock is held. */
static void
signal_irq(const struct devmodel *host, enum bus_irq irq)
{
	unsigned int i, n = instance_vectors(host, irq);
	const int *fds = host->fds[irq];

	for (i = 0; fds != NULL && i < n; i++) {
		if (fds[i] >= 0)
			eventfd_write(fds[i], 1);
	}
}

int
instance_irq_set(struct devmodel *host, enum bus_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	unsigned int count = instance_vectors(host, irq), i;
	int ret = 0;

	if (start > count || n > count - start || (n == 0 && start != 0))
		return -EINVAL;
	for (i = 0; i < n && ret == 0; i++)
		ret = check_eventfd(fds[i]);
	if (ret != 0)
		return ret;
	pthread_mutex_lock(&host->lock);
	if (n == 0) {
		free(host->fds[irq]);
		host->fds[irq] = NULL;
	} else if (host->fds[irq] == NULL && (host->fds[irq] = new_fds(count)) == NULL) {
		ret = -ENOMEM;
	} else {
		memcpy(host->fds[irq] + start, fds, n * sizeof(*fds));
		if (irq == BUS_IRQ_REQ && host->wanted)
			signal_irq(host, irq);
	}
	pthread_mutex_unlock(&host->lock);
	return ret;
}

void
devmodel_irq(struct devmodel *host, unsigned int vector)
{
	enum bus_irq irq = host->fds[BUS_IRQ_MSIX] != NULL ? BUS_IRQ_MSIX : BUS_IRQ_MSI;
	const int *fds = host->fds[irq];

	if (fds != NULL && vector < instance_vectors(host, irq) && fds[vector] >= 0)
		eventfd_write(fds[vector], 1);
}

/*
 * What comes from outside
 */

/* The lock is held. */
static void
vanish(struct devmodel *host)
{
	host->gone = true;
	host->work.wanted = false;
	set_silent(host);
}

void
instance_release(struct devmodel *host)
{
	enum bus_irq irq;

	pthread_mutex_lock(&host->lock);
	vanish(host);
	for (irq = BUS_IRQ_INTX; irq < BUS_IRQS; irq++)
		signal_irq(host, irq);
	pthread_mutex_unlock(&host->lock);
}

void
instance_inject(struct devmodel *host, enum devmodel_event event)
{
	pthread_mutex_lock(&host->lock);
	if (event == DEVMODEL_UNPLUG)
		vanish(host);
	host->wanted |= event != DEVMODEL_ERROR;
	signal_irq(host, event == DEVMODEL_ERROR ? BUS_IRQ_ERR : BUS_IRQ_REQ);
	pthread_mutex_unlock(&host->lock);
}
