/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "trial.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>

#include <acceldev/accel_dev.h>
#include <acceldev/accel_driver.h>
#include <eal_glue/host.h>

#define TIME_LIMIT 60 /* seconds */

enum { TRIAL_OK, TRIAL_REFUSED, TRIAL_NO_EAL };

/*
 * Words: "acceldev: NAME: what"
 */

static void
take_words(char *log, char *text, size_t size)
{
	static const char *const prefixes[] = { "acceldev: ", "EAL: " };
	char *line = NULL;
	unsigned int i;

	text[0] = 0;
	for (i = 0; i < 2 && line == NULL; i++) {
		line = strstr(log, prefixes[i]);
		if (line != NULL)
			line += strlen(prefixes[i]);
	}
	if (line == NULL)
		return;
	line[strcspn(line, "\n")] = 0;
	snprintf(text, size, "%s", line);
	host_clean(text);
}

static FILE *listener;
static char *heard;
static size_t heard_len;

void
trial_listen(void)
{
	listener = open_memstream(&heard, &heard_len);
	if (listener != NULL)
		rte_openlog_stream(listener);
}

void
trial_words(char *text, size_t size)
{
	text[0] = 0;
	if (listener == NULL)
		return;
	rte_openlog_stream(NULL);
	fclose(listener);
	take_words(heard, text, size);
	free(heard);
	listener = NULL;
	heard = NULL;
}

/*
 * The driver "accel-doctor" takes no device: when it is reached, all that comes before was right
 */

static bool reached;

static int
judge_probe(struct accel_dev *dev)
{
	(void)dev;
	reached = true;
	return -ECANCELED;
}

static struct accel_driver judge = {
	.abi = ACCEL_DRIVER_ABI,
	.name = "accel-doctor",
	.bus = "soft",
	.probe = judge_probe,
};

/*
 * The other process
 */

/* One lcore, on a CPU that this process may use. */
static int
start_eal(void)
{
	char lcores[32], *argv[] = {
		(char[]){ "accel-doctor" }, (char[]){ "--no-huge" }, (char[]){ "-m" },
		(char[]){ "64" }, (char[]){ "--no-pci" }, (char[]){ "--no-shconf" },
		(char[]){ "--no-telemetry" }, (char[]){ "--iova-mode=va" },
		(char[]){ "--log-level=lib.eal:error" }, lcores, NULL,
	};
	int cpu = sched_getcpu();

	snprintf(lcores, sizeof(lcores), "--lcores=0@%d", cpu >= 0 ? cpu : 0);
	return rte_eal_init((int)(sizeof(argv) / sizeof(argv[0])) - 1, argv);
}

static int
try_spec(const char *spec)
{
	int dev;

	/* Not to the system's log, where EAL would write as well. */
	rte_openlog_stream(stderr);
	if (start_eal() < 0) {
		fprintf(stderr, "EAL: %s\n", rte_strerror(rte_errno));
		return TRIAL_NO_EAL;
	}
	accel_driver_register(&judge);
	dev = accel_dev_probe(spec);
	if (dev >= 0)
		accel_dev_close((uint16_t)dev);
	return dev >= 0 || reached ? TRIAL_OK : TRIAL_REFUSED;
}

static void __attribute__((noreturn))
run_child(const char *spec, int fd)
{
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	alarm(TIME_LIMIT);
	_exit(try_spec(spec));
}

/* To the end, lest the other process waits; what does not fit is dropped. */
static void
read_log(int fd, char *log, size_t size)
{
	char rest[512];
	size_t used = 0;
	ssize_t n;

	do {
		n = used < size - 1 ? read(fd, log + used, size - 1 - used) :
				read(fd, rest, sizeof(rest));
		if (n > 0 && used < size - 1)
			used += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	log[used] = 0;
}

static int
run(const char *spec, char *log, size_t size)
{
	int fds[2], status = -1;
	pid_t pid;

	log[0] = 0;
	if (pipe(fds) != 0)
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_child(spec, fds[1]);
	close(fds[1]);
	if (pid > 0) {
		read_log(fds[0], log, size);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(fds[0]);
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
trial_probe(const char *spec, struct trial *trial)
{
	char log[16384];
	int ret = run(spec, log, sizeof(log));

	trial->ok = ret == TRIAL_OK;
	trial->eal = ret == TRIAL_OK || ret == TRIAL_REFUSED;
	take_words(log, trial->words, sizeof(trial->words));
	if (trial->words[0] == 0)
		snprintf(trial->words, sizeof(trial->words), "%s", ret < 0 ?
				"the process that tried it ended early" : "no reason was given");
}
