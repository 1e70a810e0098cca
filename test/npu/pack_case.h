/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PACK_CASE_H
#define PACK_CASE_H

/**
 * @file
 * Models for the packer: a description is written line by line, in a folder of its own, and the
 * result is computed beside it, without tiles. The packed program then runs on the machine of
 * vta_queues.h, or on the device model's core.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/npu/npu_image.h>

#define CASE_TENSORS 32
/** Instead of an order: on the device model's core. */
#define PACK_ON_CORE UINT32_MAX

struct case_tensor {
	char name[16];
	uint32_t rows, cols; /* cols: those that mean something */
	uint32_t wide;       /* a multiple of 16 */
	int8_t *data;        /* [rows][wide]: of inputs random, else what must come */
	int low, fill;       /* what the columns behind cols hold */
};

struct pack_case {
	char folder[64];
	char text[8192];     /* the description */
	struct case_tensor tensors[CASE_TENSORS];
	unsigned int nb_tensors;
	unsigned int nb_files;
	char *image;         /* once packed */
	size_t len;
	struct npu_image *program;
};

void pack_begin(struct pack_case *c);
void pack_end(struct pack_case *c);

/** Append a line as it is. */
void pack_line(struct pack_case *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Append layers; all return their tensor's number. */
unsigned int pack_input(struct pack_case *c, uint32_t rows, uint32_t cols);

/** Random weights, and a bias in every other one; shift so that results are spread, or clipped. */
unsigned int pack_dense(struct pack_case *c, unsigned int from, uint32_t out);

/**
 * Element by element; which: 0 add, 1 add with factors, 2 shift, 3 shift to the left, 4 min, 5 max.
 */
unsigned int pack_simple(struct pack_case *c, unsigned int which, unsigned int a, unsigned int b);

void pack_output(struct pack_case *c, unsigned int tensor);

/** Pack what was described; whether it worked, and the image can be opened. */
bool pack_make(struct pack_case *c);

/** Run the program in an order of vta_queues.h or PACK_ON_CORE, and compare what it gives. */
bool pack_run(struct pack_case *c, uint32_t order);

/** Run any program: data of tensors in the image's order, inputs given, outputs filled in. */
bool pack_run_image(const struct npu_image *image, int8_t *const *data, uint32_t order);

#endif
