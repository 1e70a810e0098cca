/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_ROW_H
#define PERF_ROW_H

/**
 * @file
 * A row of the table: what is measured, beside what, and what it should reach.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.h"

/** Bounds that all have to hold; one that is 0 or false is none. */
struct goal {
	double max_over;  /**< ours <= rival + max_over */
	double max_ratio; /**< ours <= max_ratio x rival */
	double min_ratio; /**< ours >= min_ratio x rival, where more is better */
	double max_ours;  /**< ours <= max_ours */
	bool faster;      /**< ours < rival */
};

enum verdict { VERDICT_NA, VERDICT_MET, VERDICT_MISSED };

/** What a row found. Figures that were not measured are NAN. */
struct result {
	double value[2];  /**< of BENCH_OURS and BENCH_RIVAL, in the row's unit */
	double cycles[2]; /**< TSC cycles per op, where the row measures time per op */
	const char *rival;
	char reason[160]; /**< why it is not as asked for; empty when it is */
	enum verdict verdict;
	int err;          /**< 0, or the negative errno with which the row failed */
};

/** What the rows of one kind differ in; each kind uses what it needs. */
struct row_arg {
	size_t len;
	size_t live;
	unsigned int burst;
	bool build;
	bool zero;
	bool put;
};

/** run() returns this when the goal cannot be judged here; the reason is filled in. */
#define ROW_NA 1

struct row {
	const char *name;
	const char *unit;
	const char *rival;
	const char *text;
	int (*run)(const struct row *row, const struct bench_conf *conf, struct result *res);
	struct row_arg arg;
	struct goal goal;
};

/** Tables, each ended by a NULL name. */
extern const struct row rows_queue[];
extern const struct row rows_buffer[];
extern const struct row rows_bank[];
extern const struct row rows_addr[];
extern const struct row rows_npu[];
extern const struct row rows_enn[];
extern const struct row rows_opae[];
extern const struct row rows_opae_buffer[];
extern const struct row rows_openvino[];

/** Measure both sides and enter nanoseconds and cycles per op. */
int row_measure(const struct bench_conf *conf, const struct bench_side side[2], struct result *res);

/** Enter a reason. */
void row_reason(struct result *res, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Run a row, fill in the verdict. */
void row_run(const struct row *row, const struct bench_conf *conf, struct result *res);

/** The bounds in words. */
void row_goal_text(const struct row *row, char *buf, size_t len);

#endif
