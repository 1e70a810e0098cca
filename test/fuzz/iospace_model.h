/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IOSPACE_MODEL_H
#define IOSPACE_MODEL_H

/**
 * @file
 * A plain model of an I/O space: arrays of usable ranges and of entries, searched from end to end.
 */

#include <stdbool.h>
#include <stdint.h>

#include <addrspace/addrspace.h>

#define MODEL_ENTRIES 48
#define MODEL_RANGES  24

struct model_entry {
	uint64_t va, iova, len;
	unsigned int access;
	bool lost;   /* the backend did not give it up: occupied, and no entry any more */
	bool pooled; /* its IOVA was chosen, of those that are unique in the process */
};

struct model {
	struct addrspace_range usable[MODEL_RANGES];
	unsigned int nb_usable;
	struct model_entry entry[MODEL_ENTRIES]; /* oldest first */
	unsigned int nb_entries;
	unsigned int nb_live;    /* of entries, those that are not lost */
	uint32_t max_maps;
	uint64_t granule;
	bool narrowed;
};

/** Keep of the usable ranges what lies in one of n ranges too, in whole granules. */
void model_restrict(struct model *m, const struct addrspace_range *ranges, unsigned int n);

/** Whether a range lies within one usable range. */
bool model_usable(const struct model *m, uint64_t iova, uint64_t len);

/** Whether it overlaps an entry, or what was lost. */
bool model_occupied(const struct model *m, uint64_t iova, uint64_t len);

/** Whether a free place of that length and alignment exists at or above an IOVA. */
bool model_has_place(const struct model *m, uint64_t len, uint64_t align, uint64_t lowest);

/** Add an entry; there must be room. */
void model_add(struct model *m, const struct model_entry *entry);

/** The entry that begins there, or NULL. */
struct model_entry *model_find(struct model *m, uint64_t iova);

/** Take an entry out; what is lost stays as that. */
void model_remove(struct model *m, struct model_entry *entry, bool lost);

/** IOVA of a virtual address, of its oldest entry: false when it has none. */
bool model_va2iova(const struct model *m, uint64_t va, uint64_t *iova);

/** The entry that holds an IOVA, or NULL. */
const struct model_entry *model_holder(const struct model *m, uint64_t iova);

#endif
