/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Checks doc/examples/xor_driver.c and xor_pci_driver.c: xor_check [EAL options] -- SPEC KEY
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>

#include <acceldev/acceldev.h>

#define LEN   4000
#define N_OPS 300 /* more than the driver's 256 */

static int bad;

#define EXPECT(cond)                                                                               \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond);                          \
			bad++;                                                                     \
		}                                                                                  \
	} while (0)

/* Run one op to its end and tell its status. */
static uint8_t
run(uint16_t dev, struct accel_op *op)
{
	struct accel_op *back = NULL;

	op->status = ACCEL_STATUS_MAX;
	EXPECT(accel_enqueue_burst(dev, 0, &op, 1) == 1);
	while (accel_dequeue_burst(dev, 0, &back, 1) == 0)
		;
	EXPECT(back == op);
	return op->status;
}

static void
check_result(uint16_t dev, const struct accel_buf *src, const struct accel_buf *dst, uint8_t key)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src = src->iova, .dst = dst->iova,
		.len = LEN };
	unsigned char *s = src->va, *d = dst->va;
	size_t i;

	for (i = 0; i < LEN; i++)
		s[i] = i * 7;
	EXPECT(run(dev, &op) == ACCEL_STATUS_SUCCESS);
	for (i = 0; i < LEN; i++) {
		if (d[i] != (s[i] ^ key))
			break;
	}
	EXPECT(i == LEN);
}

static void
check_errors(uint16_t dev, const struct accel_buf *src)
{
	struct accel_op op = { .type = ACCEL_OP_FILL, .dst = src->iova, .len = 8 };

	EXPECT(run(dev, &op) == ACCEL_STATUS_INVALID);
	op.type = ACCEL_OP_COPY;
	op.src = 0;
	EXPECT(run(dev, &op) == ACCEL_STATUS_BAD_ADDRESS);
	op.src = src->iova;
	op.len = 0;
	EXPECT(run(dev, &op) == ACCEL_STATUS_LENGTH);
}

static void
check_full(uint16_t dev, const struct accel_buf *src, const struct accel_buf *dst)
{
	static struct accel_op ops[N_OPS], *list[N_OPS];
	struct accel_qp_stats stats;
	uint16_t i, n;

	for (i = 0; i < N_OPS; i++) {
		list[i] = &ops[i];
		ops[i].type = ACCEL_OP_COPY;
		ops[i].src = src->iova;
		ops[i].dst = dst->iova;
		ops[i].len = 1;
	}
	n = accel_enqueue_burst(dev, 0, list, N_OPS);
	EXPECT(n == 256);
	EXPECT(accel_dev_stop(dev) == 0);
	EXPECT(accel_enqueue_burst(dev, 0, list, 1) == 0);
	EXPECT(accel_dequeue_burst(dev, 0, list, N_OPS) == n);
	EXPECT(accel_qp_stats_get(dev, 0, &stats) == 0);
	EXPECT(stats.enqueued == stats.dequeued);
	/* Those above had errors, and each of these one byte, unless it was aborted. */
	EXPECT(stats.bytes - LEN + stats.errors - 3 == 256);
}

int
main(int argc, char **argv)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_buf *src, *dst;
	int args = rte_eal_init(argc, argv), dev;

	if (args < 0 || argc - args < 3)
		return 2;
	dev = accel_dev_probe(argv[args + 1]);
	if (dev < 0) {
		printf("probe: %s\n", accel_strerror(dev));
		rte_eal_cleanup();
		return 3;
	}
	EXPECT(accel_dev_configure(dev, &conf) == 0);
	EXPECT(accel_qp_setup(dev, 0, NULL) == 0);
	EXPECT(accel_dev_start(dev) == 0);
	if (accel_buf_alloc(dev, LEN, 0, 0, &src) != 0 || accel_buf_alloc(dev, LEN, 0, 0, &dst) != 0)
		return 4;
	check_result(dev, src, dst, strtoul(argv[args + 2], NULL, 0));
	check_errors(dev, src);
	check_full(dev, src, dst);
	EXPECT(accel_buf_free(src) == 0);
	EXPECT(accel_buf_free(dst) == 0);
	EXPECT(accel_dev_close(dev) == 0);
	rte_eal_cleanup();
	return bad != 0;
}
