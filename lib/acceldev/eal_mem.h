/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_MEM_H
#define EAL_MEM_H

/**
 * @file
 * For accel_dev_close(): the EAL heap of a device. The device's lock is held.
 */

#include "dev_slot.h"

/** Whether allocations live in the device's EAL heap; logged. */
bool eal_mem_busy(struct accel_dev_internal *slot);

/**
 * End the device's EAL heap, if it has one, after space_close_heap(): 0, or -EBUSY, logged and with
 * that call taken back, when somebody has allocated meanwhile.
 */
int eal_mem_close(struct accel_dev_internal *slot);

#endif
