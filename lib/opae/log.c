/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/log.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int log_level = OPAE_LOG_ERROR;
static FILE *log_file; /* NULL: standard output and error */

static void
read_settings(void)
{
	const char *level = getenv("LIBOPAE_LOG"), *name = getenv("LIBOPAE_LOGFILE");

	if (level != NULL)
		log_level = atoi(level);
	if (name != NULL && name[0] != 0)
		log_file = fopen(name, "we");
}

void
opae_print(int loglevel, const char *fmt, ...)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	FILE *out = stdout;
	va_list ap;

	pthread_once(&once, read_settings);
	if (loglevel > log_level)
		return;
	if (log_file != NULL)
		out = log_file;
	else if (loglevel <= OPAE_LOG_ERROR)
		out = stderr;
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	fflush(out);
}
