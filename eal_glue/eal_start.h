/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_START_H
#define EAL_START_H

/**
 * @file
 * Brings EAL up for a program that knows nothing of it.
 *
 * Threads: any.
 */

/**
 * Have EAL initialised. An EAL that the program has initialised is left as it is; else one is
 * initialised with the options in a text, in a thread that ends with that, so that the caller's CPU
 * affinity stays. Tried once in a process, and not before there are enough descriptors.
 *
 * @param options  separated by blanks; NULL for some that need neither root nor hugepages, touch no
 *                 PCI function, and make no thread that polls
 * @retval 0 success
 * @retval -EINVAL EAL refused the options; logged
 * @retval -EIO EAL does not come up without options; logged
 * @retval -ENOMEM no memory, or no thread; logged
 * @retval -EMFILE too few file descriptors are left; logged
 */
int eal_start(const char *options);

#endif
