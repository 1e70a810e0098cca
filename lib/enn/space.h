/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_SPACE_H
#define ENN_SPACE_H

/**
 * @file
 * Sessions of a model, which are places for one buffer per tensor: those that are set, and those
 * that are committed and that it runs with.
 *
 * All with the lock of life.h held, but for the calls.
 */

#include <stdbool.h>

#include <acceldev/accel_op.h>

#include "model.h"

enum enn_space_state {
	ENN_SPACE_IDLE,
	ENN_SPACE_RUNNING,
	ENN_SPACE_DONE, /* nobody has been told of it yet */
};

struct enn_space {
	struct enn_model *model;
	unsigned int number;
	bool is_committed;
	struct accel_instance *instance; /* NULL until the first commit */
	struct enn_buffer **set;         /* by tensor; NULL: none */
	struct enn_buffer **committed;   /* by tensor; while it is committed, or runs */

	/* run.c's */
	enum enn_space_state state;
	int result;
	struct accel_op op;
	TAILQ_ENTRY(enn_space) node;
	pthread_cond_t ended;
};

/** A session of a model: NULL, and logged, when there is none, with the error in ret. */
struct enn_space *enn_space_get(struct enn_model *model, int number, int *ret);

/** The same, of the model that a program names. */
struct enn_space *enn_space_find(EnnModelId id, int number, int *ret);

/** 0, or -EBUSY, logged, when it is running. */
int enn_space_check_idle(const struct enn_space *space, const char *what);

/** Have it run with these buffers: 0, or negative errno, logged, and all is as before. */
int enn_space_commit(struct enn_space *space, struct enn_buffer *const *buffers);

/** Set all. */
void enn_space_set_all(struct enn_space *space, struct enn_buffer *const *buffers);

/** Let go of the buffers that it ran with when it is not committed and not running. */
void enn_space_settle(struct enn_space *space);

/** Take a buffer out. */
void enn_space_forget(struct enn_space *space, const struct enn_buffer *buffer);

/** Free a session that is not running. NULL is a no-op. */
void enn_space_free(struct enn_space *space);

#endif
