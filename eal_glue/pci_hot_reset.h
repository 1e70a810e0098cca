/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PCI_HOT_RESET_H
#define PCI_HOT_RESET_H

/**
 * @file
 * Hot reset: resets all functions on a bus or in a slot, which must all be in one IOMMU group here.
 */

/**
 * Reset the functions that can only be reset together with one.
 *
 * Others may use the registers meanwhile, through mappings or calls. The kernel refuses a reset
 * when it meets one of them just then, so this tries again for at least 200 ms.
 *
 * @param dev_fd    of the function
 * @param group_fd  of its IOMMU group
 * @param group     number of that group
 * @retval 0 success
 * @retval -ENOTSUP the function has no such reset, or one of another group would be reset with it
 * @retval -EBUSY others were in the registers at each try
 * @retval -EAGAIN the kernel itself was busy with the bus at each try
 * @return other negative errno from the kernel
 */
int pci_hot_reset(int dev_fd, int group_fd, int group);

#endif
