/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_LIFE_H
#define ENN_LIFE_H

/**
 * @file
 * The context of the process, from the first EnnInitialize() to the last EnnDeinitialize(), and the
 * one lock of this library: books are kept under it, memory is made and filled without it.
 *
 * Results are 0 or negative errno here; answer.h makes an EnnReturn of them. -ENOTCONN: not
 * initialised. -ECHILD: a child of fork(), whose parent has been; the lock is as it was then, and
 * memory and device are the parent's.
 */

#include <pthread.h>
#include <stdint.h>

#include <acceldev/accel_ctx.h>

/** Count an initialisation; the first one opens the device: 0 or negative errno, logged. */
int enn_life_init(void);

/** Count one less; the last one ends everything: 0, -ENOTCONN or -ECHILD, logged. */
int enn_life_fini(void);

/** Begin a call: 0, and the lock is held and the context lasts; or -ENOTCONN or -ECHILD, logged. */
int enn_begin(void);

/** End a call, and return what it is given. */
int enn_end(int ret);

/** Let go of the lock in a call, and take it again. The context lasts. */
void enn_unlock(void);
void enn_lock(void);

/** Wait without the lock for a condition that is signalled under it. */
void enn_wait(pthread_cond_t *cond);

/** In a call: the context of the device, and its number. */
struct accel_ctx *enn_ctx(void);
uint16_t enn_dev_id(void);

#endif
