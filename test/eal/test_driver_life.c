/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The driver SDK: states of a device whose driver fails, and what a driver may rely on.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <acceldev/accel_ring.h>
#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "mock_driver.h"

#define N_OPS 8

static void
expect_state(uint16_t dev, enum accel_dev_state state)
{
	struct accel_dev_info info;

	CU_ASSERT_EQUAL(accel_dev_info_get(dev, &info), 0);
	CU_ASSERT_EQUAL(info.state, state);
}

static int
configure(uint16_t dev, uint16_t nb_qps, uint32_t deadline_us)
{
	struct accel_dev_conf conf = {
		.size = sizeof(conf), .nb_qps = nb_qps, .deadline_us = deadline_us,
	};

	return accel_dev_configure(dev, &conf);
}

static int
setup(uint16_t dev, uint16_t qp, uint16_t depth)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .depth = depth, .socket = -1 };

	return accel_qp_setup(dev, qp, &conf);
}

/* Offer n ops; how many were taken. */
static uint16_t
offer(uint16_t dev, uint16_t qp, struct accel_op *ops, uint16_t n)
{
	struct accel_op *list[N_OPS];
	uint16_t i;

	memset(ops, 0, n * sizeof(*ops));
	for (i = 0; i < n; i++) {
		list[i] = &ops[i];
		ops[i].type = ACCEL_OP_COPY;
		ops[i].len = 64;
		ops[i].status = ACCEL_STATUS_MAX;
	}
	return accel_enqueue_burst(dev, qp, list, n);
}

/* Take back n ops from ops[first] on, in order and with that status. */
static void
expect_back(uint16_t dev, uint16_t qp, struct accel_op *ops, uint16_t n, uint8_t status)
{
	struct accel_op *list[N_OPS + 1];
	uint16_t i, got = accel_dequeue_burst(dev, qp, list, n);

	CU_ASSERT_EQUAL(got, n);
	for (i = 0; i < got; i++) {
		CU_ASSERT_PTR_EQUAL(list[i], &ops[i]);
		CU_ASSERT_EQUAL(list[i]->status, status);
	}
}

static void
expect_nothing_back(uint16_t dev, uint16_t qp)
{
	struct accel_op *list[N_OPS];

	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, qp, list, N_OPS), 0);
}

static void
configure_fails(void)
{
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	mock.fail = MOCK_CONFIGURE;
	CU_ASSERT_EQUAL(configure(dev, 1, 0), -EIO);
	expect_state(dev, ACCEL_DEV_PROBED);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), -EPERM);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EPERM);
	mock.fail = MOCK_NONE;
	CU_ASSERT_EQUAL(configure(dev, 2, 1234), 0);
	CU_ASSERT_EQUAL(mock.deadline_us, 1234);
	expect_state(dev, ACCEL_DEV_CONFIGURED);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
qp_setup_fails(void)
{
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL(configure(dev, 2, 0), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	mock.fail = MOCK_QP_SETUP;
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 1, NULL), -EIO);
	CU_ASSERT_EQUAL(mock.live_qps, 1);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EPERM);
	mock.fail = MOCK_NONE;
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 1, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

/* A failed call changed nothing: the queue pair that was there is there, and works. */
static void
qp_setup_again_fails(void)
{
	struct accel_op ops[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	mock.fail = MOCK_QP_SETUP;
	CU_ASSERT_EQUAL(setup(dev, 0, MOCK_MIN_DEPTH), -EIO);
	CU_ASSERT_EQUAL(mock.live_qps, 1);
	mock.fail = MOCK_NONE;
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), N_OPS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
qp_setup_again(void)
{
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(setup(dev, 0, MOCK_MIN_DEPTH), 0);
	CU_ASSERT_EQUAL(mock.qp_conf.depth, MOCK_MIN_DEPTH);
	CU_ASSERT_EQUAL(mock.live_qps, 1);
	CU_ASSERT_EQUAL(mock.calls[MOCK_QP_RELEASE], 1);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_EQUAL(mock.calls[MOCK_QP_RELEASE], 2);
	mock_end();
}

static void
qp_conf_is_checked_and_filled_in(void)
{
	static const uint16_t bad[] = { 1, 2, 3, 5, 63, 65, 128, UINT16_MAX };
	unsigned int i;
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL(configure(dev, MOCK_MAX_QPS, 0), 0);
	for (i = 0; i < RTE_DIM(bad); i++)
		CU_ASSERT_EQUAL(setup(dev, 0, bad[i]), -EINVAL);
	CU_ASSERT_EQUAL(setup(dev, MOCK_MAX_QPS, 0), -EINVAL);
	CU_ASSERT_EQUAL(mock.calls[MOCK_QP_SETUP], 0);
	CU_ASSERT_EQUAL(setup(dev, 0, 0), 0);
	CU_ASSERT(mock.qp_conf.depth >= MOCK_MIN_DEPTH && mock.qp_conf.depth <= MOCK_MAX_DEPTH);
	CU_ASSERT(rte_is_power_of_2(mock.qp_conf.depth));
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
configure_checks_before_it_calls(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf) - 1, .nb_qps = 1 };
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL(accel_dev_configure(dev, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), -EINVAL);
	CU_ASSERT_EQUAL(configure(dev, 0, 0), -EINVAL);
	CU_ASSERT_EQUAL(configure(dev, MOCK_MAX_QPS + 1, 0), -EINVAL);
	CU_ASSERT_EQUAL(mock.calls[MOCK_CONFIGURE], 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
start_fails(void)
{
	struct accel_op ops[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	mock.fail = MOCK_START;
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EIO);
	expect_state(dev, ACCEL_DEV_CONFIGURED);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), 0);
	CU_ASSERT_EQUAL(mock.calls[MOCK_ENQUEUE], 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), -EALREADY);
	mock.fail = MOCK_NONE;
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EALREADY);
	CU_ASSERT_EQUAL(mock.calls[MOCK_START], 2);
	expect_state(dev, ACCEL_DEV_STARTED);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
start_again_fails(void)
{
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	mock.fail = MOCK_START;
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EIO);
	expect_state(dev, ACCEL_DEV_STOPPED);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
stop_fails(void)
{
	struct accel_op ops[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), N_OPS);
	mock.fail = MOCK_STOP;
	CU_ASSERT_EQUAL(accel_dev_stop(dev), -EIO);
	expect_state(dev, ACCEL_DEV_STOPPED);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), -EALREADY);
	expect_back(dev, 0, ops, N_OPS, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
stop_gives_back_what_was_in_flight(void)
{
	struct accel_qp_stats stats;
	struct accel_op ops[N_OPS], more[1];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(2);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 1, ops, N_OPS), N_OPS);
	expect_nothing_back(dev, 1);
	mock_complete(1, 3, ACCEL_STATUS_SUCCESS);
	expect_back(dev, 1, ops, 1, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 1, more, 1), 0);
	expect_back(dev, 1, &ops[1], 2, ACCEL_STATUS_SUCCESS);
	expect_back(dev, 1, &ops[3], N_OPS - 3, ACCEL_STATUS_ABORTED);
	expect_nothing_back(dev, 1);
	expect_nothing_back(dev, 0);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 1, &stats), 0);
	CU_ASSERT_EQUAL(stats.enqueued, N_OPS);
	CU_ASSERT_EQUAL(stats.dequeued, N_OPS);
	CU_ASSERT_EQUAL(stats.errors, N_OPS - 3);
	CU_ASSERT_EQUAL(stats.bytes, 3 * 64);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
start_drops_what_was_left(void)
{
	struct accel_op ops[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), N_OPS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_nothing_back(dev, 0);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), N_OPS);
	mock_complete(0, N_OPS, ACCEL_STATUS_SUCCESS);
	expect_back(dev, 0, ops, N_OPS, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
full_queue_pair_rejects(void)
{
	struct accel_qp_stats stats;
	struct accel_op ops[N_OPS], more[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open();
	CU_ASSERT_EQUAL(configure(dev, 1, 0), 0);
	CU_ASSERT_EQUAL(setup(dev, 0, MOCK_MIN_DEPTH), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), MOCK_MIN_DEPTH);
	CU_ASSERT_EQUAL(offer(dev, 0, more, 1), 0);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.rejected, N_OPS - MOCK_MIN_DEPTH + 1);
	CU_ASSERT_EQUAL(accel_qp_stats_reset(dev, 0), 0);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.rejected, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
configure_again_releases_queue_pairs(void)
{
	struct accel_op ops[N_OPS];
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(3);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(configure(dev, 1, 0), -EBUSY);
	CU_ASSERT_EQUAL(setup(dev, 0, 0), -EBUSY);
	CU_ASSERT_EQUAL(offer(dev, 2, ops, N_OPS), N_OPS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(configure(dev, 1, 0), 0);
	CU_ASSERT_EQUAL(mock.live_qps, 0);
	CU_ASSERT_EQUAL(mock.calls[MOCK_QP_RELEASE], 3);
	expect_nothing_back(dev, 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EPERM);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

static void
reset_of_a_driver(void)
{
	uint16_t dev;

	mock_begin();
	dev = mock_open_ready(1);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	mock.fail = MOCK_RESET;
	CU_ASSERT_EQUAL(accel_dev_reset(dev), -EIO);
	CU_ASSERT_EQUAL(mock.calls[MOCK_RESET], 2);
	expect_state(dev, ACCEL_DEV_STOPPED);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock.fail = MOCK_NONE;
	mock.leave_out = MOCK_RESET;
	dev = mock_open();
	CU_ASSERT_EQUAL(accel_dev_reset(dev), -ENOTSUP);
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	mock_end();
}

/* In the mock's remove a live queue pair counts as a stray call. */
static void
close_releases_in_order(void)
{
	struct test_usage before;
	struct accel_op ops[N_OPS];
	uint16_t dev;
	int i;

	mock_begin();
	before = test_usage_get();
	for (i = 0; i < 3; i++) {
		dev = mock_open_ready(MOCK_MAX_QPS);
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		CU_ASSERT_EQUAL(accel_dev_close(dev), -EBUSY);
		CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), N_OPS);
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
		CU_ASSERT_EQUAL(accel_dev_close(dev), -ENODEV);
		CU_ASSERT_EQUAL(accel_dev_start(dev), -ENODEV);
		CU_ASSERT_EQUAL(offer(dev, 0, ops, N_OPS), 0);
		expect_nothing_back(dev, 0);
		CU_ASSERT_EQUAL(mock.live_qps, 0);
		CU_ASSERT_EQUAL(mock.live_devs, 0);
		if (i == 0)
			before = test_usage_get(); /* with what stays for the process */
	}
	TEST_ASSERT_NO_LEAK(before);
	mock_end();
}

/* Also on a CPU whose counter is behind that of the one where the op was enqueued. */
static void
late_ops(void)
{
	uint64_t enqueued[2] = { 0 };
	struct accel_ring ring = { .enqueued = enqueued, .mask = 1, .next = 3, .tail = 4 };

	CU_ASSERT(!accel_ring_is_late(&ring)); /* no deadline */
	ring.deadline_cycles = 1000;
	enqueued[1] = rte_rdtsc() + (UINT64_C(1) << 40);
	CU_ASSERT(!accel_ring_is_late(&ring));
	enqueued[1] = rte_rdtsc() - ring.deadline_cycles;
	CU_ASSERT(accel_ring_is_late(&ring));
	enqueued[1] = rte_rdtsc();
	ring.deadline_cycles = UINT64_C(1) << 40;
	CU_ASSERT(!accel_ring_is_late(&ring));
}

static const struct test_case failure_cases[] = {
	{ "configure fails", configure_fails },
	{ "qp_setup fails", qp_setup_fails },
	{ "qp_setup fails the second time", qp_setup_again_fails },
	{ "start fails", start_fails },
	{ "start fails the second time", start_again_fails },
	{ "stop fails", stop_fails },
	{ NULL, NULL },
};

static const struct test_case contract_cases[] = {
	{ "configure is checked first", configure_checks_before_it_calls },
	{ "qp conf is checked and filled in", qp_conf_is_checked_and_filled_in },
	{ "qp_setup again", qp_setup_again },
	{ "configure again releases", configure_again_releases_queue_pairs },
	{ "stop gives back what was in flight", stop_gives_back_what_was_in_flight },
	{ "start drops what was left", start_drops_what_was_left },
	{ "a full queue pair rejects", full_queue_pair_rejects },
	{ "late ops", late_ops },
	{ "reset", reset_of_a_driver },
	{ "close releases in order", close_releases_in_order },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "failing driver", NULL, NULL, failure_cases },
	{ "contract", NULL, NULL, contract_cases },
	{ NULL, NULL, NULL, NULL },
};
