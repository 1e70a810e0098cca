/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_HANDLE_H
#define OPAE_HANDLE_H

#include <acceldev/accel_mmio.h>
#include <frontend/id_table.h>

#include "catalog.h"
#include "object.h"

/** What fpga_handle names: an open accelerator. */
struct handle {
	struct object object;
	struct accelerator *acc;    /* held */
	uint16_t dev_id;
	struct accel_region region; /* of its registers, when acc->num_mmio is not 0 */
	unsigned int maps;          /* atomic: fpgaMapMMIO() less fpgaUnmapMMIO() */
	struct id_table buffers;    /* by wsid: struct accel_buf, IOVA */
};

/** Release the buffers that are left. */
void buffers_release(struct handle *h);

#endif
