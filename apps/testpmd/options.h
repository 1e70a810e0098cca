/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_OPTIONS_H
#define TESTPMD_OPTIONS_H

/**
 * @file
 * What the user asked for: the options after "--", and the prompt's "set" command, which knows the
 * same names.
 */

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <acceldev/acceldev.h>

#include "mode.h"

/** Exit status after a bad option or value; EXIT_FAILURE is for all that fails later. */
#define EXIT_USAGE 2

/** Most ops in one burst. */
#define MAX_BURST 1024

struct testpmd_conf {
	const char *devices[ACCEL_MAX_DEVS]; /**< specs */
	unsigned int nb_devices;
	enum testpmd_mode mode;
	uint16_t burst;
	uint16_t queues;     /**< queue pairs per device */
	uint16_t depth;      /**< 0: chosen for the device */
	uint64_t size;       /**< bytes of each op; of the mode infer nobody's */
	uint64_t ops;        /**< over all queues; 0: not limited */
	double seconds;      /**< 0: not limited */
	double timeout;      /**< seconds without a completion that end the run */
	double deadline;     /**< seconds that an op has; 0: what the driver allows */
	double stats_period; /**< 0: chosen for the output */
	bool verify;
	/* Of the mode infer; empty: none. */
	char program[PATH_MAX];
	char records[PATH_MAX];
	char labels[PATH_MAX];
	bool interactive;
};

/** Print one line to stderr, with the application's name in front. */
void testpmd_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** One line of usage for each option. Has the signature of EAL's usage hook. */
void options_usage(const char *prgname);

/**
 * Parse the application's options.
 *
 * @param argv  argv[0] is not looked at
 * @retval -1 go on
 * @return exit status: --help and --version have printed, or what is wrong was said on stderr
 */
int options_parse(int argc, char **argv, struct testpmd_conf *conf);

/**
 * Check that the settings go together, and with the mode.
 *
 * @return 0, or an exit status after saying what is wrong
 */
int options_check_mode(const struct testpmd_conf *conf);

/** Whether an argument looks like an option of the application. */
bool options_knows(const char *arg);

/**
 * Change a setting of the next run by the name of its option.
 *
 * @return NULL, or what is allowed
 */
const char *options_set(struct testpmd_conf *conf, const char *name, const char *value);

#endif
