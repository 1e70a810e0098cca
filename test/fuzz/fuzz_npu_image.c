/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>

#include <drivers/npu/npu_image.h>

/*
 * Program images: the input is one. What is let through is looked at here once more, by other
 * means: it has what it says, and all that its instructions reach, with addresses in them, is in
 * its symbols. Linked with --wrap so that any CRC is right: a fuzzer does not find one.
 */

#define WINDOW (UINT64_C(3) << 32)
#define MAX_INSNS_TO_WALK 20000

int __wrap_npu_crc32_same(uint32_t crc, uint32_t expected);

int
__wrap_npu_crc32_same(uint32_t crc, uint32_t expected)
{
	(void)crc;
	(void)expected;
	return 1;
}

static unsigned int
sum_of(const void *bytes, uint64_t len)
{
	const uint8_t *at = bytes;
	unsigned int sum = 0;

	while (len-- > 0)
		sum += *at++;
	return sum;
}

/*
 * Contents
 */

static void
check_symbols(const struct npu_image *image)
{
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *s = &image->symbols[i];

		FUZZ_CHECK(s->label[0] != '\0' && strlen(s->label) < NPU_IMAGE_LABEL_MAX);
		FUZZ_CHECK(s->size > 0 && s->align > 0 && (s->align & (s->align - 1)) == 0);
		FUZZ_CHECK((s->data != NULL) == (s->kind <= NPU_IMAGE_KIND_ACC));
		if (s->data != NULL)
			FUZZ_CHECK(sum_of(s->data, s->size) <= 255 * s->size);
	}
}

static void
check_tensors(const struct npu_image *image)
{
	unsigned int i, d;

	for (i = 0; i < image->nb_tensors; i++) {
		const struct npu_image_tensor *t = &image->tensors[i];
		uint64_t size = t->dtype == NPU_IMAGE_INT32 ? 4 : 1;

		for (d = 0; d < t->ndim; d++)
			size *= t->shape[d];
		FUZZ_CHECK(t->symbol < image->nb_symbols && size == t->size);
		FUZZ_CHECK(t->size == image->symbols[t->symbol].size);
		FUZZ_CHECK((t->dir == NPU_IMAGE_IN) == (i < image->nb_inputs));
		FUZZ_CHECK(strcmp(t->label, image->symbols[t->symbol].label) == 0);
	}
}

/*
 * Instructions, with addresses: symbols lie one behind the other
 */

static uint64_t *
place(const struct npu_image *image)
{
	uint64_t *addrs = calloc(image->nb_symbols + 1, sizeof(*addrs)), at = WINDOW;
	unsigned int i;

	FUZZ_CHECK(addrs != NULL);
	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *s = &image->symbols[i];

		at = (at + s->align - 1) / s->align * s->align;
		addrs[i] = at;
		at += s->size;
	}
	return addrs;
}

static bool
is_inside(const struct npu_image *image, const uint64_t *addrs, uint64_t first, uint64_t end,
		bool writes)
{
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *s = &image->symbols[i];
		bool may = s->kind == NPU_IMAGE_KIND_SCRATCH ||
				(s->kind == NPU_IMAGE_KIND_OUT) == writes;

		if (first >= addrs[i] && end <= addrs[i] + s->size && end > first)
			return may;
	}
	return false;
}

static void
check_move(const struct npu_image *image, const uint64_t *addrs, const struct vta_insn *insn)
{
	static const uint64_t bytes[VTA_MEMS] = { 4, 256, 16, 64, 16 };
	static const uint64_t depths[VTA_MEMS] = { 8192, 1024, 2048, 2048, 2048 };
	uint64_t mem = VTA_MEM_TYPE(insn), x = VTA_X_SIZE(insn), y = VTA_Y_SIZE(insn), first, end;

	if (x == 0)
		return;
	FUZZ_CHECK(mem < VTA_MEMS);
	first = WINDOW + VTA_DRAM_BASE(insn) * bytes[mem];
	end = first + ((y - 1) * VTA_X_STRIDE(insn) + x) * bytes[mem];
	FUZZ_CHECK(is_inside(image, addrs, first, end, VTA_OPCODE(insn) == VTA_STORE));
	x += VTA_X_PAD_0(insn) + VTA_X_PAD_1(insn);
	y += VTA_Y_PAD_0(insn) + VTA_Y_PAD_1(insn);
	FUZZ_CHECK(VTA_SRAM_BASE(insn) + x * y <= depths[mem]);
}

/* Not micro-ops, which the check followed: only that factors alone stay inside. */
static void
check_loop(const struct vta_insn *insn)
{
	uint64_t out = VTA_ITER_OUT(insn), in = VTA_ITER_IN(insn);

	FUZZ_CHECK(out > 0 && in > 0 && VTA_UOP_BGN(insn) < VTA_UOP_END(insn));
	FUZZ_CHECK((out - 1) * VTA_DST_FACTOR_OUT(insn) + (in - 1) * VTA_DST_FACTOR_IN(insn) <
			2048);
	FUZZ_CHECK((out - 1) * VTA_SRC_FACTOR_OUT(insn) + (in - 1) * VTA_SRC_FACTOR_IN(insn) <
			2048);
	if (VTA_OPCODE(insn) == VTA_GEMM)
		FUZZ_CHECK((out - 1) * VTA_WGT_FACTOR_OUT(insn) +
				(in - 1) * VTA_WGT_FACTOR_IN(insn) < 1024);
}

static void
check_insns(const struct npu_image *image)
{
	struct vta_insn *insns = malloc(image->nb_insns * sizeof(*insns));
	uint64_t *addrs = place(image);
	unsigned int i;

	FUZZ_CHECK(insns != NULL && image->nb_insns > 0);
	FUZZ_CHECK(npu_image_relocate(image, insns, addrs) == 0);
	FUZZ_CHECK(npu_image_relocate_io(image, insns, addrs) == 0);
	for (i = 0; i < image->nb_insns && i < MAX_INSNS_TO_WALK; i++) {
		if (VTA_OPCODE(&insns[i]) == VTA_LOAD || VTA_OPCODE(&insns[i]) == VTA_STORE)
			check_move(image, addrs, &insns[i]);
		else if (VTA_OPCODE(&insns[i]) != VTA_FINISH)
			check_loop(&insns[i]);
	}
	FUZZ_CHECK(VTA_OPCODE(&insns[image->nb_insns - 1]) == VTA_FINISH);
	free(addrs);
	free(insns);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[NPU_IMAGE_WHY] = "";
	struct npu_image *image;
	int ret = npu_image_open(data, size, &image, why, sizeof(why));

	FUZZ_CHECK(ret == 0 || (ret == -EINVAL && why[0] != '\0'));
	if (ret != 0)
		return 0;
	check_symbols(image);
	check_tensors(image);
	check_insns(image);
	npu_image_close(image);
	return 0;
}
