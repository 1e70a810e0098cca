/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "guest_pci.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define DEVICES  "/sys/bus/pci/devices"
#define WAIT_S   20
#define MAX_CAPS 48 /* as many as fit */

/*
 * Taken away and given back
 */

static int
write_file(const char *device, const char *name, const char *word)
{
	char path[128];

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, name);
	return guest_write(path, word);
}

int
guest_pci_unbind(const char *device)
{
	return write_file(device, "driver/unbind", device);
}

/* The node is a new one. */
static int
let_all_use(const char *device)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/vfio/%d", guest_group(device));
	return chmod(path, 0666) == 0 ? 0 : -errno;
}

int
guest_pci_bind(const char *device)
{
	int ret = guest_write("/sys/bus/pci/drivers/vfio-pci/bind", device);

	return ret == 0 ? let_all_use(device) : ret;
}

int
guest_pci_remove(const char *device)
{
	return write_file(device, "remove", "1");
}

/* The kernel has forgotten which driver was to take it. */
int
guest_pci_rescan(const char *device)
{
	int ret = guest_write("/sys/bus/pci/rescan", "1");

	if (ret == 0)
		ret = write_file(device, "driver_override", "vfio-pci");
	if (ret == 0)
		ret = guest_write("/sys/bus/pci/drivers_probe", device);
	return ret == 0 ? let_all_use(device) : ret;
}

bool
guest_pci_exists(const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), DEVICES "/%s/vendor", device);
	return access(path, F_OK) == 0;
}

/*
 * Config space
 */

static int
open_config(const char *device, int mode)
{
	char path[128];

	snprintf(path, sizeof(path), DEVICES "/%s/config", device);
	return open(path, mode | O_CLOEXEC);
}

uint32_t
guest_pci_read(const char *device, unsigned int off, unsigned int width)
{
	int fd = open_config(device, O_RDONLY);
	uint32_t value = 0;

	if (fd < 0)
		return UINT32_MAX;
	if (pread(fd, &value, width, off) != (ssize_t)width)
		value = UINT32_MAX;
	close(fd);
	return value;
}

int
guest_pci_write(const char *device, unsigned int off, unsigned int width, uint32_t value)
{
	int fd = open_config(device, O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (pwrite(fd, &value, width, off) != (ssize_t)width)
		ret = -EIO;
	close(fd);
	return ret;
}

unsigned int
guest_pci_cap(const char *device, uint8_t id)
{
	unsigned int at = guest_pci_read(device, PCI_CAPABILITY_LIST, 1) & 0xfc, i;

	for (i = 0; i < MAX_CAPS && at >= PCI_STD_HEADER_SIZEOF; i++) {
		if (guest_pci_read(device, at + PCI_CAP_LIST_ID, 1) == id)
			return at;
		at = guest_pci_read(device, at + PCI_CAP_LIST_NEXT, 1) & 0xfc;
	}
	return 0;
}

bool
guest_pci_is_master(const char *device)
{
	return (guest_pci_read(device, PCI_COMMAND, 2) & PCI_COMMAND_MASTER) != 0;
}

/*
 * Side by side
 */

uint64_t
guest_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * UINT64_C(1000) + t.tv_nsec / 1000000;
}

static void *
run(void *arg)
{
	struct guest_pci_task *task = arg;

	task->ret = task->act(task->device);
	task->end = guest_ms();
	return NULL;
}

int
guest_pci_begin(struct guest_pci_task *task, guest_pci_act act, const char *device)
{
	*task = (struct guest_pci_task){ .act = act, .device = device, .begin = guest_ms() };
	return -pthread_create(&task->thread, NULL, run, task);
}

int
guest_pci_end(struct guest_pci_task *task)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	if (pthread_timedjoin_np(task->thread, NULL, &until) == 0)
		return task->ret;
	task->end = guest_ms();
	return -ETIMEDOUT;
}
