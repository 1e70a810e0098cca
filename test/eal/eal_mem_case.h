/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EAL_MEM_CASE_H
#define EAL_MEM_CASE_H

/**
 * @file
 * What the tests of EAL's memory share: copies between objects of EAL on a soft device and on the
 * model of an edu device, which copies from host memory to its own and back.
 */

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

#include <rte_mbuf.h>
#include <rte_memory.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define HOST ACCEL_SPACE_HOST
#define BANK ACCEL_SPACE_BANK(0)

#define MIB ((size_t)1 << 20)

/* An edu device that reaches all memory, another, and one of 28 bits. */
#define EDU        "sim:edu,dma_mask=64,dma_bits=64"
#define EDU2       "sim:edu.2,dma_mask=64,dma_bits=64"
#define EDU_NARROW "sim:edu.3"
#define EDU_BANK   0x40000u

/* The device's half of the tests: which kinds of device they run on. */
static const char *const both_specs[] = { "soft:0", EDU };

static inline bool
is_edu(uint16_t dev)
{
	return strncmp(soft_info(dev).name, "sim:", 4) == 0;
}

/* Run one copy to its end; it is for several threads, therefore nothing is asserted. */
static inline uint8_t
copy(uint16_t dev, uint16_t src_space, uint64_t src, uint16_t dst_space, uint64_t dst, size_t len)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src_space = src_space, .src = src,
		.dst_space = dst_space, .dst = dst, .len = len, .status = ACCEL_STATUS_MAX };
	struct accel_op *ops[] = { &op };

	while (accel_enqueue_burst(dev, 0, ops, 1) != 1)
		sched_yield();
	while (accel_dequeue_burst(dev, 0, ops, 1) != 1)
		sched_yield();
	return op.status;
}

/* From host memory to host memory by the device. The first status that is no success. */
static inline uint8_t
copy_host(uint16_t dev, bool edu, uint64_t src, uint64_t dst, size_t len)
{
	uint8_t status;

	if (!edu)
		return copy(dev, HOST, src, HOST, dst, len);
	status = copy(dev, HOST, src, BANK, EDU_BANK, len);
	return status != 0 ? status : copy(dev, BANK, EDU_BANK, HOST, dst, len);
}

/* Whether all of memory is reachable at IOVA = VA. */
static inline bool
reaches(uint16_t dev, const void *va, size_t len)
{
	uint64_t iova = 0;

	return accel_dev_virt2iova(dev, va, len, &iova) == 0 && iova == (uintptr_t)va;
}

/* Whether some byte at its begin or end is reachable. */
static inline bool
touches(uint16_t dev, const void *va, size_t len)
{
	uint64_t iova;

	return accel_dev_virt2iova(dev, va, 1, &iova) == 0 ||
			accel_dev_virt2iova(dev, (const char *)va + len - 1, 1, &iova) == 0;
}

static inline struct rte_mempool *
make_pool(const char *name, unsigned int n, int socket)
{
	struct rte_mempool *mp = rte_pktmbuf_pool_create(name, n, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
			socket);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mp);
	return mp;
}

#endif
