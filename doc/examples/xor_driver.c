/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver out of the tree: copies, and XORs each byte with a key: soft:0,driver=xor,key=0x5a
 */
#include <acceldev/accel_ring.h>

static enum accel_status
execute(const struct accel_dev *dev, const struct accel_op *op)
{
	uint8_t key = (uint8_t)(uintptr_t)dev->priv;
	void *src, *dst;
	uint64_t i;
	int ret;

	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL ||
			op->src_space != ACCEL_SPACE_HOST || op->dst_space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_INVALID;
	if (op->len == 0)
		return ACCEL_STATUS_LENGTH;
	ret = accel_dma_translate(dev, op->src, op->len, ACCEL_DMA_READ, &src);
	if (ret == 0)
		ret = accel_dma_translate(dev, op->dst, op->len, ACCEL_DMA_WRITE, &dst);
	if (ret != 0)
		return accel_dma_status(ret);
	for (i = 0; i < op->len; i++)
		((uint8_t *)dst)[i] = ((uint8_t *)src)[i] ^ key;
	return ACCEL_STATUS_SUCCESS;
}

static uint16_t
xor_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;
	uint16_t taken = accel_ring_enqueue(ring, ops, n);
	struct accel_op *op;

	while ((op = accel_ring_next(ring)) != NULL)
		accel_ring_finish(ring, execute(ring->dev, op));
	return taken;
}

static void
xor_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 8;
	info->min_depth = 1;
	info->max_depth = 256;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = UINT64_MAX;
}

static const struct accel_dev_ops xor_ops = {
	.info_get = xor_info_get,
	.qp_setup = accel_ring_qp_setup,
	.qp_release = accel_ring_release,
	.start = accel_ring_start,
	.stop = accel_ring_stop,
};

static int
xor_probe(struct accel_dev *dev)
{
	uint64_t key = 0;
	int ret = accel_dev_arg_u64(dev, "key", 0, UINT8_MAX, &key);

	dev->priv = (void *)(uintptr_t)key;
	dev->ops = &xor_ops;
	dev->enqueue = xor_enqueue;
	dev->dequeue = accel_ring_dequeue;
	return ret;
}

static struct accel_driver xor_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "xor",
	.bus = "soft",
	.keys = (const char *const []){ "key", NULL },
	.probe = xor_probe,
};

ACCEL_DRIVER_REGISTER(xor_driver)
