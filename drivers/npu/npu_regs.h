/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NPU_REGS_H
#define NPU_REGS_H

/**
 * @file
 * Registers of the NPU, in BAR0: a shell, which is ours, and one or more cores of VTA
 * behind it. All registers have 32 bits; others than those named read 0 and take no writes.
 *
 * A core's registers are VTA's own, in the layout with pointers of 64 bits. VTA has no register for
 * errors, interrupts or reset: those are in the shell.
 *
 * A core forms an address as base | (dram_base << log2 of the element's bytes), the right side
 * cut to 32 bits: so bases are multiples of 2^32 here, and everything a program reaches lies in
 * one window of 4 GiB. The instructions lie where VTA_INSN says, in that window or not.
 *
 * An interrupt comes when a core is done and its bit of NPU_IRQ_ENABLE is set, and when that bit
 * is being set while its bit of NPU_IRQ_CAUSE is. A reset clears the core's cause and error, not
 * its enable.
 */

#define NPU_VENDOR 0x1234
#define NPU_DEVICE 0x7a01

#define NPU_BAR       0
#define NPU_BAR_SIZE  0x20000
#define NPU_MAX_CORES 16

/* Shell */
#define NPU_ID          0x000 /* NPU_ID_VALUE */
#define NPU_VERSION     0x004 /* of this block: NPU_VERSION_VALUE */
#define NPU_CORES       0x008 /* number of cores */
#define NPU_ISA         0x00c /* VTA's hardware version: major 23:16, minor 15:8, patch 7:0 */
#define NPU_WIDTHS      0x010 /* log2, 4 bits each from 0: inp, wgt, acc, batch, block */
#define NPU_BUFFERS     0x014 /* log2 of bytes, 8 bits each from bit 0: uop, inp, wgt, acc */
#define NPU_IRQ_ENABLE  0x018 /* bit n: core n raises vector n when it is done */
#define NPU_IRQ_CAUSE   0x01c /* bit n: core n was done; write 1 to clear */
#define NPU_RESET       0x020 /* write bit n: core n stops where it is, and is as after power-on */
#define NPU_ERROR(n)      (0x040 + 4 * (n)) /* how the last program ended: enum npu_error */
#define NPU_ERROR_INSN(n) (0x080 + 4 * (n)) /* number of the instruction that failed, or 0 */

#define NPU_ID_VALUE      0x4155504eu /* "NPUA" */
#define NPU_VERSION_VALUE 1u

/** How a program ended. */
enum npu_error {
	NPU_ERROR_NONE = 0,
	NPU_ERROR_OPCODE = 1,   /* opcode, memory type or ALU operation is none */
	NPU_ERROR_SRAM = 2,     /* outside a memory, or STORE of what was not computed */
	NPU_ERROR_DRAM = 3,     /* no memory behind an address, or not for this access */
	NPU_ERROR_FLAG = 4,     /* a flag, a field or a shift that VTAs do not agree on */
	NPU_ERROR_DEADLOCK = 5, /* no queue can go on, or FINISH is not the last alone */
	NPU_ERROR_FETCH = 6,    /* instructions cannot be read; none, or too many */
};

/** Instructions of a program, at most. */
#define NPU_MAX_INSNS (1u << 20)

/* Core n */
#define NPU_CORE(n)       (0x1000 + 0x1000 * (n))
/*
 * Write 1: launch, unless it runs. Reads 1 while a program runs, 2 when it is done, well or not.
 * Other registers are taken at the launch, and keep what is written.
 */
#define VTA_CONTROL       0x00
#define VTA_CONTROL_LAUNCH 1u
#define VTA_CONTROL_FINISH 2u
#define VTA_CYCLES        0x04 /* clock cycles of the last program, low 32 bits */
#define VTA_INSN_COUNT    0x08
#define VTA_INSN_LO       0x0c /* byte address of the first instruction, a multiple of 16 */
#define VTA_INSN_HI       0x10
#define VTA_UOP_LO        0x14 /* bases of the memories */
#define VTA_UOP_HI        0x18
#define VTA_INP_LO        0x1c
#define VTA_INP_HI        0x20
#define VTA_WGT_LO        0x24
#define VTA_WGT_HI        0x28
#define VTA_ACC_LO        0x2c
#define VTA_ACC_HI        0x30
#define VTA_OUT_LO        0x34
#define VTA_OUT_HI        0x38
#define VTA_ACC_WRITES    0x3c /* vectors that GEMM and ALU wrote to ACC in the last program */
#define VTA_REGS_END      0x40

#endif
