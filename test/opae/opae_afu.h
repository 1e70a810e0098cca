/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_AFU_H
#define OPAE_AFU_H

/**
 * @file
 * Device models with AFUs for tests, made with the public model SDK:
 *
 *	t-afu   an AFU that does one DMA access at a time, with 8 MSI-X vectors and a reset. No
 *	        driver has its PCI id.
 *	t-pair  two such AFUs in one BAR, without interrupts. Its PCI id is one of a DFL card.
 *	t-bare  a BAR of zeros: no feature header
 *
 * They are in every program that links this file. What follows are accesses through OPAE's calls.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opae/fpga.h>

/** As uuid_t: of t-afu, and of the two AFUs of t-pair. */
extern fpga_guid afu_guid;
extern fpga_guid afu_pair_guid;
extern fpga_guid afu_pair_guid2;

#define AFU_BAR_SIZE  0x10000
#define AFU_PAIR_AT   0x4020 /* where the second one begins: no multiple of 64 */
#define AFU_VECTORS   8

/* Registers, from the feature header on. */
#define AFU_SCRATCH   0x40
#define AFU_WIDE      0x80  /* 64 bytes */
#define AFU_DMA_IOVA  0x100
#define AFU_DMA_LEN   0x108 /* 1 to AFU_DMA_MAX */
#define AFU_DMA_CMD   0x110 /* what happens when it is written */
#define AFU_DMA_READ  1     /* host to AFU */
#define AFU_DMA_WRITE 2     /* AFU to host: AFU_DATA, over and over */
#define AFU_STATUS    0x118 /* 0, or AFU_FAULT */
#define AFU_FAULT     1
#define AFU_DATA      0x120 /* the first 8 bytes that were read, or what is written */
#define AFU_IRQ       0x128 /* raises the vector that is written */

#define AFU_DMA_MAX   8192

/** Take the model t-afu away, of which none is open, or bring it back. */
void afu_model_present(bool present);

/** Have the AFU read or write host memory; false when the IOMMU refused. */
bool afu_reads(fpga_handle handle, uint64_t iova, uint64_t len);
bool afu_writes(fpga_handle handle, uint64_t iova, uint64_t len, uint64_t data);

/** What the AFU read last. */
uint64_t afu_data(fpga_handle handle);

void afu_raise(fpga_handle handle, uint64_t vector);

#endif
