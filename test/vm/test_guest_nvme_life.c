/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver with rings in memory, from probe to close: vectors, reset, and what is kept from it.
 */
#include "test_guest_nvme.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_log.h>

#include "guest.h"
#include "log_text.h"
#include "nvme_dev.h"
#include "soft_dev.h"

#define WAIT_MS     20000
#define VECTORS     65
#define CC_DISABLED 0x460000 /* entries of 64 and 16 bytes, and not enabled */

/*
 * Vectors
 */

static bool
signalled(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	eventfd_t n;

	return poll(&pfd, 1, ms) == 1 && eventfd_read(fd, &n) == 0;
}

static void
open_vectors(uint16_t dev, int *fds)
{
	unsigned int i;

	CU_ASSERT_EQUAL_FATAL(accel_irq_count(dev, ACCEL_IRQ_MSIX), VECTORS);
	for (i = 0; i < VECTORS; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		CU_ASSERT_FATAL(fds[i] >= 0);
	}
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, VECTORS, fds), 0);
}

/* The admin queue has vector 0, which comes before anyone looks for the completion. */
static bool
first_alone_comes(uint16_t dev, const int *fds)
{
	struct accel_buf *buf = nvme_pages(dev, 1, 0);
	struct accel_op op = nvme_op(CONTROLLER, buf->iova), *list[] = { &op };
	unsigned int i, others = 0;
	bool first;

	for (i = 0; i < VECTORS; i++) /* once too often is not wrong */
		signalled(fds[i], 0);
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, list, 1), 1);
	first = signalled(fds[0], WAIT_MS);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 1), 1);
	for (i = 1; i < VECTORS; i++)
		others += signalled(fds[i], 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	return first && others == 0;
}

static void
vectors(void)
{
	int fds[VECTORS], none = -1;
	unsigned int i;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_open("");
	open_vectors(dev, fds);
	soft_run(dev, 1, NVME_DEPTH, 0);
	CU_ASSERT(first_alone_comes(dev, fds));
	CU_ASSERT(first_alone_comes(dev, fds));
	/* Without the first no other takes its place. */
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 1, &none), 0);
	CU_ASSERT(nvme_works(dev));
	for (i = 0; i < VECTORS; i++)
		CU_ASSERT_FALSE(signalled(fds[i], i == 0 ? 100 : 0));
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 1, fds), 0);
	CU_ASSERT(first_alone_comes(dev, fds));
	soft_close(dev);
	for (i = 0; i < VECTORS; i++)
		close(fds[i]);
}

/*
 * Reset, close, probe
 */

static void
reset(void)
{
	int fds[VECTORS];
	uint16_t dev;
	int i;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_open("");
	open_vectors(dev, fds);
	soft_run(dev, 1, NVME_DEPTH, 0);
	for (i = 0; i < 3; i++) {
		CU_ASSERT(nvme_works(dev));
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		/* Only a reset of the function forgets this. */
		CU_ASSERT_EQUAL(accel_reg_write(dev, 0, REG_CC, 4, CC_DISABLED), 0);
		CU_ASSERT_EQUAL(nvme_reg(dev, REG_CC, 4), CC_DISABLED);
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
		CU_ASSERT_EQUAL(nvme_reg(dev, REG_CC, 4), 0);
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		CU_ASSERT(first_alone_comes(dev, fds));
	}
	soft_close(dev);
	for (i = 0; i < VECTORS; i++)
		close(fds[i]);
}

static void
reset_in_flight(void)
{
	struct accel_op ops[3];
	struct accel_buf *buf;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 3, 0);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	nvme_assert_all_are(dev, ops, 3, ACCEL_STATUS_ABORTED);
	CU_ASSERT((nvme_command_register(dev) & PCI_COMMAND_MASTER) != 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT(nvme_works(dev));
	CU_ASSERT(nvme_untouched(buf->va, buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Nor does the driver leave anything to the library, which would warn. */
static void
opened_again(void)
{
	uint32_t level = rte_log_get_global_level();
	struct test_usage before;
	uint16_t dev;
	int i;

	if (nvme_skip_elsewhere())
		return;
	soft_close(nvme_open(""));
	before = test_usage_get();
	rte_log_set_global_level(RTE_LOG_WARNING);
	log_text_begin();
	for (i = 0; i < 10; i++) {
		dev = nvme_run("");
		CU_ASSERT(nvme_works(dev));
		soft_close(dev);
		soft_close(nvme_open("")); /* never started */
	}
	CU_ASSERT_PTR_NULL(strstr(log_text_end(), "left"));
	rte_log_set_global_level(level);
	TEST_ASSERT_NO_LEAK(before);
}

/* The rings are the driver's: not the application's buffers, and where the IOMMU reaches. */
static void
rings(void)
{
	uint64_t sq, cq;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_open("");
	sq = nvme_reg(dev, REG_ASQ, 8);
	cq = nvme_reg(dev, REG_ACQ, 8);
	CU_ASSERT(sq != 0 && cq != 0 && sq != cq && (sq | cq) % PAGE == 0);
	CU_ASSERT((sq | cq) >> guest_aw_bits() == 0);
	nvme_ring(dev, REG_ASQ);
	nvme_ring(dev, REG_ACQ);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(soft_info(dev).iova_last >> guest_aw_bits(), 0);
	CU_ASSERT((nvme_command_register(dev) & PCI_COMMAND_MASTER) != 0);
	soft_close(dev);
}

/* Something else is turned away, and nothing of the attempt remains. */
static void
other_device(void)
{
	struct test_usage before;

	if (nvme_skip_elsewhere())
		return;
	soft_close(nvme_open(""));
	before = test_usage_get();
	LOG_ASSERT_FAILS(accel_dev_probe(nvme_spec("VM_EDU", ",driver=nvme,dma_bits=64")), -ENODEV,
			"is no NVMe controller");
	LOG_ASSERT_FAILS(accel_dev_probe(nvme_spec("VM_NVME", ",check=2")), -EINVAL, "check");
	LOG_ASSERT_FAILS(accel_dev_probe(nvme_spec("VM_NVME", ",cheque=1")), -EINVAL, "cheque");
	TEST_ASSERT_NO_LEAK(before);
	soft_close(nvme_open(""));
}

/*
 * What the IOMMU keeps away
 */

/* Have the controller write where it must not, past the driver's check: whether it was blamed. */
static bool
is_blamed(uint16_t dev, uint64_t iova)
{
	bool blamed;
	int log;

	CU_ASSERT_EQUAL(guest_fault_budget(1), 0);
	log = guest_log_open();
	CU_ASSERT_FATAL(log >= 0);
	/* QEMU's controller says that all went well; others report a transfer that failed. */
	nvme_identify(dev, CONTROLLER, iova);
	blamed = guest_log_wait_fault(log, guest_device("VM_NVME"), iova, WAIT_MS);
	close(log);
	return blamed;
}

static void
wrong_addresses(void)
{
	struct accel_buf *gone, *read_only;
	uint64_t iova;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run(",check=0");
	gone = nvme_pages(dev, 1, ACCEL_BUF_ISOLATED);
	iova = gone->iova;
	CU_ASSERT_EQUAL(nvme_identify(dev, CONTROLLER, iova), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(nvme_is_controller(gone->va));
	CU_ASSERT_EQUAL(accel_buf_free(gone), 0);
	CU_ASSERT(is_blamed(dev, iova));
	CU_ASSERT(nvme_works(dev));
	read_only = nvme_pages(dev, 1, ACCEL_BUF_READ_ONLY);
	CU_ASSERT(is_blamed(dev, read_only->iova));
	CU_ASSERT(nvme_untouched(read_only->va, PAGE));
	CU_ASSERT(nvme_works(dev));
	CU_ASSERT_EQUAL(accel_buf_free(read_only), 0);
	soft_close(dev);
}

const struct test_case nvme_life_cases[] = {
	{ "vectors", vectors },
	{ "reset", reset },
	{ "reset with commands in flight", reset_in_flight },
	{ "opened again", opened_again },
	{ "rings", rings },
	{ "another device", other_device },
	{ "wrong addresses", wrong_addresses },
	{ NULL, NULL },
};
