/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host_tree.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static char folder[64];
struct host tree = { folder };

void
tree_begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/acceldev-host-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
tree_end(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path in the folder, with what leads to it made. */
static void
place(char *out, const char *path)
{
	char *at;

	snprintf(out, PATH_MAX, "%s%s", folder, path);
	for (at = out + strlen(folder) + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = 0;
		mkdir(out, 0755);
		*at = '/';
	}
}

void
tree_put_bytes(const char *path, const void *bytes, size_t len)
{
	char out[PATH_MAX];
	FILE *f;

	place(out, path);
	f = fopen(out, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

void
tree_put(const char *path, const char *text)
{
	tree_put_bytes(path, text, strlen(text));
}

void
tree_dir(const char *path)
{
	char out[PATH_MAX];

	place(out, path);
	CU_ASSERT_EQUAL(mkdir(out, 0755), 0);
}

void
tree_link(const char *path, const char *target)
{
	char out[PATH_MAX];

	place(out, path);
	CU_ASSERT_EQUAL(symlink(target, out), 0);
}

void
tree_mode(const char *path, unsigned int mode)
{
	char out[PATH_MAX];

	place(out, path);
	CU_ASSERT_EQUAL(chmod(out, mode), 0);
}

void
tree_pipe(const char *path)
{
	char out[PATH_MAX];

	place(out, path);
	CU_ASSERT_EQUAL(mkfifo(out, 0644), 0);
}
