/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Copies through the engines of AFUs, which models of them and a card of the test's own have.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "afu_card.h"
#include "edu_dev.h"
#include "log_text.h"
#include "test_dfl.h"

#define HOST    ACCEL_SPACE_HOST
#define HE_MOST (1024 * 64) /* bytes of one start of HE-LB */
#define MIB     (1u << 20)
#define MOST    (UINT64_C(1) << 30) /* of one op */

const char *dfl_spec;

static uint8_t
copy(uint16_t dev, uint64_t src, uint64_t dst, uint64_t len)
{
	return edu_copy(dev, HOST, src, HOST, dst, len);
}

/* Address on the bus, for the model SDK. */
static const char *
address(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(dfl_spec + 4, ","), dfl_spec + 4);
	return text;
}

static uint64_t
transfers(uint16_t dev)
{
	struct accel_xstat xstats[64];
	uint64_t id = 0;

	CU_ASSERT_EQUAL_FATAL(accel_xstats_get_id(dev, "dfl_transfers", &id), 0);
	CU_ASSERT_FATAL(accel_xstats_get(dev, xstats, 64) > (int)id);
	return xstats[id].value;
}

/*
 * Copies
 */

static void
engine_is_offered(void)
{
	uint16_t dev = edu_open(dfl_spec);
	struct accel_dev_info info = soft_info(dev);

	CU_ASSERT_STRING_EQUAL(info.driver, "dfl");
	CU_ASSERT_EQUAL(info.nb_afus, 1);
	CU_ASSERT_EQUAL(info.max_qps, 1);
	CU_ASSERT_EQUAL(info.op_types, ACCEL_OP_BIT(ACCEL_OP_COPY));
	CU_ASSERT_EQUAL(info.max_op_len, MOST);
	soft_close(dev);
}

static void
one_line(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	edu_fill(buf->va, 4096, 1);
	memset((char *)buf->va + 1024, 0x77, 192);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 1088, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 1088, 64, 1));
	CU_ASSERT_EQUAL(((unsigned char *)buf->va)[1087], 0x77);
	CU_ASSERT_EQUAL(((unsigned char *)buf->va)[1152], 0x77);
	CU_ASSERT_EQUAL(transfers(dev), 1);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
random_copies(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *src = edu_buf(dev, MIB, 0), *dst = edu_buf(dev, MIB, 0);
	uint64_t random = 88172645463325252u;
	struct accel_qp_stats stats;
	unsigned int i;
	uint64_t bytes = 0;

	for (i = 0; i < 200; i++) {
		/* Short ones and such of several chunks of HE-LB. */
		uint64_t most = i % 2 == 0 ? 4096 : 5 * HE_MOST;
		uint64_t len = 64 * (1 + soft_random(&random) % (most / 64));
		uint64_t from = soft_random(&random) % (MIB - len) & ~UINT64_C(63);
		uint64_t to = soft_random(&random) % (MIB - len) & ~UINT64_C(63);

		edu_fill((char *)src->va + from, len, i);
		CU_ASSERT_EQUAL(copy(dev, src->iova + from, dst->iova + to, len),
				ACCEL_STATUS_SUCCESS);
		CU_ASSERT(edu_has((char *)dst->va + to, len, i));
		bytes += len;
	}
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.bytes, bytes);
	CU_ASSERT_EQUAL(stats.errors, 0);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

/* Starts of NLB take no more than 1 MiB; and memory of the application's. */
static void
long_copy(void)
{
	size_t len = 5 * MIB / 2, size = 3 * MIB;
	uint16_t dev = edu_run(dfl_spec);
	char *va = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct accel_buf *src = edu_buf(dev, size, 0), *dst = NULL;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, size, 0, NULL, NULL, &dst), 0);
	edu_fill(src->va, size, 2);
	CU_ASSERT_EQUAL(copy(dev, src->iova, dst->iova, len), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(va, len, 2));
	CU_ASSERT_EQUAL(va[len], 0);
	CU_ASSERT(transfers(dev) >= 3);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	munmap(va, size);
	soft_close(dev);
}

/* As memmove(), near and far, to both sides. */
static void
overlap(void)
{
	static const struct { uint64_t src, dst, len; } moves[] = {
		{ 0, 64, 8192 }, { 64, 0, 8192 }, { 0, 4096, 65536 }, { 4096, 0, 65536 },
		{ 0, 64, 128 }, { 0, 192, 1024 }, { 192, 0, 1024 }, { 0, 0, 4096 },
		{ 0, 65536, 200000 - 200000 % 64 }, { 65536 + 64, 0, 262144 },
		{ 0, 65536 + 64, 262144 }, { 0, 4096, 4096 },
	};
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, MIB, 0);
	unsigned char *want = malloc(MIB);
	unsigned int i;

	CU_ASSERT_FATAL(want != NULL);
	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		edu_fill(buf->va, MIB, i);
		edu_fill(want, MIB, i);
		memmove(want + moves[i].dst, want + moves[i].src, moves[i].len);
		CU_ASSERT_EQUAL(copy(dev, buf->iova + moves[i].src, buf->iova + moves[i].dst,
				moves[i].len), ACCEL_STATUS_SUCCESS);
		CU_ASSERT_EQUAL(memcmp(buf->va, want, MIB), 0);
	}
	free(want);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Each copy takes what the one before has written, in order, with and without a fence. */
static void
chain_of_copies(void)
{
	uint16_t dev = edu_run(dfl_spec), got = 0;
	struct accel_buf *buf = edu_buf(dev, 33 * 512, 0);
	struct accel_op op[32], *ops[32];
	unsigned int i;

	edu_fill(buf->va, 512, 3);
	for (i = 0; i < 32; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .status = ACCEL_STATUS_MAX,
			.flags = i % 2 == 0 ? ACCEL_OP_FENCE : 0, .src = buf->iova + i * 512,
			.dst = buf->iova + (i + 1) * 512, .len = 512, .user_data = i };
		ops[i] = &op[i];
	}
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 32), 32);
	for (; got < 32; got++) {
		CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op[got]);
		CU_ASSERT_EQUAL(op[got].status, ACCEL_STATUS_SUCCESS);
	}
	CU_ASSERT(edu_has((char *)buf->va + 32 * 512, 512, 3));
	CU_ASSERT_EQUAL(transfers(dev), 32);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
full_queue(void)
{
	uint16_t dev = edu_open(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);
	struct accel_op op[5], *ops[5];
	struct accel_qp_stats stats;
	unsigned int i;

	soft_run(dev, 1, 4, 0);
	for (i = 0; i < 5; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst = buf->iova + 2048, .len = 64 };
		ops[i] = &op[i];
	}
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 5), 4);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops[4], 1), 0);
	for (i = 0; i < 4; i++)
		CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[i]);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops[4], 1), 1);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[4]);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.rejected, 2);
	CU_ASSERT_EQUAL(stats.dequeued, 5);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static uint8_t
run_op(uint16_t dev, struct accel_op op)
{
	struct accel_op *ops = &op;

	op.status = ACCEL_STATUS_MAX;
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, &ops, 1), 1);
	CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op);
	return op.status;
}

static void
refused_ops(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, ACCEL_BUF_ISOLATED);
	struct accel_buf *ro = edu_buf(dev, 4096, ACCEL_BUF_READ_ONLY);
	uint64_t at = buf->iova, end = at + 4096;
	const struct {
		struct accel_op op;
		enum accel_status status;
	} bad[] = {
#define COPY(...) { .type = ACCEL_OP_COPY, __VA_ARGS__ }
		{ COPY(.src = 0, .dst = at, .len = 64), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = 0, .len = 64), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = UINT64_MAX - 63, .len = 128), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = end - 64, .dst = at, .len = 128), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = end - 64, .len = 128), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = at, .len = 64, .src_space = 1), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = at, .len = 64, .dst_space = 9), ACCEL_STATUS_BAD_ADDRESS },
		{ COPY(.src = at, .dst = ro->iova, .len = 64), ACCEL_STATUS_PERMISSION },
		{ COPY(.src = at, .dst = at, .len = 0), ACCEL_STATUS_LENGTH },
		{ COPY(.src = at, .dst = at, .len = 63), ACCEL_STATUS_LENGTH },
		{ COPY(.src = at, .dst = at, .len = 65), ACCEL_STATUS_LENGTH },
		{ COPY(.src = at, .dst = at, .len = MOST + 64), ACCEL_STATUS_LENGTH },
		{ COPY(.src = at, .dst = at, .len = UINT64_MAX - 63), ACCEL_STATUS_LENGTH },
		{ COPY(.src = at + 8, .dst = at, .len = 64), ACCEL_STATUS_INVALID },
		{ COPY(.src = at, .dst = at + 32, .len = 64), ACCEL_STATUS_INVALID },
		{ COPY(.src = at, .dst = at, .len = 64, .flags = 2), ACCEL_STATUS_INVALID },
		{ COPY(.src = at, .dst = at, .len = 64, .ext = buf), ACCEL_STATUS_INVALID },
		{ { .type = ACCEL_OP_FILL, .dst = at, .len = 64 }, ACCEL_STATUS_INVALID },
		{ { .type = 0, .src = at, .dst = at, .len = 64 }, ACCEL_STATUS_INVALID },
#undef COPY
	};
	unsigned int i;

	edu_fill(buf->va, 4096, 4);
	edu_fill(ro->va, 4096, 5);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(run_op(dev, bad[i].op), bad[i].status);
	CU_ASSERT(edu_has(buf->va, 4096, 4));
	CU_ASSERT(edu_has(ro->va, 4096, 5));
	CU_ASSERT_EQUAL(transfers(dev), 0);
	CU_ASSERT_EQUAL(devmodel_faults(address(), NULL), 0);
	CU_ASSERT_EQUAL(copy(dev, ro->iova, at, 64), ACCEL_STATUS_SUCCESS); /* reading is its use */
	CU_ASSERT(edu_has(buf->va, 64, 5));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(ro), 0);
	soft_close(dev);
}

/*
 * Life
 */

#define LONG (8 * MIB)

/* Begin copies of many chunks, so that the first is under way until all were dequeued. */
static void
begin_copies(uint16_t dev, struct accel_buf *src, struct accel_buf *dst, struct accel_op *op,
		unsigned int n)
{
	struct accel_op *ops;
	unsigned int i;

	for (i = 0; i < n; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = src->iova,
			.dst = dst->iova, .len = LONG, .status = ACCEL_STATUS_MAX };
		ops = &op[i];
		CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops, 1), 1);
	}
}

static void
stop_in_flight(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *src = edu_buf(dev, LONG, 0), *dst = edu_buf(dev, LONG, 0);
	struct accel_op op[3], *ops[3];
	unsigned int i;

	begin_copies(dev, src, dst, op, 3);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	edu_fill(dst->va, LONG, 6);
	usleep(20000);
	CU_ASSERT(edu_has(dst->va, LONG, 6));
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, ops, 3), 3);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_PTR_EQUAL(ops[i], &op[i]);
		CU_ASSERT_EQUAL(op[i].status, ACCEL_STATUS_ABORTED);
	}
	CU_ASSERT_EQUAL(devmodel_faults(address(), NULL), 0);

	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	edu_fill(src->va, 4096, 7);
	CU_ASSERT_EQUAL(copy(dev, src->iova, dst->iova, 4096), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(dst->va, 4096, 7));
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

static void
reset_and_go_on(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	edu_fill(buf->va, 64, 8);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 2048, 64, 8));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
live(void)
{
	uint16_t dev = edu_open(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);
	struct accel_op op = { .type = ACCEL_OP_COPY, .src = buf->iova, .dst = buf->iova + 2048,
		.len = 2048 }, *ops = &op;

	soft_run(dev, 1, 16, 0);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops, 1), 1);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0); /* what was under way is dropped */
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
many_lives(void)
{
	struct test_usage before;
	unsigned int i;

	live();
	before = test_usage_get();
	for (i = 0; i < 30; i++)
		live();
	TEST_ASSERT_NO_LEAK(before);
}

/* Nobody polls meanwhile: the first copy remains under way. */
static void
wait_until_not_ready(uint16_t dev)
{
	unsigned int ms;

	for (ms = 0; ms < 5000 && soft_info(dev).health == ACCEL_DEV_READY; ms++)
		usleep(1000);
	CU_ASSERT(ms < 5000);
}

static void
goes_during_copies(enum devmodel_event event)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *src = edu_buf(dev, LONG, 0), *dst = edu_buf(dev, LONG, 0);
	struct accel_op op[3];
	unsigned int i;

	soft_log_begin();
	begin_copies(dev, src, dst, op, 3);
	CU_ASSERT_EQUAL(devmodel_inject(address(), event), 0);
	wait_until_not_ready(dev);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op[i]);
		CU_ASSERT_EQUAL(op[i].status, ACCEL_STATUS_REMOVED);
	}
	edu_fill(dst->va, LONG, 9);
	usleep(20000);
	CU_ASSERT(edu_has(dst->va, LONG, 9));
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -ENODEV);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), -ENODEV);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
	soft_log_end();
	one_line(); /* it is back */
}

static void
removed_during_copies(void)
{
	goes_during_copies(DEVMODEL_REMOVE);
}

static void
unplugged_during_copies(void)
{
	goes_during_copies(DEVMODEL_UNPLUG);
}

static void
error_during_copies(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *src = edu_buf(dev, LONG, 0), *dst = edu_buf(dev, LONG, 0);
	struct accel_op op[3];
	unsigned int i;

	soft_log_begin();
	begin_copies(dev, src, dst, op, 3);
	CU_ASSERT_EQUAL(devmodel_inject(address(), DEVMODEL_ERROR), 0);
	wait_until_not_ready(dev);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op[i]);
		CU_ASSERT_EQUAL(op[i].status, ACCEL_STATUS_DEVICE_ERROR);
	}
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	soft_log_end();
	edu_fill(dst->va, 4096, 1);
	edu_fill(src->va, 4096, 2);
	CU_ASSERT_EQUAL(copy(dev, src->iova, dst->iova, 4096), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(dst->va, 4096, 2));
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

const struct test_case dfl_copy_cases[] = {
	{ "an engine is offered", engine_is_offered },
	{ "one line", one_line },
	{ "random copies", random_copies },
	{ "a long copy", long_copy },
	{ "overlap", overlap },
	{ "a chain of copies", chain_of_copies },
	{ "a full queue pair", full_queue },
	{ "ops that are refused", refused_ops },
	{ "stop with copies in flight", stop_in_flight },
	{ "reset", reset_and_go_on },
	{ "opened and closed many times", many_lives },
	{ "removed during copies", removed_during_copies },
	{ "unplugged during copies", unplugged_during_copies },
	{ "an error during copies", error_during_copies },
	{ NULL, NULL },
};

/*
 * Faults
 */

#define DEADLINE_US 20000

/* It takes one op with it, and the others are not begun. */
static void
engine_that_does_not_answer(void)
{
	uint16_t dev = edu_open(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);
	unsigned int before = card.starts, i;
	struct accel_op op[3], *ops[3];

	soft_run(dev, 1, 0, DEADLINE_US);
	__atomic_store_n(&card.answer, CARD_SILENT, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst = buf->iova + 2048, .len = 64 };
		ops[i] = &op[i];
	}
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 3), 3);
	for (i = 0; i < 3; i++)
		CU_ASSERT_PTR_EQUAL_FATAL(edu_dequeue_one(dev), &op[i]);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(op[2].status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(card.starts, before + 1);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EIO);
	soft_log_end();

	__atomic_store_n(&card.answer, CARD_COPIES, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	edu_fill(buf->va, 64, 1);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 2048, 64, 1));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* What waited too long is not begun, and nothing has failed. */
static void
late_in_the_queue(void)
{
	struct accel_op op[2] = { 0 }, *ops[2] = { &op[0], &op[1] };
	uint16_t dev = edu_open(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);
	unsigned int before = card.starts, i;

	soft_run(dev, 1, 0, 300 * 1000);
	for (i = 0; i < 2; i++)
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst = buf->iova + 2048, .len = 64 };
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 2), 2);
	usleep(500 * 1000);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[0]);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[1]);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(card.starts, before + 1);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Without a deadline from the application, the driver has its own. */
static void
default_deadline(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	__atomic_store_n(&card.answer, CARD_SILENT, __ATOMIC_RELAXED);
	soft_log_begin();
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_DEADLINE);
	soft_log_end();
	__atomic_store_n(&card.answer, CARD_COPIES, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
engine_that_tells_errors(void)
{
	uint16_t dev = edu_run(dfl_spec);
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	__atomic_store_n(&card.answer, CARD_FAILS, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	__atomic_store_n(&card.answer, CARD_COPIES, __ATOMIC_RELAXED);
	CU_ASSERT_EQUAL(copy(dev, buf->iova, buf->iova + 2048, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* The engine of an AFU behind a port, which the card's reset goes through. */
static void
reset_by_the_port(void)
{
	unsigned int before = card.resets;
	uint16_t dev = edu_run(dfl_spec);

	CU_ASSERT_EQUAL(card.resets, before + 1);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(card.resets, before + 2);
	soft_close(dev);
}

/* The first engine of several is used. */
static void
second_engine(void)
{
	uint16_t dev;

	card_afu(0x2000, NLB_H, NLB_L, 0x1000);
	card_afu(0x3000, NLB_H, NLB_L, EOL);
	dev = edu_open(dfl_spec);
	CU_ASSERT_EQUAL(soft_info(dev).nb_afus, 2);
	soft_close(dev);
	one_line();
}

const struct test_case dfl_fault_cases[] = {
	{ "an engine that does not answer", engine_that_does_not_answer },
	{ "late in the queue", late_in_the_queue },
	{ "the driver's own deadline", default_deadline },
	{ "an engine that tells errors", engine_that_tells_errors },
	{ "reset by the port", reset_by_the_port },
	{ "a second engine", second_engine },
	{ NULL, NULL },
};

/* Nobody looks for a while: the op is late, but the device is not to blame. */
static void
late_look(void)
{
	uint16_t dev = edu_open(dfl_spec);
	struct accel_buf *src = edu_buf(dev, MIB, 0), *dst = edu_buf(dev, MIB, 0);
	struct accel_op op = { .type = ACCEL_OP_COPY, .src = src->iova, .dst = dst->iova,
		.len = MIB, .status = ACCEL_STATUS_MAX }, *ops = &op;

	soft_run(dev, 1, 0, DEADLINE_US);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops, 1), 1);
	usleep(10 * DEADLINE_US);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op);
	CU_ASSERT_EQUAL(op.status, ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(copy(dev, src->iova, dst->iova, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

const struct test_case dfl_late_cases[] = {
	{ "nobody looks for a while", late_look },
	{ NULL, NULL },
};
