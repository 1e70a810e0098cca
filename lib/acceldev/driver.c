/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_driver.h>

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eal_glue/glue_log.h>

#include "dev_slot.h"

RTE_LOG_REGISTER(accel_logtype_driver, acceldev.driver, NOTICE);

/* Drivers come from constructors, before main() and before EAL: the list needs no set-up. */
static pthread_mutex_t drivers_lock = PTHREAD_MUTEX_INITIALIZER;
static struct accel_driver *drivers;

/* A child process that ends unregisters drivers too, whose devices are its parent's. */
static pid_t loaded_in;

/* The process ends, and unregisters drivers whose devices it has left open, as it may. */
static bool exiting;

static void __attribute__((constructor))
note_process(void)
{
	loaded_in = getpid();
}

static void
note_exit(void)
{
	exiting = true;
}

/* Not from a constructor: what is registered there is called after the drivers' destructors. */
static void
watch_exit(void)
{
	(void)atexit(note_exit);
}

static bool
name_is_good(const char *name)
{
	const char *c;

	for (c = name; *c != 0; c++) {
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_')
			return false;
	}
	return c != name && c - name < ACCEL_NAME_MAX;
}

static struct accel_driver *
find_by_name(const char *name)
{
	struct accel_driver *d;

	for (d = drivers; d != NULL && strcmp(d->name, name) != 0; d = d->next)
		;
	return d;
}

static int
check_driver(const struct accel_driver *driver)
{
	if (driver == NULL) {
		ACCEL_LOG(ERR, driver, "driver is NULL: pass the struct accel_driver");
		return -EINVAL;
	}
	/* Nothing after abi is where we expect it when the versions differ. */
	if (driver->abi != ACCEL_DRIVER_ABI) {
		ACCEL_LOG(ERR, driver, "a driver was built for driver ABI %u, this library has %u: "
				"rebuild the driver", driver->abi, ACCEL_DRIVER_ABI);
		return -EPROTO;
	}
	if (driver->dma_bits > 64) {
		ACCEL_LOG(ERR, driver, "driver \"%s\": dma_bits is %u: an address has 64 bits at most",
				driver->name != NULL ? driver->name : "", driver->dma_bits);
		return -EINVAL;
	}
	if (driver->dma_window_bits != 0 &&
			(driver->dma_window_bits < 20 || driver->dma_window_bits > 63)) {
		ACCEL_LOG(ERR, driver, "driver \"%s\": dma_window_bits is %u: it must be 0 or 20 to 63",
				driver->name != NULL ? driver->name : "", driver->dma_window_bits);
		return -EINVAL;
	}
	if (driver->name == NULL || !name_is_good(driver->name) || driver->probe == NULL) {
		ACCEL_LOG(ERR, driver, "driver \"%s\": name and probe must be set, the name of letters, "
				"digits, - and _", driver->name != NULL ? driver->name : "");
		return -EINVAL;
	}
	return 0;
}

int
accel_driver_register(struct accel_driver *driver)
{
	int ret = check_driver(driver);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&drivers_lock);
	if (find_by_name(driver->name) != NULL) {
		ret = -EEXIST;
	} else {
		driver->nb_devs = 0;
		driver->next = drivers;
		drivers = driver;
	}
	pthread_mutex_unlock(&drivers_lock);
	if (ret != 0)
		ACCEL_LOG(ERR, driver, "driver \"%s\" is registered already: load it once, or rename it",
				driver->name);
	return ret;
}

int
accel_driver_unregister(struct accel_driver *driver)
{
	struct accel_driver **at;
	int ret = 0;

	pthread_mutex_lock(&drivers_lock);
	for (at = &drivers; *at != NULL && *at != driver; at = &(*at)->next)
		;
	if (*at == NULL)
		ret = -ENOENT;
	else if (driver->nb_devs != 0)
		ret = -EBUSY;
	else
		*at = driver->next;
	pthread_mutex_unlock(&drivers_lock);
	if (ret == -EBUSY && !exiting && getpid() == loaded_in)
		ACCEL_LOG(ERR, driver, "driver \"%s\" drives open devices: close them first",
				driver->name);
	return ret;
}

static bool
serves_id(const struct accel_driver *driver, const struct bus_id *id)
{
	const struct accel_id *at;

	for (at = driver->ids; at != NULL && at->vendor != 0; at++) {
		if (at->vendor == id->vendor && at->device == id->device)
			return true;
	}
	return false;
}

/* By name a driver can be given any function, but not one of the other kind. */
static bool
fits_bus(const struct accel_driver *driver, const char *bus)
{
	return driver->bus != NULL ? strcmp(driver->bus, bus) == 0 :
			driver->ids != NULL && strcmp(bus, "soft") != 0;
}

static struct accel_driver *
find_by_id(const char *bus, const struct bus_id *id)
{
	struct accel_driver *d;

	for (d = drivers; d != NULL; d = d->next) {
		if (fits_bus(d, bus) && serves_id(d, id))
			return d;
	}
	return NULL;
}

struct accel_driver *
driver_get(const char *bus, const struct bus_id *id, const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct accel_driver *d;

	pthread_once(&once, watch_exit);
	pthread_mutex_lock(&drivers_lock);
	if (name != NULL)
		d = find_by_name(name);
	else if (id->vendor != 0)
		d = find_by_id(bus, id);
	else
		d = find_by_name(bus); /* the default of a bus without ids is called as the bus */
	if (d != NULL && !fits_bus(d, bus))
		d = NULL;
	if (d != NULL)
		d->nb_devs++;
	pthread_mutex_unlock(&drivers_lock);
	return d;
}

void
driver_put(struct accel_driver *driver)
{
	pthread_mutex_lock(&drivers_lock);
	driver->nb_devs--;
	pthread_mutex_unlock(&drivers_lock);
}
