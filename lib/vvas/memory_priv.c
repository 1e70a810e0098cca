/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "memory.h"

/* What other modules of VVAS call; see vvas_memory_priv.h. */

void
vvas_memory_sync_data(VvasMemory *vvas_mem, VvasDataSyncFlags sync_flags)
{
	struct memory *mem = memory_get(vvas_mem);

	if (mem == NULL)
		return;
	view_sync(&mem->view, sync_flags);
	memory_put(mem);
}

void
vvas_memory_set_sync_flag(VvasMemory *vvas_mem, VvasDataSyncFlags flag)
{
	struct memory *mem = memory_get(vvas_mem);

	if (mem == NULL)
		return;
	view_set(&mem->view, flag);
	memory_put(mem);
}

void
vvas_memory_unset_sync_flag(VvasMemory *vvas_mem, VvasDataSyncFlags flag)
{
	struct memory *mem = memory_get(vvas_mem);

	if (mem == NULL)
		return;
	view_unset(&mem->view, flag);
	memory_put(mem);
}

uint64_t
vvas_memory_get_paddr(VvasMemory *vvas_mem)
{
	struct memory *mem = memory_get(vvas_mem);
	uint64_t addr = UINT64_MAX;

	if (mem == NULL)
		return addr;
	addr = view_address(&mem->view);
	memory_put(mem);
	return addr;
}

void *
vvas_memory_get_bo(VvasMemory *vvas_mem)
{
	struct memory *mem = memory_get(vvas_mem);
	void *bo;

	if (mem == NULL)
		return NULL;
	bo = mem->view.cma;
	memory_put(mem);
	return bo;
}

int32_t
vvas_memory_get_device_index(VvasMemory *vvas_mem)
{
	struct memory *mem = memory_get(vvas_mem);
	int32_t index;

	if (mem == NULL)
		return -1;
	index = mem->ctx->pub.dev_idx;
	memory_put(mem);
	return index;
}

int32_t
vvas_memory_get_bank_index(VvasMemory *vvas_mem)
{
	struct memory *mem = memory_get(vvas_mem);
	int32_t index;

	if (mem == NULL)
		return -1;
	index = mem->pub.mbank_idx;
	memory_put(mem);
	return index;
}
