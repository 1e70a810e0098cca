/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "dense.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

static void
describe(struct model *m, struct model_tensor *tensors, struct model_layer *layer)
{
	static const char *const names[] = { "in", "out" };
	unsigned int i;

	memset(m, 0, sizeof(*m));
	for (i = 0; i < 2; i++) {
		tensors[i] = (struct model_tensor){ .use = i == 0 ? MODEL_USE_IN : MODEL_USE_OUT,
			.rows = DENSE_ROWS, .cols = DENSE_COLS, .blocks = DENSE_COLS / VTA_BLOCK, .is_read = i == 0 };
		strcpy(tensors[i].name, names[i]);
	}
	layer->out = 1;
	layer->nb_sources = 1;
	layer->shift = 8;
	layer->low = 0;
	layer->high = 127;
	m->tensors = tensors;
	m->nb_tensors = 2;
	m->layers = layer;
	m->nb_layers = 1;
	m->outputs[0] = 1;
	m->nb_outputs = 1;
	m->nb_inputs = 1;
}

int
dense_image(char **image, size_t *len)
{
	struct model_tensor tensors[2];
	struct model_layer layer = { .line = 0 };
	struct program program = { .no_memory = false };
	struct model m;
	unsigned int i;
	int ret;

	describe(&m, tensors, &layer);
	layer.weights = malloc((size_t)DENSE_COLS * DENSE_COLS);
	if (layer.weights == NULL)
		return -ENOMEM;
	for (i = 0; i < DENSE_COLS * DENSE_COLS; i++)
		layer.weights[i] = (int8_t)(i * 2654435761u >> 24);
	ret = program_make("dense", &m, &program);
	if (ret == 0)
		ret = image_make("dense", &m, &program, image, len);
	program_free(&program);
	free(layer.weights);
	return ret == 0 ? 0 : -EIO;
}
