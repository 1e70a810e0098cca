/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_SESSION_H
#define ENN_SESSION_H

/**
 * @file
 * Calls that give sessions their buffers: 0 or negative errno, logged.
 */

#include <stdbool.h>

#include "enn_api-type.h"

/** Have so many: all are there, so that it is only looked whether they are enough. */
int enn_session_count(EnnModelId id, int n);
int enn_session_set_at(EnnModelId id, enn_buf_dir_e direction, uint32_t index, EnnBufferPtr pub,
		int number);
int enn_session_set_named(EnnModelId id, const char *label, EnnBufferPtr pub, int number);
int enn_session_set_all(EnnModelId id, EnnBufferPtr *pubs, int32_t n, int number);
int enn_session_unset(EnnModelId id, int number);
int enn_session_commit(EnnModelId id, int number);
int enn_session_uncommit(EnnModelId id, int number);
int enn_session_allocate(EnnModelId id, EnnBufferPtr **out, NumberOfBuffersInfo *info, int number,
		bool commit);

#endif
