/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npu_image.h"

_Static_assert(NPU_IMAGE_MAX_IO <= ACCEL_MAX_TENSORS, "each tensor has a number");
_Static_assert(NPU_IMAGE_LABEL_MAX <= ACCEL_LABEL_MAX, "labels fit");

/* A loaded program: the constants are in memory for the device, once. */
struct npu_program {
	struct npu_image *image;
	struct accel_buf **constants; /* by symbol; NULL for others */
	uint64_t *addrs;              /* by symbol; 0 for those that each instance has of its own */
};

/* An instance has instructions of its own, with its addresses in them. */
struct npu_instance {
	struct npu_run run; /* first */
	struct accel_buf *insns;
	struct accel_buf *scratch; /* or NULL */
	bool relocated;
	uint64_t addrs[];   /* by symbol; 0: not bound yet */
};

/*
 * Programs
 */

static void
drop_program(struct accel_dev *dev, struct npu_program *program)
{
	unsigned int i;

	for (i = 0; program->constants != NULL && i < program->image->nb_symbols; i++)
		accel_dev_dma_free(dev, program->constants[i]);
	npu_image_close(program->image);
	free(program->constants);
	free(program->addrs);
	free(program);
}

static int
upload(struct accel_dev *dev, struct npu_program *program, unsigned int i)
{
	const struct npu_image_symbol *symbol = &program->image->symbols[i];
	struct accel_buf *buf;
	int ret;

	if (symbol->data == NULL)
		return 0;
	ret = accel_dev_dma_alloc(dev, symbol->size, symbol->align, 0, &buf);
	if (ret != 0)
		return ret;
	memcpy(buf->va, symbol->data, symbol->size);
	program->constants[i] = buf;
	program->addrs[i] = buf->iova;
	return 0;
}

static int
upload_all(struct accel_dev *dev, struct npu_program *program)
{
	unsigned int i, n = program->image->nb_symbols;
	int ret = 0;

	program->constants = calloc(n + 1, sizeof(*program->constants));
	program->addrs = calloc(n + 1, sizeof(*program->addrs));
	if (program->constants == NULL || program->addrs == NULL)
		return -ENOMEM;
	for (i = 0; i < n && ret == 0; i++)
		ret = upload(dev, program, i);
	return ret;
}

static void
describe_tensor(const struct npu_image *image, unsigned int i, struct accel_tensor_info *info)
{
	const struct npu_image_tensor *tensor = &image->tensors[i];

	snprintf(info->label, sizeof(info->label), "%s", tensor->label);
	info->dir = tensor->dir == NPU_IMAGE_IN ? ACCEL_TENSOR_IN : ACCEL_TENSOR_OUT;
	info->dtype = (enum accel_dtype)tensor->dtype;
	info->ndim = tensor->ndim;
	memcpy(info->shape, tensor->shape, sizeof(info->shape));
	info->size = tensor->size;
	info->align = image->symbols[tensor->symbol].align;
}

static int
describe(const struct npu_image *image, struct accel_program *program)
{
	unsigned int i;

	program->tensors = calloc(image->nb_tensors + 1, sizeof(*program->tensors));
	if (program->tensors == NULL)
		return -ENOMEM;
	for (i = 0; i < image->nb_tensors; i++)
		describe_tensor(image, i, &program->tensors[i]);
	program->nb_tensors = image->nb_tensors;
	program->nb_inputs = image->nb_inputs;
	program->scratch_bytes = image->scratch;
	program->constant_bytes = 0;
	for (i = 0; i < image->nb_symbols; i++) {
		if (image->symbols[i].data != NULL)
			program->constant_bytes += image->symbols[i].size;
	}
	return 0;
}

static int
npu_load(struct accel_dev *dev, const void *bytes, size_t len, struct accel_program *handle)
{
	struct npu_program *program = calloc(1, sizeof(*program));
	char why[256] = "no memory";
	int ret;

	if (program == NULL)
		return -ENOMEM;
	ret = npu_image_open(bytes, len, &program->image, why, sizeof(why));
	if (ret != 0) {
		ACCEL_DEV_LOG(ERR, dev, "refuses a program: %s", why);
		free(program);
		return ret;
	}
	ret = upload_all(dev, program);
	if (ret == 0)
		ret = describe(program->image, handle);
	if (ret != 0) {
		drop_program(dev, program);
		return ret;
	}
	handle->priv = program;
	return 0;
}

static void
npu_unload(struct accel_dev *dev, struct accel_program *handle)
{
	free(handle->tensors);
	drop_program(dev, handle->priv);
}

/*
 * Instances
 */

static void
npu_destroy(struct accel_dev *dev, struct accel_instance *handle)
{
	struct npu_instance *instance = handle->priv;

	accel_dev_dma_free(dev, instance->insns);
	accel_dev_dma_free(dev, instance->scratch);
	free(instance);
}

/*
 * Places of the symbols that are scratch, one behind the other: bytes in all, and their alignment.
 */
static uint64_t
lay_out_scratch(const struct npu_image *image, uint64_t base, uint64_t *addrs, uint64_t *align)
{
	uint64_t at = 0;
	unsigned int i;

	*align = 1;
	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *symbol = &image->symbols[i];

		if (symbol->kind != NPU_IMAGE_KIND_SCRATCH)
			continue;
		if (symbol->align > *align)
			*align = symbol->align;
		at = (at + symbol->align - 1) & ~(symbol->align - 1);
		addrs[i] = base + at;
		at += symbol->size;
	}
	return at;
}

static int
alloc_scratch(struct accel_dev *dev, const struct npu_image *image, struct npu_instance *instance)
{
	uint64_t align, bytes = lay_out_scratch(image, 0, instance->addrs, &align);
	int ret;

	if (bytes == 0)
		return 0;
	ret = accel_dev_dma_alloc(dev, bytes, align, 0, &instance->scratch);
	if (ret == 0)
		lay_out_scratch(image, instance->scratch->iova, instance->addrs, &align);
	return ret;
}

static int
npu_create(struct accel_dev *dev, struct accel_instance *handle)
{
	const struct npu_program *program = handle->program->priv;
	const struct npu_image *image = program->image;
	struct npu_instance *instance;
	int ret;

	instance = calloc(1, sizeof(*instance) + image->nb_symbols * sizeof(instance->addrs[0]));
	if (instance == NULL)
		return -ENOMEM;
	memcpy(instance->addrs, program->addrs, image->nb_symbols * sizeof(instance->addrs[0]));
	handle->priv = instance;
	ret = accel_dev_dma_alloc(dev, image->nb_insns * sizeof(*image->insns), 0, 0,
			&instance->insns);
	if (ret == 0)
		ret = alloc_scratch(dev, image, instance);
	if (ret != 0) {
		npu_destroy(dev, handle);
		return ret;
	}
	instance->run.insns = instance->insns->iova;
	instance->run.nb_insns = image->nb_insns;
	return 0;
}

static bool
all_bound(const struct npu_image *image, const struct npu_instance *instance)
{
	unsigned int i;

	for (i = 0; i < image->nb_tensors; i++) {
		if (instance->addrs[image->tensors[i].symbol] == 0)
			return false;
	}
	return true;
}

/* Once with all addresses; afterwards those of inputs and outputs alone. */
static int
relocate(const struct npu_image *image, struct npu_instance *instance)
{
	int ret;

	if (!all_bound(image, instance))
		return 0;
	if (instance->relocated)
		return npu_image_relocate_io(image, instance->insns->va, instance->addrs);
	ret = npu_image_relocate(image, instance->insns->va, instance->addrs);
	instance->relocated = ret == 0;
	return ret;
}

/*
 * A core reads tiles of inputs after it has written tiles of outputs: what lies over an output is
 * never what the program was written for.
 */
static int
check_beside(struct accel_dev *dev, const struct npu_image *image,
		const struct npu_instance *instance, unsigned int n, uint64_t iova)
{
	const struct npu_image_tensor *tensor = &image->tensors[n], *other;
	unsigned int i;
	uint64_t at;

	for (i = 0; i < image->nb_tensors; i++) {
		other = &image->tensors[i];
		at = instance->addrs[other->symbol];
		if (i == n || at == 0 ||
				(tensor->dir == NPU_IMAGE_IN && other->dir == NPU_IMAGE_IN))
			continue;
		if (iova - at < other->size || at - iova < tensor->size) {
			ACCEL_DEV_LOG(ERR, dev, "tensor \"%s\" would lie over \"%s\", and one of them is "
					"an output: use other memory, or another instance",
					tensor->label, other->label);
			return -EINVAL;
		}
	}
	return 0;
}

static int
npu_bind(struct accel_dev *dev, struct accel_instance *handle, unsigned int n, uint64_t iova)
{
	const struct npu_image *image = ((const struct npu_program *)handle->program->priv)->image;
	struct npu_instance *instance = handle->priv;
	uint64_t *addr = &instance->addrs[image->tensors[n].symbol], before = *addr;
	int ret;

	ret = check_beside(dev, image, instance, n, iova);
	if (ret != 0)
		return ret;
	*addr = iova;
	ret = relocate(image, instance);
	if (ret != 0)
		*addr = before;
	return ret;
}

const struct accel_program_ops npu_program_ops = {
	.load = npu_load,
	.unload = npu_unload,
	.create = npu_create,
	.destroy = npu_destroy,
	.bind = npu_bind,
};
