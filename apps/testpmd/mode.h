/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_MODE_H
#define TESTPMD_MODE_H

/**
 * @file
 * Modes: from where to where bytes are moved, and which further ops it takes to see that they
 * arrived; or what else is done.
 */

#include <stdbool.h>

enum testpmd_mode {
	MODE_COPY, /**< host to host */
	MODE_H2B,  /**< host to bank */
	MODE_B2H,  /**< bank to host */
	MODE_B2B,  /**< bank to bank */
	MODE_FILL, /**< pattern to host */
	MODE_INFER, /**< a program is run */
	MODE_MAX,
};

/** Where the bytes of a slot can be. */
enum place {
	PLACE_NONE,
	PLACE_HOST_SRC,
	PLACE_HOST_DST,
	PLACE_BANK_SRC,
	PLACE_BANK_DST,
	PLACE_TENSORS, /**< of an instance of a program */
	PLACE_MAX,
};

#define PLACE_BIT(place) (1u << (place))
#define MODE_MAX_STEPS 3

/** One op of a slot. */
struct mode_step {
	enum place src; /**< PLACE_NONE: a fill, or a run */
	enum place dst;
	bool measured;  /**< the op of the mode; the others are there for verification */
};

/** Names of the modes, as the user writes them. */
extern const char *const mode_names[MODE_MAX];

/**
 * The steps of a mode.
 *
 * @param verify  with the steps that carry the pattern in and the result out
 * @param[out] steps  room for MODE_MAX_STEPS
 * @return number of steps
 */
unsigned int mode_steps(enum testpmd_mode mode, bool verify, struct mode_step *steps);

/** PLACE_BIT() of all places that the steps use. */
unsigned int mode_places(const struct mode_step *steps, unsigned int n);

/** Whether a mode moves bytes of banks. */
bool mode_needs_bank(enum testpmd_mode mode);

#endif
