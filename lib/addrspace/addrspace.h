/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ADDRSPACE_H
#define ADDRSPACE_H

/**
 * @file
 * Range allocator: hands out ranges of a 64-bit address space.
 *
 * It keeps books about addresses and never touches what lies there, so it serves I/O virtual
 * addresses, device memory banks and host arenas alike. A space starts empty; ranges are added to
 * it, and every address of the space is then free or live. All addresses of [0, 2^64) can be
 * managed, the last one included; ranges are therefore given as first and last address, both
 * inclusive, as VFIO does.
 *
 * Neighbouring free ranges always coalesce, also across separate addrspace_add() calls. Every call
 * that fails changes nothing.
 *
 * Cost: logarithmic in the number of ranges; memory is proportional to the ranges at hand. (Where
 * alignment is neither one nor the size rounded up to a power of two, ADDRSPACE_LOWEST may have to
 * pass over further free ranges that seem to fit.)
 *
 * Threads: none of the functions locks; calls on one space are serialised by the caller. Different
 * spaces are independent.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct addrspace;

/** Addresses first to last, both inclusive. */
struct addrspace_range {
	uint64_t first;
	uint64_t last;
};

/** Take the lowest fitting address instead of the best fitting free range. */
#define ADDRSPACE_LOWEST (1u << 0)

/** What addrspace_alloc() is asked for. */
struct addrspace_request {
	uint64_t size;                 /**< bytes, not 0 */
	uint64_t align;                /**< power of two; 0 means 1 */
	struct addrspace_range window; /**< where to look; {0, UINT64_MAX} for anywhere */
	unsigned int flags;            /**< 0 or ADDRSPACE_LOWEST */
};

/** What a space holds. Byte counts of 2^64 saturate at UINT64_MAX. */
struct addrspace_stats {
	uint64_t free_bytes;    /**< sum of the free ranges */
	uint64_t live_bytes;    /**< sum of the allocated and reserved ranges */
	uint64_t largest_free;  /**< size of the largest free range */
	uint64_t high_water;    /**< highest live address ever, plus one minus the lowest added
				 *   address; 0 while nothing was ever live */
	size_t free_ranges;     /**< number of free ranges: the fragments */
	size_t live_ranges;     /**< number of live ranges */
};

/**
 * Make an empty space.
 *
 * @param[out] space  the space, owned by the caller; addrspace_destroy() ends it
 * @retval 0 success
 * @retval -EINVAL space is NULL
 * @retval -ENOMEM no memory
 */
int addrspace_create(struct addrspace **space);

/** Free a space and its books, whatever is live in it. NULL is a no-op. */
void addrspace_destroy(struct addrspace *space);

/**
 * Add the addresses first to last, as free.
 *
 * @retval 0 success
 * @retval -EINVAL space is NULL, or last lies below first
 * @retval -EEXIST some of the range was added before, whether free or live now
 * @retval -ENOMEM no memory for the books
 */
int addrspace_add(struct addrspace *space, uint64_t first, uint64_t last);

/**
 * Allocate a range. The smallest free range in which the request fits is cut, the lowest of equal
 * ones, at the lowest fitting address (best fit); with ADDRSPACE_LOWEST the lowest fitting address
 * of the whole space is taken. Where alignment or window rule out many free ranges of sufficient
 * size, best fit looks at a bounded number of them and then settles for a larger or a lower one; a
 * request that fits anywhere always succeeds.
 *
 * @param[out] first  lowest address of the new range; untouched on failure
 * @retval 0 success
 * @retval -EINVAL a pointer is NULL, size is 0, align is not a power of two, the window's last lies
 *         below its first, or an unknown flag is set
 * @retval -ENOSPC no free range in the window fits
 * @retval -ENOMEM no memory for the books
 */
int addrspace_alloc(struct addrspace *space, const struct addrspace_request *req, uint64_t *first);

/**
 * Allocate exactly first to last; also the way to reserve a hole that must not be handed out.
 * addrspace_free() of first gives it back. Of several errors that of the lowest offending address
 * is returned.
 *
 * @retval 0 success
 * @retval -EINVAL space is NULL, or last lies below first
 * @retval -ERANGE some of the range was never added
 * @retval -EEXIST some of the range is live
 * @retval -ENOMEM no memory for the books
 */
int addrspace_reserve(struct addrspace *space, uint64_t first, uint64_t last);

/**
 * Free a live range by its first address.
 *
 * @param[out] size  bytes that became free, saturated at UINT64_MAX; may be NULL
 * @retval 0 success
 * @retval -EINVAL space is NULL
 * @retval -ENOENT the address is free: never allocated, or freed already
 * @retval -ERANGE the address was never added
 * @retval -EFAULT the address lies inside a live range but is not its first
 * @retval -ENOMEM no memory for the books; the range stays live
 */
int addrspace_free(struct addrspace *space, uint64_t first, uint64_t *size);

/** State of a range as addrspace_next() and addrspace_find() tell it. */
enum addrspace_state {
	ADDRSPACE_FREE,
	ADDRSPACE_LIVE,
};

/**
 * Find the free or live range that holds an address.
 *
 * @param[out] range  the whole range; may be NULL
 * @param[out] state  may be NULL
 * @retval 0 success
 * @retval -EINVAL space is NULL
 * @retval -ERANGE the address was never added
 */
int addrspace_find(const struct addrspace *space, uint64_t addr, struct addrspace_range *range,
		enum addrspace_state *state);

/**
 * Iterate in address order: the first range, free or live, whose last address is at or above addr.
 * Continue with range.last + 1, and stop when range.last is UINT64_MAX.
 *
 * @retval 0 success
 * @retval -EINVAL a pointer is NULL
 * @retval -ENOENT no further range
 */
int addrspace_next(const struct addrspace *space, uint64_t addr, struct addrspace_range *range,
		enum addrspace_state *state);

/**
 * Fill in the statistics, in constant or logarithmic time.
 *
 * @retval 0 success
 * @retval -EINVAL a pointer is NULL
 */
int addrspace_stats_get(const struct addrspace *space, struct addrspace_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
