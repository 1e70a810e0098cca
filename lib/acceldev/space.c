/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "space.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <eal_glue/glue_log.h>

static struct space spaces[ACCEL_MAX_DEVS];
static pthread_mutex_t spaces_lock = PTHREAD_MUTEX_INITIALIZER;

static void __attribute__((constructor))
init_spaces(void)
{
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++)
		heap_init(&spaces[i].heap);
}

/* There are as many spaces as devices, so one is always unused. */
static struct space *
find_space(const char *share)
{
	struct space *unused = NULL;
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++) {
		if (spaces[i].users == 0)
			unused = &spaces[i];
		else if (share != NULL && strcmp(spaces[i].name, share) == 0)
			return &spaces[i];
	}
	return unused;
}

static void
begin_space(struct space *space, const struct space_conf *conf, struct iospace *ios)
{
	const struct heap_conf hc = {
		.socket = conf->socket,
		.name = conf->share != NULL ? conf->share : conf->attach.name,
		.backing = conf->backing,
		.ios = ios,
	};

	snprintf(space->name, sizeof(space->name), "%s", conf->share != NULL ? conf->share : "");
	space->ios = ios;
	heap_open(&space->heap, &hc);
}

/* The window of a space to which a device is set: that of the memory which is mapped, or any. */
static void
choose_window(const struct space *space, const struct space_conf *conf,
		struct addrspace_range *window)
{
	unsigned int bits = conf->window_bits;
	struct iospace_entry mapped;

	if (iospace_next(space->ios, window->first, &mapped) == 0 &&
			mapped.iova >> bits <= window->last >> bits)
		window->first = window->last = mapped.iova;
	iospace_pick_window(window, bits, conf->dev_id);
}

/* What of a space that others made the device reaches. A new one chooses itself. */
static int
clip_window(const struct space *space, const struct space_conf *conf,
		struct addrspace_range *window)
{
	struct iospace_stats stats;

	iospace_stats_get(space->ios, &stats);
	if (window->first < stats.usable.first)
		window->first = stats.usable.first;
	if (window->last > stats.usable.last)
		window->last = stats.usable.last;
	if (window->first <= window->last)
		return 0;
	ACCEL_LOG(ERR, device, "%s: reaches none of 0x%" PRIx64 "-0x%" PRIx64 ", the IOVAs of "
			"iospace=%s: open it before the other devices, or in another one",
			conf->attach.name, stats.usable.first, stats.usable.last, space->name);
	return -ERANGE;
}

static int
find_window(const struct space *space, const struct space_conf *conf,
		struct addrspace_range *window)
{
	int ret;

	if (space->users == 0)
		return 0;
	ret = clip_window(space, conf, window);
	if (ret == 0 && conf->window_bits != 0)
		choose_window(space, conf, window);
	return ret;
}

int
space_join(const struct space_conf *conf, struct space **space_out)
{
	struct bus_attach_conf attach = conf->attach;
	struct space *space;
	struct iospace *ios;
	int ret;

	pthread_mutex_lock(&spaces_lock);
	space = find_space(conf->share);
	attach.shared = space->users != 0 ? space->ios : NULL;
	attach.window_bits = conf->window_bits;
	attach.window_number = conf->dev_id;
	ret = find_window(space, conf, &attach.window);
	if (ret == 0)
		ret = conf->bus->ops->attach(conf->bus, &attach, &ios);
	if (ret == 0) {
		if (space->users++ == 0)
			begin_space(space, conf, ios);
		heap_attach(&space->heap, conf->dev_id);
		*space_out = space;
	}
	pthread_mutex_unlock(&spaces_lock);
	return ret;
}

int
space_close_heap(struct space *space, uint16_t dev_id)
{
	return heap_detach(&space->heap, dev_id);
}

void
space_leave(struct space *space, struct bus_dev *bus)
{
	bool last;

	if (bus->ops->detach != NULL)
		bus->ops->detach(bus);
	pthread_mutex_lock(&spaces_lock);
	last = space->users == 1;
	if (last)
		space->name[0] = 0; /* nobody can join any more */
	else
		space->users--;
	pthread_mutex_unlock(&spaces_lock);
	if (!last)
		return;
	heap_close(&space->heap);
	iospace_destroy(space->ios);
	pthread_mutex_lock(&spaces_lock);
	space->users = 0;
	pthread_mutex_unlock(&spaces_lock);
}
