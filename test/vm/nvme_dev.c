/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "nvme_dev.h"

#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "soft_dev.h"

#define WAIT_MS 20000

bool
nvme_skip_elsewhere(void)
{
	if (guest_is_here())
		return false;
	test_skip("this is not the guest that test/vm/run.sh boots");
	return true;
}

/*
 * The device
 */

const char *
nvme_spec(const char *vm_device, const char *keys)
{
	static char text[128];

	snprintf(text, sizeof(text), "pci:%s%s", guest_device(vm_device), keys);
	return text;
}

uint16_t
nvme_open(const char *keys)
{
	return soft_open(nvme_spec("VM_NVME", keys));
}

uint16_t
nvme_run(const char *keys)
{
	uint16_t dev = nvme_open(keys);

	soft_run(dev, 1, NVME_DEPTH, 0);
	return dev;
}

uint64_t
nvme_reg(uint16_t dev, uint64_t off, unsigned int width)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, 0, off, width, &value), 0);
	return value;
}

uint64_t
nvme_command_register(uint16_t dev)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &value), 0);
	return value;
}

void
nvme_master(uint16_t dev, bool on)
{
	uint64_t value = nvme_command_register(dev) & ~(uint64_t)PCI_COMMAND_MASTER;

	if (on)
		value |= PCI_COMMAND_MASTER;
	CU_ASSERT_EQUAL(accel_reg_write(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, value), 0);
}

unsigned char *
nvme_ring(uint16_t dev, uint64_t reg)
{
	uint64_t iova = nvme_reg(dev, reg, 8);
	struct accel_map map = { 0 };

	CU_ASSERT_EQUAL_FATAL(accel_dev_map_next(dev, iova, &map), 0);
	CU_ASSERT_FATAL(map.iova <= iova && iova - map.iova + PAGE <= map.len);
	return (unsigned char *)map.va + (iova - map.iova);
}

struct accel_buf *
nvme_pages(uint16_t dev, unsigned int n, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, (size_t)n * PAGE, PAGE, flags, &buf), 0);
	memset(buf->va, UNTOUCHED, buf->len);
	return buf;
}

bool
nvme_untouched(const void *va, size_t len)
{
	const unsigned char *at = va;
	size_t i;

	for (i = 0; i < len && at[i] == UNTOUCHED; i++)
		;
	return i == len;
}

bool
nvme_zeros(const unsigned char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len && at[i] == 0; i++)
		;
	return i == len;
}

struct accel_op
nvme_op(uint64_t which, uint64_t iova)
{
	return (struct accel_op) { .type = ACCEL_OP_COPY, .src_space = ACCEL_SPACE_BANK(0),
		.src = which, .dst = iova, .len = PAGE, .status = ACCEL_STATUS_MAX };
}

uint16_t
nvme_wait(uint16_t dev, struct accel_op **ops, uint16_t n)
{
	uint16_t done = 0;
	unsigned int tries;

	for (tries = 0; tries < WAIT_MS * 10 && done < n; tries++) {
		done += accel_dequeue_burst(dev, 0, ops + done, n - done);
		if (done < n)
			usleep(100);
	}
	return done;
}

uint8_t
nvme_run_op(uint16_t dev, struct accel_op *op)
{
	struct accel_op *back = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, &op, 1), 1);
	CU_ASSERT_EQUAL_FATAL(nvme_wait(dev, &back, 1), 1);
	CU_ASSERT_PTR_EQUAL(back, op);
	return op->status;
}

uint8_t
nvme_identify(uint16_t dev, uint64_t which, uint64_t iova)
{
	struct accel_op op = nvme_op(which, iova);

	return nvme_run_op(dev, &op);
}

/*
 * What is told
 */

uint32_t
nvme_le(const unsigned char *at, unsigned int bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | at[bytes];
	return value;
}

/* Text in a field is filled up with spaces. */
static bool
has_text(const unsigned char *at, size_t len, const char *text)
{
	size_t n = strlen(text);

	if (memcmp(at, text, n) != 0)
		return false;
	while (n < len && at[n] == ' ')
		n++;
	return n == len;
}

bool
nvme_is_controller(const unsigned char *at)
{
	return nvme_le(at, 2) == 0x1b36 && has_text(at + 4, 20, "acceldev") &&
			has_text(at + 24, 40, "QEMU NVMe Ctrl") && at[PAGE - 1] == 0;
}

/* 64 MiB in blocks of 512 bytes. */
bool
nvme_is_namespace(const unsigned char *at)
{
	const unsigned char *format = at + 128 + 4 * (at[26] & 0xf);

	return nvme_le(at, 4) == 131072 && nvme_le(at + 4, 4) == 0 && format[2] == 9 &&
			at[PAGE - 1] == 0;
}

bool
nvme_is_active_list(const unsigned char *at)
{
	return nvme_le(at, 4) == 1 && nvme_zeros(at + 4, PAGE - 4);
}

bool
nvme_works(uint16_t dev)
{
	struct accel_buf *buf = nvme_pages(dev, 1, 0);
	bool good = nvme_identify(dev, CONTROLLER, buf->iova) == ACCEL_STATUS_SUCCESS &&
			nvme_is_controller(buf->va);

	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	return good;
}

void
nvme_enqueue_lost(uint16_t dev, uint64_t iova, struct accel_op *ops, uint16_t n)
{
	struct accel_op *list[NVME_DEPTH];
	uint16_t i;

	nvme_master(dev, false);
	for (i = 0; i < n; i++) {
		ops[i] = nvme_op(CONTROLLER, iova + (uint64_t)i * PAGE);
		list[i] = &ops[i];
	}
	ops[n - 1].flags = ACCEL_OP_FENCE;
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, list, n), n);
}

void
nvme_assert_all_are(uint16_t dev, struct accel_op *ops, uint16_t n, uint8_t status)
{
	struct accel_op *list[NVME_DEPTH];
	uint16_t i;

	CU_ASSERT_EQUAL_FATAL(nvme_wait(dev, list, n), n);
	for (i = 0; i < n; i++)
		CU_ASSERT(list[i] == &ops[i] && ops[i].status == status);
}

