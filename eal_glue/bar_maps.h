/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BAR_MAPS_H
#define BAR_MAPS_H

/**
 * @file
 * Mappings of a device's registers, which can be cut off from the device in place: what is loaded
 * from them then is all ones, as on a bus where nobody answers (zeros, for mappings of several GiB
 * or when the process has hardly any mappings left), and no access raises SIGBUS.
 *
 * Threads: calls are serialised by the caller. Loads and stores go on meanwhile; a mapping is
 * replaced in one step.
 */

#include <stddef.h>
#include <sys/types.h>

struct bar_map;

struct bar_maps {
	struct bar_map *list;
	int ones_fd; /* a file of ones that nobody can write; -1 before bar_maps_init() */
};

/** Provide for a cut, which must not fail for lack of anything: 0 or negative errno. */
int bar_maps_init(struct bar_maps *maps);

/** Unmap all. */
void bar_maps_fini(struct bar_maps *maps);

/** Map a part of a device's descriptor: 0 or negative errno. */
int bar_maps_add(struct bar_maps *maps, int dev_fd, off_t at, size_t len, void **va);

/** Unmap what bar_maps_add() gave. */
void bar_maps_remove(struct bar_maps *maps, void *va);

/** Put ones in the place of the device. Twice is no harm. */
void bar_maps_cut(struct bar_maps *maps);

/** Put the device back in its place: 0, or negative errno, and some mappings are still cut off. */
int bar_maps_restore(struct bar_maps *maps, int dev_fd);

#endif
