/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "opae_afu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <devmodel/devmodel.h>

#include "harness.h"

#define GUID_H   UINT64_C(0x1122334455667788)
#define GUID_L   UINT64_C(0x99aabbccddeeff00)
#define PAIR_L   UINT64_C(0x99aabbccddeeff01)
#define PAIR2_L  UINT64_C(0x99aabbccddeeff02)

#define DFH_AFU  (UINT64_C(1) << 60)
#define DFH_EOL  (UINT64_C(1) << 40)

#define GUID_BYTES(last)                                                                           \
	{ 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,                                          \
		0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, last }

fpga_guid afu_guid = GUID_BYTES(0x00);
fpga_guid afu_pair_guid = GUID_BYTES(0x01);
fpga_guid afu_pair_guid2 = GUID_BYTES(0x02);

struct afu {
	struct devmodel *host;
	uint64_t regs[AFU_BAR_SIZE / 8];
	uint64_t mem[AFU_DMA_MAX / 8];
};

static void
put_header(struct afu *afu, uint64_t at, uint64_t dfh, uint64_t guid_l)
{
	afu->regs[at / 8] = dfh;
	afu->regs[at / 8 + 1] = guid_l;
	afu->regs[at / 8 + 2] = GUID_H;
}

static void
reset(void *priv)
{
	struct afu *afu = priv;

	memset(afu->regs, 0, sizeof(afu->regs));
	put_header(afu, 0, DFH_AFU | DFH_EOL, GUID_L);
}

static int
create_bare(struct devmodel *host, void **priv)
{
	struct afu *afu = calloc(1, sizeof(*afu));

	if (afu == NULL)
		return -ENOMEM;
	afu->host = host;
	*priv = afu;
	return 0;
}

static int
create(struct devmodel *host, void **priv)
{
	int ret = create_bare(host, priv);

	if (ret == 0)
		reset(*priv);
	return ret;
}

static int
create_pair(struct devmodel *host, void **priv)
{
	int ret = create_bare(host, priv);

	if (ret == 0) {
		put_header(*priv, 0, DFH_AFU | (uint64_t)AFU_PAIR_AT << 16, PAIR_L);
		put_header(*priv, AFU_PAIR_AT, DFH_AFU | DFH_EOL, PAIR2_L);
	}
	return ret;
}

static int
read_bar(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	const struct afu *afu = priv;

	(void)bar;
	memcpy(data, (const char *)afu->regs + off, len);
	return 0;
}

/* regs are those of the AFU that is told. */
static void
transfer(struct afu *afu, uint64_t *regs)
{
	uint64_t iova = regs[AFU_DMA_IOVA / 8], len = regs[AFU_DMA_LEN / 8];
	uint64_t *data = &regs[AFU_DATA / 8];
	size_t i;
	int ret = -EINVAL;

	if (len <= AFU_DMA_MAX && regs[AFU_DMA_CMD / 8] == AFU_DMA_WRITE) {
		for (i = 0; i < AFU_DMA_MAX / 8; i++)
			afu->mem[i] = *data;
		ret = devmodel_dma_write(afu->host, iova, afu->mem, len);
	} else if (len <= AFU_DMA_MAX) {
		ret = devmodel_dma_read(afu->host, iova, afu->mem, len);
		*data = afu->mem[0];
	}
	regs[AFU_STATUS / 8] = ret == 0 ? 0 : AFU_FAULT;
}

static int
write_bar(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct afu *afu = priv;
	uint64_t base = (afu->regs[0] & DFH_EOL) == 0 && off >= AFU_PAIR_AT ? AFU_PAIR_AT : 0;

	(void)bar;
	if (off - base < 0x18)
		return -EINVAL; /* the header */
	memcpy((char *)afu->regs + off, data, len);
	if (off - base == AFU_DMA_CMD)
		transfer(afu, &afu->regs[base / 8]);
	if (off - base == AFU_IRQ)
		devmodel_irq(afu->host, (unsigned int)afu->regs[off / 8]);
	return 0;
}

static struct devmodel_type t_afu = {
	.abi = DEVMODEL_ABI,
	.name = "t-afu",
	.id = { 0x1d0f, 0xf010, 0x1234, 0x5678, 0x120000, 1 },
	.bar_size = { AFU_BAR_SIZE },
	.nb_msix = AFU_VECTORS,
	.has_reset = true,
	.create = create,
	.destroy = free,
	.read = read_bar,
	.write = write_bar,
	.reset = reset,
};
DEVMODEL_REGISTER(t_afu)

static struct devmodel_type t_pair = {
	.abi = DEVMODEL_ABI,
	.name = "t-pair",
	.id = { 0x8086, 0xbcce, 0x8086, 0x1771, 0x120000, 1 },
	.bar_size = { AFU_BAR_SIZE },
	.create = create_pair,
	.destroy = free,
	.read = read_bar,
	.write = write_bar,
};
DEVMODEL_REGISTER(t_pair)

static struct devmodel_type t_bare = {
	.abi = DEVMODEL_ABI,
	.name = "t-bare",
	.id = { 0x1d0f, 0xf011, 0, 0, 0x120000, 1 },
	.bar_size = { AFU_BAR_SIZE },
	.create = create_bare,
	.destroy = free,
	.read = read_bar,
	.write = write_bar,
};
DEVMODEL_REGISTER(t_bare)

void
afu_model_present(bool present)
{
	CU_ASSERT_EQUAL(present ? devmodel_register(&t_afu) : devmodel_unregister(&t_afu), 0);
}

/*
 * Use
 */

static void
set(fpga_handle handle, uint64_t reg, uint64_t value)
{
	CU_ASSERT_EQUAL(fpgaWriteMMIO64(handle, 0, reg, value), FPGA_OK);
}

static uint64_t
get(fpga_handle handle, uint64_t reg)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(fpgaReadMMIO64(handle, 0, reg, &value), FPGA_OK);
	return value;
}

static bool
access_host(fpga_handle handle, uint64_t iova, uint64_t len, uint64_t cmd)
{
	set(handle, AFU_DMA_IOVA, iova);
	set(handle, AFU_DMA_LEN, len);
	set(handle, AFU_STATUS, 2);
	set(handle, AFU_DMA_CMD, cmd);
	CU_ASSERT_NOT_EQUAL(get(handle, AFU_STATUS), 2);
	return get(handle, AFU_STATUS) == 0;
}

bool
afu_reads(fpga_handle handle, uint64_t iova, uint64_t len)
{
	return access_host(handle, iova, len, AFU_DMA_READ);
}

bool
afu_writes(fpga_handle handle, uint64_t iova, uint64_t len, uint64_t data)
{
	set(handle, AFU_DATA, data);
	return access_host(handle, iova, len, AFU_DMA_WRITE);
}

uint64_t
afu_data(fpga_handle handle)
{
	return get(handle, AFU_DATA);
}

void
afu_raise(fpga_handle handle, uint64_t vector)
{
	set(handle, AFU_IRQ, vector);
}
