/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOMAP_H
#define IOMAP_H

/**
 * @file
 * Translation table from addresses to addresses, read without a lock: a radix tree as an MMU walks,
 * with entries of 2 MiB and, where a mapping covers less, of 4 KiB. An entry holds the distance
 * between the two address spaces, so a lookup reads three words and neighbouring mappings at one
 * distance are one run.
 *
 * Threads: writers are serialised by the caller; readers need nothing. Tables stay until
 * iomap_fini(), so that a reader never meets one that was given back.
 */

#include <stdbool.h>
#include <stdint.h>

/** Keys lie below 2^48. */
#define IOMAP_KEY_BITS   48
#define IOMAP_PAGE_SHIFT 12
#define IOMAP_PAGE       (UINT64_C(1) << IOMAP_PAGE_SHIFT)

/** Access bits of an entry; at least one is set in a mapping. */
#define IOMAP_READ  1u
#define IOMAP_WRITE 2u

struct iomap_table;

struct iomap {
	struct iomap_table **root;   /* one table per GiB */
	struct iomap_table *tables;  /* all, to free them */
};

/** Addresses at one distance. */
struct iomap_run {
	uint64_t first; /**< lowest key */
	uint64_t len;   /**< bytes */
	uint64_t delta; /**< add to a key, modulo 2^64 */
	unsigned int access;
};

/** Make an empty table: 0 or -ENOMEM. */
int iomap_init(struct iomap *map);

void iomap_fini(struct iomap *map);

/** Provide the tables that iomap_set() of these keys will need: 0 or -ENOMEM. */
int iomap_prepare(struct iomap *map, uint64_t key, uint64_t len);

/**
 * Enter a mapping, prepared before. Keys that have an entry keep it.
 *
 * @param key,len,delta  multiples of IOMAP_PAGE
 * @return whether some key had an entry: the mapping is an alias
 */
bool iomap_set(struct iomap *map, uint64_t key, uint64_t len, uint64_t delta, unsigned int access);

/** Remove the entries of these keys that have this distance. */
void iomap_clear(struct iomap *map, uint64_t key, uint64_t len, uint64_t delta);

/**
 * Translate.
 *
 * @param len  bytes, not 0, not wrapping
 * @param access  bits that all entries must have; 0 for any
 * @param[out] delta  untouched on failure
 * @retval 0 success
 * @retval -EFAULT some key has no entry, or the distance changes on the way
 * @retval -EACCES an entry lacks an access bit
 */
int iomap_lookup(const struct iomap *map, uint64_t key, uint64_t len, unsigned int access,
		uint64_t *delta);

/**
 * The run around a key, as far as a bounded search in both directions finds it.
 *
 * @retval 0 success
 * @retval -EFAULT the key has no entry
 */
int iomap_run(const struct iomap *map, uint64_t key, struct iomap_run *run);

#endif
