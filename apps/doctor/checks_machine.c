/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <stdio.h>
#include <string.h>

#include <rte_version.h>

/* Kernel, DPDK, user, container. */

static void
check_kernel(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "kernel", "Linux");
	unsigned int major, minor;
	char release[128];

	if (host_read(&d->host, release, sizeof(release), "/proc/sys/kernel/osrelease") <= 0 ||
			sscanf(release, "%u.%u", &major, &minor) != 2) {
		check_say(c, VERDICT_UNKNOWN, "%s", release[0] != 0 ? release : "not told");
		return;
	}
	check_say(c, VERDICT_OK, "%s", release);
	if (major > 5 || (major == 5 && minor >= 10))
		return;
	check_say(c, VERDICT_WARNING, "%s", release);
	check_detail(c, major < 5 || minor < 4 ?
			"before 5.4 VFIO does not tell which IOVAs it takes, and before 5.10 not "
			"how many maps are left: what does not fit is found out when it is mapped" :
			"before 5.10 VFIO does not tell how many maps are left: 65535 are assumed");
}

/* Releases of one year and month have one ABI. */
static void
check_dpdk(struct json_object *checks)
{
	struct json_object *c = check_add(checks, "dpdk", "DPDK");
	const char *version = strchr(rte_version(), ' ');
	int year = 0, month = 0;

	version = version != NULL ? version + 1 : rte_version();
	check_say(c, VERDICT_OK, "%s", version);
	if (sscanf(version, "%d.%d", &year, &month) == 2 && year == RTE_VER_YEAR &&
			month == RTE_VER_MONTH)
		return;
	check_say(c, VERDICT_PROBLEM, "%s", version);
	check_detail(c, "this program was built for %d.%02d, and structs may differ: programs may "
			"misbehave", RTE_VER_YEAR, RTE_VER_MONTH);
	check_mend(c, "meson setup --wipe build && meson install -C build");
}

static void
check_user(const struct doctor *d, struct json_object *checks)
{
	static const struct { unsigned int cap; const char *name; } caps[] = {
		{ CAP_IPC_LOCK, "IPC_LOCK" }, { CAP_SYS_ADMIN, "SYS_ADMIN" },
		{ CAP_SYS_RAWIO, "SYS_RAWIO" }, { CAP_DAC_OVERRIDE, "DAC_OVERRIDE" },
	};
	struct json_object *c = check_add(checks, "user", "user");
	char text[128] = "";
	unsigned int i;
	int used = 0;

	for (i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		if (host_user_can(&d->user, caps[i].cap))
			used += snprintf(text + used, sizeof(text) - used, " %s", caps[i].name);
	}
	check_say(c, VERDICT_OK, "%s (uid %u), capabilities:%s", d->user_name, d->user.uid,
			used != 0 ? text : " none of those that matter");
	if (d->user.in_userns)
		check_detail(c, "in a user namespace (a container without root): what capabilities "
			"it has there do not count for VFIO");
	else if (!d->user.has_caps)
		check_detail(c, "the kernel does not tell capabilities in /proc/self/status");
}

static void
check_container(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "container", "container");
	const char *filter = d->user.seccomp == 2 ? ", with a seccomp filter" : "";

	if (!d->in_container) {
		check_say(c, VERDICT_NA, "no%s", filter);
		return;
	}
	check_say(c, VERDICT_OK, "%s%s", d->container, filter);
	check_detail(c, "drivers, modules, hugepages and the IOMMU are the host's: run those "
			"commands there; nodes, limits and capabilities are given when the "
			"container starts");
}

void
checks_machine(const struct doctor *d, struct json_object *checks)
{
	check_kernel(d, checks);
	check_dpdk(checks);
	check_user(d, checks);
	check_container(d, checks);
}
