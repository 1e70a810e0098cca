/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_LOG_H
#define VVAS_LOG_H

/**
 * @file
 * Messages, as VVAS programs write them. The environment variable VVAS_CORE_LOG_FILE_PATH says
 * where they go: CONSOLE to standard output, anything else to the file of that name, which grows;
 * without it, or when the file cannot be written, to syslog.
 */

#include <stdint.h>
#include <stdio.h>

#define VVAS_CORE_FILE_PATH_SIZE (2000u)
#define VVAS_CORE_LOG_FILE_PATH  ("VVAS_CORE_LOG_FILE_PATH")
#define VVAS_CORE_LOG_CONSOLE    "CONSOLE"

typedef enum {
	LOG_LEVEL_ERROR = 0,
	LOG_LEVEL_WARNING = 1,
	LOG_LEVEL_INFO = 2,
	LOG_LEVEL_DEBUG = 3
} VvasLogLevel;

#define NOT_FOUND -1

#ifndef TRUE
#define TRUE (0 == 0)
#endif
#ifndef FALSE
#define FALSE (!TRUE)
#endif

/** The last component of this source file's name. Takes <string.h>. */
#define __FILENAME__ (strrchr(__FILE__, '/') != NULL ? strrchr(__FILE__, '/') + 1 : __FILE__)

#define LOG_MESSAGE(level, set_level, ...)                                                         \
	vvas_log(level, set_level, __FILENAME__, __func__, __LINE__, __VA_ARGS__)

#define LOG_ERROR(set_level, ...)   LOG_MESSAGE(LOG_LEVEL_ERROR, set_level, __VA_ARGS__)
#define LOG_WARNING(set_level, ...) LOG_MESSAGE(LOG_LEVEL_WARNING, set_level, __VA_ARGS__)
#define LOG_INFO(set_level, ...)    LOG_MESSAGE(LOG_LEVEL_INFO, set_level, __VA_ARGS__)
#define LOG_DEBUG(set_level, ...)   LOG_MESSAGE(LOG_LEVEL_DEBUG, set_level, __VA_ARGS__)

#define LOG_ERROR_OBJ(obj, set_level, ...)   LOG_ERROR(set_level, __VA_ARGS__)
#define LOG_WARNING_OBJ(obj, set_level, ...) LOG_WARNING(set_level, __VA_ARGS__)
#define LOG_INFO_OBJ(obj, set_level, ...)    LOG_INFO(set_level, __VA_ARGS__)
#define LOG_DEBUG_OBJ(obj, set_level, ...)   LOG_DEBUG(set_level, __VA_ARGS__)

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Write one line, if its level is at most set_level. Any thread.
 *
 * @param filename,func,line  the place in the source; NULL is none
 * @param fmt  as printf(); that it fits the arguments is not checked, for programs older than this
 */
void vvas_log(uint32_t log_level, uint32_t set_log_level, const char *filename, const char *func,
		uint32_t line, const char *fmt, ...);

#ifdef __cplusplus
}
#endif

#endif
