/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VA_TABLE_H
#define VA_TABLE_H

/**
 * @file
 * The ranges of virtual addresses of the process that have a meaning, by the page, each with a
 * value. There is one table. Ranges may overlap, as memory that is imported twice does, and all of
 * them are found then: each lies whole in one of several layers, the lowest in which nothing was in
 * its way, and stays there. Nearly always there is one layer.
 *
 * Threads: any. Writers take a lock of the table, which is a leaf; readers take none. A range that
 * is there from before a reader begins until it ends is met by the reader, whatever happens to
 * others.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct va_layer;

/**
 * Enter a range, with the pages that it touches. Addresses that no I/O space can have, 2^48 and up,
 * are left out.
 *
 * @param len    bytes, not 0, not wrapping
 * @param value  multiple of 4096 that no other range has
 * @return 0 or -ENOMEM
 */
int va_table_add(const void *va, size_t len, uint64_t value);

/** Remove a range, named as when it was entered. */
void va_table_remove(const void *va, size_t len, uint64_t value);

/** The layers, from the lowest: the first, and the one after another, or NULL. */
const struct va_layer *va_table_first(void);
const struct va_layer *va_table_next(const struct va_layer *layer);

/** Whether a range in a layer touches the page of an address, and its value. */
bool va_table_get(const struct va_layer *layer, const void *va, uint64_t *value);

#endif
