/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_bank.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "buf_index.h"
#include "dev_slot.h"

#define DEFAULT_ALIGN 64
#define PAGE          4096u

/* The addresses of a bank, all free. */
static int
make_space(const struct bank *bank, struct addrspace **space)
{
	int ret = addrspace_create(space);

	if (ret != 0)
		return ret;
	ret = addrspace_add(*space, bank->base, bank->base + (bank->len - 1));
	if (ret != 0)
		addrspace_destroy(*space);
	return ret;
}

int
accel_dev_add_bank(struct accel_dev *dev, uint64_t base, uint64_t len)
{
	struct accel_dev_internal *slot;
	struct bank *banks, *bank;
	int ret;

	if (dev == NULL || dev->internal == NULL || len == 0 || base > UINT64_MAX - (len - 1)) {
		ACCEL_LOG(ERR, driver, "bank at 0x%" PRIx64 " of %" PRIu64 " bytes: it must not be empty "
				"nor wrap", base, len);
		return -EINVAL;
	}
	slot = dev->internal;
	if (slot->nb_banks == ACCEL_MAX_BANKS) {
		ACCEL_LOG(ERR, driver, "%s: has %u banks, no more are possible", dev->name,
				ACCEL_MAX_BANKS);
		return -ENOSPC;
	}
	banks = realloc(slot->banks, (slot->nb_banks + 1u) * sizeof(*banks));
	if (banks == NULL)
		return -ENOMEM;
	slot->banks = banks;
	bank = &banks[slot->nb_banks];
	bank->base = base;
	bank->len = len;
	bank->va = NULL;
	bank->block = NULL;
	ret = make_space(bank, &bank->space);
	if (ret != 0)
		return ret;
	ret = make_space(bank, &bank->bufs);
	if (ret != 0) {
		addrspace_destroy(bank->space);
		return ret;
	}
	return slot->nb_banks++;
}

int
accel_dev_map_bank(struct accel_dev *dev, uint16_t number, void *va)
{
	struct accel_dev_internal *slot = dev != NULL ? dev->internal : NULL;
	struct bank *bank;

	if (slot == NULL || number >= slot->nb_banks || va == NULL || (uintptr_t)va % PAGE != 0 ||
			slot->banks[number].va != NULL) {
		ACCEL_LOG(ERR, driver, "bank %u cannot be mapped at %p: it must be there, not be mapped yet, "
				"and begin at a multiple of %u for the host", number, va, PAGE);
		return -EINVAL;
	}
	bank = &slot->banks[number];
	bank->block = buf_block_create(va, bank->len, ACCEL_BUF_MIN_ALIGN);
	if (bank->block == NULL)
		return -ENOMEM;
	bank->va = va;
	return 0;
}

void
banks_drop(struct accel_dev_internal *slot)
{
	unsigned int i;

	pthread_mutex_lock(&slot->bank_lock);
	for (i = 0; i < slot->nb_banks; i++) {
		buf_block_destroy(slot->banks[i].block);
		addrspace_destroy(slot->banks[i].space);
		addrspace_destroy(slot->banks[i].bufs);
	}
	free(slot->banks);
	slot->banks = NULL;
	slot->nb_banks = 0;
	pthread_mutex_unlock(&slot->bank_lock);
}

bool
banks_busy(struct accel_dev_internal *slot)
{
	struct addrspace_stats stats;
	bool busy = false;
	unsigned int i;

	pthread_mutex_lock(&slot->bank_lock);
	for (i = 0; i < slot->nb_banks && !busy; i++)
		busy = addrspace_stats_get(slot->banks[i].space, &stats) == 0 &&
				stats.live_ranges != 0;
	pthread_mutex_unlock(&slot->bank_lock);
	return busy;
}

/* A bank with its lock held; NULL, and logged, with the error in ret. */
static struct bank *
lock_bank(uint16_t dev_id, uint16_t number, struct accel_dev_internal **slot_out, int *ret)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	struct bank *bank = NULL;

	*ret = -ENODEV;
	if (slot == NULL)
		return NULL;
	if (number < slot->nb_banks) {
		bank = &slot->banks[number];
		pthread_mutex_lock(&slot->bank_lock);
		*slot_out = slot;
	} else {
		ACCEL_LOG(ERR, device, "%s: has no bank %u, it has %u", slot->data.name, number,
				slot->nb_banks);
		*ret = -EINVAL;
	}
	dev_unlock(slot);
	return bank;
}

int
accel_bank_info_get(uint16_t dev_id, uint16_t number, struct accel_bank_info *info)
{
	struct accel_dev_internal *slot;
	struct addrspace_stats stats;
	struct bank *bank;
	int ret;

	if (info == NULL) {
		ACCEL_LOG(ERR, device, "device %u: info is NULL: pass a struct to fill in", dev_id);
		return -EINVAL;
	}
	bank = lock_bank(dev_id, number, &slot, &ret);
	if (bank == NULL)
		return ret;
	ret = addrspace_stats_get(bank->space, &stats);
	if (ret == 0) {
		memset(info, 0, sizeof(*info));
		info->base = bank->base;
		info->len = bank->len;
		info->free_bytes = stats.free_bytes;
		info->largest_free = stats.largest_free;
	}
	pthread_mutex_unlock(&slot->bank_lock);
	return ret;
}

static void
log_full(const struct accel_dev_internal *slot, uint16_t number, uint64_t len, int err)
{
	const struct bank *bank = &slot->banks[number];
	struct addrspace_stats stats = { .free_bytes = 0 };

	addrspace_stats_get(bank->space, &stats);
	ACCEL_LOG(ERR, device, "device %u: no %" PRIu64 " bytes of bank %u: %s; of its %" PRIu64
			" bytes %" PRIu64 " are free, %" PRIu64 " in one piece: ask for less, or free some",
			slot->data.dev_id, len, number, accel_strerror(err), bank->len, stats.free_bytes,
			stats.largest_free);
}

/* The lock of the banks is held. */
static int
take(struct bank *bank, uint64_t len, uint64_t align, uint64_t *addr)
{
	const struct addrspace_request req = {
		.size = len,
		.align = align,
		.window = { 0, UINT64_MAX },
	};

	return addrspace_alloc(bank->space, &req, addr);
}

/* In whole cache lines; the last of a bank may be short. */
static int
take_for_buf(struct bank *bank, uint64_t len, uint64_t align, uint64_t *addr)
{
	int ret = take(bank, RTE_ALIGN_CEIL(len, ACCEL_BUF_MIN_ALIGN), align, addr);

	if (ret == -ENOSPC)
		ret = take(bank, len, align, addr);
	if (ret != 0)
		return ret;
	ret = addrspace_reserve(bank->bufs, *addr, *addr);
	if (ret != 0)
		addrspace_free(bank->space, *addr, NULL);
	return ret;
}

static bool
is_buf(const struct bank *bank, uint64_t addr)
{
	enum addrspace_state state;

	return addrspace_find(bank->bufs, addr, NULL, &state) == 0 && state == ADDRSPACE_LIVE;
}

static int
log_kept(uint16_t dev_id, uint16_t number, uint64_t addr, int err)
{
	if (err == -ENOMEM) {
		ACCEL_LOG(ERR, device, "device %u: 0x%" PRIx64 " of bank %u stays allocated: no memory for the "
				"books: see ulimit -v", dev_id, addr, number);
		return -ENOMEM;
	}
	if (err == -EBUSY) {
		ACCEL_LOG(ERR, device, "device %u: at 0x%" PRIx64 " of bank %u begins a buffer: free that, with "
				"accel_buf_free()", dev_id, addr, number);
		return -EBUSY;
	}
	ACCEL_LOG(ERR, device, "device %u: nothing is allocated at 0x%" PRIx64 " of bank %u: freed already, "
			"foreign, or inside an allocation", dev_id, addr, number);
	return -EINVAL;
}

int
bank_take(uint16_t dev_id, uint16_t number, uint64_t len, uint64_t align, uint64_t *addr)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];
	int ret;

	pthread_mutex_lock(&slot->bank_lock);
	ret = take_for_buf(&slot->banks[number], len, align, addr);
	if (ret != 0)
		log_full(slot, number, len, ret);
	pthread_mutex_unlock(&slot->bank_lock);
	return ret;
}

int
bank_give(uint16_t dev_id, uint16_t number, uint64_t addr)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];
	int ret;

	pthread_mutex_lock(&slot->bank_lock);
	ret = addrspace_free(slot->banks[number].bufs, addr, NULL);
	if (ret == 0)
		ret = addrspace_free(slot->banks[number].space, addr, NULL);
	pthread_mutex_unlock(&slot->bank_lock);
	return ret == 0 ? 0 : log_kept(dev_id, number, addr, ret);
}

int
bank_enter(uint16_t dev_id, uint16_t number, const struct accel_buf *buf)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];
	int ret;

	pthread_mutex_lock(&slot->bank_lock);
	ret = buf_block_set(slot->banks[number].block, buf);
	pthread_mutex_unlock(&slot->bank_lock);
	return ret;
}

void
bank_leave(uint16_t dev_id, uint16_t number, const struct accel_buf *buf)
{
	struct accel_dev_internal *slot = &dev_slots[dev_id];

	pthread_mutex_lock(&slot->bank_lock);
	buf_block_clear(slot->banks[number].block, buf);
	pthread_mutex_unlock(&slot->bank_lock);
}

int
accel_bank_alloc(uint16_t dev_id, uint16_t number, uint64_t len, uint64_t align, uint64_t *addr)
{
	struct accel_dev_internal *slot;
	struct bank *bank;
	int ret;

	if (len == 0 || (align & (align - 1)) != 0 || addr == NULL) {
		ACCEL_LOG(ERR, device, "device %u: %" PRIu64 " bytes of bank %u, alignment %" PRIu64 ": length "
				"must not be 0, alignment a power of two, addr not NULL", dev_id, len,
				number, align);
		return -EINVAL;
	}
	bank = lock_bank(dev_id, number, &slot, &ret);
	if (bank == NULL)
		return ret;
	ret = take(bank, len, align != 0 ? align : DEFAULT_ALIGN, addr);
	if (ret != 0)
		log_full(slot, number, len, ret);
	pthread_mutex_unlock(&slot->bank_lock);
	return ret;
}

int
accel_bank_free(uint16_t dev_id, uint16_t number, uint64_t addr)
{
	struct accel_dev_internal *slot;
	struct bank *bank;
	int ret;

	bank = lock_bank(dev_id, number, &slot, &ret);
	if (bank == NULL)
		return ret;
	ret = is_buf(bank, addr) ? -EBUSY : addrspace_free(bank->space, addr, NULL);
	pthread_mutex_unlock(&slot->bank_lock);
	return ret == 0 ? 0 : log_kept(dev_id, number, addr, ret);
}
