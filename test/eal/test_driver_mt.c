/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The driver SDK from several threads: registering, probing and closing at once.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "mock_driver.h"

#define N_THREADS 4
#define N_ROUNDS  50

struct worker {
	pthread_t thread;
	struct accel_driver driver;
	struct accel_dev_ops ops;
	char name[16];
	char spec[48];
	unsigned int wrong; /* CUnit is not for several threads */
};

static void
expect(struct worker *w, int got, int want)
{
	if (got != want)
		w->wrong++;
}

static void
info_get(struct accel_dev *dev, struct accel_dev_info *info)
{
	(void)dev;
	info->max_qps = 1;
	info->min_depth = info->max_depth = 8;
	info->op_types = ACCEL_OP_BIT(ACCEL_OP_COPY);
	info->max_op_len = 4096;
}

static int
configure(struct accel_dev *dev, const struct accel_dev_conf *conf)
{
	(void)dev;
	(void)conf;
	return 0;
}

static int
qp_setup(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
		struct accel_qp **qp)
{
	(void)dev;
	(void)qp_id;
	(void)conf;
	*qp = calloc(1, sizeof(**qp));
	return *qp != NULL ? 0 : -ENOMEM;
}

static void
qp_release(struct accel_dev *dev, struct accel_qp *qp)
{
	(void)dev;
	free(qp);
}

static int
start_or_stop(struct accel_dev *dev)
{
	(void)dev;
	return 0;
}

static uint16_t
burst(struct accel_qp *qp, struct accel_op **ops, uint16_t n)
{
	(void)qp;
	(void)ops;
	(void)n;
	return 0;
}

static const struct accel_dev_ops idle_ops = {
	.info_get = info_get,
	.configure = configure,
	.qp_setup = qp_setup,
	.qp_release = qp_release,
	.start = start_or_stop,
	.stop = start_or_stop,
};

static int
probe(struct accel_dev *dev)
{
	dev->ops = &idle_ops;
	dev->enqueue = burst;
	dev->dequeue = burst;
	return 0;
}

static void
remove_device(struct accel_dev *dev)
{
	(void)dev;
}

static void *
register_and_unregister(void *arg)
{
	struct worker *w = arg;
	int i;

	for (i = 0; i < N_ROUNDS * 10; i++) {
		expect(w, accel_driver_register(&w->driver), 0);
		expect(w, accel_driver_register(&w->driver), -EEXIST);
		expect(w, accel_driver_unregister(&w->driver), 0);
	}
	return NULL;
}

static void *
open_and_close(void *arg)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct worker *w = arg;
	int i, dev;

	for (i = 0; i < N_ROUNDS; i++) {
		expect(w, accel_driver_register(&w->driver), 0);
		dev = accel_dev_probe(w->spec);
		if (dev < 0) {
			w->wrong++;
			break;
		}
		expect(w, accel_driver_unregister(&w->driver), -EBUSY);
		expect(w, accel_dev_configure(dev, &conf), 0);
		expect(w, accel_qp_setup(dev, 0, NULL), 0);
		expect(w, accel_dev_start(dev), 0);
		expect(w, accel_dev_stop(dev), 0);
		expect(w, accel_dev_close(dev), 0);
		expect(w, accel_driver_unregister(&w->driver), 0);
	}
	return NULL;
}

/* All threads want the same device; each either has it alone or is told that it exists. */
static void *
fight_for_one(void *arg)
{
	struct worker *w = arg;
	int i, dev;

	for (i = 0; i < N_ROUNDS; i++) {
		dev = accel_dev_probe(MOCK_SPEC);
		if (dev >= 0)
			expect(w, accel_dev_close(dev), 0);
		else
			expect(w, dev, -EEXIST);
	}
	return NULL;
}

static void
run(void *(*fn)(void *))
{
	static struct worker workers[N_THREADS];
	struct worker *w;
	int i;

	for (i = 0; i < N_THREADS; i++) {
		w = &workers[i];
		w->wrong = 0;
		snprintf(w->name, sizeof(w->name), "worker%d", i);
		snprintf(w->spec, sizeof(w->spec), "soft:%d,driver=%s", i, w->name);
		w->driver = (struct accel_driver){
			.abi = ACCEL_DRIVER_ABI, .name = w->name, .bus = "soft",
			.probe = probe, .remove = remove_device,
		};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w->thread, NULL, fn, w), 0);
	}
	for (i = 0; i < N_THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		CU_ASSERT_EQUAL(workers[i].wrong, 0);
	}
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
registry(void)
{
	run(register_and_unregister);
}

static void
devices(void)
{
	run(open_and_close);
}

static void
one_device(void)
{
	struct accel_driver d = {
		.abi = ACCEL_DRIVER_ABI, .name = "mock", .bus = "soft",
		.probe = probe, .remove = remove_device,
	};

	CU_ASSERT_EQUAL(accel_driver_register(&d), 0);
	run(fight_for_one);
	CU_ASSERT_EQUAL(accel_driver_unregister(&d), 0);
}

static const struct test_case cases[] = {
	{ "register and unregister", registry },
	{ "open and close", devices },
	{ "one device for all", one_device },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "driver, several threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
