/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FAIL_ALLOC_H
#define FAIL_ALLOC_H

/**
 * @file
 * Makes malloc(), calloc(), aligned_alloc() and mmap() of the library and the test fail, and only
 * theirs: the program is linked with --wrap. Counts are of the calling thread.
 */

#include <stdbool.h>

/** The nth allocation from now on fails, 1 being the next, and with all, those behind it too. */
void fail_alloc_arm(unsigned int nth, bool all);

/** Allocations work again. Returns whether one failed since they did not. */
bool fail_alloc_disarm(void);

/** Whether an allocation that begins now fails; for what a test wraps besides. */
bool fail_alloc_strikes(void);

/** Whether memfd_create() fails with EMFILE. */
extern bool fail_memfd;
/** Whether there is no hugetlbfs mount. */
extern bool fail_hugetlbfs;
/** Whether the system knows no hugepages. */
extern bool fail_hugepagesize;
/** Whether memory cannot be kept from child processes. */
extern bool fail_dontfork;

#endif
