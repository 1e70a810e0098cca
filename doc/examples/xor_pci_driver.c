/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver out of the tree, of the PCI function that xor_model.c models: sim:xor,key=0x5a. The same
 * code drives a real one at pci:0000:03:00.0,key=0x5a. Deadlines are left out.
 */
#include <unistd.h>
#include <acceldev/accel_mmio.h>
#include <acceldev/accel_ring.h>

enum { SRC = 0, DST = 8, LEN = 16, KEY = 24, CTRL = 32, MAX_LEN = 1 << 20 };

static struct xor_dev {
	struct accel_region bar;
	uint64_t key;
	bool busy; /* the device works on the next op */
} devs[ACCEL_MAX_DEVS];

static enum accel_status
begin(struct xor_dev *x, const struct accel_op *op)
{
	if (op->type != ACCEL_OP_COPY || (op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL ||
			op->src_space != ACCEL_SPACE_HOST || op->dst_space != ACCEL_SPACE_HOST)
		return ACCEL_STATUS_INVALID;
	if (op->len == 0 || op->len > MAX_LEN)
		return ACCEL_STATUS_LENGTH;
	accel_mmio_write64(&x->bar, SRC, op->src);
	accel_mmio_write64(&x->bar, DST, op->dst);
	accel_mmio_write64(&x->bar, LEN, op->len);
	accel_mmio_write64(&x->bar, KEY, x->key);
	__atomic_thread_fence(__ATOMIC_RELEASE); /* the memory it reads is written before */
	accel_mmio_write64(&x->bar, CTRL, 1);
	x->busy = true;
	return ACCEL_STATUS_SUCCESS;
}

static uint16_t
xor_dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;
	struct xor_dev *x = ring->dev->priv;
	struct accel_op *op;

	while ((op = accel_ring_next(ring)) != NULL) {
		enum accel_status status = x->busy ? ACCEL_STATUS_SUCCESS : begin(x, op);
		uint64_t ctrl = x->busy ? accel_mmio_read64(&x->bar, CTRL) : 0;

		if (ctrl == 1 || ctrl == UINT64_MAX) /* busy, or gone */
			break;
		x->busy = false;
		accel_ring_finish(ring, ctrl != 0 ? ACCEL_STATUS_BAD_ADDRESS : status);
	}
	return accel_ring_dequeue(qp, ops, n);
}

static void
xor_info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1;
	info->min_depth = 1;
	info->max_depth = 256;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = MAX_LEN; /* so that stop does not wait for long */
}

/* What the device works on cannot be called off: wait for its end, or keep it from memory. */
static int
xor_stop(struct accel_dev *dev)
{
	struct xor_dev *x = dev->priv;
	int ms;

	for (ms = 0; accel_mmio_read64(&x->bar, CTRL) == 1 && ms < 1000; ms++)
		usleep(1000);
	if (ms == 1000)
		accel_dev_report_error(dev);
	x->busy = false;
	return accel_ring_stop(dev);
}

static const struct accel_dev_ops xor_ops = {
	.info_get = xor_info_get,
	.qp_setup = accel_ring_qp_setup,
	.qp_release = accel_ring_release,
	.start = accel_ring_start,
	.stop = xor_stop,
	.qp_abort = accel_ring_abort,
};

static int
xor_probe(struct accel_dev *dev)
{
	struct xor_dev *x = &devs[dev->dev_id];
	int ret = accel_dev_region(dev, 0, &x->bar);

	x->key = 0;
	dev->priv = x;
	dev->ops = &xor_ops;
	dev->enqueue = accel_ring_take;
	dev->dequeue = xor_dequeue;
	return ret != 0 ? ret : accel_dev_arg_u64(dev, "key", 0, UINT8_MAX, &x->key);
}

static struct accel_driver xor_pci_driver = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "xor_pci",
	.ids = (const struct accel_id[]){ { 0x1234, 0x0f0f }, { 0, 0 } },
	.keys = (const char *const []){ "key", NULL },
	.probe = xor_probe,
};

ACCEL_DRIVER_REGISTER(xor_pci_driver)
