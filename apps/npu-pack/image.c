/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

/* The image of a program, as npu_image.h has it, with libelf, which wants a file: one in memory. */

#define IO_ALIGN      16 /* of inputs and outputs: what an element needs */
#define SCRATCH_ALIGN 64
#define NOTE_BYTES    (16 + sizeof(struct npu_image_config))

struct writer {
	const char *path;
	const struct model *m;
	const struct program *p;
	Elf *elf;
	struct program names, tables; /* only for memory that grows */
	struct program_bytes strtab, shstrtab, symtab, rela, io, note;
	size_t sections[PROGRAM_TENSORS]; /* of constants */
	uint32_t symbols[PROGRAM_TENSORS + MODEL_MAX_TENSORS]; /* in .symtab */
	size_t insn, names_section;
	uint32_t nb_local;
	uint32_t crc;
	bool failed;
};

/* Add to memory that grows. */
static size_t
put(struct writer *w, struct program_bytes *to, const void *data, size_t len)
{
	size_t at = to->len;
	void *room = program_grow(&w->tables, to, len);

	if (room == NULL)
		w->failed = true;
	else if (len > 0)
		memcpy(room, data, len);
	return at;
}

static uint32_t
put_name(struct writer *w, struct program_bytes *to, const char *name)
{
	return (uint32_t)put(w, to, name, strlen(name) + 1);
}

/*
 * Contents
 */

static uint64_t
bytes_of(const struct model_tensor *t)
{
	return (uint64_t)t->rows * t->blocks * VTA_BLOCK;
}

static void
put_symbols(struct writer *w)
{
	Elf64_Sym sym = { 0 };
	uint32_t i;

	(void)put(w, &w->symtab, &sym, sizeof(sym));
	for (i = 0; i < PROGRAM_TENSORS; i++) {
		if (w->p->consts[i].len == 0)
			continue;
		sym = (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION),
			.st_shndx = (Elf64_Half)w->sections[i] };
		w->symbols[i] = (uint32_t)(put(w, &w->symtab, &sym, sizeof(sym)) / sizeof(sym));
	}
	w->nb_local = (uint32_t)(w->symtab.len / sizeof(sym));
	for (i = 0; i < w->m->nb_tensors; i++) {
		const struct model_tensor *t = &w->m->tensors[i];

		sym = (Elf64_Sym){ .st_name = put_name(w, &w->strtab, t->name),
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), .st_shndx = SHN_COMMON,
			.st_value = t->use == MODEL_USE_SCRATCH ? SCRATCH_ALIGN : IO_ALIGN,
			.st_size = bytes_of(t) };
		w->symbols[PROGRAM_TENSORS + i] =
				(uint32_t)(put(w, &w->symtab, &sym, sizeof(sym)) / sizeof(sym));
	}
}

static void
put_io(struct writer *w, unsigned int i)
{
	const struct model_tensor *t = &w->m->tensors[i];
	uint32_t symbol = w->symbols[PROGRAM_TENSORS + i];
	struct npu_image_io io = {
		.dir = t->use == MODEL_USE_IN ? NPU_IMAGE_IN : NPU_IMAGE_OUT,
		.dtype = NPU_IMAGE_INT8,
		.ndim = 2,
		.layout = NPU_IMAGE_ROW_MAJOR,
		.shape = { t->rows, t->blocks * VTA_BLOCK },
		.size = bytes_of(t),
		.symbol = symbol,
	};

	if (!w->failed)
		io.label = ((const Elf64_Sym *)(const void *)w->symtab.data)[symbol].st_name;
	(void)put(w, &w->io, &io, sizeof(io));
}

static void
put_ios(struct writer *w)
{
	unsigned int i;

	for (i = 0; i < w->m->nb_tensors; i++) {
		if (w->m->tensors[i].use == MODEL_USE_IN)
			put_io(w, i);
	}
	for (i = 0; i < w->m->nb_outputs; i++)
		put_io(w, w->m->outputs[i]);
}

/* log2 of the bytes of an element that an instruction moves. */
static unsigned int
log_of(const struct vta_insn *insn)
{
	static const unsigned int logs[VTA_MEMS] = { VTA_LOG_UOP_BYTES, VTA_LOG_WGT_BYTES,
		VTA_LOG_INP_BYTES, VTA_LOG_ACC_BYTES, VTA_LOG_OUT_BYTES };

	return logs[VTA_MEM_TYPE(insn)];
}

static void
put_relocs(struct writer *w)
{
	const struct program_reloc *relocs = (const void *)w->p->relocs.data;
	const struct vta_insn *insns = (const void *)w->p->insns.data;
	uint32_t i;

	for (i = 0; i < program_nb_relocs(w->p); i++) {
		unsigned int log = log_of(&insns[relocs[i].insn]);
		Elf64_Rela rela = { .r_offset = relocs[i].insn * sizeof(*insns),
			.r_info = ELF64_R_INFO(w->symbols[relocs[i].symbol], log),
			.r_addend = (Elf64_Sxword)(relocs[i].element << log) };

		(void)put(w, &w->rela, &rela, sizeof(rela));
	}
}

static uint64_t
scratch_of(const struct model *m)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < m->nb_tensors; i++) {
		if (m->tensors[i].use == MODEL_USE_SCRATCH)
			bytes += bytes_of(&m->tensors[i]);
	}
	return bytes;
}

static void
add_crc(struct writer *w, const struct program_bytes *bytes)
{
	w->crc = npu_crc32(w->crc, bytes->data, bytes->len);
}

static void
put_note(struct writer *w)
{
	Elf64_Nhdr note = { sizeof(NPU_IMAGE_NOTE_NAME), sizeof(struct npu_image_config),
		NPU_IMAGE_NOTE_TYPE };
	struct npu_image_config config = {
		.abi = NPU_IMAGE_ABI,
		.isa = VTA_HW_VERSION,
		.widths = VTA_LOG_INP_WIDTH | VTA_LOG_WGT_WIDTH << 4 | VTA_LOG_ACC_WIDTH << 8 |
				VTA_LOG_BATCH << 12 | VTA_LOG_BLOCK << 16,
		.buffers = VTA_LOG_UOP_BUF | VTA_LOG_INP_BUF << 8 | VTA_LOG_WGT_BUF << 16 |
				VTA_LOG_ACC_BUF << 24,
		.nb_insns = program_nb_insns(w->p),
		.scratch = scratch_of(w->m),
	};
	unsigned int i;

	add_crc(w, &w->p->insns);
	for (i = 0; i < PROGRAM_TENSORS; i++)
		add_crc(w, &w->p->consts[i]);
	add_crc(w, &w->io);
	add_crc(w, &w->rela);
	add_crc(w, &w->symtab);
	add_crc(w, &w->strtab);
	config.crc = w->crc;
	(void)put(w, &w->note, &note, sizeof(note));
	(void)put(w, &w->note, NPU_IMAGE_NOTE_NAME, sizeof(NPU_IMAGE_NOTE_NAME));
	(void)put(w, &w->note, &config, sizeof(config));
}

/*
 * Sections
 */

struct section {
	const char *name;
	uint32_t type;
	uint64_t flags, align, entsize;
	Elf_Type elf_type;
};

/* Returns the section's number. It gets its contents, and links, later. */
static size_t
add_section(struct writer *w, const struct section *s)
{
	Elf_Scn *scn = elf_newscn(w->elf);
	Elf64_Shdr *h = scn != NULL ? elf64_getshdr(scn) : NULL;
	Elf_Data *d = h != NULL ? elf_newdata(scn) : NULL;

	if (d == NULL) {
		w->failed = true;
		return 0;
	}
	h->sh_name = put_name(w, &w->shstrtab, s->name);
	h->sh_type = s->type;
	h->sh_flags = s->flags;
	h->sh_entsize = s->entsize;
	d->d_align = s->align;
	d->d_type = s->elf_type;
	return elf_ndxscn(scn);
}

static void
fill_section(struct writer *w, size_t index, const struct program_bytes *bytes, size_t link,
		size_t info)
{
	Elf_Scn *scn = elf_getscn(w->elf, index);
	Elf64_Shdr *h = elf64_getshdr(scn);
	Elf_Data *d = elf_getdata(scn, NULL);

	if (h == NULL || d == NULL) {
		w->failed = true;
		return;
	}
	d->d_buf = bytes->data;
	d->d_size = bytes->len;
	h->sh_link = (Elf64_Word)link;
	h->sh_info = (Elf64_Word)info;
}

static const struct section
	note_section = { ".note.npu.config", SHT_NOTE, 0, 4, 0, ELF_T_BYTE },
	insn_section = { ".vta.insn", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, 16, ELF_T_BYTE },
	io_section = { ".npu.io", NPU_IMAGE_IO_SHTYPE, 0, 8, 48, ELF_T_BYTE },
	rela_section = { ".rela.vta.insn", SHT_RELA, SHF_INFO_LINK, 8, 24, ELF_T_RELA },
	symtab_section = { ".symtab", SHT_SYMTAB, 0, 8, 24, ELF_T_SYM },
	strtab_section = { ".strtab", SHT_STRTAB, 0, 1, 0, ELF_T_BYTE },
	shstrtab_section = { ".shstrtab", SHT_STRTAB, 0, 1, 0, ELF_T_BYTE },
	const_sections[PROGRAM_TENSORS] = {
		{ ".vta.uop", SHT_PROGBITS, SHF_ALLOC, 64, 4, ELF_T_BYTE },
		{ ".vta.wgt", SHT_PROGBITS, SHF_ALLOC, 256, 256, ELF_T_BYTE },
		{ ".vta.acc", SHT_PROGBITS, SHF_ALLOC, 64, 64, ELF_T_BYTE },
	};

/* Symbols of sections want the sections' numbers, so sections come first, then their contents. */
static void
put_sections(struct writer *w)
{
	size_t note, io, rela, symtab, strtab, shstrtab;
	unsigned int i;

	(void)put_name(w, &w->shstrtab, "");
	(void)put_name(w, &w->strtab, "");
	note = add_section(w, &note_section);
	w->insn = add_section(w, &insn_section);
	for (i = 0; i < PROGRAM_TENSORS; i++) {
		if (w->p->consts[i].len > 0)
			w->sections[i] = add_section(w, &const_sections[i]);
	}
	io = add_section(w, &io_section);
	rela = add_section(w, &rela_section);
	symtab = add_section(w, &symtab_section);
	strtab = add_section(w, &strtab_section);
	shstrtab = add_section(w, &shstrtab_section);
	put_symbols(w);
	put_ios(w);
	put_relocs(w);
	put_note(w);
	if (w->failed)
		return;
	fill_section(w, note, &w->note, 0, 0);
	fill_section(w, w->insn, &w->p->insns, 0, 0);
	for (i = 0; i < PROGRAM_TENSORS; i++) {
		if (w->p->consts[i].len > 0)
			fill_section(w, w->sections[i], &w->p->consts[i], 0, 0);
	}
	fill_section(w, io, &w->io, 0, 0);
	fill_section(w, rela, &w->rela, symtab, w->insn);
	fill_section(w, symtab, &w->symtab, strtab, w->nb_local);
	fill_section(w, strtab, &w->strtab, 0, 0);
	fill_section(w, shstrtab, &w->shstrtab, 0, 0);
	w->names_section = shstrtab;
}

static int
put_elf(struct writer *w)
{
	Elf64_Ehdr *h = elf64_newehdr(w->elf);

	if (h == NULL)
		return -1;
	h->e_ident[EI_DATA] = ELFDATA2LSB;
	h->e_type = ET_REL;
	h->e_machine = EM_NONE;
	h->e_version = EV_CURRENT;
	put_sections(w);
	if (w->failed)
		return -1;
	h->e_shstrndx = (Elf64_Half)w->names_section;
	return elf_update(w->elf, ELF_C_WRITE) < 0 ? -1 : 0;
}

/*
 * The file
 */

static int
read_back(int fd, char **image, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	*len = (size_t)st.st_size;
	*image = malloc(*len);
	if (*image != NULL && pread(fd, *image, *len, 0) == (ssize_t)*len)
		return 0;
	free(*image);
	return -1;
}

static void
free_writer(struct writer *w)
{
	struct program_bytes *all[] = { &w->strtab, &w->shstrtab, &w->symtab, &w->rela, &w->io,
		&w->note };
	unsigned int i;

	if (w->elf != NULL)
		(void)elf_end(w->elf);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		free(all[i]->data);
}

/* An image that this library would not load is not worth writing. */
static int
check_image(const char *path, const char *bytes, size_t len)
{
	struct npu_image *image;
	char why[NPU_IMAGE_WHY];

	if (npu_image_open(bytes, len, &image, why, sizeof(why)) != 0)
		return model_bad(path, 0, "the image would be refused: %s: split the model", why);
	npu_image_close(image);
	return 0;
}

int
image_make(const char *path, const struct model *m, const struct program *p, char **image,
		size_t *len)
{
	struct writer w = { .path = path, .m = m, .p = p };
	int fd = memfd_create("image", MFD_CLOEXEC), ret = -1;

	if (fd >= 0 && elf_version(EV_CURRENT) != EV_NONE)
		w.elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (w.elf != NULL && put_elf(&w) == 0)
		ret = read_back(fd, image, len);
	free_writer(&w);
	if (fd >= 0)
		close(fd);
	if (ret != 0)
		return model_bad(path, 0, "no memory for the image: free some, or split the model");
	ret = check_image(path, *image, *len);
	if (ret != 0)
		free(*image);
	return ret;
}

static int
tell_not_written(const char *path)
{
	return model_bad(path, 0, "cannot be written: %s: see the folder", strerror(errno));
}

/* A name that leads nowhere is one for a new file, unless it is that of a link. */
static int
check_new(const char *path, mode_t *mode)
{
	int err = errno;
	mode_t mask = umask(0);
	struct stat st;

	(void)umask(mask);
	*mode = 0666 & ~mask;
	if (err != ENOENT)
		return model_bad(path, 0, "cannot be written: %s: see the folder, and what is "
				"a link", strerror(err));
	if (lstat(path, &st) == 0)
		return model_bad(path, 0, "cannot be written: it is a link to nothing: remove it");
	return 0;
}

/* A mistyped name may be that of a file which nothing brings back. An empty one is no loss. */
static int
check_old(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char magic[SELFMAG] = "";
	ssize_t n = fd >= 0 ? read(fd, magic, sizeof(magic)) : -1;
	int err = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return model_bad(path, 0, "is there and cannot be read: %s: remove it, or give the "
				"image another name", strerror(err));
	if (n > 0 && memcmp(magic, ELFMAG, SELFMAG) != 0)
		return model_bad(path, 0, "is there and is no image: remove it, or give the image "
				"another name");
	return 0;
}

/* What the image takes the place of: nothing, or an old image, perhaps behind a link. */
static int
check_place(const char *path, const struct model *m, mode_t *mode)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return check_new(path, mode);
	*mode = st.st_mode & 0777;
	if (!S_ISREG(st.st_mode))
		return model_bad(path, 0, "cannot be written: it is %s: name a file",
				model_file_kind(st.st_mode));
	if (model_has_read(m, &st))
		return model_bad(path, 0, "is the description or a file that it names: "
				"give the image another name");
	return check_old(path);
}

/* The name for a part of the image, beside it; NULL: told. */
static char *
name_part(const char *path)
{
	char *part = malloc(strlen(path) + sizeof(".XXXXXX"));

	if (part == NULL)
		(void)model_bad(path, 0, "no memory: free some");
	else
		strcat(strcpy(part, path), ".XXXXXX");
	return part;
}

static int
write_all(int fd, const char *image, size_t len)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < len; done += (size_t)n) {
		n = write(fd, image + done, len - done);
		if (n < 0)
			return -1;
	}
	return 0;
}

static int
fill_part(int fd, const char *image, size_t len, mode_t mode)
{
	int ret = write_all(fd, image, len) == 0 && fchmod(fd, mode) == 0 ? 0 : -1;

	return close(fd) == 0 ? ret : -1;
}

/* Under a name that nothing has, then under its own. */
static int
write_file(const char *path, const char *image, size_t len, mode_t mode)
{
	char *part = name_part(path);
	int fd, ret;

	if (part == NULL)
		return -1;
	fd = mkstemp(part);
	ret = fd < 0 ? -1 : fill_part(fd, image, len, mode);
	if (ret == 0)
		ret = rename(part, path);
	if (ret != 0)
		(void)tell_not_written(path);
	if (ret != 0 && fd >= 0)
		(void)unlink(part);
	free(part);
	return ret;
}

int
image_write(const char *path, const struct model *m, const char *image, size_t len)
{
	mode_t mode;
	char *real;
	int ret;

	if (check_place(path, m, &mode) != 0)
		return -1;
	real = realpath(path, NULL);
	if (real == NULL && errno != ENOENT)
		return tell_not_written(path);
	ret = write_file(real != NULL ? real : path, image, len, mode);
	free(real);
	return ret;
}
