/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FAIL_MALLOC_H
#define FAIL_MALLOC_H

/**
 * @file
 * Makes malloc(), calloc(), realloc() and aligned_alloc() of the program fail, which is linked with
 * --wrap.
 */

#include <stdbool.h>

/** The nth allocation from now on fails, 1 being the next; 0: none. */
void fail_malloc_arm(unsigned int nth);

/** Allocations work again; returns what to arm with to go on. */
unsigned int fail_malloc_pause(void);

/** Allocations work again. Returns whether one failed since they did not. */
bool fail_malloc_disarm(void);

#endif
