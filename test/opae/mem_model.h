/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef MEM_MODEL_H
#define MEM_MODEL_H

/**
 * @file
 * A plain model of a struct mem_alloc: units, each absent, free or allocated, and the allocated
 * ranges in the order in which they were allocated. Ranges are whole units; what a unit is worth in
 * bytes and where the first one lies is up to the test.
 */

#include <opae/mem_alloc.h>
#include <stdbool.h>

#define MODEL_UNITS 4096

enum mem_unit { UNIT_ABSENT, UNIT_FREE, UNIT_ALLOCATED };

struct mem_range {
	unsigned int at;
	unsigned int len;
};

struct mem_model {
	unsigned int n; /* units */
	uint64_t base, scale;
	enum mem_unit unit[MODEL_UNITS];
	unsigned int nb_allocated;
	struct mem_range allocated[MODEL_UNITS];
};

static inline uint64_t
model_address(const struct mem_model *model, unsigned int unit)
{
	return model->base + unit * model->scale;
}

void model_init(struct mem_model *model, unsigned int n, uint64_t base, uint64_t scale);

/** What mem_alloc should do: 0 or the errno; the model has changed then, or not. */
int model_add(struct mem_model *model, unsigned int at, unsigned int len);
int model_get(struct mem_model *model, unsigned int *at, unsigned int len);
int model_put(struct mem_model *model, unsigned int at);
void model_constrain(struct mem_model *model, const struct mem_model *by);

/** Whether both lists are what they should be, forwards and backwards. */
bool model_agrees(const struct mem_model *model, const struct mem_alloc *m);

#endif
