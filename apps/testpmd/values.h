/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_VALUES_H
#define TESTPMD_VALUES_H

/**
 * @file
 * Values that users type. All of a text must be the value; the result is untouched otherwise.
 */

#include <stdbool.h>
#include <stdint.h>

/** Decimal number. */
bool value_u64(const char *text, uint64_t min, uint64_t max, uint64_t *result);

/** Decimal number, or a hexadecimal one with 0x in front. */
bool value_number(const char *text, uint64_t *result);

/** Decimal number of 16 bits. */
bool value_u16(const char *text, uint16_t min, uint16_t max, uint16_t *result);

/** Decimal number with an optional suffix K, M or G (powers of 1024). */
bool value_size(const char *text, uint64_t min, uint64_t max, uint64_t *result);

/** Seconds, with an optional decimal fraction. */
bool value_seconds(const char *text, double min, double max, double *result);

/** One of n names. */
bool value_name(const char *text, const char *const *names, unsigned int n, unsigned int *result);

#endif
