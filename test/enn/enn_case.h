/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_CASE_H
#define ENN_CASE_H

/**
 * @file
 * What the tests of the ENN front-end share. The programs link DPDK only to see what happens below:
 * EAL comes up as for a program that knows nothing of it.
 */

#include <stddef.h>

#include <enn_api-public.h>

#include "enn_fake.h"
#include "harness.h"
#include "log_text.h"

/** Suites of the program, ending with a NULL name. */
extern const struct test_suite enn_suites[];

#define PAGE 4096u

/** No pointer of this process, and one into it that is no buffer. */
#define GARBAGE ((void *)(uintptr_t)UINT64_C(0xdecafbadbeefdead))

#define ASSERT_OK(call) CU_ASSERT_EQUAL((call), ENN_RET_SUCCESS)

/** Assert that a call gives a result, and that the log says why, in one line. */
#define ASSERT_GIVES(call, result)                                                                 \
	do {                                                                                       \
		log_text_begin();                                                                  \
		CU_ASSERT_EQUAL((call), (result));                                                 \
		CU_ASSERT(log_is_line(log_text_end(), "", (char *)0));                             \
	} while (0)

/** Have ENN run on a device, and end that: afterwards nothing is left. */
void case_begin(const char *spec);
void case_end(void);

/** The same on the fake device, with all made that is made once: memory and a thread. */
void case_begin_warm(void);

/** Buffers and mappings of the device, and what the fake one has. */
struct case_usage {
	uint64_t bufs;
	uint64_t mapped;
	unsigned int programs;
	unsigned int instances;
	struct test_usage process;
};

struct case_usage case_usage(void);

/** Assert that nothing was gained. */
void case_no_leak(const struct case_usage *before);

/** Open a fake model with so many tensors of 100 bytes. */
EnnModelId case_open(unsigned int nb_inputs, unsigned int nb_outputs);

/** Allocate all buffers of a model in a session. */
EnnBufferPtr *case_allocate(EnnModelId model, int session);


/** All bytes are of one value. */
bool case_is_filled(const void *va, size_t len, int value);

/** Wait a moment, for what must not happen. */
void case_moment(void);

#endif
