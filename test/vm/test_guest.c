/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Checks that the guest is what the other programs of this suite rely on, with the kernel's own
 * interface alone: devices, groups, IOMMU, faults, interrupts, memory, log and monitor.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "harness.h"

#define PAGE     4096ul
#define HUGEPAGE (2ul << 20)
#define IOVA     0x10000000ul /* above what edu with 28 bits reaches */
#define IOVA_LOW 0x100000ul

#define EDU_ID         0x00
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_RAISE  0x60
#define EDU_IRQ_ACK    0x64
#define EDU_DMA_SRC    0x80
#define EDU_DMA_DST    0x88
#define EDU_DMA_LEN    0x90
#define EDU_DMA_CMD    0x98
#define EDU_DMA_START  1u
#define EDU_DMA_OUT    2u
#define EDU_BUFFER     0x40000ul /* address of its own memory */
#define EDU_ID_VALUE   0x010000edu
#define EDU_BAR_SIZE   0x100000ul

#define MAP_RW (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

static const char *const names[] = { "VM_EDU", "VM_EDU2", "VM_EDU_NARROW", "VM_NVME" };
#define N_DEVICES (sizeof(names) / sizeof(names[0]))

struct opened {
	int container;
	int group;
	int device;
	volatile uint8_t *bar; /* MAP_FAILED when there is none */
};

static uint64_t
region_offset(int device, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) != 0)
		return 0;
	return info.offset;
}

static bool
set_bus_master(int device)
{
	uint64_t at = region_offset(device, VFIO_PCI_CONFIG_REGION_INDEX) + PCI_COMMAND;
	uint16_t command;

	if (pread(device, &command, sizeof(command), at) != sizeof(command))
		return false;
	command |= PCI_COMMAND_MASTER;
	return pwrite(device, &command, sizeof(command), at) == sizeof(command);
}

static void
close_device(struct opened *dev)
{
	if (dev->bar != MAP_FAILED)
		munmap((void *)(uintptr_t)dev->bar, EDU_BAR_SIZE);
	if (dev->device >= 0)
		close(dev->device);
	if (dev->group >= 0)
		close(dev->group);
	if (dev->container >= 0)
		close(dev->container);
}

/* On failure nothing stays open. */
static bool
open_device(const char *address, struct opened *dev)
{
	char path[64];

	dev->device = -1;
	dev->bar = MAP_FAILED;
	snprintf(path, sizeof(path), "/dev/vfio/%d", guest_group(address));
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	dev->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (dev->group >= 0 && dev->container >= 0 &&
			ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container) == 0 &&
			ioctl(dev->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0)
		dev->device = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, address);
	if (dev->device >= 0)
		return true;
	close_device(dev);
	return false;
}

/* With its registers, and allowed to do DMA. */
static bool
open_edu(const char *name, struct opened *dev)
{
	if (!open_device(guest_device(name), dev))
		return false;
	dev->bar = mmap(NULL, EDU_BAR_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, dev->device,
		region_offset(dev->device, VFIO_PCI_BAR0_REGION_INDEX));
	if (dev->bar != MAP_FAILED && set_bus_master(dev->device))
		return true;
	close_device(dev);
	return false;
}

static uint32_t
edu_read(const struct opened *dev, unsigned int reg)
{
	return *(volatile const uint32_t *)(dev->bar + reg);
}

static void
edu_write(const struct opened *dev, unsigned int reg, uint32_t value)
{
	*(volatile uint32_t *)(dev->bar + reg) = value;
}

static void
edu_write_address(const struct opened *dev, unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)(dev->bar + reg) = value;
}

/* A transfer of 64 bytes, which takes it 0.1 s. */
static bool
edu_copy(const struct opened *dev, uint64_t src, uint64_t dst, uint32_t direction)
{
	int i;

	edu_write_address(dev, EDU_DMA_SRC, src);
	edu_write_address(dev, EDU_DMA_DST, dst);
	edu_write_address(dev, EDU_DMA_LEN, 64);
	edu_write_address(dev, EDU_DMA_CMD, EDU_DMA_START | direction);
	for (i = 0; i < 5000; i++) {
		if ((edu_read(dev, EDU_DMA_CMD) & EDU_DMA_START) == 0)
			return true;
		usleep(1000);
	}
	return false;
}

static bool
edu_copy_in(const struct opened *dev, uint64_t iova)
{
	return edu_copy(dev, iova, EDU_BUFFER, 0);
}

static bool
edu_copy_out(const struct opened *dev, uint64_t iova)
{
	return edu_copy(dev, EDU_BUFFER, iova, EDU_DMA_OUT);
}

/* 0 or errno */
static int
map(const struct opened *dev, void *va, uint64_t iova, uint64_t len, uint32_t flags)
{
	struct vfio_iommu_type1_dma_map args = {
		.argsz = sizeof(args),
		.flags = flags,
		.vaddr = (uintptr_t)va,
		.iova = iova,
		.size = len,
	};

	return ioctl(dev->container, VFIO_IOMMU_MAP_DMA, &args) == 0 ? 0 : errno;
}

static bool
set_eventfd(int device, unsigned int index, unsigned int vector, int32_t fd)
{
	union {
		struct vfio_irq_set set;
		uint8_t bytes[sizeof(struct vfio_irq_set) + sizeof(fd)];
	} args = {
		.set = {
			.argsz = sizeof(args.bytes),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.start = vector,
			.count = 1,
		},
	};

	memcpy(args.set.data, &fd, sizeof(fd));
	return ioctl(device, VFIO_DEVICE_SET_IRQS, &args) == 0;
}

static bool
wait_eventfd(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t count;

	return poll(&pfd, 1, ms) == 1 && read(fd, &count, sizeof(count)) == sizeof(count);
}

static uint8_t *
alloc_pages(size_t len)
{
	void *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_PTR_NOT_EQUAL_FATAL(va, MAP_FAILED);
	return va;
}

static bool
skip_elsewhere(void)
{
	if (guest_is_here())
		return false;
	test_skip("this is not the guest that test/vm/run.sh boots");
	return true;
}

static void
test_each_device_has_its_group(void)
{
	int groups[N_DEVICES];
	char driver[128], target[256];
	struct opened dev;
	unsigned int i, j;
	ssize_t len;

	if (skip_elsewhere())
		return;
	for (i = 0; i < N_DEVICES; i++) {
		const char *address = guest_device(names[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(address);
		snprintf(driver, sizeof(driver), "/sys/bus/pci/devices/%s/driver", address);
		len = readlink(driver, target, sizeof(target) - 1);
		CU_ASSERT_FATAL(len > 0);
		target[len] = '\0';
		CU_ASSERT_PTR_NOT_NULL(strstr(target, "/vfio-pci"));
		groups[i] = guest_group(address);
		CU_ASSERT(groups[i] >= 0);
		for (j = 0; j < i; j++)
			CU_ASSERT_NOT_EQUAL(groups[i], groups[j]);
		CU_ASSERT_FATAL(open_device(address, &dev));
		close_device(&dev);
	}
}

static void
test_iommu_is_type1v2(void)
{
	int container;

	if (skip_elsewhere())
		return;
	container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	CU_ASSERT_FATAL(container >= 0);
	CU_ASSERT_EQUAL(ioctl(container, VFIO_GET_API_VERSION), VFIO_API_VERSION);
	CU_ASSERT_EQUAL(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU), 1);
	CU_ASSERT_EQUAL(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_UNMAP_ALL), 1);
	CU_ASSERT_EQUAL(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_NOIOMMU_IOMMU), 0);
	close(container);
}

static void
check_ranges(const struct vfio_iommu_type1_info_cap_iova_range *cap)
{
	CU_ASSERT_EQUAL_FATAL(cap->nr_iovas, 2);
	CU_ASSERT_EQUAL(cap->iova_ranges[0].start, 0);
	CU_ASSERT_EQUAL(cap->iova_ranges[0].end, 0xfedfffff);
	CU_ASSERT_EQUAL(cap->iova_ranges[1].start, 0xfef00000);
	CU_ASSERT_EQUAL(cap->iova_ranges[1].end, (UINT64_C(1) << guest_aw_bits()) - 1);
}

static void
test_iommu_limits(void)
{
	union {
		struct vfio_iommu_type1_info info;
		uint8_t bytes[1024];
	} reply = { .info.argsz = sizeof(reply) };
	bool ranges = false, avail = false;
	struct opened dev;
	uint32_t at;

	if (skip_elsewhere())
		return;
	CU_ASSERT_FATAL(open_device(guest_device("VM_EDU"), &dev));
	CU_ASSERT_EQUAL_FATAL(ioctl(dev.container, VFIO_IOMMU_GET_INFO, &reply.info), 0);
	CU_ASSERT_EQUAL(reply.info.iova_pgsizes, 0x40201000); /* 4 KiB, 2 MiB, 1 GiB */
	for (at = reply.info.cap_offset; at != 0;) {
		const struct vfio_info_cap_header *cap = (const void *)&reply.bytes[at];

		if (cap->id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE) {
			check_ranges((const void *)cap);
			ranges = true;
		} else if (cap->id == VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL) {
			const struct vfio_iommu_type1_info_dma_avail *left = (const void *)cap;

			CU_ASSERT_EQUAL(left->avail, 65535);
			avail = true;
		}
		at = cap->next;
	}
	CU_ASSERT(ranges);
	CU_ASSERT(avail);
	close_device(&dev);
}

static void
test_edu_moves_data(void)
{
	struct opened dev;
	unsigned int i;
	uint8_t *va;

	if (skip_elsewhere())
		return;
	va = alloc_pages(2 * PAGE);
	for (i = 0; i < 2; i++) {
		CU_ASSERT_FATAL(open_edu(names[i], &dev));
		CU_ASSERT_EQUAL(edu_read(&dev, EDU_ID), EDU_ID_VALUE);
		CU_ASSERT_EQUAL(map(&dev, va, IOVA, 2 * PAGE, MAP_RW), 0);
		memset(va, 0xa5, PAGE);
		memset(va + PAGE, 0, PAGE);
		CU_ASSERT(edu_copy_in(&dev, IOVA));
		CU_ASSERT(edu_copy_out(&dev, IOVA + PAGE));
		CU_ASSERT_EQUAL(memcmp(va, va + PAGE, 64), 0);
		CU_ASSERT_EQUAL(va[PAGE + 64], 0);
		close_device(&dev);
	}
	munmap(va, 2 * PAGE);
}

static void
test_narrow_edu_reaches_28_bits(void)
{
	struct opened dev;
	uint8_t *va;

	if (skip_elsewhere())
		return;
	va = alloc_pages(2 * PAGE);
	CU_ASSERT_FATAL(open_edu("VM_EDU_NARROW", &dev));
	CU_ASSERT_EQUAL(edu_read(&dev, EDU_ID), EDU_ID_VALUE);
	CU_ASSERT_EQUAL(map(&dev, va, IOVA_LOW, PAGE, MAP_RW), 0);
	CU_ASSERT_EQUAL(map(&dev, va + PAGE, IOVA + IOVA_LOW, PAGE, MAP_RW), 0);
	memset(va, 0x5a, PAGE);
	CU_ASSERT(edu_copy_in(&dev, IOVA_LOW));
	memset(va, 0, PAGE);
	/* It drops the bits that it does not have, and so arrives at the low page. */
	CU_ASSERT(edu_copy_out(&dev, IOVA + IOVA_LOW));
	CU_ASSERT_EQUAL(va[0], 0x5a);
	CU_ASSERT_EQUAL(va[PAGE], 0);
	close_device(&dev);
	munmap(va, 2 * PAGE);
}

static void
test_faults_are_logged(void)
{
	const char *address = guest_device("VM_EDU");
	struct opened dev;
	uint8_t *va;
	int log;

	if (skip_elsewhere())
		return;
	CU_ASSERT_EQUAL(guest_fault_budget(2), 0);
	log = guest_log_open();
	CU_ASSERT_FATAL(log >= 0);
	va = alloc_pages(PAGE);
	CU_ASSERT_FATAL(open_edu("VM_EDU", &dev));
	CU_ASSERT_EQUAL(map(&dev, va, IOVA, PAGE, VFIO_DMA_MAP_FLAG_READ), 0);
	memset(va, 0x22, PAGE);
	CU_ASSERT(edu_copy_in(&dev, IOVA + PAGE)); /* leaves zeros in edu's memory */
	CU_ASSERT(guest_log_wait_fault(log, address, IOVA + PAGE, 1000));
	CU_ASSERT(edu_copy_out(&dev, IOVA));
	CU_ASSERT(guest_log_wait_fault(log, address, IOVA, 1000));
	CU_ASSERT_EQUAL(va[0], 0x22);
	CU_ASSERT_FALSE(guest_log_wait_fault(log, address, IOVA, 100));
	close_device(&dev);
	munmap(va, PAGE);
	close(log);
}

static void
test_msi_arrives(void)
{
	struct opened dev;
	int fd;

	if (skip_elsewhere())
		return;
	fd = eventfd(0, EFD_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_FATAL(open_edu("VM_EDU", &dev));
	CU_ASSERT(set_eventfd(dev.device, VFIO_PCI_MSI_IRQ_INDEX, 0, fd));
	edu_write(&dev, EDU_IRQ_RAISE, 4);
	CU_ASSERT(wait_eventfd(fd, 2000));
	CU_ASSERT_EQUAL(edu_read(&dev, EDU_IRQ_STATUS), 4);
	edu_write(&dev, EDU_IRQ_ACK, 4);
	close_device(&dev);
	close(fd);
}

static void
test_nvme_has_msix_and_reset(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = VFIO_PCI_MSIX_IRQ_INDEX };
	struct opened dev;

	if (skip_elsewhere())
		return;
	CU_ASSERT_FATAL(open_device(guest_device("VM_NVME"), &dev));
	CU_ASSERT_EQUAL(ioctl(dev.device, VFIO_DEVICE_GET_IRQ_INFO, &irq), 0);
	CU_ASSERT_EQUAL(irq.count, 65);
	CU_ASSERT_EQUAL(ioctl(dev.device, VFIO_DEVICE_GET_INFO, &info), 0);
	CU_ASSERT(info.flags & VFIO_DEVICE_FLAGS_RESET);
	CU_ASSERT_EQUAL(ioctl(dev.device, VFIO_DEVICE_RESET), 0);
	close_device(&dev);

	CU_ASSERT_FATAL(open_device(guest_device("VM_EDU"), &dev));
	CU_ASSERT_EQUAL(ioctl(dev.device, VFIO_DEVICE_GET_INFO, &info), 0);
	CU_ASSERT_FALSE(info.flags & VFIO_DEVICE_FLAGS_RESET);
	close_device(&dev);
}

static void
test_monitor_makes_an_error(void)
{
	struct opened dev;
	int fd;

	if (skip_elsewhere())
		return;
	fd = eventfd(0, EFD_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_FATAL(open_device(guest_device("VM_NVME"), &dev));
	CU_ASSERT(set_eventfd(dev.device, VFIO_PCI_ERR_IRQ_INDEX, 0, fd));
	CU_ASSERT_EQUAL(guest_monitor("pcie_aer_inject_error bridge UNSUP"), 0);
	CU_ASSERT(wait_eventfd(fd, 20000));
	close_device(&dev);
	close(fd);
}

static void
test_hugepages_are_free(void)
{
	size_t len = 16 * HUGEPAGE;
	struct opened dev;
	uint8_t *va;

	if (skip_elsewhere())
		return;
	va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB,
		-1, 0);
	CU_ASSERT_PTR_NOT_EQUAL_FATAL(va, MAP_FAILED);
	CU_ASSERT_FATAL(open_device(guest_device("VM_EDU"), &dev));
	CU_ASSERT_EQUAL(map(&dev, va, HUGEPAGE, len, MAP_RW), 0);
	close_device(&dev);
	munmap(va, len);
	CU_ASSERT_EQUAL(access("/dev/hugepages", W_OK), 0);
}

/* In a process that is neither privileged nor allowed to pin more than a page. */
static int
map_with_small_memlock(void)
{
	struct rlimit limit = { PAGE, PAGE };
	struct opened dev;
	uint8_t *va = alloc_pages(2 * PAGE);

	if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
			(getuid() == 0 && (setgid(1000) != 0 || setuid(1000) != 0)) ||
			!open_device(guest_device("VM_EDU"), &dev))
		return EXIT_FAILURE;
	if (map(&dev, va, IOVA, PAGE, MAP_RW) != 0 ||
			map(&dev, va + PAGE, IOVA + PAGE, PAGE, MAP_RW) != ENOMEM)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static void
test_user_has_devices_but_limits(void)
{
	struct rlimit limit;
	int status;
	pid_t pid;

	if (skip_elsewhere())
		return;
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
	CU_ASSERT_EQUAL(limit.rlim_cur, RLIM_INFINITY);
	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		_exit(map_with_small_memlock());
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), EXIT_SUCCESS);
}

/* By the kernel's own limit, which takes fewer maps than 65535 to reach. */
static void
test_root_limits_maps(void)
{
	const char *path = "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit";
	struct opened dev;
	uint8_t *va;

	if (skip_elsewhere())
		return;
	if (getuid() != 0) {
		test_skip("only root may set the limit");
		return;
	}
	va = alloc_pages(PAGE);
	CU_ASSERT_EQUAL(guest_write(path, "1"), 0);
	CU_ASSERT(open_device(guest_device("VM_EDU"), &dev));
	CU_ASSERT_EQUAL(guest_write(path, "65535"), 0);
	CU_ASSERT_EQUAL(map(&dev, va, IOVA, PAGE, MAP_RW), 0);
	CU_ASSERT_EQUAL(map(&dev, va, IOVA + PAGE, PAGE, MAP_RW), ENOSPC);
	close_device(&dev);
	munmap(va, PAGE);
}

static const struct test_case cases[] = {
	{ "each device has a group of its own", test_each_device_has_its_group },
	{ "the IOMMU is type1v2", test_iommu_is_type1v2 },
	{ "the IOMMU tells its limits", test_iommu_limits },
	{ "edu moves data", test_edu_moves_data },
	{ "narrow edu reaches 28 bits", test_narrow_edu_reaches_28_bits },
	{ "faults are logged", test_faults_are_logged },
	{ "an MSI arrives", test_msi_arrives },
	{ "nvme has MSI-X and a reset", test_nvme_has_msix_and_reset },
	{ "the monitor makes an error", test_monitor_makes_an_error },
	{ "hugepages are free", test_hugepages_are_free },
	{ "a user has devices, but limits", test_user_has_devices_but_limits },
	{ "root limits maps", test_root_limits_maps },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct test_suite suites[] = {
		{ "guest", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
