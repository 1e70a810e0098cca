/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The bus "pci" by itself, on an NVMe controller: vectors of MSI-X, reset, I/O space, groups.
 */
#include "test_guest_bus.h"

#include <dirent.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#include "edu_dev.h"
#include "guest.h"
#include "log_text.h"

#define VECTORS 65
#define PAGE    4096

/* Registers of an NVMe controller (NVM Express Base Specification 1.4, section 3.1). */
#define NVME_CC   0x14
#define NVME_CSTS 0x1c
#define NVME_AQA  0x24
#define NVME_ASQ  0x28
#define NVME_ACQ  0x30
#define NVME_SQ0  0x1000
#define CC_ENABLE 0x00460001 /* with entries of 64 and 16 bytes */

static struct bus_dev *dev;
static struct iospace *ios;

/*
 * Open and close
 */

static const char *
no_arg(const void *ctx, const char *key)
{
	(void)ctx;
	(void)key;
	return NULL;
}

static int
open_function(const char *vm_device, struct bus_dev **out)
{
	const struct bus_args args = { .get = no_arg };
	const struct bus *bus = bus_find("pci");

	CU_ASSERT_PTR_NOT_NULL_FATAL(bus);
	return bus->open(guest_device(vm_device), &args, out);
}

static int
attach(struct bus_dev *d, struct iospace *shared, struct iospace **out)
{
	const struct bus_attach_conf conf = {
		.name = d->name, .window = { 0, UINT64_MAX }, .shared = shared,
	};

	return d->ops->attach(d, &conf, out);
}

static void
open_nvme(void)
{
	CU_ASSERT_EQUAL_FATAL(open_function("VM_NVME", &dev), 0);
	CU_ASSERT_EQUAL_FATAL(attach(dev, NULL, &ios), 0);
}

static void
close_nvme(void)
{
	CU_ASSERT_EQUAL(bus_set_master(dev, false), 0);
	if (dev->ops->detach != NULL)
		dev->ops->detach(dev);
	iospace_destroy(ios);
	dev->ops->close(dev);
}

static uint32_t
read32(unsigned int region, uint64_t off)
{
	uint32_t value = 0;

	CU_ASSERT_EQUAL(dev->ops->region_read(dev, region, off, &value, 4), 0);
	return value;
}

static void
write32(unsigned int region, uint64_t off, uint32_t value)
{
	CU_ASSERT_EQUAL(dev->ops->region_write(dev, region, off, &value, 4), 0);
}

/*
 * Vectors
 */

static int
irq_set(unsigned int start, unsigned int n, const int *fds)
{
	return dev->ops->irq_set(dev, BUS_IRQ_MSIX, start, n, fds);
}

/* The descriptor of the one device that is open; the bus keeps it to itself. */
static int
device_fd(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *d;
	int fd = -1;

	CU_ASSERT_FATAL(dir != NULL);
	while ((d = readdir(dir)) != NULL) {
		char target[64] = "";

		if (readlinkat(dirfd(dir), d->d_name, target, sizeof(target) - 1) > 0 &&
				strstr(target, "[vfio-device]") != NULL)
			fd = atoi(d->d_name);
	}
	closedir(dir);
	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

/* Have the kernel fire a vector as if the device had. */
static int
fire(unsigned int vector)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = VFIO_PCI_MSIX_IRQ_INDEX, .start = vector, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	};

	return ioctl(device_fd(), VFIO_DEVICE_SET_IRQS, &set) == 0 ? 0 : -errno;
}

static bool
arrives(unsigned int vector, int fd)
{
	return fire(vector) == 0 && edu_signalled(fd, 1000);
}

static void
vector_ranges(void)
{
	int fds[VECTORS], extra = edu_eventfd(), none = -1;
	struct bus_irq_info info;
	unsigned int i;

	open_nvme();
	CU_ASSERT_EQUAL(dev->ops->irq_info(dev, BUS_IRQ_MSIX, &info), 0);
	CU_ASSERT_EQUAL_FATAL(info.count, VECTORS);
	for (i = 0; i < VECTORS; i++)
		fds[i] = edu_eventfd();
	/* Some in the middle, then before, then behind, as queue pairs come. */
	CU_ASSERT_EQUAL(irq_set(10, 3, &fds[10]), 0);
	CU_ASSERT_EQUAL(irq_set(0, 2, fds), 0);
	CU_ASSERT_EQUAL(irq_set(64, 1, &fds[64]), 0);
	CU_ASSERT(arrives(0, fds[0]) && arrives(1, fds[1]) && arrives(64, fds[64]));
	CU_ASSERT(arrives(10, fds[10]) && arrives(11, fds[11]) && arrives(12, fds[12]));
	/* Another eventfd for one, none for another: the rest goes on. */
	CU_ASSERT_EQUAL(irq_set(11, 1, &extra), 0);
	CU_ASSERT_EQUAL(irq_set(0, 1, &none), 0);
	CU_ASSERT(arrives(11, extra) && arrives(10, fds[10]) && arrives(12, fds[12]));
	CU_ASSERT(arrives(1, fds[1]) && arrives(64, fds[64]));
	CU_ASSERT_FALSE(edu_signalled(fds[11], 0));
	fire(0);
	CU_ASSERT_FALSE(edu_signalled(fds[0], 100));
	/* All of them. */
	CU_ASSERT_EQUAL(irq_set(0, VECTORS, fds), 0);
	for (i = 0; i < VECTORS; i++)
		CU_ASSERT(arrives(i, fds[i]));
	CU_ASSERT_EQUAL(irq_set(0, 0, NULL), 0);
	CU_ASSERT(fire(3) != 0);
	close_nvme();
	for (i = 0; i < VECTORS; i++)
		close(fds[i]);
	close(extra);
}

/* What is refused costs no other vector its eventfd. */
static void
refused_vectors(void)
{
	int fds[4] = { edu_eventfd(), edu_eventfd(), edu_eventfd(), edu_eventfd() };
	int bad[3] = { fds[0], -1, fds[2] }, file = fileno(stdin);

	open_nvme();
	CU_ASSERT_EQUAL(irq_set(VECTORS, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(VECTORS - 1, 2, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(1, UINT32_MAX, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(1, 0, NULL), -EINVAL);
	bad[1] = file;
	CU_ASSERT_EQUAL(irq_set(0, 3, bad), -EINVAL); /* before anything is set */
	CU_ASSERT(fire(0) != 0);
	CU_ASSERT_EQUAL(irq_set(0, 4, fds), 0);
	CU_ASSERT_EQUAL(irq_set(0, 3, bad), -EINVAL);
	CU_ASSERT(arrives(0, fds[0]) && arrives(1, fds[1]) && arrives(2, fds[2]));
	CU_ASSERT(arrives(3, fds[3]));
	close_nvme();
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

/*
 * Commands: the device itself raises interrupts
 */

/* The controller's admin queues: submission in the first page, completion in the second. */
static void
start_controller(uint64_t iova)
{
	unsigned int ms;

	CU_ASSERT_EQUAL(bus_set_master(dev, true), 0);
	write32(BUS_REGION_BAR0, NVME_AQA, 15 << 16 | 15);
	write32(BUS_REGION_BAR0, NVME_ASQ, (uint32_t)iova);
	write32(BUS_REGION_BAR0, NVME_ASQ + 4, (uint32_t)(iova >> 32));
	write32(BUS_REGION_BAR0, NVME_ACQ, (uint32_t)(iova + PAGE));
	write32(BUS_REGION_BAR0, NVME_ACQ + 4, (uint32_t)((iova + PAGE) >> 32));
	write32(BUS_REGION_BAR0, NVME_CC, CC_ENABLE);
	for (ms = 0; ms < 5000 && (read32(BUS_REGION_BAR0, NVME_CSTS) & 1) == 0; ms++)
		usleep(1000);
	CU_ASSERT_FATAL(ms < 5000);
}

/* Submit an admin command; its completion comes with vector 0. */
static void
submit(uint32_t *queue, unsigned int *tail, const uint32_t *command)
{
	memcpy(queue + 16 * *tail, command, 64);
	__sync_synchronize();
	write32(BUS_REGION_BAR0, NVME_SQ0, ++*tail);
}

/* Queue pair q, with vector q of its own, in the pages 2q and 2q + 1. */
static void
make_queue_pair(uint32_t *queue, unsigned int *tail, uint64_t iova, unsigned int q, int admin_fd)
{
	uint64_t at = iova + (uint64_t)2 * q * PAGE;
	uint32_t cq[16] = { 5 | 10u << 16, 0, 0, 0, 0, 0, (uint32_t)(at + PAGE),
		(uint32_t)((at + PAGE) >> 32), 0, 0, 15 << 16 | q, q << 16 | 3 };
	uint32_t sq[16] = { 1 | 11u << 16, 0, 0, 0, 0, 0, (uint32_t)at, (uint32_t)(at >> 32), 0, 0,
		15 << 16 | q, q << 16 | 1 };

	submit(queue, tail, cq);
	CU_ASSERT(edu_signalled(admin_fd, 2000));
	submit(queue, tail, sq);
	CU_ASSERT(edu_signalled(admin_fd, 2000));
}

/* Have the queue pair complete a flush, the n-th of it. */
static void
flush(char *va, unsigned int q, unsigned int n)
{
	uint32_t command[16] = { 0 | n << 16, 1 };

	memcpy(va + (size_t)2 * q * PAGE + (size_t)64 * (n - 1), command, sizeof(command));
	__sync_synchronize();
	write32(BUS_REGION_BAR0, NVME_SQ0 + 8 * q, n);
}

static void
device_interrupts(void)
{
	size_t len = 8 * PAGE;
	char *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct iospace_request req = { .va = va, .len = len,
		.access = IOSPACE_READ | IOSPACE_WRITE };
	int fds[4] = { edu_eventfd(), edu_eventfd(), edu_eventfd(), edu_eventfd() };
	unsigned int tail = 0, q;
	uint64_t iova = 0;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	open_nvme();
	CU_ASSERT_EQUAL_FATAL(iospace_map(ios, &req, &iova), 0);
	CU_ASSERT_EQUAL(irq_set(0, 1, fds), 0);
	start_controller(iova);
	for (q = 1; q <= 3; q++) {
		CU_ASSERT_EQUAL(irq_set(q, 1, &fds[q]), 0); /* as queue pairs come */
		make_queue_pair((uint32_t *)va, &tail, iova, q, fds[0]);
	}
	for (q = 1; q <= 3; q++)
		flush(va, q, 1);
	for (q = 1; q <= 3; q++)
		CU_ASSERT(edu_signalled(fds[q], 2000));
	/* Vector 2 gets another eventfd, while 1 and 3 go on. */
	close(fds[2]);
	fds[2] = edu_eventfd();
	CU_ASSERT_EQUAL(irq_set(2, 1, &fds[2]), 0);
	for (q = 1; q <= 3; q++)
		flush(va, q, 2);
	for (q = 1; q <= 3; q++)
		CU_ASSERT(edu_signalled(fds[q], 2000));
	write32(BUS_REGION_BAR0, NVME_CC, 0);
	CU_ASSERT_EQUAL(bus_set_master(dev, false), 0);
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, len), 0);
	close_nvme();
	for (q = 0; q < 4; q++)
		close(fds[q]);
	munmap(va, len);
}

/*
 * Reset
 */

static void
reset(void)
{
	int fds[3] = { edu_eventfd(), edu_eventfd(), edu_eventfd() };
	struct bus_info info;

	open_nvme();
	CU_ASSERT_EQUAL(dev->ops->info(dev, &info), 0);
	CU_ASSERT(info.has_reset);
	CU_ASSERT_EQUAL(irq_set(0, 3, fds), 0);
	CU_ASSERT_EQUAL(bus_set_master(dev, true), 0);
	write32(BUS_REGION_BAR0, NVME_CC, CC_ENABLE & ~1u);
	CU_ASSERT_EQUAL(read32(BUS_REGION_BAR0, NVME_CC), CC_ENABLE & ~1u);
	CU_ASSERT_EQUAL(dev->ops->reset(dev), 0);
	CU_ASSERT_EQUAL(read32(BUS_REGION_BAR0, NVME_CC), 0);
	CU_ASSERT((read32(BUS_REGION_CONFIG, PCI_COMMAND) & PCI_COMMAND_MASTER) != 0);
	CU_ASSERT(arrives(0, fds[0]) && arrives(2, fds[2]));
	close_nvme();
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
}

static void
no_reset(void)
{
	struct bus_info info;

	CU_ASSERT_EQUAL_FATAL(open_function("VM_EDU", &dev), 0);
	CU_ASSERT_EQUAL_FATAL(attach(dev, NULL, &ios), 0);
	CU_ASSERT_EQUAL(dev->ops->info(dev, &info), 0);
	CU_ASSERT_FALSE(info.has_reset);
	CU_ASSERT_EQUAL(dev->ops->reset(dev), -ENOTSUP);
	close_nvme();
}

/*
 * Regions, I/O space, groups
 */

static void
regions(void)
{
	struct bus_region_info info;
	unsigned char byte;
	unsigned int i;

	open_nvme();
	for (i = 0; i < BUS_REGIONS; i++) {
		int ret = dev->ops->region_info(dev, i, &info);

		if (ret == 0)
			free(info.areas);
		CU_ASSERT_EQUAL(ret, i == BUS_REGION_VGA ? -EINVAL : 0);
		if (i == BUS_REGION_BAR0)
			CU_ASSERT_EQUAL(info.flags,
					BUS_REGION_READ | BUS_REGION_WRITE | BUS_REGION_MMAP);
		if (i == BUS_REGION_CONFIG)
			CU_ASSERT_EQUAL(info.size, 4096);
	}
	CU_ASSERT_EQUAL(dev->ops->region_read(dev, BUS_REGION_CONFIG, 4096, &byte, 1), -EINVAL);
	CU_ASSERT_EQUAL(dev->ops->region_read(dev, BUS_REGION_CONFIG, 4095, &byte, 1), 0);
	CU_ASSERT_EQUAL(dev->ops->region_write(dev, 3, 0, &byte, 1), -EINVAL);
	close_nvme();
}

/* The kernel would take some of these; the table above it knows better, or must agree with it. */
static void
fixed_places(void)
{
	static const uint64_t outside[] = { 0xfee00000, 0xfeeff000, 0xfedff000 + PAGE, 0 };
	char *va = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iospace_request req = { .va = va, .len = PAGE, .access = IOSPACE_READ,
		.flags = IOSPACE_FIXED };
	uint64_t iova;
	unsigned int i;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	open_nvme();
	for (i = 0; i < 4; i++) {
		iova = outside[i];
		LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -ERANGE, "outside the usable range");
	}
	iova = UINT64_C(1) << guest_aw_bits();
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -ERANGE, "outside the usable range");
	for (i = 0; i < 2; i++) { /* beside the window on both sides, and the last one of all */
		iova = i == 0 ? 0xfedff000 : 0xfef00000;
		CU_ASSERT_EQUAL(iospace_map(ios, &req, &iova), 0);
		CU_ASSERT_EQUAL(iospace_unmap(ios, iova, PAGE), 0);
	}
	iova = (UINT64_C(1) << guest_aw_bits()) - PAGE;
	CU_ASSERT_EQUAL(iospace_map(ios, &req, &iova), 0);
	/* Other memory at an IOVA that is used: DPDK 22.11 says that this works. */
	req.va = va + PAGE;
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -EEXIST, "mapped already");
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, PAGE), 0);
	CU_ASSERT_EQUAL(iospace_map(ios, &req, &iova), 0);
	close_nvme(); /* which unmaps it */
	munmap(va, 2 * PAGE);
}

/* Two uses of one group: the second only in the I/O space of the first. */
static void
group_used_twice(void)
{
	struct bus_dev *again, *edu;
	struct iospace *got = NULL;

	open_nvme();
	CU_ASSERT_EQUAL_FATAL(open_function("VM_NVME", &again), 0);
	LOG_ASSERT_FAILS(attach(again, NULL, &got), -EBUSY, "IOMMU group", "iospace=");
	CU_ASSERT_EQUAL_FATAL(open_function("VM_EDU", &edu), 0);
	CU_ASSERT_EQUAL(attach(edu, ios, &got), 0); /* another group joins */
	CU_ASSERT_PTR_EQUAL(got, ios);
	CU_ASSERT_EQUAL(attach(again, ios, &got), 0);
	CU_ASSERT_PTR_EQUAL(got, ios);
	edu->ops->close(edu);
	again->ops->close(again);
	CU_ASSERT_EQUAL(read32(BUS_REGION_CONFIG, PCI_VENDOR_ID) & 0xffff, 0x1b36);
	close_nvme();
	open_nvme(); /* nothing is left behind that keeps the group */
	close_nvme();
}

static void
opened_and_closed(void)
{
	struct test_usage before;
	struct bus_dev *unused;
	int fd = edu_eventfd(), i;

	open_nvme();
	close_nvme();
	before = test_usage_get();
	for (i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL_FATAL(open_function("VM_EDU", &unused), 0);
		unused->ops->close(unused); /* never attached */
		open_nvme();
		CU_ASSERT_EQUAL(irq_set(5, 1, &fd), 0);
		close_nvme();
	}
	TEST_ASSERT_NO_LEAK(before);
	close(fd);
}

const struct test_case guest_bus_cases[] = {
	{ "ranges of vectors", vector_ranges },
	{ "vectors that are refused", refused_vectors },
	{ "interrupts of the device", device_interrupts },
	{ "reset", reset },
	{ "no reset", no_reset },
	{ "regions", regions },
	{ "places in the I/O space", fixed_places },
	{ "a group used twice", group_used_twice },
	{ "opened and closed", opened_and_closed },
	{ NULL, NULL },
};
