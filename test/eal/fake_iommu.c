/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fake_iommu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static bool
strikes(struct fake_fault *fault)
{
	return fault->nth != 0 && --fault->nth == 0;
}

static int
refuse(struct fake_iommu *fake, int err)
{
	fake->refused++;
	return err;
}

static int
fake_info(void *ctx, struct iospace_info *info)
{
	struct fake_iommu *fake = ctx;

	fake->infos++;
	if (strikes(&fake->fail_info))
		return fake->fail_info.err;
	info->ranges = malloc(sizeof(fake->ranges));
	if (info->ranges == NULL)
		return -ENOMEM;
	memcpy(info->ranges, fake->ranges, sizeof(fake->ranges));
	info->nb_ranges = fake->nb_ranges;
	info->page_sizes = fake->page_sizes;
	info->max_maps = fake->max_maps;
	info->identity = fake->identity;
	fake->is_open = true;
	return 0;
}

/* Index of the first entry whose last byte is at or above an IOVA. */
static uint32_t
seek(const struct fake_iommu *fake, uint64_t iova)
{
	uint32_t low = 0, high = fake->nb_entries;

	while (low < high) {
		uint32_t mid = (low + high) / 2;
		const struct fake_entry *e = &fake->entries[mid];

		if (e->iova + (e->len - 1) < iova)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
fake_overlaps(const struct fake_iommu *fake, uint64_t iova, uint64_t len)
{
	uint32_t i = seek(fake, iova);

	return i < fake->nb_entries && fake->entries[i].iova <= iova + (len - 1);
}

static bool
in_one_range(const struct fake_iommu *fake, uint64_t first, uint64_t last)
{
	unsigned int i;

	for (i = 0; i < fake->nb_ranges; i++) {
		if (first >= fake->ranges[i].first && last <= fake->ranges[i].last)
			return true;
	}
	return false;
}

static void
insert(struct fake_iommu *fake, const struct fake_entry *entry)
{
	uint32_t i = seek(fake, entry->iova);

	if (fake->nb_entries == fake->room) {
		fake->room = fake->room != 0 ? 2 * fake->room : 64;
		fake->entries = realloc(fake->entries, fake->room * sizeof(*fake->entries));
		if (fake->entries == NULL)
			abort();
	}
	memmove(&fake->entries[i + 1], &fake->entries[i],
			(fake->nb_entries - i) * sizeof(*fake->entries));
	fake->entries[i] = *entry;
	fake->nb_entries++;
}

/* The checks of the kernel, in its order. */
static int
fake_map(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access)
{
	struct fake_iommu *fake = ctx;
	uint64_t mask = (fake->page_sizes & -fake->page_sizes) - 1;
	struct fake_entry entry = { iova, len, (uintptr_t)va, access, false };

	fake->maps++;
	if (!fake->is_open)
		return refuse(fake, -EBADF);
	if (strikes(&fake->fail_map))
		return fake->fail_map.err;
	if (len == 0 || ((iova | len | entry.va) & mask) != 0 || iova + len - 1 < iova ||
			entry.va + len - 1 < entry.va)
		return refuse(fake, -EINVAL);
	if (access == 0 || (access & ~(IOSPACE_READ | IOSPACE_WRITE)) != 0)
		return refuse(fake, -EINVAL);
	if (fake_overlaps(fake, iova, len))
		return refuse(fake, -EEXIST);
	if (fake->nb_entries >= fake->max_maps)
		return refuse(fake, -ENOSPC);
	if (!in_one_range(fake, iova, iova + len - 1))
		return refuse(fake, -EINVAL);
	insert(fake, &entry);
	return 0;
}

static int
fake_unmap(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped)
{
	struct fake_iommu *fake = ctx;
	uint32_t i = seek(fake, iova);
	struct fake_entry *e = &fake->entries[i];

	fake->unmaps++;
	*unmapped = 0;
	if (fake->on_unmap != NULL)
		fake->on_unmap(fake->on_unmap_arg, iova, len);
	if (!fake->is_open)
		return refuse(fake, -EBADF);
	if (i == fake->nb_entries || e->iova != iova || e->len != len || e->lost)
		return refuse(fake, -EINVAL);
	if (strikes(&fake->fail_unmap)) {
		e->lost = true;
		fake->nb_lost++;
		if (fake->fail_unmap.err == 0)
			*unmapped = fake->tell_unmapped;
		return fake->fail_unmap.err;
	}
	memmove(e, e + 1, (fake->nb_entries - i - 1) * sizeof(*e));
	fake->nb_entries--;
	*unmapped = len;
	return 0;
}

static void
fake_close(void *ctx)
{
	struct fake_iommu *fake = ctx;

	fake->closes++;
	fake->is_open = false;
}

const struct iospace_ops fake_ops = {
	.name = "fake",
	.info = fake_info,
	.map = fake_map,
	.unmap = fake_unmap,
	.close = fake_close,
};

void
fake_init(struct fake_iommu *fake)
{
	*fake = (struct fake_iommu){
		.ranges = {
			{ 0, FAKE_HOLE_FIRST - 1 },
			{ FAKE_HOLE_LAST + 1, (UINT64_C(1) << 48) - 1 },
		},
		.nb_ranges = 2,
		.page_sizes = (UINT64_C(1) << 12) | (UINT64_C(1) << 21) | (UINT64_C(1) << 30),
		.max_maps = 65535,
	};
}

void
fake_fini(struct fake_iommu *fake)
{
	CU_ASSERT_FALSE(fake->is_open);
	CU_ASSERT_EQUAL(fake->closes, 1);
	CU_ASSERT_EQUAL(fake->refused, 0);
	CU_ASSERT_EQUAL(fake->nb_entries, fake->nb_lost);
	free(fake->entries);
	fake->entries = NULL;
}

struct iospace *
fake_open(struct fake_iommu *fake, uint64_t first, uint64_t last, enum iospace_placement placement)
{
	struct iospace_conf conf = {
		.name = "test", .ops = &fake_ops, .ctx = fake, .window = { first, last },
		.placement = placement,
	};
	struct iospace *ios = NULL;

	CU_ASSERT_EQUAL_FATAL(iospace_create(&conf, &ios), 0);
	CU_ASSERT_EQUAL(fake->maps, 0);
	return ios;
}

/* One entry of the fake against the next of the iospace; where to look for the one behind it. */
static bool
expect_next(struct iospace *ios, const struct fake_entry *want, uint64_t *at, uint64_t *bytes)
{
	struct iospace_entry e = { 0 };

	if (iospace_next(ios, *at, &e) != 0 || e.iova != want->iova || e.len != want->len ||
			(uintptr_t)e.va != want->va || e.access != want->access)
		return false;
	*at = e.iova + e.len;
	*bytes += e.len;
	return true;
}

void
fake_expect_same(const struct fake_iommu *fake, struct iospace *ios)
{
	struct iospace_stats stats;
	struct iospace_entry none;
	uint64_t at = 0, bytes = 0;
	uint32_t i, differ = 0;

	for (i = 0; i < fake->nb_entries; i++)
		differ += !fake->entries[i].lost &&
				!expect_next(ios, &fake->entries[i], &at, &bytes);
	CU_ASSERT_EQUAL(differ, 0);
	CU_ASSERT_EQUAL(iospace_next(ios, at, &none), -ENOENT);
	iospace_stats_get(ios, &stats);
	CU_ASSERT_EQUAL(stats.maps, fake->nb_entries - fake->nb_lost);
	CU_ASSERT_EQUAL(stats.bytes, bytes);
	CU_ASSERT_EQUAL(stats.maps_left, fake->max_maps == IOSPACE_NO_LIMIT ? IOSPACE_NO_LIMIT :
			fake->max_maps - fake->nb_entries);
	CU_ASSERT_EQUAL(stats.page_sizes, fake->page_sizes);
	CU_ASSERT_EQUAL(fake->refused, 0);
}
