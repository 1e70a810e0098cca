/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Events against the calls of other threads, and what drivers have to do with them.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <acceldev/accel_mmio.h>

#include "edu_dev.h"
#include "events.h"
#include "fast_dev.h"
#include "log_text.h"
#include "mock_driver.h"
#include "test_events.h"

#define FAST "sim:fast"

/*
 * Against other threads
 */

struct poller {
	uint16_t dev;
	unsigned int stop;
	unsigned int errors; /* reads that failed; atomic */
};

/* A register has its value, or the read fails. */
static void *
poll_registers(void *arg)
{
	struct poller *p = arg;
	uint64_t value;

	while (!__atomic_load_n(&p->stop, __ATOMIC_ACQUIRE)) {
		int ret = accel_reg_read(p->dev, EDU_BAR, EDU_ID, 4, &value);

		CU_ASSERT(ret == 0 ? (value & EDU_ID_MASK) == EDU_ID_VALUE :
				ret == -EIO || ret == -ENODEV);
		__atomic_add_fetch(&p->errors, ret != 0, __ATOMIC_RELEASE);
		ret = accel_reg_write(p->dev, EDU_BAR, EDU_LIVENESS, 4, 1);
		CU_ASSERT(ret == 0 || ret == -EIO || ret == -ENODEV);
		sched_yield(); /* locks are not fair */
	}
	return NULL;
}

static void
registers_are_polled_meanwhile(void)
{
	static const enum devmodel_event events[] = { DEVMODEL_REMOVE, DEVMODEL_UNPLUG };
	unsigned int i;

	for (i = 0; i < 30; i++) {
		struct poller p = { .dev = edu_open(edu_spec()) };
		pthread_t thread;

		soft_log_begin();
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, poll_registers, &p), 0);
		usleep(1000 + 37 * i);
		events_inject(edu_spec(), events[i % 2]);
		events_wait_health(p.dev, ACCEL_DEV_GONE);
		while (__atomic_load_n(&p.errors, __ATOMIC_ACQUIRE) == 0)
			usleep(100);
		__atomic_store_n(&p.stop, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		soft_log_end();
		EVENTS_ASSERT_PROMPT(accel_dev_close(p.dev));
	}
}

/* Injects one event after some time. */
struct shot {
	const char *address;
	enum devmodel_event event;
	unsigned int us;
};

static void *
shoot(void *arg)
{
	const struct shot *s = arg;

	if (s->us > 0)
		usleep(s->us);
	(void)devmodel_inject(s->address, s->event); /* it may be closed, or not be open yet */
	return NULL;
}

static bool
is_refusal(int ret)
{
	return ret == 0 || ret == -EIO || ret == -ENODEV;
}

/* All that can be called, whether it works or is refused; then it can be closed. */
static void
call_all(uint16_t dev)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_buf *buf = NULL;

	if (accel_dev_configure(dev, &conf) == 0 && accel_qp_setup(dev, 0, NULL) == 0) {
		if (accel_dev_start(dev) == 0)
			CU_ASSERT(is_refusal(accel_dev_stop(dev)));
		CU_ASSERT(is_refusal(accel_dev_reset(dev)));
		if (accel_dev_start(dev) == 0)
			CU_ASSERT(is_refusal(accel_dev_stop(dev)));
	}
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 4096, 0, 0, &buf), 0);
	accel_buf_free(buf);
}

static void
shoot_at(const char *spec, const char *address, unsigned int rounds)
{
	struct events_usage before = events_usage_get();
	uint64_t random = 0x5eed, begin;
	unsigned int i;
	int dev;

	soft_log_begin();
	for (i = 0; i < rounds; i++) {
		struct shot s = { .address = address, .event = i % 3,
			.us = (unsigned int)(soft_random(&random) % 400) };
		pthread_t thread;

		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, shoot, &s), 0);
		begin = events_ms();
		dev = accel_dev_probe(spec);
		CU_ASSERT(dev >= 0 || dev == -ENODEV || dev == -EIO);
		if (dev >= 0 && i % 4 != 0)
			call_all((uint16_t)dev);
		if (dev >= 0)
			CU_ASSERT_EQUAL(accel_dev_close((uint16_t)dev), 0);
		CU_ASSERT(events_ms() - begin < 2000);
		pthread_join(thread, NULL);
	}
	soft_log_end();
	events_assert_no_leak(&before);
}

static void
events_during_calls_of_edu(void)
{
	shoot_at(edu_spec(), "edu", 300);
}

static void
events_during_calls_of_fast(void)
{
	CU_ASSERT_EQUAL_FATAL(fast_setup(), 0);
	shoot_at(FAST, "fast", 300);
	CU_ASSERT_EQUAL(fast_teardown(), 0);
}

/* A reset meets the end of the error: bus mastering is on whenever the device is ready. */
static void
reset_at_once(void)
{
	struct events_log log = { 0 };
	uint64_t command = 0;
	unsigned int i;
	uint16_t dev;

	CU_ASSERT_EQUAL_FATAL(fast_setup(), 0);
	dev = soft_open(FAST);
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	soft_log_begin();
	for (i = 0; i < 1000; i++) {
		events_inject(FAST, DEVMODEL_ERROR);
		while (accel_dev_health_get(fast_last) == ACCEL_DEV_READY)
			;
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
		/* What tells of both has done with the error. */
		while (__atomic_load_n(&log.n, __ATOMIC_ACQUIRE) < 2 * i + 2)
			sched_yield();
		CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
		CU_ASSERT((command & PCI_COMMAND_MASTER) != 0);
	}
	soft_log_end();
	soft_close(dev);
	CU_ASSERT_EQUAL(fast_teardown(), 0);
}

const struct test_case thread_cases[] = {
	{ "registers_are_polled_meanwhile", registers_are_polled_meanwhile },
	{ "events_during_calls_of_edu", events_during_calls_of_edu },
	{ "events_during_calls_of_fast", events_during_calls_of_fast },
	{ "reset_at_once", reset_at_once },
	{ NULL, NULL },
};

/*
 * Drivers
 */

static void
driver_reports_an_error(void)
{
	struct events_log log = { 0 };
	uint16_t dev = soft_open(FAST);
	uint64_t command = 0;

	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	LOG_ASSERT_FAILS((accel_dev_report_error(fast_last), accel_dev_report_error(fast_last), 0), 0,
			"fast", "error");
	events_wait(&log, 1);
	events_check(&log, 0, dev, ACCEL_EVENT_ERROR);
	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
	CU_ASSERT_EQUAL(command & PCI_COMMAND_MASTER, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT(accel_dev_was_reset(fast_last));
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	soft_close(dev);
}

static void
driver_reports_an_error_in_probe(void)
{
	struct events_log log = { 0 };
	uint64_t command = 0;
	uint16_t dev;

	CU_ASSERT_EQUAL(accel_event_register(ACCEL_DEV_ALL, events_record, &log), 0);
	fast_faults.report_in_probe = true;
	dev = soft_open(FAST);
	fast_faults.report_in_probe = false;
	events_wait(&log, 1);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
	CU_ASSERT_EQUAL(command & PCI_COMMAND_MASTER, 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	soft_close(dev);
	CU_ASSERT_EQUAL(accel_event_unregister(ACCEL_DEV_ALL, events_record, &log), 0);
}

static enum devmodel_event probe_event;

static void
inject_in_probe(struct accel_dev *dev)
{
	(void)dev;
	events_inject(FAST, probe_event);
}

/* The kernel asks until it gets the device: what comes during a probe is not lost. */
static void
removal_in_probe(void)
{
	uint16_t dev;

	fast_faults.in_probe = inject_in_probe;
	for (probe_event = DEVMODEL_REMOVE; probe_event <= DEVMODEL_UNPLUG; probe_event++) {
		dev = soft_open(FAST);
		events_wait_health(dev, ACCEL_DEV_GONE);
		EVENTS_ASSERT_PROMPT(accel_dev_close(dev));
	}
	fast_faults.in_probe = NULL;
}

static int removal_probe_ret;

static void
remove_in_reset(uint16_t dev_id, enum accel_event event, void *arg)
{
	uint64_t command = PCI_COMMAND_MASTER;

	(void)arg;
	if (event != ACCEL_EVENT_REMOVING)
		return;
	/* Whatever the reset does meanwhile: bus mastering stays off. */
	usleep(300);
	removal_probe_ret |= accel_reg_read(dev_id, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command);
	if ((command & PCI_COMMAND_MASTER) != 0)
		removal_probe_ret = 1;
}

static void
removal_during_reset(void)
{
	unsigned int i;

	removal_probe_ret = 0;
	soft_log_begin();
	for (i = 0; i < 200; i++) {
		struct shot s = { .address = "fast", .event = DEVMODEL_REMOVE, .us = i % 20 * 5 };
		uint16_t dev = soft_open(FAST);
		pthread_t thread;
		int ret;

		CU_ASSERT_EQUAL(accel_event_register(dev, remove_in_reset, NULL), 0);
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, shoot, &s), 0);
		do
			ret = accel_dev_reset(dev);
		while (ret == 0);
		CU_ASSERT(is_refusal(ret));
		pthread_join(thread, NULL);
		events_wait_health(dev, ACCEL_DEV_GONE);
		soft_close(dev);
	}
	soft_log_end();
	CU_ASSERT_EQUAL(removal_probe_ret, 0);
}

static unsigned int
command_of(uint16_t dev)
{
	uint64_t command = 0;

	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_COMMAND, 2, &command), 0);
	return (unsigned int)command;
}

static int master_rets[2];

/* Registers still answer: whether the driver can give its device memory that was taken away. */
static void
master_on(uint16_t dev, enum accel_event event, void *arg)
{
	(void)arg;
	if (event == ACCEL_EVENT_GONE || event == ACCEL_EVENT_READY)
		return;
	master_rets[event == ACCEL_EVENT_REMOVING] = accel_dev_bus_master(fast_last, true);
	CU_ASSERT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
}

static void
bus_mastering_stays_off(void)
{
	uint16_t dev = soft_open(FAST);

	master_rets[0] = master_rets[1] = 1;
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_dev_bus_master(fast_last, false), 0);
	CU_ASSERT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
	CU_ASSERT_EQUAL(accel_dev_bus_master(fast_last, true), 0);
	CU_ASSERT_NOT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
	CU_ASSERT_EQUAL(accel_event_register(dev, master_on, NULL), 0);
	events_inject(FAST, DEVMODEL_ERROR);
	events_wait_health(dev, ACCEL_DEV_ERROR);
	events_inject(FAST, DEVMODEL_REMOVE);
	events_wait_health(dev, ACCEL_DEV_GONE);
	soft_close(dev); /* when the callback has returned */
	soft_log_end();
	CU_ASSERT_EQUAL(master_rets[0], -EIO);
	CU_ASSERT_EQUAL(master_rets[1], -ENODEV);
}

static int reset_error, master_in_reset;

static int
reset_with_master(struct accel_dev *dev)
{
	master_in_reset = accel_dev_bus_master(dev, true);
	return reset_error;
}

/*
 * One line for one failure, and no access to memory after it; a driver may need some in its reset.
 */
static void
reset_that_fails(void)
{
	struct accel_dev_ops ops;
	uint16_t dev = soft_open(FAST);

	ops = *fast_last->ops;
	ops.reset = reset_with_master;
	fast_last->ops = &ops;
	reset_error = -ETIME;
	LOG_ASSERT_FAILS(accel_dev_reset(dev), -ETIME, "failed to reset");
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
	LOG_ASSERT_FAILS(accel_dev_reset(dev), -ETIME, "failed to reset");
	CU_ASSERT_EQUAL(master_in_reset, 0);
	CU_ASSERT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
	reset_error = 0;
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_NOT_EQUAL(command_of(dev) & PCI_COMMAND_MASTER, 0);
	soft_close(dev);
}

/* Ops of a driver without qp_abort come back after the stop. */
static void
driver_without_abort(void)
{
	struct accel_op op = { .type = ACCEL_OP_COPY };
	struct accel_op *ops[] = { &op };
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 1), 1);
	accel_dev_report_error(mock.dev);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, ops, 1), 1);
	CU_ASSERT_EQUAL(op.status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

/*
 * Memory of drivers; EAL runs with errors alone
 */

static void
memory_left_by_a_driver(void)
{
	struct events_usage before = events_usage_get();
	uint16_t dev;

	fast_faults.leak = 3;
	dev = soft_open(FAST);
	fast_faults.leak = 0;
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	rte_log_set_global_level(RTE_LOG_WARNING);
	LOG_ASSERT_FAILS(accel_dev_close(dev), 0, "3 blocks", "mend the driver");
	rte_log_set_global_level(RTE_LOG_ERR);
	events_assert_no_leak(&before);
}

static void
memory_left_by_a_probe(void)
{
	struct events_usage before = events_usage_get();

	fast_faults.probe_error = -EPERM;
	rte_log_set_global_level(RTE_LOG_WARNING);
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_dev_probe(FAST), -EPERM);
	CU_ASSERT_EQUAL(soft_log_end(), 2); /* the error, and what was left */
	rte_log_set_global_level(RTE_LOG_ERR);
	fast_faults.probe_error = 0;
	events_assert_no_leak(&before);
}

static void
memory_of_somebody_else(void)
{
	struct accel_buf *buf = NULL;
	uint16_t dev;

	fast_faults.free_foreign = true;
	soft_log_begin();
	dev = soft_open(FAST);
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	fast_faults.free_foreign = false;
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 4096, 0, 0, &buf), 0);
	LOG_ASSERT_FAILS((accel_dev_dma_free(fast_last, buf), 0), 0, "does not have");
	accel_dev_dma_free(fast_last, NULL);
	memset(buf->va, 1, 4096);
	accel_buf_free(buf);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

/* Rings do not count as the application's, nor go with its buffers. */
static void
memory_of_drivers_is_not_counted(void)
{
	uint16_t dev = soft_open(FAST);

	soft_run(dev, FAST_MAX_QPS, 0, 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

const struct test_case driver_cases[] = {
	{ "driver_reports_an_error", driver_reports_an_error },
	{ "driver_reports_an_error_in_probe", driver_reports_an_error_in_probe },
	{ "removal_in_probe", removal_in_probe },
	{ "removal_during_reset", removal_during_reset },
	{ "bus_mastering_stays_off", bus_mastering_stays_off },
	{ "reset_that_fails", reset_that_fails },
	{ "driver_without_abort", driver_without_abort },
	{ "memory_left_by_a_driver", memory_left_by_a_driver },
	{ "memory_left_by_a_probe", memory_left_by_a_probe },
	{ "memory_of_somebody_else", memory_of_somebody_else },
	{ "memory_of_drivers_is_not_counted", memory_of_drivers_is_not_counted },
	{ NULL, NULL },
};
