/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_STATS_H
#define TESTPMD_STATS_H

/**
 * @file
 * What is printed about runs.
 */

#include <stdbool.h>
#include <stdint.h>

#include "run.h"

/**
 * Print a line of progress.
 *
 * @param elapsed  seconds since the run was begun
 * @param period   seconds since the last line
 * @return ops completed so far
 */
uint64_t stats_progress(const struct run *run, double elapsed, double period);

/**
 * Print the statistics of a run that has ended.
 *
 * @return whether nothing was wrong
 */
bool stats_table(const struct run *run);

/** A number with three digits and a decimal prefix, such as "4.12 M". Uses text, of 16 bytes. */
const char *stats_human(double number, char *text);

#endif
