/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FAKE_IOMMU_H
#define FAKE_IOMMU_H

/**
 * @file
 * An iospace backend that keeps its own books as VFIO's type 1 v2 does: whole maps only, -EEXIST on
 * overlap, -EINVAL outside its ranges or unaligned, -ENOSPC without an entry. It touches no memory,
 * so tests map addresses that need not exist.
 */

#include <stdbool.h>
#include <stdint.h>

#include <eal_glue/iospace.h>

#define FAKE_MAX_RANGES 4

/** Where VFIO's ranges have a hole, for MSI. */
#define FAKE_HOLE_FIRST UINT64_C(0xfee00000)
#define FAKE_HOLE_LAST  UINT64_C(0xfeefffff)

struct fake_entry {
	uint64_t iova;
	uint64_t len;
	uint64_t va;
	unsigned int access;
	bool lost; /* its unmap was made to fail */
};

/** Makes one call fail: the nth from now on, 1 being the next; 0 is never. */
struct fake_fault {
	unsigned int nth;
	int err; /* negative errno; 0 for unmap: tell another length than was asked for */
};

struct fake_iommu {
	/* What it can do; to be changed before fake_open(). */
	struct addrspace_range ranges[FAKE_MAX_RANGES];
	unsigned int nb_ranges;
	uint64_t page_sizes;
	uint32_t max_maps;
	bool identity;

	struct fake_fault fail_info;
	struct fake_fault fail_map;
	struct fake_fault fail_unmap;
	uint64_t tell_unmapped; /* the length told by a failing unmap without errno */
	void (*on_unmap)(void *arg, uint64_t iova, uint64_t len);
	void *on_unmap_arg;

	/* What happened. */
	struct fake_entry *entries; /* sorted by IOVA */
	uint32_t nb_entries;
	uint32_t nb_lost;
	uint32_t room;
	unsigned int infos, maps, unmaps, closes; /* calls */
	unsigned int refused; /* calls that were wrong of the caller */
	bool is_open;
};

extern const struct iospace_ops fake_ops;

/** The IOMMU of a PC: 48 bits with the MSI hole, 4K, 2M and 1G pages, 65535 entries. */
void fake_init(struct fake_iommu *fake);

/** Assert that it was closed and never called wrongly, and free its books. */
void fake_fini(struct fake_iommu *fake);

/** An iospace over it, which must come about. */
struct iospace *fake_open(struct fake_iommu *fake, uint64_t first, uint64_t last,
		enum iospace_placement placement);

/** Assert that the table and the counts of the iospace are those of the fake. */
void fake_expect_same(const struct fake_iommu *fake, struct iospace *ios);

/** Whether a range overlaps an entry. */
bool fake_overlaps(const struct fake_iommu *fake, uint64_t iova, uint64_t len);

#endif
