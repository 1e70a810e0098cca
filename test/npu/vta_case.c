/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 100000

/* Each base has an upper half of its own, which an access must have. */
#define BASE(mem) ((uint64_t)((mem) + 1) << 32)
#define INSNS     (UINT64_C(0x77) << 32)

static void *
place_of(struct vta_case *c, uint64_t addr, uint32_t len)
{
	uint64_t off = addr & UINT32_MAX;

	if (c->mirror)
		off %= DRAM_SIZE;
	if (addr >> 32 == 0 || addr >> 32 > VTA_MEMS || off + len > DRAM_SIZE)
		return NULL;
	return c->dram + off;
}

static int
dma_read(void *ctx, uint64_t addr, void *data, uint32_t len)
{
	struct vta_case *c = ctx;
	void *from;

	c->reads++;
	if (c->reads + c->writes == c->fail_at)
		return -EFAULT;
	if (addr >> 32 == INSNS >> 32)
		from = (unsigned char *)c->bits + (addr - c->insns_iova);
	else
		from = place_of(c, addr, len);
	if (from == NULL || addr >> 32 == VTA_MEM_OUT + 1)
		return -EFAULT;
	memcpy(data, from, len);
	return 0;
}

static int
dma_write(void *ctx, uint64_t addr, const void *data, uint32_t len)
{
	struct vta_case *c = ctx;
	void *to;

	c->writes++;
	if (c->reads + c->writes == c->fail_at)
		return -EFAULT;
	to = place_of(c, addr, len);
	if (to == NULL || addr >> 32 != VTA_MEM_OUT + 1)
		return -EFAULT;
	memcpy(to, data, len);
	return 0;
}

static void
fill_words(unsigned char *dram, uint32_t from, uint32_t to, uint32_t (*word)(void))
{
	uint32_t value;

	for (; from < to; from += 4) {
		value = word();
		memcpy(dram + from, &value, 4);
	}
}

static uint32_t
uop_word(void)
{
	return ref_uop(ref_random(256), ref_random(256), ref_random(128));
}

static uint32_t
shift_word(void)
{
	return ref_uop(ref_random(256), 1900 + ref_random(16), ref_random(1024));
}

static uint32_t
small_word(void)
{
	return ref_random(32);
}

static uint32_t
any_word(void)
{
	return ref_random(0x10000) << 16 | ref_random(0x10000);
}

struct vta_case *
case_open(void)
{
	struct vta_case *c = calloc(1, sizeof(*c));
	const struct vta_dma dma = { .read = dma_read, .write = dma_write, .ctx = c };
	uint32_t mem;

	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT_EQUAL_FATAL(vta_core_init(&c->core, &dma), 0);
	c->dram = malloc(DRAM_SIZE);
	c->ref.dram = malloc(DRAM_SIZE);
	CU_ASSERT_FATAL(c->dram != NULL && c->ref.dram != NULL);
	fill_words(c->dram, DRAM_UOPS, DRAM_SHIFTS, uop_word);
	fill_words(c->dram, DRAM_SHIFTS, DRAM_SMALL, shift_word);
	fill_words(c->dram, DRAM_SMALL, DRAM_DATA, small_word);
	fill_words(c->dram, DRAM_DATA, DRAM_SIZE, any_word);
	memcpy(c->ref.dram, c->dram, DRAM_SIZE);
	for (mem = 0; mem < VTA_MEMS; mem++)
		c->job.base[mem] = BASE(mem);
	c->insns_iova = INSNS;
	return c;
}

void
case_close(struct vta_case *c)
{
	vta_core_fini(&c->core);
	free(c->dram);
	free(c->ref.dram);
	free(c);
}

/*
 * Programs
 */

void
case_begin(struct vta_case *c)
{
	c->n = 0;
	c->fail_at = 0;
}

void
case_add_uops(struct vta_case *c)
{
	struct ref_insn load = { .op = OP_LOAD, .mem = MEM_UOP, .y = 1, .x = 4096 };

	load.dram = DRAM_UOPS / 4;
	case_add(c, load);
	ref_execute(&c->ref, &load);
	load.sram = 4096;
	load.dram = DRAM_SHIFTS / 4;
	case_add(c, load);
	ref_execute(&c->ref, &load);
}

void
case_add(struct vta_case *c, struct ref_insn insn)
{
	CU_ASSERT_FATAL(c->n < PROGRAM_MAX);
	c->program[c->n] = insn;
	ref_encode(&insn, c->bits[c->n]);
	c->n++;
}

void
case_add_finish(struct vta_case *c, uint32_t tokens)
{
	case_add(c, (struct ref_insn){ .op = OP_FINISH, .tokens = tokens });
}

bool
case_run_steps(struct vta_case *c, uint32_t max_steps)
{
	c->reads = 0;
	c->writes = 0;
	c->job.insns = c->insns_iova;
	c->job.count = c->n;
	vta_core_launch(&c->core, &c->job);
	for (c->steps = 0; c->steps < max_steps; c->steps++) {
		if (!vta_core_step(&c->core))
			return true;
	}
	return false;
}

void
case_run(struct vta_case *c, enum npu_error error, uint32_t insn)
{
	CU_ASSERT_FATAL(case_run_steps(c, MAX_STEPS));
	CU_ASSERT_EQUAL(c->core.error, error);
	CU_ASSERT_EQUAL(c->core.error_insn, insn);
}

void
case_run_ref(struct vta_case *c)
{
	uint32_t i;

	for (i = 0; i < c->n; i++)
		ref_execute(&c->ref, &c->program[i]);
}

bool
case_is_same(const struct vta_case *c)
{
	const struct vta_sram *sram = c->core.sram;

	return memcmp(sram->uop, c->ref.uop, sizeof(c->ref.uop)) == 0 &&
			memcmp(sram->wgt, c->ref.wgt, sizeof(c->ref.wgt)) == 0 &&
			memcmp(sram->inp, c->ref.inp, sizeof(c->ref.inp)) == 0 &&
			memcmp(sram->acc, c->ref.acc, sizeof(c->ref.acc)) == 0 &&
			memcmp(c->dram, c->ref.dram, DRAM_SIZE) == 0;
}

void
case_run_both(struct vta_case *c)
{
	case_run(c, NPU_ERROR_NONE, 0);
	case_run_ref(c);
	CU_ASSERT(case_is_same(c));
}

/*
 * Random instructions
 */

static const uint32_t depths[] = { 8192, 1024, 2048, 2048, 2048 };
static const uint32_t sizes[] = { 4, 256, 16, 64, 16 };

/* A place in DRAM from which rows can be read up to the end of the area. */
static void
place_rows(struct ref_insn *i, uint32_t from, uint32_t to)
{
	uint32_t first = from / sizes[i->mem], units = (to - from) / sizes[i->mem];
	uint32_t room = units - i->x;

	i->stride = ref_random(4) == 0 ? 0 : ref_random(2) == 0 ? i->x : ref_random(40);
	while ((i->y - 1) * i->stride > room)
		i->stride /= 2;
	i->dram = first + ref_random(room - (i->y - 1) * i->stride + 1);
}

static void
add_random_load(struct vta_case *c)
{
	struct ref_insn i = { .op = OP_LOAD, .mem = MEM_WGT + ref_random(3) };
	uint32_t total;

	if (i.mem != MEM_WGT && ref_random(3) == 0) {
		i.x_pad_0 = ref_random(16);
		i.x_pad_1 = ref_random(16);
		i.y_pad_0 = ref_random(16);
		i.y_pad_1 = ref_random(16);
	}
	i.x = 1 + ref_random(ref_random(2) == 0 ? 20 : 120);
	i.y = 1 + ref_random(8);
	total = (i.x + i.x_pad_0 + i.x_pad_1) * (i.y + i.y_pad_0 + i.y_pad_1);
	if (total > depths[i.mem]) {
		i.y_pad_0 = 0;
		i.y_pad_1 = 0;
		total = (i.x + i.x_pad_0 + i.x_pad_1) * i.y;
	}
	i.sram = ref_random(depths[i.mem] - total + 1);
	place_rows(&i, DRAM_DATA, DRAM_SIZE);
	if (i.mem == MEM_ACC)
		memset(c->computed + i.sram, 0, total);
	case_add(c, i);
}

static void
add_random_uops(struct vta_case *c)
{
	struct ref_insn i = { .op = OP_LOAD, .mem = MEM_UOP, .y = 1, .x = 1 + ref_random(200),
		.stride = ref_random(3) };
	bool shifts = ref_random(3) == 0;

	/* Those for shifts are the upper half. */
	i.sram = (shifts ? 4096 : 0) + ref_random(4096 - i.x);
	i.dram = (shifts ? DRAM_SHIFTS : DRAM_UOPS) / 4 + ref_random(0x4000 - i.x);
	case_add(c, i);
}

static void
note_computed(struct vta_case *c, const struct ref_insn *i)
{
	uint32_t out, in, u;

	for (out = 0; out < i->out; out++)
		for (in = 0; in < i->in; in++)
			for (u = i->bgn; u < i->end; u++)
				c->computed[(c->ref.uop[u] & 2047) + out * i->dst_out +
						in * i->dst_in] = true;
}

/*
 * The reference machine has run what comes before, so it knows the micro-ops. Shifts: by lanes
 * too, of numbers that are there.
 */
static void
add_random_loop(struct vta_case *c, uint32_t op, bool shifts)
{
	struct ref_insn i = { .op = op, .bgn = ref_random(4000), .out = ref_random(5),
		.in = ref_random(5), .dst_out = ref_random(224), .dst_in = ref_random(224),
		.src_out = ref_random(224), .src_in = ref_random(224) };

	i.end = i.bgn + ref_random(40);
	if (op == OP_GEMM) {
		i.reset = ref_random(8) == 0;
		i.wgt_out = ref_random(112);
		i.wgt_in = ref_random(112);
	} else {
		i.alu = ref_random(4);
		i.use_imm = ref_random(2) | (i.alu == ALU_SHR && !shifts);
		i.imm = i.alu == ALU_SHR ? (int32_t)ref_random(32) :
				(int32_t)ref_random(0x10000) - 0x8000;
	}
	if (i.alu == ALU_SHR && !i.use_imm) {
		i.src_out = 0;
		i.src_in = 0;
		i.bgn += 4096;
		i.end += 4096;
	}
	note_computed(c, &i);
	case_add(c, i);
}

/* Numbers to shift by. */
static void
add_shifts(struct vta_case *c)
{
	struct ref_insn load = { .op = OP_LOAD, .mem = MEM_ACC, .sram = 1900, .y = 1, .x = 16 };

	load.dram = DRAM_SMALL / 64 + ref_random(0x10000 / 64 - 16);
	memset(c->computed + 1900, 0, 16);
	case_add(c, load);
}

static void
add_random_store(struct vta_case *c)
{
	struct ref_insn i = { .op = OP_STORE, .mem = MEM_OUT };
	uint32_t n = 0, tries;

	for (tries = 0; tries < 100 && n == 0; tries++) {
		i.sram = ref_random(2048);
		while (n < 40 && i.sram + n < 2048 && c->computed[i.sram + n])
			n++;
	}
	i.x = n > 0 ? 1 + ref_random(n) : 0;
	i.y = n > 0 ? n / i.x : 0;
	if (n > 0)
		place_rows(&i, DRAM_OUT, DRAM_SIZE);
	case_add(c, i);
}

void
case_add_random(struct vta_case *c)
{
	uint32_t first = c->n;

	switch (ref_random(8)) {
	case 0:
	case 1:
		add_random_load(c);
		break;
	case 2:
		add_random_uops(c);
		break;
	case 3:
	case 4:
		add_random_loop(c, OP_GEMM, false);
		break;
	case 5:
		add_shifts(c);
		add_random_loop(c, OP_ALU, true);
		break;
	case 6:
		add_random_loop(c, OP_ALU, false);
		break;
	default:
		add_random_store(c);
	}
	for (; first < c->n; first++)
		ref_execute(&c->ref, &c->program[first]);
}
