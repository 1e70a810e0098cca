/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "bus.h"

#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "glue_log.h"

RTE_LOG_REGISTER(accel_logtype_bus, acceldev.bus, NOTICE);

__thread bool glue_log_quiet;

/* Buses register in constructors, before there are threads, and stay. */
static struct bus *buses;

void
bus_register(struct bus *bus)
{
	bus->next = buses;
	buses = bus;
}

const struct bus *
bus_find(const char *name)
{
	const struct bus *bus;

	for (bus = buses; bus != NULL && strcmp(bus->name, name) != 0; bus = bus->next)
		;
	return bus;
}

void
bus_names(char *text, size_t size)
{
	const struct bus *bus;
	size_t used = 0;

	text[0] = 0;
	for (bus = buses; bus != NULL && used < size; bus = bus->next)
		used += snprintf(text + used, size - used, "%s%s", used != 0 ? " " : "", bus->name);
}

int
bus_set_master(struct bus_dev *dev, bool on)
{
	uint16_t command;
	int ret;

	ret = dev->ops->region_read(dev, BUS_REGION_CONFIG, PCI_COMMAND, &command,
			sizeof(command));
	if (ret != 0)
		return ret;
	if (command == UINT16_MAX)
		command = 0; /* it does not answer, and may come back any time */
	/*
	 * Memory access that nobody switched off here was lost in a reset behind the kernel's back,
	 * as of a link after an error. The kernel puts the BARs back when it is asked for access
	 * that it takes to be on, and forgets them when it is told that access is to be off.
	 */
	if (!bus_is_silent(dev))
		command |= PCI_COMMAND_MEMORY;
	command = (uint16_t)(on ? command | PCI_COMMAND_MASTER : command & ~PCI_COMMAND_MASTER);
	return dev->ops->region_write(dev, BUS_REGION_CONFIG, PCI_COMMAND, &command,
			sizeof(command));
}
