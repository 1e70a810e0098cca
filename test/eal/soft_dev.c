/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "soft_dev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_log.h>

#define CHILD_DIED 100

uint16_t
soft_open(const char *spec)
{
	int dev = accel_dev_probe(spec);

	CU_ASSERT_FATAL(dev >= 0 && dev < ACCEL_MAX_DEVS);
	return (uint16_t)dev;
}

void
soft_run(uint16_t dev, uint16_t nb_qps, uint16_t depth, uint32_t deadline_us)
{
	struct accel_dev_conf conf = {
		.size = sizeof(conf), .nb_qps = nb_qps, .deadline_us = deadline_us,
	};
	struct accel_qp_conf qp_conf = { .size = sizeof(qp_conf), .depth = depth, .socket = -1 };
	uint16_t i;

	CU_ASSERT_EQUAL_FATAL(accel_dev_configure(dev, &conf), 0);
	for (i = 0; i < nb_qps; i++)
		CU_ASSERT_EQUAL_FATAL(accel_qp_setup(dev, i, &qp_conf), 0);
	CU_ASSERT_EQUAL_FATAL(accel_dev_start(dev), 0);
}

struct accel_dev_info
soft_info(uint16_t dev)
{
	struct accel_dev_info info = { 0 };

	CU_ASSERT_EQUAL_FATAL(accel_dev_info_get(dev, &info), 0);
	return info;
}

void
soft_close(uint16_t dev)
{
	if (soft_info(dev).state == ACCEL_DEV_STARTED)
		CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL_FATAL(accel_dev_close(dev), 0);
}

struct soft_usage
soft_usage_get(uint16_t dev)
{
	struct accel_dev_info info = soft_info(dev);

	return (struct soft_usage){
		.process = test_usage_get(), .live_bufs = info.live_bufs, .maps = info.maps,
		.mapped_bytes = info.mapped_bytes,
	};
}

/*
 * Logs
 */

static FILE *log_stream;
static char *log_text;
static size_t log_size;

void
soft_log_begin(void)
{
	log_stream = open_memstream(&log_text, &log_size);
	CU_ASSERT_FATAL(log_stream != NULL);
	rte_openlog_stream(log_stream);
}

unsigned int
soft_log_end(void)
{
	unsigned int lines = 0;
	const char *at;

	rte_openlog_stream(NULL);
	fclose(log_stream);
	for (at = log_text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	free(log_text);
	return lines;
}

int
soft_in_child(int (*fn)(void *arg), void *arg)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		_exit(fn(arg));
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_DIED;
}

/*
 * ThreadSanitizer does not see EAL's locks, because the distribution's libraries are not
 * instrumented: memory that one thread gives back to EAL and another one gets would be a race. Here
 * it learns that a free comes before the next allocation.
 */

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1 /* as gcc defines it */
#endif
#endif

#ifdef __SANITIZE_THREAD__
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <rte_malloc.h>

static char eal_heap;

void
rte_free(void *mem)
{
	void (*real)(void *mem) = (void (*)(void *))dlsym(RTLD_NEXT, "rte_free");

	__tsan_release(&eal_heap);
	real(mem);
}

void *
rte_zmalloc_socket(const char *type, size_t size, unsigned int align, int socket)
{
	void *(*real)(const char *type, size_t size, unsigned int align, int socket) =
		(void *(*)(const char *, size_t, unsigned int, int))dlsym(RTLD_NEXT,
				"rte_zmalloc_socket");
	void *mem = real(type, size, align, socket);

	__tsan_acquire(&eal_heap);
	return mem;
}

const char *__tsan_default_suppressions(void);

/* What EAL does to the memory itself. */
const char *
__tsan_default_suppressions(void)
{
	return "called_from_lib:librte_eal.so\ncalled_from_lib:librte_mempool.so\n"
		"race:librte_eal.so\nrace:librte_mempool.so\nrace:librte_mempool_ring.so\n"
		"race:librte_ring.so\n";
}
#endif
