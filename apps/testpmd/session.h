/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_SESSION_H
#define TESTPMD_SESSION_H

/**
 * @file
 * What goes on between the start and the end of the application: one run, or at the prompt many.
 */

#include <stdbool.h>

#include "device.h"
#include "options.h"
#include "run.h"

struct session {
	struct testpmd_conf conf;  /**< of the next run */
	struct device_list devices;
	struct run *run;           /**< the current or the last one; NULL before the first */
	bool running;
	int status;                /**< exit status so far */
};

/** Start a run: 0, or an exit status after saying what is wrong. */
int session_start(struct session *ss);

/** Look after the run, if there is one: print its statistics when it has ended. */
void session_poll(struct session *ss);

/** End the run, if there is one. */
void session_stop(struct session *ss);

/** Forget the last run, whose devices are not the same any more. */
void session_forget_run(struct session *ss);

/** Print the counters and rates of all queue pairs. */
void session_show_stats(struct session *ss);

/** Let the counters of all queue pairs begin from zero. */
void session_clear_stats(struct session *ss);

/**
 * Take commands from stdin until "quit" or its end, and then until a run with a limit has ended.
 */
void session_prompt(struct session *ss);

/** Whether SIGINT or SIGTERM came. */
bool session_interrupted(void);

#endif
