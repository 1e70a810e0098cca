/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Buffers of the ENN API: all that a model needs, zeroed and page aligned, and their release. The
 * rival is the least that costs without a device: the same sizes from posix_memalign(), zeroed, and
 * free().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include <enn_api-public.h>

#include "dense.h"
#include "row.h"

#define PAGE  4096
#define BYTES ((size_t)DENSE_ROWS * DENSE_COLS)

static uint64_t
allocate_all(void *arg, uint64_t *n)
{
	const EnnModelId *model = arg;
	NumberOfBuffersInfo info;
	EnnBufferPtr *buffers;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		if (EnnAllocateAllBuffers(*model, &buffers, &info) != ENN_RET_SUCCESS ||
				EnnReleaseBuffers(buffers, (int32_t)(info.n_in_buf + info.n_out_buf)) !=
				ENN_RET_SUCCESS)
			return 0;
	}
	return rte_rdtsc() - start;
}

static uint64_t
allocate_plain(void *arg, uint64_t *n)
{
	uint64_t start = rte_rdtsc();
	void *p[2];

	(void)arg;
	for (uint64_t i = 0; i < *n; i++) {
		for (int k = 0; k < 2; k++) {
			if (posix_memalign(&p[k], PAGE, BYTES) != 0)
				return 0;
			memset(p[k], 0, BYTES);
			bench_sink((uintptr_t)p[k]);
		}
		free(p[0]);
		free(p[1]);
	}
	return rte_rdtsc() - start;
}

static int
measure_model(const char *image, size_t len, const struct bench_conf *conf, struct result *res)
{
	EnnModelId model;
	int ret = -EIO;

	if (setenv("ACCELDEV_DEVICES", "sim:npu.9", 1) != 0)
		return -ENOMEM;
	if (EnnInitialize() != ENN_RET_SUCCESS)
		return -EIO;
	if (EnnOpenModelFromMemory(image, (uint32_t)len, &model) == ENN_RET_SUCCESS) {
		ret = row_measure(conf, (struct bench_side[]){
				{ allocate_all, &model }, { allocate_plain, NULL } }, res);
		EnnCloseModel(model);
	}
	EnnDeinitialize();
	return ret;
}

static int
run_allocate(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	char *image;
	size_t len;
	int s, ret = dense_image(&image, &len);

	(void)row;
	if (ret != 0)
		return ret;
	ret = measure_model(image, len, conf, res);
	free(image);
	for (s = 0; ret == 0 && s < 2; s++)
		res->value[s] = 1e3 / res->value[s]; /* from nanoseconds each */
	return ret;
}

const struct row rows_enn[] = {
	{
		.name = "enn-buffers", .unit = "M/s", .rival = "posix_memalign, zeroed",
		.text = "EnnAllocateAllBuffers and EnnReleaseBuffers, one input and one output of 4 KiB",
		.run = run_allocate,
	},
	{ .name = NULL },
};
