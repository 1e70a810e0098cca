/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_TO_SYSLOG_H
#define VVAS_TO_SYSLOG_H

#include <stdint.h>

/** Give a line to syslog. In a file of its own, because syslog.h has LOG_INFO and others too. */
void to_syslog(uint32_t level, const char *text);

#endif
