/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PROGRAM_CASE_H
#define PROGRAM_CASE_H

/**
 * @file
 * Devices with programs: the program of golden.h is loaded, and each run has data of its own, with
 * the result that plain loops give.
 */

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "golden.h"
#include "image_case.h"
#include "soft_dev.h"

#define CASE_IO ((size_t)GOLDEN_ROWS * GOLDEN_N) /* bytes of input and output */

/** Images: of golden.h, and one that does not end within a minute before it comes to that. */
extern struct image_case case_image, case_long;

/** Make them, unless they are made; case_load() does it. */
void case_images_make(void);
/** Tear-down of a suite. */
int case_images_free(void);

/** An instance with its memory, its op and what must come. */
struct case_run {
	struct accel_instance *instance;
	struct accel_buf *in, *out;
	struct accel_op op;
	int8_t expected[GOLDEN_ROWS][GOLDEN_N];
};

/** Probe, and configure and start it, asserted. */
uint16_t case_open(const char *spec, uint16_t nb_qps, uint32_t deadline_us);

struct accel_program *case_load(uint16_t dev, const struct image_case *image);

/** Make an instance with random input, all bound. */
void case_run_make(struct case_run *run, struct accel_program *program, uint16_t dev);
void case_run_free(struct case_run *run);

/** Begin anew: the output is cleared. The op is as it was made. */
struct accel_op *case_run_op(struct case_run *run);

/** Whether the output is what must come. */
bool case_run_is_right(const struct case_run *run);

/** Enqueue, all asserted to be taken. */
void case_enqueue(uint16_t dev, uint16_t qp, struct accel_op **ops, uint16_t n);

/** Dequeue so many, or fail after a while. */
void case_dequeue(uint16_t dev, uint16_t qp, struct accel_op **ops, uint16_t n);

/** Run an op to its end: its status. */
enum accel_status case_exec(uint16_t dev, uint16_t qp, struct accel_op *op);

/** Run an instance: whether it succeeds with the right result. */
bool case_run_ok(uint16_t dev, uint16_t qp, struct case_run *run);

/** Milliseconds of a clock that goes on. */
uint64_t case_ms(void);

/** A statistic of a device by its name. */
uint64_t case_xstat(uint16_t dev, const char *name);

#endif
