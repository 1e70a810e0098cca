/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_PATTERN_H
#define TESTPMD_PATTERN_H

/**
 * @file
 * What verification writes before an op and looks for after it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes behind a destination that an op must leave alone. */
#define PATTERN_GUARD 64

/** A sequence of 64-bit words: seed, seed + step, seed + 2 * step and so on. */
struct pattern {
	uint64_t seed;
	uint64_t step;
};

/** The first byte that is not as expected. */
struct pattern_diff {
	uint64_t offset;
	uint8_t expected;
	uint8_t got;
};

/** A pattern that differs for each device, queue and op. */
struct pattern pattern_make(uint16_t dev_id, uint16_t qp_id, uint64_t op);

/** Write a pattern. */
void pattern_write(void *va, size_t len, struct pattern pattern);

/** Write what differs from the pattern in every byte, and the guard of PATTERN_GUARD bytes. */
void pattern_spoil(void *va, size_t len, struct pattern pattern);

/**
 * Look for the pattern and for the guard behind it.
 *
 * @param[out] diff  set when it returns false
 */
bool pattern_check(const void *va, size_t len, struct pattern pattern, struct pattern_diff *diff);

#endif
