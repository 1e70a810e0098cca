/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_SET_H
#define ENN_SET_H

/**
 * @file
 * Arrays of buffers, one for each tensor of a model. A program knows one by its address; what the
 * program writes into it is not read.
 *
 * The memory of the buffers ends with the model when the program has not released the array. Array
 * and EnnBuffers stay, so that it may do that afterwards, and so that no new array gets the address
 * in the meantime: of arrays that are never released the last ENN_SETS_KEPT.
 *
 * All with the lock of life.h held, but where it says otherwise.
 */

#include <sys/queue.h>

#include <bsd/sys/tree.h>

#include "buffer.h"

#define ENN_SETS_KEPT 64

struct enn_set {
	RB_ENTRY(enn_set) entry;
	TAILQ_ENTRY(enn_set) node;  /* of its model's, or of those kept */
	struct enn_set_list *list;
	struct enn_buffer **buffers;
	EnnBufferPtr *array;        /* the program's */
	unsigned int n;
};

TAILQ_HEAD(enn_set_list, enn_set);

/**
 * Make an array with room for n, which nobody knows yet. Without the lock; NULL, and logged: no
 * memory.
 */
struct enn_set *enn_set_alloc(unsigned int n);

/** Free an array that nobody knows, and the buffers in it, which nobody knows either. */
void enn_set_free(struct enn_set *set);

/** Make an array and its buffers known, as a model's. */
void enn_set_add(struct enn_set *set, struct enn_set_list *list);

/** The model ends: so does the memory of its arrays. */
void enn_set_end_model(struct enn_set_list *list);

/** End those that were kept. */
void enn_set_end_all(void);

/* A call. */
int enn_set_release(EnnBufferPtr *array, int32_t n);

#endif
