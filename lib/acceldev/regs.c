/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_mmio.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "health.h"

_Static_assert((int)ACCEL_IRQ_INTX == (int)BUS_IRQ_INTX && (int)ACCEL_IRQ_MSI == (int)BUS_IRQ_MSI &&
		(int)ACCEL_IRQ_MSIX == (int)BUS_IRQ_MSIX, "interrupts as the bus numbers them");
_Static_assert(ACCEL_REGION_ROM == (int)BUS_REGION_ROM &&
		ACCEL_REGION_CONFIG == (int)BUS_REGION_CONFIG, "regions as the bus numbers them");

/*
 * Regions for drivers
 */

/* The largest part that can be mapped: most devices have one. */
static struct addrspace_range
largest_area(const struct bus_region_info *info)
{
	struct addrspace_range best = { 0, info->size - 1 };
	unsigned int i;

	for (i = 0; i < info->nb_areas; i++) {
		const struct addrspace_range *a = &info->areas[i];

		if (i == 0 || a->last - a->first > best.last - best.first)
			best = *a;
	}
	return best;
}

static void
use_map(const struct accel_dev_internal *slot, unsigned int number, struct accel_region *region)
{
	region->va = slot->region_va[number];
	region->first = slot->region_first[number];
	region->len = slot->region_len[number];
}

static int
map_region(struct accel_dev_internal *slot, unsigned int number,
		const struct bus_region_info *info, struct accel_region *region)
{
	struct addrspace_range area = largest_area(info);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t first = (area.first + page - 1) & ~(page - 1);
	uint64_t end = (area.last + 1) & ~(page - 1);
	void *va;
	int ret;

	if (slot->region_va[number] != NULL) {
		use_map(slot, number, region);
		return 0;
	}
	/*
	 * Less than a page shares its page with other devices: such a region goes through the bus.
	 */
	if ((info->flags & BUS_REGION_MMAP) == 0 || slot->bus->ops->region_map == NULL ||
			first >= end)
		return 0;
	ret = slot->bus->ops->region_map(slot->bus, number, first, end - first, &va);
	if (ret != 0)
		return ret;
	slot->region_va[number] = va;
	slot->region_first[number] = first;
	slot->region_len[number] = end - first;
	use_map(slot, number, region);
	return 0;
}

int
accel_dev_region(struct accel_dev *dev, unsigned int number, struct accel_region *region)
{
	struct accel_dev_internal *slot = dev->internal;
	struct bus_region_info info;
	int ret;

	if (number >= BUS_REGIONS)
		return -EINVAL;
	if (slot->bus->ops->region_read == NULL)
		return -ENOTSUP;
	ret = slot->bus->ops->region_info(slot->bus, number, &info);
	if (ret != 0)
		return ret;
	memset(region, 0, sizeof(*region));
	region->size = info.size;
	region->number = number;
	region->dev = dev;
	region->silent = &slot->bus->silent;
	ret = info.size != 0 ? map_region(slot, number, &info, region) : -ENOENT;
	free(info.areas);
	return ret;
}

int
accel_region_get(uint16_t dev_id, unsigned int number, struct accel_region *region)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	struct accel_region got;
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = region == NULL ? -EINVAL : health_get(slot) == ACCEL_DEV_GONE ? -ENODEV :
			accel_dev_region(&slot->dev, number, &got);
	if (ret == 0)
		*region = got;
	else
		ACCEL_LOG(ERR, device, "%s: region %u cannot be used: %s", slot->data.name, number,
				accel_strerror(ret));
	dev_unlock(slot);
	return ret;
}

void
regions_drop(struct accel_dev_internal *slot)
{
	unsigned int i;

	for (i = 0; i < BUS_REGIONS; i++) {
		if (slot->region_va[i] != NULL)
			slot->bus->ops->region_unmap(slot->bus, slot->region_va[i]);
		slot->region_va[i] = NULL;
	}
}

uint64_t
accel_mmio_bus_read(const struct accel_region *region, uint64_t off, unsigned int width)
{
	struct bus_dev *bus = region->dev->internal->bus;
	uint64_t value = 0;

	if (off > region->size || width > region->size - off ||
			bus->ops->region_read(bus, region->number, off, &value, width) != 0 ||
			bus_is_silent(bus))
		return UINT64_MAX;
	return value;
}

void
accel_mmio_bus_write(const struct accel_region *region, uint64_t off, unsigned int width,
		uint64_t value)
{
	struct bus_dev *bus = region->dev->internal->bus;

	if (off <= region->size && width <= region->size - off)
		bus->ops->region_write(bus, region->number, off, &value, width);
}

int
accel_dev_bus_reset(struct accel_dev *dev)
{
	struct bus_dev *bus = dev->internal->bus;

	return bus->ops->reset != NULL ? bus->ops->reset(bus) : -ENOTSUP;
}

int
accel_dev_bus_master(struct accel_dev *dev, bool on)
{
	struct accel_dev_internal *slot = dev->internal;

	return slot->bus->ops->region_read != NULL ? health_set_master(slot, on) : -ENOTSUP;
}

/*
 * Registers for applications
 */

static int
log_gone(const struct accel_dev_internal *slot)
{
	ACCEL_LOG(ERR, device, "%s: has no registers any more: it was removed; close it",
			slot->data.name);
	return -ENODEV;
}

/* Why a register does not answer: 0 when it should. */
static int
check_answers(const struct accel_dev_internal *slot, unsigned int region)
{
	if (health_get(slot) == ACCEL_DEV_GONE)
		return log_gone(slot);
	if (region == BUS_REGION_CONFIG || !bus_is_silent(slot->bus))
		return 0;
	ACCEL_LOG(ERR, device, "%s: does not answer: memory access is off in config space, or it was "
			"removed", slot->data.name);
	return -EIO;
}

static int
check_reg(struct accel_dev_internal *slot, unsigned int region, uint64_t off, unsigned int width)
{
	struct bus_region_info info;
	int ret;

	if (health_get(slot) == ACCEL_DEV_GONE)
		return log_gone(slot);
	if (slot->bus->ops->region_read == NULL) {
		ACCEL_LOG(ERR, device, "%s: has no registers", slot->data.name);
		return -ENOTSUP;
	}
	ret = slot->bus->ops->region_info(slot->bus, region, &info);
	if (ret != 0 && health_get(slot) >= ACCEL_DEV_REMOVING)
		return log_gone(slot); /* it is being given back at this moment */
	if (ret != 0)
		info.size = 0;
	else
		free(info.areas);
	if ((width == 1 || width == 2 || width == 4 || width == 8) && off % width == 0 &&
			off < info.size && width <= info.size - off)
		return 0;
	ACCEL_LOG(ERR, device, "%s: access of %u bytes at 0x%" PRIx64 " of region %u: width must be 1, 2, "
			"4 or 8, the offset a multiple of it and inside its %" PRIu64 " bytes",
			slot->data.name, width, off, region, info.size);
	return -EINVAL;
}

static int
log_no_answer(const struct accel_dev_internal *slot, unsigned int region, uint64_t off, int err)
{
	ACCEL_LOG(ERR, device, "%s: the register at 0x%" PRIx64 " of region %u cannot be accessed: %s",
			slot->data.name, off, region, accel_strerror(err));
	return -EIO;
}

/*
 * Where a register is mapped, if it has 8 bytes: the kernel splits an access of 8 bytes through the
 * descriptor in two, which a register may not bear. Narrower ones need no mapping.
 */
static volatile uint64_t *
wide_reg(const struct accel_dev_internal *slot, unsigned int region, uint64_t off,
		unsigned int width)
{
	uint64_t at;

	if (width != 8 || region >= BUS_REGIONS || slot->region_va[region] == NULL)
		return NULL;
	at = off - slot->region_first[region];
	if (at >= slot->region_len[region]) /* also when off lies before it */
		return NULL;
	return (volatile uint64_t *)((char *)slot->region_va[region] + at);
}

static int
read_reg(struct accel_dev_internal *slot, unsigned int region, uint64_t off, unsigned int width,
		uint64_t *value)
{
	volatile uint64_t *reg = wide_reg(slot, region, off, width);

	if (reg == NULL)
		return slot->bus->ops->region_read(slot->bus, region, off, value, width);
	*value = *reg;
	return 0;
}

static int
write_reg(struct accel_dev_internal *slot, unsigned int region, uint64_t off, unsigned int width,
		uint64_t value)
{
	volatile uint64_t *reg = wide_reg(slot, region, off, width);

	if (reg == NULL)
		return slot->bus->ops->region_write(slot->bus, region, off, &value, width);
	*reg = value;
	return 0;
}

/* What came back is no value if the device went away meanwhile. */
static int
read_checked(struct accel_dev_internal *slot, unsigned int region, uint64_t off,
		unsigned int width, uint64_t *value)
{
	int ret = check_answers(slot, region);

	if (ret != 0)
		return ret;
	ret = read_reg(slot, region, off, width, value);
	return ret != 0 ? log_no_answer(slot, region, off, ret) : check_answers(slot, region);
}

int
accel_reg_size(uint16_t dev_id, unsigned int region, uint64_t *size)
{
	struct accel_dev_internal *slot;
	struct bus_region_info info;
	int ret;

	if (size == NULL || region >= BUS_REGIONS)
		return -EINVAL;
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = slot->bus->ops->region_info(slot->bus, region, &info);
	*size = ret == 0 ? info.size : 0; /* a region that is refused is one that is not there */
	if (ret == 0)
		free(info.areas);
	dev_unlock(slot);
	return 0;
}

int
accel_reg_read(uint16_t dev_id, unsigned int region, uint64_t off, unsigned int width,
		uint64_t *value)
{
	struct accel_dev_internal *slot;
	uint64_t got = 0;
	int ret;

	if (value == NULL)
		return -EINVAL;
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = check_reg(slot, region, off, width);
	if (ret == 0)
		ret = read_checked(slot, region, off, width, &got);
	if (ret == 0)
		*value = got;
	dev_unlock(slot);
	return ret;
}

int
accel_reg_write(uint16_t dev_id, unsigned int region, uint64_t off, unsigned int width,
		uint64_t value)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = check_reg(slot, region, off, width);
	if (ret == 0)
		ret = check_answers(slot, region);
	if (ret == 0) {
		ret = write_reg(slot, region, off, width, value);
		if (ret != 0)
			ret = log_no_answer(slot, region, off, ret);
	}
	dev_unlock(slot);
	return ret;
}

/*
 * Interrupts
 */

static int
irq_count(struct accel_dev_internal *slot, enum accel_irq irq)
{
	struct bus_irq_info info;
	int ret;

	if ((unsigned int)irq > ACCEL_IRQ_MSIX)
		return -EINVAL;
	ret = slot->bus->ops->irq_info(slot->bus, (enum bus_irq)irq, &info);
	return ret == 0 ? (int)info.count : ret;
}

int
accel_irq_count(uint16_t dev_id, enum accel_irq irq)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = irq_count(slot, irq);
	dev_unlock(slot);
	return ret;
}

int
accel_dev_irq_set(struct accel_dev *dev, enum accel_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	struct accel_dev_internal *slot = dev->internal;
	int count = irq_count(slot, irq);
	int ret;

	if (count < 0)
		return count;
	if (slot->bus->ops->irq_set == NULL)
		ret = -ENOTSUP;
	else if (start > (unsigned int)count || n > (unsigned int)count - start ||
			(n > 0 && fds == NULL) || (n == 0 && start != 0))
		ret = -EINVAL;
	else
		ret = slot->bus->ops->irq_set(slot->bus, (enum bus_irq)irq, start, n, fds);
	if (ret != 0)
		ACCEL_LOG(ERR, device, "%s: vectors %u to %u of kind %d cannot be set: %s; it has %d",
				dev->name, start, start + n, irq, accel_strerror(ret), count);
	return ret;
}

int
accel_irq_set(uint16_t dev_id, enum accel_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret;

	if (slot == NULL)
		return -ENODEV;
	ret = accel_dev_irq_set(&slot->dev, irq, start, n, fds);
	dev_unlock(slot);
	return ret;
}
