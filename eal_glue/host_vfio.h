/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_VFIO_H
#define HOST_VFIO_H

/**
 * @file
 * VFIO and the IOMMU of the machine. No device is opened, since that resets it, and no module is
 * loaded. Threads: any.
 */

#include <sys/types.h>

#include "host.h"

/** An answer that the kernel may not give. */
enum host_answer { HOST_NO, HOST_YES, HOST_UNKNOWN };

struct host_vfio {
	bool running;       /**< vfio is loaded or built in */
	bool has_driver;    /**< vfio-pci is */
	int container;      /**< opening /dev/vfio/vfio: 0 or negative errno; -ENODEV: not tried */
	enum host_answer type1v2, unmap_all;
	enum host_answer noiommu; /**< functions without an IOMMU are let in */
	enum host_answer unsafe_interrupts; /**< allowed without interrupt remapping */
	bool has_iommufd;
	uint64_t dma_entry_limit; /**< 0: not told */
};

/** Look at VFIO; /dev/vfio/vfio is opened only when that loads no module. */
void host_vfio_get(const struct host *h, struct host_vfio *vfio);

enum host_cpu { HOST_CPU_OTHER, HOST_CPU_INTEL, HOST_CPU_AMD };

struct host_iommu {
	unsigned int nb_groups; /**< 0: the IOMMU is off */
	unsigned int nb_units;  /**< IOMMUs that the kernel uses */
	enum host_cpu cpu;
	bool hypervisor;        /**< the machine is virtual */
	char cmdline[512];      /**< words of the kernel's command line about the IOMMU */
	enum host_answer remapping; /**< of interrupts */
};

void host_iommu_get(const struct host *h, struct host_iommu *iommu);

/** What opening an IOMMU group's node says. */
struct host_group {
	int open;                /**< 0 or negative errno: -EBUSY: somebody has it open */
	enum host_answer viable; /**< HOST_UNKNOWN unless open is 0 */
};

/** Open a group, ask for its status and close it: the functions are not touched. */
void host_group_ask(const struct host *h, int group, struct host_group *answer);

/**
 * Processes that have a group open, as far as this user may look.
 *
 * @param[out] pids  at most max of them
 * @return their number
 */
unsigned int host_group_holders(const struct host *h, int group, pid_t *pids, unsigned int max);

/** Name of a process, empty when it cannot be read. */
void host_process_name(const struct host *h, pid_t pid, char *text, size_t size);

#endif
