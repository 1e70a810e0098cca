/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "afu_card.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <devmodel/devmodel.h>

#define PORT_CONTROL 0x38
#define PORT_RESET   0x01u
#define PORT_ACK     0x10u

#define DSM_BASE     0x110
#define SRC_ADDR     0x120
#define DST_ADDR     0x128
#define NUM_LINES    0x130
#define CTL          0x138
#define LINE         64

struct card card;

static struct devmodel *card_host;
static uint64_t at, lines; /* of the copy that runs */
static bool running;

static uint64_t
get(uint64_t off)
{
	uint64_t value;

	memcpy(&value, card.bar + off, sizeof(value));
	return value;
}

/*
 * Engine
 */

static void
copy_line(void)
{
	unsigned char line[LINE];

	if (devmodel_dma_read(card_host, get(card.engine + SRC_ADDR) * LINE + at * LINE, line,
			LINE) == 0)
		devmodel_dma_write(card_host, get(card.engine + DST_ADDR) * LINE + at * LINE, line,
				LINE);
	at++;
}

static void
write_status(void)
{
	uint32_t line[LINE / 4] = { 1, card.answer == CARD_FAILS ? 0x100 : 0 };

	devmodel_dma_write(card_host, get(card.engine + DSM_BASE) + LINE, line, LINE);
}

static bool
card_step(void *priv)
{
	(void)priv;
	if (!running)
		return false;
	if (at < lines)
		copy_line();
	running = at < lines;
	if (!running)
		write_status();
	return running;
}

static void
control(uint32_t ctl)
{
	running = ctl == 3 && __atomic_load_n(&card.answer, __ATOMIC_RELAXED) != CARD_SILENT;
	at = 0;
	lines = (uint32_t)get(card.engine + NUM_LINES);
	if (ctl == 3)
		__atomic_fetch_add(&card.starts, 1, __ATOMIC_RELAXED);
	if (running)
		devmodel_kick(card_host);
}

/*
 * Registers
 */

static bool
is_port(uint64_t off)
{
	return off < card.size && get(off) >> 60 == TYPE_FIU && (get(off) & 0xfff) == ID_PORT;
}

static void
control_port(uint64_t off)
{
	uint64_t value = get(off) & ~(uint64_t)PORT_ACK;

	if ((value & PORT_RESET) != 0)
		__atomic_fetch_add(&card.resets, 1, __ATOMIC_RELAXED);
	if ((value & PORT_RESET) != 0 && !__atomic_load_n(&card.no_ack, __ATOMIC_RELAXED))
		value |= PORT_ACK;
	memcpy(card.bar + off, &value, sizeof(value));
}

static int
card_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	(void)priv;
	if (bar != 0)
		return -EINVAL;
	memcpy(data, card.bar + off, len);
	return 0;
}

static int
card_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	(void)priv;
	if (bar != 0)
		return -EINVAL;
	memcpy(card.bar + off, data, len);
	if (card.engine != UINT64_MAX && off == card.engine + CTL)
		control((uint32_t)get(off));
	if (is_port(off - PORT_CONTROL))
		control_port(off);
	return 0;
}

/*
 * Life
 */

static int
card_create(struct devmodel *host, void **priv)
{
	card_host = host;
	running = false;
	*priv = &card;
	return 0;
}

static void
card_destroy(void *priv)
{
	(void)priv;
}

static void
card_reset(void *priv)
{
	(void)priv;
	running = false;
}

static struct devmodel_type type;

void
card_insert(uint64_t size, uint16_t vendor, uint16_t device, bool has_reset)
{
	type = (struct devmodel_type){
		.abi = DEVMODEL_ABI,
		.name = "card",
		.id = { .vendor = vendor, .device = device, .class_code = 0x120000 },
		.bar_size = { size, 0, size == 0 ? 4096 : 0 },
		.has_reset = has_reset,
		.create = card_create,
		.destroy = card_destroy,
		.read = card_read,
		.write = card_write,
		.step = card_step,
		.reset = has_reset ? card_reset : NULL,
	};
	card = (struct card){ .bar = calloc(1, size + 1), .size = size, .engine = UINT64_MAX };
	if (card.bar == NULL || devmodel_register(&type) != 0)
		abort();
}

void
card_eject(void)
{
	if (devmodel_unregister(&type) != 0)
		abort();
	free(card.bar);
	card.bar = NULL;
}

/*
 * Image
 */

void
card_put(uint64_t off, uint64_t value)
{
	if (off > card.size || sizeof(value) > card.size - off)
		abort();
	memcpy(card.bar + off, &value, sizeof(value));
}

void
card_header(uint64_t off, uint64_t kind, uint64_t id, uint64_t next)
{
	card_put(off, kind << 60 | (next == EOL ? EOL : next << 16) | id);
}

void
card_header1(uint64_t off, uint64_t kind, uint64_t id, uint64_t next)
{
	card_header(off, kind, id, next);
	card_put(off, get(off) | UINT64_C(1) << 52);
	card_put(off + 0x18, 0x800);                  /* registers, relative */
	card_put(off + 0x20, UINT64_C(0x100) << 32 | UINT64_C(1) << 31);
	card_put(off + 0x28, UINT64_C(2) << 35 | UINT64_C(1) << 32 | 9); /* parameter 9, the last */
	card_put(off + 0x30, UINT64_MAX);
}

void
card_afu(uint64_t off, uint64_t h, uint64_t l, uint64_t next)
{
	card_header(off, TYPE_AFU, 0, next);
	card_put(off + 0x08, l);
	card_put(off + 0x10, h);
}

void
card_port(uint64_t off, uint64_t next, uint64_t afu)
{
	card_header(off, TYPE_FIU, ID_PORT, next);
	card_put(off + 0x18, afu);
	card_put(off + PORT_CONTROL, 0x4); /* another bit, which stays */
}
