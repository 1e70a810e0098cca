/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_BOOKS_H
#define IOSPACE_BOOKS_H

/**
 * @file
 * The books of an iospace's IOVAs when another device joins it.
 */

#include "iospace.h"

/** Whether all from first to last lies in one of the backend's ranges, and in the window. */
bool iospace_is_usable(uint64_t first, uint64_t last, const struct iospace_info *info,
		const struct addrspace_range *window);

/**
 * Reserve, for good, what is free and does not lie in the backend's ranges or not in the window.
 *
 * @param books  replaced; as they were on failure
 * @param info   its ranges are sorted
 * @retval 0 success
 * @retval -ENOMEM no memory for other books
 */
int iospace_books_narrow(struct addrspace **books, struct iospace_info *info,
		const struct addrspace_range *window);

#endif
