/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_MAIN_H
#define EAL_MAIN_H

/**
 * @file
 * main() for tests that need EAL. A test file defines eal_suites and no main(); EAL runs from
 * before the first suite until after the last.
 *
 * By default EAL uses no hugepages, needs no privilege and leaves nothing in the file system. With
 * ACCELDEV_TEST_HUGE=1 in the environment it uses hugepages; when there are not enough of them the
 * program says so, counts as one skipped test and exits with 77. With ACCELDEV_TEST_HUGE=keep it
 * takes 32 MiB of them at once and never gives those back to the kernel, with
 * ACCELDEV_TEST_HUGE=pa it is in PA mode, which root alone can have.
 *
 * EAL has two lcores, 0 (main) and 1, neither bound to one CPU, so that threads of a test run side
 * by side wherever there is more than one CPU.
 */

#include <stdbool.h>

#include "harness.h"

/** Suites of the program, ending with a NULL name. */
extern const struct test_suite eal_suites[];

/** Whether EAL has hugepages in this run. */
bool eal_has_hugepages(void);

/** Whether EAL has taken 32 MiB of them for good. */
bool eal_keeps_hugepages(void);

/**
 * A program that defines it runs EAL with telemetry: the folder for the socket, which EAL puts into
 * dpdk/rte below it.
 */
const char *eal_runtime_dir(void) __attribute__((weak));

#endif
