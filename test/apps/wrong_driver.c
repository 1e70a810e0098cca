/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver that does its work wrong and says it went well, to see whether accel-testpmd notices:
 * soft:0,driver=wrong,fault=N. Loaded with EAL's option -d.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/accel_driver.h>

#define DEPTH 256

enum fault {
	FAULT_NONE,
	FAULT_BYTE,    /* one byte is wrong */
	FAULT_NOTHING, /* nothing is copied */
	FAULT_LAST,    /* the last byte is missing */
	FAULT_OVERRUN, /* one byte too many */
	FAULT_ORDER,   /* two ops come back in the wrong order */
	FAULT_HANG,    /* nothing comes back, not even after stop */
	FAULT_STATUS,  /* a status that does not exist */
	FAULT_MAX,
};

struct wrong {
	struct accel_qp qp; /* first */
	struct accel_dev *dev;
	uint64_t fault;
	uint16_t head, tail;
	struct accel_op *ops[DEPTH];
};

static void
copy(const struct wrong *w, uint8_t *dst, const uint8_t *src, uint64_t len)
{
	if (w->fault != FAULT_NOTHING)
		memcpy(dst, src, len - (w->fault == FAULT_LAST));
	if (w->fault == FAULT_BYTE)
		dst[len / 2] ^= 1;
	if (w->fault == FAULT_OVERRUN)
		dst[len] ^= 1;
}

static uint8_t
execute(const struct wrong *w, const struct accel_op *op)
{
	void *src, *dst;

	if (op->type != ACCEL_OP_COPY)
		return ACCEL_STATUS_INVALID;
	if (accel_dma_translate(w->dev, op->src, op->len, ACCEL_DMA_READ, &src) != 0 ||
			accel_dma_translate(w->dev, op->dst, op->len, ACCEL_DMA_WRITE, &dst) != 0)
		return ACCEL_STATUS_BAD_ADDRESS;
	copy(w, dst, src, op->len);
	return w->fault == FAULT_STATUS ? 0xee : ACCEL_STATUS_SUCCESS;
}

static uint16_t
wrong_enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct wrong *w = (struct wrong *)qp;
	uint16_t i;

	for (i = 0; i < n && (uint16_t)(w->tail - w->head) < DEPTH; i++) {
		ops[i]->status = execute(w, ops[i]);
		w->ops[w->tail++ % DEPTH] = ops[i];
	}
	accel_qp_count(&qp->stats.enqueued, i);
	return i;
}

static uint16_t
wrong_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct wrong *w = (struct wrong *)qp;
	struct accel_op *first;
	uint16_t i = 0;

	while (w->fault != FAULT_HANG && i < n && w->head != w->tail)
		ops[i++] = w->ops[w->head++ % DEPTH];
	if (w->fault == FAULT_ORDER && i > 1) {
		first = ops[0];
		ops[0] = ops[1];
		ops[1] = first;
	}
	accel_qp_count(&qp->stats.dequeued, i);
	return i;
}

static void
wrong_info_get(struct accel_dev *dev __rte_unused, struct accel_dev_info *info)
{
	info->max_qps = 1;
	info->min_depth = DEPTH;
	info->max_depth = DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = 1 << 20;
}

static int
wrong_configure(struct accel_dev *dev __rte_unused,
		const struct accel_dev_conf *conf __rte_unused)
{
	return 0;
}

static int
wrong_qp_setup(struct accel_dev *dev, uint16_t qp_id __rte_unused,
		const struct accel_qp_conf *conf __rte_unused, struct accel_qp **qp)
{
	struct wrong *w = dev->priv;

	memset(&w->qp, 0, sizeof(w->qp));
	*qp = &w->qp;
	return 0;
}

static void
wrong_qp_release(struct accel_dev *dev __rte_unused, struct accel_qp *qp __rte_unused)
{
}

static int
wrong_start(struct accel_dev *dev)
{
	struct wrong *w = dev->priv;

	w->head = w->tail;
	return 0;
}

static int
wrong_stop(struct accel_dev *dev __rte_unused)
{
	return 0;
}

static const struct accel_dev_ops wrong_ops = {
	.info_get = wrong_info_get,
	.configure = wrong_configure,
	.qp_setup = wrong_qp_setup,
	.qp_release = wrong_qp_release,
	.start = wrong_start,
	.stop = wrong_stop,
};

static int
wrong_probe(struct accel_dev *dev)
{
	struct wrong *w = calloc(1, sizeof(*w));
	int ret;

	if (w == NULL)
		return -ENOMEM;
	ret = accel_dev_arg_u64(dev, "fault", 0, FAULT_MAX - 1, &w->fault);
	if (ret != 0) {
		free(w);
		return ret;
	}
	w->dev = dev;
	dev->priv = w;
	dev->ops = &wrong_ops;
	dev->enqueue = wrong_enqueue;
	dev->dequeue = wrong_dequeue;
	return 0;
}

static void
wrong_remove(struct accel_dev *dev)
{
	free(dev->priv);
}

static const char *const wrong_keys[] = { "fault", NULL };

static struct accel_driver wrong_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "wrong",
	.bus = "soft",
	.keys = wrong_keys,
	.probe = wrong_probe,
	.remove = wrong_remove,
};

ACCEL_DRIVER_REGISTER(wrong_driver)
