/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_MMIO_H
#define TESTPMD_MMIO_H

/**
 * @file
 * The prompt's "mmio" commands: registers and config space of a device.
 */

/** A register, as it was typed. */
struct mmio_words {
	const char *dev;
	const char *region;
	const char *offset;
	const char *width;
};

/** Print a register, or in one line what is wrong. */
void mmio_read(const struct mmio_words *words);

/** Write a register, or print in one line what is wrong. */
void mmio_write(const struct mmio_words *words, const char *value);

#endif
