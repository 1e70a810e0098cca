/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The kernel takes devices away that are at work, by unbind and by remove in sysfs.
 */
#include "guest_events.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <unistd.h>

#include "edu_dev.h"
#include "guest.h"
#include "guest_pci.h"
#include "log_text.h"
#include "peek_driver.h"

#define EDU_ID_1_0 0x010000edu

static void
begin(struct guest_pci_task *task, guest_pci_act act, const char *vm_device)
{
	CU_ASSERT_EQUAL_FATAL(guest_pci_begin(task, act, guest_device(vm_device)), 0);
}

/* Whether it ended well, and promptly. */
static bool
ends(struct guest_pci_task *task)
{
	int ret = guest_pci_end(task);
	uint64_t ms = task->end - task->begin;

	if (ret != 0 || ms >= PROMPT_MS)
		printf("\n    ended with %d after %u ms", ret, (unsigned int)ms);
	return ret == 0 && ms < PROMPT_MS;
}

/* Close a device that is gone. */
static void
close_gone(uint16_t dev)
{
	uint64_t from = guest_ms();

	soft_close(dev);
	CU_ASSERT(guest_ms() - from < PROMPT_MS);
}

/* The application does nothing but dequeue. */
static void
goes_and_returns(guest_pci_act go, guest_pci_act come)
{
	uint16_t dev = edu_run(edu_spec());
	struct guest_pci_task task;
	struct flying flying;
	struct events events;
	uint64_t value;

	events_begin(&events, dev);
	flying_begin(&flying, dev, 4);
	log_text_begin();
	begin(&task, go, "VM_EDU");
	CU_ASSERT(flying_come_back(&flying, ACCEL_STATUS_REMOVED));
	CU_ASSERT(ends(&task));
	CU_ASSERT(events_are_removal(&events, EDU_ID_1_0));
	CU_ASSERT_STRING_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_GONE);
	LOG_ASSERT_FAILS(accel_reg_read(dev, 0, 0, 4, &value), -ENODEV, "was removed");
	LOG_ASSERT_FAILS(accel_dev_reset(dev), -EBUSY, "stop it first");
	close_gone(dev);
	CU_ASSERT_EQUAL_FATAL(come(guest_device("VM_EDU")), 0);
	CU_ASSERT(edu_works(edu_spec()));
}

/* Twice in a row; and nothing is left behind. */
static void
unbound_at_work(void)
{
	struct test_usage before;

	if (skip_user())
		return;
	goes_and_returns(guest_pci_unbind, guest_pci_bind);
	before = test_usage_get();
	goes_and_returns(guest_pci_unbind, guest_pci_bind);
	TEST_ASSERT_NO_LEAK(before);
}

static void
removed_at_work(void)
{
	struct test_usage before;

	if (skip_user())
		return;
	before = test_usage_get();
	goes_and_returns(guest_pci_remove, guest_pci_rescan);
	TEST_ASSERT_NO_LEAK(before);
}

/*
 * Other ways to use a device
 */

/* A thread that reads registers meets the device, then all ones, and no signal. */
static void
unbound_while_polled(void)
{
	struct peek_reader reader;
	struct guest_pci_task task;
	uint16_t dev;
	int i;

	for (i = 0; i < 2; i++) {
		if (skip_user())
			return;
		dev = edu_open(edu_with(edu_spec(), ",driver=peek"));
		CU_ASSERT_EQUAL_FATAL(peek_begin(&reader, EDU_ID, EDU_ID_1_0), 0);
		peek_more(&reader, 100);
		soft_log_begin();
		begin(&task, i == 0 ? guest_pci_unbind : guest_pci_remove, "VM_EDU");
		CU_ASSERT(ends(&task));
		soft_log_end();
		CU_ASSERT_EQUAL(accel_mmio_read32(&peek_bar, EDU_ID), UINT32_MAX);
		accel_mmio_write32(&peek_bar, EDU_LIVENESS, 1);
		CU_ASSERT_EQUAL(accel_mmio_read32(&peek_bar, EDU_LIVENESS), UINT32_MAX);
		peek_more(&reader, 100);
		peek_end(&reader);
		CU_ASSERT(reader.ones >= 100 && reader.reads - reader.ones >= 100);
		CU_ASSERT_EQUAL(reader.odd, 0);
		close_gone(dev);
		CU_ASSERT_EQUAL_FATAL((i == 0 ? guest_pci_bind : guest_pci_rescan)
				(guest_device("VM_EDU")), 0);
	}
	CU_ASSERT(edu_works(edu_spec()));
}

/* The same through accel_reg_read(), which says that the device is gone. */
static void
unbound_while_read(void)
{
	struct guest_pci_task task;
	uint64_t value, end;
	uint16_t dev;
	int ret;

	if (skip_user())
		return;
	dev = edu_open(edu_spec());
	soft_log_begin();
	begin(&task, guest_pci_unbind, "VM_EDU");
	for (end = guest_ms() + PROMPT_MS; guest_ms() < end;) {
		ret = accel_reg_read(dev, 0, EDU_ID, 4, &value);
		if (ret == -ENODEV)
			break;
		CU_ASSERT(ret == -EIO || (ret == 0 && value == EDU_ID_1_0));
	}
	CU_ASSERT(ends(&task));
	soft_log_end();
	CU_ASSERT_EQUAL(ret, -ENODEV);
	close_gone(dev);
	CU_ASSERT_EQUAL_FATAL(guest_pci_bind(guest_device("VM_EDU")), 0);
}

static void
one_of_two(const char *keys)
{
	uint16_t one = edu_run(edu_with(edu_spec(), keys));
	uint16_t two = edu_run(edu_with(edu_spec2(), keys));
	struct accel_buf *buf = edu_buf(two, PAGE, 0);
	struct events events, others;
	struct guest_pci_task task;
	struct flying flying;

	events_begin(&events, one);
	events_begin(&others, two);
	flying_begin(&flying, one, 2);
	soft_log_begin();
	begin(&task, guest_pci_unbind, "VM_EDU");
	CU_ASSERT(flying_come_back(&flying, ACCEL_STATUS_REMOVED));
	CU_ASSERT(ends(&task));
	CU_ASSERT(events_are_removal(&events, EDU_ID_1_0));
	soft_log_end();
	edu_fill(buf->va, 64, 5);
	CU_ASSERT_EQUAL(edu_copy(two, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST, buf->iova + 64,
			64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 5));
	close_gone(one);
	CU_ASSERT_EQUAL_FATAL(guest_pci_bind(guest_device("VM_EDU")), 0);
	CU_ASSERT(edu_works(edu_with(edu_spec(), keys)));
	CU_ASSERT_EQUAL(others.n, 0);
	CU_ASSERT_EQUAL(soft_info(two).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(two);
}

static void
one_of_two_goes(void)
{
	if (skip_user())
		return;
	one_of_two("");
	one_of_two(",iospace=both");
}

/* Nobody looks at the device from its start to its close. */
static void
nobody_cares(void)
{
	struct guest_pci_task task;
	struct flying flying;
	uint16_t dev;

	if (skip_user())
		return;
	dev = edu_run(edu_spec());
	flying_begin(&flying, dev, 4);
	soft_log_begin();
	begin(&task, guest_pci_unbind, "VM_EDU");
	CU_ASSERT(ends(&task));
	soft_log_end();
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT(flying_come_back(&flying, ACCEL_STATUS_REMOVED)); /* though it is stopped */
	close_gone(dev);
	CU_ASSERT_EQUAL_FATAL(guest_pci_bind(guest_device("VM_EDU")), 0);
}

/*
 * Callbacks that close
 */

struct closing {
	enum accel_event when;
	struct flying flying;
	bool closed; /* atomic */
};

static void
close_then(uint16_t dev, enum accel_event event, void *arg)
{
	struct closing *c = arg;

	if (event != c->when)
		return;
	accel_dev_stop(dev);
	flying_come_back(&c->flying, ACCEL_STATUS_REMOVED);
	__atomic_store_n(&c->closed, accel_dev_close(dev) == 0, __ATOMIC_RELEASE);
}

static void
closed_by_callback(void)
{
	static const enum accel_event when[] = { ACCEL_EVENT_REMOVING, ACCEL_EVENT_GONE };
	struct guest_pci_task task;
	struct closing closing = { 0 };
	uint64_t end;
	uint16_t dev;
	int i;

	for (i = 0; i < 2; i++) {
		if (skip_user())
			return;
		dev = edu_run(edu_spec());
		closing.when = when[i];
		closing.closed = false;
		CU_ASSERT_EQUAL(accel_event_register(dev, close_then, &closing), 0);
		flying_begin(&closing.flying, dev, 2);
		soft_log_begin();
		begin(&task, guest_pci_unbind, "VM_EDU");
		CU_ASSERT(ends(&task));
		for (end = guest_ms() + 5000; guest_ms() < end &&
				!__atomic_load_n(&closing.closed, __ATOMIC_ACQUIRE);)
			usleep(1000);
		soft_log_end();
		CU_ASSERT(closing.closed);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
		CU_ASSERT_EQUAL_FATAL(guest_pci_bind(guest_device("VM_EDU")), 0);
		CU_ASSERT(edu_works(edu_spec()));
	}
}

const struct test_case removal_cases[] = {
	{ "unbound at work", unbound_at_work },
	{ "removed at work", removed_at_work },
	{ "unbound while it is polled", unbound_while_polled },
	{ "unbound while it is read", unbound_while_read },
	{ "one of two goes", one_of_two_goes },
	{ "nobody cares", nobody_cares },
	{ "closed by a callback", closed_by_callback },
	{ NULL, NULL },
};
