/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_API_TYPE_NDK_V1_H
#define ENN_API_TYPE_NDK_V1_H

/**
 * @file
 * Types of the ENN API as the NDK has them: with the numbering of 2023.
 */

#ifndef ACCELDEV_ENN_RETURN
#define ACCELDEV_ENN_RETURN 1
#endif

#include "enn_api-type.h"

#endif
