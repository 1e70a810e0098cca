/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_MEMORY_IMPL_H
#define VVAS_MEMORY_IMPL_H

#include <vvas_core/vvas_memory_priv.h>

#include "context.h"
#include "storage.h"
#include "view.h"

/** What VvasMemory is. */
struct memory {
	VvasMemoryPrivate pub;
	struct live live;
	struct context *ctx;    /* held */
	struct storage storage; /* nothing: the caller's data */
	struct view view;
};

/** Find a memory, and hold it; NULL when it is none, which is logged. */
struct memory *memory_get(const VvasMemory *mem);

/** Let go of it. */
void memory_put(struct memory *mem);

#endif
