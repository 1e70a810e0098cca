/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCELDEV_H
#define ACCELDEV_H

/**
 * @file
 * All that an application needs. A driver includes <acceldev/accel_driver.h>.
 */

#include <acceldev/accel_auto.h>
#include <acceldev/accel_bank.h>
#include <acceldev/accel_buf.h>
#include <acceldev/accel_ctx.h>
#include <acceldev/accel_dev.h>
#include <acceldev/accel_eal.h>
#include <acceldev/accel_event.h>
#include <acceldev/accel_op.h>
#include <acceldev/accel_pool.h>
#include <acceldev/accel_program.h>
#include <acceldev/accel_reg.h>
#include <acceldev/accel_sync.h>
#include <acceldev/accel_xstats.h>

#endif
