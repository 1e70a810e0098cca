/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_BENCH_H
#define NPU_BENCH_H

/**
 * @file
 * The model of the NPU on the sim bus without a driver: registers, and memory that it reaches. What
 * registers and errors there are is written down here a second time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#include <harness.h>

#include "golden.h"
#include "vta_ref.h"

/* Shell */
#define R_ID           0x000
#define R_VERSION      0x004
#define R_CORES        0x008
#define R_ISA          0x00c
#define R_WIDTHS       0x010
#define R_BUFFERS      0x014
#define R_IRQ_ENABLE   0x018
#define R_IRQ_CAUSE    0x01c
#define R_RESET        0x020
#define R_ERROR(n)      (0x040u + 4 * (n))
#define R_ERROR_INSN(n) (0x080u + 4 * (n))

/* Core */
#define R_CORE(n)      (0x1000u + 0x1000u * (n))
#define R_CONTROL      0x00
#define R_CYCLES       0x04
#define R_COUNT        0x08
#define R_INSN         0x0c /* of 64 bits, as those that follow */
#define R_UOP          0x14
#define R_INP          0x1c
#define R_WGT          0x24
#define R_ACC          0x2c
#define R_OUT          0x34
#define R_WRITES       0x3c

enum { E_NONE, E_OPCODE, E_SRAM, E_DRAM, E_FLAG, E_DEADLOCK, E_FETCH };

#define CORES     16
#define WINDOW    (UINT64_C(4) << 32)
#define MEM_AT    0x40000000u /* in the window */
#define MEM_IOVA  (WINDOW + MEM_AT)
#define CORE_SIZE 0x20000u    /* of memory for each core */
#define MEM_SIZE  (CORES * CORE_SIZE)

/* Offsets in the memory of a core. */
#define AT_INSN 0x00000u
#define AT_UOP  0x01000u
#define AT_BIAS 0x02000u
#define AT_A    0x04000u
#define AT_OUT  0x08000u
#define AT_W    0x10000u

struct bench {
	const char *name;
	struct bus_dev *d;
	struct iospace *ios;
	unsigned char *mem;
	struct golden golden;
};

/** "thread" or "access", for all that is opened next. */
extern const char *bench_async;

/** Open a model with so many cores, and memory mapped in one piece or page by page, backwards. */
struct bench *bench_open(const char *name, unsigned int cores);
struct bench *bench_open_pages(const char *name, unsigned int cores);
void bench_close(struct bench *b);

/** What opening with this text for the number of cores returns. */
int bench_try(const char *cores);

/** Memory of a core. */
static inline unsigned char *
bench_mem(struct bench *b, unsigned int core, uint32_t at)
{
	return b->mem + core * CORE_SIZE + at;
}

/** Map a part of the memory again; access 0: do not. */
void bench_remap(struct bench *b, uint32_t from, uint32_t len, unsigned int access);

/** Map a part of the memory in another window of 4 GiB too, at the same offset. */
void bench_map(struct bench *b, uint32_t from, uint32_t len, uint32_t window, unsigned int access);

/** Accesses, asserted. */
uint32_t bench_get(struct bench *b, uint32_t off);
void bench_set(struct bench *b, uint32_t off, uint32_t value);

/** Put a program of instructions into the memory of a core, and where it is into its registers. */
void bench_put(struct bench *b, unsigned int core, const struct ref_insn *insns, unsigned int n);

/** The same with the known program and its data; what it writes is cleared. */
void bench_put_golden(struct bench *b, unsigned int core);

/** Whether the known program has written what it must. */
bool bench_golden_is_good(struct bench *b, unsigned int core);

/** Put a program that takes hours, and launch it; it has begun to run. */
void bench_run_endless(struct bench *b, unsigned int core);

void bench_launch(struct bench *b, unsigned int core);

/** Wait until a core is done; whether it is. */
bool bench_wait(struct bench *b, unsigned int core);

/** Launch, wait, and assert how it ended. */
void bench_run(struct bench *b, unsigned int core, uint32_t error, uint32_t insn);

/** Let the device do what it must not do, for a while. */
void bench_spend(struct bench *b);

/* Cases of other files. */
extern const struct test_case npu_error_cases[];

#endif
