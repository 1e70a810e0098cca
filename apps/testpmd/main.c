/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "output.h"
#include "session.h"

#define POLL_US 5000

static volatile sig_atomic_t interrupted;

static void
on_signal(int signum)
{
	(void)signum;
	interrupted = 1;
}

bool
session_interrupted(void)
{
	return interrupted != 0;
}

/* A second signal ends the process at once. */
static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

/* Index of "--", or argc. */
static int
find_separator(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
	}
	return i;
}

/* EAL would refuse them with a page of its own options. */
static int
check_eal_args(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!options_knows(argv[i]))
			continue;
		testpmd_error("%s is an option of the application: it comes after --, as in: %s "
			"[EAL options] -- %s", argv[i], argv[0], argv[i]);
		return EXIT_USAGE;
	}
	return -1;
}

/* Options are checked before EAL starts, so that what is wrong is not lost in its output. */
static int
parse_args(int argc, char **argv, int separator, struct testpmd_conf *conf)
{
	static char version[] = "--version";
	char *ask_version[] = { argv[0], version, NULL };
	int ret;

	if (separator > 1 && strcmp(argv[1], version) == 0)
		return options_parse(2, ask_version, conf);
	ret = check_eal_args(separator, argv);
	if (ret >= 0)
		return ret;
	if (separator == argc)
		return options_parse(1, argv, conf);
	argv[separator] = argv[0];
	return options_parse(argc - separator, argv + separator, conf);
}

/* What follows in argv was parsed already. */
static int
eal_start(int argc, char **argv)
{
	int ret;

	argv[argc] = NULL;
	rte_set_application_usage_hook(options_usage);
	ret = rte_eal_init(argc, argv);
	if (ret < 0) {
		testpmd_error("EAL cannot be initialised: %s", rte_strerror(rte_errno));
		return rte_errno == EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	}
	if (ret + 1 < argc) {
		testpmd_error("unexpected argument '%s' before --", argv[ret + 1]);
		(void)rte_eal_cleanup();
		return EXIT_USAGE;
	}
	return 0;
}

static void
run_once(struct session *ss)
{
	ss->status = session_start(ss);
	while (ss->running) {
		usleep(POLL_US);
		if (session_interrupted())
			session_stop(ss);
		session_poll(ss);
	}
}

static int
run_session(const struct testpmd_conf *conf)
{
	static struct session ss;

	ss.conf = *conf;
	ss.status = devices_open(&ss.devices, conf);
	if (ss.status == 0) {
		if (conf->interactive)
			session_prompt(&ss);
		else
			run_once(&ss);
	}
	run_free(ss.run);
	devices_close(&ss.devices);
	return output_end() != 0 ? EXIT_FAILURE : ss.status;
}

int
main(int argc, char **argv)
{
	int separator = find_separator(argc, argv);
	struct testpmd_conf conf;
	int ret;

	ret = parse_args(argc, argv, separator, &conf);
	if (ret >= 0)
		return ret;
	ret = output_begin(&conf);
	if (ret == 0)
		ret = eal_start(separator, argv);
	if (ret != 0)
		return ret;
	catch_signals();
	ret = run_session(&conf);
	(void)rte_eal_cleanup();
	return ret;
}
