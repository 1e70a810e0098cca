/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "soft.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_malloc.h>

#define MAX_BANK_SIZE  (UINT64_C(1) << 40)
#define MAX_LATENCY_US (UINT64_C(60) * 1000 * 1000)
#define APP_QPS        64 /* for the application */
#define MAX_QPS        (APP_QPS + 1) /* and one for copies to banks */
#define MAX_DEPTH      (1u << 15)
#define BANK_ALIGN     ((size_t)2 << 20) /* the most that a buffer may ask for */

/*
 * Queue pairs
 */

static void
soft_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	const struct soft_dev *soft = dev->priv;

	info->max_qps = soft->nb_banks != 0 && !soft->banks_mapped ? MAX_QPS : APP_QPS;
	info->min_depth = 1;
	info->max_depth = MAX_DEPTH;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY) | ACCEL_OP_BIT(ACCEL_OP_FILL);
	info->max_op_len = UINT64_MAX;
}

static int
soft_configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	(void)dev;
	(void)conf;
	return 0;
}

static uint64_t
cycles(uint64_t us)
{
	return us * rte_get_tsc_hz() / 1000000;
}

static void
set_latency(struct soft_qp *qp, uint32_t deadline_us)
{
	uint64_t latency = qp->soft->latency_us;

	qp->late = deadline_us != 0 && deadline_us < latency;
	qp->wait_cycles = cycles(qp->late ? deadline_us : latency);
}

static void
soft_qp_release(struct accel_dev *dev, struct accel_qp *common)
{
	struct soft_qp *qp = (struct soft_qp *)common;
	struct soft_dev *soft = dev->priv;

	if (soft->qps[qp->qp_id] == qp)
		soft->qps[qp->qp_id] = NULL;
	rte_free(qp->ring);
	rte_free(qp->due);
	rte_free(qp);
}

static int
soft_qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp_out)
{
	struct soft_dev *soft = dev->priv;
	struct soft_qp *qp;

	qp = rte_zmalloc_socket("soft_qp", sizeof(*qp), RTE_CACHE_LINE_SIZE, conf->socket);
	if (qp == NULL)
		return -ENOMEM;
	qp->qp_id = qp_id;
	qp->dev = dev;
	qp->soft = soft;
	qp->mask = conf->depth - 1u;
	qp->ring = rte_zmalloc_socket("soft_ring", conf->depth * sizeof(*qp->ring),
			RTE_CACHE_LINE_SIZE, conf->socket);
	if (soft->latency_us != 0)
		qp->due = rte_zmalloc_socket("soft_due", conf->depth * sizeof(*qp->due),
				RTE_CACHE_LINE_SIZE, conf->socket);
	if (qp->ring == NULL || (soft->latency_us != 0 && qp->due == NULL)) {
		soft_qp_release(dev, &qp->common);
		return -ENOMEM;
	}
	accel_dma_tlb_init(&qp->tlb, dev);
	soft->qps[qp_id] = qp;
	*qp_out = &qp->common;
	return 0;
}

/*
 * Start, stop, reset
 */

static int
soft_start(struct accel_dev *dev)
{
	struct soft_dev *soft = dev->priv;
	unsigned int i;

	for (i = 0; i < MAX_QPS; i++) {
		struct soft_qp *qp = soft->qps[i];

		if (qp == NULL)
			continue;
		qp->head = 0;
		qp->tail = 0;
		qp->nb_ops = 0;
		qp->aborted = false;
		set_latency(qp, accel_dev_deadline_us(dev));
	}
	return 0;
}

static int
soft_stop(struct accel_dev *dev)
{
	struct soft_dev *soft = dev->priv;
	unsigned int i;

	for (i = 0; i < MAX_QPS; i++) {
		if (soft->qps[i] != NULL)
			soft->qps[i]->aborted = true;
	}
	return 0;
}

static int
soft_reset(struct accel_dev *dev)
{
	struct soft_dev *soft = dev->priv;
	unsigned int i;
	uint32_t at;

	for (i = 0; i < MAX_QPS; i++) {
		struct soft_qp *qp = soft->qps[i];

		if (qp == NULL)
			continue;
		for (at = qp->head; at != qp->tail; at++)
			qp->ring[at & qp->mask]->status = ACCEL_STATUS_ABORTED;
		qp->aborted = true;
	}
	return 0;
}

/* Without latency the ops are done, and only wait to be dequeued. */
static void
soft_qp_abort(struct accel_dev *dev, struct accel_qp *common, enum accel_status status)
{
	struct soft_qp *qp = (struct soft_qp *)common;

	(void)dev;
	(void)status; /* the library puts it in the place of ABORTED */
	qp->aborted = true;
}

static const struct accel_dev_ops soft_ops = {
	.info_get = soft_info_get,
	.configure = soft_configure,
	.qp_setup = soft_qp_setup,
	.qp_release = soft_qp_release,
	.start = soft_start,
	.stop = soft_stop,
	.reset = soft_reset,
	.qp_abort = soft_qp_abort,
};

/*
 * Probe and remove
 */

static int
parse_view(struct accel_dev *dev, struct soft_dev *soft)
{
	const char *view = accel_dev_arg(dev, "bank_view");

	if (view == NULL || strcmp(view, "copy") == 0)
		return 0;
	if (strcmp(view, "mapped") != 0) {
		ACCEL_DEV_LOG(ERR, dev, "bank_view=%s: must be copy or mapped", view);
		return -EINVAL;
	}
	soft->banks_mapped = true;
	return 0;
}

static int
parse_args(struct accel_dev *dev, struct soft_dev *soft)
{
	soft->bank_size = UINT64_C(64) << 20;
	if (accel_dev_arg_u64(dev, "banks", 0, ACCEL_MAX_BANKS, &soft->nb_banks) != 0 ||
			accel_dev_arg_u64(dev, "bank_size", 1, MAX_BANK_SIZE, &soft->bank_size) != 0 ||
			accel_dev_arg_u64(dev, "fail_every", 1, UINT64_MAX, &soft->fail_every) != 0 ||
			accel_dev_arg_u64(dev, "latency_us", 0, MAX_LATENCY_US,
					&soft->latency_us) != 0)
		return -EINVAL;
	return parse_view(dev, soft);
}

static void
free_soft(struct soft_dev *soft)
{
	uint64_t i;

	for (i = 0; soft->banks != NULL && i < soft->nb_banks; i++) {
		if (soft->banks[i] != NULL)
			munmap(soft->banks[i], soft->bank_size);
	}
	free(soft->banks);
	free(soft->qps);
	free(soft);
}

/* Zeroed memory that takes no room before it is written; NULL when there is none. */
static void *
map_bank(size_t len)
{
	char *whole = mmap(NULL, len + BANK_ALIGN, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *va = RTE_PTR_ALIGN_CEIL(whole, BANK_ALIGN);

	if (whole == MAP_FAILED)
		return NULL;
	if (va != whole)
		munmap(whole, va - whole);
	len = RTE_ALIGN_CEIL(len, (size_t)sysconf(_SC_PAGESIZE));
	munmap(va + len, whole + BANK_ALIGN - va);
	return va;
}

static int
add_banks(struct accel_dev *dev, struct soft_dev *soft)
{
	uint64_t i;
	int ret;

	for (i = 0; i < soft->nb_banks; i++) {
		void *va = map_bank(soft->bank_size);

		if (va == NULL) {
			ACCEL_DEV_LOG(ERR, dev, "no memory for bank %u of %" PRIu64 " bytes: use fewer "
					"or smaller banks", (unsigned int)i, soft->bank_size);
			return -ENOMEM;
		}
		soft->banks[i] = va;
		ret = accel_dev_add_bank(dev, 0, soft->bank_size);
		if (ret >= 0 && soft->banks_mapped)
			ret = accel_dev_map_bank(dev, (uint16_t)ret, va);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int
soft_probe(struct accel_dev *dev)
{
	struct soft_dev *soft = calloc(1, sizeof(*soft));
	int ret;

	if (soft == NULL)
		return -ENOMEM;
	ret = parse_args(dev, soft);
	if (ret == 0) {
		soft->banks = calloc(soft->nb_banks + 1, sizeof(*soft->banks));
		soft->qps = calloc(MAX_QPS, sizeof(*soft->qps));
		ret = soft->banks != NULL && soft->qps != NULL ? add_banks(dev, soft) : -ENOMEM;
	}
	if (ret != 0) {
		free_soft(soft);
		return ret;
	}
	dev->priv = soft;
	dev->ops = &soft_ops;
	dev->enqueue = soft_enqueue;
	dev->dequeue = soft_dequeue;
	return 0;
}

static void
soft_remove(struct accel_dev *dev)
{
	free_soft(dev->priv);
}

static const char *const soft_keys[] = { "banks", "bank_size", "bank_view", "fail_every",
	"latency_us", NULL };

static struct accel_driver soft_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "soft",
	.bus = "soft",
	.keys = soft_keys,
	.probe = soft_probe,
	.remove = soft_remove,
};

ACCEL_DRIVER_REGISTER(soft_driver)
