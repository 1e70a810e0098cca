/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum { OPT_LIST = 256, OPT_ROW, OPT_QUICK, OPT_JSON, OPT_REPEAT, OPT_CHECK, OPT_FIXED_OPS };

static const struct row *const tables[] = { rows_queue, rows_buffer, rows_bank, rows_addr, rows_npu,
	rows_enn, rows_opae, rows_opae_buffer, rows_openvino };

/* The n-th of all rows, or NULL. */
static const struct row *
row_at(unsigned int n)
{
	for (unsigned int t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct row *row = tables[t]; row->name != NULL; row++)
			if (n-- == 0)
				return row;
	return NULL;
}

static int
usage(void)
{
	printf("usage: accel-perf [EAL options] -- [options]\n"
		"  --list         tell the rows and stop\n"
		"  --row NAME     run this row; may be repeated; default: all rows\n"
		"  --quick        all rows within 30 seconds, less exactly\n"
		"  --repeat N     batches of each side per row; default 2001, with --quick 101\n"
		"  --json FILE    write the table to FILE too\n"
		"  --check        exit status 1 when a goal is missed\n"
		"  --help         this text\n"
		"Without root and hugepages: accel-perf --no-huge -m 64 --no-pci --no-shconf "
		"--iova-mode=va --\n"
		"With hugepages: accel-perf --in-memory --no-pci --iova-mode=va --\n");
	return EXIT_SUCCESS;
}

static int
list(void)
{
	const struct row *row;
	char goal[64];

	for (unsigned int i = 0; (row = row_at(i)) != NULL; i++) {
		row_goal_text(row, goal, sizeof(goal));
		printf("%-19s %s; rival: %s; goal: %s\n", row->name, row->text, row->rival, goal);
	}
	return EXIT_SUCCESS;
}

static int
bad(const char *what, const char *value)
{
	fprintf(stderr, "accel-perf: %s: %s\n", what, value);
	return OPTIONS_BAD;
}

static int
parse_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9')
		return -EINVAL;
	return *value >= 1 && *value <= max ? 0 : -EINVAL;
}

static int
choose_row(bool *chosen, const char *name)
{
	const struct row *row;

	for (unsigned int i = 0; (row = row_at(i)) != NULL; i++) {
		if (strcmp(row->name, name) == 0) {
			chosen[i] = true;
			return OPTIONS_RUN;
		}
	}
	return bad("no such row (--list tells them)", name);
}

/* In the order of the tables; all when none was chosen. */
static void
collect_rows(struct options *opts, const bool *chosen)
{
	const struct row *row;
	bool any = false;

	for (unsigned int i = 0; i < OPTIONS_MAX_ROWS; i++)
		any = any || chosen[i];
	for (unsigned int i = 0; i < OPTIONS_MAX_ROWS && (row = row_at(i)) != NULL; i++)
		if (!any || chosen[i])
			opts->rows[opts->nb_rows++] = row;
}

static int
one_number(struct options *opts, int opt)
{
	uint64_t value;

	if (opt == OPT_REPEAT) {
		if (parse_number(optarg, 1000000, &value) != 0)
			return bad("--repeat takes a number from 1 to 1000000, not", optarg);
		opts->repeat = (unsigned int)value;
		return OPTIONS_RUN;
	}
	if (parse_number(optarg, UINT64_MAX, &opts->fixed_ops) != 0)
		return bad("--fixed-ops takes a number, not", optarg);
	return OPTIONS_RUN;
}

static int
one_option(struct options *opts, bool *chosen, int opt, const char *text)
{
	switch (opt) {
	case OPT_ROW:
		return choose_row(chosen, optarg);
	case OPT_QUICK:
		opts->quick = true;
		return OPTIONS_RUN;
	case OPT_CHECK:
		opts->check = true;
		return OPTIONS_RUN;
	case OPT_JSON:
		opts->json = optarg;
		return OPTIONS_RUN;
	case OPT_REPEAT:
	case OPT_FIXED_OPS:
		return one_number(opts, opt);
	case OPT_LIST:
		return list();
	case 'h':
		return usage();
	case ':':
		return bad("option needs a value", text);
	default:
		return bad("bad option (--help tells them)", text);
	}
}

static int
parse(struct options *opts, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "list", no_argument, NULL, OPT_LIST },
		{ "row", required_argument, NULL, OPT_ROW },
		{ "quick", no_argument, NULL, OPT_QUICK },
		{ "json", required_argument, NULL, OPT_JSON },
		{ "repeat", required_argument, NULL, OPT_REPEAT },
		{ "check", no_argument, NULL, OPT_CHECK },
		{ "fixed-ops", required_argument, NULL, OPT_FIXED_OPS },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool chosen[OPTIONS_MAX_ROWS] = { false };
	int at = 1, opt, ret = OPTIONS_RUN;

	opterr = 0;
	optind = 1;
	while (ret == OPTIONS_RUN && (opt = getopt_long(argc, argv, "+:h", longs, NULL)) != -1) {
		ret = one_option(opts, chosen, opt, argv[at]);
		at = optind;
	}
	if (ret == OPTIONS_RUN && optind < argc)
		ret = bad("not an option", argv[optind]);
	collect_rows(opts, chosen);
	return ret;
}

/* Whether a lone argument asks what needs no EAL. */
static bool
is_question(const char *arg)
{
	return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0 || strcmp(arg, "--list") == 0;
}

int
options_parse(struct options *opts, int argc, char **argv)
{
	int at = 1;

	*opts = (struct options){ 0 };
	while (at < argc && strcmp(argv[at], "--") != 0)
		at++;
	if (at == argc && argc == 2 && is_question(argv[1]))
		at = 0;
	else if (at == argc)
		at = argc - 1; /* all are EAL's: parse nothing */
	return parse(opts, argc - at, argv + at);
}
