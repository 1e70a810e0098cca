/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TEST_BUFFER_H
#define TEST_BUFFER_H

/** @file What test_buffer.c shares with test_buffer_end.c. */

#include "opae_case.h"

/** Prepare a buffer, asserted: its wsid. */
uint64_t buffer_make(fpga_handle h, uint64_t len, void **va, int flags);

/** Its I/O address, asserted. */
uint64_t buffer_io(fpga_handle h, uint64_t wsid);

/** Assert that a preparation fails and writes nothing; *buf_addr is at. */
void buffer_refused(fpga_handle h, uint64_t len, void *at, int flags, fpga_result result);

/** What wsids name, and for how long; what happens when something runs out. */
extern const struct test_case buffer_wsid_cases[];
extern const struct test_case buffer_limit_cases[];

#endif
