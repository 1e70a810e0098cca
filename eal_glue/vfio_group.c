/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vfio_group.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "glue_log.h"
#include "iospace.h"
#include "iospace_vfio.h"
#include "pci_hot_reset.h"

struct vfio_group {
	struct vfio_group *next;
	int number;
	int fd;
	unsigned int users;    /* functions that are open */
	unsigned int attached; /* of those, functions in its iospace */
	struct iospace *ios;   /* NULL when no function is attached */
};

static pthread_mutex_t groups_lock = PTHREAD_MUTEX_INITIALIZER;
static struct vfio_group *groups;

static int
log_open_error(const struct pci_function *fn, int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		ACCEL_LOG(ERR, bus, "pci:%s: no permission on /dev/vfio/%d: chown it to this user, or add "
				"a udev rule", fn->address, fn->group);
		return -EACCES;
	case EBUSY:
		ACCEL_LOG(ERR, bus, "pci:%s: group %d is in use: by another process (fuser "
				"/dev/vfio/%d), or by a DPDK driver here (leave it out with EAL's -b)",
				fn->address, fn->group, fn->group);
		return -EBUSY;
	case ENOENT:
		ACCEL_LOG(ERR, bus, "pci:%s: there is no /dev/vfio/%d: modprobe vfio-pci; in a "
				"container, pass the node in", fn->address, fn->group);
		return -ENODEV;
	default:
		ACCEL_LOG(ERR, bus, "pci:%s: cannot open /dev/vfio/%d: %s", fn->address, fn->group,
				strerror(err));
		return -err;
	}
}

static int
check_viable(int fd, const struct pci_function *fn)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char spoilers[256];

	if (ioctl(fd, VFIO_GROUP_GET_STATUS, &status) != 0)
		return log_open_error(fn, errno);
	if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) != 0)
		return 0;
	pci_group_spoilers(fn->group, spoilers, sizeof(spoilers));
	ACCEL_LOG(ERR, bus, "pci:%s: group %d is not viable because of %s: bind all its functions to "
			"vfio-pci or to no driver", fn->address, fn->group,
			spoilers[0] != 0 ? spoilers : "a function with a kernel driver");
	return -ENODEV;
}

static int
open_group(const struct pci_function *fn, struct vfio_group **group_out)
{
	struct vfio_group *group;
	char path[32];
	int fd, ret;

	snprintf(path, sizeof(path), "/dev/vfio/%d", fn->group);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return log_open_error(fn, errno);
	ret = check_viable(fd, fn);
	group = ret == 0 ? calloc(1, sizeof(*group)) : NULL;
	if (group == NULL) {
		close(fd);
		return ret != 0 ? ret : -ENOMEM;
	}
	group->number = fn->group;
	group->fd = fd;
	group->next = groups;
	groups = group;
	*group_out = group;
	return 0;
}

int
vfio_group_get(const struct pci_function *fn, struct vfio_group **group_out)
{
	struct vfio_group *group;
	int ret = 0;

	pthread_mutex_lock(&groups_lock);
	for (group = groups; group != NULL && group->number != fn->group; group = group->next)
		;
	if (group == NULL)
		ret = open_group(fn, &group);
	if (ret == 0) {
		group->users++;
		*group_out = group;
	}
	pthread_mutex_unlock(&groups_lock);
	return ret;
}

void
vfio_group_put(struct vfio_group *group)
{
	struct vfio_group **at;

	pthread_mutex_lock(&groups_lock);
	if (--group->users == 0) {
		for (at = &groups; *at != group; at = &(*at)->next)
			;
		*at = group->next;
		close(group->fd); /* leaves its container too */
		free(group);
	}
	pthread_mutex_unlock(&groups_lock);
}

int
vfio_group_attach(struct vfio_group *group, const struct bus_attach_conf *conf,
		struct iospace **ios)
{
	int ret = 0;

	pthread_mutex_lock(&groups_lock);
	if (group->ios == NULL) {
		/* It may still be in the container of a space that all its functions have left. */
		ioctl(group->fd, VFIO_GROUP_UNSET_CONTAINER);
		ret = iospace_vfio_attach(group->fd, conf, ios);
		if (ret == 0)
			group->ios = *ios;
	} else if (group->ios == conf->shared) {
		ret = iospace_narrow(conf->shared, &conf->window);
		*ios = conf->shared;
	} else {
		ACCEL_LOG(ERR, bus, "%s: another function of its IOMMU group is open in another I/O "
				"space: open both with the same iospace=NAME", conf->name);
		ret = -EBUSY;
	}
	if (ret == 0)
		group->attached++;
	pthread_mutex_unlock(&groups_lock);
	return ret;
}

void
vfio_group_detach(struct vfio_group *group)
{
	pthread_mutex_lock(&groups_lock);
	if (--group->attached == 0)
		group->ios = NULL;
	pthread_mutex_unlock(&groups_lock);
}

static int
log_device_error(const struct pci_function *fn, bool with_token, int err)
{
	if (err == EBUSY)
		return log_open_error(fn, err);
	if (err == EACCES || (err == EINVAL && with_token))
		ACCEL_LOG(ERR, bus, "pci:%s: the kernel wants %s VF token: give vf_token=UUID as the owner "
				"of the PF set it", fn->address, with_token ? "another" : "a");
	else
		ACCEL_LOG(ERR, bus, "pci:%s: the kernel does not give the device: %s", fn->address,
				strerror(err));
	return -err;
}

int
vfio_group_device(struct vfio_group *group, const struct pci_function *fn, const char *token)
{
	char name[80];
	int fd;

	snprintf(name, sizeof(name), token != NULL ? "%s vf_token=%s" : "%s", fn->address, token);
	fd = ioctl(group->fd, VFIO_GROUP_GET_DEVICE_FD, name);
	return fd >= 0 ? fd : log_device_error(fn, token != NULL, errno);
}

int
vfio_group_hot_reset(struct vfio_group *group, int dev_fd)
{
	int ret = -ENOTSUP;

	pthread_mutex_lock(&groups_lock);
	if (group->attached == 1)
		ret = pci_hot_reset(dev_fd, group->fd, group->number);
	pthread_mutex_unlock(&groups_lock);
	return ret;
}
