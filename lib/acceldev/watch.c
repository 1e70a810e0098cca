/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "watch.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_lcore.h>

#include <eal_glue/compat.h>

#include "health.h"

struct control {
	pthread_t thread;
	int epfd;
	int wakefd;
	bool quit;     /* under watch_lock, as the next */
	bool detached; /* nobody waits for the end: it frees itself */
};

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t let_go = PTHREAD_COND_INITIALIZER;
static struct control *control;            /* the one that runs */
static unsigned int control_users;
static struct accel_dev_internal *handled; /* the device that it works on, without any lock */
static __thread bool is_control;

/* What an event of epoll carries: the device, the probe that it belongs to, and its interrupt. */
#define WAKE UINT64_MAX

static uint32_t
serial_of(const struct accel_dev_internal *slot)
{
	return __atomic_load_n(&slot->serial, __ATOMIC_RELAXED);
}

static uint64_t
key_of(const struct accel_dev_internal *slot, enum bus_irq irq)
{
	return (uint64_t)serial_of(slot) << 32 | (uint64_t)slot->data.dev_id << 8 | (uint64_t)irq;
}

/*
 * What the control thread does
 */

/* Keep a device from being closed; NULL when it is closed, or another one has its place. */
static struct accel_dev_internal *
pin(uint16_t dev_id, uint32_t serial)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];

	pthread_mutex_lock(&watch_lock);
	if (slot->watch.on && serial_of(slot) == serial)
		handled = slot;
	else
		slot = NULL;
	pthread_mutex_unlock(&watch_lock);
	return slot;
}

static void
unpin(void)
{
	pthread_mutex_lock(&watch_lock);
	handled = NULL;
	pthread_cond_broadcast(&let_go);
	pthread_mutex_unlock(&watch_lock);
}

static void
deliver_told(struct accel_dev_internal *slot)
{
	enum accel_event event;
	uint32_t serial;

	while (health_next_turn(slot, &serial, &event))
		event_deliver(slot->data.dev_id, serial, event);
}

static void
handle_removal(uint16_t dev_id, uint32_t serial)
{
	struct accel_dev_internal *slot = pin(dev_id, serial);
	bool changed;

	if (slot == NULL)
		return;
	changed = health_remove(slot);
	unpin();
	if (!changed)
		return;
	deliver_told(slot); /* what came before */
	event_deliver(dev_id, serial, ACCEL_EVENT_REMOVING);
	slot = pin(dev_id, serial);
	if (slot == NULL)
		return; /* closed by a callback */
	changed = health_release(slot);
	unpin();
	if (changed)
		event_deliver(dev_id, serial, ACCEL_EVENT_GONE);
}

static void
handle_error(uint16_t dev_id, uint32_t serial)
{
	struct accel_dev_internal *slot = pin(dev_id, serial);

	if (slot == NULL)
		return;
	health_fail(slot);
	unpin();
}

/* Interrupts are edges: their eventfds need not be read. */
static void
handle(const struct control *ctl, uint64_t key)
{
	uint16_t dev_id = (uint16_t)(key >> 8 & 0xffff);
	eventfd_t n;

	if (key == WAKE)
		eventfd_read(ctl->wakefd, &n);
	else if ((key & 0xff) == BUS_IRQ_REQ)
		handle_removal(dev_id, (uint32_t)(key >> 32));
	else
		handle_error(dev_id, (uint32_t)(key >> 32));
}

static void
deliver_all_told(void)
{
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_DEVS; i++)
		deliver_told(&dev_slots[i]);
}

/*
 * The thread
 */

static void
free_control(struct control *ctl)
{
	if (ctl->wakefd >= 0)
		close(ctl->wakefd);
	if (ctl->epfd >= 0)
		close(ctl->epfd);
	free(ctl);
}

static bool
must_quit(const struct control *ctl)
{
	bool quit;

	pthread_mutex_lock(&watch_lock);
	quit = ctl->quit;
	pthread_mutex_unlock(&watch_lock);
	return quit;
}

static uint32_t
run_control(void *arg)
{
	struct control *ctl = arg;
	struct epoll_event event;

	is_control = true;
	while (!must_quit(ctl)) {
		if (epoll_wait(ctl->epfd, &event, 1, -1) == 1)
			handle(ctl, event.data.u64);
		if (!must_quit(ctl))
			deliver_all_told();
	}
	if (ctl->detached)
		free_control(ctl);
	return 0;
}

static int
open_control(struct control *ctl)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = WAKE };
	int ret;

	ctl->epfd = epoll_create1(EPOLL_CLOEXEC);
	ctl->wakefd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ctl->epfd < 0 || ctl->wakefd < 0 ||
			epoll_ctl(ctl->epfd, EPOLL_CTL_ADD, ctl->wakefd, &event) != 0)
		return -errno;
	ret = compat_ctrl_thread(&ctl->thread, "accel-control", run_control, ctl);
	return ret;
}

static int
check_eal(void)
{
	if (rte_lcore_count() != 0)
		return 0;
	ACCEL_LOG(ERR, device, "events: EAL is not initialised: call rte_eal_init() first");
	return -ENODEV;
}

static int
start_control(void)
{
	struct control *ctl = calloc(1, sizeof(*ctl));
	unsigned int i;
	int ret = -ENOMEM;

	for (i = 0; i < ACCEL_MAX_DEVS; i++)
		health_forget_turns(&dev_slots[i]);
	if (ctl != NULL) {
		ret = open_control(ctl);
		if (ret == 0) {
			control = ctl;
			return 0;
		}
		free_control(ctl);
	}
	ACCEL_LOG(ERR, device, "no control thread can be started: %s: raise RLIMIT_NOFILE or "
			"RLIMIT_NPROC", strerror(-ret));
	return ret;
}

int
control_get(void)
{
	int ret = 0;

	pthread_mutex_lock(&watch_lock);
	if (control_users == 0)
		ret = check_eal();
	if (ret == 0 && control_users == 0)
		ret = start_control();
	if (ret == 0)
		control_users++;
	pthread_mutex_unlock(&watch_lock);
	return ret;
}

void
control_put(bool wait)
{
	struct control *ctl = NULL;

	pthread_mutex_lock(&watch_lock);
	if (--control_users == 0) {
		ctl = control;
		control = NULL;
		ctl->quit = true;
		ctl->detached = !wait || is_control;
		eventfd_write(ctl->wakefd, 1);
		if (ctl->detached) {
			pthread_detach(ctl->thread);
			ctl = NULL;
		}
	}
	pthread_mutex_unlock(&watch_lock);
	if (ctl == NULL)
		return;
	pthread_join(ctl->thread, NULL);
	free_control(ctl);
}

bool
control_is_self(void)
{
	return is_control;
}

/*
 * Devices
 */

static const enum bus_irq watched[WATCHES] = { BUS_IRQ_ERR, BUS_IRQ_REQ };

static bool
has_irq(const struct accel_dev_internal *slot, enum bus_irq irq)
{
	struct bus_irq_info info;

	return slot->bus->ops->irq_set != NULL &&
			slot->bus->ops->irq_info(slot->bus, irq, &info) == 0 && info.count > 0;
}

static int
watch_irq(struct accel_dev_internal *slot, enum bus_irq irq, int *fd_out)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u64 = key_of(slot, irq) };
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int ret;

	if (fd < 0)
		return -errno;
	*fd_out = fd;
	if (epoll_ctl(control->epfd, EPOLL_CTL_ADD, fd, &event) != 0)
		return -errno;
	ret = slot->bus->ops->irq_set(slot->bus, irq, 0, 1, &fd);
	return ret;
}

static void
unwatch_irqs(struct accel_dev_internal *slot)
{
	unsigned int i;

	for (i = 0; i < WATCHES; i++) {
		if (slot->watch.fds[i] < 0)
			continue;
		slot->bus->ops->irq_set(slot->bus, watched[i], 0, 0, NULL);
		/*
		 * A child process may have it too: then closing does not take it out of the epoll.
		 */
		epoll_ctl(control->epfd, EPOLL_CTL_DEL, slot->watch.fds[i], NULL);
		close(slot->watch.fds[i]);
		slot->watch.fds[i] = -1;
	}
}

static int
watch_irqs(struct accel_dev_internal *slot)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < WATCHES && ret == 0; i++) {
		if (has_irq(slot, watched[i]))
			ret = watch_irq(slot, watched[i], &slot->watch.fds[i]);
	}
	if (ret != 0)
		ACCEL_LOG(ERR, device, "%s: its removal cannot be watched: %s: raise RLIMIT_NOFILE",
				slot->data.name, strerror(-ret));
	return ret;
}

int
watch_begin(struct accel_dev_internal *slot)
{
	int ret;

	memset(slot->watch.fds, 0xff, sizeof(slot->watch.fds));
	if (!has_irq(slot, BUS_IRQ_REQ) && !has_irq(slot, BUS_IRQ_ERR))
		return 0;
	ret = control_get();
	if (ret != 0)
		return ret;
	pthread_mutex_lock(&watch_lock);
	slot->watch.on = true;
	ret = watch_irqs(slot);
	pthread_mutex_unlock(&watch_lock);
	if (ret == 0 || !watch_end(slot))
		return ret;
	control_put(false);
	return ret;
}

bool
watch_end(struct accel_dev_internal *slot)
{
	bool was_on;

	pthread_mutex_lock(&watch_lock);
	was_on = slot->watch.on;
	slot->watch.on = false;
	while (handled == slot) /* never by the caller, which may be the control thread */
		pthread_cond_wait(&let_go, &watch_lock);
	pthread_mutex_unlock(&watch_lock);
	if (was_on)
		unwatch_irqs(slot);
	return was_on;
}

void
watch_tell(void)
{
	pthread_mutex_lock(&watch_lock);
	if (control != NULL)
		eventfd_write(control->wakefd, 1);
	pthread_mutex_unlock(&watch_lock);
}
