/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "run.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include <acceldev/accel_dev.h>

#include "life.h"
#include "space.h"
#include "words.h"

#define BURST       32
/* Rounds in which nothing happened before who serves sleeps between them, and for how long. */
#define EAGER       100
#define PAUSE_NS    20000

TAILQ_HEAD(runs, enn_space);

/* Under the lock. */
static struct runs waiting = TAILQ_HEAD_INITIALIZER(waiting);
static unsigned int in_flight;
static bool serving;       /* somebody does, and is the one thread that the queue pair has */
static bool has_thread;
static bool stopping;
static pthread_t thread;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;

/*
 * Ends of runs. The lock is held.
 */

static int
result_of(const struct accel_op *op)
{
	switch (op->status) {
	case ACCEL_STATUS_SUCCESS:
		return 0;
	case ACCEL_STATUS_DEADLINE:
		return -ETIMEDOUT;
	case ACCEL_STATUS_ABORTED:
		return -ECANCELED;
	default:
		return -EREMOTEIO;
	}
}

static void
end_run(struct enn_space *space, int result)
{
	struct enn_model *model = space->model;

	space->state = ENN_SPACE_DONE;
	space->result = result;
	enn_space_settle(space);
	pthread_cond_broadcast(&space->ended);
	enn_model_leave(model);
}

static void
end_taken(struct enn_space *space)
{
	int result = result_of(&space->op);

	if (result != 0)
		TELL("session %u of model %u: the run ended with: %s", space->number,
				space->model->id, accel_status_str(space->op.status));
	end_run(space, result);
}

static const char *
why_not_taken(void)
{
	struct accel_dev_info info;

	if (accel_dev_info_get(enn_dev_id(), &info) != 0)
		return "it is closed";
	switch (info.health) {
	case ACCEL_DEV_READY:
		return "it is stopped";
	case ACCEL_DEV_ERROR:
		return "it has failed";
	default:
		return "it was removed";
	}
}

/* The device takes nothing though it has nothing to do. */
static void
fail_waiting(void)
{
	const char *why = why_not_taken();
	struct enn_space *space;

	while ((space = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, space, node);
		TELL("session %u of model %u: the device takes no run: %s: end ENN, and initialise "
				"it again", space->number, space->model->id, why);
		end_run(space, -EREMOTEIO);
	}
}

/*
 * Service
 */

static uint16_t
take(struct accel_op **ops)
{
	struct enn_space *space;
	uint16_t n = 0;

	TAILQ_FOREACH(space, &waiting, node) {
		if (n == BURST)
			break;
		ops[n++] = &space->op;
	}
	return n;
}

static struct enn_space *
space_of(const struct accel_op *op)
{
	return (struct enn_space *)(uintptr_t)op->user_data;
}

/* One round: whether something happened. The lock is held, but not while the device is asked. */
static bool
serve(void)
{
	struct accel_op *ops[BURST], *done[BURST];
	uint16_t i, n = take(ops), taken, ended;
	uint16_t dev_id = enn_dev_id();

	enn_unlock();
	taken = n != 0 ? accel_enqueue_burst(dev_id, 0, ops, n) : 0;
	ended = accel_dequeue_burst(dev_id, 0, done, BURST);
	enn_lock();
	for (i = 0; i < taken; i++)
		TAILQ_REMOVE(&waiting, space_of(ops[i]), node);
	in_flight += taken;
	if (n != 0 && in_flight == 0)
		fail_waiting();
	in_flight -= ended;
	for (i = 0; i < ended; i++)
		end_taken(space_of(done[i]));
	return taken != 0 || ended != 0;
}

static void
idle(unsigned int rounds)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	enn_unlock();
	if (rounds < EAGER)
		sched_yield();
	else
		nanosleep(&pause, NULL);
	enn_lock();
}

static bool
has_work(void)
{
	return in_flight != 0 || !TAILQ_EMPTY(&waiting);
}

/* Serve all until the run of one session has ended; NULL: until all have. */
static void
serve_until(const struct enn_space *space)
{
	unsigned int rounds = 0;

	serving = true;
	while (space != NULL ? space->state == ENN_SPACE_RUNNING : has_work()) {
		if (serve())
			rounds = 0;
		else
			idle(rounds++);
	}
	serving = false;
	if (has_work())
		pthread_cond_signal(&work);
}

/*
 * The thread
 */

static void *
run_all(void *arg)
{
	(void)arg;
	enn_lock();
	while (!stopping) {
		if (serving || !has_work())
			enn_wait(&work);
		else
			serve_until(NULL);
	}
	enn_unlock();
	return NULL;
}

/* The program's signals are for its own threads. */
static int
start_thread(void)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, run_all, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err == 0)
		pthread_setname_np(thread, "enn-runs");
	return err;
}

static int
have_thread(void)
{
	int err;

	if (has_thread)
		return 0;
	stopping = false;
	err = start_thread();
	if (err != 0) {
		TELL("no thread to run models: %s", strerror(err));
		return -ENOMEM;
	}
	has_thread = true;
	return 0;
}

void
enn_run_stop(void)
{
	if (!has_thread)
		return;
	stopping = true;
	pthread_cond_broadcast(&work);
	enn_unlock();
	pthread_join(thread, NULL);
	enn_lock();
	has_thread = false;
}

/*
 * Calls. The lock is held.
 */

static int
check(const struct enn_space *space)
{
	if (!space->is_committed) {
		TELL("session %u of model %u is not committed: commit it before you run it",
				space->number, space->model->id);
		return -EINVAL;
	}
	if (space->state == ENN_SPACE_DONE) {
		TELL("session %u of model %u: wait for its last run first", space->number,
				space->model->id);
		return -EBUSY;
	}
	return enn_space_check_idle(space, "run");
}

static int
begin(struct enn_space *space)
{
	int ret = check(space);

	if (ret == 0)
		ret = have_thread();
	if (ret != 0)
		return ret;
	space->op = (struct accel_op){
		.type = ACCEL_OP_RUN, .ext = space->instance, .user_data = (uintptr_t)space,
	};
	space->state = ENN_SPACE_RUNNING;
	enn_model_use(space->model);
	TAILQ_INSERT_TAIL(&waiting, space, node);
	return 0;
}

static int
begin_alone(struct enn_space *space)
{
	int ret = begin(space);

	if (ret == 0 && !serving)
		pthread_cond_signal(&work);
	return ret;
}

/* Of several that wait, all get the result. */
static int
wait_for(struct enn_space *space)
{
	struct enn_model *model = space->model;
	int ret;

	if (space->state == ENN_SPACE_IDLE) {
		TELL("session %u of model %u: there is no run to wait for", space->number,
				model->id);
		return -EINVAL;
	}
	enn_model_use(model);
	while (space->state == ENN_SPACE_RUNNING) {
		if (serving)
			enn_wait(&space->ended);
		else
			serve_until(space);
	}
	space->state = ENN_SPACE_IDLE;
	ret = space->result;
	enn_model_leave(model);
	return ret;
}

static int
begin_and_wait(struct enn_space *space)
{
	int ret = begin(space);

	return ret == 0 ? wait_for(space) : ret;
}

static int
with_space(EnnModelId id, int number, int (*fn)(struct enn_space *space))
{
	struct enn_space *space;
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	space = enn_space_find(id, number, &ret);
	return enn_end(space != NULL ? fn(space) : ret);
}

int
enn_run_begin(EnnModelId id, int number)
{
	return with_space(id, number, begin_alone);
}

int
enn_run_wait(EnnModelId id, int number)
{
	return with_space(id, number, wait_for);
}

int
enn_run(EnnModelId id, int number)
{
	return with_space(id, number, begin_and_wait);
}
