/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Errors and removal of edu devices: what becomes of ops, calls, registers and memory.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "events.h"
#include "fast_dev.h"
#include "log_text.h"
#include "test_events.h"

#define OPS 64 /* in flight */
#define LEN 64

static const struct {
	enum devmodel_event event;
	enum accel_dev_health health;
	enum accel_status status;
	int start_error;
	unsigned int nb_events;
} kinds[] = {
	{ DEVMODEL_ERROR, ACCEL_DEV_ERROR, ACCEL_STATUS_DEVICE_ERROR, -EIO, 1 },
	{ DEVMODEL_REMOVE, ACCEL_DEV_GONE, ACCEL_STATUS_REMOVED, -ENODEV, 2 },
	{ DEVMODEL_UNPLUG, ACCEL_DEV_GONE, ACCEL_STATUS_REMOVED, -ENODEV, 2 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* A device with ops in flight. */
struct load {
	uint16_t dev;
	struct accel_buf *buf; /* LEN bytes of source, then the destinations */
	struct accel_op ops[OPS];
};

static void
load_begin(struct load *load, uint16_t dev)
{
	struct accel_op *ops[OPS];
	unsigned int i;

	load->dev = dev;
	load->buf = edu_buf(dev, (OPS + 1) * LEN, 0);
	edu_fill(load->buf->va, (OPS + 1) * LEN, 1);
	for (i = 0; i < OPS; i++) {
		load->ops[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = load->buf->iova,
			.dst = load->buf->iova + (i + 1) * LEN, .len = LEN, .user_data = i,
			.status = ACCEL_STATUS_MAX };
		ops[i] = &load->ops[i];
	}
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, ops, OPS), OPS);
}

static void
check_back(const struct load *load, const struct accel_op *op, unsigned int i, bool *ended,
		uint8_t status)
{
	CU_ASSERT_PTR_EQUAL(op, &load->ops[i]);
	if (op->status == ACCEL_STATUS_SUCCESS) {
		CU_ASSERT_FALSE(*ended); /* in order: none works behind one that was ended */
		CU_ASSERT(memcmp((char *)load->buf->va + (i + 1) * LEN, load->buf->va, LEN) == 0);
		return;
	}
	CU_ASSERT_EQUAL(op->status, status);
	*ended = true;
}

/* All come back, once and in order: whole, and from some op on with this status. */
static void
load_end(struct load *load, uint8_t status)
{
	uint64_t limit = events_ms() + 10000;
	struct accel_op *ops[8];
	unsigned int n = 0;
	bool ended = false;
	uint16_t i, got;

	while (n < OPS && events_ms() < limit) {
		got = accel_dequeue_burst(load->dev, 0, ops, 8);
		for (i = 0; i < got && n < OPS; i++, n++)
			check_back(load, ops[i], n, &ended, status);
	}
	CU_ASSERT_EQUAL(n, OPS);
	CU_ASSERT(ended);
	CU_ASSERT_EQUAL(accel_dequeue_burst(load->dev, 0, ops, 8), 0);
}

static void
check_takes_nothing(uint16_t dev)
{
	struct accel_op op = { .type = ACCEL_OP_COPY };
	struct accel_op *ops[] = { &op };

	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, ops, 1), 0);
}

static void
check_gone_registers(uint16_t dev)
{
	uint64_t value = 7;

	LOG_ASSERT_FAILS(accel_reg_read(dev, EDU_BAR, EDU_ID, 4, &value), -ENODEV, "edu");
	LOG_ASSERT_FAILS(accel_reg_read(dev, ACCEL_REGION_CONFIG, 0, 4, &value), -ENODEV, "edu");
	CU_ASSERT_EQUAL(value, 7);
	LOG_ASSERT_FAILS(accel_reg_write(dev, EDU_BAR, EDU_LIVENESS, 4, 1), -ENODEV, "edu");
	LOG_ASSERT_FAILS(accel_reg_write(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, 6), -ENODEV,
			"edu");
}

static void
check_master(uint16_t dev, bool on)
{
	uint64_t command = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
	CU_ASSERT_EQUAL((command & PCI_COMMAND_MASTER) != 0, on);
}

/* The device is stopped and in an error: a reset makes it whole. */
static void
check_reset(uint16_t dev)
{
	struct accel_buf *buf = edu_buf(dev, 2 * LEN, 0);

	EVENTS_ASSERT_PROMPT(accel_dev_reset(dev));
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	check_master(dev, true);
	CU_ASSERT_EQUAL_FATAL(accel_dev_start(dev), 0);
	edu_fill(buf->va, LEN, 2);
	CU_ASSERT_EQUAL(edu_copy(dev, 0, buf->iova, 0, buf->iova + LEN, LEN), 0);
	CU_ASSERT(edu_has((char *)buf->va + LEN, LEN, 2));
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	accel_buf_free(buf);
}

static void
check_removed(uint16_t dev)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };

	LOG_ASSERT_FAILS(accel_dev_reset(dev), -ENODEV, "removed");
	LOG_ASSERT_FAILS(accel_dev_configure(dev, &conf), -ENODEV, "removed");
	LOG_ASSERT_FAILS(accel_qp_setup(dev, 0, NULL), -ENODEV, "removed");
	check_gone_registers(dev);
}

static void
check_works(const char *spec)
{
	uint16_t dev = edu_run(spec);
	struct accel_buf *buf = edu_buf(dev, 2 * LEN, 0);

	edu_fill(buf->va, LEN, 3);
	CU_ASSERT_EQUAL(edu_copy(dev, 0, buf->iova, 0, buf->iova + LEN, LEN), 0);
	CU_ASSERT(edu_has((char *)buf->va + LEN, LEN, 3));
	accel_buf_free(buf);
	soft_close(dev);
}

/*
 * Under load
 */

static void
events_end_ops(void)
{
	struct events_usage before = events_usage_get();
	struct events_log log;
	struct load load;
	unsigned int i;
	uint16_t dev;

	for (i = 0; i < KINDS; i++) {
		memset(&log, 0, sizeof(log));
		dev = edu_run(edu_spec());
		CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
		load_begin(&load, dev);
		events_inject(edu_spec(), kinds[i].event);
		events_wait(&log, kinds[i].nb_events);
		if (kinds[i].event == DEVMODEL_ERROR) {
			events_check(&log, 0, dev, ACCEL_EVENT_ERROR);
			check_master(dev, false);
		} else {
			events_check(&log, 0, dev, ACCEL_EVENT_REMOVING);
			events_check(&log, 1, dev, ACCEL_EVENT_GONE);
		}
		CU_ASSERT_EQUAL(soft_info(dev).health, kinds[i].health);
		load_end(&load, kinds[i].status);
		check_takes_nothing(dev);
		EVENTS_ASSERT_PROMPT(accel_dev_stop(dev));
		LOG_ASSERT_FAILS(accel_dev_start(dev), kinds[i].start_error, "cannot start");
		if (kinds[i].event == DEVMODEL_ERROR) {
			check_reset(dev);
			events_wait(&log, 2);
			events_check(&log, 1, dev, ACCEL_EVENT_READY);
		} else {
			check_removed(dev);
		}
		accel_buf_free(load.buf);
		EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
		check_works(edu_spec());
	}
	events_assert_no_leak(&before);
}

static void
memory_survives_removal(void)
{
	struct events_usage before = events_usage_get();
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 8192, 0), *later = NULL;
	uint64_t iova = 0;

	edu_fill(buf->va, 8192, 4);
	events_inject(edu_spec(), DEVMODEL_UNPLUG);
	events_wait_health(dev, ACCEL_DEV_GONE);
	CU_ASSERT(edu_has(buf->va, 8192, 4));
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, buf->va, 1, &iova), 0);
	CU_ASSERT_EQUAL(iova, buf->iova);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 3 << 20, 0, 0, &later), 0);
	memset(later->va, 5, 3 << 20);
	accel_buf_free(later);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	LOG_ASSERT_FAILS(accel_dev_close(dev), -EBUSY, "1 buffers");
	CU_ASSERT(edu_has(buf->va, 8192, 4));
	accel_buf_free(buf);
	log_text_begin();
	EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
	CU_ASSERT_STRING_EQUAL(log_text_end(), "");
	events_assert_no_leak(&before);
}

static void
undequeued_ops_come_back_after_stop(void)
{
	unsigned int i;

	for (i = 0; i < KINDS; i++) {
		uint16_t dev = edu_run(edu_spec());
		struct load load;

		load_begin(&load, dev);
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		events_inject(edu_spec(), kinds[i].event);
		events_wait_health(dev, kinds[i].health);
		/* The stop came first and ended them, but what the device is now matters more. */
		load_end(&load, kinds[i].status);
		accel_buf_free(load.buf);
		EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
	}
}

static void
ops_survive_a_reset_until_dequeued(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct load load;

	load_begin(&load, dev);
	events_inject(edu_spec(), DEVMODEL_ERROR);
	events_wait_health(dev, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	load_end(&load, ACCEL_STATUS_ABORTED);
	accel_buf_free(load.buf);
	EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
}

/*
 * In other states
 */

static void
events_before_start(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	unsigned int i, steps;
	uint16_t dev;

	for (i = 0; i < KINDS; i++) {
		for (steps = 0; steps < 3; steps++) {
			dev = edu_open(edu_spec());
			if (steps > 0)
				CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
			if (steps > 1)
				CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
			events_inject(edu_spec(), kinds[i].event);
			events_wait_health(dev, kinds[i].health);
			CU_ASSERT_EQUAL(soft_info(dev).health, kinds[i].health);
			LOG_ASSERT_FAILS(accel_dev_start(dev), steps < 2 ? -EPERM :
					kinds[i].start_error, "cannot start");
			check_takes_nothing(dev);
			if (kinds[i].event != DEVMODEL_ERROR && steps > 0)
				check_removed(dev);
			EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
		}
	}
}

/* An error may be configured away from, not started from. */
static void
error_bears_configuration(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	uint16_t dev = edu_open(edu_spec());

	events_inject(edu_spec(), DEVMODEL_ERROR);
	events_wait_health(dev, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	LOG_ASSERT_FAILS(accel_dev_start(dev), -EIO, "reset it first");
	check_reset(dev);
	EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
}

static void
events_come_twice_and_mixed(void)
{
	static const enum devmodel_event pairs[][2] = {
		{ DEVMODEL_REMOVE, DEVMODEL_REMOVE }, { DEVMODEL_UNPLUG, DEVMODEL_UNPLUG },
		{ DEVMODEL_ERROR, DEVMODEL_REMOVE }, { DEVMODEL_ERROR, DEVMODEL_UNPLUG },
		{ DEVMODEL_REMOVE, DEVMODEL_ERROR }, { DEVMODEL_UNPLUG, DEVMODEL_ERROR },
	};
	unsigned int i, n;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct events_log log = { 0 };
		struct load load;
		uint16_t dev = edu_run(edu_spec());

		CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
		load_begin(&load, dev);
		n = pairs[i][0] == DEVMODEL_ERROR ? 1 : 2;
		events_inject(edu_spec(), pairs[i][0]);
		events_wait(&log, n);
		events_inject(edu_spec(), pairs[i][1]);
		n = pairs[i][0] == DEVMODEL_ERROR ? 3 : 2;
		events_wait(&log, n);
		events_check(&log, n - 2, dev, ACCEL_EVENT_REMOVING);
		events_check(&log, n - 1, dev, ACCEL_EVENT_GONE);
		CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_GONE);
		load_end(&load, ACCEL_STATUS_REMOVED);
		EVENTS_ASSERT_PROMPT(accel_dev_stop(dev));
		accel_buf_free(load.buf);
		EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
	}
}

/* Two errors are one; after a reset the next one counts. */
static void
errors_and_resets_alternate(void)
{
	struct events_log log = { 0 };
	uint16_t dev = edu_run(edu_spec());
	unsigned int i;

	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	soft_log_begin();
	for (i = 0; i < 20; i++) {
		events_inject(edu_spec(), DEVMODEL_ERROR);
		events_wait_health(dev, ACCEL_DEV_ERROR);
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	}
	events_wait(&log, 40);
	events_inject(edu_spec(), DEVMODEL_ERROR);
	events_wait(&log, 41);
	events_inject(edu_spec(), DEVMODEL_ERROR);
	events_wait(&log, 41);
	soft_log_end();
	for (i = 0; i < 40; i++)
		events_check(&log, i, dev, i % 2 == 0 ? ACCEL_EVENT_ERROR : ACCEL_EVENT_READY);
	EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
}

static int stop_ret;

static void
stop_when_removed(uint16_t dev_id, enum accel_event event, void *arg)
{
	if (event == ACCEL_EVENT_REMOVING)
		stop_ret = accel_dev_stop(dev_id);
	events_record(dev_id, event, arg);
}

/* The driver does not wait for what reads all ones. */
static void
stop_in_a_callback(void)
{
	struct events_log log = { 0 };
	struct load load;
	uint16_t dev = edu_run(edu_spec());
	uint64_t begin;

	stop_ret = 1;
	CU_ASSERT_EQUAL(accel_event_register(dev, stop_when_removed, &log), 0);
	load_begin(&load, dev);
	begin = events_ms();
	events_inject(edu_spec(), DEVMODEL_UNPLUG);
	events_wait(&log, 2);
	CU_ASSERT(events_ms() - begin < 900);
	CU_ASSERT_EQUAL(stop_ret, 0);
	load_end(&load, ACCEL_STATUS_REMOVED);
	accel_buf_free(load.buf);
	EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
}

static void
interrupts_fire_at_release(void)
{
	uint16_t dev = edu_open(edu_spec());
	int fd = edu_eventfd();

	CU_ASSERT_EQUAL_FATAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &fd), 0);
	events_inject(edu_spec(), DEVMODEL_ERROR);
	events_wait_health(dev, ACCEL_DEV_ERROR);
	CU_ASSERT_FALSE(edu_signalled(fd, 20));
	events_inject(edu_spec(), DEVMODEL_REMOVE);
	CU_ASSERT(edu_signalled(fd, 5000));
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	close(fd);
}

static void
neighbours_go_on(void)
{
	struct events_usage before = events_usage_get();
	uint16_t one = edu_run(edu_with(edu_spec(), ",iospace=shared"));
	uint16_t two = edu_run(edu_with(edu_spec2(), ",iospace=shared"));
	struct accel_buf *buf = edu_buf(one, 2 * LEN, 0);

	events_inject(edu_spec(), DEVMODEL_REMOVE);
	events_wait_health(one, ACCEL_DEV_GONE);
	CU_ASSERT_EQUAL(soft_info(two).health, ACCEL_DEV_READY);
	edu_fill(buf->va, LEN, 6);
	CU_ASSERT_EQUAL(edu_copy(two, 0, buf->iova, 0, buf->iova + LEN, LEN), 0);
	CU_ASSERT(edu_has((char *)buf->va + LEN, LEN, 6));
	accel_buf_free(buf);
	soft_close(one);
	one = edu_run(edu_with(edu_spec(), ",iospace=shared"));
	buf = edu_buf(two, 2 * LEN, 0);
	edu_fill(buf->va, LEN, 7);
	CU_ASSERT_EQUAL(edu_copy(one, 0, buf->iova, 0, buf->iova + LEN, LEN), 0);
	CU_ASSERT(edu_has((char *)buf->va + LEN, LEN, 7));
	accel_buf_free(buf);
	soft_close(one);
	soft_close(two);
	events_assert_no_leak(&before);
}

static void
bad_injections(void)
{
	uint16_t dev = edu_open(edu_spec());

	CU_ASSERT_EQUAL(devmodel_inject("edu", (enum devmodel_event)3), -EINVAL);
	CU_ASSERT_EQUAL(devmodel_inject("none", DEVMODEL_ERROR), -ENODEV);
	CU_ASSERT_EQUAL(devmodel_inject(NULL, DEVMODEL_ERROR), -ENODEV);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);
	CU_ASSERT_EQUAL(devmodel_inject("edu", DEVMODEL_ERROR), -ENODEV);
}

static const struct test_case event_cases[] = {
	{ "ops_end_and_calls_are_refused", events_end_ops },
	{ "memory_survives_removal", memory_survives_removal },
	{ "undequeued_ops_come_back_after_stop", undequeued_ops_come_back_after_stop },
	{ "ops_survive_a_reset_until_dequeued", ops_survive_a_reset_until_dequeued },
	{ "before_start", events_before_start },
	{ "error_bears_configuration", error_bears_configuration },
	{ "twice_and_mixed", events_come_twice_and_mixed },
	{ "errors_and_resets_alternate", errors_and_resets_alternate },
	{ "stop_in_a_callback", stop_in_a_callback },
	{ "interrupts_fire_at_release", interrupts_fire_at_release },
	{ "neighbours_go_on", neighbours_go_on },
	{ "bad_injections", bad_injections },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "events", events_setup, events_teardown, event_cases },
	{ "callbacks", fast_setup, fast_teardown, callback_cases },
	{ "threads", NULL, NULL, thread_cases },
	{ "driver", fast_setup, fast_teardown, driver_cases },
	{ NULL, NULL, NULL, NULL },
};
