/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_CASE_H
#define VTA_CASE_H

/**
 * @file
 * A core of the model and the machine of vta_ref.h side by side, each with memory of its own.
 */

#include <drivers/npu/vta_core.h>
#include <harness.h>

#include "vta_ref.h"

#define DRAM_SIZE   (1u << 20)
/* What is in it. */
#define DRAM_UOPS   0x00000 /* micro-ops with dst and src below 256, wgt below 128 */
#define DRAM_SHIFTS 0x10000 /* the same with src from 1900 to 1915 */
#define DRAM_SMALL  0x20000 /* numbers of 32 bits from 0 to 31 */
#define DRAM_DATA   0x30000 /* anything */
#define DRAM_OUT    0xc0000 /* where programs store; anything */

#define PROGRAM_MAX 4096

struct vta_case {
	struct vta_core core;
	struct ref ref;
	unsigned char *dram;    /* the core's */
	struct vta_job job;
	struct ref_insn program[PROGRAM_MAX];
	uint64_t bits[PROGRAM_MAX][2];
	uint32_t n;
	uint64_t insns_iova;
	uint32_t reads, writes; /* accesses of the last run */
	uint32_t fail_at;       /* the access that fails, from 1; 0: none */
	bool mirror;            /* the memory is everywhere in the window, again and again */
	uint32_t steps;         /* of the last run */
	bool computed[2048];    /* by the program, for who makes one */
};

struct vta_case *case_open(void);
void case_close(struct vta_case *c);

/** Begin a program. */
void case_begin(struct vta_case *c);

/** Append an instruction. */
void case_add(struct vta_case *c, struct ref_insn insn);

/** Append FINISH, with tokens. */
void case_add_finish(struct vta_case *c, uint32_t tokens);

/** Run the program on the core, in at most so many steps: whether it ended. */
bool case_run_steps(struct vta_case *c, uint32_t max_steps);

/** Run it to its end, which is asserted to be that error at that instruction. */
void case_run(struct vta_case *c, enum npu_error error, uint32_t insn);

/** Run the program on the reference machine, as it was added. */
void case_run_ref(struct vta_case *c);

/** Whether all memories of both are the same. */
bool case_is_same(const struct vta_case *c);

/** Run on both; asserted to end well, and the same. */
void case_run_both(struct vta_case *c);

/** Append LOADs of micro-ops that case_add_random() needs. Both run on the reference machine. */
void case_add_uops(struct vta_case *c);

/** Append random instructions, one or two, that are good where they stand. */
void case_add_random(struct vta_case *c);

/* Cases of other files. */
extern const struct test_case vta_error_cases[];
extern const struct test_case vta_random_cases[];

#endif
