/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Any edu device, a model or a real one: registers, interrupts, copies, life. See edu_dev.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "test_edu.h"

#define HOST ACCEL_SPACE_HOST
#define BANK ACCEL_SPACE_BANK(0)

/*
 * Registers
 */

static void
identification(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_dev_info info = soft_info(dev);
	uint64_t size = 0, id = 0;

	CU_ASSERT_STRING_EQUAL(info.driver, "edu");
	CU_ASSERT_EQUAL(info.max_qps, 1);
	CU_ASSERT_EQUAL(info.nb_banks, 1);
	CU_ASSERT_EQUAL(info.op_types, ACCEL_OP_BIT(ACCEL_OP_COPY));
	CU_ASSERT_EQUAL(accel_reg_size(dev, EDU_BAR, &size), 0);
	CU_ASSERT_EQUAL(size, EDU_BAR_SIZE);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_ID) & EDU_ID_MASK, EDU_ID_VALUE);
	CU_ASSERT_EQUAL(accel_reg_read(dev, ACCEL_REGION_CONFIG, PCI_VENDOR_ID, 4, &id), 0);
	CU_ASSERT_EQUAL(id, (uint64_t)EDU_DEVICE << 16 | EDU_VENDOR);
	soft_close(dev);
}

static void
liveness(void)
{
	static const uint32_t words[] = { 0, UINT32_MAX, 0x12345678, 0x80000001 };
	uint16_t dev = edu_open(edu_spec());
	unsigned int i;

	for (i = 0; i < 4; i++) {
		edu_set(dev, EDU_LIVENESS, words[i]);
		CU_ASSERT_EQUAL(edu_get(dev, EDU_LIVENESS), (uint32_t)~words[i]);
	}
	soft_close(dev);
}

/* The engine's registers take 8 bytes at once; two accesses of 4 would lose the upper half. */
static void
wide_registers(void)
{
	static const uint64_t value = UINT64_C(0x7f12345678abcdef);
	uint16_t dev = edu_open(edu_spec());

	edu_set(dev, EDU_DMA_SRC, value);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_DMA_SRC), value);
	soft_close(dev);
}

static void
wait_factorial(uint16_t dev)
{
	unsigned int ms;

	for (ms = 0; ms < 5000 && (edu_get(dev, EDU_STATUS) & EDU_STATUS_BUSY) != 0; ms++)
		usleep(1000);
	CU_ASSERT(ms < 5000);
}

static void
factorial_by_polling(void)
{
	uint16_t dev = edu_open(edu_spec());

	edu_set(dev, EDU_FACTORIAL, 5);
	wait_factorial(dev);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_FACTORIAL), 120);
	edu_set(dev, EDU_FACTORIAL, 0);
	wait_factorial(dev);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_FACTORIAL), 1);
	soft_close(dev);
}

static void
refused_registers(void)
{
	static const struct {
		unsigned int region;
		uint64_t off;
		unsigned int width;
	} bad[] = {
		{ EDU_BAR, EDU_BAR_SIZE, 4 }, { EDU_BAR, EDU_BAR_SIZE - 4, 8 },
		{ EDU_BAR, UINT64_MAX - 3, 4 }, { EDU_BAR, 2, 4 }, { EDU_BAR, 0x84, 8 },
		{ EDU_BAR, 0, 0 }, { EDU_BAR, 0, 3 }, { EDU_BAR, 0, 16 }, { 1, 0, 4 },
		{ ACCEL_REGION_CONFIG, 4096, 1 }, { 8, 0, 4 }, { 9, 0, 4 }, { UINT32_MAX, 0, 4 },
	};
	uint16_t dev = edu_open(edu_spec());
	uint64_t value = 77, size = 0;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		SOFT_ASSERT_FAILS(accel_reg_read(dev, bad[i].region, bad[i].off, bad[i].width,
				&value), -EINVAL);
		SOFT_ASSERT_FAILS(accel_reg_write(dev, bad[i].region, bad[i].off, bad[i].width,
				0), -EINVAL);
	}
	CU_ASSERT_EQUAL(value, 77);
	CU_ASSERT_EQUAL(accel_reg_read(dev, EDU_BAR, 0, 4, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_reg_size(dev, EDU_BAR, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_reg_size(dev, 9, &size), -EINVAL);
	CU_ASSERT_EQUAL(accel_reg_size(dev, 3, &size), 0);
	CU_ASSERT_EQUAL(size, 0);
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_reg_read(dev, EDU_BAR, 0, 4, &value), -ENODEV);
	SOFT_ASSERT_FAILS(accel_reg_write(dev, EDU_BAR, 0, 4, 0), -ENODEV);
}

/*
 * Interrupts
 */

static void
factorial_by_interrupt(void)
{
	uint16_t dev = edu_open(edu_spec());
	int fd = edu_eventfd();

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &fd), 0);
	edu_set(dev, EDU_STATUS, EDU_STATUS_IRQ);
	edu_set(dev, EDU_FACTORIAL, 6);
	CU_ASSERT(edu_signalled(fd, 5000));
	CU_ASSERT_EQUAL(edu_get(dev, EDU_IRQ_STATUS), EDU_IRQ_FACTORIAL);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_FACTORIAL), 720);
	edu_set(dev, EDU_IRQ_ACK, EDU_IRQ_FACTORIAL);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_IRQ_STATUS), 0);
	edu_set(dev, EDU_STATUS, 0);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 0, NULL), 0);
	soft_close(dev);
	close(fd);
}

static void
raise_and_acknowledge(void)
{
	uint16_t dev = edu_open(edu_spec());
	int fd = edu_eventfd();

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &fd), 0);
	edu_set(dev, EDU_IRQ_RAISE, 0x5a);
	CU_ASSERT(edu_signalled(fd, 5000));
	CU_ASSERT_EQUAL(edu_get(dev, EDU_IRQ_STATUS), 0x5a);
	edu_set(dev, EDU_IRQ_ACK, 0x50);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_IRQ_STATUS), 0x0a);
	edu_set(dev, EDU_IRQ_ACK, 0x0a);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_IRQ_STATUS), 0);
	CU_ASSERT_FALSE(edu_signalled(fd, 50));
	soft_close(dev); /* with the vector set */
	close(fd);
}

static void
vector_changes(void)
{
	uint16_t dev = edu_open(edu_spec());
	int a = edu_eventfd(), b = edu_eventfd(), none = -1;

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 0, NULL), 0); /* nothing is set */
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &a), 0);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &b), 0);
	edu_set(dev, EDU_IRQ_RAISE, 1);
	CU_ASSERT(edu_signalled(b, 5000));
	CU_ASSERT_FALSE(edu_signalled(a, 0));
	edu_set(dev, EDU_IRQ_ACK, 1);

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &none), 0);
	edu_set(dev, EDU_IRQ_RAISE, 1);
	CU_ASSERT_FALSE(edu_signalled(b, 100));
	edu_set(dev, EDU_IRQ_ACK, 1);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &a), 0);
	edu_set(dev, EDU_IRQ_RAISE, 1);
	CU_ASSERT(edu_signalled(a, 5000));
	edu_set(dev, EDU_IRQ_ACK, 1);

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 0, NULL), 0);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 0, NULL), 0);
	edu_set(dev, EDU_IRQ_RAISE, 1);
	CU_ASSERT_FALSE(edu_signalled(a, 100));
	edu_set(dev, EDU_IRQ_ACK, 1);
	soft_close(dev);
	close(a);
	close(b);
}

static void
refused_vectors(void)
{
	uint16_t dev = edu_open(edu_spec());
	int fds[2] = { edu_eventfd(), -1 };

	fds[1] = fds[0];
	CU_ASSERT_EQUAL(accel_irq_count(dev, ACCEL_IRQ_MSI), 1);
	CU_ASSERT_EQUAL(accel_irq_count(dev, ACCEL_IRQ_MSIX), 0);
	CU_ASSERT_EQUAL(accel_irq_count(dev, (enum accel_irq)3), -EINVAL);
	CU_ASSERT_EQUAL(accel_irq_count(dev, (enum accel_irq)UINT32_MAX), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 2, fds), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 1, 1, fds), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 1, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 1, UINT32_MAX, fds), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 1, fds), -EINVAL);
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_irq_set(dev, (enum accel_irq)3, 0, 1, fds), -EINVAL);
	CU_ASSERT_EQUAL(accel_irq_set(ACCEL_MAX_DEVS, ACCEL_IRQ_MSI, 0, 1, fds), -ENODEV);
	soft_log_end();
	soft_close(dev);
	close(fds[0]);
}

/* What is no eventfd is refused, and the one that was set goes on. */
static void
no_eventfd(void)
{
	uint16_t dev = edu_open(edu_spec());
	int fd = edu_eventfd(), file = open("/dev/null", O_RDWR | O_CLOEXEC), closed = dup(fd);

	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &fd), 0);
	close(closed);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &file), -EINVAL);
	SOFT_ASSERT_FAILS(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &closed), -EBADF);
	edu_set(dev, EDU_IRQ_RAISE, 2);
	CU_ASSERT(edu_signalled(fd, 5000));
	edu_set(dev, EDU_IRQ_ACK, 2);
	soft_close(dev);
	close(file);
	close(fd);
}

/*
 * Copies
 */

static void
copy_host_to_host(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *src = edu_buf(dev, 4096, 0), *dst = edu_buf(dev, 4096, 0);
	unsigned char *to = dst->va;

	edu_fill(src->va, 4096, 1);
	memset(to, 0x77, 4096);
	/* More than a chunk, at odd addresses. */
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, src->iova, HOST, dst->iova + 3, 2500),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(to + 3, 2500, 1));
	CU_ASSERT_EQUAL(to[2], 0x77);
	CU_ASSERT_EQUAL(to[2503], 0x77);
	CU_ASSERT(edu_has(src->va, 4096, 1));
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

static void
copy_through_the_bank(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 2048, 0);
	uint64_t at = 0;

	CU_ASSERT_EQUAL_FATAL(accel_bank_alloc(dev, 0, 2048, 0, &at), 0);
	edu_fill(buf->va, 2048, 2);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, BANK, at, 2048), ACCEL_STATUS_SUCCESS);
	memset(buf->va, 0, 2048);
	CU_ASSERT_EQUAL(edu_copy(dev, BANK, at, HOST, buf->iova, 2048), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(buf->va, 2048, 2));
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, at), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Ops wait for each other: each takes what the one before has written. */
static void
chain_of_copies(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4 * 512, 0);
	struct accel_op op[3], *ops[3];
	struct accel_qp_stats stats;
	unsigned int i;

	edu_fill(buf->va, 512, 3);
	for (i = 0; i < 3; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .flags = ACCEL_OP_FENCE,
			.src = buf->iova + i * 512, .dst = buf->iova + (i + 1) * 512, .len = 512 };
		ops[i] = &op[i];
	}
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 3), 3);
	for (i = 0; i < 3; i++) {
		CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[i]);
		CU_ASSERT_EQUAL(op[i].status, ACCEL_STATUS_SUCCESS);
	}
	CU_ASSERT(edu_has((char *)buf->va + 3 * 512, 512, 3));
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.bytes, 3 * 512);
	CU_ASSERT_EQUAL(stats.errors, 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
many_copies(void)
{
	unsigned int rounds = edu_is_sim(edu_spec()) ? 2000 : 2, i;
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *src = edu_buf(dev, 65536, 0), *dst = edu_buf(dev, 65536, 0);
	uint64_t random = 88172645463325252u;

	for (i = 0; i < rounds; i++) {
		uint64_t len = 1 + soft_random(&random) % (rounds > 2 ? 10000 : 2000);
		uint64_t from = soft_random(&random) % (65536 - len);
		uint64_t to = soft_random(&random) % (65536 - len);

		edu_fill((char *)src->va + from, len, i);
		CU_ASSERT_EQUAL(edu_copy(dev, HOST, src->iova + from, HOST, dst->iova + to, len),
				ACCEL_STATUS_SUCCESS);
		CU_ASSERT(edu_has((char *)dst->va + to, len, i));
	}
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

static void
full_queue(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_op op[5], *ops[5];
	struct accel_qp_stats stats;
	unsigned int i;

	soft_run(dev, 1, 4, 0);
	for (i = 0; i < 5; i++) {
		op[i] = (struct accel_op){ .type = ACCEL_OP_FILL, .len = 1 }; /* refused at once */
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
	CU_ASSERT_EQUAL(stats.errors, 5);
	soft_close(dev);
}

static void
refused_ops(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4096, ACCEL_BUF_ISOLATED);
	struct accel_buf *ro = edu_buf(dev, 4096, ACCEL_BUF_READ_ONLY);
	uint64_t at = buf->iova, end = at + 4096, bank = EDU_BUF_BASE, half = EDU_BUF_SIZE / 2;
	const struct {
		uint16_t src_space, dst_space;
		uint64_t src, dst, len;
		enum accel_status status;
	} bad[] = {
		{ HOST, HOST, 0, at, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, HOST, at, 0, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, HOST, at, UINT64_MAX - 3, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, BANK, end - 4, bank, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ BANK, HOST, bank, end - 4, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, BANK, at, bank - 1, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, BANK, at, bank + half - 7, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, BANK, at, bank + half, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, 9, at, bank, 8, ACCEL_STATUS_BAD_ADDRESS },
		{ HOST, HOST, at, ro->iova, 8, ACCEL_STATUS_PERMISSION },
		{ BANK, HOST, bank, ro->iova, 8, ACCEL_STATUS_PERMISSION },
		{ HOST, HOST, at, at, 0, ACCEL_STATUS_LENGTH },
		{ HOST, HOST, at, at, soft_info(dev).max_op_len + 1, ACCEL_STATUS_LENGTH },
		{ HOST, HOST, at, at, UINT64_MAX, ACCEL_STATUS_LENGTH },
		{ BANK, BANK, bank, bank + 64, 8, ACCEL_STATUS_INVALID },
	};
	unsigned int i;

	edu_fill(buf->va, 4096, 4);
	edu_fill(ro->va, 4096, 5);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(edu_copy(dev, bad[i].src_space, bad[i].src, bad[i].dst_space,
				bad[i].dst, bad[i].len), bad[i].status);
	CU_ASSERT(edu_has(buf->va, 4096, 4));
	CU_ASSERT(edu_has(ro->va, 4096, 5));
	CU_ASSERT_EQUAL(edu_get(dev, EDU_DMA_CMD) & EDU_DMA_START, 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(ro), 0);
	soft_close(dev);
}

/*
 * Life
 */

static void
stop_in_flight(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *src = edu_buf(dev, 32768, 0), *dst = edu_buf(dev, 32768, 0);
	struct accel_op op[2], *ops[] = { &op[0], &op[1] };
	unsigned int i;

	/* More than one transfer, so that polling alone takes it on. */
	for (i = 0; i < 2; i++)
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = src->iova,
			.dst = dst->iova, .len = 32768, .status = ACCEL_STATUS_MAX };
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 2), 2);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_DMA_CMD) & EDU_DMA_START, 0);
	edu_fill(dst->va, 32768, 6);
	usleep(edu_is_sim(edu_spec()) ? 10000 : 300000);
	CU_ASSERT(edu_has(dst->va, 32768, 6));
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, ops, 2), 2);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_ABORTED);

	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, src->iova, HOST, dst->iova, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
}

/* The device has none of its own: its driver quiets it. */
static void
reset(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	soft_run(dev, 1, 0, 0);
	SOFT_ASSERT_FAILS(accel_dev_reset(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, HOST, buf->iova + 2048, 64),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
open_twice(void)
{
	uint16_t dev = edu_open(edu_spec());

	SOFT_ASSERT_FAILS(accel_dev_probe(edu_spec()), -EEXIST);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_ID) & EDU_ID_MASK, EDU_ID_VALUE);
	soft_close(dev);
}

/* A transfer that the device was left with must neither be taken for the first one, nor hurt it. */
static void
open_with_a_transfer_running(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4096, ACCEL_BUF_ISOLATED);

	edu_raw_start(dev, buf->iova, 0, 64, false);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);

	dev = edu_run(edu_spec());
	buf = edu_buf(dev, 4096, 0);
	edu_fill(buf->va, 512, 7);
	memset((char *)buf->va + 512, 0, 512);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, HOST, buf->iova + 512, 512),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 512, 512, 7));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Models take no time for a transfer, so only a real device misses a deadline. */
static void
missed_deadline(void)
{
	struct accel_op op = { .type = ACCEL_OP_COPY }, *ops = &op;
	struct accel_buf *src, *dst;
	uint16_t dev;

	if (edu_is_sim(edu_spec())) {
		test_skip("a model takes no time for a transfer");
		return;
	}
	dev = edu_open(edu_spec());
	soft_run(dev, 1, 0, 20000);
	src = edu_buf(dev, 4096, 0);
	dst = edu_buf(dev, 4096, 0);
	soft_log_begin();
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, src->iova, HOST, dst->iova, 64), ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, &ops, 1), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), -EIO);
	soft_log_end();
	CU_ASSERT_EQUAL(accel_dev_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	soft_close(dev);
	copy_host_to_host();
}

/* The second op begins shortly before its deadline: its transfer has not failed. */
static void
late_while_it_runs(void)
{
	struct accel_op op[2], *ops[2] = { &op[0], &op[1] };
	struct accel_buf *buf;
	uint64_t at = 0;
	unsigned int i;
	uint16_t dev;

	if (edu_is_sim(edu_spec())) {
		test_skip("a model takes no time for a transfer");
		return;
	}
	dev = edu_open(edu_spec());
	soft_run(dev, 1, 0, 150 * 1000);
	buf = edu_buf(dev, 1024, 0);
	CU_ASSERT_EQUAL_FATAL(accel_bank_alloc(dev, 0, 512, 0, &at), 0);
	for (i = 0; i < 2; i++)
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst_space = BANK, .dst = at, .len = 512 };
	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 2), 2);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[0]);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[1]);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT(op[1].status == ACCEL_STATUS_SUCCESS || op[1].status == ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(soft_info(dev).health, ACCEL_DEV_READY);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, at), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* Begin two copies of 512 bytes, look away until they are late, and take what became of them. */
static void
look_away(uint16_t dev, struct accel_op *op)
{
	struct accel_op *ops[2] = { &op[0], &op[1] };

	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, ops, 2), 2);
	usleep(500 * 1000);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[0]);
	CU_ASSERT_PTR_EQUAL(edu_dequeue_one(dev), &op[1]);
}

/* A deadline counts from enqueue. A device that did what it was told has not failed. */
static void
late_in_the_queue(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 1024, 0);
	struct accel_op op[2] = { 0 };
	uint64_t at = 0;
	unsigned int i;

	CU_ASSERT_EQUAL_FATAL(accel_bank_alloc(dev, 0, 512, 0, &at), 0);
	edu_fill(buf->va, 512, 3);
	memset((char *)buf->va + 512, 0, 512);
	for (i = 0; i < 2; i++)
		op[i] = (struct accel_op){ .type = ACCEL_OP_COPY, .src = buf->iova,
			.dst = buf->iova + 512, .len = 512 };
	soft_run(dev, 1, 0, 300 * 1000);
	look_away(dev, op);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_DEADLINE); /* between its two transfers */
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_DEADLINE);
	op[0].dst_space = BANK;
	op[0].dst = at;
	look_away(dev, op);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_DEADLINE);
	CU_ASSERT_EQUAL(((char *)buf->va)[512], 0);
	CU_ASSERT_EQUAL(edu_copy(dev, BANK, at, HOST, buf->iova + 512, 512), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 512, 512, 3));
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	soft_run(dev, 1, 0, 0);
	op[0].dst_space = HOST;
	op[0].dst = op[1].dst;
	look_away(dev, op);
	CU_ASSERT_EQUAL(op[0].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(op[1].status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, at), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
open_use_close(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 100000, 0), *own = edu_buf(dev, 4096, ACCEL_BUF_ISOLATED);
	int fd = edu_eventfd();

	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSI, 0, 1, &fd), 0);
	if (edu_is_sim(edu_spec()))
		CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, HOST, own->iova, 4096),
				ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(own), 0);
	soft_close(dev);
	close(fd);
}

static void
many_lives(void)
{
	unsigned int n = edu_is_sim(edu_spec()) ? 200 : 30, i, bars;
	struct test_usage before;

	open_use_close();
	before = test_usage_get();
	bars = edu_bar_maps();
	for (i = 0; i < n; i++)
		open_use_close();
	TEST_ASSERT_NO_LEAK(before);
	CU_ASSERT_EQUAL(edu_bar_maps(), bars);
}

/* A probe that fails late gives everything back too. */
static void
failed_probes(void)
{
	static const char *const bad[] = { ",nonsense=1", ",driver=soft", ",dma_bits=8", ",iova=x",
		",mem=x", ",socket=99", ",iospace=a-name-that-is-longer-than-any-name-may-be" };
	struct test_usage before;
	unsigned int i, round;

	open_use_close();
	before = test_usage_get();
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			char spec[256];

			snprintf(spec, sizeof(spec), "%.*s%s", (int)strcspn(edu_spec(), ","),
					edu_spec(), bad[i]);
			soft_log_begin();
			CU_ASSERT(accel_dev_probe(spec) < 0);
			CU_ASSERT_EQUAL(soft_log_end(), 1);
		}
	}
	TEST_ASSERT_NO_LEAK(before);
	open_use_close();
}

static uint64_t
xstat(uint16_t dev, const char *name)
{
	struct accel_xstat xstats[64];
	uint64_t id = 0;

	CU_ASSERT_EQUAL_FATAL(accel_xstats_get_id(dev, name, &id), 0);
	CU_ASSERT_FATAL(accel_xstats_get(dev, xstats, 64) > (int)id);
	return xstats[id].value;
}

static void
transfers_are_counted(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 16384, 0);

	CU_ASSERT_EQUAL(xstat(dev, "edu_transfers_to_device"), 0);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, BANK, EDU_BUF_BASE,
			100), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(xstat(dev, "edu_transfers_to_device"), 1);
	CU_ASSERT_EQUAL(xstat(dev, "edu_transfers_to_host"), 0);
	/* Two pieces, each by the way station. */
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, HOST,
			buf->iova + 8192, 3000), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(xstat(dev, "edu_transfers_to_device"), 3);
	CU_ASSERT_EQUAL(xstat(dev, "edu_transfers_to_host"), 2);
	CU_ASSERT_EQUAL(xstat(dev, "dequeued"), 2);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static const struct test_case register_cases[] = {
	{ "identification", identification },
	{ "liveness", liveness },
	{ "registers of 8 bytes", wide_registers },
	{ "factorial, polled", factorial_by_polling },
	{ "accesses that are refused", refused_registers },
	{ NULL, NULL },
};

static const struct test_case irq_cases[] = {
	{ "factorial, by interrupt", factorial_by_interrupt },
	{ "raise and acknowledge", raise_and_acknowledge },
	{ "a vector changes its eventfd", vector_changes },
	{ "vectors that are refused", refused_vectors },
	{ "what is no eventfd", no_eventfd },
	{ NULL, NULL },
};

static const struct test_case copy_cases[] = {
	{ "host to host", copy_host_to_host },
	{ "host to bank to host", copy_through_the_bank },
	{ "a chain of copies", chain_of_copies },
	{ "many copies", many_copies },
	{ "a full queue pair", full_queue },
	{ "ops that are refused", refused_ops },
	{ "transfers are counted", transfers_are_counted },
	{ NULL, NULL },
};

static const struct test_case life_cases[] = {
	{ "stop with a transfer in flight", stop_in_flight },
	{ "reset", reset },
	{ "opened twice in a process", open_twice },
	{ "opened in two processes", edu_open_in_two_processes },
	{ "open with a transfer running", open_with_a_transfer_running },
	{ "a missed deadline", missed_deadline },
	{ "late in the queue", late_in_the_queue },
	{ "late while it runs", late_while_it_runs },
	{ "opened and closed many times", many_lives },
	{ "probes that fail", failed_probes },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "edu registers", NULL, NULL, register_cases },
	{ "edu interrupts", NULL, NULL, irq_cases },
	{ "edu copies", NULL, NULL, copy_cases },
	{ "edu protection", NULL, NULL, edu_protection_cases },
	{ "edu addresses", NULL, NULL, edu_address_cases },
	{ "edu life", NULL, NULL, life_cases },
	{ NULL, NULL, NULL, NULL },
};
