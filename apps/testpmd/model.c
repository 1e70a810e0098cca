/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/accel_program.h>

static void
lay_out(struct model *model, unsigned int n, const struct accel_tensor_info *tensor)
{
	uint64_t at = RTE_ALIGN_CEIL(model->buf_len, RTE_MAX(tensor->align, UINT64_C(1)));

	if (n == 0)
		model->input = *tensor;
	if (n == model->nb_inputs) {
		model->output = *tensor;
		model->output_at = at;
	}
	model->buf_len = at + tensor->size;
	model->tensor_bytes += tensor->size;
	model->align = RTE_MAX(model->align, tensor->align);
}

static int
look_at(struct model *model)
{
	struct accel_program_info info;
	struct accel_tensor_info tensor;
	unsigned int i;
	int ret;

	ret = accel_program_info_get(model->program, &info);
	if (ret < 0)
		return ret;
	model->nb_tensors = info.nb_tensors;
	model->nb_inputs = info.nb_inputs;
	model->scratch = info.scratch_bytes;
	for (i = 0; ret == 0 && i < info.nb_tensors; i++) {
		ret = accel_program_tensor_get(model->program, i, &tensor);
		if (ret == 0)
			lay_out(model, i, &tensor);
	}
	return ret;
}

int
model_load(struct model *model, const char *path, const struct device *dev)
{
	int ret;

	model->dev_id = dev->id;
	ret = accel_program_load_file(dev->id, path, &model->program);
	if (ret == 0)
		ret = look_at(model);
	if (ret == 0)
		return 0;
	testpmd_error("--program=%s: device %s does not take it: %s", path, dev->info.name,
		accel_strerror(ret));
	return ret == -ENOMEM || ret == -ENOSPC ? EXIT_FAILURE : EXIT_USAGE;
}

void
model_unload(struct model *model)
{
	(void)accel_program_unload(model->program);
	memset(model, 0, sizeof(*model));
}

uint64_t
model_classes(const struct model *model)
{
	const struct accel_tensor_info *output = &model->output;

	if (output->dtype != ACCEL_DTYPE_INT8 || output->ndim == 0)
		return 0;
	return output->shape[output->ndim - 1];
}

uint64_t
model_answer(const struct model *model, const struct model_inst *inst)
{
	const int8_t *scores = (const int8_t *)inst->buf->va + model->output_at;
	uint64_t i, best = 0, n = model_classes(model);

	for (i = 1; i < n; i++) {
		if (scores[i] > scores[best])
			best = i;
	}
	return best;
}

uint64_t
model_inst_bytes(const struct model *model)
{
	return model->buf_len + model->scratch;
}

/* A step of splitmix64 for each byte. */
static void
fill_random(uint8_t *bytes, uint64_t len, uint64_t seed)
{
	uint64_t i, z;

	for (i = 0; i < len; i++) {
		seed += UINT64_C(0x9e3779b97f4a7c15);
		z = (seed ^ (seed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		bytes[i] = (uint8_t)(z >> 56);
	}
}

static int
bind_all(const struct model *model, const struct model_inst *inst)
{
	struct accel_tensor_info tensor;
	uint64_t at = 0;
	unsigned int i;
	int ret = 0;

	for (i = 0; ret == 0 && i < model->nb_tensors; i++) {
		ret = accel_program_tensor_get(model->program, i, &tensor);
		if (ret < 0)
			break;
		at = RTE_ALIGN_CEIL(at, RTE_MAX(tensor.align, UINT64_C(1)));
		ret = accel_instance_bind(inst->instance, i, inst->buf->iova + at);
		at += tensor.size;
	}
	return ret;
}

int
model_inst_make(const struct model *model, uint64_t seed, struct model_inst *inst)
{
	int ret = accel_instance_create(model->program, &inst->instance);

	if (ret == 0)
		ret = accel_buf_alloc(model->dev_id, model->buf_len, model->align, 0, &inst->buf);
	if (ret == 0) {
		fill_random(inst->buf->va, model->buf_len, seed);
		ret = bind_all(model, inst);
	}
	if (ret < 0)
		model_inst_free(inst);
	return ret;
}

void
model_inst_free(struct model_inst *inst)
{
	(void)accel_instance_destroy(inst->instance);
	(void)accel_buf_free(inst->buf);
	memset(inst, 0, sizeof(*inst));
}
