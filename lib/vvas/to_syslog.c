/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "to_syslog.h"

#include <syslog.h>

void
to_syslog(uint32_t level, const char *text)
{
	static const int priorities[] = { LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

	syslog(LOG_USER | priorities[level <= 3 ? level : 3], "%s", text);
}
