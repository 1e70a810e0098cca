/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Contexts: who keeps a device open, and that it is closed with the last of them, on whatever
 * thread.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include <acceldev/accel_driver.h>
#include <acceldev/acceldev.h>

#include "bank_case.h"
#include "eal_main.h"

#define SPEC "soft:0,banks=1"

static struct accel_ctx *
get(const char *spec)
{
	struct accel_ctx *ctx = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_ctx_get(spec, &ctx), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ctx);
	return ctx;
}

static struct accel_buf *
alloc(struct accel_ctx *ctx, size_t len, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_ctx_buf_alloc(ctx, len, 0, flags, &buf), 0);
	return buf;
}

static void *
free_it(void *buf)
{
	return (void *)(intptr_t)accel_buf_free(buf);
}

static void
free_elsewhere(struct accel_buf *buf)
{
	pthread_t thread;
	void *ret;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, free_it, buf), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_join(thread, &ret), 0);
	CU_ASSERT_PTR_NULL(ret);
}

/*
 * Who keeps it
 */

static void
a_context_opens_and_closes(void)
{
	struct accel_ctx *ctx = get(SPEC);
	struct accel_dev_info info = soft_info(accel_ctx_dev_id(ctx));

	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_STRING_EQUAL(info.name, "soft:0");
	CU_ASSERT_EQUAL(info.state, ACCEL_DEV_STARTED);
	CU_ASSERT_EQUAL(info.nb_qps, 1);
	CU_ASSERT_EQUAL(info.nb_banks, 1);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	accel_ctx_hold(NULL);
	accel_ctx_put(NULL);
}

static void
one_context_for_a_device(void)
{
	struct accel_ctx *first = get(SPEC), *second = get("soft:0"), *third = get("soft:0,x=y");
	struct accel_ctx *other = get("soft:1");

	CU_ASSERT_PTR_EQUAL(first, second);
	CU_ASSERT_PTR_EQUAL(first, third);
	CU_ASSERT_PTR_NOT_EQUAL(first, other);
	CU_ASSERT_EQUAL(accel_dev_count(), 2);
	accel_ctx_hold(first);
	accel_ctx_put(first);
	accel_ctx_put(third);
	accel_ctx_put(first);
	CU_ASSERT_EQUAL(accel_dev_count(), 2);
	accel_ctx_put(second);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:0"), -ENODEV);
	accel_ctx_put(other);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
buffers_keep_it(void)
{
	struct accel_ctx *ctx = get(SPEC);
	uint16_t dev = accel_ctx_dev_id(ctx);
	struct accel_buf *host = alloc(ctx, 1000, ACCEL_BUF_ZERO);
	struct accel_buf *bank = alloc(ctx, 1000, ACCEL_BUF_BANK(0));
	struct accel_buf *alone = alloc(ctx, 1000, ACCEL_BUF_ISOLATED);

	CU_ASSERT(bank_all(host->va, 1000, 0));
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	memset(bank->va, 1, 1000);
	CU_ASSERT_EQUAL(accel_buf_sync(bank, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	bank_copy(dev, 0, bank_at(bank).addr, host, 1000, false);
	CU_ASSERT(bank_all(host->va, 1000, 1));
	CU_ASSERT_EQUAL(accel_buf_free(host), 0);
	free_elsewhere(alone);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	free_elsewhere(bank);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	SOFT_ASSERT_FAILS(accel_buf_free(bank), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_free(host), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_sync(bank, 0, 0, ACCEL_SYNC_TO_DEVICE), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_dirty(bank, 0, 0), -EINVAL);
}

/* A buffer that was freed and handed out again without a context has none. */
static void
buffers_do_not_inherit_contexts(void)
{
	struct accel_ctx *ctx = get(SPEC);
	uint16_t dev = accel_ctx_dev_id(ctx);
	struct accel_buf *bufs[3], *again;
	unsigned int i;

	for (i = 0; i < 3; i++)
		bufs[i] = alloc(ctx, 100, 0);
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	for (i = 0; i < 10; i++) {
		again = bank_alloc(dev, 100, 0, i % 2 == 0 ? 0 : ACCEL_BUF_BANK(0));
		CU_ASSERT_EQUAL(accel_buf_free(again), 0);
		CU_ASSERT_EQUAL(accel_dev_count(), 1);
	}
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
buffers_that_fail_keep_nothing(void)
{
	struct accel_ctx *ctx = get(SPEC);
	struct accel_buf *none = NULL;

	SOFT_ASSERT_FAILS(accel_ctx_buf_alloc(ctx, 0, 0, 0, &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_ctx_buf_alloc(ctx, 1, 0, ACCEL_BUF_BANK(1), &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_ctx_buf_alloc(ctx, 65 * BANK_MIB, 0, ACCEL_BUF_BANK(0), &none),
			-ENOSPC);
	SOFT_ASSERT_FAILS(accel_ctx_buf_alloc(ctx, 1, 0, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_ctx_buf_alloc(NULL, 1, 0, 0, &none), -EINVAL);
	CU_ASSERT_PTR_NULL(none);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

/*
 * Devices of the application
 */

static void
the_application_keeps_its_device(void)
{
	uint16_t dev = soft_open(SPEC);
	struct accel_ctx *ctx = get("soft:0,banks=7"), *again;
	struct accel_buf *buf;

	CU_ASSERT_EQUAL(accel_ctx_dev_id(ctx), dev);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_PROBED);
	soft_run(dev, 3, 0, 0);
	again = get("soft:0");
	CU_ASSERT_PTR_EQUAL(again, ctx);
	buf = alloc(ctx, 100, ACCEL_BUF_BANK(0));
	accel_ctx_put(ctx);
	accel_ctx_put(again);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STARTED);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	free_elsewhere(buf);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STOPPED);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

/* The application closes the device of a context, and its number goes to another one. */
static void
other_devices_are_not_closed(void)
{
	struct accel_ctx *ctx = get("soft:first");
	uint16_t dev = accel_ctx_dev_id(ctx), second;

	soft_close(dev);
	second = soft_open("soft:second");
	CU_ASSERT_EQUAL(second, dev);
	soft_run(second, 1, 0, 0);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_by_name("soft:second"), second);
	CU_ASSERT_EQUAL(soft_info(second).state, ACCEL_DEV_STARTED);
	soft_close(second);
	ctx = get("soft:first");
	soft_close(accel_ctx_dev_id(ctx));
	accel_ctx_put(ctx); /* closed already, and nobody else there */
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

/*
 * Errors
 */

static void
expect_none(const char *spec)
{
	struct accel_ctx *ctx = (struct accel_ctx *)&ctx;

	soft_log_begin();
	CU_ASSERT(accel_ctx_get(spec, &ctx) < 0);
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	CU_ASSERT_PTR_EQUAL(ctx, &ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
bad_specs_leave_nothing(void)
{
	static const char *const specs[] = { "", ",", "soft", "soft:", ":0", "nobus:0", "soft:0,",
		"soft:0,nokey=1", "soft:0,banks=x", "soft:0,banks=257", "soft:0,bank_view=",
		"soft:0,driver=nodriver", "soft:a b", "sim:nomodel" };
	struct test_usage usage;
	struct accel_ctx *ctx = NULL;
	unsigned int i;

	accel_ctx_put(get(SPEC));
	usage = test_usage_get();
	for (i = 0; i < RTE_DIM(specs); i++)
		expect_none(specs[i]);
	SOFT_ASSERT_FAILS(accel_ctx_get(NULL, &ctx), -EINVAL);
	SOFT_ASSERT_FAILS(accel_ctx_get(SPEC, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_ctx_get(NULL, NULL), -EINVAL);
	CU_ASSERT_PTR_NULL(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	accel_ctx_put(get(SPEC));
	TEST_ASSERT_NO_LEAK(usage);
}

/* What begins like the longest name there is, is another name. */
static void
names_that_are_too_long(void)
{
	char name[ACCEL_NAME_MAX], longer[ACCEL_NAME_MAX + 20];
	struct accel_ctx *ctx, *none = NULL;

	snprintf(name, sizeof(name), "soft:%0*d", (int)sizeof(name) - 6, 0);
	snprintf(longer, sizeof(longer), "%s1", name);
	ctx = get(name);
	CU_ASSERT_STRING_EQUAL(soft_info(accel_ctx_dev_id(ctx)).name, name);
	SOFT_ASSERT_FAILS(accel_ctx_get(longer, &none), -EINVAL);
	snprintf(longer, sizeof(longer), "%s1,banks=1", name);
	SOFT_ASSERT_FAILS(accel_ctx_get(longer, &none), -EINVAL);
	CU_ASSERT_PTR_NULL(none);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

/*
 * Devices of a driver that a test can slow down and make fail
 */

static struct {
	uint16_t max_qps;
	int start_error;
	unsigned int remove_us;
	unsigned int probes, removes; /* atomic */
	bool removing;                /* atomic */
} odd;

static void
odd_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = odd.max_qps;
	info->min_depth = 1;
	info->max_depth = 64;
	info->op_types = odd.max_qps != 0 ? ACCEL_OP_BIT(ACCEL_OP_COPY) : 0;
	info->max_op_len = 4096;
}

static int
odd_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	static struct accel_qp the_one;

	(void)dev;
	(void)qp_id;
	(void)conf;
	*qp = &the_one;
	return 0;
}

static void
odd_qp_release(struct accel_dev *dev, struct accel_qp *qp)
{
	(void)dev;
	(void)qp;
}

static int
odd_start(struct accel_dev *dev)
{
	(void)dev;
	return odd.start_error;
}

static int
odd_stop(struct accel_dev *dev)
{
	(void)dev;
	return 0;
}

static uint16_t
odd_burst(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	(void)qp;
	(void)ops;
	(void)n;
	return 0;
}

static int
odd_probe(struct accel_dev *dev)
{
	static const struct accel_dev_ops ops = {
		.info_get = odd_info_get, .qp_setup = odd_qp_setup,
		.qp_release = odd_qp_release, .start = odd_start, .stop = odd_stop,
	};

	__atomic_add_fetch(&odd.probes, 1, __ATOMIC_RELAXED);
	dev->ops = &ops;
	dev->enqueue = odd_burst;
	dev->dequeue = odd_burst;
	return 0;
}

static void
odd_remove(struct accel_dev *dev)
{
	(void)dev;
	__atomic_store_n(&odd.removing, true, __ATOMIC_RELEASE);
	usleep(odd.remove_us);
	__atomic_add_fetch(&odd.removes, 1, __ATOMIC_RELAXED);
}

static struct accel_driver odd_driver = {
	.abi = ACCEL_DRIVER_ABI, .name = "odd", .bus = "soft",
	.probe = odd_probe, .remove = odd_remove,
};

#define ODD_SPEC "soft:odd,driver=odd"

static void
odd_begin(uint16_t max_qps)
{
	memset(&odd, 0, sizeof(odd));
	odd.max_qps = max_qps;
	CU_ASSERT_EQUAL_FATAL(accel_driver_register(&odd_driver), 0);
}

static void
odd_end(void)
{
	CU_ASSERT_EQUAL(odd.probes, odd.removes);
	CU_ASSERT_EQUAL(accel_driver_unregister(&odd_driver), 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
devices_without_queue_pairs(void)
{
	struct accel_ctx *ctx;
	struct accel_buf *buf;

	odd_begin(0);
	ctx = get(ODD_SPEC);
	CU_ASSERT_EQUAL(soft_info(accel_ctx_dev_id(ctx)).state, ACCEL_DEV_PROBED);
	buf = alloc(ctx, 10, 0);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	odd_end();
}

static void
devices_that_do_not_start(void)
{
	struct accel_ctx *none = NULL;

	odd_begin(1);
	odd.start_error = -EIO;
	SOFT_ASSERT_FAILS(accel_ctx_get(ODD_SPEC, &none), -EIO);
	CU_ASSERT_PTR_NULL(none);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	odd.start_error = 0;
	accel_ctx_put(get(ODD_SPEC));
	odd_end();
}

static void *
put_it(void *ctx)
{
	accel_ctx_put(ctx);
	return NULL;
}

/* Who comes while the device is being closed waits, and gets it anew. */
static void
get_while_it_is_closed(void)
{
	struct accel_ctx *ctx;
	struct accel_buf *buf;
	pthread_t thread;
	unsigned int i;
	void *ret;

	odd_begin(1);
	odd.remove_us = 50000;
	for (i = 0; i < 4; i++) {
		odd.removing = false;
		ctx = get(ODD_SPEC);
		if (i % 2 == 0) {
			CU_ASSERT_EQUAL(pthread_create(&thread, NULL, put_it, ctx), 0);
		} else {
			buf = alloc(ctx, 1, 0);
			accel_ctx_put(ctx);
			CU_ASSERT_EQUAL(pthread_create(&thread, NULL, free_it, buf), 0);
		}
		while (!__atomic_load_n(&odd.removing, __ATOMIC_ACQUIRE))
			usleep(100);
		ctx = get(ODD_SPEC);
		CU_ASSERT_EQUAL(odd.probes, 2 * i + 2);
		CU_ASSERT_EQUAL(odd.removes, 2 * i + 1);
		CU_ASSERT_EQUAL(accel_dev_count(), 1);
		pthread_join(thread, &ret);
		accel_ctx_put(ctx);
	}
	odd_end();
}

/* Nobody waits for a device that he does not want. */
static void
get_another_while_it_is_closed(void)
{
	struct accel_ctx *ctx;
	pthread_t thread;
	unsigned int removes;

	odd_begin(1);
	odd.remove_us = 200000;
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, put_it, get(ODD_SPEC)), 0);
	while (!__atomic_load_n(&odd.removing, __ATOMIC_ACQUIRE))
		usleep(100);
	ctx = get("soft:other");
	removes = __atomic_load_n(&odd.removes, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(removes, 0);
	accel_ctx_put(ctx);
	pthread_join(thread, NULL);
	odd_end();
}

/* A device that its context could not close is the next one's, started again. */
static void
a_close_that_fails(void)
{
	struct accel_ctx *ctx = get(SPEC);
	uint16_t dev = accel_ctx_dev_id(ctx);
	struct accel_buf *stays, *buf;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 64, 0, 0, &stays), 0);
	soft_log_begin();
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(soft_log_end(), 1);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_STOPPED);
	ctx = get(SPEC);
	CU_ASSERT_EQUAL(accel_ctx_dev_id(ctx), dev);
	buf = alloc(ctx, 64, ACCEL_BUF_BANK(0));
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(stays), 0);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

/* The device is closed behind the context's back, and opened again under its name or another. */
static void
devices_of_other_probes(void)
{
	struct accel_ctx *old = get(SPEC), *ctx;
	uint16_t dev = accel_ctx_dev_id(old);

	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_EQUAL(soft_open("soft:1"), dev);
	ctx = get(SPEC);
	CU_ASSERT_STRING_EQUAL(soft_info(accel_ctx_dev_id(ctx)).name, "soft:0");
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_EQUAL(soft_open(SPEC), dev);
	accel_ctx_put(old);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
}

/* The only queue pair is the library's: ops of the application do not reach it. */
static void
a_lent_queue_pair(void)
{
	struct accel_ctx *ctx = get("sim:edu");
	uint16_t dev = accel_ctx_dev_id(ctx);
	struct accel_buf *buf = alloc(ctx, 64, ACCEL_BUF_BANK(0));
	struct accel_op op = { .type = ACCEL_OP_COPY }, *list = &op;

	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &list, 1), 0);
	memset(buf->va, 3, 64);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	memset(buf->va, 4, 64);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(*(char *)buf->va, 3);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, &list, 1), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static int
end_in_child(void *arg)
{
	struct accel_buf *buf = arg;

	soft_log_begin();
	if (accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE) != -EPERM || soft_log_end() != 1)
		return 1;
	return accel_buf_free(buf) == 0 ? 0 : 2;
}

/* The child frees the last buffer: the parent's device stays as it is. */
static void
children_close_nothing(void)
{
	struct accel_ctx *ctx = get(SPEC);
	struct accel_buf *buf = alloc(ctx, 64, ACCEL_BUF_BANK(0));

	accel_ctx_put(ctx);
	CU_ASSERT_EQUAL(soft_in_child(end_in_child, buf), 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
nothing_is_left(void)
{
	struct accel_buf *buf;
	struct test_usage usage;
	struct accel_ctx *ctx;
	unsigned int i;

	accel_ctx_put(get(SPEC));
	usage = test_usage_get();
	for (i = 0; i < 100; i++) {
		ctx = get(SPEC);
		buf = alloc(ctx, 1 + i * 1000, i % 2 == 0 ? 0 : ACCEL_BUF_BANK(0));
		accel_ctx_put(ctx);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
	}
	TEST_ASSERT_NO_LEAK(usage);
}

static const struct test_case cases[] = {
	{ "a context opens and closes", a_context_opens_and_closes },
	{ "one context for a device", one_context_for_a_device },
	{ "buffers keep it", buffers_keep_it },
	{ "buffers do not inherit contexts", buffers_do_not_inherit_contexts },
	{ "buffers that fail keep nothing", buffers_that_fail_keep_nothing },
	{ "the application keeps its device", the_application_keeps_its_device },
	{ "other devices are not closed", other_devices_are_not_closed },
	{ "bad specs leave nothing", bad_specs_leave_nothing },
	{ "names that are too long", names_that_are_too_long },
	{ "devices without queue pairs", devices_without_queue_pairs },
	{ "devices that do not start", devices_that_do_not_start },
	{ "get while it is closed", get_while_it_is_closed },
	{ "get another while it is closed", get_another_while_it_is_closed },
	{ "a close that fails", a_close_that_fails },
	{ "devices of other probes", devices_of_other_probes },
	{ "a lent queue pair", a_lent_queue_pair },
	{ "children close nothing", children_close_nothing },
	{ "nothing is left", nothing_is_left },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "contexts", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
