/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Copies one buffer to another on an accelerator: copy_app [EAL options] [-- SPEC]
 */
#include <stdio.h>
#include <string.h>
#include <rte_eal.h>
#include <acceldev/acceldev.h>

#define BURST 32
#define CHUNK 4096

static int
setup(uint16_t dev, struct accel_buf **src, struct accel_buf **dst)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	int ret = accel_dev_configure(dev, &conf);

	if (ret == 0)
		ret = accel_qp_setup(dev, 0, NULL);
	if (ret == 0)
		ret = accel_buf_alloc(dev, BURST * CHUNK, 0, 0, src);
	if (ret == 0)
		ret = accel_buf_alloc(dev, BURST * CHUNK, 0, ACCEL_BUF_ZERO, dst);
	return ret != 0 ? ret : accel_dev_start(dev);
}

static void
copy(uint16_t dev, const struct accel_buf *src, const struct accel_buf *dst)
{
	struct accel_op ops[BURST] = { 0 }, *list[BURST], *back[BURST];
	uint16_t i, sent = 0, done = 0;

	for (i = 0; i < BURST; i++) {
		ops[i].type = ACCEL_OP_COPY;
		ops[i].src = src->iova + i * CHUNK;
		ops[i].dst = dst->iova + i * CHUNK;
		ops[i].len = CHUNK;
		list[i] = &ops[i];
	}
	while (done < BURST) {
		sent += accel_enqueue_burst(dev, 0, &list[sent], BURST - sent);
		done += accel_dequeue_burst(dev, 0, back, BURST);
	}
}

int
main(int argc, char **argv)
{
	struct accel_buf *src = NULL, *dst = NULL;
	struct accel_qp_stats stats = { 0 };
	int args = rte_eal_init(argc, argv), dev, ret, same = 0;

	if (args < 0)
		return 1;
	dev = accel_dev_probe(argc > args + 1 ? argv[args + 1] : "soft:0");
	ret = dev < 0 ? dev : setup(dev, &src, &dst);
	if (ret == 0) {
		memset(src->va, 0xa5, src->len);
		copy(dev, src, dst);
		same = memcmp(src->va, dst->va, src->len) == 0;
		accel_qp_stats_get(dev, 0, &stats);
		accel_dev_stop(dev);
	}
	printf("%s: %lu ops, %lu bytes, %lu errors: %s\n", accel_strerror(ret),
		stats.dequeued, stats.bytes, stats.errors, same ? "same" : "different");
	accel_buf_free(src);
	accel_buf_free(dst);
	if (dev >= 0)
		accel_dev_close(dev);
	rte_eal_cleanup();
	return !same;
}
