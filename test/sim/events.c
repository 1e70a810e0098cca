/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "events.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 10000

static unsigned int nb_errors, nb_expected;
static bool counts;

static void
count_errors(uint16_t dev_id, enum accel_event event, void *arg)
{
	(void)dev_id;
	(void)arg;
	__atomic_add_fetch(&nb_errors, event == ACCEL_EVENT_ERROR, __ATOMIC_RELEASE);
}

int
events_setup(void)
{
	counts = true;
	return accel_event_register(ACCEL_DEV_ALL, count_errors, NULL);
}

int
events_teardown(void)
{
	counts = false;
	return accel_event_unregister(ACCEL_DEV_ALL, count_errors, NULL);
}

void
events_inject(const char *spec, enum devmodel_event event)
{
	const char *from = strchr(spec, ':') + 1;
	char address[64];

	snprintf(address, sizeof(address), "%.*s", (int)strcspn(from, ","), from);
	nb_expected = __atomic_load_n(&nb_errors, __ATOMIC_ACQUIRE) + (event == DEVMODEL_ERROR);
	CU_ASSERT_EQUAL(devmodel_inject(address, event), 0);
}

void
events_wait_health(uint16_t dev, enum accel_dev_health health)
{
	uint64_t end = events_ms() + WAIT_MS;

	while (soft_info(dev).health < health && events_ms() < end)
		usleep(200);
	while (counts && health == ACCEL_DEV_ERROR && events_ms() < end &&
			__atomic_load_n(&nb_errors, __ATOMIC_ACQUIRE) < nb_expected)
		usleep(200);
	CU_ASSERT_FATAL(soft_info(dev).health >= health && events_ms() < end);
}

/*
 * Callbacks
 */

void
events_record(uint16_t dev_id, enum accel_event event, void *arg)
{
	struct events_log *log = arg;
	unsigned int n = log->n;

	if (n < EVENTS_KEPT) {
		log->kept[n].dev_id = dev_id;
		log->kept[n].event = event;
		log->kept[n].thread = pthread_self();
	}
	__atomic_store_n(&log->n, n + 1, __ATOMIC_RELEASE);
}

void
events_wait(const struct events_log *log, unsigned int n)
{
	uint64_t end = events_ms() + WAIT_MS;

	while (__atomic_load_n(&log->n, __ATOMIC_ACQUIRE) < n && events_ms() < end)
		usleep(200);
	usleep(20000);
	CU_ASSERT_EQUAL_FATAL(__atomic_load_n(&log->n, __ATOMIC_ACQUIRE), n);
}

void
events_check(const struct events_log *log, unsigned int i, uint16_t dev_id, enum accel_event event)
{
	CU_ASSERT_EQUAL(log->kept[i].dev_id, dev_id);
	CU_ASSERT_EQUAL(log->kept[i].event, event);
	CU_ASSERT(!pthread_equal(log->kept[i].thread, pthread_self()));
}

/*
 * Usage
 */

uint64_t
events_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static unsigned int
count_threads(void)
{
	DIR *d = opendir("/proc/self/task");
	unsigned int n = 0;

	CU_ASSERT_FATAL(d != NULL);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

struct events_usage
events_usage_get(void)
{
	return (struct events_usage){ .process = test_usage_get(), .threads = count_threads() };
}

void
events_assert_no_leak(const struct events_usage *before)
{
	struct events_usage now = events_usage_get();
	uint64_t end = events_ms() + WAIT_MS;

	while (memcmp(&now, before, sizeof(now)) != 0 && events_ms() < end) {
		usleep(1000);
		now = events_usage_get();
	}
	CU_ASSERT_EQUAL(now.process.fds, before->process.fds);
	CU_ASSERT_EQUAL(now.process.maps, before->process.maps);
	CU_ASSERT_EQUAL(now.threads, before->threads);
}
