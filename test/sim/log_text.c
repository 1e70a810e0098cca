/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "log_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_log.h>

static FILE *stream;
static char *text;
static size_t size;

void
log_text_begin(void)
{
	free(text);
	text = NULL;
	stream = open_memstream(&text, &size);
	if (stream == NULL)
		abort();
	rte_openlog_stream(stream);
}

const char *
log_text_end(void)
{
	rte_openlog_stream(NULL);
	fclose(stream);
	return text;
}

bool
log_is_line(const char *line, ...)
{
	const char *end = strchr(line, '\n'), *word;
	bool has = end != NULL && end[1] == '\0';
	va_list ap;

	va_start(ap, line);
	while ((word = va_arg(ap, const char *)) != NULL)
		has = has && strstr(line, word) != NULL;
	va_end(ap);
	if (!has)
		printf("\n    logged: %s", line);
	return has;
}
