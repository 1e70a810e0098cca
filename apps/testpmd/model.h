/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_MODEL_H
#define TESTPMD_MODEL_H

/**
 * @file
 * Models: a program on one device, and instances of it with memory for their tensors.
 */

#include <stdint.h>

#include <acceldev/acceldev.h>

#include "device.h"

struct model {
	struct accel_program *program;
	uint16_t dev_id;
	unsigned int nb_tensors;
	unsigned int nb_inputs;
	struct accel_tensor_info input;  /**< the first one, if there are any */
	struct accel_tensor_info output; /**< likewise */
	uint64_t output_at;    /**< where it lies in model_inst::buf */
	uint64_t tensor_bytes; /**< of all tensors */
	uint64_t buf_len;      /**< with what lies between them */
	uint64_t align;
	uint64_t scratch;      /**< of the library's memory for each instance */
};

/** An instance; all of its tensors lie in one buffer, the first input at the beginning. */
struct model_inst {
	struct accel_instance *instance;
	struct accel_buf *buf;
	uint64_t record; /**< that it was last given */
	uint64_t tsc;    /**< when it was last enqueued */
};

/**
 * Load a program.
 *
 * @param model  zeroed
 * @return 0, or an exit status after saying what is wrong; model_unload() in both cases
 */
int model_load(struct model *model, const char *path, const struct device *dev);

/** Unload it, without any instances; a zeroed model is a no-op. */
void model_unload(struct model *model);

/** Numbers that the first output tells apart: bytes in its row. 0: it has no such rows. */
uint64_t model_classes(const struct model *model);

/** The number with the highest score in the first row of the first output. */
uint64_t model_answer(const struct model *model, const struct model_inst *inst);

/** Host memory that an instance takes. */
uint64_t model_inst_bytes(const struct model *model);

/**
 * Make an instance; its inputs are pseudo-random.
 *
 * @param seed  the same bytes come from the same seed
 * @return 0, or negative errno, logged
 */
int model_inst_make(const struct model *model, uint64_t seed, struct model_inst *inst);

/** Free it. */
void model_inst_free(struct model_inst *inst);

#endif
