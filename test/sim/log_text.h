/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef LOG_TEXT_H
#define LOG_TEXT_H

/**
 * @file
 * What the library logs, for tests that look at the words.
 */

#include <stdbool.h>

/** Keep what is logged from now on. */
void log_text_begin(void);

/** Log to the terminal again. What was logged meanwhile; valid until the next call of this. */
const char *log_text_end(void);

/**
 * Whether a text is one line that contains all of some words; the last word is followed by NULL.
 */
bool log_is_line(const char *text, ...) __attribute__((sentinel));

/** Assert that a call fails with an error, and has said so in one line with these words. */
#define LOG_ASSERT_FAILS(call, err, ...)                                                           \
	do {                                                                                       \
		log_text_begin();                                                                  \
		CU_ASSERT_EQUAL((call), (err));                                                    \
		CU_ASSERT(log_is_line(log_text_end(), __VA_ARGS__, (char *)0));                    \
	} while (0)

#endif
