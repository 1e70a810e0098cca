/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HE_LB_REGS_H
#define HE_LB_REGS_H

/**
 * @file
 * HE-LB (host exerciser, loopback): an AFU of the Open FPGA Stack that copies, reads and writes
 * host memory. "Locked": a write is taken only while CTL is HE_CTL_RUN.
 */

#define HE_LB_GUID_H     0x56e203e9864f49a7
#define HE_LB_GUID_L     0xb94b12284c31e02b
#define HE_MEM_GUID_H    0x8568ab4e6ba54616
#define HE_MEM_GUID_L    0xbb652a578330a8eb

#define HE_SCRATCHPAD0   0x100 /* 32 bits */
#define HE_SCRATCHPAD1   0x104
#define HE_SCRATCHPAD2   0x108 /* 64 bits */
#define HE_DSM_BASEL     0x110 /* 32 bits each: IOVA of the status memory, in lines of 64 bytes */
#define HE_DSM_BASEH     0x114
#define HE_SRC_ADDR      0x120 /* 64 bits, locked: IOVA in lines */
#define HE_DST_ADDR      0x128
#define HE_NUM_LINES     0x130 /* number of lines less 1, 20 bits */
#define HE_CTL           0x138 /* 32 bits */
#define HE_CTL_RUN       0x1   /* 0: in reset, counters are 0 */
#define HE_CTL_START     0x2   /* an edge */
#define HE_CTL_STOP      0x4
#define HE_CFG           0x140 /* 64 bits, locked */
#define HE_CFG_DELAY     0x1
#define HE_CFG_CONT      0x2
#define HE_CFG_MODE(c)   ((c) >> 2 & 7)
#define HE_CFG_MODE_POS  2
#define HE_MODE_LPBK     0
#define HE_MODE_READ     1
#define HE_MODE_WRITE    2
#define HE_MODE_TRPUT    3
#define HE_CFG_REQ_LEN(c) (((c) >> 5 & 3) | ((c) >> 28 & 0xc)) /* log2 of lines per request */
#define HE_CFG_ATOMIC    0x80
#define HE_CFG_ATOMIC_8  0x100 /* on 8 bytes; else on 4 */
#define HE_CFG_ATOMIC_FN(c) ((c) >> 9 & 7)
#define HE_ATOMIC_FADD   0
#define HE_ATOMIC_SWAP   1
#define HE_ATOMIC_CAS    2
#define HE_CFG_IRQ_ERROR (1u << 28)
#define HE_CFG_IRQ_DONE  (1u << 29)
#define HE_INACT         0x148 /* 32 bits, locked */
#define HE_INTERRUPT0    0x150 /* 32 bits, locked: 31:16 MSI-X vector */
#define HE_SWTEST_MSG    0x158 /* 64 bits */
#define HE_STATUS0       0x160 /* RO: 31:0 writes, with that of the status; 63:32 reads */
#define HE_STATUS1       0x168 /* RO: 16 bits each: pending writes and reads, of host and memory */
#define HE_ERROR         0x170 /* RO */
#define HE_STRIDE        0x178 /* 32 bits, of which 6 count */
#define HE_INFO0         0x180 /* RO: 15:0 MHz, 23:16 version of this interface, 24 no atomics */
#define HE_INFO_VERSION(i) ((i) >> 16 & 0xff)
#define HE_INFO_BUS_BYTES(i) (32u << ((i) >> 25 & 3)) /* from version 3 on */

#define HE_LINE          64
#define HE_MAX_LINES     1024  /* the offset of a line has 10 bits */
#define HE_MAX_REQ_LEN   4
/* What is written to each line: its number in the request, 32 bits, four times this, and 0. */
#define HE_PATTERN       0xfeedf00du

/* One line of status at the status memory, written after all data. */
#define HE_DSM_DONE      0x1   /* in the first 16 bits, with a number that grows in 15:1 */
#define HE_DSM_ERROR     0x04  /* offsets in the line: 32 bits */
#define HE_DSM_TICKS     0x08  /* 40 bits */
#define HE_DSM_READS_HI  0x0e  /* 8 bits: bits 39:32 */
#define HE_DSM_WRITES_HI 0x0f
#define HE_DSM_READS     0x10  /* 32 bits: bits 31:0 */
#define HE_DSM_WRITES    0x14

#endif
