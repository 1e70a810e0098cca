/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OV_CASE_H
#define OV_CASE_H

/**
 * @file
 * What the tests of the OpenVINO front-end share, in C and C++. The programs link DPDK only to see
 * what happens below: EAL comes up as for a program that knows nothing of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "harness.h"

/** Suites of the program, ending with a NULL name. */
extern const struct test_suite ov_suites[];

/** Where memory may come from. */
struct place {
	const char *name;
	const char *spec; /* NULL: no device */
	int bank;         /* less than 0: memory of the host */
	unsigned int flags;
};

#define BANKS_SPEC "soft:banks,banks=2,bank_size=64M"
#define BANKS_DEV  "soft:banks"

/** No pointer of this process. */
#define GARBAGE ((void *)(uintptr_t)UINT64_C(0xdecafbadbeefdead))

/**
 * Run a test at each place, with handles that are pointers and with others; afterwards no device is
 * open. Says where assertions failed.
 */
void case_each(void (*fn)(const struct place *place));

/** The same at places in a bank only. */
void case_each_bank(void (*fn)(const struct place *place));

/** Put bytes into the bank, or get them, behind the view at va: as the device does it. */
void case_device_write(void *va, const void *from, size_t len);
void case_device_read(void *va, void *to, size_t len);

/** What the bank has at va: bytes of one value, or -1. */
int case_device_has(void *va, size_t len);

/** Bytes free in the bank of a place; the device is open. */
uint64_t case_bank_free(const struct place *place);

/** Whether all bytes are of one value. */
bool case_is_filled(const void *va, size_t len, int value);

#ifdef __cplusplus
}
#endif

#endif
