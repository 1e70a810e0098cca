/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "latency.h"

#include <rte_common.h>

/* The largest time of a bucket. */
static uint64_t
bucket_end(unsigned int bucket)
{
	unsigned int first = 1u << LATENCY_SUB_BITS, shift = bucket >> LATENCY_SUB_BITS;

	if (bucket < first)
		return bucket;
	shift--;
	return ((uint64_t)(bucket % first + first + 1) << shift) - 1;
}

void
latency_merge(struct latency *to, const struct latency *from)
{
	unsigned int i;

	to->n += from->n;
	to->max = RTE_MAX(to->max, from->max);
	for (i = 0; i < LATENCY_BUCKETS; i++)
		to->counts[i] += from->counts[i];
}

uint64_t
latency_quantile(const struct latency *latency, unsigned int per_mille)
{
	uint64_t rank = latency->n - latency->n * (1000 - per_mille) / 1000, seen = 0;
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++) {
		seen += latency->counts[i];
		if (seen >= rank)
			return RTE_MIN(bucket_end(i), latency->max);
	}
	return latency->max;
}
