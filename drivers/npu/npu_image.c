/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_image.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "npu_elf.h"
#include "vta_check.h"

#define NOTE_DESC 16 /* offset of what the note holds */
#define NONE      UINT32_MAX

/* An image while it is read. */
struct reader {
	struct npu_elf elf;
	struct npu_image *image;
	struct vta_insn *insns;
	struct npu_image_symbol *symbols;
	struct npu_image_tensor *tensors;
	struct npu_image_reloc *relocs;
	char *data[NPU_SECTIONS];  /* of constants */
	uint32_t *names;           /* of each symbol: its offset in .strtab */
	uint32_t *numbers;         /* in symbols, of each entry of .symtab; NONE: it is none */
	struct npu_image_config config;
};

#define reject(r, s, off, ...) npu_reject(&(r)->elf.why, npu_section_names[s], off, __VA_ARGS__)

/*
 * .note.npu.config
 */

#define CONFIG_IS(field, value)                                                                    \
	do {                                                                                       \
		if (c->field != (value))                                                           \
			return reject(r, NPU_S_NOTE,                                               \
					NOTE_DESC + offsetof(struct npu_image_config, field),      \
					"%s is 0x%" PRIx64 ", not 0x%" PRIx64, #field,             \
					(uint64_t)c->field, (uint64_t)(value));                    \
	} while (0)

static int
check_config(struct reader *r, const struct npu_image_config *c)
{
	CONFIG_IS(abi, NPU_IMAGE_ABI);
	CONFIG_IS(isa, VTA_HW_VERSION);
	CONFIG_IS(widths, VTA_LOG_INP_WIDTH | VTA_LOG_WGT_WIDTH << 4 | VTA_LOG_ACC_WIDTH << 8 |
			VTA_LOG_BATCH << 12 | VTA_LOG_BLOCK << 16);
	CONFIG_IS(buffers, VTA_LOG_UOP_BUF | VTA_LOG_INP_BUF << 8 | VTA_LOG_WGT_BUF << 16 |
			VTA_LOG_ACC_BUF << 24);
	CONFIG_IS(nb_insns, npu_elf_count(&r->elf, NPU_S_INSN));
	CONFIG_IS(reserved[0], 0);
	CONFIG_IS(reserved[1], 0);
	return 0;
}

static int
read_config(struct reader *r)
{
	size_t name, desc;
	GElf_Nhdr note;

	if (gelf_getnote(r->elf.data[NPU_S_NOTE], 0, &note, &name, &desc) == 0 ||
			note.n_namesz != sizeof(NPU_IMAGE_NOTE_NAME) ||
			note.n_descsz != sizeof(r->config) || note.n_type != NPU_IMAGE_NOTE_TYPE ||
			memcmp((char *)r->elf.data[NPU_S_NOTE]->d_buf + name, NPU_IMAGE_NOTE_NAME,
					sizeof(NPU_IMAGE_NOTE_NAME)) != 0)
		return reject(r, NPU_S_NOTE, 0, "is not one note %s of type %u and %zu bytes",
				NPU_IMAGE_NOTE_NAME, NPU_IMAGE_NOTE_TYPE, sizeof(r->config));
	memcpy(&r->config, (char *)r->elf.data[NPU_S_NOTE]->d_buf + desc, sizeof(r->config));
	return check_config(r, &r->config);
}

static int
check_crc(struct reader *r)
{
	static const enum npu_section order[] = { NPU_S_INSN, NPU_S_UOP, NPU_S_WGT, NPU_S_ACC,
		NPU_S_IO, NPU_S_RELA, NPU_S_SYMTAB, NPU_S_STRTAB };
	uint32_t crc = 0;
	unsigned int i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const Elf_Data *d = r->elf.data[order[i]];

		if (d != NULL)
			crc = npu_crc32(crc, d->d_buf, d->d_size);
	}
	if (!npu_crc32_same(crc, r->config.crc))
		return reject(r, NPU_S_NOTE, NOTE_DESC + offsetof(struct npu_image_config, crc),
				"CRC is 0x%08" PRIx32 ", but of the contents it is 0x%08" PRIx32,
				r->config.crc, crc);
	return 0;
}

/*
 * .symtab
 */

/* A name of .strtab, whose last byte is 0. */
static int
read_label(struct reader *r, uint32_t off, enum npu_section s, uint64_t at, char *label)
{
	const Elf_Data *d = r->elf.data[NPU_S_STRTAB];
	const char *text;
	size_t i, len;

	if (off >= d->d_size)
		return reject(r, s, at, "name at %" PRIu32 " of .strtab, which has %zu bytes", off,
				d->d_size);
	text = (const char *)d->d_buf + off;
	len = strlen(text);
	if (len == 0 || len >= NPU_IMAGE_LABEL_MAX)
		return reject(r, s, at, "name has %zu characters, not 1 to %d", len,
				NPU_IMAGE_LABEL_MAX - 1);
	for (i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return reject(r, s, at, "name has byte 0x%02x, which is not printable",
					(unsigned char)text[i]);
	}
	memcpy(label, text, len + 1);
	return 0;
}

/* Constants' sections have symbols of their own; the copies of what they hold are the image's. */
static int
read_constant(struct reader *r, const GElf_Sym *sym, uint64_t at, struct npu_image_symbol *out)
{
	static const uint64_t aligns[] = { 64, 256, 64 };
	int s;

	for (s = NPU_S_UOP; s <= NPU_S_ACC; s++) {
		if (r->elf.data[s] != NULL && r->elf.index[s] == sym->st_shndx)
			break;
	}
	if (s > NPU_S_ACC || sym->st_name != 0 || sym->st_value != 0 || sym->st_size != 0 ||
			GELF_ST_BIND(sym->st_info) != STB_LOCAL)
		return reject(r, NPU_S_SYMTAB, at,
				"is not a bare symbol of a section of constants");
	if (r->data[s] != NULL)
		return reject(r, NPU_S_SYMTAB, at, "%s has a symbol already", npu_section_names[s]);
	out->size = r->elf.data[s]->d_size;
	r->data[s] = malloc(out->size);
	if (r->data[s] == NULL)
		return -ENOMEM;
	memcpy(r->data[s], r->elf.data[s]->d_buf, out->size);
	strcpy(out->label, npu_section_names[s]);
	out->kind = (enum npu_image_kind)(NPU_IMAGE_KIND_UOP + s - NPU_S_UOP);
	out->align = aligns[s - NPU_S_UOP];
	out->data = r->data[s];
	return 0;
}

static int
read_common(struct reader *r, const GElf_Sym *sym, uint64_t at, struct npu_image_symbol *out)
{
	if (GELF_ST_BIND(sym->st_info) != STB_GLOBAL || GELF_ST_TYPE(sym->st_info) != STT_OBJECT)
		return reject(r, NPU_S_SYMTAB, at, "common symbol is not a global object");
	if (sym->st_value < VTA_BLOCK || sym->st_value > NPU_IMAGE_MAX_ALIGN ||
			(sym->st_value & (sym->st_value - 1)) != 0)
		return reject(r, NPU_S_SYMTAB, at,
				"alignment %" PRIu64 " is not a power of two from %u to %u",
				sym->st_value, VTA_BLOCK, NPU_IMAGE_MAX_ALIGN);
	if (sym->st_size == 0 || sym->st_size > NPU_IMAGE_MAX_BYTES)
		return reject(r, NPU_S_SYMTAB, at, "size %" PRIu64 " is not 1 to %" PRIu64,
				sym->st_size, (uint64_t)NPU_IMAGE_MAX_BYTES);
	out->kind = NPU_IMAGE_KIND_SCRATCH; /* until .npu.io says otherwise */
	out->size = sym->st_size;
	out->align = sym->st_value;
	return read_label(r, sym->st_name, NPU_S_SYMTAB, at, out->label);
}

static int
read_symbol(struct reader *r, size_t i, const GElf_Sym *sym)
{
	bool constant = GELF_ST_TYPE(sym->st_info) == STT_SECTION;
	uint64_t at = i * sizeof(Elf64_Sym);
	unsigned int n = r->image->nb_symbols++;

	r->numbers[i] = n;
	r->names[n] = constant ? NONE : sym->st_name;
	if (sym->st_other != STV_DEFAULT)
		return reject(r, NPU_S_SYMTAB, at, "visibility is not the default one");
	if (constant != (i < r->elf.shdr[NPU_S_SYMTAB].sh_info))
		return reject(r, NPU_S_SYMTAB, at,
				"local symbols are not just those before %" PRIu32,
				r->elf.shdr[NPU_S_SYMTAB].sh_info);
	if (constant)
		return read_constant(r, sym, at, &r->symbols[n]);
	if (sym->st_shndx != SHN_COMMON)
		return reject(r, NPU_S_SYMTAB, at,
				"symbol of section %u is neither a section's own nor common",
				sym->st_shndx);
	return read_common(r, sym, at, &r->symbols[n]);
}

static int
by_label(const void *a, const void *b)
{
	const struct npu_image_symbol *const *x = a, *const *y = b;

	return strcmp((*x)->label, (*y)->label);
}

static int
check_labels(struct reader *r)
{
	unsigned int i, n = r->image->nb_symbols;
	const struct npu_image_symbol **sorted = calloc(n + 1, sizeof(*sorted));
	int ret = 0;

	if (sorted == NULL)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		sorted[i] = &r->symbols[i];
	qsort(sorted, n, sizeof(*sorted), by_label);
	for (i = 1; i < n && ret == 0; i++) {
		if (strcmp(sorted[i - 1]->label, sorted[i]->label) == 0)
			ret = reject(r, NPU_S_SYMTAB, 0, "two symbols have the name %s",
					sorted[i]->label);
	}
	free(sorted);
	return ret;
}

/* All of a program lies in memory of less than 4 GiB, whatever its symbols' alignment. */
static int
check_total(struct reader *r)
{
	uint64_t total = 0;
	unsigned int i;
	int s;

	for (s = NPU_S_UOP; s <= NPU_S_ACC; s++) {
		if (r->elf.data[s] != NULL && r->data[s] == NULL)
			return reject(r, (enum npu_section)s, 0, "has no symbol");
	}
	for (i = 0; i < r->image->nb_symbols; i++) {
		total += r->symbols[i].size + r->symbols[i].align;
		if (total > NPU_IMAGE_MAX_BYTES)
			return reject(r, NPU_S_SYMTAB, 0,
					"symbols have more than %" PRIu64 " bytes",
					(uint64_t)NPU_IMAGE_MAX_BYTES);
	}
	return 0;
}

static int
read_symbols(struct reader *r)
{
	size_t i, n = npu_elf_count(&r->elf, NPU_S_SYMTAB);
	static const GElf_Sym zeros;
	GElf_Sym sym;
	int ret = 0;

	r->symbols = calloc(n, sizeof(*r->symbols));
	r->names = calloc(n, sizeof(*r->names));
	r->numbers = calloc(n, sizeof(*r->numbers));
	if (r->symbols == NULL || r->names == NULL || r->numbers == NULL)
		return -ENOMEM;
	r->numbers[0] = NONE;
	for (i = 0; i < n && ret == 0; i++) {
		(void)gelf_getsym(r->elf.data[NPU_S_SYMTAB], (int)i, &sym);
		if (i > 0)
			ret = read_symbol(r, i, &sym);
		else if (memcmp(&sym, &zeros, sizeof(sym)) != 0)
			ret = reject(r, NPU_S_SYMTAB, 0, "the first symbol is not zeros");
	}
	if (ret == 0)
		ret = check_labels(r);
	return ret == 0 ? check_total(r) : ret;
}

/*
 * .npu.io
 */

/* 0 when the shape is none, or too large. */
static uint64_t
bytes_of(const struct npu_image_io *io)
{
	uint64_t bytes = io->dtype == NPU_IMAGE_INT32 ? 4 : 1;
	unsigned int i;

	for (i = 0; i < NPU_IMAGE_DIMS; i++) {
		if ((io->shape[i] != 0) != (i < io->ndim))
			return 0;
		if (i < io->ndim && io->shape[i] > NPU_IMAGE_MAX_BYTES / bytes)
			return 0;
		bytes *= i < io->ndim ? io->shape[i] : 1;
	}
	return bytes;
}

static int
check_io(struct reader *r, const struct npu_image_io *io, uint64_t at)
{
	if (io->dir > NPU_IMAGE_OUT)
		return reject(r, NPU_S_IO, at, "direction %u is neither in nor out", io->dir);
	if (io->dir == NPU_IMAGE_IN && r->image->nb_inputs < r->image->nb_tensors)
		return reject(r, NPU_S_IO, at, "input behind an output");
	if (io->dtype != NPU_IMAGE_INT8 && io->dtype != NPU_IMAGE_UINT8 &&
			io->dtype != NPU_IMAGE_INT32)
		return reject(r, NPU_S_IO, at, "type of elements %u is unknown", io->dtype);
	if (io->layout != NPU_IMAGE_ROW_MAJOR)
		return reject(r, NPU_S_IO, at, "layout %u is unknown", io->layout);
	if (io->ndim == 0 || io->ndim > NPU_IMAGE_DIMS)
		return reject(r, NPU_S_IO, at, "%u dimensions, not 1 to %d", io->ndim,
				NPU_IMAGE_DIMS);
	if ((io->reserved[0] | io->reserved[1] | io->reserved[2]) != 0)
		return reject(r, NPU_S_IO, at, "reserved fields are not 0");
	if (bytes_of(io) == 0 || bytes_of(io) != io->size)
		return reject(r, NPU_S_IO, at,
				"size is %" PRIu64 ", but of the shape it is %" PRIu64, io->size,
				bytes_of(io));
	return 0;
}

static int
join_symbol(struct reader *r, const struct npu_image_io *io, uint64_t at)
{
	size_t nb = npu_elf_count(&r->elf, NPU_S_SYMTAB);
	uint32_t n = io->symbol < nb ? r->numbers[io->symbol] : NONE;
	struct npu_image_symbol *sym = &r->symbols[n == NONE ? 0 : n];

	if (n == NONE || r->names[n] == NONE)
		return reject(r, NPU_S_IO, at, "symbol %" PRIu32 " is not a common one",
				io->symbol);
	if (sym->kind != NPU_IMAGE_KIND_SCRATCH)
		return reject(r, NPU_S_IO, at, "symbol %s has a tensor already", sym->label);
	if (r->names[n] != io->label)
		return reject(r, NPU_S_IO, at, "label is not the name of symbol %s", sym->label);
	if (sym->size != io->size)
		return reject(r, NPU_S_IO, at,
				"size is %" PRIu64 ", but of symbol %s it is %" PRIu64, io->size,
				sym->label, sym->size);
	sym->kind = io->dir == NPU_IMAGE_IN ? NPU_IMAGE_KIND_IN : NPU_IMAGE_KIND_OUT;
	return 0;
}

static int
read_tensor(struct reader *r, const struct npu_image_io *io, uint64_t at)
{
	struct npu_image_tensor *t = &r->tensors[r->image->nb_tensors];
	int ret = check_io(r, io, at);

	if (ret == 0)
		ret = join_symbol(r, io, at);
	if (ret != 0)
		return ret;
	t->symbol = r->numbers[io->symbol];
	t->label = r->symbols[t->symbol].label;
	t->dir = (enum npu_image_dir)io->dir;
	t->dtype = (enum npu_image_dtype)io->dtype;
	t->layout = (enum npu_image_layout)io->layout;
	t->ndim = io->ndim;
	memcpy(t->shape, io->shape, sizeof(t->shape));
	t->size = io->size;
	r->image->nb_tensors++;
	if (t->dir == NPU_IMAGE_IN)
		r->image->nb_inputs++;
	return 0;
}

static int
read_tensors(struct reader *r)
{
	size_t i, n = npu_elf_count(&r->elf, NPU_S_IO);
	struct npu_image_io io;
	uint64_t scratch = 0;
	int ret = 0;

	r->tensors = calloc(n, sizeof(*r->tensors));
	if (r->tensors == NULL)
		return -ENOMEM;
	for (i = 0; i < n && ret == 0; i++) {
		memcpy(&io, (char *)r->elf.data[NPU_S_IO]->d_buf + i * sizeof(io), sizeof(io));
		ret = read_tensor(r, &io, i * sizeof(io));
	}
	for (i = 0; i < r->image->nb_symbols; i++) {
		if (r->symbols[i].kind == NPU_IMAGE_KIND_SCRATCH)
			scratch += r->symbols[i].size;
	}
	r->image->scratch = scratch;
	if (ret == 0 && scratch != r->config.scratch)
		return reject(r, NPU_S_NOTE, NOTE_DESC + offsetof(struct npu_image_config, scratch),
				"scratch is %" PRIu64 ", but of the symbols it is %" PRIu64,
				r->config.scratch, scratch);
	return ret;
}

/*
 * .rela.vta.insn
 */

static bool
wants_address(const struct vta_insn *i)
{
	return (VTA_OPCODE(i) == VTA_LOAD || VTA_OPCODE(i) == VTA_STORE) && VTA_X_SIZE(i) != 0;
}

/* That a relocation is right for its instruction. */
static int
check_reloc(struct reader *r, const GElf_Rela *rela, uint64_t at)
{
	const struct vta_insn *i = &r->insns[rela->r_offset / sizeof(*i)];

	if (!wants_address(i))
		return reject(r, NPU_S_RELA, at, "is not of a LOAD or STORE that moves something");
	if (VTA_MEM_TYPE(i) >= VTA_MEMS ||
			vta_log_bytes((enum vta_mem)VTA_MEM_TYPE(i)) != GELF_R_TYPE(rela->r_info))
		return reject(r, NPU_S_RELA, at, "type %" PRIu64 " is not that of memory %u",
				GELF_R_TYPE(rela->r_info), VTA_MEM_TYPE(i));
	return 0;
}

static int
read_reloc(struct reader *r, const GElf_Rela *rela, uint64_t at, struct npu_image_reloc *out)
{
	uint64_t unit, sym = GELF_R_SYM(rela->r_info);
	const struct npu_image_symbol *s;
	int ret;

	if (rela->r_offset % sizeof(*r->insns) != 0 ||
			rela->r_offset / sizeof(*r->insns) >= r->image->nb_insns)
		return reject(r, NPU_S_RELA, at,
				"offset 0x%" PRIx64 " is not that of an instruction",
				rela->r_offset);
	ret = check_reloc(r, rela, at);
	if (ret != 0)
		return ret;
	if (sym >= npu_elf_count(&r->elf, NPU_S_SYMTAB) || r->numbers[sym] == NONE)
		return reject(r, NPU_S_RELA, at, "there is no symbol %" PRIu64, sym);
	s = &r->symbols[r->numbers[sym]];
	unit = UINT64_C(1) << GELF_R_TYPE(rela->r_info);
	if (rela->r_addend < 0 || (uint64_t)rela->r_addend % unit != 0 || s->align % unit != 0)
		return reject(r, NPU_S_RELA, at, "%s + %" PRId64 " is not aligned to %" PRIu64
				" bytes", s->label, (int64_t)rela->r_addend, unit);
	*out = (struct npu_image_reloc){ (uint32_t)(rela->r_offset / sizeof(*r->insns)),
		r->numbers[sym], (uint64_t)rela->r_addend };
	return 0;
}

/* Each instruction that wants an address has one relocation, and they come in the same order. */
static int
read_relocs(struct reader *r)
{
	size_t i, n = npu_elf_count(&r->elf, NPU_S_RELA);
	uint32_t next = 0;
	GElf_Rela rela;
	int ret = 0;

	r->relocs = calloc(n, sizeof(*r->relocs));
	if (r->relocs == NULL)
		return -ENOMEM;
	r->image->nb_relocs = (unsigned int)n;
	for (i = 0; i < n && ret == 0; i++) {
		(void)gelf_getrela(r->elf.data[NPU_S_RELA], (int)i, &rela);
		ret = read_reloc(r, &rela, i * sizeof(Elf64_Rela), &r->relocs[i]);
		if (ret == 0 && r->relocs[i].insn < next)
			return reject(r, NPU_S_RELA, i * sizeof(Elf64_Rela),
					"is behind one of the same or a later instruction");
		while (ret == 0 && next < r->relocs[i].insn && !wants_address(&r->insns[next]))
			next++;
		if (ret == 0 && next++ != r->relocs[i].insn)
			return reject(r, NPU_S_INSN, 16 * (next - 1), "has no relocation");
	}
	for (; ret == 0 && next < r->image->nb_insns; next++) {
		if (wants_address(&r->insns[next]))
			return reject(r, NPU_S_INSN, 16 * next, "has no relocation");
	}
	return ret;
}

static bool
is_io(const struct npu_image *image, const struct npu_image_reloc *reloc)
{
	enum npu_image_kind kind = image->symbols[reloc->symbol].kind;

	return kind == NPU_IMAGE_KIND_IN || kind == NPU_IMAGE_KIND_OUT;
}

/* What changes from run to run comes first. */
static int
order_relocs(struct reader *r)
{
	struct npu_image_reloc *ordered = calloc(r->image->nb_relocs, sizeof(*ordered));
	unsigned int i, n = 0;

	if (ordered == NULL)
		return -ENOMEM;
	for (i = 0; i < r->image->nb_relocs; i++) {
		if (is_io(r->image, &r->relocs[i]))
			ordered[n++] = r->relocs[i];
	}
	r->image->nb_io_relocs = n;
	for (i = 0; i < r->image->nb_relocs; i++) {
		if (!is_io(r->image, &r->relocs[i]))
			ordered[n++] = r->relocs[i];
	}
	free(r->relocs);
	r->relocs = ordered;
	r->image->relocs = ordered;
	return 0;
}

/*
 * All of it
 */

static int
read_insns(struct reader *r)
{
	const Elf_Data *d = r->elf.data[NPU_S_INSN];

	r->insns = malloc(d->d_size);
	if (r->insns == NULL)
		return -ENOMEM;
	memcpy(r->insns, d->d_buf, d->d_size);
	r->image->insns = r->insns;
	r->image->nb_insns = (unsigned int)npu_elf_count(&r->elf, NPU_S_INSN);
	return 0;
}

static int
read_image(struct reader *r)
{
	int ret = read_config(r);

	if (ret == 0)
		ret = check_crc(r);
	if (ret == 0)
		ret = read_insns(r);
	if (ret == 0)
		ret = read_symbols(r);
	r->image->symbols = r->symbols;
	if (ret == 0)
		ret = read_tensors(r);
	r->image->tensors = r->tensors;
	if (ret == 0)
		ret = read_relocs(r);
	r->image->relocs = r->relocs;
	if (ret == 0)
		ret = npu_check(r->image, &r->elf.why);
	return ret == 0 ? order_relocs(r) : ret;
}

static void
free_contents(struct reader *r)
{
	int s;

	for (s = 0; s < NPU_SECTIONS; s++)
		free(r->data[s]);
	free(r->insns);
	free(r->symbols);
	free(r->tensors);
	free(r->relocs);
	free(r->image);
}

int
npu_image_open(const void *bytes, size_t len, struct npu_image **image, char *why, size_t why_len)
{
	struct reader r = { .elf.why = { why, why_len } };
	int ret;

	ret = npu_elf_open(&r.elf, bytes, len);
	if (ret != 0)
		return ret;
	r.image = calloc(1, sizeof(*r.image));
	ret = r.image != NULL ? read_image(&r) : -ENOMEM;
	if (ret == -ENOMEM)
		(void)npu_reject(&r.elf.why, "file", 0, "no memory to read it");
	npu_elf_close(&r.elf);
	free(r.names);
	free(r.numbers);
	if (ret == 0)
		*image = r.image;
	else
		free_contents(&r);
	return ret;
}

/* Casts away the const that keeps others from changing what the image has. */
static void
drop(const void *memory)
{
	free((void *)(uintptr_t)memory);
}

void
npu_image_close(struct npu_image *image)
{
	unsigned int i;

	if (image == NULL)
		return;
	for (i = 0; i < image->nb_symbols; i++)
		drop(image->symbols[i].data);
	drop(image->insns);
	drop(image->symbols);
	drop(image->tensors);
	drop(image->relocs);
	free(image);
}
