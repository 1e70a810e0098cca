/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/*
 * What was read
 */

const char *
model_file_kind(mode_t mode)
{
	return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a pipe" :
			S_ISSOCK(mode) ? "a socket" : "a device";
}

static void
note_file(struct model *m, const struct stat *st)
{
	m->files[m->nb_files++] = (struct model_file){ st->st_dev, st->st_ino };
}

bool
model_has_read(const struct model *m, const struct stat *st)
{
	unsigned int i;

	for (i = 0; i < m->nb_files; i++) {
		if (m->files[i].dev == st->st_dev && m->files[i].ino == st->st_ino)
			return true;
	}
	return false;
}

/*
 * The description
 */

static int
check_text(const char *path, FILE *f, const char *text, size_t len)
{
	if (ferror(f))
		return model_bad(path, 0, "cannot be read: see the file system");
	if (memchr(text, '\0', len) != NULL)
		return model_bad(path, 0, "has bytes of 0: name a description, which is text");
	if (len > MODEL_MAX_TEXT)
		return model_bad(path, 0, "has more than %d bytes: name a description",
				MODEL_MAX_TEXT);
	return 0;
}

/* As far as one byte too many. */
static char *
read_text(const char *path, FILE *f)
{
	char *text = malloc(MODEL_MAX_TEXT + 2);
	size_t len;

	if (text == NULL) {
		(void)model_bad(path, 0, "no memory: free some");
		return NULL;
	}
	len = fread(text, 1, MODEL_MAX_TEXT + 1, f);
	text[len] = '\0';
	if (check_text(path, f, text, len) == 0)
		return text;
	free(text);
	return NULL;
}

char *
model_read_text(struct model *m, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	struct stat st;

	if (f == NULL || fstat(fileno(f), &st) != 0) {
		(void)model_bad(path, 0, "cannot be opened: %s", strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		(void)model_bad(path, 0, "is a folder: name the description in it");
	} else {
		note_file(m, &st);
		text = read_text(path, f);
	}
	if (f != NULL)
		fclose(f);
	return text;
}

/*
 * Weights and biases
 */

static void *
read_bytes(const char *path, unsigned int line, const char *name, int fd, size_t bytes)
{
	char *data = malloc(bytes);
	size_t done = 0;
	ssize_t n = 1;

	if (data == NULL) {
		(void)model_bad(path, line, "no memory for the %zu bytes of %s: free some", bytes,
				name);
		return NULL;
	}
	for (; n > 0 && done < bytes; done += n > 0 ? (size_t)n : 0)
		n = read(fd, data + done, bytes - done);
	if (done == bytes)
		return data;
	(void)model_bad(path, line, "%s cannot be read: see the file system", name);
	free(data);
	return NULL;
}

void *
model_read_file(struct model *m, const char *path, unsigned int line, const char *name,
		size_t bytes, const char *what)
{
	char *full = beside(path, name);
	int fd = full != NULL ? open(full, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	void *data = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)model_bad(path, line, "%s cannot be opened: %s: names are relative to the "
				"description's folder", name, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		(void)model_bad(path, line, "\"%s\" is %s: name a file of %zu bytes: %s", name,
				model_file_kind(st.st_mode), bytes, what);
	} else if ((uint64_t)st.st_size != bytes) {
		(void)model_bad(path, line, "%s has %lld bytes, not %zu: write %s, nothing else",
				name, (long long)st.st_size, bytes, what);
	} else {
		note_file(m, &st);
		data = read_bytes(path, line, name, fd, bytes);
	}
	if (fd >= 0)
		close(fd);
	free(full);
	return data;
}
