/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef AFU_BENCH_H
#define AFU_BENCH_H

/**
 * @file
 * A model of an AFU on the sim bus without a driver: registers, and memory that it reaches.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#define LINE      64
#define PAGE      4096
/* IOVAs of memory, whose numbers of lines have more than 32 bits. */
#define SRC       UINT64_C(0x4000000000)
#define DST       UINT64_C(0x5000000000)
#define DSM       UINT64_C(0x6000000000)
#define DATA_SIZE ((1u << 20) + 16 * PAGE)
#define DSM_SIZE  PAGE

/* Registers that both AFUs have. */
#define R_DSM     0x110
#define R_SRC     0x120
#define R_DST     0x128
#define R_LINES   0x130
#define R_CTL     0x138
#define R_CFG     0x140
#define R_IRQ     0x150
#define R_STATUS0 0x160
#define R_STATUS1 0x168
#define R_ERROR   0x170

struct bench {
	const char *name;
	struct bus_dev *d;
	struct iospace *ios;
	unsigned char *src, *dst, *dsm;
	/* What memory must hold. */
	unsigned char *want_src, *want_dst, *want_dsm;
};

/** "thread" or "access", for all that is opened next. */
extern const char *bench_async;

/** Open a model with its memory mapped, and filled with a pattern. */
struct bench *bench_open(const char *name);
void bench_close(struct bench *b);

/** Have only bytes [from, to) of the data at SRC or DST mapped, as access says. */
void bench_remap(struct bench *b, uint64_t iova, size_t from, size_t to, unsigned int access);

/** Accesses, asserted. */
uint64_t bench_get(struct bench *b, uint64_t off);
uint32_t bench_get32(struct bench *b, uint64_t off);
void bench_set(struct bench *b, uint64_t off, uint64_t value);
void bench_set32(struct bench *b, uint64_t off, uint32_t value);

/** Field of the status line at an offset of the status memory. */
uint64_t bench_field(struct bench *b, unsigned int off, unsigned int len);

/** Wait until the status line at an offset says that the test is done; whether it does. */
bool bench_wait(struct bench *b, unsigned int at);

/** Wait until a register has one of some bits; whether it does. */
bool bench_wait_bits(struct bench *b, uint64_t off, uint64_t bits);

/** Wait until so many lines more are counted in each direction; whether they are. */
bool bench_wait_lines(struct bench *b, uint32_t reads, uint32_t writes);

/** Let the device do what it must not do, for a while. */
void bench_spend(struct bench *b);

/** Whether all memory but the status line at an offset is as it must be. */
bool bench_memory_is_good(struct bench *b, unsigned int at);

/** Take the status line for good, and make it 0 again. */
void bench_take_status(struct bench *b, unsigned int at);

#endif
