/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Calls of programs that have not started EAL.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

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

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "probe", probe },
		{ "callback", callback },
		{ NULL, NULL },
	};
	static const struct test_suite suites[] = {
		{ "without EAL", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
