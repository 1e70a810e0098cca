/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "copier.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_common.h>

#include <acceldev/accel_ring.h>

#include "harness.h"

#define ALIGN ((size_t)2 << 20)

struct copier copier;

static char *whole;

/*
 * Ops
 */

static void *
place(struct accel_dev *dev, uint16_t space, uint64_t addr, uint64_t len, unsigned int access)
{
	void *va;

	if (space == ACCEL_SPACE_BANK(0))
		return addr >= COPIER_BASE && addr - COPIER_BASE < copier.bank_size &&
			len <= copier.bank_size - (addr - COPIER_BASE) ?
			copier.bank + (addr - COPIER_BASE) : NULL;
	return space == ACCEL_SPACE_HOST &&
			accel_dma_translate(dev, addr, len, access, &va) == 0 ? va : NULL;
}

static enum accel_status
execute(struct accel_dev *dev, const struct accel_op *op)
{
	void *src = place(dev, op->src_space, op->src, op->len, ACCEL_DMA_READ);
	void *dst = place(dev, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE);

	if (op->type != ACCEL_OP_COPY || op->flags != 0 || op->len == 0 || src == NULL ||
			dst == NULL || op->src_space == op->dst_space ||
			op->len > copier.limits.max_op_len) {
		__atomic_add_fetch(&copier.strange, 1, __ATOMIC_RELAXED);
		return ACCEL_STATUS_INVALID;
	}
	if (op->len > copier.longest)
		__atomic_store_n(&copier.longest, op->len, __ATOMIC_RELAXED);
	if (!copier.lazy)
		memcpy(dst, src, op->len);
	return ACCEL_STATUS_SUCCESS;
}

static void
work(struct accel_ring *ring)
{
	struct accel_op *op;
	unsigned int number;

	while ((op = accel_ring_next(ring)) != NULL) {
		if (copier.hang_at != 0 && copier.nb_ops + 1 >= copier.hang_at)
			return;
		number = __atomic_add_fetch(&copier.nb_ops, 1, __ATOMIC_RELAXED);
		if (copier.at == number) {
			copier.called(ring->dev);
			if (accel_dev_health_get(ring->dev) != ACCEL_DEV_READY)
				return;
		}
		accel_ring_finish(ring, copier.fail_at == number ? copier.fail_status :
				execute(ring->dev, op));
	}
}

static uint16_t
copier_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;

	if (accel_dev_health_get(ring->dev) == ACCEL_DEV_READY)
		work(ring);
	return accel_ring_dequeue(qp, ops, n);
}

/*
 * Control
 */

static void
copier_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	*info = copier.limits;
}

static int
copier_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	(void)dev;
	copier.nb_qps = conf->nb_qps;
	return 0;
}

static int
copier_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	int ret;

	if (copier.setup_error != 0 && qp_id + 1 == copier.nb_qps)
		return copier.setup_error;
	ret = accel_ring_qp_setup(dev, qp_id, conf, qp);
	if (ret == 0) {
		copier.live_qps++;
		copier.last_qp = qp_id;
		copier.last_depth = conf->depth;
	}
	return ret;
}

static void
copier_qp_release(struct accel_dev *dev, struct accel_qp *qp)
{
	copier.live_qps--;
	accel_ring_release(dev, qp);
}

static int
copier_reset(struct accel_dev *dev)
{
	(void)dev;
	return 0;
}

static int
make_bank(struct accel_dev *dev)
{
	int ret;

	whole = mmap(NULL, copier.bank_size + 2 * ALIGN, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (whole == MAP_FAILED)
		return -ENOMEM;
	copier.bank = (unsigned char *)RTE_PTR_ALIGN_CEIL(whole, ALIGN) + copier.map_shift;
	ret = accel_dev_add_bank(dev, COPIER_BASE, copier.bank_size);
	if (ret == 0 && copier.mapped)
		ret = accel_dev_map_bank(dev, 0, copier.bank);
	return ret;
}

static int
copier_probe(struct accel_dev *dev)
{
	static struct accel_dev_ops ops;

	ops = (struct accel_dev_ops){
		.info_get = copier_info_get, .configure = copier_configure,
		.qp_setup = copier_qp_setup, .qp_release = copier_qp_release,
		.start = accel_ring_start, .stop = accel_ring_stop, .reset = copier_reset,
		.qp_abort = copier.no_abort ? NULL : accel_ring_abort,
	};
	dev->ops = &ops;
	dev->enqueue = accel_ring_take;
	dev->dequeue = copier_dequeue;
	return make_bank(dev);
}

static void
copier_remove(struct accel_dev *dev)
{
	(void)dev;
	munmap(whole, copier.bank_size + 2 * ALIGN);
}

static struct accel_driver copier_driver = {
	.abi = ACCEL_DRIVER_ABI, .name = "copier", .bus = "soft",
	.probe = copier_probe, .remove = copier_remove,
};

void
copier_begin(void)
{
	memset(&copier, 0, sizeof(copier));
	copier.limits.max_qps = 2;
	copier.limits.min_depth = 1;
	copier.limits.max_depth = 64;
	copier.limits.op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	copier.limits.max_op_len = UINT64_MAX;
	copier.bank_size = UINT64_C(8) << 20;
	CU_ASSERT_EQUAL_FATAL(accel_driver_register(&copier_driver), 0);
}

void
copier_end(void)
{
	CU_ASSERT_EQUAL(copier.live_qps, 0);
	CU_ASSERT_EQUAL(copier.strange, 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&copier_driver), 0);
}
