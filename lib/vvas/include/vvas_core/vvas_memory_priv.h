/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_MEMORY_PRIV_H
#define VVAS_MEMORY_PRIV_H

/**
 * @file
 * For modules beside the VVAS core: what a memory looks like, and transfers by hand.
 *
 * A VvasMemory is a VvasMemoryPrivate that this library has made. The fields are for reading. One
 * that a program fills itself is no memory; vvas_memory_alloc_from_data() makes one.
 *
 * Threads: any.
 */

#include <vvas_core/vvas_memory.h>

typedef struct {
	VvasAllocationInfo mem_info;
	VvasContext *ctx;   /**< stays readable as long as the memory lives */
	vvasBOHandle boh;   /**< CMA: the struct accel_buf of accel_buf.h; else NULL */
	int32_t mbank_idx;
	uint8_t *data;
	size_t size;
	VvasMemoryDataFreeCB free_cb;
	void *user_data;
	uint8_t own_alloc;
	VvasMetadata meta_data;
} VvasMemoryPrivate;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Transfer a whole CMA memory, whatever is due: TO_DEVICE sends the host's view, and the end of
 * maps that are open now sends nothing any more; FROM_DEVICE fetches, also over what the host has
 * written. Other memories, other flags and failures are logged.
 */
void vvas_memory_sync_data(VvasMemory *vvas_mem, VvasDataSyncFlags sync_flags);

/** Say that a transfer is due. */
void vvas_memory_set_sync_flag(VvasMemory *vvas_mem, VvasDataSyncFlags flag);

/** Say that a transfer is not due. TO_DEVICE: the end of maps that are open now sends nothing. */
void vvas_memory_unset_sync_flag(VvasMemory *vvas_mem, VvasDataSyncFlags flag);

/**
 * Where the device sees a memory: the device address in its bank; of a device without banks the I/O
 * address.
 *
 * @retval UINT64_MAX not CMA, or not a memory
 */
uint64_t vvas_memory_get_paddr(VvasMemory *vvas_mem);

/** The buffer of a CMA memory, see VvasMemoryPrivate::boh; NULL when it is none. */
void *vvas_memory_get_bo(VvasMemory *vvas_mem);

/** dev_idx of the context; -1 when it is no memory. */
int32_t vvas_memory_get_device_index(VvasMemory *vvas_mem);

/** The bank that was asked for, 0 for the caller's data; -1 when it is no memory. */
int32_t vvas_memory_get_bank_index(VvasMemory *vvas_mem);

#ifdef __cplusplus
}
#endif

#endif
