/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Memories: allocating, wrapping, freeing, and what is known of them.
 */
#include "vvas_case.h"

#include <acceldev/acceldev.h>

#include "log_text.h"

#define CMA     VVAS_ALLOC_TYPE_CMA
#define NON_CMA VVAS_ALLOC_TYPE_NON_CMA
#define FLAGS   VVAS_ALLOC_FLAG_NONE

/* The library under ASan gives NULL then, as without it. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Fails, also without ret. */
static void
fails(VvasContext *ctx, VvasAllocationType type, uint8_t bank, size_t size, VvasReturnType with)
{
	VvasReturnType ret = VVAS_RET_EOS;

	CU_ASSERT_PTR_NULL(vvas_memory_alloc(ctx, type, FLAGS, bank, size, &ret));
	CU_ASSERT_EQUAL(ret, with);
	CU_ASSERT_PTR_NULL(vvas_memory_alloc(ctx, type, FLAGS, bank, size, NULL));
}

static void
invalid_at(VvasContext *ctx, enum place place)
{
	VvasContext own = *ctx;

	(void)place;
	fails(NULL, NON_CMA, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(NULL, CMA, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(GARBAGE, NON_CMA, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(&own, NON_CMA, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(ctx, VVAS_ALLOC_TYPE_UNKNOWN, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(ctx, (VvasAllocationType)7, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(ctx, (VvasAllocationType)3, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(ctx, (VvasAllocationType)-1, 0, 64, VVAS_RET_INVALID_ARGS);
	fails(ctx, NON_CMA, 0, 0, VVAS_RET_INVALID_ARGS);
	fails(ctx, CMA, 0, 0, VVAS_RET_INVALID_ARGS);
	ASSERT_TELLS(vvas_memory_alloc(NULL, CMA, FLAGS, 0, 64, NULL), "is no context");
	ASSERT_TELLS(vvas_memory_alloc(ctx, 7, FLAGS, 0, 64, NULL), "type 7");
}

static void
invalid(void)
{
	case_each(invalid_at);
}

static void
cma_on_software(void)
{
	VvasContext *ctx = case_context(SOFTWARE);

	fails(ctx, CMA, 0, 64, VVAS_RET_ERROR);
	ASSERT_TELLS(vvas_memory_alloc(ctx, CMA, FLAGS, 0, 64, NULL), "software context");
	case_end(ctx);
}

/* Bank 0 of a device without banks is the host's; no other one is. */
static void
no_such_bank(VvasContext *ctx, enum place place)
{
	uint8_t first = place == BANKS ? 2 : 1;

	fails(ctx, CMA, first, 64, VVAS_RET_ALLOC_ERROR);
	fails(ctx, CMA, 255, 64, VVAS_RET_ALLOC_ERROR);
	ASSERT_TELLS(vvas_memory_alloc(ctx, CMA, FLAGS, first, 64, NULL), "there is no bank");
	ASSERT_TELLS(vvas_memory_alloc(ctx, CMA, FLAGS, 255, 64, NULL), "no bank 255");
	vvas_memory_free(case_memory(ctx, CMA, first - 1, 64));
}

static void
bank_out_of_range(void)
{
	case_each_device(no_such_bank);
}

/* A bank that is full has room again, and the reason is told by the library below. */
static void
full_bank(VvasContext *ctx)
{
	VvasMemory *mem = case_memory(ctx, CMA, 1, BANK_SIZE - 4096);
	VvasReturnType ret = VVAS_RET_EOS;

	fails(ctx, CMA, 1, 8192, VVAS_RET_ALLOC_ERROR);
	fails(ctx, CMA, 0, BANK_SIZE + 1, VVAS_RET_ALLOC_ERROR);
	case_log();
	log_text_begin();
	CU_ASSERT_PTR_NULL(vvas_memory_alloc(ctx, CMA, FLAGS, 1, 8192, &ret));
	CU_ASSERT(log_is_line(log_text_end(), "bank 1", (char *)0));
	CU_ASSERT_STRING_EQUAL(case_log(), "");
	CU_ASSERT_EQUAL(case_bank_free(ctx, 1), 4096);
	CU_ASSERT_EQUAL(case_bank_free(ctx, 0), BANK_SIZE);
	vvas_memory_free(mem);
	vvas_memory_free(case_memory(ctx, CMA, 1, BANK_SIZE));
}

static void
bank_is_full(void)
{
	case_banks(full_bank);
}

static void
too_much_at(VvasContext *ctx, enum place place)
{
	volatile size_t size = (size_t)1 << 60; /* that no compiler warns */

	(void)place;
	fails(ctx, NON_CMA, 0, size, VVAS_RET_ALLOC_ERROR);
	fails(ctx, NON_CMA, 0, SIZE_MAX, VVAS_RET_ALLOC_ERROR);
	if (ctx->dev_handle != NULL) {
		fails(ctx, CMA, 0, size, VVAS_RET_ALLOC_ERROR);
		fails(ctx, CMA, 0, SIZE_MAX, VVAS_RET_ALLOC_ERROR);
	}
}

static void
too_much(void)
{
	case_each(too_much_at);
}

/* Whatever the flags are. */
static void
flags_at(VvasContext *ctx, enum place place)
{
	static const int flags[] = { -1, 0, 1, 2, 4, 0x7fffffff };
	VvasAllocationType type = place == SOFTWARE ? NON_CMA : CMA;
	VvasReturnType ret;
	VvasMemory *mem;
	unsigned int i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		ret = VVAS_RET_EOS;
		mem = vvas_memory_alloc(ctx, type, (VvasAllocationFlags)flags[i], 0, 64, &ret);
		CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
		ASSERT_OK(ret);
		CU_ASSERT_EQUAL(((VvasMemoryPrivate *)mem)->mem_info.alloc_flags, flags[i]);
		vvas_memory_free(mem);
	}
	mem = vvas_memory_alloc(ctx, type, FLAGS, 0, 64, NULL);
	CU_ASSERT_PTR_NOT_NULL(mem);
	vvas_memory_free(mem);
}

static void
any_flags(void)
{
	case_each(flags_at);
}

/* Banks of NON_CMA memory are not looked at. */
static void
non_cma_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, NON_CMA, 200, 100);
	uint8_t *data = case_map(mem, VVAS_DATA_MAP_WRITE);

	CU_ASSERT_EQUAL(vvas_memory_get_bank_index(mem), 200);
	CU_ASSERT_EQUAL((uintptr_t)data % (place == SOFTWARE ? 16 : 64), 0);
	memset(data, 0x11, 100);
	vvas_memory_free(mem);
}

static void
non_cma(void)
{
	case_each(non_cma_at);
}

static void
cma_at(VvasContext *ctx, enum place place)
{
	uint8_t bank, banks = place == BANKS ? 2 : 1;
	VvasMemory *mem, *first;

	for (bank = 0; bank < banks; bank++) {
		first = case_memory(ctx, CMA, bank, 100);
		mem = case_memory(ctx, CMA, bank, 5000);
		vvas_memory_free(first);
		CU_ASSERT_EQUAL((uintptr_t)case_map(mem, VVAS_DATA_MAP_NONE) % 4096, 0);
		CU_ASSERT_EQUAL(vvas_memory_get_paddr(mem) % 4096, 0);
		CU_ASSERT_EQUAL(vvas_memory_get_bank_index(mem), bank);
		if (place == BANKS) {
			CU_ASSERT(case_bank_free(ctx, bank) < BANK_SIZE);
		}
		vvas_memory_free(mem);
		if (place == BANKS) {
			CU_ASSERT_EQUAL(case_bank_free(ctx, bank), BANK_SIZE);
		}
	}
}

static void
cma(void)
{
	case_each_device(cma_at);
}

/* Where the device sees it, as the core says. */
static void
address_of(VvasContext *ctx, uint8_t bank, uint16_t space)
{
	VvasMemory *mem = case_memory(ctx, CMA, bank, 8192);
	struct accel_buf *buf = vvas_memory_get_bo(mem);
	struct accel_buf_at at = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(buf);
	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(buf, 0, &at), 0);
	CU_ASSERT_EQUAL(vvas_memory_get_paddr(mem), at.addr);
	CU_ASSERT_EQUAL(at.space, space);
	CU_ASSERT_PTR_EQUAL(case_map(mem, VVAS_DATA_MAP_NONE), buf->va);
	CU_ASSERT_PTR_EQUAL(((VvasMemoryPrivate *)mem)->boh, buf);
	vvas_memory_free(mem);
}

static void
addresses_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, NON_CMA, 0, 8192);
	uint8_t own[16];

	log_text_begin();
	CU_ASSERT_EQUAL(vvas_memory_get_paddr(mem), UINT64_MAX);
	CU_ASSERT_STRING_EQUAL(log_text_end(), ""); /* it is a question, not a mistake */
	CU_ASSERT_PTR_NULL(vvas_memory_get_bo(mem));
	CU_ASSERT_EQUAL(vvas_memory_get_device_index(mem), place == SOFTWARE ? -1 : 3);
	CU_ASSERT_EQUAL(vvas_memory_get_bank_index(mem), 0);
	vvas_memory_free(mem);
	mem = vvas_memory_alloc_from_data(ctx, own, sizeof(own), NULL, NULL, NULL);
	CU_ASSERT_EQUAL(vvas_memory_get_paddr(mem), UINT64_MAX);
	CU_ASSERT_PTR_NULL(vvas_memory_get_bo(mem));
	CU_ASSERT_EQUAL(vvas_memory_get_device_index(mem), place == SOFTWARE ? -1 : 3);
	CU_ASSERT_EQUAL(vvas_memory_get_bank_index(mem), 0);
	vvas_memory_free(mem);
	if (place == PLAIN)
		address_of(ctx, 0, ACCEL_SPACE_HOST);
	if (place == BANKS) {
		address_of(ctx, 0, ACCEL_SPACE_BANK(0));
		address_of(ctx, 1, ACCEL_SPACE_BANK(1));
	}
}

static void
addresses(void)
{
	case_each(addresses_at);
	CU_ASSERT_EQUAL(vvas_memory_get_paddr(NULL), UINT64_MAX);
	CU_ASSERT_PTR_NULL(vvas_memory_get_bo(NULL));
	CU_ASSERT_EQUAL(vvas_memory_get_device_index(NULL), -1);
	CU_ASSERT_EQUAL(vvas_memory_get_bank_index(NULL), -1);
}

/*
 * The caller's data
 */

static void
wrap_at(VvasContext *ctx, enum place place)
{
	VvasReturnType ret = VVAS_RET_EOS;
	struct case_freed freed = { 0 };
	uint8_t own[64];
	VvasMemory *mem;

	(void)place;
	mem = vvas_memory_alloc_from_data(ctx, own, sizeof(own), case_free_data, &freed, &ret);
	ASSERT_OK(ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
	CU_ASSERT_PTR_EQUAL(case_map(mem, VVAS_DATA_MAP_WRITE), own);
	case_unmap(mem);
	CU_ASSERT_EQUAL(freed.calls, 0);
	vvas_memory_free(mem);
	CU_ASSERT_EQUAL(freed.calls, 1);
	CU_ASSERT_PTR_EQUAL(freed.data[0], own);
	vvas_memory_free(mem);
	CU_ASSERT_EQUAL(freed.calls, 1);
}

static void
wrap(void)
{
	case_each(wrap_at);
}

static void
wrap_fails(VvasContext *ctx, uint8_t *data)
{
	VvasReturnType ret = VVAS_RET_EOS;
	struct case_freed freed = { 0 };

	CU_ASSERT_PTR_NULL(vvas_memory_alloc_from_data(ctx, data, 9, case_free_data, &freed, &ret));
	ASSERT_BAD(ret);
	CU_ASSERT_PTR_NULL(vvas_memory_alloc_from_data(ctx, data, 9, case_free_data, &freed, NULL));
	CU_ASSERT_EQUAL(freed.calls, 0);
}

static void
wrap_refused(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	uint8_t own[16];

	wrap_fails(ctx, NULL);
	wrap_fails(NULL, NULL);
	wrap_fails(NULL, own);
	wrap_fails(GARBAGE, own);
	ASSERT_TELLS(vvas_memory_alloc_from_data(ctx, NULL, 1, NULL, NULL, NULL), "data is NULL");
	case_end(ctx);
}

static void
wrap_empty(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	VvasMemoryMapInfo info = { NULL, 4711 };
	uint8_t own[1];
	VvasMemory *mem = vvas_memory_alloc_from_data(ctx, own, 0, NULL, NULL, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
	ASSERT_OK(vvas_memory_map(mem, VVAS_DATA_MAP_READ, &info));
	CU_ASSERT_PTR_EQUAL(info.data, own);
	CU_ASSERT_EQUAL(info.size, 0);
	vvas_memory_free(mem); /* own is nobody's to free */
	case_end(ctx);
}

/* The callback may use the API, and finds the memory gone. */
struct nested {
	VvasMemory *outer, *inner;
};

static void
free_inner(void *data, void *arg)
{
	struct nested *n = arg;
	VvasMemoryMapInfo info;

	(void)data;
	ASSERT_BAD(vvas_memory_map(n->outer, VVAS_DATA_MAP_READ, &info));
	vvas_memory_free(n->outer);
	vvas_memory_free(n->inner);
	n->inner = NULL;
}

static void
callback_calls(void)
{
	VvasContext *ctx = case_context(SOFTWARE);
	struct nested n;
	uint8_t own[1];

	n.inner = case_memory(ctx, NON_CMA, 0, 10);
	n.outer = vvas_memory_alloc_from_data(ctx, own, 1, free_inner, &n, NULL);
	vvas_memory_free(n.outer);
	CU_ASSERT_PTR_NULL(n.inner);
	case_end(ctx);
}

/*
 * Freeing
 */

static void
free_nothing(void)
{
	VvasMemoryPrivate own;

	memset(&own, 0, sizeof(own));
	ASSERT_TELLS(vvas_memory_free(NULL), "is no memory");
	ASSERT_TELLS(vvas_memory_free(GARBAGE), "is no memory");
	ASSERT_TELLS(vvas_memory_free(&own), "is no memory");
}

/* Every call refuses what is no memory, and does not follow it. */
static void
refused(VvasMemory *mem)
{
	VvasMemoryMapInfo info = { GARBAGE, 4711 };
	VvasMetadata meta = { 1, 2, 3 };

	ASSERT_TELLS(ASSERT_BAD(vvas_memory_map(mem, VVAS_DATA_MAP_READ, &info)), "is no memory");
	CU_ASSERT(info.data == GARBAGE && info.size == 4711);
	ASSERT_TELLS(ASSERT_BAD(vvas_memory_unmap(mem, &info)), "is no memory");
	ASSERT_TELLS(ASSERT_BAD(vvas_memory_unmap(mem, NULL)), "is no memory");
	ASSERT_TELLS(vvas_memory_set_metadata(mem, &meta), "is no memory");
	ASSERT_TELLS(vvas_memory_get_metadata(mem, &meta), "is no memory");
	CU_ASSERT(meta.pts == 1 && meta.dts == 2 && meta.duration == 3);
	ASSERT_TELLS(vvas_memory_sync_data(mem, VVAS_DATA_SYNC_TO_DEVICE), "is no memory");
	ASSERT_TELLS(vvas_memory_set_sync_flag(mem, VVAS_DATA_SYNC_TO_DEVICE), "is no memory");
	ASSERT_TELLS(vvas_memory_unset_sync_flag(mem, VVAS_DATA_SYNC_TO_DEVICE), "is no memory");
	ASSERT_TELLS(CU_ASSERT_EQUAL(vvas_memory_get_paddr(mem), UINT64_MAX), "is no memory");
	ASSERT_TELLS(CU_ASSERT_PTR_NULL(vvas_memory_get_bo(mem)), "is no memory");
	ASSERT_TELLS(CU_ASSERT_EQUAL(vvas_memory_get_device_index(mem), -1), "is no memory");
	ASSERT_TELLS(CU_ASSERT_EQUAL(vvas_memory_get_bank_index(mem), -1), "is no memory");
}

static void
freed_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, place == SOFTWARE ? NON_CMA : CMA, 0, 100);
	VvasMemoryPrivate own = *(VvasMemoryPrivate *)mem;

	refused(&own); /* a copy */
	refused((char *)mem + 8);
	ASSERT_SILENT(vvas_memory_free(mem));
	refused(mem);
	ASSERT_TELLS(vvas_memory_free(mem), "is no memory");
}

static void
hostile(void)
{
	case_each(freed_at);
	refused(NULL);
	refused(GARBAGE);
}

static void
mapped_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, place == SOFTWARE ? NON_CMA : CMA, 0, 100);

	case_map(mem, VVAS_DATA_MAP_WRITE);
	case_map(mem, VVAS_DATA_MAP_READ);
	ASSERT_SILENT(vvas_memory_free(mem));
}

static void
free_while_mapped(void)
{
	case_each(mapped_at);
}

/* The context stays readable, and its device open, until the last memory is freed. */
static void
orphan(VvasAllocationType type, enum place place, const char *device)
{
	VvasContext *ctx = case_context(place);
	VvasMemory *mem = case_memory(ctx, type, 0, 5000), *other;
	struct case_freed freed = { 0 };
	uint8_t own[8];

	other = vvas_memory_alloc_from_data(ctx, own, 8, case_free_data, &freed, NULL);
	ASSERT_OK(vvas_context_destroy(ctx));
	CU_ASSERT_EQUAL(((VvasMemoryPrivate *)mem)->ctx->log_level, LOG_LEVEL_WARNING);
	CU_ASSERT_EQUAL(accel_dev_by_name(device) >= 0, place != SOFTWARE);
	memset(case_map(mem, VVAS_DATA_MAP_WRITE), 0x22, 5000);
	case_unmap(mem);
	CU_ASSERT(case_is_filled(case_map(mem, VVAS_DATA_MAP_READ), 0x22, 5000));
	CU_ASSERT_EQUAL(vvas_memory_get_device_index(mem), place == SOFTWARE ? -1 : 3);
	fails(ctx, NON_CMA, 0, 64, VVAS_RET_INVALID_ARGS);
	vvas_memory_free(other);
	CU_ASSERT_EQUAL(freed.calls, 1);
	vvas_memory_free(mem);
	CU_ASSERT(accel_dev_by_name(device) < 0);
}

static void
free_after_context(void)
{
	orphan(NON_CMA, SOFTWARE, "soft:vvas");
	orphan(NON_CMA, PLAIN, "soft:vvas");
	orphan(CMA, PLAIN, "soft:vvas");
	orphan(NON_CMA, BANKS, "soft:vvas");
	orphan(CMA, BANKS, "soft:vvas");
}

/*
 * What a memory is
 */

static void
private_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, place == SOFTWARE ? NON_CMA : CMA, 0, 1234);
	const VvasMemoryPrivate *priv = mem;
	VvasMemoryMapInfo info = { 0 };

	ASSERT_OK(vvas_memory_map(mem, VVAS_DATA_MAP_READ, &info));
	CU_ASSERT_EQUAL(info.size, 1234);
	CU_ASSERT_EQUAL(priv->size, 1234);
	CU_ASSERT_PTR_EQUAL(priv->data, info.data);
	CU_ASSERT_PTR_EQUAL(priv->ctx, ctx);
	CU_ASSERT_EQUAL(priv->own_alloc, 1);
	CU_ASSERT_EQUAL(priv->mem_info.alloc_type, place == SOFTWARE ? NON_CMA : CMA);
	CU_ASSERT_EQUAL(priv->mem_info.mbank_idx, 0);
	CU_ASSERT_EQUAL(priv->mem_info.map_flags, VVAS_DATA_MAP_NONE);
	CU_ASSERT_EQUAL(priv->mem_info.sync_flags, VVAS_DATA_SYNC_NONE);
	CU_ASSERT_PTR_NULL((void *)(uintptr_t)priv->free_cb);
	vvas_memory_free(mem);
}

static void
private_struct(void)
{
	case_each(private_at);
}

static void
metadata_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, place == SOFTWARE ? NON_CMA : CMA, 0, 64);
	VvasMetadata in = { 11, UINT64_MAX, 33 }, out = { 7, 7, 7 };

	vvas_memory_get_metadata(mem, &out);
	CU_ASSERT(out.pts == 0 && out.dts == 0 && out.duration == 0);
	vvas_memory_set_metadata(mem, &in);
	vvas_memory_get_metadata(mem, &out);
	CU_ASSERT(out.pts == 11 && out.dts == UINT64_MAX && out.duration == 33);
	ASSERT_TELLS(vvas_memory_set_metadata(mem, NULL), "meta_data is NULL");
	ASSERT_TELLS(vvas_memory_get_metadata(mem, NULL), "meta_data is NULL");
	vvas_memory_get_metadata(mem, &out);
	CU_ASSERT_EQUAL(out.pts, 11);
	vvas_memory_free(mem);
}

static void
metadata(void)
{
	case_each(metadata_at);
}

static const struct test_case cases[] = {
	{ "invalid arguments", invalid },
	{ "CMA on a software context", cma_on_software },
	{ "bank out of range", bank_out_of_range },
	{ "bank is full", bank_is_full },
	{ "more than there is", too_much },
	{ "any flags", any_flags },
	{ "NON_CMA memory", non_cma },
	{ "CMA memory", cma },
	{ "addresses", addresses },
	{ "the caller's data", wrap },
	{ "the caller's data, refused", wrap_refused },
	{ "the caller's data, none", wrap_empty },
	{ "callback calls back", callback_calls },
	{ "free what is none", free_nothing },
	{ "freed, foreign and NULL", hostile },
	{ "free while mapped", free_while_mapped },
	{ "free after the context", free_after_context },
	{ "private struct", private_struct },
	{ "metadata", metadata },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "memory", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
