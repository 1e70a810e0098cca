/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver out of the tree: copies, and XORs each byte with a key: soft:0,driver=xor,key=0x5a
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <rte_common.h>
#include <acceldev/accel_driver.h>

#define DEPTH 256

struct xor_dev {
	struct accel_qp qp;  /* the only queue pair; its head comes first */
	struct accel_dev *dev;
	uint64_t key;
	uint16_t head, tail; /* of done; they run on and wrap */
	struct accel_op *done[DEPTH];
};

static uint8_t
execute(const struct xor_dev *x, const struct accel_op *op)
{
	void *src, *dst;
	uint64_t i;

	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 ||
			op->src_space != ACCEL_SPACE_HOST || op->dst_space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_INVALID;
	if (op->len == 0)
		return ACCEL_STATUS_LENGTH;
	if (accel_dma_translate(x->dev, op->src, op->len, ACCEL_DMA_READ, &src) != 0 ||
			accel_dma_translate(x->dev, op->dst, op->len, ACCEL_DMA_WRITE, &dst) != 0)
		return ACCEL_STATUS_BAD_ADDRESS;
	for (i = 0; i < op->len; i++)
		((uint8_t *)dst)[i] = ((uint8_t *)src)[i] ^ x->key;
	return ACCEL_STATUS_SUCCESS;
}

static uint16_t
xor_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct xor_dev *x = (struct xor_dev *)qp;
	uint16_t i;

	for (i = 0; i < n && (uint16_t)(x->tail - x->head) < DEPTH; i++) {
		ops[i]->status = execute(x, ops[i]);
		x->done[x->tail++ % DEPTH] = ops[i];
	}
	accel_qp_count(&qp->stats.enqueued, i);
	accel_qp_count(&qp->stats.rejected, n - i);
	return i;
}

static uint16_t
xor_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct xor_dev *x = (struct xor_dev *)qp;
	uint16_t i;

	for (i = 0; i < n && x->head != x->tail; i++) {
		ops[i] = x->done[x->head++ % DEPTH];
		if (ops[i]->status == ACCEL_STATUS_SUCCESS)
			accel_qp_count(&qp->stats.bytes, ops[i]->len);
		else
			accel_qp_count(&qp->stats.errors, 1);
	}
	accel_qp_count(&qp->stats.dequeued, i);
	return i;
}

static void
xor_info_get(struct accel_dev *dev __rte_unused, struct accel_dev_info *info)
{
	info->max_qps = 1;
	info->min_depth = info->max_depth = DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = UINT64_MAX;
}

static int
xor_configure(struct accel_dev *dev __rte_unused, const struct accel_dev_conf *conf __rte_unused)
{
	return 0; /* nothing waits, so there is no deadline to keep */
}

static int
xor_qp_setup(struct accel_dev *dev, uint16_t qp_id __rte_unused,
		const struct accel_qp_conf *conf __rte_unused, struct accel_qp **qp)
{
	struct xor_dev *x = dev->priv;

	memset(&x->qp, 0, sizeof(x->qp));
	*qp = &x->qp;
	return 0;
}

static void
xor_qp_release(struct accel_dev *dev __rte_unused, struct accel_qp *qp __rte_unused)
{
}

static int
xor_start(struct accel_dev *dev)
{
	struct xor_dev *x = dev->priv;

	x->head = x->tail; /* what was left belongs to the application again */
	return 0;
}

static int
xor_stop(struct accel_dev *dev __rte_unused)
{
	return 0; /* enqueue has finished all there is */
}

static const struct accel_dev_ops xor_ops = {
	.info_get = xor_info_get,
	.configure = xor_configure,
	.qp_setup = xor_qp_setup,
	.qp_release = xor_qp_release,
	.start = xor_start,
	.stop = xor_stop,
};

static int
xor_probe(struct accel_dev *dev)
{
	struct xor_dev *x = calloc(1, sizeof(*x));
	int ret = x == NULL ? -ENOMEM : accel_dev_arg_u64(dev, "key", 0, UINT8_MAX, &x->key);

	if (ret != 0) {
		free(x);
		return ret;
	}
	x->dev = dev;
	dev->priv = x;
	dev->ops = &xor_ops;
	dev->enqueue = xor_enqueue;
	dev->dequeue = xor_dequeue;
	return 0;
}

static void
xor_remove(struct accel_dev *dev)
{
	free(dev->priv);
}

static struct accel_driver xor_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "xor",
	.bus = "soft",
	.keys = (const char *const []){ "key", NULL },
	.probe = xor_probe,
	.remove = xor_remove,
};

ACCEL_DRIVER_REGISTER(xor_driver)
