/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool lost;

static bool
is_closed(int fd)
{
	return fcntl(fd, F_GETFD) < 0 && errno == EBADF;
}

static int
check_descriptors(const struct testpmd_conf *conf)
{
	if (is_closed(STDOUT_FILENO)) {
		testpmd_error("standard output is closed: there is nowhere to print to");
		return EXIT_FAILURE;
	}
	if (conf->interactive && is_closed(STDIN_FILENO)) {
		testpmd_error("--interactive: standard input is closed: commands cannot come");
		return EXIT_FAILURE;
	}
	return 0;
}

/* The lowest number that is free is taken: what is open already remains. */
static void
open_the_rest(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int
output_begin(const struct testpmd_conf *conf)
{
	int ret = check_descriptors(conf);

	if (ret == 0) {
		open_the_rest();
		/* A reader that went is told by output_lost(), after which devices are closed. */
		(void)signal(SIGPIPE, SIG_IGN);
	}
	return ret;
}

static void
tell_lost(const char *why)
{
	if (!lost)
		testpmd_error("standard output cannot be written: %s", why);
	lost = true;
}

bool
output_lost(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (lost)
		return true;
	if (poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLNVAL)) != 0)
		tell_lost("nobody reads it any more");
	else if (ferror(stdout))
		tell_lost("an error came back; is the disk full?");
	return lost;
}

int
output_end(void)
{
	if (fflush(stdout) != 0)
		tell_lost(strerror(errno));
	return output_lost() ? EXIT_FAILURE : 0;
}
