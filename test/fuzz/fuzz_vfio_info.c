/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <unistd.h>

#include <eal_glue/bar_maps.h>
#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>
#include <eal_glue/iospace_vfio.h>
#include <eal_glue/pci_function.h>
#include <eal_glue/pci_hot_reset.h>
#include <eal_glue/vfio_group.h>

/*
 * A kernel that tells nonsense: the bus "pci" opens a function that is not there, and what it asks
 * for is made of the input. Chains of capabilities are well-formed as far as the input lets them;
 * those that are must be understood. Linked with --wrap for all that would need the kernel.
 */

#define BLOB_MAX  1024
#define LIST_MAX  8
#define FAKE_FD   "/dev/null"

struct list_item { uint64_t a, b; };

/* An answer. */
struct blob {
	unsigned char bytes[BLOB_MAX];
	uint32_t len;
	bool honest;         /* well-formed: list and count must be understood */
	bool has_list;
	struct list_item list[LIST_MAX];
	unsigned int nb_list;
	bool has_count;
	uint32_t count;
};

static struct fuzz_in in;
static struct blob iommu, region;

/*
 * Answers
 */

static void
put(struct blob *b, const void *data, uint32_t len)
{
	FUZZ_CHECK(len <= BLOB_MAX - b->len);
	memcpy(b->bytes + b->len, data, len);
	b->len += len;
}

/* Capabilities that nobody asks for, of any length. */
static void
put_other(struct blob *b, struct vfio_info_cap_header *head)
{
	uint64_t data = fuzz_u64(&in);
	uint32_t words = fuzz_below(&in, 3);

	head->id = 100 + fuzz_below(&in, 3);
	put(b, head, sizeof(*head));
	while (words-- > 0)
		put(b, &data, sizeof(data));
}

/* Both lists are a number, 4 bytes, and pairs of 64 bits; the first of several counts. */
static void
put_list(struct blob *b, struct vfio_info_cap_header *head, bool of_region, uint64_t max)
{
	struct { uint32_t nr, pad; } n = { fuzz_below(&in, LIST_MAX + 1), 0 };
	uint64_t next = 0;
	unsigned int i;

	head->id = of_region ? VFIO_REGION_INFO_CAP_SPARSE_MMAP :
			VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE;
	put(b, head, sizeof(*head));
	put(b, &n, sizeof(n));
	for (i = 0; i < n.nr; i++) {
		struct list_item item = { next, 0x10000u + fuzz_u8(&in) * 4096u };

		/* Ranges are given by their last byte, areas by their length. */
		if (!of_region)
			item.b += item.a - 1;
		next += 0x200000;
		b->honest &= next <= max;
		put(b, &item, sizeof(item));
		if (!b->has_list)
			b->list[b->nb_list++] = item;
	}
	b->has_list = true;
}

static void
put_count(struct blob *b, struct vfio_info_cap_header *head)
{
	uint32_t avail = 1 + fuzz_u16(&in);

	head->id = VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL;
	put(b, head, sizeof(*head));
	put(b, &avail, sizeof(avail));
	if (!b->has_count)
		b->count = avail;
	b->has_count = true;
}

static void
put_cap(struct blob *b, struct vfio_info_cap_header *head, bool of_region, uint64_t max)
{
	unsigned int what = fuzz_below(&in, 4);

	if (what == 0)
		put_other(b, head);
	else if (of_region || what < 3)
		put_list(b, head, of_region, max);
	else
		put_count(b, head);
}

/* At most BLOB_MAX bytes: four capabilities of at most 16 + 8 * 16 each. */
static void
put_chain(struct blob *b, unsigned int nb, bool of_region, uint64_t max)
{
	struct vfio_info_cap_header head = { .version = 1 };
	uint32_t at = 0;

	while (nb-- > 0) {
		at = b->len;
		put_cap(b, &head, of_region, max);
		while (b->len % 8 != 0)
			put(b, "", 1);
		head.next = nb > 0 ? b->len : 0;
		memcpy(b->bytes + at + offsetof(struct vfio_info_cap_header, next), &head.next,
				sizeof(head.next));
	}
}

/* Change some bytes, the first four (argsz) among them; the rest need not be honest any more. */
static void
spoil(struct blob *b)
{
	unsigned int n = fuzz_below(&in, 8), where;

	b->honest &= n == 0;
	while (n-- > 0) {
		where = fuzz_u16(&in) % b->len;
		b->bytes[where] = fuzz_u8(&in);
	}
	if (!b->honest && (fuzz_u8(&in) & 3) == 0)
		b->len = fuzz_u16(&in) % (b->len + 1);
}

static void
make_iommu(void)
{
	struct vfio_iommu_type1_info info = {
		.flags = VFIO_IOMMU_INFO_PGSIZES,
		.iova_pgsizes = 4096,
	};
	unsigned int caps = fuzz_below(&in, 5);

	memset(&iommu, 0, sizeof(iommu));
	iommu.honest = true;
	put(&iommu, &info, sizeof(info));
	if (caps > 0) {
		info.flags |= VFIO_IOMMU_INFO_CAPS;
		info.cap_offset = iommu.len;
		put_chain(&iommu, caps, false, UINT64_MAX);
	}
	info.argsz = iommu.len;
	memcpy(iommu.bytes, &info, sizeof(info));
	spoil(&iommu);
}

static void
make_region(void)
{
	struct vfio_region_info info = { .flags = VFIO_REGION_INFO_FLAG_READ, .size = 0x800000 };
	unsigned int caps = fuzz_below(&in, 5);

	memset(&region, 0, sizeof(region));
	region.honest = true;
	info.offset = fuzz_u64(&in);
	put(&region, &info, sizeof(info));
	if (caps > 0) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS | VFIO_REGION_INFO_FLAG_MMAP;
		info.cap_offset = region.len;
		put_chain(&region, caps, true, info.size);
	}
	info.argsz = region.len;
	memcpy(region.bytes, &info, sizeof(info));
	spoil(&region);
}

/*
 * The kernel
 */

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_bar_maps_init(struct bar_maps *maps);
int __wrap_pci_function_find(const char *address, struct pci_function *fn);
int __wrap_pci_function_check(const struct pci_function *fn);
int __wrap_vfio_group_get(const struct pci_function *fn, struct vfio_group **group);
void __wrap_vfio_group_put(struct vfio_group *group);
int __wrap_vfio_group_attach(struct vfio_group *group, const struct bus_attach_conf *conf,
		struct iospace **ios);
void __wrap_vfio_group_detach(struct vfio_group *group);
int __wrap_vfio_group_device(struct vfio_group *group, const struct pci_function *fn,
		const char *token);

/* meson asks for 64-bit offsets, with which open() is this. */
int
__wrap_open64(const char *path, int flags, ...)
{
	return __real_open64(strncmp(path, "/dev/vfio/", 10) == 0 ? FAKE_FD : path, flags, 0);
}

/* As much of the answer as the caller has room for; sometimes it differs from the last one. */
static int
answer(struct blob *b, void (*again)(void), void *to)
{
	uint8_t how = fuzz_u8(&in);
	uint32_t room;

	if (how >= 250) {
		errno = EIO;
		b->honest = false;
		return -1;
	}
	if (how >= 240) {
		again();
		b->honest = false;
	}
	memcpy(&room, to, sizeof(room));
	memcpy(to, b->bytes, room < b->len ? room : b->len);
	return 0;
}

/* Small structs without a chain: all their bytes are the input's. */
static int
answer_raw(void *to, size_t size)
{
	unsigned char *bytes = to;
	size_t i;

	for (i = 4; i < size; i++)
		bytes[i] = fuzz_u8(&in);
	return (fuzz_u8(&in) & 7) == 7 ? (errno = EINVAL, -1) : 0;
}

#define GROUP  7
#define HOT_FD 1000 /* a request of a device may have the number of one of a container */

static bool may_reset; /* as far as the last answer says */

/* Functions of a hot reset: any number of them, most in one group, and errors that fit or not. */
static int
answer_hot_reset(struct vfio_pci_hot_reset_info *info)
{
	uint32_t room = (info->argsz - sizeof(*info)) / sizeof(info->devices[0]), i;
	uint8_t how = fuzz_u8(&in);

	FUZZ_CHECK(room <= 65536);
	info->count = how < 200 ? fuzz_below(&in, 16) : (uint32_t)fuzz_u64(&in);
	may_reset = info->count > 0 && info->count <= room;
	for (i = 0; i < info->count && i < room; i++) {
		info->devices[i].group_id = (fuzz_u8(&in) & 15) == 15 ? GROUP + 1 : GROUP;
		may_reset = may_reset && info->devices[i].group_id == GROUP;
	}
	if (how % 8 == 7 || (info->count > room && how % 2 == 0)) {
		errno = how % 8 == 7 && how % 16 == 7 ? ENODEV : ENOSPC;
		may_reset = false;
		return -1;
	}
	return 0;
}

static int
hot_ioctl(unsigned long request, void *arg)
{
	if (request == VFIO_DEVICE_GET_PCI_HOT_RESET_INFO)
		return answer_hot_reset(arg);
	FUZZ_CHECK(request == VFIO_DEVICE_PCI_HOT_RESET && may_reset);
	FUZZ_CHECK(((struct vfio_pci_hot_reset *)arg)->count == 1);
	return (fuzz_u8(&in) & 15) == 15 ? (errno = EPERM, -1) : 0;
}

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (fd == HOT_FD)
		return hot_ioctl(request, arg);
	switch (request) {
	case VFIO_GET_API_VERSION:
		return VFIO_API_VERSION;
	case VFIO_CHECK_EXTENSION:
		return 1;
	case VFIO_IOMMU_GET_INFO:
		return answer(&iommu, make_iommu, arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return answer(&region, make_region, arg);
	case VFIO_DEVICE_GET_INFO:
		return answer_raw(arg, sizeof(struct vfio_device_info));
	case VFIO_DEVICE_GET_IRQ_INFO:
		return answer_raw(arg, sizeof(struct vfio_irq_info));
	case VFIO_IOMMU_UNMAP_DMA:
		return answer_raw(arg, sizeof(struct vfio_iommu_type1_dma_unmap));
	default:
		return (fuzz_u8(&in) & 15) == 15 ? (errno = ENOSPC, -1) : 0;
	}
}

/* Nothing is ever mapped, and two megabytes of ones for each input would take all the time. */
int
__wrap_bar_maps_init(struct bar_maps *maps)
{
	maps->ones_fd = __real_open64(FAKE_FD, O_RDWR | O_CLOEXEC);
	return maps->ones_fd >= 0 ? 0 : -errno;
}

int
__wrap_pci_function_find(const char *address, struct pci_function *fn)
{
	memset(fn, 0, sizeof(*fn));
	snprintf(fn->address, sizeof(fn->address), "%s", address);
	return 0;
}

int
__wrap_pci_function_check(const struct pci_function *fn)
{
	(void)fn;
	return 0;
}

int
__wrap_vfio_group_get(const struct pci_function *fn, struct vfio_group **group)
{
	(void)fn;
	*group = NULL;
	return 0;
}

void
__wrap_vfio_group_put(struct vfio_group *group)
{
	(void)group;
}

int
__wrap_vfio_group_attach(struct vfio_group *group, const struct bus_attach_conf *conf,
		struct iospace **ios)
{
	(void)group;
	return iospace_vfio_attach(-1, conf, ios);
}

void
__wrap_vfio_group_detach(struct vfio_group *group)
{
	(void)group;
}

int
__wrap_vfio_group_device(struct vfio_group *group, const struct pci_function *fn, const char *token)
{
	(void)group;
	(void)fn;
	(void)token;
	return __real_open64(FAKE_FD, O_RDWR | O_CLOEXEC);
}

/*
 * What must have been understood
 */

static void
check_ranges(struct iospace *ios)
{
	struct iospace_stats stats;

	iospace_stats_get(ios, &stats);
	FUZZ_CHECK(stats.usable.first >= 4096 && stats.usable.first < stats.usable.last);
	if (!iommu.honest)
		return;
	FUZZ_CHECK(stats.maps_left == (iommu.has_count ? iommu.count : 65535));
	if (iommu.has_list)
		FUZZ_CHECK(stats.usable.last == iommu.list[iommu.nb_list - 1].b);
	else
		FUZZ_CHECK(stats.usable.last == (UINT64_C(1) << 48) - 1);
}

static void
check_areas(const struct bus_region_info *info)
{
	unsigned int i;

	for (i = 0; i < info->nb_areas; i++) {
		FUZZ_CHECK(info->areas[i].first <= info->areas[i].last);
		FUZZ_CHECK(info->areas[i].last < info->size);
		FUZZ_CHECK(i == 0 || info->areas[i].first >= info->areas[i - 1].first);
	}
	if (!region.honest)
		return;
	FUZZ_CHECK(info->size == 0x800000 && info->nb_areas == region.nb_list);
	FUZZ_CHECK(((info->flags & BUS_REGION_MMAP) != 0) == (region.has_list ? region.nb_list > 0 :
			region.len > sizeof(struct vfio_region_info)));
	for (i = 0; i < info->nb_areas; i++)
		FUZZ_CHECK(info->areas[i].first == region.list[i].a && info->areas[i].last ==
				region.list[i].a + region.list[i].b - 1);
}

static void
use_regions(struct bus_dev *dev)
{
	struct bus_region_info info;
	unsigned int i;
	uint64_t value;

	for (i = 0; i < BUS_REGIONS; i++) {
		make_region();
		if (dev->ops->region_info(dev, i, &info) == 0) {
			check_areas(&info);
			free(info.areas);
		} else {
			FUZZ_CHECK(!region.honest);
		}
		(void)dev->ops->region_read(dev, i, fuzz_u64(&in), &value,
				1u << fuzz_below(&in, 4));
	}
	FUZZ_CHECK(dev->ops->region_read(dev, BUS_REGIONS, 0, &value, 1) != 0);
}

static void
use_irqs(struct bus_dev *dev)
{
	int fds[8] = { -1, 0, -1, -1, -1, -1, -1, -1 };
	struct bus_irq_info info;
	unsigned int irq;

	for (irq = 0; irq < BUS_IRQS; irq++) {
		(void)dev->ops->irq_info(dev, irq, &info);
		/* The number of vectors is the kernel's word, and memory is taken for them. */
		(void)dev->ops->irq_set(dev, irq, fuzz_below(&in, 4), fuzz_below(&in, 9), fds);
	}
}

static void
use_space(struct iospace *ios)
{
	struct iospace_request req = { (void *)(uintptr_t)0x200000, 0x4000, IOSPACE_READ, 0, 0 };
	struct addrspace_range window = { 0, UINT64_MAX >> fuzz_below(&in, 40) };
	uint64_t iova;

	check_ranges(ios);
	if (iospace_map(ios, &req, &iova) == 0)
		(void)iospace_unmap(ios, iova, req.len);
	make_iommu();
	(void)iospace_narrow(ios, &window);
}

/* Keys of the spec: none. */
static const char *
no_arg(const void *ctx, const char *key)
{
	(void)ctx;
	(void)key;
	return NULL;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_drop_logs();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bus_attach_conf conf = { .name = "fuzz", .window = { 0, UINT64_MAX } };
	const struct bus_args args = { .get = no_arg };
	struct iospace *ios = NULL;
	struct bus_dev *dev;

	in = (struct fuzz_in){ data, size };
	if (fuzz_u8(&in) % 2 != 0) {
		FUZZ_CHECK(pci_hot_reset(HOT_FD, -1, GROUP) <= 0);
		return 0;
	}
	make_iommu();
	make_region();
	FUZZ_CHECK(bus_find("pci")->open("0000:00:00.0", &args, &dev) == 0);
	if (dev->ops->attach(dev, &conf, &ios) == 0) {
		use_space(ios);
		use_regions(dev);
		use_irqs(dev);
		iospace_destroy(ios);
	}
	dev->ops->close(dev);
	return 0;
}
