/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "sim_iommu.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <eal_glue/glue_log.h>
#include <eal_glue/iospace.h>

/* Where x86 has its interrupt addresses: never memory for a device. */
#define MSI_FIRST UINT64_C(0xfee00000)
#define MSI_LAST  UINT64_C(0xfeefffff)

#define PAGE_SIZES (UINT64_C(1) << 12 | UINT64_C(1) << 21 | UINT64_C(1) << 30)

struct sim_iommu {
	pthread_rwlock_t access; /* read: accesses by devices; write: waits for them */
	unsigned int max_maps;
	uint64_t last;           /* highest IOVA */
};

static int
sim_info(void *ctx, struct iospace_info *info)
{
	const struct sim_iommu *iommu = ctx;

	info->ranges = calloc(2, sizeof(*info->ranges));
	if (info->ranges == NULL)
		return -ENOMEM;
	info->ranges[0].last = iommu->last < MSI_FIRST ? iommu->last : MSI_FIRST - 1;
	info->nb_ranges = 1;
	if (iommu->last > MSI_LAST) {
		info->ranges[1] = (struct addrspace_range){ MSI_LAST + 1, iommu->last };
		info->nb_ranges = 2;
	}
	info->page_sizes = PAGE_SIZES;
	info->max_maps = iommu->max_maps;
	return 0;
}

/* The table of the iospace is the table of this IOMMU: nothing to do but to check as the kernel. */
static int
sim_map(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access)
{
	const struct sim_iommu *iommu = ctx;
	uint64_t last = iova + (len - 1);

	(void)va;
	(void)access;
	if (last < iova || last > iommu->last || (last >= MSI_FIRST && iova <= MSI_LAST))
		return -EINVAL;
	return 0;
}

static int
sim_unmap(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped)
{
	struct sim_iommu *iommu = ctx;

	(void)iova;
	/*
	 * The entry is out of the table: once the accesses that saw it have ended, nobody has it.
	 */
	pthread_rwlock_wrlock(&iommu->access);
	pthread_rwlock_unlock(&iommu->access);
	*unmapped = len;
	return 0;
}

static void
sim_close(void *ctx)
{
	struct sim_iommu *iommu = ctx;

	pthread_rwlock_destroy(&iommu->access);
	free(iommu);
}

static const struct iospace_ops sim_ops = {
	.name = "sim",
	.info = sim_info,
	.map = sim_map,
	.unmap = sim_unmap,
	.close = sim_close,
};

static int
make(const struct bus_attach_conf *conf, unsigned int max_maps, unsigned int iova_bits,
		struct iospace **ios, struct sim_iommu **iommu_out)
{
	struct iospace_conf ic = {
		.name = conf->name,
		.ops = &sim_ops,
		.window = conf->window,
		.window_bits = conf->window_bits,
		.window_number = conf->window_number,
		.placement = conf->alloc_iovas ? IOSPACE_PLACE_ALLOC : IOSPACE_PLACE_VA,
	};
	struct sim_iommu *iommu = calloc(1, sizeof(*iommu));
	int ret;

	if (iommu == NULL)
		return -ENOMEM;
	pthread_rwlock_init(&iommu->access, NULL);
	iommu->max_maps = max_maps;
	iommu->last = UINT64_MAX >> (64 - iova_bits);
	ic.ctx = iommu;
	ret = iospace_create(&ic, ios);
	if (ret != 0) {
		sim_close(iommu);
		return ret;
	}
	*iommu_out = iommu;
	return 0;
}

static int
join(const struct bus_attach_conf *conf, struct iospace **ios, struct sim_iommu **iommu)
{
	void *ctx;
	int ret;

	if (iospace_backend(conf->shared, &ctx) != &sim_ops) {
		ACCEL_LOG(ERR, iospace, "%s: the I/O space that it is to join is of another bus: use "
				"another iospace=NAME", conf->name);
		return -EINVAL;
	}
	ret = iospace_narrow(conf->shared, &conf->window);
	if (ret != 0)
		return ret;
	*ios = conf->shared;
	*iommu = ctx;
	return 0;
}

int
sim_iommu_attach(const struct bus_attach_conf *conf, unsigned int max_maps,
		unsigned int iova_bits, struct iospace **ios, struct sim_iommu **iommu)
{
	if (conf->shared != NULL)
		return join(conf, ios, iommu);
	return make(conf, max_maps, iova_bits, ios, iommu);
}

void
sim_iommu_begin_access(struct sim_iommu *iommu)
{
	pthread_rwlock_rdlock(&iommu->access);
}

void
sim_iommu_end_access(struct sim_iommu *iommu)
{
	pthread_rwlock_unlock(&iommu->access);
}
