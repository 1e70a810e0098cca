/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mock_vfio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_FDS  1024
#define SYSFS    "/sys/"
#define BAR_LEN  0x600000 /* of the file that stands for the function */

enum kind { OTHER, CONTAINER, GROUP, DEVICE };

struct mock_vfio mock;
static enum kind kinds[MAX_FDS];
static char folder[64];
static int device_fd;

/* Threads of a test use a descriptor while another one releases it. */
static enum kind
kind_of(int fd)
{
	return fd >= 0 && fd < MAX_FDS ? __atomic_load_n(&kinds[fd], __ATOMIC_ACQUIRE) : OTHER;
}

static void
set_kind(int fd, enum kind kind)
{
	__atomic_store_n(&kinds[fd], kind, __ATOMIC_RELEASE);
}

int __real_ioctl(int fd, unsigned long request, ...);
int __real_open64(const char *path, int flags, ...);
int __real_close(int fd);
int __real_dup3(int from, int to, int flags);
FILE *__real_fopen64(const char *path, const char *mode);
DIR *__real_opendir(const char *path);
int __real_access(const char *path, int mode);
ssize_t __real_readlink(const char *path, char *text, size_t size);
ssize_t __real_pread64(int fd, void *data, size_t len, off_t off);
ssize_t __real_pwrite64(int fd, const void *data, size_t len, off_t off);

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_dup3(int from, int to, int flags);
FILE *__wrap_fopen64(const char *path, const char *mode);
DIR *__wrap_opendir(const char *path);
int __wrap_access(const char *path, int mode);
ssize_t __wrap_readlink(const char *path, char *text, size_t size);
ssize_t __wrap_pread64(int fd, void *data, size_t len, off_t off);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t len, off_t off);

/*
 * Sysfs in a folder
 */

static const char *
in_folder(const char *path, char *text, size_t size)
{
	if (strncmp(path, SYSFS, strlen(SYSFS)) != 0)
		return path;
	snprintf(text, size, "%s/%s", folder, path + strlen(SYSFS));
	return text;
}

FILE *
__wrap_fopen64(const char *path, const char *mode)
{
	char text[512];

	return __real_fopen64(in_folder(path, text, sizeof(text)), mode);
}

DIR *
__wrap_opendir(const char *path)
{
	char text[512];

	return __real_opendir(in_folder(path, text, sizeof(text)));
}

int
__wrap_access(const char *path, int mode)
{
	char text[512];

	return __real_access(in_folder(path, text, sizeof(text)), mode);
}

ssize_t
__wrap_readlink(const char *path, char *target, size_t size)
{
	char text[512];

	return __real_readlink(in_folder(path, text, sizeof(text)), target, size);
}

static void
run(const char *fmt, const char *a, const char *b)
{
	char command[512], script[256];

	snprintf(script, sizeof(script), fmt, a, b);
	snprintf(command, sizeof(command), "cd '%s' && %s", folder, script);
	if (system(command) != 0)
		abort();
}

static void
add_function(const char *address)
{
	run("mkdir -p bus/pci/devices/%s kernel/iommu_groups/7/devices/%s", address, address);
	run("echo 0x1234 >bus/pci/devices/%s/vendor; echo 0x5678 >bus/pci/devices/%s/device", address,
			address);
	run("ln -s ../../../../kernel/iommu_groups/7 bus/pci/devices/%s/iommu_group%s", address, "");
}

void
mock_bind(const char *address, const char *driver)
{
	run("rm -f bus/pci/devices/%s/driver%s", address, "");
	if (driver != NULL)
		run("ln -s ../../drivers/%2$s bus/pci/devices/%1$s/driver", address, driver);
}

void
mock_leave_group(const char *address)
{
	run("rm -f bus/pci/devices/%s/iommu_group%s", address, "");
}

void
mock_end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		abort();
}

/* As the kernel of Debian 12 tells it; capabilities are aligned to 4 bytes. */
static void
fill_info(void)
{
	struct vfio_iommu_type1_info info = {
		.flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS,
		.iova_pgsizes = 0x40201000, .cap_offset = sizeof(info),
	};
	struct vfio_iommu_type1_info_dma_avail avail = {
		.header = { .id = VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, .version = 1,
			.next = sizeof(info) + sizeof(avail) }, .avail = 100,
	};
	uint64_t ranges[] = { VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE | UINT64_C(1) << 16, 2,
		0, 0xfedfffff, 0xfef00000, (UINT64_C(1) << 48) - 1 };

	mock.info_argsz = sizeof(info) + sizeof(avail) + sizeof(ranges);
	info.argsz = mock.info_argsz;
	memcpy(mock.info, &info, sizeof(info));
	memcpy(mock.info + sizeof(info), &avail, sizeof(avail));
	memcpy(mock.info + sizeof(info) + sizeof(avail), ranges, sizeof(ranges));
}

static void
fill_region(void)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .size = 0x10000,
		.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
			VFIO_REGION_INFO_FLAG_MMAP,
	};

	mock.region_argsz = sizeof(info);
	memcpy(mock.region, &info, sizeof(info));
}

void
mock_begin(void)
{
	unsigned int i;

	memset(&mock, 0, sizeof(mock));
	mock.viable = true;
	mock.vectors_free = MOCK_VECTORS;
	mock.hot_group = MOCK_GROUP;
	mock.config[PCI_COMMAND] = PCI_COMMAND_MEMORY;
	for (i = 0; i < MOCK_VECTORS; i++)
		mock.vector_fd[i] = -1;
	fill_info();
	fill_region();
	snprintf(folder, sizeof(folder), "/tmp/mock_vfio.XXXXXX");
	if (mkdtemp(folder) == NULL)
		abort();
	add_function(MOCK_ADDRESS);
	add_function(MOCK_OTHER);
	mock_bind(MOCK_ADDRESS, "vfio-pci");
}

/*
 * Files
 */

static int
new_fd(enum kind kind)
{
	int fd = kind == DEVICE ? memfd_create("mock-device", MFD_CLOEXEC) :
			__real_open64("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || fd >= MAX_FDS || (kind == DEVICE && ftruncate(fd, BAR_LEN) != 0))
		abort();
	if (kind == DEVICE)
		device_fd = fd;
	set_kind(fd, kind);
	mock.fds++;
	return fd;
}

int
mock_bar_read(uint64_t off)
{
	unsigned char byte;

	return __real_pread64(device_fd, &byte, 1, (off_t)off) == 1 ? byte : -1;
}

int
__wrap_open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (strncmp(path, "/dev/vfio/", 10) != 0)
		return __real_open64(path, flags, mode);
	if (mock.fail.path != NULL && strcmp(mock.fail.path, path) == 0) {
		errno = mock.fail.err;
		return -1;
	}
	return new_fd(strcmp(path, "/dev/vfio/vfio") == 0 ? CONTAINER : GROUP);
}

int
__wrap_close(int fd)
{
	if (kind_of(fd) != OTHER) {
		set_kind(fd, OTHER);
		mock.fds--;
	}
	return __real_close(fd);
}

/* The function goes, whatever comes in its place. */
int
__wrap_dup3(int from, int to, int flags)
{
	if (kind_of(to) != OTHER) {
		set_kind(to, OTHER);
		mock.fds--;
	}
	return __real_dup3(from, to, flags);
}

/* The place in config space, which is region 7 at 7 << 40; NULL elsewhere. */
static unsigned char *
config_at(int fd, size_t len, off_t off)
{
	uint64_t at = (uint64_t)off - ((uint64_t)VFIO_PCI_CONFIG_REGION_INDEX << 40);

	if (kind_of(fd) != DEVICE || at > MOCK_CONFIG || len > MOCK_CONFIG - at)
		return NULL;
	return mock.config + at;
}

ssize_t
__wrap_pread64(int fd, void *data, size_t len, off_t off)
{
	const unsigned char *config = config_at(fd, len, off);

	if (config == NULL)
		return __real_pread64(fd, data, len, off);
	memcpy(data, config, len);
	return (ssize_t)len;
}

ssize_t
__wrap_pwrite64(int fd, const void *data, size_t len, off_t off)
{
	unsigned char *config = config_at(fd, len, off);

	if (config == NULL)
		return __real_pwrite64(fd, data, len, off);
	memcpy(config, data, len);
	return (ssize_t)len;
}

/*
 * ioctl
 */

/* The first call asks for the size, the second for all. */
static int
copy_blob(void *arg, const unsigned char *blob, uint32_t first, uint32_t second, size_t header)
{
	uint32_t room, say = first;

	memcpy(&room, arg, sizeof(room));
	if (room >= first && room > header) {
		memcpy(arg, blob, room < 512 ? room : 512);
		say = second != 0 ? second : first;
	} else {
		memcpy(arg, blob, header);
	}
	memcpy(arg, &say, sizeof(say));
	return 0;
}

static int
container_ioctl(unsigned long request, void *arg)
{
	struct vfio_iommu_type1_dma_unmap *unmap = arg;

	if (mock.ended) {
		errno = EINVAL;
		return -1;
	}
	switch (request) {
	case VFIO_GET_API_VERSION:
		return VFIO_API_VERSION;
	case VFIO_CHECK_EXTENSION:
		return 1;
	case VFIO_IOMMU_GET_INFO:
		return copy_blob(arg, mock.info, mock.info_argsz, mock.info_argsz2,
				sizeof(struct vfio_iommu_type1_info));
	case VFIO_IOMMU_MAP_DMA:
		mock.maps++;
		return 0;
	case VFIO_IOMMU_UNMAP_DMA:
		mock.maps--;
		unmap->size -= mock.unmap_less;
		return 0;
	default:
		return 0;
	}
}

static int
group_ioctl(unsigned long request, void *arg)
{
	struct vfio_group_status *status = arg;

	if (request == VFIO_GROUP_GET_DEVICE_FD)
		return new_fd(DEVICE);
	if (request == VFIO_GROUP_GET_STATUS)
		status->flags = mock.viable ? VFIO_GROUP_FLAGS_VIABLE : 0;
	return 0;
}

static int
region_info(struct vfio_region_info *info)
{
	if (info->index == VFIO_PCI_BAR0_REGION_INDEX)
		return copy_blob(info, mock.region, mock.region_argsz, mock.region_argsz2,
				sizeof(*info));
	if (info->index == VFIO_PCI_VGA_REGION_INDEX) {
		errno = EINVAL;
		return -1;
	}
	info->argsz = sizeof(*info);
	info->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	info->size = info->index == VFIO_PCI_CONFIG_REGION_INDEX ? 256 : 0;
	info->offset = (uint64_t)info->index << 40;
	return 0;
}

static int
set_irqs(const struct vfio_irq_set *set)
{
	const int *fds = (const int *)(const void *)set->data;
	unsigned int i;

	if (set->count == 0) {
		if (mock.enabled == 0) {
			errno = EINVAL;
			return -1;
		}
		mock.enabled = 0;
		return 0;
	}
	if (mock.enabled != 0 && set->start + set->count > mock.enabled) {
		mock.refused_growth++;
		errno = EINVAL;
		return -1;
	}
	if (set->start + set->count > mock.vectors_free) {
		errno = ENOSPC;
		return mock.vectors_free > 0 ? (int)mock.vectors_free : -1;
	}
	if (mock.enabled == 0)
		mock.enabled = set->start + set->count;
	for (i = 0; i < set->count; i++)
		mock.vector_fd[set->start + i] = fds[i];
	return 0;
}

static int
hot_reset_info(struct vfio_pci_hot_reset_info *info)
{
	unsigned int room = (info->argsz - sizeof(*info)) / sizeof(info->devices[0]), i;

	mock.hot_asked++;
	info->count = mock.hot_count;
	mock.hot_count += mock.hot_grows;
	for (i = 0; i < info->count && i < room; i++)
		info->devices[i].group_id = i + 1 < info->count ? MOCK_GROUP : mock.hot_group;
	if (info->count <= room || mock.hot_silent)
		return 0;
	errno = ENOSPC;
	return -1;
}

static int
device_ioctl(unsigned long request, void *arg)
{
	struct vfio_device_info *info = arg;
	struct vfio_irq_info *irq = arg;

	switch (request) {
	case VFIO_DEVICE_GET_INFO:
		info->flags = VFIO_DEVICE_FLAGS_PCI |
				(mock.no_reset ? 0 : VFIO_DEVICE_FLAGS_RESET);
		info->num_regions = VFIO_PCI_NUM_REGIONS;
		info->num_irqs = VFIO_PCI_NUM_IRQS;
		return 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		irq->flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
		irq->count = irq->index == VFIO_PCI_MSIX_IRQ_INDEX ? MOCK_VECTORS : 0;
		return 0;
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(arg);
	case VFIO_DEVICE_RESET:
		mock.resets++;
		return 0;
	case VFIO_DEVICE_GET_PCI_HOT_RESET_INFO:
		return hot_reset_info(arg);
	case VFIO_DEVICE_PCI_HOT_RESET:
		mock.hot_resets++;
		return 0;
	default:
		return 0;
	}
}

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	enum kind kind = kind_of(fd);
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (kind == OTHER)
		return __real_ioctl(fd, request, arg);
	if (mock.fail.request == request && mock.fail.nth > 0 && --mock.fail.nth == 0) {
		errno = mock.fail.err;
		return mock.fail.err != 0 ? -1 : mock.fail.value;
	}
	return kind == CONTAINER ? container_ioctl(request, arg) :
			kind == GROUP ? group_ioctl(request, arg) : device_ioctl(request, arg);
}
