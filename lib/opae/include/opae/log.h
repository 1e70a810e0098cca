/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_LOG_H
#define OPAE_LOG_H

/**
 * @file
 * Messages, as OPAE programs write them: errors to standard error, the rest to standard
 * output, up to the level that the environment variable LIBOPAE_LOG has; 0, errors alone, without
 * it. LIBOPAE_LOGFILE names a file for them instead.
 */

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum opae_loglevel {
	OPAE_LOG_ERROR = 0,
	OPAE_LOG_MESSAGE = 1,
	OPAE_LOG_DEBUG = 2
};

/** Print a message of a level. Any thread. */
void opae_print(int loglevel, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

/** The last component of this source file's name. */
#define OPAE_SHORT_FILE (strrchr(__FILE__, '/') != NULL ? strrchr(__FILE__, '/') + 1 : __FILE__)

#define OPAE_ERR(format, ...)                                                                      \
	opae_print(OPAE_LOG_ERROR, "%s:%u:%s() **ERROR** : " format "\n", OPAE_SHORT_FILE,         \
			(unsigned int)__LINE__, __func__, ##__VA_ARGS__)

#define OPAE_MSG(format, ...)                                                                      \
	opae_print(OPAE_LOG_MESSAGE, "%s:%u:%s() : " format "\n", OPAE_SHORT_FILE,                 \
			(unsigned int)__LINE__, __func__, ##__VA_ARGS__)

#define OPAE_DBG(format, ...)                                                                      \
	opae_print(OPAE_LOG_DEBUG, "%s:%u:%s() *DEBUG* : " format "\n", OPAE_SHORT_FILE,           \
			(unsigned int)__LINE__, __func__, ##__VA_ARGS__)

#endif
