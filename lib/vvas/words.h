/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_WORDS_H
#define VVAS_WORDS_H

/**
 * @file
 * What this library tells its programs, in VVAS's own log. What keeps a device or its memory from
 * working is told by the library below, in EAL's.
 */

#include <string.h>

#include <vvas_core/vvas_log.h>

/** Tell why a call fails. */
#define TELL(set_level, ...) LOG_ERROR((uint32_t)(set_level), __VA_ARGS__)

/** Tell that a call was given something that is none of its kind. */
#define TELL_REFUSED(address, what)                                                                \
	TELL(DEFAULT_VVAS_LOG_LEVEL, "%p is no " what ": made up, or gone already",                \
			(const void *)(address))

#define TELL_NULL(what) TELL(DEFAULT_VVAS_LOG_LEVEL, what " is NULL")

#endif
