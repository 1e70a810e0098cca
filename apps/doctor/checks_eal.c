/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <string.h>

#include <eal_glue/host_eal.h>

/* What EAL finds and decides. */

static void
check_addresses(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "physical-addresses", "physical addresses");

	if (host_physical_addresses(&d->host))
		check_say(c, VERDICT_OK, "can be seen in /proc/self/pagemap");
	else
		check_say(c, VERDICT_NA, "not for this user, and not needed (--iova-mode=va)");
}

static void
check_iova_mode(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "iova-mode", "EAL's IOVA mode");
	const char *why;

	if (!host_iova_is_pa(&d->host, &why)) {
		check_say(c, VERDICT_OK, "VA: %s", why);
		return;
	}
	check_say(c, VERDICT_WARNING, "PA: %s", why);
	check_detail(c, "so it is without --iova-mode, with hugepages and no device of EAL's own; "
			"with --no-huge it is VA. PA costs a look-up per address and needs root; "
			"add to EAL's options:");
	check_mend(c, "--iova-mode=va");
}

static void
check_runtime_dir(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "runtime-dir", "EAL's runtime folder");
	char path[256];
	int ret = host_runtime_dir(&d->host, path, sizeof(path));

	if (ret == 0) {
		check_say(c, VERDICT_OK, "%s", path);
		return;
	}
	check_say(c, VERDICT_WARNING, "%s: %s", path, strerror(-ret));
	check_detail(c, "EAL starts only with --no-shconf or --in-memory, and without telemetry; "
			"or with a folder that this user may write to:");
	check_mend(c, "export XDG_RUNTIME_DIR=$(mktemp -d)");
}

void
checks_eal(const struct doctor *d, struct json_object *checks)
{
	check_addresses(d, checks);
	check_iova_mode(d, checks);
	check_runtime_dir(d, checks);
}
