/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mock_driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "harness.h"

struct mock_qp {
	struct accel_qp base;
	unsigned int depth;
	unsigned int head, ready, tail; /* given back, finished, taken; they run on and wrap */
	struct accel_op *ring[MOCK_MAX_DEPTH];
};

struct mock_dev {
	struct accel_dev_ops ops;
	struct mock_qp *qps[MOCK_MAX_QPS];
	bool started;
};

struct mock mock;

static int
called(enum mock_call call)
{
	mock.calls[call]++;
	return mock.fail == call ? mock.error : 0;
}

static struct mock_dev *
to_mock(struct accel_dev *dev)
{
	return dev->priv;
}

static void
stray_if(bool cond)
{
	if (cond)
		mock.stray++;
}

static uint16_t
mock_enqueue(struct accel_qp *base, struct accel_op **ops, uint16_t n)
{
	struct mock_qp *qp = (struct mock_qp *)base;
	uint16_t i;

	mock.calls[MOCK_ENQUEUE]++;
	for (i = 0; i < n && qp->tail - qp->head < qp->depth; i++)
		qp->ring[qp->tail++ % MOCK_MAX_DEPTH] = ops[i];
	accel_qp_count(&base->stats.enqueued, i);
	accel_qp_count(&base->stats.rejected, n - i);
	return i;
}

static uint16_t
mock_dequeue(struct accel_qp *base, struct accel_op **ops, uint16_t n)
{
	struct mock_qp *qp = (struct mock_qp *)base;
	uint16_t i;

	mock.calls[MOCK_DEQUEUE]++;
	for (i = 0; i < n && qp->head != qp->ready; i++) {
		ops[i] = qp->ring[qp->head++ % MOCK_MAX_DEPTH];
		if (ops[i]->status == ACCEL_STATUS_SUCCESS)
			accel_qp_count(&base->stats.bytes, ops[i]->len);
		else
			accel_qp_count(&base->stats.errors, 1);
	}
	accel_qp_count(&base->stats.dequeued, i);
	return i;
}

static void
finish(struct mock_qp *qp, unsigned int n, uint8_t status)
{
	for (; n > 0 && qp->ready != qp->tail; n--)
		qp->ring[qp->ready++ % MOCK_MAX_DEPTH]->status = status;
}

void
mock_complete(uint16_t qp_id, unsigned int n, uint8_t status)
{
	finish(to_mock(mock.dev)->qps[qp_id], n, status);
}

static void
mock_info_get(struct accel_dev *dev __rte_unused, struct accel_dev_info *info)
{
	mock.calls[MOCK_INFO_GET]++;
	info->max_qps = MOCK_MAX_QPS;
	info->min_depth = MOCK_MIN_DEPTH;
	info->max_depth = MOCK_MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY) | ACCEL_OP_BIT(ACCEL_OP_FILL);
	info->max_op_len = 1 << 20;
}

static int
mock_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	stray_if(to_mock(dev)->started || conf->nb_qps < 1 || conf->nb_qps > MOCK_MAX_QPS);
	mock.deadline_us = accel_dev_deadline_us(dev);
	return called(MOCK_CONFIGURE);
}

static int
mock_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **base)
{
	struct mock_qp *qp;
	int ret = called(MOCK_QP_SETUP);

	stray_if(to_mock(dev)->started || qp_id >= MOCK_MAX_QPS);
	mock.qp_conf = *conf;
	if (ret != 0)
		return ret;
	qp = calloc(1, sizeof(*qp));
	if (qp == NULL)
		return -ENOMEM;
	qp->depth = conf->depth;
	to_mock(dev)->qps[qp_id] = qp;
	mock.live_qps++;
	*base = &qp->base;
	return 0;
}

static void
mock_qp_release(struct accel_dev *dev, struct accel_qp *base)
{
	struct mock_dev *md = to_mock(dev);
	unsigned int i;

	mock.calls[MOCK_QP_RELEASE]++;
	mock.live_qps--;
	stray_if(md->started);
	for (i = 0; i < MOCK_MAX_QPS; i++) {
		if (md->qps[i] == (struct mock_qp *)base)
			md->qps[i] = NULL;
	}
	free(base);
}

static int
mock_start(struct accel_dev *dev)
{
	struct mock_dev *md = to_mock(dev);
	int i, ret = called(MOCK_START);

	stray_if(md->started);
	if (ret != 0)
		return ret;
	for (i = 0; i < MOCK_MAX_QPS; i++) {
		if (md->qps[i] != NULL)
			md->qps[i]->head = md->qps[i]->ready = md->qps[i]->tail;
	}
	md->started = true;
	return 0;
}

static void
abort_all(struct mock_dev *md)
{
	int i;

	for (i = 0; i < MOCK_MAX_QPS; i++) {
		if (md->qps[i] != NULL)
			finish(md->qps[i], MOCK_MAX_DEPTH, ACCEL_STATUS_ABORTED);
	}
}

static int
mock_stop(struct accel_dev *dev)
{
	struct mock_dev *md = to_mock(dev);

	stray_if(!md->started);
	md->started = false;
	abort_all(md);
	return called(MOCK_STOP);
}

static int
mock_reset(struct accel_dev *dev)
{
	stray_if(to_mock(dev)->started);
	return called(MOCK_RESET);
}

static void
leave_out(struct accel_dev *dev, struct accel_dev_ops *ops)
{
	switch (mock.leave_out) {
	case MOCK_INFO_GET:
		ops->info_get = NULL;
		break;
	case MOCK_CONFIGURE:
		ops->configure = NULL;
		break;
	case MOCK_QP_SETUP:
		ops->qp_setup = NULL;
		break;
	case MOCK_QP_RELEASE:
		ops->qp_release = NULL;
		break;
	case MOCK_START:
		ops->start = NULL;
		break;
	case MOCK_STOP:
		ops->stop = NULL;
		break;
	case MOCK_RESET:
		ops->reset = NULL;
		break;
	case MOCK_ENQUEUE:
		dev->enqueue = NULL;
		break;
	case MOCK_DEQUEUE:
		dev->dequeue = NULL;
		break;
	default:
		break;
	}
}

static int
mock_probe(struct accel_dev *dev)
{
	struct mock_dev *md;
	unsigned int i;
	int ret;

	mock.dev = dev;
	if (mock.in_probe != NULL)
		mock.in_probe(dev);
	for (i = 0; i < mock.banks; i++) {
		ret = accel_dev_add_bank(dev, (uint64_t)i << 30, 1 << 20);
		stray_if(ret != (int)i);
	}
	ret = called(MOCK_PROBE);
	if (ret != 0)
		return ret;
	md = calloc(1, sizeof(*md));
	if (md == NULL)
		return -ENOMEM;
	md->ops = (struct accel_dev_ops){
		.info_get = mock_info_get,
		.configure = mock_configure,
		.qp_setup = mock_qp_setup,
		.qp_release = mock_qp_release,
		.start = mock_start,
		.stop = mock_stop,
		.reset = mock_reset,
		.xstats = mock.xstats,
	};
	dev->priv = md;
	dev->ops = mock.no_ops ? NULL : &md->ops;
	dev->enqueue = mock_enqueue;
	dev->dequeue = mock_dequeue;
	leave_out(dev, &md->ops);
	mock.live_devs++;
	return 0;
}

static void
mock_remove(struct accel_dev *dev)
{
	mock.calls[MOCK_REMOVE]++;
	mock.live_devs--;
	stray_if(to_mock(dev)->started || mock.live_qps != 0);
	free(dev->priv);
}

static const char *const mock_keys[] = { "number", "text", NULL };

struct accel_driver mock_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "mock",
	.bus = "soft",
	.keys = mock_keys,
	.probe = mock_probe,
	.remove = mock_remove,
};

/* What a test that failed half-way left behind. */
static void
clean_up(void)
{
	int dev = accel_dev_by_name("soft:mock");

	if (dev >= 0) {
		(void)accel_dev_stop(dev);
		(void)accel_dev_close(dev);
	}
	(void)accel_driver_unregister(&mock_driver);
}

void
mock_begin(void)
{
	clean_up();
	memset(&mock, 0, sizeof(mock));
	mock.error = -EIO;
	CU_ASSERT_EQUAL(accel_driver_register(&mock_driver), 0);
}

void
mock_end(void)
{
	CU_ASSERT_EQUAL(mock.live_qps, 0);
	CU_ASSERT_EQUAL(mock.live_devs, 0);
	CU_ASSERT_EQUAL(mock.stray, 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&mock_driver), 0);
}

uint16_t
mock_open(void)
{
	int dev = accel_dev_probe(MOCK_SPEC);

	CU_ASSERT_FATAL(dev >= 0);
	return dev;
}

uint16_t
mock_open_ready(uint16_t nb_qps)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = nb_qps };
	uint16_t dev = mock_open(), qp;

	CU_ASSERT_EQUAL_FATAL(accel_dev_configure(dev, &conf), 0);
	for (qp = 0; qp < nb_qps; qp++)
		CU_ASSERT_EQUAL_FATAL(accel_qp_setup(dev, qp, NULL), 0);
	return dev;
}
