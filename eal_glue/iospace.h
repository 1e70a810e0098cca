/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_H
#define IOSPACE_H

/**
 * @file
 * One I/O address space: which memory a device reaches, where, and for what.
 *
 * A backend does the mapping (an IOMMU, or nothing where the device is software); the iospace keeps
 * the table that is the truth, chooses IOVAs under the constraints of backend and device, counts
 * entries, and undoes what it began when a step fails.
 *
 * Addresses: usable are the backend's ranges within the device's window, IOVA 0 never. Placement VA
 * makes the IOVA the virtual address where that is usable and unoccupied; else, and with placement
 * ALLOC, one is chosen that no other iospace of the process was given, so that memory can be shared
 * at its IOVA later. Only a window that lies altogether below 4 GiB has IOVAs of its own.
 *
 * Maps are unmapped whole, as VFIO's type 1 does. One virtual address may be mapped at several
 * IOVAs; the lookup by virtual address then gives the oldest.
 *
 * Threads: any. One lock per iospace, a leaf: nothing is called under it but the backend, and the
 * backend allocates nothing from EAL. The lookups take no lock.
 */

#include <stdbool.h>
#include <stdint.h>

#include <addrspace/addrspace.h>
#include "iomap.h"

/** The device may read. */
#define IOSPACE_READ  IOMAP_READ
/** The device may write. */
#define IOSPACE_WRITE IOMAP_WRITE

/** Number of entries when no limit is known. */
#define IOSPACE_NO_LIMIT UINT32_MAX

/** What a backend can do, as it says when the iospace is made. */
struct iospace_info {
	struct addrspace_range *ranges; /**< IOVAs, from malloc(); the iospace frees it */
	unsigned int nb_ranges;
	uint64_t page_sizes;            /**< bit mask; the smallest is the granule of maps */
	uint32_t max_maps;              /**< entries left now, or IOSPACE_NO_LIMIT */
	bool identity;                  /**< IOVA must be the virtual address */
};

/**
 * Backend. ctx is what iospace_conf carried. Errors are negative errno with these meanings, told
 * apart because their remedies differ: -EEXIST overlaps an entry, -ENOSPC no entry left, -ENOMEM
 * limit on locked memory, -EFAULT memory that cannot be pinned, -EINVAL outside the ranges or
 * unaligned. The iospace lock is held in map and unmap.
 */
struct iospace_ops {
	const char *name;
	/** Logs its errors, but for -ENOMEM. */
	int (*info)(void *ctx, struct iospace_info *info);
	int (*map)(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access);
	/** Whole entries only. unmapped: bytes that the backend took away. */
	int (*unmap)(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped);
	/** Whether maps of len bytes more fit within limits: 0 or -ENOMEM. May be NULL. */
	int (*check)(void *ctx, uint64_t len);
	/** Words for an error of a map of len bytes, or NULL; may be NULL. */
	const char *(*explain)(void *ctx, int err, uint64_t len);
	void (*close)(void *ctx);
};

/** How IOVAs are chosen. */
enum iospace_placement {
	IOSPACE_PLACE_VA,
	IOSPACE_PLACE_ALLOC,
};

struct iospace_conf {
	const char *name;                 /**< for logs; copied */
	const struct iospace_ops *ops;
	void *ctx;                        /**< the backend's; closed with the iospace */
	struct addrspace_range window;    /**< what the device can address */
	/** Bits of the aligned window within it that the device is set to; 0: to all of it. */
	unsigned int window_bits;
	unsigned int window_number;       /**< which of them, as far as they suffice */
	enum iospace_placement placement;
};

struct iospace;

/**
 * Set a range to one of the aligned windows in it. Not to that at 0, if there are others:
 * interrupts are signalled by writes to addresses in it.
 *
 * @param bits    of an address within a window, 1 to 63
 * @param number  which of them; as far as they suffice, each number has another one
 */
void iospace_pick_window(struct addrspace_range *range, unsigned int bits, unsigned int number);

/**
 * Make an iospace. On failure ctx is still the caller's.
 *
 * @retval 0 success
 * @retval -ERANGE no backend range lies in the window
 * @retval -ENOMEM no memory
 * @return other negative errno from the backend's info
 */
int iospace_create(const struct iospace_conf *conf, struct iospace **ios);

/**
 * Ask the backend for its ranges again, after a device joined: what is no longer usable and free is
 * never handed out from now on. On failure nothing has changed.
 *
 * @param window  of the device that joined
 * @retval 0 success
 * @retval -EBUSY memory is mapped where the device cannot reach; logged
 * @retval -ENOMEM no memory for the books; logged
 * @return other negative errno from the backend's info
 */
int iospace_narrow(struct iospace *ios, const struct addrspace_range *window);

/** Backend of an iospace, for the backend itself: its ops and ctx. */
const struct iospace_ops *iospace_backend(const struct iospace *ios, void **ctx);

/** Unmap all, close the backend, free. NULL is a no-op. No other thread may use it. */
void iospace_destroy(struct iospace *ios);

/** For iospace_map(): take the IOVA that is passed in. */
#define IOSPACE_FIXED (1u << 0)
/** For iospace_map(): an entry of EAL's memory, made by eal_map.h and by nothing else. */
#define IOSPACE_EAL   (1u << 1)

/** What to map. */
struct iospace_request {
	void *va;            /**< multiple of the granule */
	uint64_t len;        /**< bytes, multiple of the granule, not 0 */
	unsigned int access; /**< IOSPACE_READ, IOSPACE_WRITE or both */
	unsigned int flags;  /**< IOSPACE_FIXED, IOSPACE_EAL */
	uint64_t align;      /**< of a chosen IOVA; power of two; 0: the granule */
};

/**
 * Map memory. A failed call leaves nothing reserved and has logged one line.
 *
 * @param[in,out] iova  with IOSPACE_FIXED the address to use; else the address chosen
 * @retval 0 success
 * @retval -EINVAL unaligned, length 0 or wrapping, no access or unknown bits
 * @retval -EEXIST the IOVA asked for, or that must be used, is occupied, given up by a failed
 *         unmap, or withdrawn by iospace_narrow()
 * @retval -ERANGE the IOVA asked for, or that must be used, is not usable
 * @retval -ENOSPC no entry left, or no usable IOVA range left; the log tells which
 * @retval -EFAULT the backend cannot reach the memory
 * @retval -ENOMEM no memory for the books, or the limit on locked memory; the log tells which
 */
int iospace_map(struct iospace *ios, const struct iospace_request *req, uint64_t *iova);

/**
 * Unmap a whole entry.
 *
 * @retval 0 success
 * @retval -ENOENT no entry begins there
 * @retval -EINVAL the entry has another length
 * @retval -EIO the backend failed or took away something else: the device may still reach the
 *         memory, which must not be reused; its IOVAs are never handed out again
 */
int iospace_unmap(struct iospace *ios, uint64_t iova, uint64_t len);

/**
 * Check that memory of EAL can be mapped, before the first of its maps.
 *
 * @param maps   entries that it takes
 * @param bytes  in all
 * @retval 0 success
 * @retval -ENOSPC too few entries are left; logged
 * @retval -ENOMEM the limit on locked memory; logged
 */
int iospace_check_room(struct iospace *ios, uint64_t maps, uint64_t bytes);

/** IOVA of host memory: 0, or -EFAULT when some byte is not mapped or not together. No lock. */
int iospace_va2iova(const struct iospace *ios, const void *va, uint64_t len, uint64_t *iova);

/** Host memory behind IOVAs: 0, -EFAULT, or -EACCES without the access. No lock. */
int iospace_iova2va(const struct iospace *ios, uint64_t iova, uint64_t len, unsigned int access,
		void **va);

/** Translations around an IOVA, as iomap_run(). No lock. */
int iospace_iova_run(const struct iospace *ios, uint64_t iova, struct iomap_run *run);

/**
 * Counter that grows whenever translations were removed, before the backend forgets them: who
 * remembers translations compares it.
 */
const uint64_t *iospace_generation(const struct iospace *ios);

/** One entry. */
struct iospace_entry {
	void *va;
	uint64_t iova;
	uint64_t len;
	unsigned int access;
	unsigned int flags; /**< 0 or IOSPACE_EAL */
};

/** The first entry whose last byte is at or above an IOVA: 0 or -ENOENT. */
int iospace_next(struct iospace *ios, uint64_t iova, struct iospace_entry *entry);

struct iospace_stats {
	uint32_t maps;      /**< entries used */
	uint32_t maps_left; /**< entries left, or IOSPACE_NO_LIMIT */
	uint64_t bytes;     /**< mapped */
	uint64_t eal_bytes; /**< of those, by entries with IOSPACE_EAL */
	uint64_t page_sizes;
	struct addrspace_range usable; /**< lowest and highest usable IOVA */
	enum iospace_placement placement;
};

void iospace_stats_get(struct iospace *ios, struct iospace_stats *stats);

/** Granule of maps, in bytes. */
uint64_t iospace_granule(const struct iospace *ios);

/** Whether the IOVA is always the virtual address. */
bool iospace_is_identity(const struct iospace *ios);

#endif
