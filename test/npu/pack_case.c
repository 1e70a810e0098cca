/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "pack_case.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <drivers/npu/vta_core.h>
#include <program.h>

#include "harness.h"
#include "vta_queues.h"

/* Bits 63:32 of all addresses; the core sees the others. */
#define WINDOW (UINT64_C(5) << 32)
/* Nothing lies at 0, and nothing side by side. */
#define GAP    4096

void
pack_begin(struct pack_case *c)
{
	memset(c, 0, sizeof(*c));
	strcpy(c->folder, "/tmp/acceldev-pack-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(c->folder));
}

void
pack_end(struct pack_case *c)
{
	char path[384];
	struct dirent *e;
	DIR *d = opendir(c->folder);
	unsigned int i;

	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", c->folder, e->d_name);
		(void)unlink(path);
	}
	if (d != NULL)
		closedir(d);
	CU_ASSERT_EQUAL(rmdir(c->folder), 0);
	for (i = 0; i < c->nb_tensors; i++)
		free(c->tensors[i].data);
	free(c->image);
	npu_image_close(c->program);
}

void
pack_line(struct pack_case *c, const char *fmt, ...)
{
	size_t len = strlen(c->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->text + len, sizeof(c->text) - len, fmt, ap);
	va_end(ap);
	strncat(c->text, "\n", sizeof(c->text) - strlen(c->text) - 1);
}

static void
write_file(const struct pack_case *c, const char *name, const void *data, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", c->folder, name);
	f = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL_FATAL(fwrite(data, 1, len, f), len);
	fclose(f);
}

/*
 * Layers, as they are described
 */

static struct case_tensor *
new_tensor(struct pack_case *c, uint32_t rows, uint32_t cols)
{
	struct case_tensor *t = &c->tensors[c->nb_tensors];

	CU_ASSERT_FATAL(c->nb_tensors < CASE_TENSORS);
	snprintf(t->name, sizeof(t->name), "t%u", c->nb_tensors++);
	t->rows = rows;
	t->cols = cols;
	t->wide = (cols + 15) / 16 * 16;
	t->data = calloc(rows, t->wide);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->data);
	return t;
}

static int8_t
random_byte(void)
{
	return (int8_t)((int)ref_random(256) - 128);
}

static int8_t
clip(int64_t value, int low, int high)
{
	return (int8_t)(value < low ? low : value > high ? high : value);
}

unsigned int
pack_input(struct pack_case *c, uint32_t rows, uint32_t cols)
{
	struct case_tensor *t = new_tensor(c, rows, cols);
	size_t i;

	for (i = 0; i < (size_t)rows * cols; i++)
		t->data[i] = random_byte();
	pack_line(c, "input %s %u %u", t->name, rows, cols);
	return c->nb_tensors - 1;
}

struct dense {
	int8_t *weights;
	int32_t *bias;
	unsigned int shift;
	int low, high, fill;
};

static void
dense_rows(const struct dense *d, const struct case_tensor *from, struct case_tensor *to)
{
	uint32_t row, col, k;

	for (row = 0; row < to->rows; row++) {
		for (col = 0; col < to->wide; col++) {
			int64_t sum = col < to->cols ? d->bias[col] :
					d->fill * (INT64_C(1) << d->shift);

			for (k = 0; k < from->cols && col < to->cols; k++)
				sum += from->data[row * from->wide + k] *
						d->weights[col * from->cols + k];
			to->data[row * to->wide + col] = clip(sum >> d->shift, d->low, d->high);
		}
	}
}

/* The words of a dense layer behind its files. */
static void
describe_dense(struct pack_case *c, const struct dense *d, const struct case_tensor *from,
		const struct case_tensor *to, bool has_bias)
{
	char bias[32] = "", end[64] = "";

	if (has_bias)
		snprintf(bias, sizeof(bias), " bias=b%u", c->nb_files);
	if (d->low == 0 && d->high == 127)
		strcpy(end, " relu");
	else if (d->low != -128 || d->high != 127)
		snprintf(end, sizeof(end), " clip=%d:%d", d->low, d->high);
	if (d->fill != 0)
		snprintf(end + strlen(end), sizeof(end) - strlen(end), " fill=%d", d->fill);
	pack_line(c, "dense %s from=%s weights=w%u%s out=%u shift=%u%s", to->name, from->name,
			c->nb_files, bias, to->cols, d->shift, end);
}

unsigned int
pack_dense(struct pack_case *c, unsigned int from_number, uint32_t out)
{
	static const int clips[4][2] = { { 0, 127 }, { -128, 127 }, { -100, 50 }, { 7, 7 } };
	struct case_tensor *from = &c->tensors[from_number], *to = new_tensor(c, from->rows, out);
	const int *ends = clips[ref_random(16) == 0 ? 3 : ref_random(3)];
	struct dense d = { .weights = malloc((size_t)out * from->cols), .bias = calloc(out, 4),
		.low = ends[0], .high = ends[1], .fill = (int)ref_random(3) * -60 };
	bool has_bias = ref_random(2) != 0;
	char name[16];
	uint32_t i;

	while ((1u << d.shift) < 16 * from->cols)
		d.shift++;
	for (i = 0; i < out * from->cols; i++)
		d.weights[i] = random_byte();
	for (i = 0; i < out && has_bias; i++)
		d.bias[i] = ((int32_t)ref_random(256) - 128) * (1 << d.shift);
	c->nb_files++;
	snprintf(name, sizeof(name), "w%u", c->nb_files);
	write_file(c, name, d.weights, (size_t)out * from->cols);
	snprintf(name, sizeof(name), "b%u", c->nb_files);
	write_file(c, name, d.bias, out * sizeof(*d.bias));
	describe_dense(c, &d, from, to, has_bias);
	dense_rows(&d, from, to);
	free(d.weights);
	free(d.bias);
	return c->nb_tensors - 1;
}

unsigned int
pack_simple(struct pack_case *c, unsigned int which, unsigned int a_number, unsigned int b_number)
{
	static const int times[6][2] = { { 1, 1 }, { 3, -2 }, { 1, 0 }, { 8, 0 }, { 1, 0 },
		{ 1, 0 } };
	static const unsigned int shifts[6] = { 1, 2, 3, 0, 0, 0 };
	struct case_tensor *a = &c->tensors[a_number], *b = &c->tensors[b_number];
	struct case_tensor *to = new_tensor(c, a->rows, a->cols);
	int low = which == 5 ? -20 : which == 1 ? -90 : -128, high = which == 4 ? 33 : 127;
	size_t i;

	for (i = 0; i < (size_t)a->rows * a->wide; i++)
		to->data[i] = clip((a->data[i] * times[which][0] + (which < 2 ? b->data[i] : 0) *
				times[which][1]) >> shifts[which], low, high);
	if (which == 0)
		pack_line(c, "add %s from=%s,%s shift=1", to->name, a->name, b->name);
	else if (which == 1)
		pack_line(c, "add %s from=%s,%s times=3,-2 shift=2 clip=-90:127", to->name, a->name,
				b->name);
	else if (which < 4)
		pack_line(c, "shift %s from=%s by=%d", to->name, a->name, which == 2 ? 3 : -3);
	else
		pack_line(c, "%s %s from=%s value=%d", which == 4 ? "min" : "max", to->name,
				a->name, which == 4 ? high : low);
	return c->nb_tensors - 1;
}

void
pack_output(struct pack_case *c, unsigned int tensor)
{
	pack_line(c, "output %s", c->tensors[tensor].name);
}

/*
 * Packing and running
 */

bool
pack_make(struct pack_case *c)
{
	char path[128], why[NPU_IMAGE_WHY];
	struct program p;
	struct model m;
	int ret;

	write_file(c, "model", c->text, strlen(c->text));
	snprintf(path, sizeof(path), "%s/model", c->folder);
	if (model_read(path, &m) != 0)
		return false;
	ret = program_make(path, &m, &p);
	if (ret == 0)
		ret = image_make(path, &m, &p, &c->image, &c->len);
	program_free(&p);
	model_free(&m);
	return ret == 0 && npu_image_open(c->image, c->len, &c->program, why, sizeof(why)) == 0;
}

/* Addresses, one behind the other; returns the bytes from the window's beginning on. */
static uint64_t
place(const struct npu_image *image, uint64_t *addrs)
{
	uint64_t at = GAP;
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *s = &image->symbols[i];

		at = (at + s->align - 1) & ~(s->align - 1);
		addrs[i] = WINDOW + at;
		at += s->size + GAP;
	}
	return (at + GAP - 1) / GAP * GAP;
}

static void
fill_memory(const struct npu_image *image, unsigned char *dram, const uint64_t *addrs,
		int8_t *const *data)
{
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		if (image->symbols[i].data != NULL)
			memcpy(dram + (uint32_t)addrs[i], image->symbols[i].data,
					image->symbols[i].size);
	}
	for (i = 0; i < image->nb_inputs; i++)
		memcpy(dram + (uint32_t)addrs[image->tensors[i].symbol], data[i],
				image->tensors[i].size);
}

/* Memories of the core hold anything when it starts. */
static void
fill_core(struct ref *ref)
{
	memset(ref->uop, 0xff, sizeof(ref->uop));
	memset(ref->wgt, 0x55, sizeof(ref->wgt));
	memset(ref->inp, 0x66, sizeof(ref->inp));
	memset(ref->acc, 0x77, sizeof(ref->acc));
}

/*
 * The model's core: its memory is the same, with the instructions behind it
 */

struct memory {
	unsigned char *bytes;
	uint64_t size;
};

static bool
is_in(const struct memory *m, uint64_t addr, uint32_t len)
{
	return addr >= WINDOW && addr - WINDOW <= m->size && len <= m->size - (addr - WINDOW);
}

static int
read_memory(void *ctx, uint64_t addr, void *to, uint32_t len)
{
	const struct memory *m = ctx;

	if (!is_in(m, addr, len))
		return -EFAULT;
	memcpy(to, m->bytes + (addr - WINDOW), len);
	return 0;
}

static int
write_memory(void *ctx, uint64_t addr, const void *from, uint32_t len)
{
	const struct memory *m = ctx;

	if (!is_in(m, addr, len))
		return -EFAULT;
	memcpy(m->bytes + (addr - WINDOW), from, len);
	return 0;
}

static bool
run_on_core(struct memory *m, uint64_t insns, uint32_t n)
{
	struct vta_dma dma = { read_memory, write_memory, m };
	struct vta_job job = { .insns = WINDOW + insns, .count = n,
		.base = { WINDOW, WINDOW, WINDOW, WINDOW, WINDOW } };
	struct vta_core core;
	bool ok;

	if (vta_core_init(&core, &dma) != 0)
		return false;
	vta_core_launch(&core, &job);
	while (vta_core_step(&core))
		;
	ok = core.error == NPU_ERROR_NONE;
	vta_core_fini(&core);
	return ok;
}

static bool
run_insns(struct ref *ref, uint64_t size, const struct vta_insn *insns, uint32_t n, uint32_t order)
{
	struct memory m = { ref->dram, size + n * sizeof(*insns) };

	if (order != PACK_ON_CORE)
		return queues_run(ref, insns, n, order);
	memcpy(ref->dram + size, insns, n * sizeof(*insns));
	return run_on_core(&m, size, n);
}

bool
pack_run_image(const struct npu_image *image, int8_t *const *data, uint32_t order)
{
	uint64_t *addrs = calloc(image->nb_symbols, sizeof(*addrs)), size = place(image, addrs);
	struct vta_insn *insns = calloc(image->nb_insns, sizeof(*insns));
	struct ref *ref = malloc(sizeof(*ref));
	unsigned int i;
	bool ok;

	fill_core(ref);
	ref->dram = malloc(size + image->nb_insns * sizeof(*insns));
	memset(ref->dram, 0x99, size);
	fill_memory(image, ref->dram, addrs, data);
	ok = npu_image_relocate(image, insns, addrs) == 0 &&
			run_insns(ref, size, insns, image->nb_insns, order);
	for (i = image->nb_inputs; i < image->nb_tensors; i++)
		memcpy(data[i], ref->dram + (uint32_t)addrs[image->tensors[i].symbol],
				image->tensors[i].size);
	free(ref->dram);
	free(ref);
	free(insns);
	free(addrs);
	return ok;
}

static const struct case_tensor *
by_name(const struct pack_case *c, const char *name)
{
	return &c->tensors[strtoul(name + 1, NULL, 10)];
}

bool
pack_run(struct pack_case *c, uint32_t order)
{
	const struct npu_image *image = c->program;
	int8_t *data[CASE_TENSORS];
	unsigned int i;
	bool ok;

	for (i = 0; i < image->nb_tensors; i++) {
		data[i] = calloc(1, image->tensors[i].size);
		if (i < image->nb_inputs)
			memcpy(data[i], by_name(c, image->tensors[i].label)->data,
					image->tensors[i].size);
	}
	ok = pack_run_image(image, data, order);
	for (i = 0; i < image->nb_tensors; i++) {
		const struct case_tensor *t = by_name(c, image->tensors[i].label);

		ok = ok && image->tensors[i].size == (uint64_t)t->rows * t->wide &&
				memcmp(data[i], t->data, image->tensors[i].size) == 0;
		free(data[i]);
	}
	return ok;
}
