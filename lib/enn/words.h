/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_WORDS_H
#define ENN_WORDS_H

/**
 * @file
 * What this library tells of refused calls, in EAL's log. What keeps a device, a model or memory
 * from working is told there by the library below.
 */

#include <rte_log.h>

extern int enn_logtype;

/** Tell why a call fails, in one line without its end. */
#define TELL(fmt, ...) rte_log(RTE_LOG_ERR, enn_logtype, "enn: " fmt "\n", ##__VA_ARGS__)

/** Tell what a call that succeeds could not do. */
#define TELL_SHORTFALL(fmt, ...)                                                                   \
	rte_log(RTE_LOG_WARNING, enn_logtype, "enn: " fmt "\n", ##__VA_ARGS__)

#endif
