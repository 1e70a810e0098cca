/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <rte_version.h>

#include "doctor.h"

enum {
	EXIT_GOOD,
	EXIT_NOT_USABLE, /* a SPEC */
	EXIT_USAGE,
	EXIT_ITSELF,     /* the doctor could not finish */
};

struct options {
	bool json, verbose;
	const char *root;
};

static void
usage(FILE *out)
{
	fprintf(out, "Usage: accel-doctor [options] [SPEC...]\n\n"
		"Says what devices need of this machine, for this user, and how to mend it.\n"
		"It changes nothing, and opens no device.\n"
		"Exit status: 0; 1 when a SPEC cannot be used.\n\n"
		"  SPEC       device to judge, as pci:0000:03:00.0 or soft:0,banks=2\n"
		"  --json     print one JSON object (doc/doctor.md)\n"
		"  --verbose  explain also what is right\n"
		"  --help     print this and exit\n"
		"  --version  print the version and exit\n");
}

static int
refuse(const char *arg)
{
	fprintf(stderr, "accel-doctor: option '%s' is not known, or its value is missing or too "
		"much; --help lists all\n", arg);
	return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int
parse_options(int argc, char **argv, struct options *opt)
{
	/* --root is for tests: a folder with proc, sys and dev in it. */
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { "verbose", no_argument, NULL, 'v' },
		{ "root", required_argument, NULL, 'r' }, { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 },
	};
	int c, at;

	opterr = 0;
	for (at = optind; (c = getopt_long(argc, argv, "", options, NULL)) != -1; at = optind) {
		switch (c) {
		case 'j':
			opt->json = true;
			break;
		case 'v':
			opt->verbose = true;
			break;
		case 'r':
			opt->root = optarg;
			break;
		case 'h':
			usage(stdout);
			return EXIT_GOOD;
		case 'V':
			printf("accel-doctor %s, %s\n", ACCELDEV_VERSION, rte_version());
			return EXIT_GOOD;
		default:
			return refuse(argv[at]);
		}
	}
	return -1;
}

void
doctor_gather(struct doctor *d, const char *root)
{
	memset(d, 0, sizeof(*d));
	d->host.root = root;
	pci_function_root(root);
	host_user_get(&d->host, &d->user);
	host_user_name(&d->host, &d->user, d->user_name, sizeof(d->user_name));
	d->in_container = host_container(&d->host, d->container, sizeof(d->container));
	host_vfio_get(&d->host, &d->vfio);
	host_iommu_get(&d->host, &d->iommu);
	d->has_pci = host_exists(&d->host, "/sys/bus/pci/devices");
}

static void
judge_machine(const struct doctor *d, struct json_object *checks)
{
	checks_machine(d, checks);
	checks_vfio(d, checks);
	checks_pci(d, checks);
	checks_memory(d, checks);
	checks_limits(d, checks);
	checks_eal(d, checks);
}

static int
show(const struct doctor *d, const struct report *report, const struct options *opt)
{
	if (report_failed()) {
		fprintf(stderr, "accel-doctor: out of memory\n");
		return EXIT_ITSELF;
	}
	if (opt->json)
		puts(json_object_to_json_string_ext(report->root, JSON_C_TO_STRING_PRETTY |
				JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		print_report(d, report, opt->verbose);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_GOOD;
	perror("accel-doctor: cannot write");
	return EXIT_ITSELF;
}

int
main(int argc, char **argv)
{
	struct options opt = { .root = "" };
	struct report report;
	bool usable = true;
	struct doctor d;
	int ret;

	ret = parse_options(argc, argv, &opt);
	if (ret >= 0)
		return ret;
	doctor_gather(&d, opt.root);
	report_init(&report, ACCELDEV_VERSION);
	judge_machine(&d, report.checks);
	for (; optind < argc; optind++)
		usable &= judge_device(&d, argv[optind], &report);
	ret = show(&d, &report, &opt);
	report_free(&report);
	return ret != EXIT_GOOD || usable ? ret : EXIT_NOT_USABLE;
}
