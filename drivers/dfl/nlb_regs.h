/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NLB_REGS_H
#define NLB_REGS_H

/**
 * @file
 * NLB (native loopback), mode 0: an AFU of Intel's acceleration stack that copies host memory. What
 * is 64 bits wide may be written in two halves. "Locked": a write is taken only while CTL is
 * NLB_CTL_RUN.
 */

#define NLB_GUID_H      0xd8424dc4a4a3c413
#define NLB_GUID_L      0xf89e433683f9040b

#define NLB_SCRATCHPAD0 0x100 /* 32 bits */
#define NLB_SCRATCHPAD1 0x104
#define NLB_SCRATCHPAD2 0x108 /* 64 bits */
#define NLB_DSM_BASE    0x110 /* 64 bits: IOVA of the status memory, in bytes */
#define NLB_SRC_ADDR    0x120 /* 64 bits, locked: IOVA in lines of 64 bytes */
#define NLB_DST_ADDR    0x128
#define NLB_NUM_LINES   0x130 /* 32 bits, of which 20 count */
#define NLB_CTL         0x138 /* 32 bits */
#define NLB_CTL_RUN     0x1   /* 0: in reset, counters are 0 */
#define NLB_CTL_START   0x2
#define NLB_CTL_STOP    0x4
#define NLB_CFG         0x140 /* locked */
#define NLB_CFG_CONT    0x2
#define NLB_CFG_MODE(c) ((c) >> 2 & 7)
#define NLB_MODE_LPBK1  0
#define NLB_INACT       0x148 /* 32 bits, locked */
#define NLB_SWTEST_MSG  0x158 /* 64 bits */
#define NLB_STATUS0     0x160 /* RO: 31:0 writes, 63:32 reads */
#define NLB_STATUS1     0x168 /* RO: 31:0 pending writes, 63:32 pending reads */
#define NLB_ERROR       0x170 /* RO */
#define NLB_STRIDE      0x178 /* 32 bits, of which 6 count */

#define NLB_LINE        64
#define NLB_MAX_LINES   0xfffff

/* One line of status at this offset of the status memory, written after all data. */
#define NLB_DSM_STATUS  0x40
#define NLB_DSM_DONE    0x1   /* in the first 32 bits, with a number that grows in 15:1 */
#define NLB_DSM_ERROR   0x04  /* offsets in the line: 32 bits */
#define NLB_DSM_CLOCKS  0x08  /* 64 bits, of which 40 count */
#define NLB_DSM_READS   0x10  /* 32 bits */
#define NLB_DSM_WRITES  0x14
#define NLB_DSM_START   0x18  /* clocks of overhead at the start and the end */
#define NLB_DSM_END     0x1c

#endif
