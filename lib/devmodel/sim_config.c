/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "sim_config.h"

#include <linux/pci_regs.h>
#include <string.h>

#define COMMAND_BITS (PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE)

static void
put(uint8_t *bytes, unsigned int off, uint64_t value, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		bytes[off + i] = (uint8_t)(value >> (8 * i));
}

/* A 32-bit memory BAR: software finds its size by writing ones, which stick above the size. */
static void
init_bar(struct sim_config *config, unsigned int bar, uint64_t size)
{
	if (size != 0)
		put(config->writable, PCI_BASE_ADDRESS_0 + 4 * bar, ~(size - 1) & UINT32_MAX, 4);
}

void
sim_config_init(struct sim_config *config, const struct devmodel_type *type)
{
	const struct devmodel_id *id = &type->id;
	unsigned int i;

	memset(config, 0, sizeof(*config));
	put(config->bytes, PCI_VENDOR_ID, id->vendor, 2);
	put(config->bytes, PCI_DEVICE_ID, id->device, 2);
	put(config->bytes, PCI_CLASS_REVISION, id->class_code << 8 | id->revision, 4);
	put(config->bytes, PCI_SUBSYSTEM_VENDOR_ID, id->subsystem_vendor, 2);
	put(config->bytes, PCI_SUBSYSTEM_ID, id->subsystem_device, 2);
	/* As vfio-pci hands a function over: memory on, bus mastering off. */
	put(config->bytes, PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
	put(config->writable, PCI_COMMAND, COMMAND_BITS, 2);
	put(config->writable, PCI_CACHE_LINE_SIZE, 0xff, 1);
	put(config->writable, PCI_INTERRUPT_LINE, 0xff, 1);
	for (i = 0; i < DEVMODEL_BARS; i++)
		init_bar(config, i, type->bar_size[i]);
}

void
sim_config_read(const struct sim_config *config, uint64_t off, void *data, size_t len)
{
	memcpy(data, config->bytes + off, len);
}

void
sim_config_write(struct sim_config *config, uint64_t off, const void *data, size_t len)
{
	const uint8_t *in = data;
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t mask = config->writable[off + i];

		config->bytes[off + i] = (uint8_t)((config->bytes[off + i] & ~mask) | (in[i] & mask));
	}
}

bool
sim_config_bus_master(const struct sim_config *config)
{
	return (config->bytes[PCI_COMMAND] & PCI_COMMAND_MASTER) != 0;
}

bool
sim_config_memory(const struct sim_config *config)
{
	return (config->bytes[PCI_COMMAND] & PCI_COMMAND_MEMORY) != 0;
}
