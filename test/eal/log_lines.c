/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "log_lines.h"

#include <rte_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *before, *stream;
static char *text;
static size_t size, counted, last;

void
log_catch(void)
{
	before = rte_log_get_stream();
	text = NULL;
	size = counted = last = 0;
	stream = open_memstream(&text, &size);
	if (stream == NULL)
		abort();
	rte_openlog_stream(stream);
}

unsigned int
log_lines(void)
{
	unsigned int n = 0;

	fflush(stream);
	last = counted;
	for (; counted < size; counted++)
		n += text[counted] == '\n';
	return n;
}

bool
log_has(const char *what)
{
	return strstr(text + last, what) != NULL;
}

void
log_release(void)
{
	rte_openlog_stream(before);
	fclose(stream);
	free(text);
	stream = NULL;
	text = NULL;
}
