/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_queues.h"

#include <string.h>

struct queues {
	struct ref *ref;
	const struct vta_insn *insns;
	uint32_t n;
	uint32_t next[3];
	/* Tokens: from load to compute, back, from compute to store, back. */
	uint32_t tokens[4];
	uint32_t order;
};

static uint32_t
bits(const struct vta_insn *insn, unsigned int at, unsigned int width)
{
	uint64_t word = at < 64 ? insn->lo : insn->hi;

	return (uint32_t)(word >> at % 64 & ((UINT64_C(1) << width) - 1));
}

static struct ref_insn
decode(const struct vta_insn *i)
{
	struct ref_insn r = { .op = bits(i, 0, 3), .tokens = bits(i, 3, 4) << 3 };

	if (r.op == OP_LOAD || r.op == OP_STORE) {
		r.mem = bits(i, 7, 3);
		r.sram = bits(i, 10, 16);
		r.dram = bits(i, 26, 32);
		r.y = bits(i, 64, 16);
		r.x = bits(i, 80, 16);
		r.stride = bits(i, 96, 16);
		r.y_pad_0 = bits(i, 112, 4);
		r.y_pad_1 = bits(i, 116, 4);
		r.x_pad_0 = bits(i, 120, 4);
		r.x_pad_1 = bits(i, 124, 4);
		return r;
	}
	r.reset = bits(i, 7, 1);
	r.bgn = bits(i, 8, 13);
	r.end = bits(i, 21, 14);
	r.out = bits(i, 35, 14);
	r.in = bits(i, 49, 14);
	r.dst_out = bits(i, 64, 11);
	r.dst_in = bits(i, 75, 11);
	r.src_out = bits(i, 86, 11);
	r.src_in = bits(i, 97, 11);
	r.wgt_out = bits(i, 108, 10);
	r.wgt_in = bits(i, 118, 10);
	r.alu = bits(i, 108, 3);
	r.use_imm = bits(i, 111, 1);
	r.imm = (int16_t)bits(i, 112, 16);
	return r;
}

/* 0 load, 1 compute, 2 store. */
static uint32_t
queue_of(const struct ref_insn *i)
{
	if (i->op == OP_STORE)
		return 2;
	return i->op == OP_LOAD && (i->mem == MEM_INP || i->mem == MEM_WGT) ? 0 : 1;
}

/* The instruction that a queue comes to; false at its end. */
static bool
head(struct queues *q, uint32_t queue, struct ref_insn *insn)
{
	for (; q->next[queue] < q->n; q->next[queue]++) {
		*insn = decode(&q->insns[q->next[queue]]);
		if (queue_of(insn) == queue)
			return true;
	}
	return false;
}

/* Run the next instruction of a queue, if it can. */
static bool
step(struct queues *q, uint32_t queue)
{
	static uint32_t none;
	/* Tokens that a queue takes from the one before and behind it, and gives. */
	uint32_t *takes[3][2] = { { &none, &q->tokens[1] }, { &q->tokens[0], &q->tokens[3] },
		{ &q->tokens[2], &none } };
	uint32_t *gives[3][2] = { { &none, &q->tokens[0] }, { &q->tokens[1], &q->tokens[2] },
		{ &q->tokens[3], &none } };
	struct ref_insn insn;

	none = 0;
	if (!head(q, queue, &insn) || ((insn.tokens & POP_PREV) != 0 && *takes[queue][0] == 0) ||
			((insn.tokens & POP_NEXT) != 0 && *takes[queue][1] == 0))
		return false;
	*takes[queue][0] -= (insn.tokens & POP_PREV) != 0;
	*takes[queue][1] -= (insn.tokens & POP_NEXT) != 0;
	ref_execute(q->ref, &insn);
	*gives[queue][0] += (insn.tokens & PUSH_PREV) != 0;
	*gives[queue][1] += (insn.tokens & PUSH_NEXT) != 0;
	q->next[queue]++;
	return true;
}

static bool
step_any(struct queues *q)
{
	static const uint32_t orders[QUEUES_STRICT][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	uint32_t i, which = q->order < QUEUES_STRICT ? q->order : ref_random(QUEUES_STRICT);
	const uint32_t *order = orders[which];

	for (i = 0; i < 3; i++) {
		if (step(q, order[i]))
			return true;
	}
	return false;
}

bool
queues_run(struct ref *ref, const struct vta_insn *insns, uint32_t n, uint32_t order)
{
	struct queues q = { .ref = ref, .insns = insns, .n = n, .order = order };
	struct ref_insn insn;
	uint32_t i;

	if (order >= QUEUES_STRICT)
		ref_seed(order);
	while (step_any(&q))
		;
	for (i = 0; i < 3; i++) {
		if (head(&q, i, &insn))
			return false;
	}
	return (q.tokens[0] | q.tokens[1] | q.tokens[2] | q.tokens[3]) == 0;
}
