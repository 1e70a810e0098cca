/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Queue pairs of the soft device: full and empty, in each state, with latency, deadline and
 * failures, and what their counters say.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define MAX_DEPTH 32768
#define N_OPS     (MAX_DEPTH + 8)
#define TIMEOUT_S 60
#define NEVER     ",latency_us=60000000" /* ops are not done before the test is */

static struct accel_op ops[N_OPS], *list[N_OPS];
static struct accel_buf *buf;
static struct test_usage before;
static uint16_t dev;

static void
begin(const char *spec, uint16_t nb_qps, uint16_t depth, uint32_t deadline_us)
{
	before = test_usage_get();
	dev = soft_open(spec);
	soft_run(dev, nb_qps, depth, deadline_us);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, ACCEL_BUF_ZERO, &buf), 0);
}

static void
end(void)
{
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	TEST_ASSERT_NO_LEAK(before);
}

/* Ops first to first + n - 1: fills of one byte each, with the number of the op. */
static void
make_ops(unsigned int first, unsigned int n)
{
	unsigned int i;

	for (i = first; i < first + n; i++) {
		ops[i] = (struct accel_op){ .type = ACCEL_OP_FILL, .pattern = i + 1, .len = 1,
			.dst = buf->iova + i % 4096, .user_data = i, .status = 0x77 };
		list[i] = &ops[i];
	}
}

static uint16_t
offer(uint16_t qp, unsigned int first, unsigned int n)
{
	make_ops(first, n);
	return accel_enqueue_burst(dev, qp, &list[first], (uint16_t)n);
}

/* Ops first to first + n - 1 come back, in order, with a status, however they are asked for. */
static void
expect_back(uint16_t qp, unsigned int first, unsigned int n, uint8_t status)
{
	time_t give_up = time(NULL) + TIMEOUT_S;
	struct accel_op *back[64];
	unsigned int ask = 1;
	uint16_t i, got;

	while (n > 0 && time(NULL) < give_up) {
		got = accel_dequeue_burst(dev, qp, back, (uint16_t)RTE_MIN(ask, n));
		CU_ASSERT_FATAL(got <= RTE_MIN(ask, n));
		for (i = 0; i < got; i++, first++, n--) {
			CU_ASSERT_PTR_EQUAL(back[i], &ops[first]);
			CU_ASSERT_EQUAL(back[i]->status, status);
			CU_ASSERT_EQUAL(back[i]->user_data, first);
		}
		ask = ask % RTE_DIM(back) + 1;
	}
	CU_ASSERT_EQUAL(n, 0);
}

static void
expect_nothing_back(uint16_t qp)
{
	struct accel_op *back[4] = { NULL };

	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, qp, back, 4), 0);
	CU_ASSERT_PTR_NULL(back[0]);
}

static void
expect_stats(uint16_t qp, struct accel_qp_stats want)
{
	struct accel_qp_stats is;

	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, qp, &is), 0);
	CU_ASSERT_EQUAL(is.enqueued, want.enqueued);
	CU_ASSERT_EQUAL(is.dequeued, want.dequeued);
	CU_ASSERT_EQUAL(is.errors, want.errors);
	CU_ASSERT_EQUAL(is.bytes, want.bytes);
	CU_ASSERT_EQUAL(is.rejected, want.rejected);
}

/*
 * Room
 */

static void
bursts_of_none(void)
{
	begin("soft:0", 1, 4, 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 0), 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, NULL, 0), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, NULL, 0), 0);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(offer(0, 0, 4), 4);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 0), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 0), 0);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 4 });
	expect_back(0, 0, 4, ACCEL_STATUS_SUCCESS);
	end();
}

static void
depth_of_one(void)
{
	unsigned int i;

	begin("soft:0", 1, 1, 0);
	for (i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(offer(0, i, 2), 1);
		CU_ASSERT_EQUAL(ops[i + 1].status, 0x77);
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &list[i + 1], 1), 0);
		expect_back(0, i, 1, ACCEL_STATUS_SUCCESS);
		expect_nothing_back(0);
	}
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 100, .dequeued = 100, .bytes = 100,
			.rejected = 200 });
	end();
}

static void
full_at(uint16_t depth)
{
	begin("soft:0", 1, depth, 0);
	CU_ASSERT_EQUAL(offer(0, 0, depth + 8u), depth);
	CU_ASSERT_EQUAL(ops[depth - 1].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(ops[depth].status, 0x77);
	CU_ASSERT_EQUAL(offer(0, depth, 8), 0);
	expect_back(0, 0, depth / 2, ACCEL_STATUS_SUCCESS);
	expect_back(0, depth / 2, depth - depth / 2, ACCEL_STATUS_SUCCESS);
	expect_nothing_back(0);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = depth, .dequeued = depth,
			.bytes = depth, .rejected = 16 });
	/* And round the ring again, from the middle. */
	CU_ASSERT_EQUAL(offer(0, 0, 1), 1);
	CU_ASSERT_EQUAL(offer(0, 1, depth - 1u), depth - 1);
	CU_ASSERT_EQUAL(offer(0, depth, 1), 0);
	expect_back(0, 0, depth, ACCEL_STATUS_SUCCESS);
	expect_nothing_back(0);
	end();
}

static void
full_queue_pairs(void)
{
	uint16_t depth;

	for (depth = 1; depth < 4096; depth *= 4)
		full_at(depth);
	full_at(MAX_DEPTH);
}

/* A burst larger than 16 bits of room would be: nothing may wrap. */
static void
largest_bursts(void)
{
	static struct accel_op *many[UINT16_MAX];
	unsigned int i;

	begin("soft:0", 1, MAX_DEPTH, 0);
	make_ops(0, MAX_DEPTH);
	for (i = 0; i < UINT16_MAX; i++)
		many[i] = &ops[i % MAX_DEPTH];
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, many, UINT16_MAX), MAX_DEPTH);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, many, UINT16_MAX), 0);
	memset(many, 0, sizeof(many));
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, many, UINT16_MAX), MAX_DEPTH);
	for (i = 0; i < MAX_DEPTH; i++)
		CU_ASSERT_PTR_EQUAL(many[i], &ops[i]);
	CU_ASSERT_PTR_NULL(many[i]);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = MAX_DEPTH, .dequeued = MAX_DEPTH,
			.bytes = MAX_DEPTH, .rejected = 2 * UINT16_MAX - MAX_DEPTH });
	end();
}

static void
queue_pairs_are_apart(void)
{
	uint16_t qp, n = 64;

	before = test_usage_get();
	dev = soft_open("soft:0");
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, 0, &buf), 0);
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, n);
	soft_run(dev, n, 8, 0);
	for (qp = 0; qp < n; qp++)
		CU_ASSERT_EQUAL(offer(qp, qp * 8u, qp % 8 + 1), qp % 8 + 1);
	for (qp = n; qp-- > 0;) {
		expect_back(qp, qp * 8u, qp % 8 + 1, ACCEL_STATUS_SUCCESS);
		expect_nothing_back(qp);
	}
	end();
}

/* More often than EAL has memory for, if it did not get back what is replaced. */
static void
setup_again_and_again(void)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .depth = MAX_DEPTH, .socket = -1 };
	unsigned int i;

	begin("soft:0,latency_us=1", 1, 0, 0);
	for (i = 0; i < 1000; i++) {
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		CU_ASSERT_EQUAL_FATAL(accel_qp_setup(dev, 0, &conf), 0);
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		CU_ASSERT_EQUAL(offer(0, 0, 1), 1);
	}
	expect_back(0, 0, 1, ACCEL_STATUS_SUCCESS);
	end();
}

static void
counters_start_again(void)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .depth = 8, .socket = -1 };

	begin("soft:0", 2, 8, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 9), 8);
	ops[8].len = 0;
	expect_back(0, 0, 3, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &list[8], 1), 1);
	CU_ASSERT_EQUAL(accel_qp_stats_reset(dev, 0), 0);
	expect_stats(0, (struct accel_qp_stats){ 0 });
	expect_back(0, 3, 5, ACCEL_STATUS_SUCCESS);
	expect_stats(0, (struct accel_qp_stats){ .dequeued = 5, .bytes = 5 });
	expect_back(0, 8, 1, ACCEL_STATUS_LENGTH);
	expect_stats(0, (struct accel_qp_stats){ .dequeued = 6, .bytes = 5, .errors = 1 });
	expect_stats(1, (struct accel_qp_stats){ 0 });
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_stats(0, (struct accel_qp_stats){ .dequeued = 6, .bytes = 5, .errors = 1 });
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_stats(0, (struct accel_qp_stats){ .dequeued = 6, .bytes = 5, .errors = 1 });
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, &conf), 0);
	expect_stats(0, (struct accel_qp_stats){ 0 });
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(0, 0, 2), 2);
	expect_back(0, 0, 2, ACCEL_STATUS_SUCCESS);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 2, .dequeued = 2, .bytes = 2 });
	end();
}

/*
 * States
 */

static void
expect_no_bursts(void)
{
	make_ops(0, 4);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 4), 0);
	CU_ASSERT_EQUAL(ops[0].status, 0x77);
	expect_nothing_back(0);
}

static void
bursts_need_a_started_device(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	uint16_t was;

	begin("soft:0", 1, 8, 0);
	was = dev;
	for (dev = 0; dev < ACCEL_MAX_DEVS; dev++) {
		if (dev != was)
			expect_no_bursts();
	}
	dev = was;
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_no_bursts();
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	expect_no_bursts();
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	expect_no_bursts();
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(0, 0, 4), 4);
	expect_back(0, 0, 4, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	expect_no_bursts();
	TEST_ASSERT_NO_LEAK(before);
}

static void
done_ops_survive_a_stop(void)
{
	begin("soft:0", 2, 8, 0);
	CU_ASSERT_EQUAL(offer(1, 0, 8), 8);
	expect_back(1, 0, 2, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(offer(1, 8, 1), 0);
	expect_back(1, 2, 6, ACCEL_STATUS_SUCCESS);
	expect_nothing_back(1);
	expect_nothing_back(0);
	expect_stats(1, (struct accel_qp_stats){ .enqueued = 8, .dequeued = 8, .bytes = 8 });
	end();
}

static void
start_drops_the_rest(void)
{
	begin("soft:0", 1, 8, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 5), 5);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(offer(0, 8, 9), 8);
	expect_back(0, 8, 8, ACCEL_STATUS_SUCCESS);
	expect_nothing_back(0);
	end();
}

static void
configure_and_close_drop_the_rest(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };

	begin("soft:0" NEVER, 2, 8, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 5), 5);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(offer(0, 0, 5), 5);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(ops[0].status, 0x77);
	TEST_ASSERT_NO_LEAK(before);
}

static void
setup_again_drops_one_queue_pair(void)
{
	begin("soft:0" NEVER, 2, 8, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 5), 5);
	CU_ASSERT_EQUAL(offer(1, 8, 5), 5);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	expect_nothing_back(0);
	expect_back(1, 8, 5, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(0, 0, 1000), 1000);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_back(0, 0, 1000, ACCEL_STATUS_ABORTED);
	end();
}

static void
stop_aborts_what_is_in_flight(void)
{
	static const unsigned char zeros[4096];
	int i;

	begin("soft:0" NEVER, 2, 16, 0);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(offer(0, 0, 17), 16);
		CU_ASSERT_EQUAL(offer(1, 20, 3), 3);
		expect_nothing_back(0);
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		expect_back(1, 20, 3, ACCEL_STATUS_ABORTED);
		expect_back(0, 0, 16, ACCEL_STATUS_ABORTED);
		expect_nothing_back(0);
		CU_ASSERT_EQUAL(memcmp(buf->va, zeros, sizeof(zeros)), 0);
		expect_stats(0, (struct accel_qp_stats){ .enqueued = 16 * (i + 1u),
				.dequeued = 16 * (i + 1u), .errors = 16 * (i + 1u),
				.rejected = i + 1u });
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	}
	end();
}

static void
reset_aborts_what_is_left(void)
{
	begin("soft:0", 1, 16, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 9), 9);
	expect_back(0, 0, 2, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_back(0, 2, 2, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	expect_back(0, 4, 5, ACCEL_STATUS_ABORTED);
	expect_nothing_back(0);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 9, .dequeued = 9, .bytes = 4,
			.errors = 5 });
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(0, 0, 9), 9);
	expect_back(0, 0, 9, ACCEL_STATUS_SUCCESS);
	end();
}

static void
reset_aborts_what_never_ran(void)
{
	begin("soft:0" NEVER, 1, 16, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 9), 9);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	expect_back(0, 0, 9, ACCEL_STATUS_ABORTED);
	end();
}

/*
 * Latency, deadline, failures
 */

static void
latency_ends(void)
{
	unsigned int i;

	begin("soft:0,latency_us=50", 2, 64, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 65), 64);
	CU_ASSERT_EQUAL(offer(1, 100, 5), 5);
	ops[101].len = 0;
	ops[103].dst = 1;
	expect_back(0, 0, 64, ACCEL_STATUS_SUCCESS);
	for (i = 0; i < 64; i++)
		CU_ASSERT_EQUAL(((unsigned char *)buf->va)[i], i + 1);
	expect_back(1, 100, 1, ACCEL_STATUS_SUCCESS);
	expect_back(1, 101, 1, ACCEL_STATUS_LENGTH);
	expect_back(1, 102, 1, ACCEL_STATUS_SUCCESS);
	expect_back(1, 103, 1, ACCEL_STATUS_BAD_ADDRESS);
	expect_back(1, 104, 1, ACCEL_STATUS_SUCCESS);
	end();
}

static void
deadline_ends_what_takes_long(void)
{
	begin("soft:0" NEVER, 1, 16, 100);
	CU_ASSERT_EQUAL(offer(0, 0, 16), 16);
	expect_back(0, 0, 16, ACCEL_STATUS_DEADLINE);
	expect_nothing_back(0);
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 16, .dequeued = 16, .errors = 16 });
	CU_ASSERT_EQUAL(offer(0, 0, 4), 4);
	expect_back(0, 0, 4, ACCEL_STATUS_DEADLINE);
	end();
}

static void
deadline_spares_the_rest(void)
{
	begin("soft:0,latency_us=10", 1, 16, UINT32_MAX);
	CU_ASSERT_EQUAL(offer(0, 0, 16), 16);
	expect_back(0, 0, 16, ACCEL_STATUS_SUCCESS);
	end();
	begin("soft:0", 1, 16, 1);
	CU_ASSERT_EQUAL(offer(0, 0, 16), 16);
	expect_back(0, 0, 16, ACCEL_STATUS_SUCCESS);
	end();
}

/* The deadline is the last configuration's. */
static void
deadline_changes(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };

	begin("soft:0" NEVER, 1, 16, 100);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(offer(0, 0, 3), 3);
	expect_nothing_back(0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_back(0, 0, 3, ACCEL_STATUS_ABORTED);
	end();
}

/* Every third op of each queue pair, whatever it asks for and however it is handed in. */
static void
failures_as_asked_for(void)
{
	unsigned char was, *bytes;
	unsigned int i;
	uint16_t qp;

	begin("soft:0,fail_every=3", 2, 64, 0);
	bytes = buf->va;
	for (i = 0; i < 60; i++) {
		qp = i >= 30;
		was = bytes[i];
		make_ops(i, 1);
		ops[i].flags = i % 2 == 0 ? ACCEL_OP_FENCE : 0;
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, qp, &list[i], 1), 1);
		expect_back(qp, i, 1, i % 3 == 2 ? ACCEL_STATUS_DEVICE_ERROR :
				ACCEL_STATUS_SUCCESS);
		CU_ASSERT_EQUAL(bytes[i], i % 3 == 2 ? was : i + 1);
	}
	expect_stats(0, (struct accel_qp_stats){ .enqueued = 30, .dequeued = 30, .errors = 10,
			.bytes = 20 });
	end();
}

static void
failures_count_bad_ops_too(void)
{
	unsigned int i;

	begin("soft:0,fail_every=4", 1, 64, 0);
	for (i = 0; i < 16; i++) {
		make_ops(i, 1);
		switch (i % 4) {
		case 0:
			ops[i].len = 0;
			break;
		case 1:
			ops[i].flags = 0x80;
			break;
		case 2:
			ops[i].type = 0;
			break;
		}
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &list[i], 1), 1);
	}
	for (i = 0; i < 16; i++)
		expect_back(0, i, 1, i % 4 == 0 ? ACCEL_STATUS_LENGTH : i % 4 != 3 ?
				ACCEL_STATUS_INVALID : ACCEL_STATUS_DEVICE_ERROR);
	end();
}

static void
all_ops_fail(void)
{
	static const unsigned char zeros[4096];

	begin("soft:0,fail_every=1,banks=1", 1, 64, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 50), 50);
	expect_back(0, 0, 50, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(memcmp(buf->va, zeros, sizeof(zeros)), 0);
	end();
	begin("soft:0,fail_every=18446744073709551615", 1, 64, 0);
	CU_ASSERT_EQUAL(offer(0, 0, 50), 50);
	expect_back(0, 0, 50, ACCEL_STATUS_SUCCESS);
	end();
}

static const struct test_case cases[] = {
	{ "bursts of none", bursts_of_none },
	{ "depth of one", depth_of_one },
	{ "full queue pairs", full_queue_pairs },
	{ "largest bursts", largest_bursts },
	{ "queue pairs are apart", queue_pairs_are_apart },
	{ "setup again and again", setup_again_and_again },
	{ "counters start again", counters_start_again },
	{ "bursts need a started device", bursts_need_a_started_device },
	{ "done ops survive a stop", done_ops_survive_a_stop },
	{ "start drops the rest", start_drops_the_rest },
	{ "configure and close drop the rest", configure_and_close_drop_the_rest },
	{ "setup again drops one queue pair", setup_again_drops_one_queue_pair },
	{ "stop aborts what is in flight", stop_aborts_what_is_in_flight },
	{ "reset aborts what is left", reset_aborts_what_is_left },
	{ "reset aborts what never ran", reset_aborts_what_never_ran },
	{ "latency ends", latency_ends },
	{ "deadline ends what takes long", deadline_ends_what_takes_long },
	{ "deadline spares the rest", deadline_spares_the_rest },
	{ "deadline changes", deadline_changes },
	{ "failures as asked for", failures_as_asked_for },
	{ "failures count bad ops too", failures_count_bad_ops_too },
	{ "all ops fail", all_ops_fail },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "queue", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
