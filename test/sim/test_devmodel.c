/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The model SDK and the sim bus, with a model of this file's own and no driver.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <devmodel/devmodel.h>
#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "log_text.h"
#include "model_dev.h"

#define PAGE 4096
/*
 * The model: registers of 8 bytes, but for the first one
 */

#define REG_COMMAND 0x00 /* 4 bytes: starts; reads 1 while busy */
#define REG_IOVA    0x08
#define REG_COUNT   0x10 /* pieces of work */
#define REG_VALUE   0x18 /* what is written, grows with each piece; what was read */
#define REG_FAILED  0x20 /* accesses that failed */

#define BAR_SIZE 4096
#define BAR2     65536
#define PIECE    64 /* bytes of DMA in one step */
#define MSI      2
#define MSIX     4

enum command { WRITE = 1, READ, COUNT, RAISE, WRITE_FOREVER };

struct toy {
	struct devmodel *host;
	uint32_t command;
	uint64_t regs[8]; /* by offset / 8 */
	uint64_t left, at;
};

static unsigned int nb_toys;
static int create_error;

static int
toy_create(struct devmodel *host, void **priv)
{
	const char *start = devmodel_arg(host, "start");
	struct toy *toy;

	if (create_error != 0)
		return create_error;
	toy = calloc(1, sizeof(*toy));
	if (toy == NULL)
		return -ENOMEM;
	toy->host = host;
	toy->regs[REG_VALUE / 8] = start != NULL ? strtoul(start, NULL, 10) : 0;
	nb_toys++;
	*priv = toy;
	return 0;
}

static void
toy_destroy(void *priv)
{
	nb_toys--;
	free(priv);
}

static int
toy_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	struct toy *toy = priv;

	if (bar != 0 || off >= sizeof(toy->regs) || len != (off == REG_COMMAND ? 4 : 8))
		return -EINVAL;
	if (off == REG_COMMAND)
		memcpy(data, &(uint32_t){ toy->command != 0 }, 4);
	else
		memcpy(data, &toy->regs[off / 8], 8);
	return 0;
}

static int
toy_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct toy *toy = priv;

	if (bar != 0 || off >= sizeof(toy->regs) || len != (off == REG_COMMAND ? 4 : 8))
		return -EINVAL;
	if (off != REG_COMMAND) {
		memcpy(&toy->regs[off / 8], data, 8);
		return 0;
	}
	memcpy(&toy->command, data, 4);
	toy->left = toy->regs[REG_COUNT / 8];
	toy->at = toy->regs[REG_IOVA / 8];
	devmodel_kick(toy->host);
	return 0;
}

static void
toy_dma(struct toy *toy)
{
	uint64_t piece[PIECE / 8], *value = &toy->regs[REG_VALUE / 8];
	unsigned int i;
	int ret;

	for (i = 0; i < PIECE / 8; i++)
		piece[i] = *value + 1;
	if (toy->command == READ)
		ret = devmodel_dma_read(toy->host, toy->at, piece, PIECE);
	else
		ret = devmodel_dma_write(toy->host, toy->at, piece, PIECE);
	*value = piece[0];
	if (toy->command != WRITE_FOREVER)
		toy->at += PIECE;
	if (ret != 0)
		toy->regs[REG_FAILED / 8]++;
}

static bool
toy_step(void *priv)
{
	struct toy *toy = priv;

	if (toy->command == 0)
		return false;
	if (toy->command == RAISE)
		devmodel_irq(toy->host, (unsigned int)toy->left);
	else if (toy->command == COUNT)
		toy->regs[REG_VALUE / 8]++;
	else
		toy_dma(toy);
	if (toy->command == RAISE || (toy->command != WRITE_FOREVER && --toy->left == 0))
		toy->command = 0;
	return toy->command != 0;
}

static void
toy_reset(void *priv)
{
	struct toy *toy = priv;

	toy->command = 0;
	memset(toy->regs, 0, sizeof(toy->regs));
}

static const char *const toy_keys[] = { "start", NULL };

static const struct devmodel_type toy_type = {
	.abi = DEVMODEL_ABI,
	.name = "toy",
	.id = { .vendor = 0x1af4, .device = 0x10f0, .subsystem_vendor = 0x1111,
		.subsystem_device = 0x2222, .class_code = 0x120000, .revision = 3 },
	.bar_size = { [0] = BAR_SIZE, [2] = BAR2 },
	.nb_msi = MSI,
	.nb_msix = MSIX,
	.has_reset = true,
	.keys = toy_keys,
	.create = toy_create,
	.destroy = toy_destroy,
	.read = toy_read,
	.write = toy_write,
	.step = toy_step,
	.reset = toy_reset,
};

static struct devmodel_type toy;

static int
set_up(void)
{
	toy = toy_type;
	return devmodel_register(&toy);
}

static int
tear_down(void)
{
	return devmodel_unregister(&toy) != 0 || nb_toys != 0;
}

/*
 * Registers
 */

static uint64_t
get(struct bus_dev *d, uint64_t reg)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(d->ops->region_read(d, 0, reg, &value, reg == REG_COMMAND ? 4 : 8), 0);
	return value;
}

static void
set(struct bus_dev *d, uint64_t reg, uint64_t value)
{
	CU_ASSERT_EQUAL(d->ops->region_write(d, 0, reg, &value, reg == REG_COMMAND ? 4 : 8), 0);
}

static void
start(struct bus_dev *d, enum command command, uint64_t iova, uint64_t count)
{
	set(d, REG_IOVA, iova);
	set(d, REG_COUNT, count);
	set(d, REG_COMMAND, command);
}

/* Run a command to its end: accesses that failed in it. */
static uint64_t
run(struct bus_dev *d, enum command command, uint64_t iova, uint64_t count)
{
	uint64_t before = get(d, REG_FAILED);
	unsigned int tries;

	start(d, command, iova, count);
	for (tries = 0; tries < 1000000 && get(d, REG_COMMAND) != 0; tries++)
		sched_yield();
	CU_ASSERT(tries < 1000000);
	return get(d, REG_FAILED) - before;
}

static void *
new_pages(size_t len)
{
	void *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	return va;
}

static uint64_t
map(struct iospace *ios, void *va, size_t len, unsigned int access)
{
	struct iospace_request req = { .va = va, .len = len, .access = access };
	uint64_t iova = 0;

	CU_ASSERT_EQUAL_FATAL(iospace_map(ios, &req, &iova), 0);
	return iova;
}

/*
 * Registration
 */

static void
expect_refused(const struct devmodel_type *bad, int err)
{
	struct devmodel_type type = *bad;

	log_text_begin();
	CU_ASSERT_EQUAL(devmodel_register(&type), err);
	CU_ASSERT(log_is_line(log_text_end(), "device model", (char *)0));
}

static void
refused_types(void)
{
	struct devmodel_type bad = toy_type;
	unsigned int i;

	CU_ASSERT_EQUAL(devmodel_register(NULL), -EINVAL);
	expect_refused(&bad, -EEXIST);
	bad.abi = DEVMODEL_ABI + 1;
	expect_refused(&bad, -EPROTO);
	for (i = 0; i < 13; i++) {
		bad = toy_type;
		bad.name = i == 0 ? NULL : i == 1 ? "" : i == 2 ? "a.b" : i == 3 ? "a b" : "other";
		if (i == 4)
			bad.create = NULL;
		if (i == 5)
			bad.destroy = NULL;
		if (i == 6)
			bad.read = NULL;
		if (i == 7)
			bad.write = NULL;
		if (i == 8)
			bad.reset = NULL;
		if (i == 9)
			bad.nb_msi = 33;
		if (i == 10)
			bad.nb_msix = 2049;
		if (i == 11)
			bad.bar_size[1] = 100;
		if (i == 12)
			bad.bar_size[5] = 8;
		expect_refused(&bad, -EINVAL);
	}
	CU_ASSERT_EQUAL(devmodel_unregister(&bad), -ENOENT);
}

static void
in_use(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", NULL, &ios);

	CU_ASSERT_EQUAL(nb_toys, 1);
	CU_ASSERT_EQUAL(devmodel_unregister(&toy), -EBUSY);
	model_end(d, ios);
	CU_ASSERT_EQUAL(devmodel_unregister(&toy), 0);
	LOG_ASSERT_FAILS(model_open("toy", NULL, &d), -ENODEV, "sim:toy", "option -d");
	CU_ASSERT_EQUAL(devmodel_register(&toy), 0);
}

static void
refused_instances(void)
{
	static const char *const names[] = { "nothing", "toy.", "toy.x", "toy.1x", "toy.1.2", ".",
		".1", "toyx", "to" };
	static const char *const args[] = { "async=never ", "maps=0 ", "maps=-1 ", "maps=x ",
		"maps=4294967295 ", "iova_bits=19 ", "iova_bits=65 ", "iova_bits=48x " };
	struct bus_dev *d = NULL;
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		LOG_ASSERT_FAILS(model_open(names[i], NULL, &d), -ENODEV, names[i],
				"no such device model");
	for (i = 0; i < sizeof(args) / sizeof(args[0]); i++)
		LOG_ASSERT_FAILS(model_open("toy", args[i], &d), -EINVAL, "sim:toy");
	create_error = -EDOM;
	LOG_ASSERT_FAILS(model_open("toy", NULL, &d), -EDOM, "sim:toy", "cannot be made");
	create_error = 0;
	CU_ASSERT_EQUAL(nb_toys, 0);
	LOG_ASSERT_FAILS(accel_dev_probe("sim:toy"), -ENOENT, "sim:toy", "1af4:10f0", "-d");
	CU_ASSERT_EQUAL(nb_toys, 0);
	LOG_ASSERT_FAILS(accel_dev_probe("sim:edu,start=1"), -EINVAL, "sim:edu", "start");
}

static void
several_instances(void)
{
	struct iospace *ios[3] = { NULL };
	struct bus_dev *d[3] = { model_begin("toy", "start=5 ", &ios[0]),
		model_begin("toy.1", NULL, &ios[1]), model_begin("toy.42", "start=7 ", &ios[2]) };
	unsigned int i;

	CU_ASSERT_EQUAL(nb_toys, 3);
	CU_ASSERT_EQUAL(get(d[0], REG_VALUE), 5);
	CU_ASSERT_EQUAL(get(d[1], REG_VALUE), 0);
	CU_ASSERT_EQUAL(get(d[2], REG_VALUE), 7);
	for (i = 0; i < 3; i++)
		model_end(d[i], ios[i]);
	CU_ASSERT_EQUAL(nb_toys, 0);
}

/*
 * Config space and regions
 */

static uint32_t
config(struct bus_dev *d, unsigned int off, unsigned int len)
{
	uint32_t value = 0;

	CU_ASSERT_EQUAL(d->ops->region_read(d, BUS_REGION_CONFIG, off, &value, len), 0);
	return value;
}

static void
set_config(struct bus_dev *d, unsigned int off, uint32_t value, unsigned int len)
{
	CU_ASSERT_EQUAL(d->ops->region_write(d, BUS_REGION_CONFIG, off, &value, len), 0);
}

static void
config_space(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", NULL, &ios);

	CU_ASSERT_EQUAL(config(d, PCI_VENDOR_ID, 4), 0x10f01af4);
	CU_ASSERT_EQUAL(config(d, PCI_CLASS_REVISION, 4), 0x12000003);
	CU_ASSERT_EQUAL(config(d, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x22221111);
	CU_ASSERT_EQUAL(config(d, PCI_HEADER_TYPE, 1), 0);
	set_config(d, PCI_VENDOR_ID, 0, 4); /* read-only */
	CU_ASSERT_EQUAL(config(d, PCI_VENDOR_ID, 4), 0x10f01af4);
	CU_ASSERT_EQUAL(config(d, PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	set_config(d, PCI_COMMAND, 0xffff, 2);
	CU_ASSERT_EQUAL(config(d, PCI_COMMAND, 2) & (PCI_COMMAND_IO | PCI_COMMAND_SPECIAL), 0);

	/* Sizes of the BARs, as software finds them. */
	set_config(d, PCI_BASE_ADDRESS_0, UINT32_MAX, 4);
	set_config(d, PCI_BASE_ADDRESS_1, UINT32_MAX, 4);
	set_config(d, PCI_BASE_ADDRESS_2, UINT32_MAX, 4);
	CU_ASSERT_EQUAL(~config(d, PCI_BASE_ADDRESS_0, 4) + 1, BAR_SIZE);
	CU_ASSERT_EQUAL(config(d, PCI_BASE_ADDRESS_1, 4), 0);
	CU_ASSERT_EQUAL(~config(d, PCI_BASE_ADDRESS_2, 4) + 1, BAR2);
	model_end(d, ios);
}

static void
regions(void)
{
	static const struct {
		unsigned int region;
		uint64_t off;
		size_t len;
	} bad[] = {
		{ 0, BAR_SIZE, 1 }, { 0, BAR_SIZE - 4, 8 }, { 0, UINT64_MAX, 8 }, { 1, 0, 1 },
		{ BUS_REGION_CONFIG, 256, 1 }, { BUS_REGION_CONFIG, 255, 2 },
		{ BUS_REGION_ROM, 0, 1 }, { BUS_REGIONS, 0, 1 }, { UINT32_MAX, 0, 1 },
	};
	struct bus_region_info info;
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", NULL, &ios);
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(d->ops->region_read(d, bad[i].region, bad[i].off, &value,
				bad[i].len), -EINVAL);
		CU_ASSERT_EQUAL(d->ops->region_write(d, bad[i].region, bad[i].off, &value,
				bad[i].len), -EINVAL);
	}
	CU_ASSERT_EQUAL(d->ops->region_info(d, 2, &info), 0);
	CU_ASSERT_EQUAL(info.size, BAR2);
	CU_ASSERT_EQUAL(d->ops->region_info(d, 1, &info), 0);
	CU_ASSERT_EQUAL(info.size, 0);
	CU_ASSERT_EQUAL(d->ops->region_info(d, BUS_REGIONS, &info), -EINVAL);
	model_end(d, ios);
}

/* A width that a register does not take reads all ones and writes nothing. */
static void
refused_widths(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "start=9 ", &ios);
	uint64_t value = 0;

	CU_ASSERT_EQUAL(d->ops->region_read(d, 0, REG_VALUE, &value, 4), 0);
	CU_ASSERT_EQUAL(value, UINT32_MAX);
	CU_ASSERT_EQUAL(d->ops->region_write(d, 0, REG_VALUE, &value, 4), 0);
	CU_ASSERT_EQUAL(get(d, REG_VALUE), 9);
	value = 0;
	CU_ASSERT_EQUAL(d->ops->region_read(d, 2, 16, &value, 8), 0);
	CU_ASSERT_EQUAL(value, UINT64_MAX);
	model_end(d, ios);
}

static void
without_memory_enable(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "start=9 ", &ios);

	set_config(d, PCI_COMMAND, PCI_COMMAND_MASTER, 2);
	CU_ASSERT_EQUAL(get(d, REG_VALUE), UINT64_MAX);
	set(d, REG_VALUE, 3);
	set_config(d, PCI_COMMAND, PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY, 2);
	CU_ASSERT_EQUAL(get(d, REG_VALUE), 9);
	model_end(d, ios);
}

/*
 * DMA
 */

static void
dma_in_pieces(const char *args)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", args, &ios);
	uint64_t *va = new_pages(2 * PAGE), iova = map(ios, va, 2 * PAGE, IOSPACE_READ | IOSPACE_WRITE);

	CU_ASSERT_EQUAL(run(d, WRITE, iova, 2 * PAGE / PIECE), 0);
	CU_ASSERT_EQUAL(va[0], 1);
	CU_ASSERT_EQUAL(va[2 * PAGE / 8 - 1], 2 * PAGE / PIECE);
	CU_ASSERT_EQUAL(run(d, READ, iova + PAGE, 1), 0);
	CU_ASSERT_EQUAL(get(d, REG_VALUE), PAGE / PIECE + 1);
	set(d, REG_VALUE, 0);
	CU_ASSERT_EQUAL(run(d, COUNT, 0, 5000), 0); /* work of many steps */
	CU_ASSERT_EQUAL(get(d, REG_VALUE), 5000);
	model_end(d, ios);
	munmap(va, 2 * PAGE);
}

static void
work_on_a_thread(void)
{
	dma_in_pieces("async=thread ");
}

static void
work_by_access(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "async=access ", &ios);
	unsigned int i;

	/* One step for each access, beginning with the one that starts: always the same. */
	start(d, COUNT, 0, 100);
	for (i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(get(d, REG_VALUE), i + 1);
	model_end(d, ios);
	dma_in_pieces("async=access ");
}

static void
expect_fault(const char *name, int64_t n, uint64_t iova, bool write)
{
	struct devmodel_fault last = { 0 };

	CU_ASSERT_EQUAL(devmodel_faults(name, &last), n);
	CU_ASSERT_EQUAL(last.iova, iova);
	CU_ASSERT_EQUAL(last.len, PIECE);
	CU_ASSERT_EQUAL(last.write, write);
}

static void
faults(void)
{
	struct devmodel_fault last = { .len = 99 };
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy.7", NULL, &ios);
	uint64_t *va = new_pages(2 * PAGE);
	uint64_t ro = map(ios, va, PAGE, IOSPACE_READ);
	uint64_t wo = map(ios, va + PAGE / 8, PAGE, IOSPACE_WRITE);

	CU_ASSERT_EQUAL(devmodel_faults("toy.7", &last), 0);
	CU_ASSERT_EQUAL(last.len, 99);
	CU_ASSERT_EQUAL(devmodel_faults("toy", NULL), -ENODEV);
	CU_ASSERT_EQUAL(devmodel_faults(NULL, NULL), -ENODEV);
	CU_ASSERT_EQUAL(run(d, WRITE, ro, 1), 1);
	expect_fault("toy.7", 1, ro, true);
	CU_ASSERT_EQUAL(run(d, READ, wo, 1), 1);
	expect_fault("toy.7", 2, wo, false);
	CU_ASSERT_EQUAL(run(d, WRITE, wo + PAGE - PIECE / 2, 1), 1); /* across the end */
	expect_fault("toy.7", 3, wo + PAGE - PIECE / 2, true);
	CU_ASSERT_EQUAL(run(d, WRITE, UINT64_MAX - 7, 1), 1);
	expect_fault("toy.7", 4, UINT64_MAX - 7, true);
	CU_ASSERT_EQUAL(bus_set_master(d, false), 0);
	CU_ASSERT_EQUAL(run(d, WRITE, wo, 1), 1);
	expect_fault("toy.7", 5, wo, true);
	CU_ASSERT_EQUAL(va[0], 0);
	CU_ASSERT_EQUAL(va[PAGE / 8], 0);
	CU_ASSERT_EQUAL(va[2 * PAGE / 8 - 1], 0);
	CU_ASSERT_EQUAL(bus_set_master(d, true), 0);
	CU_ASSERT_EQUAL(run(d, WRITE, wo, 1), 0);
	CU_ASSERT_NOT_EQUAL(va[PAGE / 8], 0);
	model_end(d, ios);
	CU_ASSERT_EQUAL(devmodel_faults("toy.7", NULL), -ENODEV);
	munmap(va, 2 * PAGE);
}

static void
few_entries(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "maps=2 ", &ios);
	char *va = new_pages(3 * PAGE);
	struct iospace_request req = { .va = va + 2 * PAGE, .len = PAGE, .access = IOSPACE_READ };
	uint64_t first = map(ios, va, PAGE, IOSPACE_READ), iova = 0;

	map(ios, va + PAGE, PAGE, IOSPACE_READ);
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -ENOSPC, "all 2 map entries");
	CU_ASSERT_EQUAL(iospace_unmap(ios, first, PAGE), 0);
	CU_ASSERT_EQUAL(iospace_map(ios, &req, &iova), 0);
	model_end(d, ios);
	munmap(va, 3 * PAGE);
}

/* Memory of this process lies above 2^39 as a rule, so its IOVAs are chosen. */
static void
narrow_space(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "iova_bits=39 ", &ios);
	uint64_t *va = mmap((void *)(UINT64_C(1) << 46), PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iospace_request req = { .va = va, .len = PAGE, .access = IOSPACE_READ,
		.flags = IOSPACE_FIXED };
	uint64_t iova;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	iova = map(ios, va, PAGE, IOSPACE_READ | IOSPACE_WRITE);
	CU_ASSERT(iova + PAGE <= UINT64_C(1) << 39);
	CU_ASSERT_EQUAL(run(d, WRITE, iova, 1), 0);
	CU_ASSERT_EQUAL(va[0], 1);
	iova = UINT64_C(1) << 39;
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -ERANGE, "outside the usable range");
	iova = 0xfee00000;
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &iova), -ERANGE, "outside the usable range");
	model_end(d, ios);
	munmap(va, PAGE);
}

/*
 * Two devices write without end. Once unmap has returned, neither writes any more: the page is then
 * used without a lock, which ThreadSanitizer would tell.
 */
static void
no_access_after_unmap(void)
{
	struct iospace *ios = NULL, *same = NULL;
	struct bus_dev *one = model_begin("toy", NULL, &ios), *two = NULL;
	uint64_t *va = new_pages(PAGE), iova, fixed = UINT64_C(1) << 30;
	struct iospace_request req = { .va = va, .len = PAGE,
		.access = IOSPACE_READ | IOSPACE_WRITE, .flags = IOSPACE_FIXED };
	unsigned int round, i;

	CU_ASSERT_EQUAL_FATAL(model_open("toy.1", NULL, &two), 0);
	CU_ASSERT_EQUAL_FATAL(model_attach(two, ios, &same), 0);
	CU_ASSERT_EQUAL(bus_set_master(two, true), 0);
	start(one, WRITE_FOREVER, fixed, 1);
	start(two, WRITE_FOREVER, fixed + PIECE, 1);
	for (round = 0; round < 300; round++) {
		iova = fixed;
		CU_ASSERT_EQUAL_FATAL(iospace_map(ios, &req, &iova), 0);
		usleep(round % 10 == 0 ? 300 : 20);
		CU_ASSERT_EQUAL(iospace_unmap(ios, fixed, PAGE), 0);
		for (i = 0; i < PIECE / 4; i++)
			va[i] = 0;
		usleep(20);
		for (i = 0; i < PIECE / 4; i++)
			CU_ASSERT_EQUAL(va[i], 0);
	}
	CU_ASSERT_EQUAL(two->ops->detach(two), 0);
	two->ops->close(two); /* in the midst of its work */
	model_end(one, ios);
	munmap(va, PAGE);
}

/*
 * Interrupts and reset
 */

static int
irq_set(struct bus_dev *d, enum bus_irq irq, unsigned int first, unsigned int n, const int *fds)
{
	return d->ops->irq_set(d, irq, first, n, fds);
}

static void
raise_vector(struct bus_dev *d, unsigned int vector)
{
	CU_ASSERT_EQUAL(run(d, RAISE, 0, vector), 0);
}

static void
vectors(void)
{
	int fds[MSIX] = { edu_eventfd(), edu_eventfd(), edu_eventfd(), edu_eventfd() };
	int msi = edu_eventfd(), none = -1, file = fileno(stdin);
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", NULL, &ios);
	unsigned int i;

	raise_vector(d, 0); /* nobody listens */
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSI, 1, 1, &msi), 0);
	raise_vector(d, 1);
	CU_ASSERT(edu_signalled(msi, 1000));
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 1, 2, &fds[1]), 0); /* MSI-X comes first */
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 0, 1, &fds[0]), 0);
	raise_vector(d, 1);
	CU_ASSERT(edu_signalled(fds[1], 1000));
	CU_ASSERT_FALSE(edu_signalled(msi, 0));
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 1, 1, &none), 0);
	for (i = 0; i < 6; i++)
		raise_vector(d, i); /* also those that there are not */
	CU_ASSERT(edu_signalled(fds[0], 1000) && edu_signalled(fds[2], 1000));
	CU_ASSERT_FALSE(edu_signalled(fds[1], 0) || edu_signalled(fds[3], 0));
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 0, 0, NULL), 0);
	raise_vector(d, 1);
	CU_ASSERT(edu_signalled(msi, 1000));

	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, MSIX, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 1, MSIX, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 1, UINT32_MAX, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 1, 0, NULL), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_INTX, 0, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, (enum bus_irq)BUS_IRQS, 0, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 0, 1, &file), -EINVAL);
	model_end(d, ios);
	for (i = 0; i < MSIX; i++)
		close(fds[i]);
	close(msi);
}

/* Registers are as after power-on; what the kernel keeps over a reset stays. */
static void
reset(void)
{
	int fd = edu_eventfd();
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("toy", "start=4 ", &ios);
	uint64_t *va = new_pages(PAGE), iova = map(ios, va, PAGE, IOSPACE_WRITE);
	struct bus_info info;

	CU_ASSERT_EQUAL(d->ops->info(d, &info), 0);
	CU_ASSERT(info.has_reset);
	CU_ASSERT_EQUAL(irq_set(d, BUS_IRQ_MSIX, 0, 1, &fd), 0);
	start(d, WRITE_FOREVER, iova, 1);
	CU_ASSERT_EQUAL(d->ops->reset(d), 0);
	va[0] = 0; /* no work goes on */
	CU_ASSERT_EQUAL(get(d, REG_COMMAND), 0);
	CU_ASSERT_EQUAL(get(d, REG_VALUE), 0);
	CU_ASSERT_EQUAL(va[0], 0);
	CU_ASSERT_EQUAL(run(d, WRITE, iova, 1), 0);
	raise_vector(d, 0);
	CU_ASSERT(edu_signalled(fd, 1000));
	model_end(d, ios);
	munmap(va, PAGE);
	close(fd);
}

static const struct test_case type_cases[] = {
	{ "types that are refused", refused_types },
	{ "a type in use", in_use },
	{ "instances that are refused", refused_instances },
	{ "several instances", several_instances },
	{ "config space", config_space },
	{ "regions", regions },
	{ "widths that are refused", refused_widths },
	{ "memory enable off", without_memory_enable },
	{ NULL, NULL },
};

static const struct test_case dma_cases[] = {
	{ "work on a thread", work_on_a_thread },
	{ "work by access", work_by_access },
	{ "faults", faults },
	{ "few entries", few_entries },
	{ "a narrow I/O space", narrow_space },
	{ "no access after unmap", no_access_after_unmap },
	{ "vectors", vectors },
	{ "reset", reset },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "model, types and regions", set_up, tear_down, type_cases },
	{ "model, DMA and interrupts", set_up, tear_down, dma_cases },
	{ NULL, NULL, NULL, NULL },
};
