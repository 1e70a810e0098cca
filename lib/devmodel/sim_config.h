/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

/**
 * @file
 * Config space of a simulated function: the type 0 header of the PCI Local Bus Specification 3.0,
 * section 6.1, with the registers that software relies on. No locking.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devmodel.h"

#define SIM_CONFIG_SIZE 256

struct sim_config {
	uint8_t bytes[SIM_CONFIG_SIZE];
	uint8_t writable[SIM_CONFIG_SIZE]; /* bits that a write changes */
};

void sim_config_init(struct sim_config *config, const struct devmodel_type *type);

/** off + len lies within SIM_CONFIG_SIZE. */
void sim_config_read(const struct sim_config *config, uint64_t off, void *data, size_t len);
void sim_config_write(struct sim_config *config, uint64_t off, const void *data, size_t len);

/** Whether the function may access memory by itself. */
bool sim_config_bus_master(const struct sim_config *config);

/** Whether it answers accesses to its BARs. */
bool sim_config_memory(const struct sim_config *config);

#endif
