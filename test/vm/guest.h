/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef GUEST_H
#define GUEST_H

/**
 * @file
 * For programs that test/vm/run.sh runs in its guest: which devices there are, what the kernel says
 * about them, and how to make them fail. boot.sh describes the guest. Plain C, without DPDK.
 */

#include <stdbool.h>
#include <stdint.h>

/** Whether this process runs in the guest. A test that needs the guest is skipped elsewhere. */
bool guest_is_here(void);

/**
 * The address of a device, as 0000:00:10.0.
 *
 * @param name VM_EDU, VM_EDU2, VM_EDU_NARROW or VM_NVME
 * @return NULL outside the guest
 */
const char *guest_device(const char *name);

/** Bits of an address that the guest's IOMMU translates: 48 or 39. 0 outside the guest. */
unsigned int guest_aw_bits(void);

/** Number of the IOMMU group of a device, or -1. */
int guest_group(const char *device);

/**
 * Write a word to a file that is there, such as one of sysfs.
 *
 * @return 0 or -errno
 */
int guest_write(const char *path, const char *word);

/**
 * Start to read what the kernel logs from now on.
 *
 * @return a descriptor, which the caller closes, or -errno
 */
int guest_log_open(void);

/** Read on until a line contains a text. Gives up and returns false after some milliseconds. */
bool guest_log_wait(int log, const char *text, unsigned int ms);

/**
 * Read on until the IOMMU blames a device for an access at an IOVA.
 *
 * QEMU tells the kernel of a wrong access to a mapped page only when the device has not used that
 * page before; later ones are refused without a fault.
 */
bool guest_log_wait_fault(int log, const char *device, uint64_t iova, unsigned int ms);

/**
 * Wait until the kernel can log a number of IOMMU faults, 3 at most.
 *
 * The kernel logs no more than that in 5 seconds and drops what comes above it, whichever device or
 * program causes it. To be called before a test causes faults whose lines it reads.
 *
 * @return 0 or -errno
 */
int guest_fault_budget(unsigned int faults);

/**
 * Have QEMU's monitor execute a command. Does not wait until it has an effect.
 *
 * The devices are edu, edu2, edu_narrow, nvme, and bridge, the root port above nvme.
 * For example:
 *
 *     pcie_aer_inject_error bridge UNSUP
 *     device_del nvme
 *
 * @return 0 or -errno
 */
int guest_monitor(const char *command);

#endif
