/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Who does the work of a model: its thread, or one that reads registers. Nothing is said here of
 * how long anything takes, only that it comes about.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <devmodel/devmodel.h>
#include <devmodel/instance.h>

#include "eal_main.h"
#include "model_dev.h"

#define POLLS 500
#define TRIES 10000

/*
 * The model: what is written is so much work, and one step does one of it
 */

static struct {
	struct devmodel *host;
	uint64_t left;
	pthread_t user;   /* who reads and writes */
	uint64_t by_user; /* steps */
	uint64_t by_thread;
	bool rested;      /* the thread did, at a read */
} mill;

static int
mill_create(struct devmodel *host, void **priv)
{
	memset(&mill, 0, sizeof(mill));
	mill.host = host;
	mill.user = pthread_self();
	*priv = &mill;
	return 0;
}

static void
mill_destroy(void *priv)
{
	(void)priv;
}

static int
mill_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	(void)priv;
	(void)bar;
	(void)off;
	mill.rested |= mill.host->work.resting;
	memcpy(data, &mill.left, len);
	return 0;
}

static int
mill_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	(void)priv;
	(void)bar;
	(void)off;
	memcpy(&mill.left, data, len);
	devmodel_kick(mill.host);
	return 0;
}

static bool
mill_step(void *priv)
{
	(void)priv;
	if (mill.left == 0)
		return false;
	__atomic_add_fetch(pthread_equal(pthread_self(), mill.user) ? &mill.by_user :
			&mill.by_thread, 1, __ATOMIC_RELAXED);
	return --mill.left > 0;
}

static struct devmodel_type mill_type = {
	.abi = DEVMODEL_ABI,
	.name = "mill",
	.id = { .vendor = 0x1af4, .device = 0x10f1 },
	.bar_size = { [0] = 4096 },
	.create = mill_create,
	.destroy = mill_destroy,
	.read = mill_read,
	.write = mill_write,
	.step = mill_step,
};

static int
set_up(void)
{
	return devmodel_register(&mill_type);
}

static int
tear_down(void)
{
	return devmodel_unregister(&mill_type);
}

/*
 * Its registers
 */

static void
give_work(struct bus_dev *d, uint64_t steps)
{
	CU_ASSERT_EQUAL(d->ops->region_write(d, 0, 0, &steps, sizeof(steps)), 0);
}

static uint64_t
look(struct bus_dev *d)
{
	uint64_t left = 0;

	CU_ASSERT_EQUAL(d->ops->region_read(d, 0, 0, &left, sizeof(left)), 0);
	return left;
}

static void
pause_us(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

static uint64_t
steps_of(const uint64_t *who)
{
	return __atomic_load_n(who, __ATOMIC_RELAXED);
}

static uint64_t
all_steps(void)
{
	return steps_of(&mill.by_user) + steps_of(&mill.by_thread);
}

/* Steps of the thread while registers are read, pauses of so many us between; none with -1. */
static uint64_t
thread_beside(struct bus_dev *d, unsigned int reads, long us)
{
	uint64_t before = steps_of(&mill.by_thread);

	for (; reads > 0; reads--) {
		look(d);
		if (us >= 0)
			pause_us(us);
	}
	return steps_of(&mill.by_thread) - before;
}

/*
 * Tests
 */

/* Nobody reads: the thread alone does all. */
static void
nobody_reads(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("mill", NULL, &ios);
	unsigned int tries;

	give_work(d, 1000);
	for (tries = 0; tries < TRIES && all_steps() < 1000; tries++)
		pause_us(1000);
	CU_ASSERT_EQUAL(steps_of(&mill.by_thread), 1000);
	CU_ASSERT_EQUAL(steps_of(&mill.by_user), 0);
	model_end(d, ios);
}

/* Who polls does it all, and the thread rests. */
static void
one_polls(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("mill", NULL, &ios);
	unsigned int tries;

	give_work(d, UINT64_MAX);
	thread_beside(d, POLLS, -1);
	CU_ASSERT_EQUAL(steps_of(&mill.by_user), POLLS);
	for (tries = 0; tries < TRIES && !mill.rested; tries++)
		thread_beside(d, POLLS, -1);
	CU_ASSERT(mill.rested);
	give_work(d, 0);
	model_end(d, ios);
}

/* It goes away: the thread takes over, also work that comes later. */
static void
one_polled(void)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("mill", NULL, &ios);
	unsigned int i, tries;
	uint64_t goal;

	for (i = 0; i < 20; i++) {
		goal = all_steps() + 2 * POLLS;
		give_work(d, 2 * POLLS);
		thread_beside(d, POLLS, -1);
		for (tries = 0; tries < TRIES && all_steps() < goal; tries++)
			pause_us(1000);
		CU_ASSERT_EQUAL(all_steps(), goal);

		thread_beside(d, POLLS, -1);
		goal = all_steps() + 10;
		give_work(d, 10);
		for (tries = 0; tries < TRIES && all_steps() < goal; tries++)
			pause_us(1000);
		CU_ASSERT_EQUAL(all_steps(), goal);
	}
	model_end(d, ios);
}

/*
 * The thread works beside what is no polling: some accesses close to each other, then a pause. It
 * may have been kept from running, so it may take some tries.
 */
static void
works_beside(unsigned int writes, unsigned int reads)
{
	struct iospace *ios = NULL;
	struct bus_dev *d = model_begin("mill", NULL, &ios);
	unsigned int tries, i, n;
	uint64_t before;

	for (tries = 0; tries < 100; tries++) {
		before = steps_of(&mill.by_thread);
		mill.rested = false;
		for (n = 0; n < POLLS; n++) {
			for (i = 0; i < writes; i++)
				give_work(d, UINT64_MAX);
			thread_beside(d, reads, -1);
			pause_us(50);
		}
		if (!mill.rested && steps_of(&mill.by_thread) - before > 100 * POLLS)
			break;
	}
	CU_ASSERT(tries < 100);
	give_work(d, 0);
	model_end(d, ios);
}

static void
one_looks(void)
{
	works_beside(1, 0); /* and goes on with that */
	works_beside(1, 1);
}

static void
some_reads(void)
{
	works_beside(1, 8);
}

static const struct test_case cases[] = {
	{ "nobody reads", nobody_reads },
	{ "one polls", one_polls },
	{ "one polled", one_polled },
	{ "one looks now and then", one_looks },
	{ "one reads some at once", some_reads },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "model, who does its work", set_up, tear_down, cases },
	{ NULL, NULL, NULL, NULL },
};
