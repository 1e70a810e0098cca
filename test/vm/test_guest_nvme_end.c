/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * How commands end: not at all, by a stop, and with completions that the test writes.
 */
#include "test_guest_nvme.h"

#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "log_text.h"
#include "nvme_dev.h"
#include "soft_dev.h"

#define DEADLINE_MS 200
#define WAIT_MS     20000

/* From an error that the driver reported: commands that are left in the rings never run. */
static void
recover(uint16_t dev)
{
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_ERROR);
	CU_ASSERT_EQUAL(nvme_command_register(dev) & PCI_COMMAND_MASTER, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT(nvme_works(dev));
}

static void
deadline(void)
{
	struct accel_op ops[4], late, *list[] = { &late };
	struct accel_buf *buf;
	uint64_t begin, ms;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_open("");
	soft_run(dev, 1, NVME_DEPTH, DEADLINE_MS * 1000);
	buf = nvme_pages(dev, 4, 0);
	begin = rte_rdtsc();
	nvme_enqueue_lost(dev, buf->iova, ops, 4);
	log_text_begin();
	nvme_assert_all_are(dev, ops, 4, ACCEL_STATUS_DEADLINE);
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text_end(), "does not complete a command in time"));
	ms = (rte_rdtsc() - begin) * 1000 / rte_get_tsc_hz();
	CU_ASSERT(ms >= DEADLINE_MS && ms < DEADLINE_MS + 1000);
	late = nvme_op(CONTROLLER, buf->iova);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 1), 0);
	recover(dev);
	CU_ASSERT(nvme_untouched(buf->va, buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
stop(void)
{
	struct accel_op ops[5], *none;
	struct accel_buf *buf;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 5, 0);
	nvme_enqueue_lost(dev, buf->iova, ops, 5);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(nvme_reg(dev, REG_CC, 4) & 1, 0);
	CU_ASSERT_EQUAL(nvme_reg(dev, REG_CSTS, 4) & 1, 0);
	nvme_assert_all_are(dev, ops, 5, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, &none, 1), 0);
	nvme_master(dev, true);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT(nvme_works(dev));
	CU_ASSERT(nvme_untouched(buf->va, buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* What was carried out before the stop has earned its status, dequeued or not. */
static void
stop_when_done(void)
{
	struct accel_op op, *list[] = { &op };
	struct accel_buf *buf;
	unsigned int ms;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 1, 0);
	op = nvme_op(CONTROLLER, buf->iova);
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, list, 1), 1);
	for (ms = 0; ms < WAIT_MS && !nvme_is_controller(buf->va); ms++)
		usleep(1000);
	usleep(100000); /* the completion follows */
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	nvme_assert_all_are(dev, &op, 1, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * Completions by hand: without bus mastering the controller does nothing itself
 */

struct rings {
	unsigned char *sq;
	volatile uint32_t *cq;
	unsigned int completed;
};

static struct rings
rings_of(uint16_t dev)
{
	struct rings rings = { .sq = nvme_ring(dev, REG_ASQ),
		.cq = (volatile uint32_t *)nvme_ring(dev, REG_ACQ) };

	memset(rings.sq, 0xff, PAGE);
	return rings;
}

/* Where the n-th command since the start would write. */
static uint64_t
command_page(const struct rings *rings, unsigned int n)
{
	const unsigned char *prp1 = rings->sq + 64 * n + 24;

	return nvme_le(prp1, 4) | (uint64_t)nvme_le(prp1 + 4, 4) << 32;
}

static uint16_t
command_id(const struct rings *rings, unsigned int n)
{
	return (uint16_t)nvme_le(rings->sq + 64 * n + 2, 2);
}

/* In the first pass through the ring. */
static void
complete_id(struct rings *rings, uint16_t id, uint32_t code)
{
	rings->cq[4 * rings->completed++ + 3] = id | 1u << 16 | code << 17;
}

static void
complete(struct rings *rings, unsigned int n, uint32_t code)
{
	complete_id(rings, command_id(rings, n), code);
}

static void
in_another_order(void)
{
	struct accel_op ops[6], *list[6];
	struct accel_buf *buf;
	struct rings rings;
	uint16_t dev, i;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	rings = rings_of(dev);
	buf = nvme_pages(dev, 6, 0);
	nvme_enqueue_lost(dev, buf->iova, ops, 6);
	for (i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(command_page(&rings, i), ops[i].dst);
	CU_ASSERT_EQUAL(command_page(&rings, 5), UINT64_MAX); /* a fence */
	complete(&rings, 2, 0);
	complete(&rings, 1, 0x02); /* invalid field */
	complete(&rings, 4, 0x04); /* data transfer error */
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 6), 0);
	complete(&rings, 0, 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 6), 3);
	complete(&rings, 3, 0x07); /* abort requested */
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list + 3, 6), 2);
	CU_ASSERT_EQUAL(command_page(&rings, 5), ops[5].dst);
	complete(&rings, 5, 0x10b); /* of another type than the generic ones */
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list + 5, 1), 1);
	for (i = 0; i < 6; i++)
		CU_ASSERT_PTR_EQUAL(list[i], &ops[i]);
	CU_ASSERT_EQUAL(ops[0].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(ops[1].status, ACCEL_STATUS_INVALID);
	CU_ASSERT_EQUAL(ops[2].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(ops[3].status, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(ops[4].status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(ops[5].status, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Of no command, though the low bits of its id look right; or of one for the second time. */
static void
not_asked_for(bool twice)
{
	uint16_t dev = nvme_run("");
	struct rings rings = rings_of(dev);
	struct accel_buf *buf = nvme_pages(dev, 3, 0);
	struct accel_op ops[3];

	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	complete(&rings, 0, 0);
	nvme_assert_all_are(dev, ops, 1, ACCEL_STATUS_SUCCESS);
	complete_id(&rings, twice ? command_id(&rings, 0) : command_id(&rings, 1) + 256, 0);
	log_text_begin();
	nvme_assert_all_are(dev, ops + 1, 2, ACCEL_STATUS_DEVICE_ERROR);
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text_end(), "completes a command that it was not given"));
	recover(dev);
	CU_ASSERT(nvme_untouched(buf->va, buf->len));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
unknown_command(void)
{
	if (nvme_skip_elsewhere())
		return;
	not_asked_for(false);
	not_asked_for(true);
}

static void
stop_in_another_order(void)
{
	struct accel_op ops[3];
	struct accel_buf *buf;
	struct rings rings;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	rings = rings_of(dev);
	buf = nvme_pages(dev, 3, 0);
	nvme_enqueue_lost(dev, buf->iova, ops, 3);
	complete(&rings, 1, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	nvme_assert_all_are(dev, ops, 1, ACCEL_STATUS_ABORTED);
	nvme_assert_all_are(dev, ops + 1, 1, ACCEL_STATUS_SUCCESS);
	nvme_assert_all_are(dev, ops + 2, 1, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

const struct test_case nvme_end_cases[] = {
	{ "deadline", deadline },
	{ "stop", stop },
	{ "stop when done", stop_when_done },
	{ "completed in another order", in_another_order },
	{ "completed without a command", unknown_command },
	{ "stop when done in another order", stop_in_another_order },
	{ NULL, NULL },
};
