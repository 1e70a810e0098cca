/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EDU_REGS_H
#define EDU_REGS_H

/**
 * @file
 * Registers of QEMU's educational device, 1234:11e8, as QEMU documents them (docs/specs/edu). BAR
 * 0, 1 MiB, little endian. Below 0x80 only accesses of 4 bytes, from there on of 4 or 8.
 */

#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8

#define EDU_BAR      0
#define EDU_BAR_SIZE 0x100000

#define EDU_ID             0x00 /* RO: 0xRRrr00ed, major and minor revision */
#define EDU_ID_MASK        0x0000ffff
#define EDU_ID_VALUE       0x000000ed
#define EDU_LIVENESS       0x04 /* RW: reads back inverted */
#define EDU_FACTORIAL      0x08 /* RW: n in, n! out */
#define EDU_STATUS         0x20 /* RW */
#define EDU_STATUS_BUSY    0x01 /* RO: computing a factorial */
#define EDU_STATUS_IRQ     0x80 /* interrupt when it is done */
#define EDU_IRQ_STATUS     0x24 /* RO: causes that are pending */
#define EDU_IRQ_FACTORIAL  0x001
#define EDU_IRQ_DMA        0x100
#define EDU_IRQ_RAISE      0x60 /* WO: sets causes and interrupts */
#define EDU_IRQ_ACK        0x64 /* WO: clears causes */
#define EDU_DMA_SRC        0x80
#define EDU_DMA_DST        0x88
#define EDU_DMA_COUNT      0x90
#define EDU_DMA_CMD        0x98
#define EDU_DMA_START      0x1 /* reads back as long as it runs */
#define EDU_DMA_TO_HOST    0x2 /* device to host; else host to device */
#define EDU_DMA_IRQ        0x4 /* interrupt when it is done */

/* The device's own memory, the other side of every transfer. */
#define EDU_BUF_BASE 0x40000
#define EDU_BUF_SIZE 4096

#endif
