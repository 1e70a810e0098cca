/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_OPTIONS_H
#define PERF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "row.h"

/** Rows that can exist, at most. */
#define OPTIONS_MAX_ROWS 64
/** options_parse() says: go on; else its value is the exit status. */
#define OPTIONS_RUN (-1)
/** Exit status after a bad option. */
#define OPTIONS_BAD 2

struct options {
	bool quick;
	bool check;
	unsigned int repeat;  /**< 0: by default */
	uint64_t fixed_ops;   /**< hidden, for counting instructions: see struct bench_conf */
	const char *json;     /**< NULL: none */
	unsigned int nb_rows; /**< to run */
	const struct row *rows[OPTIONS_MAX_ROWS];
};

/**
 * Read what follows "--".
 *
 * @return OPTIONS_RUN, or the exit status when help was given or a mistake reported
 */
int options_parse(struct options *opts, int argc, char **argv);

#endif
