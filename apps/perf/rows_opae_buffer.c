/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Buffers of the OPAE C API, on a device model: what the calls cost but for the kernel's IOMMU,
 * which costs both sides the same. The rival is what the original cannot do without: memory from
 * the kernel, page by page or as hugepage, zeroed, and back.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <rte_cycles.h>

#include <acceldev/acceldev.h>
#include <opae/fpga.h>

#include "row.h"

#define DEVICE    "sim:nlb.9"
#define HUGE_SIZE (2u << 20)
#define NB_LIVE   1000

struct afu {
	fpga_handle handle;
	size_t len;
	int mmap_flags;
	uint64_t live[NB_LIVE];
	uint64_t rng;
};

/*
 * Ours
 */

static uint64_t
prepare_release(void *arg, uint64_t *n)
{
	struct afu *afu = arg;
	uint64_t wsid, start = rte_rdtsc();
	void *va;

	for (uint64_t i = 0; i < *n; i++) {
		va = NULL;
		if (fpgaPrepareBuffer(afu->handle, afu->len, &va, &wsid, 0) != FPGA_OK ||
				fpgaReleaseBuffer(afu->handle, wsid) != FPGA_OK)
			return 0;
	}
	return rte_rdtsc() - start;
}

static uint64_t
get_address(void *arg, uint64_t *n)
{
	struct afu *afu = arg;
	uint64_t io, start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		if (fpgaGetIOAddress(afu->handle, afu->live[bench_rand(&afu->rng) % NB_LIVE],
				&io) != FPGA_OK)
			return 0;
		bench_sink(io);
	}
	return rte_rdtsc() - start;
}

/*
 * The rival
 */

static uint64_t
map_unmap(void *arg, uint64_t *n)
{
	const struct afu *afu = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		void *va = mmap(NULL, afu->len, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | afu->mmap_flags, -1, 0);

		if (va == MAP_FAILED)
			return 0;
		munmap(va, afu->len);
	}
	return rte_rdtsc() - start;
}

static uint64_t
draw(void *arg, uint64_t *n)
{
	struct afu *afu = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++)
		bench_sink(afu->live[bench_rand(&afu->rng) % NB_LIVE]);
	return rte_rdtsc() - start;
}

/* Zeroing alone, to be taken off what prepare and release cost. */
static uint64_t
zero(void *arg, uint64_t *n)
{
	const struct afu *afu = arg;
	void *va = mmap(NULL, afu->len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | afu->mmap_flags, -1, 0);
	uint64_t start = rte_rdtsc(), cycles;

	if (va == MAP_FAILED)
		return 0;
	for (uint64_t i = 0; i < *n; i++) {
		__builtin_memset(va, 0, afu->len);
		bench_sink((uintptr_t)va);
	}
	cycles = rte_rdtsc() - start;
	munmap(va, afu->len);
	return cycles;
}

/*
 * Rows
 */

static int
open_afu(struct afu *afu)
{
	fpga_token token;
	uint32_t n;
	int ret = -ENODEV;

	if (setenv("ACCELDEV_DEVICES", DEVICE, 1) != 0)
		return -ENOMEM;
	if (fpgaEnumerate(NULL, 0, &token, 1, &n) == FPGA_OK && n > 0) {
		ret = fpgaOpen(token, &afu->handle, 0) == FPGA_OK ? 0 : -ENODEV;
		fpgaDestroyToken(&token);
	}
	return ret;
}

/* A rival without hugepages has ordinary ones, as have we. */
static void
choose_pages(struct afu *afu, struct result *res)
{
	void *va;

	afu->mmap_flags = 0;
	if (afu->len < HUGE_SIZE)
		return;
	va = mmap(NULL, afu->len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB, -1, 0);
	if (va == MAP_FAILED) {
		row_reason(res, "no hugepage is left: ordinary pages on both sides");
		return;
	}
	munmap(va, afu->len);
	afu->mmap_flags = MAP_HUGETLB;
}

static int
fill(struct afu *afu)
{
	for (unsigned int i = 0; i < NB_LIVE; i++) {
		void *va = NULL;

		if (fpgaPrepareBuffer(afu->handle, 4096, &va, &afu->live[i], 0) != FPGA_OK)
			return -ENOMEM;
	}
	return 0;
}

typedef uint64_t (*run_fn)(void *arg, uint64_t *n);

static int
run_rows(const struct row *row, const struct bench_conf *conf, struct result *res, run_fn ours,
		run_fn rival)
{
	struct afu afu = { .len = row->arg.len, .rng = 7 };
	int ret = open_afu(&afu);

	if (ret != 0)
		return ret;
	choose_pages(&afu, res);
	if (ours == get_address)
		ret = fill(&afu);
	if (ret == 0)
		ret = row_measure(conf, (struct bench_side[]){ { ours, &afu }, { rival, &afu } }, res);
	fpgaClose(afu.handle);
	return ret;
}

static int
run_prepare(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_rows(row, conf, res, prepare_release, map_unmap);
}

static int
run_zero(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_rows(row, conf, res, zero, map_unmap);
}

static int
run_address(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	return run_rows(row, conf, res, get_address, draw);
}

const struct row rows_opae_buffer[] = {
	{ .name = "opae-4k", .unit = "ns", .rival = "mmap + munmap, populated",
	  .text = "fpgaPrepareBuffer + fpgaReleaseBuffer, 4 KiB, zeroed", .run = run_prepare,
	  .arg = { .len = 4096 }, .goal = { .faster = true } },
	{ .name = "opae-2m", .unit = "ns", .rival = "mmap + munmap of a hugepage, populated",
	  .text = "the same with 2 MiB", .run = run_prepare,
	  .arg = { .len = HUGE_SIZE }, .goal = { .max_ratio = 1.1 } },
	{ .name = "opae-2m-zero", .unit = "ns", .rival = "mmap + munmap of a hugepage, populated",
	  .text = "of that, zeroing 2 MiB", .run = run_zero, .arg = { .len = HUGE_SIZE } },
	{ .name = "opae-address", .unit = "ns", .rival = "drawing one of 1000 ids",
	  .text = "fpgaGetIOAddress, 1000 buffers", .run = run_address,
	  .arg = { .len = 4096 }, .goal = { .max_over = 100 } },
	{ .name = NULL },
};
