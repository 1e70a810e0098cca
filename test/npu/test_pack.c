/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * What the packer makes computes what was described, in any order that its tokens allow, and on the
 * device model's core. And so does the classifier of digits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "pack_case.h"
#include "vta_queues.h"

#define RANDOM_ORDERS 3

/* So many orders, those with a preference first, and the device model's core. */
static void
check_orders(struct pack_case *c, uint32_t nb)
{
	uint32_t i, order;

	for (i = 0; i <= nb; i++) {
		order = i < nb ? i : PACK_ON_CORE;
		if (!pack_run(c, order)) {
			printf("order %u of\n%s", order, c->text);
			CU_FAIL("wrong result");
			return;
		}
	}
}

static void
check_dense(uint32_t rows, uint32_t in, uint32_t out, uint32_t orders)
{
	struct pack_case c;

	pack_begin(&c);
	pack_output(&c, pack_dense(&c, pack_input(&c, rows, in), out));
	CU_ASSERT_FATAL(pack_make(&c));
	check_orders(&c, orders);
	pack_end(&c);
}

/*
 * Shapes
 */

static void
one_layer(void)
{
	static const uint32_t shapes[][3] = { { 1, 16, 1 }, { 1, 16, 16 }, { 1, 16, 17 },
		{ 2, 32, 16 }, { 16, 256, 256 }, { 64, 16, 16 }, { 65, 16, 16 }, { 129, 32, 33 },
		{ 3, 528, 40 }, { 1, 16, 512 }, { 1, 16, 513 } };
	unsigned int i;

	ref_seed(1);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		check_dense(shapes[i][0], shapes[i][1], shapes[i][2],
				QUEUES_STRICT + RANDOM_ORDERS);
}

/* Each memory of the core has less room than the layer wants. */
static void
beyond_the_core(void)
{
	ref_seed(2);
	check_dense(200, 208, 200, 3);  /* ACC, INP */
	check_dense(3, 640, 656, 3);    /* WGT */
	check_dense(2100, 16, 16, 3);   /* rows alone */
	check_dense(1, 32768, 16, 3);   /* columns alone */
	check_dense(1, 16, 33000, 3);
}

static void
random_layers(void)
{
	uint32_t i;

	ref_seed(3);
	for (i = 0; i < 60; i++) {
		uint32_t most = i % 10 == 0 ? 200 : 70;

		check_dense(1 + ref_random(most), 16 + 16 * ref_random(most / 16 + 1),
				1 + ref_random(most), 4);
	}
}

static void
element_by_element(void)
{
	static const uint32_t shapes[][2] = { { 1, 16 }, { 5, 48 }, { 70, 32 }, { 3, 1040 },
		{ 200, 208 } };
	unsigned int i, which, a, b;
	struct pack_case c;

	ref_seed(4);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		for (which = 0; which < 6; which++) {
			pack_begin(&c);
			a = pack_input(&c, shapes[i][0], shapes[i][1]);
			b = which < 2 ? pack_input(&c, shapes[i][0], shapes[i][1]) : a;
			pack_output(&c, pack_simple(&c, which, a, b));
			CU_ASSERT_FATAL(pack_make(&c));
			check_orders(&c, QUEUES_STRICT + RANDOM_ORDERS);
			pack_end(&c);
		}
	}
}

/* Layers one behind the other, and beside each other: what nothing reads is an output. */
static void
make_chain(struct pack_case *c)
{
	unsigned int layers = 2 + ref_random(7), i, ins = 1 + ref_random(2), from, other;
	uint32_t rows = 1 + ref_random(ref_random(4) == 0 ? 150 : 20);
	bool is_read[CASE_TENSORS] = { false };

	for (i = 0; i < ins; i++)
		(void)pack_input(c, rows, 16 + 16 * ref_random(6));
	for (i = 0; i < layers; i++) {
		from = i < ins ? i : ref_random(c->nb_tensors);
		other = ref_random(c->nb_tensors);
		is_read[from] = true;
		if (ref_random(2) == 0) {
			(void)pack_dense(c, from, 1 + ref_random(100));
			continue;
		}
		if (c->tensors[other].cols != c->tensors[from].cols)
			other = from;
		is_read[other] = true;
		(void)pack_simple(c, other == from ? 2 + ref_random(4) : ref_random(2), from,
				other);
	}
	for (i = ins; i < c->nb_tensors; i++) {
		if (!is_read[i])
			pack_output(c, i);
	}
}

static void
chains(void)
{
	struct pack_case c;
	unsigned int i;

	for (i = 0; i < 60; i++) {
		ref_seed(1000 + i);
		pack_begin(&c);
		make_chain(&c);
		CU_ASSERT_FATAL(pack_make(&c));
		check_orders(&c, QUEUES_STRICT + RANDOM_ORDERS);
		pack_end(&c);
	}
}

/* A tensor is added to itself; both sources are one. */
static void
same_source_twice(void)
{
	struct pack_case c;
	unsigned int a;

	ref_seed(5);
	pack_begin(&c);
	a = pack_input(&c, 7, 64);
	pack_output(&c, pack_simple(&c, 1, a, a));
	CU_ASSERT_FATAL(pack_make(&c));
	check_orders(&c, QUEUES_STRICT);
	pack_end(&c);
}

/* How many instructions of a queue another queue overtakes, when it goes first whenever it can. */
static void
loads_run_ahead(void)
{
	const struct npu_image *image;
	unsigned int i, gives = 0, takes = 0;
	struct pack_case c;

	ref_seed(6);
	pack_begin(&c);
	pack_output(&c, pack_dense(&c, pack_input(&c, 64, 1024), 64));
	CU_ASSERT_FATAL(pack_make(&c));
	image = c.program;
	for (i = 0; i < image->nb_insns; i++) {
		const struct vta_insn *insn = &image->insns[i];

		if (VTA_OPCODE(insn) == VTA_LOAD && VTA_MEM_TYPE(insn) == VTA_MEM_INP &&
				VTA_POP_NEXT(insn))
			takes++;
		if (VTA_OPCODE(insn) == VTA_LOAD && VTA_MEM_TYPE(insn) == VTA_MEM_WGT &&
				VTA_PUSH_NEXT(insn))
			gives++;
	}
	/* All steps but two wait for a half to be free: two are loaded ahead. */
	CU_ASSERT(gives > 2);
	CU_ASSERT_EQUAL(takes, gives - 2);
	pack_end(&c);
}

/*
 * Digits
 */

#define RECORDS 256

static void *
read_file(const char *folder, const char *name, size_t *len)
{
	char path[512];
	void *data = malloc(1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	*len = fread(data, 1, 1 << 20, f);
	fclose(f);
	return data;
}

static unsigned int
accuracy_of(const char *text, const char *what)
{
	const char *at = strstr(text, what);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	return (unsigned int)strtoul(at + strlen(what), NULL, 10);
}

static unsigned int
largest(const int8_t *scores, unsigned int n)
{
	unsigned int i, best = 0;

	for (i = 1; i < n; i++) {
		if (scores[i] > scores[best])
			best = i;
	}
	return best;
}

/* How many of the records the image is right about. */
static unsigned int
count_right(const struct npu_image *image, int8_t *records, const uint8_t *labels)
{
	unsigned int i, right = 0;
	int8_t scores[16];

	for (i = 0; i < RECORDS; i++) {
		int8_t *data[] = { records + 64 * i, scores };

		CU_ASSERT(pack_run_image(image, data, i % 2 == 0 ? i : PACK_ON_CORE));
		CU_ASSERT_EQUAL(scores[10], -128);
		CU_ASSERT_EQUAL(scores[15], -128);
		right += largest(scores, 16) == labels[i];
	}
	return right;
}

static void
digits(void)
{
	const char *folder = getenv("ACCELDEV_TEST_DIGITS");
	const char *built = getenv("ACCELDEV_TEST_DIGITS_BUILT");
	unsigned int right, by_int8, by_float;
	char why[NPU_IMAGE_WHY], *text, *elf;
	struct npu_image *image;
	uint8_t *labels;
	int8_t *records;
	size_t len;

	CU_ASSERT_FATAL(folder != NULL && built != NULL);
	elf = read_file(built, "digits.elf", &len);
	CU_ASSERT_EQUAL_FATAL(npu_image_open(elf, len, &image, why, sizeof(why)), 0);
	text = read_file(folder, "accuracy.txt", &len);
	text[len] = '\0';
	records = read_file(folder, "records.bin", &len);
	CU_ASSERT_EQUAL_FATAL(len, RECORDS * 64);
	labels = read_file(folder, "labels.bin", &len);
	CU_ASSERT_EQUAL_FATAL(len, RECORDS);
	CU_ASSERT_EQUAL_FATAL(image->nb_tensors, 2);
	CU_ASSERT_STRING_EQUAL(image->tensors[0].label, "pixels");
	CU_ASSERT_STRING_EQUAL(image->tensors[1].label, "scores");
	right = count_right(image, records, labels);
	by_int8 = accuracy_of(text, "records int8 ");
	by_float = accuracy_of(text, "records float ");
	printf("%u of %u, %u in floating point ", right, RECORDS, by_float);
	CU_ASSERT_EQUAL(right, by_int8);
	CU_ASSERT(100 * right + 2 * RECORDS >= 100 * by_float);
	CU_ASSERT(by_float > RECORDS * 9 / 10);
	npu_image_close(image);
	free(elf);
	free(text);
	free(records);
	free(labels);
}

static const struct test_case cases[] = {
	{ "one_layer", one_layer },
	{ "beyond_the_core", beyond_the_core },
	{ "random_layers", random_layers },
	{ "element_by_element", element_by_element },
	{ "chains", chains },
	{ "same_source_twice", same_source_twice },
	{ "loads_run_ahead", loads_run_ahead },
	{ "digits", digits },
	{ NULL, NULL },
};

static const struct test_suite suites[] = {
	{ "pack", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};

int
main(int argc, char **argv)
{
	return test_main(suites, argc, argv);
}
