/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_MEMORY_H
#define VVAS_MEMORY_H

/**
 * @file
 * Memories: bytes that the host, and with CMA a device, reach.
 *
 * A CMA memory lies in a bank of the context's device, and the host has a view of it. Data go
 * between the two as whole memories:
 *
 * - a map for READ fetches the device's data, unless what the host has written is not sent yet:
 *   then that is sent, and stays in the view;
 * - unmapping sends the view, when the memory has been mapped for WRITE since no map was open.
 *
 * On a device without banks, bank 0 is memory of the host that the device reaches by DMA: nothing
 * has to be sent or fetched.
 *
 * A memory is known by its address: one that a program has made up or has freed is refused, as long
 * as no other memory was allocated at the same address since.
 *
 * Threads: any, also on one memory.
 */

#include <vvas_core/vvas_common.h>
#include <vvas_core/vvas_context.h>

typedef void VvasMemory;

typedef struct {
	uint8_t *data;
	size_t size;
} VvasMemoryMapInfo;

/** Called once when a memory of the caller's data is freed, by the thread that frees it. */
typedef void (*VvasMemoryDataFreeCB)(void *data, void *user_data);

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocate a memory; its content is undefined.
 *
 * @param mem_type   CMA: in a bank of the device, page aligned. NON_CMA: memory of the host, which
 *                   the device of the context, if any, reaches too, and is 64-byte aligned then
 * @param mem_flags  not looked at
 * @param mbank_idx  bank, with CMA; of a device without banks 0
 * @param size       bytes, not 0
 * @param[out] ret   the result; may be NULL
 * @retval NULL failure; VVAS_RET_INVALID_ARGS: not a context, no such type, or size is 0;
 *         VVAS_RET_ERROR: CMA on a software context; VVAS_RET_ALLOC_ERROR: no such bank, or no
 *         memory left in it or at all. All are logged.
 */
VvasMemory *vvas_memory_alloc(VvasContext *vvas_ctx, VvasAllocationType mem_type,
		VvasAllocationFlags mem_flags, uint8_t mbank_idx, size_t size, VvasReturnType *ret);

/**
 * Make the caller's data a NON_CMA memory. The device does not reach it.
 *
 * @param data       stays the caller's until free_cb is called
 * @param size       bytes; may be 0
 * @param free_cb    called by vvas_memory_free(); may be NULL
 * @param[out] ret   the result; may be NULL
 * @retval NULL failure, logged; VVAS_RET_INVALID_ARGS: not a context, or data is NULL;
 *         VVAS_RET_ALLOC_ERROR: no memory. free_cb is not called.
 */
VvasMemory *vvas_memory_alloc_from_data(VvasContext *vvas_ctx, uint8_t *data, size_t size,
		VvasMemoryDataFreeCB free_cb, void *user_data, VvasReturnType *ret);

/** Free a memory, mapped or not, also after its context was destroyed. What is none is logged. */
void vvas_memory_free(VvasMemory *vvas_mem);

/**
 * Map a memory. The address is the same every time.
 *
 * @param map_flags   VvasDataMapFlags
 * @param[out] info   untouched on failure
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_INVALID_ARGS not a memory, or info is NULL
 * @retval VVAS_RET_ERROR READ, and the device failed; logged. The memory is not mapped.
 */
VvasReturnType vvas_memory_map(VvasMemory *vvas_mem, VvasDataMapFlags map_flags,
		VvasMemoryMapInfo *info);

/**
 * End a map. Without one nothing happens.
 *
 * @param info  not looked at; may be NULL
 * @retval VVAS_RET_SUCCESS success
 * @retval VVAS_RET_INVALID_ARGS not a memory
 * @retval VVAS_RET_ERROR what the host has written cannot be sent; logged. It stays in the view,
 *         and is sent with the next map for READ, or unmap.
 */
VvasReturnType vvas_memory_unmap(VvasMemory *vvas_mem, VvasMemoryMapInfo *info);

/** Note metadata with a memory, all 0 at first, or read them. NULL and what is none is logged. */
void vvas_memory_set_metadata(VvasMemory *vvas_mem, VvasMetadata *meta_data);
void vvas_memory_get_metadata(VvasMemory *vvas_mem, VvasMetadata *meta_data);

#ifdef __cplusplus
}
#endif

#endif
