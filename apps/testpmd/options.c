/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_version.h>

#include "values.h"

#define MAX_DEPTH 32768
#define MAX_SECONDS 1e9
#define MAX_DEADLINE 4000 /* in microseconds it has 32 bits */
#define DEFAULT_SIZE 4096
/* More than any driver gives an op by itself, which is 10: the status is to be seen. */
#define DEFAULT_TIMEOUT 15

/* Set a value; false when it is not allowed. */
typedef bool (*setter_t)(struct testpmd_conf *conf, const char *value);

struct setting {
	const char *name;
	const char *arg; /* NULL: a flag */
	setter_t set;    /* NULL: --help and --version */
	const char *allowed;
	const char *help;
	bool at_prompt;  /* the prompt can change it */
};

static bool
set_device(struct testpmd_conf *conf, const char *value)
{
	if (value[0] == '\0' || conf->nb_devices == RTE_DIM(conf->devices))
		return false;
	conf->devices[conf->nb_devices++] = value;
	return true;
}

static bool
set_mode(struct testpmd_conf *conf, const char *value)
{
	unsigned int mode;

	if (!value_name(value, mode_names, MODE_MAX, &mode))
		return false;
	conf->mode = (enum testpmd_mode)mode;
	return true;
}

static bool
set_burst(struct testpmd_conf *conf, const char *value)
{
	return value_u16(value, 1, MAX_BURST, &conf->burst);
}

static bool
set_size(struct testpmd_conf *conf, const char *value)
{
	return value_size(value, 1, UINT64_C(1) << 40, &conf->size);
}

static bool
set_ops(struct testpmd_conf *conf, const char *value)
{
	return value_u64(value, 1, UINT64_MAX / 2, &conf->ops);
}

static bool
set_seconds(struct testpmd_conf *conf, const char *value)
{
	return value_seconds(value, 1e-3, MAX_SECONDS, &conf->seconds);
}

static bool
set_queues(struct testpmd_conf *conf, const char *value)
{
	return value_u16(value, 1, ACCEL_MAX_QPS, &conf->queues);
}

static bool
set_depth(struct testpmd_conf *conf, const char *value)
{
	uint16_t depth;

	if (!value_u16(value, 1, MAX_DEPTH, &depth) || !rte_is_power_of_2(depth))
		return false;
	conf->depth = depth;
	return true;
}

/* The option comes without a value, the prompt's setting with one. */
static bool
set_verify(struct testpmd_conf *conf, const char *value)
{
	static const char *const switches[] = { "off", "on" };
	unsigned int on = 1;

	if (value != NULL && !value_name(value, switches, RTE_DIM(switches), &on))
		return false;
	conf->verify = on != 0;
	return true;
}

/* The prompt has no way to type nothing. */
static bool
set_path(char *path, const char *value)
{
	if (value[0] == '\0' || strlen(value) >= PATH_MAX)
		return false;
	strcpy(path, strcmp(value, "none") == 0 ? "" : value);
	return true;
}

static bool
set_program(struct testpmd_conf *conf, const char *value)
{
	return set_path(conf->program, value);
}

static bool
set_records(struct testpmd_conf *conf, const char *value)
{
	return set_path(conf->records, value);
}

static bool
set_labels(struct testpmd_conf *conf, const char *value)
{
	return set_path(conf->labels, value);
}

static bool
set_timeout(struct testpmd_conf *conf, const char *value)
{
	return value_seconds(value, 0.1, MAX_SECONDS, &conf->timeout);
}

static bool
set_deadline(struct testpmd_conf *conf, const char *value)
{
	return value_seconds(value, 0, MAX_DEADLINE, &conf->deadline);
}

static bool
set_stats_period(struct testpmd_conf *conf, const char *value)
{
	return value_seconds(value, 0.1, MAX_SECONDS, &conf->stats_period);
}

static bool
set_interactive(struct testpmd_conf *conf, const char *value)
{
	RTE_SET_USED(value);
	conf->interactive = true;
	return true;
}

static const struct setting settings[] = {
	{ "device", "SPEC", set_device, "BUS:ADDRESS[,key=value...], up to 64 of them",
		"device, such as soft:0,banks=2; may be repeated (soft:0)", false },
	{ "mode", "MODE", set_mode, "one of copy, h2b, b2h, b2b, fill, infer",
		"copy: host to host, h2b, b2h, b2b: host (h), bank (b), fill, infer (copy)", true },
	{ "burst", "N", set_burst, "a number from 1 to " RTE_STR(MAX_BURST),
		"ops per burst (32)", true },
	{ "size", "BYTES", set_size, "a number of bytes from 1 to 1024G, as 512, 4K, 2M or 1G",
		"bytes of each op, with K, M or G (4K)", true },
	{ "ops", "N", set_ops, "a number of ops, from 1",
		"end after N ops over all queues", true },
	{ "seconds", "S", set_seconds, "a number of seconds from 0.001 to 1000000000",
		"end after S seconds (3, unless --ops or --interactive)", true },
	{ "queues", "N", set_queues, "a number from 1 to " RTE_STR(ACCEL_MAX_QPS),
		"queue pairs of each device (1)", true },
	{ "depth", "N", set_depth, "a power of two from 1 to " RTE_STR(MAX_DEPTH),
		"ops in flight per queue pair (256, or as near as the device allows)", true },
	{ "verify", NULL, set_verify, "on or off",
		"check the result of every op", true },
	{ "program", "FILE", set_program, "the path of a program's image, or none",
		"mode infer: the program to run", true },
	{ "records", "FILE", set_records, "the path of a file, or none",
		"mode infer: its first input, one after the other (random bytes)", true },
	{ "labels", "FILE", set_labels, "the path of a file, or none",
		"mode infer: a byte for each record, what the program should tell", true },
	{ "timeout", "S", set_timeout, "a number of seconds from 0.1 to 1000000000",
		"give up when nothing completes for S seconds (15)", true },
	{ "deadline", "S", set_deadline, "a number of seconds from 0 to 4000",
		"give an op up S seconds after enqueue; 0: when the driver does (0)", true },
	{ "stats-period", "S", set_stats_period, "a number of seconds from 0.1 to 1000000000",
		"print a line of progress each S seconds (3 on a terminal, else none)", true },
	{ "interactive", NULL, set_interactive, NULL,
		"take commands at a prompt, or from a pipe", false },
	{ "help", NULL, NULL, NULL, "print this and exit", false },
	{ "version", NULL, NULL, NULL, "print the version and exit", false },
};

void
testpmd_error(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* One call, so that lines of several threads do not mix. */
	fprintf(stderr, "accel-testpmd: %s\n", line);
}

void
options_usage(const char *prgname)
{
	const struct setting *s;
	char left[32];

	printf("\nUsage: %s [EAL options] -- [options]\n\nOptions:\n", prgname);
	for (s = settings; s < settings + RTE_DIM(settings); s++) {
		snprintf(left, sizeof(left), "--%s%s%s", s->name, s->arg != NULL ? "=" : "",
				s->arg != NULL ? s->arg : "");
		printf("  %-20s %s\n", left, s->help);
	}
	printf("\n");
}

static int
print_and_exit(const char *name, const char *prgname)
{
	if (strcmp(name, "help") == 0) {
		options_usage(prgname);
		printf("EAL options are listed by: %s --help\n", prgname);
	} else {
		printf("accel-testpmd %s, %s\n", ACCELDEV_VERSION, rte_version());
	}
	return EXIT_SUCCESS;
}

static const struct setting *
setting_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < RTE_DIM(settings); i++) {
		if (strlen(settings[i].name) == len && memcmp(settings[i].name, name, len) == 0)
			return &settings[i];
	}
	return NULL;
}

bool
options_knows(const char *arg)
{
	/* EAL has these two as well. */
	if (strcmp(arg, "--help") == 0 || strcmp(arg, "--version") == 0)
		return false;
	return arg[0] == '-' && arg[1] == '-' &&
			setting_find(arg + 2, strcspn(arg + 2, "=")) != NULL;
}

const char *
options_set(struct testpmd_conf *conf, const char *name, const char *value)
{
	const struct setting *s = setting_find(name, strlen(name));

	if (s == NULL || !s->at_prompt)
		return "mode, burst, size, ops, seconds, queues, depth, verify, program, "
			"records, labels, timeout, deadline or stats-period";
	if (!s->set(conf, value))
		return s->allowed;
	/* The last one counts. */
	if (s->set == set_ops)
		conf->seconds = 0;
	else if (s->set == set_seconds)
		conf->ops = 0;
	return NULL;
}

/* What getopt_long() refused, in one line. */
static int
refuse(int opt, const char *arg)
{
	size_t len = strcspn(arg, "=");
	const struct setting *s = len > 2 ? setting_find(arg + 2, len - 2) : NULL;

	if (opt == ':' && s != NULL)
		testpmd_error("%s needs a value: %s", arg, s->allowed);
	else if (s != NULL)
		testpmd_error("--%s takes no value, '%s' has one", s->name, arg);
	else
		testpmd_error("unknown option '%s'; --help lists them", arg);
	return EXIT_USAGE;
}

static bool
same_device(const char *a, const char *b)
{
	size_t len = strcspn(a, ",");

	return len == strcspn(b, ",") && memcmp(a, b, len) == 0;
}

static int
check_devices(const struct testpmd_conf *conf)
{
	unsigned int i, j;

	for (i = 1; i < conf->nb_devices; i++) {
		for (j = 0; j < i; j++) {
			if (!same_device(conf->devices[i], conf->devices[j]))
				continue;
			testpmd_error("--device=%s: the same device as --device=%s; allowed is "
				"each device once", conf->devices[i], conf->devices[j]);
			return EXIT_USAGE;
		}
	}
	return -1;
}

int
options_check_mode(const struct testpmd_conf *conf)
{
	if (conf->deadline >= conf->timeout) {
		testpmd_error("--deadline=%g: the run is given up before, after --timeout=%g; allowed is "
			"less", conf->deadline, conf->timeout);
		return EXIT_USAGE;
	}
	if (conf->mode != MODE_INFER)
		return 0;
	if (conf->program[0] == '\0') {
		testpmd_error("--mode=infer needs a program; --program=FILE names its image");
		return EXIT_USAGE;
	}
	if (conf->labels[0] != '\0' && conf->records[0] == '\0') {
		testpmd_error("--labels=%s: needs the records that it tells about; --records=FILE "
			"names them", conf->labels);
		return EXIT_USAGE;
	}
	if (conf->verify) {
		testpmd_error("--verify: mode infer knows no results to expect; with --labels it "
			"tells the accuracy");
		return EXIT_USAGE;
	}
	return 0;
}

/* At the prompt, all of it may be set before the next start. */
static int
check_mode(const struct testpmd_conf *conf)
{
	const char *name = conf->program[0] != '\0' ? "program" :
		conf->records[0] != '\0' ? "records" : conf->labels[0] != '\0' ? "labels" : NULL;

	if (conf->interactive)
		return 0;
	if (conf->mode == MODE_INFER && conf->size != 0) {
		testpmd_error("--size: mode infer has no use for it; the program's tensors have sizes of "
			"their own");
		return EXIT_USAGE;
	}
	if (conf->mode == MODE_INFER || name == NULL)
		return options_check_mode(conf);
	testpmd_error("--%s: mode %s has no use for it; --mode=infer has", name,
		mode_names[conf->mode]);
	return EXIT_USAGE;
}

/* What single options cannot tell. */
static int
check_together(const struct testpmd_conf *conf)
{
	if (conf->ops != 0 && conf->seconds != 0) {
		testpmd_error("--ops=%llu and --seconds=%g exclude each other; allowed is one of "
			"them", (unsigned long long)conf->ops, conf->seconds);
		return EXIT_USAGE;
	}
	if (conf->depth != 0 && conf->burst > conf->depth) {
		testpmd_error("--burst=%u: more than --depth=%u; allowed are 1 to %u",
			conf->burst, conf->depth, conf->depth);
		return EXIT_USAGE;
	}
	if (check_mode(conf) != 0)
		return EXIT_USAGE;
	return check_devices(conf);
}

static void
defaults(struct testpmd_conf *conf)
{
	if (conf->nb_devices == 0)
		conf->devices[conf->nb_devices++] = "soft:0";
	if (conf->size == 0)
		conf->size = DEFAULT_SIZE;
	if (conf->ops == 0 && conf->seconds == 0 && !conf->interactive)
		conf->seconds = 3;
}

static void
long_options(struct option *options)
{
	size_t i;

	memset(options, 0, (RTE_DIM(settings) + 1) * sizeof(*options));
	for (i = 0; i < RTE_DIM(settings); i++) {
		options[i].name = settings[i].name;
		options[i].has_arg = settings[i].arg != NULL ? required_argument : no_argument;
	}
}

static int
parse_one(struct testpmd_conf *conf, const struct setting *s, const char *prgname)
{
	if (s->set == NULL)
		return print_and_exit(s->name, prgname);
	if (s->set(conf, optarg))
		return -1;
	testpmd_error("--%s=%s: allowed is %s", s->name, optarg, s->allowed);
	return EXIT_USAGE;
}

int
options_parse(int argc, char **argv, struct testpmd_conf *conf)
{
	struct option options[RTE_DIM(settings) + 1];
	int opt, at, which, ret = -1;

	*conf = (struct testpmd_conf){ .burst = 32, .queues = 1, .timeout = DEFAULT_TIMEOUT };
	long_options(options);
	opterr = 0;
	optind = 1;
	while (ret < 0) {
		at = optind;
		opt = getopt_long(argc, argv, "+:", options, &which);
		if (opt == -1)
			break;
		ret = opt == 0 ? parse_one(conf, &settings[which], argv[0]) : refuse(opt, argv[at]);
	}
	if (ret >= 0)
		return ret;
	if (optind < argc) {
		testpmd_error("unexpected argument '%s'; options begin with --", argv[optind]);
		return EXIT_USAGE;
	}
	ret = check_together(conf);
	defaults(conf);
	return ret;
}
