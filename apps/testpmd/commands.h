/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_COMMANDS_H
#define TESTPMD_COMMANDS_H

/**
 * @file
 * Commands of the prompt that change which devices there are, and what becomes of them. Each tells
 * on stdout what it did, or why it did nothing.
 */

#include "session.h"

/** "device reset ID": after an error, or at any time between runs. */
void command_reset(struct session *ss, const char *id);

/** "device detach ID": close it. */
void command_detach(struct session *ss, const char *id);

/** "device attach SPEC": probe a further one. */
void command_attach(struct session *ss, const char *spec);

/** "sim inject ID error|remove|unplug": have it happen to a device model, also during a run. */
void command_inject(struct session *ss, const char *id, const char *event);

#endif
