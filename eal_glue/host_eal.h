/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_EAL_H
#define HOST_EAL_H

/**
 * @file
 * What EAL would find on this machine, and decide, without being started. Threads: any.
 */

#include "host.h"

/** Whether this process sees physical addresses, as EAL tries them in /proc/self/pagemap. */
bool host_physical_addresses(const struct host *h);

/**
 * The IOVA mode that EAL takes when it has hugepages, is given no --iova-mode, and no device asks
 * for one (--no-pci). Without hugepages (--no-huge) it is always VA.
 *
 * @param[out] why  the reason, a literal
 * @return true: PA, false: VA
 */
bool host_iova_is_pa(const struct host *h, const char **why);

/**
 * Folder in which EAL makes the one for its sockets and shared configuration.
 *
 * @param[out] path  without the root
 * @return 0 when this user may make files there, or negative errno
 */
int host_runtime_dir(const struct host *h, char *path, size_t size);

#endif
