/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_BANK_H
#define ACCEL_BANK_H

/**
 * @file
 * Banks: memory on the device (DDR, HBM, SRAM), addressed by device addresses.
 *
 * Ops reach a bank with the tag ACCEL_SPACE_BANK(n). Nothing forces an application to allocate:
 * it may lay a bank out itself. What it allocates is kept apart from what others allocate.
 *
 * Threads: any thread.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is known about a bank. */
struct accel_bank_info {
	uint64_t base;         /**< lowest device address */
	uint64_t len;          /**< bytes */
	uint64_t free_bytes;   /**< not allocated */
	uint64_t largest_free; /**< largest range that can be allocated, alignment aside */
	uint64_t reserved[4];
};

/**
 * Tell what is known about a bank.
 *
 * @retval 0 success
 * @retval -EINVAL info is NULL, or there is no such bank
 * @retval -ENODEV no such device
 */
int accel_bank_info_get(uint16_t dev_id, uint16_t bank, struct accel_bank_info *info);

/**
 * Allocate memory of a bank.
 *
 * @param len    bytes, not 0
 * @param align  power of two; 0 means 64
 * @param[out] addr  device address; untouched on failure
 * @retval 0 success
 * @retval -EINVAL addr is NULL, no such bank, len is 0, or align is not a power of two
 * @retval -ENODEV no such device
 * @retval -ENOSPC the bank has no such range left
 * @retval -ENOMEM no memory for the books
 */
int accel_bank_alloc(uint16_t dev_id, uint16_t bank, uint64_t len, uint64_t align, uint64_t *addr);

/**
 * Free memory of a bank by the address that accel_bank_alloc() gave.
 *
 * @retval 0 success
 * @retval -EINVAL no such bank, or not allocated: freed already, foreign, or inside an allocation
 * @retval -EBUSY a buffer begins there, see ACCEL_BUF_BANK(): accel_buf_free() frees it
 * @retval -ENODEV no such device
 * @retval -ENOMEM no memory for the books
 */
int accel_bank_free(uint16_t dev_id, uint16_t bank, uint64_t addr);

#ifdef __cplusplus
}
#endif

#endif
