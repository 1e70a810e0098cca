/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/event.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "handle.h"

/* What fpga_event_handle names. */
struct event {
	struct object object;
	pthread_mutex_t lock;
	int fd;             /* -1 until it is registered for the first time */
	fpga_handle handle; /* that it is registered with, or NULL */
	uint32_t vector;
};

/* MSI-X, or what the accelerator has instead. */
static enum accel_irq
kind_of(uint16_t dev_id)
{
	return accel_irq_count(dev_id, ACCEL_IRQ_MSIX) > 0 ? ACCEL_IRQ_MSIX : ACCEL_IRQ_MSI;
}

static void
silence(const struct event *event)
{
	struct handle *h = object_get(event->handle, OBJECT_HANDLE);
	const int none = -1;

	if (h == NULL)
		return; /* closed meanwhile, and its interrupts with it */
	accel_irq_set(h->dev_id, kind_of(h->dev_id), event->vector, 1, &none);
	object_put(h);
}

static void
free_event(struct object *object)
{
	struct event *event = (struct event *)object;

	if (event->handle != NULL)
		silence(event);
	if (event->fd >= 0)
		close(event->fd);
	pthread_mutex_destroy(&event->lock);
	free(event);
}

fpga_result
fpgaCreateEventHandle(fpga_event_handle *event_handle)
{
	struct event *event;
	void *id;

	if (event_handle == NULL)
		return FPGA_INVALID_PARAM;
	event = calloc(1, sizeof(*event));
	if (event == NULL)
		return FPGA_NO_MEMORY;
	event->fd = -1;
	pthread_mutex_init(&event->lock, NULL);
	id = object_add(&event->object, OBJECT_EVENT, free_event);
	if (id == NULL) {
		free_event(&event->object);
		return FPGA_NO_MEMORY;
	}
	*event_handle = id;
	return FPGA_OK;
}

fpga_result
fpgaDestroyEventHandle(fpga_event_handle *event_handle)
{
	struct event *event = event_handle != NULL ?
			object_remove(*event_handle, OBJECT_EVENT) : NULL;

	if (event == NULL)
		return FPGA_INVALID_PARAM;
	object_put(event);
	*event_handle = NULL;
	return FPGA_OK;
}

fpga_result
fpgaGetOSObjectFromEventHandle(const fpga_event_handle eh, int *fd)
{
	struct event *event = fd != NULL ? object_get(eh, OBJECT_EVENT) : NULL;
	fpga_result ret = FPGA_INVALID_PARAM;

	if (event == NULL)
		return ret;
	pthread_mutex_lock(&event->lock);
	if (event->fd >= 0) {
		*fd = event->fd;
		ret = FPGA_OK;
	}
	pthread_mutex_unlock(&event->lock);
	object_put(event);
	return ret;
}

/*
 * Registration. The event's lock is held.
 */

static fpga_result
connect_vector(struct event *event, const struct handle *h, fpga_handle handle, uint32_t vector)
{
	uint32_t count = h->acc->num_irqs;

	if (count == 0)
		return FPGA_NOT_SUPPORTED;
	if (vector >= count)
		return FPGA_EXCEPTION;
	if (event->fd < 0)
		event->fd = eventfd(0, EFD_CLOEXEC);
	if (event->fd < 0 || accel_irq_set(h->dev_id, kind_of(h->dev_id), vector, 1,
			&event->fd) != 0)
		return FPGA_EXCEPTION;
	event->handle = handle;
	event->vector = vector;
	return FPGA_OK;
}

/* Events that somebody is told of by this device, or may be by others. */
static fpga_result
check_type(fpga_event_type type)
{
	switch (type) {
	case FPGA_EVENT_INTERRUPT:
		return FPGA_OK;
	case FPGA_EVENT_ERROR:
	case FPGA_EVENT_POWER_THERMAL:
		return FPGA_NOT_SUPPORTED;
	default:
		return FPGA_EXCEPTION;
	}
}

/* Whether it is registered. The handle that it was registered with may be closed meanwhile. */
static bool
is_registered(struct event *event)
{
	struct handle *h = object_get(event->handle, OBJECT_HANDLE);

	if (h == NULL)
		return false;
	object_put(h);
	return true;
}

static fpga_result
change(fpga_handle handle, fpga_event_type type, fpga_event_handle event_handle, uint32_t vector,
		bool begin)
{
	struct handle *h = object_get(handle, OBJECT_HANDLE);
	struct event *event = h != NULL ? object_get(event_handle, OBJECT_EVENT) : NULL;
	fpga_result ret = FPGA_INVALID_PARAM;

	if (event != NULL) {
		pthread_mutex_lock(&event->lock);
		ret = check_type(type);
		if (ret == FPGA_OK && (begin ? is_registered(event) : event->handle != handle))
			ret = FPGA_INVALID_PARAM;
		if (ret == FPGA_OK && begin) {
			ret = connect_vector(event, h, handle, vector);
		} else if (ret == FPGA_OK) {
			silence(event);
			event->handle = NULL;
		}
		pthread_mutex_unlock(&event->lock);
		object_put(event);
	}
	if (h != NULL)
		object_put(h);
	return ret;
}

fpga_result
fpgaRegisterEvent(fpga_handle handle, fpga_event_type event_type, fpga_event_handle event_handle,
		uint32_t flags)
{
	return change(handle, event_type, event_handle, flags, true);
}

fpga_result
fpgaUnregisterEvent(fpga_handle handle, fpga_event_type event_type,
		fpga_event_handle event_handle)
{
	return change(handle, event_type, event_handle, 0, false);
}
