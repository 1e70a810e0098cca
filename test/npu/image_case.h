/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef IMAGE_CASE_H
#define IMAGE_CASE_H

/**
 * @file
 * Images to be broken: the program of golden.h, with its data, and the places of what is in it.
 */

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/npu/npu_image.h>
#include <program.h>

#include "golden.h"

/** Names of its input, output and scratch, in .strtab one behind the other from 1 on. */
#define IMAGE_NAME_LEN 40
extern const char image_in[], image_out[], image_spare[];

struct image_case {
	char *bytes;
	size_t len;
};

/** The program of golden.h; begin may add instructions before it. Has 4096 bytes of scratch. */
void image_golden(struct image_case *c, const struct golden *g, void (*begin)(struct program *p));

void image_copy(struct image_case *c, const struct image_case *from);
void image_free(struct image_case *c);

/** The header of a section; asserted to be there. */
Elf64_Shdr *image_section(const struct image_case *c, const char *name);
/** What is in it. */
char *image_contents(const struct image_case *c, const char *name);

/** Make the CRC what it should be. */
void image_fix_crc(struct image_case *c);

/** Open it and close it: what npu_image_open() returned. */
int image_try(const struct image_case *c, char why[NPU_IMAGE_WHY]);

#endif
