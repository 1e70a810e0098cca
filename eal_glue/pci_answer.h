/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PCI_ANSWER_H
#define PCI_ANSWER_H

/**
 * @file
 * Whether a PCI function answers accesses to its BARs, as its config space says: memory access must
 * be on (PCI 3.0, 6.2.2) and the power state D0 (PCI Power Management 1.2, 3.2.4). Where it does
 * not, the kernel raises SIGBUS for a mapped BAR.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus_dev;

struct pci_answer {
	uint64_t pmcsr; /* offset of the power state in config space; 0 when there is none */
};

/** Find the power state in a device's config space. */
void pci_answer_init(struct pci_answer *answer, struct bus_dev *dev);

/** Whether the function answers now. */
bool pci_answer_now(const struct pci_answer *answer, struct bus_dev *dev);

/** Whether a write to config space ends it. */
bool pci_answer_ends(const struct pci_answer *answer, uint64_t off, const void *data, size_t len);

/** Whether a write to config space may begin it. */
bool pci_answer_may_begin(const struct pci_answer *answer, uint64_t off, size_t len);

#endif
