/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_uops.h"

#include <stdlib.h>
#include <string.h>

#include "vta_isa.h"

/*
 * A tree in an array: leaves from VTA_UOP_DEPTH on, the parent of n is n / 2 and has the larger
 * fields.
 */
struct npu_uops {
	struct npu_uop_max nodes[2 * VTA_UOP_DEPTH];
};

static struct npu_uop_max
fields_of(uint32_t word)
{
	return (struct npu_uop_max){ (uint16_t)VTA_UOP_DST(word), (uint16_t)VTA_UOP_SRC(word),
		(uint16_t)VTA_UOP_WGT(word) };
}

static struct npu_uop_max
larger(struct npu_uop_max a, struct npu_uop_max b)
{
	return (struct npu_uop_max){ a.dst > b.dst ? a.dst : b.dst, a.src > b.src ? a.src : b.src,
		a.wgt > b.wgt ? a.wgt : b.wgt };
}

struct npu_uops *
npu_uops_create(void)
{
	struct npu_uops *uops = malloc(sizeof(*uops));

	if (uops != NULL)
		npu_uops_set(uops, 0, VTA_UOP_DEPTH, NULL);
	return uops;
}

void
npu_uops_free(struct npu_uops *uops)
{
	free(uops);
}

void
npu_uops_set(struct npu_uops *uops, uint32_t first, uint32_t n, const void *words)
{
	struct npu_uop_max *nodes = uops->nodes;
	uint32_t i, bgn, last, word = UINT32_MAX;

	for (i = 0; i < n; i++) {
		if (words != NULL)
			memcpy(&word, (const char *)words + i * sizeof(word), sizeof(word));
		nodes[VTA_UOP_DEPTH + first + i] = fields_of(word);
	}
	bgn = (VTA_UOP_DEPTH + first) / 2;
	last = (VTA_UOP_DEPTH + first + n - 1) / 2;
	for (; bgn > 0; bgn /= 2, last /= 2) {
		for (i = bgn; i <= last; i++)
			nodes[i] = larger(nodes[2 * i], nodes[2 * i + 1]);
	}
}

struct npu_uop_max
npu_uops_max(const struct npu_uops *uops, uint32_t first, uint32_t end)
{
	struct npu_uop_max max = { 0, 0, 0 };

	first += VTA_UOP_DEPTH;
	end += VTA_UOP_DEPTH;
	for (; first < end; first /= 2, end /= 2) {
		if (first % 2 != 0)
			max = larger(max, uops->nodes[first++]);
		if (end % 2 != 0)
			max = larger(max, uops->nodes[--end]);
	}
	return max;
}
