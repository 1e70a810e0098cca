/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "npu_elf.h"
#include "npu_uops.h"
#include "vta_check.h"

/*
 * The instructions of an image, as every implementation of VTA takes them. Where the symbols will
 * lie does not matter: an instruction reaches memory by one symbol alone, and must stay in it.
 */

struct check {
	const struct npu_image *image;
	const struct npu_why *why;
	struct npu_uops *uops;
	uint32_t at;    /* the instruction */
	uint32_t reloc; /* the next relocation */
	uint64_t loaded; /* micro-ops */
};

#define reject(c, ...) npu_reject((c)->why, ".vta.insn", 16 * (uint64_t)(c)->at, __VA_ARGS__)

/* What an instruction says by itself. */
static int
check_alone(const struct check *c, const struct vta_insn *i)
{
	switch (vta_check(i)) {
	case NPU_ERROR_NONE:
		return 0;
	case NPU_ERROR_OPCODE:
		return reject(c, "opcode, memory type or ALU operation is none");
	case NPU_ERROR_SRAM:
		return reject(c, "leaves a memory of the core");
	default:
		return reject(c, "a flag or field is set that has no meaning here");
	}
}

/*
 * LOAD and STORE
 */

static const char *const mem_names[VTA_MEMS] = { "UOP", "WGT", "INP", "ACC", "OUT" };

/* What an instruction that moves nothing has none of. */
static int
check_sync(const struct check *c, const struct vta_insn *i)
{
	if (VTA_SRAM_BASE(i) != 0 || i->hi != 0)
		return reject(c, "moves nothing, but has a base, size, stride or padding");
	return 0;
}

/* Whether a symbol may be read, or written, as this memory. */
static bool
is_allowed(const struct npu_image_symbol *s, const struct vta_insn *i)
{
	if (VTA_OPCODE(i) == VTA_STORE)
		return s->kind == NPU_IMAGE_KIND_OUT || s->kind == NPU_IMAGE_KIND_SCRATCH;
	switch (s->kind) {
	case NPU_IMAGE_KIND_UOP:
		return VTA_MEM_TYPE(i) == VTA_MEM_UOP;
	case NPU_IMAGE_KIND_WGT:
		return VTA_MEM_TYPE(i) == VTA_MEM_WGT;
	case NPU_IMAGE_KIND_ACC:
		return VTA_MEM_TYPE(i) == VTA_MEM_ACC;
	default:
		return s->kind != NPU_IMAGE_KIND_OUT;
	}
}

static int
check_dram(const struct check *c, const struct vta_insn *i, const struct npu_image_reloc *reloc)
{
	const struct npu_image_symbol *s = &c->image->symbols[reloc->symbol];
	uint64_t last = (uint64_t)(VTA_Y_SIZE(i) - 1) * VTA_X_STRIDE(i) + VTA_X_SIZE(i);
	uint64_t end = reloc->addend + (last << vta_log_bytes((enum vta_mem)VTA_MEM_TYPE(i)));

	if (!is_allowed(s, i))
		return reject(c, "%s cannot be %s %s", s->label,
				VTA_OPCODE(i) == VTA_STORE ? "written as" : "read as",
				mem_names[VTA_MEM_TYPE(i)]);
	if (reloc->addend > s->size || end > s->size)
		return reject(c, "reaches to byte %" PRIu64 " of %s, which has %" PRIu64, end,
				s->label, s->size);
	return 0;
}

/* Nobody knows now what micro-ops will be in memory that is no constant. */
static int
load_uops(struct check *c, const struct vta_insn *i, const struct npu_image_reloc *reloc)
{
	const char *data = c->image->symbols[reloc->symbol].data;

	c->loaded += VTA_X_SIZE(i);
	if (c->loaded > NPU_IMAGE_MAX_UOPS)
		return reject(c, "more than %u micro-ops are loaded", NPU_IMAGE_MAX_UOPS);
	npu_uops_set(c->uops, VTA_SRAM_BASE(i), VTA_X_SIZE(i),
			data != NULL ? data + reloc->addend : NULL);
	return 0;
}

static int
check_move(struct check *c, const struct vta_insn *i)
{
	const struct npu_image_reloc *reloc;
	int ret;

	if (VTA_DRAM_BASE(i) != 0)
		return reject(c, "dram_base is not 0");
	if (VTA_X_SIZE(i) == 0)
		return check_sync(c, i);
	if (VTA_Y_SIZE(i) == 0)
		return reject(c, "moves rows, but 0 of them");
	reloc = &c->image->relocs[c->reloc++];
	ret = check_dram(c, i, reloc);
	if (ret == 0 && VTA_MEM_TYPE(i) == VTA_MEM_UOP)
		ret = load_uops(c, i, reloc);
	return ret;
}

/*
 * GEMM and ALU
 */

/* The largest index that a loop makes of one of a micro-op's fields. */
static uint64_t
reach(const struct vta_insn *i, uint32_t field, uint32_t factor_out, uint32_t factor_in)
{
	return (uint64_t)(VTA_ITER_OUT(i) - 1) * factor_out +
			(uint64_t)(VTA_ITER_IN(i) - 1) * factor_in + field;
}

static int
check_reach(const struct check *c, const char *mem, uint64_t index, uint32_t depth)
{
	if (index >= depth)
		return reject(c, "reaches element %" PRIu64 " of %s, which has %" PRIu32, index,
				mem, depth);
	return 0;
}

static int
check_loop(const struct check *c, const struct vta_insn *i)
{
	if (VTA_UOP_BGN(i) >= VTA_UOP_END(i) || VTA_ITER_OUT(i) == 0 || VTA_ITER_IN(i) == 0)
		return reject(c, "loop does nothing");
	return 0;
}

static int
check_gemm(const struct check *c, const struct vta_insn *i)
{
	struct npu_uop_max max;
	int ret = check_loop(c, i);

	if (ret != 0)
		return ret;
	max = npu_uops_max(c->uops, VTA_UOP_BGN(i), VTA_UOP_END(i));
	ret = check_reach(c, "ACC", reach(i, max.dst, VTA_DST_FACTOR_OUT(i), VTA_DST_FACTOR_IN(i)),
			VTA_ACC_DEPTH);
	if (ret == 0)
		ret = check_reach(c, "INP", reach(i, max.src, VTA_SRC_FACTOR_OUT(i),
				VTA_SRC_FACTOR_IN(i)), VTA_INP_DEPTH);
	if (ret == 0)
		ret = check_reach(c, "WGT", reach(i, max.wgt, VTA_WGT_FACTOR_OUT(i),
				VTA_WGT_FACTOR_IN(i)), VTA_WGT_DEPTH);
	return ret;
}

/* What shifts by registers do depends on the implementation where these are not 0 to 31. */
static int
check_operand(const struct check *c, const struct vta_insn *i)
{
	if (!VTA_USE_IMM(i) && VTA_IMM(i) != 0)
		return reject(c, "has an immediate, but does not use it");
	if (VTA_ALU_OPCODE(i) == VTA_ALU_SHR && !VTA_USE_IMM(i))
		return reject(c, "shift is not by an immediate");
	return 0;
}

static int
check_alu(const struct check *c, const struct vta_insn *i)
{
	struct npu_uop_max max;
	int ret = check_loop(c, i);

	if (ret == 0)
		ret = check_operand(c, i);
	if (ret != 0)
		return ret;
	max = npu_uops_max(c->uops, VTA_UOP_BGN(i), VTA_UOP_END(i));
	ret = check_reach(c, "ACC", reach(i, max.dst, VTA_DST_FACTOR_OUT(i), VTA_DST_FACTOR_IN(i)),
			VTA_ACC_DEPTH);
	if (ret == 0)
		ret = check_reach(c, "ACC", reach(i, max.src, VTA_SRC_FACTOR_OUT(i),
				VTA_SRC_FACTOR_IN(i)), VTA_ACC_DEPTH);
	return ret;
}

static int
check_finish(const struct check *c, const struct vta_insn *i)
{
	if (c->at + 1 != c->image->nb_insns)
		return reject(c, "FINISH is not the last instruction");
	if (VTA_PUSH_PREV(i) || VTA_PUSH_NEXT(i))
		return reject(c, "FINISH pushes a token");
	return 0;
}

static int
check_insn(struct check *c, const struct vta_insn *i)
{
	int ret = check_alone(c, i);

	if (ret != 0)
		return ret;
	switch (VTA_OPCODE(i)) {
	case VTA_LOAD:
	case VTA_STORE:
		return check_move(c, i);
	case VTA_GEMM:
		return check_gemm(c, i);
	case VTA_ALU:
		return check_alu(c, i);
	default:
		return check_finish(c, i);
	}
}

static uint64_t
steps_of(const struct vta_insn *i)
{
	if (VTA_OPCODE(i) == VTA_LOAD || VTA_OPCODE(i) == VTA_STORE)
		return (uint64_t)VTA_X_SIZE(i) * VTA_Y_SIZE(i);
	if (VTA_OPCODE(i) == VTA_FINISH)
		return 1;
	return (uint64_t)VTA_ITER_OUT(i) * VTA_ITER_IN(i) * (VTA_UOP_END(i) - VTA_UOP_BGN(i));
}

static int
check_insns(struct check *c, struct npu_image *image)
{
	int ret = 0;

	for (c->at = 0; c->at < image->nb_insns && ret == 0; c->at++) {
		ret = check_insn(c, &image->insns[c->at]);
		if (ret == 0)
			image->steps += steps_of(&image->insns[c->at]);
	}
	return ret;
}

/*
 * Tokens: what can go on does not depend on which queue is quicker, so one order tells all.
 */

struct tokens {
	const struct check *c;
	uint32_t next[VTA_QUEUES]; /* instruction of each queue */
	/* Tokens for each queue from the one before it, and from the one behind it. */
	uint32_t from_prev[VTA_QUEUES], from_next[VTA_QUEUES];
};

static void
find_next(struct tokens *t, enum vta_queue q)
{
	const struct npu_image *image = t->c->image;

	while (t->next[q] < image->nb_insns && vta_queue_of(&image->insns[t->next[q]]) != q)
		t->next[q]++;
}

/* Work off a queue as far as it goes; whether it went on. */
static bool
run_queue(struct tokens *t, enum vta_queue q)
{
	uint32_t begin = t->next[q];

	for (find_next(t, q); t->next[q] < t->c->image->nb_insns; t->next[q]++, find_next(t, q)) {
		const struct vta_insn *i = &t->c->image->insns[t->next[q]];

		if (VTA_POP_PREV(i) > t->from_prev[q] || VTA_POP_NEXT(i) > t->from_next[q])
			break;
		t->from_prev[q] -= VTA_POP_PREV(i);
		t->from_next[q] -= VTA_POP_NEXT(i);
		if (VTA_PUSH_PREV(i))
			t->from_next[q - 1]++;
		if (VTA_PUSH_NEXT(i))
			t->from_prev[q + 1]++;
	}
	return t->next[q] != begin;
}

/* The last one of a queue before FINISH; NULL when there is none. */
static const struct vta_insn *
last_of(struct check *c, enum vta_queue q)
{
	for (c->at = c->image->nb_insns; c->at-- > 0;) {
		if (vta_queue_of(&c->image->insns[c->at]) == q)
			return &c->image->insns[c->at];
	}
	return NULL;
}

/* FINISH comes after all: what the other queues do last tells it so. No token is left behind. */
static int
check_end(struct check *c, const struct tokens *t)
{
	const struct vta_insn *load = last_of(c, VTA_QUEUE_LOAD), *store;

	if (load != NULL && !VTA_PUSH_NEXT(load))
		return reject(c, "the last load does not push a token for compute");
	store = last_of(c, VTA_QUEUE_STORE);
	if (store != NULL && !VTA_PUSH_PREV(store))
		return reject(c, "the last store does not push a token for FINISH");
	c->at = c->image->nb_insns - 1;
	if (store != NULL && !VTA_POP_NEXT(&c->image->insns[c->at]))
		return reject(c, "FINISH does not wait for the token of the last store");
	if ((t->from_next[VTA_QUEUE_LOAD] | t->from_prev[VTA_QUEUE_COMPUTE] |
			t->from_next[VTA_QUEUE_COMPUTE] | t->from_prev[VTA_QUEUE_STORE]) != 0)
		return reject(c, "tokens are left over at the end");
	return 0;
}

static int
check_tokens(struct check *c)
{
	struct tokens t = { .c = c };
	bool went_on;
	int q;

	do {
		went_on = false;
		for (q = 0; q < VTA_QUEUES; q++)
			went_on |= run_queue(&t, (enum vta_queue)q);
	} while (went_on);
	c->at = c->image->nb_insns;
	for (q = 0; q < VTA_QUEUES; q++)
		c->at = t.next[q] < c->at ? t.next[q] : c->at;
	if (c->at < c->image->nb_insns)
		return reject(c, "waits for a token for ever");
	return check_end(c, &t);
}

int
npu_check(struct npu_image *image, const struct npu_why *why)
{
	struct check c = { .image = image, .why = why };
	int ret;

	c.at = image->nb_insns - 1;
	if (VTA_OPCODE(&image->insns[c.at]) != VTA_FINISH)
		return reject(&c, "the last instruction is not FINISH");
	c.uops = npu_uops_create();
	if (c.uops == NULL)
		return -ENOMEM;
	ret = check_insns(&c, image);
	if (ret == 0)
		ret = check_tokens(&c);
	npu_uops_free(c.uops);
	return ret;
}
