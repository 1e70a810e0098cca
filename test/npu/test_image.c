/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Program images: what is read of good ones, and that bad ones do no harm. test_image_rules.c has
 * each rule by itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness.h"
#include "image_case.h"
#include "pack_case.h"
#include "test_image.h"
#include "vta_queues.h"

/* All broken images of a test are looked at within this, with sanitizers, on a busy machine. */
#define MAX_SECONDS 60

static struct golden data;

static struct npu_image *
open_image(const struct image_case *c)
{
	char why[NPU_IMAGE_WHY];
	struct npu_image *image = NULL;
	int ret = npu_image_open(c->bytes, c->len, &image, why, sizeof(why));

	if (ret != 0)
		printf("%s ", why);
	CU_ASSERT_EQUAL_FATAL(ret, 0);
	return image;
}

/*
 * Good images
 */

static void
golden_is_read(void)
{
	struct npu_image *image;
	struct image_case c;

	golden_make(&data);
	image_golden(&c, &data, NULL);
	image = open_image(&c);
	memset(c.bytes, 0xee, c.len); /* nothing of it is needed any more */
	image_free(&c);
	CU_ASSERT_EQUAL(image->nb_insns, GOLDEN_INSNS);
	CU_ASSERT_EQUAL(memcmp(image->insns, golden_bits, sizeof(golden_bits)), 0);
	CU_ASSERT_EQUAL_FATAL(image->nb_symbols, 6);
	CU_ASSERT_EQUAL(image->symbols[0].kind, NPU_IMAGE_KIND_UOP);
	CU_ASSERT_STRING_EQUAL(image->symbols[1].label, ".vta.wgt");
	CU_ASSERT_EQUAL(image->symbols[1].size, sizeof(data.tiles));
	CU_ASSERT_EQUAL(image->symbols[1].align, 256);
	CU_ASSERT_EQUAL(memcmp(image->symbols[1].data, data.tiles, sizeof(data.tiles)), 0);
	CU_ASSERT_EQUAL(image->symbols[2].kind, NPU_IMAGE_KIND_ACC);
	CU_ASSERT_EQUAL(image->symbols[3].kind, NPU_IMAGE_KIND_IN);
	CU_ASSERT_PTR_NULL(image->symbols[3].data);
	CU_ASSERT_EQUAL(image->symbols[5].kind, NPU_IMAGE_KIND_SCRATCH);
	CU_ASSERT_EQUAL(image->scratch, 4096);
	CU_ASSERT_EQUAL(image->steps, 17 + 256 + 256 + 256 + 4096 + 3 * 256 + 256 + 1);
	npu_image_close(image);
	npu_image_close(NULL);
}

static void
tensors_are_told(void)
{
	const struct npu_image_tensor *t;
	struct npu_image *image;
	struct image_case c;

	image_golden(&c, &data, NULL);
	image = open_image(&c);
	CU_ASSERT_EQUAL_FATAL(image->nb_tensors, 2);
	CU_ASSERT_EQUAL(image->nb_inputs, 1);
	t = &image->tensors[1];
	CU_ASSERT_STRING_EQUAL(t->label, image_out);
	CU_ASSERT_EQUAL(t->dir, NPU_IMAGE_OUT);
	CU_ASSERT_EQUAL(t->dtype, NPU_IMAGE_INT8);
	CU_ASSERT_EQUAL(t->layout, NPU_IMAGE_ROW_MAJOR);
	CU_ASSERT_EQUAL(t->ndim, 2);
	CU_ASSERT(t->shape[0] == 16 && t->shape[1] == 256 && t->shape[2] == 0 && t->shape[3] == 0);
	CU_ASSERT_EQUAL(t->size, 4096);
	CU_ASSERT_EQUAL(t->symbol, 4);
	npu_image_close(image);
	image_free(&c);
}

static void
golden_runs(void)
{
	int8_t *tensors[] = { &data.a[0][0], NULL };
	struct npu_image *image;
	struct image_case c;
	uint32_t order;

	golden_make(&data);
	image_golden(&c, &data, NULL);
	image = open_image(&c);
	tensors[1] = malloc(sizeof(data.out));
	for (order = 0; order < QUEUES_STRICT + 4; order++) {
		memset(tensors[1], 0, sizeof(data.out));
		CU_ASSERT(pack_run_image(image, tensors, order));
		CU_ASSERT_EQUAL(memcmp(tensors[1], data.out, sizeof(data.out)), 0);
	}
	free(tensors[1]);
	npu_image_close(image);
	image_free(&c);
}

static void
addresses(void)
{
	struct golden_places at = { .uop = 0x10000, .acc = 0x20000, .inp = 0x30000, .wgt = 0x40000,
		.out = 0xfffff000 };
	uint64_t addrs[6] = { 0x10000, 0x40000, 0x20000, 0x30000, 0xfffff000, 0x70000 };
	uint64_t bits[GOLDEN_INSNS][2];
	struct vta_insn insns[GOLDEN_INSNS];
	struct npu_image *image;
	struct image_case c;
	unsigned int i;

	image_golden(&c, &data, NULL);
	image = open_image(&c);
	for (i = 0; i < 6; i++)
		addrs[i] += UINT64_C(0x12300000000);
	golden_place(&at, bits);
	CU_ASSERT_EQUAL(npu_image_relocate(image, insns, addrs), 0);
	CU_ASSERT_EQUAL(memcmp(insns, bits, sizeof(bits)), 0);
	CU_ASSERT_EQUAL(image->nb_relocs, 5);
	CU_ASSERT_EQUAL(image->nb_io_relocs, 2);
	/* Anew: inputs and outputs alone. */
	at.inp = 0x8000;
	at.out = 0x9000;
	addrs[0] -= 0x1000;
	addrs[3] += 0x8000 - 0x30000;
	addrs[4] -= 0xfffff000 - 0x9000;
	golden_place(&at, bits);
	CU_ASSERT_EQUAL(npu_image_relocate_io(image, insns, addrs), 0);
	CU_ASSERT_EQUAL(memcmp(insns, bits, sizeof(bits)), 0);
	npu_image_close(image);
	image_free(&c);
}

static void
bad_addresses(void)
{
	static const uint64_t good[6] = { 0x10000, 0x20000, 0x40000, 0x50000, 0x60000, 0x70000 };
	static const struct {
		unsigned int symbol;
		uint64_t addr;
		int ret;
	} bad[] = {
		{ 0, 0x10020, -EINVAL }, { 1, 0x20080, -EINVAL }, { 3, 0x50008, -EINVAL },
		{ 5, 0x70020, -EINVAL }, { 4, UINT64_C(0x100060000), -ERANGE },
		{ 0, UINT64_C(0x100010000), -ERANGE }, { 4, 0xfffff010, -ERANGE },
		{ 4, 0xfffff000, 0 }, { 4, 0, 0 },
	};
	struct vta_insn insns[GOLDEN_INSNS], before[GOLDEN_INSNS];
	struct npu_image *image;
	struct image_case c;
	uint64_t addrs[6];
	unsigned int i;

	image_golden(&c, &data, NULL);
	image = open_image(&c);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(addrs, good, sizeof(addrs));
		CU_ASSERT_EQUAL(npu_image_relocate(image, insns, addrs), 0);
		memcpy(before, insns, sizeof(before));
		addrs[bad[i].symbol] = bad[i].addr;
		CU_ASSERT_EQUAL(npu_image_relocate_io(image, insns, addrs), bad[i].ret);
		CU_ASSERT_EQUAL(memcmp(before, insns, sizeof(before)) == 0, bad[i].ret != 0);
		CU_ASSERT_EQUAL(npu_image_relocate(image, insns, addrs), bad[i].ret);
		CU_ASSERT_EQUAL(memcmp(before, insns, sizeof(before)) == 0, bad[i].ret != 0);
	}
	npu_image_close(image);
	image_free(&c);
}

static void
crc_is_the_usual_one(void)
{
	size_t i, at, n;
	uint32_t crc;

	CU_ASSERT_EQUAL(npu_crc32(0, "123456789", 9), 0xcbf43926);
	CU_ASSERT_EQUAL(npu_crc32(npu_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
	CU_ASSERT_EQUAL(npu_crc32(0, "", 0), 0);
	/* Large pieces are done otherwise than small ones. */
	golden_make(&data);
	for (i = 4096; i < 4120; i++) {
		for (at = 0, crc = 0; at < i; at += n) {
			n = i - at < 1000 ? i - at : 1000;
			crc = npu_crc32(crc, (char *)data.w + at, n);
		}
		CU_ASSERT_EQUAL(npu_crc32(0, data.w, i), crc);
		CU_ASSERT_EQUAL(npu_crc32(npu_crc32(0, data.w, i - 4096), (char *)data.w + i - 4096,
				4096), crc);
	}
}

/*
 * Programs that take time to look at
 */

/* As long as a program may be, with as many micro-ops as it may load. */
static void
load_uops(struct program *p, unsigned int n)
{
	unsigned int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(program_grow(p, &p->consts[PROGRAM_UOP], 4 * (8192 - 17)));
	for (i = 0; i < n; i++)
		program_move(p, vta_move(VTA_LOAD, VTA_MEM_UOP, 0, 1, 8175, 0), 0, PROGRAM_UOP, 0);
}

static void
load_few(struct program *p)
{
	load_uops(p, 8208);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* The packer will not make one that loads more, so a length is made larger afterwards. */
static void
many_uops(void)
{
	char why[NPU_IMAGE_WHY];
	double begin = now();
	struct image_case c;
	struct vta_insn *insn;
	unsigned int i;

	/* The first of these precede golden's own, which are still first in .vta.uop. */
	image_golden(&c, &data, load_few);
	insn = (void *)image_contents(&c, ".vta.insn");
	for (i = 0; i < 17; i++)
		insn[i].hi += UINT64_C(17) << 16;
	image_fix_crc(&c);
	CU_ASSERT_EQUAL(image_try(&c, why), 0);
	for (; i < 8208; i++)
		insn[i].hi += UINT64_C(17) << 16;
	image_fix_crc(&c);
	CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "micro-ops are loaded"));
	CU_ASSERT(now() - begin < MAX_SECONDS);
	image_free(&c);
}

static void
most_insns(struct program *p)
{
	unsigned int i;

	load_uops(p, 1);
	for (i = 0; i < (1u << 20) - GOLDEN_INSNS - 1; i++)
		program_insn(p, vta_loop(VTA_ALU, 1, 8174, 16383, 16383), 0);
}

static void
many_insns(void)
{
	double begin = now();
	struct image_case c;
	struct npu_image *image;

	image_golden(&c, &data, most_insns);
	image = open_image(&c);
	CU_ASSERT_EQUAL(image->nb_insns, 1u << 20);
	CU_ASSERT(image->steps > UINT64_C(1) << 60);
	CU_ASSERT(now() - begin < MAX_SECONDS);
	npu_image_close(image);
	image_free(&c);
}

/*
 * Broken images
 */

/* A small one, of a layer. */
static void
make_small(struct image_case *c)
{
	struct pack_case p;

	ref_seed(11);
	pack_begin(&p);
	pack_output(&p, pack_dense(&p, pack_dense(&p, pack_input(&p, 3, 32), 17), 5));
	CU_ASSERT_FATAL(pack_make(&p));
	c->bytes = p.image;
	c->len = p.len;
	p.image = NULL;
	pack_end(&p);
}

/* Whether two images, both open, are alike in all that a driver uses. */
static bool
is_same(const struct npu_image *a, const struct npu_image *b)
{
	unsigned int i;

	if (a->nb_insns != b->nb_insns || a->nb_symbols != b->nb_symbols ||
			a->nb_tensors != b->nb_tensors || a->nb_relocs != b->nb_relocs ||
			memcmp(a->insns, b->insns, a->nb_insns * sizeof(*a->insns)) != 0 ||
			memcmp(a->relocs, b->relocs, a->nb_relocs * sizeof(*a->relocs)) != 0)
		return false;
	for (i = 0; i < a->nb_symbols; i++) {
		const struct npu_image_symbol *x = &a->symbols[i], *y = &b->symbols[i];

		if (strcmp(x->label, y->label) != 0 || x->kind != y->kind || x->size != y->size ||
				x->align != y->align ||
				(x->data != NULL && memcmp(x->data, y->data, x->size) != 0))
			return false;
	}
	for (i = 0; i < a->nb_tensors; i++) {
		const struct npu_image_tensor *x = &a->tensors[i], *y = &b->tensors[i];

		if (memcmp(x->shape, y->shape, sizeof(x->shape)) != 0 || x->dir != y->dir ||
				x->dtype != y->dtype || x->symbol != y->symbol)
			return false;
	}
	return true;
}

/* A broken image is refused, or what was broken does not matter. */
static bool
is_harmless(const struct image_case *c, const struct npu_image *good)
{
	char why[NPU_IMAGE_WHY] = "";
	struct npu_image *image;
	bool same;

	if (npu_image_open(c->bytes, c->len, &image, why, sizeof(why)) != 0)
		return why[0] != '\0';
	same = is_same(image, good);
	npu_image_close(image);
	return same;
}

/* Copies of just that length, for sanitizers to see what is read behind the end. */
static void
truncated(void)
{
	struct image_case small, part;
	double begin = now();
	char why[NPU_IMAGE_WHY];

	make_small(&small);
	CU_ASSERT_EQUAL(image_try(&small, why), 0);
	part = small;
	for (part.len = 0; part.len < small.len; part.len++) {
		part.bytes = malloc(part.len);
		if (part.len > 0)
			memcpy(part.bytes, small.bytes, part.len);
		CU_ASSERT_EQUAL(image_try(&part, why), -EINVAL);
		free(part.bytes);
	}
	CU_ASSERT(now() - begin < MAX_SECONDS);
	image_free(&small);
}

static void
flipped_bits(void)
{
	unsigned int harmless = 0;
	struct npu_image *good;
	struct image_case c;
	double begin = now();
	size_t i;

	make_small(&c);
	good = open_image(&c);
	for (i = 0; i < 8 * c.len; i++) {
		c.bytes[i / 8] ^= (char)(1 << i % 8);
		harmless += is_harmless(&c, good);
		c.bytes[i / 8] ^= (char)(1 << i % 8);
	}
	CU_ASSERT_EQUAL(harmless, 8 * c.len);
	CU_ASSERT(now() - begin < MAX_SECONDS);
	npu_image_close(good);
	image_free(&c);
}

/* Offsets of the sections that the CRC is about. */
static size_t
random_place(const struct image_case *c)
{
	static const char *const names[] = { ".vta.insn", ".vta.uop", ".npu.io", ".rela.vta.insn",
		".symtab", ".strtab" };
	const Elf64_Shdr *section = image_section(c, names[ref_random(6)]);

	return section->sh_offset + ref_random((uint32_t)section->sh_size);
}

/* With the CRC made right again, more is looked at; what is then let through must run. */
static void
changed_contents(void)
{
	struct image_case small, c;
	unsigned int i, n, opened = 0;
	struct npu_image *image;
	char why[NPU_IMAGE_WHY];
	double begin = now();

	make_small(&small);
	for (i = 0; i < 30000; i++) {
		image_copy(&c, &small);
		for (n = 1 + ref_random(3); n > 0; n--)
			c.bytes[random_place(&c)] ^= (char)(1 << ref_random(8));
		image_fix_crc(&c);
		if (npu_image_open(c.bytes, c.len, &image, why, sizeof(why)) == 0) {
			int8_t *tensors[2] = { calloc(1, image->tensors[0].size),
				calloc(1, image->tensors[image->nb_tensors - 1].size) };

			opened++;
			if (image->nb_tensors == 2 && image->steps < 1000000)
				CU_ASSERT(pack_run_image(image, tensors, i));
			free(tensors[0]);
			free(tensors[1]);
			npu_image_close(image);
		}
		image_free(&c);
	}
	CU_ASSERT(opened > 100);
	printf("%u of %u opened ", opened, i);
	CU_ASSERT(now() - begin < MAX_SECONDS);
	image_free(&small);
}

/* Reasons are cut off where there is no room for them. */
static void
short_reasons(void)
{
	struct npu_image *image;
	char why[8] = "1234567";

	CU_ASSERT_EQUAL(npu_image_open("", 0, &image, why, 0), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "1234567");
	CU_ASSERT_EQUAL(npu_image_open("", 0, &image, why, 5), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "file");
	CU_ASSERT_EQUAL(npu_image_open("", 0, &image, why, 8), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "file+0x");
}

static const struct test_case cases[] = {
	{ "golden_is_read", golden_is_read },
	{ "tensors_are_told", tensors_are_told },
	{ "golden_runs", golden_runs },
	{ "addresses", addresses },
	{ "bad_addresses", bad_addresses },
	{ "crc_is_the_usual_one", crc_is_the_usual_one },
	{ "many_uops", many_uops },
	{ "many_insns", many_insns },
	{ "truncated", truncated },
	{ "flipped_bits", flipped_bits },
	{ "changed_contents", changed_contents },
	{ "short_reasons", short_reasons },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "image", NULL, NULL, cases },
	{ "image-rules", NULL, NULL, image_rule_cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
