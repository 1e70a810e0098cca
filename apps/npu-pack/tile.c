/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <drivers/npu/npu_regs.h>

#include "program.h"

/*
 * Layers, cut into tiles. A tile is some rows and blocks of columns of what a layer makes, and one
 * half of ACC: compute works on one half while store empties the other. A tile is made in steps,
 * each of a part of the source's columns, or, element by element, of one source. A step has one
 * half of INP and WGT: load fills one half while compute works on the other. In memory of the core
 * a tile's part is dense:
 *
 *	ACC  [rows][blocks of out]
 *	INP  [rows][blocks of the source]
 *	WGT  [blocks of the source][blocks of out]; element by element, one tile with a diagonal
 *
 * Tokens. load to compute: a step's data are there. compute to load: its half is free; nobody waits
 * for the halves of the last two steps, so they give none. compute to store: a tile is done. store
 * to compute: its half is free; the same, but for the last one, which tells compute that the layer
 * is in memory: compute then tells load, which begins the next layer, or finishes.
 *
 * GEMM goes over blocks of out inside, then rows, then blocks of the source, so that the sums it
 * adds to one after the other are different ones.
 */

#define HALF_INP (VTA_INP_DEPTH / 2)
#define HALF_WGT (VTA_WGT_DEPTH / 2)
#define HALF_ACC (VTA_ACC_DEPTH / 2)
#define MAX_ROWS 64 /* of a tile */
#define MAX_OUT  32 /* blocks of out of a tile */

/* Micro-ops: for each half of INP and WGT, and each half of ACC, those of the blocks of out. */
#define GEMM_UOPS(load_half, acc_half) (((load_half) * 2 + (acc_half)) * MAX_OUT)
#define ALU_UOP(acc_half)              (4 * MAX_OUT + (acc_half))
#define NB_UOPS                        (4 * MAX_OUT + 2)

struct layer {
	struct program *p;
	const struct model_layer *l;
	const struct model_tensor *out;
	const struct model_tensor *from;
	uint32_t rows, blocks, parts; /* of a tile, at most; parts: blocks of the source */
	uint32_t nb_tiles, nb_steps;
	uint64_t wgt, acc;            /* where its constants begin, in elements */
	bool is_first, is_last;
};

/* A tile; and in it, a step. */
struct tile {
	uint32_t number;
	uint32_t row, rows;
	uint32_t block, blocks;
};

struct step {
	uint32_t number;  /* in the layer */
	uint32_t source;
	uint32_t part, parts;
};

static uint32_t
at_most(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t
ceil_div(uint32_t a, uint32_t b)
{
	return (a + b - 1) / b;
}

/*
 * Constants
 */

static void
put_uops(struct program *p)
{
	uint32_t *uops = program_grow(p, &p->consts[PROGRAM_UOP], NB_UOPS * sizeof(*uops));
	uint32_t load, acc, n;

	if (uops == NULL)
		return;
	for (load = 0; load < 2; load++) {
		for (acc = 0; acc < 2; acc++) {
			for (n = 0; n < MAX_OUT; n++)
				uops[GEMM_UOPS(load, acc) + n] = vta_uop(acc * HALF_ACC + n,
						load * HALF_INP, load * HALF_WGT + n);
		}
	}
	for (acc = 0; acc < 2; acc++)
		uops[ALU_UOP(acc)] = vta_uop(acc * HALF_ACC, acc * HALF_ACC, 0);
}

/* A tile of weights: [column of out][column of the source], with zeros where there are none. */
static void
put_tile(const struct layer *y, int8_t *tile, uint32_t part, uint32_t block)
{
	uint32_t i, j, col, in;

	for (i = 0; i < VTA_BLOCK; i++) {
		for (j = 0; j < VTA_BLOCK; j++) {
			col = block * VTA_BLOCK + i;
			in = part * VTA_BLOCK + j;
			if (col < y->out->cols && in < y->from->cols)
				tile[i * VTA_BLOCK + j] =
						y->l->weights[(size_t)col * y->from->cols + in];
		}
	}
}

static void
put_dense_weights(struct layer *y)
{
	uint32_t part, block;
	int8_t *tile;

	for (part = 0; part < y->from->blocks; part++) {
		for (block = 0; block < y->out->blocks; block++) {
			tile = program_grow(y->p, &y->p->consts[PROGRAM_WGT], 256);
			if (tile != NULL)
				put_tile(y, tile, part, block);
		}
	}
}

static void
put_diagonals(struct layer *y)
{
	uint32_t i, source;
	int8_t *tile;

	for (source = 0; source < y->l->nb_sources; source++) {
		tile = program_grow(y->p, &y->p->consts[PROGRAM_WGT], 256);
		for (i = 0; i < VTA_BLOCK && tile != NULL; i++)
			tile[i * VTA_BLOCK + i] = y->l->times[source];
	}
}

static void
put_bias(struct layer *y)
{
	uint32_t i, cols = y->out->blocks * VTA_BLOCK;
	int32_t *bias = program_grow(y->p, &y->p->consts[PROGRAM_ACC], cols * sizeof(*bias));

	if (bias == NULL || y->l->weights == NULL)
		return;
	for (i = 0; i < cols; i++) {
		if (i >= y->out->cols)
			bias[i] = (int32_t)(y->l->fill * (INT64_C(1) << y->l->shift));
		else if (y->l->bias != NULL)
			bias[i] = y->l->bias[i];
	}
}

static void
put_constants(struct layer *y)
{
	y->wgt = y->p->consts[PROGRAM_WGT].len / 256;
	y->acc = y->p->consts[PROGRAM_ACC].len / 64;
	if (y->l->weights != NULL)
		put_dense_weights(y);
	else
		put_diagonals(y);
	put_bias(y);
}

/*
 * Instructions
 */

static void
put_loads(const struct layer *y, const struct tile *t, const struct step *s)
{
	bool dense = y->l->weights != NULL;
	uint32_t half = s->number % 2, source = y->l->sources[s->source], stride = y->from->blocks;
	uint32_t wide = dense ? s->parts : t->blocks, first = dense ? s->part : t->block;
	bool waits = s->number >= 2 || (s->number == 0 && !y->is_first);

	program_move(y->p, vta_move(VTA_LOAD, VTA_MEM_INP, half * HALF_INP, t->rows, wide, stride),
			waits ? VTA_F_POP_NEXT : 0, PROGRAM_TENSORS + source,
			(uint64_t)t->row * stride + first);
	if (dense)
		program_move(y->p, vta_move(VTA_LOAD, VTA_MEM_WGT, half * HALF_WGT, s->parts,
				t->blocks, y->out->blocks), VTA_F_PUSH_NEXT, PROGRAM_WGT,
				y->wgt + (uint64_t)s->part * y->out->blocks + t->block);
	else
		program_move(y->p, vta_move(VTA_LOAD, VTA_MEM_WGT, half * HALF_WGT, 1, 1, 1),
				VTA_F_PUSH_NEXT, PROGRAM_WGT, y->wgt + s->source);
}

static void
put_gemm(const struct layer *y, const struct tile *t, const struct step *s)
{
	uint32_t uops = GEMM_UOPS(s->number % 2, t->number % 2);
	uint64_t flags = VTA_F_POP_PREV | (s->number + 2 < y->nb_steps ? VTA_F_PUSH_PREV : 0);
	struct vta_insn insn;

	if (y->l->weights != NULL) {
		insn = vta_loop(VTA_GEMM, uops, uops + t->blocks, s->parts, t->rows);
		insn = vta_factors(insn, 0, t->blocks, 1, s->parts);
		insn = vta_wgt_factors(insn, t->blocks, 0);
	} else {
		insn = vta_loop(VTA_GEMM, uops, uops + 1, t->rows, t->blocks);
		insn = vta_factors(insn, t->blocks, 1, t->blocks, 1);
	}
	program_insn(y->p, insn, flags);
}

static void
put_alu(const struct layer *y, const struct tile *t, enum vta_alu operation, int imm,
		uint64_t flags)
{
	uint32_t uop = ALU_UOP(t->number % 2);
	struct vta_insn insn = vta_loop(VTA_ALU, uop, uop + 1, t->rows, t->blocks);

	insn = vta_factors(insn, t->blocks, 1, t->blocks, 1);
	program_insn(y->p, vta_imm(insn, operation, (int16_t)imm), flags);
}

/* STORE keeps the low 8 bits, so there is always a clip before it. */
static void
put_end_of_tile(const struct layer *y, const struct tile *t)
{
	uint32_t half = t->number % 2, stride = y->out->blocks;
	bool frees = t->number + 2 < y->nb_tiles || t->number + 1 == y->nb_tiles;

	if (y->l->shift > 0)
		put_alu(y, t, VTA_ALU_SHR, (int)y->l->shift, 0);
	put_alu(y, t, VTA_ALU_MAX, y->l->low, 0);
	put_alu(y, t, VTA_ALU_MIN, y->l->high, VTA_F_PUSH_NEXT);
	program_move(y->p, vta_move(VTA_STORE, VTA_MEM_OUT, half * HALF_ACC, t->rows, t->blocks,
			stride), VTA_F_POP_PREV | (frees ? VTA_F_PUSH_PREV : 0),
			PROGRAM_TENSORS + y->l->out, (uint64_t)t->row * stride + t->block);
}

/* Every row begins with the bias: rows of stride 0 are one row again and again. */
static void
put_begin_of_tile(const struct layer *y, const struct tile *t)
{
	uint32_t half = t->number % 2;

	program_move(y->p, vta_move(VTA_LOAD, VTA_MEM_ACC, half * HALF_ACC, t->rows, t->blocks, 0),
			t->number >= 2 ? VTA_F_POP_NEXT : 0, PROGRAM_ACC, y->acc + t->block);
}

static void
put_tile_of_out(const struct layer *y, const struct tile *t)
{
	uint32_t steps = y->nb_steps / y->nb_tiles, i;

	put_begin_of_tile(y, t);
	for (i = 0; i < steps; i++) {
		struct step s = { .number = t->number * steps + i };

		if (y->l->weights == NULL) {
			s.source = i;
		} else {
			s.part = i * y->parts;
			s.parts = at_most(y->parts, y->from->blocks - s.part);
		}
		put_loads(y, t, &s);
		put_gemm(y, t, &s);
	}
	put_end_of_tile(y, t);
}

static void
put_end_of_layer(const struct layer *y)
{
	if (y->is_last)
		program_insn(y->p, (struct vta_insn){ .lo = VTA_FINISH }, VTA_F_POP_NEXT);
	else
		program_insn(y->p, vta_move(VTA_LOAD, VTA_MEM_UOP, 0, 0, 0, 0),
				VTA_F_POP_NEXT | VTA_F_PUSH_PREV);
}

/* Tiles as large as the halves take. */
static void
choose_tiles(struct layer *y)
{
	bool dense = y->l->weights != NULL;

	y->rows = at_most(y->out->rows, MAX_ROWS);
	y->blocks = at_most(y->out->blocks, at_most(MAX_OUT, HALF_ACC / y->rows));
	y->parts = dense ? at_most(y->from->blocks,
			at_most(HALF_WGT / y->blocks, HALF_INP / y->rows)) : 1;
	y->nb_tiles = ceil_div(y->out->rows, y->rows) * ceil_div(y->out->blocks, y->blocks);
	y->nb_steps = y->nb_tiles * (dense ? ceil_div(y->from->blocks, y->parts) :
			y->l->nb_sources);
}

static void
put_layer(struct layer *y)
{
	struct tile t = { 0 };

	choose_tiles(y);
	put_constants(y);
	for (t.block = 0; t.block < y->out->blocks; t.block += y->blocks) {
		t.blocks = at_most(y->blocks, y->out->blocks - t.block);
		for (t.row = 0; t.row < y->out->rows; t.row += y->rows, t.number++) {
			t.rows = at_most(y->rows, y->out->rows - t.row);
			if (program_nb_insns(y->p) < NPU_MAX_INSNS)
				put_tile_of_out(y, &t);
		}
	}
	put_end_of_layer(y);
}

int
program_make(const char *path, const struct model *m, struct program *p)
{
	unsigned int i;

	*p = (struct program){ 0 };
	put_uops(p);
	program_move(p, vta_move(VTA_LOAD, VTA_MEM_UOP, 0, 1, NB_UOPS, NB_UOPS), 0, PROGRAM_UOP, 0);
	for (i = 0; i < m->nb_layers && !p->no_memory; i++) {
		const struct model_layer *l = &m->layers[i];
		struct layer y = { .p = p, .l = l, .out = &m->tensors[l->out],
			.from = &m->tensors[l->sources[0]], .is_first = i == 0,
			.is_last = i + 1 == m->nb_layers };

		put_layer(&y);
		if (program_nb_insns(p) > NPU_MAX_INSNS)
			return model_bad(path, l->line,
					"the program has more than %u instructions: "
					"split the model, or take fewer rows",
					NPU_MAX_INSNS);
	}
	return p->no_memory ? model_bad(path, 0, "no memory for the program: free some") : 0;
}
