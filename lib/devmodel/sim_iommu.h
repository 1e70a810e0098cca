/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SIM_IOMMU_H
#define SIM_IOMMU_H

/**
 * @file
 * I/O space of the sim bus, with the semantics of the kernel's VFIO type1v2: ranges with the hole
 * of the MSI window, page sizes, a number of entries, whole entries only. Threads: any.
 */

#include <eal_glue/bus.h>

struct iospace;
struct sim_iommu;

/** Make an I/O space, or find the one behind conf->shared: 0 or negative errno, logged. */
int sim_iommu_attach(const struct bus_attach_conf *conf, unsigned int max_maps,
		unsigned int iova_bits, struct iospace **ios, struct sim_iommu **iommu);

/**
 * Around accesses to memory that was translated: an unmap does not return before they end, so that
 * memory is not accessed after it was unmapped.
 */
void sim_iommu_begin_access(struct sim_iommu *iommu);
void sim_iommu_end_access(struct sim_iommu *iommu);

#endif
