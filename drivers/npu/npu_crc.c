/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <string.h>

#include "npu_image.h"

#define POLYNOMIAL 0xedb88320u
/* Bytes for which tables are worth making. */
#define MANY       4096

/* A byte that is followed by n zero bytes has the CRC at [n]. */
struct tables {
	uint32_t of[8][256];
};

static uint32_t
add_byte(uint32_t crc, uint8_t byte)
{
	unsigned int i;

	crc ^= byte;
	for (i = 0; i < 8; i++)
		crc = crc >> 1 ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
	return crc;
}

static void
make_tables(struct tables *t)
{
	unsigned int i, n;

	for (i = 0; i < 256; i++)
		t->of[0][i] = add_byte(0, (uint8_t)i);
	for (n = 1; n < 8; n++) {
		for (i = 0; i < 256; i++)
			t->of[n][i] = t->of[n - 1][i] >> 8 ^ t->of[0][t->of[n - 1][i] & 255];
	}
}

/* Eight bytes at a time; as many as there are eights. */
static uint32_t
add_eights(uint32_t crc, const uint8_t *at, size_t eights)
{
	struct tables t;
	uint32_t low, high;

	make_tables(&t);
	for (; eights > 0; eights--, at += 8) {
		memcpy(&low, at, 4);
		memcpy(&high, at + 4, 4);
		low ^= crc;
		crc = t.of[7][low & 255] ^ t.of[6][low >> 8 & 255] ^ t.of[5][low >> 16 & 255] ^
				t.of[4][low >> 24] ^ t.of[3][high & 255] ^
				t.of[2][high >> 8 & 255] ^ t.of[1][high >> 16 & 255] ^
				t.of[0][high >> 24];
	}
	return crc;
}

uint32_t
npu_crc32(uint32_t crc, const void *bytes, size_t len)
{
	size_t i = 0;

	crc = ~crc;
	if (len >= MANY) {
		crc = add_eights(crc, bytes, len / 8);
		i = len / 8 * 8;
	}
	for (; i < len; i++)
		crc = add_byte(crc, ((const uint8_t *)bytes)[i]);
	return ~crc;
}

int
npu_crc32_same(uint32_t crc, uint32_t expected)
{
	return crc == expected;
}
