/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_driver.h>

#include <errno.h>

#include "dev_slot.h"

/* What drivers of software devices use in place of an IOMMU. */

_Static_assert(ACCEL_DMA_READ == IOSPACE_READ && ACCEL_DMA_WRITE == IOSPACE_WRITE, "access bits");

int
accel_dma_translate(const struct accel_dev *dev, uint64_t iova, uint64_t len, unsigned int access,
		void **va)
{
	if (len == 0 || iova > UINT64_MAX - (len - 1))
		return -EFAULT;
	return iospace_iova2va(dev->internal->space->ios, iova, len, access, va);
}

void
accel_dma_tlb_init(struct accel_dma_tlb *tlb, const struct accel_dev *dev)
{
	*tlb = (struct accel_dma_tlb){ .generation = iospace_generation(dev->internal->space->ios) };
	tlb->seen = __atomic_load_n(tlb->generation, __ATOMIC_ACQUIRE);
}

int
accel_dma_tlb_miss(const struct accel_dev *dev, struct accel_dma_entry *entry, uint64_t iova,
		uint64_t len, unsigned int access, void **va)
{
	struct iomap_run run;
	int ret = accel_dma_translate(dev, iova, len, access, va);

	if (ret != 0)
		return ret;
	/* The run has one access throughout, and this access was granted. */
	if (iospace_iova_run(dev->internal->space->ios, iova, &run) == 0 && (run.access & access) == access) {
		entry->first = run.first;
		entry->len = run.len;
		entry->delta = run.delta;
	}
	return 0;
}

void
accel_dev_dma_window(const struct accel_dev *dev, uint64_t *first, uint64_t *last)
{
	struct iospace_stats stats;

	iospace_stats_get(dev->internal->space->ios, &stats);
	*first = stats.usable.first;
	*last = stats.usable.last;
}
