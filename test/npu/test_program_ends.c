/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Runs that end before they are done: cancelled, late, stopped, or since the device fails.
 */
#include "test_program.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#define NB 3

/* Runs of the long program and one of the short one, on two queue pairs. */
struct scene {
	uint16_t dev;
	struct accel_program *endless, *program;
	struct case_run runs[NB]; /* the last one is short */
	struct accel_op *ops[NB];
};

static void
scene_make(struct scene *s, uint32_t deadline_us)
{
	unsigned int i;

	s->dev = case_open("sim:npu,cores=2", 2, deadline_us);
	s->endless = case_load(s->dev, &case_long);
	s->program = case_load(s->dev, &case_image);
	for (i = 0; i < NB; i++)
		case_run_make(&s->runs[i], i < NB - 1 ? s->endless : s->program, s->dev);
}

static void
scene_end(struct scene *s)
{
	unsigned int i;

	for (i = 0; i < NB; i++)
		case_run_free(&s->runs[i]);
	CU_ASSERT_EQUAL(accel_program_unload(s->endless), 0);
	CU_ASSERT_EQUAL(accel_program_unload(s->program), 0);
	soft_close(s->dev);
}

static void
scene_begin(struct scene *s)
{
	unsigned int i;

	for (i = 0; i < NB; i++)
		s->ops[i] = case_run_op(&s->runs[i]);
	case_enqueue(s->dev, 0, s->ops, NB);
}

/* The same, so that the first one runs, and does not end. */
static void
scene_enqueue(struct scene *s)
{
	struct accel_op *back;

	scene_begin(s);
	usleep(20000);
	CU_ASSERT_EQUAL(accel_dequeue_burst(s->dev, 0, &back, 1), 0);
}

static void
scene_dequeue(struct scene *s, enum accel_status status)
{
	unsigned int i;

	case_dequeue(s->dev, 0, s->ops, NB);
	for (i = 0; i < NB; i++) {
		CU_ASSERT_PTR_EQUAL(s->ops[i], &s->runs[i].op);
		CU_ASSERT_EQUAL(s->runs[i].op.status, status);
		CU_ASSERT_EQUAL(accel_instance_cancel(s->runs[i].instance), -ENOENT);
	}
}

/* Both cores run what they are given. */
static void
scene_goes_on(struct scene *s)
{
	CU_ASSERT(case_run_ok(s->dev, 0, &s->runs[NB - 1]));
	CU_ASSERT(case_run_ok(s->dev, 1, &s->runs[NB - 1]));
}

static void
in_flight(void)
{
	struct accel_op second = { .type = ACCEL_OP_RUN }, *op = &second;
	struct scene s;
	unsigned int i;

	scene_make(&s, 0);
	scene_enqueue(&s);
	for (i = 0; i < NB; i++) {
		struct accel_instance *instance = s.runs[i].instance;

		SOFT_ASSERT_FAILS(accel_instance_bind(instance, 0, s.runs[i].in->iova), -EBUSY);
		SOFT_ASSERT_FAILS(accel_instance_destroy(instance), -EBUSY);
		second.ext = instance;
		CU_ASSERT_EQUAL(case_exec(s.dev, 1, op), ACCEL_STATUS_INVALID);
	}
	SOFT_ASSERT_FAILS(accel_program_unload(s.program), -EBUSY);
	for (i = 0; i < NB; i++)
		CU_ASSERT_EQUAL(accel_instance_cancel(s.runs[i].instance), 0);
	scene_dequeue(&s, ACCEL_STATUS_ABORTED);
	scene_goes_on(&s);
	scene_end(&s);
}

static void
cancel_queued(void)
{
	struct accel_program_info info;
	struct accel_op *back;
	struct scene s;

	scene_make(&s, 0);
	scene_enqueue(&s);
	CU_ASSERT_EQUAL(accel_instance_cancel(s.runs[1].instance), 0);
	CU_ASSERT_EQUAL(accel_dequeue_burst(s.dev, 0, &back, 1), 0);
	CU_ASSERT_EQUAL(accel_instance_cancel(s.runs[0].instance), 0);
	case_dequeue(s.dev, 0, s.ops, NB);
	CU_ASSERT_EQUAL(s.runs[0].op.status, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(s.runs[1].op.status, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(s.runs[2].op.status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT(case_run_is_right(&s.runs[2]));
	CU_ASSERT_EQUAL(case_xstat(s.dev, "npu_resets"), 1);
	CU_ASSERT_EQUAL(case_xstat(s.dev, "npu_runs"), 1);
	CU_ASSERT_EQUAL(accel_program_info_get(s.endless, &info), 0);
	CU_ASSERT_EQUAL(info.errors, 2);
	CU_ASSERT_EQUAL(info.runs + info.cycles, 0);
	/* A cancel is of one run. */
	scene_goes_on(&s);
	scene_end(&s);
}

/* Ops that were enqueued together are late together: what waits then is not begun. */
static void
deadline(void)
{
	uint64_t begin, took;
	struct scene s;

	scene_make(&s, 500 * 1000);
	begin = case_ms();
	scene_begin(&s);
	scene_dequeue(&s, ACCEL_STATUS_DEADLINE);
	took = case_ms() - begin;
	CU_ASSERT(took >= 500 && took < 20000);
	CU_ASSERT_EQUAL(case_xstat(s.dev, "npu_resets"), 1);
	CU_ASSERT_EQUAL(case_xstat(s.dev, "npu_runs"), 0);
	scene_goes_on(&s);
	scene_end(&s);
}

/* Each op has its own deadline. */
static void
deadline_of_each(void)
{
	struct accel_op *first, *back, *last;
	uint64_t begin, took;
	struct scene s;

	scene_make(&s, 6000 * 1000);
	first = case_run_op(&s.runs[0]);
	last = case_run_op(&s.runs[NB - 1]);
	begin = case_ms();
	case_enqueue(s.dev, 0, &first, 1);
	usleep(3000 * 1000);
	case_enqueue(s.dev, 0, &last, 1);
	case_dequeue(s.dev, 0, &back, 1);
	took = case_ms() - begin;
	CU_ASSERT_PTR_EQUAL(back, first);
	CU_ASSERT_EQUAL(first->status, ACCEL_STATUS_DEADLINE);
	CU_ASSERT(took >= 6000 && took < 9000);
	case_dequeue(s.dev, 0, &back, 1);
	CU_ASSERT_PTR_EQUAL(back, last);
	CU_ASSERT_EQUAL(last->status, ACCEL_STATUS_SUCCESS);
	CU_ASSERT(case_run_is_right(&s.runs[NB - 1]));
	scene_end(&s);
}

/* A copy that is late changes nothing; where in the ring it lies is no matter. */
static void
deadline_of_copies(void)
{
	struct accel_op copy = { .type = ACCEL_OP_COPY, .len = 64 }, *ops[2] = { NULL, &copy };
	struct scene s;
	unsigned int i;

	scene_make(&s, 150 * 1000);
	copy.src = s.runs[NB - 1].in->iova;
	copy.dst = s.runs[NB - 1].out->iova;
	for (i = 0; i < 12; i++) { /* the ring has 32 ops */
		memset(s.runs[NB - 1].out->va, 0x55, 64);
		ops[0] = case_run_op(&s.runs[0]);
		case_enqueue(s.dev, 0, ops, 2);
		case_dequeue(s.dev, 0, ops, 2);
		CU_ASSERT_EQUAL(ops[0]->status, ACCEL_STATUS_DEADLINE);
		CU_ASSERT_EQUAL(copy.status, ACCEL_STATUS_DEADLINE);
		CU_ASSERT_EQUAL(((uint8_t *)s.runs[NB - 1].out->va)[63], 0x55);
		CU_ASSERT_EQUAL(case_exec(s.dev, 0, &copy), ACCEL_STATUS_SUCCESS);
		CU_ASSERT_EQUAL(memcmp(s.runs[NB - 1].out->va, s.runs[NB - 1].in->va, 64), 0);
	}
	scene_end(&s);
}

static void
stop_and_start(void)
{
	struct scene s;

	scene_make(&s, 0);
	scene_enqueue(&s);
	CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
	scene_dequeue(&s, ACCEL_STATUS_ABORTED);
	CU_ASSERT_EQUAL(accel_dev_start(s.dev), 0);
	scene_goes_on(&s);
	/* And what is not dequeued is the application's again. */
	scene_enqueue(&s);
	CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
	CU_ASSERT_EQUAL(accel_dev_start(s.dev), 0);
	scene_goes_on(&s);
	scene_enqueue(&s);
	CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
	CU_ASSERT_EQUAL(accel_dev_reset(s.dev), 0);
	soft_run(s.dev, 2, 8, 0);
	scene_goes_on(&s);
	scene_enqueue(&s);
	CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
	scene_end(&s);
}

static void
wait_health(uint16_t dev, enum accel_dev_health health)
{
	uint64_t end = case_ms() + 10000;

	while (soft_info(dev).health < health && case_ms() < end)
		usleep(200);
	CU_ASSERT_FATAL(soft_info(dev).health >= health);
}

static void
device_fails(void)
{
	unsigned int stops_first;
	struct scene s;

	scene_make(&s, 0);
	for (stops_first = 0; stops_first < 2; stops_first++) {
		scene_enqueue(&s);
		soft_log_begin();
		CU_ASSERT_EQUAL(devmodel_inject("npu", DEVMODEL_ERROR), 0);
		wait_health(s.dev, ACCEL_DEV_ERROR);
		usleep(50000); /* the log */
		if (stops_first)
			CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
		scene_dequeue(&s, ACCEL_STATUS_DEVICE_ERROR);
		if (!stops_first)
			CU_ASSERT_EQUAL(accel_dev_stop(s.dev), 0);
		soft_log_end();
		CU_ASSERT_EQUAL(accel_dev_reset(s.dev), 0);
		CU_ASSERT_EQUAL(accel_dev_start(s.dev), 0);
		scene_goes_on(&s);
	}
	scene_end(&s);
}

static void
check_removal(enum devmodel_event event)
{
	struct scene s;

	scene_make(&s, 0);
	scene_enqueue(&s);
	soft_log_begin();
	CU_ASSERT_EQUAL(devmodel_inject("npu", event), 0);
	scene_dequeue(&s, ACCEL_STATUS_REMOVED);
	wait_health(s.dev, ACCEL_DEV_GONE);
	usleep(50000);
	CU_ASSERT_EQUAL(accel_enqueue_burst(s.dev, 0, s.ops, 1), 0);
	scene_end(&s);
	soft_log_end();
}

static void
device_goes(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		check_removal(DEVMODEL_REMOVE);
		check_removal(DEVMODEL_UNPLUG);
	}
}

const struct test_case end_cases[] = {
	{ "in_flight", in_flight },
	{ "cancel_queued", cancel_queued },
	{ "deadline", deadline },
	{ "deadline_of_each", deadline_of_each },
	{ "deadline_of_copies", deadline_of_copies },
	{ "stop_and_start", stop_and_start },
	{ "device_fails", device_fails },
	{ "device_goes", device_goes },
	{ NULL, NULL },
};
