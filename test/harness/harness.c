/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "harness.h"

#include <CUnit/Basic.h>
#include <CUnit/TestRun.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool skipped;
static unsigned int n_skipped;

void
test_skip(const char *fmt, ...)
{
	va_list ap;

	skipped = true;
	printf("\n    skipped: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(" ");
}

static void
count_skip(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
	(void)test;
	(void)suite;
	if (skipped && failure == NULL)
		n_skipped++;
	skipped = false;
}

static void
show_test(const CU_pTest test, const CU_pSuite suite)
{
	printf("  %s: %s ", suite->pName, test->pName);
	fflush(stdout);
}

static void
show_result(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
	CU_pFailureRecord f;

	printf("%s\n", failure != NULL ? "FAILED" : skipped ? "" : "ok");
	for (f = failure; f != NULL; f = f->pNext)
		printf("    %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
	count_skip(test, suite, failure);
	fflush(stdout);
}

static void
show_suite_failure(const CU_pSuite suite)
{
	printf("  %s: set-up FAILED\n", suite->pName);
}

static bool
wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strstr(name, argv[i]) != NULL)
			return true;
	}
	return argc < 2;
}

static int
add_suite(const struct test_suite *suite, int argc, char **argv)
{
	const struct test_case *tc;
	CU_pSuite s = CU_add_suite(suite->name, suite->setup, suite->teardown);

	if (s == NULL)
		return -1;
	for (tc = suite->cases; tc->name != NULL; tc++) {
		if (wanted(tc->name, argc, argv) && CU_add_test(s, tc->name, tc->fn) == NULL)
			return -1;
	}
	return 0;
}

static void
append_summary(unsigned int passed, unsigned int failed, unsigned int skips)
{
	const char *path = getenv("ACCELDEV_TEST_SUMMARY");
	FILE *f = path != NULL ? fopen(path, "a") : NULL;

	printf("%u passed, %u failed, %u skipped\n", passed, failed, skips);
	if (f == NULL)
		return;
	fprintf(f, "%u %u %u\n", passed, failed, skips);
	fclose(f);
}

int
test_main(const struct test_suite *suites, int argc, char **argv)
{
	unsigned int run, failed;
	const struct test_suite *s;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	for (s = suites; s->name != NULL; s++) {
		if (add_suite(s, argc, argv) != 0)
			return EXIT_FAILURE;
	}
	CU_set_test_start_handler(show_test);
	CU_set_test_complete_handler(show_result);
	CU_set_suite_init_failure_handler(show_suite_failure);
	CU_run_all_tests();

	run = CU_get_number_of_tests_run();
	failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
	append_summary(run - CU_get_number_of_tests_failed() - n_skipped, failed, n_skipped);
	CU_cleanup_registry();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Another process of DPDK that starts connects to see whether the path is in use. */
static bool
is_telemetry(const char *fd)
{
	struct sockaddr_un name = { .sun_family = AF_UNSPEC };
	socklen_t len = sizeof(name);

	return getsockname(atoi(fd), (struct sockaddr *)&name, &len) == 0 &&
			name.sun_family == AF_UNIX &&
			strstr(name.sun_path, "dpdk_telemetry.") != NULL;
}

static unsigned int
count_fds(void)
{
	const struct dirent *entry;
	unsigned int n = 0;
	DIR *d = opendir("/proc/self/fd");

	if (d == NULL)
		return 0;
	while ((entry = readdir(d)) != NULL) {
		if (!is_telemetry(entry->d_name))
			n++;
	}
	closedir(d);
	return n;
}

static unsigned int
count_maps(void)
{
	char line[512];
	unsigned int n = 0;
	FILE *f = fopen("/proc/self/maps", "r");

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		/* Memory that libc or a sanitizer keeps for itself comes and goes unnamed. */
		if (strstr(line, "memfd:") != NULL || strstr(line, "huge") != NULL ||
				strstr(line, "/dev/zero") != NULL)
			n++;
	}
	fclose(f);
	return n;
}

struct test_usage
test_usage_get(void)
{
	struct test_usage u = { .fds = count_fds(), .maps = count_maps() };

	return u;
}

size_t
test_address_space(size_t more)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	CU_ASSERT_FATAL(f != NULL && fscanf(f, "%lu", &pages) == 1);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE) + more;
}
