/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_EAL_H
#define ACCEL_EAL_H

/**
 * @file
 * EAL's memory and a device: packets and other objects that DPDK allocated, without a copy into a
 * buffer of accel_buf.h.
 *
 * There are two ways. accel_dev_map_eal() lets the device reach all of EAL's heap; any mempool of
 * the program will do, and so will memory from rte_malloc(). accel_dev_heap_create() makes a heap
 * that EAL's allocators take from by its socket id; the device reaches that and nothing else of
 * EAL's, and it works with a device whose addresses are too few for EAL's. doc/packets.md
 * compares them.
 *
 * Threads: control calls, see accel_dev.h. None may be made from a callback on EAL's memory events.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Let a device read and write all of EAL's heap, now and as it grows and shrinks, at IOVA = virtual
 * address. rte_pktmbuf_mtod() of any mbuf of an ordinary pool is then an address for an op; so is
 * rte_pktmbuf_iova() where EAL is in VA mode, and only there.
 *
 * It lasts until the device is closed, and in a shared I/O space until the last device of that is
 * closed; for a second device of the space the call is a note. External memory
 * (rte_extmem_register(), heaps of rte_malloc_heap_create()) is left out: import it with
 * accel_buf_import(). What the device reaches at IOVA = virtual address already stays as it is.
 * Memory of EAL's heap that is imported before the call must not be freed inside a callback on
 * EAL's memory events.
 *
 * Map entries: one for each hugepage that EAL may free again, and one for each run of hugepages
 * that it never frees (-m, --socket-mem, --legacy-mem, --no-huge). Locked memory: all of EAL's
 * heap counts against RLIMIT_MEMLOCK, once for each I/O space.
 *
 * When EAL's heap grows and the new memory cannot be mapped, for want of entries or locked memory,
 * EAL's allocation succeeds all the same and the device cannot reach it: one line is logged, and
 * accel_dev_info::eal_missed counts it.
 *
 * @retval 0 success
 * @retval -ENODEV no such device
 * @retval -EALREADY done before for this device
 * @retval -ERANGE EAL's addresses, with those reserved for growth, are not all usable for the
 *         device: give EAL --base-virtaddr, or use accel_dev_heap_create()
 * @retval -EADDRINUSE other memory is mapped at one of these IOVAs, or EAL's memory read-only
 * @retval -ENOSPC fewer map entries are left than it takes: give EAL hugepages of 1 GiB, or raise
 *         vfio_iommu_type1.dma_entry_limit
 * @retval -ENOMEM no memory for the books, or the limit on locked memory; the log tells which
 * @return other negative errno from the backend of the I/O space
 */
int accel_dev_map_eal(uint16_t dev_id);

/**
 * Make an EAL heap on memory that the device reaches. rte_mempool_create(),
 * rte_pktmbuf_pool_create(), rte_memzone_reserve() and rte_malloc_socket() take from it when they
 * are given its socket id; what they say is the IOVA (rte_pktmbuf_iova(),
 * rte_mempool_virt2iova(), rte_memzone::iova, rte_malloc_virt2iova()) is then the device's, in VA
 * mode and in PA mode.
 *
 * A device has one heap at most. It does not grow. It is the device's until
 * accel_dev_heap_destroy() or accel_dev_close(). The device can write all of it, the headers of
 * EAL and of the mempools in it included: it is for devices that are trusted with the program's
 * state.
 *
 * EAL allows 31 such heaps in all processes together. A secondary process must have the memory at
 * its address and attach to it (rte_malloc_heap_memory_attach()) before it touches a pool there,
 * even to look one up; this library does not bring the memory into it. If the device reaches only
 * the lowest 4 GiB, the IOVAs are the device's alone, and another device has other memory there;
 * when DPDK drivers use VFIO in the same process, EAL maps the heap for their devices too, at
 * these IOVAs.
 *
 * @param bytes  gross: EAL's headers come out of it; rounded up to pages; not 0
 * @return socket id, never negative
 * @retval -ENODEV no such device
 * @retval -EINVAL bytes is 0, or too large to round up
 * @retval -EALREADY the device has a heap
 * @retval -ENOMEM no memory of that kind, or the limit on locked memory; the log tells which
 * @retval -ENOSPC no map entry, or no usable IOVA range of that length; the log tells which
 * @retval -EDQUOT EAL's heaps, or its lists for their memory, are used up
 * @retval -EMFILE, -ENFILE no file descriptor is left
 * @return other negative errno from the backend of the I/O space
 */
int accel_dev_heap_create(uint16_t dev_id, size_t bytes);

/**
 * End the device's heap. Its memory goes back, and the device reaches it no longer.
 *
 * @retval 0 success
 * @retval -ENODEV no such device
 * @retval -ENOENT the device has no heap
 * @retval -EBUSY mempools, memzones or other allocations live in it; the log says how many
 */
int accel_dev_heap_destroy(uint16_t dev_id);

#ifdef __cplusplus
}
#endif

#endif
