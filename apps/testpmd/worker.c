/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "worker.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "infer.h"

/* Enqueue as many ops as there are slots for, up to a burst. */
static inline void
enqueue(struct stream *s)
{
	uint64_t n = RTE_MIN(s->nb_slots - (s->head - s->tail), s->limit - s->head);

	n = n < s->burst ? n : s->burst;
	if (n > 0 && unlikely(s->infer != NULL))
		infer_prepare(s, n);
	if (n > 0)
		s->head += accel_enqueue_burst(s->dev_id, s->qp_id,
				&s->ring[s->head & (s->nb_slots - 1u)], (uint16_t)n);
}

static inline void
dequeue(struct stream *s, struct accel_op **done)
{
	uint16_t i, n = accel_dequeue_burst(s->dev_id, s->qp_id, done, s->burst);
	uint8_t any = 0;

	if (unlikely(s->infer != NULL))
		infer_collect(s, done, n);
	for (i = 0; i < n; i++)
		any |= done[i]->status;
	if (unlikely(any != ACCEL_STATUS_SUCCESS))
		stream_count_failed(s, done, n);
	if (s->verify)
		stream_check_order(s, done, n);
	s->tail += n;
	stream_count(s->counter, n);
}

/*
 * Whether a run that is to stop stops here. Each stream has had a burst by then: a stop may come
 * before its worker has run. With verification, the round that was begun is finished.
 */
static inline bool
stops_here(const struct stream *s, int wish)
{
	if (stream_is_given_up(s))
		return true;
	return !s->verify && (s->head > 0 || wish == WORKER_LEAVE);
}

/* One burst each way: false when the stream has nothing left to do. */
static inline bool
stream_burst(struct stream *s, struct accel_op **done, int wish)
{
	if (unlikely(wish != WORKER_RUN) && stops_here(s, wish))
		s->limit = s->head;
	enqueue(s);
	dequeue(s, done);
	return likely(s->tail != s->limit) || stream_next_step(s, wish != WORKER_RUN);
}

static void
stream_finish(struct stream *s)
{
	s->tsc_end = rte_rdtsc();
	__atomic_store_n(&s->finished, true, __ATOMIC_RELEASE);
}

/* Begin all streams; how many of them have something to do. These come first afterwards. */
static unsigned int
begin_all(struct worker *worker)
{
	unsigned int i, active = 0;
	struct stream *s;

	for (i = 0; i < worker->nb_streams; i++) {
		s = worker->streams[i];
		s->tsc_begin = rte_rdtsc();
		if (stream_begin(s)) {
			worker->streams[i] = worker->streams[active];
			worker->streams[active++] = s;
		} else {
			stream_finish(s);
		}
	}
	return active;
}

static void
worker_loop(struct worker *worker)
{
	struct accel_op *done[MAX_BURST];
	unsigned int i, active;
	struct stream *s;
	int wish;

	active = begin_all(worker);
	while (active > 0) {
		wish = __atomic_load_n(worker->wish, __ATOMIC_RELAXED);
		for (i = 0; i < active; i++) {
			s = worker->streams[i];
			if (likely(stream_burst(s, done, wish)))
				continue;
			stream_finish(s);
			worker->streams[i] = worker->streams[--active];
		}
		if (unlikely(wish == WORKER_LEAVE))
			break;
	}
	for (i = 0; i < active; i++)
		stream_finish(worker->streams[i]);
}

static int
lcore_main(void *arg)
{
	struct worker *worker = arg;

	worker_loop(worker);
	__atomic_store_n(&worker->returned, true, __ATOMIC_RELEASE);
	return 0;
}

static void *
thread_main(void *arg)
{
	(void)lcore_main(arg);
	return NULL;
}

unsigned int
workers_possible(void)
{
	return RTE_MAX(rte_lcore_count(), 2u) - 1;
}

static int
worker_launch(struct worker *worker)
{
	int ret;

	if (worker->lcore == LCORE_ID_ANY)
		ret = pthread_create(&worker->thread, NULL, thread_main, worker);
	else
		ret = rte_eal_remote_launch(lcore_main, worker, worker->lcore);
	worker->launched = ret == 0;
	if (ret == 0)
		return 0;
	testpmd_error("a worker cannot be launched: %s", strerror(abs(ret)));
	return EXIT_FAILURE;
}

int
workers_launch(struct worker *workers, unsigned int nb)
{
	unsigned int i, lcore = UINT_MAX;
	int ret = 0;

	for (i = 0; ret == 0 && i < nb; i++) {
		lcore = rte_get_next_lcore(lcore, 1, 0);
		workers[i].lcore = lcore < RTE_MAX_LCORE ? lcore : LCORE_ID_ANY;
		ret = worker_launch(&workers[i]);
	}
	return ret;
}

void
worker_join(struct worker *worker)
{
	if (!worker->launched)
		return;
	if (worker->lcore == LCORE_ID_ANY)
		(void)pthread_join(worker->thread, NULL);
	else
		(void)rte_eal_wait_lcore(worker->lcore);
	worker->launched = false;
}
