/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SPACE_H
#define SPACE_H

/**
 * @file
 * I/O spaces with their memory, of one device each or shared by name. They lie in a table that
 * lives as long as the process, so that a stale pointer meets a closed heap and never freed memory.
 */

#include <eal_glue/bus.h>

#include "heap.h"

struct space {
	struct heap heap;    /* has its own lock */
	struct iospace *ios;
	unsigned int users;  /* devices */
	char name[32];       /* empty when it is one device's own */
};

struct space_conf {
	const char *share;      /* name to share by, or NULL */
	struct bus_dev *bus;
	uint16_t dev_id;
	struct bus_attach_conf attach; /* all but shared; window: by the width of its addresses */
	unsigned int window_bits;      /* of the aligned window that it is set to in there; 0: all */
	int socket;
	enum hugemem_backing backing;
};

/**
 * Attach a device to the space of that name, or to a new one. Devices with windows that share a
 * space have one window: that of the memory which is mapped when the first of them joins. A space
 * is narrowed to what each device reaches that joins, and stays so when that one leaves, or when
 * its probe fails after all.
 *
 * @retval 0 success
 * @retval -ERANGE the device reaches no address of the space; logged
 * @retval -EBUSY memory is mapped where the device cannot reach, or in several windows; logged
 * @return other negative errno of the bus, logged
 */
int space_join(const struct space_conf *conf, struct space **space);

/**
 * Begin to leave: 0, or -EBUSY when the device has live buffers; no more can be allocated for it.
 */
int space_close_heap(struct space *space, uint16_t dev_id);

/** Leave; the device touches no memory any more. The last one ends the space. */
void space_leave(struct space *space, struct bus_dev *bus);

#endif
