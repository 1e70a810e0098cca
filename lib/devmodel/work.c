/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "work.h"

#include <time.h>

#include <eal_glue/compat.h>

#include "instance.h"

/*
 * A thread that polls registers would keep that of the instance from the lock for long, so it does
 * a step with each read. It needs no other thread then, whose waking for each piece of work, and
 * whose share of the lock, would only cost it time: that one rests. A driver that looks at a
 * register now and then does not count as one that polls, for its steps would be too few.
 */
#define CLOSE_NS 10000 /* reads that follow each other faster are closely */
#define MANY     8     /* of such, more or less in a row: somebody polls */
#define REST_NS  200000
#define PAUSE_NS 10000000

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

static bool
polled_within(const struct work *work, uint64_t ns)
{
	return work_clock() - __atomic_load_n(&work->polled, __ATOMIC_RELAXED) < ns;
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
	while (polled_within(&host->work, REST_NS));
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
		if (polled_within(work, work->wanted ? CLOSE_NS : PAUSE_NS)) {
			rest(host);
		} else if (!work->wanted) {
			pthread_cond_wait(&work->wake, &host->lock);
		} else {
			step_once(host);
			/* Accesses by the driver get their turn between two steps. */
			pthread_mutex_unlock(&host->lock);
			pthread_mutex_lock(&host->lock);
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
	/* Another thread's may have ended after that. */
	bool is_close = (int64_t)(start - work->access_end) < CLOSE_NS;

	if (!is_close)
		work->polls /= 2; /* the thread that polls may have been interrupted */
	else if (work->polls < 4 * MANY)
		work->polls++;
	if (work->wanted)
		step_once(host);
	work->access_end = work_clock();
	if (work->polls >= MANY)
		__atomic_store_n(&work->polled, work->access_end, __ATOMIC_RELAXED);
}

void
work_after_write(struct devmodel *host)
{
	if (host->work.wanted && host->work.by_access)
		step_once(host);
	host->work.access_end = work_clock();
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

	if (work->by_access || work->has_thread || host->type->step == NULL)
		return;
	work->has_thread = compat_ctrl_thread(&work->thread, "accel-model", run, host) == 0;
	work->by_access = !work->has_thread;
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
