/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * PCI functions that stop to answer, are given back, or are reset: on a kernel that is mocked.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>
#include <eal_glue/pci_answer.h>

#include "harness.h"
#include "log_text.h"
#include "mock_vfio.h"

#define PAGE 4096
#define PM   0x50 /* offset of the power management capability */

static struct bus_dev *dev, *other;
static struct iospace *ios;

static const char *
no_arg(const void *ctx, const char *key)
{
	(void)ctx;
	(void)key;
	return NULL;
}

static struct bus_dev *
open_at(const char *address, struct iospace **space)
{
	const struct bus_args args = { .get = no_arg };
	const struct bus_attach_conf conf = { .name = address, .window = { 0, UINT64_MAX },
		.shared = *space };
	struct bus_dev *d = NULL;

	CU_ASSERT_EQUAL_FATAL(bus_find("pci")->open(address, &args, &d), 0);
	CU_ASSERT_EQUAL_FATAL(d->ops->attach(d, &conf, space), 0);
	return d;
}

static void
begin(void)
{
	mock.config[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	mock.config[PCI_CAPABILITY_LIST] = PM;
	mock.config[PM] = PCI_CAP_ID_PM;
	ios = NULL;
	dev = open_at(MOCK_ADDRESS, &ios);
}

static void
end(void)
{
	dev->ops->detach(dev);
	iospace_destroy(ios);
	dev->ops->close(dev);
	CU_ASSERT_EQUAL(mock.fds, 0);
	mock_end();
}

static volatile uint32_t *
map_bar(uint64_t off, size_t len)
{
	void *va = NULL;

	CU_ASSERT_EQUAL_FATAL(dev->ops->region_map(dev, 0, off, len, &va), 0);
	return va;
}

static int
write_config(uint64_t off, uint64_t value, size_t len)
{
	return dev->ops->region_write(dev, BUS_REGION_CONFIG, off, &value, len);
}

/*
 * Memory access
 */

/* Switched off by a write, loads give ones and stores do nothing; on again, all is as before. */
static void
check_switch(uint64_t off, uint64_t off_value, uint64_t on_value, size_t len)
{
	volatile uint32_t *bar = map_bar(0, PAGE), *later;

	bar[1] = 5;
	CU_ASSERT_EQUAL(mock_bar_read(4), 5);
	CU_ASSERT_EQUAL(write_config(off, off_value, len), 0);
	CU_ASSERT(bus_is_silent(dev));
	CU_ASSERT_EQUAL(bar[1], UINT32_MAX);
	bar[1] = 6;
	later = map_bar(PAGE, PAGE);
	CU_ASSERT_EQUAL(later[0], UINT32_MAX);
	later[0] = 7;
	CU_ASSERT_EQUAL(mock_bar_read(4), 5);
	CU_ASSERT_EQUAL(mock_bar_read(PAGE), 0);
	CU_ASSERT_EQUAL(write_config(PCI_INTERRUPT_LINE, 1, 1), 0);
	CU_ASSERT(bus_is_silent(dev));
	CU_ASSERT_EQUAL(write_config(off, on_value, len), 0);
	CU_ASSERT_FALSE(bus_is_silent(dev));
	CU_ASSERT_EQUAL(bar[1], 5);
	CU_ASSERT_EQUAL(later[0], 0);
	bar[1] = 0;
	dev->ops->region_unmap(dev, (void *)(uintptr_t)bar);
	dev->ops->region_unmap(dev, (void *)(uintptr_t)later);
}

static void
memory_access_goes_off_and_on(void)
{
	struct test_usage before = test_usage_get();

	mock_begin();
	begin();
	check_switch(PCI_COMMAND, 0, PCI_COMMAND_MEMORY, 2);
	check_switch(PCI_COMMAND, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 1);
	check_switch(PCI_COMMAND, 0, PCI_COMMAND_MEMORY, 4);
	check_switch(PM + PCI_PM_CTRL, 3, 0, 2);
	check_switch(PM + PCI_PM_CTRL, 1, 0, 1);
	check_switch(PM, 0x300000000 | PCI_CAP_ID_PM, PCI_CAP_ID_PM, 8);
	end();
	TEST_ASSERT_NO_LEAK(before);
}

/* Both must be right before the function answers. */
static void
two_reasons_to_be_silent(void)
{
	mock_begin();
	begin();
	CU_ASSERT_EQUAL(write_config(PCI_COMMAND, 0, 2), 0);
	CU_ASSERT_EQUAL(write_config(PM + PCI_PM_CTRL, 3, 2), 0);
	CU_ASSERT_EQUAL(write_config(PCI_COMMAND, PCI_COMMAND_MEMORY, 2), 0);
	CU_ASSERT(bus_is_silent(dev));
	CU_ASSERT_EQUAL(write_config(PM + PCI_PM_CTRL, 0, 2), 0);
	CU_ASSERT_FALSE(bus_is_silent(dev));
	end();
}

static unsigned int stop_readers;

/* A mapping that is replaced is a write to ThreadSanitizer, which no device's register is. */
static uint32_t __attribute__((noinline, no_sanitize("thread")))
load(const volatile uint32_t *reg)
{
	return *reg;
}

/* The rule of a reader: what was loaded is valid if the function answers after it. */
static void *
read_bar(void *arg)
{
	volatile uint32_t *bar = arg;
	uintptr_t bad = 0;

	while (!__atomic_load_n(&stop_readers, __ATOMIC_ACQUIRE)) {
		uint32_t value = load(bar);

		if (bus_is_silent(dev))
			value = UINT32_MAX;
		bad += value != 5 && value != UINT32_MAX;
	}
	return (void *)bad;
}

static void
readers_see_the_device_or_ones(void)
{
	volatile uint32_t *bar;
	pthread_t threads[2];
	unsigned int i;
	void *bad;

	mock_begin();
	begin();
	bar = map_bar(0, 16 * PAGE);
	bar[0] = 5;
	stop_readers = 0;
	for (i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, read_bar,
				(void *)(uintptr_t)bar), 0);
	for (i = 0; i < 2000; i++) {
		CU_ASSERT_EQUAL(write_config(PCI_COMMAND, 0, 2), 0);
		CU_ASSERT_EQUAL(write_config(PCI_COMMAND, PCI_COMMAND_MEMORY, 2), 0);
	}
	dev->ops->release(dev);
	usleep(1000);
	__atomic_store_n(&stop_readers, 1, __ATOMIC_RELEASE);
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &bad);
		CU_ASSERT_PTR_NULL(bad);
	}
	end();
}

/*
 * Release
 */

static void
release_gives_the_function_back(void)
{
	struct test_usage before = test_usage_get();
	int fds[2] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK) };
	struct bus_irq_info irq;
	volatile uint32_t *bar;
	eventfd_t n = 0;
	uint32_t value;
	void *va;

	mock_begin();
	begin();
	bar = map_bar(0, PAGE);
	bar[0] = 5;
	CU_ASSERT_EQUAL(dev->ops->irq_set(dev, BUS_IRQ_MSIX, 0, 1, &fds[0]), 0);
	CU_ASSERT_EQUAL(dev->ops->irq_set(dev, BUS_IRQ_MSIX, 3, 1, &fds[1]), 0);
	CU_ASSERT_EQUAL(mock.fds, 3);
	dev->ops->release(dev);
	CU_ASSERT_EQUAL(mock.fds, 2); /* the kernel has it, though nothing was detached */
	CU_ASSERT(bus_is_silent(dev));
	CU_ASSERT_EQUAL(bar[0], UINT32_MAX);
	bar[0] = 6;
	CU_ASSERT_EQUAL(eventfd_read(fds[0], &n), 0);
	CU_ASSERT_EQUAL(eventfd_read(fds[1], &n), 0);
	CU_ASSERT_EQUAL(dev->ops->region_read(dev, 0, 0, &value, 4), -ENODEV);
	CU_ASSERT_EQUAL(dev->ops->region_write(dev, 0, 0, &value, 4), -ENODEV);
	CU_ASSERT_EQUAL(dev->ops->region_read(dev, BUS_REGION_CONFIG, 0, &value, 4), -ENODEV);
	CU_ASSERT_EQUAL(write_config(PCI_COMMAND, PCI_COMMAND_MEMORY, 2), -ENODEV);
	CU_ASSERT_EQUAL(dev->ops->region_map(dev, 0, 0, PAGE, &va), -ENODEV);
	CU_ASSERT_EQUAL(dev->ops->irq_set(dev, BUS_IRQ_MSIX, 0, 1, &fds[0]), -ENODEV);
	CU_ASSERT(dev->ops->irq_info(dev, BUS_IRQ_MSIX, &irq) != 0);
	CU_ASSERT(dev->ops->reset(dev) != 0);
	CU_ASSERT_EQUAL(mock.resets, 0);
	CU_ASSERT(bus_is_silent(dev));
	CU_ASSERT_EQUAL(bar[0], 6); /* why what is loaded counts only where the function answers */
	dev->ops->release(dev); /* twice is no harm */
	CU_ASSERT_EQUAL(bar[0], UINT32_MAX);
	end();
	close(fds[0]);
	close(fds[1]);
	TEST_ASSERT_NO_LEAK(before);
}

static unsigned int nb_released;

static void *
use_regions(void *arg)
{
	uint32_t value;

	(void)arg;
	while (!__atomic_load_n(&stop_readers, __ATOMIC_ACQUIRE)) {
		if (dev->ops->region_read(dev, 0, 0, &value, 4) == -ENODEV)
			__atomic_store_n(&nb_released, 1, __ATOMIC_RELEASE);
		else
			CU_ASSERT_EQUAL(value, 5);
	}
	return NULL;
}

static void
release_while_regions_are_read(void)
{
	pthread_t thread;
	unsigned int i;

	for (i = 0; i < 50; i++) {
		mock_begin();
		begin();
		map_bar(0, PAGE)[0] = 5;
		stop_readers = nb_released = 0;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, use_regions, NULL), 0);
		usleep(i * 10);
		dev->ops->release(dev);
		while (!__atomic_load_n(&nb_released, __ATOMIC_ACQUIRE))
			;
		__atomic_store_n(&stop_readers, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		end();
	}
}

/*
 * Reset
 */

static void
reset_by_itself(void)
{
	mock_begin();
	begin();
	CU_ASSERT_EQUAL(dev->ops->reset(dev), 0);
	CU_ASSERT_EQUAL(mock.resets, 1);
	CU_ASSERT_EQUAL(mock.hot_asked, 0);
	/* Where that fails, with its neighbours. */
	mock.fail = (struct mock_fail){ VFIO_DEVICE_RESET, 1, NULL, EAGAIN, 0 };
	mock.hot_count = 2;
	CU_ASSERT_EQUAL(dev->ops->reset(dev), 0);
	CU_ASSERT_EQUAL(mock.hot_resets, 1);
	/* Where neither works, its own error is told. */
	mock.fail = (struct mock_fail){ VFIO_DEVICE_RESET, 1, NULL, EAGAIN, 0 };
	mock.hot_group = MOCK_GROUP + 1;
	CU_ASSERT_EQUAL(dev->ops->reset(dev), -EAGAIN);
	CU_ASSERT_EQUAL(mock.hot_resets, 1);
	end();
}

static void
hot_reset(unsigned int count, unsigned int grows, int group, bool silent, int ret)
{
	unsigned int before = mock.hot_resets;

	mock.hot_count = count;
	mock.hot_grows = grows;
	mock.hot_group = group;
	mock.hot_silent = silent;
	mock.hot_asked = 0;
	CU_ASSERT_EQUAL(dev->ops->reset(dev), ret);
	CU_ASSERT_EQUAL(mock.hot_resets, before + (ret == 0));
	CU_ASSERT(mock.hot_asked <= 4);
}

static void
reset_with_neighbours(void)
{
	mock_begin();
	mock.no_reset = true;
	begin();
	hot_reset(1, 0, MOCK_GROUP, false, 0);
	hot_reset(8, 0, MOCK_GROUP, false, 0);
	hot_reset(8, 0, MOCK_GROUP, true, 0);
	hot_reset(1, 1, MOCK_GROUP, false, -ENOTSUP); /* it never says them all */
	hot_reset(8, 0, MOCK_GROUP + 1, false, -ENOTSUP);
	hot_reset(0, 0, MOCK_GROUP, false, -ENOTSUP);
	hot_reset(70000, 0, MOCK_GROUP, false, -ENOTSUP);
	hot_reset(UINT32_MAX, 0, MOCK_GROUP, false, -ENOTSUP);
	CU_ASSERT_EQUAL(mock.hot_asked, 1);
	mock.fail = (struct mock_fail){ VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, 1, NULL, ENODEV, 0 };
	hot_reset(1, 0, MOCK_GROUP, false, -ENOTSUP);
	mock.fail = (struct mock_fail){ VFIO_DEVICE_PCI_HOT_RESET, 1, NULL, EPERM, 0 };
	hot_reset(1, 0, MOCK_GROUP, false, -ENOTSUP);
	hot_reset(1, 0, MOCK_GROUP, false, 0);
	end();
}

/* A neighbour that is in use here is not reset. */
static void
reset_beside_another(void)
{
	mock_begin();
	mock_bind(MOCK_OTHER, "vfio-pci");
	mock.no_reset = true;
	begin();
	other = open_at(MOCK_OTHER, &ios);
	hot_reset(2, 0, MOCK_GROUP, false, -ENOTSUP);
	CU_ASSERT_EQUAL(mock.hot_asked, 0);
	other->ops->detach(other);
	hot_reset(2, 0, MOCK_GROUP, false, 0);
	other->ops->close(other);
	end();
}

/* One that cannot join the other's space is none of those in use. */
static void
reset_beside_one_that_is_refused(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	const struct iospace_request req = { .va = page, .len = PAGE, .access = IOSPACE_READ,
		.flags = IOSPACE_FIXED };
	const struct bus_args args = { .get = no_arg };
	struct bus_attach_conf narrow = { .name = "narrow", .window = { 0, UINT32_MAX } };
	struct iospace_stats before, after;
	uint64_t iova = UINT64_C(5) << 30;
	struct iospace *got = NULL;

	mock_begin();
	mock_bind(MOCK_OTHER, "vfio-pci");
	mock.no_reset = true;
	begin();
	CU_ASSERT_EQUAL_FATAL(iospace_map(ios, &req, &iova), 0);
	CU_ASSERT_EQUAL_FATAL(bus_find("pci")->open(MOCK_OTHER, &args, &other), 0);
	iospace_stats_get(ios, &before);
	narrow.shared = ios;
	LOG_ASSERT_FAILS(other->ops->attach(other, &narrow, &got), -EBUSY, "IOVA 0x140000000-",
			"the device that joins cannot reach", "narrowest device first");
	iospace_stats_get(ios, &after);
	CU_ASSERT_EQUAL(after.usable.last, before.usable.last);
	hot_reset(2, 0, MOCK_GROUP, false, 0);
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, PAGE), 0);
	CU_ASSERT_EQUAL(other->ops->attach(other, &narrow, &got), 0);
	hot_reset(2, 0, MOCK_GROUP, false, -ENOTSUP);
	other->ops->detach(other);
	other->ops->close(other);
	end();
}

/*
 * The walk through the capabilities
 */

struct fake {
	struct bus_dev bus;
	uint8_t bytes[256];
	unsigned int reads;
};

static int
fake_read(struct bus_dev *d, unsigned int region, uint64_t off, void *data, size_t len)
{
	struct fake *fake = (struct fake *)d;

	fake->reads++;
	if (region != BUS_REGION_CONFIG || off + len > sizeof(fake->bytes))
		return -EINVAL;
	memcpy(data, fake->bytes + off, len);
	return 0;
}

static const struct bus_ops fake_ops = { .region_read = fake_read };

static void
capabilities(void)
{
	struct fake fake = { .bus = { .ops = &fake_ops } };
	struct pci_answer answer;

	fake.bytes[PCI_CAPABILITY_LIST] = 0x40; /* without the flag it means nothing */
	fake.bytes[0x40] = PCI_CAP_ID_PM;
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0);
	CU_ASSERT_FALSE(pci_answer_now(&answer, &fake.bus));
	fake.bytes[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0x44);
	fake.bytes[PCI_CAPABILITY_LIST] = 0x63; /* the low bits are reserved */
	fake.bytes[0x60] = PCI_CAP_ID_MSI;
	fake.bytes[0x61] = 0x41;
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0x44);
	fake.bytes[0x61] = 0x60; /* a loop */
	fake.reads = 0;
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0);
	CU_ASSERT(fake.reads < 110);
	fake.bytes[0x61] = 0x10; /* into the header */
	fake.bytes[0x10] = PCI_CAP_ID_PM;
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0);
	fake.bytes[0x61] = 0xfc; /* at the very end: its register lies outside */
	fake.bytes[0xfc] = PCI_CAP_ID_PM;
	pci_answer_init(&answer, &fake.bus);
	fake.bytes[PCI_COMMAND] = PCI_COMMAND_MEMORY;
	(void)pci_answer_now(&answer, &fake.bus);
	memset(fake.bytes, 0xff, sizeof(fake.bytes)); /* nobody there */
	pci_answer_init(&answer, &fake.bus);
	CU_ASSERT_EQUAL(answer.pmcsr, 0);
}

static void
writes_that_end_it(void)
{
	static const uint8_t zeros[16], ones[16] = { [0 ... 15] = 0xff };
	const struct pci_answer answer = { .pmcsr = 0x44 }, none = { 0 };

	CU_ASSERT(pci_answer_ends(&answer, PCI_COMMAND, zeros, 2));
	CU_ASSERT(pci_answer_ends(&answer, 0, zeros, 8));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, PCI_COMMAND, ones, 2));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, PCI_COMMAND + 1, zeros, 1));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, 0, zeros, 4));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, PCI_COMMAND, zeros, 0));
	CU_ASSERT(pci_answer_ends(&answer, 0x40, ones, 8));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, 0x40, zeros, 8));
	CU_ASSERT_FALSE(pci_answer_ends(&answer, 0x45, ones, 4));
	CU_ASSERT_FALSE(pci_answer_ends(&none, 0x40, ones, 8));
	CU_ASSERT(pci_answer_may_begin(&answer, 0x44, 1));
	CU_ASSERT(pci_answer_may_begin(&none, 0, 5));
	CU_ASSERT_FALSE(pci_answer_may_begin(&none, 0x44, 4));
	CU_ASSERT_FALSE(pci_answer_may_begin(&answer, 0x48, 8));
}

/*
 * What went behind our back
 */

static uint16_t
command_after(uint16_t before, bool on)
{
	uint16_t command;

	memcpy(mock.config + PCI_COMMAND, &before, sizeof(before));
	CU_ASSERT_EQUAL(bus_set_master(dev, on), 0);
	memcpy(&command, mock.config + PCI_COMMAND, sizeof(command));
	return command;
}

/* A link that was reset takes memory access along, which comes back unless it was not wanted. */
static void
lost_memory_access(void)
{
	mock_begin();
	begin();
	CU_ASSERT_EQUAL(command_after(0, false), PCI_COMMAND_MEMORY);
	CU_ASSERT_EQUAL(command_after(PCI_COMMAND_IO, true),
			PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	CU_ASSERT_EQUAL(command_after(UINT16_MAX, false), PCI_COMMAND_MEMORY);
	CU_ASSERT_FALSE(bus_is_silent(dev));
	CU_ASSERT_EQUAL(write_config(PCI_COMMAND, 0, 2), 0);
	CU_ASSERT_EQUAL(command_after(0, true), PCI_COMMAND_MASTER);
	CU_ASSERT(bus_is_silent(dev));
	end();
}

/* With the last function the kernel takes all maps of the container. */
static void
container_ended(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	struct iospace_request req = { .va = page, .len = PAGE, .access = IOSPACE_READ };
	uint64_t iova = 0, again = 0;

	mock_begin();
	begin();
	CU_ASSERT_EQUAL_FATAL(iospace_map(ios, &req, &iova), 0);
	mock.ended = true;
	CU_ASSERT_EQUAL(iospace_unmap(ios, iova, PAGE), 0);
	LOG_ASSERT_FAILS(iospace_map(ios, &req, &again), -ENODEV, "was removed", "probe it");
	mock.ended = false;
	CU_ASSERT_EQUAL(iospace_map(ios, &req, &again), 0);
	CU_ASSERT_EQUAL(again, iova); /* not given up */
	end();
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "memory access goes off and on", memory_access_goes_off_and_on },
		{ "two reasons to be silent", two_reasons_to_be_silent },
		{ "readers see the device or ones", readers_see_the_device_or_ones },
		{ "release gives the function back", release_gives_the_function_back },
		{ "release while regions are read", release_while_regions_are_read },
		{ "reset by itself", reset_by_itself },
		{ "reset with neighbours", reset_with_neighbours },
		{ "reset beside another", reset_beside_another },
		{ "reset beside one that is refused", reset_beside_one_that_is_refused },
		{ "lost memory access", lost_memory_access },
		{ "a container that has ended", container_ended },
		{ "capabilities", capabilities },
		{ "writes that end it", writes_that_end_it },
		{ NULL, NULL },
	};
	static const struct test_suite suites[] = {
		{ "pci", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
