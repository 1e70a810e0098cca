/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_QUEUES_H
#define VTA_QUEUES_H

/**
 * @file
 * The machine of vta_ref.h with its three queues: a program runs in one of the many orders that
 * its tokens allow.
 */

#include <drivers/npu/vta_isa.h>

#include "vta_ref.h"

/** Orders below this have a queue that goes first whenever it can, and one that goes last. */
#define QUEUES_STRICT 6

/**
 * Run a program whose instructions are good.
 *
 * @param order  below QUEUES_STRICT as there; else the seed of a random order
 * @return whether it came to its end: no queue waits, and no token is left
 */
bool queues_run(struct ref *ref, const struct vta_insn *insns, uint32_t n, uint32_t order);

#endif
