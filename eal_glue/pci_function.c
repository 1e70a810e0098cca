/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pci_function.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_devargs.h>

#include "glue_log.h"

#define SYSFS_DEVICES "/sys/bus/pci/devices"
#define SYSFS_GROUPS  "/sys/kernel/iommu_groups"

/* Before those paths; empty but in tests. */
static const char *root = "";

void
pci_function_root(const char *path)
{
	root = path;
}

static int
parse_address(const char *text, char *address, size_t size)
{
	unsigned int domain = 0, bus, device, function;
	int end = -1;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &end) != 4) {
		end = -1;
		domain = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &device, &function, &end) != 3)
			return -EINVAL;
	}
	if (end < 0 || text[end] != 0 || device > 31 || function > 7)
		return -EINVAL;
	snprintf(address, size, "%04x:%02x:%02x.%x", domain & 0xffff, bus & 0xff, device, function);
	return 0;
}

/* The last component of a link below a function; empty when there is none. */
static void
read_link(const char *address, const char *name, char *text, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t n;

	text[0] = 0;
	snprintf(path, sizeof(path), "%s" SYSFS_DEVICES "/%s/%s", root, address, name);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return;
	target[n] = 0;
	last = strrchr(target, '/');
	snprintf(text, size, "%.*s", (int)size - 1, last != NULL ? last + 1 : target);
}

static bool
read_number(const char *address, const char *name, long *number)
{
	char path[PATH_MAX], line[32];
	char *end;
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s" SYSFS_DEVICES "/%s/%s", root, address, name);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	ok = fgets(line, sizeof(line), f) != NULL;
	fclose(f);
	if (!ok)
		return false;
	*number = strtol(line, &end, 0);
	return end != line;
}

static long
read_number_or(const char *address, const char *name, long other)
{
	long number;

	return read_number(address, name, &number) ? number : other;
}

/* What EAL's options -a and -b say: with any -a, only those; never one of -b. */
static bool
eal_allows(const char *address)
{
	const struct rte_devargs *da;
	bool any_allowed = false;

	RTE_EAL_DEVARGS_FOREACH("pci", da) {
		char name[16];

		if (parse_address(da->name, name, sizeof(name)) != 0)
			continue;
		if (strcmp(name, address) == 0)
			return da->policy == RTE_DEV_ALLOWED;
		any_allowed |= da->policy == RTE_DEV_ALLOWED;
	}
	return !any_allowed;
}

static void
read_function(struct pci_function *fn)
{
	char group[16];

	fn->id.vendor = (uint16_t)read_number_or(fn->address, "vendor", 0);
	fn->id.device = (uint16_t)read_number_or(fn->address, "device", 0);
	fn->id.subsystem_vendor = (uint16_t)read_number_or(fn->address, "subsystem_vendor", 0);
	fn->id.subsystem_device = (uint16_t)read_number_or(fn->address, "subsystem_device", 0);
	fn->id.class_code = (uint32_t)read_number_or(fn->address, "class", 0);
	fn->socket = (int)read_number_or(fn->address, "numa_node", -1);
	read_link(fn->address, "driver", fn->driver, sizeof(fn->driver));
	read_link(fn->address, "iommu_group", group, sizeof(group));
	fn->group = group[0] != 0 ? atoi(group) : -1;
}

int
pci_function_find(const char *address, struct pci_function *fn)
{
	char path[PATH_MAX];

	memset(fn, 0, sizeof(*fn));
	if (parse_address(address, fn->address, sizeof(fn->address)) != 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: is no PCI address: write it as 0000:03:00.0", address);
		return -EINVAL;
	}
	snprintf(path, sizeof(path), "%s" SYSFS_DEVICES "/%s", root, fn->address);
	if (access(path, F_OK) != 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: there is no such function: see lspci -D", fn->address);
		return -ENODEV;
	}
	if (!eal_allows(fn->address)) {
		ACCEL_LOG(ERR, bus, "pci:%s: EAL's options -a and -b leave it out: change them",
				fn->address);
		return -ENODEV;
	}
	read_function(fn);
	return 0;
}

static int
is_address(const struct dirent *d)
{
	char address[16];

	return parse_address(d->d_name, address, sizeof(address)) == 0;
}

void
pci_function_each(void (*fn)(const struct pci_function *function, void *arg), void *arg)
{
	struct dirent **list;
	char path[PATH_MAX];
	int i, n;

	snprintf(path, sizeof(path), "%s" SYSFS_DEVICES, root);
	n = scandir(path, &list, is_address, alphasort);
	for (i = 0; i < n; i++) {
		struct pci_function function = { 0 };

		parse_address(list[i]->d_name, function.address, sizeof(function.address));
		if (eal_allows(function.address)) {
			read_function(&function);
			fn(&function, arg);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int
pci_function_check(const struct pci_function *fn)
{
	if (fn->group < 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: is in no IOMMU group: switch the IOMMU on in the firmware "
				"and with intel_iommu=on or amd_iommu=on on the kernel's command line",
				fn->address);
		return -ENODEV;
	}
	if (fn->driver[0] == 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: is bound to no driver: dpdk-devbind.py -b vfio-pci %s",
				fn->address, fn->address);
		return -ENODEV;
	}
	if (strcmp(fn->driver, "vfio-pci") != 0) {
		ACCEL_LOG(ERR, bus, "pci:%s: is bound to %s: dpdk-devbind.py -b vfio-pci %s",
				fn->address, fn->driver, fn->address);
		return -ENODEV;
	}
	return 0;
}

/*
 * Groups
 */

/* Drivers that leave a group viable, besides vfio's own and none at all. */
static bool
is_harmless(const char *driver)
{
	return driver[0] == 0 || strncmp(driver, "vfio", 4) == 0 || strcmp(driver, "pcieport") == 0 ||
			strcmp(driver, "pci-stub") == 0;
}

void
pci_group_spoilers(int group, char *text, size_t size)
{
	char path[PATH_MAX];
	struct dirent *d;
	size_t used = 0;
	DIR *dir;

	text[0] = 0;
	snprintf(path, sizeof(path), "%s" SYSFS_GROUPS "/%d/devices", root, group);
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((d = readdir(dir)) != NULL && used < size) {
		char driver[32];

		if (d->d_name[0] == '.')
			continue;
		read_link(d->d_name, "driver", driver, sizeof(driver));
		if (!is_harmless(driver))
			used += snprintf(text + used, size - used, "%s%s (%s)",
					used != 0 ? " " : "", d->d_name, driver);
	}
	closedir(dir);
}
