/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_CORE_H
#define VTA_CORE_H

/**
 * @file
 * One core of VTA: its memories, its queues, and a program that runs in bounded steps. It knows
 * neither registers nor devices, and reaches memory by two functions. npu_model.c tells what the
 * instruction set leaves open and is chosen here.
 */

#include <stdbool.h>
#include <stdint.h>

#include "vta_check.h"

/** Memory outside: bytes at an address, or an error and none of them. */
struct vta_dma {
	int (*read)(void *ctx, uint64_t addr, void *data, uint32_t len);
	int (*write)(void *ctx, uint64_t addr, const void *data, uint32_t len);
	void *ctx;
};

/** What to run. */
struct vta_job {
	uint64_t insns; /**< address */
	uint32_t count;
	uint64_t base[VTA_MEMS];
};

struct vta_sram {
	int32_t acc[VTA_ACC_DEPTH][VTA_BLOCK];
	int8_t inp[VTA_INP_DEPTH][VTA_BLOCK];
	int8_t wgt[VTA_WGT_DEPTH][VTA_BLOCK][VTA_BLOCK];
	uint32_t uop[VTA_UOP_DEPTH];
	bool computed[VTA_ACC_DEPTH]; /**< by GEMM or ALU since it was loaded */
	int8_t out[VTA_ACC_DEPTH][VTA_BLOCK]; /**< on the way to DRAM */
} __attribute__((aligned(16)));

/** Ways of tokens between neighbours. */
enum vta_edge {
	VTA_LOAD_TO_COMPUTE,
	VTA_COMPUTE_TO_LOAD,
	VTA_COMPUTE_TO_STORE,
	VTA_STORE_TO_COMPUTE,
	VTA_EDGES
};

/** An instruction, and the tokens of the same number on each way. */
struct vta_slot {
	struct vta_insn insn;
	uint32_t next;             /* of its queue */
	uint64_t token[VTA_EDGES]; /* cycle in which it was given */
};

enum vta_state { VTA_IDLE, VTA_FETCHING, VTA_RUNNING };

struct vta_core {
	struct vta_dma dma;
	struct vta_sram *sram;
	struct vta_job job;
	enum vta_state state;
	struct vta_slot *slots;
	uint32_t nb_slots;
	uint32_t fetched;
	struct {
		uint32_t head, tail; /* numbers of instructions */
		uint64_t cycle;      /* from which it can take the next one */
	} queues[VTA_QUEUES];
	struct {
		uint32_t pushed, popped;
	} edges[VTA_EDGES];
	/* The instruction at hand, and where its loops are. */
	bool busy;
	enum vta_queue queue;
	struct {
		bool on;
		uint32_t out, in;
	} loop;
	/* What came of the program. */
	enum npu_error error;
	uint32_t error_insn;
	uint64_t cycles;
	uint32_t acc_writes;
};

/** Make a core as after power-on: 0 or -ENOMEM. */
int vta_core_init(struct vta_core *core, const struct vta_dma *dma);
void vta_core_fini(struct vta_core *core);

/** To the state after power-on, whatever it does. */
void vta_core_reset(struct vta_core *core);

/** Begin a program; the core is idle. Memories keep what they hold, tokens do not stay. */
void vta_core_launch(struct vta_core *core, const struct vta_job *job);

/**
 * Do a piece of work, of some 50 us.
 *
 * @return whether the program goes on; if not, error, error_insn, cycles and acc_writes tell how
 * it ended
 */
bool vta_core_step(struct vta_core *core);

/** Read or write memory, page by page: 0, or an error with the address where it stopped. */
int vta_core_dma(const struct vta_core *core, uint64_t *addr, void *data, uint32_t len, bool write);

#endif
