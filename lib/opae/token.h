/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_TOKEN_H
#define OPAE_TOKEN_H

#include "catalog.h"
#include "object.h"

/** What fpga_token names: an accelerator, held. */
struct token {
	struct object object;
	struct accelerator *acc;
};

#endif
