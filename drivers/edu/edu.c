/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "edu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "edu_regs.h"

/* Driver of QEMU's educational device. See edu.h for what it offers. */

#define MAX_DEPTH       256
#define DEFAULT_DEADLINE_US (10u * 1000 * 1000) /* a transfer takes 100 ms */
#define STOP_MS         1000
#define EDU_XSTATS      2

/*
 * Identification
 */

static int
identify(struct accel_dev *dev, const struct accel_region *bar)
{
	static const uint32_t probe = 0x5a17c3e9;
	uint32_t id = accel_mmio_read32(bar, EDU_ID);
	uint32_t echo;

	if ((id & EDU_ID_MASK) != EDU_ID_VALUE) {
		ACCEL_DEV_LOG(ERR, dev, "reads 0x%08x where an edu device has 0xRRrr00ed", id);
		return -ENODEV;
	}
	accel_mmio_write32(bar, EDU_LIVENESS, probe);
	echo = accel_mmio_read32(bar, EDU_LIVENESS);
	if (echo == ~probe)
		return 0;
	ACCEL_DEV_LOG(ERR, dev, "is not alive: wrote 0x%08x, read 0x%08x, not its inverse", probe, echo);
	return -EIO;
}

/* A transfer cannot be called off: wait for its end, which a device that is gone does not tell. */
static bool
wait_idle(const struct edu_dev *edu)
{
	unsigned int ms;

	for (ms = 0; edu_engine_busy(edu); ms++) {
		if (accel_dev_health_get(edu->dev) >= ACCEL_DEV_REMOVING &&
				accel_mmio_is_silent(&edu->bar))
			return true;
		if (ms == STOP_MS)
			return false;
		rte_delay_us_sleep(1000);
	}
	return true;
}

/*
 * Control
 */

static void
edu_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1; /* there is one DMA engine */
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = EDU_MAX_OP_LEN;
}

static int
edu_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	struct edu_dev *edu = dev->priv;
	uint64_t us = conf->deadline_us != 0 ? conf->deadline_us : DEFAULT_DEADLINE_US;

	edu->deadline_cycles = us * rte_get_tsc_hz() / 1000000;
	return 0;
}

static int
edu_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	struct edu_dev *edu = dev->priv;

	(void)qp_id;
	if (accel_ring_setup(dev, conf, sizeof(struct edu_qp), qp) != 0)
		return -ENOMEM;
	edu->qp = (struct edu_qp *)*qp;
	edu->qp->edu = edu;
	return 0;
}

static int
edu_start(struct accel_dev *dev)
{
	struct edu_dev *edu = dev->priv;

	edu->qp->running = false;
	edu->qp->outward = false;
	edu->qp->at = 0;
	return accel_ring_start(dev);
}

static int
edu_stop(struct accel_dev *dev)
{
	bool idle = wait_idle(dev->priv);

	if (!idle) {
		ACCEL_DEV_LOG(ERR, dev, "has a transfer that does not end");
		accel_dev_report_error(dev);
	}
	accel_ring_stop(dev);
	return idle ? 0 : -EIO;
}

/* The device has no reset: quiet is all it can be made. */
static int
edu_reset(struct accel_dev *dev)
{
	struct edu_dev *edu = dev->priv;

	if (!wait_idle(edu)) {
		ACCEL_DEV_LOG(ERR, dev, "has a transfer that does not end: reset its machine");
		return -EIO;
	}
	return identify(dev, &edu->bar);
}

static int
edu_xstats(struct accel_dev *dev, struct accel_xstat_name *names, uint64_t *values, unsigned int n)
{
	const struct edu_dev *edu = dev->priv;

	if (n < EDU_XSTATS)
		return EDU_XSTATS;
	if (names != NULL) {
		strcpy(names[0].name, "edu_transfers_to_device");
		strcpy(names[1].name, "edu_transfers_to_host");
	}
	if (values != NULL) {
		values[0] = __atomic_load_n(&edu->to_device, __ATOMIC_RELAXED);
		values[1] = __atomic_load_n(&edu->to_host, __ATOMIC_RELAXED);
	}
	return EDU_XSTATS;
}

static const struct accel_dev_ops edu_ops = {
	.info_get = edu_info_get,
	.configure = edu_configure,
	.qp_setup = edu_qp_setup,
	.qp_release = accel_ring_release,
	.start = edu_start,
	.stop = edu_stop,
	.reset = edu_reset,
	.qp_abort = edu_abort,
	.xstats = edu_xstats,
};

/*
 * Probe and remove
 */

static int
edu_probe(struct accel_dev *dev)
{
	struct edu_dev *edu = calloc(1, sizeof(*edu));
	int ret;

	if (edu == NULL)
		return -ENOMEM;
	edu->dev = dev;
	ret = accel_dev_region(dev, EDU_BAR, &edu->bar);
	if (ret == 0)
		ret = identify(dev, &edu->bar);
	/* A closed or killed program may have left one running, during which no other can start. */
	if (ret == 0 && !wait_idle(edu)) {
		ACCEL_DEV_LOG(ERR, dev, "has a transfer that does not end: reset its machine");
		ret = -EIO;
	}
	if (ret == 0)
		ret = accel_dev_add_bank(dev, EDU_BUF_BASE, EDU_BANK_SIZE);
	if (ret < 0) {
		free(edu);
		return ret;
	}
	dev->priv = edu;
	dev->ops = &edu_ops;
	dev->enqueue = edu_enqueue;
	dev->dequeue = edu_dequeue;
	return 0;
}

static void
edu_remove(struct accel_dev *dev)
{
	free(dev->priv);
}

static const struct accel_id edu_ids[] = { { EDU_VENDOR, EDU_DEVICE }, { 0, 0 } };

static struct accel_driver edu_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "edu",
	.ids = edu_ids,
	/* QEMU's default; a device that was given a wider mask is opened with dma_bits=. */
	.dma_bits = 28,
	.probe = edu_probe,
	.remove = edu_remove,
};

ACCEL_DRIVER_REGISTER(edu_driver)
