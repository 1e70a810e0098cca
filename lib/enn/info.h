/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_INFO_H
#define ENN_INFO_H

/**
 * @file
 * Calls that tell about models and versions: 0 or negative errno, logged.
 */

#include "enn_api-type.h"

int enn_info_count(EnnModelId id, NumberOfBuffersInfo *out);
int enn_info_at(EnnModelId id, enn_buf_dir_e direction, uint32_t index, EnnBufferInfo *out);
int enn_info_named(EnnModelId id, const char *label, EnnBufferInfo *out);
int enn_info_meta(EnnMetaTypeId type, EnnModelId id, char *text);

#endif
