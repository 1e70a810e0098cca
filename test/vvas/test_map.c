/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Maps, and what goes between the device and the host's view when.
 */
#include "vvas_case.h"

#include <acceldev/acceldev.h>

#include "log_text.h"

#define CMA    VVAS_ALLOC_TYPE_CMA
#define READ   VVAS_DATA_MAP_READ
#define WRITE  VVAS_DATA_MAP_WRITE
#define BOTH   ((VvasDataMapFlags)(READ | WRITE))
#define FROM   VVAS_DATA_SYNC_FROM_DEVICE
#define TO     VVAS_DATA_SYNC_TO_DEVICE
#define SIZE   10000
#define BO(mem) vvas_memory_get_bo(mem)

/* A memory of a bank whose view has 1s, and the bank 2s. */
static VvasMemory *
ones_and_twos(VvasContext *ctx, uint8_t **view)
{
	VvasMemory *mem = case_memory(ctx, CMA, 1, SIZE);

	*view = case_map(mem, WRITE);
	memset(*view, 1, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 1, SIZE));
	case_device_fill(BO(mem), 0, 2, SIZE);
	CU_ASSERT(case_is_filled(*view, 1, SIZE));
	return mem;
}

static void
null_at(VvasContext *ctx, enum place place)
{
	VvasAllocationType type = place == SOFTWARE ? VVAS_ALLOC_TYPE_NON_CMA : CMA;
	VvasMemory *mem = case_memory(ctx, type, 0, 64);

	ASSERT_TELLS(ASSERT_BAD(vvas_memory_map(mem, READ, NULL)), "info is NULL");
	ASSERT_BAD(vvas_memory_map(mem, WRITE, NULL));
	ASSERT_BAD(vvas_memory_map(NULL, READ, NULL));
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	ASSERT_SILENT(ASSERT_OK(vvas_memory_unmap(mem, NULL)));
	case_map(mem, WRITE);
	ASSERT_SILENT(ASSERT_OK(vvas_memory_unmap(mem, NULL)));
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	vvas_memory_free(mem);
}

static void
null_arguments(void)
{
	case_each(null_at);
}

/* Any flags, the same address, and nothing changes. */
static void
non_cma_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, VVAS_ALLOC_TYPE_NON_CMA, 0, 100);
	uint8_t *view = case_map(mem, VVAS_DATA_MAP_NONE);
	VvasMemoryPrivate before;
	int flags;

	(void)place;
	memset(view, 5, 100);
	before = *(VvasMemoryPrivate *)mem;
	for (flags = 0; flags < 16; flags++)
		CU_ASSERT_PTR_EQUAL(case_map(mem, (VvasDataMapFlags)flags), view);
	CU_ASSERT_EQUAL(memcmp(&before, mem, sizeof(before)), 0);
	case_unmap(mem);
	CU_ASSERT(case_is_filled(view, 5, 100));
	vvas_memory_free(mem);
}

static void
non_cma(void)
{
	case_each(non_cma_at);
}

static void
read_fetches(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	CU_ASSERT_PTR_EQUAL(case_map(mem, READ), view);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	case_unmap(mem);
	case_device_fill(BO(mem), 0, 3, SIZE);
	case_map(mem, READ); /* each time */
	CU_ASSERT(case_is_filled(view, 3, SIZE));
	case_device_fill(BO(mem), 0, 4, SIZE);
	case_map(mem, READ); /* also without unmap between */
	CU_ASSERT(case_is_filled(view, 4, SIZE));
	vvas_memory_free(mem);
}

static void
read_map(void)
{
	case_banks(read_fetches);
}

static void
none_does_nothing(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, VVAS_DATA_MAP_NONE);
	CU_ASSERT(case_is_filled(view, 1, SIZE));
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	vvas_memory_free(mem);
}

static void
none_map(void)
{
	case_banks(none_does_nothing);
}

/* The flag is set, and nothing transferred, either way. */
static void
write_notes(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	CU_ASSERT_EQUAL(case_due(mem), TO);
	CU_ASSERT(case_is_filled(view, 1, SIZE));
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	CU_ASSERT_EQUAL(((VvasMemoryPrivate *)mem)->mem_info.map_flags, VVAS_DATA_MAP_NONE);
	vvas_memory_free(mem);
}

static void
write_map(void)
{
	case_banks(write_notes);
}

static void
both_does_both(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, BOTH);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	CU_ASSERT_EQUAL(case_due(mem), TO);
	view[5] = 7;
	case_unmap(mem);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	CU_ASSERT(case_device_has(BO(mem), 5, 7, 1));
	CU_ASSERT(case_device_has(BO(mem), 6, 2, SIZE - 6));
	vvas_memory_free(mem);
}

static void
both_map(void)
{
	case_banks(both_does_both);
}

static void
unmap_sends(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	memset(view, 9, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 9, SIZE));
	case_device_fill(BO(mem), 0, 2, SIZE);
	case_unmap(mem); /* nothing to end, nothing to send */
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	case_map(mem, READ);
	case_unmap(mem);
	memset(view, 8, SIZE); /* which nobody has said */
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	vvas_memory_free(mem);
}

static void
unmap(void)
{
	case_banks(unmap_sends);
}

/* The case that loses data in the original. */
static void
write_then_read(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	memset(view, 0x22, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 0x22, SIZE));
	vvas_memory_free(mem);
}

/* Without an unmap too; and what the host writes afterwards is sent by whatever comes next. */
static void
read_while_writing(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	memset(view, 3, SIZE);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 3, SIZE));
	CU_ASSERT(case_device_has(BO(mem), 0, 3, SIZE));
	memset(view, 4, SIZE);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 4, SIZE));
	CU_ASSERT(case_device_has(BO(mem), 0, 4, SIZE));
	memset(view, 5, SIZE);
	case_unmap(mem); /* of a map for READ, or for WRITE: nobody knows */
	CU_ASSERT(case_device_has(BO(mem), 0, 5, SIZE));
	memset(view, 6, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 6, SIZE));
	memset(view, 7, SIZE);
	case_unmap(mem); /* the last one */
	CU_ASSERT(case_device_has(BO(mem), 0, 7, SIZE));
	case_device_fill(BO(mem), 0, 2, SIZE);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 2, SIZE));
	vvas_memory_free(mem);
}

/* As above, when the map for READ was there first. */
static void
write_while_reading(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, READ);
	case_map(mem, WRITE);
	case_unmap(mem);
	memset(view, 3, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 3, SIZE));
	vvas_memory_free(mem);
}

static void
not_lost(void)
{
	case_banks(write_then_read);
	case_banks(read_while_writing);
	case_banks(write_while_reading);
}

static void
mapped_twice(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	CU_ASSERT_PTR_EQUAL(case_map(mem, WRITE), view);
	CU_ASSERT_PTR_EQUAL(case_map(mem, WRITE), view);
	case_unmap(mem);
	memset(view, 3, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 3, SIZE));
	case_unmap(mem);
	case_device_fill(BO(mem), 0, 2, SIZE);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 2, SIZE));
	vvas_memory_free(mem);
}

static void
double_map(void)
{
	case_banks(mapped_twice);
}

/*
 * By hand
 */

static void
sync_by_hand(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	vvas_memory_sync_data(mem, FROM);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	memset(view, 3, SIZE);
	vvas_memory_sync_data(mem, TO); /* due or not */
	CU_ASSERT(case_device_has(BO(mem), 0, 3, SIZE));
	vvas_memory_set_sync_flag(mem, TO);
	CU_ASSERT_EQUAL(case_due(mem), TO);
	vvas_memory_sync_data(mem, TO);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	vvas_memory_set_sync_flag(mem, FROM);
	CU_ASSERT_EQUAL(case_due(mem), FROM);
	vvas_memory_sync_data(mem, FROM);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	vvas_memory_free(mem);
}

/* Mapped once for ever, as programs do that transfer by hand: no map or unmap comes between. */
static void
mapped_for_ever(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);
	int i;

	case_map(mem, BOTH);
	for (i = 10; i < 20; i++) {
		memset(view, i, SIZE);
		vvas_memory_sync_data(mem, TO);
		CU_ASSERT(case_device_has(BO(mem), 0, i, SIZE));
		case_device_fill(BO(mem), 0, i + 100, SIZE);
		if (i % 2 != 0)
			vvas_memory_sync_data(mem, FROM);
		else
			case_map(mem, READ);
		CU_ASSERT(case_is_filled(view, i + 100, SIZE));
	}
	memset(view, 3, SIZE);
	vvas_memory_sync_data(mem, TO);
	case_device_fill(BO(mem), 0, 4, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 4, SIZE));
	case_map(mem, WRITE); /* and maps work as ever afterwards */
	memset(view, 5, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 5, SIZE));
	case_device_fill(BO(mem), 0, 6, SIZE);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 6, SIZE));
	vvas_memory_free(mem);
}

/* FROM_DEVICE by hand is a command: a map for WRITE does not keep the device's data away. */
static void
fetch_by_hand(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	vvas_memory_sync_data(mem, FROM);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	CU_ASSERT_EQUAL(case_due(mem), TO);
	vvas_memory_free(mem);
}

static void
by_hand(void)
{
	case_banks(sync_by_hand);
	case_banks(mapped_for_ever);
	case_banks(fetch_by_hand);
}

/* A flag that a program sets or unsets itself. */
static void
flags(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	vvas_memory_unset_sync_flag(mem, TO);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	CU_ASSERT(case_is_filled(case_map(mem, READ), 2, SIZE));
	case_unmap(mem);
	memset(view, 3, SIZE);
	vvas_memory_set_sync_flag(mem, TO);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 3, SIZE));
	CU_ASSERT(case_device_has(BO(mem), 0, 3, SIZE));
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	vvas_memory_set_sync_flag(mem, (VvasDataSyncFlags)(TO | FROM));
	vvas_memory_unset_sync_flag(mem, FROM);
	CU_ASSERT_EQUAL(case_due(mem), TO);
	case_unmap(mem);
	vvas_memory_unset_sync_flag(mem, FROM); /* leaves maps alone */
	case_map(mem, WRITE);
	vvas_memory_unset_sync_flag(mem, FROM);
	memset(view, 4, SIZE);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 4, SIZE));
	vvas_memory_free(mem);
}

/* Somebody says that the device has written since: the unmap does not destroy that. */
static void
device_wrote_meanwhile(VvasContext *ctx)
{
	uint8_t *view;
	VvasMemory *mem = ones_and_twos(ctx, &view);

	case_map(mem, WRITE);
	vvas_memory_set_sync_flag(mem, FROM);
	case_unmap(mem);
	CU_ASSERT(case_device_has(BO(mem), 0, 2, SIZE));
	CU_ASSERT_EQUAL(case_due(mem), TO | FROM);
	vvas_memory_free(mem);
}

static void
sync_flags(void)
{
	case_banks(flags);
	case_banks(device_wrote_meanwhile);
}

static void
nonsense_at(VvasContext *ctx, enum place place)
{
	VvasMemory *mem = case_memory(ctx, VVAS_ALLOC_TYPE_NON_CMA, 0, 64);

	ASSERT_TELLS(vvas_memory_sync_data(mem, TO), "only CMA");
	vvas_memory_free(mem);
	if (place == SOFTWARE)
		return;
	mem = case_memory(ctx, CMA, 0, 64);
	ASSERT_TELLS(vvas_memory_sync_data(mem, VVAS_DATA_SYNC_NONE), "sync flag 0");
	ASSERT_TELLS(vvas_memory_sync_data(mem, (VvasDataSyncFlags)3), "sync flag 3");
	ASSERT_TELLS(vvas_memory_sync_data(mem, (VvasDataSyncFlags)8), "sync flag 8");
	ASSERT_SILENT(vvas_memory_sync_data(mem, FROM));
	vvas_memory_free(mem);
}

static void
nonsense(void)
{
	case_each(nonsense_at);
}

/* Without banks the device reaches the view itself. */
static void
plain_device(void)
{
	VvasContext *ctx = case_context(PLAIN);
	VvasMemory *mem = case_memory(ctx, CMA, 0, SIZE);
	uint8_t *view = case_map(mem, WRITE);

	memset(view, 1, SIZE);
	CU_ASSERT(case_device_has(BO(mem), 0, 1, SIZE));
	case_device_fill(BO(mem), 0, 2, SIZE);
	CU_ASSERT(case_is_filled(view, 2, SIZE));
	case_unmap(mem);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 2, SIZE));
	vvas_memory_free(mem);
	case_end(ctx);
}

/* Each memory has its own bytes, in each bank. */
static void
side_by_side(VvasContext *ctx)
{
	VvasMemory *mem[8];
	uint8_t *view[8];
	unsigned int i;

	for (i = 0; i < 8; i++) {
		mem[i] = case_memory(ctx, CMA, (uint8_t)(i % 2), 4096 + i);
		view[i] = case_map(mem[i], WRITE);
		memset(view[i], (int)i + 1, 4096 + i);
	}
	for (i = 0; i < 8; i++)
		case_unmap(mem[i]);
	for (i = 0; i < 8; i++) {
		CU_ASSERT(case_device_has(BO(mem[i]), 0, (int)i + 1, 4096 + i));
		vvas_memory_free(mem[i]);
	}
}

static void
neighbours(void)
{
	case_banks(side_by_side);
}

/*
 * A device that fails
 */

/* Every op fails: a map for READ says so, and is none. */
static void
read_fails(void)
{
	VvasContext *ctx = case_context_of("soft:f,banks=1,bank_size=1M,fail_every=1");
	VvasMemory *mem = case_memory(ctx, CMA, 0, SIZE);
	VvasMemoryMapInfo info = { GARBAGE, 4711 };
	VvasReturnType ret;

	log_text_begin();
	ret = vvas_memory_map(mem, BOTH, &info);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(ret, VVAS_RET_ERROR);
	CU_ASSERT(info.data == GARBAGE && info.size == 4711);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	case_map(mem, VVAS_DATA_MAP_NONE); /* which needs no transfer */
	vvas_memory_free(mem);
	case_end(ctx);
}

/* Every second op fails: what could not be sent is sent later. */
static void
unmap_fails(void)
{
	VvasContext *ctx = case_context_of("soft:f,banks=1,bank_size=1M,fail_every=2");
	VvasMemory *mem = case_memory(ctx, CMA, 0, 4096);
	uint8_t *view = case_map(mem, READ); /* the first op */

	case_unmap(mem);
	case_map(mem, WRITE);
	memset(view, 3, 4096);
	log_text_begin();
	CU_ASSERT_EQUAL(vvas_memory_unmap(mem, NULL), VVAS_RET_ERROR);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(case_due(mem), TO);
	CU_ASSERT(case_is_filled(case_map(mem, READ), 3, 4096));
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	CU_ASSERT(case_device_has(BO(mem), 0, 3, 4096));
	vvas_memory_free(mem);
	case_end(ctx);
}

/* The same by hand: it stays due, and an unmap sends it. */
static void
sync_fails(void)
{
	VvasContext *ctx = case_context_of("soft:f,banks=1,bank_size=1M,fail_every=2");
	VvasMemory *mem = case_memory(ctx, CMA, 0, 4096);
	uint8_t *view = case_map(mem, BOTH); /* the first op */

	memset(view, 3, 4096);
	log_text_begin();
	vvas_memory_sync_data(mem, TO);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	CU_ASSERT_EQUAL(case_due(mem), TO);
	case_unmap(mem);
	CU_ASSERT_EQUAL(case_due(mem), VVAS_DATA_SYNC_NONE);
	CU_ASSERT(case_device_has(BO(mem), 0, 3, 4096));
	vvas_memory_free(mem);
	case_end(ctx);
}

static const struct test_case cases[] = {
	{ "NULL arguments", null_arguments },
	{ "NON_CMA memory", non_cma },
	{ "map for READ", read_map },
	{ "map for nothing", none_map },
	{ "map for WRITE", write_map },
	{ "map for both", both_map },
	{ "unmap", unmap },
	{ "host writes are not lost", not_lost },
	{ "double map", double_map },
	{ "transfers by hand", by_hand },
	{ "sync flags", sync_flags },
	{ "transfers that make no sense", nonsense },
	{ "device without banks", plain_device },
	{ "memories side by side", neighbours },
	{ "a map fails", read_fails },
	{ "an unmap fails", unmap_fails },
	{ "a transfer by hand fails", sync_fails },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "map", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
