/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_elf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npu_regs.h"

/*
 * libelf finds the sections and turns their entries into structures. It is given only what was
 * looked at here before: the header, and that each section lies in the file.
 */

/* Headers in the table of sections: one of each, and the first, which is none. */
#define MAX_HEADERS (NPU_SECTIONS + 1)

const char *const npu_section_names[NPU_SECTIONS] = {
	".note.npu.config", ".vta.insn", ".vta.uop", ".vta.wgt", ".vta.acc", ".npu.io",
	".rela.vta.insn", ".symtab", ".strtab", ".shstrtab",
};

/* What a section must be. */
static const struct rule {
	bool optional;
	uint32_t type;
	uint64_t flags;
	uint64_t align;
	uint64_t entsize; /* as it stands in the header */
	uint64_t unit;    /* its size is a multiple of this */
	uint64_t max;     /* of its size */
} rules[NPU_SECTIONS] = {
	{ false, SHT_NOTE, 0, 4, 0, 64, 64 },
	{ false, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, 16, 16,
			UINT64_C(16) * NPU_MAX_INSNS },
	{ true, SHT_PROGBITS, SHF_ALLOC, 64, 4, 4, NPU_IMAGE_MAX_BYTES },
	{ true, SHT_PROGBITS, SHF_ALLOC, 256, 256, 256, NPU_IMAGE_MAX_BYTES },
	{ true, SHT_PROGBITS, SHF_ALLOC, 64, 64, 64, NPU_IMAGE_MAX_BYTES },
	{ false, NPU_IMAGE_IO_SHTYPE, 0, 8, 48, 48, 48 * NPU_IMAGE_MAX_IO },
	{ false, SHT_RELA, SHF_INFO_LINK, 8, 24, 24, UINT64_C(24) * NPU_MAX_INSNS },
	{ false, SHT_SYMTAB, 0, 8, 24, 24, 24 * NPU_IMAGE_MAX_SYMS },
	{ false, SHT_STRTAB, 0, 1, 0, 1, NPU_IMAGE_LABEL_MAX * NPU_IMAGE_MAX_SYMS },
	{ false, SHT_STRTAB, 0, 1, 0, 1, 1024 },
};

int
npu_reject(const struct npu_why *why, const char *where, uint64_t off, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(why->text, why->len, "%s+0x%" PRIx64 ": ", where, off);
	if (n >= 0 && (size_t)n < why->len) {
		va_start(ap, fmt);
		(void)vsnprintf(why->text + n, why->len - (size_t)n, fmt, ap);
		va_end(ap);
	}
	return -EINVAL;
}

size_t
npu_elf_count(const struct npu_elf *e, enum npu_section s)
{
	return e->data[s] == NULL ? 0 : e->data[s]->d_size / rules[s].unit;
}

/*
 * The file
 */

static int
check_ident(const struct npu_elf *e, const Elf64_Ehdr *h)
{
	static const unsigned char wanted[EI_NIDENT] = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
		ELFCLASS64, ELFDATA2LSB, EV_CURRENT };
	unsigned int i;

	for (i = 0; i < EI_NIDENT; i++) {
		if (h->e_ident[i] != wanted[i])
			return npu_reject(&e->why, "file", i, i < SELFMAG ? "this is no ELF file" :
					"ELF identification has byte 0x%02x where 0x%02x should be",
					h->e_ident[i], wanted[i]);
	}
	return 0;
}

#define HEADER_IS(field, value)                                                                    \
	do {                                                                                       \
		if (h->field != (value))                                                           \
			return npu_reject(&e->why, "file", offsetof(Elf64_Ehdr, field),            \
					"%s is %" PRIu64 ", not %" PRIu64, #field,                 \
					(uint64_t)h->field, (uint64_t)(value));                    \
	} while (0)

static int
check_header(const struct npu_elf *e, const Elf64_Ehdr *h)
{
	HEADER_IS(e_type, ET_REL);
	HEADER_IS(e_machine, EM_NONE);
	HEADER_IS(e_version, EV_CURRENT);
	HEADER_IS(e_entry, 0);
	HEADER_IS(e_phoff, 0);
	HEADER_IS(e_flags, 0);
	HEADER_IS(e_ehsize, sizeof(*h));
	if (h->e_phentsize != sizeof(Elf64_Phdr)) /* linkers write either */
		HEADER_IS(e_phentsize, 0);
	HEADER_IS(e_phnum, 0);
	HEADER_IS(e_shentsize, sizeof(Elf64_Shdr));
	if (h->e_shnum < 2 || h->e_shnum > MAX_HEADERS)
		return npu_reject(&e->why, "file", offsetof(Elf64_Ehdr, e_shnum),
				"%u section headers, not 2 to %u", h->e_shnum, MAX_HEADERS);
	if (h->e_shoff % 8 != 0 || h->e_shoff < sizeof(*h) || h->e_shoff > e->len ||
			h->e_shnum * sizeof(Elf64_Shdr) > e->len - h->e_shoff)
		return npu_reject(&e->why, "file", offsetof(Elf64_Ehdr, e_shoff),
				"the section headers do not lie in the file, at a multiple of 8");
	if (h->e_shstrndx == 0 || h->e_shstrndx >= h->e_shnum)
		return npu_reject(&e->why, "file", offsetof(Elf64_Ehdr, e_shstrndx),
				"there is no section %u with the names", h->e_shstrndx);
	return 0;
}

struct extent {
	uint64_t first, end; /* of the file */
	uint64_t header;     /* where that is told */
};

/* What is in the file: header, table of sections, sections; in their order once checked. */
struct layout {
	struct extent all[MAX_HEADERS + 1];
	unsigned int n;
};

static int
by_first(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->first != y->first ? (x->first < y->first ? -1 : 1) :
			x->end < y->end ? -1 : x->end > y->end;
}

static int
check_overlap(const struct npu_elf *e, struct layout *file)
{
	unsigned int i;

	qsort(file->all, file->n, sizeof(file->all[0]), by_first);
	for (i = 1; i < file->n; i++) {
		if (file->all[i].first < file->all[i - 1].end)
			return npu_reject(&e->why, "file", file->all[i].header,
					"section lies over another part of the file");
	}
	return 0;
}

/* Behind the last part there may be anything: an image may lie in a larger buffer. */
static int
check_gaps(const struct npu_elf *e, const struct layout *file)
{
	unsigned int i;
	uint64_t at;

	for (i = 1; i < file->n; i++) {
		for (at = file->all[i - 1].end; at < file->all[i].first; at++) {
			if (e->bytes[at] != 0)
				return npu_reject(&e->why, "file", at,
						"there is something between two parts of the file");
		}
	}
	return 0;
}

/* That sections lie in the file, and beside each other and the headers. */
static int
check_extents(const struct npu_elf *e, const Elf64_Ehdr *h, struct layout *file)
{
	static const Elf64_Shdr zeros;
	unsigned int i;

	file->all[0] = (struct extent){ 0, sizeof(*h), 0 };
	file->all[1] = (struct extent){ h->e_shoff, h->e_shoff + h->e_shnum * sizeof(Elf64_Shdr),
		offsetof(Elf64_Ehdr, e_shoff) };
	file->n = h->e_shnum + 1u;
	for (i = 0; i < h->e_shnum; i++) {
		uint64_t at = h->e_shoff + i * sizeof(Elf64_Shdr);
		Elf64_Shdr s;

		memcpy(&s, e->bytes + at, sizeof(s));
		if (i == 0 && memcmp(&s, &zeros, sizeof(s)) != 0)
			return npu_reject(&e->why, "file", at,
					"the first section header is not zeros");
		if (i == 0)
			continue;
		if (s.sh_type == SHT_NOBITS || s.sh_type == SHT_NULL)
			return npu_reject(&e->why, "file", at, "section without contents");
		if (s.sh_size == 0 || s.sh_offset > e->len || s.sh_size > e->len - s.sh_offset)
			return npu_reject(&e->why, "file", at,
					"section is empty, or does not lie in the file");
		file->all[i + 1] = (struct extent){ s.sh_offset, s.sh_offset + s.sh_size, at };
	}
	return check_overlap(e, file);
}

static int
check_file(const struct npu_elf *e, struct layout *file)
{
	Elf64_Ehdr h;
	int ret;

	memcpy(&h, e->bytes, sizeof(h));
	ret = check_ident(e, &h);
	if (ret == 0)
		ret = check_header(e, &h);
	return ret == 0 ? check_extents(e, &h, file) : ret;
}

/* Where the last part ends of those that lie in the file; check_extents() refuses the others. */
static size_t
find_end(const Elf64_Ehdr *h, const char *bytes, size_t len)
{
	size_t end = h->e_shoff + h->e_shnum * sizeof(Elf64_Shdr);
	unsigned int i;
	Elf64_Shdr s;

	for (i = 0; i < h->e_shnum; i++) {
		memcpy(&s, bytes + h->e_shoff + i * sizeof(s), sizeof(s));
		if (s.sh_offset <= len && s.sh_size <= len - s.sh_offset &&
				s.sh_offset + s.sh_size > end)
			end = s.sh_offset + s.sh_size;
	}
	return end;
}

/* Copy the image alone, not what lies behind it. */
static int
copy_image(struct npu_elf *e, const char *bytes, size_t len)
{
	Elf64_Ehdr h;
	int ret;

	memcpy(&h, bytes, sizeof(h));
	e->len = len;
	ret = check_ident(e, &h);
	if (ret == 0)
		ret = check_header(e, &h);
	if (ret != 0)
		return ret;
	e->len = find_end(&h, bytes, len);
	if (e->len > NPU_IMAGE_MAX_BYTES)
		return npu_reject(&e->why, "file", NPU_IMAGE_MAX_BYTES,
				"the image goes on here: it has %zu bytes, 1 GiB is the most",
				e->len);
	e->bytes = malloc(e->len);
	if (e->bytes == NULL) {
		(void)npu_reject(&e->why, "file", 0, "no memory for a copy of %zu bytes", e->len);
		return -ENOMEM;
	}
	memcpy(e->bytes, bytes, e->len);
	return 0;
}

/*
 * Sections
 */

static int
elf_trouble(const struct npu_elf *e)
{
	return npu_reject(&e->why, "file", 0, "%s", elf_errmsg(-1));
}

/* -1 when it is not one of ours. */
static int
section_by_name(const struct npu_elf *e, size_t names, size_t name)
{
	const char *text = elf_strptr(e->elf, names, name);
	int s;

	for (s = 0; s < NPU_SECTIONS && text != NULL; s++) {
		if (strcmp(text, npu_section_names[s]) == 0)
			return s;
	}
	return -1;
}

static int
check_section(const struct npu_elf *e, enum npu_section s)
{
	const GElf_Shdr *h = &e->shdr[s];
	const struct rule *r = &rules[s];
	const char *name = npu_section_names[s];

	if (h->sh_type != r->type || h->sh_flags != r->flags || h->sh_addr != 0)
		return npu_reject(&e->why, name, 0,
				"type, flags or address are not what they should be");
	if (h->sh_addralign != r->align || h->sh_offset % r->align != 0)
		return npu_reject(&e->why, name, 0, "is not aligned to %" PRIu64 " bytes",
				r->align);
	if (h->sh_entsize != r->entsize)
		return npu_reject(&e->why, name, 0, "entries have %" PRIu64 " bytes, not %" PRIu64,
				h->sh_entsize, r->entsize);
	if (h->sh_size % r->unit != 0 || h->sh_size > r->max)
		return npu_reject(&e->why, name, 0, "%" PRIu64 " bytes are not whole entries, "
				"or more than %" PRIu64 " bytes", h->sh_size, r->max);
	return 0;
}

static int
note_section(struct npu_elf *e, Elf_Scn *scn, size_t names)
{
	size_t index = elf_ndxscn(scn);
	GElf_Shdr h;
	int s;

	if (gelf_getshdr(scn, &h) == NULL)
		return elf_trouble(e);
	s = section_by_name(e, names, h.sh_name);
	if (s < 0)
		return npu_reject(&e->why, "file", 0, "section %zu has a name that is unknown",
				index);
	if (e->data[s] != NULL)
		return npu_reject(&e->why, npu_section_names[s], 0, "is there twice");
	e->shdr[s] = h;
	e->index[s] = index;
	e->data[s] = elf_getdata(scn, NULL);
	if (e->data[s] == NULL || e->data[s]->d_size != h.sh_size)
		return elf_trouble(e);
	return check_section(e, (enum npu_section)s);
}

/* Whether a header's links are these; there are none of most. */
static bool
links(const struct npu_elf *e, enum npu_section s)
{
	const GElf_Shdr *h = &e->shdr[s];

	switch (s) {
	case NPU_S_RELA:
		return h->sh_link == e->index[NPU_S_SYMTAB] && h->sh_info == e->index[NPU_S_INSN];
	case NPU_S_SYMTAB: /* sh_info is looked at with the symbols */
		return h->sh_link == e->index[NPU_S_STRTAB];
	default:
		return h->sh_link == 0 && h->sh_info == 0;
	}
}

static int
check_first_name(const struct npu_elf *e, enum npu_section s)
{
	if (*(const char *)e->data[s]->d_buf == '\0')
		return 0;
	return npu_reject(&e->why, npu_section_names[s], 0, "the first name is not empty");
}

/* libelf looks at the ends of the names that it gives. */
static int
check_strings(const struct npu_elf *e)
{
	const Elf_Data *d = e->data[NPU_S_STRTAB];
	int ret = check_first_name(e, NPU_S_STRTAB);

	if (ret == 0)
		ret = check_first_name(e, NPU_S_SHSTRTAB);
	if (ret == 0 && ((const char *)d->d_buf)[d->d_size - 1] != '\0')
		return npu_reject(&e->why, ".strtab", d->d_size - 1, "the last name has no end");
	return ret;
}

static int
check_sections(const struct npu_elf *e, size_t names)
{
	int s;

	for (s = 0; s < NPU_SECTIONS; s++) {
		if (e->data[s] == NULL && !rules[s].optional)
			return npu_reject(&e->why, npu_section_names[s], 0, "is missing");
		if (e->data[s] != NULL && !links(e, (enum npu_section)s))
			return npu_reject(&e->why, npu_section_names[s], 0,
					"is linked to wrong sections");
	}
	if (e->index[NPU_S_SHSTRTAB] != names)
		return npu_reject(&e->why, ".shstrtab", 0, "does not have the sections' names");
	return check_strings(e);
}

static int
read_sections(struct npu_elf *e)
{
	Elf_Scn *scn = NULL;
	size_t names;
	int ret;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return elf_trouble(e);
	e->elf = elf_memory(e->bytes, e->len);
	if (e->elf == NULL || elf_getshdrstrndx(e->elf, &names) != 0)
		return elf_trouble(e);
	while ((scn = elf_nextscn(e->elf, scn)) != NULL) {
		ret = note_section(e, scn, names);
		if (ret != 0)
			return ret;
	}
	return check_sections(e, names);
}

int
npu_elf_open(struct npu_elf *e, const void *bytes, size_t len)
{
	struct layout file;
	int ret;

	if (len < sizeof(Elf64_Ehdr))
		return npu_reject(&e->why, "file", len, "ends before its header does");
	ret = copy_image(e, bytes, len);
	if (ret != 0)
		return ret;
	/* Of the copy, which nobody changes meanwhile. */
	ret = check_file(e, &file);
	if (ret == 0)
		ret = read_sections(e);
	if (ret == 0)
		ret = check_gaps(e, &file);
	if (ret != 0)
		npu_elf_close(e);
	return ret;
}

void
npu_elf_close(struct npu_elf *e)
{
	if (e->elf != NULL)
		(void)elf_end(e->elf);
	free(e->bytes);
	e->elf = NULL;
	e->bytes = NULL;
}
