/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_FAKE_H
#define ENN_FAKE_H

/**
 * @file
 * A device that runs programs and does what the test says: it holds runs back, fails them, and
 * fails the calls of its driver. Byte i of output n becomes byte i of the first input, plus 1, plus
 * n.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_SPEC "soft:fake,driver=ennfake"
#define FAKE_NAME "soft:fake"

/** An image. Tensors are called in0, in1, ..., out0, ...; in twins all inputs are in0. */
struct fake_image {
	char magic[4]; /* FAKE */
	uint8_t nb_inputs;
	uint8_t nb_outputs;
	bool twins;
	uint8_t ndim;
	uint32_t align;
	uint32_t shape[4];
	uint64_t size; /* of each tensor */
};

struct fake {
	/* What is to happen; any thread. */
	int hold;        /**< runs do not end */
	int allow;       /**< but for so many */
	int hold_load;   /**< programs are not loaded */
	int status;      /**< how runs end */
	int fail_create; /**< errno of the next one */
	int fail_bind;   /**< errno of the nth bind from now on, where n is ... */
	int fail_bind_nth;
	/* What there is. */
	unsigned int programs;
	unsigned int instances;
	unsigned int runs; /**< ended */
};

extern struct fake fake;

void fake_register(void);
void fake_set(int *knob, int value);
int fake_get(const int *knob);
unsigned int fake_runs(void);

/** An image with so many tensors of so many bytes, int8 in one dimension. */
struct fake_image fake_image(unsigned int nb_inputs, unsigned int nb_outputs, uint32_t size);

#endif
