/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef GLUE_LOG_H
#define GLUE_LOG_H

/**
 * @file
 * Log types, one per component: "acceldev.bus", "acceldev.hugemem", "acceldev.iospace",
 * "acceldev.model", "acceldev.device", "acceldev.buffer", "acceldev.driver". EAL's --log-level sets
 * their levels.
 */

#include <stdbool.h>

#include <rte_log.h>

extern int accel_logtype_bus;
extern int accel_logtype_hugemem;
extern int accel_logtype_iospace;
extern int accel_logtype_model;
extern int accel_logtype_device;
extern int accel_logtype_buffer;
extern int accel_logtype_driver;

/** Log one line: ACCEL_LOG(ERR, device, "what: %s", ...). No newline. */
/** Set while a thread's calls are to log nothing; see accel_log_quiet(). */
extern __thread bool glue_log_quiet;

#define ACCEL_LOG(level, component, fmt, ...)                                                      \
	do {                                                                                       \
		if (!glue_log_quiet)                                                               \
			rte_log(RTE_LOG_##level, accel_logtype_##component,                        \
					"acceldev: " fmt "\n", ##__VA_ARGS__);                     \
	} while (0)

#endif
