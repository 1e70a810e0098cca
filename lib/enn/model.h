/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_MODEL_H
#define ENN_MODEL_H

/**
 * @file
 * Models. A program knows one by a number, which is looked up; none comes twice before 2^32 others
 * were opened.
 *
 * All with the lock of life.h held, but for the calls.
 */

#include <pthread.h>

#include <acceldev/accel_program.h>

#include "set.h"

/** Sessions of a model. */
#define ENN_NB_SPACES 16

struct enn_space;

struct enn_model {
	RB_ENTRY(enn_model) entry;
	uint32_t id;
	struct accel_program *program;
	struct accel_tensor_info *tensors; /* inputs, then outputs */
	unsigned int nb_tensors;
	unsigned int nb_inputs;
	struct enn_space *spaces[ENN_NB_SPACES]; /* NULL: not used yet */
	struct enn_set_list sets;
	unsigned int users;  /* calls that let go of the lock, and runs: it is not closed before */
	pthread_cond_t left; /* when there are none */
};

/** The model that a program names; NULL, and logged, when it is none. */
struct enn_model *enn_model_find(EnnModelId id);

/** Count who uses a model without the lock. */
void enn_model_use(struct enn_model *model);
void enn_model_leave(struct enn_model *model);

/** Number of a tensor: or -EINVAL, logged. */
int enn_model_tensor_at(const struct enn_model *model, enn_buf_dir_e direction, uint32_t index);
int enn_model_tensor_named(const struct enn_model *model, const char *label);

/** Take a buffer that ends out of all sessions. */
void enn_model_forget(const struct enn_buffer *buffer);

void enn_model_close_all(void);

/* Calls. */
int enn_model_open_file(const char *path, EnnModelId *id);
int enn_model_open_memory(const void *va, uint32_t size, EnnModelId *id);
/** All of a file, or a part. */
int enn_model_open_fd(int fd, EnnModelId *id);
int enn_model_open_part(int fd, uint32_t size, uint32_t offset, EnnModelId *id);
int enn_model_close(EnnModelId id);

#endif
