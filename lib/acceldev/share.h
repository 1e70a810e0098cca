/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SHARE_H
#define SHARE_H

/**
 * @file
 * Ends what accel_buf_share() began, for the heap. Threads: any.
 */

#include <acceldev/accel_buf.h>

/**
 * Take a buffer away from all devices it was shared with: 0, or an error when one may still have
 * it.
 */
int shares_end(struct accel_buf *buf);

#endif
