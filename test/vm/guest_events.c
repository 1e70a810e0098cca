/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "guest_events.h"

#include <string.h>
#include <unistd.h>

#include "edu.h"
#include "edu_dev.h"
#include "guest_pci.h"

#define EVENTS_MS 20000
#define LONG_OP   ((size_t)8 * EDU_CHUNK) /* 1.6 s from host to host */

/*
 * Events
 */

static void
note(uint16_t dev, enum accel_event event, void *arg)
{
	struct events *e = arg;
	unsigned int n = e->n;

	if (dev != e->dev || n == sizeof(e->list) / sizeof(e->list[0]))
		return;
	e->list[n] = event;
	if (event == ACCEL_EVENT_GONE || accel_reg_read(dev, 0, 0, 4, &e->register0[n]) != 0)
		e->register0[n] = UINT64_MAX;
	__atomic_store_n(&e->n, n + 1, __ATOMIC_RELEASE);
}

void
events_begin(struct events *events, uint16_t dev)
{
	memset(events, 0, sizeof(*events));
	events->dev = dev;
	CU_ASSERT_EQUAL(accel_event_register(dev, note, events), 0);
}

bool
events_are(const struct events *events, unsigned int n, const enum accel_event *expected)
{
	uint64_t end = guest_ms() + EVENTS_MS;

	while (__atomic_load_n(&events->n, __ATOMIC_ACQUIRE) < n && guest_ms() < end)
		usleep(1000);
	return __atomic_load_n(&events->n, __ATOMIC_ACQUIRE) == n &&
			memcmp(events->list, expected, n * sizeof(*expected)) == 0;
}

bool
events_are_removal(const struct events *events, uint64_t register0)
{
	static const enum accel_event removal[] = { ACCEL_EVENT_REMOVING, ACCEL_EVENT_GONE };

	return events_are(events, 2, removal) && events->register0[0] == register0;
}

/*
 * Work
 */

void
flying_begin(struct flying *flying, uint16_t dev, uint16_t n)
{
	struct accel_op *list[MAX_FLYING];
	uint16_t i;

	flying->dev = dev;
	flying->n = n;
	flying->buf = edu_buf(dev, 2 * LONG_OP, 0);
	for (i = 0; i < n; i++) {
		flying->ops[i] = (struct accel_op) { .type = ACCEL_OP_COPY,
			.src = flying->buf->iova, .dst = flying->buf->iova + LONG_OP,
			.len = LONG_OP, .status = ACCEL_STATUS_MAX };
		list[i] = &flying->ops[i];
	}
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, 0, list, n), n);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, n), 0);
}

bool
flying_come_back(struct flying *flying, uint8_t status)
{
	uint64_t end = guest_ms() + PROMPT_MS;
	struct accel_op *list[MAX_FLYING];
	uint16_t i, n = 0;

	while (n < flying->n && guest_ms() < end) {
		n += accel_dequeue_burst(flying->dev, 0, list + n, flying->n - n);
		if (n < flying->n)
			usleep(1000);
	}
	for (i = 0; i < n; i++)
		CU_ASSERT(list[i] == &flying->ops[i] && flying->ops[i].status == status);
	CU_ASSERT_EQUAL(accel_buf_free(flying->buf), 0);
	return n == flying->n;
}

bool
edu_works(const char *spec)
{
	uint16_t dev = edu_run(spec);
	struct accel_buf *buf = edu_buf(dev, PAGE, 0);
	bool good;

	edu_fill(buf->va, 64, 77);
	memset((char *)buf->va + 64, 0, 64);
	good = edu_copy(dev, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST, buf->iova + 64, 64) ==
			ACCEL_STATUS_SUCCESS && edu_has((char *)buf->va + 64, 64, 77);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
	return good;
}

bool
skip_user(void)
{
	if (geteuid() == 0)
		return false;
	test_skip("only root can take a device away");
	return true;
}
