/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_API_PUBLIC_NDK_V1_HPP
#define ENN_API_PUBLIC_NDK_V1_HPP

/**
 * @file
 * The ENN API for C++ by the name that the NDK has for it, with the numbering of 2023.
 */

#include "enn_api-type_ndk_v1.h"

#include "enn_api-public.hpp"

#endif
