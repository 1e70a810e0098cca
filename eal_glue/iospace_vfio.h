/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_VFIO_H
#define IOSPACE_VFIO_H

/**
 * @file
 * Backend on the kernel's VFIO type 1 (version 2) IOMMU: a container, in which groups are.
 */

#include "bus.h"

struct iospace;

/**
 * Make an iospace for a group, or add a group to one that this function made.
 *
 * @param group_fd  an open, viable group that is in no container
 * @retval 0 success
 * @retval -ENODEV the kernel has no VFIO or not type1v2; logged
 * @retval -EINVAL conf->shared is no VFIO iospace, or the kernel refuses the group beside the
 *         others
 * @return other negative errno as iospace_create(); logged. On failure the group is in no
 *         container.
 */
int iospace_vfio_attach(int group_fd, const struct bus_attach_conf *conf, struct iospace **ios);

#endif
