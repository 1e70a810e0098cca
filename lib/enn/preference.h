/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_PREFERENCE_H
#define ENN_PREFERENCE_H

/**
 * @file
 * Preferences, which are kept and change nothing.
 */

#include <stdint.h>

enum enn_preference {
	ENN_PREFERENCE_PRESET_ID,
	ENN_PREFERENCE_PERF_CONFIG_ID,
	ENN_PREFERENCE_PERF_MODE,
	ENN_PREFERENCE_TIME_OUT,
	ENN_PREFERENCE_PRIORITY,
	ENN_PREFERENCE_CORE_AFFINITY,
	ENN_PREFERENCE_TARGET_LATENCY,
	ENN_PREFERENCE_TRIGGER_MODE,
	ENN_PREFERENCES,
};

/* Calls: 0 or negative errno, logged. */
int enn_preference_set(enum enn_preference which, uint32_t value);
int enn_preference_get(enum enn_preference which, uint32_t *value);
int enn_preference_set_default(void);

/** All as at first; the lock of life.h is held. */
void enn_preference_reset(void);

#endif
