/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "enn_fake.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <acceldev/accel_ring.h>

struct fake fake;

void
fake_set(int *knob, int value)
{
	__atomic_store_n(knob, value, __ATOMIC_SEQ_CST);
}

int
fake_get(const int *knob)
{
	return __atomic_load_n(knob, __ATOMIC_SEQ_CST);
}

unsigned int
fake_runs(void)
{
	return __atomic_load_n(&fake.runs, __ATOMIC_SEQ_CST);
}

struct fake_image
fake_image(unsigned int nb_inputs, unsigned int nb_outputs, uint32_t size)
{
	return (struct fake_image){
		.magic = { 'F', 'A', 'K', 'E' }, .nb_inputs = (uint8_t)nb_inputs,
		.nb_outputs = (uint8_t)nb_outputs, .ndim = 1, .align = 64, .shape = { size },
		.size = size,
	};
}

/*
 * Programs
 */

static void
describe(struct accel_tensor_info *tensor, const struct fake_image *image, unsigned int n)
{
	bool in = n < image->nb_inputs;
	unsigned int index = in ? n : n - image->nb_inputs;

	*tensor = (struct accel_tensor_info){
		.dir = in ? ACCEL_TENSOR_IN : ACCEL_TENSOR_OUT, .dtype = ACCEL_DTYPE_INT8,
		.ndim = image->ndim, .size = image->size, .align = image->align,
	};
	memcpy(tensor->shape, image->shape, sizeof(tensor->shape));
	snprintf(tensor->label, sizeof(tensor->label), "%s%u", in ? "in" : "out",
			in && image->twins ? 0 : index);
}

static int
load(struct accel_dev *dev, const void *bytes, size_t len, struct accel_program *program)
{
	struct fake_image image;
	unsigned int i;

	(void)dev;
	while (fake_get(&fake.hold_load))
		sched_yield();
	if (len < sizeof(image) || memcmp(bytes, "FAKE", 4) != 0)
		return -EINVAL;
	memcpy(&image, bytes, sizeof(image));
	program->nb_inputs = image.nb_inputs;
	program->nb_tensors = (unsigned int)image.nb_inputs + image.nb_outputs;
	program->tensors = calloc(program->nb_tensors + 1, sizeof(*program->tensors));
	if (program->tensors == NULL)
		return -ENOMEM;
	for (i = 0; i < program->nb_tensors; i++)
		describe(&program->tensors[i], &image, i);
	fake.programs++;
	return 0;
}

static void
unload(struct accel_dev *dev, struct accel_program *program)
{
	(void)dev;
	free(program->tensors);
	fake.programs--;
}

static int
create(struct accel_dev *dev, struct accel_instance *instance)
{
	int err = fake.fail_create;

	(void)dev;
	fake.fail_create = 0;
	if (err == 0)
		instance->priv = calloc(ACCEL_MAX_TENSORS, sizeof(uint64_t));
	if (err != 0 || instance->priv == NULL)
		return err != 0 ? -err : -ENOMEM;
	fake.instances++;
	return 0;
}

static void
destroy(struct accel_dev *dev, struct accel_instance *instance)
{
	(void)dev;
	free(instance->priv);
	fake.instances--;
}

static int
bind(struct accel_dev *dev, struct accel_instance *instance, unsigned int n, uint64_t iova)
{
	(void)dev;
	if (fake.fail_bind_nth != 0 && --fake.fail_bind_nth == 0)
		return -fake.fail_bind;
	((uint64_t *)instance->priv)[n] = iova;
	return 0;
}

static const struct accel_program_ops program_ops = {
	.load = load, .unload = unload, .create = create, .destroy = destroy, .bind = bind,
};

/*
 * Runs
 */

static enum accel_status
compute(const struct accel_ring *ring, const struct accel_instance *instance)
{
	const struct accel_program *program = instance->program;
	const uint64_t *iovas = instance->priv;
	uint64_t i, size = program->tensors[0].size;
	void *in, *out;
	unsigned int n;

	if (accel_dma_translate(ring->dev, iovas[0], size, ACCEL_DMA_READ, &in) != 0)
		return ACCEL_STATUS_BAD_ADDRESS;
	for (n = program->nb_inputs; n < program->nb_tensors; n++) {
		if (accel_dma_translate(ring->dev, iovas[n], size, ACCEL_DMA_WRITE, &out) != 0)
			return ACCEL_STATUS_BAD_ADDRESS;
		for (i = 0; i < size; i++)
			((uint8_t *)out)[i] = (uint8_t)(((uint8_t *)in)[i] + 1 + n -
					program->nb_inputs);
	}
	return ACCEL_STATUS_SUCCESS;
}

static uint16_t
enqueue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;
	uint16_t i, taken = accel_ring_enqueue(ring, ops, n);

	for (i = 0; i < taken; i++)
		ops[i]->status = accel_run_begin(ring->dev, ops[i]) != NULL ? ACCEL_STATUS_SUCCESS :
				ACCEL_STATUS_INVALID;
	return taken;
}

static void
finish(struct accel_ring *ring, struct accel_op *op)
{
	enum accel_status status = (enum accel_status)op->status;

	if (status == ACCEL_STATUS_SUCCESS) {
		status = (enum accel_status)fake_get(&fake.status);
		if (status == ACCEL_STATUS_SUCCESS)
			status = compute(ring, op->ext);
		accel_run_end(op->ext, status, 0);
		__atomic_add_fetch(&fake.runs, 1, __ATOMIC_SEQ_CST);
	}
	accel_ring_finish(ring, status);
}

static bool
may_end(void)
{
	if (!fake_get(&fake.hold))
		return true;
	if (fake_get(&fake.allow) == 0)
		return false;
	__atomic_sub_fetch(&fake.allow, 1, __ATOMIC_SEQ_CST);
	return true;
}

static uint16_t
dequeue(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	struct accel_ring *ring = (struct accel_ring *)qp;
	struct accel_op *op;

	while ((op = accel_ring_next(ring)) != NULL && may_end())
		finish(ring, op);
	return accel_ring_dequeue(qp, ops, n);
}

/*
 * The device
 */

static void
info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1;
	info->min_depth = 1;
	info->max_depth = 64;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_RUN);
	info->max_op_len = 1;
}

static const struct accel_dev_ops ops = {
	.info_get = info_get,
	.qp_setup = accel_ring_qp_setup,
	.qp_release = accel_ring_release,
	.start = accel_ring_start,
	.stop = accel_ring_stop,
	.program = &program_ops,
};

static int
probe(struct accel_dev *dev)
{
	dev->ops = &ops;
	dev->enqueue = enqueue;
	dev->dequeue = dequeue;
	return 0;
}

static struct accel_driver driver = {
	.abi = ACCEL_DRIVER_ABI, .name = "ennfake", .bus = "soft", .probe = probe,
};

void
fake_register(void)
{
	(void)accel_driver_register(&driver);
}
