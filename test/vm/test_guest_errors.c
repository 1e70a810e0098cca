/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Errors that the kernel reports of the NVMe controller, resets, and its slot.
 */
#include "guest_events.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <eal_glue/pci_hot_reset.h>

#include "edu_dev.h"
#include "guest.h"
#include "guest_pci.h"
#include "nvme_dev.h"
#include "peek_driver.h"

#define NVME_1_4 0x00010400
#define SLOT_MS  15000 /* a slot with a button is given 5 s */

static const enum accel_event error_only[] = { ACCEL_EVENT_ERROR };
static const enum accel_event error_and_ready[] = { ACCEL_EVENT_ERROR, ACCEL_EVENT_READY };

/* A descriptor of this process, by what it is of; the library keeps it to itself. */
static int
find_fd(const char *what)
{
	char path[32], target[64];
	ssize_t n;
	int fd;

	for (fd = 3; fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		if (strstr(target, what) != NULL)
			return fd;
	}
	CU_FAIL_FATAL("no such descriptor");
	return -1;
}

/* Have the kernel signal an interrupt of the one device that is open. */
static void
fire(unsigned int index, unsigned int vector)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = index, .start = vector, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	};

	CU_ASSERT_EQUAL(ioctl(find_fd("[vfio-device]"), VFIO_DEVICE_SET_IRQS, &set), 0);
}

static void
report_by_kernel(void)
{
	fire(VFIO_PCI_ERR_IRQ_INDEX, 0);
}

/* An error of a request, of which the device can recover. */
static void
report_by_bridge(void)
{
	CU_ASSERT_EQUAL(guest_monitor("pcie_aer_inject_error bridge UNSUP"), 0);
}

/*
 * Errors
 */

/* From work through the error to work again. */
static void
fails_and_recovers(void (*report)(void))
{
	uint16_t dev = nvme_run("");
	struct accel_buf *buf = nvme_pages(dev, 3, 0);
	struct accel_op ops[3];
	struct events events;

	events_begin(&events, dev);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	soft_log_begin();
	report();
	CU_ASSERT(events_are(&events, 1, error_only));
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	nvme_assert_all_are(dev, ops, 3, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	SOFT_ASSERT_FAILS(accel_dev_start(dev), -EIO);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT(events_are(&events, 2, error_and_ready));
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT(nvme_works(dev));
	CU_ASSERT(nvme_untouched(buf->va, buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
told_by_the_kernel(void)
{
	fails_and_recovers(report_by_kernel);
	fails_and_recovers(report_by_kernel);
}

static void
error_of_a_request(void)
{
	fails_and_recovers(report_by_bridge);
	fails_and_recovers(report_by_bridge);
}

/* Nobody closes, resets or looks at it, and yet it reaches no memory any more. */
static void
error_at_rest(void)
{
	const char *device = guest_device("VM_NVME");
	uint16_t dev = nvme_run("");
	struct events events;

	CU_ASSERT(guest_pci_is_master(device));
	events_begin(&events, dev);
	soft_log_begin();
	report_by_kernel();
	CU_ASSERT(events_are(&events, 1, error_only));
	CU_ASSERT_FALSE(guest_pci_is_master(device));
	report_by_kernel(); /* again, which is no news */
	usleep(100000);
	CU_ASSERT(events_are(&events, 1, error_only));
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	soft_close(dev);
}

/* An error of the link: the kernel resets that, and the device forgets where its registers are. */
static void
error_of_the_link(void)
{
	uint16_t dev = nvme_run("");
	struct accel_buf *buf = nvme_pages(dev, 3, 0);
	int log = guest_log_open();
	struct accel_op ops[3];
	struct events events;

	CU_ASSERT_FATAL(log >= 0);
	events_begin(&events, dev);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	soft_log_begin();
	CU_ASSERT_EQUAL(guest_monitor("pcie_aer_inject_error bridge DLP"), 0);
	CU_ASSERT(events_are(&events, 1, error_only));
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	nvme_assert_all_are(dev, ops, 3, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT(guest_log_wait(log, "device recovery", 10000)); /* until then it has the device */
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT(events_are(&events, 2, error_and_ready));
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT(nvme_works(dev));
	soft_close(dev);
	dev = nvme_run("");
	CU_ASSERT(nvme_works(dev));
	soft_close(dev);
	close(log);
}

/*
 * Resets
 */

static int
reset_bus(uint16_t dev)
{
	const char *device = guest_device("VM_NVME");
	char node[32];

	(void)dev;
	snprintf(node, sizeof(node), "/dev/vfio/%d", guest_group(device));
	return pci_hot_reset(find_fd("[vfio-device]"), find_fd(node), guest_group(device));
}

/* Vectors stay, and who reads registers gets no signal. */
static int
reset_polled(int (*reset)(uint16_t dev))
{
	int fds[3] = { edu_eventfd(), edu_eventfd(), edu_eventfd() }, ret, i;
	uint16_t dev = edu_open(nvme_spec("VM_NVME", ",driver=peek"));
	struct peek_reader reader;

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 3, fds), 0);
	CU_ASSERT_EQUAL_FATAL(peek_begin(&reader, REG_VS, NVME_1_4), 0);
	peek_more(&reader, 100);
	CU_ASSERT_EQUAL(accel_reg_write(dev, 0, REG_CC, 4, 0x00460000), 0);
	ret = reset(dev);
	CU_ASSERT_EQUAL(nvme_reg(dev, REG_CC, 4), 0);
	CU_ASSERT(guest_pci_is_master(guest_device("VM_NVME")));
	fire(VFIO_PCI_MSIX_IRQ_INDEX, 0);
	fire(VFIO_PCI_MSIX_IRQ_INDEX, 2);
	CU_ASSERT(edu_signalled(fds[0], 1000) && edu_signalled(fds[2], 1000));
	CU_ASSERT_FALSE(edu_signalled(fds[1], 0));
	peek_end(&reader);
	CU_ASSERT_EQUAL(reader.odd, 0);
	soft_close(dev);
	for (i = 0; i < 3; i++)
		close(fds[i]);
	return ret;
}

static void
reset_while_polled(void)
{
	CU_ASSERT_EQUAL(reset_polled(accel_dev_reset), 0);
}

/* Whether the bridge had an error since the guest's start. */
static bool
bridge_has_failed(void)
{
	int log = guest_log_open();
	bool failed;

	CU_ASSERT_FATAL(log >= 0);
	lseek(log, 0, SEEK_SET);
	failed = guest_log_wait(log, "AER: device recovery", 0);
	close(log);
	return failed;
}

static void
bus_reset_while_polled(void)
{
	if (bridge_has_failed())
		test_skip("the emulated bridge had an error, and its link comes back no more");
	else
		CU_ASSERT_EQUAL(reset_polled(reset_bus), 0);
}

/* Edu has none but its driver's, which waits for the transfer that runs. */
static void
reset_by_driver(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct flying flying;

	flying_begin(&flying, dev, 2);
	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT(flying_come_back(&flying, ACCEL_STATUS_ABORTED));
	CU_ASSERT(guest_pci_is_master(guest_device("VM_EDU")));
	soft_close(dev);
	CU_ASSERT(edu_works(edu_spec()));
	dev = edu_open(edu_with(edu_spec(), ",driver=peek"));
	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -ENOTSUP);
	soft_close(dev);
}

/*
 * Removal
 */

/* VFIO's word for it, without the kernel behind it. */
static void
request_alone(void)
{
	uint16_t dev = nvme_run("");
	struct accel_buf *buf = nvme_pages(dev, 3, 0);
	uint64_t first = nvme_reg(dev, 0, 4);
	struct accel_op ops[3];
	struct events events;

	events_begin(&events, dev);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	soft_log_begin();
	fire(VFIO_PCI_REQ_IRQ_INDEX, 0);
	CU_ASSERT(events_are_removal(&events, first));
	soft_log_end();
	nvme_assert_all_are(dev, ops, 3, ACCEL_STATUS_REMOVED);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	dev = nvme_run("");
	CU_ASSERT(nvme_works(dev));
	soft_close(dev);
}

static bool
slot_becomes(bool full)
{
	uint64_t end = guest_ms() + SLOT_MS;

	while (guest_pci_exists(guest_device("VM_NVME")) != full && guest_ms() < end)
		usleep(10000);
	return guest_pci_exists(guest_device("VM_NVME")) == full;
}

/* Pulled out of its slot, and put in again: what a person does at the machine. */
static void
pulled_out(void)
{
	struct accel_op ops[3];
	struct events events;
	struct accel_buf *buf;
	uint64_t first;
	uint16_t dev;

	if (skip_user())
		return;
	dev = nvme_run("");
	first = nvme_reg(dev, 0, 4);
	buf = nvme_pages(dev, 3, 0);
	events_begin(&events, dev);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	soft_log_begin();
	CU_ASSERT_EQUAL(guest_monitor("device_del nvme"), 0);
	CU_ASSERT_FATAL(slot_becomes(false));
	CU_ASSERT(events_are_removal(&events, first));
	soft_log_end();
	nvme_assert_all_are(dev, ops, 3, ACCEL_STATUS_REMOVED);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	CU_ASSERT_EQUAL(guest_monitor("device_add nvme,id=nvme,bus=bridge,addr=00.0,"
			"serial=acceldev,drive=disk"), 0);
	CU_ASSERT_FATAL(slot_becomes(true));
	CU_ASSERT_EQUAL_FATAL(guest_pci_rescan(guest_device("VM_NVME")), 0);
	dev = nvme_run("");
	CU_ASSERT(nvme_works(dev));
	soft_close(dev);
}

const struct test_case error_cases[] = {
	{ "reset while it is polled", reset_while_polled },
	{ "bus reset while it is polled", bus_reset_while_polled },
	{ "reset by the driver", reset_by_driver },
	{ "a request alone", request_alone },
	{ "error told by the kernel", told_by_the_kernel },
	{ "error at rest", error_at_rest },
	{ "error of a request", error_of_a_request },
	{ "error of the link", error_of_the_link },
	{ "pulled out", pulled_out },
	{ NULL, NULL },
};
