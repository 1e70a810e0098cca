/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_CONTEXT_IMPL_H
#define VVAS_CONTEXT_IMPL_H

#include <acceldev/accel_ctx.h>
#include <vvas_core/vvas_context.h>

#include "live.h"

/** What VvasContext is the beginning of. */
struct context {
	VvasContext pub;
	struct live live;
	struct accel_ctx *accel; /* NULL: a software context */
};

/** Find a context, and hold it; NULL when it is none. */
struct context *context_get(const VvasContext *ctx);

/** Let go of it. */
void context_put(struct context *ctx);

#endif
