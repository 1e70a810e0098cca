/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_DEVICE_H
#define PERF_DEVICE_H

/** Ops a queue pair of the rows holds: twice the larger burst. */
#define DEVICE_DEPTH 64

/**
 * Probe a device and start it with one queue pair.
 *
 * @return dev_id or negative errno
 */
int device_open(const char *spec);

/** Stop and close; everything of it must have been freed. */
void device_close(int dev_id);

#endif
