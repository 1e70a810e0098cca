/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FUZZ_H
#define FUZZ_H

/**
 * @file
 * What the fuzz targets share: numbers out of the fuzzer's bytes, and checks that end the process.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_log.h>

/** Bytes not yet used; behind their end all numbers are 0. */
struct fuzz_in {
	const uint8_t *at;
	size_t left;
};

static inline uint64_t
fuzz_take(struct fuzz_in *in, size_t bytes)
{
	uint64_t value = 0;
	size_t n = in->left < bytes ? in->left : bytes;

	if (n > 0)
		memcpy(&value, in->at, n);
	in->at += n;
	in->left -= n;
	return value;
}

static inline uint8_t
fuzz_u8(struct fuzz_in *in)
{
	return (uint8_t)fuzz_take(in, 1);
}

static inline uint16_t
fuzz_u16(struct fuzz_in *in)
{
	return (uint16_t)fuzz_take(in, 2);
}

static inline uint64_t
fuzz_u64(struct fuzz_in *in)
{
	return fuzz_take(in, 8);
}

/** A number from 0 to n - 1; n up to 65536. */
static inline unsigned int
fuzz_below(struct fuzz_in *in, unsigned int n)
{
	return n <= 256 ? fuzz_u8(in) % n : fuzz_u16(in) % n;
}

#define FUZZ_CHECK(cond)                                                                           \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #cond);       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/** Messages are made, since making them may go wrong, and thrown away. */
static inline void
fuzz_drop_logs(void)
{
	FILE *null = fopen("/dev/null", "w");

	if (null != NULL)
		(void)rte_openlog_stream(null);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
