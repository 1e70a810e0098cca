/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_user.h"

bool
host_is_fake(const struct host *h)
{
	return h->root[0] != 0;
}

static int
make_path(const struct host *h, char *path, size_t size, const char *fmt, va_list ap)
{
	int n = snprintf(path, size, "%s", h->root), m;

	if (n < 0 || (size_t)n >= size)
		return -ENAMETOOLONG;
	m = vsnprintf(path + n, size - (size_t)n, fmt, ap);
	return m >= 0 && (size_t)m < size - (size_t)n ? 0 : -ENAMETOOLONG;
}

/* The path that the caller's format makes. */
#define MAKE_PATH(ret, h, path, fmt)                                                               \
	do {                                                                                       \
		va_list ap_;                                                                       \
		va_start(ap_, fmt);                                                                \
		(ret) = make_path((h), (path), sizeof(path), (fmt), ap_);                          \
		va_end(ap_);                                                                       \
	} while (0)

int
host_path(const struct host *h, char *path, size_t size, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = make_path(h, path, size, fmt, ap);
	va_end(ap);
	return ret;
}

void
host_clean(char *text)
{
	for (; *text != 0; text++) {
		if (*text != '\n' && *text != '\t' && (*text < ' ' || *text > '~'))
			*text = '?';
	}
}

/* Not to be held up by a pipe in the place of a file. */
static int
open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd >= 0 ? fd : -errno;
}

static int
read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n = 0;

	while (used < size - 1) {
		n = read(fd, text + used, size - 1 - used);
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	return n < 0 ? -errno : (int)used;
}

/* Text ends where it is told to, whatever bytes are in it. */
static int
tidy(char *text, int len)
{
	int i;

	for (i = 0; i < len; i++) {
		if (text[i] == 0)
			text[i] = '?';
	}
	text[len] = 0;
	host_clean(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = 0;
	return len;
}

int
host_read(const struct host *h, char *text, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int fd, ret;

	text[0] = 0;
	MAKE_PATH(ret, h, path, fmt);
	fd = ret == 0 ? open_file(path) : ret;
	if (fd < 0)
		return fd;
	ret = read_all(fd, text, size);
	close(fd);
	text[ret > 0 ? ret : 0] = 0;
	return ret < 0 ? ret : tidy(text, ret);
}

static int
parse_u64(const char *text, uint64_t *value)
{
	bool hex = strncasecmp(text, "0x", 2) == 0;
	unsigned long long n;
	char *end;

	if (strcmp(text, "max") == 0) {
		*value = UINT64_MAX;
		return 0;
	}
	if (!isdigit((unsigned char)text[0]))
		return -EPROTO;
	errno = 0;
	n = strtoull(text, &end, hex ? 16 : 10);
	if (errno != 0 || *end != 0)
		return -EPROTO;
	*value = n;
	return 0;
}

int
host_read_u64(const struct host *h, uint64_t *value, const char *fmt, ...)
{
	char path[PATH_MAX], text[64];
	const struct host here = { "" };
	int ret;

	MAKE_PATH(ret, h, path, fmt);
	if (ret == 0)
		ret = host_read(&here, text, sizeof(text), "%s", path);
	return ret < 0 ? ret : parse_u64(text, value);
}

bool
host_contains(const struct host *h, const char *text, const char *fmt, ...)
{
	char path[PATH_MAX], line[4096];
	bool found = false;
	FILE *f;
	int ret;

	MAKE_PATH(ret, h, path, fmt);
	ret = ret == 0 ? open_file(path) : ret;
	f = ret >= 0 ? fdopen(ret, "r") : NULL;
	if (f == NULL) {
		if (ret >= 0)
			close(ret);
		return false;
	}
	while (!found && fgets(line, sizeof(line), f) != NULL)
		found = strstr(line, text) != NULL;
	fclose(f);
	return found;
}

int
host_link(const struct host *h, char *text, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t n;
	int ret;

	text[0] = 0;
	MAKE_PATH(ret, h, path, fmt);
	if (ret != 0)
		return ret;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = 0;
	last = strrchr(target, '/');
	snprintf(text, size, "%.*s", (int)size - 1, last != NULL ? last + 1 : target);
	host_clean(text);
	return 0;
}

bool
host_exists(const struct host *h, const char *fmt, ...)
{
	char path[PATH_MAX];
	int ret;

	MAKE_PATH(ret, h, path, fmt);
	return ret == 0 && access(path, F_OK) == 0;
}

static int
access_fake(const struct host *h, const char *path, int mode)
{
	struct host_user user;
	unsigned int shift = 0;
	struct stat st;

	if (stat(path, &st) != 0)
		return -errno;
	host_user_get(h, &user);
	if (user.uid == 0)
		return 0;
	if (user.uid == st.st_uid)
		shift = 6;
	else if (host_user_in_group(&user, st.st_gid))
		shift = 3;
	return ((st.st_mode >> shift) & (unsigned int)mode) == (unsigned int)mode ? 0 : -EACCES;
}

int
host_access(const struct host *h, int mode, const char *fmt, ...)
{
	char path[PATH_MAX];
	int ret;

	MAKE_PATH(ret, h, path, fmt);
	if (ret != 0)
		return ret;
	if (host_is_fake(h))
		return access_fake(h, path, mode);
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? 0 : -errno;
}

static int
is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

void
host_names_get(const struct host *h, struct host_names *names, const char *fmt, ...)
{
	char path[PATH_MAX];
	int ret;

	names->entry = NULL;
	MAKE_PATH(ret, h, path, fmt);
	if (ret == 0)
		ret = scandir(path, &names->entry, is_visible, alphasort);
	names->n = ret > 0 ? (unsigned int)ret : 0;
}

void
host_names_free(struct host_names *names)
{
	unsigned int i;

	for (i = 0; i < names->n; i++)
		free(names->entry[i]);
	free(names->entry);
	names->entry = NULL;
	names->n = 0;
}
