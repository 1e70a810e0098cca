/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_SLOTS_H
#define TESTPMD_SLOTS_H

/**
 * @file
 * The memory that the ops of a stream work on.
 */

#include <stdint.h>

#include "stream.h"

/**
 * Allocate stream::slots, and set stream::nb_slots to how many there are: dev's depth, or less when
 * memory is scarce.
 *
 * @return 0, or an exit status after saying what is wrong; slots_free() in both cases
 */
int slots_alloc(struct stream *s, const struct testpmd_conf *conf, const struct device *dev,
		uint64_t host_bytes);

/** Free what was allocated. */
void slots_free(struct stream *s);

#endif
