/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <eal_glue/host.h>

static const char *const verdict_words[] = {
	[VERDICT_OK] = "ok",
	[VERDICT_NA] = "not applicable",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_WARNING] = "warning",
	[VERDICT_PROBLEM] = "problem",
};

#define NB_VERDICTS (sizeof(verdict_words) / sizeof(verdict_words[0]))

static bool failed;

bool
report_failed(void)
{
	return failed;
}

const char *
verdict_word(enum verdict verdict)
{
	return verdict_words[verdict];
}

/* Takes over the value. */
static void
put(struct json_object *obj, const char *name, struct json_object *value)
{
	if (obj != NULL && value != NULL && json_object_object_add(obj, name, value) == 0)
		return;
	failed = true;
	json_object_put(value);
}

static void
append(struct json_object *array, struct json_object *value)
{
	if (array != NULL && value != NULL && json_object_array_add(array, value) == 0)
		return;
	failed = true;
	json_object_put(value);
}

/* JSON is UTF-8, and what the machine says may be anything. */
static struct json_object *
new_text(const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	host_clean(text);
	return json_object_new_string(text);
}

static struct json_object *
new_clean(const char *fmt, ...)
{
	struct json_object *text;
	va_list ap;

	va_start(ap, fmt);
	text = new_text(fmt, ap);
	va_end(ap);
	return text;
}

static struct json_object *
get(struct json_object *obj, const char *name)
{
	struct json_object *value = NULL;

	if (obj != NULL)
		json_object_object_get_ex(obj, name, &value);
	return value;
}

void
report_init(struct report *report, const char *version)
{
	failed = false;
	report->root = json_object_new_object();
	put(report->root, "version", json_object_new_string(version));
	put(report->root, "checks", json_object_new_array());
	put(report->root, "devices", json_object_new_array());
	report->checks = get(report->root, "checks");
	report->devices = get(report->root, "devices");
}

void
report_free(struct report *report)
{
	json_object_put(report->root);
	report->root = NULL;
}

struct json_object *
report_add_device(struct report *report, const char *spec)
{
	struct json_object *dev = json_object_new_object();

	put(dev, "spec", new_clean("%s", spec));
	put(dev, "usable", json_object_new_boolean(false));
	put(dev, "checks", json_object_new_array());
	append(report->devices, dev);
	return failed ? NULL : get(dev, "checks");
}

void
report_set_usable(struct report *report, bool usable)
{
	size_t last;

	if (failed)
		return;
	last = json_object_array_length(report->devices) - 1;
	put(json_object_array_get_idx(report->devices, last), "usable",
			json_object_new_boolean(usable));
}

struct json_object *
checks_new(void)
{
	struct json_object *checks = json_object_new_array();

	failed |= checks == NULL;
	return checks;
}

struct json_object *
check_add(struct json_object *checks, const char *id, const char *title)
{
	struct json_object *check = json_object_new_object();

	put(check, "id", new_clean("%s", id));
	put(check, "title", new_clean("%s", title));
	put(check, "verdict", json_object_new_string(verdict_words[VERDICT_UNKNOWN]));
	put(check, "value", json_object_new_string(""));
	put(check, "detail", json_object_new_string(""));
	put(check, "remedy", json_object_new_array());
	append(checks, check);
	return failed ? NULL : check;
}

void
check_say(struct json_object *check, enum verdict verdict, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(check, "value", new_text(fmt, ap));
	va_end(ap);
	put(check, "verdict", json_object_new_string(verdict_words[verdict]));
}

void
check_detail(struct json_object *check, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(check, "detail", new_text(fmt, ap));
	va_end(ap);
}

void
check_mend(struct json_object *check, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	append(get(check, "remedy"), new_text(fmt, ap));
	va_end(ap);
}

void
check_copy_cause(struct json_object *check, struct json_object *from)
{
	struct json_object *remedy = get(from, "remedy");
	size_t i;

	check_detail(check, "%s", check_text(from, "detail"));
	for (i = 0; remedy != NULL && i < json_object_array_length(remedy); i++)
		check_mend(check, "%s", json_object_get_string(
				json_object_array_get_idx(remedy, i)));
}

const char *
check_text(struct json_object *check, const char *member)
{
	struct json_object *text = get(check, member);

	return text != NULL ? json_object_get_string(text) : "";
}

enum verdict
check_verdict(struct json_object *check)
{
	const char *word = check_text(check, "verdict");
	unsigned int v;

	for (v = 0; v < NB_VERDICTS; v++) {
		if (strcmp(word, verdict_words[v]) == 0)
			return (enum verdict)v;
	}
	return VERDICT_UNKNOWN;
}

struct json_object *
checks_worst(struct json_object *checks)
{
	struct json_object *worst = NULL;
	size_t i;

	for (i = 0; checks != NULL && i < json_object_array_length(checks); i++) {
		struct json_object *check = json_object_array_get_idx(checks, i);

		if (worst == NULL || check_verdict(check) > check_verdict(worst))
			worst = check;
	}
	return worst;
}
