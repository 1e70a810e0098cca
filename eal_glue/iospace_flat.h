/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_FLAT_H
#define IOSPACE_FLAT_H

/**
 * @file
 * Backend without an IOMMU, for devices that are software in this process: IOVA = virtual address,
 * and the table of the iospace alone decides what is reachable.
 */

struct iospace;

/** Make a flat iospace: 0 or negative errno as iospace_create(). */
int iospace_flat_create(const char *name, struct iospace **ios);

#endif
