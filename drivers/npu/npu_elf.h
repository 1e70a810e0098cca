/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_ELF_H
#define NPU_ELF_H

/**
 * @file
 * The sections of a program image, found and bounded; and what else the reading of images shares.
 */

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>

#include "npu_image.h"

enum npu_section {
	NPU_S_NOTE,
	NPU_S_INSN,
	NPU_S_UOP,
	NPU_S_WGT,
	NPU_S_ACC,
	NPU_S_IO,
	NPU_S_RELA,
	NPU_S_SYMTAB,
	NPU_S_STRTAB,
	NPU_S_SHSTRTAB,
	NPU_SECTIONS
};

extern const char *const npu_section_names[NPU_SECTIONS];

/** Where reasons go. */
struct npu_why {
	char *text;
	size_t len;
};

/** Say what is wrong at an offset of a section, or of the file; -EINVAL. */
int npu_reject(const struct npu_why *why, const char *where, uint64_t off, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

struct npu_elf {
	struct npu_why why;
	char *bytes; /* a copy of the image, up to its last part's end */
	size_t len;
	Elf *elf;
	Elf_Data *data[NPU_SECTIONS]; /* NULL: it is not there */
	size_t index[NPU_SECTIONS];   /* in the table of sections */
	GElf_Shdr shdr[NPU_SECTIONS];
};

/**
 * Read the structure of an image into e, whose reasons are set. After success, all sections that
 * must be there are, and each has the type, flags, alignment and links it should have, lies in the
 * file and beside the others, and holds whole entries, at least one and not too many.
 */
int npu_elf_open(struct npu_elf *e, const void *bytes, size_t len);
void npu_elf_close(struct npu_elf *e);

/** Entries of a section. */
size_t npu_elf_count(const struct npu_elf *e, enum npu_section s);

/** Check the instructions of an image that is read otherwise, and count steps. */
int npu_check(struct npu_image *image, const struct npu_why *why);

#endif
