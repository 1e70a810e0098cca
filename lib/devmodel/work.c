/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "work.h"

#include <string.h>
#include <time.h>

#include <eal_glue/compat.h>
#include <eal_glue/glue_log.h>

#include "instance.h"

/*
 * A thread that polls registers would keep that of the instance from the lock for long, so it does
 * a step with each read. It needs no other thread then, whose waking for each piece of work, and
 * whose share of the lock, would only cost it time: that one rests. To poll is to spend a good part
 * of the time on reads. Beside a driver that looks at registers now and then the thread works on:
 * as many steps as there are looks would be too few.
 */
#define CLOSE_NS 10000   /* reads that are less apart: time that was spent polling */
#define SHARE    4       /* one part in so many of the time makes it polling */
#define REST_NS  200000  /* and the least time to tell */
#define PAUSE_NS 1000000 /* who polled is soon back, it may be */

static const uint64_t second_ns = 1000000000;

uint64_t
work_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * second_ns + (uint64_t)now.tv_nsec;
}

static void
step_once(struct devmodel *host)
{
	host->work.wanted = false;
	if (host->type->step != NULL && host->type->step(host->priv))
		host->work.wanted = true;
}

/* Whether somebody polled since the thread last looked. */
static bool
is_polled(struct work *work)
{
	uint64_t polled = __atomic_load_n(&work->polled_ns, __ATOMIC_RELAXED);
	uint64_t now = work_clock(), span = now - work->seen_at, part = polled - work->seen_polled;

	if (span < REST_NS)
		return false;
	work->seen_at = now;
	work->seen_polled = polled;
	if (part < span / SHARE)
		return false;
	work->polled_at = now;
	return true;
}

/* Not to be in the way of the thread that polls, do not even look at the lock. */
static void
rest(struct devmodel *host)
{
	static const struct timespec a_while = { .tv_nsec = REST_NS };

	host->work.resting = true;
	pthread_mutex_unlock(&host->lock);
	do
		nanosleep(&a_while, NULL);
	while (is_polled(&host->work));
	pthread_mutex_lock(&host->lock);
	host->work.resting = false;
}

static uint32_t
run(void *arg)
{
	struct devmodel *host = arg;
	struct work *work = &host->work;

	pthread_mutex_lock(&host->lock);
	while (!work->stop) {
		if (is_polled(work)) {
			rest(host);
		} else if (work->wanted) {
			step_once(host);
			/* Accesses by the driver get their turn between two steps. */
			pthread_mutex_unlock(&host->lock);
			pthread_mutex_lock(&host->lock);
		} else if (work_clock() - work->polled_at < PAUSE_NS) {
			rest(host);
		} else {
			pthread_cond_wait(&work->wake, &host->lock);
		}
	}
	pthread_mutex_unlock(&host->lock);
	return 0;
}

void
devmodel_kick(struct devmodel *host)
{
	host->work.wanted = true;
	if (!host->work.resting)
		pthread_cond_signal(&host->work.wake);
}

void
work_after_read(struct devmodel *host, uint64_t start)
{
	struct work *work = &host->work;
	uint64_t before = work->read_end;

	if (work->wanted)
		step_once(host);
	work->read_end = work_clock();
	/* Another thread's read may have ended after this one's start. */
	if ((int64_t)(start - before) < CLOSE_NS)
		__atomic_add_fetch(&work->polled_ns, work->read_end - before, __ATOMIC_RELAXED);
}

void
work_after_write(struct devmodel *host)
{
	if (host->work.wanted && host->work.by_access)
		step_once(host);
}

/*
 * Life
 */

void
work_init(struct work *work)
{
	pthread_cond_init(&work->wake, NULL);
}

void
work_fini(struct work *work)
{
	pthread_cond_destroy(&work->wake);
}

void
work_start(struct devmodel *host)
{
	struct work *work = &host->work;
	int ret;

	if (work->by_access || work->has_thread || host->type->step == NULL)
		return;
	ret = compat_ctrl_thread(&work->thread, "accel-model", run, host);
	work->has_thread = ret == 0;
	work->by_access = ret != 0;
	if (ret != 0)
		ACCEL_LOG(WARNING, model, "sim:%s: no thread for the model: %s: it works only when its "
				"registers are accessed; raise the limit on threads (ulimit -u)",
				host->bus.name, strerror(-ret));
}

void
work_stop(struct devmodel *host)
{
	struct work *work = &host->work;

	if (!work->has_thread)
		return;
	pthread_mutex_lock(&host->lock);
	work->stop = true;
	pthread_cond_signal(&work->wake);
	pthread_mutex_unlock(&host->lock);
	pthread_join(work->thread, NULL);
	work->has_thread = false;
}
