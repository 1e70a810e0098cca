/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "output.h"
#include "stats.h"

int
session_start(struct session *ss)
{
	struct run *run;
	int ret;

	ret = run_start(&ss->conf, &ss->devices, &run);
	if (ret != 0)
		return ret;
	run_free(ss->run);
	ss->run = run;
	ss->running = true;
	return 0;
}

static void
end(struct session *ss)
{
	int status = run_end(ss->run);

	ss->running = false;
	if (status != EXIT_SUCCESS)
		ss->status = status;
}

void
session_poll(struct session *ss)
{
	if (ss->running && output_lost())
		run_stop(ss->run);
	if (ss->running && !run_poll(ss->run))
		end(ss);
}

void
session_stop(struct session *ss)
{
	if (!ss->running)
		return;
	run_stop(ss->run);
	end(ss);
}

void
session_forget_run(struct session *ss)
{
	run_free(ss->run);
	ss->run = NULL;
}

/* The device counts lengths, which runs have none of: their bytes are those of the tensors. */
static uint64_t
bytes_of(const struct stream *s, const struct accel_qp_stats *stats)
{
	return s->infer != NULL ? (stats->dequeued - stats->errors) * s->size : stats->bytes;
}

static void
show_queue(const struct session *ss, struct stream *s)
{
	struct accel_qp_stats now;
	char a[16], b[16];
	double seconds;
	uint64_t tsc;

	if (accel_qp_stats_get(s->dev_id, s->qp_id, &now) < 0)
		return;
	tsc = rte_rdtsc();
	printf("Device %u queue %u: enqueued %" PRIu64 ", dequeued %" PRIu64 ", errors %" PRIu64
		", bytes %" PRIu64 ", rejected %" PRIu64, s->dev_id, s->qp_id, now.enqueued,
		now.dequeued, now.errors, bytes_of(s, &now), now.rejected);
	seconds = (double)(tsc - s->shown_tsc) / (double)rte_get_tsc_hz();
	if (ss->running)
		printf(", %sops/s, %sB/s",
			stats_human((double)(now.dequeued - s->shown.dequeued) / seconds, a),
			stats_human((double)(bytes_of(s, &now) - bytes_of(s, &s->shown)) / seconds,
				b));
	printf("\n");
	s->shown = now;
	s->shown_tsc = tsc;
}

void
session_show_stats(struct session *ss)
{
	unsigned int i;

	if (ss->run == NULL) {
		printf("No queue pair is set up yet; start does that.\n");
		return;
	}
	for (i = 0; i < ss->run->nb_streams; i++)
		show_queue(ss, &ss->run->streams[i]);
}

void
session_clear_stats(struct session *ss)
{
	struct stream *s;
	unsigned int i;

	for (i = 0; ss->run != NULL && i < ss->run->nb_streams; i++) {
		s = &ss->run->streams[i];
		(void)accel_qp_stats_reset(s->dev_id, s->qp_id);
		memset(&s->shown, 0, sizeof(s->shown));
		s->shown_tsc = rte_rdtsc();
	}
}
