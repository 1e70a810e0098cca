/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "life.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <acceldev/accel_auto.h>
#include <acceldev/accel_dev.h>

#include "buffer.h"
#include "model.h"
#include "preference.h"
#include "run.h"
#include "set.h"
#include "words.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned int count;    /* of initialisations */
static unsigned int calls;    /* under way */
static bool changing;         /* the first initialisation is under way, or the last one's end */
static struct accel_ctx *ctx; /* from the first to the last */

/*
 * Processes
 */

static bool used;     /* there was an initialisation */
static bool is_child; /* of a process that had one */

static void
note_child(void)
{
	is_child = used;
}

static void __attribute__((constructor))
watch_forks(void)
{
	pthread_atfork(NULL, NULL, note_child);
}

static int
check_process(void)
{
	if (!is_child)
		return 0;
	TELL("a child of fork() cannot use its parent's ENN: exec a program, or fork before "
			"EnnInitialize()");
	return -ECHILD;
}

/*
 * The device
 */

/* Get a device's context when it runs programs: 0; -ENODEV when not; or another error, logged. */
static int
try_device(const char *spec, struct accel_ctx **found)
{
	struct accel_dev_info info;
	struct accel_ctx *got;
	int ret = accel_ctx_get(spec, &got);

	if (ret != 0)
		return ret;
	ret = accel_dev_info_get(accel_ctx_dev_id(got), &info);
	if (ret == 0 && (info.op_types & ACCEL_OP_BIT(ACCEL_OP_RUN)) == 0)
		ret = -ENODEV;
	if (ret != 0)
		accel_ctx_put(got);
	else
		*found = got;
	return ret;
}

static void
tell_none(char **specs, int n)
{
	char names[256] = "";
	size_t len = 0;
	int i;

	for (i = 0; i < n && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", specs[i]);
	if (n == 0)
		TELL("there is no device: set ACCELDEV_DEVICES, or bind an NPU to vfio-pci");
	else
		TELL("none of%s%s runs models: name a device that does in ACCELDEV_DEVICES, or "
				"bind an NPU to vfio-pci", names, len < sizeof(names) ? "" : "...");
}

static int
open_device(struct accel_ctx **found)
{
	int i, ret = -ENODEV, n;
	char **specs = NULL;

	n = accel_auto_specs("npu", &specs);
	if (n < 0) {
		TELL("no memory for the list of devices");
		return -ENOMEM;
	}
	for (i = 0; i < n && ret == -ENODEV; i++)
		ret = try_device(specs[i], found);
	if (ret == -ENODEV)
		tell_none(specs, n);
	free(specs);
	return ret;
}

/*
 * From the first initialisation to the end of the last one. The lock is held.
 */

static int
first_init(void)
{
	struct accel_ctx *found = NULL;
	int ret;

	changing = true;
	pthread_mutex_unlock(&lock);
	ret = open_device(&found);
	pthread_mutex_lock(&lock);
	changing = false;
	ctx = found;
	count = ret == 0 ? 1 : 0;
	pthread_cond_broadcast(&changed);
	return ret;
}

static void
last_fini(void)
{
	changing = true;
	while (calls != 0)
		pthread_cond_wait(&changed, &lock);
	enn_model_close_all();
	enn_set_end_all();
	enn_buffer_end_all();
	enn_preference_reset();
	enn_run_stop();
	accel_ctx_put(ctx);
	ctx = NULL;
	changing = false;
	pthread_cond_broadcast(&changed);
}

int
enn_life_init(void)
{
	int ret = check_process();

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&lock);
	used = true;
	while (changing)
		pthread_cond_wait(&changed, &lock);
	if (count != 0)
		count++;
	else
		ret = first_init();
	pthread_mutex_unlock(&lock);
	return ret;
}

static int
tell_not_connected(void)
{
	TELL("not initialised: call EnnInitialize() first");
	return -ENOTCONN;
}

int
enn_life_fini(void)
{
	int ret = check_process();
	bool none;

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&lock);
	while (changing)
		pthread_cond_wait(&changed, &lock);
	none = count == 0;
	if (!none && --count == 0)
		last_fini();
	pthread_mutex_unlock(&lock);
	return none ? tell_not_connected() : 0;
}

/*
 * Calls
 */

int
enn_begin(void)
{
	int ret = check_process();

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&lock);
	if (count != 0) {
		calls++;
		return 0;
	}
	pthread_mutex_unlock(&lock);
	return tell_not_connected();
}

int
enn_end(int ret)
{
	if (--calls == 0 && changing)
		pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return ret;
}

void
enn_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

void
enn_lock(void)
{
	pthread_mutex_lock(&lock);
}

void
enn_wait(pthread_cond_t *cond)
{
	pthread_cond_wait(cond, &lock);
}

struct accel_ctx *
enn_ctx(void)
{
	return ctx;
}

uint16_t
enn_dev_id(void)
{
	return accel_ctx_dev_id(ctx);
}
