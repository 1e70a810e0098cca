/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pci_answer.h"

#include <linux/pci_regs.h>

#include "bus.h"

/* As many as fit between the header and the end of the space below 256 bytes. */
#define MAX_CAPS 48

static uint8_t
read_byte(struct bus_dev *dev, uint64_t off)
{
	uint8_t byte;

	return dev->ops->region_read(dev, BUS_REGION_CONFIG, off, &byte, 1) == 0 ? byte : 0xff;
}

void
pci_answer_init(struct pci_answer *answer, struct bus_dev *dev)
{
	uint8_t at = 0;
	int i;

	answer->pmcsr = 0;
	if ((read_byte(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST) != 0)
		at = read_byte(dev, PCI_CAPABILITY_LIST) & 0xfc;
	for (i = 0; i < MAX_CAPS && at >= PCI_STD_HEADER_SIZEOF; i++) {
		if (read_byte(dev, at + PCI_CAP_LIST_ID) == PCI_CAP_ID_PM) {
			answer->pmcsr = at + PCI_PM_CTRL;
			return;
		}
		at = read_byte(dev, at + PCI_CAP_LIST_NEXT) & 0xfc;
	}
}

bool
pci_answer_now(const struct pci_answer *answer, struct bus_dev *dev)
{
	if ((read_byte(dev, PCI_COMMAND) & PCI_COMMAND_MEMORY) == 0)
		return false;
	return answer->pmcsr == 0 ||
			(read_byte(dev, answer->pmcsr) & PCI_PM_CTRL_STATE_MASK) == 0;
}

static bool
covers(uint64_t at, uint64_t off, size_t len)
{
	return at >= off && at - off < len;
}

static uint8_t
byte_at(uint64_t at, uint64_t off, const void *data)
{
	return ((const uint8_t *)data)[at - off];
}

bool
pci_answer_ends(const struct pci_answer *answer, uint64_t off, const void *data, size_t len)
{
	if (covers(PCI_COMMAND, off, len) &&
			(byte_at(PCI_COMMAND, off, data) & PCI_COMMAND_MEMORY) == 0)
		return true;
	return answer->pmcsr != 0 && covers(answer->pmcsr, off, len) &&
			(byte_at(answer->pmcsr, off, data) & PCI_PM_CTRL_STATE_MASK) != 0;
}

bool
pci_answer_may_begin(const struct pci_answer *answer, uint64_t off, size_t len)
{
	return covers(PCI_COMMAND, off, len) ||
			(answer->pmcsr != 0 && covers(answer->pmcsr, off, len));
}
