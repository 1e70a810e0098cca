/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef FAST_REGS_H
#define FAST_REGS_H

/**
 * @file
 * The copy engine of fast_dev.h: BAR 0. Each queue has registers, a ring of descriptors, and one of
 * completions with as many entries. It copies in order. A queue that cannot reach its rings halts.
 */

#include <stdint.h>

#include "fast_dev.h"

#define FAST_VENDOR   0x1af4
#define FAST_DEVICE   0xfa57
#define FAST_BAR_SIZE 4096

#define FAST_QUEUE 0x40 /* from one queue's registers to the next one's */
#define FAST_RING  0x00 /* WO, 8 bytes: IOVA of the descriptors */
#define FAST_DONE  0x08 /* WO, 8 bytes: IOVA of the completions */
#define FAST_MASK  0x10 /* WO, 8 bytes: entries - 1 */
#define FAST_HEAD  0x20 /* RO: descriptors that are done */
#define FAST_TAIL  0x24 /* WO: descriptors that are there; the doorbell */
#define FAST_STOP  0x28 /* WO: forgets all of the above */

#define FAST_ID       0x800 /* RO */
#define FAST_ID_VALUE 0xfa57fa57

enum { FAST_OK, FAST_BAD_LEN, FAST_BAD_ADDR };

struct fast_desc {
	uint64_t src, dst, len, pad;
};

struct fast_done {
	uint32_t status;
	uint32_t seq; /* of the descriptor, from 1 on */
};

#endif
