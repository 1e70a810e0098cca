/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef LOG_LINES_H
#define LOG_LINES_H

/**
 * @file
 * Catches what is logged, so that a test can ask whether a failure was explained, and once.
 */

#include <stdbool.h>

/** From now on logs go here. */
void log_catch(void);

/** How many lines were logged since the last call of this function, or since log_catch(). */
unsigned int log_lines(void);

/** Whether the lines that log_lines() counted last contain a text. */
bool log_has(const char *text);

/** Logs go where they went. */
void log_release(void);

#endif
