/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * accel-perf: how fast is acceldev, beside what one would use instead?
 * How it measures is told in bench.h, what each row does at the top of the rows_*.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>

#include "options.h"
#include "report.h"
#include "row.h"

static struct bench_conf
bench_conf_of(const struct options *opts)
{
	uint64_t hz = rte_get_tsc_hz();
	struct bench_conf conf = {
		.rounds = opts->quick ? 101 : 2001,
		.batch_cycles = opts->quick ? hz / 20000 : hz / 5000,
		.max_cycles = opts->quick ? hz / 2 : hz * 10,
		.fixed_ops = opts->fixed_ops,
	};

	if (opts->repeat > 0)
		conf.rounds = opts->repeat;
	return conf;
}

static int
exit_status(const struct options *opts, const struct result *res)
{
	for (unsigned int i = 0; i < opts->nb_rows; i++)
		if (res[i].err != 0 || (opts->check && res[i].verdict == VERDICT_MISSED))
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static int
run_rows(const struct options *opts, struct result *res)
{
	struct bench_conf conf = bench_conf_of(opts);
	int ret = 0;

	if (opts->fixed_ops == 0)
		report_head();
	for (unsigned int i = 0; i < opts->nb_rows; i++) {
		row_run(opts->rows[i], &conf, &res[i]);
		if (opts->fixed_ops == 0 || res[i].err != 0)
			report_row(opts->rows[i], &res[i]);
	}
	if (opts->json != NULL)
		ret = report_json(opts->json, opts->rows, res, opts->nb_rows);
	if (ret != 0)
		fprintf(stderr, "accel-perf: cannot write %s\n", opts->json);
	return ret != 0 ? EXIT_FAILURE : exit_status(opts, res);
}

static int
run_all(const struct options *opts)
{
	struct result *res = calloc(opts->nb_rows, sizeof(*res));
	int status;

	if (res == NULL) {
		fprintf(stderr, "accel-perf: no memory\n");
		return EXIT_FAILURE;
	}
	status = run_rows(opts, res);
	free(res);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts;
	int status;

	/* Before EAL starts: --help and --list need none, and a typing error should not wait. */
	status = options_parse(&opts, argc, argv);
	if (status != OPTIONS_RUN)
		return status;
	if (rte_eal_init(argc, argv) < 0) {
		fprintf(stderr, "accel-perf: EAL does not start: %s\n", rte_strerror(rte_errno));
		return EXIT_FAILURE;
	}
	status = run_all(&opts);
	rte_eal_cleanup();
	return status;
}
