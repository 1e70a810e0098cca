/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Calls of programs that have not started EAL.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_log.h>

#include <acceldev/acceldev.h>

#include "harness.h"

static char text[4096];
static FILE *stream;

static void
log_begin(void)
{
	memset(text, 0, sizeof(text));
	stream = fmemopen(text, sizeof(text) - 1, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(stream);
	rte_openlog_stream(stream);
}

/* One line that tells what to do. */
static void
log_end(void)
{
	const char *end;

	rte_openlog_stream(NULL);
	fclose(stream);
	end = strchr(text, '\n');
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	CU_ASSERT_EQUAL(end[1], '\0');
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "call rte_eal_init() first"));
}

static void
on_event(uint16_t dev_id, enum accel_event event, void *arg)
{
	(void)dev_id;
	(void)event;
	(void)arg;
}

static void
probe(void)
{
	log_begin();
	CU_ASSERT_EQUAL(accel_dev_probe("soft:0"), -ENODEV);
	log_end();
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
callback(void)
{
	log_begin();
	CU_ASSERT_EQUAL(accel_event_register(ACCEL_DEV_ALL, on_event, NULL), -ENODEV);
	log_end();
	rte_log_set_global_level(RTE_LOG_CRIT);
	CU_ASSERT_EQUAL(accel_event_unregister(ACCEL_DEV_ALL, on_event, NULL), -ENOENT);
}

/* In a process that was forked before EAL starts, the device is its own. */
static int
use_device(void)
{
	struct accel_buf *buf;
	struct accel_ctx *ctx;
	int ret = accel_ctx_get("soft:0,banks=1", &ctx);

	if (ret != 0)
		return 1;
	ret = accel_ctx_buf_alloc(ctx, 64, 0, ACCEL_BUF_BANK(0), &buf);
	if (ret != 0 || accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE) != 0)
		return 2;
	if (accel_buf_free(buf) != 0)
		return 3;
	accel_ctx_put(ctx);
	return accel_dev_count() == 0 ? 0 : 4;
}

/* The exit status of a child, where EAL may come up. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (child == 0)
		_exit(fn());
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
forked_before(void)
{
	CU_ASSERT_EQUAL(in_child(use_device), 0);
}

/*
 * EAL that does not come up
 */

/* Its result, and whether the last line that is logged has some words. */
static bool
init_fails(int err, const char *words)
{
	const char *at;
	int ret;

	log_begin();
	ret = accel_auto_init();
	rte_openlog_stream(NULL);
	fclose(stream);
	at = strstr(text, "acceldev: EAL does not come up");
	if (ret == err && at != NULL && strstr(at, words) != NULL)
		return strchr(at, '\n') != NULL && strchr(at, '\n')[1] == '\0';
	printf("\n    %d: %s", ret, text);
	return false;
}

/* Afterwards it comes up. */
static int
few_descriptors(void)
{
	struct rlimit whole, few;
	unsigned int n;
	int next = dup(0);

	close(next);
	unsetenv("ACCELDEV_EAL_ARGS");
	getrlimit(RLIMIT_NOFILE, &whole);
	few = whole;
	for (n = 1; n < 8; n++) {
		few.rlim_cur = (rlim_t)next + n;
		setrlimit(RLIMIT_NOFILE, &few);
		if (!init_fails(-EMFILE, "RLIMIT_NOFILE") || strstr(text, "EAL_ARGS") != NULL)
			return 1;
	}
	setrlimit(RLIMIT_NOFILE, &whole);
	return accel_auto_init() == 0 ? 0 : 2;
}

#ifndef __SANITIZE_ADDRESS__
static int
no_memory(void)
{
	struct rlimit limit;

	unsetenv("ACCELDEV_EAL_ARGS");
	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = 1;
	setrlimit(RLIMIT_AS, &limit);
	return init_fails(-ENOMEM, "by itself") ? 0 : 1;
}
#endif

static int
wrong_options(void)
{
	setenv("ACCELDEV_EAL_ARGS", "--no-huge --frob", 1);
	if (freopen("/dev/null", "w", stdout) == NULL) /* EAL's usage */
		return 2;
	return init_fails(-EINVAL, "with \"--no-huge --frob\"") ? 0 : 1;
}

static void
without_descriptors(void)
{
	CU_ASSERT_EQUAL(in_child(few_descriptors), 0);
}

static void
without_memory(void)
{
#ifdef __SANITIZE_ADDRESS__
	test_skip("AddressSanitizer ends a process that has no memory for a thread");
#else
	CU_ASSERT_EQUAL(in_child(no_memory), 0);
#endif
}

static void
with_wrong_options(void)
{
	CU_ASSERT_EQUAL(in_child(wrong_options), 0);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "probe", probe },
		{ "no descriptors for EAL", without_descriptors },
		{ "no memory for EAL", without_memory },
		{ "options that EAL does not take", with_wrong_options },
		{ "callback", callback },
		{ "forked before", forked_before },
		{ NULL, NULL },
	};
	static const struct test_suite suites[] = {
		{ "without EAL", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
