/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_API_PUBLIC_H
#define ENN_API_PUBLIC_H

/**
 * @file
 * The ENN API for C: functions give what they have to give through their last arguments. The
 * functions of the same names for C++ have other arguments: enn_api-public.hpp.
 */

#include "enn_api-type.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "enn_api-functions.h"

#ifdef __cplusplus
}
#endif

#endif
