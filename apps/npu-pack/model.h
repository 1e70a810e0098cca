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
#include <sys/stat.h>

#include <drivers/npu/npu_image.h>

#define MODEL_MAX_TENSORS 1024
#define MODEL_MAX_ROWS    65536
#define MODEL_MAX_COLS    (65535 * VTA_BLOCK) /* as far as a stride goes */
#define MODEL_SOURCES     2
#define MODEL_MAX_FILES   (1 + 2 * MODEL_MAX_TENSORS) /* each layer has weights and biases */
#define MODEL_MAX_TEXT    (4 << 20) /* bytes of a description */

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

/** A file that was read, whatever its names. */
struct model_file {
	dev_t dev;
	ino_t ino;
};

struct model {
	struct model_tensor *tensors;
	struct model_layer *layers;
	unsigned int nb_tensors;
	unsigned int nb_layers;
	unsigned int outputs[NPU_IMAGE_MAX_IO]; /* tensors, in the order in which they were named */
	unsigned int nb_outputs;
	unsigned int nb_inputs;
	struct model_file *files;
	unsigned int nb_files;
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

/** What a file is that is no regular one, in words. */
const char *model_file_kind(mode_t mode);

/**
 * Read the description, whole. It may come out of a pipe, which ends after MODEL_MAX_TEXT.
 *
 * @return a string for the caller to free; NULL: told on stderr
 */
char *model_read_text(struct model *m, const char *path);

/**
 * Read a regular file that has just these many bytes, beside the description.
 *
 * @return memory for the caller to free; NULL: told on stderr
 */
void *model_read_file(struct model *m, const char *path, unsigned int line, const char *name,
		size_t bytes, const char *what);

/** Whether a file is the description, or one of those it names. */
bool model_has_read(const struct model *m, const struct stat *st);

#endif
