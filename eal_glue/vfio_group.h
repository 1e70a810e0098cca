/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VFIO_GROUP_H
#define VFIO_GROUP_H

/**
 * @file
 * IOMMU groups that this process has open. The kernel gives a group to one opener, and puts it as a
 * whole into one container, so the functions of a group share both. Threads: any.
 */

#include "bus.h"
#include "pci_function.h"

struct iospace;
struct vfio_group;

/**
 * Open the group of a function, or use it once more.
 *
 * @retval 0 success
 * @retval -EACCES no permission on its node; -EBUSY open elsewhere; -ENODEV no node, or not viable;
 *         all logged with the remedy
 */
int vfio_group_get(const struct pci_function *fn, struct vfio_group **group);

/** Let go; the last one closes it. */
void vfio_group_put(struct vfio_group *group);

/**
 * Put the group in an I/O space; for its second function, only into the one that it is in.
 *
 * @retval 0 success
 * @retval -EBUSY the group is in another iospace; logged
 * @return other negative errno from iospace_vfio_attach()
 */
int vfio_group_attach(struct vfio_group *group, const struct bus_attach_conf *conf,
		struct iospace **ios);

/**
 * Undo vfio_group_attach() of one function, whose descriptor is closed. The iospace is left alone.
 */
void vfio_group_detach(struct vfio_group *group);

/** Descriptor of a function: not negative, or negative errno, logged. */
int vfio_group_device(struct vfio_group *group, const struct pci_function *fn, const char *token);

/**
 * Reset the functions that can only be reset together with one of a group. 0, -ENOTSUP when another
 * function of the group is open or one of another group would be reset with it, or negative errno.
 */
int vfio_group_hot_reset(struct vfio_group *group, int dev_fd);

#endif
