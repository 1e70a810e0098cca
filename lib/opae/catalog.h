/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_CATALOG_H
#define OPAE_CATALOG_H

/**
 * @file
 * The accelerators that there are. Each device is opened once to see what it has, and closed; what
 * was seen is remembered as long as the device is among those to use, or somebody holds it.
 *
 * A device whose driver finds no AFU is one accelerator, with its BAR 0 and a GUID of zeros.
 *
 * Threads: any.
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/accel_afu.h>
#include <opae/types.h>

struct card;

/** An accelerator. What is not under the catalog's lock does not change. */
struct accelerator {
	struct card *card;
	struct accel_afu_info afu;
	struct accel_pci_id pci_id;
	uint16_t segment;
	uint8_t bus, device, function;
	uint8_t socket;
	uint32_t num_mmio;
	uint32_t num_irqs;
	uint64_t object_id;
	fpga_interface interface;
	bool open; /* under the lock */
};

/**
 * Look for devices. What fails is logged and left out. 0; -ENOMEM; or an error of
 * accel_auto_init(), logged, when EAL does not come up, which it is only asked to when a device is
 * named.
 */
int catalog_update(void);

/**
 * All accelerators that the latest update found, held.
 *
 * @param[out] accs  free() frees it
 * @return how many, or -ENOMEM
 */
int catalog_all(struct accelerator ***accs);

/** Hold an accelerator that is held, so that it is not forgotten; let go of it. */
void accelerator_hold(struct accelerator *acc);
void accelerator_put(struct accelerator *acc);

/** Whether it is open in this process. */
bool accelerator_is_open(struct accelerator *acc);

/** Open its device: the dev_id, or negative errno; -EBUSY when it is open. */
int accelerator_open(struct accelerator *acc);
void accelerator_close(struct accelerator *acc);

/** Forget what is not held. */
void catalog_forget(void);

#endif
