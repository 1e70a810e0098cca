/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers in banks of devices with other limits, that fail or are removed in the midst of copies,
 * and without memory for the books.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "bank_case.h"
#include "copier.h"
#include "eal_main.h"
#include "fail_alloc.h"
#include "lib/acceldev/health.h"
#include "log_lines.h"

#define LEN (64 * BANK_KIB)

static uint16_t dev;
static struct accel_buf *buf;
static struct soft_usage before;

static void
open_copier(void)
{
	dev = soft_open(COPIER_SPEC);
	/* What the first buffer makes stays. */
	CU_ASSERT_EQUAL(accel_buf_free(bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0))), 0);
	before = soft_usage_get(dev);
	buf = bank_alloc(dev, LEN, 0, ACCEL_BUF_BANK(0));
}

static void
begin(void)
{
	open_copier();
	soft_run(dev, 1, 0, 0);
}

static void
end(void)
{
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, before.live_bufs);
	CU_ASSERT_EQUAL(bank_left(dev, 0), copier.bank_size);
	soft_close(dev);
	copier_end();
}

static unsigned char *
bank(void)
{
	return copier.bank + (bank_at(buf).addr - COPIER_BASE);
}

static void
write_and_note(size_t offset, size_t len, unsigned char byte)
{
	memset((char *)buf->va + offset, byte, len);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, offset, len), 0);
}

/* Exactly these bytes are noted. */
static void
expect_noted(size_t offset, size_t len, unsigned char byte)
{
	memset(bank(), 0x77, LEN);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(bank(), offset, 0x77));
	CU_ASSERT(bank_all(bank() + offset, len, byte));
	CU_ASSERT(bank_all(bank() + offset + len, LEN - offset - len, 0x77));
	/* The library has all its ops back, and none twice. */
	CU_ASSERT_EQUAL(dev_slots[dev].service.nb_idle, SERVICE_OPS);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The lines are those of the device and of the call. */
static void
expect_sync(enum accel_sync direction, int err)
{
	double start = seconds();

	soft_log_begin();
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, direction), err);
	CU_ASSERT(soft_log_end() >= 1);
	CU_ASSERT(seconds() - start < 5);
}

/*
 * Limits
 */

static void
a_place_to_begin_from(void)
{
	unsigned int i;

	copier_begin();
	begin();
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 1);
	CU_ASSERT_EQUAL(copier.nb_qps, 2);
	CU_ASSERT_EQUAL(copier.last_qp, 1);
	CU_ASSERT_EQUAL(copier.live_qps, 2);
	CU_ASSERT(bank_at(buf).addr >= COPIER_BASE);
	for (i = 0; i < 3; i++) {
		write_and_note(i, 100, (unsigned char)i);
		expect_noted(i, 100, (unsigned char)i);
	}
	CU_ASSERT_EQUAL(copier.nb_ops, 3);
	end();
}

static void
expect_unsupported(void)
{
	begin();
	write_and_note(5, 5, 1);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), -ENOTSUP);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), -ENOTSUP);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), -ENOTSUP);
	CU_ASSERT_EQUAL(copier.nb_qps, 1);
	CU_ASSERT_EQUAL(copier.live_qps, 1);
	end();
}

static void
no_queue_pair_to_spare(void)
{
	copier_begin();
	copier.limits.max_qps = 1;
	expect_unsupported();
	copier_begin();
	copier.limits.op_types = ACCEL_OP_BIT(ACCEL_OP_FILL);
	expect_unsupported();
}

static void
no_queue_pair_where_none_is_needed(void)
{
	copier_begin();
	copier.mapped = true;
	begin();
	CU_ASSERT_EQUAL(soft_info(dev).max_qps, 2);
	CU_ASSERT_EQUAL(copier.nb_qps, 1);
	write_and_note(0, LEN, 9);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(bank(), LEN, 9));
	CU_ASSERT_EQUAL(copier.nb_ops, 0);
	end();
}

static void
banks_at_odd_addresses(void)
{
	struct accel_buf *none = NULL;

	copier_begin();
	copier.mapped = true;
	copier.map_shift = 4096;
	begin();
	CU_ASSERT_PTR_EQUAL(buf->va, bank());
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 1, 8192, ACCEL_BUF_BANK(0), &none), -EINVAL);
	CU_ASSERT_PTR_NULL(none);
	CU_ASSERT_EQUAL(accel_buf_free(bank_alloc(dev, 1, 4096, ACCEL_BUF_BANK(0))), 0);
	end();
}

static void
all_in_pieces(uint64_t max_op_len, uint16_t min_depth, uint16_t max_depth)
{
	size_t i;

	copier_begin();
	copier.limits.max_op_len = max_op_len;
	copier.limits.min_depth = min_depth;
	copier.limits.max_depth = max_depth;
	begin();
	CU_ASSERT(copier.last_depth >= min_depth && copier.last_depth <= max_depth);
	for (i = 0; i < LEN; i++)
		((unsigned char *)buf->va)[i] = (unsigned char)(i * 7 + (i >> 8));
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 1, LEN - 2, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(memcmp((char *)buf->va + 1, bank() + 1, LEN - 2), 0);
	CU_ASSERT_EQUAL(bank()[0], 0);
	CU_ASSERT_EQUAL(bank()[LEN - 1], 0);
	CU_ASSERT_EQUAL(copier.longest, RTE_MIN(max_op_len, LEN - 2));
	CU_ASSERT_EQUAL(copier.nb_ops, (LEN - 2 + copier.longest - 1) / copier.longest);
	memset(buf->va, 0, LEN);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(memcmp(buf->va, bank(), LEN), 0);
	end();
}

static void
short_ops_and_other_depths(void)
{
	all_in_pieces(1000, 1, 64);
	all_in_pieces(17, 1, 1);
	all_in_pieces(100, 2, 4);
	all_in_pieces(4096, 16, 1024);
	all_in_pieces(UINT64_MAX, 32768, 32768);
}

/* An op is short beside the deadline that an application may have. */
static void
no_op_is_long(void)
{
	struct accel_buf *big;

	copier_begin();
	copier.bank_size = 160 * BANK_MIB;
	copier.lazy = true;
	begin();
	big = bank_alloc(dev, 150 * BANK_MIB + 1, 0, ACCEL_BUF_BANK(0));
	CU_ASSERT_EQUAL(accel_buf_sync(big, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(copier.longest, BANK_MIB);
	CU_ASSERT_EQUAL(copier.nb_ops, 151);
	CU_ASSERT_EQUAL(accel_buf_free(big), 0);
	end();
}

static void
starts_that_fail(void)
{
	copier_begin();
	open_copier();
	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	copier.setup_error = -ENOMEM;
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0); /* it has its queue pair */
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &(struct accel_dev_conf){
			.size = sizeof(struct accel_dev_conf), .nb_qps = 1 }), 0);
	CU_ASSERT_EQUAL(copier.live_qps, 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 0, NULL), 0);
	SOFT_ASSERT_FAILS(accel_dev_start(dev), -ENOMEM);
	CU_ASSERT_EQUAL(soft_info(dev).state, ACCEL_DEV_CONFIGURED);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), -EPERM);
	copier.setup_error = 0;
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	end();
}

/*
 * Failures
 */

static void
expect_status(enum accel_status status, int err)
{
	copier_begin();
	copier.limits.max_op_len = 100;
	begin();
	write_and_note(1000, 9000, 3);
	copier.fail_at = 5;
	copier.fail_status = status;
	log_catch();
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), err);
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT(log_has(accel_status_str(status)));
	log_release();
	CU_ASSERT(copier.nb_ops <= 5 + 7); /* what was in flight already */
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	expect_noted(1000, 9000, 3);
	/* A fetch that fails: what was noted is in the bank, and in the view. */
	write_and_note(0, 10, 4);
	copier.fail_at = copier.nb_ops + 3;
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 2000, ACCEL_SYNC_FROM_DEVICE), err);
	CU_ASSERT(bank_all(bank(), 10, 4));
	CU_ASSERT(bank_all(buf->va, 10, 4));
	end();
}

static void
every_status(void)
{
	expect_status(ACCEL_STATUS_DEVICE_ERROR, -EIO);
	expect_status(ACCEL_STATUS_INVALID, -EIO);
	expect_status(ACCEL_STATUS_BAD_ADDRESS, -EIO);
	expect_status(ACCEL_STATUS_PERMISSION, -EIO);
	expect_status(ACCEL_STATUS_LENGTH, -EIO);
	expect_status(ACCEL_STATUS_DEADLINE, -ETIMEDOUT);
	expect_status(ACCEL_STATUS_ABORTED, -ECANCELED);
	expect_status(ACCEL_STATUS_REMOVED, -ENODEV);
}

static void
remove_it(struct accel_dev *to_remove)
{
	health_remove(to_remove->internal);
}

/* A device that fails in the midst of a copy, and is mended often: no op of the library is lost. */
static void
fail_and_mend(bool no_abort)
{
	unsigned int i;

	copier_begin();
	copier.limits.max_op_len = 100;
	copier.no_abort = no_abort;
	begin();
	copier.called = accel_dev_report_error;
	for (i = 0; i < 5; i++) {
		write_and_note(200, 2000, (unsigned char)i);
		copier.at = copier.nb_ops + 4;
		expect_sync(i % 2 == 0 ? ACCEL_SYNC_FLUSH : ACCEL_SYNC_FROM_DEVICE, -EIO);
		CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
		expect_sync(ACCEL_SYNC_TO_DEVICE, -EIO);
		expect_sync(ACCEL_SYNC_FLUSH, -EIO);
		expect_sync(ACCEL_SYNC_FROM_DEVICE, -EIO);
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
		CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		expect_noted(200, 2000, (unsigned char)i);
	}
	end();
}

static void
devices_that_fail(void)
{
	fail_and_mend(false);
	fail_and_mend(true);
}

static void
remove_while_copying(bool no_abort)
{
	copier_begin();
	copier.limits.max_op_len = 100;
	copier.no_abort = no_abort;
	begin();
	copier.called = remove_it;
	copier.at = 4;
	expect_sync(ACCEL_SYNC_TO_DEVICE, -ENODEV);
	write_and_note(0, 1, 1);
	expect_sync(ACCEL_SYNC_FLUSH, -ENODEV);
	expect_sync(ACCEL_SYNC_FROM_DEVICE, -ENODEV);
	end();
}

static void
devices_that_are_removed(void)
{
	remove_while_copying(false);
	remove_while_copying(true);
}

static pthread_t stopper;

static void *
stop_it(void *arg)
{
	return (void *)(intptr_t)accel_dev_stop(*(uint16_t *)arg);
}

static void
begin_to_stop(struct accel_dev *to_stop)
{
	struct accel_dev_internal *slot = to_stop->internal;

	CU_ASSERT_EQUAL(pthread_create(&stopper, NULL, stop_it, &slot->data.dev_id), 0);
	while (__atomic_load_n(&slot->waiting, __ATOMIC_RELAXED) == 0)
		;
}

/* Whoever stops a device need not wait for all of a long copy. */
static void
stopped_meanwhile(void)
{
	struct accel_buf *big;
	unsigned int i;
	void *ret;

	copier_begin();
	copier.bank_size = 600 * BANK_MIB;
	copier.lazy = true;
	begin();
	big = bank_alloc(dev, 512 * BANK_MIB, 0, ACCEL_BUF_BANK(0));
	copier.called = begin_to_stop;
	for (i = 0; i < 10; i++) {
		copier.nb_ops = 0;
		copier.at = 10;
		CU_ASSERT_EQUAL(accel_buf_dirty(big, 5, 5), 0);
		SOFT_ASSERT_FAILS(accel_buf_sync(big, 0, 0, ACCEL_SYNC_TO_DEVICE), -ECANCELED);
		CU_ASSERT_EQUAL(pthread_join(stopper, &ret), 0);
		CU_ASSERT_PTR_NULL(ret);
		CU_ASSERT_EQUAL(copier.nb_ops, 64); /* one round */
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
		copier.nb_ops = 0;
		copier.at = 0;
		CU_ASSERT_EQUAL(accel_buf_sync(big, 0, 0, ACCEL_SYNC_FLUSH), 0);
		CU_ASSERT_EQUAL(copier.nb_ops, 1); /* still noted */
	}
	CU_ASSERT_EQUAL(accel_buf_free(big), 0);
	end();
}

static void *
sync_it(void *arg)
{
	return (void *)(intptr_t)accel_buf_sync(arg, 0, 0, ACCEL_SYNC_TO_DEVICE);
}

/* Nor for a loop of copies to end. */
static void
stopped_between_copies(void)
{
	struct accel_buf *frame;
	unsigned int i;

	copier_begin();
	copier.bank_size = 16 * BANK_MIB;
	copier.lazy = true;
	begin();
	frame = bank_alloc(dev, 8 * BANK_MIB, 0, ACCEL_BUF_BANK(0));
	copier.called = begin_to_stop;
	for (i = 0; i < 20; i++) {
		copier.at = copier.nb_ops + 3;
		CU_ASSERT_EQUAL(accel_buf_sync(frame, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
		SOFT_ASSERT_FAILS(accel_buf_sync(frame, 0, 0, ACCEL_SYNC_TO_DEVICE), -EPERM);
		CU_ASSERT_EQUAL(pthread_join(stopper, NULL), 0);
		CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	}
	CU_ASSERT_EQUAL(accel_buf_free(frame), 0);
	end();
}

/*
 * 30 seconds without an answer: the device has failed, and its memory is its own again. Meanwhile,
 * one with a longer deadline may take longer.
 */
static void
a_device_that_hangs(void)
{
	uint16_t slow = soft_open("soft:0,banks=1,latency_us=31000000");
	struct accel_buf *late;
	pthread_t thread;
	double start;
	void *ret;

	soft_run(slow, 1, 0, 40000000);
	late = bank_alloc(slow, 64, 0, ACCEL_BUF_BANK(0));
	CU_ASSERT_EQUAL(pthread_create(&thread, NULL, sync_it, late), 0);
	copier_begin();
	copier.limits.max_op_len = 1000;
	copier.no_abort = true;
	begin();
	write_and_note(100, 10000, 8);
	copier.hang_at = 4;
	start = seconds();
	log_catch();
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), -ETIMEDOUT);
	CU_ASSERT_EQUAL(log_lines(), 2);
	CU_ASSERT(log_has("not done in time (ops did not come back)"));
	log_release();
	CU_ASSERT(seconds() - start > 29 && seconds() - start < 40);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	copier.hang_at = 0;
	expect_sync(ACCEL_SYNC_FLUSH, -EIO);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_noted(100, 10000, 8);
	CU_ASSERT_EQUAL(pthread_join(thread, &ret), 0);
	CU_ASSERT_PTR_NULL(ret);
	CU_ASSERT_EQUAL(accel_buf_free(late), 0);
	soft_close(slow);
	end();
}

/* What soft does late, it does not do at all once it has failed. */
static void
late_copies_are_not_made(void)
{
	uint16_t soft = soft_open("soft:0,banks=1,latency_us=50000");
	struct accel_buf *host, *late;
	struct accel_op op = { .type = ACCEL_OP_FILL, .len = 64, .pattern = UINT64_MAX };
	struct accel_op *at = &op;
	double start;

	soft_run(soft, 1, 0, 0);
	host = bank_alloc(soft, 64, 0, ACCEL_BUF_ZERO);
	late = bank_alloc(soft, 64, 0, ACCEL_BUF_BANK(0));
	op.dst = host->iova;
	CU_ASSERT_EQUAL(accel_enqueue_burst(soft, 0, &at, 1), 1);
	soft_log_begin();
	health_fail(&dev_slots[soft]);
	for (start = seconds(); seconds() - start < 0.1; )
		;
	CU_ASSERT_EQUAL(accel_dequeue_burst(soft, 0, &at, 1), 1);
	CU_ASSERT_EQUAL(op.status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT(bank_all(host->va, 64, 0));
	CU_ASSERT_EQUAL(accel_buf_sync(late, 0, 0, ACCEL_SYNC_TO_DEVICE), -EIO);
	CU_ASSERT_EQUAL(soft_log_end(), 2);
	CU_ASSERT_EQUAL(accel_dev_stop(soft), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(soft), 0);
	CU_ASSERT_EQUAL(accel_dev_start(soft), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(late, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_free(host), 0);
	CU_ASSERT_EQUAL(accel_buf_free(late), 0);
	soft_close(soft);
}

/*
 * Memory
 */

void *__real_realloc(void *mem, size_t size);
void *__wrap_realloc(void *mem, size_t size);

void *
__wrap_realloc(void *mem, size_t size)
{
	return fail_alloc_strikes() ? NULL : __real_realloc(mem, size);
}

/* Fail each allocation in turn: how many there were. */
static unsigned int
expect_no_buffer(uint32_t flags)
{
	struct accel_buf *none = NULL;
	unsigned int nth, lines;
	bool failed = true;
	int ret;

	for (nth = 1; failed; nth++) {
		soft_log_begin();
		fail_alloc_arm(nth, false);
		ret = accel_buf_alloc(dev, LEN, 0, flags, &none);
		failed = fail_alloc_disarm();
		lines = soft_log_end();
		CU_ASSERT_EQUAL(ret, failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(lines, failed ? 1 : 0);
		CU_ASSERT_EQUAL(none == NULL, failed);
		CU_ASSERT_EQUAL(soft_info(dev).live_bufs, before.live_bufs + (failed ? 1 : 2));
		CU_ASSERT_EQUAL(bank_left(dev, 0), copier.bank_size - (failed ? 1 : 2) * LEN);
	}
	CU_ASSERT_EQUAL(accel_buf_free(none), 0);
	return nth - 2;
}

static void
no_memory_for_a_buffer(void)
{
	copier_begin();
	begin();
	(void)expect_no_buffer(ACCEL_BUF_BANK(0));
	CU_ASSERT(expect_no_buffer(ACCEL_BUF_BANK(0) | ACCEL_BUF_ZERO) >= 1);
	end();
	copier_begin();
	copier.mapped = true;
	begin();
	(void)expect_no_buffer(ACCEL_BUF_BANK(0));
	(void)expect_no_buffer(ACCEL_BUF_BANK(0) | ACCEL_BUF_ZERO);
	end();
}

static void
no_memory_for_notes(void)
{
	unsigned int i;

	copier_begin();
	begin();
	fail_alloc_arm(1, true);
	SOFT_ASSERT_FAILS(accel_buf_dirty(buf, 0, 1), -ENOMEM);
	fail_alloc_disarm();
	for (i = 0; i < 4; i++)
		write_and_note(10 * i, 5, 1);
	fail_alloc_arm(1, true);
	SOFT_ASSERT_FAILS(accel_buf_dirty(buf, 100, 1), -ENOMEM);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), -ENOMEM);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), -ENOMEM);
	fail_alloc_disarm();
	CU_ASSERT_EQUAL(copier.nb_ops, 0); /* before bytes move */
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT_EQUAL(copier.nb_ops, 4);
	CU_ASSERT(bank_all(bank() + 30, 5, 1));
	CU_ASSERT_EQUAL(bank()[100], 0);
	end();
}

static void
no_memory_for_a_context(void)
{
	struct accel_ctx *none = NULL;

	fail_alloc_arm(1, false);
	SOFT_ASSERT_FAILS(accel_ctx_get("soft:0,banks=1", &none), -ENOMEM);
	CU_ASSERT(fail_alloc_disarm());
	CU_ASSERT_PTR_NULL(none);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
drivers_get_no_bank_buffers(void)
{
	struct accel_buf *none = NULL;

	copier_begin();
	begin();
	SOFT_ASSERT_FAILS(accel_dev_dma_alloc(&dev_slots[dev].dev, 64, 0, ACCEL_BUF_BANK(0), &none),
			-EINVAL);
	CU_ASSERT_PTR_NULL(none);
	SOFT_ASSERT_FAILS(accel_dev_map_bank(&dev_slots[dev].dev, 1, &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_map_bank(&dev_slots[dev].dev, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_dev_map_bank(NULL, 0, &none), -EINVAL);
	end();
}

static const struct test_case cases[] = {
	{ "a place to begin from", a_place_to_begin_from },
	{ "no queue pair to spare", no_queue_pair_to_spare },
	{ "no queue pair where none is needed", no_queue_pair_where_none_is_needed },
	{ "banks at odd addresses", banks_at_odd_addresses },
	{ "short ops and other depths", short_ops_and_other_depths },
	{ "no op is long", no_op_is_long },
	{ "starts that fail", starts_that_fail },
	{ "every status", every_status },
	{ "devices that fail", devices_that_fail },
	{ "devices that are removed", devices_that_are_removed },
	{ "stopped meanwhile", stopped_meanwhile },
	{ "stopped between copies", stopped_between_copies },
	{ "a device that hangs", a_device_that_hangs },
	{ "late copies are not made", late_copies_are_not_made },
	{ "no memory for a buffer", no_memory_for_a_buffer },
	{ "no memory for notes", no_memory_for_notes },
	{ "no memory for a context", no_memory_for_a_context },
	{ "drivers get no bank buffers", drivers_get_no_bank_buffers },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "bank buffers, failures", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
