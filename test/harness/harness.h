/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HARNESS_H
#define HARNESS_H

/**
 * @file
 * CUnit with two additions: a test can be skipped with a reason, and the counts of each program are
 * added to the file that ACCELDEV_TEST_SUMMARY names, which test/run.sh sums up.
 */

#include <CUnit/CUnit.h>
#include <stddef.h>

struct test_case {
	const char *name;
	void (*fn)(void);
};

struct test_suite {
	const char *name;
	int (*setup)(void);    /**< before the first test; not 0 fails the suite; may be NULL */
	int (*teardown)(void); /**< after the last test; may be NULL */
	const struct test_case *cases; /**< ends with a NULL name */
};

/**
 * Run the suites, which end with a NULL name. With arguments, only tests whose name contains one
 * of them run.
 *
 * @return the exit status of the program: 0 when nothing failed
 */
int test_main(const struct test_suite *suites, int argc, char **argv);

/** Say that the running test cannot run here, and why. The test then returns. */
void test_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** Resources of this process that a test must give back. */
struct test_usage {
	unsigned int fds;  /**< open file descriptors, but for those of EAL's telemetry */
	unsigned int maps; /**< lines of /proc/self/maps that are no heap or stack */
};

struct test_usage test_usage_get(void);

/**
 * What RLIMIT_AS must be for this process to get so many bytes more and not many beyond them. Leave
 * sanitizers some 16 MiB: they end the process where they get none.
 */
size_t test_address_space(size_t more);

/** Assert that no descriptor and no mapping was gained since a snapshot. */
#define TEST_ASSERT_NO_LEAK(before)                                                                \
	do {                                                                                       \
		struct test_usage now_ = test_usage_get();                                         \
		CU_ASSERT_EQUAL(now_.fds, (before).fds);                                           \
		CU_ASSERT_EQUAL(now_.maps, (before).maps);                                         \
	} while (0)

#endif
