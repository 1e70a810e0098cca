/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/mmio.h>

#include <string.h>

#include "handle.h"

/* Registers, by offsets from the accelerator's feature header. */

static struct handle *
get_handle(fpga_handle handle, uint32_t mmio_num)
{
	struct handle *h = object_get(handle, OBJECT_HANDLE);

	if (h != NULL && mmio_num >= h->acc->num_mmio) {
		object_put(h);
		h = NULL;
	}
	return h;
}

/* The handle, held, when there is a register of that width at an offset. */
static struct handle *
get_register(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint64_t width)
{
	struct handle *h = get_handle(handle, mmio_num);

	if (h != NULL && (offset % width != 0 || offset >= h->acc->afu.size ||
			width > h->acc->afu.size - offset)) {
		object_put(h);
		h = NULL;
	}
	return h;
}

fpga_result
fpgaReadMMIO64(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint64_t *value)
{
	struct handle *h = value != NULL ? get_register(handle, mmio_num, offset, 8) : NULL;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	*value = accel_mmio_read64(&h->region, h->acc->afu.offset + offset);
	object_put(h);
	return FPGA_OK;
}

fpga_result
fpgaReadMMIO32(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint32_t *value)
{
	struct handle *h = value != NULL ? get_register(handle, mmio_num, offset, 4) : NULL;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	*value = accel_mmio_read32(&h->region, h->acc->afu.offset + offset);
	object_put(h);
	return FPGA_OK;
}

fpga_result
fpgaWriteMMIO64(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint64_t value)
{
	struct handle *h = get_register(handle, mmio_num, offset, 8);

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	/* What the accelerator reads once it is told is written before. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	accel_mmio_write64(&h->region, h->acc->afu.offset + offset, value);
	object_put(h);
	return FPGA_OK;
}

fpga_result
fpgaWriteMMIO32(fpga_handle handle, uint32_t mmio_num, uint64_t offset, uint32_t value)
{
	struct handle *h = get_register(handle, mmio_num, offset, 4);

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	accel_mmio_write32(&h->region, h->acc->afu.offset + offset, value);
	object_put(h);
	return FPGA_OK;
}

/*
 * 64 bytes at once
 */

#ifdef __x86_64__
static bool
cpu_writes_512(void)
{
	return __builtin_cpu_supports("avx512f") != 0;
}

static void __attribute__((target("avx512f")))
write_512(volatile unsigned char *to, const void *from)
{
	__asm__ volatile("vmovdqu64 (%0), %%zmm0\n\tvmovdqu64 %%zmm0, (%1)"
			: : "r"(from), "r"(to) : "xmm0", "memory");
}
#else
static bool
cpu_writes_512(void)
{
	return false;
}

static void
write_512(volatile unsigned char *to, const void *from)
{
	(void)to;
	(void)from;
}
#endif

/* A model has no bus, so for it eight words one after the other are the same. */
static void
write_words(struct handle *h, uint64_t off, const void *from)
{
	uint64_t word[8];
	unsigned int i;

	memcpy(word, from, sizeof(word));
	for (i = 0; i < 8; i++)
		accel_mmio_write64(&h->region, off + 8 * i, word[i]);
}

fpga_result
fpgaWriteMMIO512(fpga_handle handle, uint32_t mmio_num, uint64_t offset, const void *value)
{
	struct handle *h = value != NULL ? get_register(handle, mmio_num, offset, 64) : NULL;
	fpga_result ret = FPGA_OK;
	uint64_t off;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	off = h->acc->afu.offset + offset;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (!accel_mmio_is_mapped(&h->region, off, 64))
		write_words(h, off, value);
	else if (cpu_writes_512())
		write_512(h->region.va + (off - h->region.first), value);
	else
		ret = FPGA_NOT_SUPPORTED;
	object_put(h);
	return ret;
}

/*
 * Mapping
 */

static fpga_result
map(struct handle *h, uint64_t **mmio_ptr)
{
	uint64_t off = h->acc->afu.offset;

	if (mmio_ptr != NULL) {
		if (!accel_mmio_is_mapped(&h->region, off, 8))
			return FPGA_NOT_SUPPORTED;
		*mmio_ptr = (uint64_t *)(uintptr_t)(h->region.va + (off - h->region.first));
	}
	__atomic_add_fetch(&h->maps, 1, __ATOMIC_RELAXED);
	return FPGA_OK;
}

fpga_result
fpgaMapMMIO(fpga_handle handle, uint32_t mmio_num, uint64_t **mmio_ptr)
{
	struct handle *h = get_handle(handle, mmio_num);
	fpga_result ret;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	ret = map(h, mmio_ptr);
	object_put(h);
	return ret;
}

/* The registers stay mapped until the handle is closed; only the count changes. */
fpga_result
fpgaUnmapMMIO(fpga_handle handle, uint32_t mmio_num)
{
	struct handle *h = get_handle(handle, mmio_num);
	unsigned int maps;
	bool mapped = false;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	maps = __atomic_load_n(&h->maps, __ATOMIC_RELAXED);
	while (maps > 0 && !mapped)
		mapped = __atomic_compare_exchange_n(&h->maps, &maps, maps - 1, false,
				__ATOMIC_RELAXED, __ATOMIC_RELAXED);
	object_put(h);
	return mapped ? FPGA_OK : FPGA_INVALID_PARAM;
}
