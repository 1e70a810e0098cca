/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "words.h"

RTE_LOG_REGISTER(enn_logtype, acceldev.enn, NOTICE)
