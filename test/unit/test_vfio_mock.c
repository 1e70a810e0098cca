/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The layer on VFIO when the kernel fails: errors, words, nothing left behind; and when what the
 * kernel says makes no sense.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#include "harness.h"
#include "log_text.h"
#include "mock_vfio.h"

#define PAGE 4096
#define TOKEN "12345678-1234-1234-1234-123456789abc"

static struct bus_dev *dev;
static struct iospace *ios;
static const char *token;

/*
 * Open, attach, close
 */

static const char *
get_arg(const void *ctx, const char *key)
{
	(void)ctx;
	return strcmp(key, "vf_token") == 0 ? token : NULL;
}

static int
open_at(const char *address, struct bus_dev **out)
{
	const struct bus_args args = { .get = get_arg };

	return bus_find("pci")->open(address, &args, out);
}

static int
attach_to(struct bus_dev *d, struct iospace *shared, struct iospace **out)
{
	const struct bus_attach_conf conf = {
		.name = "pci:" MOCK_ADDRESS, .window = { 0, UINT64_MAX }, .shared = shared,
	};

	return d->ops->attach(d, &conf, out);
}

/* Open and attach; on failure nothing is open. */
static int
begin(void)
{
	int ret = open_at(MOCK_ADDRESS, &dev);

	if (ret != 0)
		return ret;
	ret = attach_to(dev, NULL, &ios);
	if (ret != 0)
		dev->ops->close(dev);
	return ret;
}

static void
detach(struct bus_dev *d)
{
	if (d->ops->detach != NULL)
		d->ops->detach(d);
}

static void
end(void)
{
	detach(dev);
	iospace_destroy(ios);
	dev->ops->close(dev);
	CU_ASSERT_EQUAL(mock.fds, 0);
	CU_ASSERT_EQUAL(mock.maps, 0);
	mock_end();
}

static void
works(void)
{
	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(dev->id.vendor, 0x1234);
	CU_ASSERT_EQUAL(dev->id.device, 0x5678);
	CU_ASSERT_EQUAL(mock.fds, 3);
	end();
}

/*
 * Errors of the way in
 */

/* Make a call fail, and see that opening fails with an error and two words. */
static void
expect_failure(const struct mock_fail *fail, int err, const char *a, const char *b)
{
	mock_begin();
	mock.fail = *fail;
	mock.fail.nth = fail->nth != 0 ? fail->nth : 1;
	LOG_ASSERT_FAILS(begin(), err, MOCK_ADDRESS, a, b);
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock.fail.request = 0;
	mock.fail.path = NULL;
	CU_ASSERT_EQUAL_FATAL(begin(), 0); /* and it works when the cause is gone */
	end();
}

static void
group_node(void)
{
	static const struct {
		int err, ret;
		const char *cause, *remedy;
	} cases[] = {
		{ EACCES, -EACCES, "no permission on /dev/vfio/7", "udev rule" },
		{ EPERM, -EACCES, "no permission on /dev/vfio/7", "chown" },
		{ EBUSY, -EBUSY, "group 7 is in use", "fuser /dev/vfio/7" },
		{ ENOENT, -ENODEV, "no /dev/vfio/7", "modprobe vfio-pci" },
		{ EMFILE, -EMFILE, "cannot open /dev/vfio/7", "Too many open files" },
		{ ENOMEM, -ENOMEM, "cannot open /dev/vfio/7", "memory" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mock_fail fail = { .path = "/dev/vfio/7", .err = cases[i].err };

		expect_failure(&fail, cases[i].ret, cases[i].cause, cases[i].remedy);
	}
}

static void
container_node(void)
{
	static const struct mock_fail none = { .path = "/dev/vfio/vfio", .err = ENOENT },
		denied = { .path = "/dev/vfio/vfio", .err = EACCES },
		full = { .path = "/dev/vfio/vfio", .err = EMFILE };

	expect_failure(&none, -ENODEV, "/dev/vfio/vfio", "modprobe");
	expect_failure(&denied, -EACCES, "/dev/vfio/vfio", "give this user the node");
	expect_failure(&full, -EMFILE, "/dev/vfio/vfio", "Too many open files");
}

static void
calls_of_the_way_in(void)
{
	static const struct {
		struct mock_fail fail;
		int ret;
		const char *cause, *remedy;
	} cases[] = {
		{ { VFIO_GROUP_GET_STATUS, 0, NULL, EIO, 0 }, -EIO, "/dev/vfio/7", "error" },
		{ { VFIO_GET_API_VERSION, 0, NULL, 0, 1 }, -ENODEV, "type1v2", "modprobe" },
		{ { VFIO_GET_API_VERSION, 0, NULL, EINVAL, 0 }, -ENODEV, "type1v2", "modprobe" },
		{ { VFIO_CHECK_EXTENSION, 0, NULL, 0, 0 }, -ENODEV, "type1v2", "vfio_iommu_type1" },
		{ { VFIO_GROUP_SET_CONTAINER, 0, NULL, EINVAL, 0 }, -EINVAL, "cannot join", "argument" },
		{ { VFIO_GROUP_SET_CONTAINER, 0, NULL, EBUSY, 0 }, -EINVAL, "cannot join", "busy" },
		{ { VFIO_SET_IOMMU, 0, NULL, EPERM, 0 }, -EINVAL, "isolate", "interrupt remapping" },
		{ { VFIO_SET_IOMMU, 0, NULL, ENODEV, 0 }, -EINVAL, "IOMMU", "" },
		{ { VFIO_IOMMU_GET_INFO, 1, NULL, EINVAL, 0 }, -EINVAL, "does not describe", "IOMMU" },
		{ { VFIO_IOMMU_GET_INFO, 2, NULL, EFAULT, 0 }, -EFAULT, "does not describe", "IOMMU" },
		{ { VFIO_IOMMU_GET_INFO, 2, NULL, ENOMEM, 0 }, -ENOMEM, "no memory", "I/O space" },
		{ { VFIO_GROUP_GET_DEVICE_FD, 0, NULL, EBUSY, 0 }, -EBUSY, "in use", "fuser" },
		{ { VFIO_GROUP_GET_DEVICE_FD, 0, NULL, EACCES, 0 }, -EACCES, "VF token", "vf_token=" },
		{ { VFIO_GROUP_GET_DEVICE_FD, 0, NULL, ENODEV, 0 }, -ENODEV, "does not give", "" },
		{ { VFIO_GROUP_GET_DEVICE_FD, 0, NULL, EMFILE, 0 }, -EMFILE, "does not give", "" },
		{ { VFIO_DEVICE_GET_INFO, 0, NULL, EINVAL, 0 }, -EINVAL, "does not describe", "" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_failure(&cases[i].fail, cases[i].ret, cases[i].cause, cases[i].remedy);
}

static void
vf_tokens(void)
{
	static const struct mock_fail fail = { VFIO_GROUP_GET_DEVICE_FD, 0, NULL, EINVAL, 0 };

	token = TOKEN;
	expect_failure(&fail, -EINVAL, "another VF token", "vf_token=UUID");
	mock_begin();
	token = "short";
	LOG_ASSERT_FAILS(begin(), -EINVAL, "vf_token=short", "is no UUID");
	token = NULL;
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
}

static void
functions_in_sysfs(void)
{
	mock_begin();
	mock_bind(MOCK_ADDRESS, NULL);
	LOG_ASSERT_FAILS(begin(), -ENODEV, "bound to no driver", "dpdk-devbind.py -b vfio-pci");
	mock_bind(MOCK_ADDRESS, "nvme");
	LOG_ASSERT_FAILS(begin(), -ENODEV, "bound to nvme", "dpdk-devbind.py -b vfio-pci");
	mock_bind(MOCK_ADDRESS, "vfio-pci");
	mock.viable = false;
	mock_bind(MOCK_OTHER, "snd_hda_intel");
	LOG_ASSERT_FAILS(begin(), -ENODEV, "not viable", MOCK_OTHER " (snd_hda_intel)");
	mock_bind(MOCK_OTHER, "pcieport"); /* which is harmless: it is somebody else */
	LOG_ASSERT_FAILS(begin(), -ENODEV, "not viable", "a function with a kernel driver");
	mock_leave_group(MOCK_ADDRESS);
	LOG_ASSERT_FAILS(begin(), -ENODEV, "no IOMMU group", "intel_iommu=on");
	LOG_ASSERT_FAILS(open_at("0000:04:00.0", &dev), -ENODEV, "no such function", "lspci");
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
}

/* Two functions of one group. */
static void
second_function(void)
{
	struct bus_attach_conf narrow = { .name = "narrow", .window = { 0, UINT32_MAX } };
	struct bus_dev *other = NULL;
	struct iospace *got = NULL;
	struct iospace_stats stats;

	mock_begin();
	mock_bind(MOCK_OTHER, "vfio-pci");
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL_FATAL(open_at(MOCK_OTHER, &other), 0);
	LOG_ASSERT_FAILS(attach_to(other, NULL, &got), -EBUSY, "IOMMU group", "iospace=NAME");
	mock.fail = (struct mock_fail){ VFIO_GROUP_GET_DEVICE_FD, 1, NULL, EIO, 0 };
	LOG_ASSERT_FAILS(attach_to(other, ios, &got), -EIO, "does not give");
	CU_ASSERT_EQUAL(attach_to(other, ios, &got), 0);
	CU_ASSERT_PTR_EQUAL(got, ios);
	CU_ASSERT_EQUAL(mock.fds, 4);
	detach(other);
	narrow.shared = ios;
	CU_ASSERT_EQUAL(other->ops->attach(other, &narrow, &got), 0);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.usable.last, UINT32_MAX);
	detach(other);
	other->ops->close(other);

	/* One that is open while the other leaves finds a group without a space. */
	CU_ASSERT_EQUAL_FATAL(open_at(MOCK_OTHER, &other), 0);
	detach(dev);
	iospace_destroy(ios);
	dev->ops->close(dev);
	CU_ASSERT_EQUAL(attach_to(other, NULL, &ios), 0);
	dev = other;
	end();
}

/*
 * Maps
 */

static int
map_page(void *va, uint64_t len, unsigned int access, uint64_t *iova)
{
	struct iospace_request req = { .va = va, .len = len, .access = access };

	return iospace_map(ios, &req, iova);
}

static void
map_errors(void)
{
	static const struct {
		int err;
		const char *cause, *remedy;
	} cases[] = {
		{ EEXIST, "not in our table", "who else" },
		{ ENOSPC, "entries are used up", "dma_entry_limit" },
		{ EFAULT, "cannot be pinned", "not mapped" },
		{ EINVAL, "unaligned", "outside" },
		{ EBUSY, "cannot map", "busy" },
	};
	static char page[PAGE] __attribute__((aligned(PAGE)));
	struct iospace_stats stats;
	uint64_t iova = 0;
	unsigned int i;

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mock.fail = (struct mock_fail){ VFIO_IOMMU_MAP_DMA, 1, NULL, cases[i].err, 0 };
		LOG_ASSERT_FAILS(map_page(page, PAGE, IOSPACE_READ, &iova), -cases[i].err,
				cases[i].cause, cases[i].remedy);
		iospace_stats_get(ios, &stats);
		CU_ASSERT_EQUAL(stats.maps, 0);
		CU_ASSERT_EQUAL(stats.maps_left, 100);
	}
	CU_ASSERT_EQUAL(map_page(page, PAGE, IOSPACE_READ, &iova), 0);
	end();
}

static void
locked_memory(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	struct rlimit old, low = { 64 << 10, 64 << 10 };
	uint64_t iova = 0;

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_MEMLOCK, &old), 0);
	low.rlim_max = old.rlim_max;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &low), 0);
	mock.fail = (struct mock_fail){ VFIO_IOMMU_MAP_DMA, 1, NULL, ENOMEM, 0 };
	LOG_ASSERT_FAILS(map_page(page, PAGE, IOSPACE_READ, &iova), -ENOMEM,
			"limit on locked memory is 64 KiB", "4 KiB more are needed", "ulimit -l");
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &old), 0);
	end();
}

/* Of the main thread, where the library looks. Returns whether it may lock what it likes. */
static bool
allow_locking(bool on)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	CU_ASSERT_EQUAL_FATAL(syscall(SYS_capget, &head, data), 0);
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	if (on)
		data[0].effective |= data[0].permitted & (1u << CAP_IPC_LOCK);
	CU_ASSERT_EQUAL(syscall(SYS_capset, &head, data), 0);
	return (data[0].effective & (1u << CAP_IPC_LOCK)) != 0;
}

/* What EAL's memory needs is known before the first map. */
static void
room(void)
{
	struct rlimit old, low = { 64 << 10, 64 << 10 };

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_MEMLOCK, &old), 0);
	low.rlim_max = old.rlim_max;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &low), 0);
	allow_locking(false);
	CU_ASSERT_EQUAL(iospace_check_room(ios, 100, 64 << 10), 0);
	LOG_ASSERT_FAILS(iospace_check_room(ios, 1, 68 << 10), -ENOMEM,
			"limit on locked memory is 64 KiB", "68 KiB more are needed", "ulimit -l");
	LOG_ASSERT_FAILS(iospace_check_room(ios, 101, PAGE), -ENOSPC, "takes 101 map entries",
			"100 are left", "dma_entry_limit");
	if (allow_locking(true))
		CU_ASSERT_EQUAL(iospace_check_room(ios, 1, 68 << 10), 0);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &old), 0);
	CU_ASSERT_EQUAL(mock.maps, 0); /* the kernel was not asked */
	end();
}

static void
budget(void)
{
	static char pages[3 * PAGE] __attribute__((aligned(PAGE)));
	uint64_t iova[3] = { 0 };

	mock_begin();
	memcpy(mock.info + sizeof(struct vfio_iommu_type1_info) + 8, &(uint32_t){ 2 }, 4);
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(map_page(pages, PAGE, IOSPACE_READ, &iova[0]), 0);
	CU_ASSERT_EQUAL(map_page(pages + PAGE, PAGE, IOSPACE_READ, &iova[1]), 0);
	LOG_ASSERT_FAILS(map_page(pages + 2 * PAGE, PAGE, IOSPACE_READ, &iova[2]), -ENOSPC,
			"all 2 map entries", "dma_entry_limit");
	CU_ASSERT_EQUAL(mock.maps, 2); /* the kernel was not asked */
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova[0], PAGE), 0);
	CU_ASSERT_EQUAL(map_page(pages + 2 * PAGE, PAGE, IOSPACE_READ, &iova[2]), 0);
	end();
}

static void
unmap_errors(void)
{
	static char page[2 * PAGE] __attribute__((aligned(PAGE)));
	uint64_t first = 0, second = 0;

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(map_page(page, 2 * PAGE, IOSPACE_READ, &first), 0);
	mock.unmap_less = PAGE;
	LOG_ASSERT_FAILS(iospace_unmap(ios, first, 2 * PAGE), -EIO, "took away 4096", "close");
	mock.unmap_less = 0;
	CU_ASSERT_EQUAL(map_page(page, 2 * PAGE, IOSPACE_READ, &second), 0);
	CU_ASSERT_NOT_EQUAL(first, second); /* never handed out again */
	mock.fail = (struct mock_fail){ VFIO_IOMMU_UNMAP_DMA, 1, NULL, EINVAL, 0 };
	LOG_ASSERT_FAILS(iospace_unmap(ios, second, 2 * PAGE), -EIO, "took away 0", "close");
	mock.maps = 0;
	end();
}

/*
 * What the kernel says
 */

static void
put32(unsigned char *blob, size_t off, uint32_t value)
{
	memcpy(blob + off, &value, sizeof(value));
}

/* Offsets in what fill_info() lays out. */
#define CAP_OFFSET offsetof(struct vfio_iommu_type1_info, cap_offset)
#define AVAIL      sizeof(struct vfio_iommu_type1_info)
#define RANGES     (AVAIL + sizeof(struct vfio_iommu_type1_info_dma_avail))
#define NEXT       offsetof(struct vfio_info_cap_header, next)

static struct iospace_stats
stats_of(void)
{
	struct iospace_stats stats = { 0 };

	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	iospace_stats_get(ios, &stats);
	end();
	return stats;
}

static void
good_info(void)
{
	struct iospace_stats stats;

	mock_begin();
	stats = stats_of();
	CU_ASSERT_EQUAL(stats.maps_left, 100);
	CU_ASSERT_EQUAL(stats.page_sizes, 0x40201000);
	CU_ASSERT_EQUAL(stats.usable.first, PAGE);
	CU_ASSERT_EQUAL(stats.usable.last, (UINT64_C(1) << 48) - 1);
}

/* A chain that is wrong is read as far as it makes sense. */
static void
wrong_chains(void)
{
	static const uint32_t firsts[] = { 0, 4, 23, RANGES + 1000, UINT32_MAX, UINT32_MAX - 7 };
	static const uint32_t nexts[] = { AVAIL, 1, AVAIL - 8, RANGES + 2000, UINT32_MAX, 0 };
	unsigned int i;

	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		mock_begin();
		put32(mock.info, CAP_OFFSET, firsts[i]);
		CU_ASSERT_EQUAL(stats_of().maps_left, 65535);
	}
	for (i = 0; i < sizeof(nexts) / sizeof(nexts[0]); i++) {
		mock_begin();
		put32(mock.info, AVAIL + NEXT, nexts[i]);
		CU_ASSERT_EQUAL(stats_of().maps_left, 100);
	}
	mock_begin(); /* no capabilities at all */
	put32(mock.info, 4, VFIO_IOMMU_INFO_PGSIZES);
	CU_ASSERT_EQUAL(stats_of().maps_left, 65535);
}

static void
wrong_sizes(void)
{
	static const uint32_t smaller[] = { 1, 4, 7, 8, 23, 24, 28, AVAIL + 8, RANGES + 8 };
	unsigned int i;

	mock_begin(); /* more than there can be */
	mock.info_argsz = UINT32_MAX;
	log_text_begin();
	CU_ASSERT(begin() < 0);
	log_text_end();
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
	for (i = 0; i < sizeof(smaller) / sizeof(smaller[0]); i++) {
		int ret;

		mock_begin(); /* less at the second call: nothing behind it is looked at */
		mock.info_argsz2 = smaller[i];
		log_text_begin();
		ret = begin();
		log_text_end();
		if (ret == 0) {
			end();
			continue;
		}
		CU_ASSERT_EQUAL(mock.fds, 0);
		mock_end();
	}
	mock_begin(); /* more at the second call, and so at each */
	mock.info_argsz2 = UINT32_MAX;
	LOG_ASSERT_FAILS(begin(), -EPROTO, MOCK_ADDRESS);
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
}

static void
wrong_ranges(void)
{
	static const uint32_t counts[] = { 3, 1000, 0x10000000, UINT32_MAX };
	uint64_t upside_down[2] = { 0x2000000, 0x1000000 };
	unsigned int i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		mock_begin();
		put32(mock.info, RANGES + 8, counts[i]);
		LOG_ASSERT_FAILS(begin(), -EPROTO, MOCK_ADDRESS);
		CU_ASSERT_EQUAL(mock.fds, 0);
		mock_end();
	}
	mock_begin();
	put32(mock.info, RANGES + 8, 0); /* none */
	LOG_ASSERT_FAILS(begin(), -ERANGE, "no IOVA range", "raise dma_bits=");
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
	mock_begin();
	memcpy(mock.info + RANGES + 16, upside_down, sizeof(upside_down));
	CU_ASSERT_EQUAL(stats_of().usable.first, 0xfef00000);
	mock_begin();
	memset(mock.info + 8, 0, 8); /* no page size */
	LOG_ASSERT_FAILS(begin(), -EPROTO, MOCK_ADDRESS);
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
}

/* The region's information, with a sparse-mmap capability of so many areas at an offset. */
static void
put_sparse(uint32_t off, uint32_t next, uint32_t areas, uint64_t first, uint64_t size)
{
	struct vfio_region_info *info = (void *)mock.region;
	struct vfio_info_cap_header header = { .id = VFIO_REGION_INFO_CAP_SPARSE_MMAP, .version = 1,
		.next = next };
	uint64_t area[2] = { first, size };

	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	info->cap_offset = off;
	mock.region_argsz = off + 16 + 16;
	if (off > 400)
		return;
	memcpy(mock.region + off, &header, sizeof(header));
	put32(mock.region, off + 8, areas);
	memcpy(mock.region + off + 16, area, sizeof(area));
}

static void
sparse_regions(void)
{
	static const struct {
		uint32_t off, next, areas;
		uint64_t first, size;
		uint32_t second_argsz;
		unsigned int nb_areas;
		bool can_map;
	} cases[] = {
		{ 32, 0, 1, 0x2000, 0x1000, 0, 1, true },
		{ 36, 0, 1, 0x2000, 0x1000, 0, 1, true }, /* aligned to 4, as older kernels do */
		{ 32, 0, 1, 0x10000, 0x1000, 0, 0, false }, /* outside the region */
		{ 32, 0, 1, 0xf000, 0x2000, 0, 0, false },
		{ 32, 0, 1, 0, UINT64_MAX, 0, 0, false },
		{ 32, 0, 1, 0x1000, 0, 0, 0, false },
		{ 32, 0, 1, 0x2000, 0x1000, 33, 0, true }, /* cut off */
	};
	struct bus_region_info info;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mock_begin();
		put_sparse(cases[i].off, cases[i].next, cases[i].areas, cases[i].first,
				cases[i].size);
		mock.region_argsz2 = cases[i].second_argsz;
		CU_ASSERT_EQUAL_FATAL(begin(), 0);
		CU_ASSERT_EQUAL(dev->ops->region_info(dev, 0, &info), 0);
		CU_ASSERT_EQUAL(info.nb_areas, cases[i].nb_areas);
		CU_ASSERT_EQUAL((info.flags & BUS_REGION_MMAP) != 0, cases[i].can_map);
		if (info.nb_areas == 1)
			CU_ASSERT_EQUAL(info.areas[0].last, 0x2fff);
		free(info.areas);
		end();
	}
}

/* More areas than there is room for. */
static void
too_many_areas(void)
{
	static const uint32_t counts[] = { 2, 100, 0x10000000, UINT32_MAX };
	struct bus_region_info info;
	unsigned int i;

	for (i = 0; i <= sizeof(counts) / sizeof(counts[0]); i++) {
		mock_begin();
		put_sparse(32, 0, i < 4 ? counts[i] : 1, 0x2000, 0x1000);
		mock.region_argsz2 = i < 4 ? 0 : 50; /* cut off in the first one */
		CU_ASSERT_EQUAL_FATAL(begin(), 0);
		CU_ASSERT_EQUAL(dev->ops->region_info(dev, 0, &info), -EPROTO);
		end();
	}
}

static void
sparse_chains(void)
{
	static const uint32_t offsets[] = { 1, 31, 600, UINT32_MAX, UINT32_MAX - 7 };
	struct bus_region_info info;
	unsigned int i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		mock_begin();
		put_sparse(32, 0, 1, 0x2000, 0x1000);
		((struct vfio_region_info *)(void *)mock.region)->cap_offset = offsets[i];
		CU_ASSERT_EQUAL_FATAL(begin(), 0);
		CU_ASSERT_EQUAL(dev->ops->region_info(dev, 0, &info), 0);
		CU_ASSERT_EQUAL(info.nb_areas, 0);
		free(info.areas);
		end();
	}
	for (i = 0; i < 2; i++) { /* other capabilities that lead to themselves, and back */
		mock_begin();
		put_sparse(32, i == 0 ? 32 : 8, 1, 0x2000, 0x1000);
		mock.region[32] = 77;
		CU_ASSERT_EQUAL_FATAL(begin(), 0);
		CU_ASSERT_EQUAL(dev->ops->region_info(dev, 0, &info), 0);
		CU_ASSERT_EQUAL(info.nb_areas, 0);
		free(info.areas);
		end();
	}
	mock_begin();
	mock.region_argsz = UINT32_MAX;
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(dev->ops->region_info(dev, 0, &info), -EPROTO);
	end();
}

/*
 * Interrupts
 */

static int
irq_set(unsigned int start, unsigned int n, const int *fds)
{
	return dev->ops->irq_set(dev, BUS_IRQ_MSIX, start, n, fds);
}

static void
fail_irqs(unsigned int nth, int err)
{
	mock.fail = (struct mock_fail){ VFIO_DEVICE_SET_IRQS, nth, NULL, err, 0 };
}

/* The kernel cannot add vectors: all are enabled at once, and none is lost later. */
static void
vectors_that_grow(void)
{
	int fds[4] = { 10, 11, 12, 13 }, none = -1;

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(irq_set(1, 1, &fds[1]), 0);
	CU_ASSERT_EQUAL(mock.enabled, MOCK_VECTORS);
	CU_ASSERT_EQUAL(irq_set(7, 1, &fds[3]), 0);
	CU_ASSERT_EQUAL(irq_set(0, 1, &fds[0]), 0);
	CU_ASSERT_EQUAL(mock.vector_fd[0], 10);
	CU_ASSERT_EQUAL(mock.vector_fd[1], 11);
	CU_ASSERT_EQUAL(mock.vector_fd[2], -1);
	CU_ASSERT_EQUAL(mock.vector_fd[7], 13);
	CU_ASSERT_EQUAL(mock.refused_growth, 0);
	CU_ASSERT_EQUAL(irq_set(0, 1, &none), 0);
	CU_ASSERT_EQUAL(irq_set(1, 1, &none), 0);
	CU_ASSERT_EQUAL(mock.enabled, MOCK_VECTORS);
	CU_ASSERT_EQUAL(irq_set(7, 1, &none), 0); /* the last one */
	CU_ASSERT_EQUAL(mock.enabled, 0);
	CU_ASSERT_EQUAL(irq_set(0, 0, NULL), 0);
	end();
}

/* A machine with too few: what is asked for is enabled, and grows with a signal to all. */
static void
vectors_that_are_scarce(void)
{
	int fds[3] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK) };
	eventfd_t n = 0;

	mock_begin();
	mock.vectors_free = 2;
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(irq_set(0, 1, fds), 0);
	CU_ASSERT_EQUAL(mock.enabled, 1);
	CU_ASSERT_EQUAL(irq_set(1, 1, &fds[1]), 0);
	CU_ASSERT_EQUAL(mock.enabled, 2);
	CU_ASSERT_EQUAL(mock.vector_fd[0], fds[0]);
	CU_ASSERT_EQUAL(eventfd_read(fds[0], &n), 0); /* one may have been lost */
	CU_ASSERT_EQUAL(irq_set(2, 1, &fds[2]), -ENOSPC);
	CU_ASSERT_EQUAL(mock.enabled, 2);
	CU_ASSERT_EQUAL(mock.vector_fd[0], fds[0]);
	CU_ASSERT_EQUAL(mock.vector_fd[1], fds[1]);
	CU_ASSERT_EQUAL(irq_set(0, 0, NULL), 0);
	CU_ASSERT_EQUAL(mock.enabled, 0);
	end();
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
}

static void
vectors_that_are_refused(void)
{
	int fds[4] = { 10, 11, 12, 13 };

	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	mock.fail = (struct mock_fail){ VFIO_DEVICE_GET_IRQ_INFO, 1, NULL, EIO, 0 };
	CU_ASSERT_EQUAL(irq_set(0, 1, fds), -EIO);
	mock.vectors_free = 0;
	CU_ASSERT_EQUAL(irq_set(0, 2, fds), -ENOSPC);
	CU_ASSERT_EQUAL(mock.enabled, 0);
	mock.vectors_free = MOCK_VECTORS;
	CU_ASSERT_EQUAL(irq_set(0, 2, fds), 0);
	fail_irqs(1, EINVAL); /* what was set before is set again */
	CU_ASSERT_EQUAL(irq_set(0, 1, &fds[2]), -EINVAL);
	CU_ASSERT_EQUAL(mock.vector_fd[0], 10);
	CU_ASSERT_EQUAL(mock.vector_fd[1], 11);
	fail_irqs(1, EIO);
	CU_ASSERT_EQUAL(irq_set(0, 0, NULL), -EIO);
	CU_ASSERT_EQUAL(irq_set(0, 0, NULL), 0);
	CU_ASSERT_EQUAL(irq_set(MOCK_VECTORS, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(1, UINT32_MAX, fds), -EINVAL);
	CU_ASSERT_EQUAL(dev->ops->irq_set(dev, BUS_IRQ_MSI, 0, 1, fds), -EINVAL);
	end();
}

static void
reset_errors(void)
{
	mock_begin();
	CU_ASSERT_EQUAL_FATAL(begin(), 0);
	CU_ASSERT_EQUAL(dev->ops->reset(dev), 0);
	mock.fail = (struct mock_fail){ VFIO_DEVICE_RESET, 1, NULL, EAGAIN, 0 };
	CU_ASSERT_EQUAL(dev->ops->reset(dev), -EAGAIN);
	end();
}

static const struct test_case open_cases[] = {
	{ "nothing fails", works },
	{ "the group's node", group_node },
	{ "the container's node", container_node },
	{ "calls of the way in", calls_of_the_way_in },
	{ "VF tokens", vf_tokens },
	{ "functions in sysfs", functions_in_sysfs },
	{ "a second function of the group", second_function },
	{ NULL, NULL },
};

static const struct test_case map_cases[] = {
	{ "errors of maps", map_errors },
	{ "locked memory", locked_memory },
	{ "room", room },
	{ "budget", budget },
	{ "errors of unmaps", unmap_errors },
	{ NULL, NULL },
};

static const struct test_case info_cases[] = {
	{ "as a kernel says it", good_info },
	{ "wrong chains", wrong_chains },
	{ "wrong sizes", wrong_sizes },
	{ "wrong ranges", wrong_ranges },
	{ "sparse regions", sparse_regions },
	{ "too many areas", too_many_areas },
	{ "wrong chains of regions", sparse_chains },
	{ NULL, NULL },
};

static const struct test_case irq_cases[] = {
	{ "vectors that grow", vectors_that_grow },
	{ "vectors that are scarce", vectors_that_are_scarce },
	{ "vectors that are refused", vectors_that_are_refused },
	{ "errors of reset", reset_errors },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	static const struct test_suite suites[] = {
		{ "vfio: open", NULL, NULL, open_cases },
		{ "vfio: maps", NULL, NULL, map_cases },
		{ "vfio: information", NULL, NULL, info_cases },
		{ "vfio: interrupts", NULL, NULL, irq_cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
