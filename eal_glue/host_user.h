/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_USER_H
#define HOST_USER_H

/**
 * @file
 * Who this process is for the kernel, and its limits. Threads: any.
 */

#include <linux/capability.h>

#include "host.h"

struct host_user {
	uint32_t uid, gid;      /**< effective */
	uint32_t groups[64];
	unsigned int nb_groups;
	bool has_caps;          /**< caps are known */
	uint64_t caps;          /**< effective capabilities over the machine, a bit each */
	bool in_userns;         /**< in a user namespace, where caps are none */
	uint64_t locked_kib;    /**< memory that is locked already */
	unsigned int seccomp;   /**< 0: none, 1: strict, 2: a filter */
};

/** Who it is; members that the kernel does not tell are 0. */
void host_user_get(const struct host *h, struct host_user *user);

bool host_user_in_group(const struct host_user *user, uint32_t gid);

/** Whether it has a capability (CAP_*). Unknown counts as what root has. */
bool host_user_can(const struct host_user *user, unsigned int cap);

/** Its name for commands; the number where there is no name. */
void host_user_name(const struct host *h, const struct host_user *user, char *text, size_t size);

/** A limit; UINT64_MAX: none. */
struct host_limit {
	uint64_t soft, hard;
};

/**
 * Read a limit by the name that /proc/self/limits gives it, as "Max locked memory".
 *
 * @retval 0 success
 * @retval -ENOENT no such limit
 * @retval -EPROTO not two numbers
 * @return other negative errno from reading
 */
int host_limit_get(const struct host *h, const char *name, struct host_limit *limit);

/** What it runs in: "docker", "podman", ...; false when that is no container. */
bool host_container(const struct host *h, char *text, size_t size);

#endif
