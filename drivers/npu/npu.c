/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "vta_isa.h"

#define MAX_DEPTH           1024
#define DEFAULT_DEADLINE_US (10u * 1000 * 1000) /* of one run */
#define NPU_XSTATS          3

#define WIDTHS  (VTA_LOG_INP_WIDTH | VTA_LOG_WGT_WIDTH << 4 | VTA_LOG_ACC_WIDTH << 8 | \
		VTA_LOG_BATCH << 12 | VTA_LOG_BLOCK << 16)
#define BUFFERS ((uint32_t)VTA_LOG_UOP_BUF | VTA_LOG_INP_BUF << 8 | VTA_LOG_WGT_BUF << 16 | \
		VTA_LOG_ACC_BUF << 24)

static uint32_t
read_reg(const struct npu_dev *npu, uint64_t off)
{
	return accel_mmio_read32(&npu->bar, off);
}

/*
 * Identification
 */

static int
identify(struct npu_dev *npu)
{
	uint32_t id = read_reg(npu, NPU_ID), version = read_reg(npu, NPU_VERSION);
	uint32_t isa = read_reg(npu, NPU_ISA), widths = read_reg(npu, NPU_WIDTHS);
	uint32_t buffers = read_reg(npu, NPU_BUFFERS);

	npu->nb_cores = read_reg(npu, NPU_CORES);
	if (id != NPU_ID_VALUE || version != NPU_VERSION_VALUE) {
		ACCEL_DEV_LOG(ERR, npu->dev, "reads 0x%08x, version %u, where an NPU has 0x%08x, version "
				"%u", id, version, NPU_ID_VALUE, NPU_VERSION_VALUE);
		return -ENODEV;
	}
	if (isa == VTA_HW_VERSION && widths == WIDTHS && buffers == BUFFERS && npu->nb_cores != 0 &&
			npu->nb_cores <= NPU_MAX_CORES)
		return 0;
	ACCEL_DEV_LOG(ERR, npu->dev, "has %u cores of VTA 0x%06x, widths 0x%05x, buffers 0x%08x: this driver "
			"knows 1 to %u of 0x%06x, 0x%05x, 0x%08x", npu->nb_cores, isa, widths, buffers,
			NPU_MAX_CORES, VTA_HW_VERSION, WIDTHS, BUFFERS);
	return -ENOTSUP;
}

int
npu_core_reset(struct npu_dev *npu, unsigned int core)
{
	accel_mmio_write32(&npu->bar, NPU_RESET, 1u << core);
	if ((read_reg(npu, NPU_CORE(core) + VTA_CONTROL) & VTA_CONTROL_LAUNCH) == 0 ||
			accel_mmio_is_silent(&npu->bar))
		return 0;
	ACCEL_DEV_LOG(ERR, npu->dev, "core %u goes on after its reset: reset the device", core);
	return -EIO;
}

static int
reset_cores(struct npu_dev *npu)
{
	unsigned int core;
	int ret = 0;

	accel_mmio_write32(&npu->bar, NPU_IRQ_ENABLE, 0);
	for (core = 0; core < npu->nb_cores && ret == 0; core++)
		ret = npu_core_reset(npu, core);
	accel_mmio_write32(&npu->bar, NPU_IRQ_CAUSE, UINT32_MAX);
	return ret;
}

/*
 * Control
 */

static void
npu_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	const struct npu_dev *npu = dev->priv;

	info->max_qps = (uint16_t)npu->nb_cores;
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY) | ACCEL_OP_BIT(ACCEL_OP_FILL) |
			ACCEL_OP_BIT(ACCEL_OP_RUN);
	info->max_op_len = UINT32_MAX;
}

static int
npu_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	struct npu_dev *npu = dev->priv;
	uint64_t us = conf->deadline_us != 0 ? conf->deadline_us : DEFAULT_DEADLINE_US;

	npu->deadline_cycles = us * rte_get_tsc_hz() / 1000000;
	return 0;
}

static int
npu_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	struct npu_dev *npu = dev->priv;

	if (accel_ring_setup(dev, conf, sizeof(struct npu_qp), qp) != 0)
		return -ENOMEM;
	npu->qps[qp_id] = (struct npu_qp *)*qp;
	npu->qps[qp_id]->npu = npu;
	npu->qps[qp_id]->core = qp_id;
	return 0;
}

static void
npu_qp_release(struct accel_dev *dev, struct accel_qp *qp)
{
	struct npu_dev *npu = dev->priv;
	struct npu_qp *own = (struct npu_qp *)qp;

	npu_abort(dev, qp, ACCEL_STATUS_ABORTED); /* so that no instance stays in flight */
	if (npu->qps[own->core] == own)
		npu->qps[own->core] = NULL;
	accel_ring_release(dev, qp);
}

void
npu_core_begin(struct npu_dev *npu, unsigned int core)
{
	static const unsigned int bases[] = { VTA_UOP_LO, VTA_INP_LO, VTA_WGT_LO, VTA_ACC_LO,
		VTA_OUT_LO };
	unsigned int i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		accel_mmio_write32(&npu->bar, NPU_CORE(core) + bases[i], 0);
		accel_mmio_write32(&npu->bar, NPU_CORE(core) + bases[i] + 4, npu->window);
	}
}

static int
npu_start(struct accel_dev *dev)
{
	struct npu_dev *npu = dev->priv;
	int ret = reset_cores(npu);
	unsigned int core;

	if (ret != 0)
		return ret;
	for (core = 0; core < npu->nb_cores; core++) {
		npu_core_begin(npu, core);
		if (npu->qps[core] != NULL)
			npu->qps[core]->running = false;
	}
	accel_mmio_write32(&npu->bar, NPU_IRQ_ENABLE, (uint32_t)((UINT64_C(1) << npu->nb_cores) - 1));
	return accel_ring_start(dev);
}

static int
npu_stop(struct accel_dev *dev)
{
	struct npu_dev *npu = dev->priv;
	int ret = reset_cores(npu);
	unsigned int core;

	for (core = 0; core < npu->nb_cores; core++) {
		if (npu->qps[core] != NULL)
			npu_abort(dev, &npu->qps[core]->ring.qp, ACCEL_STATUS_ABORTED);
	}
	return ret;
}

static int
npu_reset(struct accel_dev *dev)
{
	struct npu_dev *npu = dev->priv;
	int ret = identify(npu);

	return ret == 0 ? reset_cores(npu) : ret;
}

static int
npu_xstats(struct accel_dev *dev, struct accel_xstat_name *names, uint64_t *values, unsigned int n)
{
	const struct npu_dev *npu = dev->priv;

	if (n < NPU_XSTATS)
		return NPU_XSTATS;
	if (names != NULL) {
		strcpy(names[0].name, "npu_runs");
		strcpy(names[1].name, "npu_resets");
		strcpy(names[2].name, "npu_cycles");
	}
	if (values != NULL) {
		values[0] = __atomic_load_n(&npu->runs, __ATOMIC_RELAXED);
		values[1] = __atomic_load_n(&npu->resets, __ATOMIC_RELAXED);
		values[2] = __atomic_load_n(&npu->cycles, __ATOMIC_RELAXED);
	}
	return NPU_XSTATS;
}

static const struct accel_dev_ops npu_ops = {
	.info_get = npu_info_get,
	.configure = npu_configure,
	.qp_setup = npu_qp_setup,
	.qp_release = npu_qp_release,
	.start = npu_start,
	.stop = npu_stop,
	.reset = npu_reset,
	.qp_abort = npu_abort,
	.xstats = npu_xstats,
	.program = &npu_program_ops,
};

/*
 * Probe and remove
 */

static int
npu_probe(struct accel_dev *dev)
{
	struct npu_dev *npu = calloc(1, sizeof(*npu));
	uint64_t first, last;
	int ret;

	if (npu == NULL)
		return -ENOMEM;
	npu->dev = dev;
	ret = accel_dev_region(dev, NPU_BAR, &npu->bar);
	if (ret == 0)
		ret = identify(npu);
	if (ret == 0)
		ret = reset_cores(npu);
	if (ret != 0) {
		free(npu);
		return ret;
	}
	accel_dev_dma_window(dev, &first, &last);
	npu->window = (uint32_t)(first >> 32);
	dev->priv = npu;
	dev->ops = &npu_ops;
	dev->enqueue = npu_enqueue;
	dev->dequeue = npu_dequeue;
	return 0;
}

static void
npu_remove(struct accel_dev *dev)
{
	struct npu_dev *npu = dev->priv;

	reset_cores(npu);
	free(npu);
}

static const struct accel_id npu_ids[] = { { NPU_VENDOR, NPU_DEVICE }, { 0, 0 } };

static struct accel_driver npu_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "npu",
	.ids = npu_ids,
	.dma_window_bits = 32,
	.probe = npu_probe,
	.remove = npu_remove,
};

ACCEL_DRIVER_REGISTER(npu_driver)
