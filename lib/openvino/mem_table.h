/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPENVINO_MEM_TABLE_H
#define OPENVINO_MEM_TABLE_H

/**
 * @file
 * The memory of the process by its handle. A handle has the address in it, so that finding takes one
 * look into a hash table, and a handle that is none is told without following it. The table has
 * parts, each with a lock of its own.
 *
 * Threads: any.
 */

#include <stdbool.h>

#include "mem.h"

/**
 * Enter memory.
 *
 * @param pointer  whether its handle is its address
 * @return its handle; NULL when there is no memory for the books, or its address does not fit a handle
 */
void *mem_table_add(struct mem *mem, bool pointer);

/** Find memory, and hold it; NULL when handle is none. */
struct mem *mem_table_get(const void *handle);

/** Take memory out; the caller has its reference. NULL when handle is none. Of several threads one gets it. */
struct mem *mem_table_remove(const void *handle);

#endif
