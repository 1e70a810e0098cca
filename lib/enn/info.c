/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "info.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <acceldev/accel_dev.h>

#include "life.h"
#include "model.h"
#include "words.h"

static int
tell_no_place(EnnModelId id)
{
	TELL("model %" PRIu64 ": there is no pointer to give what is asked by", id);
	return -EINVAL;
}

int
enn_info_count(EnnModelId id, NumberOfBuffersInfo *out)
{
	const struct enn_model *model;
	int ret;

	if (out == NULL)
		return tell_no_place(id);
	*out = (NumberOfBuffersInfo){ 0 };
	ret = enn_begin();
	if (ret != 0)
		return ret;
	model = enn_model_find(id);
	if (model == NULL)
		return enn_end(-EINVAL);
	out->n_in_buf = model->nb_inputs;
	out->n_out_buf = model->nb_tensors - model->nb_inputs;
	return enn_end(0);
}

/* Rows before columns, the batch first and the channels last. */
static void
describe(const struct accel_tensor_info *tensor, EnnBufferInfo *out)
{
	unsigned int last = tensor->ndim != 0 ? tensor->ndim - 1 : 0;

	*out = (EnnBufferInfo){
		.n = last > 0 ? tensor->shape[0] : 1,
		.height = last > 2 ? tensor->shape[1] : 1,
		.width = last > 1 ? tensor->shape[last - 1] : 1,
		.channel = tensor->shape[last],
		.size = (uint32_t)tensor->size,
		.buffer_type = tensor->dtype,
		.label = tensor->label,
	};
}

static int
give(const struct enn_model *model, int tensor, EnnBufferInfo *out)
{
	if (tensor < 0)
		return tensor;
	describe(&model->tensors[tensor], out);
	return 0;
}

/* In a call, when it does not return NULL; else ret has the result. */
static const struct enn_model *
begin(EnnModelId id, EnnBufferInfo *out, int *ret)
{
	const struct enn_model *model;

	if (out == NULL) {
		*ret = tell_no_place(id);
		return NULL;
	}
	*out = (EnnBufferInfo){ .label = NULL };
	*ret = enn_begin();
	if (*ret != 0)
		return NULL;
	model = enn_model_find(id);
	if (model == NULL)
		*ret = enn_end(-EINVAL);
	return model;
}

int
enn_info_at(EnnModelId id, enn_buf_dir_e direction, uint32_t index, EnnBufferInfo *out)
{
	int ret;
	const struct enn_model *model = begin(id, out, &ret);

	if (model == NULL)
		return ret;
	return enn_end(give(model, enn_model_tensor_at(model, direction, index), out));
}

int
enn_info_named(EnnModelId id, const char *label, EnnBufferInfo *out)
{
	int ret;
	const struct enn_model *model = begin(id, out, &ret);

	if (model == NULL)
		return ret;
	return enn_end(give(model, enn_model_tensor_named(model, label), out));
}

/*
 * Versions. In a call.
 */

static int
tell_version(EnnMetaTypeId type, EnnModelId id, char *text)
{
	struct accel_dev_info info;
	int ret;

	if (type == ENN_META_VERSION_FRAMEWORK || type == ENN_META_VERSION_COMMIT) {
		snprintf(text, ENN_INFO_GRAPH_STR_LENGTH_MAX, "acceldev " ACCELDEV_VERSION);
		return 0;
	}
	if (enn_model_find(id) == NULL)
		return -EINVAL;
	if (type != ENN_META_VERSION_DD) {
		TELL("model %" PRIu64 ": version %d is not known here", id, (int)type);
		return -ENOTSUP;
	}
	ret = accel_dev_info_get(enn_dev_id(), &info);
	if (ret == 0)
		snprintf(text, ENN_INFO_GRAPH_STR_LENGTH_MAX, "%s " ACCELDEV_VERSION, info.driver);
	return ret;
}

int
enn_info_meta(EnnMetaTypeId type, EnnModelId id, char *text)
{
	int ret;

	if (text == NULL)
		return tell_no_place(id);
	text[0] = 0;
	ret = enn_begin();
	return ret == 0 ? enn_end(tell_version(type, id, text)) : ret;
}
