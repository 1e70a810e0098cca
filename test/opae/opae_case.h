/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_CASE_H
#define OPAE_CASE_H

/**
 * @file
 * What the tests of the OPAE front-end share. The programs link DPDK only to see what happens
 * below: EAL comes up as for a program that knows nothing of it.
 *
 * A program may run itself as another process: with "--child NAME" it does what opae_children has
 * under that name, and nothing else.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opae/fpga.h>

#include "harness.h"

/** Suites of the program, ending with a NULL name. */
extern const struct test_suite opae_suites[];

/** What it does as a child; the result is the exit status. */
struct opae_child {
	const char *name;
	int (*fn)(void);
};

/** Ends with a NULL name; may be missing. */
extern const struct opae_child opae_children[] __attribute__((weak));

/** Assert what a call returns. */
#define ASSERT_OK(call)          CU_ASSERT_EQUAL((call), FPGA_OK)
#define ASSERT_GIVES(call, what) CU_ASSERT_EQUAL((call), (what))
#define ASSERT_BAD(call)         CU_ASSERT_EQUAL((call), FPGA_INVALID_PARAM)

/** An object that is none. */
#define GARBAGE ((void *)(uintptr_t)UINT64_C(0xdecafbadbeefdead))

/** Set ACCELDEV_DEVICES, or unset it with NULL. */
void case_devices(const char *specs);

/** How many accelerators there are; asserts that enumeration works. */
uint32_t case_count(void);

/** A token for the first accelerator of a spec, and a handle; asserted. */
fpga_token case_token(const char *spec);
fpga_handle case_open(const char *spec);

/** Destroy or close; asserted. */
void case_drop(fpga_token token);
void case_close(fpga_handle handle);

/** The device below, by its name without keys; asserted. */
uint16_t case_dev(const char *name);

/**
 * Run a child to its end.
 *
 * @param env   "NAME=value" or "NAME" to unset, ending with NULL; may be NULL
 * @param[out] text  what it wrote, both streams
 * @return its exit status; -1 when it died from a signal
 */
int case_run(const char *name, const char *const *env, char *text, size_t size);

/** Lines of a text. */
unsigned int case_lines(const char *text);

#endif
