/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PCI_FUNCTION_H
#define PCI_FUNCTION_H

/**
 * @file
 * A PCI function as sysfs shows it, and whether it can be used through VFIO. Threads: any.
 */

#include <stddef.h>

#include "bus.h"

struct pci_function {
	char address[16]; /**< DDDD:BB:DD.F */
	char driver[32];  /**< kernel driver it is bound to; empty when none */
	struct bus_id id;
	int socket;       /**< NUMA node, -1 when unknown */
	int group;        /**< IOMMU group, -1 when none */
};

/**
 * Find a function, by DDDD:BB:DD.F or BB:DD.F.
 *
 * @retval 0 success
 * @retval -EINVAL no PCI address; logged
 * @retval -ENODEV no such function, or EAL was told to leave it alone; logged
 */
int pci_function_find(const char *address, struct pci_function *fn);

/**
 * Check that VFIO can give the function to this process.
 *
 * @retval 0 success
 * @retval -ENODEV not bound to vfio-pci, or in no IOMMU group; logged with the remedy
 */
int pci_function_check(const struct pci_function *fn);

/** Put a path before those of sysfs, for tests. It must stay valid; before other threads begin. */
void pci_function_root(const char *path);

/** Which functions keep a group from being viable, separated by blanks, for messages. */
void pci_group_spoilers(int group, char *text, size_t size);

/**
 * Call a function for each PCI function that EAL's options allow, in the order of their addresses.
 */
void pci_function_each(void (*fn)(const struct pci_function *function, void *arg), void *arg);

#endif
