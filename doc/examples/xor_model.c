/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A device model out of the tree, sim:xor: a PCI function that XORs each byte with a key on its
 * way. Registers of BAR 0, 8 bytes each: 0 source, 8 destination, 16 length, 24 key, 32 control:
 * write 1 to start, reads 1 while busy, then 0, or 2 when it could not access the memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <acceldev/devmodel.h>

enum { SRC, DST, LEN, KEY, CTRL, NB_REGS };

struct xor_model {
	struct devmodel *host;
	uint64_t regs[NB_REGS];
};

static int
xor_create(struct devmodel *host, void **priv)
{
	struct xor_model *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return -ENOMEM;
	x->host = host;
	*priv = x;
	return 0;
}

static int
xor_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	struct xor_model *x = priv;

	if (bar != 0 || len != 8 || off / 8 >= NB_REGS)
		return -EINVAL; /* the host lets it read all ones, as on PCI */
	memcpy(data, &x->regs[off / 8], len);
	return 0;
}

static int
xor_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct xor_model *x = priv;

	if (bar != 0 || len != 8 || off / 8 >= NB_REGS || x->regs[CTRL] == 1)
		return -EINVAL;
	memcpy(&x->regs[off / 8], data, len);
	if (x->regs[CTRL] == 1)
		devmodel_kick(x->host);
	return 0;
}

/* A piece at a time, so that accesses by the driver do not wait for long. */
static bool
xor_step(void *priv)
{
	struct xor_model *x = priv;
	uint8_t bytes[256];
	size_t i, n = x->regs[LEN] < sizeof(bytes) ? x->regs[LEN] : sizeof(bytes);

	if (x->regs[CTRL] != 1)
		return false;
	if (n > 0 && devmodel_dma_read(x->host, x->regs[SRC], bytes, n) != 0)
		x->regs[CTRL] = 2;
	for (i = 0; i < n; i++)
		bytes[i] ^= (uint8_t)x->regs[KEY];
	if (n > 0 && x->regs[CTRL] == 1 && devmodel_dma_write(x->host, x->regs[DST], bytes, n) != 0)
		x->regs[CTRL] = 2;
	x->regs[SRC] += n;
	x->regs[DST] += n;
	x->regs[LEN] -= n;
	if (x->regs[CTRL] == 1 && x->regs[LEN] == 0)
		x->regs[CTRL] = 0;
	return x->regs[CTRL] == 1;
}

static struct devmodel_type xor_model = {
	.abi = DEVMODEL_ABI,
	.name = "xor",
	.id = { .vendor = 0x1234, .device = 0x0f0f, .class_code = 0x120000 },
	.bar_size = { 4096 },
	.create = xor_create,
	.destroy = free,
	.read = xor_read,
	.write = xor_write,
	.step = xor_step,
};

DEVMODEL_REGISTER(xor_model)
