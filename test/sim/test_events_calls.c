/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Callbacks for events, and what they may do.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "fast_dev.h"
#include "log_text.h"
#include "mock_driver.h"
#include "test_events.h"

#define FAST  "sim:fast"
#define FAST2 "sim:fast.2"

static void
registration_is_checked(void)
{
	struct events_usage before = events_usage_get();
	struct events_log log = { 0 }, other = { 0 };
	uint16_t dev = soft_open(FAST);

	LOG_ASSERT_FAILS(accel_event_register(dev, NULL, &log), -EINVAL, "NULL");
	LOG_ASSERT_FAILS(accel_event_register(dev + 1, events_record, &log), -ENODEV, "not open");
	LOG_ASSERT_FAILS(accel_event_unregister(dev, events_record, &log), -ENOENT, "nothing");
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	LOG_ASSERT_FAILS(accel_event_register(dev, events_record, &log), -EEXIST, "already");
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &other), 0);
	LOG_ASSERT_FAILS(accel_event_unregister(ACCEL_DEV_ALL, events_record, &log), -ENOENT,
			"nothing");
	CU_ASSERT_EQUAL(accel_event_register(ACCEL_DEV_ALL, events_record, &log), 0);
	LOG_ASSERT_FAILS(accel_event_register(ACCEL_DEV_ALL, events_record, &log), -EEXIST,
			"already");
	CU_ASSERT_EQUAL(accel_event_unregister(dev, events_record, &other), 0);
	CU_ASSERT_EQUAL(accel_event_unregister(ACCEL_DEV_ALL, events_record, &log), 0);
	events_inject(FAST, DEVMODEL_ERROR);
	events_wait(&log, 1);
	CU_ASSERT_EQUAL(other.n, 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	LOG_ASSERT_FAILS(accel_event_unregister(dev, events_record, &log), -ENOENT, "nothing");
	events_assert_no_leak(&before);
}

static void
all_devices_are_told_of(void)
{
	struct events_usage before = events_usage_get();
	struct events_log log = { 0 };
	uint16_t one, two;

	CU_ASSERT_EQUAL(accel_event_register(ACCEL_DEV_ALL, events_record, &log), 0);
	CU_ASSERT_EQUAL(events_usage_get().threads, before.threads + 1);
	one = soft_open(FAST);
	two = soft_open(FAST2);
	events_inject(FAST2, DEVMODEL_ERROR);
	events_wait(&log, 1);
	events_check(&log, 0, two, ACCEL_EVENT_ERROR);
	events_inject(FAST, DEVMODEL_UNPLUG);
	events_wait(&log, 3);
	events_check(&log, 1, one, ACCEL_EVENT_REMOVING);
	events_check(&log, 2, one, ACCEL_EVENT_GONE);
	soft_close(one);
	soft_close(two);
	one = soft_open(FAST);
	events_inject(FAST, DEVMODEL_ERROR);
	events_wait(&log, 4);
	soft_close(one);
	CU_ASSERT_EQUAL(accel_event_unregister(ACCEL_DEV_ALL, events_record, &log), 0);
	events_assert_no_leak(&before);
}

/* A callback that does one thing, at one event, and remembers. */
struct act {
	enum accel_event at;
	void (*what)(uint16_t dev_id, struct act *act);
	int ret;
	uint16_t other;
	struct events_log *also;
	struct events_log log;
};

static void
act(uint16_t dev_id, enum accel_event event, void *arg)
{
	struct act *a = arg;

	if (event == a->at)
		a->what(dev_id, a);
	events_record(dev_id, event, &a->log);
}

static void
unregister_self(uint16_t dev_id, struct act *a)
{
	a->ret = accel_event_unregister(dev_id, act, a);
}

static void
unregister_inside(void)
{
	struct events_usage before = events_usage_get();
	struct act a = { .at = ACCEL_EVENT_REMOVING, .what = unregister_self, .ret = 1 };
	struct events_log log = { 0 };
	uint16_t dev = soft_open(FAST);

	CU_ASSERT_EQUAL(accel_event_register(dev, act, &a), 0);
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	events_inject(FAST, DEVMODEL_REMOVE);
	events_wait(&log, 2);
	CU_ASSERT_EQUAL(a.log.n, 1);
	CU_ASSERT_EQUAL(a.ret, 0);
	LOG_ASSERT_FAILS(accel_event_unregister(dev, act, &a), -ENOENT, "nothing");
	soft_close(dev);
	events_assert_no_leak(&before);
}

static void
register_self_again(uint16_t dev_id, struct act *a)
{
	a->ret = accel_event_unregister(dev_id, act, a);
	if (a->ret == 0 && a->log.n < EVENTS_KEPT / 2)
		a->ret = accel_event_register(dev_id, act, a);
}

/* Who comes while an event is told is told of the next one. */
static void
register_again_inside(void)
{
	struct events_usage before = events_usage_get();
	struct act a = { .at = ACCEL_EVENT_ERROR, .what = register_self_again, .ret = 1 };
	uint16_t dev = soft_open(FAST);

	CU_ASSERT_EQUAL(accel_event_register(dev, act, &a), 0);
	events_inject(FAST, DEVMODEL_ERROR);
	events_wait(&a.log, 1);
	CU_ASSERT_EQUAL(a.ret, 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	events_wait(&a.log, 2);
	soft_close(dev);
	events_assert_no_leak(&before);
}

static void
close_self(uint16_t dev_id, struct act *a)
{
	a->ret = accel_dev_close(dev_id);
}

/* Also when it was the last device, and the thread's own end. */
static void
close_inside(void)
{
	static const enum accel_event at[] = { ACCEL_EVENT_REMOVING, ACCEL_EVENT_GONE };
	struct events_usage before = events_usage_get();
	unsigned int i;

	for (i = 0; i < 100; i++) {
		struct act a = { .at = at[i % 2], .what = close_self, .ret = 1 };
		struct events_log log = { 0 };
		uint16_t dev = soft_open(FAST);

		CU_ASSERT_EQUAL(accel_event_register(dev, act, &a), 0);
		CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
		events_inject(FAST, DEVMODEL_REMOVE);
		while (__atomic_load_n(&a.log.n, __ATOMIC_ACQUIRE) != 1 + i % 2)
			usleep(100);
		CU_ASSERT_EQUAL(a.ret, 0);
		/* The callback behind it ended with the device. */
		CU_ASSERT_EQUAL(log.n, i % 2);
		LOG_ASSERT_FAILS(accel_dev_close(dev), -ENODEV, "not open");
		if (i % 10 == 0)
			events_assert_no_leak(&before);
	}
	events_assert_no_leak(&before);
}

static void
close_and_probe(uint16_t dev_id, struct act *a)
{
	a->ret = accel_dev_close(dev_id);
	if (a->ret == 0)
		a->ret = accel_dev_probe(FAST);
	if (a->ret >= 0)
		(void)accel_event_register((uint16_t)a->ret, events_record, a->also);
}

/* Also in place of the device that is being removed: that one's end is not the new one's. */
static void
probe_inside(void)
{
	static const enum accel_event at[] = { ACCEL_EVENT_REMOVING, ACCEL_EVENT_GONE };
	struct events_usage before = events_usage_get();
	unsigned int i;

	for (i = 0; i < 20; i++) {
		struct events_log log = { 0 };
		struct act a = { .at = at[i % 2], .what = close_and_probe, .also = &log };
		uint16_t dev = soft_open(FAST);

		CU_ASSERT_EQUAL(accel_event_register(dev, act, &a), 0);
		events_inject(FAST, DEVMODEL_UNPLUG);
		events_wait(&a.log, 1 + i % 2);
		CU_ASSERT_EQUAL_FATAL(a.ret, dev);
		CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
		CU_ASSERT_EQUAL(log.n, 0);
		events_inject(FAST, DEVMODEL_ERROR);
		events_wait(&log, 1);
		CU_ASSERT_EQUAL(a.log.n, 1 + i % 2);
		soft_close(dev);
	}
	events_assert_no_leak(&before);
}

static void
register_more(uint16_t dev_id, struct act *a)
{
	a->ret = accel_event_register(dev_id, events_record, a->also);
}

static void
register_inside(void)
{
	struct events_usage before = events_usage_get();
	struct events_log log = { 0 };
	struct act a = { .at = ACCEL_EVENT_REMOVING, .what = register_more, .ret = 1, .also = &log };
	uint16_t dev = soft_open(FAST);
	unsigned int n;

	CU_ASSERT_EQUAL(accel_event_register(dev, act, &a), 0);
	events_inject(FAST, DEVMODEL_REMOVE);
	events_wait(&a.log, 2);
	CU_ASSERT_EQUAL(a.ret, 0);
	n = __atomic_load_n(&log.n, __ATOMIC_ACQUIRE);
	CU_ASSERT(n >= 1 && log.kept[n - 1].event == ACCEL_EVENT_GONE);
	soft_close(dev);
	events_assert_no_leak(&before);
}

static void
callbacks_end_with_their_device(void)
{
	struct events_log log = { 0 }, later = { 0 };
	uint16_t dev = soft_open(FAST);

	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	soft_close(dev);
	CU_ASSERT_EQUAL_FATAL(soft_open(FAST), dev);
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &later), 0);
	events_inject(FAST, DEVMODEL_REMOVE);
	events_wait(&later, 2);
	CU_ASSERT_EQUAL(log.n, 0);
	soft_close(dev);
}

/*
 * Waiting for one that runs
 */

static unsigned int in_callback, release_callback, left_callback;

static void
linger(uint16_t dev_id, enum accel_event event, void *arg)
{
	(void)dev_id;
	(void)event;
	(void)arg;
	__atomic_store_n(&in_callback, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&release_callback, __ATOMIC_ACQUIRE))
		usleep(100);
	usleep(50000);
	__atomic_store_n(&left_callback, 1, __ATOMIC_RELEASE);
}

static void
linger_begin(uint16_t dev, struct accel_dev *drv)
{
	in_callback = release_callback = left_callback = 0;
	CU_ASSERT_EQUAL(accel_event_register(dev, linger, NULL), 0);
	accel_dev_report_error(drv);
	while (!__atomic_load_n(&in_callback, __ATOMIC_ACQUIRE))
		usleep(100);
}

static void
ends_wait_for_running_ones(void)
{
	struct events_usage before = events_usage_get();
	uint16_t dev = soft_open(FAST);

	linger_begin(dev, fast_last);
	__atomic_store_n(&release_callback, 1, __ATOMIC_RELEASE);
	CU_ASSERT_EQUAL(accel_event_unregister(dev, linger, NULL), 0);
	CU_ASSERT(__atomic_load_n(&left_callback, __ATOMIC_ACQUIRE));
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	linger_begin(dev, fast_last);
	__atomic_store_n(&release_callback, 1, __ATOMIC_RELEASE);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT(__atomic_load_n(&left_callback, __ATOMIC_ACQUIRE));
	events_assert_no_leak(&before);
}

/* What happens while a callback runs is told behind it, all of it and in order. */
static void
turns_are_told_in_order(void)
{
	struct events_log log = { 0 };
	uint16_t dev = soft_open(FAST);
	unsigned int i;

	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	soft_log_begin();
	linger_begin(dev, fast_last);
	for (i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
		accel_dev_report_error(fast_last);
	}
	events_inject(FAST, DEVMODEL_REMOVE);
	__atomic_store_n(&release_callback, 1, __ATOMIC_RELEASE);
	events_wait(&log, 13);
	for (i = 0; i < 11; i++)
		events_check(&log, i, dev, i % 2 == 0 ? ACCEL_EVENT_ERROR : ACCEL_EVENT_READY);
	events_check(&log, 11, dev, ACCEL_EVENT_REMOVING);
	events_check(&log, 12, dev, ACCEL_EVENT_GONE);
	soft_log_end();
	soft_close(dev);
}

/* A device that nothing watches: what came while nobody listened is not told. */
static void
old_events_are_not_told(void)
{
	struct events_log log = { 0 };
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	accel_dev_report_error(mock.dev);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	events_wait(&log, 1);
	events_check(&log, 0, dev, ACCEL_EVENT_READY);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

/*
 * From many threads
 */

static unsigned int churn_stop;

static void *
churn(void *arg)
{
	struct events_log log = { 0 };
	uint16_t dev = *(uint16_t *)arg;
	unsigned int n = 0;

	for (; !__atomic_load_n(&churn_stop, __ATOMIC_RELAXED); n++) {
		uint16_t which = n % 2 != 0 ? ACCEL_DEV_ALL : dev;

		if (accel_event_register(which, events_record, &log) != 0)
			continue;
		if (n % 3 == 0)
			usleep(50);
		CU_ASSERT_EQUAL(accel_event_unregister(which, events_record, &log), 0);
	}
	return NULL;
}

static void
registration_from_many_threads(void)
{
	struct events_usage before = events_usage_get();
	struct events_log log = { 0 };
	pthread_t threads[3];
	uint16_t dev = soft_open(FAST);
	unsigned int i;

	churn_stop = 0;
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_event_register(dev, events_record, &log), 0);
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, churn, &dev), 0);
	for (i = 0; i < 50; i++) {
		events_inject(FAST, DEVMODEL_ERROR);
		events_wait_health(dev, ACCEL_DEV_ERROR);
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	}
	events_inject(FAST, DEVMODEL_REMOVE);
	events_wait(&log, 102);
	__atomic_store_n(&churn_stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	soft_log_end();
	soft_close(dev);
	events_assert_no_leak(&before);
}

static void
texts(void)
{
	CU_ASSERT_STRING_EQUAL(accel_event_str(ACCEL_EVENT_REMOVING), "removing");
	CU_ASSERT_PTR_NOT_NULL(accel_event_str((enum accel_event)99));
	CU_ASSERT_STRING_EQUAL(accel_health_str(ACCEL_DEV_READY), "ready");
	CU_ASSERT_PTR_NOT_NULL(accel_health_str((enum accel_dev_health)99));
}

const struct test_case callback_cases[] = {
	{ "registration_is_checked", registration_is_checked },
	{ "all_devices_are_told_of", all_devices_are_told_of },
	{ "unregister_inside", unregister_inside },
	{ "register_again_inside", register_again_inside },
	{ "close_inside", close_inside },
	{ "probe_inside", probe_inside },
	{ "register_inside", register_inside },
	{ "callbacks_end_with_their_device", callbacks_end_with_their_device },
	{ "ends_wait_for_running_ones", ends_wait_for_running_ones },
	{ "turns_are_told_in_order", turns_are_told_in_order },
	{ "old_events_are_not_told", old_events_are_not_told },
	{ "registration_from_many_threads", registration_from_many_threads },
	{ "texts", texts },
	{ NULL, NULL },
};
