/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PROGRAM_H
#define PROGRAM_H

/**
 * @file
 * A program as it grows: instructions, the addresses they want, and constants. Memory that is
 * missing is noted, and told in the end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/npu/vta_build.h>

#include "model.h"

/** Symbols: constants, then the model's tensors by their number. */
enum program_symbol {
	PROGRAM_UOP,
	PROGRAM_WGT,
	PROGRAM_ACC,
	PROGRAM_TENSORS
};

/** An address that an instruction wants: elements from a symbol's beginning on. */
struct program_reloc {
	uint32_t insn;
	uint32_t symbol;
	uint64_t element;
};

/** Memory that grows. */
struct program_bytes {
	char *data;
	size_t len, room;
};

struct program {
	struct program_bytes insns;
	struct program_bytes relocs;
	struct program_bytes consts[PROGRAM_TENSORS];
	bool no_memory;
};

/** Instructions so far, and relocations. */
uint32_t program_nb_insns(const struct program *p);
uint32_t program_nb_relocs(const struct program *p);

/** Room for so many bytes more, zeros; NULL without memory. */
void *program_grow(struct program *p, struct program_bytes *bytes, size_t len);

void program_insn(struct program *p, struct vta_insn insn, uint64_t flags);

/** A LOAD or STORE, from or to a symbol. */
void program_move(struct program *p, struct vta_insn insn, uint64_t flags, uint32_t symbol,
		uint64_t element);

void program_free(struct program *p);

/**
 * Make a model's program.
 *
 * @retval 0 success; p is to be given to program_free() in any case
 * @retval -1 it is too large, or there is no memory; told on stderr
 */
int program_make(const char *path, const struct model *m, struct program *p);

/**
 * Make an image of a model and its program, and check it.
 *
 * @param image  set to memory for the caller to free
 * @retval 0 success
 * @retval -1 it cannot be made; told on stderr
 */
int image_make(const char *path, const struct model *m, const struct program *p, char **image,
		size_t *len);

/**
 * Write an image to a file, which is there whole or not at all. It is no device, and none of those
 * that the model was read from; what it takes the place of is an ELF file or empty, and gives it
 * its mode.
 *
 * @retval 0 success
 * @retval -1 it cannot be written; told on stderr
 */
int image_write(const char *path, const struct model *m, const char *image, size_t len);

#endif
