/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_ctx.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include <acceldev/accel_auto.h>
#include <acceldev/accel_dev.h>

#include "dev_slot.h"
#include "transfer.h"

/* How long other threads may be in calls on the device when its last user lets go. */
#define CLOSE_MS 100

struct accel_ctx {
	TAILQ_ENTRY(accel_ctx) node;
	unsigned int refs;         /* atomic; 0: it is being closed. From 1 to 0 under the lock only */
	uint16_t dev_id;
	unsigned int process;      /* dev_process() of who got it first */
	uint32_t serial;           /* of the device's probe */
	bool ours;                 /* probed here */
	bool left;                 /* by all, but it could not be closed */
	char asked[ACCEL_NAME_MAX]; /* name as in the spec, which may be a short form of the next */
	char name[ACCEL_NAME_MAX];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t closed = PTHREAD_COND_INITIALIZER;
static TAILQ_HEAD(, accel_ctx) contexts = TAILQ_HEAD_INITIALIZER(contexts);

/*
 * The device
 */

static int
start(uint16_t dev_id)
{
	const struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	struct accel_dev_info info;
	int ret = accel_dev_info_get(dev_id, &info);

	if (ret != 0 || info.max_qps == 0)
		return ret;
	ret = accel_dev_configure(dev_id, &conf);
	if (ret == 0) {
		service_lend(dev_id);
		ret = accel_qp_setup(dev_id, 0, NULL);
	}
	return ret == 0 ? accel_dev_start(dev_id) : ret;
}

/* Whether the device is still that of the context. */
static bool
has_device(const struct accel_ctx *ctx)
{
	struct accel_dev_internal *slot = dev_lock_quiet(ctx->dev_id);
	bool yes;

	if (slot == NULL)
		return false;
	yes = slot->serial == ctx->serial;
	dev_unlock(slot);
	return yes;
}

/* Whether nothing is left but somebody's short call, such as one that asks for an arena. */
static bool
may_close_soon(const struct accel_ctx *ctx)
{
	struct accel_dev_info info;

	return accel_dev_info_get(ctx->dev_id, &info) == 0 && info.live_bufs == 0;
}

/* 0 or the error of the close, logged; the device may have been closed by somebody else. */
static int
finish(const struct accel_ctx *ctx)
{
	struct accel_dev_info info;
	unsigned int ms;
	bool quiet;
	int ret;

	if (!has_device(ctx) || accel_dev_info_get(ctx->dev_id, &info) != 0)
		return 0;
	if (info.state == ACCEL_DEV_STARTED)
		accel_dev_stop(ctx->dev_id);
	quiet = accel_log_quiet(true);
	ret = dev_close_probed(ctx->dev_id, ctx->serial);
	for (ms = 0; ret == -EBUSY && ms < CLOSE_MS && may_close_soon(ctx); ms++) {
		usleep(1000);
		ret = dev_close_probed(ctx->dev_id, ctx->serial);
	}
	accel_log_quiet(quiet);
	if (ret != 0)
		ret = dev_close_probed(ctx->dev_id, ctx->serial); /* once more, for the log */
	return ret == -ENODEV ? 0 : ret;
}

static int
probe(const char *spec, uint16_t *dev_id)
{
	int ret = accel_dev_probe(spec);

	if (ret < 0)
		return ret;
	*dev_id = (uint16_t)ret;
	ret = start(*dev_id);
	if (ret != 0)
		accel_dev_close(*dev_id);
	return ret;
}

static int
take_device(struct accel_ctx *ctx, const char *spec)
{
	struct accel_dev_info info;
	int ret = accel_dev_by_name(ctx->asked);

	if (ret >= 0) {
		ctx->dev_id = (uint16_t)ret;
		ret = 0;
	} else {
		ret = probe(spec, &ctx->dev_id);
		ctx->ours = ret == 0;
	}
	if (ret == 0)
		ret = accel_dev_info_get(ctx->dev_id, &info);
	if (ret != 0)
		return ret;
	memcpy(ctx->name, info.name, sizeof(ctx->name));
	ctx->serial = __atomic_load_n(&dev_slots[ctx->dev_id].serial, __ATOMIC_RELAXED);
	return 0;
}

/*
 * The contexts. The lock is held.
 */

static bool
is_closing(const struct accel_ctx *ctx)
{
	return __atomic_load_n(&ctx->refs, __ATOMIC_RELAXED) == 0 && !ctx->left;
}

static struct accel_ctx *
find(const char *asked)
{
	struct accel_ctx *ctx;

	TAILQ_FOREACH(ctx, &contexts, node) {
		if ((strcmp(ctx->asked, asked) == 0 || strcmp(ctx->name, asked) == 0) &&
				(is_closing(ctx) || has_device(ctx)))
			break;
	}
	return ctx;
}

/* Have a context that is there, and its device started again if all had left it. */
static int
join(struct accel_ctx *ctx)
{
	struct accel_dev_info info;
	int ret = 0;

	if (ctx->left)
		ret = accel_dev_info_get(ctx->dev_id, &info);
	if (ret == 0 && ctx->left && info.state == ACCEL_DEV_STOPPED)
		ret = accel_dev_start(ctx->dev_id);
	if (ret != 0)
		return ret;
	ctx->left = false;
	accel_ctx_hold(ctx);
	return 0;
}

static int
create(const char *asked, const char *spec, struct accel_ctx **ctx_out)
{
	struct accel_ctx *ctx = calloc(1, sizeof(*ctx));
	int ret;

	if (ctx == NULL) {
		ACCEL_LOG(ERR, device, "%s: no memory for the books of its context: see ulimit -v", asked);
		return -ENOMEM;
	}
	ctx->refs = 1;
	ctx->process = dev_process();
	snprintf(ctx->asked, sizeof(ctx->asked), "%s", asked);
	ret = take_device(ctx, spec);
	if (ret != 0) {
		free(ctx);
		return ret;
	}
	TAILQ_INSERT_TAIL(&contexts, ctx, node);
	*ctx_out = ctx;
	return 0;
}

static int
find_or_create(const char *asked, const char *spec, struct accel_ctx **ctx_out)
{
	struct accel_ctx *ctx;
	int ret;

	while ((ctx = find(asked)) != NULL && is_closing(ctx))
		pthread_cond_wait(&closed, &lock);
	if (ctx == NULL)
		return create(asked, spec, ctx_out);
	ret = join(ctx);
	if (ret == 0)
		*ctx_out = ctx;
	return ret;
}

int
accel_ctx_get(const char *spec, struct accel_ctx **ctx)
{
	char asked[ACCEL_NAME_MAX];
	int ret;

	if (spec == NULL || ctx == NULL) {
		ACCEL_LOG(ERR, device, "context of \"%s\": neither spec nor ctx may be NULL",
				spec != NULL ? spec : "");
		return -EINVAL;
	}
	ret = accel_auto_init();
	if (ret != 0)
		return ret;
	if (strcspn(spec, ",") >= sizeof(asked))
		return accel_dev_probe(spec); /* says that it is too long */
	snprintf(asked, sizeof(asked), "%.*s", (int)strcspn(spec, ","), spec);
	pthread_mutex_lock(&lock);
	ret = find_or_create(asked, spec, ctx);
	pthread_mutex_unlock(&lock);
	return ret;
}

void
accel_ctx_hold(struct accel_ctx *ctx)
{
	if (ctx != NULL)
		__atomic_add_fetch(&ctx->refs, 1, __ATOMIC_RELAXED);
}

/* Whether others have it still. */
static bool
put_shared(struct accel_ctx *ctx)
{
	unsigned int refs = __atomic_load_n(&ctx->refs, __ATOMIC_RELAXED);

	while (refs > 1) {
		if (__atomic_compare_exchange_n(&ctx->refs, &refs, refs - 1, true, __ATOMIC_ACQ_REL,
				__ATOMIC_RELAXED))
			return true;
	}
	return false;
}

void
accel_ctx_put(struct accel_ctx *ctx)
{
	bool last, gone;

	if (ctx == NULL || put_shared(ctx) || ctx->process != dev_process())
		return;
	pthread_mutex_lock(&lock);
	last = __atomic_sub_fetch(&ctx->refs, 1, __ATOMIC_ACQ_REL) == 0;
	pthread_mutex_unlock(&lock);
	if (!last)
		return;
	/*
	 * Not under the lock: closing waits for callbacks, which may want contexts of other
	 * devices.
	 */
	gone = !ctx->ours || finish(ctx) == 0;
	pthread_mutex_lock(&lock);
	ctx->left = !gone;
	if (gone)
		TAILQ_REMOVE(&contexts, ctx, node);
	pthread_cond_broadcast(&closed);
	pthread_mutex_unlock(&lock);
	if (gone)
		free(ctx);
}

uint16_t
accel_ctx_dev_id(const struct accel_ctx *ctx)
{
	return ctx->dev_id;
}

int
accel_ctx_buf_alloc(struct accel_ctx *ctx, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf)
{
	int ret;

	if (ctx == NULL) {
		ACCEL_LOG(ERR, buffer, "buffer of %zu bytes: ctx is NULL: get a context first", len);
		return -EINVAL;
	}
	ret = accel_buf_alloc(ctx->dev_id, len, align, flags, buf);
	if (ret != 0)
		return ret;
	accel_ctx_hold(ctx);
	(*buf)->link = ctx;
	return 0;
}
