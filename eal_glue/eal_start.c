/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "eal_start.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "glue_log.h"

#define MAX_ARGS 64

/* EAL ends the process where it has less; a device needs more. */
#define MIN_FDS 8

/*
 * --no-huge is for EAL's own heap: the memory of devices comes from hugepages all the same where
 * there are any, by their own files.
 */
#define DEFAULT_OPTIONS "--no-huge --no-pci --no-shconf --iova-mode=va -m 64 --log-level=lib.eal:error " \
	"--log-level=lib.telemetry:error"

static char program[] = "acceldev";

/*
 * EAL may keep pointers into its arguments. Nobody reads it, so that it must be said that it stays.
 */
static struct start *kept __attribute__((used));

struct start {
	char *text;
	char lcores[32 + 8 * CPU_SETSIZE];
	char *argv[MAX_ARGS + 3];
	int argc;
	int ret;
};

/* One lcore that may run on all CPUs of this thread: EAL makes a thread for each further one. */
static void
add_lcore(struct start *start)
{
	size_t used = (size_t)snprintf(start->lcores, sizeof(start->lcores), "--lcores=0@(");
	const char *separator = "";
	cpu_set_t cpus;
	int i;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		return;
	for (i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &cpus))
			continue;
		used += (size_t)snprintf(start->lcores + used, sizeof(start->lcores) - used, "%s%d",
				separator, i);
		separator = ",";
	}
	snprintf(start->lcores + used, sizeof(start->lcores) - used, ")");
	start->argv[start->argc++] = start->lcores;
}

static int
split(struct start *start)
{
	char *save, *word;

	for (word = strtok_r(start->text, " \t\n", &save); word != NULL;
			word = strtok_r(NULL, " \t\n", &save)) {
		if (start->argc > MAX_ARGS)
			return -EINVAL;
		start->argv[start->argc++] = word;
	}
	return 0;
}

static void *
run(void *arg)
{
	struct start *start = arg;

	if (rte_eal_init(start->argc, start->argv) < 0)
		start->ret = rte_errno > 0 ? -rte_errno : -EINVAL;
	return NULL;
}

static int
init_in_thread(struct start *start)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, start) != 0)
		return -ENOMEM;
	pthread_join(thread, NULL);
	return start->ret;
}

static bool
has_descriptors(void)
{
	int fds[MIN_FDS];
	unsigned int i, n;

	for (n = 0; n < MIN_FDS; n++) {
		fds[n] = eventfd(0, EFD_CLOEXEC);
		if (fds[n] < 0)
			break;
	}
	for (i = 0; i < n; i++)
		close(fds[i]);
	return n == MIN_FDS;
}

static int
tell_descriptors(void)
{
	ACCEL_LOG(ERR, bus, "EAL does not come up: too few file descriptors are left: raise "
			"RLIMIT_NOFILE");
	return -EMFILE;
}

/* Only options that somebody gave are to blame. */
static int
tell_failure(const char *options, int ret)
{
	if (ret == -EMFILE || ret == -ENFILE)
		return tell_descriptors();
	if (options != NULL)
		ACCEL_LOG(ERR, bus, "EAL does not come up with \"%s\": %s: set ACCELDEV_EAL_ARGS to "
				"options that it takes", options, rte_strerror(-ret));
	else
		ACCEL_LOG(ERR, bus, "EAL does not come up by itself: %s: mend what its lines tell, or "
				"set ACCELDEV_EAL_ARGS to other options than \"%s\"",
				rte_strerror(-ret), DEFAULT_OPTIONS);
	if (ret == -ENOMEM)
		return ret;
	return options != NULL ? -EINVAL : -EIO;
}

static int
start_with(const char *options)
{
	struct start *start = calloc(1, sizeof(*start));
	int ret = -ENOMEM;

	if (start == NULL)
		return -ENOMEM;
	start->argv[start->argc++] = program;
	if (options == NULL)
		add_lcore(start);
	start->text = strdup(options != NULL ? options : DEFAULT_OPTIONS);
	if (start->text != NULL)
		ret = split(start);
	if (ret == 0)
		ret = init_in_thread(start);
	if (ret != 0) {
		ret = tell_failure(options, ret);
		free(start->text);
		free(start);
		return ret;
	}
	kept = start;
	return 0;
}

int
eal_start(const char *options)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool tried;
	static int result;

	pthread_mutex_lock(&lock);
	if (!tried && rte_lcore_count() != 0) {
		pthread_mutex_unlock(&lock);
		return 0;
	}
	if (!tried && !has_descriptors()) {
		pthread_mutex_unlock(&lock);
		return tell_descriptors();
	}
	if (!tried) {
		tried = true;
		result = start_with(options);
	}
	pthread_mutex_unlock(&lock);
	return result;
}
