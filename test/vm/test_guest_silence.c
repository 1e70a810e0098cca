/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Functions whose registers are switched off in config space while threads use them: memory access,
 * power state. A mapped register would raise a signal then.
 */
#include "guest_events.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <unistd.h>

#include "edu_dev.h"
#include "guest.h"
#include "guest_pci.h"
#include "log_text.h"
#include "peek_driver.h"

#define EDU_ID_1_0 0x010000edu
#define NVME_VS    0x08
#define NVME_1_4   0x00010400
#define D3HOT      3
#define TIMES      20

static uint32_t
config(uint16_t dev, unsigned int off, unsigned int width)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, off, width, &value), 0);
	return (uint32_t)value;
}

static void
set_config(uint16_t dev, unsigned int off, uint32_t value)
{
	CU_ASSERT_EQUAL(accel_reg_write(dev, ACCEL_REGION_CONFIG, off, 2, value), 0);
}

static void
set_memory(uint16_t dev, bool on)
{
	uint32_t command = config(dev, PCI_COMMAND, 2) & ~(uint32_t)PCI_COMMAND_MEMORY;

	set_config(dev, PCI_COMMAND, on ? command | PCI_COMMAND_MEMORY : command);
}

/* Offset of the power state, by VFIO, which shows it to any user. */
static unsigned int
find_power(uint16_t dev)
{
	unsigned int at = config(dev, PCI_CAPABILITY_LIST, 1), i;

	for (i = 0; i < 48 && at != 0; i++) {
		if (config(dev, at + PCI_CAP_LIST_ID, 1) == PCI_CAP_ID_PM)
			return at + PCI_PM_CTRL;
		at = config(dev, at + PCI_CAP_LIST_NEXT, 1);
	}
	return 0;
}

static void
set_power(uint16_t dev, unsigned int power, unsigned int state)
{
	set_config(dev, power, (config(dev, power, 2) & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) | state);
}

/* Registers through the driver's mapping and through the library, while they do not answer. */
static void
assert_silent(uint16_t dev, uint64_t off)
{
	uint64_t value;

	CU_ASSERT_EQUAL(accel_mmio_read32(&peek_bar, off), UINT32_MAX);
	accel_mmio_write32(&peek_bar, off, 0);
	CU_ASSERT_EQUAL(accel_mmio_read32(&peek_bar, off), UINT32_MAX);
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_reg_read(dev, 0, off, 4, &value), -EIO);
	CU_ASSERT_EQUAL(accel_reg_write(dev, 0, off, 4, 0), -EIO);
	CU_ASSERT_EQUAL(soft_log_end(), 2);
}

static void
assert_answers(uint16_t dev, uint64_t off, uint32_t expected)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(accel_mmio_read32(&peek_bar, off), expected);
	CU_ASSERT_EQUAL(accel_reg_read(dev, 0, off, 4, &value), 0);
	CU_ASSERT_EQUAL(value, expected);
}

/* The reader has met both, and nothing else. */
static void
assert_met_both(const struct peek_reader *reader)
{
	CU_ASSERT(reader->ones > 0 && reader->ones < reader->reads);
	CU_ASSERT_EQUAL(reader->odd, 0);
}

static void
memory_access(void)
{
	uint16_t dev = edu_open(edu_with(edu_spec(), ",driver=peek"));
	struct peek_reader reader;
	int i;

	CU_ASSERT_EQUAL_FATAL(peek_begin(&reader, EDU_ID, EDU_ID_1_0), 0);
	for (i = 0; i < TIMES; i++) {
		set_memory(dev, false);
		assert_silent(dev, EDU_ID);
		peek_more(&reader, 10);
		set_memory(dev, true);
		assert_answers(dev, EDU_ID, EDU_ID_1_0);
		peek_more(&reader, 10);
	}
	peek_end(&reader);
	assert_met_both(&reader);
	/* A device can also be closed while it is off. */
	set_memory(dev, false);
	soft_close(dev);
	CU_ASSERT(edu_works(edu_spec()));
}

static void
power_state(void)
{
	uint16_t dev = edu_open(edu_with("pci:", edu_with(guest_device("VM_NVME"),
			",driver=peek")));
	unsigned int power = find_power(dev);
	struct peek_reader reader;
	int i;

	CU_ASSERT_FATAL(power != 0);
	CU_ASSERT_EQUAL_FATAL(peek_begin(&reader, NVME_VS, NVME_1_4), 0);
	for (i = 0; i < TIMES / 2; i++) {
		set_power(dev, power, D3HOT);
		assert_silent(dev, NVME_VS);
		peek_more(&reader, 10);
		if (i % 2 == 1) { /* both; one alone is not enough */
			set_memory(dev, false);
			set_power(dev, power, 0);
			assert_silent(dev, NVME_VS);
			set_memory(dev, true);
		}
		set_power(dev, power, 0);
		assert_answers(dev, NVME_VS, NVME_1_4);
		peek_more(&reader, 10);
	}
	peek_end(&reader);
	assert_met_both(&reader);
	soft_close(dev);
}

/*
 * Under load
 */

struct toggler {
	pthread_t thread;
	uint16_t dev;
	bool quit; /* atomic */
	int failed;
};

static void *
run_toggler(void *arg)
{
	struct toggler *t = arg;
	uint64_t on = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, i;

	for (i = 0; !__atomic_load_n(&t->quit, __ATOMIC_ACQUIRE); i++) {
		t->failed |= accel_reg_write(t->dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2,
				i % 2 == 0 ? 0 : on);
		usleep(2000);
	}
	t->failed |= accel_reg_write(t->dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, on);
	return NULL;
}

/* The driver goes on with whatever it meets; what the copies do is the business of who did that. */
static void
driver_under_load(void)
{
	struct toggler toggler = { .dev = edu_run(edu_spec()) };
	struct accel_op op = { .type = ACCEL_OP_COPY }, *list[] = { &op };
	struct accel_buf *buf = edu_buf(toggler.dev, PAGE, 0);
	int i;

	op.src = buf->iova;
	op.dst = buf->iova + 64;
	op.len = 64;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&toggler.thread, NULL, run_toggler, &toggler), 0);
	for (i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(accel_enqueue_burst(toggler.dev, 0, list, 1), 1);
		CU_ASSERT_PTR_EQUAL(edu_dequeue_one(toggler.dev), &op);
	}
	__atomic_store_n(&toggler.quit, true, __ATOMIC_RELEASE);
	pthread_join(toggler.thread, NULL);
	CU_ASSERT_EQUAL(toggler.failed, 0);
	edu_wait_idle(toggler.dev);
	edu_fill(buf->va, 64, 9);
	CU_ASSERT_EQUAL(edu_copy(toggler.dev, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST,
			buf->iova + 64, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 9));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(toggler.dev);
}

/*
 * From outside, past VFIO, as setpci does it: neither the kernel nor the library knows
 */

static void
from_outside(void)
{
	const char *device = guest_device("VM_EDU");
	struct peek_reader reader;
	uint32_t command;
	uint16_t dev;
	int i;

	if (skip_user())
		return;
	dev = edu_open(edu_with(edu_spec(), ",driver=peek"));
	command = guest_pci_read(device, PCI_COMMAND, 2);
	CU_ASSERT_EQUAL_FATAL(peek_begin(&reader, EDU_ID, EDU_ID_1_0), 0);
	for (i = 0; i < TIMES; i++) {
		CU_ASSERT_EQUAL(guest_pci_write(device, PCI_COMMAND, 2,
				command & ~(uint32_t)PCI_COMMAND_MEMORY), 0);
		peek_more(&reader, 10);
		CU_ASSERT_EQUAL(guest_pci_write(device, PCI_COMMAND, 2, command), 0);
		assert_answers(dev, EDU_ID, EDU_ID_1_0);
		peek_more(&reader, 10);
	}
	peek_end(&reader);
	CU_ASSERT(reader.ones + reader.odd < reader.reads); /* QEMU's empty places read 0 */
	soft_close(dev);
	CU_ASSERT(edu_works(edu_spec()));
}

const struct test_case silence_cases[] = {
	{ "memory access", memory_access },
	{ "power state", power_state },
	{ "a driver under load", driver_under_load },
	{ "from outside", from_outside },
	{ NULL, NULL },
};
