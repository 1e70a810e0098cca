/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * Buffers in a bank of the soft device: a sync of the whole buffer, which is a copy op through a
 * queue pair of the library's. The rival copies the same bytes between the same view and memory of
 * its own, of the same kind as the bank.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_cycles.h>
#include <rte_memcpy.h>

#include <acceldev/acceldev.h>

#include "device.h"
#include "row.h"

struct sync_set {
	struct accel_buf *buf;
	void *bare;
	enum accel_sync direction;
};

static uint64_t
sync_whole(void *arg, uint64_t *n)
{
	const struct sync_set *set = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++)
		if (accel_buf_sync(set->buf, 0, 0, set->direction) != 0)
			return 0;
	return rte_rdtsc() - start;
}

static uint64_t
copy_bare(void *arg, uint64_t *n)
{
	const struct sync_set *set = arg;
	bool to = set->direction == ACCEL_SYNC_TO_DEVICE;
	void *dst = to ? set->bare : set->buf->va;
	const void *src = to ? set->buf->va : set->bare;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		rte_memcpy(dst, src, set->buf->len);
		bench_sink(i);
	}
	return rte_rdtsc() - start;
}

static int
sync_set_open(struct sync_set *set, uint16_t dev_id, size_t len)
{
	int ret = accel_buf_alloc(dev_id, len, 4096, ACCEL_BUF_BANK(0) | ACCEL_BUF_ZERO, &set->buf);

	if (ret != 0)
		return ret;
	set->bare = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (set->bare != MAP_FAILED) {
		memset(set->bare, 0, len);
		return accel_buf_sync(set->buf, 0, 0, ACCEL_SYNC_FLUSH);
	}
	accel_buf_free(set->buf);
	return -ENOMEM;
}

static void
sync_set_close(struct sync_set *set)
{
	munmap(set->bare, set->buf->len);
	accel_buf_free(set->buf);
}

static int
run_sync(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct sync_set set = { .direction = row->arg.put ? ACCEL_SYNC_TO_DEVICE : ACCEL_SYNC_FROM_DEVICE };
	int ret, dev_id = device_open("soft:0,banks=1");

	if (dev_id < 0)
		return dev_id;
	ret = sync_set_open(&set, (uint16_t)dev_id, row->arg.len);
	if (ret == 0) {
		ret = row_measure(conf, (struct bench_side[]){
				{ sync_whole, &set }, { copy_bare, &set } }, res);
		for (int s = 0; ret == 0 && s < 2; s++)
			res->value[s] = (double)row->arg.len / res->value[s];
		sync_set_close(&set);
	}
	device_close(dev_id);
	return ret;
}

const struct row rows_bank[] = {
	{
		.name = "bank-to-1m", .unit = "GB/s", .rival = "rte_memcpy",
		.text = "accel_buf_sync() of 1 MiB from the host's view to a bank of the soft device",
		.run = run_sync, .arg = { .len = 1u << 20, .put = true }, .goal = { .min_ratio = 0.95 },
	},
	{
		.name = "bank-from-1m", .unit = "GB/s", .rival = "rte_memcpy",
		.text = "the same from the bank to the host's view",
		.run = run_sync, .arg = { .len = 1u << 20 }, .goal = { .min_ratio = 0.95 },
	},
	{
		.name = "bank-to-64k", .unit = "GB/s", .rival = "rte_memcpy",
		.text = "as bank-to-1m, 64 KiB",
		.run = run_sync, .arg = { .len = 64u << 10, .put = true },
	},
	{ .name = NULL },
};
