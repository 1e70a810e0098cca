/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "peek_driver.h"

#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include <acceldev/accel_ring.h>

#include "guest_pci.h"

#define MAX_DEPTH 16

struct accel_region peek_bar;
uint64_t peek_command;

static void
peek_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1;
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = 4096;
}

static const struct accel_dev_ops peek_ops = {
	.info_get = peek_info_get,
	.qp_setup = accel_ring_qp_setup,
	.qp_release = accel_ring_release,
	.start = accel_ring_start,
	.stop = accel_ring_stop,
	.qp_abort = accel_ring_abort,
};

static int
peek_probe(struct accel_dev *dev)
{
	int ret = accel_dev_region(dev, 0, &peek_bar);

	if (ret != 0)
		return ret;
	peek_command = guest_pci_read(strchr(dev->name, ':') + 1, PCI_COMMAND, 2);
	dev->ops = &peek_ops;
	dev->enqueue = accel_ring_take;
	dev->dequeue = accel_ring_dequeue;
	return 0;
}

/* Nobody gets it who does not ask for it. */
static const struct accel_id peek_ids[] = { { 0, 0 } };

static struct accel_driver peek_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "peek",
	.ids = peek_ids,
	.probe = peek_probe,
};

ACCEL_DRIVER_REGISTER(peek_driver)

/*
 * Readers
 */

static void *
run_reader(void *arg)
{
	struct peek_reader *r = arg;

	while (!__atomic_load_n(&r->quit, __ATOMIC_ACQUIRE)) {
		uint32_t value = accel_mmio_read32(&peek_bar, r->off);

		r->ones += value == UINT32_MAX;
		r->odd += value != UINT32_MAX && value != r->expected;
		__atomic_store_n(&r->reads, r->reads + 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

int
peek_begin(struct peek_reader *reader, uint64_t off, uint32_t expected)
{
	*reader = (struct peek_reader){ .off = off, .expected = expected };
	return -pthread_create(&reader->thread, NULL, run_reader, reader);
}

void
peek_more(const struct peek_reader *reader, uint64_t reads)
{
	uint64_t until = __atomic_load_n(&reader->reads, __ATOMIC_ACQUIRE) + reads;

	while (__atomic_load_n(&reader->reads, __ATOMIC_ACQUIRE) < until)
		usleep(100);
}

void
peek_end(struct peek_reader *reader)
{
	__atomic_store_n(&reader->quit, true, __ATOMIC_RELEASE);
	pthread_join(reader->thread, NULL);
}
