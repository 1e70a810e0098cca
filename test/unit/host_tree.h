/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HOST_TREE_H
#define HOST_TREE_H

/**
 * @file
 * A folder that stands in for a machine's /proc, /sys and /dev.
 */

#include <stddef.h>

#include <eal_glue/host.h>

/** The machine that is in the folder; valid between tree_begin() and tree_end(). */
extern struct host tree;

/** Begin with an empty folder. */
void tree_begin(void);

/** Remove it. */
void tree_end(void);

/** Write a file, with the folders that lead to it. */
void tree_put(const char *path, const char *text);

/** The same with any bytes. */
void tree_put_bytes(const char *path, const void *bytes, size_t len);

/** Make an empty folder. */
void tree_dir(const char *path);

/** Make a link, whose target has no root before it. */
void tree_link(const char *path, const char *target);

/** Set permissions. */
void tree_mode(const char *path, unsigned int mode);

/** Make a pipe, which a reader must not wait at. */
void tree_pipe(const char *path);

#endif
