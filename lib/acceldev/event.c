/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_event.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "health.h"
#include "watch.h"

/* The application's callbacks. */

struct callback {
	TAILQ_ENTRY(callback) node;
	uint16_t dev_id;
	uint32_t serial; /* of the device's probe; none for ACCEL_DEV_ALL */
	uint64_t born;   /* number of its registration */
	accel_event_cb_t cb;
	void *arg;
	bool running;
	bool ended;      /* is called no more */
	bool orphan;     /* and was ended from inside: who calls it frees it */
};

static pthread_mutex_t callbacks_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t returned = PTHREAD_COND_INITIALIZER;
static bool delivering; /* a control thread that ends may still be at it when the next one begins */
static uint64_t nb_born;
static TAILQ_HEAD(, callback) callbacks = TAILQ_HEAD_INITIALIZER(callbacks);

/*
 * Calling
 */

static bool
is_for(const struct callback *c, uint16_t dev_id, uint32_t serial)
{
	if (c->ended)
		return false;
	return c->dev_id == ACCEL_DEV_ALL || (c->dev_id == dev_id && c->serial == serial);
}

/* The lock is held, and dropped meanwhile. */
static void
call(struct callback *c, uint16_t dev_id, enum accel_event event)
{
	c->running = true;
	pthread_mutex_unlock(&callbacks_lock);
	c->cb(dev_id, event, c->arg);
	pthread_mutex_lock(&callbacks_lock);
	c->running = false;
	pthread_cond_broadcast(&returned);
}

static void
remove_callback(struct callback *c)
{
	TAILQ_REMOVE(&callbacks, c, node);
	free(c);
}

void
event_deliver(uint16_t dev_id, uint32_t serial, enum accel_event event)
{
	struct callback *c, *next;
	uint64_t last;

	pthread_mutex_lock(&callbacks_lock);
	while (delivering)
		pthread_cond_wait(&returned, &callbacks_lock);
	delivering = true;
	last = nb_born; /* who is registered by a callback is told of what comes after this */
	for (c = TAILQ_FIRST(&callbacks); c != NULL; c = next) {
		if (c->born <= last && is_for(c, dev_id, serial))
			call(c, dev_id, event);
		next = TAILQ_NEXT(c, node);
		if (c->orphan)
			remove_callback(c);
	}
	delivering = false;
	pthread_cond_broadcast(&returned);
	pthread_mutex_unlock(&callbacks_lock);
}

/*
 * Registration
 */

static struct callback *
find(uint16_t dev_id, uint32_t serial, accel_event_cb_t cb, const void *arg)
{
	struct callback *c;

	TAILQ_FOREACH(c, &callbacks, node) {
		if (!c->ended && c->dev_id == dev_id && c->serial == serial && c->cb == cb &&
				c->arg == arg)
			return c;
	}
	return NULL;
}

static int
insert(struct callback *c)
{
	int ret = 0;

	pthread_mutex_lock(&callbacks_lock);
	if (find(c->dev_id, c->serial, c->cb, c->arg) != NULL) {
		ret = -EEXIST;
	} else {
		c->born = ++nb_born;
		TAILQ_INSERT_TAIL(&callbacks, c, node);
	}
	pthread_mutex_unlock(&callbacks_lock);
	if (ret != 0)
		ACCEL_LOG(ERR, device, "device %u: this function with this argument is told of its "
				"events already", c->dev_id);
	return ret;
}

static int
add(uint16_t dev_id, uint32_t serial, accel_event_cb_t cb, void *arg)
{
	struct callback *c;
	int ret = control_get();

	if (ret != 0)
		return ret;
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		control_put(false);
		ACCEL_LOG(ERR, device, "device %u: no memory for a callback", dev_id);
		return -ENOMEM;
	}
	c->dev_id = dev_id;
	c->serial = serial;
	c->cb = cb;
	c->arg = arg;
	ret = insert(c);
	if (ret != 0) {
		free(c);
		control_put(false);
	}
	return ret;
}

int
accel_event_register(uint16_t dev_id, accel_event_cb_t cb, void *arg)
{
	struct accel_dev_internal *slot;
	int ret;

	if (cb == NULL) {
		ACCEL_LOG(ERR, device, "device %u: the callback is NULL: pass a function", dev_id);
		return -EINVAL;
	}
	if (dev_id == ACCEL_DEV_ALL)
		return add(dev_id, 0, cb, arg);
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = add(dev_id, slot->serial, cb, arg);
	dev_unlock(slot);
	return ret;
}

/* The lock is held, and dropped while the function runs. */
static void
end(struct callback *c)
{
	c->ended = true;
	if (c->running && control_is_self()) {
		c->orphan = true;
		return;
	}
	while (c->running)
		pthread_cond_wait(&returned, &callbacks_lock);
	remove_callback(c);
}

static struct callback *
find_of(uint16_t dev_id, accel_event_cb_t cb, const void *arg)
{
	struct callback *c;

	TAILQ_FOREACH(c, &callbacks, node) {
		if (!c->ended && c->dev_id == dev_id && c->cb == cb && c->arg == arg)
			return c;
	}
	return NULL;
}

int
accel_event_unregister(uint16_t dev_id, accel_event_cb_t cb, void *arg)
{
	struct callback *c;

	pthread_mutex_lock(&callbacks_lock);
	c = find_of(dev_id, cb, arg);
	if (c != NULL)
		end(c);
	pthread_mutex_unlock(&callbacks_lock);
	if (c == NULL) {
		ACCEL_LOG(ERR, device, "device %u: this function with this argument is not told of its "
				"events: nothing to end", dev_id);
		return -ENOENT;
	}
	control_put(true);
	return 0;
}

static struct callback *
find_any(uint16_t dev_id, uint32_t serial)
{
	struct callback *c;

	TAILQ_FOREACH(c, &callbacks, node) {
		if (!c->ended && c->dev_id == dev_id && c->serial == serial)
			return c;
	}
	return NULL;
}

void
event_drop(uint16_t dev_id, uint32_t serial)
{
	struct callback *c;
	unsigned int n = 0;

	pthread_mutex_lock(&callbacks_lock);
	for (; (c = find_any(dev_id, serial)) != NULL; n++)
		end(c);
	pthread_mutex_unlock(&callbacks_lock);
	for (; n > 0; n--)
		control_put(true);
}
