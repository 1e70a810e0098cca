/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "image_case.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

const char image_in[] = "input-with-a-name-of-forty-characters---";
const char image_out[] = "output-with-a-name-of-forty-characters--";
const char image_spare[] = "scratch-with-a-name-of-forty-characters-";

static void
put_const(struct program *p, enum program_symbol which, const void *data, size_t len)
{
	void *to = program_grow(p, &p->consts[which], len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	memcpy(to, data, len);
}

/* The instructions are those of golden.h, bit by bit. */
static void
put_golden(struct program *p, const struct golden *g)
{
	static const uint32_t symbols[GOLDEN_INSNS] = { PROGRAM_UOP, PROGRAM_ACC, PROGRAM_TENSORS,
		PROGRAM_WGT, 0, 0, 0, 0, PROGRAM_TENSORS + 1, 0 };
	uint32_t i;

	put_const(p, PROGRAM_UOP, g->uops, sizeof(g->uops));
	put_const(p, PROGRAM_WGT, g->tiles, sizeof(g->tiles));
	put_const(p, PROGRAM_ACC, g->bias, sizeof(g->bias));
	for (i = 0; i < GOLDEN_INSNS; i++) {
		struct vta_insn insn = { golden_bits[i][0], golden_bits[i][1] };

		if (i < 4 || i == 8)
			program_move(p, insn, 0, symbols[i], 0);
		else
			program_insn(p, insn, 0);
	}
}

void
image_golden(struct image_case *c, const struct golden *g, void (*begin)(struct program *p))
{
	struct model_tensor tensors[3] = {
		{ .use = MODEL_USE_IN, .rows = 16, .cols = 256, .blocks = 16 },
		{ .use = MODEL_USE_OUT, .rows = 16, .cols = 256, .blocks = 16 },
		{ .use = MODEL_USE_SCRATCH, .rows = 16, .cols = 256, .blocks = 16 },
	};
	struct model m = { .tensors = tensors, .nb_tensors = 3, .outputs = { 1 }, .nb_outputs = 1 };
	struct program p = { 0 };

	strcpy(tensors[0].name, image_in);
	strcpy(tensors[1].name, image_out);
	strcpy(tensors[2].name, image_spare);
	if (begin != NULL)
		begin(&p);
	put_golden(&p, g);
	CU_ASSERT_EQUAL_FATAL(image_make("golden", &m, &p, &c->bytes, &c->len), 0);
	program_free(&p);
}

void
image_copy(struct image_case *c, const struct image_case *from)
{
	c->len = from->len;
	c->bytes = malloc(c->len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c->bytes);
	memcpy(c->bytes, from->bytes, c->len);
}

void
image_free(struct image_case *c)
{
	free(c->bytes);
}

Elf64_Shdr *
image_section(const struct image_case *c, const char *name)
{
	const Elf64_Ehdr *h = (const void *)c->bytes;
	Elf64_Shdr *sections = (void *)(c->bytes + h->e_shoff);
	const char *names = c->bytes + sections[h->e_shstrndx].sh_offset;
	unsigned int i;

	for (i = 1; i < h->e_shnum; i++) {
		if (strcmp(names + sections[i].sh_name, name) == 0)
			return &sections[i];
	}
	CU_FAIL_FATAL("no such section");
	return NULL;
}

char *
image_contents(const struct image_case *c, const char *name)
{
	return c->bytes + image_section(c, name)->sh_offset;
}

void
image_fix_crc(struct image_case *c)
{
	static const char *const order[] = { ".vta.insn", ".vta.uop", ".vta.wgt", ".vta.acc",
		".npu.io", ".rela.vta.insn", ".symtab", ".strtab" };
	uint32_t crc = 0;
	unsigned int i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		crc = npu_crc32(crc, image_contents(c, order[i]),
				image_section(c, order[i])->sh_size);
	memcpy(image_contents(c, ".note.npu.config") + 16 + offsetof(struct npu_image_config, crc),
			&crc, sizeof(crc));
}

int
image_try(const struct image_case *c, char why[NPU_IMAGE_WHY])
{
	struct npu_image *image;
	int ret;

	why[0] = '\0';
	ret = npu_image_open(c->bytes, c->len, &image, why, NPU_IMAGE_WHY);
	if (ret == 0)
		npu_image_close(image);
	return ret;
}
