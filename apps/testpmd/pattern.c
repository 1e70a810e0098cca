/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pattern.h"

#include <string.h>

#define WORD sizeof(uint64_t)
#define GUARD_BYTE 0xa5

struct pattern
pattern_make(uint16_t dev_id, uint16_t qp_id, uint64_t op)
{
	uint64_t x = op + ((uint64_t)dev_id << 56) + ((uint64_t)qp_id << 40);

	/* An odd multiplier keeps different x apart; the shifts spread them over all bytes. */
	x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	return (struct pattern){ .seed = x, .step = UINT64_C(0x0807060504030211) };
}

void
pattern_write(void *va, size_t len, struct pattern pattern)
{
	uint8_t *p = va;
	uint64_t word = pattern.seed;

	for (; len >= WORD; p += WORD, len -= WORD, word += pattern.step)
		memcpy(p, &word, WORD);
	memcpy(p, &word, len);
}

void
pattern_spoil(void *va, size_t len, struct pattern pattern)
{
	/* The complement of the sequence is a sequence as well. */
	pattern_write(va, len, (struct pattern){ ~pattern.seed, -pattern.step });
	memset((uint8_t *)va + len, GUARD_BYTE, PATTERN_GUARD);
}

static bool
bytes_check(const uint8_t *got, const uint8_t *expected, size_t len, uint64_t offset,
		struct pattern_diff *diff)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (got[i] != expected[i]) {
			*diff = (struct pattern_diff){ offset + i, expected[i], got[i] };
			return false;
		}
	}
	return true;
}

static bool
guard_check(const uint8_t *va, uint64_t offset, struct pattern_diff *diff)
{
	uint8_t guard[PATTERN_GUARD];

	memset(guard, GUARD_BYTE, sizeof(guard));
	return bytes_check(va + offset, guard, sizeof(guard), offset, diff);
}

bool
pattern_check(const void *va, size_t len, struct pattern pattern, struct pattern_diff *diff)
{
	const uint8_t *bytes = va;
	uint64_t word = pattern.seed, got, offset = 0;

	for (; len - offset >= WORD; offset += WORD, word += pattern.step) {
		memcpy(&got, bytes + offset, WORD);
		if (got != word)
			break;
	}
	got = len - offset < WORD ? len - offset : WORD;
	return bytes_check(bytes + offset, (const uint8_t *)&word, got, offset, diff) &&
		guard_check(bytes, len, diff);
}
