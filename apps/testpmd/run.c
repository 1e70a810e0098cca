/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "stats.h"

/* Buffers of one stream, and of all. */
#define STREAM_BYTES (UINT64_C(64) << 20)
#define ALL_BYTES (UINT64_C(256) << 20)

#define PROGRESS_PERIOD 3
#define POLL_US 5000

static double
seconds_since(uint64_t tsc)
{
	return (double)(rte_rdtsc() - tsc) / (double)rte_get_tsc_hz();
}

static struct device *
stream_device(const struct run *run, unsigned int i)
{
	return &run->list->devs[i / run->conf.queues];
}

/* The ops of the run, spread evenly. */
static uint64_t
stream_share(const struct run *run, unsigned int i)
{
	if (run->conf.ops == 0)
		return UINT64_MAX;
	return run->conf.ops / run->nb_streams + (i < run->conf.ops % run->nb_streams);
}

/* Ordinary pages are only found missing when they are touched, by the kernel, with a kill. */
static int
check_memory(const struct run *run)
{
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t allowed = memory / 2 / run->nb_streams / 2;

	if (run->infer != NULL || run->conf.size <= allowed)
		return 0;
	testpmd_error("--size=%" PRIu64 ": two buffers for each of %u queues would take more than "
		"half of this machine's memory; allowed are 1 to %" PRIu64, run->conf.size,
		run->nb_streams, allowed);
	return EXIT_USAGE;
}

static int
streams_setup(struct run *run)
{
	uint64_t host_bytes = RTE_MIN(STREAM_BYTES, ALL_BYTES / run->nb_streams);
	struct stream *s;
	unsigned int i;
	int ret = 0;

	for (i = 0; ret == 0 && i < run->nb_streams; i++) {
		s = &run->streams[i];
		s->todo = stream_share(run, i);
		if (run->infer != NULL)
			ret = infer_attach(run->infer, s, i / run->conf.queues, i, run->nb_streams);
		if (ret != 0)
			break;
		ret = stream_setup(s, &run->conf, stream_device(run, i),
				(uint16_t)(i % run->conf.queues), host_bytes);
	}
	return ret;
}

/* Deal the streams out: worker w gets each nb_workers-th, beginning with w. */
static void
streams_assign(struct run *run)
{
	struct stream **next = run->assigned;
	struct worker *worker;
	unsigned int w, i;

	for (w = 0; w < run->nb_workers; w++) {
		worker = &run->workers[w];
		worker->wish = &run->wish;
		worker->streams = next;
		for (i = w; i < run->nb_streams; i += run->nb_workers)
			*next++ = &run->streams[i];
		worker->nb_streams = (unsigned int)(next - worker->streams);
	}
}

static struct run *
run_alloc(const struct testpmd_conf *conf, struct device_list *list)
{
	struct run *run = calloc(1, sizeof(*run));
	void *streams = NULL;

	if (run == NULL)
		return NULL;
	run->conf = *conf;
	run->list = list;
	run->nb_streams = list->nb * conf->queues;
	run->nb_workers = RTE_MIN(workers_possible(), run->nb_streams);
	run->workers = calloc(run->nb_workers, sizeof(*run->workers));
	run->assigned = calloc(run->nb_streams, sizeof(struct stream *));
	if (posix_memalign(&streams, RTE_CACHE_LINE_SIZE, run->nb_streams * sizeof(struct stream)))
		streams = NULL;
	run->streams = streams;
	if (run->workers == NULL || run->assigned == NULL || run->streams == NULL) {
		run_free(run);
		return NULL;
	}
	memset(run->streams, 0, run->nb_streams * sizeof(struct stream));
	return run;
}

static void
streams_release(struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->nb_streams; i++)
		stream_release(&run->streams[i]);
	infer_close(run->infer);
	run->infer = NULL;
}

void
run_free(struct run *run)
{
	if (run == NULL)
		return;
	free(run->streams);
	free(run->assigned);
	free(run->workers);
	free(run);
}

static bool
all_returned(const struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->nb_workers; i++) {
		if (!worker_returned(&run->workers[i]))
			return false;
	}
	return true;
}

/* A worker that never comes back is inside a driver: no clean end is possible any more. */
static void
workers_join(struct run *run)
{
	uint64_t tsc = rte_rdtsc();
	unsigned int i;

	while (!all_returned(run) && run_poll(run) && seconds_since(tsc) < 3 * run->conf.timeout)
		usleep(POLL_US);
	__atomic_store_n(&run->wish, WORKER_LEAVE, __ATOMIC_RELAXED);
	for (tsc = rte_rdtsc(); !all_returned(run); usleep(POLL_US)) {
		if (seconds_since(tsc) < run->conf.timeout)
			continue;
		testpmd_error("a worker does not come back from the driver; giving up");
		fflush(stdout);
		_exit(EXIT_FAILURE);
	}
	for (i = 0; i < run->nb_workers; i++)
		worker_join(&run->workers[i]);
}

static int
run_launch(struct run *run)
{
	uint64_t now;
	unsigned int i;
	int ret;

	streams_assign(run);
	now = rte_rdtsc();
	run->tsc_begin = now;
	run->tsc_progress = now;
	for (i = 0; i < run->nb_streams; i++) {
		run->streams[i].seen_tsc = now;
		run->streams[i].shown_tsc = now;
	}
	ret = workers_launch(run->workers, run->nb_workers);
	if (ret != 0) {
		run_stop(run);
		workers_join(run);
	}
	return ret;
}

static int
run_prepare(struct run *run)
{
	int ret = 0;

	if (run->conf.mode == MODE_INFER)
		ret = infer_open(&run->conf, run->list, &run->infer);
	if (ret == 0)
		ret = check_memory(run);
	if (ret == 0)
		ret = streams_setup(run);
	if (ret != 0)
		return ret;
	ret = devices_start(run->list, &run->conf);
	if (ret != 0)
		return ret;
	ret = run_launch(run);
	if (ret != 0)
		devices_stop(run->list);
	return ret;
}

int
run_start(const struct testpmd_conf *conf, struct device_list *list, struct run **result)
{
	struct run *run;
	int ret;

	ret = options_check_mode(conf);
	if (ret == 0)
		ret = devices_check(list, conf);
	if (ret != 0)
		return ret;
	run = run_alloc(conf, list);
	if (run == NULL) {
		testpmd_error("no memory for %u queues", list->nb * conf->queues);
		return EXIT_FAILURE;
	}
	ret = run_prepare(run);
	if (ret != 0) {
		streams_release(run);
		run_free(run);
		return ret;
	}
	*result = run;
	return 0;
}

bool
run_is_limited(const struct run *run)
{
	return run->conf.ops != 0 || run->conf.seconds != 0;
}

/* A worker that was told to leave is not asked to finish something. */
void
run_stop(struct run *run)
{
	if (run->wish == WORKER_RUN)
		__atomic_store_n(&run->wish, WORKER_STOP, __ATOMIC_RELAXED);
}

/* Whether a stream has not completed anything for too long. */
static bool
stream_stalled(const struct run *run, struct stream *s, uint64_t now)
{
	uint64_t progress = stream_progress(s);

	if (progress != s->seen || __atomic_load_n(&s->finished, __ATOMIC_ACQUIRE)) {
		s->seen = progress;
		s->seen_tsc = now;
	}
	return (double)(now - s->seen_tsc) > run->conf.timeout * (double)rte_get_tsc_hz();
}

static void
check_stall(struct run *run)
{
	uint64_t now = rte_rdtsc();
	unsigned int i;

	for (i = 0; i < run->nb_streams && !run->stalled; i++) {
		if (!stream_stalled(run, &run->streams[i], now))
			continue;
		testpmd_error("device %s queue %u: nothing completed for %g s; the run ends",
			stream_device(run, i)->info.name, run->streams[i].qp_id,
			run->conf.timeout);
		run->stalled = true;
	}
	if (run->stalled)
		__atomic_store_n(&run->wish, WORKER_LEAVE, __ATOMIC_RELAXED);
}

/* Its ops come back by themselves, and no further ones are taken. */
static void
give_up_device(struct run *run, const struct device *dev, enum accel_dev_health health)
{
	unsigned int i;

	for (i = 0; i < run->nb_streams; i++) {
		if (stream_device(run, i) == dev)
			stream_give_up(&run->streams[i]);
	}
	testpmd_error("device %s %s; the run ends", dev->info.name, device_trouble(health));
	run->lost = true;
	run_stop(run);
}

static void
check_devices(struct run *run)
{
	enum accel_dev_health health;
	unsigned int i;

	for (i = 0; i < run->list->nb; i++) {
		health = device_health(&run->list->devs[i]);
		if (health != ACCEL_DEV_READY &&
				!stream_is_given_up(&run->streams[i * run->conf.queues]))
			give_up_device(run, &run->list->devs[i], health);
	}
}

static void
show_progress(struct run *run)
{
	double period = run->conf.stats_period, elapsed = seconds_since(run->tsc_progress);

	if (period == 0) {
		if (run->conf.interactive || !isatty(STDOUT_FILENO))
			return;
		period = PROGRESS_PERIOD;
	}
	if (elapsed < period)
		return;
	run->shown_ops = stats_progress(run, seconds_since(run->tsc_begin), elapsed);
	run->tsc_progress = rte_rdtsc();
}

bool
run_poll(struct run *run)
{
	if (all_returned(run))
		return false;
	check_devices(run);
	check_stall(run);
	show_progress(run);
	if (run->wish == WORKER_RUN && run->conf.seconds != 0 &&
			seconds_since(run->tsc_begin) >= run->conf.seconds)
		run_stop(run);
	return true;
}

/* Take back what was in flight when the workers left. */
static void
stream_drain(struct stream *s)
{
	struct accel_op *ops[64];
	uint16_t n;

	while (s->head != s->tail) {
		n = accel_dequeue_burst(s->dev_id, s->qp_id, ops, RTE_DIM(ops));
		if (n == 0)
			break;
		stream_count_failed(s, ops, n);
		stream_count(s->counter, n);
		s->tail += n;
	}
	(void)accel_qp_stats_get(s->dev_id, s->qp_id, &s->stats);
}

/* No device tells beforehand between which places it copies. */
static void
tell_refused(const struct run *run)
{
	const struct stream *s;
	unsigned int i;

	for (i = 0; i < run->nb_streams; i++) {
		s = &run->streams[i];
		if (s->completed > 0 && s->failed_measured == s->completed &&
				s->status[ACCEL_STATUS_INVALID] >= s->completed)
			testpmd_error("--mode=%s: device %s refuses such operations, all of queue "
				"%u", mode_names[run->conf.mode], stream_device(run, i)->info.name,
				s->qp_id);
	}
}

int
run_end(struct run *run)
{
	unsigned int i;
	bool good;

	workers_join(run);
	check_devices(run);
	devices_stop(run->list);
	for (i = 0; i < run->nb_streams; i++)
		stream_drain(&run->streams[i]);
	good = stats_table(run);
	tell_refused(run);
	streams_release(run);
	return good && !run->stalled && !run->lost ? EXIT_SUCCESS : EXIT_FAILURE;
}
