/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_AFU_H
#define ACCEL_AFU_H

/**
 * @file
 * AFUs (accelerator functional units): what an FPGA has been programmed to be, named by a GUID. A
 * device has as many as its driver finds; most have none or one.
 *
 * Threads: any thread.
 */

#include <stdint.h>

#include <acceldev/accel_driver.h>

#ifdef __cplusplus
extern "C" {
#endif

/** AFUs of a device, at most. */
#define ACCEL_MAX_AFUS 64

/** What is known about an AFU. */
struct accel_afu_info {
	uint8_t guid[16];    /**< the most significant byte first, as uuid_t */
	uint32_t region;     /**< where its registers are: ACCEL_REGION_* or the number of a BAR */
	uint32_t reserved0;
	uint64_t offset;     /**< of its first register in the region */
	uint64_t size;       /**< bytes of its registers */
	uint64_t reserved[4];
};

/**
 * Tell what is known about an AFU.
 *
 * @param afu  from 0 to accel_dev_info::nb_afus - 1
 * @retval 0 success
 * @retval -EINVAL info is NULL, or there is no such AFU
 * @retval -ENODEV no such device
 */
int accel_afu_info_get(uint16_t dev_id, uint16_t afu, struct accel_afu_info *info);

/**
 * Driver SDK: add the next AFU, in probe.
 *
 * @return number of the AFU
 * @retval -EINVAL info is NULL
 * @retval -ENOSPC ACCEL_MAX_AFUS there are
 */
int accel_dev_add_afu(struct accel_dev *dev, const struct accel_afu_info *info);

#ifdef __cplusplus
}
#endif

#endif
