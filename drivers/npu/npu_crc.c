/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_image.h"

/* Four bits at a time: the polynomial 0xedb88320. */
static const uint32_t nibbles[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158,
	0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4,
	0xa00ae278, 0xbdbdf21c,
};

uint32_t
npu_crc32(uint32_t crc, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t i;

	crc = ~crc;
	for (i = 0; i < len; i++) {
		crc ^= at[i];
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return ~crc;
}

int
npu_crc32_same(uint32_t crc, uint32_t expected)
{
	return crc == expected;
}
