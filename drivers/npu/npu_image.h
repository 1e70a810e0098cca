/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_IMAGE_H
#define NPU_IMAGE_H

/**
 * @file
 * Program images: relocatable ELF64 objects, little endian, for no machine (EM_NONE).
 *
 *	.note.npu.config  note "NPU", type 1: struct npu_image_config
 *	.vta.insn         instructions, with dram_base 0 where a relocation patches it
 *	.vta.uop          micro-ops; constants, as the next two
 *	.vta.wgt          weights
 *	.vta.acc          accumulators: biases
 *	.npu.io           struct npu_image_io for each tensor that the caller sees; type SHT_LOUSER + 1
 *	.symtab .strtab   one symbol for each constant section and for each tensor; inputs, outputs and
 *	                  scratch are common symbols (SHN_COMMON: size, value = alignment)
 *	.rela.vta.insn    r_offset: byte offset of an instruction; type: log2 of the element's bytes;
 *	                  (symbol + addend) >> type goes into dram_base
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
#define NPU_IMAGE_MAX_BYTES  (UINT64_C(1) << 30)
#define NPU_IMAGE_MAX_IO     256
#define NPU_IMAGE_MAX_SYMS   4096

/** What the note holds, little endian. */
struct npu_image_config {
	uint32_t abi;         /* NPU_IMAGE_ABI */
	uint32_t isa;         /* as NPU_ISA */
	uint32_t widths;      /* as NPU_WIDTHS */
	uint32_t buffers;     /* as NPU_BUFFERS */
	uint32_t nb_insns;
	uint32_t crc;         /* CRC-32 (zlib's) of .vta.insn, .vta.uop, .vta.wgt, .vta.acc, .npu.io, .rela.vta.insn
				 * in that order, those that are there */
	uint64_t scratch;     /* bytes of the symbols that are neither constant nor in .npu.io */
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
	uint32_t label;       /* offset in .strtab */
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

#endif
