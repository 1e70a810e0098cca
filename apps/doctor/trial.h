/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TRIAL_H
#define TRIAL_H

/**
 * @file
 * The library's own judgement. What touches no hardware is tried for good, in another process, with
 * an EAL that needs neither hugepages nor files; and what the library logs is the explanation.
 */

#include <stdbool.h>
#include <stddef.h>

/** What came of it. */
struct trial {
	bool eal;        /**< EAL started */
	bool ok;         /**< the device was probed */
	char words[512]; /**< what was logged when it was not */
};

/**
 * Probe a device in another process, and close it. Only for buses without hardware. The driver
 * "accel-doctor" of bus soft knows no key, so that with it the keys of all devices are judged.
 */
void trial_probe(const char *spec, struct trial *trial);

/** Keep what the library logs in this process, until trial_words(). */
void trial_listen(void);

/** The first line that was logged, without its prefixes; empty when there was none. */
void trial_words(char *text, size_t size);

#endif
