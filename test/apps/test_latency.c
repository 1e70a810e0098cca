/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The histogram of accel-testpmd beside times that are kept and sorted.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "latency.h"

#define TIMES 20000

static struct latency latency, other;
static uint64_t times[TIMES];

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A fixed sequence whose numbers have all widths. */
static void
make_times(unsigned int max_bits)
{
	uint64_t state = 1;
	unsigned int i;

	for (i = 0; i < TIMES; i++) {
		state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		times[i] = state >> (64 - max_bits + (state >> 40) % max_bits);
	}
}

/* The exact value, or up to 1/32 more. */
static void
check_quantile(unsigned int per_mille, uint64_t exact)
{
	uint64_t got = latency_quantile(&latency, per_mille);

	CU_ASSERT(got >= exact);
	CU_ASSERT(got - exact <= exact / 32);
}

static void
check_times(void)
{
	static const unsigned int quantiles[] = { 1, 500, 900, 990, 999, 1000 };
	unsigned int i;

	qsort(times, TIMES, sizeof(times[0]), compare);
	CU_ASSERT_EQUAL(latency.n, TIMES);
	CU_ASSERT_EQUAL(latency.max, times[TIMES - 1]);
	for (i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		check_quantile(quantiles[i], times[TIMES / 1000 * quantiles[i] - 1]);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 1000), latency.max);
}

static void
finds_quantiles(void)
{
	unsigned int bits, i;

	for (bits = 1; bits <= 64; bits++) {
		memset(&latency, 0, sizeof(latency));
		make_times(bits);
		for (i = 0; i < TIMES; i++)
			latency_add(&latency, times[i]);
		check_times();
	}
}

static void
merges(void)
{
	unsigned int i;

	memset(&latency, 0, sizeof(latency));
	memset(&other, 0, sizeof(other));
	make_times(40);
	for (i = 0; i < TIMES; i++)
		latency_add(i % 3 == 0 ? &latency : &other, times[i]);
	latency_merge(&latency, &other);
	check_times();
}

/* Times that do not fill a thousandth. */
static void
bears_few(void)
{
	memset(&latency, 0, sizeof(latency));
	CU_ASSERT_EQUAL(latency_quantile(&latency, 500), 0);
	latency_add(&latency, 7);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 1), 7);
	latency_add(&latency, UINT64_MAX);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 500), 7);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 501), UINT64_MAX);
	latency_add(&latency, 0);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 1), 0);
	CU_ASSERT_EQUAL(latency_quantile(&latency, 500), 7);
}

/* Buckets follow each other without a gap, up to the last one. */
static void
has_all_buckets(void)
{
	unsigned int bits;

	for (bits = LATENCY_SUB_BITS; bits < 64; bits++)
		CU_ASSERT_EQUAL(latency_bucket(UINT64_C(1) << bits),
				latency_bucket((UINT64_C(1) << bits) - 1) + 1);
	CU_ASSERT_EQUAL(latency_bucket(UINT64_MAX), LATENCY_BUCKETS - 1);
}

static const struct test_case cases[] = {
	{ "finds quantiles", finds_quantiles },
	{ "merges", merges },
	{ "bears few", bears_few },
	{ "has all buckets", has_all_buckets },
	{ NULL, NULL },
};

int
main(int argc, char **argv)
{
	static const struct test_suite suites[] = {
		{ "latency", NULL, NULL, cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
