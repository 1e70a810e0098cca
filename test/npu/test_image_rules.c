/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Each rule that an image keeps to, broken alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"
#include "image_case.h"
#include "test_image.h"

/*
 * Bits last to first of a 64-bit word are set to a value. Where: in the file (""), in a section
 * (".vta.insn"), its header ("#.vta.insn"), or the table of headers ("#").
 */
struct poke {
	const char *where;
	unsigned int off, last, first;
	uint64_t value;
};

struct rule {
	const char *name;
	const char *expected; /* in the reason */
	struct poke pokes[5];
	bool keep_crc;
};

#define NAME(n)    (1 + (n) * (IMAGE_NAME_LEN + 1))
#define INSN(n)    16 * (n)
#define INSN_HI(n) (16 * (n) + 8)
#define SYM(n)     24 * (n)
#define IO(n)      48 * (n)
#define RELA(n)    24 * (n)
#define NOTE(f)    (16 + offsetof(struct npu_image_config, f))
#define SH(f)      offsetof(Elf64_Shdr, f)
#define EH(f)      offsetof(Elf64_Ehdr, f)

/* Sections: note 1, insn 2, uop 3, wgt 4, acc 5, io 6, rela 7, symtab 8, strtab 9, shstrtab 10. */
static const struct rule file_rules[] = {
	{ "magic", "file+0x1: this is no ELF", { { "", 0, 15, 8, 'e' } }, false },
	{ "class", "file+0x4: ELF identification", { { "", 0, 39, 32, ELFCLASS32 } }, false },
	{ "byte order", "file+0x5: ELF ident", { { "", 0, 47, 40, ELFDATA2MSB } }, false },
	{ "ident padding", "file+0xf: ELF ident", { { "", 8, 63, 56, 1 } }, false },
	{ "type", "e_type is 2, not 1", { { "", EH(e_type), 15, 0, ET_EXEC } }, false },
	{ "machine", "e_machine is 62", { { "", EH(e_machine), 15, 0, EM_X86_64 } }, false },
	{ "version", "e_version is 2", { { "", EH(e_version), 31, 0, 2 } }, false },
	{ "entry", "e_entry", { { "", EH(e_entry), 63, 0, 16 } }, false },
	{ "program headers", "e_phoff", { { "", EH(e_phoff), 63, 0, 64 } }, false },
	{ "number of program headers", "e_phnum", { { "", EH(e_phnum), 15, 0, 1 } }, false },
	{ "flags", "e_flags", { { "", EH(e_flags), 31, 0, 1 } }, false },
	{ "size of header", "e_ehsize", { { "", EH(e_ehsize), 15, 0, 63 } }, false },
	{ "size of program headers", "e_phentsize is 1, not 0",
		{ { "", EH(e_phentsize), 15, 0, 1 } }, false },
	{ "size of section headers", "e_shentsize", { { "", EH(e_shentsize), 15, 0, 40 } }, false },
	{ "no section headers", "0 section headers", { { "", EH(e_shnum), 15, 0, 0 } }, false },
	{ "one section header", "1 section headers", { { "", EH(e_shnum), 15, 0, 1 } }, false },
	{ "too many sections", "12 section headers", { { "", EH(e_shnum), 15, 0, 12 } }, false },
	{ "table beyond the file", "do not lie in the file",
		{ { "", EH(e_shoff), 63, 63, 1 } }, false },
	{ "table at the file's end", "do not lie in the file",
		{ { "", EH(e_shoff), 63, 0, 72 << 10 } },
		false },
	{ "table in the header", "do not lie in the file",
		{ { "", EH(e_shoff), 63, 0, 56 } }, false },
	{ "table askew", "do not lie in the file", { { "", EH(e_shoff), 0, 0, 1 } }, false },
	{ "no names", "no section 0", { { "", EH(e_shstrndx), 15, 0, 0 } }, false },
	{ "names beyond", "no section 11", { { "", EH(e_shstrndx), 15, 0, 11 } }, false },
	{ "first header", "first section header", { { "#", 8, 63, 0, 1 } }, false },
	{ "no bits", "without contents",
		{ { "#.vta.acc", SH(sh_type), 31, 0, SHT_NOBITS } }, false },
	{ "no type", "without contents", { { "#.vta.acc", SH(sh_type), 31, 0, SHT_NULL } }, false },
	{ "empty", "is empty", { { "#.vta.acc", SH(sh_size), 63, 0, 0 } }, false },
	{ "beyond the file", "does not lie in",
		{ { "#.vta.acc", SH(sh_offset), 63, 63, 1 } }, false },
	{ "longer than the file", "does not lie in",
		{ { "#.vta.acc", SH(sh_size), 63, 63, 1 } }, false },
	{ "over the next one", "over another",
		{ { "#.vta.insn", SH(sh_size), 63, 0, 4096 } }, false },
	{ "over the header", "over another",
		{ { "#.vta.insn", SH(sh_offset), 63, 0, 48 } }, false },
	{ "unknown name", "name that is unknown", { { ".shstrtab", 1, 7, 0, '_' } }, true },
	{ "name beyond", "name that is unknown",
		{ { "#.vta.acc", SH(sh_name), 31, 0, 4096 } }, false },
	{ "name without end", "name that is unknown",
		{ { "#.shstrtab", SH(sh_size), 63, 0, 90 } }, false },
	{ "name twice", ".vta.wgt+0x0: is there twice",
		{ { "#.vta.acc", SH(sh_name), 31, 0, 37 } }, false },
	{ "type of section", ".vta.acc+0x0: type, flags",
		{ { "#.vta.acc", SH(sh_type), 31, 0, SHT_NOTE } }, false },
	{ "flags of section", ".vta.acc+0x0: type, flags",
		{ { "#.vta.acc", SH(sh_flags), 0, 0, 1 } }, false },
	{ "address of section", ".vta.acc+0x0: type, flags",
		{ { "#.vta.acc", SH(sh_addr), 63, 0, 64 } },
		false },
	{ "alignment", "not aligned to 256",
		{ { "#.vta.wgt", SH(sh_addralign), 63, 0, 64 } }, false },
	{ "not aligned", "not aligned to 256", { { "#.vta.wgt", SH(sh_offset), 4, 4, 1 },
		{ "#.vta.wgt", SH(sh_size), 63, 0, 65280 } }, false },
	{ "size of entries", "entries have 4 bytes, not 24",
		{ { "#.rela.vta.insn", SH(sh_entsize), 63, 0, 4 } },
		false },
	{ "broken entry", "not whole entries",
		{ { "#.vta.insn", SH(sh_size), 63, 0, 152 } }, false },
	{ "half a note", "not whole entries",
		{ { "#.note.npu.config", SH(sh_size), 63, 0, 32 } }, false },
	{ "relocations' symbols", ".rela.vta.insn+0x0: is linked",
		{ { "#.rela.vta.insn", SH(sh_link), 31, 0, 9 } }, false },
	{ "relocations' section", ".rela.vta.insn+0x0: is linked",
		{ { "#.rela.vta.insn", SH(sh_info), 31, 0, 3 } }, false },
	{ "symbols' names", ".symtab+0x0: is linked",
		{ { "#.symtab", SH(sh_link), 31, 0, 10 } }, false },
	{ "link of others", ".vta.insn+0x0: is linked",
		{ { "#.vta.insn", SH(sh_link), 31, 0, 1 } }, false },
	{ "names elsewhere", "does not have the sections' names",
		{ { "#.strtab", SH(sh_name), 31, 0, 94 },
		{ "#.shstrtab", SH(sh_name), 31, 0, 86 },
		{ "#.symtab", SH(sh_link), 31, 0, 10 } }, false },
	{ "first name", ".strtab+0x0: the first name", { { ".strtab", 0, 7, 0, 'x' } }, false },
	{ "first section's name", ".shstrtab+0x0: the first name",
		{ { ".shstrtab", 0, 7, 0, 'x' } }, false },
	{ "last name's end", ".strtab+0x7b: the last name",
		{ { ".strtab", 123, 7, 0, 'x' } }, false },
	{ "note's size", "is not one note NPU", { { ".note.npu.config", 4, 31, 0, 44 } }, false },
	{ "note's type", "is not one note NPU", { { ".note.npu.config", 8, 31, 0, 2 } }, false },
	{ "note's name", "is not one note NPU", { { ".note.npu.config", 12, 7, 0, 'M' } }, false },
	{ "note's name's size", "is not one note NPU",
		{ { ".note.npu.config", 0, 31, 0, 3 } }, false },
	{ "ABI", "abi is 0x2", { { ".note.npu.config", NOTE(abi), 31, 0, 2 } }, false },
	{ "ISA", "isa is 0x3", { { ".note.npu.config", NOTE(isa), 31, 0, 3 } }, false },
	{ "widths", "widths", { { ".note.npu.config", NOTE(widths), 3, 0, 4 } }, false },
	{ "buffers", "buffers", { { ".note.npu.config", NOTE(buffers), 7, 0, 14 } }, false },
	{ "number of instructions", "nb_insns is 0xb, not 0xa",
		{ { ".note.npu.config", NOTE(nb_insns), 31, 0, 11 } }, false },
	{ "reserved 0", "reserved[0]",
		{ { ".note.npu.config", NOTE(reserved), 63, 0, 1 } }, false },
	{ "reserved 1", "reserved[1]",
		{ { ".note.npu.config", NOTE(reserved) + 8, 63, 0, 1 } }, false },
	{ "scratch", "scratch is 4097, but of the symbols it is 4096",
		{ { ".note.npu.config", NOTE(scratch), 63, 0, 4097 } }, false },
	{ "CRC", "CRC is", { { ".vta.wgt", 512, 63, 0, 0x0123456789abcdef } }, true },
};

/* Symbols: uop 1, wgt 2, acc 3, in 4, out 5, spare 6. */
#define INFO(bind, type) ELF64_ST_INFO(bind, type)
#define TO_COMMON(n, name, size)                                                                   \
	{ ".symtab", SYM(n), 63, 0, (uint64_t)SHN_COMMON << 48 |                                   \
		(uint64_t)INFO(STB_GLOBAL, STT_OBJECT) << 32 | (name) },                           \
	{ ".symtab", SYM(n) + 8, 63, 0, 64 }, { ".symtab", SYM(n) + 16, 63, 0, size }

static const struct rule symbol_rules[] = {
	{ "first symbol", "first symbol is not zeros", { { ".symtab", 8, 63, 0, 1 } }, false },
	{ "visibility", "+0x60: visibility", { { ".symtab", SYM(4), 47, 40, STV_HIDDEN } }, false },
	{ "local behind", "local symbols", { { "#.symtab", SH(sh_info), 31, 0, 5 } }, false },
	{ "global before", "local symbols", { { "#.symtab", SH(sh_info), 31, 0, 3 } }, false },
	{ "section symbol of code", "not a bare symbol",
		{ { ".symtab", SYM(1), 63, 48, 2 } }, false },
	{ "section symbol with a name", "not a bare symbol",
		{ { ".symtab", SYM(1), 31, 0, 1 } }, false },
	{ "section symbol with a value", "not a bare symbol",
		{ { ".symtab", SYM(1) + 8, 63, 0, 4 } }, false },
	{ "section symbol with a size", "not a bare symbol",
		{ { ".symtab", SYM(1) + 16, 63, 0, 4 } }, false },
	{ "global section symbol", "not a bare symbol",
		{ { ".symtab", SYM(1), 39, 32, INFO(STB_GLOBAL, STT_SECTION) } }, false },
	{ "section symbol twice", ".vta.wgt has a symbol already",
		{ { ".symtab", SYM(3), 63, 48, 4 } }, false },
	{ "constants without symbol", ".vta.acc+0x0: has no symbol",
		{ { "#.symtab", SH(sh_info), 31, 0, 3 },
		TO_COMMON(3, NAME(0) + 1, 64) }, false },
	{ "defined symbol", "neither a section's own nor common",
		{ { ".symtab", SYM(6), 63, 48, 4 } }, false },
	{ "undefined symbol", "neither a section's own nor common",
		{ { ".symtab", SYM(6), 63, 48, 0 } }, false },
	{ "weak common symbol", "not a global object",
		{ { ".symtab", SYM(6), 39, 32, INFO(STB_WEAK, STT_OBJECT) } }, false },
	{ "common function", "not a global object",
		{ { ".symtab", SYM(6), 39, 32, INFO(STB_GLOBAL, STT_FUNC) } }, false },
	{ "alignment 0", "alignment 0", { { ".symtab", SYM(6) + 8, 63, 0, 0 } }, false },
	{ "alignment 8", "alignment 8", { { ".symtab", SYM(6) + 8, 63, 0, 8 } }, false },
	{ "alignment 48", "alignment 48", { { ".symtab", SYM(6) + 8, 63, 0, 48 } }, false },
	{ "alignment 4 MiB", "alignment 4194304",
		{ { ".symtab", SYM(6) + 8, 63, 0, 1 << 22 } }, false },
	{ "size 0", "size 0 is not", { { ".symtab", SYM(6) + 16, 63, 0, 0 } }, false },
	{ "too large", "size 1073741825",
		{ { ".symtab", SYM(6) + 16, 63, 0, (1 << 30) + 1 } }, false },
	{ "too large together", "symbols have more",
		{ { ".symtab", SYM(6) + 16, 63, 0, 1 << 30 } }, false },
	{ "name beyond .strtab", "which has 124 bytes",
		{ { ".symtab", SYM(6), 31, 0, 124 } }, false },
	{ "no name", "name has 0 characters", { { ".symtab", SYM(6), 31, 0, 0 } }, false },
	{ "name too long", "name has 81 characters",
		{ { ".strtab", NAME(1) - 1, 7, 0, '-' } }, false },
	{ "name with space", "byte 0x20", { { ".strtab", NAME(2) + 3, 7, 0, ' ' } }, false },
	{ "name with DEL", "byte 0x7f", { { ".strtab", NAME(2) + 3, 7, 0, 0x7f } }, false },
	{ "name with byte over 127", "byte 0xc3",
		{ { ".strtab", NAME(2) + 3, 7, 0, 0xc3 } }, false },
	{ "name twice", "two symbols have the name",
		{ { ".symtab", SYM(6), 31, 0, NAME(1) } }, false },
	{ "direction", "direction 2", { { ".npu.io", 4, 7, 0, 2 } }, false },
	{ "input behind output", ".npu.io+0x30: input behind",
		{ { ".npu.io", 4, 7, 0, NPU_IMAGE_OUT },
		{ ".npu.io", IO(1) + 4, 7, 0, NPU_IMAGE_IN } }, false },
	{ "type of elements", "type of elements 7", { { ".npu.io", 5, 7, 0, 7 } }, false },
	{ "dimensions 0", "0 dimensions", { { ".npu.io", 6, 7, 0, 0 } }, false },
	{ "dimensions 5", "5 dimensions", { { ".npu.io", 6, 7, 0, 5 } }, false },
	{ "layout", "layout 1", { { ".npu.io", 7, 7, 0, 1 } }, false },
	{ "io reserved 0", "reserved", { { ".npu.io", 36, 31, 0, 1 } }, false },
	{ "io reserved 1", "reserved", { { ".npu.io", 40, 31, 0, 1 } }, false },
	{ "io reserved 2", "reserved", { { ".npu.io", 44, 31, 0, 1 } }, false },
	{ "shape 0", "of the shape it is 0", { { ".npu.io", 8, 31, 0, 0 } }, false },
	{ "shape of no dimension", "of the shape it is 0", { { ".npu.io", 16, 31, 0, 1 } }, false },
	{ "shape too large", "of the shape it is 0",
		{ { ".npu.io", 8, 63, 0, UINT64_MAX } }, false },
	{ "size and type", "size is 4096, but of the shape it is 16384",
		{ { ".npu.io", 5, 7, 0, NPU_IMAGE_INT32 } }, false },
	{ "size and shape", "size is 4096, but of the shape it is 4352",
		{ { ".npu.io", 8, 31, 0, 17 } }, false },
	{ "size and symbol", "but of symbol",
		{ { ".npu.io", 8, 31, 0, 17 }, { ".npu.io", 24, 63, 0, 4352 } },
		false },
	{ "no symbol", "symbol 7 is not", { { ".npu.io", 32, 31, 0, 7 } }, false },
	{ "symbol 0", "symbol 0 is not", { { ".npu.io", 32, 31, 0, 0 } }, false },
	{ "symbol of constants", "symbol 2 is not", { { ".npu.io", 32, 31, 0, 2 } }, false },
	{ "symbol twice", "has a tensor already", { { ".npu.io", IO(1) + 32, 31, 0, 4 } }, false },
	{ "label", "label is not the name", { { ".npu.io", 0, 31, 0, NAME(1) } }, false },
	/* Relocations: of instructions 0, 1, 2, 3, 8. */
	{ "relocation askew", "offset 0x8 is not", { { ".rela.vta.insn", 0, 63, 0, 8 } }, false },
	{ "relocation beyond", "offset 0xa0 is not",
		{ { ".rela.vta.insn", RELA(4), 63, 0, 160 } }, false },
	{ "relocation far beyond", "is not that of",
		{ { ".rela.vta.insn", RELA(4), 63, 60, 8 } }, false },
	{ "relocation of GEMM", "not of a LOAD or STORE",
		{ { ".rela.vta.insn", RELA(3), 63, 0, 64 } }, false },
	{ "relocation of a sync", "not of a LOAD or STORE",
		{ { ".vta.insn", INSN_HI(2), 31, 16, 0 } }, false },
	{ "type of relocation", "+0x30: type 6 is not that of memory 2",
		{ { ".rela.vta.insn", RELA(2) + 8, 31, 0, 6 } }, false },
	{ "relocation of no memory", "type 4 is not that of memory 5",
		{ { ".vta.insn", INSN(2), 9, 7, 5 } },
		false },
	{ "relocations out of order", ".rela.vta.insn+0x48: is behind one",
		{ { ".rela.vta.insn", RELA(3), 63, 0, 32 },
		{ ".rela.vta.insn", RELA(3) + 8, 31, 0, 4 } }, false },
	{ "last relocation missing", ".vta.insn+0x80: has no relocation",
		{ { "#.rela.vta.insn", SH(sh_size), 63, 0, 96 },
		{ ".rela.vta.insn", RELA(4), 63, 0, 0 },
		{ ".rela.vta.insn", RELA(4) + 8, 63, 0, 0 } }, false },
	{ "relocation missing", ".vta.insn+0x30: has no relocation", {
		{ "#.rela.vta.insn", SH(sh_size), 63, 0, 96 },
		{ ".rela.vta.insn", RELA(3), 63, 0, 128 },
		{ ".rela.vta.insn", RELA(3) + 8, 63, 0, ELF64_R_INFO(5, 4) },
		{ ".rela.vta.insn", RELA(4), 63, 0, 0 },
		{ ".rela.vta.insn", RELA(4) + 8, 63, 0, 0 } }, false },
	{ "relocation to symbol 0", "no symbol 0", { { ".rela.vta.insn", 8, 63, 32, 0 } }, false },
	{ "relocation to no symbol", "no symbol 7", { { ".rela.vta.insn", 8, 63, 32, 7 } }, false },
	{ "addend below 0", "-4 is not aligned",
		{ { ".rela.vta.insn", 16, 63, 0, UINT64_MAX - 3 } }, false },
	{ "addend askew", "+ 2 is not aligned to 4",
		{ { ".rela.vta.insn", 16, 63, 0, 2 } }, false },
	{ "symbol not aligned enough", "is not aligned to 64",
		{ { ".rela.vta.insn", RELA(1) + 8, 63, 32, 4 } },
		false },
};

/* 0 UOP, 1 ACC, 2 INP, 3 WGT, 4 GEMM, 5 SHR, 6 MAX, 7 MIN, 8 STORE, 9 FINISH. */
static const struct rule insn_rules[] = {
	{ "opcode 5", "+0x40: opcode", { { ".vta.insn", INSN(4), 2, 0, 5 } }, false },
	{ "ALU operation", "opcode, memory", { { ".vta.insn", INSN_HI(6), 46, 44, 4 } }, false },
	{ "LOAD of OUT", "opcode, memory", { { ".vta.insn", INSN(2), 9, 7, VTA_MEM_OUT } }, false },
	{ "STORE of INP", "opcode, memory",
		{ { ".vta.insn", INSN(8), 9, 7, VTA_MEM_INP } }, false },
	{ "bits 63:58", "no meaning", { { ".vta.insn", INSN(2), 58, 58, 1 } }, false },
	{ "dram_base", "dram_base is not 0", { { ".vta.insn", INSN(2), 57, 26, 1 } }, false },
	{ "no rows", "0 of them", { { ".vta.insn", INSN_HI(2), 15, 0, 0 } }, false },
	{ "padding of WGT", "no meaning", { { ".vta.insn", INSN_HI(3), 59, 56, 1 } }, false },
	{ "padding of STORE", "no meaning", { { ".vta.insn", INSN_HI(8), 51, 48, 1 } }, false },
	{ "rows of micro-ops", "no meaning", { { ".vta.insn", INSN_HI(0), 15, 0, 2 } }, false },
	{ "load pops from nowhere", "no meaning", { { ".vta.insn", INSN(2), 3, 3, 1 } }, false },
	{ "load pushes to nowhere", "no meaning", { { ".vta.insn", INSN(3), 5, 5, 1 } }, false },
	{ "store pops from nowhere", "no meaning", { { ".vta.insn", INSN(8), 4, 4, 1 } }, false },
	{ "store pushes to nowhere", "no meaning", { { ".vta.insn", INSN(8), 6, 6, 1 } }, false },
	{ "UOP too long", "leaves a memory", { { ".vta.insn", INSN(0), 25, 10, 8176 } }, false },
	{ "WGT too long", "leaves a memory", { { ".vta.insn", INSN(3), 25, 10, 769 } }, false },
	{ "INP too long", "leaves a memory", { { ".vta.insn", INSN(2), 25, 10, 1793 } }, false },
	{ "INP too long by padding", "leaves a memory", { { ".vta.insn", INSN(2), 25, 10, 1792 },
		{ ".vta.insn", INSN_HI(2), 63, 60, 1 } }, false },
	{ "ACC too long", "leaves a memory", { { ".vta.insn", INSN(1), 25, 10, 1793 } }, false },
	{ "STORE too long", "leaves a memory", { { ".vta.insn", INSN(8), 25, 10, 1793 } }, false },
	{ "reads beyond its symbol", "+0x20: reaches to byte 4112 of input",
		{ { ".rela.vta.insn", RELA(2) + 16, 63, 0, 16 } }, false },
	{ "reads behind its symbol", "reaches to byte",
		{ { ".rela.vta.insn", RELA(2) + 16, 63, 0, UINT64_C(1) << 62 } }, false },
	{ "reads beyond by a row", "reaches to byte 4112", { { ".vta.insn", INSN_HI(2), 15, 0, 2 },
		{ ".vta.insn", INSN_HI(2), 47, 32, 1 } }, false },
	{ "writes beyond its symbol", "reaches to byte 8192 of output",
		{ { ".vta.insn", INSN_HI(8), 15, 0, 2 } },
		false },
	{ "reads an output", "cannot be read as INP",
		{ { ".rela.vta.insn", RELA(2) + 8, 63, 32, 5 } }, false },
	{ "writes an input", "cannot be written as OUT",
		{ { ".rela.vta.insn", RELA(4) + 8, 63, 32, 4 } },
		false },
	{ "writes constants", ".vta.wgt cannot be written",
		{ { ".rela.vta.insn", RELA(4) + 8, 63, 32, 2 } },
		false },
	{ "weights as inputs", ".vta.wgt cannot be read as INP",
		{ { ".rela.vta.insn", RELA(2) + 8, 63, 32, 2 } }, false },
	{ "biases as micro-ops", ".vta.acc cannot be read as UOP",
		{ { ".rela.vta.insn", RELA(0) + 8, 63, 32, 3 } }, false },
	{ "sync with a stride", "moves nothing", { { ".vta.insn", INSN(4), 63, 0, 8 | VTA_MEM_UOP },
		{ ".vta.insn", INSN_HI(4), 63, 0, UINT64_C(1) << 32 } }, false },
	{ "sync with a place", "moves nothing", { { ".vta.insn", INSN(4), 63, 0, 8 | 1 << 10 },
		{ ".vta.insn", INSN_HI(4), 63, 0, 0 } }, false },
	{ "no micro-ops", "loop does nothing", { { ".vta.insn", INSN(4), 34, 21, 0 } }, false },
	{ "no outer rounds", "loop does nothing", { { ".vta.insn", INSN(4), 48, 35, 0 } }, false },
	{ "no inner rounds", "loop does nothing", { { ".vta.insn", INSN(5), 62, 49, 0 } }, false },
	{ "too many micro-ops", "leaves a memory",
		{ { ".vta.insn", INSN(4), 34, 21, 8193 } }, false },
	{ "bit 63", "no meaning", { { ".vta.insn", INSN(4), 63, 63, 1 } }, false },
	{ "ALU that resets", "no meaning", { { ".vta.insn", INSN(6), 7, 7, 1 } }, false },
	{ "GEMM beyond ACC", "reaches element 2055 of ACC",
		{ { ".vta.insn", INSN_HI(4), 10, 0, 136 } }, false },
	{ "GEMM beyond ACC inside", "reaches element 2055 of ACC",
		{ { ".vta.insn", INSN_HI(4), 21, 11, 121 } }, false },
	{ "GEMM beyond INP", "reaches element 2055 of INP",
		{ { ".vta.insn", INSN_HI(4), 32, 22, 136 } }, false },
	{ "GEMM beyond WGT", "reaches element 1035 of WGT",
		{ { ".vta.insn", INSN_HI(4), 63, 54, 68 } }, false },
	{ "GEMM by micro-ops beyond INP", "reaches element 2048 of INP",
		{ { ".vta.uop", 4 * 7, 21, 11, 1808 } }, false },
	{ "GEMM by micro-ops beyond ACC", "reaches element 2048 of ACC",
		{ { ".vta.uop", 4 * 15, 10, 0, 1793 } }, false },
	{ "GEMM by micro-ops beyond WGT", "reaches element 1024 of WGT",
		{ { ".vta.uop", 4 * 3, 31, 22, 784 } }, false },
	{ "micro-ops that nobody loaded", "reaches element",
		{ { ".vta.insn", INSN(4), 34, 21, 18 } }, false },
	{ "micro-ops that nobody knows", "reaches element",
		{ { ".rela.vta.insn", RELA(0) + 8, 63, 32, 4 } },
		false },
	{ "ALU beyond ACC", "reaches element 2055 of ACC",
		{ { ".vta.insn", INSN_HI(5), 10, 0, 136 } }, false },
	{ "ALU reads beyond ACC", "reaches element 2055 of ACC",
		{ { ".vta.insn", INSN_HI(5), 32, 22, 136 } }, false },
	{ "immediate that is not used", "does not use it",
		{ { ".vta.insn", INSN_HI(7), 47, 47, 0 } }, false },
	{ "shift by a register", "not by an immediate",
		{ { ".vta.insn", INSN_HI(5), 63, 47, 0 } }, false },
	{ "shift below 0", "no meaning", { { ".vta.insn", INSN_HI(5), 63, 48, 0xffff } }, false },
	{ "shift by 32", "no meaning", { { ".vta.insn", INSN_HI(5), 63, 48, 32 } }, false },
	{ "end before the end", "+0x60: FINISH is not the last",
		{ { ".vta.insn", INSN(6), 63, 0, VTA_FINISH },
		{ ".vta.insn", INSN_HI(6), 63, 0, 0 } }, false },
	{ "no end", "+0x90: the last instruction is not FINISH",
		{ { ".vta.insn", INSN(9), 2, 0, VTA_GEMM } },
		false },
	{ "FINISH pushes", "FINISH pushes", { { ".vta.insn", INSN(9), 6, 6, 1 } }, false },
	{ "FINISH with fields", "no meaning", { { ".vta.insn", INSN_HI(9), 0, 0, 1 } }, false },
	{ "compute waits for ever", "+0x40: waits for a token",
		{ { ".vta.insn", INSN(3), 6, 6, 0 } }, false },
	{ "load waits for ever", "+0x20: waits for a token",
		{ { ".vta.insn", INSN(2), 4, 4, 1 } }, false },
	{ "store waits for ever", "+0x80: waits for a token",
		{ { ".vta.insn", INSN(7), 6, 6, 0 } }, false },
	{ "FINISH waits for ever", "+0x90: waits for a token",
		{ { ".vta.insn", INSN(8), 5, 5, 0 } }, false },
	{ "the last load is silent", "last load does not push", { { ".vta.insn", INSN(3), 6, 6, 0 },
		{ ".vta.insn", INSN(2), 6, 6, 1 } }, false },
	{ "the last store is silent", "last store does not push",
		{ { ".vta.insn", INSN(8), 5, 5, 0 },
		{ ".vta.insn", INSN(9), 4, 4, 0 } }, false },
	{ "FINISH does not wait", "FINISH does not wait",
		{ { ".vta.insn", INSN(9), 4, 4, 0 } }, false },
	{ "token for load left", "left over", { { ".vta.insn", INSN(4), 5, 5, 1 } }, false },
	{ "token for compute left", "left over", { { ".vta.insn", INSN(2), 6, 6, 1 } }, false },
	{ "token for store left", "left over", { { ".vta.insn", INSN(6), 6, 6, 1 } }, false },
};

static struct golden data;
static struct image_case golden;

static char *
place_of(const struct image_case *c, const struct poke *p)
{
	const Elf64_Ehdr *h = (const void *)c->bytes;

	if (p->where[0] == '\0')
		return c->bytes + p->off;
	if (strcmp(p->where, "#") == 0)
		return c->bytes + h->e_shoff + p->off;
	if (p->where[0] == '#')
		return (char *)image_section(c, p->where + 1) + p->off;
	return image_contents(c, p->where) + p->off;
}

static void
poke(char *at, const struct poke *p)
{
	uint64_t word, mask = (UINT64_MAX >> (63 - (p->last - p->first))) << p->first;
	size_t len = p->last / 8 + 1;

	word = 0;
	memcpy(&word, at, len);
	word = (word & ~mask) | (p->value << p->first & mask);
	memcpy(at, &word, len);
}

/* All places are looked for before anything is changed. */
static void
break_rule(const struct rule *r)
{
	char *places[5], why[NPU_IMAGE_WHY];
	struct image_case c;
	unsigned int i;
	int ret;

	image_copy(&c, &golden);
	for (i = 0; i < 5 && r->pokes[i].where != NULL; i++)
		places[i] = place_of(&c, &r->pokes[i]);
	for (i = 0; i < 5 && r->pokes[i].where != NULL; i++)
		poke(places[i], &r->pokes[i]);
	if (!r->keep_crc && r->pokes[0].where[0] == '.')
		image_fix_crc(&c);
	if (!r->keep_crc && strcmp(r->pokes[0].where, "#.rela.vta.insn") == 0)
		image_fix_crc(&c);
	if (!r->keep_crc && strcmp(r->pokes[0].where, "#.symtab") == 0)
		image_fix_crc(&c);
	ret = image_try(&c, why);
	if (ret != -EINVAL || strstr(why, r->expected) == NULL || strchr(why, '\n') != NULL) {
		printf("\n    %s: %d, \"%s\", not \"%s\"", r->name, ret, why, r->expected);
		CU_FAIL("rule");
	}
	image_free(&c);
}

static void
break_rules(const struct rule *rules, unsigned int n)
{
	char why[NPU_IMAGE_WHY];
	unsigned int i;

	golden_make(&data);
	image_golden(&golden, &data, NULL);
	CU_ASSERT_EQUAL(image_try(&golden, why), 0);
	CU_ASSERT_STRING_EQUAL(why, "");
	for (i = 0; i < n; i++)
		break_rule(&rules[i]);
	printf("%u rules ", n);
	image_free(&golden);
}

#define NB(rules) (sizeof(rules) / sizeof((rules)[0]))

static void
rules_of_the_file(void)
{
	break_rules(file_rules, NB(file_rules));
}

static void
rules_of_symbols(void)
{
	break_rules(symbol_rules, NB(symbol_rules));
}

static void
rules_of_instructions(void)
{
	break_rules(insn_rules, NB(insn_rules));
}

/* What pointed behind the section that goes points one further down; what pointed to it, to 0. */
static uint32_t
moved(uint32_t index, unsigned int gone)
{
	return index == gone ? 0 : index > gone ? index - 1 : index;
}

static void
remove_section(struct image_case *c, const char *name)
{
	Elf64_Ehdr *h = (void *)c->bytes;
	Elf64_Shdr *all = (void *)(c->bytes + h->e_shoff), *s = image_section(c, name);
	unsigned int gone = (unsigned int)(s - all), i;

	memmove(s, s + 1, (h->e_shnum - gone - 1) * sizeof(*s));
	h->e_shnum--;
	h->e_shstrndx = (uint16_t)moved(h->e_shstrndx, gone);
	for (i = 1; i < h->e_shnum; i++) {
		all[i].sh_link = moved(all[i].sh_link, gone);
		if (all[i].sh_type == SHT_RELA)
			all[i].sh_info = moved(all[i].sh_info, gone);
	}
}

static void
missing_sections(void)
{
	static const char *const names[] = { ".note.npu.config", ".vta.insn", ".npu.io",
		".rela.vta.insn", ".symtab", ".strtab" };
	char why[NPU_IMAGE_WHY], expected[64];
	struct image_case c;
	unsigned int i;

	for (i = 0; i < NB(names); i++) {
		image_golden(&c, &data, NULL);
		remove_section(&c, names[i]);
		snprintf(expected, sizeof(expected), "%s+0x0: is missing", names[i]);
		CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
		CU_ASSERT_STRING_EQUAL(why, expected);
		image_free(&c);
	}
}

/* Whether a byte belongs to the header, the table of sections or a section. */
static bool
has_meaning(const struct image_case *c, uint64_t at)
{
	const Elf64_Ehdr *h = (const void *)c->bytes;
	const Elf64_Shdr *s = (const void *)(c->bytes + h->e_shoff);
	unsigned int i;

	for (i = 1; i < h->e_shnum; i++) {
		if (at >= s[i].sh_offset && at < s[i].sh_offset + s[i].sh_size)
			return true;
	}
	return at < sizeof(*h) || at >= h->e_shoff; /* the table is the last */
}

/* Between sections there are zeros; behind the image there may be anything. */
static void
between_and_behind(void)
{
	struct image_case c, longer = { 0 };
	unsigned int nb_gaps = 0;
	char why[NPU_IMAGE_WHY];
	uint64_t at;

	image_golden(&c, &data, NULL);
	for (at = 0; at < c.len; at++) {
		if (has_meaning(&c, at))
			continue;
		nb_gaps++;
		c.bytes[at] = 1;
		CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "something between two parts of the file"));
		c.bytes[at] = 0;
	}
	CU_ASSERT(nb_gaps > 0);
	((Elf64_Ehdr *)(void *)c.bytes)->e_phentsize = sizeof(Elf64_Phdr);
	CU_ASSERT_EQUAL(image_try(&c, why), 0);
	longer.len = c.len + 100;
	longer.bytes = malloc(longer.len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(longer.bytes);
	memset(longer.bytes, 0x55, longer.len);
	memcpy(longer.bytes, c.bytes, c.len);
	CU_ASSERT_EQUAL(image_try(&longer, why), 0);
	image_free(&longer);
	image_free(&c);
}

/* The table is the last thing in the file. */
static void
end_of_the_table(void)
{
	char why[NPU_IMAGE_WHY];
	struct image_case c;
	Elf64_Shdr *s;
	Elf64_Ehdr *h;

	image_golden(&c, &data, NULL);
	s = image_section(&c, ".vta.acc");
	s->sh_size = 8;
	s->sh_offset = c.len - 8;
	CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "over another part"));
	image_free(&c);
	image_golden(&c, &data, NULL);
	h = (void *)c.bytes;
	CU_ASSERT_EQUAL(h->e_shoff + h->e_shnum * sizeof(Elf64_Shdr), c.len);
	h->e_shoff += 8;
	CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "do not lie in the file"));
	image_free(&c);
}

static void
too_short(void)
{
	struct image_case c = { (char *)(uintptr_t)4096, 63 }; /* nothing is read of it */
	char why[NPU_IMAGE_WHY];

	CU_ASSERT_EQUAL(image_try(&c, why), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "file+0x3f: ends before its header does");
}

/*
 * An image at the beginning of so much memory, of which pages are there only when they are touched.
 */
static void
put_in_front(struct image_case *large, const struct image_case *c, size_t len)
{
	large->len = len;
	large->bytes = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CU_ASSERT_NOT_EQUAL_FATAL(large->bytes, MAP_FAILED);
	memcpy(large->bytes, c->bytes, c->len);
}

/* What lies behind an image is not read, however much it is. */
static void
behind_is_not_read(void)
{
	struct image_case c, large;
	char why[NPU_IMAGE_WHY];
	size_t pages;

	image_golden(&c, &data, NULL);
	pages = (c.len + 4095) & ~(size_t)4095;
	put_in_front(&large, &c, (size_t)2 << 30);
	CU_ASSERT_EQUAL(mprotect(large.bytes + pages, large.len - pages, PROT_NONE), 0);
	CU_ASSERT_EQUAL(image_try(&large, why), 0);
	large.bytes[0] = 0;
	CU_ASSERT_EQUAL(image_try(&large, why), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "file+0x0: this is no ELF file");
	munmap(large.bytes, large.len);
	image_free(&c);
}

/* It is told by the header and the table of sections, before anything is copied. */
static void
too_long(void)
{
	const size_t most = NPU_IMAGE_MAX_BYTES;
	struct image_case c, large;
	char why[NPU_IMAGE_WHY];
	Elf64_Shdr *s;

	image_golden(&c, &data, NULL);
	put_in_front(&large, &c, most + 4096);
	CU_ASSERT_EQUAL(mprotect(large.bytes + most, 4096, PROT_NONE), 0);
	s = image_section(&large, ".vta.acc");
	s->sh_offset = most + 64 - s->sh_size;
	CU_ASSERT_EQUAL(image_try(&large, why), -EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "file+0x40000000: the image goes on here: "
			"it has 1073741888 bytes, 1 GiB is the most");
	munmap(large.bytes, large.len);
	image_free(&c);
}

const struct test_case image_rule_cases[] = {
	{ "rules_of_the_file", rules_of_the_file },
	{ "rules_of_symbols", rules_of_symbols },
	{ "rules_of_instructions", rules_of_instructions },
	{ "missing_sections", missing_sections },
	{ "between_and_behind", between_and_behind },
	{ "end_of_the_table", end_of_the_table },
	{ "too_short", too_short },
	{ "behind_is_not_read", behind_is_not_read },
	{ "too_long", too_long },
	{ NULL, NULL },
};
