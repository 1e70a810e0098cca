/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "mode.h"

const char *const mode_names[MODE_MAX] = {
	[MODE_COPY] = "copy",
	[MODE_H2B] = "h2b",
	[MODE_B2H] = "b2h",
	[MODE_B2B] = "b2b",
	[MODE_FILL] = "fill",
	[MODE_INFER] = "infer",
};

/* The pattern starts in HOST_SRC (or in the op) and is looked for in HOST_DST. */
static const struct mode_step all_steps[MODE_MAX][MODE_MAX_STEPS] = {
	[MODE_COPY] = {
		{ PLACE_HOST_SRC, PLACE_HOST_DST, true },
	},
	[MODE_H2B] = {
		{ PLACE_HOST_SRC, PLACE_BANK_DST, true },
		{ PLACE_BANK_DST, PLACE_HOST_DST, false },
	},
	[MODE_B2H] = {
		{ PLACE_HOST_SRC, PLACE_BANK_SRC, false },
		{ PLACE_BANK_SRC, PLACE_HOST_DST, true },
	},
	[MODE_B2B] = {
		{ PLACE_HOST_SRC, PLACE_BANK_SRC, false },
		{ PLACE_BANK_SRC, PLACE_BANK_DST, true },
		{ PLACE_BANK_DST, PLACE_HOST_DST, false },
	},
	[MODE_FILL] = {
		{ PLACE_NONE, PLACE_HOST_DST, true },
	},
	[MODE_INFER] = {
		{ PLACE_NONE, PLACE_TENSORS, true },
	},
};

unsigned int
mode_steps(enum testpmd_mode mode, bool verify, struct mode_step *steps)
{
	const struct mode_step *step = all_steps[mode];
	unsigned int i, n = 0;

	for (i = 0; i < MODE_MAX_STEPS && step[i].dst != PLACE_NONE; i++) {
		if (step[i].measured || verify)
			steps[n++] = step[i];
	}
	return n;
}

unsigned int
mode_places(const struct mode_step *steps, unsigned int n)
{
	unsigned int i, places = 0;

	for (i = 0; i < n; i++)
		places |= PLACE_BIT(steps[i].src) | PLACE_BIT(steps[i].dst);
	return places & ~PLACE_BIT(PLACE_NONE);
}

bool
mode_needs_bank(enum testpmd_mode mode)
{
	struct mode_step steps[MODE_MAX_STEPS];
	unsigned int n = mode_steps(mode, false, steps);

	return (mode_places(steps, n) &
		(PLACE_BIT(PLACE_BANK_SRC) | PLACE_BIT(PLACE_BANK_DST))) != 0;
}
