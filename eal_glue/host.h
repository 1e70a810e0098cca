/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_H
#define HOST_H

/**
 * @file
 * This machine as /proc, /sys and /dev show it to this process. Nothing is changed by looking, and
 * nothing that is read is believed to be well formed. Paths are given with printf() formats.
 * Threads: any.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Which machine: "" is this one; in tests a folder with proc, sys and dev in it stands in. */
struct host {
	const char *root;
};

#define HOST_FMT(fmt, first) __attribute__((format(printf, fmt, first)))

/** Whether another machine is looked at than the one that the process runs on. */
bool host_is_fake(const struct host *h);

/** Put the root before a path: 0 or -ENAMETOOLONG. */
int host_path(const struct host *h, char *path, size_t size, const char *fmt, ...) HOST_FMT(4, 5);

/**
 * Read the begin of a file. What is no printable character becomes '?', and white space at the end
 * is left out.
 *
 * @return length of text, which is empty on errors; or negative errno
 */
int host_read(const struct host *h, char *text, size_t size, const char *fmt, ...) HOST_FMT(4, 5);

/**
 * Read a file that is one number: decimal, hexadecimal with 0x, or "max", which is UINT64_MAX.
 *
 * @retval 0 success
 * @retval -EPROTO something else, or more than 64 bits
 * @return other negative errno from opening or reading
 */
int host_read_u64(const struct host *h, uint64_t *value, const char *fmt, ...) HOST_FMT(3, 4);

/** Whether a line of a file contains some text. */
bool host_contains(const struct host *h, const char *text, const char *fmt, ...) HOST_FMT(3, 4);

/** Last component of what a link points to: 0, or negative errno with text empty. */
int host_link(const struct host *h, char *text, size_t size, const char *fmt, ...) HOST_FMT(4, 5);

/** Whether a path exists. */
bool host_exists(const struct host *h, const char *fmt, ...) HOST_FMT(2, 3);

/**
 * Whether this user may access a path; mode as for access(). Of another machine only the permission
 * bits are known, and the user is the one of its /proc/self/status.
 *
 * @retval 0 yes
 * @retval -EACCES, -EROFS no
 * @return other negative errno: -ENOENT for one
 */
int host_access(const struct host *h, int mode, const char *fmt, ...) HOST_FMT(3, 4);

/** Names in a folder, sorted, without those that begin with a dot. */
struct host_names {
	struct dirent **entry;
	unsigned int n; /**< 0 when the folder cannot be read */
};

/** List a folder; host_names_free() ends it. */
void host_names_get(const struct host *h, struct host_names *names, const char *fmt, ...)
		HOST_FMT(3, 4);

void host_names_free(struct host_names *names);

/** Replace what is no printable character, newline or tab. */
void host_clean(char *text);

#endif
