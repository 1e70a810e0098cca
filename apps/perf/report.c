/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include <json-c/json.h>

#include "report.h"

static double
ratio(const struct result *res)
{
	return res->value[BENCH_OURS] / res->value[BENCH_RIVAL];
}

/* "-" for what was not measured. */
static const char *
number(char *buf, size_t len, double value)
{
	if (isnan(value))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%.*f", value < 10 ? 2 : value < 1000 ? 1 : 0, value);
	return buf;
}

static const char *
verdict_text(enum verdict verdict)
{
	static const char *const text[] = {
		[VERDICT_NA] = "n.a.", [VERDICT_MET] = "yes", [VERDICT_MISSED] = "no",
	};

	return text[verdict];
}

void
report_head(void)
{
	printf("%-19s %-4s %8s %8s %6s %9s %9s %-4s  %-29s %s\n", "row", "unit", "ours", "rival",
		"ratio", "cyc ours", "cyc rival", "met", "goal", "the rival");
}

void
report_row(const struct row *row, const struct result *res)
{
	char text[5][24], goal[64];

	row_goal_text(row, goal, sizeof(goal));
	printf("%-19s %-4s %8s %8s %6s %9s %9s %-4s  %-29s %s\n", row->name, row->unit,
		number(text[0], sizeof(text[0]), res->value[BENCH_OURS]),
		number(text[1], sizeof(text[1]), res->value[BENCH_RIVAL]),
		number(text[2], sizeof(text[2]), ratio(res)),
		number(text[3], sizeof(text[3]), res->cycles[BENCH_OURS]),
		number(text[4], sizeof(text[4]), res->cycles[BENCH_RIVAL]),
		verdict_text(res->verdict), goal, res->rival);
	if (res->reason[0] != '\0')
		printf("    %s: %s\n", row->name, res->reason);
	fflush(stdout);
}

static int
add(struct json_object *obj, const char *key, struct json_object *value)
{
	return value != NULL && json_object_object_add(obj, key, value) == 0 ? 0 : -ENOMEM;
}

static int
add_number(struct json_object *obj, const char *key, double value)
{
	if (!isfinite(value))
		return json_object_object_add(obj, key, NULL) == 0 ? 0 : -ENOMEM;
	return add(obj, key, json_object_new_double(value));
}

static int
add_text(struct json_object *obj, const char *key, const char *value)
{
	return add(obj, key, json_object_new_string(value));
}

static int
add_met(struct json_object *obj, enum verdict verdict)
{
	if (verdict == VERDICT_NA)
		return json_object_object_add(obj, "met", NULL) == 0 ? 0 : -ENOMEM;
	return add(obj, "met", json_object_new_boolean(verdict == VERDICT_MET));
}

static int
fill_object(struct json_object *obj, const struct row *row, const struct result *res)
{
	char goal[64];
	int ret = 0;

	row_goal_text(row, goal, sizeof(goal));
	ret |= add_text(obj, "name", row->name);
	ret |= add_text(obj, "unit", row->unit);
	ret |= add_number(obj, "ours", res->value[BENCH_OURS]);
	ret |= add_number(obj, "rival", res->value[BENCH_RIVAL]);
	ret |= add_text(obj, "rival_name", res->rival);
	ret |= add_number(obj, "ratio", ratio(res));
	ret |= add_text(obj, "goal", goal);
	ret |= add_met(obj, res->verdict);
	ret |= add_number(obj, "ours_cycles", res->cycles[BENCH_OURS]);
	ret |= add_number(obj, "rival_cycles", res->cycles[BENCH_RIVAL]);
	if (res->reason[0] != '\0')
		ret |= add_text(obj, res->verdict == VERDICT_NA ? "reason" : "note", res->reason);
	return ret != 0 ? -ENOMEM : 0;
}

static int
fill_array(struct json_object *array, const struct row *const *rows, const struct result *res,
		unsigned int nb)
{
	for (unsigned int i = 0; i < nb; i++) {
		struct json_object *obj = json_object_new_object();

		if (obj == NULL)
			return -ENOMEM;
		if (fill_object(obj, rows[i], &res[i]) != 0 ||
				json_object_array_add(array, obj) != 0) {
			json_object_put(obj);
			return -ENOMEM;
		}
	}
	return 0;
}

int
report_json(const char *path, const struct row *const *rows, const struct result *res,
		unsigned int nb)
{
	struct json_object *array = json_object_new_array();
	int ret;

	if (array == NULL)
		return -ENOMEM;
	ret = fill_array(array, rows, res, nb);
	if (ret == 0 && json_object_to_file_ext(path, array, JSON_C_TO_STRING_PRETTY) != 0)
		ret = -EIO;
	json_object_put(array);
	return ret;
}
