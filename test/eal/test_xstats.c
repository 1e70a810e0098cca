/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Extended statistics: their names, their values, and what a driver adds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "mock_driver.h"
#include "soft_dev.h"

#define MAX   2048
#define BURST 16
#define LEN   512u
#define CLOSED 63

static struct accel_xstat_name names[MAX];
static struct accel_xstat xstats[MAX];

/* All names and values: how many. */
static int
get_all(uint16_t dev)
{
	int n = accel_xstats_get_names(dev, names, MAX);

	CU_ASSERT_FATAL(n > 0 && n <= MAX);
	CU_ASSERT_EQUAL(accel_xstats_get(dev, xstats, MAX), n);
	return n;
}

static uint64_t
value_of(uint16_t dev, const char *name)
{
	uint64_t id = UINT64_MAX;
	int n = get_all(dev);

	CU_ASSERT_EQUAL_FATAL(accel_xstats_get_id(dev, name, &id), 0);
	CU_ASSERT_FATAL(id < (uint64_t)n);
	CU_ASSERT_STRING_EQUAL(names[id].name, name);
	CU_ASSERT_EQUAL(xstats[id].id, id);
	return xstats[id].value;
}

static uint64_t
qp_value(uint16_t dev, unsigned int qp, const char *counter)
{
	char name[ACCEL_XSTAT_NAME_LEN];

	snprintf(name, sizeof(name), "qp%u_%s", qp, counter);
	return value_of(dev, name);
}

/*
 * Names
 */

static const char *const of_every_device[] = {
	"enqueued", "dequeued", "errors", "bytes", "rejected",
	"maps", "maps_left", "mapped_bytes", "live_bufs", "arenas", "arena_bytes", "eal_bytes",
	"eal_missed",
};

static const char *const of_two_qps[] = {
	"qp0_enqueued", "qp0_dequeued", "qp0_errors", "qp0_bytes", "qp0_rejected",
	"qp1_enqueued", "qp1_dequeued", "qp1_errors", "qp1_bytes", "qp1_rejected",
};

static void
expect_names(int from, const char *const *expected, int n)
{
	int i;

	for (i = 0; i < n; i++)
		CU_ASSERT_STRING_EQUAL(names[from + i].name, expected[i]);
}

static void
stable_names(void)
{
	const int common = RTE_DIM(of_every_device), qps = RTE_DIM(of_two_qps);
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 2 };
	uint16_t dev = soft_open("soft:0");

	CU_ASSERT_EQUAL(get_all(dev), common);
	expect_names(0, of_every_device, common);
	/* Queue pairs that are not set up have names too. */
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	CU_ASSERT_EQUAL(get_all(dev), common + qps);
	expect_names(0, of_every_device, common);
	expect_names(common, of_two_qps, qps);
	CU_ASSERT_EQUAL(qp_value(dev, 1, "enqueued"), 0);
	soft_close(dev);
}

static void
one_name_each(void)
{
	uint16_t dev = soft_open("soft:0");
	uint64_t id;
	int i, n;

	soft_run(dev, 64, 32, 0);
	n = get_all(dev);
	CU_ASSERT_EQUAL(n, (int)RTE_DIM(of_every_device) + 64 * 5);
	for (i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(accel_xstats_get_id(dev, names[i].name, &id), 0);
		CU_ASSERT_EQUAL(id, (uint64_t)i);
		CU_ASSERT_EQUAL(xstats[i].id, (uint64_t)i);
	}
	soft_close(dev);
}

static void
small_arrays(void)
{
	uint16_t dev = soft_open("soft:0");
	const int common = RTE_DIM(of_every_device);
	int n;

	CU_ASSERT_EQUAL(accel_xstats_get_names(dev, NULL, 0), common);
	CU_ASSERT_EQUAL(accel_xstats_get(dev, NULL, 0), common);
	for (n = 0; n <= common; n++) {
		memset(names, 'x', sizeof(names));
		memset(xstats, 0xff, sizeof(xstats));
		CU_ASSERT_EQUAL(accel_xstats_get_names(dev, names, (unsigned int)n), common);
		CU_ASSERT_EQUAL(accel_xstats_get(dev, xstats, (unsigned int)n), common);
		expect_names(0, of_every_device, n);
		CU_ASSERT_EQUAL(names[n].name[0], 'x');
		CU_ASSERT_EQUAL(xstats[n].id, UINT64_MAX);
		CU_ASSERT(n == 0 || xstats[n - 1].id == (uint64_t)n - 1);
	}
	soft_close(dev);
}

/*
 * Values
 */

static void
run_ops(uint16_t dev, uint16_t qp, struct accel_buf *buf, uint16_t n, uint16_t n_bad)
{
	struct accel_op ops[BURST], *list[BURST], *back[BURST];
	uint16_t i, done = 0;

	for (i = 0; i < n; i++) {
		ops[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst = buf->iova + LEN, .len = i < n_bad ? 0 : LEN };
		list[i] = &ops[i];
	}
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, qp, list, n), n);
	while (done < n)
		done += accel_dequeue_burst(dev, qp, back, n);
}

static void
counters(void)
{
	uint16_t dev = soft_open("soft:0");
	struct accel_buf *buf;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 2 * LEN, 0, 0, &buf), 0);
	soft_run(dev, 3, 16, 0);
	run_ops(dev, 0, buf, 10, 3);
	run_ops(dev, 2, buf, 16, 0);
	CU_ASSERT_EQUAL(qp_value(dev, 0, "enqueued"), 10);
	CU_ASSERT_EQUAL(qp_value(dev, 0, "dequeued"), 10);
	CU_ASSERT_EQUAL(qp_value(dev, 0, "errors"), 3);
	CU_ASSERT_EQUAL(qp_value(dev, 0, "bytes"), 7 * LEN);
	CU_ASSERT_EQUAL(qp_value(dev, 1, "enqueued"), 0);
	CU_ASSERT_EQUAL(qp_value(dev, 2, "bytes"), 16 * LEN);
	CU_ASSERT_EQUAL(value_of(dev, "enqueued"), 26);
	CU_ASSERT_EQUAL(value_of(dev, "dequeued"), 26);
	CU_ASSERT_EQUAL(value_of(dev, "errors"), 3);
	CU_ASSERT_EQUAL(value_of(dev, "bytes"), 23 * LEN);
	CU_ASSERT_EQUAL(value_of(dev, "rejected"), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
rejected(void)
{
	struct accel_op ops[BURST] = { 0 }, *list[BURST];
	uint16_t dev, i;

	mock_begin();
	dev = mock_open_ready(2);
	for (i = 0; i < BURST; i++)
		list[i] = &ops[i];
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	for (i = 0; i < MOCK_MAX_DEPTH / BURST; i++)
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 1, list, BURST), BURST);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 1, list, 5), 0);
	CU_ASSERT_EQUAL(qp_value(dev, 0, "rejected"), 0);
	CU_ASSERT_EQUAL(qp_value(dev, 1, "rejected"), 5);
	CU_ASSERT_EQUAL(qp_value(dev, 1, "dequeued"), 0);
	CU_ASSERT_EQUAL(value_of(dev, "rejected"), 5);
	soft_close(dev);
	mock_end();
}

static void
reset_counts_from_zero(void)
{
	static const char *const counted[] = { "enqueued", "dequeued", "errors", "bytes" };
	uint16_t dev = soft_open("soft:0");
	struct accel_qp_stats stats;
	struct accel_buf *buf;
	unsigned int i;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 2 * LEN, 0, 0, &buf), 0);
	soft_run(dev, 2, 16, 0);
	run_ops(dev, 0, buf, 16, 1);
	run_ops(dev, 1, buf, 16, 1);
	CU_ASSERT_EQUAL(accel_xstats_reset(dev), 0);
	for (i = 0; i < RTE_DIM(counted); i++) {
		CU_ASSERT_EQUAL(value_of(dev, counted[i]), 0);
		CU_ASSERT_EQUAL(qp_value(dev, 1, counted[i]), 0);
	}
	CU_ASSERT_EQUAL(value_of(dev, "live_bufs"), 1);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 1, &stats), 0);
	CU_ASSERT_EQUAL(stats.enqueued, 0);
	run_ops(dev, 1, buf, 5, 0);
	CU_ASSERT_EQUAL(value_of(dev, "enqueued"), 5);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
reset_without_queue_pairs(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 2 };
	uint16_t dev = soft_open("soft:0");

	CU_ASSERT_EQUAL(accel_xstats_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	CU_ASSERT_EQUAL(accel_xstats_reset(dev), 0);
	soft_close(dev);
}

static void
expect_states(uint16_t dev)
{
	struct accel_dev_info info = soft_info(dev);
	struct accel_arena_info arena;
	uint64_t bytes = 0;
	unsigned int n;

	for (n = 0; accel_arena_info_get(dev, n, &arena) == 0; n++)
		bytes += arena.len;
	CU_ASSERT_EQUAL(value_of(dev, "maps"), info.maps);
	CU_ASSERT_EQUAL(value_of(dev, "maps_left"), info.maps_left);
	CU_ASSERT_EQUAL(value_of(dev, "mapped_bytes"), info.mapped_bytes);
	CU_ASSERT_EQUAL(value_of(dev, "live_bufs"), info.live_bufs);
	CU_ASSERT_EQUAL(value_of(dev, "arenas"), n);
	CU_ASSERT_EQUAL(value_of(dev, "arena_bytes"), bytes);
	CU_ASSERT_EQUAL(value_of(dev, "eal_bytes"), info.eal_bytes);
	CU_ASSERT_EQUAL(value_of(dev, "eal_missed"), info.eal_missed);
}

static void
states(void)
{
	static const uint32_t flags[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED };
	struct accel_buf *bufs[RTE_DIM(flags)];
	uint16_t dev = soft_open("sim:edu,maps=100");
	unsigned int i;

	expect_states(dev);
	CU_ASSERT_EQUAL(value_of(dev, "maps_left"), 100);
	for (i = 0; i < RTE_DIM(flags); i++) {
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, LEN, 0, flags[i], &bufs[i]), 0);
		expect_states(dev);
	}
	CU_ASSERT_EQUAL(value_of(dev, "maps"), 3);
	CU_ASSERT_EQUAL(value_of(dev, "live_bufs"), 3);
	CU_ASSERT_EQUAL(value_of(dev, "arenas"), 3);
	for (i = 0; i < RTE_DIM(flags); i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	expect_states(dev);
	soft_close(dev);
}

static void
eal_memory(void)
{
	uint16_t dev = soft_open("soft:0");

	CU_ASSERT_EQUAL(value_of(dev, "eal_bytes"), 0);
	CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
	CU_ASSERT(value_of(dev, "eal_bytes") > 0);
	expect_states(dev);
	soft_close(dev);
}

/*
 * A driver's own
 */

#define OF_DRIVER 3

static int own_count;
static unsigned int own_room;

static int
own_xstats(struct accel_dev *dev, struct accel_xstat_name *own_names, uint64_t *values,
		unsigned int n)
{
	unsigned int i;

	CU_ASSERT_PTR_EQUAL(dev, mock.dev);
	own_room = n;
	for (i = 0; i < n && (int)i < own_count; i++) {
		if (own_names != NULL)
			snprintf(own_names[i].name, sizeof(own_names[i].name), "mock_%u", i);
		if (values != NULL)
			values[i] = 1000 + i;
	}
	return own_count;
}

static void
of_a_driver(void)
{
	const int first = RTE_DIM(of_every_device), qps = RTE_DIM(of_two_qps);
	uint16_t dev;
	int i;

	mock_begin();
	mock.xstats = own_xstats;
	own_count = OF_DRIVER;
	dev = mock_open_ready(2);
	CU_ASSERT_EQUAL(get_all(dev), first + OF_DRIVER + qps);
	CU_ASSERT_EQUAL(own_room, ACCEL_XSTATS_DRIVER_MAX);
	expect_names(0, of_every_device, first);
	expect_names(first + OF_DRIVER, of_two_qps, qps);
	for (i = 0; i < OF_DRIVER; i++)
		CU_ASSERT_EQUAL(xstats[first + i].value, 1000u + (unsigned int)i);
	CU_ASSERT_EQUAL(value_of(dev, "mock_2"), 1002);
	CU_ASSERT_EQUAL(accel_xstats_reset(dev), 0);
	CU_ASSERT_EQUAL(value_of(dev, "mock_2"), 1002);
	/* An array that ends among the driver's. */
	memset(xstats, 0xff, sizeof(xstats));
	CU_ASSERT_EQUAL(accel_xstats_get(dev, xstats, (unsigned int)first + 1),
			first + OF_DRIVER + qps);
	CU_ASSERT_EQUAL(xstats[first].value, 1000);
	CU_ASSERT_EQUAL(xstats[first + 1].id, UINT64_MAX);
	soft_close(dev);
	mock_end();
}

/* What a driver says is bounded. */
static void
of_a_wrong_driver(void)
{
	const int common = RTE_DIM(of_every_device);
	uint16_t dev;

	mock_begin();
	mock.xstats = own_xstats;
	dev = mock_open();
	own_count = -EIO;
	CU_ASSERT_EQUAL(get_all(dev), common);
	own_count = ACCEL_XSTATS_DRIVER_MAX;
	CU_ASSERT_EQUAL(get_all(dev), common + ACCEL_XSTATS_DRIVER_MAX);
	own_count = ACCEL_XSTATS_DRIVER_MAX + 1;
	CU_ASSERT_EQUAL(get_all(dev), common + ACCEL_XSTATS_DRIVER_MAX);
	own_count = INT32_MAX;
	CU_ASSERT_EQUAL(get_all(dev), common + ACCEL_XSTATS_DRIVER_MAX);
	CU_ASSERT_EQUAL(value_of(dev, "mock_255"), 1255);
	soft_close(dev);
	mock_end();
}

static int
endless_name(struct accel_dev *dev __rte_unused, struct accel_xstat_name *own_names,
		uint64_t *values __rte_unused, unsigned int n __rte_unused)
{
	if (own_names != NULL)
		memset(own_names[0].name, 'm', sizeof(own_names[0].name));
	return 1;
}

static void
of_a_driver_without_end(void)
{
	uint16_t dev;

	mock_begin();
	mock.xstats = endless_name;
	dev = mock_open();
	CU_ASSERT_EQUAL(get_all(dev), (int)RTE_DIM(of_every_device) + 1);
	CU_ASSERT_EQUAL(strnlen(names[RTE_DIM(of_every_device)].name, ACCEL_XSTAT_NAME_LEN),
			ACCEL_XSTAT_NAME_LEN - 1);
	soft_close(dev);
	mock_end();
}

/*
 * Errors
 */

static void
bad_arguments(void)
{
	uint16_t dev = soft_open("soft:0");
	uint64_t id = 5;

	SOFT_ASSERT_FAILS(accel_xstats_get_names(dev, NULL, 1), -EINVAL);
	SOFT_ASSERT_FAILS(accel_xstats_get(dev, NULL, 1), -EINVAL);
	SOFT_ASSERT_FAILS(accel_xstats_get_id(dev, NULL, &id), -EINVAL);
	SOFT_ASSERT_FAILS(accel_xstats_get_id(dev, "maps", NULL), -EINVAL);
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_xstats_get_id(dev, "nothing", &id), -ENOENT);
	CU_ASSERT_EQUAL(accel_xstats_get_id(dev, "", &id), -ENOENT);
	CU_ASSERT_EQUAL(accel_xstats_get_id(dev, "qp0_bytes", &id), -ENOENT);
	CU_ASSERT_EQUAL(soft_log_end(), 0);
	CU_ASSERT_EQUAL(id, 5);
	soft_close(dev);
}

static void
no_device(void)
{
	static const uint16_t ids[] = { CLOSED, ACCEL_MAX_DEVS, UINT16_MAX };
	uint64_t id = 5;
	unsigned int i;

	for (i = 0; i < RTE_DIM(ids); i++) {
		SOFT_ASSERT_FAILS(accel_xstats_get_names(ids[i], names, MAX), -ENODEV);
		SOFT_ASSERT_FAILS(accel_xstats_get(ids[i], xstats, MAX), -ENODEV);
		SOFT_ASSERT_FAILS(accel_xstats_get_id(ids[i], "maps", &id), -ENODEV);
		SOFT_ASSERT_FAILS(accel_xstats_reset(ids[i]), -ENODEV);
	}
	CU_ASSERT_EQUAL(id, 5);
}

static const struct test_case name_cases[] = {
	{ "stable names", stable_names },
	{ "one name each", one_name_each },
	{ "small arrays", small_arrays },
	{ NULL, NULL },
};

static const struct test_case value_cases[] = {
	{ "counters", counters },
	{ "rejected ops", rejected },
	{ "reset counts from zero", reset_counts_from_zero },
	{ "reset without queue pairs", reset_without_queue_pairs },
	{ "I/O space and memory", states },
	{ "EAL's memory", eal_memory },
	{ NULL, NULL },
};

static const struct test_case driver_cases[] = {
	{ "of a driver", of_a_driver },
	{ "of a wrong driver", of_a_wrong_driver },
	{ "of a driver whose name has no end", of_a_driver_without_end },
	{ NULL, NULL },
};

static const struct test_case error_cases[] = {
	{ "bad arguments", bad_arguments },
	{ "no device", no_device },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "xstats names", NULL, NULL, name_cases },
	{ "xstats values", NULL, NULL, value_cases },
	{ "xstats of drivers", NULL, NULL, driver_cases },
	{ "xstats errors", NULL, NULL, error_cases },
	{ NULL, NULL, NULL, NULL },
};
