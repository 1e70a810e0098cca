/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_RUN_H
#define ENN_RUN_H

/**
 * @file
 * Runs. The device has one queue pair for all sessions, which one thread at a time serves for all:
 * one that waits for a run, or, where none does, a thread of this library.
 */

#include "enn_api-type.h"

/* Calls: 0 or negative errno, logged. */
int enn_run_begin(EnnModelId id, int number);
int enn_run_wait(EnnModelId id, int number);
/** Both. */
int enn_run(EnnModelId id, int number);

/** End the thread, when there are no runs; the lock of life.h is held. */
void enn_run_stop(void);

#endif
