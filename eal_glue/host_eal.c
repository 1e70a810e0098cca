/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host_eal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_config.h>

#include "host_user.h"

#define PAGE_FRAME_BITS 55

/* The kernel shows page frames to those with CAP_SYS_ADMIN, and zeros to others. */
bool
host_physical_addresses(const struct host *h)
{
	struct host_user user;
	uint64_t entry = 0;
	uintptr_t page;
	ssize_t n;
	int fd;

	if (host_is_fake(h)) {
		host_user_get(h, &user);
		return host_user_can(&user, CAP_SYS_ADMIN) && host_exists(h, "/proc/self/pagemap");
	}
	fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	page = (uintptr_t)&entry / (uintptr_t)sysconf(_SC_PAGESIZE);
	n = pread(fd, &entry, sizeof(entry), (off_t)(page * sizeof(entry)));
	close(fd);
	return n == sizeof(entry) && (entry & ((UINT64_C(1) << PAGE_FRAME_BITS) - 1)) != 0;
}

static bool
has_groups(const struct host *h)
{
	struct host_names names;
	bool any;

	host_names_get(h, &names, "/sys/kernel/iommu_groups");
	any = names.n != 0;
	host_names_free(&names);
	return any;
}

bool
host_iova_is_pa(const struct host *h, const char **why)
{
#if defined(RTE_IOVA_IN_MBUF) && !RTE_IOVA_IN_MBUF
	*why = "this DPDK was built without physical addresses";
	return false;
#endif
	*why = "this user cannot see physical addresses";
	if (!host_physical_addresses(h))
		return false;
#ifdef RTE_LIB_KNI
	*why = "the module rte_kni is loaded";
	if (host_exists(h, "/sys/module/rte_kni"))
		return true;
#endif
	if (has_groups(h)) {
		*why = "the IOMMU is on";
		return false;
	}
	*why = "physical addresses can be seen, and the IOMMU is off";
	return true;
}

int
host_runtime_dir(const struct host *h, char *path, size_t size)
{
	const char *dir = "/var/run";
	struct host_user user;

	host_user_get(h, &user);
	if (user.uid != 0) {
		dir = getenv("XDG_RUNTIME_DIR");
		if (dir == NULL)
			dir = "/tmp";
	}
	snprintf(path, size, "%s/dpdk", dir);
	host_clean(path);
	if (host_exists(h, "%s", path))
		return host_access(h, W_OK | X_OK, "%s", path);
	return host_access(h, W_OK | X_OK, "%s", dir);
}
