/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Work on several devices to which anything happens at any time. Every op that was taken comes back
 * once and in order, a copy that is said to be whole is, nobody writes to memory that was given
 * back, no call takes long, and nothing is left behind.
 *
 * ACCELDEV_TEST_SEED repeats a run's choices, though not the timing of its threads.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_log.h>

#include "eal_main.h"
#include "events.h"
#include "fast_dev.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SLOW 20
#endif
#endif
#if !defined(SLOW) && (defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__))
#define SLOW 20
#endif
#ifndef SLOW
#define SLOW 1
#endif

#define OPS      (1000000 / SLOW)
#define ROUNDS   4
#define WORKERS  4
#define CALL_MS  2000 /* that a call may take */
#define BURST    32
#define MAX_LEN  64

static const char *const specs[WORKERS] = {
	"sim:fast", "sim:fast.2,async=access", "sim:fast.3,iospace=pair",
	"sim:edu,dma_mask=64,dma_bits=64",
};
static const char *const addresses[WORKERS] = { "fast", "fast.2", "fast.3", "edu" };

/* An op, and the place that it writes to: as long as the application has it, it holds `holds`. */
struct job {
	struct accel_op op;
	unsigned char *at;
	uint64_t seq;
	uint64_t holds;
};

struct queue {
	struct job jobs[FAST_MAX_DEPTH];
	uint64_t tail, head; /* enqueued and dequeued, ever; a job's place is its number modulo depth */
	unsigned int depth;
};

struct worker {
	unsigned int number;
	uint64_t random;
	uint16_t dev;
	bool is_open;
	unsigned int nb_qps;
	struct accel_buf *src, *dst;
	struct queue queues[FAST_MAX_QPS];
	pthread_t thread;
};

static uint64_t seed;
static int64_t left_ops;            /* atomic: of this round */
static unsigned int nb_bad;         /* atomic: what went wrong */
static unsigned int nb_statuses[ACCEL_STATUS_MAX + 1], nb_events[4], nb_probes, nb_refused;

/* Asserting in each of a million ops would take all the time. */
static void
check(bool good, const char *what, const struct worker *w, int64_t value)
{
	if (good)
		return;
	if (__atomic_fetch_add(&nb_bad, 1, __ATOMIC_RELAXED) < 10)
		printf("\n    %s: %s: %" PRId64, addresses[w->number], what, value);
}

static unsigned int
pick(struct worker *w, unsigned int n)
{
	return (unsigned int)(soft_random(&w->random) >> 20) % n;
}

static bool
is_refusal(int ret)
{
	return ret == -EIO || ret == -ENODEV;
}

static void
shoot(unsigned int number, uint64_t random)
{
	static const enum devmodel_event events[] = { DEVMODEL_ERROR, DEVMODEL_ERROR, DEVMODEL_ERROR,
		DEVMODEL_REMOVE, DEVMODEL_UNPLUG };

	(void)devmodel_inject(addresses[number], events[random % 5]); /* if it is there */
}

/* Before a control call: now and then something happens at the same time. */
static void
maybe_shoot(struct worker *w)
{
	if (pick(w, 24) == 0)
		shoot(w->number, soft_random(&w->random) >> 9);
}

#define TIMED(w, call)                                                                             \
	({                                                                                         \
		uint64_t begin_;                                                                   \
		int ret_;                                                                          \
		maybe_shoot(w);                                                                    \
		begin_ = events_ms();                                                              \
		ret_ = (call);                                                                     \
		check(events_ms() - begin_ < CALL_MS, "took long: " #call, w,                      \
				(int64_t)(events_ms() - begin_));                                  \
		ret_;                                                                              \
	})

/*
 * Jobs
 */

static bool
holds(const struct job *job)
{
	uint64_t words[MAX_LEN / 8];
	unsigned int i;

	memcpy(words, job->at, sizeof(words));
	for (i = 0; i < MAX_LEN / 8 && words[i] == job->holds; i++)
		;
	return i == MAX_LEN / 8;
}

static void
put(struct job *job, uint64_t value)
{
	unsigned int i;

	job->holds = value;
	for (i = 0; i < MAX_LEN / 8; i++)
		memcpy(job->at + i * 8, &value, 8);
}

static void
fill_job(struct worker *w, struct job *job, uint64_t seq)
{
	uint64_t len = 1 + pick(w, MAX_LEN), off = pick(w, (unsigned int)(w->src->len - MAX_LEN));

	check(holds(job), "memory that was given back was written to", w, (int64_t)job->seq);
	put(job, ~seq);
	job->seq = seq;
	job->op = (struct accel_op){ .type = ACCEL_OP_COPY, .src = w->src->iova + off,
		.dst = w->dst->iova + (uint64_t)(job->at - (unsigned char *)w->dst->va), .len = len,
		.user_data = off, .status = ACCEL_STATUS_MAX };
}

static bool
is_whole(const struct worker *w, const struct job *job)
{
	uint64_t canary[MAX_LEN / 8];
	unsigned int i;

	for (i = 0; i < MAX_LEN / 8; i++)
		canary[i] = ~job->seq;
	return memcmp(job->at, (char *)w->src->va + job->op.user_data, job->op.len) == 0 &&
			memcmp(job->at + job->op.len, (char *)canary + job->op.len,
					MAX_LEN - job->op.len) == 0;
}

static void
take_back(struct worker *w, struct queue *q, struct accel_op *op)
{
	struct job *job = &q->jobs[q->head % q->depth];

	check(op == &job->op && q->head < q->tail && job->seq == q->head, "out of order", w,
			(int64_t)q->head);
	check(op->status == ACCEL_STATUS_SUCCESS || op->status == ACCEL_STATUS_DEVICE_ERROR ||
			op->status == ACCEL_STATUS_REMOVED || op->status == ACCEL_STATUS_ABORTED,
			"status", w, op->status);
	if (op->status == ACCEL_STATUS_SUCCESS)
		check(is_whole(w, job), "copy is not whole", w, (int64_t)q->head);
	__atomic_add_fetch(&nb_statuses[op->status < ACCEL_STATUS_MAX ? op->status :
			ACCEL_STATUS_MAX], 1, __ATOMIC_RELAXED);
	put(job, q->head ^ 0x5a5a5a5a5a5a5a5a);
	q->head++;
}

static unsigned int
dequeue(struct worker *w, unsigned int qp)
{
	struct accel_op *ops[BURST];
	uint16_t i, n = accel_dequeue_burst(w->dev, (uint16_t)qp, ops, BURST);

	for (i = 0; i < n; i++)
		take_back(w, &w->queues[qp], ops[i]);
	return n;
}

static unsigned int
enqueue(struct worker *w, unsigned int qp)
{
	struct queue *q = &w->queues[qp];
	struct accel_op *ops[BURST];
	unsigned int n = 1 + pick(w, BURST), i;
	uint16_t taken;

	if (n > q->depth - (q->tail - q->head))
		n = (unsigned int)(q->depth - (q->tail - q->head));
	for (i = 0; i < n; i++) {
		struct job *job = &q->jobs[(q->tail + i) % q->depth];

		fill_job(w, job, q->tail + i);
		ops[i] = &job->op;
	}
	taken = accel_enqueue_burst(w->dev, (uint16_t)qp, ops, (uint16_t)n);
	for (i = taken; i < n; i++)
		put(&q->jobs[(q->tail + i) % q->depth], 1);
	q->tail += taken;
	__atomic_sub_fetch(&left_ops, taken, __ATOMIC_RELAXED);
	return taken;
}

/* All that was taken comes back, whatever has happened or happens. */
static void
drain(struct worker *w)
{
	uint64_t end = events_ms() + 10000;
	unsigned int i;

	for (i = 0; i < w->nb_qps; i++) {
		struct queue *q = &w->queues[i];

		while (q->head != q->tail && events_ms() < end)
			dequeue(w, i);
		check(q->head == q->tail, "ops did not come back", w, (int64_t)(q->tail - q->head));
		q->head = q->tail;
	}
}

/*
 * Steps of a device's life; false: what comes next is its close
 */

static void
begin_queue(struct worker *w, unsigned int qp, unsigned int depth)
{
	struct queue *q = &w->queues[qp];
	unsigned int i;

	q->depth = depth;
	q->head = q->tail = 0;
	for (i = 0; i < depth; i++) {
		q->jobs[i].at = (unsigned char *)w->dst->va + (qp * FAST_MAX_DEPTH + i) * MAX_LEN;
		put(&q->jobs[i], 2);
	}
}

static bool
configure(struct worker *w)
{
	unsigned int i, max = w->number == WORKERS - 1 ? 1 : FAST_MAX_QPS;
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = (uint16_t)(1 + pick(w, max)) };
	int ret = TIMED(w, accel_dev_configure(w->dev, &conf));

	check(ret == 0 || is_refusal(ret), "configure", w, ret);
	if (ret != 0)
		return false;
	w->nb_qps = conf.nb_qps;
	for (i = 0; i < w->nb_qps; i++)
		begin_queue(w, i, 1u << pick(w, 9));
	for (i = 0; i < w->nb_qps; i++) {
		struct accel_qp_conf qp = { .size = sizeof(qp), .socket = -1,
			.depth = (uint16_t)w->queues[i].depth };

		ret = TIMED(w, accel_qp_setup(w->dev, (uint16_t)i, &qp));
		check(ret == 0 || is_refusal(ret), "setup", w, ret);
		if (ret != 0)
			return false;
	}
	return true;
}

static enum accel_dev_health
health_of(struct worker *w)
{
	struct accel_dev_info info = { 0 };

	check(accel_dev_info_get(w->dev, &info) == 0, "info", w, 0);
	return info.health;
}

/* Begin, after a reset where there was an error. */
static bool
start(struct worker *w)
{
	int ret = TIMED(w, accel_dev_start(w->dev));

	if (ret == -EIO || pick(w, 16) == 0) {
		if (ret == 0)
			ret = TIMED(w, accel_dev_stop(w->dev));
		check(ret == 0 || is_refusal(ret), "stop", w, ret);
		ret = TIMED(w, accel_dev_reset(w->dev));
		check(ret == 0 || is_refusal(ret), "reset", w, ret);
		ret = TIMED(w, accel_dev_start(w->dev));
	}
	check(ret == 0 || is_refusal(ret), "start", w, ret);
	return ret == 0;
}

/* Until something happens, or for a while. */
static void
work(struct worker *w)
{
	unsigned int bursts = 16u << pick(w, 8), n, idle = 0;

	for (n = 0; n < bursts && __atomic_load_n(&left_ops, __ATOMIC_RELAXED) > 0; n++) {
		unsigned int qp = pick(w, w->nb_qps), did = 0;

		if (pick(w, 2) == 0)
			did = enqueue(w, qp);
		did += dequeue(w, qp);
		idle = did != 0 ? 0 : idle + 1;
		if (idle > 64 && health_of(w) != ACCEL_DEV_READY)
			return;
		if (idle > 64)
			usleep(1); /* let the models have a CPU */
	}
}

static void
pause_work(struct worker *w)
{
	int ret;

	if (pick(w, 2) == 0)
		drain(w);
	ret = TIMED(w, accel_dev_stop(w->dev));
	check(ret == 0 || is_refusal(ret), "stop", w, ret);
	if (pick(w, 4) == 0) {
		ret = TIMED(w, accel_dev_reset(w->dev));
		check(ret == 0 || is_refusal(ret), "reset", w, ret);
	}
	drain(w);
}

static void
use_buffers(struct worker *w)
{
	struct accel_buf *buf = NULL;
	uint64_t iova = 0;
	int ret = TIMED(w, accel_buf_alloc(w->dev, 1 + pick(w, 100000), 0, 0, &buf));

	check(ret == 0, "alloc", w, ret);
	if (ret != 0)
		return;
	ret = accel_dev_virt2iova(w->dev, buf->va, 1, &iova);
	check(ret == 0 && iova == buf->iova, "virt2iova", w, ret);
	accel_buf_free(buf);
}

static bool
open_device(struct worker *w)
{
	int ret = TIMED(w, accel_dev_probe(specs[w->number]));

	__atomic_add_fetch(ret >= 0 ? &nb_probes : &nb_refused, 1, __ATOMIC_RELAXED);
	check(ret >= 0 || is_refusal(ret), "probe", w, ret);
	if (ret < 0)
		return false;
	w->dev = (uint16_t)ret;
	ret = accel_buf_alloc(w->dev, 4096, 0, 0, &w->src);
	check(ret == 0, "alloc", w, ret);
	ret = accel_buf_alloc(w->dev, FAST_MAX_QPS * FAST_MAX_DEPTH * MAX_LEN, 0, 0, &w->dst);
	check(ret == 0, "alloc", w, ret);
	for (ret = 0; ret < 4096; ret++)
		((unsigned char *)w->src->va)[ret] = (unsigned char)(soft_random(&w->random) >> 30);
	w->nb_qps = 0;
	return true;
}

static void
close_device(struct worker *w)
{
	unsigned int i, n;
	int ret;

	for (i = 0; i < w->nb_qps; i++) {
		for (n = 0; n < w->queues[i].depth; n++)
			check(holds(&w->queues[i].jobs[n]), "memory was written to", w, n);
	}
	accel_buf_free(w->src);
	accel_buf_free(w->dst);
	ret = TIMED(w, accel_dev_close(w->dev));
	check(ret == 0, "close", w, ret);
}

static void *
run_worker(void *arg)
{
	struct worker *w = arg;

	while (__atomic_load_n(&left_ops, __ATOMIC_RELAXED) > 0) {
		if (!open_device(w))
			continue;
		while (__atomic_load_n(&left_ops, __ATOMIC_RELAXED) > 0 && pick(w, 8) != 0 &&
				configure(w)) {
			while (pick(w, 4) != 0 && start(w)) {
				work(w);
				use_buffers(w);
				pause_work(w);
			}
		}
		close_device(w);
	}
	return NULL;
}

/*
 * From outside
 */

static unsigned int stop_others;

static void *
run_chaos(void *arg)
{
	uint64_t random = seed ^ 0xc4a05;

	(void)arg;
	while (!__atomic_load_n(&stop_others, __ATOMIC_ACQUIRE)) {
		usleep((unsigned int)(soft_random(&random) % 2000));
		shoot((unsigned int)(soft_random(&random) >> 7) % WORKERS, random >> 13);
	}
	return NULL;
}

/* Somebody who only looks, at devices that come and go. */
static void *
run_looker(void *arg)
{
	struct accel_dev_info info;
	struct accel_map map;
	uint64_t value;
	uint16_t dev;

	(void)arg;
	for (dev = 0; !__atomic_load_n(&stop_others, __ATOMIC_ACQUIRE); dev = (dev + 1) % WORKERS) {
		memset(&info, 0, sizeof(info));
		(void)accel_dev_info_get(dev, &info);
		(void)accel_reg_read(dev, 0, 0, 4, &value);
		(void)accel_reg_read(dev, ACCEL_REGION_CONFIG, 0, 4, &value);
		(void)accel_dev_map_next(dev, 0, &map);
		usleep(200);
	}
	return NULL;
}

/* One at a time and in an order: READY follows an error, GONE a warning. */
static void
see_event(uint16_t dev_id, enum accel_event event, void *arg)
{
	static const struct worker nobody;
	static enum accel_event last[ACCEL_MAX_DEVS];

	(void)arg;
	nb_events[event]++;
	check(event != ACCEL_EVENT_READY || last[dev_id] == ACCEL_EVENT_ERROR, "ready without error",
			&nobody, dev_id);
	check(event != ACCEL_EVENT_GONE || last[dev_id] == ACCEL_EVENT_REMOVING, "gone at once", &nobody,
			dev_id);
	last[dev_id] = event;
}

static void
run_round(struct worker *workers)
{
	struct events_usage before = events_usage_get();
	pthread_t chaos, looker;
	unsigned int i;

	stop_others = 0;
	left_ops = OPS / ROUNDS;
	CU_ASSERT_EQUAL_FATAL(accel_event_register(ACCEL_DEV_ALL, see_event, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&chaos, NULL, run_chaos, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&looker, NULL, run_looker, NULL), 0);
	for (i = 0; i < WORKERS; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]),
				0);
	for (i = 0; i < WORKERS; i++)
		pthread_join(workers[i].thread, NULL);
	__atomic_store_n(&stop_others, 1, __ATOMIC_RELEASE);
	pthread_join(chaos, NULL);
	pthread_join(looker, NULL);
	CU_ASSERT_EQUAL(accel_event_unregister(ACCEL_DEV_ALL, see_event, NULL), 0);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	events_assert_no_leak(&before);
}

static void
anything_happens(void)
{
	const char *text = getenv("ACCELDEV_TEST_SEED");
	FILE *null = fopen("/dev/null", "we");
	struct worker *workers = calloc(WORKERS, sizeof(*workers));
	unsigned int i;

	CU_ASSERT_FATAL(null != NULL && workers != NULL);
	seed = text != NULL ? strtoull(text, NULL, 0) : (uint64_t)getpid() * 0x9e3779b97f4a7c15;
	printf("seed 0x%" PRIx64 " ", seed);
	for (i = 0; i < WORKERS; i++) {
		workers[i].number = i;
		workers[i].random = seed + i + 1;
	}
	rte_openlog_stream(null);
	for (i = 0; i < ROUNDS; i++)
		run_round(workers);
	rte_openlog_stream(NULL);
	fclose(null);
	free(workers);
	CU_ASSERT_EQUAL(nb_bad, 0);
	/* It did happen. */
	printf("%u probes, %u refused; events %u %u %u %u; "
			"ops %u whole, %u error, %u removed, %u aborted ",
			nb_probes, nb_refused, nb_events[0], nb_events[1], nb_events[2], nb_events[3],
			nb_statuses[ACCEL_STATUS_SUCCESS], nb_statuses[ACCEL_STATUS_DEVICE_ERROR],
			nb_statuses[ACCEL_STATUS_REMOVED], nb_statuses[ACCEL_STATUS_ABORTED]);
	CU_ASSERT(nb_statuses[ACCEL_STATUS_SUCCESS] > OPS / 4);
	CU_ASSERT(nb_statuses[ACCEL_STATUS_DEVICE_ERROR] > 0);
	CU_ASSERT(nb_statuses[ACCEL_STATUS_REMOVED] > 0);
	CU_ASSERT(nb_events[ACCEL_EVENT_GONE] > 0 && nb_events[ACCEL_EVENT_READY] > 0);
}

static const struct test_case random_cases[] = {
	{ "anything_happens", anything_happens },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "events_random", fast_setup, fast_teardown, random_cases },
	{ NULL, NULL, NULL, NULL },
};
