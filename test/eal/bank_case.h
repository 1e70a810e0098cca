/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BANK_CASE_H
#define BANK_CASE_H

/**
 * @file
 * What tests of buffers in banks have in common: ops of the application's own on queue pair 0, as a
 * device that works on its memory, and the books of a bank.
 */

#include <string.h>

#include <acceldev/acceldev.h>

#include "soft_dev.h"

#define BANK_KIB ((size_t)1 << 10)
#define BANK_MIB ((size_t)1 << 20)

/** Run one op on queue pair 0 and wait for it: its status. */
static inline uint8_t
bank_run(uint16_t dev, struct accel_op *op)
{
	struct accel_op *back = NULL;

	if (accel_enqueue_burst(dev, 0, &op, 1) != 1)
		return ACCEL_STATUS_ABORTED;
	while (accel_dequeue_burst(dev, 0, &back, 1) == 0)
		;
	return back->status;
}

/**
 * Copy between a bank and host memory; again when the device fails the op, as fail_every has it.
 */
static inline void
bank_copy(uint16_t dev, uint16_t bank, uint64_t addr, const struct accel_buf *host, size_t len,
		bool to_bank)
{
	struct accel_op op;
	unsigned int tries = 0;
	uint8_t status;

	do {
		op = (struct accel_op){
			.type = ACCEL_OP_COPY, .len = len,
			.src_space = to_bank ? ACCEL_SPACE_HOST : ACCEL_SPACE_BANK(bank),
			.dst_space = to_bank ? ACCEL_SPACE_BANK(bank) : ACCEL_SPACE_HOST,
			.src = to_bank ? host->iova : addr,
			.dst = to_bank ? addr : host->iova,
		};
		status = bank_run(dev, &op);
	} while (status == ACCEL_STATUS_DEVICE_ERROR && ++tries < 4);
	CU_ASSERT_EQUAL_FATAL(status, ACCEL_STATUS_SUCCESS);
}

/** The device writes a byte over and over into its bank. */
static inline void
bank_fill(uint16_t dev, uint16_t bank, uint64_t addr, size_t len, unsigned char byte)
{
	struct accel_op op;
	unsigned int tries = 0;
	uint8_t status;

	do {
		op = (struct accel_op){
			.type = ACCEL_OP_FILL, .len = len, .dst = addr,
			.dst_space = ACCEL_SPACE_BANK(bank),
			.pattern = byte * UINT64_C(0x0101010101010101),
		};
		status = bank_run(dev, &op);
	} while (status == ACCEL_STATUS_DEVICE_ERROR && ++tries < 4);
	CU_ASSERT_EQUAL_FATAL(status, ACCEL_STATUS_SUCCESS);
}

/** Bytes of a bank that are not allocated. */
static inline uint64_t
bank_left(uint16_t dev, uint16_t bank)
{
	struct accel_bank_info info;

	CU_ASSERT_EQUAL_FATAL(accel_bank_info_get(dev, bank, &info), 0);
	return info.free_bytes;
}

static inline struct accel_buf *
bank_alloc(uint16_t dev, size_t len, size_t align, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, len, align, flags, &buf), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(buf);
	return buf;
}

/** Where the first byte of a buffer is, asserted. */
static inline struct accel_buf_at
bank_at(const struct accel_buf *buf)
{
	struct accel_buf_at at = { 0 };

	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(buf, 0, &at), 0);
	return at;
}

static inline bool
bank_all(const void *bytes, size_t len, unsigned char byte)
{
	const unsigned char *at = bytes;

	return len == 0 || (at[0] == byte && memcmp(at, at + 1, len - 1) == 0);
}

#endif
