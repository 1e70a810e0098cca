/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef GUEST_PCI_H
#define GUEST_PCI_H

/**
 * @file
 * A PCI function of the guest from the outside, through sysfs: taken away and given back, and its
 * config space. Root only. Plain C, without DPDK.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/** Something to do to a device, such as 0000:00:10.0: 0 or -errno. */
typedef int (*guest_pci_act)(const char *device);

/** Take a function from vfio-pci. Returns when whoever uses it has given it back. */
int guest_pci_unbind(const char *device);

/** Have vfio-pci take it again, for any user. */
int guest_pci_bind(const char *device);

/** Remove a function from the bus. Returns when whoever uses it has given it back. */
int guest_pci_remove(const char *device);

/** Find it again, and have vfio-pci take it. */
int guest_pci_rescan(const char *device);

/** Whether a function is on the bus. */
bool guest_pci_exists(const char *device);

/** Read or write 1, 2 or 4 bytes of config space, past VFIO; all ones when it cannot be read. */
uint32_t guest_pci_read(const char *device, unsigned int off, unsigned int width);
int guest_pci_write(const char *device, unsigned int off, unsigned int width, uint32_t value);

/** Offset of a capability in config space; 0 when there is none. */
unsigned int guest_pci_cap(const char *device, uint8_t id);

/** Whether a function may access memory by itself. */
bool guest_pci_is_master(const char *device);

/** Milliseconds of a clock that goes on steadily. */
uint64_t guest_ms(void);

/** An act in a thread of its own, as another process would do it. */
struct guest_pci_task {
	pthread_t thread;
	guest_pci_act act;
	const char *device;
	uint64_t begin, end; /* guest_ms() */
	int ret;
};

/** Begin; 0 or -errno. */
int guest_pci_begin(struct guest_pci_task *task, guest_pci_act act, const char *device);

/** Wait for its end: what it returned, or -ETIMEDOUT when it takes longer than 20 s. */
int guest_pci_end(struct guest_pci_task *task);

#endif
