/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef AFU_MODEL_H
#define AFU_MODEL_H

/**
 * @file
 * What the models of NLB and HE-LB share: a file of 64-bit registers, counters, and streams of
 * lines of 64 bytes.
 *
 * Registers take aligned accesses of 4 and 8 bytes; narrower ones are refused. What is no
 * register reads 0 and ignores writes.
 *
 * Errors: hardware of this kind does not survive a DMA that fails. The models do, and tell: a bit
 * of AFU_ERROR_* in the error register and in the status line, the test ends, and what failed is
 * not counted. The error lasts until CTL's run bit is 0. A line is all or nothing, and lines are
 * taken in order: before the one that failed, all were read and written.
 *
 * Within a step reads run up to 64 lines ahead of writes, as they do in hardware: what a copy
 * within one buffer gives when its ranges overlap is not defined there either.
 *
 * Clocks: one for each line of a stream and one for the start, so that they repeat exactly.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <devmodel/devmodel.h>

#define AFU_LINE         64
#define AFU_CSR_SIZE     0x188
#define AFU_STEP_LINES   64 /* of one stream in one step */

/* Of an AFU alone in its list. */
#define AFU_DFH          (UINT64_C(1) << 60 | UINT64_C(1) << 40)

/* Where both have them. */
#define AFU_CTL          0x138
#define AFU_CTL_RUN      0x1
#define AFU_CTL_START    0x2
#define AFU_CTL_STOP     0x4
#define AFU_STATUS0      0x160
#define AFU_ERROR        0x170

#define AFU_ERROR_READ   (1u << 8)
#define AFU_ERROR_WRITE  (1u << 9)
#define AFU_ERROR_STATUS (1u << 10) /* the status line could not be written */
#define AFU_ERROR_CONFIG (1u << 11) /* what was asked for is not there */

/** A register of 64 bits, or two of 32. */
struct afu_csr {
	uint16_t off;
	bool locked;       /**< writes are taken only while CTL says run and not start */
	uint64_t writable; /**< bits */
	uint64_t value;    /**< after reset */
};

struct afu {
	struct devmodel *host;
	const struct afu_csr *layout; /* ends with writable and value 0 */
	uint64_t csr[AFU_CSR_SIZE / 8];
	uint64_t reads;               /* lines */
	uint64_t writes;
	uint64_t clocks;
	uint32_t error;
	uint64_t error_iova;
	uint16_t dsm_number;
	bool running;
	unsigned char lines[AFU_STEP_LINES * AFU_LINE];
};

/** Lines from offset 0 on, in requests, one time or again and again. */
struct afu_stream {
	bool on;
	bool again;       /**< from the beginning when all lines are done */
	uint32_t off;     /**< of the next line */
	uint32_t left;    /**< lines of this pass */
	uint32_t pass;    /**< lines of a further pass */
	uint32_t request; /**< lines of a request */
	uint32_t wrap;    /**< the offset counts up to this, a power of two */
};

/** To the state after power-on. */
void afu_reset(struct afu *afu);

/** Counters and error to 0, no test runs. */
void afu_clear(struct afu *afu);

/** Accesses by the driver: 0, or -EINVAL for a width that is refused. */
int afu_read(const struct afu *afu, uint64_t off, void *data, size_t len);
int afu_write(struct afu *afu, uint64_t off, const void *data, size_t len);

/** Value of a register. */
static inline uint64_t
afu_get(const struct afu *afu, uint64_t off)
{
	return afu->csr[off / 8] >> (off & 4) * 8;
}

static inline uint32_t
afu_ctl(const struct afu *afu)
{
	return (uint32_t)afu_get(afu, AFU_CTL);
}

/** Whether CTL says that a test be started. */
static inline bool
afu_is_started(uint32_t ctl)
{
	return (ctl & (AFU_CTL_RUN | AFU_CTL_START)) == (AFU_CTL_RUN | AFU_CTL_START);
}

/**
 * Move n lines between memory and afu->lines, and count them; they lie within a page. False after a
 * fault, which is noted.
 */
bool afu_read_lines(struct afu *afu, uint64_t iova, uint32_t n);
bool afu_write_lines(struct afu *afu, uint64_t iova, uint32_t n);

/** DMA of some bytes, not counted. False after a fault, which is noted. */
bool afu_dma_read(struct afu *afu, uint64_t iova, void *data, size_t len);
bool afu_dma_write(struct afu *afu, uint64_t iova, const void *data, size_t len);

/** Write the status line, after all data. */
bool afu_write_status(struct afu *afu, uint64_t iova, const unsigned char line[AFU_LINE]);

/** Lines to do next: up to the ends of the pages of two addresses, and no more than a step's. */
uint32_t afu_stream_next(const struct afu_stream *stream, uint64_t iova, uint64_t iova2);

/** n lines were done. */
void afu_stream_advance(struct afu *afu, struct afu_stream *stream, uint32_t n);

/** The request at hand is the last one. */
void afu_stream_stop(struct afu_stream *stream);

#endif
