/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS 100

/* The report as text: a line for each check, with what explains and mends it below. */

static bool
is_for_terminal(void)
{
	return isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
}

static void
print_mark(enum verdict verdict)
{
	static const struct { const char *text, *colour; } marks[] = {
		[VERDICT_OK] = { "[ok]", "\033[32m" }, [VERDICT_NA] = { "[n/a]", "\033[2m" },
		[VERDICT_UNKNOWN] = { "[unknown]", "\033[36m" },
		[VERDICT_WARNING] = { "[warn]", "\033[33m" },
		[VERDICT_PROBLEM] = { "[PROBLEM]", "\033[31m" },
	};
	bool colour = is_for_terminal();

	printf("%s%-9s%s ", colour ? marks[verdict].colour : "", marks[verdict].text,
			colour ? "\033[0m" : "");
}

/* Break at blanks; what follows the first line is indented. */
static void
print_wrapped(unsigned int column, unsigned int indent, const char *text)
{
	const char *blank = "";

	while (*text != 0) {
		unsigned int len = (unsigned int)strcspn(text, " ");

		if (*blank != 0 && column + 1 + len > COLUMNS) {
			printf("\n%*s", (int)indent, "");
			column = indent;
			blank = "";
		}
		printf("%s%.*s", blank, (int)len, text);
		column += (unsigned int)strlen(blank) + len;
		text += len + strspn(text + len, " ");
		blank = " ";
	}
	putchar('\n');
}

/* A command stays in one line, to be copied. */
static void
print_remedy(struct json_object *check)
{
	struct json_object *remedy;
	size_t i;

	if (!json_object_object_get_ex(check, "remedy", &remedy))
		return;
	for (i = 0; i < json_object_array_length(remedy); i++)
		printf("              mend: %s\n", json_object_get_string(
				json_object_array_get_idx(remedy, i)));
}

static void
print_check(struct json_object *check, bool verbose)
{
	enum verdict verdict = check_verdict(check);
	const char *detail = check_text(check, "detail");
	char line[2200];

	print_mark(verdict);
	snprintf(line, sizeof(line), "%s: %s", check_text(check, "title"),
			check_text(check, "value"));
	print_wrapped(10, 14, line);
	if (detail[0] != 0 && (verbose || verdict >= VERDICT_UNKNOWN)) {
		printf("%14s", "");
		print_wrapped(14, 14, detail);
	}
	print_remedy(check);
}

/* What is right comes first, what keeps a device from being used last. */
static void
print_checks(struct json_object *checks, bool problems_last, bool verbose)
{
	size_t i, n = json_object_array_length(checks);
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n; i++) {
			struct json_object *check = json_object_array_get_idx(checks, i);
			bool late = problems_last && check_verdict(check) == VERDICT_PROBLEM;

			if (late == (pass == 1))
				print_check(check, verbose);
		}
	}
}

static void
print_device(struct json_object *dev, bool verbose)
{
	struct json_object *checks = NULL, *worst;

	if (!json_object_object_get_ex(dev, "checks", &checks))
		return;
	printf("\n%s\n", check_text(dev, "spec"));
	print_checks(checks, true, verbose);
	worst = checks_worst(checks);
	if (worst == NULL || check_verdict(worst) != VERDICT_PROBLEM)
		printf("%s: usable\n", check_text(dev, "spec"));
	else
		printf("%s: not usable: %s: %s\n", check_text(dev, "spec"),
				check_text(worst, "title"), check_text(worst, "value"));
}

void
print_report(const struct doctor *d, const struct report *report, bool verbose)
{
	size_t i;

	print_checks(report->checks, false, verbose);
	for (i = 0; i < json_object_array_length(report->devices); i++)
		print_device(json_object_array_get_idx(report->devices, i), verbose);
	if (d->user.uid != 0)
		printf("\nCommands that change the machine are for root.\n");
}
