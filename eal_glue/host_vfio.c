/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host_vfio.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef VFIO_UNMAP_ALL
#define VFIO_UNMAP_ALL 9
#endif

/* A switch of a module: "Y" or "N". */
static enum host_answer
read_switch(const struct host *h, const char *module, const char *parameter)
{
	char text[16];

	if (host_read(h, text, sizeof(text), "/sys/module/%s/parameters/%s", module, parameter) < 0)
		return HOST_UNKNOWN;
	if (text[0] == 'Y' || text[0] == '1')
		return HOST_YES;
	return text[0] == 'N' || text[0] == '0' ? HOST_NO : HOST_UNKNOWN;
}

static int
open_node(const struct host *h, const char *name)
{
	char path[PATH_MAX];
	int fd, ret = host_path(h, path, sizeof(path), "/dev/vfio/%s", name);

	if (ret != 0)
		return ret;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return fd >= 0 ? fd : -errno;
}

static enum host_answer
has_extension(int fd, int extension)
{
	int ret = ioctl(fd, VFIO_CHECK_EXTENSION, extension);

	return ret > 0 ? HOST_YES : ret == 0 ? HOST_NO : HOST_UNKNOWN;
}

static void
ask_container(const struct host *h, struct host_vfio *vfio)
{
	int fd = open_node(h, "vfio");

	vfio->container = fd < 0 ? fd : 0;
	if (fd < 0)
		return;
	vfio->type1v2 = has_extension(fd, VFIO_TYPE1v2_IOMMU);
	vfio->unmap_all = has_extension(fd, VFIO_UNMAP_ALL);
	close(fd);
}

void
host_vfio_get(const struct host *h, struct host_vfio *vfio)
{
	memset(vfio, 0, sizeof(*vfio));
	vfio->type1v2 = vfio->unmap_all = HOST_UNKNOWN;
	vfio->container = -ENODEV;
	vfio->running = host_exists(h, "/sys/class/misc/vfio") ||
			host_exists(h, "/sys/module/vfio");
	vfio->has_driver = host_exists(h, "/sys/bus/pci/drivers/vfio-pci");
	vfio->has_iommufd = host_exists(h, "/dev/iommu");
	vfio->noiommu = read_switch(h, "vfio", "enable_unsafe_noiommu_mode");
	vfio->unsafe_interrupts = read_switch(h, "vfio_iommu_type1", "allow_unsafe_interrupts");
	if (host_read_u64(h, &vfio->dma_entry_limit,
			"/sys/module/vfio_iommu_type1/parameters/dma_entry_limit") != 0)
		vfio->dma_entry_limit = 0;
	/* The node may exist before the module, which opening it then loads. */
	if (vfio->running)
		ask_container(h, vfio);
}

/*
 * IOMMU
 */

static bool
is_iommu_word(const char *word)
{
	static const char *const words[] = {
		"intel_iommu=", "amd_iommu=", "iommu=", "iommu.", "intremap=",
		"nointremap", "vfio", "pci=noats", "arm-smmu" };
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(word, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static void
read_cmdline(const struct host *h, struct host_iommu *iommu)
{
	char text[4096], *word, *save = NULL;
	size_t used = 0;

	host_read(h, text, sizeof(text), "/proc/cmdline");
	for (word = strtok_r(text, " \t\n", &save); word != NULL; word = strtok_r(NULL, " "
			"\t\n", &save)) {
		if (is_iommu_word(word) && used + strlen(word) + 2 < sizeof(iommu->cmdline))
			used += (size_t)snprintf(iommu->cmdline + used,
					sizeof(iommu->cmdline) - used, "%s%s",
					used != 0 ? " " : "", word);
	}
}

static enum host_cpu
read_cpu(const struct host *h)
{
	if (host_contains(h, "GenuineIntel", "/proc/cpuinfo"))
		return HOST_CPU_INTEL;
	if (host_contains(h, "AuthenticAMD", "/proc/cpuinfo") ||
			host_contains(h, "HygonGenuine", "/proc/cpuinfo"))
		return HOST_CPU_AMD;
	return HOST_CPU_OTHER;
}

/* Bit 3 of the extended capabilities of a VT-d unit. */
static bool
lacks_remapping(const struct host *h)
{
	struct host_names names;
	bool lacks = false;
	unsigned int i;
	char text[64];

	host_names_get(h, &names, "/sys/class/iommu");
	for (i = 0; i < names.n; i++) {
		if (host_read(h, text, sizeof(text), "/sys/class/iommu/%s/intel-iommu/ecap",
				names.entry[i]->d_name) > 0 && isxdigit((unsigned char)text[0]))
			lacks |= (strtoull(text, NULL, 16) >> 3 & 1) == 0;
	}
	host_names_free(&names);
	return lacks;
}

/* Interrupts that are remapped have it in the name of their chip. */
static enum host_answer
read_remapping(const struct host *h, const struct host_iommu *iommu)
{
	if (host_contains(h, " IR-", "/proc/interrupts") ||
			host_contains(h, "-IR-", "/proc/interrupts"))
		return HOST_YES;
	if (strstr(iommu->cmdline, "intremap=off") != NULL ||
			strstr(iommu->cmdline, "nointremap") != NULL || lacks_remapping(h))
		return HOST_NO;
	return HOST_UNKNOWN;
}

static unsigned int
count(const struct host *h, const char *dir)
{
	struct host_names names;
	unsigned int n;

	host_names_get(h, &names, "%s", dir);
	n = names.n;
	host_names_free(&names);
	return n;
}

void
host_iommu_get(const struct host *h, struct host_iommu *iommu)
{
	memset(iommu, 0, sizeof(*iommu));
	iommu->nb_groups = count(h, "/sys/kernel/iommu_groups");
	iommu->nb_units = count(h, "/sys/class/iommu");
	iommu->cpu = read_cpu(h);
	iommu->hypervisor = host_contains(h, " hypervisor", "/proc/cpuinfo");
	read_cmdline(h, iommu);
	iommu->remapping = read_remapping(h, iommu);
}

/*
 * Groups
 */

void
host_group_ask(const struct host *h, int group, struct host_group *answer)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", group);
	fd = open_node(h, name);
	answer->open = fd < 0 ? fd : 0;
	answer->viable = HOST_UNKNOWN;
	if (fd < 0)
		return;
	if (ioctl(fd, VFIO_GROUP_GET_STATUS, &status) == 0)
		answer->viable = (status.flags & VFIO_GROUP_FLAGS_VIABLE) != 0 ? HOST_YES : HOST_NO;
	close(fd);
}

static bool
has_open(const struct host *h, const char *pid, const char *path)
{
	char dir[PATH_MAX], target[PATH_MAX];
	struct host_names fds;
	bool found = false;
	unsigned int i;
	ssize_t n;

	host_names_get(h, &fds, "/proc/%s/fd", pid);
	for (i = 0; i < fds.n && !found; i++) {
		if (host_path(h, dir, sizeof(dir), "/proc/%s/fd/%s", pid,
				fds.entry[i]->d_name) != 0)
			continue;
		n = readlink(dir, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = 0;
		found = strcmp(target, path) == 0;
	}
	host_names_free(&fds);
	return found;
}

unsigned int
host_group_holders(const struct host *h, int group, pid_t *pids, unsigned int max)
{
	struct host_names names;
	unsigned int i, n = 0;
	char path[32];

	snprintf(path, sizeof(path), "/dev/vfio/%d", group);
	host_names_get(h, &names, "/proc");
	for (i = 0; i < names.n && n < max; i++) {
		const char *name = names.entry[i]->d_name;

		if (isdigit((unsigned char)name[0]) && has_open(h, name, path))
			pids[n++] = (pid_t)strtol(name, NULL, 10);
	}
	host_names_free(&names);
	return n;
}

void
host_process_name(const struct host *h, pid_t pid, char *text, size_t size)
{
	host_read(h, text, size, "/proc/%d/comm", (int)pid);
}
