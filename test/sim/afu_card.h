/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef AFU_CARD_H
#define AFU_CARD_H

/**
 * @file
 * "sim:card", an FPGA function for tests: BAR 0 is an image that the test writes, with ports that
 * reset and one engine with the registers of NLB. Numbers are written down here a second time, from
 * the specification. Also for set-ups of suites, which cannot assert: what must not be aborts.
 */

#include <stdbool.h>
#include <stdint.h>

#define TYPE_AFU     1u
#define TYPE_BLOCK   2u
#define TYPE_PRIVATE 3u
#define TYPE_FIU     4u
#define ID_FME       0u
#define ID_PORT      1u
#define EOL          (UINT64_C(1) << 40)

#define NLB_H        UINT64_C(0xd8424dc4a4a3c413)
#define NLB_L        UINT64_C(0xf89e433683f9040b)
#define HE_H         UINT64_C(0x56e203e9864f49a7)
#define HE_L         UINT64_C(0xb94b12284c31e02b)

/** What the engine does when it is started. */
enum card_answer {
	CARD_COPIES,
	CARD_FAILS,  /* copies, and has an error in its status */
	CARD_SILENT, /* nothing, for ever */
};

/**
 * What the card is, from card_insert() on. The test changes members while no instance is open,
 * those that are marked at any time.
 */
struct card {
	unsigned char *bar;
	uint64_t size;
	uint64_t engine;         /* offset of the engine; UINT64_MAX: none */
	enum card_answer answer; /* any time */
	bool no_ack;             /* any time: ports do not tell that they are in reset */
	unsigned int resets;     /* any time: ports that were put into reset */
	unsigned int starts;     /* any time */
};

extern struct card card;

/** Make "sim:card", all zeros, with an identity. size 0: its only BAR is number 2. */
void card_insert(uint64_t size, uint16_t vendor, uint16_t device, bool has_reset);

/** Take it away; no instance may be left. */
void card_eject(void);

/** Write 64 bits of the image. */
void card_put(uint64_t off, uint64_t value);

/** Write a header: type, id and bytes to the next one, or EOL. */
void card_header(uint64_t off, uint64_t type, uint64_t id, uint64_t next);

/** The same with version 1: its registers are elsewhere, and it has parameters. */
void card_header1(uint64_t off, uint64_t type, uint64_t id, uint64_t next);

/** Header of an AFU, with its GUID: h:l, and h:0 for short. */
void card_afu(uint64_t off, uint64_t h, uint64_t l, uint64_t next);

/** Header of a port with the distance to its AFU, or 0. */
void card_port(uint64_t off, uint64_t next, uint64_t afu);

#endif
