/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pci_hot_reset.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * Functions below one bridge: 32 devices of 8 functions on each of 256 buses; more is not believed.
 */
#define FUNCTIONS_MAX 65536u

/* The kernel does not wait for whom it finds in the registers or at the locks of the bus. */
#define TRIES_MAX 200u
#define RETRY_US  1000u

/* The functions that go with it; the kernel says first how many there are. */
static int
ask(int dev_fd, struct vfio_pci_hot_reset_info **info_out)
{
	struct vfio_pci_hot_reset_info *info;
	uint32_t count = 0;
	size_t size;
	int tries, ret = -ENOSPC;

	for (tries = 0; tries < 4 && ret == -ENOSPC; tries++) {
		size = sizeof(*info) + count * sizeof(info->devices[0]);
		info = calloc(1, size);
		if (info == NULL)
			return -ENOMEM;
		info->argsz = (uint32_t)size;
		ret = ioctl(dev_fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, info) == 0 ? 0 : -errno;
		if (ret == 0 && info->count <= count) {
			*info_out = info;
			return 0;
		}
		count = info->count;
		free(info);
		if (ret == 0)
			ret = -ENOSPC; /* there were more than asked for */
		if (count > FUNCTIONS_MAX)
			return -EPROTO;
	}
	return ret == -ENODEV || ret == -ENOTTY ? -ENOTSUP : ret;
}

static bool
all_in_group(const struct vfio_pci_hot_reset_info *info, int group)
{
	uint32_t i;

	for (i = 0; i < info->count && (int)info->devices[i].group_id == group; i++)
		;
	return i == info->count;
}

static int
reset_group(int dev_fd, int group_fd)
{
	size_t size = sizeof(struct vfio_pci_hot_reset) + sizeof(int32_t);
	struct vfio_pci_hot_reset *cmd = calloc(1, size);
	unsigned int tries;
	int ret = -EBUSY;

	if (cmd == NULL)
		return -ENOMEM;
	cmd->argsz = (uint32_t)size;
	cmd->count = 1;
	cmd->group_fds[0] = group_fd;
	for (tries = 0; tries < TRIES_MAX && (ret == -EBUSY || ret == -EAGAIN); tries++) {
		if (tries != 0)
			usleep(RETRY_US);
		ret = ioctl(dev_fd, VFIO_DEVICE_PCI_HOT_RESET, cmd) == 0 ? 0 : -errno;
	}
	free(cmd);
	return ret;
}

int
pci_hot_reset(int dev_fd, int group_fd, int group)
{
	struct vfio_pci_hot_reset_info *info = NULL;
	int ret = ask(dev_fd, &info);

	if (ret != 0)
		return ret;
	ret = info->count > 0 && all_in_group(info, group) ? reset_group(dev_fd, group_fd) : -ENOTSUP;
	free(info);
	return ret;
}
