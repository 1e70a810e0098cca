/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_PROPERTIES_INTERNAL_H
#define OPAE_PROPERTIES_INTERNAL_H

/**
 * @file
 * Properties objects: what is set, and to what.
 */

#include <pthread.h>
#include <stdbool.h>

#include "catalog.h"
#include "object.h"

enum property {
	PROPERTY_PARENT,
	PROPERTY_OBJTYPE,
	PROPERTY_SEGMENT,
	PROPERTY_BUS,
	PROPERTY_DEVICE,
	PROPERTY_FUNCTION,
	PROPERTY_SOCKET_ID,
	PROPERTY_VENDOR_ID,
	PROPERTY_DEVICE_ID,
	PROPERTY_SUBSYSTEM_VENDOR_ID,
	PROPERTY_SUBSYSTEM_DEVICE_ID,
	PROPERTY_GUID,
	PROPERTY_OBJECT_ID,
	PROPERTY_NUM_ERRORS,
	PROPERTY_INTERFACE,
	/* of FPGA_ACCELERATOR */
	PROPERTY_STATE,
	PROPERTY_NUM_MMIO,
	PROPERTY_NUM_INTERRUPTS,
	/* of FPGA_DEVICE */
	PROPERTY_NUM_SLOTS,
	PROPERTY_BBS_ID,
	PROPERTY_BBS_VERSION,
	PROPERTIES,
};

struct values {
	uint32_t set; /* bit n: property n */
	fpga_token parent;
	fpga_objtype objtype;
	uint16_t segment;
	uint8_t bus, device, function, socket_id;
	uint16_t vendor_id, device_id, subsystem_vendor_id, subsystem_device_id;
	fpga_guid guid;
	uint64_t object_id;
	uint32_t num_errors;
	fpga_interface interface;
	fpga_accelerator_state state;
	uint32_t num_mmio, num_interrupts, num_slots;
	uint64_t bbs_id;
	fpga_version bbs_version;
};

struct properties {
	struct object object;
	pthread_mutex_t lock;
	struct values v;
};

static inline bool
is_set(const struct values *v, enum property property)
{
	return (v->set >> property & 1) != 0;
}

/** What is known about an accelerator. */
void values_of(struct accelerator *acc, struct values *v);

/** Whether all that is set in a filter is so in v. */
bool values_match(const struct values *filter, const struct values *v);

/** The values of an object: 0, or -1 when it is none. */
int properties_read(const void *id, struct values *v);

#endif
