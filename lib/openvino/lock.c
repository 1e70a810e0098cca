/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/openvino.h>

#include <acceldev/accel_sync.h>

#include "mem_table.h"

/*
 * Locks on memory in a bank. Who locks may do so twice and unlock once, because objects that lock are
 * moved, and who unlocks does not say which lock it was. So locks are counted, but nothing
 * waits for the count: the view is sent by each unlock while somebody may be writing, which nobody is
 * when the count has come to 0, or when something is fetched after an unlock.
 */

/* Returns whether the view has what the bank has, with the bytes that the host has written. */
static bool
fetch(struct bank_mem *bm)
{
	if (accel_buf_sync(bm->mem.buf, 0, 0, ACCEL_SYNC_FROM_DEVICE) != 0)
		return false;
	bm->unsent = bm->unsent && bm->locks > 0;
	bm->writing = bm->unsent;
	return true;
}

/* What the host writes from now on is not sent before it is noted. */
static bool
note(struct bank_mem *bm)
{
	return accel_buf_dirty(bm->mem.buf, 0, 0) == 0;
}

static bool
lock_bank(struct bank_mem *bm, bool write)
{
	bool done;

	pthread_mutex_lock(&bm->lock);
	done = fetch(bm) && (!(write || bm->unsent) || note(bm));
	if (done) {
		bm->locks++;
		if (write)
			bm->writing = bm->unsent = true;
	}
	pthread_mutex_unlock(&bm->lock);
	return done;
}

static void
unlock_bank(struct bank_mem *bm)
{
	pthread_mutex_lock(&bm->lock);
	if (bm->writing)
		bm->unsent = !note(bm) || accel_buf_sync(bm->mem.buf, 0, 0, ACCEL_SYNC_FLUSH) != 0;
	if (bm->locks > 0 && --bm->locks == 0)
		bm->writing = bm->unsent;
	pthread_mutex_unlock(&bm->lock);
}

void *
acceldev_ov_lock(void *handle, int op)
{
	struct mem *mem = mem_table_get(handle);
	void *va = NULL;

	if (mem == NULL)
		return NULL;
	if (!mem->in_bank || lock_bank((struct bank_mem *)mem, op != ACCELDEV_OV_READ))
		va = mem->va;
	mem_put(mem);
	return va;
}

void
acceldev_ov_unlock(void *handle)
{
	struct mem *mem = mem_table_get(handle);

	if (mem != NULL && mem->in_bank)
		unlock_bank((struct bank_mem *)mem);
	mem_put(mem);
}

bool
acceldev_ov_free(void *handle)
{
	struct mem *mem;

	if (handle == NULL)
		return true;
	mem = mem_table_remove(handle);
	mem_put(mem);
	return mem != NULL;
}
