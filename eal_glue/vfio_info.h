/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VFIO_INFO_H
#define VFIO_INFO_H

/**
 * @file
 * VFIO's information structs: they begin with argsz and flags, and may be followed by a chain of
 * capabilities. What the kernel, or whoever plays it, says of sizes and offsets is not believed.
 * Threads: any.
 */

#include <stddef.h>
#include <stdint.h>

/**
 * Ask with one ioctl for a struct and all that follows it.
 *
 * @param head  the struct with what the request needs filled in, argsz excepted
 * @param size  of head
 * @param[out] info  from malloc(), the caller's; its argsz is what can be read
 * @retval 0 success
 * @retval -EPROTO a size that cannot be
 * @retval -ENOMEM no memory
 * @return other negative errno from the kernel
 */
int vfio_info_get(int fd, unsigned long request, const void *head, size_t size, void **info);

/**
 * Find a capability.
 *
 * @param info        from vfio_info_get()
 * @param head_size   of the struct before the chain
 * @param cap_offset  of the first capability; 0: there is none
 * @param size        least size of the capability
 * @param[out] left   bytes from its begin to the end of info; may be NULL
 * @return its bytes, at any alignment; NULL when the chain lacks it, leaves the struct, or runs
 *         back
 */
const unsigned char *vfio_info_cap(const void *info, size_t head_size, uint32_t cap_offset, uint16_t id,
		size_t size, size_t *left);

#endif
