/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * A dense layer on the NPU's model: an op from its enqueue until it was dequeued, through queue
 * pair, registers and the model's host. The rival is what the model computes, called directly: the
 * same program on a core of its own, whose memory is a plain array.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include <acceldev/acceldev.h>
#include <drivers/npu/npu_image.h>
#include <drivers/npu/vta_core.h>

#include "dense.h"
#include "device.h"
#include "row.h"

struct npu_set {
	char *image;
	size_t image_len;
	uint16_t dev_id;
	struct accel_program *program;
	struct accel_instance *instance;
	struct accel_buf *io[2];
	struct vta_core core;
	struct vta_job job;
	unsigned char *memory; /* of the rival's core, from address 0 on */
	size_t memory_len;
};

/*
 * The rival
 */

static int
read_plain(void *ctx, uint64_t addr, void *data, uint32_t len)
{
	const struct npu_set *set = ctx;

	if (addr > set->memory_len || len > set->memory_len - addr)
		return -EFAULT;
	memcpy(data, set->memory + addr, len);
	return 0;
}

static int
write_plain(void *ctx, uint64_t addr, const void *data, uint32_t len)
{
	const struct npu_set *set = ctx;

	if (addr > set->memory_len || len > set->memory_len - addr)
		return -EFAULT;
	memcpy(set->memory + addr, data, len);
	return 0;
}

/* Symbols one behind the other, and the instructions behind them; bytes in all. */
static size_t
lay_out(const struct npu_image *image, uint64_t *addrs)
{
	uint64_t at = 0;
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		at = (at + image->symbols[i].align - 1) & ~(image->symbols[i].align - 1);
		addrs[i] = at;
		at += image->symbols[i].size;
	}
	addrs[i] = (at + 63) & ~UINT64_C(63);
	return addrs[i] + image->nb_insns * sizeof(*image->insns);
}

static int
place(struct npu_set *set, const struct npu_image *image, uint64_t *addrs)
{
	unsigned int i;

	set->memory_len = lay_out(image, addrs);
	set->memory = aligned_alloc(64, (set->memory_len + 63) & ~(size_t)63);
	if (set->memory == NULL)
		return -ENOMEM;
	memset(set->memory, 1, set->memory_len);
	for (i = 0; i < image->nb_symbols; i++) {
		if (image->symbols[i].data != NULL)
			memcpy(set->memory + addrs[i], image->symbols[i].data,
					image->symbols[i].size);
	}
	set->job = (struct vta_job){ .insns = addrs[image->nb_symbols], .count = image->nb_insns };
	return npu_image_relocate(image, (struct vta_insn *)(set->memory + set->job.insns), addrs);
}

static int
open_rival(struct npu_set *set)
{
	const struct vta_dma dma = { .read = read_plain, .write = write_plain, .ctx = set };
	struct npu_image *image;
	uint64_t *addrs;
	char why[256];
	int ret = npu_image_open(set->image, set->image_len, &image, why, sizeof(why));

	if (ret != 0)
		return ret;
	addrs = calloc(image->nb_symbols + 1, sizeof(*addrs));
	ret = addrs != NULL ? place(set, image, addrs) : -ENOMEM;
	free(addrs);
	npu_image_close(image);
	return ret == 0 ? vta_core_init(&set->core, &dma) : ret;
}

static uint64_t
compute(void *arg, uint64_t *n)
{
	struct npu_set *set = arg;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		vta_core_launch(&set->core, &set->job);
		while (vta_core_step(&set->core))
			;
		if (set->core.error != NPU_ERROR_NONE)
			return 0;
	}
	return rte_rdtsc() - start;
}

/*
 * Ours
 */

static int
open_ours(struct npu_set *set)
{
	int i, ret, dev_id = device_open("sim:npu");

	if (dev_id < 0)
		return dev_id;
	set->dev_id = (uint16_t)dev_id;
	ret = accel_program_load(set->dev_id, set->image, set->image_len, &set->program);
	if (ret == 0)
		ret = accel_instance_create(set->program, &set->instance);
	for (i = 0; i < 2 && ret == 0; i++) {
		ret = accel_buf_alloc(set->dev_id, DENSE_ROWS * DENSE_COLS, 0, ACCEL_BUF_ZERO, &set->io[i]);
		if (ret == 0)
			ret = accel_instance_bind(set->instance, (unsigned int)i, set->io[i]->iova);
	}
	return ret;
}

static void
close_ours(struct npu_set *set)
{
	accel_instance_destroy(set->instance);
	accel_program_unload(set->program);
	accel_buf_free(set->io[0]);
	accel_buf_free(set->io[1]);
	device_close(set->dev_id);
}

static uint64_t
run_ops(void *arg, uint64_t *n)
{
	struct npu_set *set = arg;
	struct accel_op op = { .type = ACCEL_OP_RUN, .ext = set->instance }, *list = &op;
	uint64_t start = rte_rdtsc();

	for (uint64_t i = 0; i < *n; i++) {
		if (accel_enqueue_burst(set->dev_id, 0, &list, 1) != 1)
			return 0;
		while (accel_dequeue_burst(set->dev_id, 0, &list, 1) == 0)
			;
		if (op.status != ACCEL_STATUS_SUCCESS)
			return 0;
	}
	return rte_rdtsc() - start;
}

static int
run_npu(const struct row *row, const struct bench_conf *conf, struct result *res)
{
	struct npu_set set = { .image = NULL };
	int ret = dense_image(&set.image, &set.image_len);

	(void)row;
	if (ret == 0)
		ret = open_rival(&set);
	if (ret == 0) {
		ret = open_ours(&set);
		if (ret == 0)
			ret = row_measure(conf, (struct bench_side[]){
					{ run_ops, &set }, { compute, &set } }, res);
		close_ours(&set);
		vta_core_fini(&set.core);
	}
	free(set.memory);
	free(set.image);
	return ret;
}

const struct row rows_npu[] = {
	{
		.name = "npu-run", .unit = "ns", .rival = "the model's compute",
		.text = "16x256x256 dense layer on sim:npu, from enqueue to dequeue",
		.run = run_npu, .goal = { .max_over = 5000 },
	},
	{ .name = NULL },
};
