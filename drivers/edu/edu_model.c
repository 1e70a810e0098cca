/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <devmodel/devmodel.h>

#include "edu_regs.h"

/*
 * The model of the device, "sim:edu". Key: dma_mask=BITS, the addresses it can emit (default 28).
 */

#define ID       0x010000ed
#define LOW_END  0x80 /* registers below take accesses of 4 bytes only */
#define DEF_MASK 28

struct edu {
	struct devmodel *host;
	uint64_t dma_mask;
	uint32_t liveness;
	uint32_t factorial;
	uint32_t status;
	uint32_t irq_status;
	uint64_t src, dst, count, cmd;
	unsigned char buf[EDU_BUF_SIZE];
};

static int
edu_create(struct devmodel *host, void **priv)
{
	unsigned int bits = DEF_MASK;
	struct edu *edu;

	if (devmodel_arg_number(host, "dma_mask", 12, 64, &bits) != 0)
		return -EINVAL;
	edu = calloc(1, sizeof(*edu));
	if (edu == NULL)
		return -ENOMEM;
	edu->host = host;
	edu->dma_mask = UINT64_MAX >> (64 - bits);
	*priv = edu;
	return 0;
}

static void
edu_destroy(void *priv)
{
	free(priv);
}

static void
raise_irq(struct edu *edu, uint32_t causes)
{
	edu->irq_status |= causes;
	if (edu->irq_status != 0)
		devmodel_irq(edu->host, 0);
}

/*
 * Work: a factorial and a transfer, each in one step
 */

static void
compute_factorial(struct edu *edu)
{
	uint32_t n = edu->factorial, product = 1;

	while (n > 0)
		product *= n--;
	edu->factorial = product;
	edu->status &= ~(uint32_t)EDU_STATUS_BUSY;
	if ((edu->status & EDU_STATUS_IRQ) != 0)
		raise_irq(edu, EDU_IRQ_FACTORIAL);
}

/* The place in the device's memory; NULL when the transfer leaves it. */
static unsigned char *
device_side(struct edu *edu, uint64_t addr)
{
	uint64_t off = addr - EDU_BUF_BASE;

	if (off >= EDU_BUF_SIZE || edu->count > EDU_BUF_SIZE - off)
		return NULL;
	return edu->buf + off;
}

static void
transfer(struct edu *edu)
{
	bool to_host = (edu->cmd & EDU_DMA_TO_HOST) != 0;
	unsigned char *mine = device_side(edu, to_host ? edu->src : edu->dst);
	/* Address bits that the device lacks do not reach the bus. */
	uint64_t iova = (to_host ? edu->dst : edu->src) & edu->dma_mask;

	if (mine != NULL && to_host)
		devmodel_dma_write(edu->host, iova, mine, edu->count);
	else if (mine != NULL)
		devmodel_dma_read(edu->host, iova, mine, edu->count);
	edu->cmd &= ~(uint64_t)EDU_DMA_START;
	if ((edu->cmd & EDU_DMA_IRQ) != 0)
		raise_irq(edu, EDU_IRQ_DMA);
}

static bool
edu_step(void *priv)
{
	struct edu *edu = priv;

	if ((edu->status & EDU_STATUS_BUSY) != 0)
		compute_factorial(edu);
	else if ((edu->cmd & EDU_DMA_START) != 0)
		transfer(edu);
	return (edu->status & EDU_STATUS_BUSY) != 0 || (edu->cmd & EDU_DMA_START) != 0;
}

/*
 * Registers
 */

static bool
width_is_good(uint64_t off, size_t len)
{
	return len == 4 || (off >= LOW_END && len == 8);
}

static int
edu_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	struct edu *edu = priv;
	uint64_t value;

	(void)bar;
	if (!width_is_good(off, len))
		return -EINVAL;
	switch (off) {
	case EDU_ID:
		value = ID;
		break;
	case EDU_LIVENESS:
		value = edu->liveness;
		break;
	case EDU_FACTORIAL:
		value = edu->factorial;
		break;
	case EDU_STATUS:
		value = edu->status;
		break;
	case EDU_IRQ_STATUS:
		value = edu->irq_status;
		break;
	case EDU_DMA_SRC:
		value = edu->src;
		break;
	case EDU_DMA_DST:
		value = edu->dst;
		break;
	case EDU_DMA_COUNT:
		value = edu->count;
		break;
	case EDU_DMA_CMD:
		value = edu->cmd;
		break;
	default:
		return -EINVAL;
	}
	memcpy(data, &value, len);
	return 0;
}

static void
write_factorial(struct edu *edu, uint32_t value)
{
	if ((edu->status & EDU_STATUS_BUSY) != 0)
		return;
	edu->factorial = value;
	edu->status |= EDU_STATUS_BUSY;
	devmodel_kick(edu->host);
}

static void
write_low(struct edu *edu, uint64_t off, uint32_t value)
{
	switch (off) {
	case EDU_LIVENESS:
		edu->liveness = ~value;
		break;
	case EDU_FACTORIAL:
		write_factorial(edu, value);
		break;
	case EDU_STATUS:
		edu->status = (edu->status & ~(uint32_t)EDU_STATUS_IRQ) | (value & EDU_STATUS_IRQ);
		break;
	case EDU_IRQ_RAISE:
		raise_irq(edu, value);
		break;
	case EDU_IRQ_ACK:
		edu->irq_status &= ~value;
		break;
	default:
		break;
	}
}

/* While a transfer runs, its registers do not change. */
static void
write_dma(struct edu *edu, uint64_t off, uint64_t value)
{
	if ((edu->cmd & EDU_DMA_START) != 0)
		return;
	switch (off) {
	case EDU_DMA_SRC:
		edu->src = value;
		break;
	case EDU_DMA_DST:
		edu->dst = value;
		break;
	case EDU_DMA_COUNT:
		edu->count = value;
		break;
	case EDU_DMA_CMD:
		if ((value & EDU_DMA_START) == 0)
			break;
		edu->cmd = value;
		devmodel_kick(edu->host);
		break;
	default:
		break;
	}
}

static int
edu_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct edu *edu = priv;
	uint64_t value = 0;

	(void)bar;
	if (!width_is_good(off, len))
		return -EINVAL;
	memcpy(&value, data, len);
	if (off < LOW_END)
		write_low(edu, off, (uint32_t)value);
	else
		write_dma(edu, off, value);
	return 0;
}

static const char *const edu_model_keys[] = { "dma_mask", NULL };

static struct devmodel_type edu_model = {
	.abi = DEVMODEL_ABI,
	.name = "edu",
	.id = { .vendor = EDU_VENDOR, .device = EDU_DEVICE, .subsystem_vendor = 0x1af4,
		.subsystem_device = 0x1100, .class_code = 0x00ff00, .revision = 0x10 },
	.bar_size = { EDU_BAR_SIZE },
	.nb_msi = 1,
	.keys = edu_model_keys,
	.create = edu_create,
	.destroy = edu_destroy,
	.read = edu_read,
	.write = edu_write,
	.step = edu_step,
};

DEVMODEL_REGISTER(edu_model)
