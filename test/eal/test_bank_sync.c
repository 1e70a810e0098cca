/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers in banks on a device that fails ops, is late, is stopped and started, has other queue
 * pairs, or has much to copy.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "bank_case.h"
#include "eal_main.h"

#define LEN (16 * BANK_KIB)
#define GIB ((size_t)1 << 30)

static uint16_t dev;
static struct soft_usage before;
static struct accel_buf *buf, *scratch;
static uint64_t left;

static void
begin(const char *spec, uint16_t nb_qps, uint32_t deadline_us)
{
	dev = soft_open(spec);
	soft_run(dev, nb_qps, 0, deadline_us);
	scratch = bank_alloc(dev, LEN, 0, 0);
	CU_ASSERT_EQUAL(accel_buf_free(bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0))), 0);
	left = bank_left(dev, 0);
	before = soft_usage_get(dev);
	buf = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0));
}

static void
end(void)
{
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_NO_LEAK(dev, before);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static unsigned char *
view(void)
{
	return buf->va;
}

static const unsigned char *
in_bank(size_t offset, size_t len)
{
	bank_copy(dev, 0, bank_at(buf).addr + offset, scratch, len, false);
	return scratch->va;
}

static void
device_writes(size_t offset, size_t len, unsigned char byte)
{
	bank_fill(dev, 0, bank_at(buf).addr + offset, len, byte);
}

/* What a device writes after this shows which notes there are. */
static void
note(size_t offset, size_t len, unsigned char byte)
{
	memset(view() + offset, byte, len);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, offset, len), 0);
}

static void
expect_noted(size_t offset, size_t len, unsigned char byte)
{
	memset(view() + offset, byte, len);
	device_writes(offset > 0 ? offset - 1 : 0, len + 2, 0x77);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT_EQUAL(*in_bank(offset - 1, 1), 0x77);
	CU_ASSERT(bank_all(in_bank(offset, len), len, byte));
	CU_ASSERT_EQUAL(*in_bank(offset + len, 1), 0x77);
}

/*
 * States
 */

static void
expect_not_started(void)
{
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), -EPERM);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), -EPERM);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), -EPERM);
}

static void
only_started_devices_copy(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };

	dev = soft_open("soft:0,banks=1");
	buf = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0));
	note(10, 10, 5);
	expect_not_started();
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	expect_not_started();
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	expect_not_started();
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	scratch = bank_alloc(dev, LEN, 0, 0);
	expect_noted(10, 10, 5);
	note(20, 5, 6);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	expect_not_started();
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_noted(20, 5, 6);
	note(20, 5, 7);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	expect_not_started();
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_noted(20, 5, 7);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static void
views_of_the_bank_need_no_device(void)
{
	dev = soft_open("soft:0,banks=1,bank_view=mapped");
	buf = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0));
	note(0, LEN, 1);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(view(), LEN, 1));
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 64);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* However odd their size is, buffers have every alignment that there is. */
static void
odd_banks_have_every_alignment(void)
{
	static const char *const sizes[] = { "4194305", "6000000", "12345678" };
	unsigned int i;
	char spec[96];

	for (i = 0; i < RTE_DIM(sizes); i++) {
		snprintf(spec, sizeof(spec), "soft:0,banks=3,bank_size=%s,bank_view=mapped",
				sizes[i]);
		dev = soft_open(spec);
		buf = bank_alloc(dev, 1, 2 * BANK_MIB, ACCEL_BUF_BANK(i));
		CU_ASSERT_EQUAL((uintptr_t)buf->va % (2 * BANK_MIB), 0);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		soft_close(dev);
	}
}

/*
 * Queue pairs
 */

static void
expect_quiet_queue_pairs(uint16_t nb_qps)
{
	struct accel_qp_stats stats;
	uint16_t i;

	for (i = 0; i < nb_qps; i++) {
		CU_ASSERT_EQUAL(accel_qp_stats_get(dev, i, &stats), 0);
		CU_ASSERT_EQUAL(stats.enqueued, 0);
		CU_ASSERT_EQUAL(stats.dequeued, 0);
		CU_ASSERT_EQUAL(stats.bytes, 0);
	}
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, nb_qps, &stats), -EINVAL);
	(void)soft_log_end();
}

static void
the_application_keeps_its_queue_pairs(void)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .socket = -1 };
	struct accel_op op, *at;
	int nb_xstats;
	uint16_t i;

	begin("soft:0,banks=1", 64, 0);
	nb_xstats = accel_xstats_get_names(dev, NULL, 0);
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 64);
	CU_ASSERT_EQUAL(soft_info(dev).nb_qps, 64);
	note(1, LEN - 2, 1);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	expect_quiet_queue_pairs(64);
	CU_ASSERT_EQUAL(accel_xstats_get_names(dev, NULL, 0), nb_xstats);
	for (i = 0; i < 64; i++) {
		op = (struct accel_op){ .type = ACCEL_OP_FILL, .len = 64, .dst = scratch->iova,
			.pattern = i };
		at = &op;
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, i, &at, 1), 1);
		CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 100, ACCEL_SYNC_TO_DEVICE), 0);
		at = NULL;
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, i, &at, 1), 1);
		CU_ASSERT_PTR_EQUAL(at, &op);
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, i, &at, 1), 0);
	}
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	SOFT_ASSERT_FAILS(accel_qp_setup(dev, 64, &conf), -EINVAL);
	end();
}

static void
xstats_are_the_same_with_banks(void)
{
	uint16_t plain = soft_open("soft:plain");
	int nb;

	soft_run(plain, 3, 0, 0);
	nb = accel_xstats_get_names(plain, NULL, 0);
	soft_close(plain);
	begin("soft:0,banks=1", 3, 0);
	CU_ASSERT_EQUAL(accel_xstats_get_names(dev, NULL, 0), nb);
	end();
}

static void
other_numbers_of_queue_pairs(void)
{
	static const uint16_t numbers[] = { 1, 5, 64, 2, 1, 63, 64, 64, 1 };
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 65 };
	unsigned int i;

	begin("soft:0,banks=1", 3, 0);
	for (i = 0; i < RTE_DIM(numbers); i++) {
		note(10 + i, 5, (unsigned char)i);
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		SOFT_ASSERT_FAILS(accel_dev_configure(dev, &conf), -EINVAL);
		soft_run(dev, numbers[i], 0, 0);
		CU_ASSERT_EQUAL(soft_info(dev).nb_qps, numbers[i]);
		expect_noted(10 + i, 5, (unsigned char)i);
	}
	end();
}

/*
 * Failures
 */

/* Every 3rd copy fails: sends and fetches, of several parts. */
static void
failed_ops_keep_notes(void)
{
	unsigned int i, failed = 0;
	int ret;

	begin("soft:0,banks=1,fail_every=3", 1, 0);
	for (i = 0; i < 30; i++) {
		memset(view(), (int)i, LEN);
		CU_ASSERT_EQUAL(accel_buf_dirty(buf, 10, 10), 0);
		CU_ASSERT_EQUAL(accel_buf_dirty(buf, 30, 10), 0);
		device_writes(0, LEN, 0xdd);
		soft_log_begin();
		ret = accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH);
		CU_ASSERT_EQUAL(soft_log_end(), ret == 0 ? 0 : 1);
		if (ret != 0) {
			CU_ASSERT_EQUAL(ret, -EIO);
			failed++;
			CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
		}
		CU_ASSERT(bank_all(in_bank(10, 10), 10, (unsigned char)i));
		CU_ASSERT(bank_all(in_bank(30, 10), 10, (unsigned char)i));
		CU_ASSERT(bank_all(in_bank(20, 10), 10, 0xdd));
		CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	}
	CU_ASSERT(failed > 5);
	end();
}

static void
ops_that_are_late(void)
{
	begin("soft:0,banks=1,latency_us=3000", 1, 500);
	note(10, 10, 1);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), -ETIMEDOUT);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), -ETIMEDOUT);
	CU_ASSERT(bank_all(view() + 10, 10, 1));
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), -ETIMEDOUT);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	soft_run(dev, 1, 0, 0);
	expect_noted(10, 10, 1);
	end();
}

/*
 * Long ones
 */

/* A byte that tells its place, also in which MiB it is. */
static unsigned char
mark(size_t at, unsigned int salt)
{
	return (unsigned char)(at ^ (at >> 8) ^ (at >> 20) * 7 ^ salt);
}

static bool
is_marked(const unsigned char *bytes, size_t first, size_t len, unsigned int salt)
{
	size_t i;

	for (i = 0; i < len && bytes[i] == mark(first + i, salt); i++)
		;
	return i == len;
}

static void
many_rounds(void)
{
	const size_t len = 130 * BANK_MIB + 123, first = 1, part = len - 3;
	struct accel_buf *big;
	unsigned char *bytes;
	size_t i;

	begin("soft:0,banks=1,bank_size=256M", 1, 0);
	big = bank_alloc(dev, len, 0, ACCEL_BUF_BANK(0));
	bytes = big->va;
	for (i = 0; i < len; i++)
		bytes[i] = mark(i, 0);
	CU_ASSERT_EQUAL(accel_buf_sync(big, first, part, ACCEL_SYNC_TO_DEVICE), 0);
	memset(bytes, 0xa5, len);
	CU_ASSERT_EQUAL(accel_buf_sync(big, first, part, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(bytes[0], 0xa5);
	CU_ASSERT(is_marked(bytes + first, first, part, 0));
	CU_ASSERT(bytes[first + part] == 0xa5 && bytes[len - 1] == 0xa5);
	/* In the bank they lie where ops find them. */
	for (i = 0; i + LEN < part; i += 9 * BANK_MIB) {
		bank_copy(dev, 0, bank_at(big).addr + first + i, scratch, LEN, false);
		CU_ASSERT(is_marked(scratch->va, first + i, LEN, 0));
	}
	CU_ASSERT_EQUAL(accel_buf_dirty(big, 0, 0), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(big, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT_EQUAL(accel_buf_free(big), 0);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left - ((LEN + 63) & ~63ul));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static size_t
memory_available(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	unsigned long kib = 0;
	char line[128];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "MemAvailable: %lu kB", &kib) == 1)
			break;
	}
	if (f != NULL)
		fclose(f);
	return (size_t)kib << 10;
}

#define HUGE_LEN (4 * GIB + 300 * BANK_MIB)

/* Ranges around and beyond 4 GiB, which 32 bits would take for others. */
static void
ranges_beyond_4_gib(struct accel_buf *big)
{
	static const size_t places[] = { 4 * GIB - 5, 4 * GIB, 4 * GIB + 77, HUGE_LEN - 100 };
	unsigned char *bytes = big->va;
	unsigned int i;

	for (i = 0; i < RTE_DIM(places); i++) {
		memset(bytes + places[i], (int)i + 1, 100);
		CU_ASSERT_EQUAL(accel_buf_dirty(big, places[i], 100), 0);
		CU_ASSERT_EQUAL(accel_buf_sync(big, places[i], 100, ACCEL_SYNC_FLUSH), 0);
		bank_copy(dev, 0, bank_at(big).addr + places[i], scratch, 100, false);
		CU_ASSERT(bank_all(scratch->va, 100, (unsigned char)(i + 1)));
		bank_fill(dev, 0, bank_at(big).addr + places[i], 100, 0x99);
		CU_ASSERT_EQUAL(accel_buf_sync(big, places[i] + 1, 98, ACCEL_SYNC_FROM_DEVICE), 0);
		CU_ASSERT(bank_all(bytes + places[i] + 1, 98, 0x99));
	}
	bank_copy(dev, 0, bank_at(big).addr + 77, scratch, 100, false);
	CU_ASSERT(bank_all(scratch->va, 100, 0));
}

static void
try_beyond_4_gib(const char *view_key, bool copied)
{
	struct accel_buf_at at;
	struct accel_buf *big;
	char spec[96];

	snprintf(spec, sizeof(spec), "soft:0,banks=1,bank_size=6G,bank_view=%s", view_key);
	begin(spec, 1, 0);
	big = bank_alloc(dev, HUGE_LEN, 0, ACCEL_BUF_BANK(0));
	CU_ASSERT_EQUAL(accel_buf_locate(big, HUGE_LEN - 1, &at), 0);
	CU_ASSERT_EQUAL(at.addr, bank_at(big).addr + HUGE_LEN - 1);
	ranges_beyond_4_gib(big);
	if (copied) {
		memset((char *)big->va + HUGE_LEN - 9, 0x43, 9);
		CU_ASSERT_EQUAL(accel_buf_sync(big, 4 * GIB - 9, 0, ACCEL_SYNC_TO_DEVICE), 0);
		bank_copy(dev, 0, bank_at(big).addr + HUGE_LEN - 9, scratch, 9, false);
		CU_ASSERT(bank_all(scratch->va, 9, 0x43));
	}
	CU_ASSERT_EQUAL(accel_buf_free(big), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static void
more_than_4_gib_mapped(void)
{
	try_beyond_4_gib("mapped", false);
}

static void
more_than_4_gib_copied(void)
{
	size_t needed = HUGE_LEN + GIB, have = memory_available();

	if (have < needed) {
		test_skip("%zu MiB of memory are available, and %zu needed", have / BANK_MIB,
				needed / BANK_MIB);
		return;
	}
	try_beyond_4_gib("copy", true);
}

/*
 * Beside a model: what the host and the bank hold, and what is noted
 */

#define STEPS      10000
#define FAIL_EVERY 7

static struct {
	unsigned char host[LEN];
	unsigned char bank[LEN];
	bool noted[LEN];
	unsigned int nb_ops; /* of the library's queue pair, since the last start */
	bool started;
	uint64_t random;
} model;

static bool
model_op_fails(void)
{
	return ++model.nb_ops % FAIL_EVERY == 0;
}

static int
model_send(size_t first, size_t last)
{
	if (!model.started)
		return -EPERM;
	if (model_op_fails())
		return -EIO;
	memcpy(model.bank + first, model.host + first, last - first);
	memset(model.noted + first, false, last - first);
	return 0;
}

static int
model_flush(size_t first, size_t last)
{
	size_t i = first, from;
	int ret = 0;

	while (ret == 0 && i < last) {
		for (; i < last && !model.noted[i]; i++)
			;
		for (from = i; i < last && model.noted[i]; i++)
			;
		if (from < i)
			ret = model_send(from, i);
	}
	return ret;
}

static int
model_sync(size_t first, size_t last, enum accel_sync direction)
{
	int ret;

	if (direction == ACCEL_SYNC_TO_DEVICE)
		return model_send(first, last);
	ret = model_flush(first, last);
	if (ret != 0 || direction == ACCEL_SYNC_FLUSH)
		return ret;
	if (!model.started)
		return -EPERM;
	if (model_op_fails())
		return -EIO;
	memcpy(model.host + first, model.bank + first, last - first);
	return 0;
}

static void
random_write(size_t first, size_t len, bool noted)
{
	size_t i;

	for (i = first; i < first + len; i++)
		model.host[i] = (unsigned char)soft_random(&model.random);
	memcpy(view() + first, model.host + first, len);
	if (!noted)
		return;
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, first, len), 0);
	memset(model.noted + first, true, len);
}

static void
random_sync(size_t first, size_t len)
{
	enum accel_sync direction = (enum accel_sync)(1 + soft_random(&model.random) % 3);
	bool to_end = soft_random(&model.random) % 8 == 0;
	size_t last = to_end ? LEN : first + len;
	int ret = model_sync(first, last, direction);

	soft_log_begin();
	CU_ASSERT_EQUAL(accel_buf_sync(buf, first, to_end ? 0 : len, direction), ret);
	CU_ASSERT_EQUAL(soft_log_end(), ret == 0 ? 0 : 1);
}

static void
turn_on_or_off(void)
{
	CU_ASSERT_EQUAL(model.started ? accel_dev_stop(dev) : accel_dev_start(dev), 0);
	model.started = !model.started;
	model.nb_ops = 0;
}

static void
random_step(void)
{
	uint64_t dice = soft_random(&model.random) % 100;
	size_t first = soft_random(&model.random) % LEN;
	size_t most = soft_random(&model.random) % 10 == 0 ? LEN : 300;
	size_t len = 1 + soft_random(&model.random) % RTE_MIN(most, LEN - first);
	unsigned char byte = (unsigned char)soft_random(&model.random);

	if (dice < 35) {
		random_write(first, len, true);
	} else if (dice < 45) {
		random_write(first, len, false);
	} else if (dice < 60 && model.started) {
		device_writes(first, len, byte);
		memset(model.bank + first, byte, len);
	} else if (dice < 96) {
		random_sync(first, len);
	} else if (dice < 98 || !model.started) {
		turn_on_or_off();
	}
}

static void
as_the_model(void)
{
	unsigned int i;

	begin("soft:0,banks=1,fail_every=" RTE_STR(FAIL_EVERY), 1, 0);
	memset(&model, 0, sizeof(model));
	model.random = 4711;
	model.started = true;
	memset(view(), 0, LEN);
	for (i = 0; i < STEPS; i++) {
		random_step();
		CU_ASSERT_EQUAL_FATAL(memcmp(view(), model.host, LEN), 0);
		if (model.started)
			CU_ASSERT_EQUAL_FATAL(memcmp(in_bank(0, LEN), model.bank, LEN), 0);
	}
	if (!model.started)
		turn_on_or_off();
	end();
}

static const struct test_case cases[] = {
	{ "only started devices copy", only_started_devices_copy },
	{ "views of the bank need no device", views_of_the_bank_need_no_device },
	{ "odd banks have every alignment", odd_banks_have_every_alignment },
	{ "the application keeps its queue pairs", the_application_keeps_its_queue_pairs },
	{ "xstats are the same with banks", xstats_are_the_same_with_banks },
	{ "other numbers of queue pairs", other_numbers_of_queue_pairs },
	{ "failed ops keep notes", failed_ops_keep_notes },
	{ "ops that are late", ops_that_are_late },
	{ "many rounds", many_rounds },
	{ "more than 4 GiB, mapped", more_than_4_gib_mapped },
	{ "more than 4 GiB, copied", more_than_4_gib_copied },
	{ "as the model", as_the_model },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "bank buffers, syncs", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
