/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <vvas_core/vvas_log.h>

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "to_syslog.h"

#define LINE_SIZE 2048

static FILE *log_file; /* NULL: syslog */

static void
read_setting(void)
{
	const char *name = getenv(VVAS_CORE_LOG_FILE_PATH);

	if (name == NULL || name[0] == 0)
		return;
	if (strcmp(name, VVAS_CORE_LOG_CONSOLE) == 0)
		log_file = stdout;
	else
		log_file = fopen(name, "ae");
}

/* "LEVEL FILE:LINE FUNCTION(): ", as far as it is known; returns its length. */
static size_t
begin_line(char *text, uint32_t level, const char *filename, const char *func, uint32_t line)
{
	static const char *const names[] = { "ERROR", "WARNING", "INFO", "DEBUG" };
	int n = snprintf(text, LINE_SIZE, "%s %s:%u %s(): ", names[level <= 3 ? level : 3],
			filename != NULL ? filename : "", line, func != NULL ? func : "");

	return n < LINE_SIZE ? (size_t)n : LINE_SIZE - 1;
}

static void
write_line(uint32_t level, const char *text)
{
	if (log_file == NULL) {
		to_syslog(level, text);
		return;
	}
	fprintf(log_file, "%s\n", text);
	fflush(log_file);
}

void
vvas_log(uint32_t log_level, uint32_t set_log_level, const char *filename, const char *func,
		uint32_t line, const char *fmt, ...)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int saved_errno = errno;
	char text[LINE_SIZE];
	size_t len;
	va_list ap;

	if (log_level > set_log_level || fmt == NULL)
		return;
	pthread_once(&once, read_setting);
	len = begin_line(text, log_level, filename, func, line);
	errno = saved_errno; /* for %m */
	va_start(ap, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, ap);
	va_end(ap);
	len = strlen(text);
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = 0;
	write_line(log_level, text);
	errno = saved_errno;
}
