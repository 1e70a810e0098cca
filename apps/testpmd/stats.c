/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>

#define HUMAN_LEN 16
#define WIDTH 76

/* Sums over streams. */
struct totals {
	uint64_t ops;
	uint64_t bytes;
	uint64_t helpers;
	uint64_t verified;
	uint64_t failed;
	uint64_t mismatches;
	uint64_t rejected;
	uint64_t lost;   /* ops that never came back */
	uint64_t status[STATUS_COUNTS];
	uint64_t first;  /* TSC */
	uint64_t last;
	uint64_t cycles; /* of the workers' time per op */
	uint64_t judged;
	uint64_t right;
	struct latency latency;
};

const char *
stats_human(double number, char *text)
{
	static const char prefixes[] = " kMGTPE";
	unsigned int i = 0;

	while (number >= 999.5 && prefixes[i + 1] != '\0') {
		number /= 1000;
		i++;
	}
	snprintf(text, HUMAN_LEN, "%.*f %.*s", number < 9.995 ? 2 : number < 99.95 ? 1 : 0,
			number, i > 0, &prefixes[i]);
	return text;
}

static void
add_stream(struct totals *t, const struct stream *s)
{
	unsigned int i;

	t->ops += s->completed;
	t->bytes += (s->completed - s->failed_measured) * s->size;
	t->helpers += s->helpers;
	t->verified += s->verified;
	t->failed += s->failed;
	t->mismatches += s->mismatches;
	t->rejected += s->stats.rejected;
	t->lost += s->head - s->tail;
	for (i = 0; i < STATUS_COUNTS; i++)
		t->status[i] += s->status[i];
	if (t->first == 0 || s->tsc_begin < t->first)
		t->first = s->tsc_begin;
	t->last = RTE_MAX(t->last, s->tsc_end);
	if (s->infer != NULL) {
		t->judged += s->infer->judged;
		t->right += s->infer->right;
		latency_merge(&t->latency, &s->infer->latency);
	}
}

static void
rule(char c, const char *title)
{
	char line[WIDTH + 1];
	int len = (int)strlen(title), side;

	memset(line, c, WIDTH);
	line[WIDTH] = '\0';
	side = len == 0 ? WIDTH / 2 : RTE_MAX(WIDTH - len - 2, 4) / 2;
	if (len == 0)
		printf("  %s\n", line);
	else
		printf("\n  %.*s %s %.*s\n", side, line, title, side, line);
}

/* The device reports at most one of few statuses: name those that were seen. */
static void
print_errors(const struct totals *t)
{
	const char *separator = " (";
	unsigned int i;

	printf("  errors: %" PRIu64, t->failed + t->mismatches + t->lost);
	for (i = 0; i < STATUS_COUNTS; i++) {
		if (t->status[i] == 0)
			continue;
		printf("%s%s: %" PRIu64, separator, accel_status_str((uint8_t)i), t->status[i]);
		separator = ", ";
	}
	if (t->mismatches > 0) {
		printf("%sverification: %" PRIu64, separator, t->mismatches);
		separator = ", ";
	}
	if (t->lost > 0) {
		printf("%snever came back: %" PRIu64, separator, t->lost);
		separator = ", ";
	}
	printf("%s  rejected: %" PRIu64 "\n", separator[0] == ',' ? ")" : "", t->rejected);
}

static double
time_of(const struct totals *t)
{
	return (double)(t->last - t->first) / (double)rte_get_tsc_hz();
}

static void
print_latency(const struct latency *latency)
{
	static const struct {
		const char *name;
		unsigned int per_mille;
	} quantiles[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p99.9", 999 } };
	double us = 1e6 / (double)rte_get_tsc_hz();
	unsigned int i;

	printf("  latency (us):");
	for (i = 0; i < RTE_DIM(quantiles); i++)
		printf(" %s %.1f,", quantiles[i].name,
			(double)latency_quantile(latency, quantiles[i].per_mille) * us);
	printf(" max %.1f\n", (double)latency->max * us);
}

static void
print_infer(const struct totals *t, const struct infer *infer)
{
	double seconds = time_of(t);
	double rate = seconds > 0 ? (double)t->latency.n / seconds : 0;
	char a[HUMAN_LEN];

	if (infer == NULL)
		return;
	printf("  inferences: %-13" PRIu64 " inferences/s: %.0f (%s/s)\n", t->latency.n, rate,
		stats_human(rate, a));
	print_latency(&t->latency);
	if (infer->records.labels != NULL)
		printf("  accuracy: %.4f (%" PRIu64 " of %" PRIu64 ")\n",
			t->judged > 0 ? (double)t->right / (double)t->judged : 0, t->right,
			t->judged);
}

static void
print_block(const struct totals *t, bool verify)
{
	double seconds = time_of(t);
	double ops_s = seconds > 0 ? (double)t->ops / seconds : 0;
	double bytes_s = seconds > 0 ? (double)t->bytes / seconds : 0;
	char a[HUMAN_LEN], b[HUMAN_LEN];

	printf("  ops: %-20" PRIu64 " bytes: %" PRIu64 " (%sB)\n", t->ops, t->bytes,
		stats_human((double)t->bytes, a));
	printf("  ops/s: %.0f (%sops/s)  bytes/s: %.0f (%sB/s)\n", ops_s, stats_human(ops_s, a),
		bytes_s, stats_human(bytes_s, b));
	printf("  ns/op: %-18.1f time: %.3f s\n",
		t->ops > 0 ? (double)t->cycles * 1e9 / (double)rte_get_tsc_hz() / (double)t->ops :
		0, seconds);
	print_errors(t);
	if (verify)
		printf("  verified: %-15" PRIu64 " (with %" PRIu64 " further ops; the time "
			"includes it)\n", t->verified, t->helpers);
}

static void
print_stream(const struct run *run, const struct stream *s)
{
	const struct device *dev = &run->list->devs[(s - run->streams) / run->conf.queues];
	char title[ACCEL_NAME_MAX + 64];
	struct totals t = { 0 };

	add_stream(&t, s);
	t.cycles = t.last - t.first;
	snprintf(title, sizeof(title), "Statistics for device %u (%s) queue %u", s->dev_id,
			dev->info.name, s->qp_id);
	rule('-', title);
	print_block(&t, s->verify);
	print_infer(&t, run->infer);
	rule('-', "");
}

bool
stats_table(const struct run *run)
{
	struct totals t = { 0 };
	unsigned int i;

	for (i = 0; i < run->nb_streams; i++) {
		print_stream(run, &run->streams[i]);
		add_stream(&t, &run->streams[i]);
	}
	t.cycles = (t.last - t.first) * run->nb_workers;
	rule('+', "Accumulated statistics for all queues");
	print_block(&t, run->conf.verify);
	print_infer(&t, run->infer);
	rule('+', "");
	fflush(stdout);
	return t.failed + t.mismatches + t.lost == 0;
}

uint64_t
stats_progress(const struct run *run, double elapsed, double period)
{
	uint64_t ops = 0, errors = 0;
	char a[HUMAN_LEN], b[HUMAN_LEN];
	unsigned int i;
	double rate;

	for (i = 0; i < run->nb_streams; i++) {
		ops += stream_counter(&run->streams[i].completed);
		errors += stream_errors(&run->streams[i]);
	}
	rate = (double)(ops - run->shown_ops) / period;
	printf("%.1f s: %" PRIu64 " ops, %sops/s, %sB/s, %" PRIu64 " errors\n", elapsed, ops,
		stats_human(rate, a), stats_human(rate * (double)run->streams[0].size, b), errors);
	fflush(stdout);
	return ops;
}
