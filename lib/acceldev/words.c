/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_dev.h>
#include <acceldev/accel_event.h>

#include <errno.h>
#include <stddef.h>

/* Errors, statuses and events in words. */

static const struct {
	int err;
	const char *text;
} errors[] = {
	{ 0, "success" },
	{ EINVAL, "invalid argument" },
	{ ENODEV, "no such device" },
	{ ENOENT, "not found" },
	{ EEXIST, "exists already, or is mapped already" },
	{ ENOSPC, "no room left: table, map entries or addresses are used up" },
	{ ENOMEM, "out of memory, or over the limit on locked memory" },
	{ EBUSY, "in use" },
	{ EPERM, "not in this state" },
	{ EALREADY, "done already" },
	{ ENOTSUP, "not supported" },
	{ EFAULT, "memory that cannot be reached" },
	{ EACCES, "no permission" },
	{ ERANGE, "outside the usable addresses" },
	{ EADDRINUSE, "address is in use elsewhere" },
	{ EIO, "device or driver failed" },
	{ EPROTO, "driver does not fit this library" },
	{ EBADF, "not an open file descriptor" },
	{ EMFILE, "no file descriptor left" },
	{ ECANCELED, "stopped meanwhile" },
	{ ETIMEDOUT, "not done in time" },
	{ EAGAIN, "try again" },
	{ EDQUOT, "EAL has no heap or memory list left" },
};

const char *
accel_strerror(int err)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].err == -err)
			return errors[i].text;
	}
	return "unknown error";
}

const char *
accel_status_str(uint8_t status)
{
	static const char *const texts[ACCEL_STATUS_MAX] = {
		[ACCEL_STATUS_SUCCESS] = "success",
		[ACCEL_STATUS_INVALID] = "invalid",
		[ACCEL_STATUS_BAD_ADDRESS] = "bad address",
		[ACCEL_STATUS_PERMISSION] = "permission",
		[ACCEL_STATUS_LENGTH] = "length",
		[ACCEL_STATUS_DEVICE_ERROR] = "device error",
		[ACCEL_STATUS_REMOVED] = "removed",
		[ACCEL_STATUS_ABORTED] = "aborted",
		[ACCEL_STATUS_DEADLINE] = "deadline",
	};

	return status < ACCEL_STATUS_MAX ? texts[status] : "unknown status";
}

const char *
accel_event_str(enum accel_event event)
{
	static const char *const texts[] = {
		[ACCEL_EVENT_ERROR] = "error",
		[ACCEL_EVENT_REMOVING] = "removing",
		[ACCEL_EVENT_GONE] = "gone",
		[ACCEL_EVENT_READY] = "ready",
	};

	return (unsigned int)event <= ACCEL_EVENT_READY ? texts[event] : "unknown event";
}

const char *
accel_health_str(enum accel_dev_health health)
{
	static const char *const texts[] = {
		[ACCEL_DEV_READY] = "ready",
		[ACCEL_DEV_ERROR] = "error",
		[ACCEL_DEV_REMOVING] = "removing",
		[ACCEL_DEV_GONE] = "gone",
	};

	return (unsigned int)health <= ACCEL_DEV_GONE ? texts[health] : "unknown health";
}
