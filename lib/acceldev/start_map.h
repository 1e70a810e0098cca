/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef START_MAP_H
#define START_MAP_H

/**
 * @file
 * Which buffer begins at or before an address of a block of memory, the nearest. A tree of words
 * whose bits say where buffers begin, 64 to a word, so that a search reads a word or two of each
 * level.
 *
 * Threads: readers take no lock and never fail, whatever writers do; writers of one map are
 * serialised by the caller. Why a reader is right about a buffer that lives during all of its
 * search: between the start of that buffer and the address no other begins, so every bit between
 * them is 0, in all levels, since before the buffer was entered; the bits that lead to the buffer
 * are 1, in all levels, since it was entered, because a clear goes up only from a word that became
 * 0. So the search meets the buffer's bits first, however other bits change meanwhile. For the same
 * reason what is noted with the bits of its group is not used for anything else: that happens when
 * a group has become empty.
 *
 * The memory of a map that was destroyed stays mapped and is the next one's, so that a reader who
 * comes late reads something, though nothing of use.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct start_map;

/**
 * Make an empty map. It takes 1/4 to 1/2 byte of addresses for each unit, and memory for what is
 * used of it. Its own address is a multiple of 4096.
 *
 * @param va    first byte of the block; a multiple of 4096
 * @param len   bytes of the block, not 0
 * @param unit  power of two, at most 2 GiB; starts are multiples of it away from va
 * @return NULL when there is no memory
 */
struct start_map *start_map_create(const void *va, size_t len, size_t unit);

void start_map_destroy(struct start_map *map);

/**
 * A buffer begins here; none did.
 *
 * @param number  less than 2^32
 * @return 0 or -ENOMEM
 */
int start_map_set(struct start_map *map, const void *va, uint32_t number);

/** A buffer that was entered begins here no longer. */
void start_map_clear(struct start_map *map, const void *va);

/** The number of the buffer that begins at va or nearest before it. False when there is none. */
bool start_map_find(const struct start_map *map, const void *va, uint32_t *number);

#endif
