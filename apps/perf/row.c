/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <acceldev/acceldev.h>

#include "row.h"

void
row_reason(struct result *res, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(res->reason, sizeof(res->reason), fmt, ap);
	va_end(ap);
}

int
row_measure(const struct bench_conf *conf, const struct bench_side side[2], struct result *res)
{
	int ret = bench_pair(conf, side, res->cycles);

	for (int i = 0; ret == 0 && i < 2; i++)
		res->value[i] = bench_ns(res->cycles[i]);
	return ret;
}

static bool
goal_holds(const struct goal *goal, double ours, double rival)
{
	if (goal->max_over > 0 && ours > rival + goal->max_over)
		return false;
	if (goal->max_ratio > 0 && ours > rival * goal->max_ratio)
		return false;
	if (goal->min_ratio > 0 && ours < rival * goal->min_ratio)
		return false;
	if (goal->max_ours > 0 && ours > goal->max_ours)
		return false;
	return !goal->faster || ours < rival;
}

static bool
goal_is_none(const struct goal *goal)
{
	return goal->max_over <= 0 && goal->max_ratio <= 0 && goal->min_ratio <= 0 &&
		goal->max_ours <= 0 && !goal->faster;
}

void
row_run(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	int ret;

	memset(res, 0, sizeof(*res));
	for (int i = 0; i < 2; i++)
		res->value[i] = res->cycles[i] = NAN;
	res->rival = row->rival;
	ret = row->run(row, conf, res);
	if (ret < 0) {
		res->err = ret;
		if (res->reason[0] == '\0')
			row_reason(res, "failed: %s", accel_strerror(ret));
	} else if (ret == 0 && conf->fixed_ops == 0 && !goal_is_none(&row->goal)) {
		res->verdict = goal_holds(&row->goal, res->value[BENCH_OURS],
				res->value[BENCH_RIVAL]) ? VERDICT_MET : VERDICT_MISSED;
	}
}

static void
append(char *buf, size_t len, const char *before, double value, const char *after)
{
	size_t at = strlen(buf);

	snprintf(buf + at, len - at, "%s%s%g %s", at > 0 ? ", " : "ours ", before, value, after);
}

void
row_goal_text(const struct row *row, char *buf, size_t len)
{
	const struct goal *goal = &row->goal;

	buf[0] = '\0';
	if (goal->max_over > 0)
		append(buf, len, "<= rival + ", goal->max_over, row->unit);
	if (goal->max_ratio > 0)
		append(buf, len, "<= ", goal->max_ratio, "x rival");
	if (goal->min_ratio > 0)
		append(buf, len, ">= ", goal->min_ratio, "x rival");
	if (goal->max_ours > 0)
		append(buf, len, "<= ", goal->max_ours, row->unit);
	if (goal->faster)
		snprintf(buf, len, "ours < rival");
	if (buf[0] == '\0')
		snprintf(buf, len, "none");
}
