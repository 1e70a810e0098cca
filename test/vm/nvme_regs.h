/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NVME_REGS_H
#define NVME_REGS_H

/**
 * @file
 * Registers, commands and completions of an NVMe controller, as far as nvme_driver.c uses them.
 * Section numbers are of the NVM Express specification, revision 1.3; later ones have the same
 * layout. Little endian.
 */

#include <stdint.h>

/* QEMU's controller. */
#define NVME_VENDOR 0x1b36
#define NVME_DEVICE 0x0010

#define NVME_BAR  0
#define NVME_PAGE 4096 /* of memory, with CC.MPS 0 */

/* 3.1.1: capabilities, 64 bits, RO */
#define NVME_CAP 0x00
#define NVME_CAP_TIMEOUT_MS(cap) ((((cap) >> 24) & 0xff) * 500) /* CAP.TO, for CSTS.RDY */
#define NVME_CAP_STRIDE(cap)     (4u << (((cap) >> 32) & 0xf))  /* CAP.DSTRD, bytes */
#define NVME_CAP_NVM             (UINT64_C(1) << 37)            /* CAP.CSS: the NVM command set */
#define NVME_CAP_PAGE_MIN(cap)   (((cap) >> 48) & 0xf)          /* CAP.MPSMIN, 0 is 4 KiB */

/* 3.1.2: version, RO */
#define NVME_VS 0x08
#define NVME_VS_MAJOR(vs) ((vs) >> 16)

/* 3.1.5: configuration. EN may change only when CSTS.RDY has followed its last change. */
#define NVME_CC 0x14
#define NVME_CC_EN      0x1u
#define NVME_CC_ENTRIES (6u << 16 | 4u << 20) /* IOSQES, IOCQES: 64 and 16 bytes */

/* 3.1.6: status, RO */
#define NVME_CSTS 0x1c
#define NVME_CSTS_RDY 0x1u
#define NVME_CSTS_CFS 0x2u /* fatal; a reset of the controller clears it */

/* 3.1.8 to 3.1.10: the admin queues, read when EN becomes 1 */
#define NVME_AQA 0x24
#define NVME_AQA_ENTRIES(n) (((n) - 1u) << 16 | ((n) - 1u)) /* completion, submission */
#define NVME_ASQ 0x28
#define NVME_ACQ 0x30

/* 3.1.16, 3.1.17: doorbells of the admin queues; the second one stride behind the first */
#define NVME_SQ0_TAIL 0x1000

/* 4.2: a submission queue entry, without what an Identify does not have */
struct nvme_command {
	uint8_t opcode;
	uint8_t flags;     /* 0: no fused command, memory by PRPs */
	uint16_t cid;      /* comes back in the completion */
	uint32_t nsid;
	uint64_t reserved[2];
	uint64_t prp1;
	uint64_t prp2;     /* 0 where PRP 1 is a whole page and enough */
	uint32_t dw10[6];
};

_Static_assert(sizeof(struct nvme_command) == 64, "4.2: a command has 64 bytes");

/* 4.6: a completion queue entry. Its last word alone tells of the command's end. */
struct nvme_completion {
	uint32_t result;
	uint32_t reserved;
	uint32_t queue;    /* head and number of the submission queue */
	uint32_t end;
};

_Static_assert(sizeof(struct nvme_completion) == 16, "4.6: a completion has 16 bytes");

#define NVME_END_CID(end)   ((uint16_t)(end))
#define NVME_END_PHASE(end) (((end) >> 16) & 1) /* inverts with each pass through the ring */
#define NVME_END_CODE(end)  (((end) >> 17) & 0x7ff) /* type (SCT) in bits 10:8, code (SC) */

/* 4.6.1.2.1: generic codes */
#define NVME_CODE_SUCCESS       0x00
#define NVME_CODE_BAD_OPCODE    0x01
#define NVME_CODE_BAD_FIELD     0x02
#define NVME_CODE_ABORTED       0x07
#define NVME_CODE_QUEUE_DELETED 0x08

/* 5.15: Identify writes 4096 bytes. CDW10 says which (CNS). */
#define NVME_IDENTIFY            0x06
#define NVME_IDENTIFY_LEN        4096
#define NVME_IDENTIFY_CONTROLLER 0x01
#define NVME_CNS_MAX             0xff
/* Figure "Identify Controller Data Structure" */
#define NVME_CONTROLLER_NN 516 /* the highest namespace, 4 bytes */

#endif
