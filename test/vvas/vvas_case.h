/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_CASE_H
#define VVAS_CASE_H

/**
 * @file
 * What the tests of the VVAS front-end share. The programs link DPDK only to see what happens
 * below: EAL comes up as for a program that knows nothing of it. VVAS's log goes to a file.
 *
 * The environment variable VVAS_CASE_KEYS has keys that are added to the specs of devices. With
 * VVAS_CASE_HUGE the program runs only where hugepages are free.
 *
 * A program may run itself as another process: with "--child" it does what vvas_child() does.
 */

#include <stdbool.h>

#include <vvas_core/vvas_memory.h>
#include <vvas_core/vvas_memory_priv.h>
#include <vvas_core/vvas_video.h>
#include <vvas_core/vvas_video_priv.h>

#include "harness.h"

/** Suites of the program, ending with a NULL name. */
extern const struct test_suite vvas_suites[];

/** May be missing; the result is the exit status. */
int vvas_child(void) __attribute__((weak));

/** What a context stands on. */
enum place {
	SOFTWARE, /**< no device */
	PLAIN,    /**< a device without banks */
	BANKS,    /**< one with two */
	NB_PLACES,
};

#define BANK_SIZE (8u << 20)
#define GARBAGE   ((void *)(uintptr_t)UINT64_C(0xdecafbadbeefdead))

#define ASSERT_OK(call)  CU_ASSERT_EQUAL((call), VVAS_RET_SUCCESS)
#define ASSERT_BAD(call) CU_ASSERT_EQUAL((call), VVAS_RET_INVALID_ARGS)

/** Assert that a call says something in VVAS's log, one line with these words in it. */
#define ASSERT_TELLS(call, words)                                                                  \
	do {                                                                                       \
		case_log();                                                                        \
		call;                                                                              \
		CU_ASSERT(case_is_line(case_log(), (words)));                                      \
	} while (0)

/** Assert that it says nothing. */
#define ASSERT_SILENT(call)                                                                        \
	do {                                                                                       \
		case_log();                                                                        \
		call;                                                                              \
		CU_ASSERT_STRING_EQUAL(case_log(), "");                                            \
	} while (0)

/** A context; asserted. */
VvasContext *case_context(enum place place);

/** One with a device of another spec; asserted. */
VvasContext *case_context_of(const char *spec);

/** Destroy it; asserted, and that its device is closed then. */
void case_end(VvasContext *ctx);

/** Run a test at each place, and where there are CMA memories; no device is open afterwards. */
void case_each(void (*fn)(VvasContext *ctx, enum place place));
void case_each_device(void (*fn)(VvasContext *ctx, enum place place));
void case_banks(void (*fn)(VvasContext *ctx));

/** A memory; asserted. */
VvasMemory *case_memory(VvasContext *ctx, VvasAllocationType type, uint8_t bank, size_t size);

/** Map, asserted: the address. And unmap. */
uint8_t *case_map(VvasMemory *mem, VvasDataMapFlags flags);
void case_unmap(VvasMemory *mem);

/** The transfers that are due. */
VvasDataSyncFlags case_due(const VvasMemory *mem);

/** What the device writes, and reads, of a memory or frame with this bo. */
void case_device_fill(const void *bo, size_t offset, int value, size_t len);
bool case_device_has(const void *bo, size_t offset, int value, size_t len);

/** Bytes free in a bank of the context's device. */
uint64_t case_bank_free(const VvasContext *ctx, uint16_t bank);

bool case_is_filled(const uint8_t *data, int value, size_t len);

/** What was written to VVAS's log since the last call; valid until the next one. */
const char *case_log(void);

/** Whether a text is one line with a word in it. */
bool case_is_line(const char *text, const char *word);

/** How often, and with what, the callbacks below were called. */
struct case_freed {
	unsigned int calls;
	void *data[VVAS_VIDEO_MAX_PLANES];
};

void case_free_data(void *data, void *freed);
void case_free_planes(void *data[VVAS_VIDEO_MAX_PLANES], void *freed);

/**
 * Run the child to its end, with VVAS_CORE_LOG_FILE_PATH set, or not set when it is NULL.
 *
 * @param[out] text  what it wrote to standard output
 * @return its exit status
 */
int case_run(const char *log_path, char *text, size_t size);

#endif
