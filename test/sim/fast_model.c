/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <devmodel/devmodel.h>

#include "fast_regs.h"

/* The model of the copy engine; see fast_regs.h. */

#define AT_ONCE 16 /* descriptors of one step */

struct queue {
	uint64_t ring, done, mask;
	uint32_t head, tail;
};

struct fast {
	struct devmodel *host;
	struct queue queues[FAST_MAX_QPS];
	unsigned char data[FAST_MAX_LEN];
};

static int
create(struct devmodel *host, void **priv)
{
	struct fast *fast = calloc(1, sizeof(*fast));

	if (fast == NULL)
		return -ENOMEM;
	fast->host = host;
	*priv = fast;
	return 0;
}

static void
reset(void *priv)
{
	struct fast *fast = priv;

	memset(fast->queues, 0, sizeof(fast->queues));
}

static uint32_t
copy(struct fast *fast, const struct fast_desc *d)
{
	if (d->len == 0 || d->len > FAST_MAX_LEN)
		return FAST_BAD_LEN;
	if (devmodel_dma_read(fast->host, d->src, fast->data, d->len) != 0 ||
			devmodel_dma_write(fast->host, d->dst, fast->data, d->len) != 0)
		return FAST_BAD_ADDR;
	return FAST_OK;
}

/* A queue that cannot reach its rings stands still. */
static bool
work(struct fast *fast, struct queue *q)
{
	struct fast_desc descs[AT_ONCE];
	uint32_t i, at = q->head & (uint32_t)q->mask, n = q->tail - q->head;

	if (n > AT_ONCE)
		n = AT_ONCE;
	if (n > q->mask + 1 - at)
		n = (uint32_t)q->mask + 1 - at;
	if (n == 0)
		return false;
	if (devmodel_dma_read(fast->host, q->ring + at * sizeof(descs[0]), descs,
			n * sizeof(descs[0])) != 0)
		goto halt;
	for (i = 0; i < n; i++) {
		struct fast_done done = { .status = copy(fast, &descs[i]), .seq = q->head + 1 };

		if (devmodel_dma_write(fast->host, q->done + (at + i) * sizeof(done), &done,
				sizeof(done)) != 0)
			goto halt;
		q->head++;
	}
	return q->head != q->tail;

halt:
	q->tail = q->head;
	return false;
}

static bool
step(void *priv)
{
	struct fast *fast = priv;
	bool more = false;
	unsigned int i;

	for (i = 0; i < FAST_MAX_QPS; i++)
		more |= work(fast, &fast->queues[i]);
	return more;
}

static struct queue *
queue_at(struct fast *fast, uint64_t off)
{
	return off / FAST_QUEUE < FAST_MAX_QPS ? &fast->queues[off / FAST_QUEUE] : NULL;
}

static int
read_reg(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	const struct queue *q = queue_at(priv, off);
	uint32_t value;

	(void)bar;
	if (off == FAST_ID)
		value = FAST_ID_VALUE;
	else if (q != NULL && off % FAST_QUEUE == FAST_HEAD)
		value = q->head;
	else
		return -EINVAL;
	if (len != sizeof(value))
		return -EINVAL;
	memcpy(data, &value, sizeof(value));
	return 0;
}

static int
write_reg(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct fast *fast = priv;
	struct queue *q = queue_at(fast, off);
	uint64_t value = 0;

	(void)bar;
	memcpy(&value, data, len);
	if (q == NULL || len != (off % FAST_QUEUE < FAST_HEAD ? 8 : 4))
		return -EINVAL;
	switch (off % FAST_QUEUE) {
	case FAST_RING:
		q->ring = value;
		break;
	case FAST_DONE:
		q->done = value;
		break;
	case FAST_MASK:
		q->mask = value;
		break;
	case FAST_TAIL:
		if ((uint32_t)value - q->head <= q->mask + 1)
			q->tail = (uint32_t)value;
		devmodel_kick(fast->host);
		break;
	case FAST_STOP:
		memset(q, 0, sizeof(*q));
		break;
	default:
		return -EINVAL;
	}
	return 0;
}

struct devmodel_type fast_model = {
	.abi = DEVMODEL_ABI,
	.name = "fast",
	.id = { .vendor = FAST_VENDOR, .device = FAST_DEVICE },
	.bar_size = { FAST_BAR_SIZE },
	.nb_msi = 2,
	.has_reset = true,
	.create = create,
	.destroy = free,
	.read = read_reg,
	.write = write_reg,
	.step = step,
	.reset = reset,
};
