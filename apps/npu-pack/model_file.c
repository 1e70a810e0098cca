/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model.h"

int
model_bad(const char *path, unsigned int line, const char *fmt, ...)
{
	va_list ap;

	if (line > 0)
		fprintf(stderr, "accel-npu-pack: %s:%u: ", path, line);
	else
		fprintf(stderr, "accel-npu-pack: %s: ", path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -1;
}

/* The name of a file beside another one. */
static char *
beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL && name[0] != '/' ? (size_t)(slash + 1 - path) : 0;
	char *full = malloc(len + strlen(name) + 1);

	if (full != NULL) {
		memcpy(full, path, len);
		strcpy(full + len, name);
	}
	return full;
}

static void *
read_bytes(const char *path, unsigned int line, const char *name, FILE *f, size_t bytes)
{
	void *data = malloc(bytes);

	if (data == NULL)
		(void)model_bad(path, line, "no memory for the %zu bytes of %s: free some", bytes,
				name);
	else if (fread(data, 1, bytes, f) != bytes) {
		(void)model_bad(path, line, "%s cannot be read: see the file system", name);
		free(data);
		data = NULL;
	}
	return data;
}

void *
model_read_file(const char *path, unsigned int line, const char *name, size_t bytes,
		const char *what)
{
	char *full = beside(path, name);
	FILE *f = full != NULL ? fopen(full, "rb") : NULL;
	void *data = NULL;
	struct stat st;

	if (f == NULL || fstat(fileno(f), &st) != 0)
		(void)model_bad(path, line, "%s cannot be opened: %s: names are relative to the "
				"description's folder", name, strerror(errno));
	else if (!S_ISREG(st.st_mode) || (size_t)st.st_size != bytes)
		(void)model_bad(path, line, "%s has %lld bytes, not %zu: write %s, nothing else",
				name, (long long)st.st_size, bytes, what);
	else
		data = read_bytes(path, line, name, f, bytes);
	if (f != NULL)
		fclose(f);
	free(full);
	return data;
}
