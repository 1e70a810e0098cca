/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "soft.h"

#include <errno.h>
#include <string.h>

#include <rte_memcpy.h>

static enum accel_status
status_of(int err)
{
	return err == -EACCES ? ACCEL_STATUS_PERMISSION : ACCEL_STATUS_BAD_ADDRESS;
}

static int
bank_va(const struct soft_dev *soft, uint16_t space, uint64_t addr, uint64_t len, void **va)
{
	unsigned int bank = space - 1u;

	if (bank >= soft->nb_banks || addr >= soft->bank_size || len > soft->bank_size - addr)
		return -EFAULT;
	*va = soft->banks[bank] + addr;
	return 0;
}

static inline int
resolve(struct soft_qp *qp, struct accel_dma_entry *entry, uint16_t space, uint64_t addr,
		uint64_t len, unsigned int access, void **va)
{
	if (space == ACCEL_SPACE_HOST)
		return accel_dma_va(qp->dev, entry, addr, len, access, va);
	return bank_va(qp->soft, space, addr, len, va);
}

static inline void
copy(void *dst, const void *src, uint64_t len)
{
	uint64_t distance = (uintptr_t)dst - (uintptr_t)src;

	if (distance < len || -distance < len)
		memmove(dst, src, len);
	else
		rte_memcpy(dst, src, len);
}

static void
fill(unsigned char *dst, uint64_t pattern, uint64_t len)
{
	uint64_t i;

	for (i = 0; len - i >= sizeof(pattern); i += sizeof(pattern))
		memcpy(dst + i, &pattern, sizeof(pattern));
	memcpy(dst + i, &pattern, len - i);
}

static inline enum accel_status
exec_copy(struct soft_qp *qp, const struct accel_op *op)
{
	void *src, *dst;
	int ret;

	ret = resolve(qp, &qp->tlb.src, op->src_space, op->src, op->len, ACCEL_DMA_READ, &src);
	if (ret == 0)
		ret = resolve(qp, &qp->tlb.dst, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE,
				&dst);
	if (ret != 0)
		return status_of(ret);
	copy(dst, src, op->len);
	return ACCEL_STATUS_SUCCESS;
}

static enum accel_status
exec_fill(struct soft_qp *qp, const struct accel_op *op)
{
	void *dst;
	int ret = resolve(qp, &qp->tlb.dst, op->dst_space, op->dst, op->len, ACCEL_DMA_WRITE, &dst);

	if (ret != 0)
		return status_of(ret);
	fill(dst, op->pattern, op->len);
	return ACCEL_STATUS_SUCCESS;
}

static bool
must_fail(struct soft_qp *qp)
{
	return qp->soft->fail_every != 0 && ++qp->nb_ops % qp->soft->fail_every == 0;
}

enum accel_status
soft_exec(struct soft_qp *qp, const struct accel_op *op)
{
	/* A fence asks for nothing: ops execute one after the other. */
	if ((op->flags & ~ACCEL_OP_FENCE) != 0 || op->ext != NULL)
		return ACCEL_STATUS_INVALID;
	if (op->len == 0)
		return ACCEL_STATUS_LENGTH;
	if (must_fail(qp))
		return ACCEL_STATUS_DEVICE_ERROR;
	switch (op->type) {
	case ACCEL_OP_COPY:
		return exec_copy(qp, op);
	case ACCEL_OP_FILL:
		return exec_fill(qp, op);
	default:
		return ACCEL_STATUS_INVALID;
	}
}
