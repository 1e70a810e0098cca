/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_XSTATS_H
#define ACCEL_XSTATS_H

/**
 * @file
 * Extended statistics: everything that a device counts, under names, as ethdev has them.
 *
 * Names are stable; an id is valid as long as the device is open and not configured again, and may
 * differ in another version of the library. In order of ids, a device has:
 *
 * - enqueued, dequeued, errors, bytes, rejected: sums over the queue pairs there are now, of what
 *   struct accel_qp_stats tells of each. bytes has none of runs, whose length is 0.
 * - maps, maps_left, mapped_bytes, live_bufs: as in struct accel_dev_info. arenas, arena_bytes:
 *   number and bytes of the arenas that accel_arena_info_get() tells of. eal_bytes, eal_missed: as
 *   in struct accel_dev_info. They tell how things are now; in an I/O space that devices share, all
 *   but live_bufs are of the space.
 * - The driver's own, if it has any, which begin with the driver's name: "edu_transfers_to_host".
 * - qpN_enqueued, qpN_dequeued, qpN_errors, qpN_bytes, qpN_rejected: for each queue pair N that is
 *   configured; 0 until it is set up.
 *
 * Names consist of letters, digits and '_'. Threads: any, also while the device runs; each value is
 * read whole, the set is not one instant.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACCEL_XSTAT_NAME_LEN 64       /**< with the final 0 */
#define ACCEL_XSTATS_DRIVER_MAX 256   /**< of a driver's own; more are not seen */

/** A value. */
struct accel_xstat {
	uint64_t id;    /**< place of its name in what accel_xstats_get_names() gives */
	uint64_t value;
};

/** A name. */
struct accel_xstat_name {
	char name[ACCEL_XSTAT_NAME_LEN];
};

/**
 * Names of all statistics, in order of their ids.
 *
 * @param[out] names  may be NULL when n is 0
 * @param n  elements of names
 * @return how many there are; when that is more than n, the first n are filled in
 * @retval -EINVAL names is NULL and n is not 0
 * @retval -ENODEV no such device
 */
int accel_xstats_get_names(uint16_t dev_id, struct accel_xstat_name *names, unsigned int n);

/**
 * Values of all statistics, in order of their ids.
 *
 * @param[out] xstats  may be NULL when n is 0
 * @param n  elements of xstats
 * @return how many there are; when that is more than n, the first n are filled in
 * @retval -EINVAL xstats is NULL and n is not 0
 * @retval -ENODEV no such device
 */
int accel_xstats_get(uint16_t dev_id, struct accel_xstat *xstats, unsigned int n);

/**
 * Id of a name.
 *
 * @param[out] id  untouched on failure
 * @retval 0 success
 * @retval -EINVAL name or id is NULL
 * @retval -ENODEV no such device
 * @retval -ENOENT no statistic of that name; not logged
 * @retval -ENOMEM no memory
 */
int accel_xstats_get_id(uint16_t dev_id, const char *name, uint64_t *id);

/**
 * Count from zero again: accel_qp_stats_reset() on all queue pairs, and their sums with them. What
 * tells how things are stays, and so do the driver's own.
 *
 * @retval 0 success
 * @retval -ENODEV no such device
 */
int accel_xstats_reset(uint16_t dev_id);

#ifdef __cplusplus
}
#endif

#endif
