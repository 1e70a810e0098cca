/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef MODEL_H
#define MODEL_H

/**
 * @file
 * What is to be packed: tensors, and layers that make one tensor of others. All tensors are int8
 * [rows][columns], with columns rounded up to blocks of 16. Each layer is
 *
 *	clip((sum over sources of source x weights + bias) >> shift, low, high)
 *
 * with weights of a dense layer, or, element by element, one factor for each source.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/npu/npu_image.h>

#define MODEL_MAX_TENSORS 1024
#define MODEL_MAX_ROWS    65536
#define MODEL_MAX_COLS    (65535 * VTA_BLOCK) /* as far as a stride goes */
#define MODEL_SOURCES     2

enum model_use {
	MODEL_USE_IN,
	MODEL_USE_OUT,
	MODEL_USE_SCRATCH,
};

struct model_tensor {
	char name[NPU_IMAGE_LABEL_MAX];
	enum model_use use;
	unsigned int line; /* of the description, where it comes from */
	uint32_t rows;
	uint32_t cols;   /* those that mean something */
	uint32_t blocks; /* of 16 columns */
	bool is_read;
};

struct model_layer {
	unsigned int line;
	unsigned int out; /* tensor */
	unsigned int sources[MODEL_SOURCES];
	unsigned int nb_sources;
	int8_t times[MODEL_SOURCES]; /* element by element */
	int8_t *weights;             /* dense: [columns of out][columns of the source]; else NULL */
	int32_t *bias;               /* dense: of each column, or NULL */
	unsigned int shift;
	int low, high;
	int fill;                    /* dense: of the columns that mean nothing, before the clip */
};

struct model {
	struct model_tensor *tensors;
	struct model_layer *layers;
	unsigned int nb_tensors;
	unsigned int nb_layers;
	unsigned int outputs[NPU_IMAGE_MAX_IO]; /* tensors, in the order in which they were named */
	unsigned int nb_outputs;
	unsigned int nb_inputs;
};

/**
 * Read a description. Says on stderr what is wrong, with file, line, cause and remedy.
 *
 * @retval 0 *m is to be given to model_free()
 * @retval -1 it cannot be used
 */
int model_read(const char *path, struct model *m);

void model_free(struct model *m);

/** Say on stderr what is wrong at a line of the description, 0 being none; -1. */
int model_bad(const char *path, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * Read a file that has just these many bytes, beside the description.
 *
 * @return memory for the caller to free; NULL: told on stderr
 */
void *model_read_file(const char *path, unsigned int line, const char *name, size_t bytes,
		const char *what);

#endif
