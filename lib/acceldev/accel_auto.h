/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_AUTO_H
#define ACCEL_AUTO_H

/**
 * @file
 * For programs that know nothing of DPDK, and for libraries that stand between them and this one:
 * EAL and devices as the environment says.
 *
 * Threads: any.
 */

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Have EAL initialised. An EAL that the program has initialised is left as it is. Else it is
 * initialised, once, with the options in the environment variable ACCELDEV_EAL_ARGS, separated by
 * blanks; without it with options that need neither root nor hugepages. The caller's CPU affinity
 * stays. EAL stays up until the process ends.
 *
 * @retval 0 success
 * @retval -EINVAL EAL refused the options; logged
 * @retval -EIO EAL does not come up without options; logged
 * @retval -ENOMEM no memory; logged
 * @retval -EMFILE too few file descriptors are left; logged
 */
int accel_auto_init(void);

/**
 * The devices to use: those whose specs the environment variable ACCELDEV_DEVICES has, separated by
 * blanks or semicolons; without it all PCI functions that are bound to vfio-pci and that a driver
 * has the ids of. Does not need EAL, and opens nothing.
 *
 * @param driver  name of the driver whose functions are meant; NULL: of any
 * @param[out] specs  of them, ending with NULL; free() frees all
 * @return how many
 * @retval -ENOMEM no memory
 */
int accel_auto_specs(const char *driver, char ***specs);

/**
 * Have the calls of this thread log nothing, or log again.
 *
 * @return what it was before
 */
bool accel_log_quiet(bool quiet);

#ifdef __cplusplus
}
#endif

#endif
