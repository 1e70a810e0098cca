/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "afu_model.h"

#include <errno.h>
#include <string.h>

#define PAGE 4096 /* the smallest page of an IOMMU: memory is mapped in whole ones */

void
afu_clear(struct afu *afu)
{
	afu->reads = 0;
	afu->writes = 0;
	afu->clocks = 0;
	afu->error = 0;
	afu->error_iova = 0;
	afu->running = false;
}

void
afu_reset(struct afu *afu)
{
	const struct afu_csr *csr;

	memset(afu->csr, 0, sizeof(afu->csr));
	for (csr = afu->layout; csr->writable != 0 || csr->value != 0; csr++)
		afu->csr[csr->off / 8] = csr->value;
	afu->dsm_number = 0;
	afu_clear(afu);
}

/*
 * Registers
 */

static uint64_t
load(const struct afu *afu, uint64_t off)
{
	switch (off) {
	case AFU_STATUS0:
		return afu->reads << 32 | (uint32_t)afu->writes;
	case AFU_ERROR:
		return afu->error;
	default:
		return off < AFU_CSR_SIZE ? afu->csr[off / 8] : 0;
	}
}

int
afu_read(const struct afu *afu, uint64_t off, void *data, size_t len)
{
	uint64_t value;

	if (len != 4 && len != 8)
		return -EINVAL;
	value = load(afu, off & ~UINT64_C(7)) >> (off & 4) * 8;
	memcpy(data, &value, len);
	return 0;
}

static const struct afu_csr *
find_writable(const struct afu *afu, uint64_t off)
{
	bool locked = (afu_ctl(afu) & (AFU_CTL_RUN | AFU_CTL_START)) != AFU_CTL_RUN;
	const struct afu_csr *csr;

	for (csr = afu->layout; csr->writable != 0 || csr->value != 0; csr++) {
		if (csr->off == off)
			return csr->locked && locked ? NULL : csr;
	}
	return NULL;
}

int
afu_write(struct afu *afu, uint64_t off, const void *data, size_t len)
{
	unsigned int shift = (off & 4) * 8;
	const struct afu_csr *csr;
	uint64_t value = 0, mask;

	if (len != 4 && len != 8)
		return -EINVAL;
	off &= ~UINT64_C(7);
	csr = find_writable(afu, off);
	if (csr == NULL)
		return 0;
	memcpy(&value, data, len);
	mask = csr->writable & (len == 8 ? UINT64_MAX : (uint64_t)UINT32_MAX << shift);
	afu->csr[off / 8] = (afu->csr[off / 8] & ~mask) | (value << shift & mask);
	return 0;
}

/*
 * DMA
 */

static bool
note(struct afu *afu, uint32_t error, uint64_t iova)
{
	afu->error |= error;
	afu->error_iova = iova;
	return false;
}

bool
afu_dma_read(struct afu *afu, uint64_t iova, void *data, size_t len)
{
	if (devmodel_dma_read(afu->host, iova, data, len) != 0)
		return note(afu, AFU_ERROR_READ, iova);
	return true;
}

bool
afu_dma_write(struct afu *afu, uint64_t iova, const void *data, size_t len)
{
	if (devmodel_dma_write(afu->host, iova, data, len) != 0)
		return note(afu, AFU_ERROR_WRITE, iova);
	return true;
}

bool
afu_read_lines(struct afu *afu, uint64_t iova, uint32_t n)
{
	if (!afu_dma_read(afu, iova, afu->lines, (size_t)n * AFU_LINE))
		return false;
	afu->reads += n;
	return true;
}

bool
afu_write_lines(struct afu *afu, uint64_t iova, uint32_t n)
{
	if (!afu_dma_write(afu, iova, afu->lines, (size_t)n * AFU_LINE))
		return false;
	afu->writes += n;
	return true;
}

bool
afu_write_status(struct afu *afu, uint64_t iova, const unsigned char line[AFU_LINE])
{
	if (devmodel_dma_write(afu->host, iova, line, AFU_LINE) != 0)
		return note(afu, AFU_ERROR_STATUS, iova);
	return true;
}

/*
 * Streams
 */

static uint32_t
at_most(uint32_t n, uint64_t limit)
{
	return n < limit ? n : (uint32_t)limit;
}

uint32_t
afu_stream_next(const struct afu_stream *stream, uint64_t iova, uint64_t iova2)
{
	uint32_t n = at_most(stream->left, AFU_STEP_LINES);

	n = at_most(n, stream->wrap - stream->off);
	/* Within a page all lines fail or none does: the first that fails is the first of a DMA. */
	n = at_most(n, (PAGE - iova % PAGE) / AFU_LINE);
	return at_most(n, (PAGE - iova2 % PAGE) / AFU_LINE);
}

void
afu_stream_advance(struct afu *afu, struct afu_stream *stream, uint32_t n)
{
	afu->clocks += n;
	stream->left -= n;
	stream->off = (stream->off + n) & (stream->wrap - 1);
	if (stream->left > 0)
		return;
	stream->on = stream->again;
	stream->off = 0;
	stream->left = stream->pass;
}

void
afu_stream_stop(struct afu_stream *stream)
{
	if (!stream->again && stream->left <= stream->request)
		return;
	stream->left = stream->request - stream->off % stream->request;
	stream->again = false;
}
