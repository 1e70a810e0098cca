/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <acceldev/accel_driver.h>
#include <acceldev/dev_slot.h>

#include "trial.h"

#define DEVICES "/sys/bus/pci/devices"

/* PCI functions: what keeps one from being opened. */

static void
check_binding(const struct pci_function *fn, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "binding", "kernel driver");
	char words[512];
	int ret;

	trial_listen();
	ret = pci_function_check(fn);
	trial_words(words, sizeof(words));
	if (ret == 0) {
		check_say(c, VERDICT_OK, "vfio-pci");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "%s", fn->group < 0 ? "in no IOMMU group" :
			fn->driver[0] != 0 ? fn->driver : "none");
	check_detail(c, "%s", words);
	if (strcmp(fn->driver, "vfio-pci") != 0)
		check_mend(c, "modprobe vfio-pci && dpdk-devbind.py -b vfio-pci %s", fn->address);
}

/* "ADDRESS (DRIVER) ..." as pci_group_spoilers() lists them; the last one may be cut off. */
static void
mend_spoilers(struct json_object *c, const char *text)
{
	char address[32];
	int n;

	for (n = 0; sscanf(text, "%31s (%*[^)])%n", address, &n) == 1 && n != 0; n = 0) {
		check_mend(c, "dpdk-devbind.py -b vfio-pci %s", address);
		text += n;
	}
}

static void
check_viable(const struct pci_function *fn, enum host_answer viable, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "group", "IOMMU group");
	char spoilers[256];

	pci_group_spoilers(fn->group, spoilers, sizeof(spoilers));
	if (viable == HOST_YES || (viable == HOST_UNKNOWN && spoilers[0] == 0)) {
		check_say(c, VERDICT_OK, "%d", fn->group);
		return;
	}
	check_say(c, VERDICT_PROBLEM, "%d is not viable", fn->group);
	check_detail(c, "the kernel gives a group to one user as a whole, and other drivers have: "
			"%s",
			spoilers[0] != 0 ? spoilers : "a function of it");
	mend_spoilers(c, spoilers);
}

static void
explain_access(const struct doctor *d, const struct pci_function *fn, int err,
		struct json_object *c)
{
	if (err == -EACCES || err == -EPERM) {
		check_say(c, VERDICT_PROBLEM, "no permission for %s", d->user_name);
		check_detail(c, "a udev rule makes it last: SUBSYSTEM==\"vfio\", OWNER=\"%s\"%s",
				d->user_name, d->in_container ?
				"; a container must be given the device, not only the file" : "");
		check_mend(c, "chown %s /dev/vfio/%d", d->user_name, fn->group);
	} else if (err == -ENOENT && d->in_container) {
		check_say(c, VERDICT_PROBLEM, "is not there");
		check_detail(c, "pass it into the container");
		check_mend(c, "docker run --device=/dev/vfio/vfio --device=/dev/vfio/%d --ulimit "
				"memlock=-1:-1 ...", fn->group);
	} else {
		check_say(c, VERDICT_PROBLEM, "%s",
				err == -ENOENT ? "is not there" : strerror(-err));
		check_detail(c, "vfio-pci makes the node for a function that is bound to it and "
				"has an IOMMU");
		check_mend(c, "modprobe vfio-pci && dpdk-devbind.py -b vfio-pci %s", fn->address);
	}
}

static void
check_holders(const struct doctor *d, const struct pci_function *fn, int open,
		struct json_object *checks)
{
	struct json_object *c = check_add(checks, "in-use", "in use");
	char name[32], text[256] = "";
	pid_t pids[8];
	unsigned int n = host_group_holders(&d->host, fn->group, pids, 8), i;
	int used = 0;

	for (i = 0; i < n; i++) {
		host_process_name(&d->host, pids[i], name, sizeof(name));
		used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%d (%.16s)",
				i != 0 ? ", " : "", (int)pids[i], name);
	}
	if (n == 0 && open != -EBUSY) {
		check_say(c, VERDICT_OK, "no");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "by %s",
			n != 0 ? text : "a process that this user cannot see");
	check_detail(c, "the kernel gives a group to one process at a time: end that one first");
	check_mend(c, "fuser -v /dev/vfio/%d", fn->group);
}

static void
checks_group(const struct doctor *d, const struct pci_function *fn, bool named,
		struct json_object *checks)
{
	struct host_group group = { .viable = HOST_UNKNOWN };
	struct json_object *c;
	char title[32];

	group.open = host_access(&d->host, R_OK | W_OK, "/dev/vfio/%d", fn->group);
	if (named && group.open == 0 && d->vfio.running)
		host_group_ask(&d->host, fn->group, &group);
	snprintf(title, sizeof(title), "/dev/vfio/%d", fn->group);
	c = check_add(checks, "node", title);
	if (group.open == 0 || group.open == -EBUSY)
		check_say(c, VERDICT_OK, "this user may open it");
	else
		explain_access(d, fn, group.open, c);
	check_viable(fn, group.viable, checks);
	check_holders(d, fn, group.open, checks);
}

void
checks_function(const struct doctor *d, const struct pci_function *fn, bool named,
		struct json_object *checks)
{
	check_binding(fn, checks);
	if (fn->group >= 0 && strcmp(fn->driver, "vfio-pci") == 0)
		checks_group(d, fn, named, checks);
}

/*
 * The list of the machine
 */

/* One line of all that matters to a function: its verdict is the gravest. */
static void
summarise(const struct doctor *d, const struct pci_function *fn, const char *driver,
		struct json_object *checks)
{
	struct json_object *all = checks_new(), *c, *worst;
	char id[32];

	snprintf(id, sizeof(id), "pci:%s", fn->address);
	c = check_add(checks, id, id);
	checks_function(d, fn, false, all);
	worst = checks_worst(all);
	check_say(c, worst != NULL ? check_verdict(worst) : VERDICT_UNKNOWN,
			"%04x:%04x, driver here: %s, kernel driver: %s, group %d, node %d",
			fn->id.vendor, fn->id.device, driver,
			fn->driver[0] != 0 ? fn->driver : "none", fn->group, fn->socket);
	if (worst != NULL && check_verdict(worst) > VERDICT_OK)
		check_copy_cause(c, worst);
	json_object_put(all);
}

static bool
find_quietly(const char *address, struct pci_function *fn)
{
	char words[512];
	int ret;

	trial_listen();
	ret = pci_function_find(address, fn);
	trial_words(words, sizeof(words));
	return ret == 0;
}

/* Whether it concerns us. */
static bool
check_one(const struct doctor *d, const char *address, struct json_object *checks)
{
	struct accel_driver *driver;
	struct pci_function fn;

	if (!find_quietly(address, &fn))
		return false;
	driver = fn.id.vendor != 0 ? driver_get("pci", &fn.id, NULL) : NULL;
	if (driver == NULL && strcmp(fn.driver, "vfio-pci") != 0)
		return false;
	summarise(d, &fn, driver != NULL ? driver->name : "none", checks);
	if (driver != NULL)
		driver_put(driver);
	return true;
}

void
checks_pci(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "pci", "PCI functions");
	struct host_names names;
	unsigned int i, n = 0;

	host_names_get(&d->host, &names, DEVICES);
	for (i = 0; i < names.n; i++)
		n += check_one(d, names.entry[i]->d_name, checks);
	check_say(c, n != 0 ? VERDICT_OK : VERDICT_NA, "%u, of which %u are bound to vfio-pci or "
			"have a driver here", names.n, n);
	if (n == 0 && names.n != 0)
		check_detail(c, "lspci -Dnn shows them; name yours, as in: accel-doctor pci:%s",
				names.entry[0]->d_name);
	host_names_free(&names);
}
