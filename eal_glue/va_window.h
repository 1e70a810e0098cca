/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VA_WINDOW_H
#define VA_WINDOW_H

/**
 * @file
 * Places file mappings at low virtual addresses. Left alone, mmap() puts them near 2^47, where a
 * device behind a 39-bit IOMMU cannot have IOVA = VA. Blocks never adjoin.
 *
 * Threads: any.
 */

#include <stddef.h>

/** Alignment of what is mapped here, so that an IOMMU can use large pages. */
#define VA_WINDOW_ALIGN ((size_t)2 << 20)

/**
 * Map a file shared, readable and writable, from offset 0; in the window when there is room.
 *
 * @param len  bytes, a multiple of the file's page size
 * @param[out] va  untouched on failure
 * @return 0 or negative errno from mmap()
 */
int va_window_map(int fd, size_t len, size_t page_sz, void **va);

/** Unmap what va_window_map() gave. */
void va_window_unmap(void *va, size_t len);

#endif
