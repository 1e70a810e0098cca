/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "dfl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "dfl_regs.h"

#define MAX_DEPTH           1024
#define DEFAULT_DEADLINE_US (1000u * 1000) /* of one start of an engine */
#define RESET_MS            100

/*
 * Control
 */

static void
dfl_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	const struct dfl_dev *dfl = dev->priv;

	if (dfl->engine == NULL)
		return; /* no queue pairs */
	info->max_qps = 1;
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = DFL_MAX_OP_LEN;
}

static int
dfl_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	struct dfl_dev *dfl = dev->priv;
	uint64_t us = conf->deadline_us != 0 ? conf->deadline_us : DEFAULT_DEADLINE_US;

	dfl->deadline_cycles = us * rte_get_tsc_hz() / 1000000;
	return 0;
}

static int
dfl_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	struct dfl_dev *dfl = dev->priv;

	(void)qp_id;
	if (accel_ring_setup(dev, conf, sizeof(struct dfl_qp), qp) != 0)
		return -ENOMEM;
	dfl->qp = (struct dfl_qp *)*qp;
	return 0;
}

static int
dfl_start(struct accel_dev *dev)
{
	struct dfl_dev *dfl = dev->priv;

	dfl->qp->running = false;
	dfl->qp->at = 0;
	return accel_ring_start(dev);
}

static int
dfl_stop(struct accel_dev *dev)
{
	struct dfl_dev *dfl = dev->priv;

	dfl_engine_stop(dfl);
	return accel_ring_stop(dev);
}

/*
 * Reset
 */

static bool
wait_ack(const struct dfl_dev *dfl, uint64_t at)
{
	unsigned int ms;

	for (ms = 0; ms < RESET_MS; ms++) {
		if ((accel_mmio_read64(&dfl->bar, at) & PORT_RESET_ACK) != 0)
			return true;
		rte_delay_us_sleep(1000);
	}
	return false;
}

static int
reset_port(const struct dfl_dev *dfl, uint64_t port)
{
	uint64_t at = port + PORT_CONTROL;
	uint64_t control = accel_mmio_read64(&dfl->bar, at);

	accel_mmio_write64(&dfl->bar, at, control | PORT_RESET);
	if (!wait_ack(dfl, at)) {
		ACCEL_DEV_LOG(ERR, dfl->dev, "does not reset its port: close it, and power the "
				"card off");
		return -EIO;
	}
	accel_mmio_write64(&dfl->bar, at, control & ~(uint64_t)PORT_RESET);
	return 0;
}

/* What the AFUs do ends here: 0, -ENOTSUP when there is no way, or -EIO. */
static int
quiet(struct dfl_dev *dfl)
{
	unsigned int i;
	int ret = 0;

	if (dfl->engine != NULL)
		dfl_engine_stop(dfl);
	for (i = 0; i < dfl->nb_ports && ret == 0; i++)
		ret = reset_port(dfl, dfl->ports[i]);
	return dfl->engine == NULL && dfl->nb_ports == 0 ? -ENOTSUP : ret;
}

static int
dfl_reset(struct accel_dev *dev)
{
	int ret = quiet(dev->priv);

	return ret == -ENOTSUP && accel_dev_was_reset(dev) ? 0 : ret;
}

static int
dfl_xstats(struct accel_dev *dev, struct accel_xstat_name *names, uint64_t *values, unsigned int n)
{
	const struct dfl_dev *dfl = dev->priv;

	if (n < 1)
		return 1;
	if (names != NULL)
		snprintf(names[0].name, sizeof(names[0].name), "dfl_transfers");
	if (values != NULL)
		values[0] = __atomic_load_n(&dfl->transfers, __ATOMIC_RELAXED);
	return 1;
}

static const struct accel_dev_ops dfl_ops = {
	.info_get = dfl_info_get,
	.configure = dfl_configure,
	.qp_setup = dfl_qp_setup,
	.qp_release = accel_ring_release,
	.start = dfl_start,
	.stop = dfl_stop,
	.reset = dfl_reset,
	.qp_abort = dfl_abort,
	.xstats = dfl_xstats,
};

/*
 * Probe and remove
 */

static int
set_up(struct dfl_dev *dfl)
{
	int ret = accel_dev_region(dfl->dev, DFL_BAR, &dfl->bar);

	if (ret != 0) {
		ACCEL_DEV_LOG(ERR, dfl->dev, "has no BAR 0 for a device feature list: take another "
				"driver");
		return ret;
	}
	ret = dfl_walk(dfl);
	if (ret == 0)
		ret = quiet(dfl); /* an earlier owner may have left it running */
	if (ret == -ENOTSUP)
		ret = 0;
	if (ret != 0 || dfl->engine == NULL)
		return ret;
	return accel_dev_dma_alloc(dfl->dev, 4096, 4096, ACCEL_BUF_ZERO, &dfl->dsm);
}

static int
dfl_probe(struct accel_dev *dev)
{
	struct dfl_dev *dfl = calloc(1, sizeof(*dfl));
	int ret;

	if (dfl == NULL)
		return -ENOMEM;
	dfl->dev = dev;
	ret = set_up(dfl);
	if (ret != 0) {
		free(dfl);
		return ret;
	}
	dev->priv = dfl;
	dev->ops = &dfl_ops;
	dev->enqueue = dfl_enqueue;
	dev->dequeue = dfl_dequeue;
	return 0;
}

static void
dfl_remove(struct accel_dev *dev)
{
	struct dfl_dev *dfl = dev->priv;

	accel_dev_dma_free(dev, dfl->dsm);
	free(dfl);
}

/* As the kernel's dfl-pci has them: functions of cards, and their virtual functions. */
static const struct accel_id dfl_ids[] = {
	{ 0x8086, 0xbcbd }, { 0x8086, 0xbcbf }, { 0x8086, 0xbcc0 }, { 0x8086, 0xbcc1 },
	{ 0x8086, 0x09c4 }, { 0x8086, 0x09c5 }, { 0x8086, 0x0b30 }, { 0x8086, 0x0b31 },
	{ 0x8086, 0x0b2b }, { 0x8086, 0x0b2c }, { 0x8086, 0xaf00 }, { 0x8086, 0xaf01 },
	{ 0x8086, 0xbcce }, { 0x8086, 0xbccf }, { 0x1c2c, 0x1000 }, { 0x1c2c, 0x1001 },
	{ 0, 0 },
};

static struct accel_driver dfl_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "dfl",
	.ids = dfl_ids,
	/* NLB has no more, and no memory lies beyond unless it is asked for. */
	.dma_bits = 48,
	.probe = dfl_probe,
	.remove = dfl_remove,
};

ACCEL_DRIVER_REGISTER(dfl_driver)
