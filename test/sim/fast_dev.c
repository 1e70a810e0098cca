/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fast_dev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_io.h>

#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>
#include <devmodel/devmodel.h>

#include "fast_regs.h"

/* The driver of the copy engine. */

extern struct devmodel_type fast_model;

struct fast_faults fast_faults;
struct accel_dev *fast_last;

struct fast_qp {
	struct accel_ring ring;
	struct accel_buf *mem;
	struct fast_desc *descs;
	struct fast_done *dones;
	uint64_t regs;
	unsigned int idle; /* dequeues that found nothing */
};

struct fast_dev {
	struct accel_region bar;
	struct accel_buf *scratch;
	struct fast_qp *qps[FAST_MAX_QPS];
};

#ifdef __SANITIZE_THREAD__
#define TSAN 1
#else
#define TSAN 0
#endif

static const struct accel_region *
bar_of(const struct fast_qp *qp)
{
	return &((struct fast_dev *)qp->ring.dev->priv)->bar;
}

/*
 * Control
 */

static void
info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = FAST_MAX_QPS;
	info->min_depth = 1;
	info->max_depth = FAST_MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = FAST_MAX_LEN;
}

static int
qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **out)
{
	struct fast_dev *fast = dev->priv;
	struct fast_qp *qp;
	int ret = accel_ring_setup(dev, conf, sizeof(*qp), out);

	if (ret != 0)
		return ret;
	qp = (struct fast_qp *)*out;
	ret = accel_dev_dma_alloc(dev, conf->depth * (sizeof(*qp->descs) + sizeof(*qp->dones)), 64,
			ACCEL_BUF_ZERO, &qp->mem);
	if (ret != 0) {
		accel_ring_release(dev, *out);
		return ret;
	}
	qp->descs = qp->mem->va;
	qp->dones = (struct fast_done *)(qp->descs + conf->depth);
	qp->regs = (uint64_t)qp_id * FAST_QUEUE;
	fast->qps[qp_id] = qp;
	return 0;
}

static void
qp_release(struct accel_dev *dev, struct accel_qp *qp)
{
	accel_dev_dma_free(dev, ((struct fast_qp *)qp)->mem);
	accel_ring_release(dev, qp);
}

static void
quiet(const struct fast_dev *fast)
{
	unsigned int i;

	for (i = 0; i < FAST_MAX_QPS; i++)
		accel_mmio_write32(&fast->bar, i * FAST_QUEUE + FAST_STOP, 1);
}

static int
configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	struct fast_dev *fast = dev->priv;

	(void)conf;
	memset(fast->qps, 0, sizeof(fast->qps));
	return 0;
}

static int
start(struct accel_dev *dev)
{
	struct fast_dev *fast = dev->priv;
	unsigned int i;

	quiet(fast);
	for (i = 0; i < FAST_MAX_QPS && fast->qps[i] != NULL; i++) {
		struct fast_qp *qp = fast->qps[i];
		uint64_t depth = qp->ring.mask + 1;

		memset(qp->dones, 0, depth * sizeof(*qp->dones));
		accel_mmio_write64(&fast->bar, qp->regs + FAST_RING, qp->mem->iova);
		accel_mmio_write64(&fast->bar, qp->regs + FAST_DONE,
				qp->mem->iova + depth * sizeof(*qp->descs));
		accel_mmio_write64(&fast->bar, qp->regs + FAST_MASK, depth - 1);
	}
	return accel_ring_start(dev);
}

static int
stop(struct accel_dev *dev)
{
	quiet(dev->priv);
	return accel_ring_stop(dev);
}

static int
reset(struct accel_dev *dev)
{
	const struct fast_dev *fast = dev->priv;

	quiet(fast);
	return accel_mmio_read32(&fast->bar, FAST_ID) == FAST_ID_VALUE ? 0 : -EIO;
}

static const struct accel_dev_ops ops = {
	.info_get = info_get,
	.configure = configure,
	.qp_setup = qp_setup,
	.qp_release = qp_release,
	.start = start,
	.stop = stop,
	.reset = reset,
	.qp_abort = accel_ring_abort,
};

/*
 * Bursts
 */

static uint16_t
enqueue(struct accel_qp *common, struct accel_op **ops_in, uint16_t n)
{
	struct fast_qp *qp = (struct fast_qp *)common;
	uint32_t at = qp->ring.tail;
	uint16_t i, taken = accel_ring_enqueue(&qp->ring, ops_in, n);

	for (i = 0; i < taken; i++) {
		struct fast_desc *d = &qp->descs[(at + i) & qp->ring.mask];

		d->src = ops_in[i]->src;
		d->dst = ops_in[i]->dst;
		d->len = ops_in[i]->len;
	}
	rte_io_wmb();
	if (taken > 0)
		accel_mmio_write32(bar_of(qp), qp->regs + FAST_TAIL, qp->ring.tail);
	return taken;
}

/*
 * How many the device says are done, at most. Completions in memory say that too; ThreadSanitizer
 * knows of order by the register alone.
 */
static uint32_t
done_limit(struct fast_qp *qp)
{
	uint32_t head;

	if (!TSAN)
		return qp->ring.tail;
	head = accel_mmio_read32(bar_of(qp), qp->regs + FAST_HEAD);
	return head == UINT32_MAX ? qp->ring.next : head;
}

static const enum accel_status statuses[] = { ACCEL_STATUS_SUCCESS, ACCEL_STATUS_LENGTH,
	ACCEL_STATUS_BAD_ADDRESS };

static uint16_t
dequeue(struct accel_qp *common, struct accel_op **ops_out, uint16_t n)
{
	struct fast_qp *qp = (struct fast_qp *)common;
	uint32_t limit = done_limit(qp);

	while (qp->ring.next != limit) {
		const struct fast_done *d = &qp->dones[qp->ring.next & qp->ring.mask];

		if (__atomic_load_n(&d->seq, __ATOMIC_ACQUIRE) != qp->ring.next + 1)
			break;
		if (d->status == FAST_BAD_ADDR && accel_dev_health_get(qp->ring.dev) != 0)
			break; /* it may have been cut off; qp_abort is next */
		accel_ring_finish(&qp->ring, statuses[d->status]);
	}
	/* A model without a thread works when it is accessed. */
	if (qp->ring.head == qp->ring.next && qp->ring.next != qp->ring.tail && ++qp->idle % 4 == 0)
		accel_mmio_read32(bar_of(qp), qp->regs + FAST_HEAD);
	return accel_ring_dequeue(common, ops_out, n);
}

/*
 * Probe and remove
 */

static int
take(struct accel_dev *dev, struct fast_dev *fast)
{
	struct accel_buf foreign;
	struct accel_buf *left;
	unsigned int i;
	int ret = accel_dev_region(dev, 0, &fast->bar);

	if (ret == 0 && accel_mmio_read32(&fast->bar, FAST_ID) != FAST_ID_VALUE)
		ret = -ENODEV;
	if (ret == 0)
		ret = accel_dev_dma_alloc(dev, 4096, 0, 0, &fast->scratch);
	for (i = 0; ret == 0 && i < fast_faults.leak; i++)
		ret = accel_dev_dma_alloc(dev, 4096, 0, 0, &left);
	if (ret == 0 && fast_faults.free_foreign)
		accel_dev_dma_free(dev, &foreign);
	if (ret == 0 && fast_faults.report_in_probe)
		accel_dev_report_error(dev);
	if (ret == 0 && fast_faults.in_probe != NULL)
		fast_faults.in_probe(dev);
	return ret != 0 ? ret : fast_faults.probe_error;
}

static int
probe(struct accel_dev *dev)
{
	struct fast_dev *fast = calloc(1, sizeof(*fast));
	int ret;

	if (fast == NULL)
		return -ENOMEM;
	ret = take(dev, fast);
	if (ret != 0) {
		free(fast);
		return ret;
	}
	quiet(fast);
	dev->priv = fast;
	dev->ops = &ops;
	dev->enqueue = enqueue;
	dev->dequeue = dequeue;
	__atomic_store_n(&fast_last, dev, __ATOMIC_RELAXED);
	return 0;
}

static void
remove_dev(struct accel_dev *dev)
{
	struct fast_dev *fast = dev->priv;

	accel_dev_dma_free(dev, fast->scratch);
	free(fast);
}

static const struct accel_id ids[] = { { FAST_VENDOR, FAST_DEVICE }, { 0, 0 } };

static struct accel_driver driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "fast",
	.ids = ids,
	.probe = probe,
	.remove = remove_dev,
};

int
fast_setup(void)
{
	memset(&fast_faults, 0, sizeof(fast_faults));
	return devmodel_register(&fast_model) != 0 || accel_driver_register(&driver) != 0;
}

int
fast_teardown(void)
{
	return accel_driver_unregister(&driver) != 0 || devmodel_unregister(&fast_model) != 0;
}
