/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_MMIO_H
#define ACCEL_MMIO_H

/**
 * @file
 * Driver SDK: registers and interrupts. A region that can be mapped is plain loads and stores; one
 * that cannot goes through the bus; one predictable branch tells them apart.
 *
 * Registers of a device that is gone, or whose memory access is switched off in config space, read
 * all ones; writes to them do nothing. Nothing raises a signal.
 *
 * Order: as volatile accesses, so those to one device stay in program order; put rte_io_wmb()
 * between stores to memory and the register write that lets the device read them.
 */

#include <stdint.h>

#include <acceldev/accel_driver.h>
#include <acceldev/accel_reg.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A region of a device, from accel_dev_region(). */
struct accel_region {
	volatile unsigned char *va; /**< of the mapped part */
	uint64_t first;             /**< offset of the mapped part */
	uint64_t len;               /**< its bytes; 0 when nothing is mapped */
	uint64_t size;              /**< bytes of the region */
	unsigned int number;
	const struct accel_dev *dev;
	const bool *silent;         /**< atomic: the registers do not answer */
};

/**
 * Make a region usable, in probe or later; mapped as far as it can be, until the device is closed.
 *
 * @retval 0 success
 * @retval -ENOENT the device does not have it
 * @retval -ENOTSUP the bus has no registers
 * @return other negative errno from the kernel
 */
int accel_dev_region(struct accel_dev *dev, unsigned int number, struct accel_region *region);

/**
 * The same for an application that knows its device; usable until the device is closed, which must
 * not be during an access. Any thread.
 *
 * @retval 0 success
 * @retval -EINVAL region is NULL, or no such region number
 * @retval -ENODEV no such device, or it was removed
 * @retval -ENOENT the device does not have it
 * @retval -ENOTSUP the bus has no registers
 * @return other negative errno from the kernel
 */
int accel_region_get(uint16_t dev_id, unsigned int number, struct accel_region *region);

/** Access through the bus, for the inline functions below. A read that fails gives all ones. */
uint64_t accel_mmio_bus_read(const struct accel_region *region, uint64_t off, unsigned int width);
void accel_mmio_bus_write(const struct accel_region *region, uint64_t off, unsigned int width,
		uint64_t value);

/** Whether an aligned access of a width lies in the mapped part. */
static inline int
accel_mmio_is_mapped(const struct accel_region *region, uint64_t off, unsigned int width)
{
	uint64_t at = off - region->first;

	return __builtin_expect(at < region->len && region->len - at >= width, 1);
}

/**
 * Whether a load that was done before gave nothing: what stands in the place of a device that is
 * gone keeps what is stored to it.
 */
static inline int
accel_mmio_is_silent(const struct accel_region *region)
{
	return __builtin_expect(__atomic_load_n(region->silent, __ATOMIC_ACQUIRE), 0);
}

/** Read 32 bits at an offset that is a multiple of 4. */
static inline uint32_t
accel_mmio_read32(const struct accel_region *region, uint64_t off)
{
	if (accel_mmio_is_mapped(region, off, 4)) {
		uint32_t value = *(volatile uint32_t *)(region->va + (off - region->first));

		return accel_mmio_is_silent(region) ? UINT32_MAX : value;
	}
	return (uint32_t)accel_mmio_bus_read(region, off, 4);
}

/** Read 64 bits at an offset that is a multiple of 8, in one access. */
static inline uint64_t
accel_mmio_read64(const struct accel_region *region, uint64_t off)
{
	if (accel_mmio_is_mapped(region, off, 8)) {
		uint64_t value = *(volatile uint64_t *)(region->va + (off - region->first));

		return accel_mmio_is_silent(region) ? UINT64_MAX : value;
	}
	return accel_mmio_bus_read(region, off, 8);
}

/** Write 32 bits at an offset that is a multiple of 4. */
static inline void
accel_mmio_write32(const struct accel_region *region, uint64_t off, uint32_t value)
{
	if (accel_mmio_is_mapped(region, off, 4))
		*(volatile uint32_t *)(region->va + (off - region->first)) = value;
	else
		accel_mmio_bus_write(region, off, 4, value);
}

/** Write 64 bits at an offset that is a multiple of 8, in one access. */
static inline void
accel_mmio_write64(const struct accel_region *region, uint64_t off, uint64_t value)
{
	if (accel_mmio_is_mapped(region, off, 8))
		*(volatile uint64_t *)(region->va + (off - region->first)) = value;
	else
		accel_mmio_bus_write(region, off, 8, value);
}

/** accel_irq_set() for a driver. */
int accel_dev_irq_set(struct accel_dev *dev, enum accel_irq irq, unsigned int start, unsigned int n,
		const int *fds);

/**
 * Reset the device through its bus (FLR), for accel_dev_ops::reset or to recover. Config space,
 * interrupts and mapped regions remain; registers are as after power-on.
 *
 * @retval 0 success
 * @retval -ENOTSUP the device or its bus has no reset
 * @return other negative errno from the kernel
 */
int accel_dev_bus_reset(struct accel_dev *dev);

/**
 * Switch bus mastering: on in probe, by a driver that needs DMA there; off when the device does not
 * stop by itself. It cannot be switched on where the library has switched it off, since ops have
 * come back then and their memory is not the device's any more. Any thread.
 *
 * @retval 0 success
 * @retval -ENODEV on, and the device was removed
 * @retval -EIO on, and the device reported an error and is not being reset
 * @retval -ENOTSUP a bus without registers
 * @return other negative errno from the kernel
 */
int accel_dev_bus_master(struct accel_dev *dev, bool on);

#ifdef __cplusplus
}
#endif

#endif
