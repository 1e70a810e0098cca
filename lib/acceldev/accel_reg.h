/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_REG_H
#define ACCEL_REG_H

/**
 * @file
 * Registers, config space and interrupts of a device, for tools and for applications that know
 * their device. Drivers have <acceldev/accel_mmio.h>, which costs less.
 *
 * Threads: any; calls on one device exclude each other and its control calls.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Region numbers, as VFIO numbers those of PCI: 0 to 5 are the BARs. */
#define ACCEL_REGION_ROM    6
#define ACCEL_REGION_CONFIG 7

/** Kinds of interrupts, as VFIO numbers those of PCI. */
enum accel_irq {
	ACCEL_IRQ_INTX,
	ACCEL_IRQ_MSI,
	ACCEL_IRQ_MSIX,
};

/**
 * Size of a region.
 *
 * @param[out] size  bytes; 0 when the device does not have it
 * @retval 0 success
 * @retval -EINVAL size is NULL or no such region number
 * @retval -ENODEV no such device
 */
int accel_reg_size(uint16_t dev_id, unsigned int region, uint64_t *size);

/**
 * Read a register.
 *
 * @param off    bytes into the region, a multiple of width
 * @param width  1, 2, 4 or 8 bytes
 * @param[out] value  zero-extended; untouched on failure
 * @retval 0 success
 * @retval -EINVAL value is NULL, width or off is wrong, or outside the region
 * @retval -ENODEV no such device, or it was removed
 * @retval -ENOTSUP the bus has no registers
 * @retval -EIO the access failed, or memory access is switched off in config space
 */
int accel_reg_read(uint16_t dev_id, unsigned int region, uint64_t off, unsigned int width,
		uint64_t *value);

/** Write a register; arguments and errors as accel_reg_read(). The driver is not told. */
int accel_reg_write(uint16_t dev_id, unsigned int region, uint64_t off, unsigned int width,
		uint64_t value);

/**
 * Vectors of a kind.
 *
 * @return number, 0 when the device does not have that kind
 * @retval -EINVAL no such kind
 * @retval -ENODEV no such device
 */
int accel_irq_count(uint16_t dev_id, enum accel_irq irq);

/**
 * Have vectors signal eventfds. Vectors outside the range keep theirs; n 0 with start 0 disables
 * the kind. The eventfds stay the caller's and must outlive the setting. An eventfd may be
 * signalled once too often when the set changes, never too seldom. They tell what the device did,
 * and a removal; not that an op was cancelled, stopped or given up by its deadline, which comes to
 * light in accel_dequeue_burst(). So bound each wait for an eventfd, and dequeue after it.
 *
 * @param fds  n descriptors, -1 for none
 * @retval 0 success
 * @retval -EINVAL no such kind, range outside the vectors, or fds is NULL
 * @retval -ENODEV no such device
 * @retval -ENOTSUP the bus has no interrupts
 * @retval -ENOSPC the machine has too few interrupt vectors left
 * @return other negative errno from the kernel
 */
int accel_irq_set(uint16_t dev_id, enum accel_irq irq, unsigned int start, unsigned int n,
		const int *fds);

#ifdef __cplusplus
}
#endif

#endif
