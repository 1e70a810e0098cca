/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver for tests, of QEMU's NVMe controller: a device with rings in host memory. It has only
 * what the library installs. It offers one queue pair, the admin queue, and one kind of op: bank 0
 * is what the controller tells of itself. A copy of a page from there to host memory is an Identify
 * command, of the namespace in the address' bits 20 and up, with the CNS in bits 19:12.
 *
 * Spec key: check=0 leaves it to the IOMMU whether the destination can be written.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_atomic.h>
#include <rte_cycles.h>

#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>

#include "nvme_regs.h"

#define ENTRIES   64 /* of both rings: commands fill a page */
#define MAX_DEPTH (ENTRIES / 2)
#define CNS_SHIFT 12
#define NS_SHIFT  20
#define POLL_US   100
#define DEFAULT_DEADLINE_US (10u * 1000 * 1000)

#define PENDING ACCEL_STATUS_MAX /* status of an op that is not done */

struct nvme_qp {
	struct accel_ring ring;
	struct nvme_dev *nvme;
	struct accel_dma_tlb tlb;
	uint32_t sent;                /* next to hand to the controller, as ring.next */
	uint8_t status[MAX_DEPTH];    /* by place in the ring, which is the command's id */
	uint64_t deadline[MAX_DEPTH]; /* TSC */
};

struct nvme_dev {
	struct accel_dev *dev;
	struct accel_region bar;
	struct accel_buf *sq, *cq;
	uint16_t sq_tail, cq_head;
	unsigned int phase;           /* of completions that are new */
	uint32_t stride;
	uint64_t timeout_cycles;
	uint64_t deadline_cycles;
	uint64_t bank_len;
	uint64_t check;
	bool enabled;                 /* and its rings are as we know them */
	struct nvme_qp *qp;           /* the last set up; valid when the device can start */
};

/*
 * The controller
 */

/*
 * A device that is gone reads all ones, which no status is. One that reported an error answers: a
 * reset waits for it.
 */
static int
wait_ready(const struct nvme_dev *nvme, uint32_t ready)
{
	uint64_t end = rte_rdtsc() + nvme->timeout_cycles;

	for (;;) {
		bool late = rte_rdtsc() >= end;
		uint32_t csts = accel_mmio_read32(&nvme->bar, NVME_CSTS);

		if (csts == UINT32_MAX || accel_dev_health_get(nvme->dev) >= ACCEL_DEV_REMOVING)
			return -ENODEV;
		if (ready != 0 && (csts & NVME_CSTS_CFS) != 0)
			return -EIO;
		if ((csts & NVME_CSTS_RDY) == ready)
			return 0;
		if (late)
			return -ETIMEDOUT;
		rte_delay_us_sleep(POLL_US);
	}
}

/* Afterwards it knows of no queue and no command. */
static int
disable(struct nvme_dev *nvme)
{
	uint32_t cc = accel_mmio_read32(&nvme->bar, NVME_CC);
	int ret;

	nvme->enabled = false;
	if ((cc & NVME_CC_EN) != 0) {
		wait_ready(nvme, NVME_CSTS_RDY); /* 3.1.5; one that failed is past that */
		accel_mmio_write32(&nvme->bar, NVME_CC, cc & ~NVME_CC_EN);
	}
	ret = wait_ready(nvme, 0);
	if (ret != 0)
		ACCEL_DEV_LOG(ERR, nvme->dev, "does not end its work (%s): reset it",
				accel_strerror(ret));
	return ret;
}

/* 7.6.1: what a controller needs before its first command. It is disabled. */
static int
enable(struct nvme_dev *nvme)
{
	int ret;

	memset(nvme->cq->va, 0, nvme->cq->len); /* all of an older phase */
	nvme->sq_tail = 0;
	nvme->cq_head = 0;
	nvme->phase = 1;
	accel_mmio_write32(&nvme->bar, NVME_AQA, NVME_AQA_ENTRIES(ENTRIES));
	accel_mmio_write64(&nvme->bar, NVME_ASQ, nvme->sq->iova);
	accel_mmio_write64(&nvme->bar, NVME_ACQ, nvme->cq->iova);
	rte_io_wmb();
	accel_mmio_write32(&nvme->bar, NVME_CC, NVME_CC_ENTRIES | NVME_CC_EN);
	ret = wait_ready(nvme, NVME_CSTS_RDY);
	if (ret != 0)
		ACCEL_DEV_LOG(ERR, nvme->dev, "does not become ready (%s): reset it",
				accel_strerror(ret));
	nvme->enabled = ret == 0;
	return ret;
}

/*
 * The rings
 */

/* Put a command in; the doorbell is the caller's. */
static void
put_identify(struct nvme_dev *nvme, uint16_t cid, uint64_t which, uint64_t iova)
{
	struct nvme_command *command = (struct nvme_command *)nvme->sq->va + nvme->sq_tail;

	*command = (struct nvme_command) {
		.opcode = NVME_IDENTIFY,
		.cid = cid,
		.nsid = (uint32_t)(which >> NS_SHIFT),
		.prp1 = iova,
		.dw10 = { (which >> CNS_SHIFT) & NVME_CNS_MAX },
	};
	nvme->sq_tail = (nvme->sq_tail + 1) % ENTRIES;
}

static void
ring_sq(const struct nvme_dev *nvme)
{
	rte_io_wmb();
	accel_mmio_write32(&nvme->bar, NVME_SQ0_TAIL, nvme->sq_tail);
}

/* Take one completion out, its last word: whether there is one. Reads host memory only. */
static bool
take_completion(struct nvme_dev *nvme, uint32_t *end)
{
	const struct nvme_completion *ring = nvme->cq->va;

	*end = *(const volatile uint32_t *)&ring[nvme->cq_head].end;
	if (NVME_END_PHASE(*end) != nvme->phase)
		return false;
	rte_io_rmb(); /* what the command wrote is read after this */
	nvme->cq_head = (nvme->cq_head + 1) % ENTRIES;
	if (nvme->cq_head == 0)
		nvme->phase ^= 1;
	return true;
}

static void
ring_cq(const struct nvme_dev *nvme)
{
	accel_mmio_write32(&nvme->bar, NVME_SQ0_TAIL + nvme->stride, nvme->cq_head);
}

static enum accel_status
status_of(uint32_t end)
{
	switch (NVME_END_CODE(end)) {
	case NVME_CODE_SUCCESS:
		return ACCEL_STATUS_SUCCESS;
	case NVME_CODE_BAD_OPCODE:
	case NVME_CODE_BAD_FIELD:
		return ACCEL_STATUS_INVALID;
	case NVME_CODE_ABORTED:
	case NVME_CODE_QUEUE_DELETED:
		return ACCEL_STATUS_ABORTED;
	default:
		return ACCEL_STATUS_DEVICE_ERROR;
	}
}

/*
 * Ops
 */

static enum accel_status
check_op(struct nvme_qp *qp, const struct accel_op *op)
{
	struct nvme_dev *nvme = qp->nvme;
	void *va;
	int ret;

	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL ||
			op->src_space != ACCEL_SPACE_BANK(0) || op->dst_space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_INVALID;
	if (op->len != NVME_IDENTIFY_LEN)
		return ACCEL_STATUS_LENGTH;
	if (op->src >= nvme->bank_len)
		return ACCEL_STATUS_BAD_ADDRESS;
	if (op->src % NVME_PAGE != 0 || op->dst % NVME_PAGE != 0)
		return ACCEL_STATUS_INVALID;
	if (nvme->check == 0)
		return ACCEL_STATUS_SUCCESS;
	ret = accel_dma_va(nvme->dev, &qp->tlb.dst, op->dst, op->len, ACCEL_DMA_WRITE, &va);
	return ret == 0 ? ACCEL_STATUS_SUCCESS : accel_dma_status(ret);
}

/* Hand over what may start: commands run in any order, so a fence waits for all before it. */
static void
send_ops(struct nvme_qp *qp)
{
	struct accel_ring *ring = &qp->ring;
	uint16_t tail = qp->nvme->sq_tail;

	accel_dma_tlb_sync(&qp->tlb);
	while (qp->sent != ring->tail) {
		uint16_t cid = qp->sent & ring->mask;
		const struct accel_op *op = ring->ops[cid];
		enum accel_status status;

		if ((op->flags & ACCEL_OP_FENCE) != 0 && qp->sent != ring->next)
			break;
		status = check_op(qp, op);
		if (status == ACCEL_STATUS_SUCCESS)
			put_identify(qp->nvme, cid, op->src, op->dst);
		else
			qp->status[cid] = status;
		qp->sent++;
	}
	if (qp->nvme->sq_tail != tail)
		ring_sq(qp->nvme);
}

/* Note the completions that have come: how many, or -EPROTO for one of no command. */
static int
collect(struct nvme_qp *qp)
{
	uint32_t end;
	int n;

	for (n = 0; n < ENTRIES && take_completion(qp->nvme, &end); n++) {
		uint16_t cid = NVME_END_CID(end);

		if (cid > qp->ring.mask || qp->status[cid] != PENDING)
			return -EPROTO;
		qp->status[cid] = status_of(end);
	}
	return n;
}

static void
finish_done(struct nvme_qp *qp)
{
	struct accel_ring *ring = &qp->ring;

	while (ring->next != qp->sent && qp->status[ring->next & ring->mask] != PENDING)
		accel_ring_finish(ring, qp->status[ring->next & ring->mask]);
}

/* Completions come in any order: some behind the first one that lacks may be there. */
static void
finish_all(struct nvme_qp *qp, enum accel_status status)
{
	struct accel_ring *ring = &qp->ring;

	while (accel_ring_next(ring) != NULL) {
		enum accel_status earned = qp->status[ring->next & ring->mask];

		accel_ring_finish(ring, earned != PENDING ? earned : status);
	}
	qp->sent = ring->tail;
}

/*
 * Memory of ops that come back must not be written any more. To report an error switches bus
 * mastering off, and so ends all ops with the first.
 */
static void
give_up(struct nvme_qp *qp, const char *what)
{
	struct accel_ring *ring = &qp->ring;
	uint64_t now = rte_rdtsc();
	uint32_t i;

	ACCEL_DEV_LOG(ERR, qp->nvme->dev, "%s, and its status is 0x%x", what,
			accel_mmio_read32(&qp->nvme->bar, NVME_CSTS));
	accel_dev_report_error(qp->nvme->dev);
	qp->nvme->enabled = false;
	for (i = ring->next; i != ring->tail && now >= qp->deadline[i & ring->mask]; i++) {
		if (qp->status[i & ring->mask] == PENDING)
			qp->status[i & ring->mask] = ACCEL_STATUS_DEADLINE;
	}
	finish_all(qp, ACCEL_STATUS_DEVICE_ERROR);
}

/*
 * Bursts
 */

static uint16_t
nvme_enqueue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct nvme_qp *qp = (struct nvme_qp *)common;
	uint64_t deadline = rte_rdtsc() + qp->nvme->deadline_cycles;
	uint32_t i = qp->ring.tail;
	uint16_t taken = accel_ring_enqueue(&qp->ring, ops, n);

	for (; i != qp->ring.tail; i++) {
		qp->status[i & qp->ring.mask] = PENDING;
		qp->deadline[i & qp->ring.mask] = deadline;
	}
	send_ops(qp);
	return taken;
}

static uint16_t
nvme_dequeue(struct accel_qp *common, struct accel_op **ops, uint16_t n)
{
	struct nvme_qp *qp = (struct nvme_qp *)common;
	struct accel_ring *ring = &qp->ring;
	int done = qp->nvme->enabled ? collect(qp) : 0;

	if (done > 0)
		ring_cq(qp->nvme);
	finish_done(qp);
	if (done < 0)
		give_up(qp, "completes a command that it was not given");
	else if (accel_ring_next(ring) != NULL &&
			rte_rdtsc() >= qp->deadline[ring->next & ring->mask])
		give_up(qp, "does not complete a command in time");
	send_ops(qp);
	return accel_ring_dequeue(common, ops, n);
}

/*
 * Control
 */

static void
nvme_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1;
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = NVME_IDENTIFY_LEN;
}

static int
nvme_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	struct nvme_dev *nvme = dev->priv;
	uint64_t us = conf->deadline_us != 0 ? conf->deadline_us : DEFAULT_DEADLINE_US;

	nvme->deadline_cycles = us * rte_get_tsc_hz() / 1000000;
	return 0;
}

static int
nvme_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	struct nvme_dev *nvme = dev->priv;

	(void)qp_id;
	if (accel_ring_setup(dev, conf, sizeof(struct nvme_qp), qp) != 0)
		return -ENOMEM;
	nvme->qp = (struct nvme_qp *)*qp;
	nvme->qp->nvme = nvme;
	accel_dma_tlb_init(&nvme->qp->tlb, dev);
	return 0;
}

static int
nvme_start(struct accel_dev *dev)
{
	struct nvme_dev *nvme = dev->priv;
	int ret = disable(nvme);

	if (ret == 0)
		ret = enable(nvme);
	if (ret != 0)
		return ret;
	nvme->qp->sent = 0;
	return accel_ring_start(dev);
}

/* To disable the controller is the one way to end all commands for sure. */
static int
nvme_stop(struct accel_dev *dev)
{
	struct nvme_dev *nvme = dev->priv;
	bool knows_rings = nvme->enabled;
	int ret = 0;

	/* From a device that is not ready the library has taken bus mastering away. */
	if (accel_dev_health_get(dev) == ACCEL_DEV_READY)
		ret = disable(nvme);
	if (ret != 0)
		accel_dev_report_error(dev);
	nvme->enabled = false;
	if (knows_rings)
		collect(nvme->qp);
	finish_all(nvme->qp, ACCEL_STATUS_ABORTED);
	return ret;
}

static int
nvme_reset(struct accel_dev *dev)
{
	struct nvme_dev *nvme = dev->priv;

	nvme->enabled = false;
	return accel_dev_was_reset(dev) ? 0 : disable(nvme);
}

static void
nvme_qp_abort(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status)
{
	struct nvme_dev *nvme = dev->priv;

	nvme->enabled = false;
	finish_all((struct nvme_qp *)qp, status);
}

static const struct accel_dev_ops nvme_ops = {
	.info_get = nvme_info_get,
	.configure = nvme_configure,
	.qp_setup = nvme_qp_setup,
	.qp_release = accel_ring_release,
	.start = nvme_start,
	.stop = nvme_stop,
	.reset = nvme_reset,
	.qp_abort = nvme_qp_abort,
};

/*
 * Probe and remove
 */

static int
read_capabilities(struct nvme_dev *nvme)
{
	uint64_t cap = accel_mmio_read64(&nvme->bar, NVME_CAP);
	uint32_t vs = accel_mmio_read32(&nvme->bar, NVME_VS);

	if (cap == UINT64_MAX || vs == UINT32_MAX || NVME_VS_MAJOR(vs) == 0 ||
			(cap & NVME_CAP_NVM) == 0 || NVME_CAP_PAGE_MIN(cap) != 0) {
		ACCEL_DEV_LOG(ERR, nvme->dev, "is no NVMe controller with pages of 4 KiB: its "
				"capabilities are 0x%" PRIx64 ", its version 0x%x", cap, vs);
		return -ENODEV;
	}
	nvme->stride = NVME_CAP_STRIDE(cap);
	nvme->timeout_cycles = NVME_CAP_TIMEOUT_MS(cap) * rte_get_tsc_hz() / 1000;
	return 0;
}

static int
alloc_rings(struct nvme_dev *nvme)
{
	size_t sq_len = ENTRIES * sizeof(struct nvme_command);
	size_t cq_len = ENTRIES * sizeof(struct nvme_completion);
	int ret = accel_dev_dma_alloc(nvme->dev, sq_len, NVME_PAGE, 0, &nvme->sq);

	if (ret == 0)
		ret = accel_dev_dma_alloc(nvme->dev, cq_len, NVME_PAGE, 0, &nvme->cq);
	return ret;
}

static int
wait_completion(struct nvme_dev *nvme)
{
	uint64_t end_at = rte_rdtsc() + nvme->timeout_cycles;
	uint32_t end;

	while (!take_completion(nvme, &end)) {
		if (accel_dev_health_get(nvme->dev) != ACCEL_DEV_READY)
			return -ENODEV;
		if (rte_rdtsc() >= end_at)
			return -ETIMEDOUT;
		rte_delay_us_sleep(POLL_US);
	}
	ring_cq(nvme);
	return NVME_END_CID(end) == 0 && status_of(end) == ACCEL_STATUS_SUCCESS ? 0 : -EIO;
}

/* The first command shows that the rings work, and tells how large the bank is. */
static int
identify_controller(struct nvme_dev *nvme)
{
	struct accel_buf *page;
	uint32_t namespaces = 0;
	int ret = accel_dev_dma_alloc(nvme->dev, NVME_IDENTIFY_LEN, NVME_PAGE, 0, &page);

	if (ret != 0)
		return ret;
	put_identify(nvme, 0, NVME_IDENTIFY_CONTROLLER << CNS_SHIFT, page->iova);
	ring_sq(nvme);
	ret = wait_completion(nvme);
	if (ret != 0) {
		ACCEL_DEV_LOG(ERR, nvme->dev, "does not identify itself (%s): reset it",
				accel_strerror(ret));
		/* It may still write there. */
		accel_dev_bus_master(nvme->dev, false);
	} else {
		memcpy(&namespaces, (char *)page->va + NVME_CONTROLLER_NN, sizeof(namespaces));
	}
	accel_dev_dma_free(nvme->dev, page);
	nvme->bank_len = ((uint64_t)namespaces + 1) << NS_SHIFT;
	return ret;
}

static int
bring_up(struct nvme_dev *nvme)
{
	int ret = accel_dev_region(nvme->dev, NVME_BAR, &nvme->bar);

	if (ret == 0)
		ret = read_capabilities(nvme);
	if (ret == 0)
		ret = disable(nvme);
	if (ret == 0)
		ret = alloc_rings(nvme);
	if (ret == 0)
		ret = accel_dev_bus_master(nvme->dev, true);
	if (ret == 0)
		ret = enable(nvme);
	if (ret == 0)
		ret = identify_controller(nvme);
	/* Vectors that are set between probe and start count from the next enabling on. */
	if (ret == 0)
		ret = disable(nvme);
	if (ret == 0)
		ret = accel_dev_add_bank(nvme->dev, 0, nvme->bank_len);
	return ret < 0 ? ret : 0;
}

static void
put_away(struct nvme_dev *nvme)
{
	if (nvme->cq != NULL && accel_dev_health_get(nvme->dev) == ACCEL_DEV_READY &&
			disable(nvme) != 0)
		accel_dev_bus_master(nvme->dev, false);
	accel_dev_dma_free(nvme->dev, nvme->cq);
	accel_dev_dma_free(nvme->dev, nvme->sq);
	free(nvme);
}

static int
nvme_probe(struct accel_dev *dev)
{
	struct nvme_dev *nvme = calloc(1, sizeof(*nvme));
	int ret;

	if (nvme == NULL)
		return -ENOMEM;
	nvme->dev = dev;
	nvme->check = 1;
	ret = accel_dev_arg_u64(dev, "check", 0, 1, &nvme->check);
	if (ret == 0)
		ret = bring_up(nvme);
	if (ret != 0) {
		put_away(nvme);
		return ret;
	}
	dev->priv = nvme;
	dev->ops = &nvme_ops;
	dev->enqueue = nvme_enqueue;
	dev->dequeue = nvme_dequeue;
	return 0;
}

static void
nvme_remove(struct accel_dev *dev)
{
	put_away(dev->priv);
}

static const struct accel_id nvme_ids[] = { { NVME_VENDOR, NVME_DEVICE }, { 0, 0 } };
static const char *const nvme_keys[] = { "check", NULL };

static struct accel_driver nvme_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "nvme",
	.ids = nvme_ids,
	.keys = nvme_keys,
	.probe = nvme_probe,
	.remove = nvme_remove,
};

ACCEL_DRIVER_REGISTER(nvme_driver)
