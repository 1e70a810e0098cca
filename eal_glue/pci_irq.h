/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PCI_IRQ_H
#define PCI_IRQ_H

/**
 * @file
 * Interrupts of a PCI function through VFIO, for bus_pci alone. Threads: calls on one function are
 * serialised by the caller.
 */

#include "bus.h"

/** What is set for one kind. Zeroed is nothing. */
struct pci_irq_set {
	int *fds;             /* by vector; not ours to close */
	unsigned int enabled; /* vectors that the kernel has enabled */
};

/** Vectors of a kind: 0 or negative errno. */
int pci_irq_info(int dev_fd, enum bus_irq irq, struct bus_irq_info *info);

/** As bus_ops::irq_set. */
int pci_irq_set(struct pci_irq_set *set, int dev_fd, enum bus_irq irq, unsigned int start,
		unsigned int n, const int *fds);

/** Signal all eventfds of a set, as for interrupts that may have been lost. */
void pci_irq_signal(const struct pci_irq_set *set);

/** Forget, without telling the kernel. */
void pci_irq_free(struct pci_irq_set *set);

#endif
