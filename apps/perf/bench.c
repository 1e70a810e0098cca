/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "bench.h"

#define MIN_ROUNDS 5

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, unsigned int n)
{
	qsort(values, n, sizeof(*values), by_value);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Ops of a batch, 0 when one failed. */
static uint64_t
calibrate(const struct bench_conf *conf, const struct bench_side *side)
{
	uint64_t n = 1, done, cycles;

	for (;;) {
		done = n;
		cycles = side->run(side->arg, &done);
		if (cycles == 0)
			return 0;
		if (cycles >= conf->batch_cycles)
			break;
		n = done * 2;
	}
	/* Doubling overshoots; and the first long batch was still warming up. */
	n = (uint64_t)((double)done * (double)conf->batch_cycles / (double)cycles);
	return n > 0 ? n : 1;
}

static int
one_batch(const struct bench_side *side, uint64_t n, double *per_op)
{
	uint64_t cycles = side->run(side->arg, &n);

	*per_op = (double)cycles / (double)n;
	return cycles > 0 ? 0 : -EIO;
}

static int
alternate(const struct bench_conf *conf, const struct bench_side side[2], double *sample[2],
		double cycles[2])
{
	uint64_t start = rte_rdtsc(), n[2];
	unsigned int r;

	for (int s = 0; s < 2; s++) {
		n[s] = calibrate(conf, &side[s]);
		if (n[s] == 0)
			return -EIO;
	}
	for (r = 0; r < conf->rounds; r++) {
		for (int s = 0; s < 2; s++)
			if (one_batch(&side[s], n[s], &sample[s][r]) != 0)
				return -EIO;
		if (r + 1 >= MIN_ROUNDS && rte_rdtsc() - start > conf->max_cycles) {
			r++;
			break;
		}
	}
	for (int s = 0; s < 2; s++)
		cycles[s] = median(sample[s], r);
	return 0;
}

int
bench_pair(const struct bench_conf *conf, const struct bench_side side[2], double cycles[2])
{
	double *sample[2];
	uint64_t n = conf->fixed_ops;
	int ret;

	if (n > 0)
		return side[BENCH_OURS].run(side[BENCH_OURS].arg, &n) > 0 ? 0 : -EIO;
	sample[0] = calloc(conf->rounds, sizeof(double));
	sample[1] = calloc(conf->rounds, sizeof(double));
	ret = sample[0] != NULL && sample[1] != NULL ?
		alternate(conf, side, sample, cycles) : -ENOMEM;
	free(sample[0]);
	free(sample[1]);
	return ret;
}

double
bench_ns(double cycles)
{
	return cycles * 1e9 / (double)rte_get_tsc_hz();
}
