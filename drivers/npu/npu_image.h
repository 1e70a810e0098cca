/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_IMAGE_H
#define NPU_IMAGE_H

/**
 * @file
 * Program images: relocatable ELF64 objects, little endian, for no machine (EM_NONE), with these
 * sections and no others; no section is empty, and there are zeros between them.
 *
 *	.note.npu.config  one note "NPU", type 1: struct npu_image_config
 *	.vta.insn         instructions, with dram_base 0
 *	.vta.uop          micro-ops; constants, as the next two
 *	.vta.wgt          weights
 *	.vta.acc          accumulators: biases
 *	.npu.io           struct npu_image_io for each tensor that the caller sees, inputs first;
 *	                  type SHT_LOUSER + 1
 *	.symtab .strtab   a section symbol for each section of constants, and a common symbol
 *	                  (SHN_COMMON: size, value = alignment) for each input and output, and for
 *	                  memory of the program's own, which is scratch. Names are printable and
 *	                  without spaces
 *	.rela.vta.insn    one for each LOAD and STORE that moves something, in the order of
 *	                  instructions. r_offset: byte offset of the instruction; type: log2 of
 *	                  the element's bytes; (symbol + addend) >> type goes into dram_base
 *	.shstrtab         names of the sections
 *
 * A program keeps to what all implementations of VTA agree on; npu_image_open() lets no other
 * through.
 */

#include <stddef.h>
#include <stdint.h>

#include "vta_isa.h"

#define NPU_IMAGE_NOTE_NAME  "NPU"
#define NPU_IMAGE_NOTE_TYPE  1
#define NPU_IMAGE_ABI        1
#define NPU_IMAGE_IO_SHTYPE  0x80000001u
#define NPU_IMAGE_DIMS       4
#define NPU_IMAGE_LABEL_MAX  64  /* bytes of a label, its end among them */
#define NPU_IMAGE_MAX_BYTES  (UINT64_C(1) << 30) /* of an image, and of all its symbols */
#define NPU_IMAGE_MAX_IO     256
#define NPU_IMAGE_MAX_SYMS   4096
#define NPU_IMAGE_MAX_ALIGN  (1u << 21)
/** Micro-ops that a program loads, at most. */
#define NPU_IMAGE_MAX_UOPS   (1u << 26)
/** Bytes of a reason, its end among them. */
#define NPU_IMAGE_WHY        256

/** What the note holds, little endian. */
struct npu_image_config {
	uint32_t abi;         /* NPU_IMAGE_ABI */
	uint32_t isa;         /* as NPU_ISA */
	uint32_t widths;      /* as NPU_WIDTHS */
	uint32_t buffers;     /* as NPU_BUFFERS */
	uint32_t nb_insns;
	uint32_t crc;         /* CRC-32 (zlib's) of .vta.insn, .vta.uop, .vta.wgt, .vta.acc,
			       * .npu.io, .rela.vta.insn, .symtab and .strtab, those there are */
	uint64_t scratch;     /* bytes of the common symbols that are not in .npu.io */
	uint64_t reserved[2];
};

enum npu_image_dir {
	NPU_IMAGE_IN = 0,
	NPU_IMAGE_OUT = 1,
};

/** Types of elements; numbers as in TFLite. */
enum npu_image_dtype {
	NPU_IMAGE_INT32 = 2,
	NPU_IMAGE_UINT8 = 3,
	NPU_IMAGE_INT8 = 9,
};

/** How a tensor lies in memory. */
enum npu_image_layout {
	NPU_IMAGE_ROW_MAJOR = 0, /* which is VTA's own for [rows][16 n] of 8 bits */
};

/** A tensor that the caller sees, in .npu.io. */
struct npu_image_io {
	uint32_t label;       /* offset in .strtab: its symbol's name */
	uint8_t dir;          /* enum npu_image_dir */
	uint8_t dtype;        /* enum npu_image_dtype */
	uint8_t ndim;         /* 1 to NPU_IMAGE_DIMS */
	uint8_t layout;       /* enum npu_image_layout */
	uint32_t shape[NPU_IMAGE_DIMS]; /* unused ones are 0 */
	uint64_t size;        /* bytes: the shape's product and the element's size */
	uint32_t symbol;      /* number in .symtab */
	uint32_t reserved[3];
};

_Static_assert(sizeof(struct npu_image_config) == 48, "as in the file");
_Static_assert(sizeof(struct npu_image_io) == 48, "as in the file");

/*
 * Images that were read
 */

/** What memory of a program is for. */
enum npu_image_kind {
	NPU_IMAGE_KIND_UOP,     /* constants */
	NPU_IMAGE_KIND_WGT,
	NPU_IMAGE_KIND_ACC,
	NPU_IMAGE_KIND_IN,      /* the program only reads it */
	NPU_IMAGE_KIND_OUT,     /* and only writes this */
	NPU_IMAGE_KIND_SCRATCH,
};

/** Memory of a program, which gets an address before it runs. */
struct npu_image_symbol {
	char label[NPU_IMAGE_LABEL_MAX]; /* constants: the section's name */
	enum npu_image_kind kind;
	uint64_t size;    /* bytes */
	uint64_t align;   /* of its address: a power of two */
	const void *data; /* constants: what is there; else NULL */
};

/** A tensor that the caller sees. */
struct npu_image_tensor {
	const char *label;
	enum npu_image_dir dir;
	enum npu_image_dtype dtype;
	enum npu_image_layout layout;
	unsigned int ndim;
	uint32_t shape[NPU_IMAGE_DIMS]; /* unused ones are 0 */
	uint64_t size;                  /* bytes */
	unsigned int symbol;
};

/** An instruction that wants an address. */
struct npu_image_reloc {
	uint32_t insn;
	uint32_t symbol;
	uint64_t addend; /* bytes */
};

/** A program, read and checked. Nothing of it changes until npu_image_close(). */
struct npu_image {
	const struct vta_insn *insns;
	const struct npu_image_symbol *symbols;
	const struct npu_image_tensor *tensors; /* inputs, then outputs */
	const struct npu_image_reloc *relocs;   /* first those of inputs and outputs */
	unsigned int nb_insns;
	unsigned int nb_symbols;
	unsigned int nb_tensors;
	unsigned int nb_inputs;
	unsigned int nb_relocs;
	unsigned int nb_io_relocs;
	uint64_t scratch; /* bytes of symbols that are scratch */
	uint64_t steps;   /* elements moved, and rounds of GEMM and ALU: a core's cycles, about */
};

/**
 * Read an image and check all of it, down to the program: that each instruction stays in the core's
 * memories and in its symbol, whatever tensors hold, and that the queues come to their ends with no
 * token left over. Micro-ops that are no constants may point anywhere, and are taken so. What is
 * not looked at is whether tokens keep all data in order. The image keeps nothing of bytes; what
 * lies in them behind its last part is not read.
 *
 * @param why  gets one line without its end: section, offset, rule; nothing when it returns 0
 * @retval 0        *image is to be given to npu_image_close()
 * @retval -EINVAL  this is no image, or a broken one
 * @retval -ENOMEM  no memory
 */
int npu_image_open(const void *bytes, size_t len, struct npu_image **image, char *why,
		size_t why_len);

void npu_image_close(struct npu_image *image);

/**
 * Copy the instructions to insns, with addresses in them.
 *
 * @param addrs  the address of each symbol, a multiple of its alignment; all in one window of 2^32
 *               bytes that begins at a multiple of 2^32
 * @retval 0        success
 * @retval -EINVAL  an address is not aligned
 * @retval -ERANGE  the symbols lie in more than one window
 */
int npu_image_relocate(const struct npu_image *image, struct vta_insn *insns,
		const uint64_t *addrs);

/** As npu_image_relocate(), of instructions that it made: new addresses of inputs and outputs. */
int npu_image_relocate_io(const struct npu_image *image, struct vta_insn *insns,
		const uint64_t *addrs);

/** CRC-32 as zlib's; crc is that of what came before, 0 at first. */
uint32_t npu_crc32(uint32_t crc, const void *bytes, size_t len);
/** Whether a CRC is the one it should be. */
int npu_crc32_same(uint32_t crc, uint32_t expected);

#endif
