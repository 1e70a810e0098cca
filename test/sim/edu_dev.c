/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "edu_dev.h"

#include <linux/pci_regs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "guest.h"

#define WAIT_MS 10000

/*
 * Specs
 */

static const char *
find_spec(const char *variable, const char *vm_device, const char *keys, const char *model)
{
	static char text[64];
	const char *spec = getenv(variable);

	if (spec != NULL)
		return spec;
	if (!guest_is_here())
		return model;
	snprintf(text, sizeof(text), "pci:%s", guest_device(vm_device));
	return edu_with(text, keys);
}

const char *
edu_spec(void)
{
	return find_spec("ACCELDEV_TEST_EDU", "VM_EDU", ",dma_bits=64",
			"sim:edu,dma_mask=64,dma_bits=64");
}

const char *
edu_spec2(void)
{
	return find_spec("ACCELDEV_TEST_EDU2", "VM_EDU2", ",dma_bits=64",
			"sim:edu.2,dma_mask=64,dma_bits=64");
}

const char *
edu_spec_narrow(void)
{
	return find_spec("ACCELDEV_TEST_EDU_NARROW", "VM_EDU_NARROW", "", "sim:edu.3");
}

const char *
edu_with(const char *spec, const char *keys)
{
	static char texts[16][256];
	static unsigned int next;
	char *text = texts[next++ % 16];

	snprintf(text, sizeof(texts[0]), "%s%s", spec, keys);
	return text;
}

bool
edu_is_sim(const char *spec)
{
	return strncmp(spec, "sim:", 4) == 0;
}

/* The address alone, as "edu.2" or "0000:00:10.0". */
static void
address_of(const char *spec, char *address, size_t size)
{
	snprintf(address, size, "%s", strchr(spec, ':') + 1);
	address[strcspn(address, ",")] = '\0';
}

uint16_t
edu_open(const char *spec)
{
	return soft_open(spec);
}

uint16_t
edu_run(const char *spec)
{
	uint16_t dev = soft_open(spec);

	soft_run(dev, 1, 0, 0);
	return dev;
}

/*
 * Registers
 */

uint64_t
edu_get(uint16_t dev, uint64_t reg)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, EDU_BAR, reg, reg < EDU_DMA_SRC ? 4 : 8, &value), 0);
	return value;
}

void
edu_set(uint16_t dev, uint64_t reg, uint64_t value)
{
	CU_ASSERT_EQUAL(accel_reg_write(dev, EDU_BAR, reg, reg < EDU_DMA_SRC ? 4 : 8, value), 0);
}

void
edu_master(uint16_t dev, bool on)
{
	uint64_t command = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
	command = on ? command | PCI_COMMAND_MASTER : command & ~(uint64_t)PCI_COMMAND_MASTER;
	CU_ASSERT_EQUAL(accel_reg_write(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, command), 0);
}

void
edu_wait_idle(uint16_t dev)
{
	unsigned int ms;

	for (ms = 0; ms < WAIT_MS && (edu_get(dev, EDU_DMA_CMD) & EDU_DMA_START) != 0; ms++)
		usleep(1000);
	CU_ASSERT_FATAL(ms < WAIT_MS);
}

void
edu_raw_start(uint16_t dev, uint64_t iova, uint64_t station, uint64_t len, bool to_host)
{
	uint64_t mine = EDU_BUF_BASE + station;

	edu_wait_idle(dev);
	edu_set(dev, EDU_DMA_SRC, to_host ? mine : iova);
	edu_set(dev, EDU_DMA_DST, to_host ? iova : mine);
	edu_set(dev, EDU_DMA_COUNT, len);
	edu_set(dev, EDU_DMA_CMD, EDU_DMA_START | (to_host ? EDU_DMA_TO_HOST : 0));
}

void
edu_raw(uint16_t dev, uint64_t iova, uint64_t station, uint64_t len, bool to_host)
{
	edu_raw_start(dev, iova, station, len, to_host);
	edu_wait_idle(dev);
}

/*
 * Ops
 */

struct accel_op *
edu_dequeue_one(uint16_t dev)
{
	struct accel_op *op = NULL;
	unsigned int tries;

	for (tries = 0; tries < WAIT_MS * 10; tries++) {
		if (accel_dequeue_burst(dev, 0, &op, 1) == 1)
			return op;
		usleep(100);
	}
	CU_FAIL("an op did not come back");
	return NULL;
}

uint8_t
edu_copy(uint16_t dev, uint16_t src_space, uint64_t src, uint16_t dst_space, uint64_t dst,
		uint64_t len)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src_space = src_space, .src = src,
		.dst_space = dst_space, .dst = dst, .len = len, .status = ACCEL_STATUS_MAX };
	struct accel_op *ops[] = { &op };

	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, ops, 1), 1);
	CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op);
	return op.status;
}

struct accel_buf *
edu_buf(uint16_t dev, size_t len, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, len, 0, flags, &buf), 0);
	return buf;
}

static unsigned char
pattern_at(size_t i, unsigned int seed)
{
	return (unsigned char)((i * 2654435761u + seed * 40503u) >> 11);
}

void
edu_fill(void *va, size_t len, unsigned int seed)
{
	unsigned char *at = va;
	size_t i;

	for (i = 0; i < len; i++)
		at[i] = pattern_at(i, seed);
}

bool
edu_has(const void *va, size_t len, unsigned int seed)
{
	const unsigned char *at = va;
	size_t i;

	for (i = 0; i < len && at[i] == pattern_at(i, seed); i++)
		;
	return i == len;
}

/*
 * Interrupts
 */

int
edu_eventfd(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

bool
edu_signalled(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	eventfd_t n;

	return poll(&pfd, 1, ms) == 1 && eventfd_read(fd, &n) == 0;
}

/*
 * Faults
 */

void
edu_faults_begin(struct edu_faults *faults, const char *spec)
{
	char address[64];

	faults->spec = spec;
	address_of(spec, address, sizeof(address));
	if (edu_is_sim(spec)) {
		faults->before = devmodel_faults(address, NULL);
		CU_ASSERT(faults->before >= 0);
		return;
	}
	CU_ASSERT_EQUAL(guest_fault_budget(1), 0);
	faults->log = guest_log_open();
	CU_ASSERT_FATAL(faults->log >= 0);
}

static bool
model_has_fault(const char *address, int64_t before, uint64_t iova)
{
	struct devmodel_fault last = { 0 };

	return devmodel_faults(address, &last) == before + 1 && last.iova == iova;
}

bool
edu_faults_end(struct edu_faults *faults, uint64_t iova)
{
	char address[64];
	bool seen;

	address_of(faults->spec, address, sizeof(address));
	if (edu_is_sim(faults->spec))
		return model_has_fault(address, faults->before, iova);
	/* The kernel tells the page. */
	seen = guest_log_wait_fault(faults->log, address, iova & ~UINT64_C(4095), 2000);
	close(faults->log);
	return seen;
}

bool
edu_is_mapped(uint16_t dev, uint64_t first, uint64_t last)
{
	struct accel_map map;

	return accel_dev_map_next(dev, first, &map) == 0 && map.iova <= last;
}

unsigned int
edu_bar_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	unsigned int n = 0;
	char line[512];

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, "vfio") != NULL;
	fclose(f);
	return n;
}
