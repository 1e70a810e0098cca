/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The models of NLB and HE-LB by their registers alone, which are written down here a second time.
 * What they do with data is in test_nlb_model.c and test_he_model.c.
 */
#include "test_afu_models.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <devmodel/devmodel.h>

#include "eal_main.h"
#include "edu_dev.h"

enum access { RO, RW, LOCKED };

struct row {
	uint32_t off;   /* of 64 bits */
	enum access access;
	uint64_t kept;  /* bits that take what is written */
	uint64_t reset;
};

#define ONES UINT64_MAX

static const struct row nlb_rows[] = {
	{ 0x000, RO, 0, 0x1000010000000000 },
	{ 0x008, RO, 0, 0xf89e433683f9040b },
	{ 0x010, RO, 0, 0xd8424dc4a4a3c413 },
	{ 0x018, RO, 0, 0 }, { 0x020, RO, 0, 0 },
	{ 0x100, RW, ONES, 0 }, { 0x108, RW, ONES, 0 }, { 0x110, RW, ONES, 0 },
	{ 0x118, RO, 0, 0 },
	{ 0x120, LOCKED, ONES, 0 }, { 0x128, LOCKED, ONES, 0 },
	{ 0x130, RW, 0xfffff, 0 },
	{ 0x140, LOCKED, ONES, 0 }, { 0x148, LOCKED, 0xffffffff, 0 },
	{ 0x150, RO, 0, 0 },
	{ 0x158, RW, ONES, 0 },
	{ 0x160, RO, 0, 0 }, { 0x168, RO, 0, 0 }, { 0x170, RO, 0, 0 },
	{ 0x178, RW, 0x3f, 0 },
	{ 0x180, RO, 0, 0 }, { 0x188, RO, 0, 0 }, { 0x200, RO, 0, 0 }, { 0x1138, RO, 0, 0 },
	{ 0x3fff8, RO, 0, 0 },
	{ 0, RO, 0, 0 },
};

#define HE_ROWS(guid_l, guid_h)                                                                    \
	{ 0x000, RO, 0, 0x1000010000000000 },                                                      \
	{ 0x008, RO, 0, guid_l }, { 0x010, RO, 0, guid_h },                                        \
	{ 0x018, RO, 0, 0 }, { 0x020, RO, 0, 0 },                                                  \
	{ 0x100, RW, ONES, 0 }, { 0x108, RW, ONES, 0 }, { 0x110, RW, ONES, 0 },                    \
	{ 0x118, RO, 0, 0 },                                                                       \
	{ 0x120, LOCKED, ONES, 0 }, { 0x128, LOCKED, ONES, 0 },                                    \
	{ 0x130, RW, 0xfffff, 0 },                                                                 \
	{ 0x140, LOCKED, ONES, 0 }, { 0x148, LOCKED, 0xffffffff, 0 },                              \
	{ 0x150, LOCKED, 0xffffffff, 0 },                                                          \
	{ 0x158, RW, ONES, 0 },                                                                    \
	{ 0x160, RO, 0, 0 }, { 0x168, RO, 0, 0 }, { 0x170, RO, 0, 0 },                             \
	{ 0x178, RW, 0x3f, 0 },                                                                    \
	{ 0x180, RO, 0, 0x2015e },                                                                 \
	{ 0x188, RO, 0, 0 }, { 0x200, RO, 0, 0 }, { 0x1138, RO, 0, 0 },                            \
	{ 0xfff8, RO, 0, 0 },                                                                      \
	{ 0, RO, 0, 0 }

static const struct row he_lb_rows[] = { HE_ROWS(0xb94b12284c31e02b, 0x56e203e9864f49a7) };
static const struct row he_mem_rows[] = { HE_ROWS(0xbb652a578330a8eb, 0x8568ab4e6ba54616) };

static const struct model {
	const char *name;
	const struct row *rows;
	uint32_t bar_size;
	unsigned int vectors;
	unsigned int status; /* offset in the status memory */
} models[] = {
	{ "nlb", nlb_rows, 256 << 10, 4, 0x40 },
	{ "he-lb", he_lb_rows, 64 << 10, 8, 0 },
	{ "he-mem.3", he_mem_rows, 64 << 10, 8, 0 },
};

#define NB_MODELS (sizeof(models) / sizeof(models[0]))

/* The last row is the end, the first one is there. */
static const struct row *
next_row(const struct row *row)
{
	return row[1].off != 0 ? row + 1 : NULL;
}

static void
identity(void)
{
	struct bus_irq_info irq;
	struct bus_info info;
	uint32_t value, i;
	struct bench *b;

	for (i = 0; i < NB_MODELS; i++) {
		b = bench_open(models[i].name);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, BUS_REGION_CONFIG, PCI_VENDOR_ID,
				&value, 4), 0);
		CU_ASSERT_EQUAL(value, 0xbccf8086);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, BUS_REGION_CONFIG,
				PCI_SUBSYSTEM_VENDOR_ID, &value, 4), 0);
		CU_ASSERT_EQUAL(value, 0x17708086);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, BUS_REGION_CONFIG,
				PCI_CLASS_REVISION, &value, 4), 0);
		CU_ASSERT_EQUAL(value >> 8, 0x120000);
		CU_ASSERT_EQUAL(b->d->ops->irq_info(b->d, BUS_IRQ_MSIX, &irq), 0);
		CU_ASSERT_EQUAL(irq.count, models[i].vectors);
		CU_ASSERT_EQUAL(b->d->ops->info(b->d, &info), 0);
		CU_ASSERT(info.has_reset);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, models[i].bar_size - 4, &value, 4),
				0);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, models[i].bar_size, &value, 4),
				-EINVAL);
		bench_close(b);
	}
}

/*
 * Registers
 */

static void
expect_reset_values(struct bench *b, const struct row *rows)
{
	const struct row *row;

	for (row = rows; row != NULL; row = next_row(row)) {
		CU_ASSERT_EQUAL(bench_get(b, row->off), row->reset);
		CU_ASSERT_EQUAL(bench_get32(b, row->off), (uint32_t)row->reset);
		CU_ASSERT_EQUAL(bench_get32(b, row->off + 4), row->reset >> 32);
	}
	CU_ASSERT_EQUAL(bench_get(b, R_CTL), 0);
}

static uint64_t
taken(const struct row *row, bool open, uint64_t before, uint64_t value)
{
	uint64_t kept = row->access == RO || (row->access == LOCKED && !open) ? 0 : row->kept;

	return (before & ~kept) | (value & kept);
}

/* Writes of both widths to one register. */
static void
write_row(struct bench *b, const struct row *row, bool open)
{
	uint64_t want = bench_get(b, row->off);

	bench_set(b, row->off, 0x123456789abcdef1);
	want = taken(row, open, want, 0x123456789abcdef1);
	CU_ASSERT_EQUAL(bench_get(b, row->off), want);
	bench_set(b, row->off, ONES);
	want = taken(row, open, want, ONES);
	CU_ASSERT_EQUAL(bench_get(b, row->off), want);
	bench_set32(b, row->off, 0x0badcafe);
	want = taken(row, open, want, (want & ~UINT64_C(0xffffffff)) | 0x0badcafe);
	CU_ASSERT_EQUAL(bench_get(b, row->off), want);
	bench_set32(b, row->off + 4, 0x5a5a1234);
	want = taken(row, open, want, (uint32_t)want | UINT64_C(0x5a5a1234) << 32);
	CU_ASSERT_EQUAL(bench_get(b, row->off), want);
	CU_ASSERT_EQUAL(bench_get32(b, row->off), (uint32_t)want);
	CU_ASSERT_EQUAL(bench_get32(b, row->off + 4), want >> 32);
}

static void
registers_in_state(struct bench *b, const struct row *rows, uint32_t ctl, bool open)
{
	const struct row *row;

	bench_set32(b, R_CTL, ctl);
	CU_ASSERT_EQUAL(bench_get(b, R_CTL), ctl);
	for (row = rows; row != NULL; row = next_row(row)) {
		if (row->off != R_STATUS0 && row->off != R_ERROR) /* which a test changes */
			write_row(b, row, open);
	}
	CU_ASSERT_EQUAL(bench_get(b, R_CTL), ctl);
}

static void
all_registers(void)
{
	struct bench *b;
	unsigned int i;

	for (i = 0; i < NB_MODELS; i++) {
		b = bench_open(models[i].name);
		expect_reset_values(b, models[i].rows);
		registers_in_state(b, models[i].rows, 0, false);
		registers_in_state(b, models[i].rows, 1, true);
		registers_in_state(b, models[i].rows, 2, false);
		registers_in_state(b, models[i].rows, 4, false);
		registers_in_state(b, models[i].rows, 5, true);
		registers_in_state(b, models[i].rows, 3, false);
		registers_in_state(b, models[i].rows, 7, false);
		CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
		expect_reset_values(b, models[i].rows);
		bench_close(b);
	}
}

static void
narrow_accesses(void)
{
	uint64_t value;
	struct bench *b;
	unsigned int i;

	for (i = 0; i < NB_MODELS; i++) {
		b = bench_open(models[i].name);
		bench_set(b, 0x108, 0x1122334455667788);
		value = 0;
		CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, 0x108, &value, 1), 0);
		CU_ASSERT_EQUAL(b->d->ops->region_write(b->d, 0, 0x10a, &value, 2), 0);
		CU_ASSERT_EQUAL(bench_get(b, 0x108), 0x1122334455667788);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, 0x108, &value, 1), 0);
		CU_ASSERT_EQUAL(value, 0xff);
		CU_ASSERT_EQUAL(b->d->ops->region_read(b->d, 0, 0x10a, &value, 2), 0);
		CU_ASSERT_EQUAL(value, 0xffff);
		bench_close(b);
	}
}

/*
 * Tests that an AFU runs: a copy of some lines, set up without the status memory
 */

static void
set_up_copy(struct bench *b, const struct model *model, uint32_t lines)
{
	bool is_nlb = model->status != 0;

	bench_set32(b, R_CTL, 1);
	bench_set(b, R_SRC, SRC / LINE);
	bench_set(b, R_DST, DST / LINE);
	bench_set(b, R_LINES, is_nlb ? lines : lines - 1);
	bench_set(b, R_CFG, 0);
}

static void
prepare(struct bench *b, const struct model *model, uint32_t lines)
{
	bench_set32(b, R_CTL, 0);
	set_up_copy(b, model, lines);
}

static void
set_dsm(struct bench *b, const struct model *model, uint64_t iova)
{
	bench_set(b, R_DSM, model->status != 0 ? iova : iova / LINE);
}

static void
without_status_memory(void)
{
	const struct model *m;
	struct bench *b;

	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		prepare(b, m, 10);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait_bits(b, R_ERROR, UINT64_MAX));
		memcpy(b->want_dst, b->src, 10 * LINE);
		CU_ASSERT(bench_memory_is_good(b, m->status));
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), UINT64_C(10) << 32 | 10);
		CU_ASSERT_EQUAL(bench_get(b, R_ERROR), 0x400);
		CU_ASSERT_EQUAL(devmodel_faults(m->name, NULL), 1);

		/* CTL 0 clears, but for the number. */
		prepare(b, m, 10);
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), 0);
		CU_ASSERT_EQUAL(bench_get(b, R_ERROR), 0);
		set_dsm(b, m, DSM);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait(b, m->status));
		CU_ASSERT_EQUAL(bench_field(b, m->status, 4), (m->status != 0 ? 1u : 2u) << 1 | 1);
		CU_ASSERT_EQUAL(bench_field(b, m->status + 4, 4), 0);
		bench_close(b);
	}
}

/* What is written while a test is set to run changes neither registers nor data. */
static void
locked_while_running(void)
{
	const struct model *m;
	struct bench *b;

	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		prepare(b, m, 1000);
		set_dsm(b, m, DSM);
		bench_set32(b, R_CTL, 3);
		bench_set(b, R_SRC, 1);
		bench_set(b, R_DST, 1);
		bench_set(b, R_CFG, ONES);
		bench_set(b, R_LINES, 5); /* is not locked, and not looked at any more */
		CU_ASSERT_EQUAL(bench_get(b, R_SRC), SRC / LINE);
		CU_ASSERT_EQUAL(bench_get(b, R_CFG), 0);
		CU_ASSERT(bench_wait(b, m->status));
		memcpy(b->want_dst, b->src, 1000 * LINE);
		CU_ASSERT(bench_memory_is_good(b, m->status));
		bench_close(b);
	}
}

static void
one_status_for_a_start(void)
{
	const struct model *m;
	struct bench *b;

	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		prepare(b, m, 3);
		set_dsm(b, m, DSM);
		bench_set32(b, R_CTL, 3);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait(b, m->status));
		bench_take_status(b, m->status);
		bench_set32(b, R_CTL, 3);
		bench_set32(b, R_CTL, 7);
		bench_set(b, R_CTL, 3);
		bench_spend(b);
		memcpy(b->want_dst, b->src, 3 * LINE);
		CU_ASSERT(bench_memory_is_good(b, m->status));
		CU_ASSERT_EQUAL(bench_field(b, m->status, 8), 0);

		/* CTL 0, 1, 3 begins again, and so does 0, 3. */
		prepare(b, m, 3);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait(b, m->status));
		bench_take_status(b, m->status);
		bench_set32(b, R_CTL, 0);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait(b, m->status));
		CU_ASSERT_EQUAL(bench_field(b, m->status, 4) >> 1, m->status != 0 ? 2 : 3);

		/* A reset does as well, and numbers begin again. */
		bench_take_status(b, m->status);
		CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
		set_up_copy(b, m, 3);
		set_dsm(b, m, DSM);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait(b, m->status));
		CU_ASSERT_EQUAL(bench_field(b, m->status, 4) >> 1, m->status != 0 ? 0 : 1);
		bench_close(b);
	}
}

/* The number of the status has 15 bits. */
static void
numbers_wrap(void)
{
	const struct model *m;
	struct bench *b;
	unsigned int i;

	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		prepare(b, m, 1);
		set_dsm(b, m, DSM);
		for (i = 0; i < 0x8002; i++) {
			bench_take_status(b, m->status);
			bench_set32(b, R_CTL, 0);
			bench_set32(b, R_CTL, 3);
			CU_ASSERT_FATAL(bench_wait(b, m->status));
		}
		CU_ASSERT_EQUAL(bench_field(b, m->status, 4), (m->status != 0 ? 1u : 2u) << 1 | 1);
		bench_close(b);
	}
}

/* A test ends without a status by CTL 0, by a reset, and by removal. */
enum end { BY_CTL, BY_RESET, BY_UNPLUG, BY_CLOSE, ENDS };

static void
end_it(struct bench *b, const struct model *m, enum end how)
{
	if (how == BY_CTL)
		bench_set32(b, R_CTL, 0);
	if (how == BY_RESET) {
		CU_ASSERT_EQUAL(b->d->ops->reset(b->d), 0);
		expect_reset_values(b, m->rows);
	}
	if (how == BY_UNPLUG) {
		CU_ASSERT_EQUAL(devmodel_inject(m->name, DEVMODEL_UNPLUG), 0);
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), ONES);
	} else {
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), 0);
	}
	memset(b->dst, 0, PAGE); /* nobody writes it any more */
	bench_spend(b);
	CU_ASSERT_EQUAL(b->dst[0], 0);
	CU_ASSERT_EQUAL(bench_field(b, m->status, 8), 0);
}

static void
ended_from_outside(void)
{
	const struct model *m;
	struct bench *b;
	int how;

	for (m = models; m < models + NB_MODELS; m++) {
		for (how = BY_CTL; how < ENDS; how++) {
			b = bench_open(m->name);
			prepare(b, m, 1000);
			set_dsm(b, m, DSM);
			bench_set(b, R_CFG, 2); /* continuous */
			bench_set32(b, R_CTL, 3);
			CU_ASSERT(bench_wait_lines(b, 2000, 2000));
			if (how != BY_CLOSE)
				end_it(b, m, (enum end)how);
			bench_close(b);
		}
	}
}

static void
masters_only_when_told(void)
{
	const struct model *m;
	struct bench *b;

	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		CU_ASSERT_EQUAL(bus_set_master(b->d, false), 0);
		prepare(b, m, 10);
		set_dsm(b, m, DSM);
		bench_set32(b, R_CTL, 3);
		CU_ASSERT(bench_wait_bits(b, R_ERROR, 0x400));
		CU_ASSERT(bench_memory_is_good(b, m->status));
		CU_ASSERT_EQUAL(bench_field(b, m->status, 8), 0);
		CU_ASSERT_EQUAL(bench_get(b, R_ERROR), 0x500); /* a read and the status */
		CU_ASSERT_EQUAL(bench_get(b, R_STATUS0), 0);
		bench_close(b);
	}
}

/*
 * Random accesses: registers as by the table, and memory that is not theirs to write untouched
 */

static uint64_t
random_value(void)
{
	uint64_t value = (uint64_t)rand() << 32 ^ (uint64_t)rand() << 11 ^ (uint64_t)rand();

	switch (rand() % 4) {
	case 0:
		return (uint64_t)(rand() % 16);
	case 1:
		return (rand() % 2 != 0 ? SRC : DST) / LINE + (uint64_t)(rand() % 5000);
	case 2:
		return DSM / (rand() % 2 != 0 ? 1 : LINE);
	default:
		return value;
	}
}

static void
fuzz_access(struct bench *b, const struct row *rows, uint64_t *shadow)
{
	bool open = (shadow[R_CTL / 8] & 3) == 1, wide = rand() % 2 != 0;
	uint64_t off = (uint64_t)(0x100 + rand() % 0x90) & (wide ? ~UINT64_C(7) : ~UINT64_C(3));
	uint64_t value = random_value(), low = UINT32_MAX, after = value;
	uint64_t before = shadow[off / 8];
	const struct row *row;

	if (!wide && (off & 4) != 0)
		after = (before & low) | value << 32;
	else if (!wide)
		after = (before & ~low) | (value & low);
	if (wide)
		bench_set(b, off, value);
	else
		bench_set32(b, off, (uint32_t)value);
	for (row = rows; row != NULL; row = next_row(row)) {
		if (row->off == (off & ~UINT64_C(7)))
			shadow[off / 8] = taken(row, open, before, after);
	}
	if ((off & ~UINT64_C(7)) == R_CTL)
		shadow[off / 8] = (before & ~UINT64_C(0xffff)) | (after & 0xffff);
}

static void
random_accesses(void)
{
	uint64_t shadow[0x190 / 8], off;
	const struct model *m;
	const struct row *row;
	unsigned int i;
	struct bench *b;

	srand(42);
	for (m = models; m < models + NB_MODELS; m++) {
		b = bench_open(m->name);
		bench_remap(b, SRC, 0, DATA_SIZE, IOSPACE_READ);
		memset(shadow, 0, sizeof(shadow));
		for (row = m->rows; row != NULL; row = next_row(row)) {
			if (row->off < sizeof(shadow))
				shadow[row->off / 8] = row->reset;
		}
		for (i = 0; i < 20000; i++) {
			fuzz_access(b, m->rows, shadow);
			off = (uint64_t)(rand() % (int)sizeof(shadow)) & ~UINT64_C(7);
			if (off != R_STATUS0 && off != R_ERROR)
				CU_ASSERT_EQUAL(bench_get(b, off), shadow[off / 8]);
		}
		bench_set32(b, R_CTL, 0);
		CU_ASSERT_EQUAL(memcmp(b->src, b->want_src, DATA_SIZE), 0);
		bench_close(b);
	}
}

static const struct test_case cases[] = {
	{ "identity", identity },
	{ "all registers", all_registers },
	{ "narrow accesses", narrow_accesses },
	{ "without status memory", without_status_memory },
	{ "locked while running", locked_while_running },
	{ "one status for a start", one_status_for_a_start },
	{ "ended from outside", ended_from_outside },
	{ "bus mastering off", masters_only_when_told },
	{ "random accesses", random_accesses },
	{ NULL, NULL },
};

static const struct test_case slow_cases[] = {
	{ "numbers wrap", numbers_wrap },
	{ NULL, NULL },
};

static int
by_thread(void)
{
	bench_async = "thread";
	return 0;
}

static int
by_access(void)
{
	bench_async = "access";
	return 0;
}

const struct test_suite eal_suites[] = {
	{ "AFU models", by_thread, NULL, cases },
	{ "NLB", by_thread, NULL, nlb_cases },
	{ "HE-LB", by_thread, NULL, he_cases },
	{ "AFU models by access", by_access, NULL, cases },
	{ "AFU models, many tests", by_access, NULL, slow_cases },
	{ "NLB by access", by_access, NULL, nlb_cases },
	{ "HE-LB by access", by_access, NULL, he_cases },
	{ NULL, NULL, NULL, NULL },
};
