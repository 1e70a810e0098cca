/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_HEAP_H
#define EAL_HEAP_H

/**
 * @file
 * An external heap of EAL on memory that is mapped in an I/O space, so that what EAL's allocators
 * give on its socket id has the device's IOVAs.
 *
 * Threads: calls on one heap are serialised by the caller. No lock of this module is held across a
 * call into EAL.
 */

#include <stddef.h>

#include "hugemem.h"

struct eal_heap;
struct iospace;

struct eal_heap_conf {
	const char *name;           /**< of whom it is for, for logs */
	struct iospace *ios;
	struct hugemem_request mem; /**< with need_fd */
};

/**
 * Make a heap. On failure nothing is left and one line is logged.
 *
 * @retval 0 success
 * @retval -EINVAL length 0 or too large
 * @retval -ENOMEM no memory of that kind, or for the books, or the limit on locked memory
 * @retval -ENOSPC no IOVA range or map entry left
 * @retval -EMFILE, -ENFILE no file descriptor is left
 * @retval -EDQUOT EAL's table of heaps or of memory is full
 * @return other negative errno from the backend of the I/O space
 */
int eal_heap_create(const struct eal_heap_conf *conf, struct eal_heap **heap);

/** The socket id for EAL's allocators. */
int eal_heap_socket(const struct eal_heap *heap);

/** Allocations that live in it. */
unsigned int eal_heap_used(const struct eal_heap *heap);

/** End a heap: 0, or -EBUSY, not logged and with nothing changed, when allocations live in it. */
int eal_heap_destroy(struct eal_heap *heap);

#endif
