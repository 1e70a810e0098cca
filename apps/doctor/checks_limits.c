/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <eal_glue/host_hugepages.h>

/* An arena takes half of what the limit leaves, and one hugepage at least; 32 MiB where it can. */
#define MEMLOCK_LEAST (UINT64_C(4) << 20)
#define MEMLOCK_RUN   (UINT64_C(64) << 20)
#define FILES_RUN     1024

/* Limits of this process. */

static void
show_limit(uint64_t value, char *text, size_t size)
{
	if (value == UINT64_MAX)
		snprintf(text, size, "unlimited");
	else
		host_show_size(value, text, size);
}

static void
mend_memlock(const struct doctor *d, struct json_object *c, const struct host_limit *limit)
{
	if (d->in_container)
		check_mend(c, "docker run --ulimit memlock=-1:-1 ...");
	else if (limit->hard == UINT64_MAX)
		check_mend(c, "ulimit -l unlimited");
	else
		check_mend(c, "echo '%s - memlock unlimited' >/etc/security/limits.d/acceldev.conf",
				d->user_name);
}

void
check_memlock(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "memlock", "limit on locked memory");
	char soft[32], hard[32];
	struct host_limit limit;
	uint64_t left;

	if (host_limit_get(&d->host, "Max locked memory", &limit) != 0) {
		check_say(c, VERDICT_UNKNOWN, "not told in /proc/self/limits");
		return;
	}
	show_limit(limit.soft, soft, sizeof(soft));
	show_limit(limit.hard, hard, sizeof(hard));
	if (host_user_can(&d->user, CAP_IPC_LOCK)) {
		check_say(c, VERDICT_OK, "%s (hard %s), does not bind this user (CAP_IPC_LOCK)",
				soft, hard);
		return;
	}
	left = limit.soft >> 10 > d->user.locked_kib ?
			limit.soft - (d->user.locked_kib << 10) : 0;
	check_say(c, left < MEMLOCK_LEAST ? VERDICT_PROBLEM : left < MEMLOCK_RUN ? VERDICT_WARNING :
			VERDICT_OK, "%s (hard %s), %" PRIu64 " KiB locked", soft, hard,
			d->user.locked_kib);
	if (left >= MEMLOCK_RUN)
		return;
	check_detail(c, "%s: the memory that a device reaches is locked, per I/O space; a service "
			"takes LimitMEMLOCK=infinity, and a shell that was begun before keeps its "
			"limit",
			left < MEMLOCK_LEAST ? "prevents buffers of devices on bus pci" :
			"does for small buffers of devices on bus pci only");
	mend_memlock(d, c, &limit);
}

static void
check_files(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "nofile", "limit on open files");
	struct host_limit limit;
	char soft[32], hard[32];

	if (host_limit_get(&d->host, "Max open files", &limit) != 0) {
		check_say(c, VERDICT_UNKNOWN, "not told in /proc/self/limits");
		return;
	}
	snprintf(soft, sizeof(soft), "%" PRIu64, limit.soft);
	snprintf(hard, sizeof(hard), "%" PRIu64, limit.hard);
	check_say(c, limit.soft < FILES_RUN ? VERDICT_WARNING : VERDICT_OK, "%s (hard %s)",
			limit.soft == UINT64_MAX ? "unlimited" : soft,
			limit.hard == UINT64_MAX ? "unlimited" : hard);
	if (limit.soft >= FILES_RUN)
		return;
	check_detail(c, "EAL keeps one for each hugepage unless it has --single-file-segments, and "
			"each device takes some");
	if (limit.hard > limit.soft)
		check_mend(c, "ulimit -n %s", limit.hard > 65536 ? "65536" : hard);
	else
		check_mend(c, "echo '%s - nofile 65536' >/etc/security/limits.d/nofile.conf",
				d->user_name);
}

void
checks_limits(const struct doctor *d, struct json_object *checks)
{
	check_memlock(d, checks);
	check_files(d, checks);
}
